// BER with definite lengths (ITU-T X.690 section 8.1), as LDAP and Kerberos speak it: unlike in DER a length may have more
// bytes than it needs (Active Directory always writes four). Contents are narrowed to what the element claims.
#pragma once

#include <cstdint>

#include "core/bytes.h"

namespace herkomst {

struct BerItem {
    std::uint8_t tag = 0;
    ByteCursor content;
};

// The length that comes next; SIZE_MAX when it has no form that is used.
inline std::size_t ber_length(ByteCursor& from) {
    const std::uint8_t first = from.u8();
    if (first < 0x80) return first;
    std::size_t count = first & 0x7fU;
    if (count == 0 || count > 4) return SIZE_MAX;
    std::size_t length = 0;
    for (; count > 0; --count) length = length << 8 | from.u8();
    return length;
}

// The next element; a tag of several bytes, an indefinite length or one beyond the end fails the reading.
inline BerItem next_ber(ByteCursor& from) {
    const std::uint8_t tag = from.u8();
    const std::size_t length = ber_length(from);
    if ((tag & 0x1f) == 0x1f || length > from.left()) from.fail();
    return {tag, from.take(length > from.left() ? 0 : length)};
}

// The content of the next element if it has this tag, else nothing.
inline ByteCursor ber_if(ByteCursor& from, std::uint8_t tag) {
    if (from.done() || from.peek() != tag) return from.take(0);
    return next_ber(from).content;
}

}  // namespace herkomst
