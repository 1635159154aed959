// When two readers of one file may be compared.
#pragma once

#include <cstdint>

namespace herkomst {

// Both read packets, and as many of them within one in a hundred: else a ratio of their times says nothing.
constexpr bool comparable(std::uint64_t one, std::uint64_t other) {
    const std::uint64_t least = one < other ? one : other;
    const std::uint64_t most = one < other ? other : one;
    return least != 0 && most - least <= most / 100;
}

}  // namespace herkomst
