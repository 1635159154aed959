// What a rating is made of: from answers, from facts, from several assets together, and from a rating that was written down.
#include <fmt/core.h>

#include <algorithm>

#include "assess/facts_table.h"
#include "assess/recorded_measures.h"

namespace herkomst {

namespace {

bool lower_is_worse(std::string_view factor) { return factor == "measures" || factor == "fallbacks" || factor == "controls"; }

// How bad an input is: what does not apply is the least of it.
int badness(const Criteria::Input& input, const std::string& value, bool lower) {
    int points = input.unknown;
    if (value != unknown_answer) {
        const auto found = input.scores.find(value);
        if (found != input.scores.end()) {
            if (!found->second) return -1;
            points = *found->second;
        }
    }
    return lower ? 100 - points : points;
}

// For putting several next to each other: what is unknown stands before what is as bad and known.
int rank(const Criteria::Input& input, const RatingInput& one, bool lower) {
    return badness(input, one.value, lower) * 2 + (one.value == unknown_answer ? 1 : 0);
}

RatingInput input_of(const Criteria::Input& input, bool lower, const Questionnaire& asked, const AnswerSubject& subject,
                     const Facts& facts, const AnswerBook& book, Time now) {
    const Question* question = asked.question(input.question);
    const GivenAnswer* answer = question == nullptr ? nullptr : book.for_asset(*question, subject, facts);
    RatingInput out{std::string(unknown_answer), RatingInput::From::Nobody};
    // An answer that has ended says "do not know".
    if (answer != nullptr) out = {answer->holds(now) ? answer->value : std::string(unknown_answer), RatingInput::From::Person};
    for (const Criteria::Guess& guess : input.guesses) {
        if (std::find(guess.is.begin(), guess.is.end(), fact_of(facts, guess.fact)) == guess.is.end()) continue;
        const int seen = badness(input, guess.answer, lower);
        const int said = badness(input, out.value, lower);
        // What was seen speaks where nobody did, against an answer that makes less of it, and never makes less of "do not
        // know".
        const bool unknown = out.value == unknown_answer;
        const bool speaks = !out.asked() || (unknown ? seen >= said : seen > said);
        if (speaks) out = {guess.answer, RatingInput::From::Scan, out.asked(), out.answered()};
        break;
    }
    return out;
}

std::optional<RatingInput::From> from_named(std::string_view text) {
    for (const auto from : {RatingInput::From::Nobody, RatingInput::From::Scan, RatingInput::From::Person}) {
        if (name(from) == text) return from;
    }
    return std::nullopt;
}

}  // namespace

RatingInputs inputs_of(const Criteria& criteria, const Questionnaire& asked, const AnswerSubject& subject, const Facts& facts,
                       const AnswerBook& book, Time now) {
    RatingInputs out;
    for (const auto& [factor, list] : criteria.inputs) {
        for (const Criteria::Input& input : list)
            out[input.question] = input_of(input, lower_is_worse(factor), asked, subject, facts, book, now);
    }
    return out;
}

RatingInputs worst_of(const Criteria& criteria, const std::vector<RatingInputs>& members) {
    RatingInputs out;
    for (const auto& [factor, list] : criteria.inputs) {
        for (const Criteria::Input& input : list) {
            int most = -3;
            bool said = false;
            bool answered = false;
            for (const RatingInputs& member : members) {
                const auto found = member.find(input.question);
                const RatingInput one =
                    found == member.end() ? RatingInput{std::string(unknown_answer), RatingInput::From::Nobody} : found->second;
                said = said || one.asked();
                answered = answered || one.answered();
                const int bad = rank(input, one, lower_is_worse(factor));
                if (bad <= most) continue;
                most = bad;
                out[input.question] = one;
            }
            // That somebody answered of one of them stays true when another one is not known.
            if (members.empty()) continue;
            RatingInput& worst = out[input.question];
            worst.also_asked = worst.also_answered = false;
            if (!worst.asked()) worst.also_asked = said;
            if (!worst.answered()) worst.also_answered = answered;
        }
    }
    return out;
}

Json to_json(const Rating& rating) {
    Json line = Json::object();
    line["criteria"] = rating.criteria;
    line["calibrated"] = false;
    line["rule"] = rating.rule;
    line["inherent"] = name(rating.inherent);
    line["residual"] = name(rating.residual);
    line["known"] = rating.known;
    line["of"] = rating.of;
    line["decision"] = rating.decision;
    for (const auto& [consideration, answer] : rating.considerations) line["considerations"][consideration] = answer;
    line["inputs"] = Json::object();
    for (const auto& [question, input] : rating.inputs) {
        line["inputs"][question]["value"] = input.value;
        line["inputs"][question]["from"] = name(input.from);
        if (input.also_asked) line["inputs"][question]["also_asked"] = true;
        if (input.also_answered) line["inputs"][question]["also_answered"] = true;
    }
    for (const auto& [question, answer] : rating.by_measures) line["by_measures"][question] = answer;
    return line;
}

Result<Rating> rated_again(const Criteria& criteria, const Json& line, std::string_view place) {
    Problems problems;
    const auto wrong = [&](std::string_view member, std::string sentence) {
        problems.push_back({fmt::format("{}: /{}", place, member), std::move(sentence)});
    };
    if (line["criteria"].string() != criteria.named())
        wrong("criteria", fmt::format("this rating was made with other criteria; these are {}", criteria.named()));
    if (!line["inputs"].is_object()) wrong("inputs", "this is not an object");
    RatingInputs inputs;
    for (const auto& [question, input] : line["inputs"].members()) {
        const auto from = from_named(input["from"].string());
        if (!from || !input["value"].is_string()) {
            wrong("inputs", "an input has a value, and says from where");
            continue;
        }
        inputs[question] = {input["value"].string(), *from, input["also_asked"].boolean(), input["also_answered"].boolean()};
    }
    if (!problems.empty()) return problems;
    MeasureAnswers measures;
    for (const auto& [question, answer] : line["by_measures"].members()) measures[question] = answer.string();
    Rating again = with_measures(criteria, rate(criteria, std::move(inputs), line["rule"].string()), measures);
    for (const auto& [member, value] : {std::pair<std::string_view, std::string_view>{"inherent", name(again.inherent)},
                                        {"residual", name(again.residual)},
                                        {"decision", again.decision}}) {
        if (line[member].string() != value) wrong(member, fmt::format("this should be {}", value));
    }
    if (!problems.empty()) return problems;
    return again;
}

}  // namespace herkomst
