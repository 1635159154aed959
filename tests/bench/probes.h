#pragma once

#include <string>
#include <vector>

int bench_probes(const std::vector<std::string>& words);
