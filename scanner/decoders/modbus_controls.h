// Registers by which inverters, batteries and chargers are switched or limited, per maker: what a write to one of them does, in
// a word or two. Addresses are those on the wire, from 0. Every line stands in two sources at least, of these:
//
//   the maker's own: Growatt Inverter Modbus RTU Protocol II V1.24; Sofar Inverter MODBUS V1.38; Victron's attributes.csv and
//     CCGX register list (dbus_modbustcp)
//   public projects: alphaess_modbus, evcc, goodwe, growatt_local, grott, ha-alphaess-modbus, ha-solarman, hacs_sungrow_modbus,
//     home-assistant-solaredge-modbus, homeassistant-solax-modbus, huawei-solar-lib, OpenEMS, openWB, py-sma-modbus2,
//     solaredge-modbus-multi, solis_modbus, SunGather, Sungrow-SHx-Inverter-Modbus-Home-Assistant, sunsynk
//
// A register that only one source knows is not here (SolaX 0x001C, 0x0610 and 0x0690, GoodWe 40327 to 40332).
#pragma once

#include <cstdint>
#include <string_view>

namespace herkomst::modbus_maps {

// Whose registers a unit has. DeyeThreePhase: Deye's map for three phases, which is another one.
enum class Maker : std::uint8_t {
    None,
    AlphaEss,
    Deye,
    DeyeThreePhase,
    GoodWe,
    Growatt,
    Huawei,
    Kostal,
    Sma,
    Sofar,
    SolarEdge,
    SolaX,
    Solis,
    Sungrow,
    Victron,
};

struct Control {
    Maker maker;
    std::uint16_t first;
    std::uint16_t last;
    std::string_view what;
};
inline constexpr Control controls[] = {
    {Maker::AlphaEss, 0x084f, 0x084f, "battery schedule"},
    {Maker::AlphaEss, 0x0850, 0x0850, "battery discharge limit"},
    {Maker::AlphaEss, 0x0855, 0x0855, "battery charge limit"},
    {Maker::AlphaEss, 0x0880, 0x088a, "dispatch"},

    {Maker::Deye, 43, 43, "on/off"},
    {Maker::Deye, 232, 232, "grid charge"},
    {Maker::Deye, 245, 245, "export limit"},
    {Maker::Deye, 247, 247, "export limit"},
    {Maker::Deye, 248, 248, "battery schedule"},

    {Maker::DeyeThreePhase, 80, 80, "on/off"},
    {Maker::DeyeThreePhase, 108, 108, "battery charge limit"},
    {Maker::DeyeThreePhase, 109, 109, "battery discharge limit"},
    {Maker::DeyeThreePhase, 128, 128, "grid charge"},
    {Maker::DeyeThreePhase, 130, 130, "grid charge"},
    {Maker::DeyeThreePhase, 143, 143, "export limit"},
    {Maker::DeyeThreePhase, 145, 145, "export limit"},
    {Maker::DeyeThreePhase, 146, 146, "battery schedule"},

    {Maker::GoodWe, 47000, 47000, "work mode"},
    {Maker::GoodWe, 47509, 47510, "export limit"},
    {Maker::GoodWe, 47511, 47512, "battery power"},

    {Maker::Growatt, 0, 0, "on/off"},
    {Maker::Growatt, 3, 3, "active power limit"},
    {Maker::Growatt, 122, 123, "export limit"},
    {Maker::Growatt, 1044, 1044, "battery mode"},
    {Maker::Growatt, 3036, 3036, "battery discharge limit"},
    {Maker::Growatt, 3038, 3045, "battery schedule"},
    {Maker::Growatt, 3047, 3047, "battery charge limit"},
    {Maker::Growatt, 3049, 3049, "grid charge"},

    {Maker::Huawei, 40125, 40127, "active power limit"},
    {Maker::Huawei, 40200, 40200, "startup"},
    {Maker::Huawei, 40201, 40201, "shutdown"},
    {Maker::Huawei, 47075, 47076, "battery charge limit"},
    {Maker::Huawei, 47077, 47078, "battery discharge limit"},
    {Maker::Huawei, 47087, 47087, "grid charge"},
    {Maker::Huawei, 47100, 47100, "forced charge or discharge"},
    {Maker::Huawei, 47246, 47250, "forced charge or discharge"},
    {Maker::Huawei, 47415, 47415, "active power control"},
    {Maker::Huawei, 47416, 47418, "export limit"},

    {Maker::Kostal, 1034, 1035, "battery power"},

    {Maker::Sma, 40009, 40010, "operating state"},
    {Maker::Sma, 40016, 40016, "active power limit"},
    {Maker::Sma, 40149, 40150, "active power setpoint"},
    {Maker::Sma, 40151, 40152, "control by communication"},
    {Maker::Sma, 40236, 40237, "battery mode"},
    {Maker::Sma, 40793, 40800, "battery power"},
    {Maker::Sma, 40801, 40802, "active power setpoint"},

    {Maker::Sofar, 0x1023, 0x1024, "export limit"},
    {Maker::Sofar, 0x1104, 0x1104, "on/off"},
    {Maker::Sofar, 0x1110, 0x1110, "battery mode"},
    {Maker::Sofar, 0x1184, 0x1185, "battery mode"},
    {Maker::Sofar, 0x1187, 0x118c, "battery power"},

    {Maker::SolarEdge, 0xe000, 0xe003, "export limit"},
    {Maker::SolarEdge, 0xe004, 0xe004, "storage control"},
    {Maker::SolarEdge, 0xe00a, 0xe00a, "storage control"},
    {Maker::SolarEdge, 0xe00d, 0xe00d, "storage control"},
    {Maker::SolarEdge, 0xe00e, 0xe00f, "battery charge limit"},
    {Maker::SolarEdge, 0xe010, 0xe011, "battery discharge limit"},
    {Maker::SolarEdge, 0xf001, 0xf001, "active power limit"},

    {Maker::SolaX, 31, 32, "battery mode"},
    {Maker::SolaX, 36, 36, "battery charge limit"},
    {Maker::SolaX, 37, 37, "battery discharge limit"},
    {Maker::SolaX, 124, 124, "remote control"},

    {Maker::Solis, 43007, 43007, "on/off"},
    {Maker::Solis, 43073, 43074, "export limit"},
    {Maker::Solis, 43110, 43110, "battery mode"},
    {Maker::Solis, 43129, 43129, "battery power"},
    {Maker::Solis, 43135, 43136, "battery power"},

    {Maker::Sungrow, 5005, 5005, "start/stop"},
    {Maker::Sungrow, 5006, 5007, "active power limit"},
    {Maker::Sungrow, 12999, 12999, "start/stop"},
    {Maker::Sungrow, 13049, 13049, "energy management mode"},
    {Maker::Sungrow, 13050, 13051, "battery power"},
    {Maker::Sungrow, 13073, 13073, "export limit"},
    {Maker::Sungrow, 13086, 13086, "export limit"},
    {Maker::Sungrow, 33046, 33046, "battery charge limit"},
    {Maker::Sungrow, 33047, 33047, "battery discharge limit"},

    // Each number stands for one service only, whichever unit that has.
    {Maker::Victron, 33, 33, "mode"},
    {Maker::Victron, 37, 37, "active power setpoint"},
    {Maker::Victron, 38, 38, "charge disabled"},
    {Maker::Victron, 39, 39, "feed-in disabled"},
    {Maker::Victron, 40, 41, "active power setpoint"},
    {Maker::Victron, 56, 56, "PV disabled"},
    {Maker::Victron, 62, 62, "system reset"},
    {Maker::Victron, 66, 68, "export limit"},
    {Maker::Victron, 96, 101, "active power setpoint"},
    {Maker::Victron, 774, 774, "solar charger on/off"},
    {Maker::Victron, 806, 806, "relay 1"},
    {Maker::Victron, 807, 807, "relay 2"},
    {Maker::Victron, 1052, 1057, "active power limit"},
    {Maker::Victron, 2317, 2317, "charger on/off"},
    {Maker::Victron, 2700, 2700, "active power setpoint"},
    {Maker::Victron, 2701, 2701, "battery charge limit"},
    {Maker::Victron, 2702, 2702, "battery discharge limit"},
    {Maker::Victron, 2703, 2703, "active power setpoint"},
    {Maker::Victron, 2704, 2704, "battery discharge limit"},
    {Maker::Victron, 2705, 2705, "battery charge limit"},
    {Maker::Victron, 2706, 2708, "export limit"},
    {Maker::Victron, 2716, 2717, "active power setpoint"},
    {Maker::Victron, 2720, 2721, "battery discharge limit"},
    {Maker::Victron, 2722, 2723, "export limit"},
    {Maker::Victron, 2900, 2902, "battery mode"},
    {Maker::Victron, 3126, 3126, "mode"},
    {Maker::Victron, 3223, 3223, "generator start/stop"},
    {Maker::Victron, 3500, 3500, "generator start/stop"},
    {Maker::Victron, 3815, 3815, "EV charger mode"},
    {Maker::Victron, 3825, 3825, "EV charger current"},
    {Maker::Victron, 3826, 3826, "EV charger start/stop"},
    {Maker::Victron, 4531, 4531, "mode"},
    {Maker::Victron, 4609, 4609, "battery mode"},
    {Maker::Victron, 4610, 4611, "active power setpoint"},
    {Maker::Victron, 4612, 4612, "feed-in disabled"},
    {Maker::Victron, 4613, 4613, "charge disabled"},
};

// Control registers that can be read, and the values that stand in them: a device that has the register, with such a value, can
// be limited or switched through it. Each is read as a holding register (function 3) by two sources at least:
//   Deye, Sunsynk: ha-solarman and sunsynk. GoodWe: goodwe and OpenEMS. Growatt: growatt_local and homeassistant-solax-modbus.
//   Huawei: huawei-solar-lib and sun2000_modbus. Solis: solis_modbus and homeassistant-solax-modbus. Sungrow 5006: SunGather
//   and hacs_sungrow_modbus; 13049: SunGather and Sungrow-SHx-Inverter-Modbus-Home-Assistant.
// Not here: Huawei's switches (40200, 40201), which can only be written; SMA's, of which no two sources say that they can be
// read; Fronius', SolarEdge's, KOSTAL's and FIMER's, which stand in SunSpec's models;
// Victron's, where any value may stand, so that nothing in it proves what it is.
struct Presence {
    Maker maker;
    std::uint16_t at;
    std::uint16_t least;
    std::uint16_t most;
    std::uint16_t or_this;  // one value more
    std::string_view what;
};
inline constexpr Presence presences[] = {
    {Maker::Deye, 43, 0, 1, 1, "on/off"},
    {Maker::DeyeThreePhase, 80, 0, 1, 1, "on/off"},
    {Maker::GoodWe, 47509, 0, 1, 1, "export limit"},
    {Maker::Growatt, 3, 0, 100, 255, "active power limit"},          // percent; 255: none
    {Maker::Huawei, 40125, 0, 1000, 1000, "active power limit"},     // tenths of a percent
    {Maker::Solis, 43007, 190, 190, 222, "on/off"},                  // on, off
    {Maker::Sungrow, 5006, 0x55, 0x55, 0xaa, "active power limit"},  // off, on
    {Maker::Sungrow, 13049, 0, 4, 4, "energy management mode"},
};

}  // namespace herkomst::modbus_maps
