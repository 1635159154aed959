// What measures that people recorded in the register mean for a rating: rules/measures/<id>.json.
//
// A measure that is implemented or tested counts in the residual rating as an answer to the criteria's own questions about
// measures and fallbacks, where that is better than what was answered; where a question does not apply, it still does not. So
// another measure, or one that went further, never raises a band. Nothing else of the rating moves: neither what it is without
// measures, nor the considerations (3B is a person's to say), nor how much is known. A kind may count only where considerations
// are what it says (a contract binds who is free to keep it); one that is not known is not that. A kind that answers no
// question says why.
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
    // Of several that answer one question the one that says most by these criteria. `considerations`: of the rating.
    [[nodiscard]] MeasureAnswers answers(const Criteria&, std::span<const RecordedMeasure>,
                                         const std::map<std::string, std::string>& considerations) const;
    struct Meaning {
        std::vector<std::string> questions;                         // none: `why` says why it answers none
        std::map<std::string, std::string, std::less<>> states;     // state -> answer
        std::map<std::string, std::vector<std::string>> only_when;  // consideration -> outcomes; all of them
        Texts why;
    };
    [[nodiscard]] const std::map<std::string, Meaning, std::less<>>& kinds() const { return kinds_; }

  private:
    std::map<std::string, Meaning, std::less<>> kinds_;
};

// The rating with these: its residual, and in `by_measures` those that made it better.
Rating with_measures(const Criteria&, Rating, const MeasureAnswers&);

}  // namespace herkomst
