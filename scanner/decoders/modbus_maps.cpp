#include "decoders/modbus_maps.h"

#include <algorithm>
#include <string>

#include "core/text.h"
#include "decoders/sungrow_types.h"

namespace herkomst::modbus_maps {

namespace {

// What proves a map: a text of so many registers that begins so, or a 32-bit constant.
struct Proof {
    std::uint8_t function;  // 0: reading holding or input registers alike
    std::uint16_t at;
    std::uint8_t registers;
    std::string_view begins;
    std::uint32_t constant;
    std::uint8_t unit = 0;  // the unit that this stands at, 0: any

    static constexpr std::uint8_t portal_unit = 100;
};
struct Reads {
    std::uint16_t at;
    std::uint8_t registers;
    Field field;
    bool number;  // a 32-bit number, not a text
};
struct Control {
    std::uint16_t at;
    std::uint8_t registers;
    std::string_view what;
};
struct Map {
    std::string_view maker;
    std::string_view category;  // of what the proof stands for
    Proof proof;
    std::array<Reads, 4> reads;
    std::array<Control, 4> controls;
};

// Huawei: model 30000, serial number 30015, firmware 30035; 40200 start-up, 40201 shutdown, 40125 and 40126 limits of active
// power
//   (as in huawei-solar-lib, a public project).
// SMA: 30051 device class, 8001 a solar inverter; 30057 serial number; 40009 operating state (as in py-sma-modbus2), 40149
// setpoint
//   of active power, 40151 control by communication (as in evcc; both public projects).
// GoodWe: serial number 35003, model 35011 (as in goodwe and OpenEMS, public projects).
// Victron: unit 100 is the system, 800 its portal id, twelve hexadecimal digits (dbus_modbustcp, the maker's own list),
//   806 and 807 the relays.
constexpr Map maps[] = {
    {"Huawei",
     "solar_inverter",
     {0, 30000, 15, "SUN2000", 0},
     {Reads{30000, 15, Field::model, false}, Reads{30015, 10, Field::serial, false}, Reads{30035, 15, Field::firmware, false},
      Reads{30073, 2, Field::rated_power, true}},
     {Control{40200, 1, "startup"}, Control{40201, 1, "shutdown"}, Control{40125, 1, "active power limit"},
      Control{40126, 2, "active power limit"}}},
    {"SMA",
     "solar_inverter",
     {0, 30051, 2, {}, 8001},
     {Reads{30057, 2, Field::serial, true}, Reads{}, Reads{}, Reads{}},
     {Control{40009, 2, "operating state"}, Control{40149, 2, "active power setpoint"},
      Control{40151, 2, "control by communication"}, Control{}}},
    {"GoodWe",
     "solar_inverter",
     {3, 35011, 5, "GW", 0},
     {Reads{35003, 8, Field::serial, false}, Reads{35011, 5, Field::model, false}, Reads{}, Reads{}},
     {}},
    {"Victron",
     "ems",
     {0, 800, 6, {}, 0, Proof::portal_unit},
     {Reads{800, 6, Field::serial, false}, Reads{}, Reads{}, Reads{}},
     {Control{806, 1, "relay 1"}, Control{807, 1, "relay 2"}, Control{}, Control{}}},
};

// A nameplate of a map that proves no maker: somebody asked for exactly the registers that the map documents, with its
// function, and what stands there has the shape of a serial number. It is one, whoever made the device.
// Sungrow: 4989 (as in SunGather and mkaiser's Sungrow, public projects).
// Growatt: 23, of the newer ones 3001 (as in solax-modbus and growatt_local, public projects).
// Deye, Sunsynk: type 0, serial number 3 (as in ha-solarman and sunsynk, public projects).
// Solis: 33000 to 33003 model and versions, serial number 33004 (as in solax-modbus and solis_modbus, public projects).
struct Plate {
    std::uint8_t function;
    std::uint16_t start;
    std::uint8_t registers;
    std::uint8_t text_at;
    std::uint8_t text_registers;
};
constexpr Plate sungrow_plate = {4, 4989, 10, 0, 10};
constexpr Plate deye_plate = {3, 0, 8, 3, 5};
constexpr Plate plates[] = {sungrow_plate, {3, 23, 5, 0, 5}, {3, 3001, 15, 0, 15}, deye_plate, {4, 33000, 12, 4, 8}};

constexpr std::uint8_t maybe_sungrow = 0x80;  // Known::map: the plate was seen, the type code not yet
constexpr std::uint8_t sungrow = 0x81;

struct Window {
    std::uint32_t start;
    ByteCursor bytes;

    [[nodiscard]] bool holds(std::uint32_t address, std::uint32_t registers) const {
        return registers > 0 && address >= start && address + registers <= start + bytes.left() / 2;
    }
    [[nodiscard]] Slice slice(std::uint32_t address, std::uint32_t registers) const {
        ByteCursor at = bytes;
        at.skip(std::size_t{2} * (address - start));
        return at.bytes(std::size_t{2} * registers);
    }
};

std::uint32_t number(const Slice& slice) {
    std::uint32_t value = 0;
    for (const std::uint8_t byte : slice.bytes) value = (value << 8) | byte;
    return value;
}

std::string_view text(const Slice& slice) {
    const std::string_view all = slice.text().substr(0, slice.text().find('\0'));
    return printable_ascii(all) ? trimmed(all) : std::string_view();
}

bool digit(char c) { return c >= '0' && c <= '9'; }

// Twelve lower-case hexadecimal digits: a MAC address without its colons.
bool portal_id(std::string_view id) {
    return id.size() == 12 && std::all_of(id.begin(), id.end(), [](char c) { return digit(c) || (c >= 'a' && c <= 'f'); });
}

// Capitals and digits, most of them digits, eight or more.
bool serial_number(std::string_view serial) {
    const auto digits = static_cast<std::size_t>(std::count_if(serial.begin(), serial.end(), digit));
    return serial.size() >= 8 && digits * 2 >= serial.size() &&
           std::all_of(serial.begin(), serial.end(), [](char c) { return digit(c) || (c >= 'A' && c <= 'Z'); });
}

bool proves(const Proof& proof, std::uint8_t unit, std::uint8_t function, const Window& window) {
    if ((proof.function != 0 && proof.function != function) || !window.holds(proof.at, proof.registers)) return false;
    if (proof.unit != 0 && proof.unit != unit) return false;
    const Slice slice = window.slice(proof.at, proof.registers);
    if (proof.unit == Proof::portal_unit) return portal_id(text(slice));
    if (proof.begins.empty()) return number(slice) == proof.constant;
    const std::string_view is = text(slice);
    // "GW" alone could be anything: a rating follows.
    return is.starts_with(proof.begins) && is.size() > proof.begins.size() && (proof.begins.size() > 2 || digit(is[2]));
}

Known* place_for(std::array<Known, 8>& known, std::uint8_t unit) {
    Known* free = std::find_if(known.data(), known.data() + known.size(),
                               [&](const Known& one) { return one.map == 0 || one.unit == unit; });
    return free != known.data() + known.size() ? free : nullptr;
}

// Deye's type register: string inverters, hybrids of one and three phases, micro-inverters.
bool deye_type(std::uint16_t type) {
    return (type >= 2 && type <= 8) || (type >= 0x200 && type <= 0x601 && (type & 0xff) <= 1);
}

void observe_plates(std::array<Known, 8>& known, std::uint8_t unit, std::uint8_t function, const Window& window,
                    const Claims& device) {
    for (const Plate& plate : plates) {
        if (plate.function != function || plate.start != window.start || window.bytes.left() != 2U * plate.registers) continue;
        const Slice slice = window.slice(std::uint32_t{plate.start} + plate.text_at, plate.text_registers);
        if (!serial_number(text(slice))) continue;
        if (plate.start == deye_plate.start && !deye_type(window.bytes.peek_be16())) continue;
        Claims claims = device;
        claims.matched(Field::serial, text(slice), slice, "registers");
        Known* place = place_for(known, unit);
        if (plate.start == sungrow_plate.start && place != nullptr && place->map == 0) *place = {unit, maybe_sungrow};
    }
}

// Sungrow's type code (4999) is one of a closed list; after the plate it is proof of the maker. 5000: rated power, in 0.1 kW.
void observe_sungrow(std::array<Known, 8>& known, std::uint8_t unit, std::uint8_t function, const Window& window,
                     const Claims& device) {
    Known* place = place_for(known, unit);
    if (function != 4 || place == nullptr || place->unit != unit || place->map < maybe_sungrow || !window.holds(4999, 1))
        return;
    const Slice code = window.slice(4999, 1);
    const auto* type = std::find_if(std::begin(sungrow_types), std::end(sungrow_types),
                                    [&](const SungrowType& one) { return one.code == number(code); });
    if (type == std::end(sungrow_types)) return;
    place->map = sungrow;
    Claims claims = device;
    claims.matched(Field::brand, "Sungrow", code, "registers");
    claims.matched(Field::category, "solar_inverter", code, "registers");
    claims.matched(Field::model, type->model, code, "registers");
    if (!window.holds(5000, 1)) return;
    const std::uint32_t rated = number(window.slice(5000, 1));
    if (rated != 0 && rated != 0xffff)
        claims.stated(Field::rated_power, std::to_string(rated * 100), window.slice(5000, 1), "registers");
}

const Map* map_of(const std::array<Known, 8>& known, std::uint8_t unit) {
    for (const Known& one : known) {
        if (one.map != 0 && one.map < maybe_sungrow && one.unit == unit) return &maps[one.map - 1];
    }
    return nullptr;
}

}  // namespace

void observe_read(std::array<Known, 8>& known, std::uint8_t unit, std::uint8_t function, std::uint16_t start,
                  ByteCursor registers, const Claims& device) {
    if (function != 3 && function != 4) return;
    const Window window{start, registers};
    for (std::size_t i = 0; i < std::size(maps); ++i) {
        if (!proves(maps[i].proof, unit, function, window)) continue;
        const Slice witness = window.slice(maps[i].proof.at, maps[i].proof.registers);
        Claims claims = device;
        claims.matched(Field::brand, maps[i].maker, witness, "registers");
        claims.matched(Field::category, maps[i].category, witness, "registers");
        Known* place = place_for(known, unit);
        if (place != nullptr) *place = {unit, static_cast<std::uint8_t>(i + 1)};
        break;
    }
    observe_plates(known, unit, function, window, device);
    observe_sungrow(known, unit, function, window, device);
    const Map* map = map_of(known, unit);
    if (map == nullptr) return;
    Claims claims = device;
    for (const Reads& read : map->reads) {
        if (!window.holds(read.at, read.registers)) continue;
        const Slice slice = window.slice(read.at, read.registers);
        if (read.number) {
            const std::uint32_t value = number(slice);
            if (value != 0 && value != 0xffffffffU) claims.stated(read.field, std::to_string(value), slice, "registers");
        } else {
            claims.stated(read.field, text(slice), slice, "registers");
        }
    }
}

void observe_write(const std::array<Known, 8>& known, std::uint8_t unit, std::uint16_t start, std::uint16_t quantity,
                   const Slice& witness, std::string_view actor, const Claims& device) {
    const Map* map = map_of(known, unit);
    if (map == nullptr) return;
    Claims claims = device;
    for (const Control& control : map->controls) {
        if (control.registers == 0) continue;
        if (std::uint32_t{control.at} + control.registers <= start || control.at >= std::uint32_t{start} + quantity) continue;
        std::string what = "modbus write ";
        what.append(control.what).append(" from ").append(actor);
        claims.stated(Field::remote_observed, what, witness, "write");
    }
}

}  // namespace herkomst::modbus_maps
