#include "assess/simulate.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "assess/facts_table.h"
#include "assess/order_words.h"
#include "assess/rules.h"

namespace herkomst {

namespace {

bool names(const std::vector<std::string>& list, const std::string& what) {
    return !what.empty() && std::find(list.begin(), list.end(), what) != list.end();
}

// A party or country of an asset, and the answers to considerations 1 and 2 about it.
struct Role {
    const char *party, *country, *compelled, *offensive;
};
constexpr std::array roles = {
    Role{"maker", "control_country", "compelled_cooperation", "offensive_programme"},
    Role{"parent", "control_country", "compelled_cooperation", "offensive_programme"},
    Role{"module_maker", "module_country", "module_compelled_cooperation", "module_offensive_programme"},
    Role{"cloud_operator", "cloud_country", "cloud_compelled_cooperation", "cloud_offensive_programme"},
    Role{"", "maintenance_country", "", "maintenance_offensive_programme"},
    Role{"", "development_country", "", "development_offensive_programme"},
};

void cut_paths(Facts& facts) {
    facts["remote_blocked"] = 1;
    facts["internet_observed"] = 0;
    facts["remote_service"] = 0;
    for (const char* fact :
         {"control_path", "remote_service_by", "path_opened_by", "path_period", "cloud_operator", "cloud_host", "cloud_country",
          "cloud_offensive_programme", "cloud_compelled_cooperation", "cloud_lists"})
        facts.erase(fact);
}

void change(FactsRow& row, const WhatIf& what) {
    Facts& facts = row.facts;
    for (const Role& role : roles) {
        const bool meant = names(what.jurisdictions, text_of(facts, role.country)) ||
                           (*role.party != '\0' && names(what.vendors, text_of(facts, role.party)));
        if (!meant) continue;
        if (*role.compelled != '\0') facts[role.compelled] = 1;
        facts[role.offensive] = 1;
    }
    if (what.cut_all || names(what.cut_assets, row.asset) || names(what.cut_parties, text_of(facts, "maker")) ||
        names(what.cut_parties, text_of(facts, "parent")) || names(what.cut_parties, text_of(facts, "cloud_operator")))
        cut_paths(facts);
}

void change(Group& group, const WhatIf& what) {
    const bool party = group.kind == "vendor" || group.kind == "parent" || group.kind == "operator";
    if (names(what.jurisdictions, text_of(group.facts, "control_country")) || (party && names(what.vendors, group.key))) {
        group.facts["compelled_cooperation"] = 1;
        group.facts["offensive_programme"] = 1;
    }
}

// The rule's own words tell of an order that was given.
void suppose(Finding& finding, const VendorDb& db) {
    const auto key = finding.facts.find("order_key");
    if (key == finding.facts.end() || key->second.string() != supposed_order) return;
    finding.title = {"Verondersteld: een autoriteit weert deze leverancier of dit product",
                     "Supposed: an authority excludes this supplier or product"};
    const Facts facts(finding.facts.begin(), finding.facts.end());
    if (finding.verdict == Ruling::Question) {
        finding.because = {filled("een autoriteit weert {order_names}; of er apparaten van zijn, is dan vast te stellen. Er is "
                                  "geen besluit bekend.",
                                  "nl", "facts", facts, &db),
                           filled("an authority excludes {order_names}; whether there are devices of it must be found out "
                                  "then. No order is known.",
                                  "en", "facts", facts, &db)};
        return;
    }
    finding.because = {
        filled("Stel dat een autoriteit {order_names} weert: dat raakt {label} via {order_match}. Er is geen besluit bekend.",
               "nl", "facts", facts, &db),
        filled("Suppose an authority excluded {order_names}: that concerns {label} through {order_match}. No order is known.",
               "en", "facts", facts, &db)};
}

std::vector<Order> orders_of(const WhatIf& what, const PolicyPacks& packs, const VendorDb& db) {
    std::vector<Order> out = packs.orders();
    if (what.ordered_out.empty()) return out;
    // It has no number, no basis and no date: nobody is to take it for one.
    Order order;
    order.key = supposed_order;
    order.authority = "(supposed)";
    for (const std::string& slug : what.ordered_out) {
        const Vendor* vendor = db.vendor(slug);
        order.suppliers.push_back({slug, vendor == nullptr ? slug : vendor->name, true});
    }
    out.push_back(std::move(order));
    return out;
}

struct Outcome {
    std::vector<Group> groups;
    std::vector<Finding> findings;
};

std::uint64_t unknown_of(const Group& group) { return group.switchable_power_unknown + group.switchable_maybe; }

void compare_power(const Outcome& before, const Outcome& after, std::vector<Simulated::Power>& into) {
    std::map<std::pair<std::string, std::string>, std::pair<const Group*, const Group*>> groups;
    for (const Group& group : before.groups) groups[{group.kind, group.key}].first = &group;
    for (const Group& group : after.groups) groups[{group.kind, group.key}].second = &group;
    for (const auto& [key, pair] : groups) {
        const auto& [was, is] = pair;
        Simulated::Power power;
        power.kind = key.first;
        power.key = key.second;
        power.title = (is == nullptr ? was : is)->title;
        if (was != nullptr) {
            power.before = was->switchable_power;
            power.unknown_before = unknown_of(*was);
        }
        if (is != nullptr) {
            power.after = is->switchable_power;
            power.unknown_after = unknown_of(*is);
        }
        if (power.before != power.after || power.unknown_before != power.unknown_after) into.push_back(std::move(power));
    }
}

void compare_findings(Outcome& before, Outcome& after, std::vector<Simulated::Change>& into) {
    std::map<std::string, Finding*> was;
    for (Finding& finding : before.findings) was[finding.id] = &finding;
    const auto add = [&](const char* what, Finding& finding, Band from, Band to) {
        into.push_back({what, std::move(finding), from, to});
    };
    for (Finding& finding : after.findings) {
        const auto found = was.find(finding.id);
        const Finding* old = found == was.end() ? nullptr : found->second;
        const bool open = finding.verdict == Ruling::Open;
        const bool was_open = old != nullptr && old->verdict == Ruling::Open;
        const Band from = old == nullptr ? finding.band : old->band;
        const Band to = finding.band;
        const bool asked_before = old != nullptr && !was_open;
        if (old != nullptr) was.erase(found);
        if (open && !was_open) {
            add("opened", finding, from, to);
        } else if (open && from != to) {
            add("band", finding, from, to);
        } else if (!open && was_open) {
            add("closed", finding, from, to);
        } else if (!open && !asked_before) {
            add("asked", finding, from, to);
        }
    }
    for (auto& [id, finding] : was)
        add(finding->verdict == Ruling::Open ? "closed" : "not_asked", *finding, finding->band, finding->band);
    std::sort(into.begin(), into.end(), [](const Simulated::Change& a, const Simulated::Change& b) {
        constexpr std::array<std::string_view, 5> order = {"opened", "band", "closed", "asked", "not_asked"};
        const auto rank = [&](const Simulated::Change& c) {
            return std::find(order.begin(), order.end(), c.what) - order.begin();
        };
        if (rank(a) != rank(b)) return rank(a) < rank(b);
        if (a.after != b.after) return a.after > b.after;
        return std::tie(a.finding.rule, a.finding.subject) < std::tie(b.finding.rule, b.finding.subject);
    });
}

Texts vendor_called(const VendorDb& db, const std::string& slug) {
    const Vendor* vendor = db.vendor(slug);
    const std::string name = vendor == nullptr ? slug : vendor->name;
    return {name, name};
}

Texts country_called(const VendorDb& db, const std::string& code) {
    const Jurisdiction* country = db.jurisdiction(code);
    if (country == nullptr) return {code, code};
    const auto in = [&](const char* language) {
        const auto found = country->names.find(language);
        return found == country->names.end() ? code : found->second;
    };
    return {in("nl"), in("en")};
}

}  // namespace

std::vector<Supposition> suppositions(const WhatIf& what, const std::vector<FactsRow>& rows, const VendorDb& db) {
    std::vector<Supposition> out;
    const auto considered = [&](const Texts& called, const char* kind, const std::string& key, const std::string& option) {
        out.push_back({{fmt::format("overwegingen 1 en 2 zijn \"ja\" voor {}", called.nl),
                        fmt::format("considerations 1 and 2 are \"yes\" for {}", called.en)},
                       kind,
                       key,
                       option});
    };
    for (const std::string& code : what.jurisdictions)
        considered(country_called(db, code), "jurisdiction", code, "--jurisdiction " + code);
    for (const std::string& slug : what.vendors) considered(vendor_called(db, slug), "vendor", slug, "--vendor " + slug);
    for (const std::string& slug : what.ordered_out) {
        const std::string called = vendor_called(db, slug).en;
        out.push_back({{fmt::format("een autoriteit weert {}", called), fmt::format("an authority excludes {}", called)},
                       "order",
                       slug,
                       "--order " + slug});
    }
    const auto cut = [&](const Texts& of, const std::string& key) {
        out.push_back({{fmt::format("de wegen naar buiten van {} zijn aantoonbaar afgesloten", of.nl),
                        fmt::format("the ways out of {} are demonstrably cut off", of.en)},
                       "cut",
                       key,
                       "--cut " + key});
    };
    for (const std::string& key : what.cut_assets) {
        const auto row = std::find_if(rows.begin(), rows.end(), [&](const FactsRow& each) { return each.asset == key; });
        const std::string called = row == rows.end() ? key : text_of(*row, "label");
        cut({called, called}, key);
    }
    for (const std::string& slug : what.cut_parties) cut(vendor_called(db, slug), slug);
    if (what.cut_all) cut({"alle apparaten", "all devices"}, "all");
    return out;
}

Simulated simulate(std::vector<FactsRow> rows, const WhatIf& what, const VendorDb& db, const PolicyPacks& packs,
                   const AssessOptions& options) {
    Simulated out;
    Outcome before;
    apply_orders(rows, packs.orders(), db);
    before.groups = groups_of(rows, db, options);
    before.findings = judge(rows, before.groups, &db, packs);
    std::vector<FactsRow> changed = rows;
    for (FactsRow& row : changed) change(row, what);
    apply_orders(changed, orders_of(what, packs, db), db);
    for (std::size_t i = 0; i < rows.size(); ++i) out.rows_changed += rows[i].facts == changed[i].facts ? 0 : 1;
    Outcome after;
    after.groups = groups_of(changed, db, options);
    for (Group& group : after.groups) change(group, what);
    after.findings = judge(changed, after.groups, &db, packs);
    for (Finding& finding : after.findings) suppose(finding, db);
    compare_power(before, after, out.powers);
    compare_findings(before, after, out.changes);
    return out;
}

}  // namespace herkomst
