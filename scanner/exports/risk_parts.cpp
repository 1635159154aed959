#include "exports/risk_parts.h"

#include <fmt/core.h>

#include <algorithm>

#include "core/hash.h"
#include "core/text.h"

namespace herkomst::exports {

namespace {

std::string evidence_id(std::string_view content) { return "E-" + sha256(content).substr(0, 16); }

std::string_view kind_of(const Evidence& place, const Overview& overview) {
    for (const RunSource& source : overview.run.sources) {
        if (source.id == place.source) return source.kind == "inventory" ? "imported_record" : "passive_traffic";
    }
    return "passive_traffic";
}

// What a rule read as a number: 1, 0, or -1 when it is not known or not read.
std::int64_t number(const Finding& finding, const std::string& fact) {
    const auto found = finding.facts.find(fact);
    return found == finding.facts.end() || found->second.is_null() ? -1 : found->second.integer(-1);
}

}  // namespace

void put(Json& into, std::string_view key, std::string_view text) {
    if (!text.empty()) into[key] = text;
}

std::string at(const Work& work, std::string_view field) {
    const auto found = work.find(field);
    return found == work.end() ? std::string() : found->second;
}

Json evidence_of(const OverviewFinding& held, const Overview& overview, const AssetsByUid& assets, const RiskData* risks,
                 const std::string& lang, EvidenceIds& ids) {
    const Finding& finding = held.finding;
    Json out = Json::array();
    for (const Evidence& place : finding.evidence) {
        Json one = Json::object();
        one["evidence"] = evidence_id(fmt::format("bytes\n{}\n{}\n{}\n{}", place.source, place.frame, place.begin, place.end));
        one["kind"] = kind_of(place, overview);
        one["method"] = "EXAMINE";
        one["source"] = source_name(place.source, overview);
        one["frame"] = place.frame;
        one["bytes"] = JsonArray{Json(std::uint64_t{place.begin}), Json(std::uint64_t{place.end})};
        const auto claim = risks == nullptr ? std::map<Evidence, RiskClaim>::const_iterator() : risks->claims.find(place);
        if (risks != nullptr && claim != risks->claims.end()) {
            put(one, "claim", claim->second.field);
            put(one, "value", claim->second.value);
            put(one, "strength", claim->second.strength);
            put(one, "how", claim->second.method);
            put(one, "collected_at", time_text(claim->second.at));
        }
        if (!one.has("collected_at")) put(one, "collected_at", time_text(held.last_seen));
        out.push(std::move(one));
    }
    std::string country;
    if (const auto fact = finding.facts.find("control_country"); fact != finding.facts.end()) country = fact->second.string();
    if (finding.subject.kind == "jurisdiction") country = finding.subject.key;
    const auto asset = finding.subject.kind == "asset" ? assets.find(finding.subject.key) : assets.end();
    if (country.empty() && asset != assets.end()) country = asset->second->country;
    const auto jurisdiction = overview.jurisdictions.find(country);
    if (jurisdiction != overview.jurisdictions.end()) {
        for (const JurisdictionClaim& claim : jurisdiction->second.claims) {
            if (!claim.sourcing.counts()) continue;
            Json one = Json::object();
            const std::string id = evidence_id(
                fmt::format("source\n{}\n{}\n{}\n{}", country, claim.claim, claim.sourcing.title, claim.sourcing.address));
            one["evidence"] = id;
            one["kind"] = "knowledge_base";
            one["method"] = "EXAMINE";
            one["claim"] = claim.claim;
            one["value"] = country;
            put(one, "source", claim.sourcing.title);
            put(one, "address", claim.sourcing.address);
            put(one, "date", claim.sourcing.date);
            out.push(std::move(one));
            ids[claim.claim].push_back(id);
        }
    }
    for (const OverviewGround& ground : held.grounds) {
        const OverviewAnswer& answer = overview.answers.at(static_cast<std::size_t>(ground.answer) - 1);
        Json one = Json::object();
        const std::string id = evidence_id(fmt::format("answer\n{}\n{}\n{}\n{}\n{}", answer.question, answer.scope, answer.key,
                                                       time_text(answer.at), answer.value));
        one["evidence"] = id;
        one["kind"] = "interview";
        one["method"] = "INTERVIEW";
        one["claim"] = answer.question;
        put(one, "value", answer.shown.in(lang));
        put(one, "by", answer.by);
        put(one, "source", answer.source);
        put(one, "collected_at", time_text(answer.at));
        put(one, "expires_at", time_text(answer.expires));
        out.push(std::move(one));
        ids[answer.question].push_back(id);
    }
    return out;
}

Json considerations_of(const OverviewFinding& held, const RiskData* risks, const EvidenceIds& ids) {
    const Finding& finding = held.finding;
    struct Part {
        const char* which;
        std::vector<const char*> facts;
        std::vector<const char*> claims;  // of our data about the jurisdiction
    };
    static const Part parts[] = {
        {"1", {"compelled_cooperation", "state_control"}, {"compelled_cooperation"}},
        {"2", {"offensive_programme", "strained_relation"}, {"offensive_programme", "strained_relation"}},
        {"3A", {}, {}},
        {"3B", {}, {}}};
    Json out = Json::object();
    for (const Part& part : parts) {
        Json one = Json::object();
        std::string outcome = "unknown";
        std::vector<std::string> because;
        if (part.facts.empty()) {
            // These two are about the site and its measures: only answers know, which the rating holds together.
            if (held.rating && held.rating->considerations.contains(part.which))
                outcome = held.rating->considerations.at(part.which);
        } else {
            std::size_t no = 0;
            for (const char* fact : part.facts) {
                const std::int64_t value = number(finding, fact);
                if (value == 1) outcome = "yes";
                no += value == 0 ? 1 : 0;
                if (finding.facts.contains(fact))
                    because.push_back(fmt::format("{} = {}", fact, value == 1 ? "yes" : value == 0 ? "no" : "unknown"));
            }
            if (outcome != "yes" && no == part.facts.size()) outcome = "no";
        }
        one["outcome"] = outcome;
        // The questions that answer it; a person's answer goes before what the program concludes.
        bool person = false;
        Json answers = Json::array();
        Json evidence = Json::array();
        std::vector<std::string> questions;
        if (risks != nullptr) {
            if (const auto known = risks->considerations.find(part.which); known != risks->considerations.end())
                questions = known->second;
        }
        for (const std::string& question : questions) {
            if (held.rating) {
                const auto input = held.rating->inputs.find(question);
                if (input != held.rating->inputs.end() && input->second.value != unknown_answer) {
                    because.push_back(fmt::format("{} = {} ({})", question, input->second.value, name(input->second.from)));
                    person = person || input->second.from == RatingInput::From::Person;
                }
            }
            const auto said = ids.find(question);
            if (said == ids.end()) continue;
            answers.push(question);
            for (const std::string& id : said->second) evidence.push(id);
        }
        for (const char* claim : part.claims) {
            const auto sourced = ids.find(claim);
            if (sourced == ids.end()) continue;
            for (const std::string& id : sourced->second) evidence.push(id);
        }
        one["decided_by"] = person ? "human" : "tool";
        put(one, "rationale", join(because, "; "));
        if (!answers.items().empty()) one["answers"] = std::move(answers);
        if (!evidence.items().empty()) one["evidence"] = std::move(evidence);
        out[part.which] = std::move(one);
    }
    return out;
}

Json log_of(const std::vector<RiskEvent>& events) {
    Json out = Json::array();
    for (const RiskEvent& event : events) {
        Json one = Json::object();
        one["event"] = event.event;
        one["run"] = event.run;
        put(one, "at", time_text(event.at));
        one["type"] = event.type;
        one["what"] = event.what;
        one["actor_kind"] = event.by.empty() ? "tool" : "human";
        put(one, "actor", event.by);
        put(one, "role", event.role);
        put(one, "from", event.from);
        put(one, "to", event.to);
        put(one, "reason", event.reason);
        for (const auto& [field, value] : event.fields) one["set"][field] = value;
        one["hash"] = event.hash;
        put(one, "prev_hash", event.prev);
        out.push(std::move(one));
    }
    return out;
}

const RiskEvent* last_that_set(const RiskData* risks, std::string_view finding, std::string_view field) {
    if (risks == nullptr) return nullptr;
    const auto log = risks->log.find(finding);
    if (log == risks->log.end()) return nullptr;
    const RiskEvent* out = nullptr;
    for (const RiskEvent& event : log->second) {
        if (event.fields.contains(field)) out = &event;
    }
    return out;
}

}  // namespace herkomst::exports
