// The ratings that a run leaves with its findings: the same criteria, questionnaire and answers as `herkomst assess rate`.
#pragma once

#include <functional>

#include "assess/rating.h"
#include "register/register.h"

namespace herkomst {

// For ScanRun::rate. `held`: the register that the run goes into, for people's answers; nullptr: there is none yet. All the
// others must outlive what comes back. A finding about a group is as bad as the worst of its members. Throws std::runtime_error
// when the data of the program are not there.
std::function<bool(const Finding&, Rating&)> ratings_for(const Register* held, const Identified&, const Assessment&, Time now);

}  // namespace herkomst
