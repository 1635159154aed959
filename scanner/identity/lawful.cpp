#include "identity/lawful.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/text.h"
#include "identity/asset.h"
#include "vendordb/vendordb.h"

namespace herkomst {

namespace {

std::string_view party_of_category(std::string_view category) {
    if (category == "grid_operator") return "grid_operator";
    return category == "ems" ? "energy_management" : "";
}

}  // namespace

std::string_view lawful_purpose(std::string_view purpose) {
    if (starts_with_ignoring_case(purpose, "grid operator")) return "grid_operator";
    return starts_with_ignoring_case(purpose, "energy management") ? "energy_management" : "";
}

Lawful lawful_asset(const Asset& asset) {
    // What people say counts before what the device says, and a person before an inventory.
    for (const auto& [strength, by] : {std::pair(Strength::Confirmed, "person"), std::pair(Strength::Listed, "inventory")}) {
        std::set<std::string_view> said;
        for (const Claim& claim : asset.claims) {
            if (claim.field == Field::category && claim.strength == strength) said.insert(claim.value);
        }
        if (said.empty()) continue;
        const std::string_view party = said.size() == 1 ? party_of_category(*said.begin()) : std::string_view();
        return party.empty() ? Lawful{} : Lawful{std::string(party), by};
    }
    const Belief* belief = asset.belief(Field::category);
    if (belief == nullptr || belief->contested || belief->strength < Strength::Matched || belief->value != "ems") return {};
    return {"energy_management", "device"};
}

const Cloud* lawful_cloud(const IpAddress& ip, const VendorDb& db) {
    const Cloud* cloud = ip.known() ? db.cloud_at(ip) : nullptr;
    return cloud == nullptr || lawful_purpose(cloud->purpose).empty() ? nullptr : cloud;
}

Lawful lawful_address(const IpAddress& ip, const VendorDb& db) {
    const Cloud* cloud = lawful_cloud(ip, db);
    if (cloud == nullptr) return {};
    return {std::string(lawful_purpose(cloud->purpose)), "overlay " + text_of(*cloud)};
}

Lawful lawful_at(const Identified& identified, const Endpoint& end, const VendorDb& db) {
    if (Lawful found = lawful_address(end.ip, db); found.declared()) return found;
    const std::string key = asset_key_at(identified, end);
    const auto asset = std::lower_bound(identified.assets.begin(), identified.assets.end(), key,
                                        [](const Asset& each, const std::string& of) { return each.key < of; });
    if (key.empty() || asset == identified.assets.end() || asset->key != key) return {};
    return lawful_asset(*asset);
}

}  // namespace herkomst
