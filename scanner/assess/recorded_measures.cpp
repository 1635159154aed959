#include "assess/recorded_measures.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "core/file.h"
#include "core/json.h"

namespace herkomst {

namespace {

const Criteria::Input* input_for(const Criteria& criteria, std::string_view question) {
    for (const char* factor : {"measures", "fallbacks"}) {
        const auto list = criteria.inputs.find(factor);
        if (list == criteria.inputs.end()) continue;
        for (const Criteria::Input& input : list->second) {
            if (input.question == question) return &input;
        }
    }
    return nullptr;
}

// Nothing: the question does not apply.
std::optional<int> score_of(const Criteria::Input& input, std::string_view answer) {
    const auto found = input.scores.find(answer);
    return answer == unknown_answer || found == input.scores.end() ? std::optional<int>(input.unknown) : found->second;
}

}  // namespace

Result<MeasureMeanings> MeasureMeanings::load(const std::string& path) {
    const Result<std::string> text = read_file(path, 1 << 20);
    if (!text) return text.problems();
    return from_text(text.value(), path);
}

Result<MeasureMeanings> MeasureMeanings::from_text(std::string_view json, std::string_view name) {
    const Result<Json> read = parse_json(json, name);
    if (!read) return read.problems();
    Problems problems;
    const auto wrong = [&](const std::string& pointer, const char* sentence) {
        problems.push_back({fmt::format("{}: {}", name, pointer), sentence});
    };
    MeasureMeanings out;
    const Json& all = read.value();
    const auto states = [&](const Json& said, const std::string& place) {
        std::map<std::string, std::string, std::less<>> read_states;
        if (!said.is_object() || said.members().empty()) wrong(place, "this is missing");
        for (const auto& [state, answer] : said.members()) {
            if (!answer.is_string() || answer.string().empty()) wrong(place + "/" + state, "this is no answer");
            read_states[state] = answer.string();
        }
        return read_states;
    };
    const auto common = states(all["states"], "/states");
    if (!all["measures"].is_array() || all["measures"].items().empty()) wrong("/measures", "this is missing");
    std::size_t number = 0;
    for (const Json& one : all["measures"].items()) {
        const std::string place = fmt::format("/measures/{}", number++);
        const std::string& kind = one["kind"].string();
        if (kind.empty()) wrong(place + "/kind", "this is missing");
        if (out.kinds_.contains(kind)) wrong(place + "/kind", "this kind stands here twice");
        Meaning& meaning = out.kinds_[kind];
        for (const Json& question : one["questions"].items()) {
            if (!question.is_string() || question.string().empty()) wrong(place + "/questions", "this is no question");
            meaning.questions.push_back(question.string());
        }
        meaning.states = one.has("states") ? states(one["states"], place + "/states") : common;
        for (const auto& [consideration, outcomes] : one["only_when"].members()) {
            // What is unknown is not what a measure may count on.
            for (const Json& outcome : outcomes.items()) {
                if (outcome.string() != "yes" && outcome.string() != "no")
                    wrong(place + "/only_when/" + consideration, "this is neither yes nor no");
                meaning.only_when[consideration].push_back(outcome.string());
            }
            if (meaning.only_when[consideration].empty()) wrong(place + "/only_when/" + consideration, "this is missing");
        }
        meaning.why = {one["why"]["nl"].string(), one["why"]["en"].string()};
        const bool said = !meaning.why.nl.empty() && !meaning.why.en.empty();
        if (!one["questions"].is_array()) wrong(place + "/questions", "this is missing");
        if ((meaning.questions.empty() || !meaning.only_when.empty()) && !said)
            wrong(place + "/why", "this is missing where a kind does not count, or not always");
    }
    if (!problems.empty()) return problems;
    return out;
}

MeasureAnswers MeasureMeanings::answers(const Criteria& criteria, std::span<const RecordedMeasure> measures,
                                        const std::map<std::string, std::string>& considerations) const {
    MeasureAnswers out;
    const auto counts = [&](const Meaning& meaning) {
        return std::all_of(meaning.only_when.begin(), meaning.only_when.end(), [&](const auto& each) {
            const auto outcome = considerations.find(each.first);
            return outcome != considerations.end() &&
                   std::find(each.second.begin(), each.second.end(), outcome->second) != each.second.end();
        });
    };
    for (const RecordedMeasure& measure : measures) {
        const auto kind = kinds_.find(measure.kind);
        if (kind == kinds_.end() || !counts(kind->second)) continue;
        const auto answer = kind->second.states.find(measure.state);
        if (answer == kind->second.states.end()) continue;
        for (const std::string& question : kind->second.questions) {
            const Criteria::Input* input = input_for(criteria, question);
            if (input == nullptr || !input->scores.contains(answer->second)) continue;
            const auto [held, fresh] = out.try_emplace(question, answer->second);
            if (!fresh && score_of(*input, answer->second) > score_of(*input, held->second)) held->second = answer->second;
        }
    }
    return out;
}

Rating with_measures(const Criteria& criteria, Rating rating, const MeasureAnswers& said) {
    RatingInputs inputs = rating.inputs;
    for (const auto& [question, answer] : said) {
        const Criteria::Input* input = input_for(criteria, question);
        const auto held = inputs.find(question);
        if (input == nullptr || held == inputs.end()) continue;
        const std::optional<int> was = score_of(*input, held->second.value);
        const std::optional<int> now = score_of(*input, answer);
        if (!was || !now || *now <= *was) continue;
        held->second.value = answer;
        rating.by_measures[question] = answer;
    }
    if (rating.by_measures.empty()) return rating;
    const Rating better = rate(criteria, std::move(inputs), rating.rule);
    rating.residual_likelihood = std::min(rating.residual_likelihood, better.residual_likelihood);
    rating.residual_impact = std::min(rating.residual_impact, better.residual_impact);
    rating.residual = std::min(rating.residual, better.residual);
    return rating;
}

}  // namespace herkomst
