// What `assess` shows: how far the self-assessment is, what answers change, and
// ratings.
#pragma once

#include <string>
#include <vector>

#include "cli/assess_site.h"

namespace herkomst {

// What the answers make of the register's findings and questions at the next
// scan; empty when nothing changes.
std::string what_changes(const SiteJudged&, const Overview&, const std::string& language);

std::string status_page(const std::vector<Ask>&, const SiteJudged&, const AnswerBook&, const AssessedSite&,
                        const Questionnaire&, const AskOptions&);
std::vector<Json> status_lines(const std::vector<Ask>&, const SiteJudged&, const AnswerBook&);

struct RatedFinding {
    Finding finding;
    std::string label;  // of its subject
    Rating rating;
};
Json to_json(const RatedFinding&);
// Of the findings that stand (of one asset, when it is named): by residual
// band, then inherent, both descending.
std::vector<RatedFinding> ratings(const AssessedSite&, const Criteria&, const SiteJudged&, const AnswerBook&, const AskOptions&,
                                  const MeasureMeanings* = nullptr);
std::string rating_page(const std::vector<RatedFinding>&, const Criteria&, const Questionnaire&, const std::string& language);

}  // namespace herkomst
