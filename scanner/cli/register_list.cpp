// herkomst register list, show: what stands in the register today.
#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <optional>

#include "assess/rated.h"
#include "cli/register_actions.h"
#include "register/history.h"
#include "register/redact.h"

namespace herkomst {

namespace {

std::string day(Time time) { return time == Time{} ? std::string() : rfc3339(time).substr(0, 10); }

std::string at(const std::map<std::string, std::string, std::less<>>& work, std::string_view field) {
    const auto found = work.find(field);
    return found == work.end() ? std::string() : found->second;
}

// A provisional rating stands in no list: two bands next to each other would leave nobody knowing which of them leads.
std::string rated(const std::optional<Rating>& rating, Band Rating::*which) {
    if (!rating) return {};
    return provisional(*rating) ? "-" : std::string(name((*rating).*which));
}

RowTable findings_of(const Overview& all, const std::vector<OverviewFinding>& list, const RegisterAsked& asked) {
    RowTable out;
    out.columns = {"finding",  "band",          "status",  "observation", "rule",  "subject",        "maker",
                   "country",  "zone",          "process", "owner",       "due",   "review_by",      "accepted_until",
                   "response", "residual_band", "opened",  "last_seen",   "rated", "rated_residual", "rated_known"};
    const std::string today = day(asked.act.now);
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
        out.rows.push_back({one.finding.id,
                            std::string(name(one.finding.band)),
                            one.status,
                            one.observation,
                            one.finding.rule,
                            one.subject_label,
                            asset == nullptr ? std::string() : asset->maker_name,
                            asset == nullptr ? std::string() : asset->country,
                            asset == nullptr ? std::string() : at(asset->work, "zone"),
                            asset == nullptr ? std::string() : at(asset->work, "process"),
                            one.work_at("owner"),
                            one.work_at("due"),
                            one.work_at("review_by"),
                            one.work_at("accepted_until"),
                            one.work_at("response"),
                            one.work_at("residual_band"),
                            day(one.opened),
                            day(one.last_seen),
                            rated(one.rating, &Rating::inherent),
                            rated(one.rating, &Rating::residual),
                            one.rating ? fmt::format("{}/{}", one.rating->known, one.rating->of) : std::string()});
    }
    return out;
}

RowTable assets_of(const Overview& all) {
    RowTable out;
    out.columns = {"asset", "label",  "kind",        "maker",   "country", "ip",       "mac",        "zone",     "process",
                   "owner", "purdue", "criticality", "retired", "missed",  "findings", "first_seen", "last_seen"};
    std::map<std::string, int> findings;
    for (const OverviewFinding& one : all.findings) findings[one.finding.subject.key] += one.open() ? 1 : 0;
    const auto first = [](const std::set<std::string>& values) {
        return values.empty() ? std::string()
                              : *values.begin() + (values.size() > 1 ? fmt::format(" +{}", values.size() - 1) : "");
    };
    for (const OverviewAsset& asset : all.assets) {
        out.rows.push_back({asset.uid, asset.label, asset.kind, asset.maker_name, asset.country, first(asset.identifiers.ip),
                            first(asset.identifiers.mac), at(asset.work, "zone"), at(asset.work, "process"),
                            at(asset.work, "owner"), at(asset.work, "purdue"), at(asset.work, "criticality"),
                            at(asset.work, "retired"), std::to_string(asset.missed), std::to_string(findings[asset.uid]),
                            day(asset.first_seen), day(asset.last_seen)});
    }
    std::stable_sort(out.rows.begin(), out.rows.end(), [](const auto& a, const auto& b) { return a[1] < b[1]; });
    return out;
}

RowTable measures_of(const Overview& all) {
    RowTable out;
    out.columns = {"measure", "finding", "title", "kind", "state", "owner", "due", "effect", "cost"};
    for (const OverviewMeasure& one : all.measures) {
        out.rows.push_back({one.id, one.finding, at(one.work, "title"), at(one.work, "kind"), at(one.work, "state"),
                            at(one.work, "owner"), at(one.work, "due"), at(one.work, "effect"), at(one.work, "cost")});
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
                            each.value, day(each.at)});
    }
    return out;
}

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

void line(const char* what, const std::string& value) {
    if (!value.empty()) std::printf("  %-16s %s\n", what, value.c_str());
}

void show_finding(const OverviewFinding& one, const Overview& all) {
    const Finding& finding = one.finding;
    std::printf("%s  %s: %s\n", finding.id.c_str(), one.subject_label.c_str(), finding.title.en.c_str());
    line("verdict", std::string(name(finding.verdict)));
    line("band", fmt::format("{} (likelihood {} x impact {})", name(finding.band), finding.likelihood, finding.impact));
    if (one.rating) {
        const Rating& rating = *one.rating;
        line("rated", fmt::format("inherent {} (likelihood {} x impact {}), with measures {} (likelihood {} x impact {})",
                                  name(rating.inherent), rating.likelihood, rating.impact, name(rating.residual),
                                  rating.residual_likelihood, rating.residual_impact));
        line("rated by", fmt::format("{}; {} of {} inputs known", rating.criteria, rating.known, rating.of));
        line("decision", rating.decision_text.en);
    }
    line("status", fmt::format("{} since {}", one.status, day(one.status_since)));
    line("observation", one.observation + (one.closure_candidate ? ", can be closed" : ""));
    for (const auto& [field, value] : one.work) {
        if (field != "status" && field != "decided_condition") line(field.c_str(), value);
    }
    for (const OverviewMeasure& measure : all.measures) {
        if (measure.finding == finding.id)
            line("measure", fmt::format("{} {} ({})", measure.id, at(measure.work, "title"), at(measure.work, "state")));
    }
    line("because", finding.because.en);
    line("advice", finding.advice.en);
    line("rule", fmt::format("{} version {} ({})", finding.rule, finding.version, finding.policy));
}

void show_asset(const OverviewAsset& asset) {
    std::printf("%s  %s (%s)\n", asset.uid.c_str(), asset.label.c_str(), asset.kind.c_str());
    for (const auto& [field, value] : asset.work) line(field.c_str(), value);
    for (const std::string& each : asset.strong) line("goes by", each);
    for (const std::string& each : asset.identifiers.ip) line("ip", each);
    for (const std::string& each : asset.identifiers.hostname) line("hostname", each);
    for (const std::string& each : asset.aliases) line("formerly", each);
    for (const auto& [field, belief] : asset.beliefs) {
        line(std::string(name(field)).c_str(),
             fmt::format("{} ({})", belief.belief.contested ? std::string("contested") : belief.belief.value,
                         name(belief.belief.strength)));
    }
    line("control", asset.country);
    line("first seen", day(asset.first_seen));
    line("last seen", day(asset.last_seen));
    if (asset.missed != 0) line("missed", fmt::format("in {} runs in a row", asset.missed));
}

}  // namespace

int register_list(const RegisterAsked& asked) {
    if (asked.words.size() > 1)
        return refuse_register("list takes one word: findings, questions, assets, measures, assertions, settings, runs");
    const std::string what = asked.words.empty() ? "findings" : asked.words.front();
    const Register held = Register::open_to_read(asked.path);
    Overview all = overview(held, nullptr);
    if (asked.redact) {
        if (what == "assertions" || what == "settings")
            return refuse_register("--redact is for findings, questions, assets, measures and runs");
        all = redacted(std::move(all));
    }
    std::optional<RowTable> table = table_of(what, held, all, asked);
    if (!table)
        return refuse_register("there is no list \"" + what +
                               "\": findings, questions, assets, measures, assertions, settings, runs");
    Problems problems;
    for (const auto& [column, value] : asked.filters) {
        const auto found = std::find(table->columns.begin(), table->columns.end(), column);
        if (found == table->columns.end()) {
            problems.push_back({"--" + column, "is no column of " + what});
            continue;
        }
        const auto index = static_cast<std::size_t>(found - table->columns.begin());
        std::erase_if(table->rows, [&](const auto& row) { return row[index] != value; });
    }
    if (!sort_rows(*table, asked.sort)) problems.push_back({"--sort " + asked.sort, "is no column of " + what});
    if (!problems.empty()) return complain(problems);
    print_rows(*table, asked.format, all.tlp);
    return exit_done;
}

int register_show(const RegisterAsked& asked) {
    if (asked.words.empty()) return refuse_register("show THING...: a finding, an asset, a measure");
    const Register held = Register::open_to_read(asked.path);
    const Overview all = overview(held, nullptr);
    for (const std::string& word : asked.words) {
        const Addressed meant = meant_by(all, word);
        if (meant.kind.empty()) return exit_usage;
        if (meant.kind == "finding") {
            for (const auto* list : {&all.findings, &all.questions}) {
                for (const OverviewFinding& one : *list) {
                    if (one.finding.id == meant.key) show_finding(one, all);
                }
            }
        } else if (meant.kind == "asset") {
            show_asset(*all.asset(meant.key));
        } else {
            std::printf("%s\n", word.c_str());
            for (const auto& [field, value] : work_of(held, meant.kind, meant.key)) line(field.c_str(), value);
        }
    }
    std::printf("TLP:%s\n", all.tlp.c_str());
    return exit_done;
}

}  // namespace herkomst
