// From a brand to whoever controls it, and whether two vendors belong together.
#include <algorithm>
#include <cstdlib>
#include <deque>

#include "core/text.h"
#include "vendordb/loaded.h"

namespace herkomst {

namespace {

bool is_code(std::string_view country) { return country.size() == 2; }

const OriginClaim* top_claim(const Vendor& vendor) {
    const OriginClaim* best = nullptr;
    for (const OriginClaim& claim : vendor.origin) {
        if (claim.claim != "top_of_chain") continue;
        if (best == nullptr || claim.sourcing.status > best->sourcing.status) best = &claim;
    }
    return best;
}

}  // namespace

bool controls(const Ownership& ownership) {
    const std::string share = lower(ownership.share);
    if (share.empty()) return true;
    const std::size_t digit = share.find_first_of("0123456789");
    if (digit != std::string::npos) {
        std::string number = share.substr(digit);
        std::replace(number.begin(), number.end(), ',', '.');
        return std::strtod(number.c_str(), nullptr) > 50.0;
    }
    if (share.find("minority") != std::string::npos) return false;
    for (const std::string_view word : {"majority", "whol", "full", "entire", "controlling", "all"})
        if (share.find(word) != std::string::npos) return true;
    return false;
}

bool VendorDb::related(std::string_view slug_a, std::string_view slug_b) const {
    const std::optional<std::uint32_t> from = loaded_->index(slug_a);
    const std::optional<std::uint32_t> to = loaded_->index(slug_b);
    if (!from || !to) return !slug_a.empty() && slug_a == slug_b;
    if (*from == *to) return true;
    // Whether the one OEM step was taken is part of the place.
    using Place = std::pair<std::uint32_t, bool>;
    std::set<Place> seen = {{*from, false}};
    std::deque<Place> open = {{*from, false}};
    while (!open.empty()) {
        const auto [at, oem_taken] = open.front();
        open.pop_front();
        if (at == *to) return true;
        for (const std::uint32_t next : loaded_->ownership_links[at])
            if (seen.emplace(next, oem_taken).second) open.emplace_back(next, oem_taken);
        if (oem_taken) continue;
        for (const std::uint32_t next : loaded_->oem_links[at])
            if (seen.emplace(next, true).second) open.emplace_back(next, true);
    }
    return false;
}

Chain VendorDb::chain(std::string_view slug) const {
    Chain chain;
    const Vendor* at = vendor(slug);
    if (at == nullptr) return chain;
    struct Control {
        ClaimStatus status;
        std::set<std::string> countries;
    };
    std::vector<Control> controls_said;  // one per step that says who controls, from the brand upwards
    ClaimStatus path = ClaimStatus::Verified;
    std::set<const Vendor*> walked;
    const auto weaker = [](ClaimStatus a, ClaimStatus b) { return std::min(a, b); };
    chain.steps.push_back({at->slug, at->name, "brand", {}, {}});
    const Ownership* edge = nullptr;
    for (;;) {
        // What this step says of control: its own claims first, else the country its ownership claim gives.
        Loaded::Says control;
        if (at != nullptr) {
            walked.insert(at);
            control = Loaded::says(*at, {"controlled_from"});
        }
        if (control.countries.empty() && edge != nullptr) control.add(edge->sourcing.status, edge->country);
        const Ownership* owner = nullptr;
        bool several = false;
        if (at != nullptr) {
            for (const Ownership& ownership : at->owned_by) {
                if (!controls(ownership)) continue;
                if (owner == nullptr || ownership.sourcing.status > owner->sourcing.status) {
                    owner = &ownership;
                    several = false;
                } else if (ownership.sourcing.status == owner->sourcing.status) {
                    several = true;
                }
            }
        }
        const Vendor* next = owner == nullptr ? nullptr : vendor(owner->owner);
        const bool loop = next != nullptr && walked.contains(next);
        if (at == nullptr) {
            chain.end = ChainEnd::NoFile;
        } else if (several) {
            chain.end = ChainEnd::SeveralOwners;
        } else if (loop) {
            chain.end = ChainEnd::Loop;
        }
        if (several || loop) owner = nullptr;
        if (owner == nullptr && at != nullptr) {
            const OriginClaim* top = top_claim(*at);
            if (top != nullptr && chain.end == ChainEnd::Unknown) {
                chain.end = ChainEnd::Top;
                chain.top = *top;
            }
            // The top of the chain: the seat stands in where nothing better is said of control.
            Loaded::Says seat = Loaded::says(*at, {"headquarters", "registered_in"});
            // Where it sits is not who controls it: as control it is reported at most.
            seat.status = std::min(seat.status, ClaimStatus::Reported);
            // A source that nobody stands above makes the seat better than what nobody has a source for.
            const bool known_top = chain.end == ChainEnd::Top && chain.top.sourcing.counts();
            const bool better =
                seat.status > control.status && !seat.countries.empty() && (known_top || seat.countries == control.countries);
            if (control.countries.empty() || better) control = seat;
        }
        if (control.countries.size() == 1 && is_code(*control.countries.begin()))
            chain.steps.back().country = *control.countries.begin();
        if (!control.countries.empty()) controls_said.push_back({weaker(path, control.status), control.countries});
        if (owner == nullptr) break;
        path = weaker(path, owner->sourcing.status);
        edge = owner;
        at = next;
        chain.steps.push_back({next == nullptr ? std::string() : next->slug,
                               next == nullptr ? owner->owner_name : next->name,
                               "owned_by",
                               {},
                               owner->sourcing});
    }
    // The strongest claim decides; among equals the highest step, unless they disagree.
    std::set<std::string> countries;
    for (const Control& control : controls_said) {
        if (countries.empty() || control.status > chain.status) {
            countries = control.countries;
            chain.status = control.status;
        } else if (control.status == chain.status) {
            countries.insert(control.countries.begin(), control.countries.end());
        }
    }
    chain.contested = countries.size() > 1 || countries.contains("contested");
    if (!chain.contested && !countries.empty()) chain.country = *countries.begin();
    return chain;
}

}  // namespace herkomst
