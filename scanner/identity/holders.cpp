#include "identity/holders.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <tuple>

#include "identity/resolve.h"

namespace herkomst {

namespace {

struct Tenure {
    Seen seen;
    bool stated = false;
    bool sent = false;
};

void extend(Tenure& tenure, const Seen& seen) {
    const bool fresh = !tenure.stated && !tenure.sent;
    tenure.seen.first = fresh ? seen.first : std::min(tenure.seen.first, seen.first);
    tenure.seen.last = fresh ? seen.last : std::max(tenure.seen.last, seen.last);
}

}  // namespace

Tenures tenures_of(const std::vector<Observation>& observations) {
    std::map<IpKey, std::map<MacKey, Tenure>> all;
    for (const Observation& observation : observations) {
        const Endpoint& subject = observation.subject;
        if (observation.field != Field::address || observation.strength == Strength::Listed || !subject.mac.known()) continue;
        const std::optional<IpAddress> ip = IpAddress::parse(observation.value);
        if (!ip || ip->unspecified() || ip->multicast() || stands_for_nobody(subject.mac)) continue;
        Tenure& tenure = all[{subject.site, subject.vlan, *ip}][{subject.site, subject.mac}];
        extend(tenure, observation.seen);
        if (observation.strength >= Strength::Stated) tenure.stated = true;
        if (observation.strength == Strength::Hinted && !observation.method.ends_with(".routed")) tenure.sent = true;
    }
    Tenures tenures;
    for (const auto& [key, macs] : all) {
        if (macs.size() < 2) continue;
        std::vector<std::pair<Seen, MacKey>> in_turn;
        bool apart = true;
        for (const auto& [mac, tenure] : macs) {
            apart = apart && tenure.stated && tenure.sent && tenure.seen.first != Time{};
            in_turn.emplace_back(tenure.seen, mac);
        }
        std::sort(in_turn.begin(), in_turn.end(), [](const auto& a, const auto& b) {
            return std::tie(a.first.first, a.second) < std::tie(b.first.first, b.second);
        });
        for (std::size_t i = 1; i < in_turn.size(); ++i) apart = apart && in_turn[i - 1].first.last < in_turn[i].first.first;
        if (apart) tenures.emplace(key, std::move(in_turn));
    }
    return tenures;
}

std::vector<Mac> holders_of(const Tenures& tenures, const Observation& observation) {
    const Endpoint& subject = observation.subject;
    if (tenures.empty() || subject.mac.known() || !subject.ip.known()) return {};
    const auto found = tenures.find({subject.site, subject.vlan, subject.ip});
    if (found == tenures.end() || observation.seen.first == Time{}) return {};
    const auto at = [&](Time time) {
        Mac holder = found->second.front().second.mac;
        for (const auto& [seen, mac] : found->second) {
            if (seen.first <= time) holder = mac.mac;
        }
        return holder;
    };
    std::vector<Mac> holders = {at(observation.seen.first)};
    if (const Mac last = at(observation.seen.last); last != holders.front()) holders.push_back(last);
    return holders;
}

bool sends_by_turns(const Sightings& sightings, const IpKey& ip, const MacKey& a, const MacKey& b) {
    const auto of_a = sightings.find({ip, a});
    const auto of_b = sightings.find({ip, b});
    if (of_a == sightings.end() || of_b == sightings.end()) return false;
    return of_a->second.first < of_b->second.last && of_b->second.first < of_a->second.last;
}

bool are_neighbours(const Mac& a, const Mac& b) {
    constexpr int ports_most = 8;
    const auto number = [](const Mac& mac) { return (mac.bytes[3] << 16) | (mac.bytes[4] << 8) | mac.bytes[5]; };
    const bool same_oui = std::equal(a.bytes.begin(), a.bytes.begin() + 3, b.bytes.begin());
    return same_oui && a != b && std::abs(number(a) - number(b)) < ports_most;
}

}  // namespace herkomst
