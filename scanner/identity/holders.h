// Who held an address when, and which MACs are ports of one card: what resolve knows beside the bindings themselves.
//
// Everything is a pure function of its input.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/observation.h"

namespace herkomst {

struct MacKey {
    std::string site;
    Mac mac;
    auto operator<=>(const MacKey&) const = default;
};
struct IpKey {
    std::string site;
    Vlan vlan;
    IpAddress ip;
    auto operator<=>(const IpKey&) const = default;
};

// Whose an address was when: MACs that stated it one after the other and never in turn (DHCP reuse), by time. Where two state
// it in turn, it is a conflict and nobody's.
using Tenures = std::map<IpKey, std::vector<std::pair<Seen, MacKey>>>;
Tenures tenures_of(const std::vector<Observation>&);

// Who held the address when this was first and when it was last observed: one MAC, or two where it changed hands meanwhile and
// both said the same. Empty when the subject is no address that changed hands.
std::vector<Mac> holders_of(const Tenures&, const Observation&);

// When a MAC was seen as the source of frames from an address.
using Sightings = std::map<std::pair<IpKey, MacKey>, Seen>;
// Both were seen with the address at the same time: it was not handed over.
bool sends_by_turns(const Sightings&, const IpKey&, const MacKey& a, const MacKey& b);
// Ports of one card: the same OUI, numbers next to each other.
bool are_neighbours(const Mac& a, const Mac& b);

}  // namespace herkomst
