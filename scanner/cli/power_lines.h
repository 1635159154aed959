// What the summary says about switchable power.
#pragma once

#include <string>
#include <string_view>

#include "register/overview.h"

namespace herkomst {

// The site and each jurisdiction with switchable power: what is certain, how it is known, and of how many it is not known.
// Empty when there is no power device.
std::string power_lines(const Overview&, std::string_view language);

}  // namespace herkomst
