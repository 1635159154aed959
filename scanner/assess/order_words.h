// The fact order_others as people read it.
#pragma once

#include <string>
#include <string_view>

#include "core/text.h"

namespace herkomst {

inline constexpr std::string_view possibly_ordered = "possibly ";
// The key of an order that is only supposed (simulate.h).
inline constexpr std::string_view supposed_order = "(supposed)";

// "KEY (legal basis), deadline": what of it is known.
inline std::string order_text(std::string_view key, std::string_view basis, std::string_view deadline) {
    std::string out(key);
    if (!basis.empty()) out.append(" (").append(basis).append(")");
    if (!deadline.empty()) out.append(", ").append(deadline);
    return out;
}
// ", for EX-100 (and others: 3)": the assets of a question that an order may mean.
inline std::string order_for(std::string_view label, std::size_t others) {
    std::string out = ", for " + std::string(label);
    return others == 0 ? out : out + " (and others: " + std::to_string(others) + ")";
}

inline std::string other_orders(std::string_view others, bool dutch) {
    if (others == "none") return dutch ? "geen" : "none";
    std::string out;
    for (const std::string_view each : split(others, ';')) {
        std::string one(trimmed(each));
        if (const std::size_t at = one.find(supposed_order); at != std::string::npos)
            one.replace(at, supposed_order.size(), dutch ? "een verondersteld besluit" : "a supposed order");
        if (dutch && one.starts_with(possibly_ordered)) one.replace(0, possibly_ordered.size(), "mogelijk ");
        if (const std::size_t at = one.rfind(", for "); dutch && at != std::string::npos) one.replace(at, 6, ", voor ");
        if (const std::size_t at = one.rfind(" (and others: "); dutch && at != std::string::npos)
            one.replace(at, 14, " (en andere: ");
        out.append(out.empty() ? "" : "; ").append(one);
    }
    return out;
}

}  // namespace herkomst
