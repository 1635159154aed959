// DER (ITU-T X.690 section 10) over the cursor: tag, definite length, content; nothing else is accepted.
//
// `next_der` reads one element from the front of a cursor and narrows its content to exactly the length that the element
// claims, so nothing inside can reach beyond it. An indefinite length, a length of more than four bytes, a tag number above 30
// and an element that is longer than what is left fail the reading. Depth is bounded by the code that descends, which only
// goes where the structure it expects goes.
#pragma once

#include <cstdint>
#include <string>

#include "core/bytes.h"

namespace herkomst {

struct DerItem {
    std::uint8_t tag = 0;  // the identifier octet: class, constructed, number
    ByteCursor content;
    Slice whole;  // with tag and length
};

namespace der {
inline constexpr std::uint8_t boolean = 0x01;
inline constexpr std::uint8_t integer = 0x02;
inline constexpr std::uint8_t octet_string = 0x04;
inline constexpr std::uint8_t object_identifier = 0x06;
inline constexpr std::uint8_t sequence = 0x30;
inline constexpr std::uint8_t set = 0x31;
inline constexpr std::uint8_t context(unsigned number, bool constructed) {
    return static_cast<std::uint8_t>(0x80U | (constructed ? 0x20U : 0U) | number);
}
}  // namespace der

DerItem next_der(ByteCursor&);
// The next element, which must have this tag: else the reading fails.
DerItem next_der(ByteCursor&, std::uint8_t tag);
// A character string of any of X.509's types as UTF-8 (BMPString and UniversalString converted; T61 is left as bytes). Empty
// for other tags.
std::string der_text(const DerItem&);
// "2.5.4.3"; empty when it is not one, or longer than 32 bytes.
std::string der_oid(const Slice& content);

}  // namespace herkomst
