#include "exports/rows.h"

#include "core/text.h"

namespace herkomst {

namespace {
const std::string nothing;
}

const std::string& value_of(const OverviewAsset& asset, Field field) {
    const Belief* belief = asset.belief(field);
    return belief == nullptr || belief->contested ? nothing : belief->value;
}

std::vector<std::string> all_values(const OverviewAsset& asset, Field field) {
    const Belief* belief = asset.belief(field);
    if (belief == nullptr) return {};
    std::vector<std::string> values = belief->dissent;
    if (!belief->value.empty()) values.insert(values.begin(), belief->value);
    return values;
}

bool single_valued(Field field) {
    switch (field) {
        case Field::brand:
        case Field::category:
        case Field::firmware:
        case Field::function:
        case Field::hardware:
        case Field::maker:
        case Field::model:
        case Field::module_maker:
        case Field::nic_maker:
        case Field::os:
        case Field::product:
        case Field::purdue_level:
        case Field::rated_power:
        case Field::serial:
        case Field::stack_maker:
            return true;
        default:
            return false;
    }
}

std::string as_text(const Json& value) {
    if (value.is_null()) return {};
    if (value.is_string()) return value.string();
    return write_json(value);
}

std::string fact_text(const OverviewAsset& asset, std::string_view fact) {
    const auto found = asset.facts.find(fact);
    return found == asset.facts.end() ? std::string() : as_text(found->second);
}

std::string listed(const std::vector<std::string>& items) { return join(items, "; "); }
std::string listed(const std::set<std::string>& items) { return listed(std::vector<std::string>(items.begin(), items.end())); }

std::string time_text(Time time) { return time == Time{} ? std::string() : rfc3339(time); }

const std::string& source_name(const std::string& id, const Overview& overview) {
    for (const RunSource& source : overview.run.sources) {
        if (source.id == id && !source.path.empty()) return source.path;
    }
    return id;
}

std::string evidence_text(const Evidence& evidence, const Overview& overview) {
    std::string out = source_name(evidence.source, overview);
    if (evidence.frame != 0) out += ':' + std::to_string(evidence.frame);
    if (evidence.end > evidence.begin) {
        out += '[' + std::to_string(evidence.begin) + '-' + std::to_string(evidence.end) + ']';
    }
    return out;
}

std::string control_status(const OverviewAsset& asset) {
    if (asset.maker.empty()) return "unknown";
    if (std::string said = fact_text(asset, "control_status"); !said.empty()) return said;
    if (asset.chain.contested) return "contested";
    return asset.country.empty() ? "none" : std::string(name(asset.chain.status));
}

std::string seat_of(const OverviewAsset& asset, const Overview& overview) {
    const auto vendor = overview.vendors.find(asset.maker);
    if (asset.maker.empty() || vendor == overview.vendors.end()) return {};
    for (const std::string_view what : {"headquarters", "registered_in"}) {
        std::set<std::string> countries;
        for (const OriginClaim& claim : vendor->second.origin) {
            if (claim.claim == what && claim.sourcing.counts() && !claim.country.empty()) countries.insert(claim.country);
        }
        if (countries.size() == 1) return *countries.begin();
        if (countries.size() > 1) return {};
    }
    return {};
}

AssetsByUid assets_by_uid(const Overview& overview) {
    AssetsByUid out;
    out.reserve(overview.assets.size());
    for (const OverviewAsset& asset : overview.assets) out.emplace(asset.uid, &asset);
    return out;
}

}  // namespace herkomst
