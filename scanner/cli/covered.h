// Which bytes of a claim's place are shown, and which are covered.
//
// A decoder of JSON points at the whole text, in which also stands what is not collected: names that people gave to their
// things, the number of a card, an account. When the bytes are read again for somebody to look at, the texts in it that are not
// part of what is claimed are covered; names of keys, numbers and what is claimed stay.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace herkomst {

// One per byte: true where it is covered. Bytes that are no JSON with texts are all shown. O(bytes times size of the value).
std::vector<bool> covered_bytes(std::span<const std::uint8_t> place, std::string_view value);

}  // namespace herkomst
