// Mustache templates over Json values: {{x}} is escaped for HTML, always.
#pragma once

#include <string>
#include <string_view>

#include "core/json.h"

namespace herkomst {

// Objects, arrays and booleans steer sections; numbers and strings are printed; null and "" are false. A template that cannot
// be parsed is our own mistake and aborts.
std::string render(std::string_view page, const Json& view);

}  // namespace herkomst
