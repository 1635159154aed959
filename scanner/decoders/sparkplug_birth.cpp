#include "decoders/sparkplug_birth.h"

#include <string_view>

namespace herkomst {

namespace {

// Protocol Buffers, encoding: seven bits a byte, low first; at most ten bytes.
bool varint(ByteCursor& at, std::uint64_t& value) {
    value = 0;
    for (unsigned i = 0; i < 10; ++i) {
        const std::uint8_t byte = at.u8();
        value |= std::uint64_t{byte & 0x7fU} << (7 * i);
        if ((byte & 0x80) == 0) return at.ok();
    }
    return false;
}

// The next field of a message: its number, and its content where that has a length (wire type 2). False at the end, and where
// the bytes are none.
bool next_field(ByteCursor& message, std::uint64_t& number, Slice& content) {
    std::uint64_t key = 0;
    std::uint64_t value = 0;
    content = {};
    if (message.done() || !varint(message, key)) return false;
    number = key >> 3;
    switch (key & 7) {
        case 0:
            return varint(message, value);
        case 1:
            message.skip(8);
            return message.ok();
        case 2:
            if (!varint(message, value) || value > message.left()) return false;
            content = message.bytes(static_cast<std::size_t>(value));
            return true;
        case 5:
            message.skip(4);
            return message.ok();
        default:
            return false;
    }
}

struct Property {
    std::string_view name;
    Field field;
};
// Sparkplug leaves the names free; these are the ones of its own examples (Eclipse Tahu), which nodes in the field use.
constexpr Property properties[] = {
    {"Properties/Hardware Make", Field::brand},
    {"Properties/Hardware Model", Field::model},
    {"Properties/FW", Field::firmware},
    {"Properties/Firmware Version", Field::firmware},
    {"Properties/OS", Field::os},
    {"Properties/OS Version", Field::os},
};

}  // namespace

// Sparkplug 3.0.0 section 6.4.1: Payload has metrics in field 2; a Metric its name in 1 and a text in 15.
void observe_sparkplug_birth(const Slice& payload, Claims& who) {
    Reading reading;
    ByteCursor message = whole(payload, reading);
    std::uint64_t number = 0;
    Slice metric;
    while (next_field(message, number, metric)) {
        if (number != 2) continue;
        Reading inner;
        ByteCursor fields = whole(metric, inner);
        Slice content;
        Slice name;
        Slice text;
        while (next_field(fields, number, content)) {
            if (number == 1) name = content;
            if (number == 15) text = content;
        }
        if (text.empty() || text.size() > 256 || text.text().find('@') != std::string_view::npos) continue;
        for (const Property& property : properties) {
            if (name.text() == property.name) who.stated(property.field, text, "birth");
        }
    }
}

}  // namespace herkomst
