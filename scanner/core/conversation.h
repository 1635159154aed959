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
    Evidence b_name_from;   // where that was said (SNI, HTTP Host, DNS answer): of several places the smallest
    std::string service;    // decoder name, else "tcp/443", "udp/123"; for frames without IP "ethernet/0x88b8"
    std::string opened_by;  // "a", or "unknown" when the opening was not seen
    std::uint64_t bytes_ab = 0;
    std::uint64_t bytes_ba = 0;
    Seen seen;
    Openings openings;  // when it was opened, where that was seen

    // The same name said elsewhere: one place is enough, and it does not depend on the order.
    void named_in(const Evidence& from) {
        if (!from.source.empty() && (b_name_from.source.empty() || from < b_name_from)) b_name_from = from;
    }
};

// What was asked or watched, and why nothing was learned.
struct Coverage {
    Endpoint subject;     // may be unknown: about the source as a whole
    std::string asked;    // "modbus", "capture"
    std::string outcome;  // "malformed", "unrecognised", "stream gap", "truncated", "evicted", ...
    std::uint64_t count = 0;
};

}  // namespace herkomst
