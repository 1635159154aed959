// herkomst register show: all of one thing.
#include <fmt/core.h>

#include <algorithm>
#include <cstdio>

#include "assess/rated.h"
#include "assess/told.h"
#include "assess/ways_out.h"
#include "cli/assess_answers.h"
#include "cli/grounds.h"
#include "cli/register_actions.h"
#include "cli/terminal.h"
#include "core/counted.h"
#include "core/printed.h"
#include "register/called.h"
#include "register/history.h"
#include "register/known.h"
#include "report/words.h"

namespace herkomst {

namespace {

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
        std::printf("  %s%*s %s\n", what.c_str(), static_cast<int>(most > shown ? most - shown : 0), "",
                    printed(value).c_str());
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

// The last run judged with it; it may have been taken back since.
std::string since_withdrawn(const OverviewAnswer& answer, const AnswerBook& today, const Shown& shown) {
    const auto scope = scope_named(answer.scope);
    const GivenAnswer* held = scope ? today.about(answer.question, {*scope, answer.key}) : nullptr;
    // An earlier one stands there when what overruled it is gone.
    return held != nullptr && held->at >= answer.at ? "" : shown.in("; withdrawn since", "; sindsdien ingetrokken");
}

void show_finding(const OverviewFinding& one, const Overview& all, const AnswerBook& today, const Shown& shown) {
    const Finding& finding = one.finding;
    const bool nl = shown.lang() == "nl";
    const auto steps = [&](Band band, int likelihood, int impact) {
        return nl ? fmt::format("{} (kans {} x impact {})", shown.band(band), likelihood, impact)
                  : fmt::format("{} (likelihood {} x impact {})", shown.band(band), likelihood, impact);
    };
    const std::string& subject = one.subject_texts.in(shown.lang());
    std::printf("%s  %s: %s\n", printed(finding.id).c_str(), printed(subject.empty() ? one.subject_label : subject).c_str(),
                printed(told_title(finding, shown.lang())).c_str());
    const bool open = finding.verdict == Ruling::Open;
    shown.line("verdict", "oordeel", nl ? (open ? "bevinding" : "open vraag") : std::string(name(finding.verdict)));
    const bool by_rating = one.rating && rating_decides(finding.band, *one.rating);
    shown.line("band", "niveau",
               fmt::format("{} ({})", shown.band(one.leading()),
                           by_rating ? shown.in("of its rating, with measures", "van de beoordeling, met beheersmaatregelen")
                                     : shown.in("of its rule", "van de regel")));
    shown.line("by its rule", "niveau volgens de regel", steps(finding.band, finding.likelihood, finding.impact));
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
               nl ? fmt::format("{} sinds {}", cell_in("status", one.status, "nl"), day_part(one.status_since))
                  : fmt::format("{} since {}", one.status, day_part(one.status_since)));
    shown.line("observation", "waarneming",
               cell_in("observation", one.observation, shown.lang()) +
                   (one.closure_candidate ? shown.in(", can be closed", ", kan worden gesloten") : ""));
    for (const auto& [field, value] : one.work) {
        if (field != "status" && field != "decided_condition") shown.field(field, value);
    }
    for (const OverviewMeasure& measure : all.measures) {
        if (measure.finding == finding.id)
            shown.line("measure", "beheersmaatregel",
                       fmt::format("{} {} ({})", measure.id, work_field(measure.work, "title"),
                                   cell_in("state", work_field(measure.work, "state"), shown.lang())));
    }
    for (const OverviewGround& ground : one.grounds) {
        const OverviewAnswer& answer = all.answers.at(static_cast<std::size_t>(ground.answer) - 1);
        shown.line("answer", "antwoord",
                   fmt::format(fmt::runtime(nl ? "{} {} ({}, {}; grondslag: {}; geldig tot {})"
                                               : "{} {} ({}, {}; on the ground of {}; valid until {})"),
                               answer.text.in(shown.lang()), answer.shown.in(shown.lang()), answer.by, day_part(answer.at),
                               answer.source.empty() ? shown.in("nothing named", "niet genoemd") : answer.source,
                               day_part(answer.expires)) +
                       since_withdrawn(answer, today, shown));
    }
    shown.line("because", "waarom", told_because(finding, shown.lang()));
    shown.line("advice", "advies", finding.advice.in(shown.lang()));
    shown.line("rule", "regel",
               nl ? fmt::format("{} versie {} ({})", finding.rule, finding.version, finding.policy)
                  : fmt::format("{} version {} ({})", finding.rule, finding.version, finding.policy));
}

// Listed as cut off, and seen outside since that was said (assess/ways_out.h).
std::string since_seen_outside(const OverviewAsset& asset, const Register& held, const Shown& shown) {
    const Belief* blocked = asset.belief(Field::remote_blocked);
    const auto fact = asset.facts.find("outside_seen");
    const auto seen = fact == asset.facts.end() ? std::nullopt : parse_rfc3339(fact->second.string());
    if (!seen || !flag_of(blocked).value_or(false)) return {};
    const auto said = last_said(held, asset.uid, Field::remote_blocked, blocked->value);
    if (said && *seen <= *said) return {};
    return fmt::format(fmt::runtime(shown.in(", does not count: since then a way out was seen ({})",
                                             ", telt niet: daarna is een weg naar buiten gezien ({})")),
                       Words::moment(*seen));
}

void show_asset(const OverviewAsset& asset, const Register& held, const Shown& shown) {
    const bool nl = shown.lang() == "nl";
    std::printf("%s  %s (%s)\n", printed(asset.uid).c_str(), printed(asset.label).c_str(),
                printed(cell_in("kind", asset.kind, shown.lang())).c_str());
    shown.fields(asset.work);
    for (const std::string& each : asset.strong) shown.line("goes by", "kenmerk", each);
    for (const std::string& each : asset.identifiers.ip) shown.line("ip", "ip", each);
    for (const std::string& each : asset.identifiers.hostname) shown.line("hostname", "hostnaam", each);
    for (const std::string& each : asset.aliases) shown.line("formerly", "voorheen", each);
    for (const auto& [field, belief] : asset.beliefs) {
        const std::string called = std::string(name(field));
        std::string value = belief.belief.value;
        if (nl) value = shown.words().field_value(called, value);
        if (field == Field::remote_blocked) value += since_seen_outside(asset, held, shown);
        const std::string strength = nl ? shown.words()("strength_" + std::string(name(belief.belief.strength)))
                                        : std::string(name(belief.belief.strength));
        shown.line(nl ? shown.words().field(called) : called,
                   fmt::format("{} ({})", belief.belief.contested ? shown.in("contested", "betwist") : value, strength));
    }
    shown.line("control", "zeggenschap", asset.country);
    shown.line("first seen", "eerst gezien", day_part(asset.first_seen));
    shown.line("last seen", "laatst gezien", day_part(asset.last_seen));
    shown.line("observation", "waarneming", cell_in("observation", asset.observation, shown.lang()));
    if (asset.missed != 0)
        shown.line("missed", "gemist",
                   fmt::format(fmt::runtime(nl ? "in {} achtereen" : "in {} in a row"),
                               counted(static_cast<std::uint64_t>(asset.missed), shown.in("run", "inventarisatie"),
                                       shown.in("runs", "inventarisaties"))));
}

}  // namespace

bool thing_is_there(const Addressed& thing, const Register& held, const Overview& all) {
    if (thing.kind == "asset" || thing.kind == "finding" || !work_of(held, thing.kind, thing.key).empty()) return true;
    if (thing.kind == "site" && thing.key == all.site) return true;
    if (thing.kind == "setting") {
        const auto settings = settings_of(held);
        return std::any_of(settings.begin(), settings.end(), [&](const auto& each) { return each.first == thing.key; });
    }
    if (std::any_of(all.assets.begin(), all.assets.end(), [&](const OverviewAsset& asset) {
            return (thing.kind == "supplier" && asset.maker == thing.key) ||
                   ((thing.kind == "zone" || thing.kind == "process") && work_field(asset.work, thing.kind) == thing.key);
        }))
        return true;
    return !history(held, thing.kind, thing.key).empty();
}

int refuse_thing(const Addressed& thing, const std::string& lang) {
    const std::string kind = called(CodeList::Kind, thing.kind, lang);
    return refuse_register(
        either(lang, "there is no " + kind + " \"" + thing.key + "\"", "er is geen " + kind + " \"" + thing.key + "\""));
}

int register_show(const RegisterAsked& asked) {
    if (asked.words.empty())
        return refuse_register(either(asked.lang, "show THING...: a finding, an asset, a measure",
                                      "show DING...: een bevinding, een asset, een beheersmaatregel"));
    const Register held = Register::open_to_read(asked.path);
    Overview all = overview(held, nullptr);
    add_answers(all, held, asked.act.now);
    const AnswerBook today = book_of(held, asked.act.now);
    const Shown shown(asked.lang);
    bool outcome = false;
    for (const std::string& word : asked.words) {
        const Addressed meant = meant_by(all, word, asked.lang);
        if (meant.kind.empty()) return exit_usage;
        if (!thing_is_there(meant, held, all)) return refuse_thing(meant, asked.lang);
        if (meant.kind == "finding") {
            for (const auto* list : {&all.findings, &all.questions}) {
                for (const OverviewFinding& one : *list) {
                    if (one.finding.id == meant.key) show_finding(one, all, today, shown);
                }
            }
            outcome = true;
        } else if (meant.kind == "asset") {
            show_asset(*all.asset(meant.key), held, shown);
        } else {
            std::printf("%s\n", printed(word).c_str());
            shown.fields(work_of(held, meant.kind, meant.key));
        }
    }
    if (outcome) std::printf("%s\n", std::string(disclaimer(asked.lang)).c_str());
    std::printf("TLP:%s\n", all.tlp.c_str());
    return exit_done;
}

}  // namespace herkomst
