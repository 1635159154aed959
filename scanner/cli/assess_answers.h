// What people answered, for a scan that is about to judge.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "assess/answers.h"
#include "cli/assess_file.h"
#include "register/register.h"

namespace herkomst {

// Answers as the register keeps them.
AnswerBook book_of(const Register&, Time now);
AllTakenBack taken_back(const Register&, Time now);
// All or none, in one transaction. Problems say which, by its place where there are places.
Problems keep_answers(Register&, const std::vector<GivenAnswer>&, Time now, const std::vector<std::string>& places = {});

// For AssessOptions::answers. Empty when nobody answered anything. Throws std::runtime_error when the questionnaire beside the
// program cannot be read.
std::function<void(std::vector<FactsRow>&)> answers_for(const Register&, const Identified&, const VendorDb&, Time now);

}  // namespace herkomst
