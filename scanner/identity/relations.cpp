#include "identity/relations.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "core/holds.h"
#include "core/text.h"
#include "identity/fuse.h"
#include "vendordb/vendordb.h"

namespace herkomst {

namespace {

struct Word {
    std::string_view said;
    std::string_view function;
};

// Categories of vendordb/vocabulary.json that are a function of their own.
constexpr auto by_category = std::to_array<Word>({
    {"camera", "camera"},
    {"charge_controller", "ev_charger"},
    {"drive", "drive"},
    {"ev_charger", "ev_charger"},
    {"firewall", "firewall"},
    {"gateway", "gateway"},
    {"serial_server", "gateway"},
    {"datalogger", "gateway"},
    {"hmi", "hmi"},
    {"protection_relay", "ied"},
    {"solar_inverter", "inverter"},
    {"hybrid_inverter", "inverter"},
    {"microinverter", "inverter"},
    {"energy_meter", "meter"},
    {"smart_meter", "meter"},
    {"heat_meter", "meter"},
    {"water_meter", "meter"},
    {"power_quality", "meter"},
    {"plc", "plc"},
    {"safety_plc", "plc"},
    {"router", "router"},
    {"industrial_router", "router"},
    {"rtu", "rtu"},
    {"nas", "storage"},
    {"switch", "switch"},
    {"industrial_switch", "switch"},
    {"time_server", "time_server"},
    {"nvr", "video_recorder"},
    {"wifi_ap", "access_point"},
});

// Parts played in a protocol (Field::role) that mostly one kind of device plays. They hint: a test set or a simulator plays
// them too.
constexpr auto by_role = std::to_array<Word>({
    {"dnp3 outstation", "rtu"},
    {"dnp3 master", "scada_server"},
    {"iec104 controlled station", "rtu"},
    {"iec104 controlling station", "scada_server"},
    {"bsap remote unit", "rtu"},
    {"bsap master", "scada_server"},
    {"genisys field unit", "rtu"},
    {"genisys office", "scada_server"},
    {"goose publisher", "ied"},
    {"sampled values publisher", "ied"},
    {"synchrophasor source", "ied"},
    {"profinet io-controller", "plc"},
    {"ethercat master", "plc"},
    {"sparkplug edge node", "gateway"},
    {"bacnet router", "gateway"},
    {"capwap access point", "access_point"},
    {"charging station (SLAC)", "ev_charger"},
    {"tristation engineering station", "engineering_station"},
    {"tristation safety controller", "plc"},
    {"cc-link ie field basic master", "plc"},
    {"egd producer", "plc"},
    {"opc hda server", "historian"},
    {"opc ua history server", "historian"},
});

// How a client presents itself to a controller: libraries present themselves so too, so it counts only for what answers nothing
// of the plant itself, does not ask so many that it is its server, and speaks no other protocol with the plant.
constexpr auto by_connection = std::to_array<Word>({
    {"s7 connection as programming device", "engineering_station"},
    {"s7 connection as operator panel", "hmi"},
});

// Protocols that mostly one kind of device answers, by decoder.
constexpr auto by_service = std::to_array<Word>({
    {"c1222", "meter"},
    {"codesys", "plc"},
    {"dlms_cosem", "meter"},
    {"ge_srtp", "plc"},
    {"goodwe", "inverter"},
    {"keba_udp", "ev_charger"},
    {"melsec", "plc"},
    {"omron_fins", "plc"},
    {"pcom", "plc"},
    {"pcworx", "plc"},
    {"proconos", "plc"},
    {"s7comm", "plc"},
    {"s7comm_plus", "plc"},
});

// Protocols in which one asks and a device of a plant answers. SNMP is none: whoever reads switches and printers with it is no
// server of the plant.
constexpr auto polled =
    std::to_array<std::string_view>({"ads",         "bacnet",     "bsap",     "c1222",  "cc_link_ie_field_basic",
                                     "codesys",     "dlms_cosem", "dnp3",     "egd",    "ethernet_ip",
                                     "fox",         "ge_srtp",    "genisys",  "goodwe", "hart_ip",
                                     "iec104",      "knxnet_ip",  "melsec",   "mms",    "modbus",
                                     "omron_fins",  "opcua",      "pcom",     "pcworx", "proconos",
                                     "profinet_io", "red_lion",   "roc_plus", "s7comm", "s7comm_plus",
                                     "sunspec",     "tristation"});
// Of these, those in which a controller drives its inputs and outputs: who asks many so is no server.
constexpr auto driven = std::to_array<std::string_view>({"cc_link_ie_field_basic", "egd", "profinet_io"});
constexpr auto databases = std::to_array<std::string_view>({"mongodb", "mssql", "mysql", "oracle", "postgresql", "redis"});
// Commands that change a controller's program rather than its process: whoever gives them programs it.
constexpr auto programming =
    std::to_array<std::string_view>({" download ", " program write ", "PI service ", " PLC stop ", " PLC start "});
// Steps of a path that are modules of the device itself.
constexpr auto modules = std::to_array<std::string_view>({"cip/", "ocpp/meter", "profinet/", "s7/", "synchrophasor/"});

// Categories that an energy management controls, and what kind of thing they are to it; meters by their function.
constexpr auto steered = std::to_array<std::string_view>({"battery", "charge_controller", "ev_charger", "genset", "heat_pump",
                                                          "hybrid_inverter", "microinverter", "solar_inverter"});

constexpr std::size_t many = 5;     // devices that one asks, before we call it a server for the plant
constexpr std::size_t several = 4;  // public addresses behind one MAC: a host has one or two of its own
constexpr std::size_t named_most = 4;

// What is said of one asset by others.
struct Seen_as {
    std::set<std::string> asks;      // keys of the plant devices it asks
    std::set<std::string> watches;   // of these, those whose inputs and outputs it does not drive
    std::set<std::string> programs;  // keys of the controllers it programs
    std::set<std::string> commands;  // keys of whatever it was seen to command
    std::set<std::string> meters;    // of what it asks, those that measure
    std::set<std::string> steers;    // of what it commands, those that make, store or use power
    bool asked = false;              // answers a plant protocol itself
    bool asks_opcua = false;
    bool asks_others = false;  // over a protocol that is not S7
    bool database = false;
    std::set<IpAddress> passes_on;  // public addresses whose frames come from its MAC
    std::set<std::string> behind;
};

struct Reason {
    std::string function;
    Strength strength{};
    std::string method;
    std::string because;
    const Claim* rests_on = nullptr;
};

std::string_view word_of(std::span<const Word> words, std::string_view said) {
    for (const Word& word : words) {
        if (word.said == said) return word.function;
    }
    return {};
}

std::string called(const Asset& asset) {
    for (const Field field : {Field::model, Field::product, Field::hostname}) {
        const Belief* belief = asset.belief(field);
        if (belief != nullptr && !belief->contested && !belief->value.empty()) return belief->value;
    }
    if (!asset.identifiers.ip.empty()) return *asset.identifiers.ip.begin();
    if (!asset.identifiers.mac.empty()) return *asset.identifiers.mac.begin();
    if (!asset.identifiers.path.empty()) return *asset.identifiers.path.rbegin();
    return asset.key;
}

using Assets = std::map<std::string, const Asset*, std::less<>>;

std::string some_of(const std::set<std::string>& keys, const Assets& assets) {
    std::set<std::string> names;
    for (const std::string& key : keys) {
        const auto found = assets.find(key);
        if (found != assets.end()) names.insert(called(*found->second));
    }
    std::vector<std::string> told;
    for (const std::string& name : names) {
        if (told.size() < named_most) told.push_back(name);
    }
    return join(told, ", ") + (names.size() > told.size() ? " and others" : "");
}

bool is_module(const Asset& part) {
    // The last step is the one that the part itself stands on.
    for (const Claim& claim : part.claims) {
        if (claim.subject.path.empty()) continue;
        const std::string& step = claim.subject.path.back();
        return std::any_of(modules.begin(), modules.end(), [&](std::string_view start) { return step.starts_with(start); });
    }
    return true;
}

// Whoever makes cameras and nothing else made one where it sends video; a maker of recorders may have made either.
bool makes_cameras_only(const Asset& asset, const VendorDb& db) {
    const Belief* maker = asset.belief(Field::maker);
    const Vendor* vendor = maker == nullptr || maker->contested || maker->vendor.empty() ? nullptr : db.vendor(maker->vendor);
    return vendor != nullptr && vendor->categories == std::vector<std::string>{"camera"};
}

std::string_view category_of(const Assets& assets, const std::string& key) {
    const auto found = assets.find(key);
    const Belief* belief = found == assets.end() ? nullptr : found->second->belief(Field::category);
    return belief == nullptr || belief->contested ? std::string_view() : std::string_view(belief->value);
}
bool is_meter(const Assets& assets, const std::string& key) {
    return word_of(by_category, category_of(assets, key)) == "meter";
}

std::vector<Reason> reasons_of(const Asset& asset, const Seen_as& seen, const Assets& assets, const VendorDb& db) {
    std::vector<Reason> reasons;
    // A test set plays the part of another.
    const bool simulates = std::any_of(asset.claims.begin(), asset.claims.end(), [](const Claim& claim) {
        return claim.field == Field::role && claim.value.starts_with("simulates ");
    });
    for (const Claim& claim : asset.claims) {
        if (claim.field == Field::category) {
            const Belief* belief = asset.belief(Field::category);
            if (belief == nullptr || belief->contested || belief->value != claim.value) continue;
            const std::string_view function = word_of(by_category, claim.value);
            if (function.empty()) continue;
            reasons.push_back({std::string(function), std::min(Strength::Matched, claim.strength), "function:category",
                               "category=" + claim.value, &claim});
        } else if (claim.field == Field::role && claim.strength >= Strength::Matched) {
            const std::string_view function = word_of(by_role, claim.value);
            if (!function.empty() && !simulates) {
                reasons.push_back({std::string(function), Strength::Hinted, "function:role", "role=" + claim.value, &claim});
            }
            // LLDP and CDP list what is switched on: a device that only bridges is a switch, one that only routes a router.
            const bool network = claim.method.starts_with("lldp.") || claim.method.starts_with("cdp.");
            if (network && (claim.value == "bridge" || claim.value == "router")) {
                reasons.push_back({claim.value == "bridge" ? "switch" : "router", Strength::Matched, "function:capabilities",
                                   "role=" + claim.value, &claim});
            }
        } else if (claim.field == Field::service && claim.strength >= Strength::Stated) {
            const std::string_view function = word_of(by_service, claim.value.substr(0, claim.value.find('/')));
            if (!function.empty()) {
                reasons.push_back(
                    {std::string(function), Strength::Hinted, "function:service", "service=" + claim.value, &claim});
            }
            if (claim.value.starts_with("rtsp/") && makes_cameras_only(asset, db)) {
                reasons.push_back({"camera", Strength::Hinted, "function:service",
                                   "service=" + claim.value + ", and its maker makes cameras only", &claim});
            }
        }
    }
    const auto conversations = [&](const char* function, const std::string& because) {
        reasons.push_back({function, Strength::Hinted, "function:conversations", because, nullptr});
    };
    if (!seen.programs.empty()) conversations("engineering_station", "programs " + some_of(seen.programs, assets));
    // Reads a meter and sets what makes, stores or uses power: what energy management does. Whose it is, that does not say.
    const bool manages = !seen.meters.empty() && !seen.steers.empty();
    if (manages) {
        conversations("energy_management", "reads " + some_of(seen.meters, assets) + "; sets " + some_of(seen.steers, assets));
    }
    const bool server = !manages && !seen.asked && seen.watches.size() >= many && !seen.database;
    if (server) {
        conversations("scada_server",
                      "asks " + std::to_string(seen.watches.size()) + " devices: " + some_of(seen.watches, assets));
    }
    for (const Claim& claim : asset.claims) {
        const bool plain_client = !seen.asked && !server && !seen.asks_others;
        if (claim.field != Field::role || claim.strength < Strength::Matched || !plain_client) continue;
        const std::string_view function = word_of(by_connection, claim.value);
        if (!function.empty())
            reasons.push_back({std::string(function), Strength::Hinted, "function:role", "role=" + claim.value, &claim});
    }
    if (seen.asks_opcua && seen.database && !seen.asked)
        conversations("historian", "asks an OPC UA server and serves a database");
    if (seen.passes_on.size() >= several) conversations("router", "passes on frames from public addresses");
    if (seen.behind.size() > 1)
        conversations("gateway", std::to_string(seen.behind.size()) + " devices behind it: " + some_of(seen.behind, assets));
    return reasons;
}

Claim relation_claim(const Asset& asset, Field field, std::string value, const Reason& reason) {
    Claim claim;
    if (reason.rests_on != nullptr) {
        claim.from = reason.rests_on->from;
        claim.seen = reason.rests_on->seen;
        claim.subject = reason.rests_on->subject;
    } else {
        claim.seen = asset.seen;
        claim.seen.count = 1;
    }
    claim.field = field;
    claim.value = std::move(value);
    claim.strength = reason.strength;
    claim.method = reason.method;
    claim.because = reason.because;
    return claim;
}

bool put_function(Asset& asset, const std::vector<Reason>& reasons) {
    Strength best = Strength::Hinted;
    for (const Reason& reason : reasons) best = std::max(best, reason.strength);
    std::set<std::string> winners;
    for (const Reason& reason : reasons) {
        if (reason.strength == best) winners.insert(reason.function);
    }
    if (winners.size() != 1) return false;
    std::vector<Claim> claims;
    for (const Reason& reason : reasons) {
        if (reason.strength == best) claims.push_back(relation_claim(asset, Field::function, reason.function, reason));
    }
    asset.claims.insert(asset.claims.end(), claims.begin(), claims.end());
    return true;
}

}  // namespace

bool is_polled(std::string_view service) { return holds(polled, service); }

void derive_relations(Identified& identified, const VendorDb& db, Time now) {
    Assets assets;
    for (const Asset& asset : identified.assets) assets.emplace(asset.key, &asset);
    std::map<std::string, Seen_as> all;
    std::set<std::string> reachable;
    for (const Path& path : identified.paths) reachable.insert(path.asset);

    for (const Conversation& row : identified.conversations) {
        const std::string a = asset_key_at(identified, row.a);
        const std::string b = asset_key_at(identified, row.b);
        for (const Endpoint* end : {&row.a, &row.b}) {
            if (!end->mac.known() || end->mac.group() || !is_outside(identified, end->ip)) continue;
            Endpoint station = *end;
            station.ip = {};
            const auto found = identified.asset_of.find(station);
            // Its own public address is no sign of others.
            if (found == identified.asset_of.end()) continue;
            const auto held = assets.find(found->second);
            if (held == assets.end() || held->second->identifiers.ip.contains(end->ip.text())) continue;
            std::set<IpAddress>& passes_on = all[found->second].passes_on;
            if (passes_on.size() < several) passes_on.insert(end->ip);
        }
        // Asking and answering: only where both spoke.
        if (row.bytes_ab == 0 || row.bytes_ba == 0) continue;
        if (!b.empty() && holds(databases, row.service)) all[b].database = true;
        if (!is_polled(row.service)) continue;
        if (!b.empty()) all[b].asked = true;
        if (a.empty() || b.empty() || a == b) continue;
        all[a].asks.insert(b);
        if (!holds(driven, row.service)) all[a].watches.insert(b);
        if (row.service == "opcua") all[a].asks_opcua = true;
        if (!row.service.starts_with("s7comm")) all[a].asks_others = true;
    }
    std::map<std::string, std::string> at;  // site and address -> key
    for (const Asset& asset : identified.assets) {
        if (asset.kind == "part") continue;
        for (const std::string& ip : asset.identifiers.ip) {
            const auto [place, fresh] = at.try_emplace(asset.site + "|" + ip, asset.key);
            if (!fresh && place->second != asset.key) place->second.clear();
        }
    }
    for (const Asset& asset : identified.assets) {
        for (const Claim& claim : asset.claims) {
            if (claim.field != Field::remote_observed) continue;
            const bool programs = std::any_of(programming.begin(), programming.end(), [&](std::string_view what) {
                return claim.value.find(what) != std::string::npos;
            });
            const std::size_t from = claim.value.rfind(" from ");
            if (from == std::string::npos) continue;
            const auto actor = at.find(asset.site + "|" + claim.value.substr(from + 6));
            if (actor == at.end() || actor->second.empty() || actor->second == asset.key) continue;
            all[actor->second].commands.insert(asset.key);
            if (programs) all[actor->second].programs.insert(asset.key);
        }
        if (asset.kind != "part" || is_module(asset)) continue;
        std::string_view above = asset.parent;
        for (std::size_t steps = 0; !above.empty() && steps < 16; ++steps) {
            all[std::string(above)].behind.insert(asset.key);
            const auto parent = assets.find(above);
            above = parent == assets.end() ? std::string_view() : std::string_view(parent->second->parent);
        }
    }

    for (auto& [key, seen] : all) {
        for (const std::string& asked : seen.asks) {
            if (is_meter(assets, asked)) seen.meters.insert(asked);
            // Of the units behind a gateway nobody knows which were asked.
            const auto its = all.find(asked);
            if (its == all.end()) continue;
            for (const std::string& unit : its->second.behind) {
                if (is_meter(assets, unit)) seen.meters.insert(unit);
            }
        }
        for (const std::string& commanded : seen.commands) {
            if (holds(steered, category_of(assets, commanded))) seen.steers.insert(commanded);
        }
    }

    // Reasons are taken from the assets as they are, claims are added afterwards.
    struct Added {
        std::vector<Reason> reasons;
        std::set<std::string> carried;
        std::string how;
    };
    const Seen_as nothing;
    std::vector<Added> added;
    added.reserve(identified.assets.size());
    for (const Asset& asset : identified.assets) {
        const auto found = all.find(asset.key);
        const Seen_as& seen = found == all.end() ? nothing : found->second;
        Added more;
        more.reasons = reasons_of(asset, seen, assets, db);
        more.carried = seen.behind;
        if (!seen.behind.empty()) more.how = "behind it: " + some_of(seen.behind, assets);
        if (reachable.contains(asset.key) && !seen.asks.empty()) {
            more.carried.insert(seen.asks.begin(), seen.asks.end());
            for (const std::string& key : seen.asks) {
                const auto its = all.find(key);
                if (its != all.end()) more.carried.insert(its->second.behind.begin(), its->second.behind.end());
            }
            more.carried.erase(asset.key);
            more.how +=
                (more.how.empty() ? "" : "; ") + std::string("has a control path and asks: ") + some_of(seen.asks, assets);
        }
        added.push_back(std::move(more));
    }
    for (std::size_t i = 0; i < identified.assets.size(); ++i) {
        Asset& asset = identified.assets[i];
        bool any = put_function(asset, added[i].reasons);
        if (!added[i].carried.empty()) {
            const Reason reason{{}, Strength::Hinted, "carries", added[i].how, nullptr};
            asset.claims.push_back(relation_claim(asset, Field::carries, std::to_string(added[i].carried.size()), reason));
            any = true;
        }
        if (!any) continue;
        std::sort(asset.claims.begin(), asset.claims.end(), claim_order);
        asset.beliefs = fuse(asset.claims, db, now);
    }
}

}  // namespace herkomst
