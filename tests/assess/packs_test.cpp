// The packs that we ship: every example, every text, every fact with its origin; own packs beside and in place of ours.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "assess/answers.h"
#include "assess/rules.h"
#include "cli/rules_pages.h"
#include "core/text.h"
#include "tests/assess/example_site.h"

using namespace herkomst;
using example::Folder;

namespace packs_test {

TEST_SUITE_BEGIN("packs");

namespace {

PolicyPacks loaded(const std::vector<std::string>& packs) {
    Result<PolicyPacks> out = PolicyPacks::load(HERKOMST_SOURCE_DIR "/rules", packs);
    if (!out) {
        for (const Problem& problem : out.problems()) FAIL_CHECK(problem.text());
    }
    REQUIRE(out.ok());
    return std::move(out.value());
}

std::vector<std::string> names_of(const PolicyPacks& packs) {
    std::vector<std::string> out;
    for (const PolicyPacks::Pack& pack : packs.packs()) out.push_back(pack.name);
    return out;
}

std::string read_text(const std::string& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

const FactColumn& column_of(std::string_view over, std::string_view fact) {
    for (const FactColumn& column : columns_of(over)) {
        if (column.name == fact) return column;
    }
    FAIL("no such column");
    return fact_columns().front();
}

}  // namespace

TEST_CASE("all packs load, and every example of every rule comes out as it says") {
    const PolicyPacks packs = loaded({"all"});
    CHECK(names_of(packs) ==
          std::vector<std::string>{"cz-nukib", "eu-ict-toolbox", "lt-inverters", "nl-zelfscan", "orders", "us-889-fcc"});
    for (const Problem& problem : packs.check_examples()) FAIL_CHECK(problem.text());
    const auto count = std::count_if(packs.rules().begin(), packs.rules().end(),
                                     [](const PolicyPacks::RuleSummary& rule) { return rule.policy == "nl-zelfscan"; });
    CHECK(count >= 40);
    CHECK(packs.orders().empty());  // there is no order until an authority gives one
    for (const PolicyPacks::Pack& pack : packs.packs()) {
        INFO(pack.name);
        CHECK_FALSE(pack.references.empty());
        CHECK_FALSE(pack.about.nl.empty());
    }
}

TEST_CASE("the packs that apply when nobody chose are those of the country we are for") {
    CHECK(names_of(loaded({})) == std::vector<std::string>{"nl-zelfscan", "orders"});
    CHECK(names_of(loaded({"cz-nukib"})) == std::vector<std::string>{"cz-nukib"});
}

TEST_CASE("texts speak of control and capability, in the words of the Dutch interface") {
    const PolicyPacks packs = loaded({"all"});
    for (const Rule& rule : packs.loaded()->rules) {
        INFO(rule.summary.id);
        for (const Texts& texts : {rule.summary.title, rule.because, rule.summary.advice}) {
            for (const char* word : {"maakbaar", "vijandig", "achterdeur", "China", "Chinees", "treatmentplan",
                                     "beveiligingsscan", "verboden leverancier", "risico eigenaar", "Rijksdienst", "TNO"}) {
                CHECK_FALSE(contains_ignoring_case(texts.nl, word));
            }
            for (const char* word : {"hostile", "enemy", "backdoor", "Chinese", "spy"})
                CHECK_FALSE(contains_ignoring_case(texts.en, word));
        }
        CHECK_FALSE(rule.summary.references.empty());
    }
}

TEST_CASE("what a rule rests on is named in the language of the reader, each act as that language quotes it") {
    const PolicyPacks packs = loaded({"all"});
    const auto in_its_language = [](const std::vector<Reference>& references) {
        for (const Reference& reference : references) {
            CHECK_FALSE(reference.title.nl.empty());
            CHECK_FALSE(reference.title.en.empty());
            for (const char* word : {"Regulation", "Directive", "warning of", "February", "November 20", "of vendordb"})
                CHECK_MESSAGE(reference.title.nl.find(word) == std::string::npos, reference.title.nl);
            for (const char* word : {"Kamerstuk", "Verordening", "Richtlijn", " lid", "onder d", " en "})
                CHECK_MESSAGE(reference.title.en.find(word) == std::string::npos, reference.title.en);
        }
    };
    for (const PolicyPacks::RuleSummary& rule : packs.rules()) in_its_language(rule.references);
    for (const PolicyPacks::Pack& pack : packs.packs()) in_its_language(pack.references);
    const Result<Questionnaire> asked = Questionnaire::load(HERKOMST_SOURCE_DIR "/rules/questionnaires/zelfscan.json");
    REQUIRE(asked.ok());
    for (const Question& question : asked.value().questions) in_its_language(question.references);
}

TEST_CASE("a site is called a site, by name or without, and a party by what it is") {
    const Facts named = {{"kind", "site"}, {"key", "demo"}, {"label", "demo"}};
    const Facts unnamed = {{"kind", "site"}, {"key", ""}, {"label", ""}};
    CHECK(filled("Op {label} mag dat.", "nl", "groups", named, nullptr) == "Op locatie demo mag dat.");
    CHECK(filled("Op {label} mag dat.", "nl", "groups", unnamed, nullptr) == "Op deze locatie mag dat.");
    CHECK(filled("At {label}.", "en", "groups", named, nullptr) == "At demo.");
    CHECK(filled("{label}", "nl", "groups", {{"kind", "vendor"}, {"key", "x"}, {"label", "X"}}, nullptr) == "X");
    CHECK(filled("door {remote_party}", "nl", "facts", {{"remote_party", "account_holder"}}, nullptr) ==
          "door de houder van het account bij de clouddienst");
}

TEST_CASE("every fact says where it comes from, and every question whom it is asked of") {
    const std::set<std::string_view> places = {"network", "inventory", "vendordb", "order", "answer", "derived"};
    const std::set<std::string_view> persons = {"", "asset", "process", "supplier", "operator", "site", "organisation"};
    for (const auto columns : {fact_columns(), group_columns()}) {
        std::set<std::string_view> names;
        for (const FactColumn& column : columns) {
            INFO(column.name);
            CHECK(names.insert(column.name).second);
            for (const std::string_view from : split(column.from, ',')) CHECK(places.contains(trimmed(from)));
            CHECK(persons.contains(column.per));
            CHECK(column.asks_nl.empty() == column.asks_en.empty());
            // Who is asked has a question, and what only a person can know is asked.
            CHECK(column.per.empty() == column.asks_nl.empty());
            if (column.from == "answer" && !column.always_known) CHECK_FALSE(column.asks_nl.empty());
        }
    }
}

TEST_CASE("whatever leaves a rule undecided can be found out by asking or by data") {
    const PolicyPacks packs = loaded({"all"});
    for (const Rule& rule : packs.loaded()->rules) {
        for (const RuleExample& example : rule.examples) {
            for (const std::string& fact : example.missing.value_or(std::vector<std::string>{})) {
                INFO(rule.summary.id << " " << fact);
                const FactColumn& column = column_of(rule.summary.over, fact);
                CHECK((!column.asks_nl.empty() || column.from.find("vendordb") != std::string_view::npos ||
                       column.from == "order"));
            }
        }
    }
}

TEST_CASE("a function that the maker documents somewhere, that was used, and that stands in no manual is a finding") {
    const PolicyPacks packs = loaded({"nl-zelfscan"});
    const Result<Questionnaire> asked = Questionnaire::load(HERKOMST_SOURCE_DIR "/rules/questionnaires/zelfscan.json");
    REQUIRE(asked.ok());
    const Time now = *parse_rfc3339("2026-11-27T10:00:00Z");
    const auto found = [&](const char* answer) {
        FactsRow row;
        row.asset = "a1";
        row.facts = {{"kind", "device"},  {"label", "EX-100"},      {"maker", "example"},  {"maker_name", "Example"},
                     {"model", "EX-100"}, {"remote_documented", 1}, {"remote_observed", 1}};
        std::vector<FactsRow> rows = {row};
        AnswerBook book;
        GivenAnswer said;
        said.question = "product-documented";
        said.scope = AnswerScope::Product;
        said.key = "example/ex 100";
        said.value = answer;
        said.by = "Operator";
        said.at = now - std::chrono::hours(24);
        said.expires = now + std::chrono::hours(24);
        said.source = "manual of 2026-01, all pages";
        book.add(said);
        fill_facts(rows, {{"a1", "a1", "EX-100", "", "", "north"}}, asked.value(), book, now);
        CHECK(rows[0].facts["remote_documented"] == Json(1));
        const std::vector<Finding> findings = judge(rows, {}, nullptr, packs);
        return std::any_of(findings.begin(), findings.end(), [](const Finding& each) {
            return each.rule == "undocumented-remote-function" && each.verdict == Ruling::Open;
        });
    };
    CHECK(found("no"));
    CHECK_FALSE(found("yes"));
    CHECK_FALSE(found("unknown"));
}

TEST_CASE("the coverage table in the repository is the program's") {
    const std::string page = read_text(HERKOMST_SOURCE_DIR "/rules/COVERAGE.md");
    CHECK(page.find(coverage_table(loaded({"all"}), "en")) != std::string::npos);
}

TEST_CASE("a rule of the user's own takes the place of ours, and says so") {
    const Folder folder("own");
    const std::string ours = read_text(HERKOMST_SOURCE_DIR "/rules/policies/nl-zelfscan/supplier-concentration.json");
    std::string own = ours;
    own.replace(own.find("power_assets >= 3"), 17, "power_assets >= 9");
    own = own.substr(0, own.find("\"examples\"")) + R"("examples": [
        {"facts": {"kind": "vendor", "power_assets": 9, "power_assets_share_at_least": 80}, "verdict": "fires"},
        {"facts": {"kind": "vendor", "power_assets": 8, "power_assets_share_at_least": 80}, "verdict": "does_not"},
        {"facts": {"kind": "vendor", "power_assets": 9, "power_assets_share_at_least": 8}, "verdict": "undecided"}]})";
    folder.put("mine/supplier-concentration.json", own);
    const PolicyPacks packs = loaded({"nl-zelfscan", folder.at("mine") + "/"});
    const PolicyPacks::RuleSummary* rule = packs.rule("supplier-concentration");
    REQUIRE(rule != nullptr);
    CHECK(rule->policy == "mine");
    CHECK(rule->replaces);
    CHECK(rule->when.find(">= 9") != std::string::npos);
    CHECK(packs.check_examples().empty());
    CHECK(packs.version().find("mine sha256:") != std::string::npos);
    CHECK(rules_list(packs, "en").find("replaces a rule that ships with herkomst") != std::string::npos);
    // Two of the user's own packs with the same rule: which one is meant?
    folder.put("other/supplier-concentration.json", own);
    CHECK_FALSE(PolicyPacks::load(HERKOMST_SOURCE_DIR "/rules", {folder.at("mine") + "/", folder.at("other") + "/"}).ok());
    // A pack of ours never takes the place of another of ours.
    folder.put("rules/policies/a/supplier-concentration.json", own);
    folder.put("rules/policies/b/supplier-concentration.json", own);
    CHECK_FALSE(PolicyPacks::load(folder.at("rules"), {"a", "b"}).ok());
}

TEST_CASE("a pack says what it is, strictly") {
    const Folder folder("pack");
    folder.put("mine/pack.json",
               R"({"title": {"nl": "a", "en": ""}, "about": 1, "default": "yes", "why": 1, "references": [{}]})");
    const Result<PolicyPacks> packs = PolicyPacks::load(HERKOMST_SOURCE_DIR "/rules", {folder.at("mine") + "/"});
    REQUIRE_FALSE(packs.ok());
    std::string all;
    for (const Problem& problem : packs.problems()) all += problem.text() + "\n";
    for (const char* place : {"/title", "/about", "/default", "/why", "/references"})
        CHECK(all.find(place) != std::string::npos);
    // A title of a reference is one text, or one in each language.
    folder.put("mine/supplier-concentration.json",
               read_text(HERKOMST_SOURCE_DIR "/rules/policies/nl-zelfscan/supplier-concentration.json"));
    const auto with_title = [&](const std::string& title) {
        folder.put("mine/pack.json", R"({"title": {"nl": "a", "en": "a"}, "about": {"nl": "a", "en": "a"}, "references": [)"
                                     R"({"title": )" +
                                         title + "}]}");
        return PolicyPacks::load(HERKOMST_SOURCE_DIR "/rules", {folder.at("mine") + "/"});
    };
    CHECK_FALSE(with_title(R"({"nl": "wet"})").ok());
    CHECK_FALSE(with_title(R"({"nl": "", "en": "act"})").ok());
    for (const char* title : {R"("act")", R"({"nl": "wet", "en": "act"})"}) {
        const Result<PolicyPacks> read = with_title(title);
        REQUIRE(read.ok());
        CHECK(read.value().packs().front().references.front().title.in("nl") == (*title == '{' ? "wet" : "act"));
        CHECK(read.value().packs().front().references.front().title.in("en") == "act");
    }
}

TEST_SUITE_END();

}  // namespace packs_test
