// What `herkomst --version` says.
#pragma once

#include <string>

#include "core/clock.h"

namespace herkomst {

// "herkomst 0.1.0"
std::string program_name();

// The program's name, the data it found and how old that is, a line each.
std::string version_text(Time now);

}  // namespace herkomst
