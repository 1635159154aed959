#include "cli/rules_pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "assess/rules.h"
#include "assess/told.h"
#include "core/power.h"
#include "core/text.h"
#include "report/words.h"

namespace herkomst {

namespace {

std::string_view say(std::string_view language, std::string_view dutch, std::string_view english) {
    return language == "nl" ? dutch : english;
}

const FactColumn* fact_column(const PolicyPacks::RuleSummary& rule, std::string_view fact) {
    const auto columns = rule.over == "groups" ? group_columns() : fact_columns();
    const auto found = std::find_if(columns.begin(), columns.end(), [&](const FactColumn& c) { return c.name == fact; });
    return found == columns.end() ? nullptr : &*found;
}

std::string_view band_word(Band band, std::string_view language) {
    if (language != "nl") return name(band);
    switch (band) {
        case Band::Low:
            return "laag";
        case Band::Medium:
            return "middel";
        case Band::High:
            return "hoog";
        case Band::Critical:
            return "kritiek";
    }
    return "";
}

// The word of a list in Dutch; what is not in it stays.
template <std::size_t N>
std::string_view word_of(std::string_view word, std::string_view language,
                         const std::pair<std::string_view, std::string_view> (&dutch)[N]) {
    if (language != "nl") return word;
    for (const auto& [en, nl] : dutch) {
        if (word == en) return nl;
    }
    return word;
}

std::string_view group_word(std::string_view kind, std::string_view language) {
    static constexpr std::pair<std::string_view, std::string_view> dutch[] = {{"vendor", "leverancier"},
                                                                              {"parent", "moederbedrijf"},
                                                                              {"operator", "cloudbeheerder"},
                                                                              {"jurisdiction", "land"},
                                                                              {"site", "locatie"}};
    return word_of(kind, language, dutch);
}

// "network, vendordb": where a fact comes from.
std::string sources_text(std::string_view from, std::string_view language) {
    static constexpr std::pair<std::string_view, std::string_view> dutch[] = {
        {"network", "netwerk"}, {"inventory", "inventaris"}, {"derived", "afgeleid"}, {"vendordb", "leveranciersgegevens"},
        {"answer", "antwoord"}, {"order", "besluit"}};
    std::string out;
    for (const std::string_view part : split(from, ','))
        out += fmt::format("{}{}", out.empty() ? "" : ", ", word_of(trimmed(part), language, dutch));
    return out;
}

std::string_view per_word(std::string_view per, std::string_view language) {
    static constexpr std::pair<std::string_view, std::string_view> dutch[] = {
        {"asset", "per asset"},          {"supplier", "per leverancier"}, {"operator", "per cloudbeheerder"},
        {"organisation", "organisatie"}, {"site", "per locatie"},         {"zone", "per zone"},
        {"process", "per proces"},       {"product", "per type"}};
    return word_of(per, language, dutch);
}

std::string_view verdict_word(std::string_view verdict, std::string_view language) {
    static constexpr std::pair<std::string_view, std::string_view> dutch[] = {
        {"fires", "slaat aan"}, {"does_not", "slaat niet aan"}, {"undecided", "onbeslist"}};
    return word_of(verdict, language, dutch);
}

// What a fact is. In Dutch by the words of the report, which every fact that decides has.
std::string meaning_of(const FactColumn& column, const Words& words) {
    return words.lang() == "nl" && words.has_fact(column.name) ? words.fact(column.name) : std::string(column.meaning);
}

std::string_view asked_of(const PolicyPacks::RuleSummary& rule, std::string_view language) {
    if (rule.over == "groups") return say(language, "per groep", "per group");
    if (rule.ask == "vendor") return say(language, "per leverancier", "per supplier");
    if (rule.ask == "site") return say(language, "per locatie", "per site");
    return say(language, "per asset", "per asset");
}

}  // namespace

std::string rules_list(const PolicyPacks& packs, std::string_view language) {
    std::string out;
    for (const PolicyPacks::Pack& pack : packs.packs()) {
        const auto count = std::count_if(packs.rules().begin(), packs.rules().end(),
                                         [&](const PolicyPacks::RuleSummary& rule) { return rule.policy == pack.name; });
        out +=
            fmt::format("{}{}  {} ({} {}{})\n", out.empty() ? "" : "\n", pack.name, pack.title.in(language), count,
                        count == 1 ? say(language, "regel", "rule") : say(language, "regels", "rules"),
                        pack.by_default ? say(language, ", geldt als niets is gekozen", ", applies when none is chosen") : "");
        if (!pack.about.in(language).empty()) out += fmt::format("  {}\n", pack.about.in(language));
        for (const PolicyPacks::RuleSummary& rule : packs.rules()) {
            if (rule.policy != pack.name) continue;
            out += fmt::format("  {:38} v{} {:9} {}{}\n", rule.id, rule.version,
                               rule.consideration.empty() ? "-" : rule.consideration, rule.title.in(language),
                               rule.replaces ? say(language, "  [vervangt een meegeleverde regel]",
                                                   "  [replaces a rule that ships with herkomst]")
                                             : "");
        }
    }
    for (const Order& order : packs.orders()) {
        out +=
            fmt::format("{} {}: {}, {}, {} {} ({})\n", say(language, "besluit", "order"), order.key, order.authority,
                        order.legal_basis, say(language, "uiterlijk", "until"), order.deadline,
                        order.is_signed ? say(language, "ondertekend", "signed") : say(language, "eigen gegevens", "own data"));
    }
    return out;
}

std::string rule_page(const PolicyPacks& packs, const PolicyPacks::RuleSummary& rule, std::string_view language) {
    std::string out = fmt::format("{}\n  {}/{} {} {}, {}\n  {}\n", rule.title.in(language), rule.policy, rule.id,
                                  say(language, "versie", "version"), rule.version, rule.hash, rule.file);
    out += fmt::format("  {}: {}; {} {}\n", say(language, "tabel", "over"),
                       rule.over == "groups" ? say(language, "groepen", "groups") : say(language, "assets", "assets"),
                       say(language, "vragen worden gesteld", "questions are asked"), asked_of(rule, language));
    if (!rule.consideration.empty())
        out += fmt::format("  {} {}\n", say(language, "overweging", "consideration"), rule.consideration);
    out += fmt::format("\n{}\n  {}\n{}\n  {} = {}\n  {} = {}\n", say(language, "WANNEER", "WHEN"), rule.when,
                       say(language, "HOE ERNSTIG", "HOW BAD"), say(language, "kans", "likelihood"), rule.likelihood,
                       say(language, "impact", "impact"), rule.impact);
    const Words words{std::string(language)};
    for (const Rule& loaded : packs.loaded()->rules) {
        if (loaded.summary.id != rule.id) continue;
        out += fmt::format("{}\n  {}\n", say(language, "OMDAT", "BECAUSE"), loaded.because.in(language));
        out += fmt::format("{}\n  {}\n", say(language, "ADVIES", "ADVICE"), rule.advice.in(language));
        out += fmt::format("{}\n", say(language, "FEITEN DIE BESLISSEN", "FACTS THAT DECIDE"));
        for (const std::string& fact : rule.uses) {
            const FactColumn* column = fact_column(rule, fact);
            if (column == nullptr) continue;
            out += fmt::format("  {:28} {}\n    {}\n", fact, sources_text(column->from, language), meaning_of(*column, words));
            if (!column->asks_nl.empty())
                out += fmt::format("    {} ({}): {}\n", say(language, "vraag", "question"), per_word(column->per, language),
                                   say(language, column->asks_nl, column->asks_en));
        }
        out += fmt::format("{}\n", say(language, "VOORBEELDEN", "EXAMPLES"));
        for (const RuleExample& example : loaded.examples) {
            const auto told = [&](bool always_known) {
                std::string facts;
                for (const auto& [fact, value] : example.facts) {
                    const FactColumn* column = fact_column(rule, fact);
                    if (column != nullptr && column->always_known == always_known)
                        facts += fmt::format(" {}={}", fact, write_json(value));
                }
                return facts;
            };
            // What is always known decides nothing, except where nothing else is read.
            std::string facts = told(false);
            if (facts.empty()) facts = told(true);
            out += fmt::format("  {:{}}{}\n", verdict_word(example.verdict, language), language == "nl" ? 14 : 10, facts);
        }
    }
    if (!rule.references.empty()) out += fmt::format("{}\n", say(language, "GRONDSLAG", "REFERENCES"));
    for (const Reference& reference : rule.references)
        out +=
            fmt::format("  {}{}{}\n", reference.title.in(language), reference.address.empty() ? "" : "  ", reference.address);
    return out;
}

std::string coverage_table(const PolicyPacks& packs, std::string_view language) {
    std::string out(say(language, "| pakket | regel | feiten die beslissen | waar zij vandaan komen |\n|---|---|---|---|\n",
                        "| pack | rule | facts that decide | where they come from |\n|---|---|---|---|\n"));
    for (const PolicyPacks::RuleSummary& rule : packs.rules()) {
        std::map<std::string_view, std::vector<std::string>> from;
        for (const std::string& fact : rule.uses) {
            const FactColumn* column = fact_column(rule, fact);
            if (column != nullptr) from[column->from].push_back(fact);
        }
        std::string places;
        for (const auto& [place, facts] : from)
            places +=
                fmt::format("{}{}: `{}`", places.empty() ? "" : "; ", sources_text(place, language), fmt::join(facts, "` `"));
        out += fmt::format("| {} | `{}` | {} | {} |\n", rule.policy, rule.id, rule.uses.size(), places);
    }
    return out;
}

std::string simulation_page(const Simulated& simulated, const std::vector<Supposition>& supposed, std::string_view language) {
    std::string out;
    for (const Supposition& one : supposed)
        out += fmt::format("{}: {} ({}).\n", say(language, "Stel", "Suppose"), one.words.in(language), one.option);
    out += fmt::format(
        "{}\n\n",
        say(language, "Wat hieronder staat volgt uit die aanname en is geen bevinding over deze leveranciers of apparaten.",
            "What follows rests on that assumption and is no finding about these suppliers or devices."));
    out += fmt::format("{}: {}\n",
                       say(language, "Assets die anders zouden worden beoordeeld", "Assets that would be judged otherwise"),
                       simulated.rows_changed);
    const auto heading = [&](std::string_view what) {
        if (what == "opened") return say(language, "Bevindingen die erbij zouden komen", "Findings that would open");
        if (what == "band")
            return say(language, "Bevindingen die een ander risiconiveau zouden krijgen",
                       "Findings that would get another band");
        if (what == "closed") return say(language, "Bevindingen die zouden vervallen", "Findings that would close");
        if (what == "asked") return say(language, "Vragen die erbij zouden komen", "Questions that would be asked");
        return say(language, "Vragen die zouden vervallen", "Questions that would go");
    };
    std::string_view last;
    for (const Simulated::Change& change : simulated.changes) {
        if (change.what != last) out += fmt::format("\n{}\n", heading(change.what));
        last = change.what;
        const std::string band =
            change.before == change.after || change.what == "opened"
                ? std::string(band_word(change.after, language))
                : fmt::format("{} -> {}", band_word(change.before, language), band_word(change.after, language));
        out += fmt::format("  [{}] {} ({})\n      {}\n", band, told_title(change.finding, language), change.finding.rule,
                           told_because(change.finding, language));
    }
    if (simulated.changes.empty())
        out += fmt::format("\n{}\n",
                           say(language, "Geen bevinding of vraag zou veranderen.", "No finding or question would change."));
    if (!simulated.powers.empty()) out += fmt::format("\n{}\n", say(language, "Schakelbaar vermogen", "Switchable power"));
    for (const Simulated::Power& power : simulated.powers) {
        const auto side = [&](std::int64_t watts, std::uint64_t unknown) {
            const std::string known = power_text(watts, language == "nl");
            return unknown == 0 ? known : fmt::format("{} + {} {}", known, unknown, say(language, "onbekend", "unknown"));
        };
        out += fmt::format("  {:14} {:28} {} -> {}\n", group_word(power.kind, language), power.title.in(language),
                           side(power.before, power.unknown_before), side(power.after, power.unknown_after));
    }
    return out + fmt::format("\n{}\n{}\n",
                             say(language, "Het register is alleen gelezen; er is niets in gewijzigd.",
                                 "The register was read only; nothing in it was changed."),
                             disclaimer(language));
}

}  // namespace herkomst
