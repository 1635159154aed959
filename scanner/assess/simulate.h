// What would the rules say if something were otherwise? Rows of facts and what is changed in them, before and after.
//
// Nothing is read or written but the arguments; `herkomst rules simulate` holds it against a register that it opens for
// reading.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "assess/assess.h"

namespace herkomst {

// All of these at once.
struct WhatIf {
    std::vector<std::string> jurisdictions;  // countries: considerations 1 and 2 would be answered with yes
    std::vector<std::string> vendors;        // slugs: the same for this party alone, whatever its country
    std::vector<std::string> ordered_out;    // slugs: an authority would order it out
    std::vector<std::string> cut_assets;     // keys of rows: their paths to the outside would be demonstrably cut
    std::vector<std::string> cut_parties;    // slugs: the same for all assets of this maker, or with this cloud
    bool cut_all = false;
};

struct Simulated {
    struct Change {
        std::string what;  // opened, closed, band, asked, not_asked
        Finding finding;   // as after; of a closed one or a question that goes, as before
        Band before{};
        Band after{};
    };
    struct Power {
        std::string kind;
        std::string key;
        Texts title;
        std::int64_t before = 0;  // switchable, W, what is certain
        std::int64_t after = 0;
        std::uint64_t unknown_before = 0;  // devices that may be switchable, or are and have no known rating
        std::uint64_t unknown_after = 0;
    };
    std::vector<Change> changes;  // by what, band descending, rule, subject
    std::vector<Power> powers;    // groups whose switchable power is another, by kind and key
    std::size_t rows_changed = 0;
};

// One thing that is supposed, in words that nobody takes for a claim, and as data: kind (jurisdiction, vendor, order, cut),
// key, option (as it was asked).
struct Supposition {
    Texts words;
    std::string kind;
    std::string key;
    std::string option;
};
std::vector<Supposition> suppositions(const WhatIf&, const std::vector<FactsRow>&, const VendorDb&);

Simulated simulate(std::vector<FactsRow>, const WhatIf&, const VendorDb&, const PolicyPacks&, const AssessOptions&);

}  // namespace herkomst
