// From assets to findings in one pass, some thousands of assets at a time.
#include "assess/assess.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "assess/findings_maker.h"
#include "assess/group_sums.h"
#include "assess/judge.h"
#include "assess/row_maker.h"

namespace herkomst {

namespace {

constexpr std::size_t assets_at_once = 4096;  // whose rows are maps at the same time

// The key of the site's own group, when there is one site: sums are about devices, so programs alone make no site.
std::optional<std::string> the_site(const Identified& identified, const std::string& given) {
    std::set<std::string> sites;
    for (const Asset& asset : identified.assets) {
        if (asset.kind != "software") sites.insert(given.empty() ? asset.site : given);
        if (sites.size() > 1) return std::nullopt;
    }
    return sites.empty() ? std::nullopt : std::optional<std::string>(*sites.begin());
}

std::vector<const Asset*> by_key(const Identified& identified) {
    std::vector<const Asset*> out;
    out.reserve(identified.assets.size());
    for (const Asset& asset : identified.assets) out.push_back(&asset);
    std::sort(out.begin(), out.end(), [](const Asset* a, const Asset* b) { return a->key < b->key; });
    return out;
}

}  // namespace

Assessment assess(const Identified& identified, const VendorDb& db, const PolicyPacks& packs, const AssessOptions& options) {
    Assessment out;
    RowMaker maker(identified, db);
    GroupSums sums(db, options.site);
    Judge judge(packs, &db, the_site(identified, options.site));
    FindingsMaker findings({packs.loaded(), &db, out.facts});
    const auto found = [&](std::uint32_t rule, std::uint32_t row, const Judged& judged, std::vector<std::string> missing) {
        findings.add(rule, row, judged, std::move(missing));
    };
    const std::vector<const Asset*> assets = by_key(identified);
    std::vector<FactsRow> rows;
    for (std::size_t from = 0; from < assets.size(); from += assets_at_once) {
        rows.clear();
        for (std::size_t i = from; i < std::min(from + assets_at_once, assets.size()); ++i)
            rows.push_back(maker.row(*assets[i]));
        if (options.answers) {
            options.answers(rows);
            for (FactsRow& row : rows) complete(row, maker.supply());
        }
        apply_orders(rows, packs.orders(), db);
        judge.rows(rows, static_cast<std::uint32_t>(from), found);
        for (const FactsRow& row : rows) {
            sums.add(row);
            out.facts.add(row);
        }
    }
    out.groups = sums.groups();
    for (auto& [rule, finding] : judge.rest(out.groups)) findings.add(rule, std::move(finding));
    out.findings = findings.sorted();
    out.refuted = judge.refuted(out.groups);
    out.rules = packs.version();
    return out;
}

}  // namespace herkomst
