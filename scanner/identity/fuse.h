// Claims become one belief per field: the strongest, then the one that most independent methods give, then the most recent.
#pragma once

#include <map>
#include <vector>

#include "identity/asset.h"

namespace herkomst {

// Never a vote: dissent is kept. For maker, brand and serial two equally strong values that vendordb knows no relation between
// leave the belief contested, without a value, and so do two rated powers that differ by more than a tenth; where one method
// gave two of these, several devices are behind one address, and model, product, hardware and firmware that it also gave twice
// are contested with them. A brand or maker that is only hinted is matched where the network interface's number is the same
// vendor's. Times before 1990 or later than `now` + 1 day never win by recency.
std::map<Field, Belief> fuse(const std::vector<Claim>&, const VendorDb&, Time now);

}  // namespace herkomst
