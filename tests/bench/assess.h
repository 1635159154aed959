// See assess.cpp. Returns the exit code.
#pragma once

#include <cstddef>

int bench_assess(std::size_t assets);
