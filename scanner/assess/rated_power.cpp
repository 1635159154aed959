#include "assess/rated_power.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "assess/facts_table.h"
#include "core/power.h"

namespace herkomst {

namespace {

constexpr std::size_t most_claims = 8;

std::string_view basis(Strength strength) {
    if (strength == Strength::Confirmed) return "answer";
    return strength == Strength::Stated ? "nameplate" : "inventory";
}

void widen(Facts& facts, std::int64_t watts) {
    for (const auto& [fact, lower] : {std::pair{"rated_power_low", true}, {"rated_power_high", false}}) {
        Json& held = facts[fact];
        const std::int64_t was = held.is_integer() ? held.integer() : watts;
        held = lower ? std::min(was, watts) : std::max(was, watts);
    }
}

}  // namespace

void put_rated_power(Facts& facts, const Asset& asset) {
    struct Said {
        Strength strength{};
        std::string method;
        Evidence from;
    };
    // Of each value and method the strongest claim; what the product line says comes from `put_product_power`.
    std::map<std::pair<std::int64_t, std::string>, Said> all;
    const Belief* belief = asset.belief(Field::rated_power);
    const std::int64_t believed = belief == nullptr ? -1 : watts(belief->value).value_or(-1);
    Strength best{};
    for (const Claim& claim : asset.claims) {
        if (claim.field != Field::rated_power) continue;
        const std::optional<std::int64_t> power = watts(claim.value);
        if (!power || claim.strength < Strength::Listed) continue;
        best = std::max(best, claim.strength);
        const auto [held, fresh] = all.try_emplace({*power, claim.method}, Said{claim.strength, claim.method, claim.from});
        if (!fresh && claim.strength > held->second.strength) held->second = {claim.strength, claim.method, claim.from};
    }
    if (all.empty()) {
        if (believed < 0) return;
        facts["rated_power"] = believed;
        facts["rated_power_by"] = basis(belief->strength);
        return;
    }
    bool differ = false;
    bool open = false;
    const std::int64_t chosen = believed < 0 ? all.begin()->first.first : believed;
    for (const auto& [one, said] : all) {
        for (const auto& [other, said_too] : all) {
            if (!powers_differ(one.first, other.first)) continue;
            differ = true;
            open = open || (said.strength == best && said_too.strength == best);
        }
    }
    if (!open) {
        facts["rated_power"] = chosen;
        facts["rated_power_by"] = best == Strength::Matched ? std::string_view("data_sheet") : basis(best);
    }
    if (!differ) return;
    std::string claims;
    std::size_t count = 0;
    for (const auto& [one, said] : all) {
        widen(facts, one.first);
        if (++count > most_claims) continue;
        const std::string_view by =
            said.strength == Strength::Matched ? std::string_view("product_line") : basis(said.strength);
        claims += fmt::format("{}{} {} {} {}:{}", claims.empty() ? "" : "; ", one.first, by, said.method, said.from.source,
                              said.from.frame);
    }
    facts["rated_power_claims"] = claims;
}

void put_product_power(Facts& facts, std::int64_t power, bool fixed) {
    const char* by = fixed ? "data_sheet" : "type_number";
    const Json& held = fact_of(facts, "rated_power");
    const Json& least = fact_of(facts, "rated_power_low");
    if (!held.is_integer() && !least.is_integer()) {
        facts["rated_power"] = power;
        facts["rated_power_by"] = by;
        return;
    }
    if (fact_of(facts, "rated_power_by").string() == "data_sheet") facts["rated_power_by"] = by;
    const bool other = held.is_integer() ? powers_differ(held.integer(), power)
                                         : powers_differ(least.integer(), power) ||
                                               powers_differ(fact_of(facts, "rated_power_high").integer(), power);
    if (!other) return;
    std::string claims = fact_of(facts, "rated_power_claims").string();
    if (claims.find("product") != std::string::npos) return;
    if (claims.empty()) {
        widen(facts, held.integer());
        claims = fmt::format("{} {}", held.integer(), fact_of(facts, "rated_power_by").string());
    }
    widen(facts, power);
    facts["rated_power_claims"] = fmt::format("{}; {} {} product_line", claims, power, by);
    // Inventories that contradict each other do not outweigh the product line.
    if (!fact_of(facts, "rated_power").is_integer()) {
        facts["rated_power"] = power;
        facts["rated_power_by"] = by;
    }
}

void settle_rated_power(Facts& facts) {
    const bool known = fact_of(facts, "rated_power").is_integer();
    if (known && fact_of(facts, "rated_power_by").is_null()) facts["rated_power_by"] = "answer";
    if (!known) facts.erase("rated_power_by");
    const bool answered = fact_of(facts, "rated_power_by").string() == "answer";
    facts["rated_power_contested"] = fact_of(facts, "rated_power_low").is_integer() && !answered ? 1 : 0;
}

bool counts_as_power(const Facts& facts) {
    const Json& device = fact_of(facts, "power_device");
    if (device.is_integer()) return device.integer() == 1;
    return fact_of(facts, "rated_power").integer() > 0 || fact_of(facts, "rated_power_high").integer() > 0;
}

}  // namespace herkomst
