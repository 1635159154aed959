// herkomst assess withdraw: an answer is taken back, by name and with a reason, and what holds instead of it is said.
#pragma once

#include <string>

#include "cli/assess_site.h"
#include "register/register.h"

namespace herkomst {

struct WithdrawAsked {
    std::string what;   // QUESTION, or QUESTION@ABOUT: a scope, its key, both (site:north), or what it is called
    std::string asset;  // uid; empty: about anything
    std::string by;
    std::string reason;
    std::string lang;
    Time now{};
};
// The exit code. What is not exactly one answer is refused, with the answers that there are.
int withdraw_said(Register&, const AssessedSite&, const Questionnaire&, const WithdrawAsked&);

}  // namespace herkomst
