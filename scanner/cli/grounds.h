// What people answered, and which findings rest on that: for reports and exports.
#pragma once

#include "register/overview.h"

namespace herkomst {

// Fills Overview::answers and OverviewFinding::grounds from the register that the overview was read from. `now`: until when
// answers are looked for; those given since the last run are there and say that they did not count in it. An answer is a ground
// of a finding when it filled a fact that the rule read, or something that such a fact follows from, and when the finding's
// rating used it; of a finding about a group, the answers about its members. What counted is as of the run that saw the finding
// last. Throws std::runtime_error when the questionnaire beside the program cannot be read.
void add_answers(Overview&, const Register&, Time now);

}  // namespace herkomst
