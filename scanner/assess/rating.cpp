// Ratings in whole numbers: the same bits on every machine.
#include "assess/rating.h"

#include <fmt/core.h>

#include <algorithm>

namespace herkomst {

namespace {

int clamped(int value) { return std::clamp(value, 1, 5); }

const RatingInput& given(const RatingInputs& inputs, const std::string& question) {
    static const RatingInput nobody{std::string(unknown_answer), RatingInput::From::Nobody};
    const auto found = inputs.find(question);
    return found == inputs.end() ? nobody : found->second;
}

// Nothing: the question does not apply.
std::optional<int> score(const Criteria::Input& input, const RatingInput& said) {
    if (said.value == unknown_answer) return input.unknown;
    const auto found = input.scores.find(said.value);
    return found == input.scores.end() ? std::optional<int>(input.unknown) : found->second;
}

const std::vector<Criteria::Input>& inputs_for(const Criteria& criteria, std::string_view factor) {
    static const std::vector<Criteria::Input> none;
    const auto found = criteria.inputs.find(factor);
    return found == criteria.inputs.end() ? none : found->second;
}

int worst(const Criteria& criteria, std::string_view factor, const RatingInputs& inputs, int least) {
    int out = least;
    for (const Criteria::Input& input : inputs_for(criteria, factor)) {
        out = std::max(out, score(input, given(inputs, input.question)).value_or(least));
    }
    return out;
}

RatingPoints::Said said_about(const Criteria& criteria, std::string_view factor, const RatingInputs& inputs) {
    for (const Criteria::Input& input : inputs_for(criteria, factor)) {
        const RatingInput& one = given(inputs, input.question);
        if (one.value == unknown_answer) return RatingPoints::Said::Unknown;
        return score(input, one).value_or(0) > 0 ? RatingPoints::Said::Yes : RatingPoints::Said::No;
    }
    return RatingPoints::Said::Unknown;
}

std::string yes_or_no(bool yes) { return yes ? "yes" : "no"; }

// What a person reads: unknown is shown as such, though it counts as yes.
std::string consideration(const Criteria& criteria, std::string_view factor, const RatingInputs& inputs) {
    bool unknown = false;
    for (const Criteria::Input& input : inputs_for(criteria, factor)) {
        const RatingInput& one = given(inputs, input.question);
        if (one.value == unknown_answer) {
            unknown = true;
        } else if (score(input, one).value_or(0) > 0) {
            return "yes";
        }
    }
    return unknown ? std::string(unknown_answer) : "no";
}

}  // namespace

bool RatingInput::answered() const { return also_answered || (from == From::Person && value != unknown_answer); }

std::string_view name(RatingInput::From from) {
    switch (from) {
        case RatingInput::From::Nobody:
            return "nobody";
        case RatingInput::From::Scan:
            return "scan";
        case RatingInput::From::Person:
            return "person";
    }
    return "";
}

int likelihood_of(const RatingWeights& weights, const RatingPoints& points, bool with_measures) {
    const int capability = std::min(points.capability, points.party);
    const int reach = std::max(points.reach, points.supplied_firmware ? 1 : 0);
    // Parts of 10000: considerations, then measures. The mean measure is a fraction, so both sides are multiplied by its
    // divisor.
    const std::int64_t considered =
        weights.without_consideration + weights.per_consideration_point * std::int64_t{points.compelled + points.offensive};
    const std::int64_t divisor = std::max(1, points.measures_of);
    std::int64_t left = 100 * divisor;
    if (with_measures && points.measures_of > 0)
        left = std::max<std::int64_t>(0, left - std::int64_t{weights.per_measure_point} * points.measures);
    // 1 + sqrt(capability x reach) x considered/100 x left/(100 x divisor), rounded: the highest k for which it is at least k -
    // 1/2.
    const std::int64_t factor = considered * left;
    const std::int64_t square = std::int64_t{capability} * reach * factor * factor;
    int steps = 0;
    while (steps < 4) {
        const std::int64_t bound = (2 * std::int64_t{steps} + 1) * 5000 * divisor;
        if (square < bound * bound) break;
        ++steps;
    }
    return clamped(1 + steps);
}

int impact_of(const RatingWeights& weights, const RatingPoints& points, bool with_fallback) {
    const int all = clamped(points.consequence + points.concentration + points.chain);
    return clamped(all - (with_fallback && points.fallback_tested ? weights.tested_fallback : 0));
}

RatingPoints points_of(const Criteria& criteria, const RatingInputs& inputs, std::string_view rule) {
    RatingPoints out;
    out.compelled = worst(criteria, "compelled", inputs, 0);
    out.offensive = worst(criteria, "offensive", inputs, 0);
    out.capability = worst(criteria, "capability", inputs, 0);
    out.party = worst(criteria, "party", inputs, 0);
    out.reach = worst(criteria, "reach", inputs, 0);
    out.consequence = worst(criteria, "consequence", inputs, 1);
    out.concentration = worst(criteria, "concentration", inputs, 0);
    out.chain = worst(criteria, "chain", inputs, 0);
    for (const Criteria::Input& input : inputs_for(criteria, "measures")) {
        const std::optional<int> one = score(input, given(inputs, input.question));
        if (!one) continue;
        out.measures += *one;
        ++out.measures_of;
    }
    for (const Criteria::Input& input : inputs_for(criteria, "fallbacks")) {
        if (score(input, given(inputs, input.question)).value_or(0) >= 4) out.fallback_tested = true;
    }
    out.critical_part = said_about(criteria, "critical_part", inputs);
    out.controls = said_about(criteria, "controls", inputs);
    out.supplied_firmware = std::find(criteria.supplied_firmware.begin(), criteria.supplied_firmware.end(), rule) !=
                            criteria.supplied_firmware.end();
    return out;
}

RatingBands bands_of(const Criteria& criteria, const RatingPoints& points) {
    RatingBands out;
    out.likelihood = likelihood_of(criteria.weights, points, false);
    out.impact = impact_of(criteria.weights, points, false);
    out.residual_likelihood = likelihood_of(criteria.weights, points, true);
    out.residual_impact = impact_of(criteria.weights, points, true);
    out.inherent = criteria.bands[out.likelihood - 1][out.impact - 1];
    out.residual = criteria.bands[out.residual_likelihood - 1][out.residual_impact - 1];
    const bool both = points.compelled > 0 && points.offensive > 0;
    if (both && points.critical_part != RatingPoints::Said::No && points.controls != RatingPoints::Said::Yes) {
        out.inherent = std::max(out.inherent, criteria.floor);
        out.residual = std::max(out.residual, criteria.floor);
    }
    return out;
}

Rating rate(const Criteria& criteria, RatingInputs inputs, std::string_view rule) {
    Rating out;
    out.criteria = criteria.named();
    out.rule = rule;
    const RatingPoints points = points_of(criteria, inputs, rule);
    const RatingBands bands = bands_of(criteria, points);
    out.likelihood = bands.likelihood;
    out.impact = bands.impact;
    out.residual_likelihood = bands.residual_likelihood;
    out.residual_impact = bands.residual_impact;
    out.inherent = bands.inherent;
    out.residual = bands.residual;
    const bool first = points.compelled > 0;
    const bool second = points.offensive > 0;
    const bool critical = points.critical_part != RatingPoints::Said::No;
    const std::map<std::string, std::string> decided = {
        {"1", yes_or_no(first)},
        {"2", yes_or_no(second)},
        {"3A", yes_or_no(critical)},
        {"3B", points.controls == RatingPoints::Said::Unknown ? std::string(unknown_answer)
                                                              : yes_or_no(points.controls == RatingPoints::Said::Yes)}};
    for (const Criteria::Decision& decision : criteria.decisions) {
        const bool fits = std::all_of(decision.when.begin(), decision.when.end(), [&](const auto& one) {
            return std::find(one.second.begin(), one.second.end(), decided.at(one.first)) != one.second.end();
        });
        if (!fits) continue;
        out.decision = decision.id;
        out.decision_text = decision.text;
        break;
    }
    out.considerations["1"] = consideration(criteria, "compelled", inputs);
    out.considerations["2"] = consideration(criteria, "offensive", inputs);
    out.considerations["3A"] =
        points.critical_part == RatingPoints::Said::Unknown ? std::string(unknown_answer) : yes_or_no(critical);
    out.considerations["3B"] = decided.at("3B");
    for (const auto& [factor, list] : criteria.inputs) {
        for (const Criteria::Input& input : list) {
            ++out.of;
            const RatingInput& one = given(inputs, input.question);
            if (one.value != unknown_answer) ++out.known;
            inputs.emplace(input.question, one);
        }
    }
    out.inputs = std::move(inputs);
    count_said(out);
    return out;
}

void count_said(Rating& rating) {
    rating.asked = rating.answered = 0;
    for (const auto& [question, input] : rating.inputs) {
        rating.asked += input.asked() ? 1 : 0;
        rating.answered += input.answered() ? 1 : 0;
    }
}

}  // namespace herkomst
