// What can be said of a maker or a model before anything is bought or captured.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assess/assess.h"
#include "core/json.h"
#include "vendordb/vendordb.h"

namespace herkomst {

// What a person means by "Sungrow", "SG110CX" or "Sungrow SG110CX".
struct Meant {
    const Vendor* vendor = nullptr;
    std::string model;                            // what is left after the name; may be empty
    std::optional<VendorDb::ProductHit> product;  // the product line that the model text belongs to
    std::vector<const Vendor*> several;           // a model text that several makers' lines match: nobody is guessed
    std::string unknown;                          // the text, when nothing here knows it
};
Meant meant_by(const VendorDb&, const std::string& text);

// One asset as it would be, known by nothing but this: the rules judge it like any other.
Assessment assess_one(const VendorDb&, const Meant&, const PolicyPacks&);

// Without packs no rule is applied, and that is said.
std::string assessment_page(const VendorDb&, const Meant&, const PolicyPacks*, std::string_view language);
std::vector<Json> assessment_rows(const VendorDb&, const Meant&, const PolicyPacks*);

}  // namespace herkomst
