// Which findings are rated, and when a rating leads.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "assess/rating.h"

namespace herkomst {

// Rules about gaps in what is known of the assets: they are work to do on the inventory, no scenario with a likelihood.
inline constexpr std::array<std::string_view, 4> rules_about_the_inventory = {
    "device-unidentified", "maker-unknown", "rated-power-contested", "rated-power-without-category"};
inline bool is_rated(std::string_view rule) {
    return std::find(rules_about_the_inventory.begin(), rules_about_the_inventory.end(), rule) ==
           rules_about_the_inventory.end();
}

// Which band leads. With few of its inputs answered a rating says more of what is not known than of the risk: until people have
// said something of half of them ("do not know" is something), the band that the rule gives leads, and the rating is shown as
// provisional. From then on the rating leads once people have answered half; while they did not know too many of them, it may
// raise the rule's band and not lower it.
//
// So an input that becomes unknown never lowers the band: what people said of an input is said for good (an answer that has
// ended is a "do not know"), what is unknown counts as the worst answer, and what only the scan knows decides neither.
enum class Leads : std::uint8_t { Rule, Higher, Rating };
inline Leads leads(unsigned asked, unsigned answered, unsigned of) {
    if (2 * asked < of || of == 0) return Leads::Rule;
    return 2 * answered < of ? Leads::Higher : Leads::Rating;
}
inline Leads leads(const Rating& rating) { return leads(rating.asked, rating.answered, rating.of); }
inline Band leading_band(Band rule, Leads leads, Band residual) {
    if (leads == Leads::Rule) return rule;
    return leads == Leads::Higher ? std::max(rule, residual) : residual;
}
inline Band leading_band(Band rule, const Rating& rating) { return leading_band(rule, leads(rating), rating.residual); }
// Whether it is the rating whose band that is.
inline bool rating_decides(Band rule, const Rating& rating) {
    const Leads by = leads(rating);
    return by == Leads::Rating || (by == Leads::Higher && rating.residual > rule);
}
inline bool provisional(const Rating& rating) { return leads(rating) != Leads::Rating; }
inline std::string_view name(Leads leads) {
    return leads == Leads::Rule ? "rule" : leads == Leads::Higher ? "higher" : "rating";
}

}  // namespace herkomst
