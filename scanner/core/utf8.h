// Well-formed UTF-8 (Unicode 15, table 3-7).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace herkomst {

// Length in bytes of the character that starts at `at`; 0 when there is no well-formed one.
std::size_t utf8_length(std::string_view text, std::size_t at);
// Whether all of it is well-formed.
bool is_utf8(std::string_view);
// Appends the character of a code point that is no surrogate and at most 0x10ffff.
void append_utf8(std::string& out, std::uint32_t point);

}  // namespace herkomst
