// What a fuzz harness and its two drivers (libFuzzer, replay.cpp) agree on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

// Inputs to start from. A harness may do without.
__attribute__((weak)) std::vector<std::string> fuzz_seeds();

// A promise that does not hold ends the run, so that libFuzzer keeps the input.
inline void promise(bool holds, const char* sentence) {
    if (holds) return;
    std::fprintf(stderr, "broken promise: %s\n", sentence);
    std::abort();
}
