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
    std::string_view begins;  // in either case of letters
    std::uint32_t constant;
    std::uint8_t unit = 0;        // the unit that this stands at, 0: any
    std::uint16_t serial_at = 0;  // where the same reply has a serial number, of `serial_registers`; 0: it need not
    std::uint8_t serial_registers = 0;

    static constexpr std::uint8_t portal_unit = 100;
};
struct Reads {
    std::uint16_t at;
    std::uint8_t registers;
    Field field;
    bool number;  // a 32-bit number, not a text
};
struct Map {
    Maker maker;
    std::string_view name;
    std::string_view category;  // of what the proof stands for
    Proof proof;
    std::array<Reads, 4> reads;
};

// Huawei: model 30000, serial number 30015, firmware 30035 (as in huawei-solar-lib, a public project).
// SMA: 30051 device class, 8001 a solar inverter; 30057 serial number (as in py-sma-modbus2 and evcc, public projects).
// GoodWe: hybrids: serial number 35003, model 35011 (as in goodwe and OpenEMS); grid inverters: 30004 and 30012 (as in goodwe;
//   home-assistant-goodwe-inverter reads them with it).
// SolaX: serial number 0, the factory's name 7, of the module 14 (as in solaxx3 and SolaxModbusGateway, public projects).
// Victron: unit 100 is the system, 800 its portal id, twelve hexadecimal digits (dbus_modbustcp, the maker's own list).
constexpr Map maps[] = {
    {Maker::Huawei,
     "Huawei",
     "solar_inverter",
     {0, 30000, 15, "SUN2000", 0},
     {Reads{30000, 15, Field::model, false}, Reads{30015, 10, Field::serial, false}, Reads{30035, 15, Field::firmware, false},
      Reads{30073, 2, Field::rated_power, true}}},
    {Maker::Sma,
     "SMA",
     "solar_inverter",
     {0, 30051, 2, {}, 8001},
     {Reads{30057, 2, Field::serial, true}, Reads{}, Reads{}, Reads{}}},
    {Maker::GoodWe,
     "GoodWe",
     "solar_inverter",
     {3, 35011, 5, "GW", 0},
     {Reads{35003, 8, Field::serial, false}, Reads{35011, 5, Field::model, false}, Reads{}, Reads{}}},
    {Maker::GoodWe,
     "GoodWe",
     "solar_inverter",
     {3, 30012, 5, "GW", 0, 0, 30004, 8},
     {Reads{30004, 8, Field::serial, false}, Reads{30012, 5, Field::model, false}, Reads{}, Reads{}}},
    {Maker::SolaX, "SolaX", {}, {3, 7, 7, "solax", 0, 0, 0, 7}, {Reads{0, 7, Field::serial, false}, Reads{}, Reads{}, Reads{}}},
    {Maker::Victron,
     "Victron",
     "ems",
     {0, 800, 6, {}, 0, Proof::portal_unit},
     {Reads{800, 6, Field::serial, false}, Reads{}, Reads{}, Reads{}}},
};

// A nameplate of a map that proves no maker: somebody asked for exactly the registers that the map documents, with its
// function, and what stands there has the shape of a serial number. It is one, whoever made the device.
// Sungrow: 4989 (as in SunGather and mkaiser's Sungrow, public projects).
// Growatt: 23, or 209, or of the newer ones 3001 (the maker's protocol V1.24; solax-modbus asks for five of the fifteen).
// Deye, Sunsynk: type 0, serial number 3 (as in ha-solarman and sunsynk, public projects).
// Solis: 33000 to 33003 model and versions, serial number 33004 (as in solax-modbus and solis_modbus, public projects).
// SolaX: 0 (as in solax-modbus and solaxx3). Sofar: 0x0445 (the maker's list V1.38; as in solax-modbus and ha-solarman).
// Alpha ESS: 0x064A (as in solax-modbus and ha-alphaess-modbus).
struct Plate {
    Maker maker;
    std::uint8_t function;
    std::uint16_t start;
    std::uint8_t registers;
    std::uint8_t text_at;
    std::uint8_t text_registers;
};
constexpr Plate plates[] = {
    {Maker::Sungrow, 4, 4989, 10, 0, 10},
    {Maker::Growatt, 3, 23, 5, 0, 5},
    {Maker::Growatt, 3, 209, 5, 0, 5},
    {Maker::Growatt, 3, 209, 15, 0, 15},
    {Maker::Growatt, 3, 3001, 5, 0, 5},
    {Maker::Growatt, 3, 3001, 15, 0, 15},
    {Maker::Deye, 3, 0, 8, 3, 5},
    {Maker::Solis, 4, 33000, 12, 4, 8},
    {Maker::Solis, 4, 33004, 8, 0, 8},
    {Maker::SolaX, 3, 0, 7, 0, 7},
    {Maker::Sofar, 3, 0x0445, 7, 0, 7},
    {Maker::Sofar, 3, 0x0445, 8, 0, 8},
    {Maker::AlphaEss, 3, 0x064a, 10, 0, 10},
    {Maker::AlphaEss, 3, 0x064a, 15, 0, 15},
};

// What a unit may call its maker. Not here: makers whose loggers, with another map, call themselves the same, and those who
// have control registers of their own where SunSpec has its chain.
struct Name {
    std::string_view begins;
    Maker maker;
};
constexpr Name names[] = {
    {"growatt", Maker::Growatt},     {"kostal", Maker::Kostal}, {"sofar", Maker::Sofar},
    {"solaredge", Maker::SolarEdge}, {"solax", Maker::SolaX},   {"sungrow", Maker::Sungrow},
};

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
    if (proof.serial_registers != 0 && (!window.holds(proof.serial_at, proof.serial_registers) ||
                                        !serial_number(text(window.slice(proof.serial_at, proof.serial_registers))))) {
        return false;
    }
    const std::string_view is = text(slice);
    if (!starts_with_ignoring_case(is, proof.begins)) return false;
    // "GW" alone could be anything: a rating follows.
    return proof.begins.size() > 2 || (is.size() > 2 && digit(is[2]));
}

Unit* place_for(Units& units, std::uint8_t unit) {
    Unit* place = std::find_if(units.data(), units.data() + units.size(),
                               [&](const Unit& one) { return one.known == Known::Nothing || one.unit == unit; });
    return place != units.data() + units.size() ? place : nullptr;
}

void learn(Units& units, std::uint8_t unit, Known how, Maker maker) {
    Unit* place = place_for(units, unit);
    if (place == nullptr || place->known > how) return;
    if (place->known == how && place->maker != maker) how = how == Known::Plate ? Known::Plates : Known::Makers;
    *place = {unit, how, maker};
}

// Deye's type register: string inverters, hybrids of one and three phases, micro-inverters.
bool deye_type(std::uint16_t type) {
    return (type >= 2 && type <= 8) || (type >= 0x200 && type <= 0x601 && (type & 0xff) <= 1);
}
// Types from 5 on have three phases.
Maker deye_map(std::uint16_t type) { return (type >= 5 && type <= 8) || type >= 0x500 ? Maker::DeyeThreePhase : Maker::Deye; }

void observe_plates(Units& units, std::uint8_t unit, std::uint8_t function, const Window& window, const Claims& device) {
    for (const Plate& plate : plates) {
        if (plate.function != function || plate.start != window.start || window.bytes.left() != 2U * plate.registers) continue;
        const Slice slice = window.slice(std::uint32_t{plate.start} + plate.text_at, plate.text_registers);
        const std::string_view serial = text(slice);
        if (!serial_number(serial)) continue;
        const std::uint16_t first = window.bytes.peek_be16();
        if (plate.maker == Maker::Deye && !deye_type(first)) continue;
        // Anybody's registers begin at 0: SolaX' serial number fills all seven.
        if (plate.maker == Maker::SolaX && serial.size() != 14) continue;
        Claims claims = device;
        claims.matched(Field::serial, serial, slice, "registers");
        learn(units, unit, Known::Plate, plate.maker == Maker::Deye ? deye_map(first) : plate.maker);
        // Sunsynk, Sol-Ark and others sell Deye's: the brand stays open. Type, own address (1) and ten digits agree.
        if (plate.maker == Maker::Deye && window.bytes.peek_be16(2) == unit && serial.size() == 10 &&
            std::all_of(serial.begin(), serial.end(), digit)) {
            claims.matched(Field::stack_maker, "Deye", window.slice(0, 8), "registers");
        }
    }
}

constexpr std::uint16_t sungrow_type_at = 4999;

// Sungrow's type code (4999) is one of a closed list; after the plate it is proof of the maker. 5000: rated power, in 0.1 kW.
void observe_sungrow(Units& units, std::uint8_t unit, std::uint8_t function, const Window& window, const Claims& device) {
    const Unit* place = place_for(units, unit);
    if (function != 4 || place == nullptr || place->known == Known::Nothing || place->maker != Maker::Sungrow ||
        !window.holds(sungrow_type_at, 1)) {
        return;
    }
    const Slice code = window.slice(sungrow_type_at, 1);
    const auto* type = std::find_if(std::begin(sungrow_types), std::end(sungrow_types),
                                    [&](const SungrowType& one) { return one.code == number(code); });
    if (type == std::end(sungrow_types)) return;
    learn(units, unit, Known::Maker, Maker::Sungrow);
    Claims claims = device;
    claims.matched(Field::brand, "Sungrow", code, "registers");
    claims.matched(Field::category, "solar_inverter", code, "registers");
    claims.matched(Field::model, type->model, code, "registers");
    if (!window.holds(5000, 1)) return;
    const std::uint32_t rated = number(window.slice(5000, 1));
    if (rated != 0 && rated != 0xffff)
        claims.stated(Field::rated_power, std::to_string(rated * 100), window.slice(5000, 1), "registers");
}

constexpr std::uint16_t growatt_firmware_at = 9;

// Growatt's protocol V1.24, holding registers in one reply: 9 to 14 firmware, 23 to 27 serial number of ten characters, 30 the
// unit's own address, 34 to 41 who made it, in words. After a plate of Growatt the firmware alone is read too.
void observe_growatt(Units& units, std::uint8_t unit, std::uint8_t function, const Window& window, const Claims& device) {
    if (function != 3 || !window.holds(growatt_firmware_at, 6)) return;
    const Slice firmware_at = window.slice(growatt_firmware_at, 6);
    const std::string_view firmware = text(firmware_at);
    const Unit* place = place_for(units, unit);
    const bool exact = window.start == growatt_firmware_at && window.bytes.left() == 12;
    const bool plate = exact && place != nullptr && place->known != Known::Nothing && place->maker == Maker::Growatt;
    bool whole = false;
    Slice serial_at;
    if (window.holds(growatt_firmware_at, 33)) {
        serial_at = window.slice(23, 5);
        whole = text(serial_at).size() == 10 && serial_number(text(serial_at)) && number(window.slice(30, 1)) == unit &&
                text(window.slice(34, 8)).size() >= 8 && firmware.size() >= 6;
    }
    if (!plate && !whole) return;
    Claims claims = device;
    claims.matched(Field::firmware, firmware, firmware_at, "registers");
    if (!whole) return;
    claims.matched(Field::brand, "Growatt", window.slice(growatt_firmware_at, 33), "registers");
    claims.matched(Field::serial, text(serial_at), serial_at, "registers");
    learn(units, unit, Known::Maker, Maker::Growatt);
}

// What is read by itself, exactly these registers, once a nameplate or a proof says whose map it is.
// Sungrow: 4953 firmware (as in SunGather and mkaiser's Sungrow). Huawei: 30050 software (as in huawei-solar-lib and
// sun2000_modbus). Deye, three phases: 20 rated power in 0.1 W, the low word first (as in ha-solarman and what is built on it).
struct Further {
    Maker maker;
    std::uint8_t function;
    std::uint16_t start;
    std::uint8_t registers;
    Field field;
    bool tenths;
};
constexpr Further furthers[] = {
    {Maker::Sungrow, 4, 4953, 15, Field::firmware, false},
    {Maker::Huawei, 3, 30050, 15, Field::software, false},
    {Maker::DeyeThreePhase, 3, 20, 2, Field::rated_power, true},
};
void observe_further(Units& units, std::uint8_t unit, std::uint8_t function, const Window& window, const Claims& device) {
    const Unit* place = place_for(units, unit);
    if (place == nullptr || (place->known != Known::Plate && place->known != Known::Maker)) return;
    for (const Further& further : furthers) {
        if (further.maker != place->maker || further.function != function || further.start != window.start ||
            window.bytes.left() != 2U * further.registers)
            continue;
        const Slice slice = window.slice(further.start, further.registers);
        Claims claims = device;
        if (!further.tenths) {
            claims.matched(further.field, text(slice), slice, "registers");
            continue;
        }
        const std::uint32_t swapped = number(slice);
        const std::uint32_t watts = ((swapped << 16) | (swapped >> 16)) / 10;
        // What such inverters can have: other families keep something else there.
        if (watts >= 1000 && watts <= 200'000) claims.matched(further.field, std::to_string(watts), slice, "registers");
    }
}

constexpr std::uint16_t sofar_serial_at = 0x0445;

// Sofar's list V1.38, in one reply: 0x0445 serial number, 0x044D hardware "V003", 0x0453 software "V10..." after one digit. The
// same inverters are sold as ZCS Azzurro, with serial numbers in Z: those stay without a name.
void observe_sofar(Units& units, std::uint8_t unit, std::uint8_t function, const Window& window, const Claims& device) {
    if (function != 3 || !window.holds(sofar_serial_at, 18)) return;
    const Slice serial_at = window.slice(sofar_serial_at, 8);
    const std::string_view serial = text(serial_at);
    const std::string_view hardware = text(window.slice(0x044d, 2));
    const Slice software_at = window.slice(0x0453, 4);
    const std::string_view software = text(software_at);
    if (!serial_number(serial) || hardware.size() != 4 || hardware[0] != 'V' || !digit(hardware[1])) return;
    if (software.size() < 6 || software[1] != 'V' || !digit(software[2])) return;
    Claims claims = device;
    claims.matched(Field::serial, serial, serial_at, "registers");
    claims.matched(Field::firmware, software, software_at, "registers");
    if (serial[0] == 'S') claims.matched(Field::brand, "SOFAR", window.slice(sofar_serial_at, 18), "registers");
    learn(units, unit, Known::Maker, Maker::Sofar);
}

// Victron's numbers are one list for all units of a host; unit 100 proves whose host it is.
Unit holder_of(const Units& units, std::uint8_t unit) {
    Unit host;
    for (const Unit& one : units) {
        if (one.known != Known::Nothing && one.unit == unit) return one;
        if (one.known == Known::Maker && one.maker == Maker::Victron) host = one;
    }
    return host;
}

// A control register that answers with one of its values. Of the same maker as the unit, by proof or by nameplate: matched in
// either case, because a map that fits is a likeness and not the device's own word.
void observe_presence(const Units& units, std::uint8_t unit, std::uint8_t function, const Window& window,
                      const Claims& device) {
    if (function != 3) return;
    const auto holder = std::find_if(units.begin(), units.end(), [&](const Unit& one) {
        return one.unit == unit && (one.known == Known::Plate || one.known == Known::Maker);
    });
    if (holder == units.end()) return;
    Claims claims = device;
    for (const Presence& presence : presences) {
        if (presence.maker != holder->maker || !window.holds(presence.at, 1)) continue;
        const Slice slice = window.slice(presence.at, 1);
        const std::uint32_t value = number(slice);
        if ((value < presence.least || value > presence.most) && value != presence.or_this) continue;
        claims.matched(Field::remote_exposed, "modbus " + std::string(presence.what), slice, "registers");
    }
}

// A bit for each register at which something begins that the functions above read.
constexpr std::array<std::uint64_t, 1024> of_maps = [] {
    std::array<std::uint64_t, 1024> bits{};
    const auto mark = [&](std::uint16_t at) { bits[at / 64] |= std::uint64_t{1} << (at % 64); };
    for (const Map& map : maps) {
        mark(map.proof.at);
        for (const Reads& read : map.reads) {
            if (read.registers != 0) mark(read.at);
        }
    }
    for (const Plate& plate : plates) mark(plate.start);
    for (const Further& further : furthers) mark(further.start);
    for (const Presence& presence : presences) mark(presence.at);
    for (const std::uint16_t at : {sungrow_type_at, growatt_firmware_at, sofar_serial_at}) mark(at);
    return bits;
}();

const Map* map_of(const Units& units, std::uint8_t unit, const Window& window) {
    const auto* known = std::find_if(units.begin(), units.end(),
                                     [&](const Unit& one) { return one.known == Known::Maker && one.unit == unit; });
    if (known == units.end()) return nullptr;
    for (const Map& map : maps) {
        const bool any = std::any_of(map.reads.begin(), map.reads.end(),
                                     [&](const Reads& read) { return window.holds(read.at, read.registers); });
        if (map.maker == known->maker && any) return &map;
    }
    return nullptr;
}

}  // namespace

void observe_name(Units& units, std::uint8_t unit, std::string_view maker) {
    for (const Name& name : names) {
        if (!starts_with_ignoring_case(maker, name.begins)) continue;
        // "Solaris" is not SolaX: what follows the name is no letter.
        const char next = maker.size() > name.begins.size() ? maker[name.begins.size()] : ' ';
        const bool letter = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z');
        if (!letter || name.maker == Maker::Sofar) learn(units, unit, Known::Maker, name.maker);
        return;
    }
}

void observe_model(Units& units, std::uint8_t unit, std::string_view model) {
    if (model.starts_with("SUN2000")) learn(units, unit, Known::Maker, Maker::Huawei);
}

bool may_tell(std::uint16_t start, std::size_t registers) {
    const std::size_t end = std::min<std::size_t>(std::size_t{start} + registers, 65536);
    for (std::size_t at = start; at < end;) {
        const std::size_t here = std::min<std::size_t>(end - at, 64 - at % 64);
        const std::uint64_t some = here == 64 ? ~std::uint64_t{0} : ((std::uint64_t{1} << here) - 1) << (at % 64);
        if ((of_maps[at / 64] & some) != 0) return true;
        at += here;
    }
    return false;
}

void observe_read(Units& units, std::uint8_t unit, std::uint8_t function, std::uint16_t start, ByteCursor registers,
                  const Claims& device) {
    if (function != 3 && function != 4) return;
    const Window window{start, registers};
    for (const Map& map : maps) {
        if (!proves(map.proof, unit, function, window)) continue;
        const Slice witness = window.slice(map.proof.at, map.proof.registers);
        Claims claims = device;
        claims.matched(Field::brand, map.name, witness, "registers");
        claims.matched(Field::category, map.category, witness, "registers");
        learn(units, unit, Known::Maker, map.maker);
        break;
    }
    observe_plates(units, unit, function, window, device);
    observe_sungrow(units, unit, function, window, device);
    observe_growatt(units, unit, function, window, device);
    observe_further(units, unit, function, window, device);
    observe_sofar(units, unit, function, window, device);
    observe_presence(units, unit, function, window, device);
    const Map* map = map_of(units, unit, window);
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

void observe_write(const Units& units, std::uint8_t unit, std::uint16_t start, std::uint16_t quantity, const Slice& witness,
                   std::string_view actor, const Claims& device) {
    const Unit holder = holder_of(units, unit);
    if (holder.known != Known::Plate && holder.known != Known::Maker) return;
    Claims claims = device;
    std::string_view last;
    for (const Control& control : controls) {
        if (control.maker != holder.maker || control.last < start || control.first >= std::uint32_t{start} + quantity) continue;
        if (control.what == last) continue;
        last = control.what;
        std::string what = "modbus write ";
        what.append(control.what).append(" from ").append(actor);
        if (holder.known == Known::Maker) {
            claims.stated(Field::remote_observed, what, witness, "write");
        } else {
            claims.matched(Field::remote_observed, what, witness, "write");
        }
    }
}

bool knows_controls(const Units& units, std::uint8_t unit) {
    const Unit holder = holder_of(units, unit);
    if (holder.known != Known::Plate && holder.known != Known::Maker) return false;
    return std::any_of(std::begin(controls), std::end(controls),
                       [&](const Control& control) { return control.maker == holder.maker; });
}

}  // namespace herkomst::modbus_maps
