// Text of others on a terminal.
#pragma once

#include <string>
#include <string_view>

namespace herkomst {

// As a terminal may show it: a file may be called anything, and a terminal obeys. What would move its cursor, clear it or begin
// a new line (C0, DEL, C1: U+0080 to U+009F), what would turn the order of letters about (U+202E and its like), and each byte
// that is no part of a UTF-8 character, stands there as \x1b, \n; everything else as it is.
std::string printed(std::string_view);

}  // namespace herkomst
