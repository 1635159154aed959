// What several exports and the report say of an asset in the same words.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "register/overview.h"

namespace herkomst {

// The believed value; empty when unknown or contested.
const std::string& value_of(const OverviewAsset&, Field);
// Of a field with several values: all of them, the winning one first.
std::vector<std::string> all_values(const OverviewAsset&, Field);
// Whether a device has one of it, so that other values are dissent and not more of the same.
bool single_valued(Field);
// A fact as text: empty when unknown.
std::string fact_text(const OverviewAsset&, std::string_view fact);
std::string as_text(const Json&);
// "a; b": the one way in which lists stand in a cell.
std::string listed(const std::set<std::string>&);
std::string listed(const std::vector<std::string>&);
// RFC 3339, empty when unknown (the epoch).
std::string time_text(Time);
// "source:frame[begin-end]", as `herkomst explain` prints it. Known sources go by their path.
std::string evidence_text(const Evidence&, const Overview&);
// The path of a source of the last run by its id; the id itself when it is of another run.
const std::string& source_name(const std::string& id, const Overview&);
// Status of control: verified, reported, unverified, contested, none (maker known, no claim), unknown (no maker).
std::string control_status(const OverviewAsset&);
// Country of the maker's own seat (headquarters, else registration) where sourced claims agree on one; empty otherwise.
std::string seat_of(const OverviewAsset&, const Overview&);

using AssetsByUid = std::unordered_map<std::string_view, const OverviewAsset*>;
AssetsByUid assets_by_uid(const Overview&);

}  // namespace herkomst
