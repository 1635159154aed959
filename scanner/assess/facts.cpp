// Asset x vendordb -> one row of facts; facts -> sums per supplier, operator, jurisdiction and site.
//
// A fact that is not known stays NULL: rules then ask instead of deciding. An address prefix (nic_maker) never says where a
// device comes from, and an unsourced claim never fills a fact that could raise a finding.
#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "assess/assess.h"
#include "assess/paths.h"
#include "core/text.h"

namespace herkomst {

namespace {

constexpr std::array<std::string_view, 14> power_categories = {
    "battery", "charge_controller", "ems",       "ev_charger",     "genset",     "heat_pump",    "hybrid_inverter",
    "hvac",    "microinverter",     "optimizer", "solar_inverter", "switchgear", "wind_turbine", "smart_plug"};

// Decoders whose protocol is spoken by plants, buildings and chargers, by stem.
constexpr std::array<std::string_view, 36> plant_protocols = {"ads",
                                                              "atg",
                                                              "bacnet",
                                                              "c1222",
                                                              "cc_link_ie_field_basic",
                                                              "codesys",
                                                              "dlms_cosem",
                                                              "dnp3",
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
                                                              "ocpp",
                                                              "omron_fins",
                                                              "opcua",
                                                              "pcom",
                                                              "pcworx",
                                                              "powerlink",
                                                              "proconos",
                                                              "profinet",
                                                              "profinet_io",
                                                              "red_lion",
                                                              "roc_plus",
                                                              "s7comm",
                                                              "s7comm_plus",
                                                              "sampled_values",
                                                              "sunspec",
                                                              "synchrophasor"};

template <class Table>
bool holds(const Table& table, std::string_view what) {
    return std::find(table.begin(), table.end(), what) != table.end();
}

std::optional<std::int64_t> watts(std::string_view text) {
    text = trimmed(text);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || value < 0 || value > 1e12) return std::nullopt;
    const std::string unit = lower(trimmed(std::string_view(end, static_cast<std::size_t>(text.data() + text.size() - end))));
    if (unit.empty() || unit == "w") return static_cast<std::int64_t>(value);
    if (unit == "kw") return static_cast<std::int64_t>(value * 1000);
    return std::nullopt;
}

// What a claim of a yes/no fact says. Decoders name what they saw ("RemoteStopTransaction"): that is a yes.
std::optional<bool> flag_of(const Belief* belief) {
    if (belief == nullptr || belief->contested || belief->value.empty()) return std::nullopt;
    const std::string value = lower(trimmed(belief->value));
    if (value == "unknown" || value == "onbekend") return std::nullopt;
    return !(value == "no" || value == "nee" || value == "none" || value == "0" || value == "false");
}

Json flag_or_null(std::optional<bool> flag) { return flag ? Json(*flag ? 1 : 0) : Json(); }
Json text_or_null(std::string_view text) { return text.empty() ? Json() : Json(text); }

std::string slug_of(const Belief* belief) { return belief == nullptr || belief->contested ? std::string() : belief->vendor; }
std::string value_of(const Belief* belief) { return belief == nullptr || belief->contested ? std::string() : belief->value; }

struct Control {
    std::string country;  // only when it counts
    std::string status;   // verified, reported, unverified, contested, none
};

Control control_of(const VendorDb& db, const std::string& slug) {
    if (slug.empty()) return {};
    const Chain chain = db.chain(slug);
    if (chain.contested) return {"", "contested"};
    if (chain.country.empty()) return {"", "none"};
    if (chain.status == ClaimStatus::Unverified) return {"", "unverified"};
    return {chain.country, std::string(name(chain.status))};
}

enum class WhenAbsent { No, Unknown };

std::optional<bool> claimed(const VendorDb& db, const std::string& country, std::string_view what, WhenAbsent absent) {
    if (country.empty()) return std::nullopt;
    const Jurisdiction* jurisdiction = db.jurisdiction(country);
    if (jurisdiction == nullptr) return std::nullopt;
    bool unsourced = false;
    for (const JurisdictionClaim& claim : jurisdiction->claims) {
        if (claim.claim != what) continue;
        if (claim.sourcing.counts()) return true;
        unsourced = true;
    }
    if (unsourced || absent == WhenAbsent::Unknown) return std::nullopt;
    return false;
}

Json offensive(const VendorDb& db, const std::string& country) {
    return flag_or_null(claimed(db, country, "offensive_programme", WhenAbsent::No));
}
Json strained(const VendorDb& db, const std::string& country) {
    return flag_or_null(claimed(db, country, "strained_relation", WhenAbsent::No));
}
Json compelled(const VendorDb& db, const std::string& country) {
    return flag_or_null(claimed(db, country, "compelled_cooperation", WhenAbsent::Unknown));
}

// A state anywhere on the sourced chain counts; "no" must be said of the maker itself and of every owner.
std::optional<bool> state_controlled(const VendorDb& db, const std::string& slug) {
    if (slug.empty()) return std::nullopt;
    bool all_no = true;
    for (const ChainStep& step : db.chain(slug).steps) {
        const Vendor* vendor = db.vendor(step.vendor);
        bool no = false;
        if (vendor != nullptr) {
            for (const OriginClaim& claim : vendor->origin) {
                if (claim.claim != "state_control" || !claim.sourcing.counts()) continue;
                if (claim.value == "yes") return true;
                if (claim.value == "no") no = true;
            }
        }
        all_no = all_no && no;
    }
    return all_no ? std::optional<bool>(false) : std::nullopt;
}

struct Documented {
    bool control = false;
    bool firmware = false;
    std::string party;
};

int distance(std::string_view party) {
    constexpr std::array<std::string_view, 4> order = {"account_holder", "grid_operator", "installer", "maker"};
    const auto found = std::find(order.begin(), order.end(), party);
    return found == order.end() ? 0 : static_cast<int>(found - order.begin()) + 1;
}

// A capability for some categories counts only where the category is known to be one of them.
Documented documented_by(const Vendor* vendor, const std::string& category) {
    Documented out;
    if (vendor == nullptr) return out;
    for (const Capability& capability : vendor->capabilities) {
        if (!capability.sourcing.counts()) continue;
        if (!capability.categories.empty() && !holds(capability.categories, category)) continue;
        const std::string& what = capability.capability;
        if (what == "firmware_push") out.firmware = true;
        if (what != "remote_on_off" && what != "remote_setpoint" && what != "self_disable") continue;
        out.control = true;
        if (distance(capability.party) > distance(out.party)) out.party = capability.party;
    }
    return out;
}

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

struct Talks {
    std::map<std::string, Evidence> names;  // whom it addressed by name, and where that was said
    bool internet = false;
};

std::map<std::string, Talks> talks_of(const Identified& identified) {
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
            if (is_outside(conversation.b.ip)) talks.internet = true;
        }
        if (!b.empty() && is_outside(conversation.a.ip)) out[b].internet = true;
    }
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

FactsRow row_of(const Asset& asset, const Talks& talks, const VendorDb& db) {
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
    if (!value_of(maker_belief).empty()) facts["maker_strength"] = name(maker_belief->strength);
    facts["maker_contested"] = maker_belief != nullptr && maker_belief->contested ? 1 : 0;
    for (const std::string_view fact : {"maker", "maker_name", "maker_contested", "control_country", "control_status",
                                        "offensive_programme", "strained_relation", "compelled_cooperation", "state_control"}) {
        rests_on(fact, made_by);
    }

    std::string category = value_of(asset.belief(Field::category));
    const std::string model = value_of(asset.belief(Field::model));
    std::optional<std::int64_t> power = watts(value_of(asset.belief(Field::rated_power)));
    rests_on("category", Field::category);
    rests_on("rated_power", Field::rated_power);
    if (vendor != nullptr && !model.empty() && (category.empty() || !power)) {
        if (const auto product = db.product(maker, model)) {
            if (category.empty() && product->product != nullptr) {
                category = product->product->category;
                rests_on("category", Field::model);
            }
            if (!power) {
                power = watts(product->rated_power);
                rests_on("rated_power", Field::model);
            }
        }
    }
    facts["category"] = text_or_null(category);
    if (!category.empty()) facts["power_device"] = holds(power_categories, category) ? 1 : 0;
    if (power) facts["rated_power"] = *power;

    const Control control = control_of(db, maker);
    facts["control_country"] = text_or_null(control.country);
    facts["control_status"] = text_or_null(control.status);
    facts["offensive_programme"] = offensive(db, control.country);
    facts["strained_relation"] = strained(db, control.country);
    facts["compelled_cooperation"] = compelled(db, control.country);
    facts["state_control"] = flag_or_null(state_controlled(db, maker));

    const std::string module = slug_of(asset.belief(Field::module_maker));
    const std::string module_country = control_of(db, module).country;
    facts["module_maker"] = text_or_null(module);
    facts["module_country"] = text_or_null(module_country);
    facts["module_offensive_programme"] = offensive(db, module_country);
    facts["module_compelled_cooperation"] = compelled(db, module_country);
    rests_on("module_maker", Field::module_maker);
    const std::string stack = slug_of(asset.belief(Field::stack_maker));
    facts["stack_maker"] = text_or_null(stack);
    facts["stack_country"] = text_or_null(control_of(db, stack).country);
    rests_on("stack_maker", Field::stack_maker);

    std::string operator_slug = slug_of(asset.belief(Field::cloud_operator));
    rests_on("cloud_operator", Field::cloud_operator);
    std::string cloud_host;
    std::vector<Evidence> named_in;
    for (const auto& [host, from] : talks.names) {
        const Cloud* cloud = db.cloud(host);
        if (cloud == nullptr || cloud->operator_slug.empty()) continue;
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
    const std::string cloud_country = control_of(db, operator_slug).country;
    facts["cloud_operator"] = text_or_null(operator_slug);
    facts["cloud_host"] = text_or_null(cloud_host);
    facts["cloud_country"] = text_or_null(cloud_country);
    facts["cloud_offensive_programme"] = offensive(db, cloud_country);
    facts["cloud_compelled_cooperation"] = compelled(db, cloud_country);
    if (talks.internet) facts["internet_observed"] = 1;
    facts["cellular"] = flag_or_null(flag_of(asset.belief(Field::cellular)));
    rests_on("cellular", Field::cellular);

    const Documented documented = documented_by(vendor, category);
    const auto documented_belief = flag_of(asset.belief(Field::remote_documented));
    facts["remote_documented"] = flag_or_null(documented.control ? std::optional<bool>(true) : documented_belief);
    if (documented.firmware) facts["firmware_push_documented"] = 1;
    facts["remote_party"] = text_or_null(documented.party);
    rests_on("remote_documented", documented.control ? Field::maker : Field::remote_documented);
    facts["remote_exposed"] = flag_or_null(flag_of(asset.belief(Field::remote_exposed)));
    facts["remote_exposed_by"] = text_or_null(value_of(asset.belief(Field::remote_exposed)));
    rests_on("remote_exposed", Field::remote_exposed);
    facts["remote_observed"] = flag_or_null(flag_of(asset.belief(Field::remote_observed)));
    facts["remote_observed_by"] = text_or_null(value_of(asset.belief(Field::remote_observed)));
    rests_on("remote_observed", Field::remote_observed);
    facts["remote_blocked"] = flag_or_null(flag_of(asset.belief(Field::remote_blocked)));
    rests_on("remote_blocked", Field::remote_blocked);
    // Unknown is the same as absent, and most facts of most assets are unknown.
    std::erase_if(facts, [](const auto& fact) { return fact.second.is_null(); });
    return row;
}

const Json& at(const FactsRow& row, std::string_view fact) {
    static const Json unknown;
    const auto found = row.facts.find(fact);
    return found == row.facts.end() ? unknown : found->second;
}
bool is(const FactsRow& row, std::string_view fact, std::int64_t value) {
    const Json& held = at(row, fact);
    return held.is_integer() && held.integer() == value;
}

void count(Group& group, const FactsRow& row) {
    ++group.assets;
    group.members.push_back(row.asset);
    if (!is(row, "power_device", 1)) return;
    ++group.power_assets;
    const Json& power = at(row, "rated_power");
    if (power.is_integer()) {
        group.rated_power += power.integer();
    } else {
        ++group.rated_power_unknown;
    }
    if (is(row, "remote_blocked", 1)) return;
    const bool switchable = is(row, "remote_documented", 1) || is(row, "remote_exposed", 1) || is(row, "remote_observed", 1);
    const bool never = is(row, "remote_documented", 0) && is(row, "remote_exposed", 0) && is(row, "remote_observed", 0);
    if (switchable) {
        ++group.switchable_assets;
        if (power.is_integer()) {
            group.switchable_power += power.integer();
        } else {
            ++group.switchable_power_unknown;
        }
    } else if (!never) {
        ++group.switchable_maybe;
    }
}

Texts country_title(const VendorDb& db, const std::string& country) {
    const Jurisdiction* jurisdiction = db.jurisdiction(country);
    if (jurisdiction == nullptr) return {country, country};
    const auto called = [&](const char* language) {
        const auto found = jurisdiction->names.find(language);
        return found == jurisdiction->names.end() ? country : found->second;
    };
    return {called("nl"), called("en")};
}

Texts title_of(const Group& group, const VendorDb& db) {
    if (group.kind == "site") {
        return group.key.empty() ? Texts{"deze locatie", "this site"} : Texts{group.key, group.key};
    }
    if (group.kind == "jurisdiction") return country_title(db, group.key);
    const Vendor* vendor = db.vendor(group.key);
    const std::string called = vendor != nullptr ? vendor->name : group.key;
    return {called, called};
}

}  // namespace

std::vector<FactsRow> facts_of(const Identified& identified, const VendorDb& db) {
    const std::map<std::string, Talks> talks = talks_of(identified);
    std::vector<FactsRow> rows;
    rows.reserve(identified.assets.size());
    const Talks silent;
    const Relations relations(identified);
    for (const Asset& asset : identified.assets) {
        const auto found = talks.find(asset.key);
        rows.push_back(row_of(asset, found == talks.end() ? silent : found->second, db));
        relations.add(rows.back(), asset);
    }
    std::sort(rows.begin(), rows.end(), [](const FactsRow& a, const FactsRow& b) { return a.asset < b.asset; });
    return rows;
}

std::vector<Group> groups_of(const std::vector<FactsRow>& rows, const VendorDb& db, const AssessOptions& options) {
    std::map<std::pair<std::string, std::string>, Group> groups;
    std::uint64_t power_assets = 0;
    std::uint64_t power_assets_of_nobody = 0;
    const auto into = [&](const char* kind, const std::string& key, const FactsRow& row) {
        Group& group = groups[{kind, key}];
        group.kind = kind;
        group.key = key;
        count(group, row);
    };
    for (const FactsRow& row : rows) {
        // Sums are about devices; a program is on one of them.
        if (at(row, "kind").string() == "software") continue;
        if (const std::string& maker = at(row, "maker").string(); !maker.empty()) into("vendor", maker, row);
        if (const std::string& who = at(row, "cloud_operator").string(); !who.empty()) into("operator", who, row);
        if (const std::string& country = at(row, "control_country").string(); !country.empty())
            into("jurisdiction", country, row);
        into("site", options.site.empty() ? at(row, "site").string() : options.site, row);
        if (is(row, "power_device", 1)) {
            ++power_assets;
            if (at(row, "maker").is_null()) ++power_assets_of_nobody;
        }
    }
    std::vector<Group> out;
    for (auto& [ignored, group] : groups) {
        group.title = title_of(group, db);
        std::sort(group.members.begin(), group.members.end());
        Facts& facts = group.facts;
        facts["kind"] = group.kind;
        facts["key"] = group.key;
        facts["label"] = group.title.en;
        facts["assets"] = group.assets;
        facts["power_assets"] = group.power_assets;
        facts["rated_power_at_least"] = group.rated_power;
        if (group.rated_power_unknown == 0) facts["rated_power"] = group.rated_power;
        facts["switchable_assets"] = group.switchable_assets;
        facts["switchable_power_at_least"] = group.switchable_power;
        if (group.switchable_power_unknown == 0 && group.switchable_maybe == 0)
            facts["switchable_power"] = group.switchable_power;
        const bool vendor = group.kind == "vendor";
        const std::uint64_t share = vendor && power_assets > 0 ? 100 * group.power_assets / power_assets : 0;
        facts["power_assets_share_at_least"] = share;
        // A share is about one vendor: for other kinds it is not unknown, it is none.
        if (!vendor || power_assets_of_nobody == 0) facts["power_assets_share"] = share;
        std::string country;
        if (group.kind == "jurisdiction") {
            country = group.key;
        } else if (group.kind != "site") {
            country = control_of(db, group.key).country;
        }
        facts["control_country"] = text_or_null(country);
        facts["offensive_programme"] = offensive(db, country);
        facts["strained_relation"] = strained(db, country);
        facts["compelled_cooperation"] = compelled(db, country);
        out.push_back(std::move(group));
    }
    return out;
}

}  // namespace herkomst
