#include "identity/services.h"

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>
#include <utility>

#include "core/text.h"
#include "identity/paths.h"
#include "vendordb/vendordb.h"

namespace herkomst {

namespace {

constexpr std::string_view evidence = "service.name";
// What these send is mostly others'.
constexpr auto passing_on = std::to_array<std::string_view>({"access_point", "firewall", "router"});

std::optional<FingerprintHit> service_hit(std::string_view host, const VendorDb& db) {
    std::string name = lower(host);
    while (name.ends_with('.')) name.pop_back();
    if (name.empty()) return std::nullopt;
    return db.fingerprint(evidence, name);
}

std::string value_of(const FingerprintHit& hit, Field field) {
    for (const auto& [said, value] : hit.claims) {
        if (said == field) return value;
    }
    return {};
}

const Asset* asset_of(const Identified& identified, const std::string& key) {
    const auto at = std::lower_bound(identified.assets.begin(), identified.assets.end(), key,
                                     [](const Asset& asset, const std::string& of) { return asset.key < of; });
    return at == identified.assets.end() || at->key != key ? nullptr : &*at;
}

bool passes_on(const Asset& asset) {
    const Belief* function = asset.belief(Field::function);
    if (function == nullptr || function->contested) return false;
    return std::find(passing_on.begin(), passing_on.end(), function->value) != passing_on.end();
}

Claim service_claim(const Conversation& row, const FingerprintHit& hit) {
    // "services/update.example.com (verified: Example, Page, 2026-01-02, https://...)"
    const std::string_view known = std::string_view(hit.fingerprint).substr(hit.fingerprint.find('/') + 1);
    const std::size_t blank = std::min(known.find(' '), known.size());
    Claim claim;
    claim.method = "service:" + std::string(known.substr(0, blank));
    claim.because = "conversation with " + row.b_name + std::string(known.substr(blank));
    claim.from = row.b_name_from;
    claim.seen = row.seen;
    claim.subject = row.a;
    return claim;
}

}  // namespace

bool is_service_name(std::string_view host, const VendorDb& db) { return service_hit(host, db).has_value(); }

std::map<std::string, std::vector<ServiceAsked>> services_asked(const Identified& identified, const VendorDb& db) {
    using Key = std::tuple<std::string, std::string, std::string>;                      // asset, maker, product
    std::map<Key, std::map<std::pair<std::string, std::string>, Claim>> conversations;  // by method and because
    std::map<Key, FingerprintHit> hits;
    for (const Conversation& row : identified.conversations) {
        if (row.b_name.empty()) continue;
        const std::optional<FingerprintHit> hit = service_hit(row.b_name, db);
        if (!hit) continue;
        const Vendor* vendor = db.named(value_of(*hit, Field::stack_maker));
        const std::string product = value_of(*hit, Field::product);
        const std::string key = asset_key_at(identified, row.a);
        const Asset* asset = key.empty() ? nullptr : asset_of(identified, key);
        if (vendor == nullptr || product.empty() || asset == nullptr || passes_on(*asset)) continue;
        const Key of(key, vendor->slug, product);
        hits.try_emplace(of, *hit);
        Claim claim = service_claim(row, *hit);
        auto& said = conversations[of];
        const auto [at, fresh] = said.try_emplace({claim.method, claim.because}, claim);
        if (fresh) continue;
        Claim& into = at->second;
        into.from = into.from.source.empty() || (!claim.from.source.empty() && claim.from < into.from) ? claim.from : into.from;
        into.subject = std::min(into.subject, claim.subject);
        into.seen.first = std::min(into.seen.first, claim.seen.first);
        into.seen.last = std::max(into.seen.last, claim.seen.last);
        into.seen.count += claim.seen.count;
    }
    std::map<std::string, std::vector<ServiceAsked>> out;
    for (const auto& [key, said] : conversations) {
        const auto& [asset, slug, product] = key;
        const Vendor* vendor = db.vendor(slug);
        ServiceAsked asked{slug, product, {}};
        for (const auto& [place, rests_on] : said) {
            const auto add = [&](Field field, const std::string& value, const std::string& whose, Strength strength) {
                if (value.empty()) return;
                Claim claim = rests_on;
                claim.field = field;
                claim.value = value;
                claim.vendor = whose;
                claim.strength = strength;
                asked.claims.push_back(std::move(claim));
            };
            add(Field::product, product, {}, Strength::Hinted);
            add(Field::stack_maker, vendor->name, slug, Strength::Matched);
            add(Field::category, value_of(hits.at(key), Field::category), {}, Strength::Matched);
        }
        out[asset].push_back(std::move(asked));
    }
    return out;
}

}  // namespace herkomst
