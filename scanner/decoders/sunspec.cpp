#include "decoders/sunspec.h"

#include <algorithm>
#include <string>

namespace herkomst::sunspec {

namespace {

// A point that switches or limits the device. Offsets count registers from the model's id register (SunSpec Information
// Model Reference, models 123, 124, 703, 704, 715).
struct Control {
    std::uint16_t model;
    std::uint8_t offset;
    std::uint8_t registers;
    std::string_view point;
    std::string_view exposed;  // what its presence offers; empty: only a write to it is worth telling
};
constexpr Control controls[] = {
    {123, 4, 1, "Conn", "sunspec 123 connect/disconnect"},
    {123, 5, 1, "WMaxLimPct", "sunspec 123 power limit"},
    {123, 9, 1, "WMaxLim_Ena", {}},
    {124, 5, 1, "StorCtl_Mod", "sunspec 124 storage control"},
    {124, 12, 1, "OutWRte", {}},
    {124, 13, 1, "InWRte", {}},
    {703, 2, 1, "ES", "sunspec 703 enter service"},
    {704, 15, 1, "WMaxLimPct", "sunspec 704 power limit"},
    {704, 14, 1, "WMaxLimPctEna", {}},
    {704, 22, 1, "WSetEna", {}},
    {704, 24, 2, "WSet", {}},
    {715, 8, 1, "OpCtl", "sunspec 715 start/stop"},
};

// Where a rating and its scale factor stand (models 120 and 702).
struct Rating {
    std::uint16_t model;
    std::uint8_t value;
    std::uint8_t scale;
};
constexpr Rating ratings[] = {{120, 3, 4}, {702, 2, 45}};

// Text points of the common model (model 1).
struct Text {
    std::uint8_t offset;
    std::uint8_t registers;
    Field field;
    std::string_view point;
};
constexpr Text texts[] = {
    {2, 16, Field::brand, "sunspec.1.Mn"},
    {18, 16, Field::model, "sunspec.1.Md"},
    {42, 8, Field::firmware, "sunspec.1.Vr"},
    {50, 16, Field::serial, "sunspec.1.SN"},
};

constexpr std::uint16_t not_implemented = 0xffff;  // uint16, enum16 and bitfield16 alike

// Registers as one reply showed them, addressed as the unit addresses them.
struct Window {
    std::uint32_t start;
    ByteCursor bytes;

    [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(bytes.left() / 2); }
    [[nodiscard]] bool holds(std::uint32_t address, std::uint32_t registers) const {
        return address >= start && address + registers <= start + count();
    }
    [[nodiscard]] Slice slice(std::uint32_t address, std::uint32_t registers) const {
        ByteCursor at = bytes;
        at.skip(std::size_t{2} * (address - start));
        return at.bytes(std::size_t{2} * registers);
    }
    [[nodiscard]] std::uint16_t at(std::uint32_t address) const { return bytes.peek_be16(std::size_t{2} * (address - start)); }
};

// Everything up to the padding; empty when the point is unimplemented (all zero, or 0x8000) or is no text.
std::string_view text_point(const Slice& slice) {
    std::string_view text = slice.text();
    text = text.substr(0, text.find('\0'));
    const bool printable = std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
    return printable ? text : std::string_view();
}

// The first logical device is the unit itself; what a further model 1 opens stands behind it.
Claims logical_device(const Claims& unit, std::uint8_t device) {
    return device <= 1 ? unit : unit.part("sunspec/" + std::to_string(device));
}

bool wanted(std::uint16_t model) {
    return model == 1 ||
           std::any_of(std::begin(ratings), std::end(ratings), [&](const Rating& r) { return r.model == model; }) ||
           std::any_of(std::begin(controls), std::end(controls), [&](const Control& c) { return c.model == model; });
}

// What the models a device lists make it. Model 701 measures any DER, so it says nothing about the kind.
std::string_view category_of(std::uint16_t model) {
    if ((model >= 101 && model <= 103) || (model >= 111 && model <= 113)) return "solar_inverter";
    if ((model >= 201 && model <= 204) || (model >= 211 && model <= 214)) return "energy_meter";
    if (model >= 801 && model <= 809) return "battery";
    return {};
}

// A model whose control points nobody read, once the chain went past it: its presence alone declares them (the points are
// mandatory in the model, or may still turn out as unimplemented).
void conclude(Walk& walk, const Slice& next_header, const Claims& unit) {
    if (walk.count == 0) return;
    Block& block = walk.blocks[walk.count - 1U];
    unsigned number = 0;
    for (const Control& control : controls) {
        if (control.model != block.model || control.exposed.empty()) continue;
        const unsigned bit = 1U << number++;
        if ((block.seen & bit) != 0) continue;
        block.seen = static_cast<std::uint8_t>(block.seen | bit);
        logical_device(unit, block.device)
            .matched(Field::remote_exposed, control.exposed, next_header, "sunspec." + std::to_string(block.model));
    }
}

// "SunS", or a common model where it must stand (SunSpec Modbus: base address 40000, 50000 or 0, zero-based).
void find_base(Walk& walk, const Window& window) {
    constexpr std::uint32_t bases[] = {40000, 50000, 0};
    const auto begin = [&](std::uint32_t base) {
        walk.base = static_cast<std::uint16_t>(base);
        walk.next = static_cast<std::uint16_t>(base + 2);
        walk.walking = true;
        walk.devices = 0;
        walk.count = 0;
    };
    const auto common_model = [&](std::uint32_t address) {
        return window.holds(address, 2) && window.at(address) == 1 &&
               (window.at(address + 1) == 65 || window.at(address + 1) == 66);
    };
    for (std::uint32_t i = 0; i + 1 < window.count(); ++i) {
        const std::uint32_t address = window.start + i;
        if (window.at(address) != 0x5375 || window.at(address + 1) != 0x6e53) continue;
        const bool usual = std::find(std::begin(bases), std::end(bases), address) != std::end(bases);
        if (address < 0xff00 && (common_model(address + 2) || (usual && i + 2 == window.count()))) begin(address);
        return;
    }
    for (const std::uint32_t base : bases) {
        if (!walk.walking && walk.count == 0 && window.start == base + 2 && common_model(base + 2)) begin(base);
    }
}

// One header of the chain, which lies in the window. False ends the walk: the end model, or no SunSpec after all.
bool step(Walk& walk, const Window& window, const Claims& unit) {
    const std::uint16_t model = window.at(walk.next);
    const std::uint16_t length = window.at(walk.next + 1U);
    const Slice header = window.slice(walk.next, 2);
    const bool first = walk.next == walk.base + 2;
    if (!first) conclude(walk, header, unit);
    const std::uint32_t after = walk.next + 2U + length;
    if (model == 0xffff || length == 0 || length > 1000 || after > 0xfff0) return false;
    // The chain opens with the common model, 65 or 66 registers long.
    if (first && (model != 1 || (length != 65 && length != 66))) return false;
    if (wanted(model)) {
        if (walk.count == Walk::most_blocks) return false;
        if (model == 1) ++walk.devices;
        walk.blocks[walk.count++] = {walk.next, model, walk.devices, 0};
    }
    const std::string_view category = category_of(model);
    if (!category.empty()) {
        logical_device(unit, walk.devices).stated(Field::category, category, header, "sunspec." + std::to_string(model));
    }
    walk.next = static_cast<std::uint16_t>(after);
    return true;
}

// value * 10^scale as whole watts; 0 when it says nothing.
std::uint64_t scaled(std::uint16_t value, std::uint16_t scale_factor) {
    const auto scale = static_cast<std::int16_t>(scale_factor);
    if (value == not_implemented || scale < -10 || scale > 5) return 0;
    std::uint64_t watts = value;
    for (int i = scale; i > 0; --i) watts *= 10;
    for (int i = scale; i < 0; ++i) watts /= 10;
    return watts;
}

// The maker of the unit itself, where model 1 is read.
std::string_view read_points(Block& block, const Window& window, const Claims& unit) {
    Claims device = logical_device(unit, block.device);
    std::string_view maker;
    if (block.model == 1) {
        for (const Text& text : texts) {
            const std::uint32_t address = block.address + std::uint32_t{text.offset};
            if (!window.holds(address, text.registers)) continue;
            const Slice slice = window.slice(address, text.registers);
            device.stated(text.field, text_point(slice), slice, text.point);
            if (text.field == Field::brand && block.device <= 1) maker = text_point(slice);
        }
        return maker;
    }
    for (const Rating& rating : ratings) {
        const std::uint32_t value = block.address + std::uint32_t{rating.value};
        const std::uint32_t scale = block.address + std::uint32_t{rating.scale};
        if (rating.model != block.model || !window.holds(value, 1) || !window.holds(scale, 1)) continue;
        const std::uint64_t watts = scaled(window.at(value), window.at(scale));
        if (watts != 0) {
            device.stated(Field::rated_power, std::to_string(watts), window.slice(value, scale - value + 1),
                          "sunspec." + std::to_string(block.model));
        }
    }
    unsigned number = 0;
    for (const Control& control : controls) {
        if (control.model != block.model || control.exposed.empty()) continue;
        const unsigned bit = 1U << number++;
        const std::uint32_t address = block.address + std::uint32_t{control.offset};
        if (!window.holds(address, 1)) continue;
        block.seen = static_cast<std::uint8_t>(block.seen | bit);
        if (window.at(address) == not_implemented) continue;
        device.stated(Field::remote_exposed, control.exposed, window.slice(address, control.registers),
                      "sunspec." + std::to_string(block.model));
    }
    return maker;
}

}  // namespace

std::string_view observe_read(Walk& walk, std::uint16_t start, ByteCursor registers, const Claims& device) {
    const Window window{start, registers};
    find_base(walk, window);
    // Points before the next header: a control that is read in this very window counts with its value, not by its presence.
    std::size_t read = 0;
    std::string_view maker;
    const auto read_blocks = [&] {
        for (; read < walk.count; ++read) {
            const std::string_view named = read_points(walk.blocks[read], window, device);
            if (!named.empty()) maker = named;
        }
    };
    read_blocks();
    while (walk.walking && window.holds(walk.next, 2)) {
        walk.walking = step(walk, window, device);
        read_blocks();
    }
    return maker;
}

bool holds(const Walk& walk, std::uint16_t address) { return walk.count > 0 && address >= walk.base && address < walk.next; }

void observe_write(const Walk& walk, std::uint16_t start, std::uint16_t quantity, const Slice& witness, std::string_view actor,
                   const Claims& device) {
    for (std::size_t i = 0; i < walk.count; ++i) {
        const Block& block = walk.blocks[i];
        for (const Control& control : controls) {
            const std::uint32_t address = block.address + std::uint32_t{control.offset};
            if (control.model != block.model || address + control.registers <= start ||
                address >= std::uint32_t{start} + quantity) {
                continue;
            }
            std::string what = "modbus write " + std::to_string(block.model) + ".";
            what.append(control.point).append(" from ").append(actor);
            logical_device(device, block.device).stated(Field::remote_observed, what, witness, "sunspec.write");
        }
    }
}

}  // namespace herkomst::sunspec
