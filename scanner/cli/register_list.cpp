// herkomst register list, show: what stands in the register today.
#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <optional>

#include "assess/rated.h"
#include "cli/grounds.h"
#include "cli/register_actions.h"
#include "register/called.h"
#include "register/history.h"
#include "register/redact.h"
#include "report/words.h"

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
                            one.subject_texts.in(asked.lang).empty() ? one.subject_label : one.subject_texts.in(asked.lang),
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

// A list by its name in either language.
std::string list_meant(const std::string& said) {
    constexpr std::pair<std::string_view, std::string_view> names[] = {
        {"bevindingen", "findings"},      {"vragen", "questions"},      {"beheersmaatregelen", "measures"},
        {"vaststellingen", "assertions"}, {"instellingen", "settings"}, {"inventarisaties", "runs"}};
    for (const auto& [nl, en] : names) {
        if (said == nl) return std::string(en);
    }
    return said;
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

// One line of what is shown, in the language of whoever looks.
class Shown {
  public:
    explicit Shown(const std::string& lang) : lang_(lang), words_(lang) {}
    [[nodiscard]] std::string in(const char* en, const char* nl) const { return either(lang_, en, nl); }
    void line(const std::string& what, const std::string& value) const {
        if (value.empty()) return;
        // Counted in characters, not in bytes.
        const auto shown = static_cast<std::size_t>(
            std::count_if(what.begin(), what.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
        const std::size_t most = lang_ == "nl" ? 28 : 16;
        std::printf("  %s%*s %s\n", what.c_str(), static_cast<int>(most > shown ? most - shown : 0), "", value.c_str());
    }
    void line(const char* en, const char* nl, const std::string& value) const { line(in(en, nl), value); }
    // What people decided.
    void field(const std::string& field, const std::string& value) const {
        line(lang_ == "nl" ? called(CodeList::Field, field, lang_) : field, cell_in(field, value, lang_));
    }
    void fields(const std::map<std::string, std::string, std::less<>>& work) const {
        for (const auto& [name, value] : work) field(name, value);
    }
    [[nodiscard]] const std::string& lang() const { return lang_; }
    [[nodiscard]] const Words& words() const { return words_; }
    [[nodiscard]] std::string band(Band band) const { return cell_in("band", std::string(name(band)), lang_); }

  private:
    std::string lang_;
    Words words_;
};

void show_finding(const OverviewFinding& one, const Overview& all, const Shown& shown) {
    const Finding& finding = one.finding;
    const bool nl = shown.lang() == "nl";
    const auto steps = [&](Band band, int likelihood, int impact) {
        return nl ? fmt::format("{} (kans {} x impact {})", shown.band(band), likelihood, impact)
                  : fmt::format("{} (likelihood {} x impact {})", shown.band(band), likelihood, impact);
    };
    const std::string& subject = one.subject_texts.in(shown.lang());
    std::printf("%s  %s: %s\n", finding.id.c_str(), (subject.empty() ? one.subject_label : subject).c_str(),
                finding.title.in(shown.lang()).c_str());
    const bool open = finding.verdict == Ruling::Open;
    shown.line("verdict", "oordeel", nl ? (open ? "bevinding" : "open vraag") : std::string(name(finding.verdict)));
    shown.line("band", "niveau volgens de regel", steps(finding.band, finding.likelihood, finding.impact));
    if (one.rating) {
        const Rating& rating = *one.rating;
        shown.line(provisional(rating) ? "rated (provisional)" : "rated",
                   provisional(rating) ? "beoordeling (voorlopig)" : "beoordeling",
                   nl ? fmt::format("zonder beheersmaatregelen {}, met beheersmaatregelen {}",
                                    steps(rating.inherent, rating.likelihood, rating.impact),
                                    steps(rating.residual, rating.residual_likelihood, rating.residual_impact))
                      : fmt::format("inherent {}, with measures {}", steps(rating.inherent, rating.likelihood, rating.impact),
                                    steps(rating.residual, rating.residual_likelihood, rating.residual_impact)));
        shown.line("rated by", "beoordeeld met",
                   nl ? fmt::format("{}; {} van {} gegevens bekend", rating.criteria, rating.known, rating.of)
                      : fmt::format("{}; {} of {} inputs known", rating.criteria, rating.known, rating.of));
        if (!provisional(rating)) shown.line("decision", "uitkomst", rating.decision_text.in(shown.lang()));
    }
    shown.line("status", "status",
               nl ? fmt::format("{} sinds {}", cell_in("status", one.status, "nl"), day(one.status_since))
                  : fmt::format("{} since {}", one.status, day(one.status_since)));
    shown.line("observation", "waarneming",
               cell_in("observation", one.observation, shown.lang()) +
                   (one.closure_candidate ? shown.in(", can be closed", ", kan worden gesloten") : ""));
    for (const auto& [field, value] : one.work) {
        if (field != "status" && field != "decided_condition") shown.field(field, value);
    }
    for (const OverviewMeasure& measure : all.measures) {
        if (measure.finding == finding.id)
            shown.line("measure", "beheersmaatregel",
                       fmt::format("{} {} ({})", measure.id, at(measure.work, "title"),
                                   cell_in("state", at(measure.work, "state"), shown.lang())));
    }
    for (const OverviewGround& ground : one.grounds) {
        const OverviewAnswer& answer = all.answers.at(static_cast<std::size_t>(ground.answer) - 1);
        shown.line("answer", "antwoord",
                   fmt::format(fmt::runtime(nl ? "{} {} ({}, {}; grondslag: {}; geldig tot {})"
                                               : "{} {} ({}, {}; on the ground of {}; valid until {})"),
                               answer.text.in(shown.lang()), answer.shown.in(shown.lang()), answer.by, day(answer.at),
                               answer.source.empty() ? shown.in("nothing named", "niet genoemd") : answer.source,
                               day(answer.expires)));
    }
    shown.line("because", "waarom", finding.because.in(shown.lang()));
    shown.line("advice", "advies", finding.advice.in(shown.lang()));
    shown.line("rule", "regel",
               nl ? fmt::format("{} versie {} ({})", finding.rule, finding.version, finding.policy)
                  : fmt::format("{} version {} ({})", finding.rule, finding.version, finding.policy));
}

void show_asset(const OverviewAsset& asset, const Shown& shown) {
    const bool nl = shown.lang() == "nl";
    std::printf("%s  %s (%s)\n", asset.uid.c_str(), asset.label.c_str(), cell_in("kind", asset.kind, shown.lang()).c_str());
    shown.fields(asset.work);
    for (const std::string& each : asset.strong) shown.line("goes by", "kenmerk", each);
    for (const std::string& each : asset.identifiers.ip) shown.line("ip", "ip", each);
    for (const std::string& each : asset.identifiers.hostname) shown.line("hostname", "hostnaam", each);
    for (const std::string& each : asset.aliases) shown.line("formerly", "voorheen", each);
    for (const auto& [field, belief] : asset.beliefs) {
        const std::string called = std::string(name(field));
        std::string value = belief.belief.value;
        if (nl && field == Field::category) value = shown.words().fact_value("category", Json(value));
        const std::string strength = nl ? shown.words()("strength_" + std::string(name(belief.belief.strength)))
                                        : std::string(name(belief.belief.strength));
        shown.line(nl ? shown.words().fact(called) : called,
                   fmt::format("{} ({})", belief.belief.contested ? shown.in("contested", "betwist") : value, strength));
    }
    shown.line("control", "zeggenschap", asset.country);
    shown.line("first seen", "eerst gezien", day(asset.first_seen));
    shown.line("last seen", "laatst gezien", day(asset.last_seen));
    if (asset.missed != 0)
        shown.line("missed", "gemist",
                   fmt::format(fmt::runtime(nl ? "in {} inventarisaties achtereen" : "in {} runs in a row"), asset.missed));
}

}  // namespace

int register_list(const RegisterAsked& asked) {
    const std::string& lang = asked.lang;
    if (asked.words.size() > 1)
        return refuse_register(
            either(lang, "list takes one word: findings, questions, assets, measures, assertions, settings, runs",
                   "list krijgt een woord: findings (bevindingen), questions (vragen), assets, measures (beheersmaatregelen), "
                   "assertions (vaststellingen), settings (instellingen), runs (inventarisaties)"));
    const std::string what = asked.words.empty() ? "findings" : list_meant(asked.words.front());
    const Register held = Register::open_to_read(asked.path);
    Overview all = overview(held, nullptr);
    if (asked.redact) {
        if (what == "assertions" || what == "settings")
            return refuse_register(
                either(lang, "--redact is for findings, questions, assets, measures and runs",
                       "--redact is voor bevindingen, vragen, assets, beheersmaatregelen en inventarisaties"));
        all = redacted(std::move(all));
    }
    std::optional<RowTable> table = table_of(what, held, all, asked);
    if (!table)
        return refuse_register(
            either(lang, "there is no list \"" + what + "\": findings, questions, assets, measures, assertions, settings, runs",
                   "er is geen lijst \"" + what + "\": findings, questions, assets, measures, assertions, settings, runs"));
    Problems problems;
    const std::string no_column = either(lang, "is no column of ", "is geen kolom van ") + what;
    for (const auto& [column, value] : asked.filters) {
        const std::size_t index = column_of(*table, column);
        if (index == table->columns.size()) {
            problems.push_back({"--" + column, no_column});
            continue;
        }
        std::erase_if(table->rows, [&](const auto& row) {
            return row[index] != value && cell_in(table->columns[index], row[index], "nl") != value;
        });
    }
    if (!sort_rows(*table, asked.sort)) problems.push_back({"--sort " + asked.sort, no_column});
    if (!problems.empty()) return complain(problems, lang);
    print_rows(std::move(*table), asked.format, all.tlp, lang);
    return exit_done;
}

int register_show(const RegisterAsked& asked) {
    if (asked.words.empty())
        return refuse_register(either(asked.lang, "show THING...: a finding, an asset, a measure",
                                      "show DING...: een bevinding, een asset, een beheersmaatregel"));
    const Register held = Register::open_to_read(asked.path);
    Overview all = overview(held, nullptr);
    add_answers(all, held);
    const Shown shown(asked.lang);
    for (const std::string& word : asked.words) {
        const Addressed meant = meant_by(all, word, asked.lang);
        if (meant.kind.empty()) return exit_usage;
        if (meant.kind == "finding") {
            for (const auto* list : {&all.findings, &all.questions}) {
                for (const OverviewFinding& one : *list) {
                    if (one.finding.id == meant.key) show_finding(one, all, shown);
                }
            }
        } else if (meant.kind == "asset") {
            show_asset(*all.asset(meant.key), shown);
        } else {
            std::printf("%s\n", word.c_str());
            shown.fields(work_of(held, meant.kind, meant.key));
        }
    }
    std::printf("TLP:%s\n", all.tlp.c_str());
    return exit_done;
}

}  // namespace herkomst
