// Sums over rows of facts: per supplier, ultimate parent, cloud operator, jurisdiction and site; and what people answered,
// folded over the members.
//
// What is not known is not counted as nothing: of every sum there is what is certain, and the whole, which stays unknown while
// any part of it is.
#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "assess/assess.h"
#include "assess/facts_table.h"
#include "assess/group_sums.h"
#include "assess/rated_power.h"
#include "assess/supply.h"

namespace herkomst {

namespace {

bool is(const FactsRow& row, std::string_view fact, std::int64_t value) {
    const Json& held = fact_of(row, fact);
    return held.is_integer() && held.integer() == value;
}

// Watts that are there whoever is right.
std::int64_t known_at_least(const FactsRow& row) {
    const Json& rating = fact_of(row, "rated_power");
    return rating.is_integer() ? rating.integer() : fact_of(row, "rated_power_low").integer();
}

// Columns that a group takes over from its members.
constexpr std::array<std::string_view, 21> folded_flags = {"remote_blocked",    "extensive_access",      "controls_sufficient",
                                                           "fallback",          "fallback_tested",       "alternative_supplier",
                                                           "works_offline",     "session_released",      "egress_blocked",
                                                           "monitored",         "updates_released",      "passwords_changed",
                                                           "security_updates",  "red_declaration",       "cra_declaration",
                                                           "contract_access",   "contract_notification", "contract_exit",
                                                           "supplier_reviewed", "satellite_dependence",  "eu_funded"};

// No, when any says no; yes, when all say yes; else unknown.
class FoldedFlag {
  public:
    void add(const Json& value) {
        if (!value.is_integer()) {
            unknown_ = true;
        } else if (value.integer() == 0) {
            no_ = true;
        }
        any_ = true;
    }
    [[nodiscard]] Json value() const { return no_ ? Json(0) : unknown_ || !any_ ? Json() : Json(1); }

  private:
    bool any_ = false, no_ = false, unknown_ = false;
};
// For "does any of them have it": yes, when any says yes; no, when all say no.
class FoldedAny {
  public:
    void add(const Json& value) {
        if (!value.is_integer()) {
            unknown_ = true;
        } else if (value.integer() != 0) {
            yes_ = true;
        }
    }
    [[nodiscard]] Json value() const { return yes_ ? Json(1) : unknown_ ? Json() : Json(0); }

  private:
    bool yes_ = false, unknown_ = false;
};
class Agreed {
  public:
    void add(const Json& value) {
        if (value.is_null()) return;
        if (value_.is_null()) value_ = value;
        if (!(value_ == value)) differ_ = true;
    }
    [[nodiscard]] Json value() const { return differ_ ? Json() : value_; }

  private:
    Json value_;
    bool differ_ = false;
};

struct Sums {
    Group group;
    std::int64_t documented = 0, exposed = 0, observed = 0, blocked = 0;
    std::int64_t contested_low = 0, contested_high = 0, uncategorised = 0, uncategorised_power = 0;
    bool open = false, switchable_open = false;  // contested ratings that nothing settles are among them
    std::int64_t contested = 0, critical = 0, internet = 0, remote_service = 0, maker_unknown = 0, unidentified = 0;
    // Over all members, and over those that make, store or draw power: where there are any, it is they that are asked about.
    std::array<FoldedFlag, folded_flags.size()> flags;
    std::array<FoldedFlag, folded_flags.size()> power_flags;
    FoldedAny radio;
    Agreed replace_months, portfolio_power, satellite_country;
    Agreed country, offensive, strained, compelled, state, country_lists, maker_lists;

    void count(const FactsRow& row);
    void power(const FactsRow& row);
};

void Sums::count(const FactsRow& row) {
    ++group.assets;
    group.members.push_back(row.asset);
    const bool has_power = counts_as_power(row.facts);
    for (std::size_t i = 0; i < folded_flags.size(); ++i) {
        const Json& answer = fact_of(row, folded_flags[i]);
        flags[i].add(answer);
        if (has_power) power_flags[i].add(answer);
    }
    radio.add(fact_of(row, "radio_equipment"));
    for (const auto& [into, fact] : {std::pair{&replace_months, "replace_months"},
                                     {&portfolio_power, "portfolio_power"},
                                     {&satellite_country, "satellite_country"},
                                     {&country, "control_country"},
                                     {&offensive, "offensive_programme"},
                                     {&strained, "strained_relation"},
                                     {&compelled, "compelled_cooperation"},
                                     {&state, "state_control"},
                                     {&country_lists, "country_lists"},
                                     {&maker_lists, "maker_lists"}})
        into->add(fact_of(row, fact));
    critical += is(row, "critical_part", 1) ? 1 : 0;
    internet += is(row, "internet_observed", 1) ? 1 : 0;
    remote_service += is(row, "remote_service", 1) ? 1 : 0;
    if (is(row, "plant_protocol", 1) && fact_of(row, "kind").string() == "device") {
        maker_unknown += fact_of(row, "maker_name").is_null() && !is(row, "maker_contested", 1) ? 1 : 0;
        unidentified += fact_of(row, "category").is_null() ? 1 : 0;
    }
    if (has_power) power(row);
}

void Sums::power(const FactsRow& row) {
    ++group.power_assets;
    const Json& rating = fact_of(row, "rated_power");
    const bool is_contested = is(row, "rated_power_contested", 1);
    const bool unsettled = is_contested && !rating.is_integer();
    const std::int64_t watts = known_at_least(row);
    group.rated_power += watts;
    if (!rating.is_integer() && !unsettled) ++group.rated_power_unknown;
    open = open || unsettled;
    if (is_contested) {
        ++contested;
        contested_low += fact_of(row, "rated_power_low").integer();
        contested_high += fact_of(row, "rated_power_high").integer();
    }
    if (fact_of(row, "power_device").is_null()) {
        ++uncategorised;
        uncategorised_power += watts;
    }
    if (is(row, "remote_blocked", 1)) {
        blocked += watts;
        return;
    }
    const bool is_documented = is(row, "remote_documented", 1);
    const bool is_exposed = is(row, "remote_exposed", 1);
    const bool is_observed = is(row, "remote_observed", 1);
    documented += is_documented ? watts : 0;
    exposed += is_exposed ? watts : 0;
    observed += is_observed ? watts : 0;
    const bool never = is(row, "remote_documented", 0) && is(row, "remote_exposed", 0) && is(row, "remote_observed", 0);
    if (is_documented || is_exposed || is_observed) {
        ++group.switchable_assets;
        group.switchable_power += watts;
        if (!rating.is_integer() && !unsettled) ++group.switchable_power_unknown;
        switchable_open = switchable_open || unsettled;
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
    if (group.kind == "site") return group.key.empty() ? Texts{"deze locatie", "this site"} : Texts{group.key, group.key};
    if (group.kind == "jurisdiction") return country_title(db, group.key);
    const Vendor* vendor = db.vendor(group.key);
    const std::string called = vendor != nullptr ? vendor->name : group.key;
    return {called, called};
}

// The site as a whole, for the shares in it.
struct Whole {
    std::uint64_t power_assets = 0;
    std::uint64_t of_nobody = 0;  // power devices without a maker
    std::int64_t rated_power = 0;
    std::uint64_t unknown = 0;  // power devices without a rating, or with one that is contested and not settled
};

void put_shares(Facts& facts, const Group& group, const Whole& whole, const Json& portfolio) {
    const Json& switchable = facts["switchable_power"];
    facts["site_rated_power_at_least"] = whole.rated_power;
    if (whole.unknown == 0) facts["site_rated_power"] = whole.rated_power;
    facts["site_share_at_least"] = 0;
    if (whole.unknown == 0 && whole.rated_power > 0) {
        facts["site_share_at_least"] = 100 * group.switchable_power / whole.rated_power;
        if (switchable.is_integer()) facts["site_share"] = 100 * switchable.integer() / whole.rated_power;
    } else if (whole.power_assets == 0) {
        facts["site_share"] = 0;  // nothing that makes, stores or draws power: no share of it
    }
    facts["portfolio_share_at_least"] = 0;
    if (portfolio.is_integer() && portfolio.integer() > 0) {
        facts["portfolio_power"] = portfolio;
        facts["portfolio_share_at_least"] = 100 * group.switchable_power / portfolio.integer();
        if (switchable.is_integer()) facts["portfolio_share"] = 100 * switchable.integer() / portfolio.integer();
    } else if (whole.power_assets == 0) {
        facts["portfolio_share"] = 0;
    }
    const bool vendor = group.kind == "vendor" || group.kind == "parent";
    const std::uint64_t share =
        vendor && whole.power_assets > 0 ? 100 * group.power_assets / whole.power_assets : std::uint64_t{0};
    facts["power_assets_share_at_least"] = share;
    // A share is about one vendor: for other kinds it is not unknown, it is none.
    if (!vendor || whole.of_nobody == 0) facts["power_assets_share"] = share;
}

void put_party(Facts& facts, const Sums& sums, Supply& supply) {
    const Group& group = sums.group;
    // The site has no jurisdiction of its own.
    if (group.kind == "site") return;
    std::string country = group.key;
    if (group.kind != "jurisdiction") {
        const PartyOrigin& party = supply.party(group.key);
        country = party.country;
        facts["maker_lists"] = supply.db().vendor(group.key) == nullptr ? Json() : Json(party.lists);
        facts["state_control"] = flag_or_null(party.state_control);
    }
    const bool of_members = group.kind == "vendor";
    if (country.empty() && of_members) country = sums.country.value().string();
    facts["control_country"] = text_or_null(country);
    const CountryOrigin& place = supply.place(country);
    facts["offensive_programme"] = place.offensive;
    facts["strained_relation"] = place.strained;
    facts["compelled_cooperation"] = place.compelled;
    if (!country.empty()) facts["country_lists"] = place.lists;
    if (group.kind != "vendor" && group.kind != "jurisdiction") return;
    // What people answered about the supplier or its country stands in the rows.
    for (const auto& [fact, value] : {std::pair{"offensive_programme", &sums.offensive},
                                      {"strained_relation", &sums.strained},
                                      {"compelled_cooperation", &sums.compelled},
                                      {"state_control", &sums.state}}) {
        if (facts[fact].is_null() && (of_members || std::string_view(fact) != "state_control")) facts[fact] = value->value();
    }
}

void put_facts(Sums& sums, const Whole& whole, Supply& supply) {
    Group& group = sums.group;
    Facts& facts = group.facts;
    facts["kind"] = group.kind;
    facts["key"] = group.key;
    facts["label"] = group.title.en;
    facts["assets"] = group.assets;
    facts["power_assets"] = group.power_assets;
    facts["critical_assets"] = sums.critical;
    facts["rated_power_at_least"] = group.rated_power;
    if (group.rated_power_unknown == 0 && !sums.open) facts["rated_power"] = group.rated_power;
    facts["power_unknown_assets"] = group.rated_power_unknown;
    facts["power_contested_assets"] = sums.contested;
    facts["contested_power_low"] = sums.contested_low;
    facts["contested_power_high"] = sums.contested_high;
    facts["power_uncategorised_assets"] = sums.uncategorised;
    facts["uncategorised_power"] = sums.uncategorised_power;
    facts["switchable_assets"] = group.switchable_assets;
    facts["switchable_maybe_assets"] = group.switchable_maybe;
    facts["switchable_power_at_least"] = group.switchable_power;
    if (group.switchable_power_unknown == 0 && group.switchable_maybe == 0 && !sums.switchable_open)
        facts["switchable_power"] = group.switchable_power;
    facts["documented_power_at_least"] = sums.documented;
    facts["exposed_power_at_least"] = sums.exposed;
    facts["observed_power_at_least"] = sums.observed;
    facts["blocked_power_at_least"] = sums.blocked;
    facts["maker_unknown_assets"] = sums.maker_unknown;
    facts["unidentified_assets"] = sums.unidentified;
    facts["internet_assets"] = sums.internet;
    facts["remote_service_assets"] = sums.remote_service;
    const auto& flags = group.power_assets > 0 ? sums.power_flags : sums.flags;
    for (std::size_t i = 0; i < folded_flags.size(); ++i) facts[std::string(folded_flags[i])] = flags[i].value();
    facts["radio_equipment"] = sums.radio.value();
    facts["replace_months"] = sums.replace_months.value();
    facts["satellite_country"] = sums.satellite_country.value();
    put_shares(facts, group, whole, sums.portfolio_power.value());
    put_party(facts, sums, supply);
    std::erase_if(facts, [](const auto& fact) { return fact.second.is_null(); });
}

}  // namespace

struct GroupSums::Held {
    Held(const VendorDb& vendors, std::string all_at) : db(vendors), supply(vendors), site(std::move(all_at)) {}
    const VendorDb& db;
    Supply supply;
    std::string site;
    std::map<std::pair<std::string, std::string>, Sums> groups;
    std::set<std::string> parents;  // above somebody
    Whole whole;

    void into(const char* kind, const std::string& key, const FactsRow& row) {
        Sums& sums = groups[{kind, key}];
        sums.group.kind = kind;
        sums.group.key = key;
        sums.count(row);
    }
};

GroupSums::GroupSums(const VendorDb& db, std::string site) : held_(std::make_unique<Held>(db, std::move(site))) {}
GroupSums::~GroupSums() = default;

void GroupSums::add(const FactsRow& row) {
    Held& held = *held_;
    const std::string& maker = fact_of(row, "maker").string();
    const std::string& parent = fact_of(row, "parent").string();
    if (!parent.empty() && parent != maker) held.parents.insert(parent);
    // Sums are about devices; a program is on one of them.
    if (fact_of(row, "kind").string() == "software") return;
    if (!maker.empty()) held.into("vendor", maker, row);
    if (!parent.empty()) held.into("parent", parent, row);
    if (const std::string& who = fact_of(row, "cloud_operator").string(); !who.empty()) held.into("operator", who, row);
    if (const std::string& country = fact_of(row, "control_country").string(); !country.empty())
        held.into("jurisdiction", country, row);
    held.into("site", held.site.empty() ? fact_of(row, "site").string() : held.site, row);
    if (!counts_as_power(row.facts)) return;
    ++held.whole.power_assets;
    if (fact_of(row, "maker").is_null()) ++held.whole.of_nobody;
    held.whole.rated_power += known_at_least(row);
    if (!fact_of(row, "rated_power").is_integer()) ++held.whole.unknown;
}

std::vector<Group> GroupSums::groups() {
    Held& held = *held_;
    std::vector<Group> out;
    out.reserve(held.groups.size());
    for (auto& [name, sums] : held.groups) {
        // A parent is a group where it stands above somebody.
        if (name.first == "parent" && !held.parents.contains(name.second)) continue;
        sums.group.title = title_of(sums.group, held.db);
        std::sort(sums.group.members.begin(), sums.group.members.end());
        put_facts(sums, held.whole, held.supply);
        out.push_back(std::move(sums.group));
    }
    held.groups.clear();
    return out;
}

std::vector<Group> groups_of(const std::vector<FactsRow>& rows, const VendorDb& db, const AssessOptions& options) {
    GroupSums sums(db, options.site);
    for (const FactsRow& row : rows) sums.add(row);
    return sums.groups();
}

}  // namespace herkomst
