// How many assets of which kind there are and of how many the origin is not known: the same figures for summary and report.
#pragma once

#include <cstdint>

#include "register/overview.h"

namespace herkomst {

struct AssetCounts {
    std::uint64_t all = 0;
    std::uint64_t devices = 0;
    std::uint64_t parts = 0;
    std::uint64_t services = 0;
    std::uint64_t programs = 0;
    std::uint64_t without_maker = 0;    // of all
    std::uint64_t without_country = 0;  // of all: where control falls is not known, contested or not sourced
};

// Is nothing known of who makes it, not even a name that no vendor file has?
bool without_maker(const OverviewAsset&);

// Of all that the register holds, or of what the last run saw.
enum class Counted : bool { All, LastRun };
AssetCounts counts_of(const Overview&, Counted = Counted::All);

}  // namespace herkomst
