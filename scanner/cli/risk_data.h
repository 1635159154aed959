// What `export risk_register` needs besides the overview.
#pragma once

#include "exports/risk_data.h"
#include "register/overview.h"

namespace herkomst {

// rules/scenarios/scenarios.json. Every problem at once.
Result<RiskData> load_scenarios(const std::string& path);
// With the log of each finding, and the claims that they rest on. Throws std::runtime_error when the data of the program are
// not there.
RiskData risk_data_of(const Register&, const Overview&);

}  // namespace herkomst
