// CycloneDX 1.6 (ECMA-424): what the site is made of, as an operations bill of materials.
//
// A device is a component of type "device" with its maker as `manufacturer`; the country of that address is the maker's own
// seat where vendordb has a source for it. Where control falls is another claim and stands in `herkomst:control-country`.
// Firmware and operating system are nested components; so are the parts of a device. What the network showed is never the
// whole: the composition is "incomplete". Risks of origin are no vulnerabilities: findings are named, the register holds them.
#include <algorithm>
#include <map>

#include "assess/told.h"
#include "core/text.h"
#include "exports/export.h"
#include "exports/rows.h"
#include "exports/uuid.h"

namespace herkomst::exports {

namespace {

constexpr std::size_t version_max = 1024;  // by the schema

// CycloneDX wants a number: ours only keeps the order of the strengths.
double confidence(Strength strength) {
    switch (strength) {
        case Strength::Hinted:
            return 0.2;
        case Strength::Listed:
            return 0.4;
        case Strength::Matched:
            return 0.6;
        case Strength::Stated:
            return 0.8;
        case Strength::Confirmed:
            return 1.0;
    }
    return 0;
}

std::string_view technique(std::string_view method, Strength strength) {
    if (strength == Strength::Confirmed) return "attestation";
    if (strength == Strength::Listed) return "manifest-analysis";
    if (method == "oui" || method == "alias" || method.starts_with("id:")) return "other";
    return "dynamic-analysis";
}

void property(Json& properties, std::string_view name, std::string_view value) {
    if (value.empty()) return;
    Json each = Json::object();
    each["name"] = name;
    each["value"] = value;
    properties.push(std::move(each));
}

Json identity(std::string_view field, const Belief& belief) {
    Json out = Json::object();
    out["field"] = field;
    out["confidence"] = confidence(belief.strength);
    out["concludedValue"] = belief.value;
    Json methods = Json::array();
    for (const std::string& method : belief.methods) {
        Json each = Json::object();
        each["technique"] = technique(method, belief.strength);
        each["confidence"] = confidence(belief.strength);
        each["value"] = method;
        methods.push(std::move(each));
    }
    if (!methods.items().empty()) out["methods"] = std::move(methods);
    return out;
}

Json organisation(const std::string& named, const std::string& country) {
    Json out = Json::object();
    out["name"] = named;
    if (!country.empty()) out["address"]["country"] = country;
    return out;
}

class Bill {
  public:
    explicit Bill(const Overview& overview) : overview_(overview) {
        const AssetsByUid known = assets_by_uid(overview);
        for (const OverviewAsset& asset : overview.assets) {
            // A parent that is itself below this asset would hide both: such an asset stands at the top.
            if (!asset.parent.empty() && known.contains(asset.parent) && !circular(asset, known)) {
                parts_[asset.parent].push_back(&asset);
            } else {
                top_.push_back(&asset);
            }
        }
        for (const auto* list : {&overview.findings, &overview.questions}) {
            for (const OverviewFinding& held : *list) {
                if (held.finding.subject.kind == "asset") findings_[held.finding.subject.key].push_back(&held);
            }
        }
    }

    Json components() const {
        Json out = Json::array();
        for (const OverviewAsset* asset : top_) out.push(component(*asset));
        return out;
    }

  private:
    static bool circular(const OverviewAsset& asset, const AssetsByUid& known) {
        std::size_t steps = 0;
        for (const OverviewAsset* at = &asset; !at->parent.empty(); ++steps) {
            const auto found = known.find(at->parent);
            if (found == known.end()) return false;
            at = found->second;
            if (at == &asset || steps > known.size()) return true;
        }
        return false;
    }

    static Json inside(const OverviewAsset& asset, Field field, std::string_view type) {
        const Belief* belief = asset.belief(field);
        if (belief == nullptr || belief->contested || belief->value.empty()) return {};
        Json out = Json::object();
        out["type"] = type;
        out["bom-ref"] = std::string(type) + ":" + asset.uid;
        if (field == Field::firmware) {
            const std::string& model = value_of(asset, Field::model);
            out["name"] = model.empty() ? std::string("firmware") : model + " firmware";
            out["version"] = clean(belief->value, version_max);
            out["evidence"]["identity"].push(identity("version", *belief));
        } else {
            out["name"] = belief->value;
            out["evidence"]["identity"].push(identity("name", *belief));
        }
        return out;
    }

    [[nodiscard]] Json component(const OverviewAsset& asset) const {
        Json out = Json::object();
        out["type"] = asset.kind == "software" || asset.kind == "service" ? "application" : "device";
        out["bom-ref"] = "asset:" + asset.uid;
        const Belief* model = asset.belief(Field::model);
        if (model == nullptr || model->contested || model->value.empty()) model = asset.belief(Field::product);
        const bool named = model != nullptr && !model->contested && !model->value.empty();
        out["name"] = named ? model->value : asset.label.empty() ? asset.uid : asset.label;
        if (const std::string& hardware = value_of(asset, Field::hardware); !hardware.empty()) {
            out["version"] = clean(hardware, version_max);
        }
        const std::string maker = asset.maker_name.empty() ? value_of(asset, Field::maker) : asset.maker_name;
        if (!maker.empty()) out["manufacturer"] = organisation(maker, seat_of(asset, overview_));
        if (named) out["evidence"]["identity"].push(identity("name", *model));
        for (const std::string& ip : asset.identifiers.ip) {
            Json where = Json::object();
            where["location"] = ip;
            out["evidence"]["occurrences"].push(std::move(where));
        }
        Json inner = Json::array();
        for (const auto& [field, type] : {std::pair(Field::firmware, "firmware"), std::pair(Field::os, "operating-system")}) {
            // A hint is no entry in a bill of materials.
            const Belief* held = asset.belief(field);
            if (held == nullptr || held->strength == Strength::Hinted) continue;
            if (Json each = inside(asset, field, type); !each.is_null()) inner.push(std::move(each));
        }
        if (const auto parts = parts_.find(asset.uid); parts != parts_.end()) {
            for (const OverviewAsset* part : parts->second) inner.push(component(*part));
        }
        if (!inner.items().empty()) out["components"] = std::move(inner);
        out["properties"] = properties(asset);
        if (const auto findings = findings_.find(asset.uid); findings != findings_.end()) {
            Json references = Json::array();
            for (const OverviewFinding* held : findings->second) {
                Json each = Json::object();
                each["type"] = "risk-assessment";
                each["url"] = "register.json#" + held->finding.id;
                each["comment"] = std::string(name(held->finding.verdict)) + ", " + std::string(name(held->leading())) + ", " +
                                  held->finding.rule;
                references.push(std::move(each));
            }
            out["externalReferences"] = std::move(references);
        }
        return out;
    }

    Json properties(const OverviewAsset& asset) const {
        Json out = Json::array();
        property(out, "cdx:device:serialNumber", value_of(asset, Field::serial));
        for (const std::string& mac : asset.identifiers.mac) property(out, "cdx:device:macAddress", mac);
        property(out, "cdx:device:function", fact_text(asset, "category"));
        property(out, "cdx:device:location", value_of(asset, Field::location));
        property(out, "herkomst:uid", asset.uid);
        property(out, "herkomst:kind", asset.kind);
        property(out, "herkomst:label", asset.label);
        property(out, "herkomst:maker", asset.maker);
        property(out, "herkomst:control-country", asset.country);
        property(out, "herkomst:control-status", control_status(asset));
        for (const std::string& path : asset.identifiers.path) property(out, "herkomst:path", path);
        for (const std::string& hostname : asset.identifiers.hostname) property(out, "herkomst:hostname", hostname);
        for (const Field field : {Field::brand, Field::nic_maker, Field::module_maker, Field::stack_maker,
                                  Field::cloud_operator, Field::rated_power}) {
            property(out, "herkomst:" + std::string(name(field)), value_of(asset, field));
        }
        for (const char* fact : {"remote_documented", "remote_exposed", "remote_observed", "remote_blocked"}) {
            property(out, "herkomst:" + std::string(fact), fact_text(asset, fact));
        }
        for (const auto& [field, held] : asset.beliefs) {
            if (!single_valued(field)) continue;
            const std::string key =
                std::string(held.belief.contested ? "herkomst:contested:" : "herkomst:dissent:") + std::string(name(field));
            for (const std::string& other : held.belief.dissent) property(out, key, other);
        }
        property(out, "herkomst:last-seen", time_text(asset.last_seen));
        return out;
    }

    const Overview& overview_;
    std::vector<const OverviewAsset*> top_;
    std::map<std::string, std::vector<const OverviewAsset*>> parts_;
    std::map<std::string, std::vector<const OverviewFinding*>> findings_;
};

std::vector<ExportFile> make_cyclonedx(const Overview& overview, const ExportOptions& options) {
    Json bom = Json::object();
    bom["$schema"] = "http://cyclonedx.org/schema/bom-1.6.schema.json";
    bom["bomFormat"] = "CycloneDX";
    bom["specVersion"] = "1.6";
    bom["version"] = 1;
    bom["components"] = Bill(overview).components();

    const std::string site = overview.site.empty() ? "site" : overview.site;
    Json& metadata = bom["metadata"];
    metadata["timestamp"] = rfc3339(overview.run.at);
    for (const char* phase : {"discovery", "operations"}) metadata["lifecycles"].push(JsonObject{{"phase", phase}});
    const std::size_t blank = overview.run.program.find(' ');
    Json tool = Json::object();
    tool["type"] = "application";
    tool["name"] = "herkomst";
    if (blank != std::string::npos) tool["version"] = overview.run.program.substr(blank + 1);
    metadata["tools"]["components"].push(std::move(tool));
    metadata["component"] = JsonObject{{"type", "platform"}, {"bom-ref", "site"}, {"name", site}};
    Json about = Json::array();
    property(about, "herkomst:tlp", "TLP:" + overview.tlp);
    property(about, "herkomst:disclaimer", disclaimer_line(options.lang));
    property(about, "herkomst:vendordb", overview.run.vendordb);
    property(about, "herkomst:rules", overview.run.rules);
    metadata["properties"] = std::move(about);

    Json composition = Json::object();
    composition["aggregate"] = "incomplete";
    composition["assemblies"].push("site");
    bom["compositions"].push(std::move(composition));

    bom["serialNumber"] = "urn:uuid:" + uuid_of(write_json(bom));
    return {{"bom.cdx.json", (options.compact ? write_json(bom) : write_json_pretty(bom)) + "\n"}};
}

}  // namespace

Export cyclonedx() {
    return {"cyclonedx", "bill of materials for asset and supply-chain tools", "CycloneDX 1.6 (ECMA-424)", "bom.cdx.json",
            make_cyclonedx};
}

}  // namespace herkomst::exports
