#include "decoders/sunspec.h"

#include <algorithm>
#include <string>

#include "decoders/sunspec_models.h"

namespace herkomst::sunspec {

namespace {

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

template <class Table>
bool names(const Table& table, std::uint16_t model) {
    return std::any_of(std::begin(table), std::end(table), [&](const auto& one) { return one.model == model; });
}

bool has_controls(std::uint16_t model) { return names(controls, model); }

bool wanted(std::uint16_t model) {
    return names(texts, model) || names(ratings, model) || names(choices, model) || names(interfaces, model) ||
           has_controls(model);
}

const Sort* sort_of(std::uint16_t model) {
    const Sort* end = sorts + std::size(sorts);
    const Sort* found = std::find_if(sorts, end, [&](const Sort& sort) { return model >= sort.first && model <= sort.last; });
    return found != end ? found : nullptr;
}

// A device is what its first telling model says; a sensor among others makes no weather station, a battery next to an inverter
// makes a hybrid one.
void observe_kind(Walk& walk, std::uint16_t model, const Slice& header, const Claims& unit) {
    Claims device = logical_device(unit, walk.devices);
    const std::string point = "sunspec." + std::to_string(model);
    if (model == cellular_link) device.matched(Field::cellular, "sunspec 18 cellular link", header, point);
    const Sort* sort = sort_of(model);
    if (sort == nullptr || (sort->kind == Kind::Sensor && walk.kind != Kind::None)) return;
    // What converts need not be solar: the nameplate (120) says it. It is matched, so that the nameplate decides.
    if (sort->kind == Kind::Inverter) {
        device.matched(Field::category, sort->category, header, point);
    } else if (sort->kind == Kind::Battery && walk.kind == Kind::Inverter) {
        device.stated(Field::category, "hybrid_inverter", header, point);
        return;
    } else {
        device.stated(Field::category, sort->category, header, point);
    }
    walk.kind = sort->kind;
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
        if ((block.seen & bit) != 0 || !control.with_the_model) continue;
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

// When the table is full, what was only to be read makes room for what may yet be written.
bool make_room(Walk& walk) {
    if (walk.count < Walk::most_blocks) return true;
    Block* end = walk.blocks.data() + walk.count;
    Block* first = std::find_if(walk.blocks.data(), end, [](const Block& block) { return !has_controls(block.model); });
    if (first == end) return false;
    std::copy(first + 1, end, first);
    --walk.count;
    return true;
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
        if (!make_room(walk)) return false;
        if (model == 1) {
            ++walk.devices;
            walk.kind = Kind::None;
        }
        walk.blocks[walk.count++] = {walk.next, model, walk.devices, 0};
    }
    observe_kind(walk, model, header, unit);
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

// Model 12 follows 11: when the address that the device has by its own word is the one it is spoken to at, then the MAC is its
// too. Another address is its own interface, behind what answers here.
void observe_interface(Walk& walk, const Block& block, const Interface& point, const Window& window, Claims& device) {
    const std::uint32_t mac_at = block.address + std::uint32_t{point.mac} + 1;
    if (point.mac != 0 && block.device <= 1 && window.holds(mac_at, 3)) {
        const Slice mac = window.slice(mac_at, 3);
        std::copy(mac.bytes.begin(), mac.bytes.end(), walk.mac.begin());
    }
    const std::uint32_t ip_at = block.address + std::uint32_t{point.ip};
    if (point.ip == 0 || !window.holds(ip_at, ip_registers)) return;
    const Slice text = window.slice(ip_at, ip_registers);
    const std::optional<IpAddress> ip = IpAddress::parse(text_point(text));
    if (!ip || ip->unspecified() || ip->multicast()) return;
    const std::string name = "sunspec." + std::to_string(block.model) + ".Addr";
    Endpoint station;
    station.vlan = device.subject().vlan;
    std::copy(walk.mac.begin(), walk.mac.end(), station.mac.bytes.begin());
    if (*ip != device.subject().ip) {
        device.stated(Field::mgmt_ip, ip->text(), text, name);
    } else if (station.mac.known() && !station.mac.group() && block.device <= 1) {
        device.about(station).stated(Field::address, ip->text(), text, name);
    }
}

// The maker of the unit itself, where model 1 is read.
std::string_view read_points(Walk& walk, Block& block, const Window& window, const Claims& unit) {
    Claims device = logical_device(unit, block.device);
    std::string_view maker;
    for (const Text& text : texts) {
        const std::uint32_t address = block.address + std::uint32_t{text.offset};
        if (text.model != block.model || !window.holds(address, text.registers)) continue;
        const Slice slice = window.slice(address, text.registers);
        device.stated(text.field, text_point(slice), slice, text.point);
        if (text.field == Field::brand && block.device <= 1) maker = text_point(slice);
    }
    for (const Choice& choice : choices) {
        const std::uint32_t address = block.address + std::uint32_t{choice.offset};
        if (choice.model != block.model || !window.holds(address, 1) || window.at(address) != choice.value) continue;
        device.stated(choice.field, choice.says, window.slice(address, 1), "sunspec." + std::to_string(block.model));
    }
    for (const Interface& point : interfaces) {
        if (point.model == block.model) observe_interface(walk, block, point, window, device);
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

// How many registers of a model, counted from its id register, are read at all; 0: the most of any model.
constexpr std::uint32_t reach_of(std::uint16_t model) {
    std::uint32_t reach = 0;
    const auto up_to = [&](std::uint16_t of, std::uint32_t end) {
        if (of == model || model == 0) reach = std::max(reach, end);
    };
    for (const Text& text : texts) up_to(text.model, std::uint32_t{text.offset} + text.registers);
    for (const Choice& choice : choices) up_to(choice.model, choice.offset + 1U);
    for (const Interface& point : interfaces)
        up_to(point.model, std::max<std::uint32_t>(point.mac + 4U, point.ip + ip_registers));
    for (const Rating& rating : ratings) up_to(rating.model, std::max<std::uint32_t>(rating.value, rating.scale) + 1U);
    for (const Control& control : controls) up_to(control.model, std::uint32_t{control.offset} + control.registers);
    return reach;
}
constexpr std::uint32_t longest_reach = reach_of(0);

}  // namespace

bool may_tell(const Walk* walk, std::uint16_t start, ByteCursor registers) {
    const std::uint32_t end = start + static_cast<std::uint32_t>(registers.left() / 2);
    if (walk != nullptr) {
        if (walk->walking && start < walk->next + 2U && end > walk->next) return true;
        for (std::size_t i = 0; i < walk->count; ++i) {
            const Block& block = walk->blocks[i];
            const std::uint32_t at = block.address;
            if (end > at && start < at + longest_reach && start < at + reach_of(block.model)) return true;
        }
    }
    // Where a chain begins: with its name, or behind that (find_base).
    if (registers.peek_be16() == 1) return true;
    const Bytes bytes = registers.rest().bytes;
    for (std::size_t at = 0; at + 4 <= bytes.size(); at += 2) {
        if (bytes[at] == 'S' && bytes[at + 1] == 'u' && bytes[at + 2] == 'n' && bytes[at + 3] == 'S') return true;
    }
    return false;
}

std::string_view observe_read(Walk& walk, std::uint16_t start, ByteCursor registers, const Claims& device) {
    const Window window{start, registers};
    find_base(walk, window);
    // Points before the next header: a control that is read in this very window counts with its value, not by its presence.
    std::string_view maker;
    const auto read = [&](Block& block) {
        const std::string_view named = read_points(walk, block, window, device);
        if (!named.empty()) maker = named;
    };
    for (std::size_t i = 0; i < walk.count; ++i) read(walk.blocks[i]);
    while (walk.walking && window.holds(walk.next, 2)) {
        const std::uint16_t header = walk.next;
        walk.walking = step(walk, window, device);
        if (walk.count > 0 && walk.blocks[walk.count - 1U].address == header) read(walk.blocks[walk.count - 1U]);
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
