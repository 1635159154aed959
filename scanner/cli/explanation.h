// What explain prints about one asset: see explain.cpp.
#pragma once

#include <string>
#include <string_view>

#include "register/overview.h"

namespace herkomst {

// Plain text: who it is, its findings with rule and facts, who controls the maker by which sources, and each claim with its
// source, frame and the bytes, read again. `field` limits it to one field or fact; empty: everything.
std::string explanation(const Register&, const VendorDb*, const Overview&, const OverviewAsset&, std::string_view language,
                        std::string_view field);

}  // namespace herkomst
