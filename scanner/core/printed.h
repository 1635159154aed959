// Text of others on a terminal.
#pragma once

#include <string>
#include <string_view>

namespace herkomst {

// As it is, with each control character (C0, DEL, C1) as \xNN: a file may be called anything, and a terminal obeys.
std::string printed(std::string_view);

}  // namespace herkomst
