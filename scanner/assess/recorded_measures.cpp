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
    if (!all["states"].is_object() || all["states"].members().empty()) wrong("/states", "this is missing");
    for (const auto& [state, answer] : all["states"].members()) {
        if (!answer.is_string() || answer.string().empty()) wrong("/states/" + state, "this is no answer");
        out.states_[state] = answer.string();
    }
    if (!all["measures"].is_array() || all["measures"].items().empty()) wrong("/measures", "this is missing");
    std::size_t number = 0;
    for (const Json& one : all["measures"].items()) {
        const std::string place = fmt::format("/measures/{}", number++);
        const std::string& kind = one["kind"].string();
        if (kind.empty()) wrong(place + "/kind", "this is missing");
        if (out.questions_.contains(kind)) wrong(place + "/kind", "this kind stands here twice");
        for (const Json& question : one["questions"].items()) {
            if (!question.is_string() || question.string().empty()) wrong(place + "/questions", "this is no question");
            out.questions_[kind].push_back(question.string());
        }
        if (out.questions_[kind].empty()) wrong(place + "/questions", "this is missing");
    }
    if (!problems.empty()) return problems;
    return out;
}

MeasureAnswers MeasureMeanings::answers(const Criteria& criteria, std::span<const RecordedMeasure> measures) const {
    MeasureAnswers out;
    for (const RecordedMeasure& measure : measures) {
        const auto answer = states_.find(measure.state);
        const auto questions = questions_.find(measure.kind);
        if (answer == states_.end() || questions == questions_.end()) continue;
        for (const std::string& question : questions->second) {
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
