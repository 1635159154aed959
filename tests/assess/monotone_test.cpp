// No answer that is worse, and none that becomes unknown, lowers a band: over all combinations of answers.
//
// All combinations of the 22 inputs are some 10^15, so they are walked in three steps that together cover each of them:
//   1. A rating's bands are `bands_of(points_of(inputs))`: `rate` has no other way to them (compared below).
//   2. Each of the points is made of the inputs of one factor, and no input stands in two (compared below). So all combinations
//      of answers are: within each factor all combinations of its inputs, in any combination with those of the other factors.
//      Within each factor all are walked, and each step to a worse answer moves that factor's points towards worse or leaves
//      them.
//   3. All combinations of points are walked, and each step of one factor towards worse leaves the bands or raises them.
// A step of one answer is, by 2, some steps of its factor's points while all others stand, and by 3 these lower no band.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>

#include "assess/rated.h"
#include "tests/assess/example_criteria.h"

using namespace herkomst;
using example::criteria;

namespace monotone_test {

TEST_SUITE_BEGIN("assess.monotone");

namespace {

using Said = RatingPoints::Said;

// How bad a factor's part of the points is: a vector in which no number may fall when an answer becomes worse.
std::vector<long> harm(std::string_view factor, const RatingPoints& p) {
    if (factor == "compelled") return {p.compelled};
    if (factor == "offensive") return {p.offensive};
    if (factor == "capability") return {p.capability};
    if (factor == "party") return {p.party};
    if (factor == "reach") return {p.reach};
    if (factor == "consequence") return {p.consequence};
    if (factor == "concentration") return {p.concentration};
    if (factor == "chain") return {p.chain};
    // The mean as a share of its highest; without any, none is there.
    if (factor == "measures") return {p.measures_of == 0 ? 48 : 48 - 12 * p.measures / p.measures_of};
    if (factor == "fallbacks") return {p.fallback_tested ? 0 : 1};
    // Unknown is as bad as the worst.
    if (factor == "critical_part") return {p.critical_part == Said::No ? 0 : 1};
    if (factor == "controls") return {p.controls == Said::Yes ? 0 : 1};
    FAIL("no such factor");
    return {};
}

std::string all_points(const RatingPoints& p) {
    std::string out;
    for (const int one :
         {p.compelled, p.offensive, p.capability, p.party, p.reach, p.measures, p.measures_of, p.consequence, p.concentration,
          p.chain, static_cast<int>(p.fallback_tested), static_cast<int>(p.critical_part), static_cast<int>(p.controls)})
        out += std::to_string(one) + " ";
    return out;
}

// Not more than half a turn of `bands_of`: the points that a factor decides, taken from others.
void take(std::string_view factor, RatingPoints& into, const RatingPoints& from) {
    if (factor == "compelled") into.compelled = from.compelled;
    if (factor == "offensive") into.offensive = from.offensive;
    if (factor == "capability") into.capability = from.capability;
    if (factor == "party") into.party = from.party;
    if (factor == "reach") into.reach = from.reach;
    if (factor == "consequence") into.consequence = from.consequence;
    if (factor == "concentration") into.concentration = from.concentration;
    if (factor == "chain") into.chain = from.chain;
    if (factor == "measures") into.measures = from.measures, into.measures_of = from.measures_of;
    if (factor == "fallbacks") into.fallback_tested = from.fallback_tested;
    if (factor == "critical_part") into.critical_part = from.critical_part;
    if (factor == "controls") into.controls = from.controls;
}

struct Answer {
    std::string value;
    int score = 0;  // higher is worse
    bool applies = true;
};
std::vector<Answer> answers_to(const Criteria::Input& input, bool lower_is_worse) {
    const auto badness = [&](int score) { return lower_is_worse ? -score : score; };
    std::vector<Answer> out;
    for (const auto& [answer, score] : input.scores) out.push_back({answer, badness(score.value_or(0)), score.has_value()});
    out.push_back({std::string(unknown_answer), badness(input.unknown), true});
    return out;
}

}  // namespace

TEST_CASE("what is unknown is as bad as the worst answer to its question") {
    for (const auto& [factor, list] : criteria().inputs) {
        const bool lower = factor == "measures" || factor == "fallbacks" || factor == "controls";
        for (const Criteria::Input& input : list) {
            const std::vector<Answer> answers = answers_to(input, lower);
            for (const Answer& answer : answers)
                CHECK_MESSAGE((!answer.applies || answers.back().score >= answer.score), input.question << " " << answer.value);
        }
    }
}

TEST_CASE("within each factor: over all combinations of its inputs, a worse or unknown answer is worse in its points alone") {
    std::size_t combinations = 0;
    for (const auto& [name, list] : criteria().inputs) {
        const std::string& factor = name;
        const bool lower = factor == "measures" || factor == "fallbacks" || factor == "controls";
        std::vector<std::vector<Answer>> answers;
        std::size_t all = 1;
        for (const Criteria::Input& input : list) {
            answers.push_back(answers_to(input, lower));
            all *= answers.back().size();
        }
        const RatingPoints nothing = points_of(criteria(), {}, "");
        const auto at = [&](std::size_t n) {
            RatingInputs out;
            for (std::size_t i = 0; i < list.size(); ++i) {
                out[list[i].question] = {answers[i][n % answers[i].size()].value, RatingInput::From::Person};
                n /= answers[i].size();
            }
            return out;
        };
        std::vector<std::vector<long>> harms(all);
        for (std::size_t n = 0; n < all; ++n) {
            const RatingPoints points = points_of(criteria(), at(n), "");
            harms[n] = harm(factor, points);
            // Only its own points: with them put back nothing is otherwise.
            RatingPoints rest = points;
            take(factor, rest, nothing);
            REQUIRE(all_points(rest) == all_points(nothing));
        }
        combinations += all;
        std::size_t stride = 1;
        for (const std::vector<Answer>& options : answers) {
            for (std::size_t n = 0; n < all; ++n) {
                const std::size_t digit = (n / stride) % options.size();
                for (std::size_t other = 0; other < options.size(); ++other) {
                    // What does not apply is left out of a mean, and is neither better nor worse than an answer; unknown is
                    // never better than that either.
                    const bool unknown = other + 1 == options.size();
                    const bool worse = options[other].applies &&
                                       (unknown || (options[digit].applies && options[other].score >= options[digit].score));
                    if (!worse) continue;
                    const std::size_t there = n - digit * stride + other * stride;
                    REQUIRE_MESSAGE(harms[there] >= harms[n],
                                    factor << " " << options[digit].value << " " << options[other].value);
                }
            }
            stride *= options.size();
        }
    }
    CHECK(combinations > 5000);
}

TEST_CASE("over all combinations of points: one factor towards worse never lowers a band") {
    // Of the measures every sum of none to four that apply, of each 0 to 4.
    struct Measures {
        int sum, of;
    };
    std::vector<Measures> means;
    for (int of = 0; of <= 4; ++of)
        for (int sum = 0; sum <= 4 * of; ++sum) means.push_back({sum, of});
    std::stable_sort(means.begin(), means.end(), [](const Measures& a, const Measures& b) {
        return a.sum * std::max(1, b.of) > b.sum * std::max(1, a.of);  // from much to nothing
    });
    // From harmless to harmful in every digit.
    const std::size_t sizes[13] = {2, 2, 5, 5, 5, means.size(), 5, 2, 2, 2, 3, 3, 2};
    const Measures* const mean = means.data();
    const Said parts[3] = {Said::No, Said::Yes, Said::Unknown};
    const Said controls[3] = {Said::Yes, Said::No, Said::Unknown};
    const auto points_at = [&](const std::size_t* d) {
        RatingPoints p;
        p.compelled = 2 * static_cast<int>(d[0]);
        p.offensive = 2 * static_cast<int>(d[1]);
        p.capability = static_cast<int>(d[2]);
        p.party = static_cast<int>(d[3]);
        p.reach = static_cast<int>(d[4]);
        p.measures = mean[d[5]].sum;
        p.measures_of = mean[d[5]].of;
        p.consequence = 1 + static_cast<int>(d[6]);
        p.concentration = static_cast<int>(d[7]);
        p.chain = static_cast<int>(d[8]);
        p.fallback_tested = d[9] == 0;
        p.critical_part = parts[d[10]];
        p.controls = controls[d[11]];
        p.supplied_firmware = d[12] == 1;
        return p;
    };
    std::size_t all = 1;
    for (const std::size_t size : sizes) all *= size;
    CHECK(all == std::size_t{16'200'000});
    std::vector<std::uint8_t> held(all);
    std::uint8_t* const bands = held.data();  // tests are not optimised: no call for each of them
    std::size_t digits[13] = {};
    bool low = false;
    bool critical = false;
    for (std::size_t n = 0; n < all; ++n) {
        const RatingBands came = bands_of(criteria(), points_at(digits));
        bands[n] = static_cast<std::uint8_t>(static_cast<unsigned>(came.inherent) * 16 + static_cast<unsigned>(came.residual));
        if (came.residual > came.inherent) FAIL("measures made it worse");
        low = low || came.inherent == Band::Low;
        critical = critical || came.residual == Band::Critical;
        for (std::size_t i = 0; i < 13 && ++digits[i] == sizes[i]; ++i) digits[i] = 0;
    }
    CHECK(low);
    CHECK(critical);
    std::size_t stride = 1;
    std::size_t falls = 0;
    for (const std::size_t size : sizes) {
        for (std::size_t block = 0; block < all; block += stride * size) {
            for (std::size_t n = block; n < block + stride * (size - 1); ++n) {
                const unsigned here = bands[n];
                const unsigned there = bands[n + stride];
                falls += (there >> 4) < (here >> 4) || (there & 15) < (here & 15) ? 1 : 0;
            }
        }
        stride *= size;
    }
    CHECK(falls == 0);
    // Unknown is as bad as yes (3A) and as no (3B), not between: the last two of both digits are equal.
    const std::size_t step_3a = all / (3 * 3 * 2);
    std::size_t differ = 0;
    for (std::size_t n = 0; n < all; ++n) {
        if ((n / step_3a) % 3 == 1 && bands[n] != bands[n + step_3a]) ++differ;
        if ((n / (3 * step_3a)) % 3 == 1 && bands[n] != bands[n + 3 * step_3a]) ++differ;
    }
    CHECK(differ == 0);
}

TEST_CASE("a rating's bands are those of its points, whatever the answers") {
    // A number that walks through the answers; no combination is special here.
    std::uint64_t state = 20261127;
    for (int turn = 0; turn < 2000; ++turn) {
        RatingInputs inputs;
        for (const auto& [factor, list] : criteria().inputs) {
            for (const Criteria::Input& input : list) {
                state = state * 6364136223846793005U + 1442695040888963407U;
                const std::vector<Answer> answers = answers_to(input, false);
                inputs[input.question] = {answers[(state >> 33) % answers.size()].value, RatingInput::From::Person};
            }
        }
        const std::string rule = turn % 2 == 0 ? "firmware-push-by-maker" : "";
        const Rating rating = rate(criteria(), inputs, rule);
        const RatingBands bands = bands_of(criteria(), points_of(criteria(), inputs, rule));
        REQUIRE(rating.inherent == bands.inherent);
        REQUIRE(rating.residual == bands.residual);
        REQUIRE(rating.likelihood == bands.likelihood);
        REQUIRE(rating.residual_impact == bands.residual_impact);
        REQUIRE_FALSE(rating.decision.empty());
    }
}

TEST_CASE("the band that leads never falls when an input becomes unknown: over all counts and bands") {
    constexpr std::array bands = {Band::Low, Band::Medium, Band::High, Band::Critical};
    for (unsigned of = 1; of <= 24; ++of)
        for (unsigned asked = 0; asked <= of; ++asked)
            for (unsigned answered = 0; answered <= asked; ++answered)
                for (const Band rule : bands)
                    for (const Band residual : bands)
                        for (const Band then : bands) {
                            if (then < residual) continue;  // what becomes unknown never lowers the rating (above)
                            const Band before = leading_band(rule, leads(asked, answered, of), residual);
                            const auto after = [&](unsigned asked_then, unsigned answered_then) {
                                return leading_band(rule, leads(asked_then, answered_then, of), then);
                            };
                            // Somebody who knew does not know any more, or the answer has ended.
                            if (answered > 0) REQUIRE(after(asked, answered - 1) >= before);
                            // Somebody who said nothing says "do not know".
                            if (asked < of) REQUIRE(after(asked + 1, answered) >= before);
                            // Only the scan knew.
                            REQUIRE(after(asked, answered) >= before);
                        }
}

// Whoever withdraws an answer says, by name and with a reason, that it should not have been given (another device, misread).
// Then as much is known as before it, and the band is that of before it: a function of what is known, whatever was said in
// between. Were it kept up, two devices of which the same is known would differ for ever. That a band falls by it is because
// the answer itself had raised it: as the one with which half was answered, so that the rating leads, or by making more of
// something than the scan saw. Of whoever does not know any more the answer is "do not know", and that lowers nothing.
TEST_CASE("an answer taken back was never given: a band falls only to where that answer found it; a do not know lowers none") {
    const Band rule = Band::Medium;
    RatingInputs inputs;
    std::size_t left = 10;
    for (const auto& [factor, list] : criteria().inputs) {
        for (const Criteria::Input& input : list) {
            const std::vector<Answer> answers = answers_to(input, false);
            const bool answered = left != 0 && input.question != "process-chain";
            left -= answered ? 1 : 0;
            inputs[input.question] = answered ? RatingInput{answers.front().value, RatingInput::From::Person}
                                              : RatingInput{std::string(unknown_answer), RatingInput::From::Nobody};
        }
    }
    const auto with = [&](const RatingInput& chain) {
        inputs["process-chain"] = chain;
        return rate(criteria(), inputs, "");
    };
    const RatingInput nobody{std::string(unknown_answer), RatingInput::From::Nobody};
    const Rating before = with(nobody);
    REQUIRE(before.of == 22);
    REQUIRE(before.asked == 10);
    CHECK(leading_band(rule, before) == rule);
    // Even a favourable one: with it half is answered, and what is unknown counts.
    const Rating given = with({"no", RatingInput::From::Person});
    CHECK(leading_band(rule, given) == Band::Critical);
    CHECK(leading_band(rule, with(nobody)) == rule);
    CHECK(leading_band(rule, with({std::string(unknown_answer), RatingInput::From::Person})) == Band::Critical);
    // The rating itself falls by no answer that is taken back, where the scan knows nothing of it; only who leads may change.
    std::uint64_t state = 27;
    std::size_t fell = 0;
    for (int turn = 0; turn < 4000; ++turn) {
        for (const auto& [factor, list] : criteria().inputs) {
            for (const Criteria::Input& input : list) {
                state = state * 6364136223846793005U + 1442695040888963407U;
                const std::vector<Answer> answers = answers_to(input, false);
                const bool answered = (state >> 20) % 2 == 0;
                inputs[input.question] =
                    answered ? RatingInput{answers[(state >> 33) % answers.size()].value, RatingInput::From::Person} : nobody;
            }
        }
        inputs["process-share"] = {"5-20", RatingInput::From::Person};
        const Rating held = rate(criteria(), inputs, "");
        inputs["process-share"] = nobody;
        const Rating taken = rate(criteria(), inputs, "");
        inputs["process-share"] = {std::string(unknown_answer), RatingInput::From::Person};
        const Rating unknown = rate(criteria(), inputs, "");
        REQUIRE(taken.residual >= held.residual);
        REQUIRE(taken.inherent >= held.inherent);
        REQUIRE(leading_band(rule, unknown) >= leading_band(rule, held));
        if (leading_band(rule, taken) >= leading_band(rule, held)) continue;
        ++fell;
        REQUIRE(leads(taken) == Leads::Rule);
        REQUIRE(leads(held) != Leads::Rule);
    }
    CHECK(fell > 100);
}

TEST_SUITE_END();

}  // namespace monotone_test
