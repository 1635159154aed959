// What is wrong with a scope file, for the tests that write wrong ones.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "probes/scope.h"

// Each problem as its line; none when it is read.
inline std::vector<std::string> problems_of(std::string_view text) {
    std::vector<std::string> out;
    const herkomst::Result<herkomst::Scope> scope = herkomst::parse_scope(text, "scope.json");
    if (scope) return out;
    for (const herkomst::Problem& problem : scope.problems()) out.push_back(problem.text());
    return out;
}

inline bool complains(const std::vector<std::string>& problems, const std::string& start) {
    return std::any_of(problems.begin(), problems.end(), [&](const std::string& one) { return one.starts_with(start); });
}
