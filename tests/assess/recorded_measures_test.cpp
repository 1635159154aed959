// What measures recorded in the register mean for a rating: they make its residual better or leave it, and nothing else.
#include "assess/recorded_measures.h"

#include <doctest/doctest.h>

#include <random>
#include <set>

#include "register/lifecycle.h"

using namespace herkomst;

namespace recorded_measures_test {

TEST_SUITE_BEGIN("assess.recorded_measures");

namespace {

constexpr const char* kinds[] = {"isolate", "block_egress", "local_control", "disable_remote", "replace", "contract",
                                 "monitor", "fallback",     "diversify",     "physical",       "other"};
constexpr const char* states[] = {"rejected", "proposed", "planned", "in_progress", "implemented", "tested"};

struct Data {
    Questionnaire asked;
    Criteria criteria;
    MeasureMeanings meanings;
};
const Data& data() {
    static const Data loaded = [] {
        Data out;
        Result<Questionnaire> asked = Questionnaire::load(HERKOMST_SOURCE_DIR "/rules/questionnaires/zelfscan.json");
        REQUIRE(asked.ok());
        out.asked = std::move(asked.value());
        Result<Criteria> criteria = Criteria::load(HERKOMST_SOURCE_DIR "/rules/criteria/zelfscan.json", out.asked);
        REQUIRE(criteria.ok());
        out.criteria = std::move(criteria.value());
        Result<MeasureMeanings> meanings = MeasureMeanings::load(HERKOMST_SOURCE_DIR "/rules/measures/zelfscan.json");
        REQUIRE(meanings.ok());
        out.meanings = std::move(meanings.value());
        return out;
    }();
    return loaded;
}

RatingInputs some(std::mt19937& random) {
    RatingInputs out;
    for (const auto& [factor, list] : data().criteria.inputs) {
        for (const Criteria::Input& input : list) {
            std::vector<std::string> values = {std::string(unknown_answer)};
            for (const auto& [answer, ignored] : input.scores) values.push_back(answer);
            const std::string value = values[random() % values.size()];
            out[input.question] = {value, value == unknown_answer ? RatingInput::From::Nobody : RatingInput::From::Person};
        }
    }
    return out;
}

// The worst case: everything is open, and nothing is done about it.
RatingInputs worst() {
    RatingInputs out;
    for (const auto& [factor, list] : data().criteria.inputs) {
        const bool lower = factor == "measures" || factor == "fallbacks" || factor == "controls";
        for (const Criteria::Input& input : list) {
            std::string value;
            int most = -1;
            for (const auto& [answer, score] : input.scores) {
                const int bad = lower ? 100 - score.value_or(0) : score.value_or(0);
                if (score && bad > most) {
                    most = bad;
                    value = answer;
                }
            }
            out[input.question] = {value, RatingInput::From::Person};
        }
    }
    // A person says that what can be done covers it: then no floor holds the band up.
    out["controls-suffice"].value = "yes";
    return out;
}

Rating rated(const RatingInputs& inputs, const std::vector<RecordedMeasure>& measures) {
    const Data& all = data();
    const Rating without = rate(all.criteria, inputs, "rule");
    return with_measures(all.criteria, without, all.meanings.answers(all.criteria, measures, without.considerations));
}

}  // namespace

TEST_CASE("every kind and state is one of the register's, every question one of the criteria's that takes the answer") {
    const Data& all = data();
    std::set<std::string> questions;
    for (const char* factor : {"measures", "fallbacks"}) {
        for (const Criteria::Input& input : all.criteria.inputs.find(factor)->second) {
            questions.insert(input.question);
            for (const auto& [kind, meaning] : all.meanings.kinds()) {
                for (const auto& [state, answer] : meaning.states) CHECK(input.scores.contains(answer));
            }
        }
    }
    for (const auto& [kind, meaning] : all.meanings.kinds()) {
        CHECK(refused_value("measure", "kind", kind).empty());
        for (const std::string& question : meaning.questions) CHECK_MESSAGE(questions.contains(question), question);
        for (const auto& [state, answer] : meaning.states) {
            CHECK(refused_value("measure", "state", state).empty());
            // What is not done yet is in no list.
            CHECK((state == "implemented" || state == "tested"));
        }
    }
    // Each kind that there is stands there, with what it answers or why it answers nothing.
    for (const char* kind : kinds) {
        REQUIRE_MESSAGE(all.meanings.kinds().contains(kind), std::string(kind));
        const MeasureMeanings::Meaning& meaning = all.meanings.kinds().find(kind)->second;
        CHECK_MESSAGE((!meaning.questions.empty() || !meaning.why.nl.empty()), std::string(kind));
    }
    CHECK_FALSE(MeasureMeanings::from_text(R"({"states":{},"measures":[{"kind":"","questions":[]}]})", "x").ok());
}

TEST_CASE("a measure never raises a band, nor does one that went further; without one nothing moves but by it") {
    std::mt19937 random(6);
    std::size_t better = 0;
    for (int round = 0; round < 1500; ++round) {
        const RatingInputs inputs = some(random);
        std::vector<RecordedMeasure> measures;
        Rating before = rated(inputs, measures);
        CHECK(before.by_measures.empty());
        for (int more = 0; more < 4; ++more) {
            const std::string kind = kinds[random() % std::size(kinds)];
            Band least = before.residual;
            for (const char* state : states) {
                measures.push_back({kind, state});
                const Rating now = rated(inputs, measures);
                REQUIRE(now.residual <= least);
                REQUIRE(now.residual_likelihood <= before.residual_likelihood);
                REQUIRE(now.residual_impact <= before.residual_impact);
                least = now.residual;
                REQUIRE(now.inherent == before.inherent);
                REQUIRE(now.considerations == before.considerations);
                REQUIRE(now.decision == before.decision);
                REQUIRE(now.known == before.known);
                REQUIRE(now.inputs == before.inputs);
                measures.pop_back();
            }
            measures.push_back({kind, "tested"});
            const Rating now = rated(inputs, measures);
            better += now.residual < before.residual ? 1 : 0;
            before = now;
        }
    }
    CHECK(better > 50);
}

TEST_CASE("a contract counts for a part, and only of a supplier that nobody can compel; unknown is not no") {
    RatingInputs inputs = worst();
    const std::vector<RecordedMeasure> contract = {{"contract", "tested"}};
    const auto consider = [&](const char* compelled, const char* offensive) {
        inputs["supplier-compelled"].value = compelled;
        inputs["supplier-state"].value = compelled;
        inputs["supplier-offensive"].value = offensive;
        inputs["supplier-strained"].value = offensive;
        return rated(inputs, contract);
    };
    for (const auto& [compelled, offensive] :
         {std::pair("yes", "yes"), std::pair("yes", "no"), std::pair("no", "yes"), std::pair("no", "unknown"),
          std::pair("unknown", "no"), std::pair("unknown", "unknown")})
        CHECK_MESSAGE(consider(compelled, offensive).by_measures.empty(), compelled << " " << offensive);
    const Rating free = consider("no", "no");
    CHECK(free.by_measures.at("measure-session") == "partly");
    CHECK(free.by_measures.at("measure-update") == "partly");
    const Rating before = rated(inputs, {});
    CHECK(free.residual_likelihood < before.residual_likelihood);
    CHECK(free.residual < before.residual);
    CHECK(free.residual_impact == before.residual_impact);
    CHECK(free.inherent == before.inherent);
    // What does more than a contract says more.
    CHECK(rated(inputs, {{"contract", "planned"}}).by_measures.empty());
    CHECK(rated(inputs, {{"contract", "tested"}, {"disable_remote", "implemented"}}).by_measures.at("measure-session") ==
          "in-place");
}

TEST_CASE(
    "what limits in hardware lowers the impact once it was tested; a replacement ends a finding and lowers none that stands") {
    const RatingInputs inputs = worst();
    const Rating none = rated(inputs, {});
    CHECK(rated(inputs, {{"physical", "tested"}}).residual_impact < none.residual_impact);
    CHECK(rated(inputs, {{"physical", "tested"}}).residual_likelihood == none.residual_likelihood);
    CHECK(rated(inputs, {{"physical", "implemented"}}).residual_impact == none.residual_impact);
    CHECK(rated(inputs, {{"physical", "planned"}}).by_measures.empty());
    for (const char* state : states) {
        CHECK(rated(inputs, {{"replace", state}}).by_measures.empty());
        CHECK(rated(inputs, {{"other", state}}).by_measures.empty());
    }
}

TEST_CASE("a file of meanings that leaves something open is refused") {
    const auto refused = [](const char* measures) {
        return !MeasureMeanings::from_text(std::string(R"({"states":{"tested":"tested"},"measures":[)") + measures + "]}", "x")
                    .ok();
    };
    CHECK_FALSE(refused(R"({"kind":"monitor","questions":["measure-monitor"]})"));
    CHECK(refused(R"({"kind":"other","questions":[]})"));
    CHECK(refused(R"({"kind":"other","why":{"nl":"a","en":"b"}})"));
    CHECK(refused(R"({"kind":"contract","questions":["q"],"only_when":{"1":["no"]}})"));
    CHECK(refused(R"({"kind":"contract","questions":["q"],"only_when":{"1":["unknown"]},"why":{"nl":"a","en":"b"}})"));
    CHECK(refused(R"({"kind":"contract","questions":["q"],"only_when":{"1":[]},"why":{"nl":"a","en":"b"}})"));
    CHECK(refused(R"({"kind":"contract","questions":["q"],"states":{},"why":{"nl":"a","en":"b"}})"));
}

TEST_CASE("what is done counts, what is only planned does not, and what does not apply still does not") {
    const RatingInputs inputs = worst();
    const Rating none = rated(inputs, {});
    CHECK(none.residual == Band::Critical);
    CHECK(rated(inputs, {{"block_egress", "planned"}, {"monitor", "rejected"}, {"other", "tested"}}).by_measures.empty());
    const Rating done = rated(inputs, {{"block_egress", "tested"}, {"monitor", "implemented"}, {"disable_remote", "tested"}});
    CHECK(done.residual_likelihood < none.residual_likelihood);
    CHECK(done.by_measures.at("measure-egress") == "tested");
    CHECK(done.by_measures.at("measure-monitor") == "in-place");
    // A tested fallback makes the impact less.
    CHECK(rated(inputs, {{"fallback", "tested"}}).residual_impact < none.residual_impact);
    CHECK(rated(inputs, {{"fallback", "implemented"}}).residual_impact == none.residual_impact);
    RatingInputs other = inputs;
    other["measure-egress"].value = "not-applicable";
    CHECK(rated(other, {{"block_egress", "tested"}}).by_measures.empty());
    // And it can be made again from what was printed.
    const Result<Rating> again = rated_again(data().criteria, to_json(done), "line");
    REQUIRE(again.ok());
    CHECK(again.value().residual == done.residual);
    CHECK(again.value().by_measures == done.by_measures);
}

TEST_SUITE_END();

}  // namespace recorded_measures_test
