#include "decoders/modbus_maps.h"

#include <algorithm>
#include <string>

#include "core/text.h"

namespace herkomst::modbus_maps {

namespace {

// What proves a map: a text of so many registers that begins so, or a 32-bit constant.
struct Proof {
    std::uint8_t function;  // 0: reading holding or input registers alike
    std::uint16_t at;
    std::uint8_t registers;
    std::string_view begins;
    std::uint32_t constant;
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
    std::array<Reads, 3> reads;
    std::array<Control, 4> controls;
};

// Huawei: model 30000, serial number 30015, firmware 30035; 40200 start-up, 40201 shutdown, 40125 and 40126 limits of active
// power
//   (as in huawei-solar-lib, a public project).
// SMA: 30051 device class, 8001 a solar inverter; 30057 serial number; 40009 operating state (as in py-sma-modbus2), 40149
// setpoint
//   of active power, 40151 control by communication (as in evcc; both public projects).
constexpr Map maps[] = {
    {"Huawei",
     "solar_inverter",
     {0, 30000, 15, "SUN2000", 0},
     {Reads{30000, 15, Field::model, false}, Reads{30015, 10, Field::serial, false}, Reads{30035, 15, Field::firmware, false}},
     {Control{40200, 1, "startup"}, Control{40201, 1, "shutdown"}, Control{40125, 1, "active power limit"},
      Control{40126, 2, "active power limit"}}},
    {"SMA",
     "solar_inverter",
     {0, 30051, 2, {}, 8001},
     {Reads{30057, 2, Field::serial, true}, Reads{}, Reads{}},
     {Control{40009, 2, "operating state"}, Control{40149, 2, "active power setpoint"},
      Control{40151, 2, "control by communication"}, Control{}}},
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

bool proves(const Proof& proof, std::uint8_t function, const Window& window) {
    if ((proof.function != 0 && proof.function != function) || !window.holds(proof.at, proof.registers)) return false;
    const Slice slice = window.slice(proof.at, proof.registers);
    return proof.begins.empty() ? number(slice) == proof.constant : text(slice).starts_with(proof.begins);
}

const Map* map_of(const std::array<Known, 8>& known, std::uint8_t unit) {
    for (const Known& one : known) {
        if (one.map != 0 && one.unit == unit) return &maps[one.map - 1];
    }
    return nullptr;
}

}  // namespace

void observe_read(std::array<Known, 8>& known, std::uint8_t unit, std::uint8_t function, std::uint16_t start,
                  ByteCursor registers, const Claims& device) {
    if (function != 3 && function != 4) return;
    const Window window{start, registers};
    for (std::size_t i = 0; i < std::size(maps); ++i) {
        if (!proves(maps[i].proof, function, window)) continue;
        const Slice witness = window.slice(maps[i].proof.at, maps[i].proof.registers);
        Claims claims = device;
        claims.matched(Field::brand, maps[i].maker, witness, "registers");
        claims.matched(Field::category, maps[i].category, witness, "registers");
        Known* free = std::find_if(known.data(), known.data() + known.size(),
                                   [&](const Known& one) { return one.map == 0 || one.unit == unit; });
        if (free != known.data() + known.size()) *free = {unit, static_cast<std::uint8_t>(i + 1)};
        break;
    }
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
