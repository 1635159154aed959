// For scope files of tests that ask elsewhere than on loopback: such a run takes no other time than the clock's.
#pragma once

#include <chrono>
#include <string>

#include "core/clock.h"

// The members "valid" of a scope file that holds today.
inline std::string valid_now() {
    const auto now = std::chrono::time_point_cast<herkomst::Nanoseconds>(std::chrono::system_clock::now());
    const std::chrono::hours days{24 * 100};
    return R"("valid":{"from":")" + herkomst::rfc3339(now - days) + R"(","until":")" + herkomst::rfc3339(now + days) + R"("})";
}
