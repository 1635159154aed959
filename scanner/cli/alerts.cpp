// The alerts of `listen`: what a run brought that was not there before, as lines of JSON.
#include <cstdio>

#include "cli/keeper.h"
#include "core/json.h"
#include "register/overview.h"

namespace herkomst {

namespace {

void put(Json& object, std::string_view key, const std::string& text) {
    if (!text.empty()) object[key] = text;
}

void print(const Json& line) { std::printf("%s\n", write_json(line).c_str()); }

}  // namespace

std::uint64_t print_alerts(const Register& site, const VendorDb& db, const RunReceipt& receipt, Time at,
                           std::string_view language) {
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
        print(line);
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
        line["subject"] = JsonObject{{"kind", Json(one.finding.subject.kind)}, {"key", Json(one.finding.subject.key)}};
        put(line, "label", dutch ? one.subject_texts.nl : one.subject_texts.en);
        put(line, "title", dutch ? one.finding.title.nl : one.finding.title.en);
        put(line, "because", dutch ? one.finding.because.nl : one.finding.because.en);
        print(line);
    }
    std::fflush(stdout);
    return findings;
}

}  // namespace herkomst
