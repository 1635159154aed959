// What the tests of third-party servers have in common: what is missing is said, and what was learned is shown.
#pragma once

#include <doctest/doctest.h>

#include <string>

#include "asked.h"
#include "server.h"

namespace peers {

// True when there is no such program of Debian.
inline bool no_program(const std::string& name) {
    if (!program(name).empty()) return false;
    MESSAGE("skipped: no ", name, " (tools/install/peers)");
    return true;
}
// True when there is no such package of npm, or no such file in it.
inline bool no_package(const std::string& package) {
    if (there(package)) return false;
    MESSAGE("skipped: no ", package, " in ", node_modules());
    return true;
}

// `questions`: a group that has an address of each kind is asked twice.
inline void answered(const Learned& learned, std::size_t questions = 1) {
    CHECK(learned.errands == questions);
    CHECK(herkomst::name(learned.report.outcome) == herkomst::name(herkomst::ProbeOutcome::Answered));
    CHECK_FALSE(learned.report.unclosed);
}

inline std::string all(const Learned& learned) {
    std::string text;
    for (const std::string& claim : learned.claims) text += claim + "\n";
    return text;
}

}  // namespace peers
