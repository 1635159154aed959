// Which fields of an asset a column of `facts` rests on: what `explain ASSET FIELD` goes by.
#pragma once

#include <string_view>
#include <vector>

#include "core/field.h"

namespace herkomst {

// In the order in which the column uses them; empty for what rests on no claim about the asset (answers of people, orders, the
// site), for how to call it, and for what is no column.
std::vector<Field> fields_behind(std::string_view fact);

}  // namespace herkomst
