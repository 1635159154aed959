// How likely and how bad, by a criteria set: rules/criteria/<id>.json (rules/questionnaires/README.md is its manual).
//
// A rating is a pure function of the criteria and of the answers that were given to it, both of which it carries along: it can
// be computed again at any time. It says a band, never a number; its weights are declared uncalibrated. What is not known
// counts as the worst answer of its scale ("do not know" counts as yes) and makes the rating less complete; it never lowers it.
// A rating is made of a finding that stands: it opens none. assess/rated.h says when it leads.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assess/answers.h"

namespace herkomst {

// The points that a rating is made of, and nothing else.
struct RatingPoints {
    int compelled = 0;      // consideration 1: 0 no, 2 yes or unknown
    int offensive = 0;      // consideration 2
    int capability = 0;     // 0 to 4: what can be done remotely
    int party = 0;          // 0 to 4: by whom
    int reach = 0;          // 0 to 4: along which path
    int measures = 0;       // sum of 0 to 4 each
    int measures_of = 0;    // how many apply
    int consequence = 1;    // 1 to 5
    int concentration = 0;  // 0 or 1
    int chain = 0;          // 0 or 1
    bool fallback_tested = false;
    bool supplied_firmware = false;  // firmware that the maker supplies needs no path
    enum class Said : std::uint8_t { No, Unknown, Yes };
    Said critical_part = Said::Unknown;  // consideration 3A
    Said controls = Said::Unknown;       // consideration 3B
};

struct RatingWeights {
    int without_consideration = 40;    // per cent of the path that counts without considerations 1 and 2
    int per_consideration_point = 15;  // per cent more for each of their four points
    int per_measure_point = 20;        // per cent less for each of the four points of the mean measure
    int tested_fallback = 1;           // steps of impact less
};
// 1 to 5. With all factors: 1 + 4 x sqrt(capability x reach)/4 x (weights), rounded, in whole numbers throughout.
int likelihood_of(const RatingWeights&, const RatingPoints&, bool with_measures);
int impact_of(const RatingWeights&, const RatingPoints&, bool with_fallback);

// One answer that a rating used.
struct RatingInput {
    enum class From : std::uint8_t { Nobody, Scan, Person };
    std::string value;  // `unknown` when nobody said; of a person: "do not know", or an answer that has ended
    From from = From::Nobody;
    // That a person said something besides what stands here: where the scan goes before it, or of another asset of several.
    bool also_asked = false;     // anything, "do not know" too
    bool also_answered = false;  // an answer that holds
    [[nodiscard]] bool asked() const { return from == From::Person || also_asked || also_answered; }
    [[nodiscard]] bool answered() const;
    bool operator==(const RatingInput&) const = default;
};
std::string_view name(RatingInput::From);
using RatingInputs = std::map<std::string, RatingInput, std::less<>>;  // by question

struct Criteria {
    struct Guess {  // what the scan knows, when nobody answered
        std::string fact;
        std::vector<Json> is;
        std::string answer;
    };
    struct Input {
        std::string question;
        std::map<std::string, std::optional<int>, std::less<>> scores;  // nothing: does not apply
        int unknown = 0;
        std::vector<Guess> guesses;
    };
    struct Decision {
        std::string id;
        std::map<std::string, std::vector<std::string>> when;  // "1", "2", "3A": yes, no; "3B": yes, no, unknown
        Texts text;
    };
    struct Example {
        std::string place;
        RatingInputs inputs;
        std::string rule;
        std::string inherent;
        std::string residual;
        std::string decision;
    };
    std::string id;
    int version = 0;
    std::string hash;
    Texts title;
    Texts note;  // that and why the weights are not calibrated
    bool calibrated = false;
    std::map<std::string, std::vector<Input>, std::less<>> inputs;  // by factor
    RatingWeights weights;
    std::vector<std::string> supplied_firmware;  // rules about firmware that the maker supplies
    Band bands[5][5] = {};                       // [likelihood - 1][impact - 1]
    Band floor{};                                // of 1, 2 and 3A without 3B
    std::vector<Decision> decisions;             // the first that fits
    std::vector<Reference> references;
    std::vector<Example> examples;

    // Strict: every problem at once. Monotone by construction or a problem: bands that fall are refused. Every question and
    // answer must be one of the questionnaire's.
    static Result<Criteria> load(const std::string& path, const Questionnaire&);
    static Result<Criteria> from_text(std::string_view json, std::string_view name, const Questionnaire&);
    [[nodiscard]] std::string named() const;  // "zelfscan 1 sha256:0123456789ab"
    // Its own examples held against it.
    [[nodiscard]] Problems check_examples() const;
};

struct Rating {
    std::string criteria;  // Criteria::named()
    std::string rule;      // of the finding that is rated
    Band inherent{};       // without measures and fallbacks
    Band residual{};
    // The steps from 1 to 5 that the bands were read at; a floor may have raised those.
    int likelihood = 1;
    int impact = 1;
    int residual_likelihood = 1;
    int residual_impact = 1;
    unsigned known = 0;  // inputs that somebody answered, or the scan knows
    unsigned of = 0;     // inputs that count
    unsigned asked = 0;  // inputs of which people said anything, "do not know" too: RatingInput::asked
    unsigned answered = 0;
    std::string decision;
    Texts decision_text;
    // "1", "2", "3A", "3B": yes, no, unknown
    std::map<std::string, std::string> considerations;
    RatingInputs inputs;
    // Answers that measures recorded in the register stand for in `residual`, where they are better than those in `inputs`
    // (assess/recorded_measures.h); by question.
    std::map<std::string, std::string, std::less<>> by_measures;
};

// The bands alone, which nothing but the points decide.
struct RatingBands {
    int likelihood = 1;
    int impact = 1;
    int residual_likelihood = 1;
    int residual_impact = 1;
    Band inherent{};
    Band residual{};
};
RatingBands bands_of(const Criteria&, const RatingPoints&);

// Rating::asked and answered, by its inputs.
void count_said(Rating&);

RatingPoints points_of(const Criteria&, const RatingInputs&, std::string_view rule);
Rating rate(const Criteria&, RatingInputs, std::string_view rule);
// What is known of an asset: answers that hold, else what the scan's facts say; those against a "do not know" or an answer that
// has ended only where they are as bad.
RatingInputs inputs_of(const Criteria&, const Questionnaire&, const AnswerSubject&, const Facts&, const AnswerBook&, Time now);
// Of several assets together (a finding about a supplier, an operator, a jurisdiction): the worst of each input.
RatingInputs worst_of(const Criteria&, const std::vector<RatingInputs>&);

Json to_json(const Rating&);
// The rating made again from what `to_json` wrote; a problem when it is of other criteria or is not as it says.
Result<Rating> rated_again(const Criteria&, const Json&, std::string_view place);

}  // namespace herkomst
