#include "identity/zones.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "core/holds.h"
#include "core/text.h"
#include "identity/fuse.h"
#include "identity/paths.h"
#include "identity/relations.h"
#include "vendordb/vendordb.h"

namespace herkomst {

namespace {

struct Place {
    std::string_view function;
    std::string_view level;
};
constexpr auto by_function = std::to_array<Place>({{"drive", "0"},
                                                   {"ev_charger", "1"},
                                                   {"gateway", "1"},
                                                   {"ied", "1"},
                                                   {"inverter", "1"},
                                                   {"meter", "1"},
                                                   {"plc", "1"},
                                                   {"rtu", "1"},
                                                   {"energy_management", "2"},
                                                   {"hmi", "2"},
                                                   {"scada_server", "2"},
                                                   {"engineering_station", "3"},
                                                   {"historian", "3"},
                                                   {"video_recorder", "3"}});
constexpr auto domain = std::to_array<std::string_view>({"kerberos", "ldap"});

struct Talk {
    std::set<std::string> asks;     // services of plants, as the one who asks
    std::set<std::string> answers;  // ... as the one who answers
    std::set<std::string> logs_on;  // services of a domain, as the one who asks
};

struct ZoneReason {
    std::string level;
    std::string method;
    std::string because;
    const Claim* rests_on = nullptr;
};

std::string named(const Asset& asset) {
    for (const Field field : {Field::model, Field::product, Field::hostname}) {
        const Belief* belief = asset.belief(field);
        if (belief != nullptr && !belief->contested && !belief->value.empty()) return belief->value;
    }
    if (!asset.identifiers.ip.empty()) return *asset.identifiers.ip.begin();
    if (!asset.identifiers.mac.empty()) return *asset.identifiers.mac.begin();
    return asset.key;
}

std::string listed(const std::set<std::string>& values) {
    constexpr std::size_t most = 4;
    std::vector<std::string> told;
    for (const std::string& value : values) {
        if (told.size() < most) told.push_back(value);
    }
    return join(told, ", ") + (values.size() > most ? " and others" : "");
}

std::vector<ZoneReason> zone_reasons(const Asset& asset, const Talk& talk) {
    const Belief* function = asset.belief(Field::function);
    if (function != nullptr && !function->value.empty()) {
        const std::string_view level = level_of(function->value);
        if (level.empty()) return {};
        const auto claim = std::find_if(asset.claims.begin(), asset.claims.end(), [&](const Claim& each) {
            return each.field == Field::function && each.value == function->value;
        });
        return {{std::string(level), "level:function", "function=" + function->value,
                 claim == asset.claims.end() ? nullptr : &*claim}};
    }
    if (asset.kind != "device") return {};
    if (!talk.answers.empty() && talk.asks.empty())
        return {{"1", "level:conversations", "answers " + listed(talk.answers) + " and asks nobody", nullptr}};
    if (talk.answers.empty() && !talk.asks.empty())
        return {{"2", "level:conversations", "asks devices by " + listed(talk.asks) + " and is not asked", nullptr}};
    if (talk.answers.empty() && !talk.logs_on.empty())
        return {{"4", "level:conversations", "logs on to a domain by " + listed(talk.logs_on) + " and speaks no plant protocol",
                 nullptr}};
    return {};
}

Claim zone_claim(const Asset& asset, Field field, std::string value, const std::string& method, const std::string& because,
                 const Claim* rests_on) {
    Claim claim;
    claim.seen = asset.seen;
    claim.seen.count = 1;
    if (rests_on != nullptr) {
        claim.from = rests_on->from;
        claim.seen = rests_on->seen;
        claim.subject = rests_on->subject;
    }
    claim.field = field;
    claim.value = std::move(value);
    claim.strength = Strength::Hinted;
    claim.method = method;
    claim.because = because;
    return claim;
}

using Conduits = std::map<std::string, std::map<std::string, std::set<std::string>>>;  // asset, text, who opened it

void add_conduit(Conduits& conduits, const Asset& own, const std::string& own_level, const std::string& other,
                 const Asset* opener, const std::string& service, const std::string& said_of_opener) {
    std::string text = "level " + own_level + " - " + other + ": " + service;
    conduits[own.key][std::move(text)].insert(
        opener == nullptr ? said_of_opener : (opener->key == own.key ? "opened by it" : "opened by " + named(*opener)));
}

}  // namespace

std::string_view level_of(std::string_view function) {
    for (const Place& place : by_function) {
        if (place.function == function) return place.level;
    }
    return {};
}

void derive_zones(Identified& identified, const VendorDb& db, Time now) {
    std::map<std::string, const Asset*, std::less<>> assets;
    for (const Asset& asset : identified.assets) assets.emplace(asset.key, &asset);
    const auto at = [&](const Endpoint& end) -> const Asset* {
        const auto found = assets.find(asset_key_at(identified, end));
        return found == assets.end() ? nullptr : found->second;
    };

    std::map<std::string, Talk> talks;
    for (const Conversation& row : identified.conversations) {
        if (row.bytes_ab == 0 || row.bytes_ba == 0) continue;
        const Asset* a = at(row.a);
        const Asset* b = at(row.b);
        if (is_polled(row.service)) {
            if (b != nullptr) talks[b->key].answers.insert(row.service);
            if (a != nullptr && a != b) talks[a->key].asks.insert(row.service);
        } else if (holds(domain, row.service) && a != nullptr) {
            talks[a->key].logs_on.insert(row.service);
        }
    }

    const Talk nothing;
    std::map<std::string, ZoneReason> levels;
    for (const Asset& asset : identified.assets) {
        const auto talk = talks.find(asset.key);
        const std::vector<ZoneReason> reasons = zone_reasons(asset, talk == talks.end() ? nothing : talk->second);
        if (!reasons.empty()) levels.emplace(asset.key, reasons.front());
    }

    Conduits conduits;
    for (const Conversation& row : identified.conversations) {
        if (row.bytes_ab == 0 || row.bytes_ba == 0 || !row.a.ip.known() || row.service == "arp") continue;
        const Asset* a = at(row.a);
        const Asset* b = at(row.b);
        const auto level_a = a == nullptr ? levels.end() : levels.find(a->key);
        const auto level_b = b == nullptr ? levels.end() : levels.find(b->key);
        const Asset* opener = row.opened_by == "a" ? a : nullptr;
        if (level_a != levels.end() && level_b != levels.end()) {
            if (level_a->second.level == level_b->second.level) continue;
            const std::string unseen = "opening not seen";
            add_conduit(conduits, *a, level_a->second.level, "level " + level_b->second.level, opener, row.service, unseen);
            add_conduit(conduits, *b, level_b->second.level, "level " + level_a->second.level, opener, row.service, unseen);
        } else if (level_a != levels.end() && is_outside(identified, row.b.ip)) {
            add_conduit(conduits, *a, level_a->second.level, "outside", opener, row.service, "opening not seen");
        } else if (level_b != levels.end() && is_outside(identified, row.a.ip)) {
            const bool seen = row.opened_by == "a";
            add_conduit(conduits, *b, level_b->second.level, "outside", nullptr, row.service,
                        seen ? "opened from outside" : "opening not seen");
        }
    }

    for (Asset& asset : identified.assets) {
        std::vector<Claim> more;
        if (const auto level = levels.find(asset.key); level != levels.end()) {
            const ZoneReason& reason = level->second;
            more.push_back(
                zone_claim(asset, Field::purdue_level, reason.level, reason.method, reason.because, reason.rests_on));
        }
        if (const auto found = conduits.find(asset.key); found != conduits.end()) {
            std::size_t told = 0;
            for (const auto& [text, openers] : found->second) {
                if (told++ == conduits_most) break;
                more.push_back(zone_claim(asset, Field::conduit, text, "conduit", listed(openers), nullptr));
            }
        }
        if (more.empty()) continue;
        asset.claims.insert(asset.claims.end(), more.begin(), more.end());
        std::sort(asset.claims.begin(), asset.claims.end(), claim_order);
        asset.beliefs = fuse(asset.claims, db, now);
    }
}

}  // namespace herkomst
