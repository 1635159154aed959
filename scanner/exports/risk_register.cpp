// The rows of the risk register, one per finding, by scanner/exports/schema/risk-register.schema.json: what other tools for
// risk and compliance take over. Questions are rows too: what is not known is no reason to leave a risk out.
#include <map>

#include "exports/export.h"
#include "exports/rows.h"

namespace herkomst::exports {

namespace {

using Work = std::map<std::string, std::string, std::less<>>;

void put(Json& into, std::string_view key, std::string_view text) {
    if (!text.empty()) into[key] = text;
}
std::string at(const Work& work, std::string_view field) {
    const auto found = work.find(field);
    return found == work.end() ? std::string() : found->second;
}

// What each of the official considerations comes to, by the facts that the rule read and by the rating.
Json considerations(const OverviewFinding& held) {
    const Finding& finding = held.finding;
    const auto fact = [&](const char* name) {
        const auto found = finding.facts.find(name);
        return found == finding.facts.end() || found->second.is_null() ? -1 : found->second.integer(-1);
    };
    const auto either = [](std::int64_t a, std::int64_t b) {
        return a == 1 || b == 1 ? "yes" : a == 0 && b == 0 ? "no" : "unknown";
    };
    Json out = Json::object();
    out["1"] = either(fact("compelled_cooperation"), fact("state_control"));
    out["2"] = either(fact("offensive_programme"), fact("strained_relation"));
    // These two are about the site and its measures: only answers know, which the rating holds together.
    for (const char* each : {"3A", "3B"}) {
        const bool rated = held.rating && held.rating->considerations.contains(each);
        out[each] = rated ? held.rating->considerations.at(each) : "unknown";
    }
    return out;
}

Json subject_of(const OverviewFinding& held, const AssetsByUid& assets) {
    Json out = Json::object();
    const FindingSubject& subject = held.finding.subject;
    out["kind"] = subject.kind;
    put(out, "key", subject.key);
    put(out, "name", held.subject_label);
    const auto found = subject.kind == "asset" ? assets.find(subject.key) : assets.end();
    if (found == assets.end()) return out;
    const OverviewAsset& asset = *found->second;
    put(out, "maker", asset.maker_name);
    put(out, "country", asset.country);
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
Json rating_of(const Rating& rating, const std::string& lang) {
    Json out = Json::object();
    out["criteria"] = rating.criteria;
    out["inherent"] = assessment(rating.likelihood, rating.impact, name(rating.inherent), "tool");
    out["residual"] = assessment(rating.residual_likelihood, rating.residual_impact, name(rating.residual), "tool");
    out["inputs_known"] = rating.known;
    out["inputs_all"] = rating.of;
    for (const auto& [consideration, answer] : rating.considerations) out["considerations"][consideration] = answer;
    put(out, "decision", rating.decision);
    put(out, "decision_text", rating.decision_text.in(lang));
    return out;
}

Json row_of(const OverviewFinding& held, const Overview& overview, const AssetsByUid& assets, const std::string& lang) {
    const Finding& finding = held.finding;
    Json out = Json::object();
    out["risk"] = finding.id;
    out["scenario"] = finding.rule;
    out["version"] = finding.version;
    out["policy"] = finding.policy;
    out["scope"] = finding.subject.kind;
    out["subject"] = subject_of(held, assets);
    out["title"] = finding.title.in(lang);
    out["statement"] = finding.because.in(lang);
    out["advice"] = finding.advice.in(lang);
    out["decided_by_facts"] = finding.verdict == Ruling::Open;
    Json missing = Json::array();
    for (const std::string& each : finding.missing) missing.push(each);
    if (!missing.items().empty()) out["missing"] = std::move(missing);
    out["considerations"] = considerations(held);
    out["inherent"] = assessment(finding.likelihood, finding.impact, name(finding.band), "tool");
    if (held.rating) out["rating"] = rating_of(*held.rating, lang);
    out["leading_band"] = name(held.leading());
    const std::string likelihood = held.work_at("residual_likelihood");
    const std::string impact = held.work_at("residual_impact");
    if (!likelihood.empty() && !impact.empty()) {
        out["residual"] = assessment(likelihood[0] - '0', impact[0] - '0', held.work_at("residual_band"), "human");
        put(out["residual"], "rationale", held.work_at("residual_why"));
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
        out["acceptance"] = std::move(acceptance);
    }
    Json measures = Json::array();
    for (const OverviewMeasure& measure : overview.measures) {
        if (measure.finding != finding.id) continue;
        Json each = Json::object();
        each["measure"] = measure.id;
        for (const char* field : {"title", "kind", "state", "owner", "due", "effect", "cost"})
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
    out["evidence"] = finding.evidence.size();
    out["tlp"] = overview.tlp;
    return out;
}

std::vector<ExportFile> make(const Overview& overview, const ExportOptions& options) {
    const AssetsByUid assets = assets_by_uid(overview);
    Json out = Json::object();
    out["schema"] = "herkomst-risk-register/1";
    out["generated"] = rfc3339(options.now);
    out["tlp"] = overview.tlp;
    put(out, "organisation", overview.organisation);
    put(out, "site", overview.site);
    out["program"] = overview.run.program;
    out["vendordb"] = overview.run.vendordb;
    out["rules"] = overview.run.rules;
    Json& risks = out["risks"] = Json::array();
    for (const auto* list : {&overview.findings, &overview.questions}) {
        for (const OverviewFinding& held : *list) risks.push(row_of(held, overview, assets, options.lang));
    }
    return {{"risk-register.json", (options.compact ? write_json(out) : write_json_pretty(out)) + "\n"}};
}

}  // namespace

Export risk_register() {
    return {"risk_register", "one row per risk, for tools of risk owners", "scanner/exports/schema/risk-register.schema.json",
            "risk-register.json", make};
}

}  // namespace herkomst::exports
