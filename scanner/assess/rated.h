// Which findings are rated, and when a rating leads.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "assess/rating.h"

namespace herkomst {

// Rules about gaps in what is known of the assets: they are work to do on the inventory, no scenario with a likelihood.
inline constexpr std::array<std::string_view, 3> rules_about_the_inventory = {"device-unidentified", "maker-unknown",
                                                                              "rated-power-contested"};
inline bool is_rated(std::string_view rule) {
    return std::find(rules_about_the_inventory.begin(), rules_about_the_inventory.end(), rule) ==
           rules_about_the_inventory.end();
}

// With fewer than half of its inputs known a rating says more of what is not known than of the risk: until then the band that
// the rule gives leads, and this one is shown as provisional.
inline bool provisional(const Rating& rating) { return 2 * rating.known < rating.of; }

}  // namespace herkomst
