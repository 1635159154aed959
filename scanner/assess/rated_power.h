// What all sources say of a device's rated power. Internal to this folder.
//
// The strongest counts, in this order: answer, nameplate, product line, inventory. A product line is no stronger than the word
// for the model that it goes by: where an inventory gives both model and power, the two are equally strong. Sources that differ
// by more than a tenth contradict each other, and all of them stand in the row; where they are equally strong none counts, and
// sums reckon with the least of them as what is there at least.
#pragma once

#include <cstdint>
#include <string_view>

#include "assess/facts_table.h"
#include "identity/asset.h"

namespace herkomst {

// rated_power, rated_power_by, and where they differ rated_power_low, rated_power_high and rated_power_claims.
void put_rated_power(Facts&, const Asset&);
// What the product line says, beside that.
void put_product_power(Facts&, std::int64_t watts, bool fixed);
// Of a row that is otherwise whole: rated_power_contested. An answer of a person settles it.
void settle_rated_power(Facts&);

// A power device, or one with a rated power of which it is not known what it is: it counts until somebody says.
bool counts_as_power(const Facts&);

}  // namespace herkomst
