// A register as the self-assessment sees it: what was seen, what people
// answered, and what follows from the two together.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "assess/recorded_measures.h"
#include "register/overview.h"

namespace herkomst {

struct SiteJudged {
    std::vector<FactsRow> rows;  // with answers; FactsRow::asset is the uid
    Answered answered;
    std::vector<Group> groups;
    std::vector<Finding> findings;
};

class AssessedSite {
  public:
    AssessedSite(Overview, const VendorDb&, const PolicyPacks&, const Questionnaire&);

    [[nodiscard]] const Overview& all() const { return all_; }
    [[nodiscard]] const std::vector<AnswerSubject>& subjects() const { return subjects_; }
    // The rules held against everything again, with these answers.
    [[nodiscard]] SiteJudged judged(const AnswerBook&, Time now) const;
    // What to ask, as far as it follows from `before` without judging again: fast
    // enough to do after every answer.
    [[nodiscard]] std::vector<Ask> asks(const SiteJudged& before, const AnswerBook&, const AskOptions&) const;
    // Everything that can be answered about here.
    [[nodiscard]] std::set<AnswerPlace> places(const AnswerBook&, Time now) const;
    // Of a finding that stands; one about a group is as bad as the worst of its
    // members.
    // With the measures that people recorded at it.
    [[nodiscard]] Rating rating(const Criteria&, const Finding&, const SiteJudged&, const AnswerBook&, Time now,
                                const MeasureMeanings* = nullptr) const;

  private:
    [[nodiscard]] std::vector<FactsRow> with_answers(const AnswerBook&, Time now, Answered* into) const;

    Overview all_;
    const VendorDb& vendors_;
    const PolicyPacks& packs_;
    const Questionnaire& asked_;
    std::vector<FactsRow> seen_;
    std::vector<AnswerSubject> subjects_;
    std::map<std::string, std::size_t, std::less<>> number_;  // by uid
};

}  // namespace herkomst
