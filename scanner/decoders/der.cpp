#include "decoders/der.h"

#include "core/utf8.h"

namespace herkomst {

// X.690 section 8.1: identifier octets, length octets, contents octets; section 10.1: definite form, as short as possible
// (certificates with a longer form than needed exist and are read).
DerItem next_der(ByteCursor& from) {
    const ByteCursor start = from;
    const std::uint8_t tag = from.u8();
    if ((tag & 0x1f) == 0x1f) from.fail();
    const std::uint8_t first = from.u8();
    std::size_t length = first;
    if ((first & 0x80) != 0) {
        const unsigned octets = first & 0x7fU;
        if (octets == 0 || octets > 4) from.fail();
        length = 0;
        for (unsigned i = 0; i < octets && from.ok(); ++i) length = (length << 8) | from.u8();
    }
    ByteCursor content = from.take(length);
    return {tag, content, from.since(start)};
}

DerItem next_der(ByteCursor& from, std::uint8_t tag) {
    DerItem item = next_der(from);
    if (item.tag != tag) from.fail();
    return item;
}

std::string der_text(const DerItem& item) {
    ByteCursor content = item.content;
    switch (item.tag) {
        case 0x0c:  // UTF8String
        case 0x12:  // NumericString
        case 0x13:  // PrintableString
        case 0x14:  // TeletexString: in the field Latin-1, which cleaning reads
        case 0x16:  // IA5String
        case 0x1a:  // VisibleString
            return std::string(content.rest().text());
        case 0x1e: {  // BMPString: two bytes a character
            std::string text;
            while (content.left() >= 2) {
                const std::uint32_t c = content.be16();
                append_utf8(text, c >= 0xd800 && c <= 0xdfff ? 0xfffdU : c);
            }
            return text;
        }
        case 0x1c: {  // UniversalString: four
            std::string text;
            while (content.left() >= 4) {
                const std::uint32_t c = content.be32();
                append_utf8(text, c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff) ? 0xfffdU : c);
            }
            return text;
        }
        default:
            return {};
    }
}

// X.690 section 8.19: base 128, the first two arcs together in the first number.
std::string der_oid(const Slice& content) {
    std::string text;
    if (content.empty() || content.size() > 32) return text;
    std::uint64_t arc = 0;
    bool first = true;
    for (const std::uint8_t byte : content.bytes) {
        if (arc >> 56 != 0) return {};
        arc = (arc << 7) | (byte & 0x7fU);
        if ((byte & 0x80) != 0) continue;
        if (first) {
            const std::uint64_t root = arc < 80 ? arc / 40 : 2;
            text = std::to_string(root) + "." + std::to_string(arc - root * 40);
            first = false;
        } else {
            text += "." + std::to_string(arc);
        }
        arc = 0;
    }
    return text;
}

}  // namespace herkomst
