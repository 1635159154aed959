// What judging many assets costs: see assess.cpp.
#pragma once

#include <string>
#include <vector>

int bench_assess(const std::vector<std::string>& words);
