// Asset x vendordb -> one row of facts.
//
// A fact that is not known stays NULL: rules then ask instead of deciding. An address prefix (nic_maker) never says where a
// device comes from, and an unsourced claim never fills a fact that could raise a finding.
#include <algorithm>
#include <array>
#include <queue>

#include "assess/assess.h"
#include "assess/paths.h"
#include "assess/rated_power.h"
#include "assess/row_maker.h"
#include "assess/supply.h"
#include "assess/ways_out.h"
#include "core/holds.h"
#include "core/text.h"
#include "identity/lawful.h"
#include "identity/relations.h"
#include "identity/sim.h"

namespace herkomst {

namespace {

// Decoders whose protocol is spoken by plants, buildings and chargers, by stem.
constexpr auto plant_protocols = std::to_array<std::string_view>({"ads",
                                                                  "atg",
                                                                  "bacnet",
                                                                  "c1222",
                                                                  "cc_link_ie_field_basic",
                                                                  "codesys",
                                                                  "dlms_cosem",
                                                                  "dnp3",
                                                                  "egd",
                                                                  "ethercat",
                                                                  "ethernet_ip",
                                                                  "fox",
                                                                  "ge_srtp",
                                                                  "genisys",
                                                                  "goose",
                                                                  "hart_ip",
                                                                  "iec104",
                                                                  "knxnet_ip",
                                                                  "melsec",
                                                                  "mms",
                                                                  "modbus",
                                                                  "mrp",
                                                                  "ocpp",
                                                                  "omron_fins",
                                                                  "opcua",
                                                                  "pcom",
                                                                  "pcworx",
                                                                  "powerlink",
                                                                  "proconos",
                                                                  "profinet",
                                                                  "profinet_io",
                                                                  "r_goose",
                                                                  "red_lion",
                                                                  "roc_plus",
                                                                  "s7comm",
                                                                  "s7comm_plus",
                                                                  "sampled_values",
                                                                  "sunspec",
                                                                  "synchrophasor",
                                                                  "tristation"});

}  // namespace

std::optional<bool> flag_of(const Belief* belief) {
    if (belief == nullptr || belief->contested || belief->value.empty()) return std::nullopt;
    const std::string value = lower(trimmed(belief->value));
    if (value == "unknown" || value == "onbekend") return std::nullopt;
    return !(value == "no" || value == "nee" || value == "none" || value == "0" || value == "false");
}

namespace {

// Two cards, or a card's two numbers, that name two countries leave it open.
std::string sim_country_of(const Belief* belief) {
    if (belief == nullptr || belief->contested) return {};
    std::string country(sim_country(belief->value));
    for (const std::string& other : belief->dissent) {
        const std::string_view another = sim_country(other);
        if (country.empty()) country = another;
        if (!another.empty() && another != country) return {};
    }
    return country;
}

std::string slug_of(const Belief* belief) { return belief == nullptr || belief->contested ? std::string() : belief->vendor; }
std::string value_of(const Belief* belief) { return belief == nullptr || belief->contested ? std::string() : belief->value; }

std::string label_of(const Asset& asset) {
    const std::string brand = value_of(asset.belief(Field::brand));
    for (const Field field : {Field::model, Field::product}) {
        const std::string value = value_of(asset.belief(field));
        if (value.empty()) continue;
        return brand.empty() || starts_with_ignoring_case(value, brand) ? value : brand + " " + value;
    }
    for (const Field field : {Field::hostname, Field::station_name}) {
        if (std::string value = value_of(asset.belief(field)); !value.empty()) return value;
    }
    if (!asset.identifiers.hostname.empty()) return *asset.identifiers.hostname.begin();
    if (!asset.identifiers.ip.empty()) return *asset.identifiers.ip.begin();
    if (!asset.identifiers.mac.empty()) return *asset.identifiers.mac.begin();
    if (!asset.identifiers.path.empty()) return *asset.identifiers.path.begin();
    return asset.key;
}

constexpr std::size_t most_evidence = 4;  // of one fact

std::vector<Evidence> evidence_of(const Asset& asset, Field field) {
    std::vector<Evidence> out;
    const Belief* belief = asset.belief(field);
    for (const Claim& claim : asset.claims) {
        if (claim.field != field || out.size() >= most_evidence || claim.from.source.empty()) continue;
        if (belief != nullptr && !belief->contested && claim.value != belief->value) continue;
        if (std::find(out.begin(), out.end(), claim.from) == out.end()) out.push_back(claim.from);
    }
    return out;
}

constexpr auto asking_only = std::to_array<std::string_view>({"dns", "ntp"});

struct Talks {
    std::map<std::string, Evidence> names;  // whom it addressed by name, and where that was said
    bool internet = false;
    bool undeclared = false;               // some of it with parties that the site did not declare (identity/lawful.h)
    std::set<std::string> lawful;          // those that it did
    Time outside_seen{};                   // the last time that data went both ways with one that it did not
    std::map<std::string, Time> asked_by;  // assets that ask it, and until when

    void outside(const std::string& party, const Conversation& row) {
        internet = true;
        undeclared = undeclared || party.empty();
        if (!party.empty()) lawful.insert(party);
        // Knocking in vain shows no way out, and who asks the time or a name is not reached by it.
        const bool answered = row.bytes_ab > 0 && row.bytes_ba > 0;
        if (party.empty() && answered && !holds(asking_only, row.service)) outside_seen = std::max(outside_seen, row.seen.last);
    }
};

// Who is outside at the other end of a conversation: a declared party, or nobody that is.
std::string party_outside(const Identified& identified, const Conversation& row, const Endpoint& end, const VendorDb& db) {
    const RemotePeer peer = peer_of(identified, row, db);
    if (peer.cloud != nullptr) return std::string(lawful_purpose(peer.cloud->purpose));
    return lawful_at(identified, end, db).party;
}

// Who reaches the logger reaches what it asks and what hangs on it, and what that asks: the latest way first, so that each
// asset is passed once.
void pass_on(const Identified& identified, std::map<std::string, Talks>& all) {
    std::map<std::string_view, std::vector<std::pair<std::string_view, Time>>> reaches;
    for (const auto& [asset, talks] : all) {
        for (const auto& [by, until] : talks.asked_by) reaches[by].emplace_back(asset, until);
    }
    for (const Asset& asset : identified.assets) {
        if (asset.kind == "part" && !asset.parent.empty()) reaches[asset.parent].emplace_back(asset.key, Time::max());
    }
    std::priority_queue<std::pair<Time, std::string_view>> next;
    for (const auto& [asset, talks] : all) {
        if (talks.outside_seen > Time{}) next.emplace(talks.outside_seen, asset);
    }
    while (!next.empty()) {
        const auto [way, by] = next.top();
        next.pop();
        const auto reached = reaches.find(by);
        if (reached == reaches.end() || all[std::string(by)].outside_seen != way) continue;
        for (const auto& [asset, until] : reached->second) {
            Time& seen = all[std::string(asset)].outside_seen;
            if (std::min(way, until) <= seen) continue;
            seen = std::min(way, until);
            next.emplace(seen, asset);
        }
    }
}

std::map<std::string, Talks> talks_of(const Identified& identified, const VendorDb& db) {
    std::map<std::string, Talks> out;
    for (const Conversation& conversation : identified.conversations) {
        const std::string a = asset_key_at(identified, conversation.a);
        const std::string b = asset_key_at(identified, conversation.b);
        if (!a.empty()) {
            Talks& talks = out[a];
            if (!conversation.b_name.empty()) {
                const Evidence& from = conversation.b_name_from;
                const auto [at, fresh] = talks.names.emplace(conversation.b_name, from);
                if (!fresh && !from.source.empty() && (at->second.source.empty() || from < at->second)) at->second = from;
            }
            if (is_outside(identified, conversation.b.ip))
                talks.outside(party_outside(identified, conversation, conversation.b, db), conversation);
        }
        if (!b.empty() && is_outside(identified, conversation.a.ip))
            out[b].outside(party_outside(identified, conversation, conversation.a, db), conversation);
        if (!a.empty() && !b.empty() && a != b && is_polled(conversation.service)) {
            Time& until = out[b].asked_by[a];
            until = std::max(until, conversation.seen.last);
        }
    }
    pass_on(identified, out);
    return out;
}

bool speaks_plant_protocol(const Asset& asset) {
    for (const Claim& claim : asset.claims) {
        if (claim.strength < Strength::Stated) continue;
        if (holds(plant_protocols, claim.method.substr(0, claim.method.find('.')))) return true;
        if (claim.field == Field::service && holds(plant_protocols, claim.value.substr(0, claim.value.find('/')))) return true;
    }
    return false;
}

FactsRow row_of(const Asset& asset, const Talks& talks, Supply& supply) {
    const VendorDb& db = supply.db();
    FactsRow row;
    row.asset = asset.key;
    Facts& facts = row.facts;
    const auto rests_on = [&](std::string_view fact, Field field) {
        if (auto evidence = evidence_of(asset, field); !evidence.empty()) row.evidence[std::string(fact)] = std::move(evidence);
    };

    facts["asset"] = asset.key;
    facts["kind"] = asset.kind;
    facts["site"] = asset.site;
    facts["label"] = label_of(asset);
    facts["plant_protocol"] = speaks_plant_protocol(asset) ? 1 : 0;
    facts["brand"] = text_or_null(value_of(asset.belief(Field::brand)));
    rests_on("brand", Field::brand);
    facts["model"] = text_or_null(value_of(asset.belief(Field::model)));
    rests_on("model", Field::model);
    facts["firmware"] = text_or_null(value_of(asset.belief(Field::firmware)));
    rests_on("firmware", Field::firmware);
    facts["nic_maker"] = text_or_null(value_of(asset.belief(Field::nic_maker)));
    rests_on("nic_maker", Field::nic_maker);

    // Who makes a program is kept apart from who makes devices (identity/software.h).
    const Field made_by = asset.kind == "software" ? Field::stack_maker : Field::maker;
    const Belief* maker_belief = asset.belief(made_by);
    // A hint names nobody: a rule must not find anything in it.
    const bool hint = maker_belief != nullptr && maker_belief->strength == Strength::Hinted;
    const std::string maker = hint ? std::string() : slug_of(maker_belief);
    const Vendor* vendor = maker.empty() ? nullptr : db.vendor(maker);
    facts["maker"] = text_or_null(maker);
    facts["maker_name"] = vendor != nullptr ? Json(vendor->name) : text_or_null(value_of(maker_belief));
    if (maker_belief != nullptr && !value_of(maker_belief).empty()) facts["maker_strength"] = name(maker_belief->strength);
    facts["maker_contested"] = maker_belief != nullptr && maker_belief->contested ? 1 : 0;
    for (const std::string_view fact : {"maker", "maker_name", "maker_contested", "control_country", "control_status",
                                        "offensive_programme", "strained_relation", "compelled_cooperation", "state_control"}) {
        rests_on(fact, made_by);
    }

    rests_on("category", Field::category);
    for (const std::string_view fact : {"rated_power", "rated_power_contested"}) rests_on(fact, Field::rated_power);
    facts["category"] = text_or_null(value_of(asset.belief(Field::category)));
    put_rated_power(facts, asset);
    facts["module_maker"] = text_or_null(slug_of(asset.belief(Field::module_maker)));
    rests_on("module_maker", Field::module_maker);
    facts["stack_maker"] = text_or_null(slug_of(asset.belief(Field::stack_maker)));
    rests_on("stack_maker", Field::stack_maker);

    std::string operator_slug = slug_of(asset.belief(Field::cloud_operator));
    rests_on("cloud_operator", Field::cloud_operator);
    std::string cloud_host;
    std::vector<Evidence> named_in;
    for (const auto& [host, from] : talks.names) {
        const Cloud* cloud = db.cloud(host);
        if (cloud == nullptr || cloud->operator_slug.empty() || !lawful_purpose(cloud->purpose).empty()) continue;
        if (operator_slug.empty()) operator_slug = cloud->operator_slug;
        if (cloud->operator_slug != operator_slug) continue;
        if (cloud_host.empty()) cloud_host = host;
        if (!from.source.empty() && named_in.size() < most_evidence) named_in.push_back(from);
    }
    if (!named_in.empty()) {
        for (const std::string_view fact : {"cloud_operator", "cloud_host", "cloud_country"}) {
            row.evidence[std::string(fact)] = named_in;
        }
    }
    facts["cloud_operator"] = text_or_null(operator_slug);
    facts["cloud_host"] = text_or_null(cloud_host);
    if (talks.internet) facts["internet_observed"] = 1;
    if (talks.outside_seen > Time{}) facts["outside_seen"] = rfc3339(talks.outside_seen);
    if (!talks.lawful.empty() && !talks.undeclared) {
        facts["outside_party"] = talks.lawful.contains("grid_operator") ? "grid_operator" : "energy_management";
    }
    facts["cellular"] = flag_or_null(flag_of(asset.belief(Field::cellular)));
    rests_on("cellular", Field::cellular);
    if (const std::string country = sim_country_of(asset.belief(Field::cellular)); !country.empty()) {
        facts["sim_country"] = country;
        rests_on("sim_country", Field::cellular);
    }

    facts["remote_documented"] = flag_or_null(flag_of(asset.belief(Field::remote_documented)));
    rests_on("remote_documented", Field::remote_documented);
    facts["remote_exposed"] = flag_or_null(flag_of(asset.belief(Field::remote_exposed)));
    facts["remote_exposed_by"] = text_or_null(value_of(asset.belief(Field::remote_exposed)));
    rests_on("remote_exposed", Field::remote_exposed);
    facts["remote_observed"] = flag_or_null(flag_of(asset.belief(Field::remote_observed)));
    facts["remote_observed_by"] = text_or_null(value_of(asset.belief(Field::remote_observed)));
    rests_on("remote_observed", Field::remote_observed);
    facts["remote_blocked"] = flag_or_null(flag_of(asset.belief(Field::remote_blocked)));
    rests_on("remote_blocked", Field::remote_blocked);

    const bool had_category = !facts["category"].is_null();
    const bool had_power = !facts["rated_power"].is_null();
    complete(row, supply);
    if (!had_category) rests_on("category", Field::model);
    if (!had_power) rests_on("rated_power", Field::model);
    if (facts.contains("remote_party")) rests_on("remote_documented", Field::maker);
    return row;
}

}  // namespace

struct RowMaker::Known {
    Known(const Identified& identified, const VendorDb& db)
        : talks(talks_of(identified, db)), relations(identified, db), supply(db) {}
    std::map<std::string, Talks> talks;
    Relations relations;
    Supply supply;
};

RowMaker::RowMaker(const Identified& identified, const VendorDb& db) : known_(std::make_unique<Known>(identified, db)) {}
RowMaker::~RowMaker() = default;
Supply& RowMaker::supply() { return known_->supply; }

FactsRow RowMaker::row(const Asset& asset) {
    static const Talks silent;
    const auto found = known_->talks.find(asset.key);
    FactsRow out = row_of(asset, found == known_->talks.end() ? silent : found->second, known_->supply);
    known_->relations.add(out, asset);
    doubt_blocked(out, blocked_said(asset));
    return out;
}

std::vector<FactsRow> facts_of(const Identified& identified, const VendorDb& db) {
    std::vector<FactsRow> rows;
    rows.reserve(identified.assets.size());
    RowMaker maker(identified, db);
    for (const Asset& asset : identified.assets) rows.push_back(maker.row(asset));
    std::sort(rows.begin(), rows.end(), [](const FactsRow& a, const FactsRow& b) { return a.asset < b.asset; });
    return rows;
}

}  // namespace herkomst
