// The lists of herkomst register list, as rows of text.
#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "assess/rated.h"
#include "cli/register_actions.h"
#include "cli/terminal.h"

namespace herkomst {

namespace {

// A provisional rating stands in no list: two bands next to each other would leave nobody knowing which of them leads.
std::string rated(const std::optional<Rating>& rating, Band Rating::*which) {
    if (!rating) return {};
    return provisional(*rating) ? "-" : std::string(name((*rating).*which));
}

RowTable findings_of(const Overview& all, const std::vector<OverviewFinding>& list, const RegisterAsked& asked) {
    RowTable out;
    out.columns = {"finding",   "band",           "status",      "observation",   "rule",   "subject",
                   "maker",     "country",        "zone",        "process",       "owner",  "due",
                   "review_by", "accepted_until", "response",    "residual_band", "opened", "last_seen",
                   "rated",     "rated_residual", "rated_known", "rule_band"};
    const std::string today = day_part(asked.act.now);
    for (const OverviewFinding& one : list) {
        const OverviewAsset* asset = one.finding.subject.kind == "asset" ? all.asset(one.finding.subject.key) : nullptr;
        const auto late = [&](std::string_view field) {
            const std::string date = one.work_at(field);
            return !date.empty() && date.substr(0, 10) < today;
        };
        if (asked.overdue && !(one.open() && (late("due") || late("review_by"))) &&
            !(one.status == "accepted" && late("accepted_until")))
            continue;
        if (asked.closable && !(one.open() && one.closure_candidate)) continue;
        // Of an acceptance that holds; what was reopened is accepted no more.
        const std::string until = one.status == "accepted" ? one.work_at("accepted_until") : std::string();
        out.rows.push_back({one.finding.id,
                            std::string(name(one.leading())),
                            one.status,
                            one.observation,
                            one.finding.rule,
                            one.subject_texts.in(asked.lang).empty() ? one.subject_label : one.subject_texts.in(asked.lang),
                            asset == nullptr ? std::string() : asset->maker_name,
                            asset == nullptr ? std::string() : asset->country,
                            asset == nullptr ? std::string() : work_field(asset->work, "zone"),
                            asset == nullptr ? std::string() : work_field(asset->work, "process"),
                            one.work_at("owner"),
                            one.work_at("due"),
                            one.work_at("review_by"),
                            until,
                            one.work_at("response"),
                            one.work_at("residual_band"),
                            day_part(one.opened),
                            day_part(one.last_seen),
                            rated(one.rating, &Rating::inherent),
                            rated(one.rating, &Rating::residual),
                            one.rating ? fmt::format("{}/{}", one.rating->known, one.rating->of) : std::string(),
                            std::string(name(one.finding.band))});
    }
    return out;
}

RowTable assets_of(const Overview& all) {
    RowTable out;
    out.columns = {"asset",   "label",  "kind",     "maker",      "country",   "ip",
                   "mac",     "zone",   "process",  "owner",      "purdue",    "criticality",
                   "retired", "missed", "findings", "first_seen", "last_seen", "observation"};
    std::map<std::string, int> findings;
    for (const OverviewFinding& one : all.findings) findings[one.finding.subject.key] += one.open() ? 1 : 0;
    const auto first = [](const std::set<std::string>& values) {
        return values.empty() ? std::string()
                              : *values.begin() + (values.size() > 1 ? fmt::format(" +{}", values.size() - 1) : "");
    };
    for (const OverviewAsset& asset : all.assets) {
        out.rows.push_back({asset.uid, asset.label, asset.kind, asset.maker_name, asset.country, first(asset.identifiers.ip),
                            first(asset.identifiers.mac), work_field(asset.work, "zone"), work_field(asset.work, "process"),
                            work_field(asset.work, "owner"), work_field(asset.work, "purdue"),
                            work_field(asset.work, "criticality"), work_field(asset.work, "retired"),
                            std::to_string(asset.missed), std::to_string(findings[asset.uid]), day_part(asset.first_seen),
                            day_part(asset.last_seen), asset.observation});
    }
    std::stable_sort(out.rows.begin(), out.rows.end(), [](const auto& a, const auto& b) { return a[1] < b[1]; });
    return out;
}

RowTable measures_of(const Overview& all) {
    RowTable out;
    out.columns = {"measure", "finding", "title", "kind", "state", "owner", "due", "effect", "cost"};
    for (const OverviewMeasure& one : all.measures) {
        out.rows.push_back({one.id, one.finding, work_field(one.work, "title"), work_field(one.work, "kind"),
                            work_field(one.work, "state"), work_field(one.work, "owner"), work_field(one.work, "due"),
                            work_field(one.work, "effect"), work_field(one.work, "cost")});
    }
    return out;
}

std::string joined(const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& each : names) out += (out.empty() ? "" : " ") + each;
    return out;
}

RowTable assertions_table(const Register& held) {
    RowTable out;
    out.columns = {"assertion", "kind", "asset", "other", "field", "value", "at"};
    for (const Assertion& each : assertions_of(held)) {
        const bool is = each.kind == Assertion::Kind::Is;
        const bool same = each.kind == Assertion::Kind::Same;
        out.rows.push_back({each.id,
                            is     ? "is"
                            : same ? "same"
                                   : "not_same",
                            each.uid_a, same ? joined(each.a) : each.uid_b, is ? std::string(name(each.field)) : std::string(),
                            each.value, day_part(each.at)});
    }
    return out;
}

}  // namespace

std::optional<RowTable> table_of(const std::string& what, const Register& held, const Overview& all,
                                 const RegisterAsked& asked) {
    if (what == "findings") return findings_of(all, all.findings, asked);
    if (what == "questions") return findings_of(all, all.questions, asked);
    if (what == "assets") return assets_of(all);
    if (what == "measures") return measures_of(all);
    if (what == "assertions") return assertions_table(held);
    RowTable out;
    if (what == "settings") {
        out.columns = {"setting", "value"};
        for (const auto& [name, value] : settings_of(held)) out.rows.push_back({name, value});
        return out;
    }
    if (what == "runs") {
        out.columns = {"run", "at", "program", "vendordb", "rules"};
        for (const OverviewRun& run : all.runs)
            out.rows.push_back({std::to_string(run.run), rfc3339(run.at), run.program, run.vendordb, run.rules});
        return out;
    }
    return std::nullopt;
}

}  // namespace herkomst
