// The rows of the risk register, one per finding, by scanner/exports/schema/risk-register.schema.json: what other tools for
// risk and compliance take over. Questions are rows too: what is not known is no reason to leave a risk out.
#include <algorithm>
#include <map>
#include <set>

#include "assess/told.h"
#include "exports/export.h"
#include "exports/risk_parts.h"

namespace herkomst::exports {

namespace {

// How sure it is that this is one device, by what names it (README.md, "identity").
std::string_view identity_strength(const OverviewAsset& asset) {
    std::string_view out = "weak";
    for (const std::string& each : asset.strong) {
        const bool medium = each.starts_with("station") || each.starts_with("bacnet") || each.starts_with("profinet");
        if (!medium) return "strong";
        out = "medium";
    }
    return out;
}

Json identifiers_of(const OverviewAsset& asset) {
    Json out = Json::array();
    const auto add = [&](std::string_view type, std::string_view value) {
        out.push(JsonObject{{"type", Json(type)}, {"value", Json(value)}});
    };
    for (const std::string& each : asset.strong) {
        const std::size_t colon = each.find(':');
        if (colon == std::string::npos || each.starts_with("mac:")) continue;
        add(each.substr(0, colon), each.substr(colon + 1));
    }
    for (const std::string& each : asset.identifiers.mac) add("mac", each);
    for (const std::string& each : asset.identifiers.ip) add("ip", each);
    for (const std::string& each : asset.identifiers.hostname) add("hostname", each);
    for (const std::string& each : asset.identifiers.path) add("path", each);
    return out;
}

Json subject_of(const OverviewFinding& held, const Overview& overview, const AssetsByUid& assets) {
    Json out = Json::object();
    const FindingSubject& subject = held.finding.subject;
    out["kind"] = subject.kind;
    put(out, "key", subject.key);
    put(out, "name", held.subject_label);
    const auto found = subject.kind == "asset" ? assets.find(subject.key) : assets.end();
    if (found == assets.end()) return out;
    const OverviewAsset& asset = *found->second;
    put(out, "maker", asset.maker_name);
    put(out, "maker_seat", seat_of(asset, overview));
    put(out, "country", asset.country);
    if (!asset.chain.steps.empty() && asset.chain.end == ChainEnd::Top)
        put(out, "ultimate_parent", asset.chain.steps.back().name);
    put(out, "ultimate_parent_country", asset.chain.contested ? std::string() : asset.chain.country);
    put(out, "supplier", asset.maker_name.empty() ? value_of(asset, Field::brand) : std::string());
    put(out, "role", fact_text(asset, "category"));
    put(out, "site", overview.site);
    put(out, "location", value_of(asset, Field::location));
    Json conduits = Json::array();
    for (const std::string& each : all_values(asset, Field::conduit)) conduits.push(each);
    if (!conduits.items().empty()) out["conduits"] = std::move(conduits);
    out["identity_strength"] = identity_strength(asset);
    Json identifiers = identifiers_of(asset);
    if (!identifiers.items().empty()) out["identifiers"] = std::move(identifiers);
    put(out, "model", value_of(asset, Field::model));
    put(out, "firmware", value_of(asset, Field::firmware));
    for (const char* field : {"zone", "process", "purdue", "criticality", "owner"}) put(out, field, at(asset.work, field));
    Json aliases = Json::array();
    for (const std::string& each : asset.aliases) aliases.push(each);
    if (!aliases.items().empty()) out["aliases"] = std::move(aliases);
    return out;
}

Json assessment(int likelihood, int impact, std::string_view band, std::string_view by) {
    Json out = Json::object();
    out["likelihood"] = likelihood;
    out["impact"] = impact;
    out["band"] = band;
    out["by"] = by;
    return out;
}

// What the self-assessment's criteria make of it.
Json risk_rating(const Rating& rating, const std::string& lang) {
    Json out = Json::object();
    out["criteria"] = rating.criteria;
    out["inherent"] = assessment(rating.likelihood, rating.impact, name(rating.inherent), "tool");
    out["residual"] = assessment(rating.residual_likelihood, rating.residual_impact, name(rating.residual), "tool");
    out["inputs_known"] = rating.known;
    out["inputs_all"] = rating.of;
    for (const auto& [consideration, answer] : rating.considerations) out["considerations"][consideration] = answer;
    put(out, "decision", rating.decision);
    put(out, "decision_text", rating.decision_text.in(lang));
    for (const auto& [question, input] : rating.inputs) {
        out["inputs"][question] = JsonObject{{"value", Json(input.value)}, {"from", Json(name(input.from))}};
    }
    for (const auto& [question, answer] : rating.by_measures) out["by_measures"][question] = answer;
    return out;
}

// Because of this, that can happen, so that ...: the cause is the rule's own sentence, the rest the scenario's.
Json statement_of(const OverviewFinding& held, const AssetsByUid& assets, const RiskScenario* scenario,
                  const std::string& lang) {
    Json out = Json::object();
    out["cause"] = held.finding.because.in(lang);
    out["event"] = scenario == nullptr ? held.finding.title.in(lang) : scenario->event.in(lang);
    if (scenario == nullptr) return out;
    std::string consequence = scenario->consequence.in(lang);
    const auto asset = held.finding.subject.kind == "asset" ? assets.find(held.finding.subject.key) : assets.end();
    const std::string process = asset == assets.end() ? std::string() : at(asset->second->work, "process");
    if (!process.empty()) consequence += (lang == "nl" ? " Proces: " : " Process: ") + process + ".";
    out["consequence"] = consequence;
    return out;
}

// What can be done remotely, by whom and along which path, as answered or seen.
Json condition_of(const OverviewFinding& held, const RiskData* risks) {
    Json out = Json::object();
    if (risks != nullptr) {
        if (const auto hash = risks->conditions.find(held.finding.id); hash != risks->conditions.end())
            put(out, "hash", hash->second);
    }
    if (!held.rating) return out;
    for (const auto& [key, question] : {std::pair("remote_capability", "product-remote"),
                                        std::pair("control_party", "product-party"), std::pair("reachability", "zone-reach")}) {
        const auto input = held.rating->inputs.find(question);
        if (input != held.rating->inputs.end()) put(out, key, input->second.value);
    }
    return out;
}

// Rows about single assets that a row about their group rolls up: of the same scenario.
Json children_of(const OverviewFinding& held, const Overview& overview, const RiskData* risks) {
    Json out = Json::array();
    if (held.finding.subject.kind == "asset" || risks == nullptr) return out;
    const auto scenario = [&](const std::string& rule) {
        const auto found = risks->scenarios.find(rule);
        return found == risks->scenarios.end() ? std::string() : found->second.category;
    };
    const std::string own = scenario(held.finding.rule);
    const auto group = std::find_if(overview.groups.begin(), overview.groups.end(), [&](const Group& each) {
        return each.kind == held.finding.subject.kind && each.key == held.finding.subject.key;
    });
    if (group == overview.groups.end() || own.empty()) return out;
    const std::set<std::string_view> members(group->members.begin(), group->members.end());
    for (const OverviewFinding& one : overview.findings) {
        if (one.finding.subject.kind == "asset" && members.contains(one.finding.subject.key) &&
            scenario(one.finding.rule) == own)
            out.push(one.finding.id);
    }
    return out;
}

Json row_of(const OverviewFinding& held, const Overview& overview, const AssetsByUid& assets, const ExportOptions& options,
            std::uint64_t priority) {
    const std::string& lang = options.lang;
    const RiskData* risks = options.risks;
    const Finding& finding = held.finding;
    const RiskScenario* scenario = nullptr;
    if (risks != nullptr) {
        if (const auto found = risks->scenarios.find(finding.rule); found != risks->scenarios.end()) scenario = &found->second;
    }
    Json out = Json::object();
    out["risk"] = finding.id;
    out["priority"] = priority;
    out["scenario"] = finding.rule;
    out["version"] = finding.version;
    out["policy"] = finding.policy;
    out["scope"] = finding.subject.kind;
    out["subject"] = subject_of(held, overview, assets);
    Json children = children_of(held, overview, risks);
    if (!children.items().empty()) out["children"] = std::move(children);
    if (scenario != nullptr) {
        out["category"] = scenario->category;
        for (const std::string& code : scenario->obligations) out["obligations"].push(code);
    }
    out["title"] = finding.title.in(lang);
    out["statement"] = statement_of(held, assets, scenario, lang);
    Json condition = condition_of(held, risks);
    if (!condition.members().empty()) out["condition"] = std::move(condition);
    out["advice"] = finding.advice.in(lang);
    out["decided_by_facts"] = finding.verdict == Ruling::Open;
    Json missing = Json::array();
    for (const std::string& each : finding.missing) missing.push(each);
    if (!missing.items().empty()) out["missing"] = std::move(missing);
    EvidenceIds ids;
    out["evidence"] = evidence_of(held, overview, assets, risks, lang, ids);
    out["considerations"] = considerations_of(held, risks, ids);
    out["inherent"] = assessment(finding.likelihood, finding.impact, name(finding.band), "tool");
    if (held.rating) out["rating"] = risk_rating(*held.rating, lang);
    out["leading_band"] = name(held.leading());
    const std::string likelihood = held.work_at("residual_likelihood");
    const std::string impact = held.work_at("residual_impact");
    if (!likelihood.empty() && !impact.empty()) {
        out["residual"] = assessment(likelihood[0] - '0', impact[0] - '0', held.work_at("residual_band"), "human");
        put(out["residual"], "rationale", held.work_at("residual_why"));
        const RiskEvent* said = last_that_set(risks, finding.id, "residual_band");
        if (said != nullptr) {
            put(out["residual"], "who", said->by);
            put(out["residual"], "at", time_text(said->at));
        }
    }
    out["status"] = held.status;
    out["observation"] = held.observation;
    if (held.closure_candidate) out["closure_candidate"] = true;
    for (const char* field : {"owner", "due", "review_by", "response", "closure_reason", "note"})
        put(out, field, held.work_at(field));
    if (held.status == "accepted") {
        Json acceptance = Json::object();
        put(acceptance, "by", held.work_at("accepted_by"));
        put(acceptance, "at", held.work_at("decided_at"));
        put(acceptance, "until", held.work_at("accepted_until"));
        put(acceptance, "band", held.work_at("accepted_band"));
        put(acceptance, "rated", held.work_at("accepted_inherent"));
        put(acceptance, "rated_residual", held.work_at("accepted_residual"));
        const RiskEvent* said = last_that_set(risks, finding.id, "accepted_until");
        if (said != nullptr) {
            put(acceptance, "role", said->role);
            put(acceptance, "reason", said->reason);
        }
        out["acceptance"] = std::move(acceptance);
    }
    Json measures = Json::array();
    for (const OverviewMeasure& measure : overview.measures) {
        if (measure.finding != finding.id) continue;
        Json each = Json::object();
        each["measure"] = measure.id;
        for (const char* field : {"title", "kind", "state", "owner", "due", "effect", "cost", "copy_of"})
            put(each, field, at(measure.work, field));
        measures.push(std::move(each));
    }
    if (!measures.items().empty()) out["measures"] = std::move(measures);
    Json answers = Json::array();
    for (const OverviewGround& ground : held.grounds) {
        const OverviewAnswer& answer = overview.answers.at(static_cast<std::size_t>(ground.answer) - 1);
        Json each = Json::object();
        each["question"] = answer.question;
        put(each, "text", answer.text.in(lang));
        each["scope"] = answer.scope;
        put(each, "about", answer.about.in(lang));
        put(each, "value", answer.value);
        put(each, "by", answer.by);
        put(each, "at", time_text(answer.at));
        put(each, "expires", time_text(answer.expires));
        put(each, "source", answer.source);
        answers.push(std::move(each));
    }
    if (!answers.items().empty()) out["answers"] = std::move(answers);
    put(out, "first_seen", time_text(held.opened));
    put(out, "last_seen", time_text(held.last_seen));
    put(out, "status_since", time_text(held.status_since));
    if (risks != nullptr) {
        if (const auto log = risks->log.find(finding.id); log != risks->log.end()) {
            put(out, "last_changed", time_text(log->second.back().at));
            out["log"] = log_of(log->second);
        }
    }
    out["tlp"] = overview.tlp;
    return out;
}

std::vector<ExportFile> make_risk_register(const Overview& overview, const ExportOptions& options) {
    const AssetsByUid assets = assets_by_uid(overview);
    Json out = Json::object();
    out["schema"] = "herkomst-risk-register/2";
    out["generated"] = rfc3339(options.now);
    out["tlp"] = overview.tlp;
    out["disclaimer"] = disclaimers();
    put(out, "organisation", overview.organisation);
    put(out, "site", overview.site);
    out["program"] = overview.run.program;
    out["vendordb"] = overview.run.vendordb;
    out["rules"] = overview.run.rules;
    if (options.risks != nullptr) {
        put(out, "register", options.risks->register_id);
        for (const auto& [code, article] : options.risks->obligations) out["obligations"][code] = article.in(options.lang);
    }
    // Row: likelihood 1 to 5; column: impact.
    for (int likelihood = 1; likelihood <= 5; ++likelihood) {
        Json row = Json::array();
        for (int impact = 1; impact <= 5; ++impact) row.push(name(band_of(likelihood, impact)));
        out["matrix"].push(std::move(row));
    }
    for (const OverviewRun& run : overview.runs) {
        Json one = Json::object();
        one["run"] = run.run;
        put(one, "at", time_text(run.at));
        put(one, "program", run.program);
        put(one, "vendordb", run.vendordb);
        put(one, "rules", run.rules);
        out["runs"].push(std::move(one));
    }
    Json& risks = out["risks"] = Json::array();
    std::uint64_t priority = 0;
    for (const auto* list : {&overview.findings, &overview.questions}) {
        for (const OverviewFinding& held : *list) risks.push(row_of(held, overview, assets, options, ++priority));
    }
    return {{"risk-register.json", (options.compact ? write_json(out) : write_json_pretty(out)) + "\n"}};
}

}  // namespace

Export risk_register() {
    return {"risk_register", "one row per risk, for tools of risk owners", "scanner/exports/schema/risk-register.schema.json",
            "risk-register.json", make_risk_register};
}

}  // namespace herkomst::exports
