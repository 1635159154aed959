// Programs that a device says it runs, as assets of their own: kind `software`, `parent` the device.
//
// One where a text of the device (a Server header, a banner, an operating system, a description) matched a fingerprint that
// names the maker of that software, and vendordb knows him; or where the device asked a server that a source ties to one
// product (identity/services.h). Its `product` is that text or product, its supplier stays a `stack_maker`: to whoever reads a
// device with what is on it, `maker` is the device's alone. At most `software_per_device` per device, the first by maker and
// name as they come in order of claims, what it says of itself before what it asks.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "identity/asset.h"
#include "identity/services.h"

namespace herkomst {

inline constexpr std::size_t software_per_device = 8;

using Asked = std::map<std::string, std::vector<ServiceAsked>>;  // services_asked

// Of every asset that is there, in order of key. Pure.
std::vector<Asset> software_of(const std::vector<Asset>&, const Asked&, const VendorDb&, Time now);

}  // namespace herkomst
