// What several commands say to people, and how.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "cli/command.h"
#include "core/clock.h"
#include "core/result.h"

namespace herkomst {

// Each problem on a line of stderr, control characters shown; gives the exit code back.
int complain(const Problems&, int exit_code = exit_usage);
// The same in that language, as a wrong use.
int complain(const Problems&, const std::string& lang);

// "2026-11-27"; empty when there is none.
std::string day_part(Time);

// A field of people's work ("owner", "due"); empty when nobody filled it in.
std::string work_field(const std::map<std::string, std::string, std::less<>>& work, std::string_view field);

}  // namespace herkomst
