// What `herkomst rules` prints about packs and rules.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "assess/assess.h"
#include "assess/simulate.h"

namespace herkomst {

std::string rules_list(const PolicyPacks&, std::string_view language);
std::string rule_page(const PolicyPacks&, const PolicyPacks::RuleSummary&, std::string_view language);
// A Markdown table: rule, the facts that decide it, and where those come from. rules/COVERAGE.md is this.
std::string coverage_table(const PolicyPacks&, std::string_view language);
std::string simulation_page(const Simulated&, const std::vector<Supposition>&, std::string_view language);

}  // namespace herkomst
