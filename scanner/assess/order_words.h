// The fact order_others as people read it.
#pragma once

#include <string>
#include <string_view>

#include "core/text.h"

namespace herkomst {

inline std::string other_orders(std::string_view others, bool dutch) {
    if (!dutch) return std::string(others);
    if (others == "none") return "geen";
    constexpr std::string_view possibly = "possibly ";
    std::string out;
    for (const std::string_view each : split(others, ';')) {
        const std::string_view one = trimmed(each);
        out += out.empty() ? "" : "; ";
        out += one.starts_with(possibly) ? "mogelijk " + std::string(one.substr(possibly.size())) : std::string(one);
    }
    return out;
}

}  // namespace herkomst
