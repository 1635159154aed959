#include "probes/scope.h"

#include <algorithm>
#include <charconv>

#include "core/text.h"

namespace herkomst {

namespace {

std::optional<std::uint64_t> number_in(std::string_view text, std::uint64_t most) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number > most) return std::nullopt;
    return number;
}

}  // namespace

namespace {

// Whether the range holds the address, and it is one device's.
bool reaches_one(const AddressRange& range, const IpAddress& ip) {
    return range.holds(ip) && !(range.network && (ip == range.first || ip == range.last));
}

}  // namespace

bool ScopeRange::allows(const Probe& probe) const {
    const std::string named(probe.name);
    if (not_probes.contains(named)) return false;
    if (probes.contains(named)) return true;
    return !probe.only_named && families.contains(probe.family) && probe.safety <= safety;
}

bool TimeWindow::open_at(Time at) const {
    const auto local = at + offset;
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const auto minute = static_cast<unsigned>(std::chrono::duration_cast<std::chrono::minutes>(local - day).count());
    const unsigned today = (std::chrono::weekday(day).iso_encoding() + 6) % 7;
    if (from < until) return days.contains(today) && minute >= from && minute < until;
    // Past midnight: the part after it belongs to the day before.
    return (days.contains(today) && minute >= from) || (days.contains((today + 6) % 7) && minute < until);
}

const ScopeRange* Scope::range_of(const IpAddress& ip) const {
    const ScopeRange* smallest = nullptr;
    for (const ScopeRange& each : ranges) {
        if (reaches_one(each.range, ip) && (smallest == nullptr || each.range.size() < smallest->range.size()))
            smallest = &each;
    }
    return smallest;
}

bool Scope::excluded(const IpAddress& ip) const {
    return std::ranges::any_of(exclude, [&](const AddressRange& range) { return range.holds(ip); });
}

const FragileDevice* Scope::fragile_to(const std::string& probe, const IpAddress& ip) const {
    for (const FragileDevice& each : fragile)
        if (each.range.holds(ip) && !each.tolerates.contains(probe)) return &each;
    return nullptr;
}

std::string Scope::closed_at(Time at) const {
    if (at < from) return "the scope file is not valid before " + rfc3339(from);
    if (at >= until) return "the scope file expired at " + rfc3339(until);
    if (windows.empty() || std::ranges::any_of(windows, [&](const TimeWindow& window) { return window.open_at(at); }))
        return {};
    return "the scope file allows no probes at this time of the week (" + rfc3339(at) + ")";
}

std::vector<IpAddress> Scope::addresses() const {
    std::set<IpAddress> all;
    for (const ScopeRange& each : ranges) {
        for (IpAddress ip = each.range.first; ip.known() && ip <= each.range.last; ip = after(ip))
            if (reaches_one(each.range, ip) && !excluded(ip)) all.insert(ip);
    }
    return {all.begin(), all.end()};
}

std::optional<Family> family_named(std::string_view word) {
    for (const Family family : {Family::Network, Family::It, Family::Building, Family::Camera, Family::Energy, Family::Ot})
        if (name(family) == word) return family;
    return std::nullopt;
}

std::optional<Safety> safety_named(std::string_view word) {
    for (const Safety safety : {Safety::AskIdentity, Safety::OpenSession, Safety::ReadMany})
        if (name(safety) == word) return safety;
    return std::nullopt;
}

std::optional<std::chrono::milliseconds> pause_of(std::string_view text) {
    const std::size_t digits = text.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string_view::npos) return std::nullopt;
    const auto number = number_in(text.substr(0, digits), 1'000'000);
    if (!number) return std::nullopt;
    const auto count = static_cast<std::int64_t>(*number);
    const std::string_view unit = text.substr(digits);
    if (unit == "ms") return std::chrono::milliseconds(count);
    if (unit == "s") return std::chrono::seconds(count);
    if (unit == "m") return std::chrono::minutes(count);
    if (unit == "h") return std::chrono::hours(count);
    return std::nullopt;
}

}  // namespace herkomst
