// From what was said to what it means: ids, OUIs, names and fingerprints become claims of their own.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "identity/asset.h"

namespace herkomst {

// The claims that one observation leads to, itself first. Names that nobody knows are added to `unknown_vendors`.
std::vector<Claim> derive(const Observation&, const VendorDb&, std::set<std::string>& unknown_vendors);

// nic_maker (and module_maker, when the holder makes generic modules) of a MAC.
std::vector<Claim> derive_from_mac(const Mac&, const Observation& rests_on, const VendorDb&);

// Category and rated power from a model text and the vendor that is believed.
std::vector<Claim> derive_from_model(const Claim& model, const std::string& vendor, const VendorDb&);

}  // namespace herkomst
