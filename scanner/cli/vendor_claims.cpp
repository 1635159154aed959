#include "cli/vendor_claims.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>

namespace herkomst {

namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::year;

std::optional<sys_days> day_of(std::string_view text) {
    int parts[3] = {0, 0, 0};
    const std::size_t begins[3] = {0, 5, 8};
    const std::size_t sizes[3] = {4, 2, 2};
    const int given = text.size() == 4 ? 1 : text.size() == 7 ? 2 : text.size() == 10 ? 3 : 0;
    if (given == 0) return std::nullopt;
    for (int i = 0; i < given; ++i) {
        const std::string_view digits = text.substr(begins[i], sizes[i]);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), parts[i]);
        if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    }
    if (given == 1) return sys_days(year(parts[0]) / 12 / 31);
    const auto of_month = year(parts[0]) / month(static_cast<unsigned>(parts[1]));
    if (!of_month.month().ok()) return std::nullopt;
    if (given == 2) return sys_days(of_month / std::chrono::last);
    const auto whole = of_month / day(static_cast<unsigned>(parts[2]));
    return whole.ok() ? std::optional<sys_days>(whole) : std::nullopt;
}

std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(
        std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

class Gatherer {
  public:
    template <class List, class Says>
    void each(const std::string& file, std::string_view key, const List& list, Says&& says) {
        for (std::size_t i = 0; i < list.size(); ++i)
            out.push_back({fmt::format("{}: /{}{}{}", file, key, key.empty() ? "" : "/", i), says(list[i]), &list[i].sourcing});
    }
    std::vector<PlacedClaim> out;
};

std::string in_folder(const std::string& overlay, const std::string& place) {
    return overlay.empty() ? place : overlay + "/" + place;
}

}  // namespace

std::vector<PlacedClaim> all_claims(const VendorDb& db) {
    Gatherer all;
    for (const auto& [country, jurisdiction] : db.jurisdictions())
        all.each(in_folder(jurisdiction.overlay, "jurisdictions.json: /" + country), "claims", jurisdiction.claims,
                 [](const JurisdictionClaim& c) { return c.claim + " " + c.named_by + c.article; });
    for (const VendorList& list : db.lists()) {
        const std::string file = in_folder(list.overlay, list.place);
        all.each(file, "entries", list.entries, [](const ListEntry& c) { return c.name; });
        all.each(file, "jurisdictions", list.countries, [](const ListCountry& c) { return c.country; });
    }
    for (const Trap& trap : db.traps())
        all.out.push_back({in_folder(trap.overlay, "traps.json"), trap.id + " " + trap.why, &trap.sourcing});
    for (const Vendor& vendor : db.all()) {
        const std::string file = in_folder(vendor.overlay, "vendors/" + vendor.slug + ".json");
        all.each(file, "origin", vendor.origin,
                 [](const OriginClaim& c) { return c.claim + " " + (c.country.empty() ? c.value : c.country); });
        all.each(file, "owned_by", vendor.owned_by, [](const Ownership& c) { return "owned_by " + c.owner_name; });
        all.each(file, "oem", vendor.oem, [](const OemRelation& c) { return c.relation + " " + c.vendor; });
        all.each(file, "products", vendor.products, [](const Product& c) { return "product " + c.pattern; });
        all.each(file, "capabilities", vendor.capabilities,
                 [](const Capability& c) { return c.capability + " by " + c.party; });
        all.each(file, "clouds", vendor.clouds, [](const Cloud& c) { return "cloud " + text_of(c); });
    }
    for (PlacedClaim& claim : all.out) {
        const std::size_t twice = claim.place.find(": /", claim.place.find(": /") + 1);
        if (twice != std::string::npos) claim.place.replace(twice, 3, "/");
    }
    return std::move(all.out);
}

std::vector<PlacedClaim> stale_claims(const VendorDb& db, unsigned months, Time now) {
    const auto today = std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(now));
    const auto back = (today.year() / today.month()) - std::chrono::months(months);
    const auto exact = back / today.day();
    const sys_days limit = exact.ok() ? sys_days(exact) : sys_days(back / std::chrono::last);
    std::vector<PlacedClaim> out;
    for (PlacedClaim& claim : all_claims(db)) {
        const std::optional<sys_days> as_of = day_of(claim.sourcing->as_of);
        if (as_of && *as_of < limit) out.push_back(std::move(claim));
    }
    std::stable_sort(out.begin(), out.end(), [](const PlacedClaim& a, const PlacedClaim& b) {
        return *day_of(a.sourcing->as_of) < *day_of(b.sourcing->as_of);
    });
    return out;
}

Problems wrong_claims(const std::vector<PlacedClaim>& claims) {
    Problems problems;
    for (const PlacedClaim& claim : claims) {
        const Sourcing& sourcing = *claim.sourcing;
        const auto complain = [&](std::string sentence) { problems.push_back({claim.place, std::move(sentence)}); };
        const std::pair<std::string_view, const std::string*> parts[] = {{"publisher", &sourcing.publisher},
                                                                         {"title", &sourcing.title},
                                                                         {"address", &sourcing.address},
                                                                         {"date", &sourcing.date},
                                                                         {"quote", &sourcing.quote}};
        for (const auto& [key, value] : parts) {
            if (sourcing.counts() && value->empty()) complain(fmt::format("is {} and has no {}", name(sourcing.status), key));
            if (!sourcing.counts() && !value->empty()) complain(fmt::format("is unverified and has a {}", key));
        }
        if (sourcing.as_of.empty() || !day_of(sourcing.as_of)) complain("has no date for which it holds (as_of)");
        if (characters(sourcing.quote) > 200) complain("has a quote of more than 200 characters");
    }
    return problems;
}

}  // namespace herkomst
