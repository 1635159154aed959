// The pages of `herkomst vendors`: what search, show, chain and ids print. Text for people, or NDJSON rows with a "type".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "vendordb/vendordb.h"

namespace herkomst {

std::string vendor_page(const VendorDb&, const Vendor&, std::string_view language);
std::string chain_page(const VendorDb&, const Vendor&, std::string_view language);
std::string ids_page(const VendorDb&, const Vendor&, std::string_view language);
// Only the steps, the jurisdiction and why it ends there: of chain_page and of an assessment.
std::string chain_lines(const VendorDb&, const Vendor&, std::string_view language);
// What is on record about a country, with sources.
std::string jurisdiction_lines(const VendorDb&, std::string_view country, std::string_view language);
// The lists that name the vendor, an owner of it that controls, or the country of control; and the lists that do not.
std::string list_lines(const VendorDb&, const Vendor&, std::string_view language);
std::string capability_lines(const VendorDb&, const Vendor&, const std::string& category, std::string_view language);

std::vector<Json> vendor_rows(const VendorDb&, const Vendor&);
std::vector<Json> chain_rows(const VendorDb&, const Vendor&);
std::vector<Json> id_rows(const VendorDb&, const Vendor&);
std::vector<Json> list_rows(const VendorDb&, const Vendor&);

}  // namespace herkomst
