// Who talked with whom, and what was not learned: the rows beside observations.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/observation.h"
#include "core/openings.h"

namespace herkomst {

// Folded on (a, b, b_name, service, opened_by): b is the server where that is known, a opened the conversation or speaks first.
struct Conversation {
    Endpoint a;
    Endpoint b;
    std::string b_name;     // the name b was addressed by, when known
    std::string service;    // decoder name, else "tcp/443", "udp/123"; for frames without IP "ethernet/0x88b8"
    std::string opened_by;  // "a", or "unknown" when the opening was not seen
    std::uint64_t bytes_ab = 0;
    std::uint64_t bytes_ba = 0;
    Seen seen;
    Openings openings;  // when it was opened, where that was seen
};

// What was asked or watched, and why nothing was learned.
struct Coverage {
    Endpoint subject;     // may be unknown: about the source as a whole
    std::string asked;    // "modbus", "capture"
    std::string outcome;  // "malformed", "unrecognised", "stream gap", "truncated", "evicted", ...
    std::uint64_t count = 0;
};

}  // namespace herkomst
