// What is known of devices before they are asked, from wherever it comes.
#include <charconv>
#include <utility>

#include "core/text.h"
#include "identity/derive.h"
#include "probes/gate.h"
#include "register/overview.h"
#include "vendordb/vendordb.h"

namespace herkomst {

namespace {

// "modbus/tcp/502": the decoder that understood it.
std::string spoken(const std::string& service) { return service.substr(0, service.find('/')); }

// The values that some question waits for.
void keep(Known& known, Field field, std::string_view method, const std::string& value) {
    for (const Probe& probe : all_probes())
        if (probe.learnt.takes(field, method)) known.learnt[std::string(probe.name)].insert(value);
}

// The captures that hold that moment: a session was last seen in one of them.
std::string where_of(Time last, const std::vector<HeardIn>& captures) {
    std::string out;
    for (const HeardIn& each : captures)
        if (each.first <= last && last <= each.last) out += (out.empty() ? "in " : " or ") + clean(each.path, 200);
    return out;
}

}  // namespace

// "modbus/502/3", "modbus_rtu/4196/1", "cip/44818/slot-2", "cip/44818/port-2-7", "bacnet/1200:7", "hart/...".
void Knowledge::path(Known& known, const std::string& step) {
    // What is reached through it: a serial line, a network behind a router, another link of a controller.
    known.bus = known.bus || step.starts_with("modbus_rtu/") || step.starts_with("bacnet/") || step.starts_with("hart/") ||
                (step.starts_with("cip/") && step.find("/port-") != std::string::npos);
    const std::size_t slash = step.rfind('/');
    if (slash == std::string::npos) return;
    std::string_view last = std::string_view(step).substr(slash + 1);
    std::uint32_t number = 0;
    const bool slot = last.starts_with("slot-");
    if (slot) last.remove_prefix(5);
    const auto [end, error] = std::from_chars(last.data(), last.data() + last.size(), number);
    if (error != std::errc{} || end != last.data() + last.size()) return;
    if (slot) known.slots.insert(number);
    if (step.starts_with("modbus/")) known.units.insert(number);
}

// "modbus/tcp/502".
void Knowledge::serves(Known& known, const std::string& service) {
    const std::string decoder = spoken(service);
    known.services.insert(decoder);
    if (decoder.size() < service.size()) known.heard[service.substr(decoder.size() + 1)].insert(decoder);
}

void Knowledge::unite(const std::set<IpAddress>& same) {
    if (same.size() < 2) return;
    std::set<IpAddress> all = same;
    std::size_t into = groups_.size();
    for (const IpAddress& ip : same) {
        const auto found = group_.find(ip);
        if (found == group_.end()) continue;
        into = found->second;
        all.merge(groups_[into]);
    }
    if (into == groups_.size()) groups_.emplace_back();
    for (const IpAddress& ip : all) group_[ip] = into;
    groups_[into] = std::move(all);
}

std::vector<IpAddress> Knowledge::addresses_of(const IpAddress& ip) const {
    const auto found = group_.find(ip);
    if (found == group_.end()) return {ip};
    return {groups_[found->second].begin(), groups_[found->second].end()};
}

void Knowledge::learn(const Identified& identified, const std::vector<HeardIn>& captures) {
    for (const Asset& asset : identified.assets) {
        std::set<IpAddress> addresses;
        for (const std::string& text : asset.identifiers.ip) {
            const auto ip = IpAddress::parse(text);
            if (!ip) continue;
            addresses.insert(*ip);
            Known& known = hosts_[*ip];
            for (const Field field : {Field::maker, Field::brand}) {
                const Belief* belief = asset.belief(field);
                if (belief == nullptr || belief->vendor.empty()) continue;
                known.makers.insert(belief->vendor);
                seen_makers_.insert(belief->vendor);
            }
            for (const Field field : {Field::nic_maker, Field::module_maker, Field::stack_maker}) {
                const Belief* belief = asset.belief(field);
                if (belief == nullptr || belief->vendor.empty()) continue;
                known.parts.insert(belief->vendor);
                seen_makers_.insert(belief->vendor);
            }
            for (const Claim& claim : asset.claims) {
                if (claim.field == Field::service) serves(known, claim.value);
                if (claim.subject.ip == *ip && claim.subject.path.empty()) keep(known, claim.field, claim.method, claim.value);
            }
        }
        if (asset.kind == "device") unite(addresses);
        for (const Claim& claim : asset.claims) {
            if (!claim.subject.ip.known()) continue;
            for (const std::string& step : claim.subject.path) path(hosts_[claim.subject.ip], step);
        }
    }
    for (const Conversation& conversation : identified.conversations) {
        if (!conversation.b.ip.known()) continue;
        Known& known = hosts_[conversation.b.ip];
        known.sessions.push_back({{conversation.b.ip, conversation.a.ip, conversation.service, conversation.seen.last},
                                  where_of(conversation.seen.last, captures)});
        known.services.insert(conversation.service);
    }
}

void Knowledge::learn(const Overview& seen) {
    // An address that two devices had, one after the other, says nothing about which of them has it now.
    std::map<std::string, unsigned> holders;
    for (const OverviewAsset& asset : seen.assets) {
        if (asset.kind != "device") continue;
        for (const std::string& text : asset.identifiers.ip) ++holders[text];
    }
    for (const OverviewAsset& asset : seen.assets) {
        std::set<IpAddress> addresses;
        for (const std::string& text : asset.identifiers.ip) {
            const auto ip = IpAddress::parse(text);
            if (!ip) continue;
            Known& known = hosts_[*ip];
            if (asset.kind == "device" && holders[text] == 1) addresses.insert(*ip);
            for (const auto& [field, belief] : asset.beliefs) {
                const std::string& slug = belief.belief.vendor;
                if (slug.empty()) continue;
                if (field == Field::maker || field == Field::brand) known.makers.insert(slug);
                if (field == Field::nic_maker || field == Field::module_maker || field == Field::stack_maker)
                    known.parts.insert(slug);
                seen_makers_.insert(slug);
            }
            if (const Belief* service = asset.belief(Field::service)) {
                serves(known, service->value);
                for (const std::string& other : service->dissent) serves(known, other);
            }
            for (const std::string& step : asset.identifiers.path) path(known, step);
        }
        unite(addresses);
    }
}

void Knowledge::learn(const std::vector<SeenSession>& sessions, Time now) {
    for (const SeenSession& session : sessions) {
        if (session.last + recent < now) continue;
        Known& known = hosts_[session.server];
        known.sessions.push_back({session, "by the register"});
        known.services.insert(session.service);
    }
}

void Knowledge::learn(const std::vector<Observation>& observations, const VendorDb* db) {
    for (const Observation& observation : observations) {
        if (!observation.subject.ip.known()) continue;
        Known& known = hosts_[observation.subject.ip];
        if (observation.field == Field::service) serves(known, observation.value);
        if (observation.subject.path.empty()) keep(known, observation.field, observation.method, observation.value);
        for (const std::string& step : observation.subject.path) path(known, step);
        if (db == nullptr) continue;
        std::set<std::string> unknown;
        for (const Claim& claim : derive(observation, *db, unknown)) {
            if (claim.vendor.empty() || claim.strength < Strength::Matched) continue;
            const bool made = claim.field == Field::maker || claim.field == Field::brand;
            const bool part =
                claim.field == Field::nic_maker || claim.field == Field::module_maker || claim.field == Field::stack_maker;
            if (made) known.makers.insert(claim.vendor);
            if (part) known.parts.insert(claim.vendor);
            if (made || part) seen_makers_.insert(claim.vendor);
        }
    }
}

const Known* Knowledge::at(const IpAddress& ip) const {
    const auto found = hosts_.find(ip);
    return found == hosts_.end() ? nullptr : &found->second;
}

}  // namespace herkomst
