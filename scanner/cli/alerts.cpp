// The alerts of `listen`: what a run brought that was not there before, as lines of JSON.
#include <map>

#include "cli/keeper.h"
#include "core/json.h"
#include "identity/paths.h"
#include "register/overview.h"

namespace herkomst {

namespace {

void put(Json& object, std::string_view key, const std::string& text) {
    if (!text.empty()) object[key] = text;
}

}  // namespace

std::string path_key(std::string_view asset, const Path& path) {
    return std::string(asset) + "|" + path.kind + "|" + path.to + "|" + path.opened_by;
}

std::uint64_t tell_alerts(const Register& site, const VendorDb& db, const RunReceipt& receipt,
                          const std::vector<const Path*>& paths, std::set<std::string>& told, Time at,
                          std::string_view language, Notices& notices) {
    const bool dutch = language == "nl";
    const Overview all = overview(site, &db);
    for (const OverviewAsset& asset : all.assets) {
        if (asset.first_run != receipt.run) continue;
        Json line = Json::object();
        line["type"] = "alert";
        line["alert"] = "new_asset";
        line["at"] = rfc3339(at);
        line["run"] = receipt.run;
        line["asset"] = asset.uid;
        line["kind"] = asset.kind;
        put(line, "label", asset.label);
        put(line, "parent", asset.parent);
        put(line, "maker", asset.maker_name);
        put(line, "country", asset.country);
        for (const Field field : {Field::brand, Field::model, Field::serial, Field::category}) {
            const Belief* belief = asset.belief(field);
            if (belief != nullptr) put(line, name(field), belief->value);
        }
        for (const auto& [key, values] : {std::pair{"mac", &asset.identifiers.mac}, std::pair{"ip", &asset.identifiers.ip}}) {
            for (const std::string& value : *values) line[key].push(value);
        }
        notices.alert(line);
    }
    std::map<std::string, const OverviewAsset*, std::less<>> by_key;
    for (const OverviewAsset& asset : all.assets) by_key[asset.key] = &asset;
    for (const Path* path : paths) {
        const auto asset = by_key.find(path->asset);
        // Its key changes when more becomes known of a device; its uid does not.
        if (!told.insert(path_key(asset == by_key.end() ? path->asset : asset->second->uid, *path)).second) continue;
        Json line = to_json(*path);
        line["type"] = "alert";
        line["alert"] = "new_path";
        line["at"] = rfc3339(at);
        line["run"] = receipt.run;
        if (asset != by_key.end()) {
            line["asset"] = asset->second->uid;
            put(line, "label", asset->second->label);
        }
        notices.alert(line);
    }
    std::uint64_t findings = 0;
    for (const OverviewFinding& one : all.findings) {
        bool fresh = one.opened == at;
        if (!fresh && receipt.reopened != 0) {
            for (const RegisterEvent& event : events_of(site, "finding", one.finding.id)) {
                fresh = fresh || (event.run == receipt.run && event.event == "reopened");
            }
        }
        if (!fresh) continue;
        ++findings;
        Json line = Json::object();
        line["type"] = "alert";
        line["alert"] = "new_finding";
        line["at"] = rfc3339(at);
        line["run"] = receipt.run;
        line["finding"] = one.finding.id;
        line["rule"] = one.finding.rule;
        line["band"] = name(one.finding.band);
        line["leading_band"] = name(one.leading());
        line["subject"] = JsonObject{{"kind", Json(one.finding.subject.kind)}, {"key", Json(one.finding.subject.key)}};
        put(line, "label", dutch ? one.subject_texts.nl : one.subject_texts.en);
        put(line, "title", dutch ? one.finding.title.nl : one.finding.title.en);
        put(line, "because", dutch ? one.finding.because.nl : one.finding.because.en);
        notices.alert(line);
    }
    return findings;
}

}  // namespace herkomst
