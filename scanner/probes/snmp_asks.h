// What the probes of SNMP's first two versions have in common: they differ in the version byte, and in that version 1 spoils a
// whole answer for one value that is not there.
#pragma once

#include "probes/probe.h"

namespace herkomst::snmp_asks {

// Every request has these holes: "30 {size} 0201vv 04 {community-size} {community} ... 0204 {request} ...".
inline constexpr Hole holes[] = {hole::length("size", 1), hole::length("community-size", 1, "community"),
                                 hole::text("community", 32, "!-~"), hole::number("request", 4, 0, 0x7fffffff)};

// The requests in order. `version` as it stands in the message: 0 for version 1, 1 for version 2c. Without a community from the
// scope file nothing is sent.
Step in_order(Talk& talk, std::uint8_t version, std::size_t requests);
template <std::uint8_t version, std::size_t requests>
Step in_order(Talk& talk) {
    return in_order(talk, version, requests);
}

// What is the same for both; the file adds its name, title, requests and examples.
Probe of_communities();

}  // namespace herkomst::snmp_asks
