#include "assess/supply.h"

#include <algorithm>
#include <array>
#include <functional>
#include <set>

#include "assess/assess.h"
#include "assess/facts_table.h"
#include "assess/rated_power.h"
#include "core/power.h"
#include "core/text.h"

namespace herkomst {

namespace {

enum class WhenAbsent : std::uint8_t { No, Unknown };

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

// Lists have few lines, assets are many: which lists name a company.
std::string lists_where(const VendorDb& db, const std::function<bool(const VendorList&)>& names) {
    std::string out = " ";
    for (const VendorList& list : db.lists()) {
        if (names(list)) out += list.key + " ";
    }
    return out;
}

std::set<std::string> controllers(const Chain& chain, const std::string& slug) {
    std::set<std::string> out{slug};
    for (const ChainStep& step : chain.steps) {
        if (step.vendor == slug) continue;
        // Who stands above an owner that nobody sourced is no owner of it by any source either.
        if (!step.sourcing.counts()) break;
        if (!step.vendor.empty()) out.insert(step.vendor);
    }
    return out;
}

std::optional<bool> state_controlled(const VendorDb& db, const Chain& chain) {
    bool all_no = true;
    for (const ChainStep& step : chain.steps) {
        if (step.relation != "brand" && !step.sourcing.counts()) return std::nullopt;
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

bool names_company(const VendorList& list, const std::set<std::string>& companies) {
    return std::any_of(list.entries.begin(), list.entries.end(), [&](const ListEntry& entry) {
        return entry.sourcing.counts() && !entry.vendor.empty() && companies.contains(entry.vendor);
    });
}

bool names_country(const VendorList& list, const std::string& country) {
    return std::any_of(list.countries.begin(), list.countries.end(),
                       [&](const ListCountry& entry) { return entry.sourcing.counts() && entry.country == country; });
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
        if (!capability.categories.empty() &&
            std::find(capability.categories.begin(), capability.categories.end(), category) == capability.categories.end())
            continue;
        const std::string& what = capability.capability;
        // The fact is about the maker; what an installer can do is no claim about who made the device.
        if (what == "firmware_push" && capability.party == "maker") out.firmware = true;
        if (what != "remote_on_off" && what != "remote_setpoint" && what != "self_disable") continue;
        out.control = true;
        if (distance(capability.party) > distance(out.party)) out.party = capability.party;
    }
    return out;
}

void fill(Facts& facts, std::string_view fact, Json value) {
    if (value.is_null()) return;
    Json& held = facts[std::string(fact)];
    if (held.is_null()) held = std::move(value);
}

bool known(const Facts& facts, std::string_view fact) {
    const auto found = facts.find(fact);
    return found != facts.end() && !found->second.is_null();
}

// A party that a person named instead of giving its slug.
std::string slug_named(Facts& facts, const char* fact, const VendorDb& db) {
    const std::string said = text_of(facts, fact);
    if (said.empty() || db.vendor(said) != nullptr) return said;
    const Vendor* vendor = db.named(said);
    if (vendor == nullptr) return {};
    facts[fact] = vendor->slug;
    return vendor->slug;
}

}  // namespace

bool is_power_category(std::string_view category) {
    static constexpr std::array<std::string_view, 14> categories = {
        "battery", "charge_controller", "ems",       "ev_charger",     "genset",     "heat_pump",    "hybrid_inverter",
        "hvac",    "microinverter",     "optimizer", "solar_inverter", "switchgear", "wind_turbine", "smart_plug"};
    return std::find(categories.begin(), categories.end(), category) != categories.end();
}

const PartyOrigin& Supply::party(const std::string& slug) {
    const auto [at, fresh] = parties_.try_emplace(slug);
    PartyOrigin& out = at->second;
    if (!fresh || slug.empty()) return out;
    const Chain chain = db_.chain(slug);
    const bool ends = chain.end == ChainEnd::Top || chain.end == ChainEnd::NoFile;
    const bool sourced = std::all_of(chain.steps.begin(), chain.steps.end(),
                                     [](const ChainStep& step) { return step.relation == "brand" || step.sourcing.counts(); });
    if (ends && sourced && !chain.steps.empty()) {
        const ChainStep& last = chain.steps.back();
        out.top = last.vendor.empty() ? last.name : last.vendor;
    }
    if (chain.contested) {
        out.status = "contested";
    } else if (chain.country.empty()) {
        out.status = "none";
    } else if (chain.status == ClaimStatus::Unverified) {
        out.status = "unverified";
    } else {
        out.country = chain.country;
        out.status = name(chain.status);
    }
    out.state_control = state_controlled(db_, chain);
    const std::set<std::string> companies = controllers(chain, slug);
    out.lists = lists_where(db_, [&](const VendorList& list) { return names_company(list, companies); });
    out.lists_any = lists_where(db_, [&](const VendorList& list) {
        return names_company(list, companies) || (!out.country.empty() && names_country(list, out.country));
    });
    std::set<std::string> builders;
    if (const Vendor* vendor = db_.vendor(slug); vendor != nullptr) {
        for (const OemRelation& relation : vendor->oem) {
            if (relation.relation == "made_by" && relation.sourcing.counts())
                builders.merge(controllers(db_.chain(relation.vendor), relation.vendor));
        }
    }
    out.lists_builder = lists_where(db_, [&](const VendorList& list) { return names_company(list, builders); });
    return out;
}

const CountryOrigin& Supply::place(const std::string& country) {
    const auto [at, fresh] = places_.try_emplace(country);
    CountryOrigin& out = at->second;
    if (!fresh || country.empty()) return out;
    out.offensive = flag_or_null(claimed(db_, country, "offensive_programme", WhenAbsent::No));
    out.strained = flag_or_null(claimed(db_, country, "strained_relation", WhenAbsent::No));
    // That no law was found does not show that there is none.
    out.compelled = flag_or_null(claimed(db_, country, "compelled_cooperation", WhenAbsent::Unknown));
    out.lists = lists_where(db_, [&](const VendorList& list) { return names_country(list, country); });
    return out;
}

void complete(FactsRow& row, const VendorDb& db) {
    Supply supply(db);
    complete(row, supply);
}

void complete(FactsRow& row, Supply& supply) {
    const VendorDb& db = supply.db();
    Facts& facts = row.facts;
    const std::string maker = slug_named(facts, "maker", db);
    if (maker.empty() && !text_of(facts, "maker").empty()) {
        // A name that vendordb does not know is a name, no slug.
        fill(facts, "maker_name", Json(text_of(facts, "maker")));
        facts.erase("maker");
    }
    const Vendor* vendor = maker.empty() ? nullptr : db.vendor(maker);
    if (vendor != nullptr) {
        fill(facts, "maker_name", Json(vendor->name));
        const PartyOrigin& party = supply.party(maker);
        fill(facts, "maker_lists", Json(party.lists));
        fill(facts, "oem_lists", Json(party.lists_builder));
        fill(facts, "control_country", text_or_null(party.country));
        fill(facts, "control_status", text_or_null(party.status));
        fill(facts, "parent", text_or_null(party.top));
        fill(facts, "state_control", flag_or_null(party.state_control));
    }
    if (const std::string country = text_of(facts, "control_country"); !country.empty()) {
        const CountryOrigin& place = supply.place(country);
        fill(facts, "offensive_programme", place.offensive);
        fill(facts, "strained_relation", place.strained);
        fill(facts, "compelled_cooperation", place.compelled);
        fill(facts, "country_lists", Json(place.lists));
    }
    struct Columns {
        const char *slug, *country, *offensive, *compelled, *lists;
    };
    for (const Columns& party :
         {Columns{"module_maker", "module_country", "module_offensive_programme", "module_compelled_cooperation",
                  "module_lists"},
          Columns{"stack_maker", "stack_country", nullptr, nullptr, "stack_lists"},
          Columns{"cloud_operator", "cloud_country", "cloud_offensive_programme", "cloud_compelled_cooperation", "cloud_lists"},
          Columns{"satellite_operator", "satellite_country", nullptr, nullptr, nullptr}}) {
        const std::string slug = slug_named(facts, party.slug, db);
        if (!slug.empty()) {
            const PartyOrigin& who = supply.party(slug);
            fill(facts, party.country, text_or_null(who.country));
            if (party.lists != nullptr) fill(facts, party.lists, Json(who.lists_any));
        }
        const std::string country = text_of(facts, party.country);
        if (country.empty() || party.offensive == nullptr) continue;
        fill(facts, party.offensive, supply.place(country).offensive);
        fill(facts, party.compelled, supply.place(country).compelled);
    }
    if (const std::string country = text_of(facts, "maintenance_country"); !country.empty()) {
        fill(facts, "maintenance_lists", Json(supply.place(country).lists));
        fill(facts, "maintenance_offensive_programme", supply.place(country).offensive);
    }
    if (const std::string country = text_of(facts, "development_country"); !country.empty())
        fill(facts, "development_offensive_programme", supply.place(country).offensive);

    const std::string model = text_of(facts, "model");
    if (vendor != nullptr && !model.empty()) {
        if (const auto product = db.product(maker, model)) {
            if (product->product != nullptr) fill(facts, "category", text_or_null(product->product->category));
            if (const std::optional<std::int64_t> power = watts(product->rated_power)) {
                put_product_power(facts, *power, product->product != nullptr && product->product->watts_per_unit == 0);
            }
        }
    }
    settle_rated_power(facts);
    if (const std::string category = text_of(facts, "category"); !category.empty())
        fill(facts, "power_device", Json(is_power_category(category) ? 1 : 0));
    const Documented documented = documented_by(vendor, text_of(facts, "category"));
    if (documented.control) facts["remote_documented"] = 1;
    if (documented.firmware) facts["firmware_push_documented"] = 1;
    fill(facts, "remote_party", text_or_null(documented.party));
    if (known(facts, "cellular") && facts["cellular"].integer() == 1) fill(facts, "radio_equipment", Json(1));
    // Unknown is the same as absent, and most facts of most assets are unknown.
    std::erase_if(facts, [](const auto& fact) { return fact.second.is_null(); });
}

}  // namespace herkomst
