// What people wrote, as a terminal may show it: what would move its cursor, clear it or begin a new line stands there as \x1b,
// \n.
#pragma once

#include <string>
#include <string_view>

namespace herkomst {

// C0, DEL and C1 (U+0080 to U+009F), and each byte that is no part of a UTF-8 character; everything else as it is.
std::string escaped(std::string_view);

}  // namespace herkomst
