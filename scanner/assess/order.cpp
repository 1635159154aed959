// Orders held against rows of facts.
#include "assess/order.h"

#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>

#include "assess/assess.h"
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
    bool owns(const Order::Supplier& named, const std::string& slug) const {
        if (slug.empty() || !named.with_subsidiaries) return false;
        const Chain chain = db_.chain(slug);
        return std::any_of(chain.steps.begin(), chain.steps.end(),
                           [&](const ChainStep& step) { return step.vendor != slug && is(named, step.vendor, step.name); });
    }
    // What of the asset the order means: "maker", "owner", ...; empty: nothing.
    std::string party(const Order::Supplier& named, const FactsRow& row) const {
        const std::string& maker = text_of(row, "maker");
        if (is(named, maker, text_of(row, "maker_name"))) return text_of(row, "kind") == "software" ? "program" : "maker";
        if (owns(named, maker)) return "owner";
        for (const auto& [fact, called] :
             {std::pair{"module_maker", "module"}, {"stack_maker", "program"}, {"cloud_operator", "cloud"}}) {
            const std::string& slug = text_of(row, fact);
            if (is(named, slug, "") || owns(named, slug)) return called;
        }
        return {};
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
    const VendorDb& db_;
    std::map<std::string, std::unique_ptr<re2::RE2>, std::less<>> patterns_;
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
        if (std::string match = matcher.party(supplier, row); !match.empty()) {
            better(Hit::Yes, std::move(match), supplier.name);
        } else if (nobody) {
            better(Hit::Maybe, {}, supplier.name);
        }
    }
    for (const Order::Product& product : order.products) {
        const std::string match = matcher.party(product.maker, row);
        const std::string& model = text_of(row, "model");
        const std::string names = product.maker.name + " " + product.model;
        if (match.empty()) {
            if (nobody && (model.empty() || matcher.matches(product.model, model))) better(Hit::Maybe, {}, names);
        } else if (model.empty()) {
            better(Hit::Maybe, {}, names);
        } else if (matcher.matches(product.model, model)) {
            better(Hit::Yes, match, names);
        }
    }
    return found;
}

}  // namespace

void apply_orders(std::vector<FactsRow>& rows, const std::vector<Order>& orders, const VendorDb& db) {
    Matcher matcher(db);
    for (FactsRow& row : rows) {
        const Order* of = nullptr;
        Found best;
        for (const Order& order : orders) {
            Found found = held_against(matcher, order, row);
            // Several orders: the one with the earliest deadline is the one to act on.
            if (found.hit < best.hit || (found.hit == best.hit && of != nullptr && order.deadline >= of->deadline)) continue;
            if (found.hit == Hit::No) continue;
            best = std::move(found);
            of = &order;
        }
        Facts& facts = row.facts;
        if (of == nullptr) {
            facts["ordered_out"] = 0;
            continue;
        }
        if (best.hit == Hit::Yes) {
            facts["ordered_out"] = 1;
            facts["order_match"] = best.match;
            if (const auto maker = row.evidence.find("maker"); maker != row.evidence.end()) {
                const std::vector<Evidence> from = maker->second;
                row.evidence["ordered_out"] = from;
            }
        } else {
            facts.erase("ordered_out");
        }
        facts["order_key"] = of->key;
        facts["order_authority"] = of->authority;
        facts["order_basis"] = of->legal_basis;
        facts["order_deadline"] = of->deadline;
        facts["order_names"] = best.names;
        facts["order_signed"] = of->is_signed ? 1 : 0;
    }
}

}  // namespace herkomst
