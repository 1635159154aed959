// An invented questionnaire over facts that every version has, and a plant to ask it about.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "assess/answers.h"
#include "core/clock.h"

namespace herkomst::example {

inline const std::string questionnaire_text = R"({
 "id": "example", "version": 1, "title": {"nl": "Voorbeeld", "en": "Example"}, "about": {"nl": "Over", "en": "About"},
 "considerations": [{"id": "1", "nl": "een", "en": "one"}, {"id": "3A", "nl": "drie A", "en": "three A"}],
 "sections": [{"id": "first", "nl": "Eerst", "en": "First"}, {"id": "last", "nl": "Laatst", "en": "Last"}],
 "scales": {
  "yes-no": {"kind": "choice", "options": [{"value": "yes", "nl": "Ja", "en": "Yes"}, {"value": "no", "nl": "Nee", "en": "No"}]},
  "several": {"kind": "choices", "options": [{"value": "a", "nl": "Aa", "en": "Ay"}, {"value": "b", "nl": "Be", "en": "Bee"}]},
  "grade": {"kind": "choice", "ordered": true, "options": [{"value": "1", "nl": "Klein", "en": "Small"},
            {"value": "2", "nl": "Groot", "en": "Large"}]},
  "watts": {"kind": "number", "unit": "W"}, "words": {"kind": "text"}, "day": {"kind": "date"}, "lands": {"kind": "countries"}},
 "stands_for": [{"fact": "switchable_power", "facts": ["remote_documented", "rated_power"]}],
 "questions": [
  {"id": "blocked", "section": "last", "scope": "zone", "scale": "yes-no", "text": {"nl": "Afgesloten?", "en": "Cut off?"},
   "consideration": "3A", "required": true, "needs_source": true, "valid_days": 100,
   "fills": [{"fact": "remote_blocked", "values": {"yes": 1, "no": 0}}],
   "contradicted_by": [{"answers": ["yes"], "fact": "remote_service", "is": [1]}],
   "skip_when": [[{"question": "remote", "is": ["no"]}]], "references": []},
  {"id": "scope", "section": "first", "scope": "organisation", "scale": "words", "text": {"nl": "Waarover?", "en": "About what?"},
   "required": true, "valid_days": 365, "references": [{"title": "T", "address": "https://example.org/"}]},
  {"id": "country", "section": "first", "scope": "supplier", "scale": "lands", "text": {"nl": "Land?", "en": "Country?"},
   "consideration": "1", "valid_days": 365, "fills": [{"fact": "control_country"}], "proposes": [{"fact": "control_country"}],
   "references": []},
  {"id": "remote", "section": "first", "scope": "product", "scale": "yes-no", "text": {"nl": "Op afstand?", "en": "Remotely?"},
   "help": {"nl": "Hulp", "en": "Help"}, "evidence": {"nl": "Handleiding", "en": "Manual"},
   "valid_days": 365, "fills": [{"fact": "remote_documented", "values": {"yes": 1, "no": 0}}],
   "proposes": [{"fact": "remote_documented", "is": [1], "answer": "yes"}, {"fact": "remote_observed", "is": [1], "answer": "yes"}],
   "contradicted_by": [{"answers": ["no"], "fact": "remote_observed", "is": [1]}], "references": []},
  {"id": "power", "section": "last", "scope": "product", "scale": "watts", "text": {"nl": "Vermogen?", "en": "Power?"},
   "valid_days": 365, "only_when_missing": true, "fills": [{"fact": "rated_power"}], "references": []},
  {"id": "grade", "section": "last", "scope": "process", "scale": "grade", "text": {"nl": "Hoe erg?", "en": "How bad?"},
   "valid_days": 365, "references": []}
 ]})";

inline Questionnaire questionnaire() {
    Result<Questionnaire> read = Questionnaire::from_text(questionnaire_text, "example.json");
    if (!read) {
        for (const Problem& problem : read.problems()) FAIL_CHECK(problem.text());
    }
    REQUIRE(read.ok());
    // The invented countries of these tests.
    for (auto& [id, scale] : read.value().scales)
        scale.also_country = [](std::string_view code) { return code == "XA" || code == "XB" || code == "XC"; };
    return std::move(read.value());
}

inline Time at(const char* text) { return *parse_rfc3339(text); }

// Three inverters: two of one type in zones east and west, one whose maker nobody knows.
struct Plant {
    std::vector<FactsRow> rows;
    std::vector<AnswerSubject> subjects;

    Plant() {
        add("a1", "east", {{"maker", "riverside"}, {"maker_name", "Riverside"}, {"model", "RS 50"}, {"power_device", 1}});
        add("a2", "west", {{"maker", "riverside"}, {"maker_name", "Riverside"}, {"model", "RS 50"}, {"power_device", 1}});
        add("a3", "", {{"power_device", 1}});
    }
    void add(const std::string& asset, const std::string& zone, Facts facts) {
        facts["site"] = "north";
        facts["label"] = "device " + asset;
        FactsRow row;
        row.asset = asset;
        row.facts = std::move(facts);
        rows.push_back(std::move(row));
        subjects.push_back({asset, "A-" + asset, "device " + asset, "", zone, "north"});
    }
    FactsRow& row(const std::string& asset) {
        for (FactsRow& each : rows) {
            if (each.asset == asset) return each;
        }
        FAIL("no such row");
        return rows.front();
    }
};

inline GivenAnswer given(const std::string& question, AnswerScope scope, const std::string& key, const std::string& value,
                         const char* when = "2026-11-01", const char* until = "2027-01-01") {
    GivenAnswer out;
    out.question = question;
    out.scope = scope;
    out.key = key;
    out.value = value;
    out.by = "Operator";
    out.at = at(when);
    out.expires = at(until);
    out.source = "drawing 1";
    out.questionnaire = "example 1";
    return out;
}

inline Finding question_of(const std::string& rule, const std::string& asset, std::vector<std::string> missing) {
    Finding out;
    out.rule = rule;
    out.subject = {"asset", asset};
    out.verdict = missing.empty() ? Ruling::Open : Ruling::Question;
    out.missing = std::move(missing);
    return out;
}

}  // namespace herkomst::example
