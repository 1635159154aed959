// What the searches of a group have in common: one datagram to all on the link, and a few seconds in which whoever is meant
// answers.
#pragma once

#include <string_view>

#include "probes/probe.h"

namespace herkomst::group_asks {

// `v4`: "broadcast", or the group's own address. Name, question and who reads the answers are the probe's.
inline Probe of_group(std::string_view v4) {
    Probe probe;
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Udp;
    probe.group.v4 = v4;
    probe.only_group = true;
    probe.limits.requests = 1;
    probe.limits.bytes = 65'536;
    probe.limits.collect = std::chrono::seconds(3);
    return probe;
}

}  // namespace herkomst::group_asks
