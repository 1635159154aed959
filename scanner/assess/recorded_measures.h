// What measures that people recorded in the register mean for a rating: rules/measures/<id>.json.
//
// A measure that is implemented or tested counts in the residual rating as an answer to the criteria's own questions about
// measures and fallbacks, where that is better than what was answered; where a question does not apply, it still does not. So
// another measure, or one that went further, never raises a band. Nothing else of the rating moves: neither what it is without
// measures, nor the considerations (3B is a person's to say), nor how much is known.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assess/rating.h"
#include "core/result.h"

namespace herkomst {

struct RecordedMeasure {
    std::string kind;   // register/lifecycle.h: block_egress, monitor, fallback ...
    std::string state;  // proposed, planned, in_progress, implemented, tested, rejected
};
using MeasureAnswers = std::map<std::string, std::string, std::less<>>;  // question -> answer

class MeasureMeanings {
  public:
    // Every problem at once.
    static Result<MeasureMeanings> load(const std::string& path);
    static Result<MeasureMeanings> from_text(std::string_view json, std::string_view name);
    // Of several that answer one question the one that says most by these criteria.
    [[nodiscard]] MeasureAnswers answers(const Criteria&, std::span<const RecordedMeasure>) const;
    [[nodiscard]] const std::map<std::string, std::vector<std::string>, std::less<>>& questions() const { return questions_; }
    [[nodiscard]] const std::map<std::string, std::string, std::less<>>& states() const { return states_; }

  private:
    std::map<std::string, std::vector<std::string>, std::less<>> questions_;  // by kind
    std::map<std::string, std::string, std::less<>> states_;
};

// The rating with these: its residual, and in `by_measures` those that made it better.
Rating with_measures(const Criteria&, Rating, const MeasureAnswers&);

}  // namespace herkomst
