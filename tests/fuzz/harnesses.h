// The harnesses of this folder, for the program that replays them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

struct Harness {
    std::string_view stem;
    int (*input)(const std::uint8_t* data, std::size_t size);
    std::vector<std::string> (*seeds)();  // null when it has none of its own
};

const std::vector<Harness>& harnesses();
