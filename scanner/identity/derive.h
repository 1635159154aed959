// From what was said to what it means: ids, OUIs, names and fingerprints become claims of their own.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "identity/asset.h"

namespace herkomst {

// The claims that one observation leads to, itself first. Names that nobody knows are added to `unknown_vendors`.
std::vector<Claim> derive(const Observation&, const VendorDb&, std::set<std::string>& unknown_vendors);

// The kinds of evidence (vendordb/fingerprints, attribute `matches`) that a text of this field, said by this method, is tried
// as, in that order; and all kinds that anything is tried as.
std::vector<std::string_view> evidence_kinds(Field, std::string_view method);
std::set<std::string_view> evidence_kinds();

// nic_maker (and module_maker, when the holder makes generic modules) of a MAC.
std::vector<Claim> derive_from_mac(const Mac&, const Observation& rests_on, const VendorDb&);

// Category and rated power from a model text and the vendor that is believed.
std::vector<Claim> derive_from_model(const Claim& model, const std::string& vendor, const VendorDb&);

}  // namespace herkomst
