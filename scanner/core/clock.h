// Time in data: nanoseconds since 1970-01-01T00:00:00Z, from the input, never from a clock here.
// The one clock is read in main() (or given by --now) and handed down as a Time.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace herkomst {

using Time = std::chrono::sys_time<std::chrono::nanoseconds>;
using Nanoseconds = std::chrono::nanoseconds;

// "2026-11-21T20:15:00.123456789Z"; trailing zeros of the fraction are left out, a whole second has none. Years 0001-9999.
std::string rfc3339(Time);
// Accepts RFC 3339 with Z or an offset, and a plain date (midnight UTC). Nothing otherwise.
std::optional<Time> parse_rfc3339(std::string_view);

}  // namespace herkomst
