// Programs that a device says it runs, as assets of their own: kind `software`, `parent` the device.
//
// One where a text of the device (a Server header, a banner, an operating system, a description) matched a fingerprint that
// names the maker of that software, and vendordb knows him. Its `product` is that text, its supplier stays a `stack_maker`:
// to whoever reads a device with what is on it, `maker` is the device's alone. A name that a device merely connected to shows
// no program: that is a path (identity/paths.h). At most `software_per_device` per device, the first by maker and name as they
// come in order of claims.
#pragma once

#include <vector>

#include "identity/asset.h"

namespace herkomst {

inline constexpr std::size_t software_per_device = 8;

// Of every asset that is there, in order of key. Pure.
std::vector<Asset> software_of(const std::vector<Asset>&, const VendorDb&, Time now);

}  // namespace herkomst
