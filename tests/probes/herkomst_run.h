// The program itself, run with words, for the tests of the active side.
#pragma once

#include <doctest/doctest.h>

#include <array>
#include <cstdio>
#include <string>

struct ProgramRan {
    int exit_code = -1;
    std::string out;  // both outputs
};

inline ProgramRan shell(const std::string& command) {
    ProgramRan ran;
    std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::array<char, 4096> block{};
    for (std::size_t got = 0; (got = std::fread(block.data(), 1, block.size(), pipe)) > 0;) ran.out.append(block.data(), got);
    const int status = ::pclose(pipe);
    ran.exit_code = status >= 0 ? status >> 8 & 0xff : -1;
    return ran;
}

inline ProgramRan herkomst_does(const std::string& words) { return shell(HERKOMST_BINARY_DIR "/bin/herkomst " + words); }
