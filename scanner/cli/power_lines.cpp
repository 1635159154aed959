#include "cli/power_lines.h"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "core/counted.h"
#include "report/words.h"

namespace herkomst {

namespace {

std::int64_t watts(const Group& group, const char* fact) {
    const auto found = group.facts.find(fact);
    return found == group.facts.end() ? 0 : found->second.integer();
}

}  // namespace

std::string power_lines(const Overview& seen, std::string_view language) {
    const bool dutch = language == "nl";
    const Words words{std::string(language)};
    std::vector<const Group*> groups;
    for (const Group& group : seen.groups) {
        const bool site = group.kind == "site" && group.power_assets > 0;
        if (site || (group.kind == "jurisdiction" && group.switchable_assets > 0)) groups.push_back(&group);
    }
    if (groups.empty()) return {};
    std::stable_sort(groups.begin(), groups.end(), [](const Group* a, const Group* b) {
        if ((a->kind == "site") != (b->kind == "site")) return a->kind == "site";
        return a->switchable_power > b->switchable_power;
    });
    std::string out = dutch ? "\nVermogen dat op afstand te schakelen is\n" : "\nPower that can be switched remotely\n";
    for (const Group* group : groups) {
        out += fmt::format("  {:>9}  {}: {} {}, {} {}, {} {}", words.power(group->switchable_power), group->title.in(language),
                           dutch ? "gedocumenteerd" : "documented", words.power(watts(*group, "documented_power_at_least")),
                           dutch ? "aangeboden" : "offered", words.power(watts(*group, "exposed_power_at_least")),
                           dutch ? "waargenomen" : "observed", words.power(watts(*group, "observed_power_at_least")));
        const std::uint64_t unknown = group->switchable_power_unknown + group->switchable_maybe;
        if (unknown > 0)
            out += (dutch ? "; onbekend: " : "; unknown: ") +
                   counted(unknown, dutch ? "apparaat" : "device", dutch ? "apparaten" : "devices");
        if (const std::int64_t contested = watts(*group, "power_contested_assets"); contested > 0)
            out += fmt::format(
                "; {} {}-{} ({})", dutch ? "betwist" : "contested", words.power(watts(*group, "contested_power_low")),
                words.power(watts(*group, "contested_power_high")),
                counted(static_cast<std::uint64_t>(contested), dutch ? "apparaat" : "device", dutch ? "apparaten" : "devices"));
        if (const std::int64_t kind = watts(*group, "power_uncategorised_assets"); kind > 0)
            out += fmt::format(
                "; {} {} ({})", dutch ? "soort onbekend" : "kind unknown", words.power(watts(*group, "uncategorised_power")),
                counted(static_cast<std::uint64_t>(kind), dutch ? "apparaat" : "device", dutch ? "apparaten" : "devices"));
        const std::int64_t blocked = watts(*group, "blocked_power_at_least");
        if (blocked > 0) out += (dutch ? "; aantoonbaar afgesloten " : "; demonstrably cut off ") + words.power(blocked);
        out += "\n";
    }
    return out;
}

}  // namespace herkomst
