#include "assess/questionnaire.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "core/file.h"
#include "core/text.h"
#include "tests/assess/example_questions.h"

using namespace herkomst;

namespace questionnaire_test {

TEST_SUITE_BEGIN("assess.questionnaire");

namespace {

const Questionnaire& official() {
    static const Questionnaire read = [] {
        Result<Questionnaire> loaded = Questionnaire::load(HERKOMST_SOURCE_DIR "/rules/questionnaires/zelfscan.json");
        if (!loaded) {
            for (const Problem& problem : loaded.problems()) FAIL_CHECK(problem.text());
        }
        REQUIRE(loaded.ok());
        return std::move(loaded.value());
    }();
    return read;
}

std::vector<std::string> problems_of(const std::string& text) {
    std::vector<std::string> out;
    const Result<Questionnaire> read = Questionnaire::from_text(text, "q.json");
    if (!read) {
        for (const Problem& problem : read.problems()) out.push_back(problem.text());
    }
    return out;
}

bool mentions(const std::vector<std::string>& lines, std::string_view what) {
    return std::any_of(lines.begin(), lines.end(),
                       [&](const std::string& line) { return line.find(what) != std::string::npos; });
}

std::string with(std::string from, std::string to) {
    std::string text = example::questionnaire_text;
    const std::size_t found = text.find(from);
    REQUIRE(found != std::string::npos);
    return text.replace(found, from.size(), to);
}

std::string read_as(const char* scale, std::string_view said) {
    const Questionnaire asked = example::questionnaire();
    const Result<std::string> read = asked.scales.find(scale)->second.read(said);
    return read ? read.value() : "refused";
}

}  // namespace

TEST_CASE("the questionnaire of the product is read without a problem, and asks what it must") {
    const Questionnaire& asked = official();
    CHECK(asked.questions.size() >= 50);
    // Fallback, tested; redundancy; cascade; alternatives; contracts; the critical part; both declarations; documentation.
    for (const char* id :
         {"process-fallback", "process-fallback-kind", "process-redundancy", "process-cascade", "process-chain",
          "supplier-alternative", "product-replace", "contract-access", "contract-notification", "contract-exit",
          "critical-part", "declaration-red", "declaration-cra", "product-documented", "controls-suffice"}) {
        CHECK_MESSAGE(asked.question(id) != nullptr, id);
    }
    CHECK(asked.scale_of(*asked.question("process-fallback")).option("tested") != nullptr);
    CHECK(asked.scale_of(*asked.question("process-fallback-kind")).option("analogue") != nullptr);
    CHECK(asked.question("critical-part")->consideration == "3A");
    std::set<std::string> considerations;
    for (const auto& [id, text] : asked.considerations) considerations.insert(id);
    CHECK(considerations == std::set<std::string>{"1", "2", "3A", "3B"});
}

TEST_CASE("the words of the questionnaire keep to the rules of the house") {
    for (const Question& question : official().questions) {
        for (const std::string& text : {question.text.nl, question.help.nl, question.text.en, question.help.en}) {
            const std::string folded_text = lower(text);
            // A country or maker in a question is politics in the words; a "beveiligingsscan" is the authority's.
            for (const char* word : {"china", "chine", "rusland", "russi", "iran", "huawei", "beveiligingsscan", "maakbaar",
                                     "verboden leverancier", "tno"}) {
                CHECK_MESSAGE(folded_text.find(word) == std::string::npos, question.id << ": " << word);
            }
        }
        CHECK_MESSAGE(question.text.nl.ends_with("?"), question.id);
        CHECK_MESSAGE(question.text.en.ends_with("?"), question.id);
        // Who answers with "yes" or "no" where it decides on origin must say by which source.
        if (question.consideration == "1" || question.consideration == "2") CHECK_MESSAGE(question.needs_source, question.id);
    }
}

TEST_CASE("every fact that a rule can miss has a question") {
    Questionnaire asked = official();
    asked.add_fact_questions();
    for (const FactColumn& column : fact_columns()) {
        if (column.asks_nl.empty()) continue;
        const Question* question = asked.filling(column.name);
        CHECK_MESSAGE(question != nullptr, column.name);
    }
    const std::size_t before = official().questions.size();
    CHECK(asked.questions.size() > before);
    CHECK(asked.questions.back().only_when_missing);
}

TEST_CASE("questions stand in the order of their sections") {
    const Questionnaire asked = example::questionnaire();
    std::vector<std::string> ids;
    for (const Question& question : asked.questions) ids.push_back(question.id);
    CHECK(ids == std::vector<std::string>{"scope", "country", "remote", "blocked", "power", "grade"});
    CHECK(asked.filling("remote_blocked")->id == "blocked");
    CHECK(asked.filling("brand") == nullptr);
}

TEST_CASE("an answer is read by its value, its number or its words") {
    CHECK(read_as("yes-no", "yes") == "yes");
    CHECK(read_as("yes-no", " JA ") == "yes");
    CHECK(read_as("yes-no", "2") == "no");
    CHECK(read_as("yes-no", "3") == "refused");
    CHECK(read_as("yes-no", "maybe") == "refused");
    CHECK(read_as("yes-no", "") == "refused");
    CHECK(read_as("grade", "2") == "2");
    CHECK(read_as("grade", "klein") == "1");
    CHECK(read_as("several", "b; a, b") == "a,b");
    CHECK(read_as("several", "a,c") == "refused");
    CHECK(read_as("watts", "50000") == "50000");
    CHECK(read_as("watts", "-1") == "refused");
    CHECK(read_as("watts", "50 kW") == "refused");
    CHECK(read_as("day", "2026-02-28") == "2026-02-28");
    CHECK(read_as("day", "2026-02-30") == "refused");
    CHECK(read_as("lands", "xb, XA") == "XA,XB");
    CHECK(read_as("lands", "nl;GB") == "GB,NL");
    CHECK(read_as("lands", "Netherlands") == "refused");
    // Nobody has these: not ISO 3166-1, and not the data of a site.
    for (const char* code : {"XX", "UK", "EL", "ZZ", "AA", "N", " L"}) CHECK_MESSAGE(read_as("lands", code) == "refused", code);
    CHECK(read_as("words", "a\x01 b") == "a b");
}

TEST_CASE("a country code that others write says which one it is here") {
    const Questionnaire asked = example::questionnaire();
    const AnswerScale& lands = asked.scales.find("lands")->second;
    CHECK(lands.read("uk").problems().front().sentence.ends_with("; UK is GB"));
    CHECK(lands.hint("EL", "nl") == "; EL is hier GR");
    CHECK(lands.hint("XX", "nl").empty());
    // Vendor data of a site may know a jurisdiction of its own.
    AnswerScale own = lands;
    own.also_country = [](std::string_view code) { return code == "XK"; };
    CHECK(own.read("xk").value() == "XK");
    CHECK_FALSE(lands.read("XK").ok());
    // So are facts about a country that a question of their own is made for.
    Questionnaire all = official();
    all.add_fact_questions();
    for (const FactColumn& column : fact_columns()) {
        if (column.asks_nl.empty() || !column.name.ends_with("_country")) continue;
        CHECK_MESSAGE(all.scale_of(*all.filling(column.name)).kind == AnswerScale::Kind::Countries, column.name);
    }
}

TEST_CASE("an option that rules out all others is never chosen with one") {
    const AnswerScale& kinds = official().scale_of(*official().question("process-fallback-kind"));
    CHECK(kinds.read("none").value() == "none");
    CHECK(kinds.read("analogue, by-hand").value() == "analogue,by-hand");
    CHECK_FALSE(kinds.read("none, analogue").ok());
    CHECK_FALSE(kinds.read("Er is geen terugvaloptie; analogue").ok());
    CHECK(kinds.read("none, none").value() == "none");
    CHECK(kinds.hint("none, analogue", "nl") == "; \"Er is geen terugvaloptie\" gaat met geen ander samen");
}

TEST_CASE("whoever fills a fact of origin, access or documentation is asked for a source") {
    const std::set<std::string> deciding = {// origin
                                            "control_country", "compelled_cooperation", "state_control", "offensive_programme",
                                            "strained_relation", "maintenance_country", "development_country", "module_maker",
                                            "module_country", "cloud_operator", "cloud_country", "maker", "maker_name",
                                            // access, 3A
                                            "critical_part", "extensive_access", "remote_party", "remote_agreed",
                                            "remote_documented", "remote_exposed", "remote_observed", "remote_observed_from",
                                            "remote_service", "remote_blocked", "firmware_push_documented", "internet_observed",
                                            "cellular",
                                            // documentation
                                            "remote_in_manual", "red_declaration", "cra_declaration", "radio_equipment"};
    Questionnaire asked = official();
    asked.add_fact_questions();
    std::set<std::string> found;
    for (const Question& question : asked.questions) {
        for (const Question::Fill& fill : question.fills) {
            if (!deciding.contains(fill.fact)) continue;
            found.insert(fill.fact);
            CHECK_MESSAGE(question.needs_source, question.id << " fills " << fill.fact);
        }
    }
    for (const std::string& fact : deciding) CHECK_MESSAGE(found.contains(fact), fact << " is asked of nobody");
}

TEST_CASE("do not know is an answer to every question") {
    for (const char* scale : {"yes-no", "several", "grade", "watts", "words", "day", "lands"}) {
        for (const char* said : {"unknown", "weet niet", "Do not know", "?"}) CHECK(read_as(scale, said) == "unknown");
    }
}

TEST_CASE("every problem of a questionnaire is said, each at its place") {
    CHECK(problems_of(example::questionnaire_text).empty());
    CHECK(mentions(problems_of(with(R"("scope": "zone")", R"("scope": "room")")), "q.json: /questions/0/scope"));
    CHECK(mentions(problems_of(with(R"("fact": "remote_blocked")", R"("fact": "nothing")")), "there is no fact \"nothing\""));
    CHECK(mentions(problems_of(with(R"("fact": "remote_blocked")", R"("fact": "plant_protocol")")), "always known"));
    CHECK(mentions(problems_of(with(R"({"yes": 1, "no": 0})", R"({"yes": 2, "no": 0})")), "this is no flag"));
    CHECK(mentions(problems_of(with(R"({"yes": 1, "no": 0})", R"({"perhaps": 1})")), "no answer \"perhaps\""));
    CHECK(mentions(problems_of(with(R"("question": "remote", "is")", R"("question": "grade", "is")")), "is not asked before"));
    CHECK(mentions(problems_of(with(R"("valid_days": 100)", R"("valid_days": 0)")), "from 1 to 3660"));
    CHECK(mentions(problems_of(with(R"("id": "power")", R"("id": "grade")")), "another question has this id"));
    CHECK(mentions(problems_of(with(R"("value": "no")", R"("value": "unknown")")), "an answer to every question"));
    CHECK(mentions(problems_of(with(R"("consideration": "3A")", R"("consideration": "4")")), "/consideration"));
    CHECK(mentions(problems_of(with(R"("scale": "watts")", R"("scale": "feet")")), "no such scale"));
    CHECK(mentions(problems_of(with(R"([{"fact": "rated_power"}])", R"([{"fact": "brand"}])")), "no value of this fact"));
    CHECK(mentions(problems_of(with(R"("en": "How bad?")", R"("fr": "Quoi?")")), "this key is not known here"));
    // More than one at once.
    std::string two = with(R"("scope": "zone")", R"("scope": "room")");
    two.replace(two.find(R"("valid_days": 100)"), 17, R"("valid_days": 0)");
    CHECK(problems_of(two).size() == 2);
}

TEST_CASE("a questionnaire's name says which content it is") {
    const Questionnaire one = example::questionnaire();
    const Result<Questionnaire> other = Questionnaire::from_text(with("Waarover?", "Waarvan?"), "q.json");
    REQUIRE(other.ok());
    CHECK(one.named().starts_with("example 1 sha256:"));
    CHECK(one.named() != other.value().named());
}

TEST_SUITE_END();

}  // namespace questionnaire_test
