// Parts of a row of the risk register: what it rests on, the considerations, what happened to it.
#pragma once

#include "exports/risk_data.h"
#include "exports/rows.h"

namespace herkomst::exports {

using Work = std::map<std::string, std::string, std::less<>>;

void put(Json& into, std::string_view key, std::string_view text);
std::string at(const Work&, std::string_view field);

// Every place in the sources, every claim of our data about the jurisdiction, every answer, each with a name that is the same
// in every export. `ids`: of jurisdiction claims by claim, and of answers by question, for the considerations.
using EvidenceIds = std::map<std::string, std::vector<std::string>, std::less<>>;
Json evidence_of(const OverviewFinding&, const Overview&, const AssetsByUid&, const RiskData*, const std::string& lang,
                 EvidenceIds& ids);
// What each of the official considerations comes to, by the facts that the rule read and by the rating, and on what ground.
Json considerations_of(const OverviewFinding&, const RiskData*, const EvidenceIds&);
Json log_of(const std::vector<RiskEvent>&);
// Who said so last, and when; nothing: it stands in no event that is known.
const RiskEvent* last_that_set(const RiskData*, std::string_view finding, std::string_view field);

}  // namespace herkomst::exports
