#include <doctest/doctest.h>

#include <algorithm>

#include "tests/assess/example_questions.h"

using namespace herkomst;
using example::at;
using example::given;
using example::Plant;
using example::question_of;

namespace asks_order_test {

TEST_SUITE_BEGIN("assess.asks_order");

namespace {

const Time now = at("2026-11-27T10:00:00Z");

std::vector<Ask> asks_with(const Questionnaire& asked, const Plant& plant, const std::vector<Finding>& findings,
                           const AnswerBook& book, bool needed) {
    AskOptions how;
    how.now = now;
    how.needed = needed;
    return asks_of(asked, plant.subjects, plant.rows, findings, book, how);
}

}  // namespace

TEST_CASE("what decides most verdicts comes first, then what holds for most assets, then the order of the questionnaire") {
    const Questionnaire asked = example::questionnaire();
    const Plant plant;
    const std::vector<Finding> findings = {
        question_of("path", "a1", {"remote_blocked"}), question_of("path", "a2", {"remote_blocked"}),
        question_of("control", "a1", {"remote_documented"}), question_of("origin", "a2", {"remote_documented"})};
    std::vector<Ask> asks = asks_with(asked, plant, findings, {}, false);
    std::vector<std::string> before;
    for (const Ask& ask : asks) before.push_back(ask.question->id);
    most_deciding_first(asks);
    REQUIRE(asks.size() > 3);
    CHECK(asks[0].question->id == "remote");  // two verdicts by one answer
    CHECK(asks[0].verdicts == 2);
    CHECK(asks[0].assets.size() == 2);
    CHECK(asks[0].waiting == std::vector<std::string>{"control", "origin"});
    CHECK(asks[1].question->id == "blocked");  // one in each zone
    CHECK(asks[1].verdicts == 1);
    CHECK(asks[2].question->id == "blocked");
    std::vector<std::string> rest;
    for (std::size_t i = 3; i < asks.size(); ++i) {
        CHECK(asks[i].verdicts == 0);
        rest.push_back(asks[i].question->id);
    }
    std::erase_if(before, [](const std::string& id) { return id == "remote" || id == "blocked"; });
    CHECK(rest == before);

    const AsksCount count = count_of(asks, findings);
    CHECK(count.open == asks.size());
    CHECK(count.needed == 3);
    CHECK(count.verdicts == 4);
}

TEST_CASE("only what a rule waits for, when that is asked for") {
    const Questionnaire asked = example::questionnaire();
    const Plant plant;
    const std::vector<Finding> findings = {question_of("control", "a1", {"remote_documented"}), question_of("open", "a2", {})};
    CHECK(asks_with(asked, plant, findings, {}, false).size() > 1);
    const std::vector<Ask> needed = asks_with(asked, plant, findings, {}, true);
    REQUIRE(needed.size() == 1);
    CHECK(needed[0].question->id == "remote");
    CHECK(asks_with(asked, plant, {question_of("open", "a2", {})}, {}, true).empty());
}

TEST_CASE("early stop: where considerations 1 and 2 are answered with no, 3B is not asked, unless a rule waits for it") {
    Result<Questionnaire> read = Questionnaire::load(HERKOMST_SOURCE_DIR "/rules/questionnaires/zelfscan.json");
    REQUIRE(read.ok());
    const Questionnaire& asked = read.value();
    Plant plant;
    const std::vector<Finding> stands = {question_of("rule", "a1", {})};
    const auto asks_3b = [&](const std::vector<Finding>& findings, const AnswerBook& book) {
        const auto asks = asks_with(asked, plant, findings, book, false);
        return std::any_of(asks.begin(), asks.end(), [](const Ask& ask) { return ask.question->id == "controls-suffice"; });
    };
    AnswerBook book;
    CHECK(asks_3b(stands, book));
    const auto say = [&](const char* question, const char* value) {
        book.add(given(question, AnswerScope::Supplier, "riverside", value));
    };
    for (const char* question : {"supplier-compelled", "supplier-state", "supplier-offensive"}) say(question, "no");
    CHECK(asks_3b(stands, book));  // one of the four is open still
    say("supplier-strained", "unknown");
    CHECK(asks_3b(stands, book));
    say("supplier-strained", "no");
    CHECK_FALSE(asks_3b(stands, book));
    CHECK(asks_3b({question_of("rule", "a1", {"controls_sufficient"})}, book));
    // What is critical (3A) is asked all the same: continuity does not hang on where the maker is.
    const auto asks = asks_with(asked, plant, stands, book, false);
    CHECK(std::any_of(asks.begin(), asks.end(), [](const Ask& ask) { return ask.question->id == "critical-part"; }));
    // What was seen speaks against such an answer: then it does not count.
    plant.row("a1").facts["offensive_programme"] = 1;
    plant.row("a2").facts["offensive_programme"] = 1;
    CHECK(asks_3b(stands, book));
}

TEST_SUITE_END();

}  // namespace asks_order_test
