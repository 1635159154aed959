// The page's findings and questions, with what they rest on.
#include <algorithm>
#include <set>

#include "core/text.h"
#include "report/page.h"

namespace herkomst {

Json Page::considerations(const std::string& text) {
    Json out = Json::array();
    for (const std::string_view each : split(text, ',')) {
        if (!trimmed(each).empty()) out.push(trimmed(each));
    }
    return out;
}

std::string Page::evidence(const Evidence& of) const {
    const std::string& path = source_name(of.source, overview_);
    bool inventory = false;
    for (const RunSource& source : overview_.run.sources)
        inventory = inventory || (source.id == of.source && source.kind == "inventory");
    std::string out = path.substr(path.find_last_of('/') + 1);
    if (of.frame != 0) out += ", " + words_(inventory ? "row" : "frame") + " " + std::to_string(of.frame);
    if (of.end > of.begin && !inventory) {
        out += ", " + words_("bytes", {{"first", std::to_string(of.begin)}, {"last", std::to_string(of.end - 1)}});
    }
    return out;
}

Json Page::facts(const Finding& finding) const {
    Json out = Json::array();
    for (const auto& [fact, value] : finding.facts) {
        if (value.is_null() || !words_.has_fact(fact)) continue;
        Json each = Json::object();
        each["fact"] = words_.fact(fact);
        const bool party = fact == "parent" || fact.ends_with("maker") || fact.ends_with("_operator");
        each["value"] = !value.is_string()          ? words_.fact_value(fact, value)
                        : fact.ends_with("country") ? country(value.string())
                        : party                     ? party_name(value.string())
                                                    : words_.fact_value(fact, value);
        each["by"] = Words::answered(fact) ? words_("power_by_answer") : std::string();
        out.push(std::move(each));
    }
    mark_last(out);
    return out;
}

Json Page::sources(const Finding& finding) const {
    Json out = Json::array();
    std::set<std::string> given;
    const auto give = [&](const Sourcing& sourcing) {
        if (!sourcing.counts() || sourcing.title.empty()) return;
        if (given.insert(sourcing.title + sourcing.address).second) out.push(source(sourcing));
    };
    const auto uses = [&](std::string_view fact) {
        const auto found = finding.facts.find(std::string(fact));
        return found != finding.facts.end() && !found->second.is_null();
    };
    const std::string slug = maker_of(finding.subject);
    const auto held = makers_.find(slug);
    if (held != makers_.end() && (uses("control_country") || uses("state_control") || uses("offensive_programme"))) {
        for (const ChainStep& step : held->second.front()->chain.steps) {
            give(step.sourcing);
            const auto vendor = overview_.vendors.find(step.vendor);
            if (vendor == overview_.vendors.end()) continue;
            for (const OriginClaim& claim : vendor->second.origin) {
                const bool state = claim.claim == "state_control";
                if (claim.claim != "legal_entity" && (!state || uses("state_control"))) give(claim.sourcing);
            }
        }
    }
    std::string code = finding.subject.kind == "jurisdiction" ? finding.subject.key : std::string();
    if (code.empty() && uses("control_country")) code = finding.facts.at("control_country").string();
    if (code.empty() && held != makers_.end()) code = held->second.front()->country;
    if (const auto found = overview_.jurisdictions.find(code); found != overview_.jurisdictions.end()) {
        for (const JurisdictionClaim& claim : found->second.claims) {
            if (uses(claim.claim == "strained_relation" ? "strained_relation" : claim.claim)) give(claim.sourcing);
        }
    }
    const auto vendor = overview_.vendors.find(slug);
    if (vendor != overview_.vendors.end() && (uses("remote_documented") || uses("firmware_push_documented"))) {
        for (const Capability& capability : vendor->second.capabilities) {
            if (uses(capability.capability == "firmware_push" ? "firmware_push_documented" : "remote_documented")) {
                give(capability.sourcing);
            }
        }
    }
    return out;
}

std::string Page::maker_of(const FindingSubject& of) const {
    if (of.kind == "vendor" || of.kind == "operator") return of.key;
    if (of.kind != "asset") return {};
    const auto found = by_uid_.find(of.key);
    return found == by_uid_.end() ? std::string() : found->second->maker;
}

Json Page::finding(const OverviewFinding& held) const {
    const Finding& of = held.finding;
    Json out = Json::object();
    out["id"] = of.id;
    out["anchor"] = anchor(of.subject);
    out["subject"] = subject(held);
    // "this site" says already what it is.
    const bool plain = of.subject.kind == "asset" || (of.subject.kind == "site" && of.subject.key.empty());
    out["kind"] = plain ? std::string() : words_.kind(of.subject.kind);
    out["because"] = of.because.in(words_.lang());
    out["status"] = words_.status(held.status);
    out["opened"] = words_.day(held.opened);
    out["not_seen"] = !held.seen_in_last_run;
    out["imported_only"] = held.observation == "imported_only";
    ratings(out, held);
    treatment(out, held);
    grounds(out, held);
    out["facts"] = facts(of);
    out["has_facts"] = !out["facts"].items().empty();
    Json seen = Json::array();
    for (const Evidence& each : of.evidence) seen.push(JsonObject{{"text", evidence(each)}});
    mark_last(seen);
    out["has_evidence"] = !seen.items().empty();
    out["evidence"] = std::move(seen);
    out["sources"] = sources(of);
    out["has_sources"] = !out["sources"].items().empty();
    const std::string maker = maker_of(of.subject);
    out["maker_anchor"] = makers_.contains(maker) ? anchor_of_maker(maker) : std::string();
    return out;
}

Json Page::rules_of(const std::vector<const OverviewFinding*>& list, const EachRule& each_rule) const {
    std::vector<std::pair<std::string, std::vector<const OverviewFinding*>>> rules;
    for (const OverviewFinding* held : list) {
        const std::string key = held->finding.rule + '\n' + held->finding.title.en + '\n' + held->finding.advice.en;
        const auto found = std::find_if(rules.begin(), rules.end(), [&](const auto& rule) { return rule.first == key; });
        if (found == rules.end()) {
            rules.push_back({key, {held}});
        } else {
            found->second.push_back(held);
        }
    }
    Json out = Json::array();
    for (const auto& [key, findings] : rules) {
        const Finding& first = findings.front()->finding;
        Json rule = Json::object();
        rule["title"] = first.title.in(words_.lang());
        rule["policy"] = first.policy;
        rule["rule"] = first.rule;
        rule["version"] = first.version;
        rule["considerations"] = considerations(first.consideration);
        rule["advice"] = first.advice.in(words_.lang());
        Json references = Json::array();
        for (const Reference& reference : first.references) {
            Json each = Json::object();
            const std::string& title = reference.title.in(words_.lang());
            each["title"] = title.empty() ? reference.address : title;
            each["link"] = link(reference.address);
            references.push(std::move(each));
        }
        mark_last(references);
        rule["has_references"] = !references.items().empty();
        rule["references"] = std::move(references);
        each_rule(rule, findings);
        out.push(std::move(rule));
    }
    return out;
}

Json Page::bands() const {
    Json out = Json::array();
    for (const Band band : all_bands()) {
        std::vector<const OverviewFinding*> list;
        for (const OverviewFinding& held : overview_.findings) {
            if (held.leading() == band) list.push_back(&held);
        }
        if (list.empty()) continue;
        Json each = Json::object();
        each["class"] = name(band);
        each["label"] = words_("band_" + std::string(name(band)));
        each["rules"] = rules_of(list, [&](Json& rule, const std::vector<const OverviewFinding*>& findings) {
            rule["class"] = name(band);
            Json subjects = Json::array();
            for (const OverviewFinding* held : findings) subjects.push(finding(*held));
            rule["subjects"] = std::move(subjects);
        });
        out.push(std::move(each));
    }
    return out;
}

Json Page::question_rules() const {
    std::vector<const OverviewFinding*> list;
    for (const OverviewFinding& held : overview_.questions) {
        if (open_now(held)) list.push_back(&held);
    }
    return rules_of(list, [&](Json& rule, const std::vector<const OverviewFinding*>& questions) {
        // The title says what stands once it is answered: here that is to be established.
        rule["title"] = words_("to_establish", {{"title", rule["title"].string()}});
        std::map<std::vector<std::string>, std::vector<const OverviewFinding*>> by_missing;
        for (const OverviewFinding* held : questions) by_missing[held->finding.missing].push_back(held);
        Json parts = Json::array();
        for (const auto& [missing, held_by] : by_missing) {
            Json part = Json::object();
            Json needs = Json::array();
            for (const std::string& fact : missing) {
                Json each = Json::object();
                each["question"] = words_.question(fact, held_by.front()->finding.subject.kind != "asset");
                each["fact"] = fact;
                needs.push(std::move(each));
            }
            part["needs"] = std::move(needs);
            Json subjects = Json::array();
            for (const OverviewFinding* held : held_by) {
                Json each = Json::object();
                each["subject"] = subject(*held);
                each["anchor"] = anchor(held->finding.subject);
                each["band_label"] = words_("band_" + std::string(name(held->finding.band)));
                subjects.push(std::move(each));
            }
            mark_last(subjects);
            part["subjects"] = std::move(subjects);
            parts.push(std::move(part));
        }
        rule["parts"] = std::move(parts);
    });
}

}  // namespace herkomst
