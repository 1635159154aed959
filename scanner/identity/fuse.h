// Claims become one belief per field: the strongest, then the one that most independent methods give, then the most recent.
#pragma once

#include <map>
#include <vector>

#include "identity/asset.h"

namespace herkomst {

// Never a vote: dissent is kept. For maker, brand and serial two equally strong values that vendordb knows no relation between
// leave the belief contested, without a value. Times before 1990 or later than `now` + 1 day never win by recency.
std::map<Field, Belief> fuse(const std::vector<Claim>&, const VendorDb&, Time now);

}  // namespace herkomst
