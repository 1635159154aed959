#include "assess/rating.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "core/file.h"
#include "tests/assess/example_criteria.h"
#include "tests/assess/example_questions.h"

using namespace herkomst;
using example::asked;
using example::criteria;
using example::said;
using Said = RatingPoints::Said;

namespace rating_test {

TEST_SUITE_BEGIN("assess.rating");

TEST_CASE("the criteria of the product are read without a problem, say that they are not calibrated, and their examples hold") {
    CHECK_FALSE(criteria().calibrated);
    CHECK_FALSE(criteria().note.nl.empty());
    CHECK(criteria().examples.size() >= 7);
    for (const Problem& problem : criteria().check_examples()) FAIL_CHECK(problem.text());
}

TEST_CASE("likelihood over all points: it follows the formula, rises with every factor and falls with measures") {
    const RatingWeights weights;
    for (int s = 0; s <= 4; ++s)
        for (int c = 0; c <= 4; ++c)
            for (int r = 0; r <= 4; ++r)
                for (int n = 0; n <= 4; ++n)
                    for (int m = 0; m <= 4 * n; ++m) {
                        RatingPoints p;
                        p.compelled = std::min(s, 2);
                        p.offensive = s - p.compelled;
                        p.capability = p.party = c;
                        p.reach = r;
                        p.measures = m;
                        p.measures_of = n;
                        const int inherent = likelihood_of(weights, p, false);
                        const int residual = likelihood_of(weights, p, true);
                        const double path = std::sqrt(c * r) / 4;
                        const double mean = n == 0 ? 0 : static_cast<double>(m) / n;
                        const auto formula = [&](double left) {
                            return static_cast<int>(std::floor(1 + 4 * path * (0.4 + 0.15 * s) * left + 0.5 + 1e-9));
                        };
                        REQUIRE(inherent == std::clamp(formula(1), 1, 5));
                        REQUIRE(residual == std::clamp(formula(1 - 0.2 * mean), 1, 5));
                        REQUIRE(residual <= inherent);
                        if (c == 0 || r == 0) REQUIRE(inherent == 1);
                        if (s == 0) REQUIRE(inherent <= 3);
                        const auto rises = [&](int RatingPoints::*factor, int by) {
                            RatingPoints more = p;
                            more.*factor += by;
                            REQUIRE(likelihood_of(weights, more, false) >= inherent);
                            REQUIRE(likelihood_of(weights, more, true) >= residual);
                        };
                        rises(&RatingPoints::offensive, 1);
                        rises(&RatingPoints::capability, 1);
                        rises(&RatingPoints::party, 1);
                        rises(&RatingPoints::reach, 1);
                        RatingPoints better = p;
                        better.measures += 1;
                        REQUIRE(likelihood_of(weights, better, true) <= residual);
                    }
}

TEST_CASE("supplied firmware needs no path") {
    RatingPoints p;
    p.compelled = p.offensive = 2;
    p.capability = p.party = 4;
    CHECK(likelihood_of({}, p, false) == 1);
    p.supplied_firmware = true;
    CHECK(likelihood_of({}, p, false) == 3);
}

TEST_CASE("impact over all points: never below a part of it, and a tested fallback takes a step") {
    for (int worst = 1; worst <= 5; ++worst)
        for (int concentration = 0; concentration <= 1; ++concentration)
            for (int chain = 0; chain <= 1; ++chain) {
                RatingPoints p;
                p.consequence = worst;
                p.concentration = concentration;
                p.chain = chain;
                REQUIRE(impact_of({}, p, true) == std::min(5, worst + concentration + chain));
                p.fallback_tested = true;
                REQUIRE(impact_of({}, p, false) == std::min(5, worst + concentration + chain));
                REQUIRE(impact_of({}, p, true) == std::max(1, std::min(5, worst + concentration + chain) - 1));
            }
}

TEST_CASE("every mixture of the four considerations has a decision, and the floor holds") {
    for (const char* first : {"no", "yes", "unknown"})
        for (const char* second : {"no", "yes", "unknown"})
            for (const char* part : {"no", "yes", "unknown"})
                for (const char* controls : {"no", "yes", "unknown"}) {
                    const RatingInputs inputs = said({{"supplier-compelled", first},
                                                      {"supplier-state", "no"},
                                                      {"supplier-offensive", second},
                                                      {"supplier-strained", "no"},
                                                      {"critical-part", part},
                                                      {"controls-suffice", controls},
                                                      {"product-remote", "switch"},
                                                      {"product-party", "maker"},
                                                      {"zone-reach", "internal"},
                                                      {"process-impact", "1"},
                                                      {"process-safety", "1"},
                                                      {"process-downtime", "over-week"},
                                                      {"process-share", "under-5"},
                                                      {"process-chain", "no"}});
                    const Rating rating = rate(criteria(), inputs, "");
                    REQUIRE_FALSE(rating.decision.empty());
                    // Do not know counts as yes.
                    const bool all =
                        std::string_view(first) != "no" && std::string_view(second) != "no" && std::string_view(part) != "no";
                    if (all && std::string_view(controls) != "yes") REQUIRE(rating.residual >= Band::High);
                    if (!all) REQUIRE(rating.residual < Band::High);
                    REQUIRE(rating.considerations.at("1") == first);
                    REQUIRE(rating.considerations.at("3B") == controls);
                    if (all && std::string_view(controls) == "no") REQUIRE(rating.decision == "replace");
                    if (all && std::string_view(controls) == "unknown") REQUIRE(rating.decision == "assess-controls");
                    if (std::string_view(first) == "no" && std::string_view(second) == "no")
                        REQUIRE(rating.decision == "ordinary");
                }
}

TEST_CASE("what is unknown lowers completeness and never the rating") {
    const Rating nothing = rate(criteria(), {}, "");
    CHECK(nothing.known == 0);
    CHECK(nothing.of == 22);
    const Rating one = rate(criteria(), said({{"process-impact", "2"}}), "");
    CHECK(one.known == 1);
    CHECK(one.residual <= nothing.residual);
    const Rating said_unknown = rate(criteria(), said({{"process-impact", "unknown"}}), "");
    CHECK(said_unknown.known == 0);
    CHECK(said_unknown.inherent == nothing.inherent);
}

TEST_CASE("a rating can be made again from what was written down") {
    const RatingInputs inputs = said({{"supplier-compelled", "yes"}, {"zone-reach", "outbound"}, {"measure-egress", "tested"}});
    const Rating made = rate(criteria(), inputs, "firmware-push-by-maker");
    const Json line = to_json(made);
    const Result<Rating> again = rated_again(criteria(), line, "line");
    REQUIRE(again.ok());
    CHECK(to_json(again.value()) == line);
    // No number stands in it but how many inputs are known.
    CHECK_FALSE(line.has("likelihood"));
    CHECK_FALSE(line.has("score"));
    Json forged = line;
    forged["residual"] = "low";
    CHECK_FALSE(rated_again(criteria(), forged, "line").ok());
    Json other = line;
    other["criteria"] = "other 1 sha256:000000000000";
    CHECK_FALSE(rated_again(criteria(), other, "line").ok());
}

TEST_CASE("inputs are answers that hold, else what the scan knows; what was seen goes before an answer that makes less of it") {
    Questionnaire questions = asked();
    const AnswerSubject subject{"a1", "A-a1", "device", "pumping", "east", "north"};
    Facts facts = {{"maker", "riverside"}, {"model", "RS 50"}, {"offensive_programme", 1}, {"remote_observed", 1}};
    AnswerBook book;
    book.add(example::given("process-impact", AnswerScope::Process, "pumping", "4"));
    book.add(example::given("product-remote", AnswerScope::Product, "riverside/rs 50", "read"));
    book.add(example::given("zone-reach", AnswerScope::Zone, "east", "internal", "2026-01-01", "2026-02-01"));
    const RatingInputs inputs = inputs_of(criteria(), questions, subject, facts, book, example::at("2026-11-27"));
    CHECK(inputs.at("process-impact") == RatingInput{"4", RatingInput::From::Person});
    CHECK(inputs.at("supplier-offensive") == RatingInput{"yes", RatingInput::From::Scan});
    CHECK(inputs.at("product-remote") == RatingInput{"switch", RatingInput::From::Scan, true, true});
    CHECK(inputs.at("zone-reach") == RatingInput{"unknown", RatingInput::From::Person});  // its answer has ended
    CHECK(inputs.at("process-chain") == RatingInput{"unknown", RatingInput::From::Nobody});
    CHECK(inputs.size() == 22);
}

TEST_CASE(
    "what the data know of a channel never makes it harmless: only a person says that nobody else can, or no path leads") {
    const AnswerSubject subject{"a1", "A-a1", "device", "pumping", "east", "north"};
    Facts facts = {{"maker", "riverside"},       {"model", "RS 50"},
                   {"remote_documented", 1},     {"remote_party", "account_holder"},
                   {"compelled_cooperation", 1}, {"offensive_programme", 1}};
    for (const char* party : {"account_holder", "grid_operator", "installer", "maker"}) {
        facts["remote_party"] = party;
        // The documentation names the account holder; that the account is on the maker's cloud is the point of it.
        const Rating rating =
            rate(criteria(), inputs_of(criteria(), asked(), subject, facts, {}, example::at("2026-11-27")), "");
        CHECK_MESSAGE(rating.inherent >= Band::High, party);
        CHECK_MESSAGE(rating.residual >= Band::High, party);
        CHECK(rating.likelihood >= 4);
        CHECK(rating.decision == "assess-controls");
        CHECK(rating.considerations.at("3A") == "unknown");
    }
    // Without a word on 3A it counts as yes, whatever else people say.
    for (const auto& [question, answer] :
         {std::pair{"product-party", "own"}, {"product-remote", "none"}, {"zone-reach", "isolated"}}) {
        RatingInputs inputs = said({{"supplier-compelled", "yes"}, {"supplier-offensive", "yes"}, {question, answer}});
        CHECK(rate(criteria(), inputs, "").decision == "assess-controls");
        CHECK(rate(criteria(), inputs, "").residual >= Band::High);
        inputs["critical-part"] = {"no", RatingInput::From::Person};
        CHECK(rate(criteria(), inputs, "").decision == "watch");
    }
}

TEST_CASE("what was seen never makes less of a do not know, nor of an answer that has ended") {
    const AnswerSubject subject{"a1", "A-a1", "device", "pumping", "east", "north"};
    const Facts facts = {{"maker", "riverside"}, {"model", "RS 50"}, {"remote_documented", 1}, {"internet_observed", 1}};
    const Time now = example::at("2026-11-27");
    const auto input = [&](const AnswerBook& book, const char* question) {
        return inputs_of(criteria(), asked(), subject, facts, book, now).at(question);
    };
    const AnswerBook nobody;
    CHECK(input(nobody, "product-remote") == RatingInput{"switch", RatingInput::From::Scan});
    AnswerBook unknown;
    unknown.add(example::given("product-remote", AnswerScope::Product, "riverside/rs 50", "unknown"));
    unknown.add(example::given("zone-reach", AnswerScope::Zone, "east", "inbound", "2026-01-01", "2026-02-01"));
    CHECK(input(unknown, "product-remote") == RatingInput{"unknown", RatingInput::From::Person});
    CHECK(input(unknown, "zone-reach") == RatingInput{"unknown", RatingInput::From::Person});
    const Rating before = rate(criteria(), inputs_of(criteria(), asked(), subject, facts, nobody, now), "");
    const Rating after = rate(criteria(), inputs_of(criteria(), asked(), subject, facts, unknown, now), "");
    CHECK(after.residual >= before.residual);
    CHECK(before.asked == 0);
    CHECK(after.asked == 2);
    CHECK(after.answered == 0);
}

TEST_CASE("several assets together are as bad as the worst of each") {
    const RatingInputs one = said({{"process-impact", "5"}, {"measure-egress", "tested"}, {"critical-part", "no"}});
    const RatingInputs two = said({{"process-impact", "1"}, {"measure-egress", "absent"}, {"critical-part", "yes"}});
    const RatingInputs both = worst_of(criteria(), {one, two});
    CHECK(both.at("process-impact").value == "5");
    CHECK(both.at("measure-egress").value == "absent");
    CHECK(both.at("critical-part").value == "yes");
    CHECK(worst_of(criteria(), {two, one}) == both);
    // One that nobody said anything of makes it unknown, and takes nothing away of what was said of the others.
    const RatingInputs more = worst_of(criteria(), {one, two, {}});
    CHECK(more.at("process-impact").value == "unknown");
    CHECK(more.at("process-impact").answered());
    CHECK_FALSE(more.at("process-safety").asked());
    CHECK(rate(criteria(), more, "").answered == 3);
    const Rating worst = rate(criteria(), both, "");
    CHECK(worst.residual >= rate(criteria(), one, "").residual);
    CHECK(worst.residual >= rate(criteria(), two, "").residual);
}

TEST_CASE("criteria that fall, forget an answer or make light of the unknown are refused") {
    const Result<std::string> text = read_file(HERKOMST_SOURCE_DIR "/rules/criteria/zelfscan.json");
    REQUIRE(text.ok());
    const Result<Json> json = parse_json(text.value(), "c.json");
    REQUIRE(json.ok());
    const auto refused = [&](auto change) {
        Json changed = json.value();
        change(changed);
        const Result<Criteria> read = Criteria::from_text(write_json(changed), "c.json", asked());
        return read.ok() ? std::string() : read.problems().front().text();
    };
    CHECK(refused([](Json&) {}).empty());
    CHECK(refused([](Json& j) { j["bands"].items()[4].items()[4] = "low"; }).find("never below") != std::string::npos);
    CHECK(refused([](Json& j) { j["calibrated"] = true; }).find("uncalibrated") != std::string::npos);
    CHECK(refused([](Json& j) { j["inputs"]["reach"].items()[0]["unknown"] = 0; }).find("worst answer") != std::string::npos);
    CHECK(refused([](Json& j) { j["inputs"]["measures"].items()[0]["unknown"] = 4; }).find("worst answer") !=
          std::string::npos);
    CHECK(refused([](Json& j) { j["inputs"]["reach"].items()[0]["scores"]["inbound"] = 0; }).find("below that") !=
          std::string::npos);
    CHECK(refused([](Json& j) { j["inputs"]["reach"].items()[0]["scores"].members().erase("inbound"); }).find("no score") !=
          std::string::npos);
    CHECK(refused([](Json& j) { j["inputs"]["chain"].items()[0]["question"] = "nothing"; }).find("no such question") !=
          std::string::npos);
    CHECK(refused([](Json& j) { j["weights"]["without_consideration"] = 90; }).find("100 per cent") != std::string::npos);
    CHECK(refused([](Json& j) { j["inputs"].members().erase("party"); }).find("\"party\" is missing") != std::string::npos);
}

TEST_SUITE_END();

}  // namespace rating_test
