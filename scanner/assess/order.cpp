// Orders held against rows of facts.
#include "assess/order.h"

#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <memory>

#include "assess/assess.h"
#include "assess/order_words.h"
#include "core/text.h"

namespace herkomst {

namespace {

enum class Hit : std::uint8_t { No, Maybe, Yes };

class Matcher {
  public:
    explicit Matcher(const VendorDb& db) : db_(db) {}

    // A party by slug or name against what an order names.
    bool is(const Order::Supplier& named, const std::string& slug, const std::string& name) const {
        if (slug.empty() && name.empty()) return false;
        const std::string& wanted = slug_of(named);
        if (!wanted.empty() && wanted == slug) return true;
        return !name.empty() && folded(name) == folded(named.name);
    }
    // Whether the named party controls this one. An ownership that nobody sourced is a question, and so is a chain of which it
    // is not known who stands on top, unless both are controlled from countries that are known and differ.
    Hit owns(const Order::Supplier& named, const std::string& slug, const std::string& country) {
        if (!named.with_subsidiaries) return Hit::No;
        bool sourced = true;
        bool ends = false;
        if (!slug.empty()) {
            const Chain& chain = chain_of(slug);
            for (const ChainStep& step : chain.steps) {
                if (step.vendor == slug) continue;
                sourced = sourced && step.sourcing.counts();
                if (is(named, step.vendor, step.name)) return sourced ? Hit::Yes : Hit::Maybe;
            }
            ends = chain.end == ChainEnd::Top && chain.top.sourcing.counts();
        }
        if (sourced && ends) return Hit::No;
        const std::string theirs = country_of(named);
        return country.empty() || theirs.empty() || country == theirs ? Hit::Maybe : Hit::No;
    }
    // What of the asset the order means: "maker", "owner", ...
    struct Match {
        Hit hit = Hit::No;
        std::string as;
    };
    Match party(const Order::Supplier& named, const FactsRow& row) {
        const std::string& maker = text_of(row, "maker");
        const std::string& maker_name = text_of(row, "maker_name");
        if (is(named, maker, maker_name)) return {Hit::Yes, text_of(row, "kind") == "software" ? "program" : "maker"};
        Match best;
        const auto better = [&](Hit hit, const char* as) {
            if (hit > best.hit) best = {hit, as};
        };
        if (!maker.empty() || !maker_name.empty()) better(owns(named, maker, text_of(row, "control_country")), "owner");
        struct Part {
            const char *fact, *country, *called;
        };
        for (const Part& part :
             {Part{"module_maker", "module_country", "module"}, Part{"stack_maker", "stack_country", "program"},
              Part{"cloud_operator", "cloud_country", "cloud"}}) {
            const std::string& slug = text_of(row, part.fact);
            if (slug.empty()) continue;
            better(is(named, slug, "") ? Hit::Yes : owns(named, slug, text_of(row, part.country)), part.called);
        }
        return best;
    }
    bool matches(const std::string& pattern, const std::string& model) {
        auto& held = patterns_[pattern];
        if (held == nullptr) held = std::make_unique<re2::RE2>(pattern, re2::RE2::Quiet);
        return held->ok() && re2::RE2::FullMatch(model, *held);
    }

  private:
    const std::string& slug_of(const Order::Supplier& named) const {
        static const std::string none;
        if (!named.vendor.empty()) return named.vendor;
        const Vendor* vendor = db_.named(named.name);
        return vendor == nullptr ? none : vendor->slug;
    }
    const Chain& chain_of(const std::string& slug) {
        const auto [at, fresh] = chains_.try_emplace(slug);
        if (fresh) at->second = db_.chain(slug);
        return at->second;
    }
    std::string country_of(const Order::Supplier& named) {
        const std::string& slug = slug_of(named);
        if (slug.empty()) return {};
        const Chain& chain = chain_of(slug);
        return chain.contested || chain.status == ClaimStatus::Unverified ? std::string() : chain.country;
    }
    const VendorDb& db_;
    std::map<std::string, std::unique_ptr<re2::RE2>, std::less<>> patterns_;
    std::map<std::string, Chain, std::less<>> chains_;
};

struct Found {
    Hit hit = Hit::No;
    std::string match;
    std::string names;
};

Found held_against(Matcher& matcher, const Order& order, const FactsRow& row) {
    if (!order.sites.empty() && std::find(order.sites.begin(), order.sites.end(), text_of(row, "site")) == order.sites.end())
        return {};
    const std::string& category = text_of(row, "category");
    Hit best = Hit::Yes;
    if (!order.categories.empty()) {
        if (category.empty()) {
            best = Hit::Maybe;
        } else if (std::find(order.categories.begin(), order.categories.end(), category) == order.categories.end()) {
            return {};
        }
    }
    Found found;
    const auto better = [&](Hit hit, std::string match, const std::string& names) {
        hit = std::min(hit, best);
        if (hit > found.hit) found = {hit, std::move(match), names};
    };
    // Who made it is not known: then any order may mean it, unless it is plainly something else.
    const bool nobody = text_of(row, "maker").empty() && text_of(row, "maker_name").empty() && text_of(row, "kind") == "device";
    for (const Order::Supplier& supplier : order.suppliers) {
        if (Matcher::Match match = matcher.party(supplier, row); match.hit != Hit::No) {
            better(match.hit, std::move(match.as), supplier.name);
        } else if (nobody) {
            better(Hit::Maybe, {}, supplier.name);
        }
    }
    for (const Order::Product& product : order.products) {
        const Matcher::Match match = matcher.party(product.maker, row);
        const std::string& model = text_of(row, "model");
        const std::string names = product.maker.name + " " + product.model;
        if (match.hit == Hit::No) {
            if (nobody && (model.empty() || matcher.matches(product.model, model))) better(Hit::Maybe, {}, names);
        } else if (model.empty()) {
            better(Hit::Maybe, match.as, names);
        } else if (matcher.matches(product.model, model)) {
            better(match.hit, match.as, names);
        }
    }
    return found;
}

}  // namespace

void apply_orders(std::vector<FactsRow>& rows, const std::vector<Order>& orders, const VendorDb& db) {
    Matcher matcher(db);
    struct Meant {
        const Order* order;
        Found found;
    };
    std::vector<Meant> meant;
    for (FactsRow& row : rows) {
        meant.clear();
        for (const Order& order : orders) {
            Found found = held_against(matcher, order, row);
            if (found.hit != Hit::No) meant.push_back({&order, std::move(found)});
        }
        Facts& facts = row.facts;
        if (meant.empty()) {
            facts["ordered_out"] = 0;
            continue;
        }
        // Several orders: the one with the earliest deadline is the one to act on, the others are named beside it.
        std::stable_sort(meant.begin(), meant.end(), [](const Meant& a, const Meant& b) {
            if (a.found.hit != b.found.hit) return a.found.hit > b.found.hit;
            // One that is only supposed has no deadline.
            return std::pair(a.order->deadline.empty(), a.order->deadline) <
                   std::pair(b.order->deadline.empty(), b.order->deadline);
        });
        const Order& of = *meant.front().order;
        const Found& best = meant.front().found;
        if (best.hit == Hit::Yes) {
            facts["ordered_out"] = 1;
            if (const auto maker = row.evidence.find("maker"); maker != row.evidence.end()) {
                const std::vector<Evidence> from = maker->second;
                row.evidence["ordered_out"] = from;
            }
        } else {
            facts.erase("ordered_out");
        }
        std::string others;
        for (std::size_t i = 1; i < meant.size(); ++i) {
            const Order& other = *meant[i].order;
            const bool surely = meant[i].found.hit == Hit::Yes;
            others.append(others.empty() ? "" : "; ").append(surely ? "" : possibly_ordered);
            others += order_text(other.key, other.legal_basis, other.deadline);
        }
        for (const auto& [fact, value] : {std::pair{"order_key", &of.key},
                                          {"order_authority", &of.authority},
                                          {"order_basis", &of.legal_basis},
                                          {"order_deadline", &of.deadline},
                                          {"order_issued", &of.issued}}) {
            if (!value->empty()) facts[fact] = *value;
        }
        facts["order_names"] = best.names;
        facts["order_others"] = others.empty() ? "none" : others;
        facts["order_signed"] = of.is_signed ? 1 : 0;
        if (!best.match.empty()) facts["order_match"] = best.match;
    }
}

}  // namespace herkomst
