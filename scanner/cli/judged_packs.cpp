#include "cli/judged_packs.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "core/text.h"

namespace herkomst {

namespace {

// "nl-zelfscan sha256:0123456789ab, order EX-1 signed": the names of packs, and the orders.
struct Named {
    std::set<std::string> packs;
    std::set<std::string> orders;
    bool operator==(const Named&) const = default;
};

Named named_in(std::string_view version) {
    Named out;
    for (const std::string_view each : split(version, ',')) {
        const std::string_view one = trimmed(each);
        const std::size_t hash = one.find(" sha256:");
        if (hash != std::string_view::npos) {
            out.packs.emplace(one.substr(0, hash));
        } else if (!one.empty()) {
            out.orders.emplace(one);
        }
    }
    return out;
}

}  // namespace

std::vector<std::string> packs_wanted(const std::vector<std::string>& asked, const OverviewRun& run, const std::string& rules) {
    if (!asked.empty()) return asked;
    const Named last = named_in(run.rules);
    const std::filesystem::path policies = std::filesystem::path(rules) / "policies";
    const bool ours = last.orders.empty() && std::all_of(last.packs.begin(), last.packs.end(), [&](const std::string& pack) {
                          return std::filesystem::is_directory(policies / pack);
                      });
    return ours ? std::vector<std::string>(last.packs.begin(), last.packs.end()) : std::vector<std::string>();
}

SamePacks same_packs(const OverviewRun& run, const PolicyPacks& packs) {
    if (run.rules == packs.version()) return SamePacks::Yes;
    return named_in(run.rules) == named_in(packs.version()) ? SamePacks::Reworded : SamePacks::No;
}

std::string other_packs_told(const OverviewRun& run, const PolicyPacks& packs, const std::string& language) {
    const bool nl = language == "nl";
    switch (same_packs(run, packs)) {
        case SamePacks::Yes:
            return {};
        case SamePacks::Reworded:
            return fmt::format(
                fmt::runtime(nl ? "Let op: de regels zijn gewijzigd sinds inventarisatie {}, die oordeelde met {}; "
                                  "nu: {}. Ook dat verschil telt hier mee.\n"
                                : "Note: the rules were changed since run {}, which judged with {}; now: {}. That "
                                  "counts in what follows.\n"),
                run.run, run.rules, packs.version());
        case SamePacks::No:
            break;
    }
    return fmt::format(
        fmt::runtime(nl ? "Let op: beoordeeld met andere pakketten dan inventarisatie {}, die oordeelde met {}; nu: "
                          "{}. Geef met --policy dezelfde pakketten op als bij de scan.\n"
                        : "Note: judged with other packs than run {}, which judged with {}; now: {}. Give the packs "
                          "of the scan with --policy.\n"),
        run.run, run.rules, packs.version());
}

Json other_packs_line(const OverviewRun& run, const PolicyPacks& packs) {
    Json out = Json::object();
    out["type"] = "packs";
    out["run"] = run.run;
    out["judged_with"] = run.rules;
    out["now"] = packs.version();
    out["same"] = same_packs(run, packs) == SamePacks::Yes;
    return out;
}

}  // namespace herkomst
