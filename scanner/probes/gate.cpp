#include "probes/gate.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "core/file.h"
#include "core/json.h"
#include "core/text.h"
#include "identity/derive.h"
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
        for (const std::string& text : asset.identifiers.ip) {
            const auto ip = IpAddress::parse(text);
            if (!ip) continue;
            Known& known = hosts_[*ip];
            if (asset.kind == "device") known.device = asset.key;
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
                if (claim.field == Field::service) known.services.insert(spoken(claim.value));
                if (claim.subject.ip == *ip && claim.subject.path.empty()) keep(known, claim.field, claim.method, claim.value);
            }
        }
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
    for (const OverviewAsset& asset : seen.assets) {
        for (const std::string& text : asset.identifiers.ip) {
            const auto ip = IpAddress::parse(text);
            if (!ip) continue;
            Known& known = hosts_[*ip];
            if (known.device.empty() && asset.kind == "device") known.device = asset.uid;
            for (const auto& [field, belief] : asset.beliefs) {
                const std::string& slug = belief.belief.vendor;
                if (slug.empty()) continue;
                if (field == Field::maker || field == Field::brand) known.makers.insert(slug);
                if (field == Field::nic_maker || field == Field::module_maker || field == Field::stack_maker)
                    known.parts.insert(slug);
                seen_makers_.insert(slug);
            }
            if (const Belief* service = asset.belief(Field::service)) {
                known.services.insert(spoken(service->value));
                for (const std::string& other : service->dissent) known.services.insert(spoken(other));
            }
            for (const std::string& step : asset.identifiers.path) path(known, step);
            const Belief* number = asset.belief(Field::device_instance);
            const std::string method = number != nullptr && !number->methods.empty() ? number->methods.front() : std::string();
            const std::vector<std::string> steps(asset.identifiers.path.begin(), asset.identifiers.path.end());
            instance(known, steps, Field::device_instance, method, number != nullptr ? number->value : std::string());
        }
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
        if (observation.field == Field::service) known.services.insert(spoken(observation.value));
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
        bool kept = few.contains(conversation.service);
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

std::string forbidden(const Probe& probe, const IpAddress& ip, std::uint16_t port, const Scope& scope, const ScopeRange& range,
                      const Knowledge& knowledge, const std::vector<FragileFamily>& families) {
    const std::string named(probe.name);
    if (const FragileDevice* fragile = scope.fragile_at(ip); fragile != nullptr && !fragile->tolerates.contains(named))
        return "the scope file says it is fragile: " + fragile->why;
    const Known* known = knowledge.at(ip);
    const auto is = [&](std::string_view maker) {
        return range.maker == maker || (known != nullptr && (holds(known->makers, maker) || holds(known->parts, maker)));
    };
    // The maker's own search is what the port is for.
    if (probe.transport == Transport::Udp && port == contested_port && probe.decoder != "ads") {
        if (is(contested_maker) || (known != nullptr && holds(known->services, "ads")))
            return "a Beckhoff controller is known there, and this datagram can stop its discovery service";
        if (knowledge.anywhere(contested_maker) && (known == nullptr || (known->makers.empty() && known->parts.empty())))
            return "Beckhoff controllers were seen, and nothing is known of who made this device";
    }
    bool one_client = probe.few_sessions;
    for (const FragileFamily& family : families) {
        if (!is(family.maker)) continue;
        if (family.never.contains(named)) return "devices of " + family.maker + " are not asked this: " + family.why;
        one_client = one_client || takes_one(family, probe);
    }
    if (!one_client || range.shared_sessions) return {};
    if (known != nullptr) {
        const std::string by_port = "tcp/" + std::to_string(port);
        const std::string udp_port = "udp/" + std::to_string(port);
        for (const auto& [session, where] : known->sessions) {
            if (!called(probe, session.service) && session.service != by_port && session.service != udp_port) continue;
            return "a session of " + (session.client.known() ? session.client.text() : std::string("another client")) +
                   " was seen there (" + session.service + ", " + rfc3339(session.last) + (where.empty() ? "" : ", ") + where +
                   "), and such a server takes one client or a few";
        }
    }
    if (!knowledge.has_listened())
        return "nobody has listened before: such a server takes one client or a few, and no capture, no register of the last "
               "30 days and no --listen says whether it has one (the range may say \"shared_sessions\")";
    return {};
}

// MODBUS Application Protocol V1.1b3 section 7: exceptions 0A (no path) and 0B (the target did not answer) are a gateway's.
bool tells_of_a_bus(const Probe& probe, Bytes answer) {
    if (probe.decoder != "modbus" || answer.size() < 9 || answer[2] != 0 || answer[3] != 0) return false;
    return (answer[7] & 0x80U) != 0 && (answer[8] == 0x0a || answer[8] == 0x0b);
}

}  // namespace herkomst
