// What is looked up in the loaded data: sorted arrays, the suffix trie, the cache, and the places of vendors.
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "vendordb/loaded.h"

namespace herkomst {

std::optional<std::uint32_t> Numbers::find(std::uint64_t number) const {
    const auto at = std::lower_bound(numbers.begin(), numbers.end(), number);
    if (at == numbers.end() || *at != number) return std::nullopt;
    return holders[static_cast<std::size_t>(at - numbers.begin())];
}

std::optional<std::uint32_t> Texts32::find(std::string_view text) const {
    const auto at =
        std::lower_bound(rows.begin(), rows.end(), text, [](const auto& row, std::string_view t) { return row.first < t; });
    if (at == rows.end() || at->first != text) return std::nullopt;
    return at->second;
}

void SuffixTrie::add(std::string_view suffix, Place place) {
    std::uint32_t at = 0;
    while (!suffix.empty()) {
        const std::size_t dot = suffix.rfind('.');
        const std::string_view label = dot == std::string_view::npos ? suffix : suffix.substr(dot + 1);
        suffix = dot == std::string_view::npos ? std::string_view() : suffix.substr(0, dot);
        auto& children = nodes_[at].children;
        const auto found = std::lower_bound(children.begin(), children.end(), label,
                                            [](const auto& child, std::string_view l) { return child.first < l; });
        if (found != children.end() && found->first == label) {
            at = found->second;
            continue;
        }
        const auto next = static_cast<std::uint32_t>(nodes_.size());
        children.emplace(found, std::string(label), next);
        nodes_.emplace_back();
        at = next;
    }
    if (!nodes_[at].place) nodes_[at].place = place;
}

std::optional<SuffixTrie::Place> SuffixTrie::find(std::string_view host) const {
    std::optional<Place> longest;
    std::uint32_t at = 0;
    while (!host.empty()) {
        const std::size_t dot = host.rfind('.');
        const std::string_view label = dot == std::string_view::npos ? host : host.substr(dot + 1);
        host = dot == std::string_view::npos ? std::string_view() : host.substr(0, dot);
        const auto& children = nodes_[at].children;
        const auto found = std::lower_bound(children.begin(), children.end(), label,
                                            [](const auto& child, std::string_view l) { return child.first < l; });
        if (found == children.end() || found->first != label) break;
        at = found->second;
        if (nodes_[at].place) longest = nodes_[at].place;
    }
    return longest;
}

const std::optional<FingerprintHit>* HitCache::find(const std::string& key, std::optional<FingerprintHit>& into) const {
    const std::lock_guard lock(mutex_);
    const auto found = held_.find(key);
    if (found == held_.end()) return nullptr;
    into = found->second;
    return &into;
}

void HitCache::keep(std::string key, const std::optional<FingerprintHit>& hit) {
    const std::lock_guard lock(mutex_);
    if (held_.size() >= texts_max || bytes_ + key.size() > bytes_max) {
        held_.clear();
        bytes_ = 0;
    }
    bytes_ += key.size();
    held_.emplace(std::move(key), hit);
}

std::optional<std::uint32_t> VendorDb::Loaded::index(std::string_view slug) const {
    const auto at = std::lower_bound(vendors.begin(), vendors.end(), slug,
                                     [](const Vendor& vendor, std::string_view s) { return vendor.slug < s; });
    if (slug.empty() || at == vendors.end() || at->slug != slug) return std::nullopt;
    return static_cast<std::uint32_t>(at - vendors.begin());
}

Vendor& VendorDb::Loaded::of(std::string_view slug) {
    const std::optional<std::uint32_t> at = index(slug);
    if (!at) throw std::runtime_error(fmt::format("a row names the vendor \"{}\", which is not there", slug));
    return vendors[*at];
}

std::uint32_t VendorDb::Loaded::add_holder(std::string_view name, std::string_view vendor) {
    Named named;
    named.begin = static_cast<std::uint32_t>(names.size());
    named.size = static_cast<std::uint32_t>(name.size());
    if (!vendor.empty()) named.vendor = index(vendor).value_or(no_vendor);
    names += name;
    holders.push_back(named);
    return static_cast<std::uint32_t>(holders.size() - 1);
}

Holder VendorDb::Loaded::holder(std::uint32_t at) const {
    const Named& named = holders[at];
    Holder out;
    out.name = names.substr(named.begin, named.size);
    if (named.vendor != no_vendor) {
        out.vendor = vendors[named.vendor].slug;
        out.module = vendors[named.vendor].kind == "module";
    }
    return out;
}

void VendorDb::Loaded::Says::add(ClaimStatus claim_status, const std::string& country) {
    if (country.empty() || country == "unknown") return;
    if (countries.empty() || claim_status > status) {
        countries = {country};
        status = claim_status;
    } else if (claim_status == status) {
        countries.insert(country);
    }
}

VendorDb::Loaded::Says VendorDb::Loaded::says(const Vendor& vendor, std::initializer_list<std::string_view> kinds) {
    Says out;
    for (const OriginClaim& claim : vendor.origin)
        if (std::find(kinds.begin(), kinds.end(), claim.claim) != kinds.end()) out.add(claim.sourcing.status, claim.country);
    return out;
}

// Everything that is found by place in `vendors`: only now do the places no longer move.
void VendorDb::Loaded::index_vendors() {
    std::map<std::string, std::uint32_t> by_name;
    std::map<std::string, std::map<std::string, std::uint32_t>> by_protocol;
    std::map<std::string, std::set<std::uint32_t>> scoped;
    for (const Alias& alias : alias_rows_) {
        const std::optional<std::uint32_t> at = index(alias.vendor);
        if (!at) continue;
        if (alias.scope == "any") {
            by_name.emplace(alias.folded, *at);
        } else {
            by_protocol[alias.scope].emplace(alias.folded, *at);
            scoped[alias.folded].insert(*at);
        }
    }
    // A protocol's name goes for other protocols too, as long as no other vendor has it anywhere.
    for (const auto& [text, holders_of_it] : scoped)
        if (holders_of_it.size() == 1) by_name.emplace(text, *holders_of_it.begin());
    aliases.rows.assign(by_name.begin(), by_name.end());
    for (const auto& [protocol, names_in_it] : by_protocol)
        protocol_aliases[protocol].rows.assign(names_in_it.begin(), names_in_it.end());
    alias_rows_.clear();
    product_patterns.resize(vendors.size());
    ownership_links.resize(vendors.size());
    oem_links.resize(vendors.size());
    const auto link = [&](std::vector<std::vector<std::uint32_t>>& links, std::uint32_t from, std::string_view slug) {
        const std::optional<std::uint32_t> to = index(slug);
        if (!to) return;
        links[from].push_back(*to);
        links[*to].push_back(from);
    };
    for (std::uint32_t v = 0; v < vendors.size(); ++v) {
        for (const Ownership& ownership : vendors[v].owned_by)
            if (controls(ownership)) link(ownership_links, v, ownership.owner);
        for (const OemRelation& relation : vendors[v].oem) link(oem_links, v, relation.vendor);
        for (const Product& line : vendors[v].products) product_patterns[v].emplace_back(line.pattern);
    }
    // Where an overlay gives another vendor a suffix that is there already, the overlay's goes first.
    for (const bool of_overlay : {true, false})
        for (std::uint32_t v = 0; v < vendors.size(); ++v)
            for (std::uint32_t c = 0; c < vendors[v].clouds.size(); ++c) {
                if (vendors[v].overlay.empty() == of_overlay) continue;
                const Cloud& cloud = vendors[v].clouds[c];
                if (!cloud.certificate.empty()) {
                    by_certificate.emplace_back(v, c);
                } else if (const auto range = AddressRange::parse(cloud.range)) {
                    by_address.emplace_back(*range, SuffixTrie::Place(v, c));
                } else {
                    clouds.add(cloud.suffix, {v, c});
                }
            }
}

}  // namespace herkomst
