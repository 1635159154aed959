// Rated power as text and back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace herkomst {

// "100000", "100 kW": in watts.
std::optional<std::int64_t> watts(std::string_view text);
// Two sources that contradict each other: by more than a tenth of the larger.
bool powers_differ(std::int64_t, std::int64_t);
// As people read it: "850 W", "52.5 kW", from 10 MW on "111.2 MW"; in Dutch with a comma, and points between thousands.
std::string power_text(std::int64_t watts, bool dutch);

}  // namespace herkomst
