// What vendordb says about a party: who controls it, what authorities say of its jurisdiction, which lists name it. Internal to
// this folder. Only sourced claims count: an unsourced one leaves the answer unknown.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "assess/assess.h"
#include "core/json.h"
#include "vendordb/vendordb.h"

namespace herkomst {

struct PartyOrigin {
    std::string country;  // only when it counts
    std::string status;   // verified, reported, unverified, contested, none
    std::string top;      // who stands on top of the chain: slug, or a name without a file; empty: not known
    // A state anywhere on the sourced chain counts; "no" must be said of the party itself and of every owner.
    std::optional<bool> state_control;
    // Keys of lists, each between blanks (" us-ndaa-889 us-fcc-covered "), so that LIKE '% key %' finds a whole one; " ": none.
    std::string lists;          // naming it or an owner on its chain
    std::string lists_builder;  // naming a company that builds products for it
    std::string lists_any;      // naming it, an owner on its chain, or its jurisdiction
};
struct CountryOrigin {
    Json offensive;  // 1, 0 or null
    Json strained;
    Json compelled;
    std::string lists;
};

// Remembers what it looked up: few parties make many assets.
class Supply {
  public:
    explicit Supply(const VendorDb& db) : db_(db) {}
    const PartyOrigin& party(const std::string& slug);
    const CountryOrigin& place(const std::string& country);
    [[nodiscard]] const VendorDb& db() const { return db_; }

  private:
    const VendorDb& db_;
    std::map<std::string, PartyOrigin, std::less<>> parties_;
    std::map<std::string, CountryOrigin, std::less<>> places_;
};

// What complete() of assess.h does, for many rows.
void complete(FactsRow&, Supply&);

inline Json flag_or_null(std::optional<bool> flag) { return flag ? Json(*flag ? 1 : 0) : Json(); }
inline Json text_or_null(std::string_view text) { return text.empty() ? Json() : Json(text); }

bool is_power_category(std::string_view category);

}  // namespace herkomst
