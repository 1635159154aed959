#include "core/power.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "core/text.h"

namespace herkomst {

std::optional<std::int64_t> watts(std::string_view text) {
    text = trimmed(text);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || value < 0 || value > 1e12) return std::nullopt;
    const std::string unit = lower(trimmed(std::string_view(end, static_cast<std::size_t>(text.data() + text.size() - end))));
    if (unit.empty() || unit == "w") return static_cast<std::int64_t>(value);
    if (unit == "kw") return static_cast<std::int64_t>(value * 1000);
    return std::nullopt;
}

bool powers_differ(std::int64_t a, std::int64_t b) { return std::abs(a - b) > std::max(a, b) / 10; }

std::string power_text(std::int64_t watts, bool dutch) {
    const bool small = watts < 1000;
    const bool large = watts >= 10'000'000;
    const std::int64_t unit = small ? 1 : large ? 1'000'000 : 1000;
    const std::int64_t tenths = std::max<std::int64_t>((watts * 10 + unit / 2) / unit, 0);
    std::string out = std::to_string(tenths / 10);
    for (std::size_t at = out.size(); at > 3; at -= 3) out.insert(at - 3, dutch ? "." : ",");
    if (tenths % 10 != 0) out += (dutch ? "," : ".") + std::to_string(tenths % 10);
    return out + (small ? " W" : large ? " MW" : " kW");
}

}  // namespace herkomst
