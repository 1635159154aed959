// CBOR (RFC 8949), bounded, without a document: the texts of one map, by their keys. What else is in it is skipped, at most
// eight levels deep; texts in pieces are not read. Nothing is allocated. O(bytes).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/bytes.h"

namespace herkomst {

// The head of an item (RFC 8949 section 3).
struct CborHead {
    unsigned major = 7;
    std::uint64_t value = 0;
    bool open = false;   // of a length that is not told
    bool close = false;  // "break"
};

inline CborHead next_cbor_head(ByteCursor& at) {
    const std::uint8_t first = at.u8();
    CborHead head{static_cast<unsigned>(first >> 5), first & 31U, false, first == 0xff};
    if (head.value == 24)
        head.value = at.u8();
    else if (head.value == 25)
        head.value = at.be16();
    else if (head.value == 26)
        head.value = at.be32();
    else if (head.value == 27)
        head.value = at.be64();
    else if (head.value == 31)
        head.open = !head.close;
    else if (head.value > 27)
        at.fail();
    return head;
}

inline void skip_cbor_item(ByteCursor& at, unsigned depth = 0) {
    const CborHead head = next_cbor_head(at);
    if (head.close || depth > 8) return at.fail();
    const bool counted = head.major == 4 || head.major == 5;
    if (head.major == 2 || head.major == 3) {
        if (head.open) return at.fail();
        return at.skip(head.value > at.left() ? SIZE_MAX : static_cast<std::size_t>(head.value));
    }
    if (head.major == 6) return skip_cbor_item(at, depth + 1);
    if (!counted) return head.open ? at.fail() : void();
    const std::uint64_t items = head.major == 5 ? head.value * 2 : head.value;
    for (std::uint64_t i = 0; (head.open || i < items) && at.ok(); ++i) {
        if (head.open && at.peek() == 0xff) return at.skip(1);
        skip_cbor_item(at, depth + 1);
    }
}

// Calls see(key, text) for each text of the map that comes next; false when it is no map, or does not end as it says.
template <class See>
bool each_cbor_text(ByteCursor& at, See see) {
    const CborHead map = next_cbor_head(at);
    if (map.major != 5 || map.close) return false;
    for (std::uint64_t i = 0; (map.open || i < map.value) && at.ok(); ++i) {
        if (map.open && at.peek() == 0xff) {
            at.skip(1);
            return at.ok();
        }
        const CborHead key = next_cbor_head(at);
        if (key.major != 3 || key.open || key.value > 64) return false;
        const Slice name = at.bytes(static_cast<std::size_t>(key.value));
        if (at.peek() >> 5 != 3) {
            skip_cbor_item(at);
            continue;
        }
        const CborHead text = next_cbor_head(at);
        if (text.open || text.value > at.left()) return false;
        const Slice value = at.bytes(static_cast<std::size_t>(text.value));
        if (at.ok()) see(name.text(), value);
    }
    return at.ok() && !map.open;
}

}  // namespace herkomst
