#include "probes/gate.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <utility>

#include "core/file.h"
#include "core/json.h"
#include "core/text.h"
#include "identity/derive.h"
#include "probes/plant_ports.h"
#include "register/overview.h"
#include "vendordb/vendordb.h"

namespace herkomst {

namespace {

// TwinCAT's discovery service listens on UDP port 48899, which Wi-Fi modules of data loggers use for theirs; datagrams that are
// not its own have stopped it (CVE-2011-3486).
constexpr std::uint16_t contested_port = 48'899;
constexpr std::string_view contested_maker = "beckhoff";

// "modbus/tcp/502": the decoder that understood it.
std::string spoken(const std::string& service) { return service.substr(0, service.find('/')); }

std::string port_text(bool datagrams, std::uint16_t port) { return (datagrams ? "udp/" : "tcp/") + std::to_string(port); }
std::string port_text(const Probe& probe, std::uint16_t port) { return port_text(probe.transport == Transport::Udp, port); }

// One server that speaks both.
bool akin(std::string_view one, std::string_view other) {
    constexpr std::pair<std::string_view, std::string_view> pairs[] = {{"s7comm", "s7comm_plus"},
                                                                       {"melsec", "cc_link_ie_field_basic"}};
    return one == other || std::ranges::any_of(pairs, [&](const auto& pair) {
               return (pair.first == one && pair.second == other) || (pair.first == other && pair.second == one);
           });
}

// The values that some question waits for.
void keep(Known& known, Field field, std::string_view method, const std::string& value) {
    for (const Probe& probe : all_probes())
        if (probe.learnt.takes(field, method)) known.learnt[std::string(probe.name)].insert(value);
}

bool holds(const std::set<std::string>& set, std::string_view one) { return set.contains(std::string(one)); }

// TLS hides what is spoken inside: who heard such a session calls it `tls`, whichever protocol a question speaks there.
bool called(const Probe& probe, std::string_view service) {
    return service == probe.decoder || (probe.transport == Transport::Tls && service == "tls");
}

bool takes_one(const FragileFamily& family, const Probe& probe) {
    return std::ranges::any_of(family.one_client, [&](const std::string& service) { return called(probe, service); });
}

// A session that can forbid a question to such a device.
bool gates(const FragileFamily& family, const std::string& service) {
    return family.one_client.contains(service) || std::ranges::any_of(all_probes(), [&](const Probe& probe) {
               return takes_one(family, probe) && called(probe, service);
           });
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

// Which device answers to which number: what it told of itself, at the address or as a station behind it.
void Knowledge::instance(Known& known, const std::vector<std::string>& path, Field field, std::string_view method,
                         std::string_view value) {
    constexpr std::string_view bacnet = "bacnet/";
    if (path.size() > 1 || (!path.empty() && !path.front().starts_with(bacnet))) return;
    const std::string station = path.empty() ? std::string() : path.front().substr(bacnet.size());
    if (!station.empty()) known.stations.try_emplace(station);
    std::uint32_t number = 0;
    if (field != Field::device_instance || !method.starts_with("bacnet.")) return;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error == std::errc{} && end == value.data() + value.size()) known.stations[station] = number;
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
            instance(hosts_[claim.subject.ip], claim.subject.path, claim.field, claim.method, claim.value);
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
            const Belief* number = asset.belief(Field::device_instance);
            const std::string method = number != nullptr && !number->methods.empty() ? number->methods.front() : std::string();
            const std::vector<std::string> steps(asset.identifiers.path.begin(), asset.identifiers.path.end());
            instance(known, steps, Field::device_instance, method, number != nullptr ? number->value : std::string());
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
        instance(known, observation.subject.path, observation.field, observation.method, observation.value);
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
    if (db != nullptr) who_are(observations, *db);
}

const Known* Knowledge::at(const IpAddress& ip) const {
    const auto found = hosts_.find(ip);
    return found == hosts_.end() ? nullptr : &found->second;
}

Result<std::vector<FragileFamily>> read_fragile(const std::string& path) {
    const Result<std::string> text = read_file(path);
    if (!text) return text.problems();
    return parse_fragile(text.value(), path);
}

Result<std::vector<FragileFamily>> parse_fragile(std::string_view text, const std::string& path) {
    const Result<Json> json = parse_json(text, path);
    if (!json) return json.problems();
    Problems problems;
    // A file that names nobody would protect nobody, and say nothing.
    if (json.value()["families"].items().empty()) problems.push_back({path, "holds no list \"families\""});
    std::vector<FragileFamily> families;
    const JsonArray& rows = json.value()["families"].items();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Json& row = rows[i];
        const std::string place = path + ": /families/" + std::to_string(i);
        FragileFamily family{row["maker"].string(), {}, {}, row["why"].string()};
        if (family.maker.empty() || family.why.empty()) problems.push_back({place, "needs a maker and a why"});
        const auto sourced = [](const Json& source) {
            return !source["address"].string().empty() && !source["quote"].string().empty();
        };
        bool all_sourced = sourced(row["source"]);
        for (const Json& further : row["also"].items()) all_sourced = all_sourced && sourced(further);
        if (!all_sourced) problems.push_back({place, "needs a source with address and quote"});
        for (const Json& probe : row["never"].items()) family.never.insert(probe.string());
        for (const Json& service : row["one_client"].items()) family.one_client.insert(service.string());
        families.push_back(std::move(family));
    }
    if (!problems.empty()) return problems;
    return families;
}

std::vector<FragileFamily> fragile_families() {
    Result<std::vector<FragileFamily>> read = read_fragile(data_folder() + "/fragile.json");
    if (!read) throw std::runtime_error(read.problems().front().text());
    return std::move(read.value());
}

std::vector<SeenSession> sessions_that_gate(const Identified& identified, const std::vector<FragileFamily>& families) {
    std::set<std::string, std::less<>> few;
    for (const Probe& probe : all_probes()) {
        if (!probe.few_sessions) continue;
        few.insert(std::string(probe.decoder));
        const bool datagrams = probe.transport == Transport::Udp;
        for (const std::uint16_t port : probe.ports) few.insert((datagrams ? "udp/" : "tcp/") + std::to_string(port));
    }
    std::map<std::string_view, std::set<std::string>> makers;  // by asset key: those who may have a say
    for (const Asset& asset : identified.assets) {
        for (const Field field : {Field::maker, Field::brand, Field::nic_maker, Field::module_maker, Field::stack_maker}) {
            const Belief* belief = asset.belief(field);
            if (belief != nullptr && !belief->vendor.empty()) makers[asset.key].insert(belief->vendor);
        }
    }
    std::vector<SeenSession> out;
    for (const Conversation& conversation : identified.conversations) {
        if (!conversation.b.ip.known()) continue;
        bool kept = std::ranges::any_of(few, [&](const std::string& each) { return akin(each, conversation.service); });
        const auto asset = identified.asset_of.find(conversation.b);
        if (!kept && asset != identified.asset_of.end()) {
            const std::set<std::string>& of = makers[asset->second];
            kept = std::ranges::any_of(families, [&](const FragileFamily& family) {
                return of.contains(family.maker) && gates(family, conversation.service);
            });
        }
        if (kept) out.push_back({conversation.b.ip, conversation.a.ip, conversation.service, conversation.seen.last});
    }
    return out;
}

namespace {

// One device, whichever of its addresses is asked.
struct Whom {
    std::vector<IpAddress> addresses;
    std::vector<const Known*> known;  // of each; null: nothing
    std::set<std::string_view> said;  // makers that the scope file names

    Whom(const IpAddress& ip, const Scope& scope, const ScopeRange& range, const Knowledge& knowledge)
        : addresses(knowledge.addresses_of(ip)) {
        said.insert(range.maker);
        for (const IpAddress& each : addresses) {
            known.push_back(knowledge.at(each));
            if (each == ip) continue;
            if (const ScopeRange* of = scope.range_of(each)) said.insert(of->maker);
        }
    }
    template <class Holds>
    [[nodiscard]] bool any(const Holds& here) const {
        return std::ranges::any_of(known, [&](const Known* each) { return each != nullptr && here(*each); });
    }
    [[nodiscard]] bool is(std::string_view maker) const {
        return said.contains(maker) ||
               any([&](const Known& each) { return holds(each.makers, maker) || holds(each.parts, maker); });
    }
    [[nodiscard]] bool of_somebody() const {
        return any([](const Known& each) { return !each.makers.empty() || !each.parts.empty(); });
    }
};

// Where servers of that protocol listen when nothing else is known.
bool usual(std::string_view service, std::uint16_t port) {
    return of_a_plant(service) && std::ranges::any_of(all_probes(), [&](const Probe& probe) {
               return akin(probe.decoder, service) && std::ranges::find(probe.ports, port) != probe.ports.end();
           });
}

// Where that service was heard on the host; none: by somebody's questions alone, or long ago.
std::vector<std::string_view> ports_of(const Known& known, std::string_view service) {
    std::vector<std::string_view> ports;
    for (const auto& [port, services] : known.heard)
        if (holds(services, service)) ports.push_back(port);
    return ports;
}

bool at_port(const Known& known, const SeenSession& session, std::uint16_t port) {
    const std::string stream = port_text(false, port);
    const std::string datagrams = port_text(true, port);
    const auto here = [&](std::string_view where) { return where == stream || where == datagrams; };
    if (here(session.service)) return true;
    const std::vector<std::string_view> ports = ports_of(known, session.service);
    return ports.empty() ? usual(session.service, port) : std::ranges::any_of(ports, here);
}

// A plant's protocol that is spoken at this port, and is not the question's own; empty: none is known of.
std::string another_at(const Known& known, const Probe& probe, std::uint16_t port) {
    const std::string here = port_text(probe, port);
    const std::string rest = ": no other question is asked there";
    if (const auto found = known.heard.find(here); found != known.heard.end()) {
        for (const std::string& service : found->second)
            if (of_a_plant(service) && !akin(service, probe.decoder)) return service + " was heard at " + here + rest;
    }
    const bool listens = probe.transport == Transport::Tcp && probe.requests.empty();
    for (const KnownSession& each : known.sessions) {
        const std::string& service = each.session.service;
        if (!of_a_plant(service) || akin(service, probe.decoder) || !ports_of(known, service).empty()) continue;
        if (usual(service, port)) return "a session of " + service + " was seen there, which lives at " + here + rest;
        // A connection that says nothing is understood by nobody.
        if (listens)
            return "a session of " + service + " was seen there, at a port that is not known, and this question only listens";
    }
    return {};
}

std::string told(const KnownSession& known, const IpAddress& asked) {
    const auto& [session, where] = known;
    std::string out = "a session of " + (session.client.known() ? session.client.text() : std::string("another client")) +
                      " was seen there (" + session.service;
    if (session.server != asked) out += " of " + session.server.text() + ", the same device";
    return out + ", " + rfc3339(session.last) + (where.empty() ? "" : ", ") + where +
           "), and such a server takes one client or a few";
}

// By what the operator says of the device.
std::string forbidden_by_scope(const std::string& probe, const IpAddress& ip, const Whom& whom, const Scope& scope) {
    for (const IpAddress& each : whom.addresses) {
        const std::string same = each == ip ? std::string() : each.text() + " is the same device, and ";
        if (each != ip && scope.excluded(each)) return same + "the scope file excludes it";
        if (const FragileDevice* fragile = scope.fragile_to(probe, each); fragile != nullptr)
            return same + "the scope file says it is fragile: " + fragile->why;
    }
    return {};
}

}  // namespace

std::string forbidden(const Probe& probe, const IpAddress& ip, std::uint16_t port, const Scope& scope, const ScopeRange& range,
                      const Knowledge& knowledge, const std::vector<FragileFamily>& families) {
    const std::string named(probe.name);
    const Whom whom(ip, scope, range, knowledge);
    if (std::string why = forbidden_by_scope(named, ip, whom, scope); !why.empty()) return why;
    // The maker's own search is what the port is for.
    if (probe.transport == Transport::Udp && port == contested_port && probe.decoder != "ads") {
        if (whom.is(contested_maker) || whom.any([](const Known& each) { return holds(each.services, "ads"); }))
            return "a Beckhoff controller is known there, and this datagram can stop its discovery service";
        if (knowledge.anywhere(contested_maker) && !whom.of_somebody())
            return "Beckhoff controllers were seen, and nothing is known of who made this device";
    }
    for (const Known* known : whom.known) {
        if (known == nullptr) continue;
        if (std::string why = another_at(*known, probe, port); !why.empty()) return why;
    }
    bool one_client = probe.few_sessions;
    std::vector<const FragileFamily*> of;
    for (const FragileFamily& family : families) {
        if (!whom.is(family.maker)) continue;
        if (family.never.contains(named)) return "devices of " + family.maker + " are not asked this: " + family.why;
        one_client = one_client || takes_one(family, probe);
        of.push_back(&family);
    }
    if (range.shared_sessions) return {};
    for (const Known* known : whom.known) {
        if (known == nullptr) continue;
        for (const KnownSession& each : known->sessions) {
            const SeenSession& session = each.session;
            const bool here = at_port(*known, session, port);
            // What shares the port shares the one client that the server takes there.
            const bool guarded =
                one_client ||
                (here && std::ranges::any_of(of, [&](const FragileFamily* family) { return gates(*family, session.service); }));
            if (guarded && (here || called(probe, session.service))) return told(each, ip);
        }
    }
    if (one_client && !knowledge.has_listened())
        return "nobody has listened before: such a server takes one client or a few, and no capture or register of the last "
               "30 days and no --listen says whether it has one (the range may say \"shared_sessions\")";
    return {};
}

// MODBUS Application Protocol V1.1b3 section 7: exceptions 0A (no path) and 0B (the target did not answer) are a gateway's.
bool tells_of_a_bus(const Probe& probe, Bytes answer) {
    if (probe.decoder != "modbus" || answer.size() < 9 || answer[2] != 0 || answer[3] != 0) return false;
    return (answer[7] & 0x80U) != 0 && (answer[8] == 0x0a || answer[8] == 0x0b);
}

}  // namespace herkomst
