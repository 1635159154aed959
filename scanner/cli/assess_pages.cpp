#include "cli/assess_pages.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "assess/rated.h"
#include "assess/told.h"
#include "cli/terminal.h"
#include "core/counted.h"
#include "core/text.h"
#include "register/called.h"
#include "report/words.h"

namespace herkomst {

namespace {

struct Says {
    bool nl;
    [[nodiscard]] const char* operator()(const char* dutch, const char* english) const { return nl ? dutch : english; }
};

const char* shown_word(Band band, bool nl) {
    switch (band) {
        case Band::Low:
            return nl ? "laag" : "low";
        case Band::Medium:
            return nl ? "middel" : "medium";
        case Band::High:
            return nl ? "hoog" : "high";
        case Band::Critical:
            return nl ? "kritiek" : "critical";
    }
    return "";
}

const char* shown_word(const std::string& outcome, bool nl) {
    if (outcome == "yes") return nl ? "ja" : "yes";
    if (outcome == "no") return nl ? "nee" : "no";
    return nl ? "weet niet" : "unknown";
}

std::string subject_of(const OverviewFinding& finding, const std::string& language) {
    const std::string& text = finding.subject_texts.in(language);
    return text.empty() ? finding.subject_label : text;
}

std::string subject_label(const FindingSubject& subject, const Overview& all, const std::string& language) {
    for (const Group& group : all.groups) {
        const std::string& title = group.title.in(language);
        if (group.kind == subject.kind && group.key == subject.key && !title.empty()) return title;
    }
    if (subject.kind != "asset") return subject.key.empty() ? called(CodeList::Kind, subject.kind, language) : subject.key;
    const OverviewAsset* asset = all.asset(subject.key);
    return asset == nullptr ? subject.key : asset->label;
}

}  // namespace

std::string what_changes(const SiteJudged& judged, const Overview& all, const std::string& language) {
    const Says words{language == "nl"};
    std::map<std::string, const Finding*> now;
    for (const Finding& finding : judged.findings) now[finding.id] = &finding;
    std::set<std::string> stood;
    // One that was refuted since stands anew.
    for (const OverviewFinding& open : all.findings) {
        if (open.observation != "refuted") stood.insert(open.finding.id);
    }
    std::size_t fresh = 0;
    std::size_t decided = 0;
    std::size_t refuted = 0;
    std::string lines;
    for (const Finding& finding : judged.findings) {
        if (finding.verdict != Ruling::Open || stood.contains(finding.id)) continue;
        ++fresh;
        lines += fmt::format("  {}: {} ({})\n", words("bevinding", "finding"), finding.title.in(language),
                             clean(subject_label(finding.subject, all, language)));
    }
    for (const OverviewFinding& question : all.questions) {
        const auto found = now.find(question.finding.id);
        if (question.observation == "refuted" || (found != now.end() && found->second->verdict == Ruling::Question)) continue;
        ++decided;
        lines += fmt::format("  {}: {} ({})\n", words("vraag vervalt", "no question any more"),
                             told_title(question.finding, language), clean(subject_of(question, language)));
    }
    for (const OverviewFinding& open : all.findings) {
        const auto found = now.find(open.finding.id);
        if (open.observation == "refuted" || (found != now.end() && found->second->verdict == Ruling::Open)) continue;
        ++refuted;
        lines += fmt::format("  {}: {} ({})\n", words("geldt niet meer", "does not hold any more"),
                             open.finding.title.in(language), clean(subject_of(open, language)));
    }
    if (lines.empty()) return {};
    return fmt::format(
        fmt::runtime(words("\nMet deze antwoorden: {}, {} geveld, {}.\nHet register neemt dit over bij de volgende scan.\n{}",
                           "\nWith these answers: {}, {} decided, {}.\nThe register takes this over with the next scan.\n{}")),
        counted(fresh, words("nieuwe bevinding", "new finding"), words("nieuwe bevindingen", "new findings")),
        counted(decided, words("oordeel", "question of a rule"), words("oordelen", "questions of rules")),
        counted(refuted, words("bevinding die niet meer geldt", "finding that does not hold any more"),
                words("bevindingen die niet meer gelden", "findings that do not hold any more")),
        lines);
}

std::string status_page(const std::vector<Ask>& asks, const SiteJudged& judged, const AnswerBook& book,
                        const AssessedSite& site, const Questionnaire& asked, const AskOptions& how) {
    const Says words{how.language == "nl"};
    std::string out =
        fmt::format("{}  ({})\n{}\n\n", asked.title.in(how.language), asked.named(), asked.about.in(how.language));
    for (const Questionnaire::Section& section : asked.sections) {
        std::size_t all = 0;
        std::size_t open = 0;
        std::size_t unknown = 0;
        for (const Ask& ask : asks) {
            if (ask.question->section != section.id) continue;
            ++all;
            open += ask.open ? 1 : 0;
            unknown += !ask.open && ask.held->unknown() ? 1 : 0;
        }
        if (all == 0) continue;
        out += fmt::format(fmt::runtime(words("{}: {} van {} beantwoord", "{}: {} of {} answered")),
                           section.title.in(how.language), all - open, all);
        if (unknown != 0)
            out += fmt::format(fmt::runtime(words(", waarvan {} met \"weet niet\"", ", {} of them with \"do not know\"")),
                               unknown);
        out += "\n";
    }
    const auto waiting = [](const Ask& ask) { return ask.open && !ask.waiting.empty(); };
    if (std::any_of(asks.begin(), asks.end(), waiting)) {
        out += words("\nRegels wachten op (wat het meest beslist eerst):\n", "\nRules wait for (what decides most first):\n");
        std::vector<Ask> first = asks;
        most_deciding_first(first);
        // One question, and about whom it is still open.
        std::vector<bool> said(first.size(), false);
        for (std::size_t i = 0; i < first.size(); ++i) {
            if (said[i] || !waiting(first[i])) continue;
            std::string about = clean(first[i].label);
            auto verdicts = first[i].verdicts;
            for (std::size_t next = i + 1; next < first.size(); ++next) {
                const bool same = first[next].question == first[i].question && first[next].waiting == first[i].waiting;
                if (said[next] || !same || !waiting(first[next])) continue;
                said[next] = true;
                about += ", " + clean(first[next].label);
                verdicts += first[next].verdicts;
            }
            out += fmt::format("  {:3} {} ({})\n      {}\n", verdicts, first[i].question->text.in(how.language),
                               join(first[i].waiting, ", "), about);
        }
    }
    const AsksCount count = count_of(asks, judged.findings);
    out += fmt::format(
        fmt::runtime(words("\nNodig voor een oordeel: {} van {}; {} daarop.\n"
                           "Voor vollediger beoordelingen: nog {}. Bij {} stelt de scan een antwoord voor.\n",
                           "\nNeeded for a verdict: {} of {}; {} for them.\n"
                           "For more complete ratings: {} more. To {} the scan proposes an answer.\n")),
        count.needed, counted(count.open, words("open vraag", "open question"), words("open vragen", "open questions")),
        counted(count.verdicts, words("oordeel wacht", "question of a rule waits"),
                words("oordelen wachten", "questions of rules wait")),
        count.open - count.needed, counted(count.proposed, words("vraag", "question"), words("vragen", "questions")));
    std::string ended;
    for (const GivenAnswer* answer : book.all()) {
        if (answer->holds(how.now)) continue;
        const Question* question = asked.question(answer->question);
        const OverviewAsset* asset = site.all().asset(answer->key);
        std::string about = asset == nullptr ? label_of({answer->scope, answer->key}, {}, {}, how.language) : asset->label;
        if (about.empty()) about = answer->key;
        ended += fmt::format(
            fmt::runtime(words("  {} ({}): verlopen op {}, beantwoord door {}\n", "  {} ({}): ended on {}, answered by {}\n")),
            question == nullptr ? answer->question : question->text.in(how.language), clean(about), day_part(answer->expires),
            clean(answer->by));
    }
    if (!ended.empty()) out += words("\nVerlopen antwoorden:\n", "\nAnswers that have ended:\n") + ended;
    if (!judged.answered.contradictions.empty()) {
        out += words(
            "\nAntwoord en waarneming spreken elkaar tegen (de waarneming "
            "blijft staan):\n",
            "\nAnswer and observation contradict each other (what was "
            "observed stays):\n");
        const Words shown{how.language};
        for (const Contradiction& one : judged.answered.contradictions) {
            const OverviewAsset* asset = site.all().asset(one.asset);
            const Question* question = asked.question(one.answer.question);
            const std::string value =
                question == nullptr ? one.answer.value : asked.scale_of(*question).shown(one.answer.value, how.language);
            out += fmt::format(fmt::runtime(words("  {}: {} = {}, maar {} antwoordde op de vraag \"{}\": \"{}\"\n",
                                                  "  {}: {} = {}, but {} answered the question \"{}\": \"{}\"\n")),
                               asset == nullptr ? one.asset : asset->label, shown.fact(one.fact),
                               clean(shown.fact_value(one.fact, one.known)), clean(one.answer.by),
                               question == nullptr ? one.answer.question : question->text.in(how.language), clean(value));
            // What a source of ours describes was not observed for that: there is nothing to report, but two papers to compare.
            const bool seen = one.fact.starts_with("remote_observed") || one.fact.starts_with("remote_exposed");
            if (one.answer.question == "product-documented" && !seen)
                out += words(
                    "    Een bron noemt de functie, uw document niet: leg beide "
                    "naast elkaar.\n",
                    "    A source names the function, your document does not: "
                    "compare the two.\n");
            if ((one.answer.question == "product-documented" || one.answer.question == "product-remote") && seen)
                out += words(
                    "    Een functie die is waargenomen maar niet is "
                    "beschreven: meld dat aan de leverancier en aan de RDI.\n",
                    "    A function that was observed and not described: "
                    "report that to the supplier and to the RDI.\n");
        }
    }
    return out;
}

std::vector<Json> status_lines(const std::vector<Ask>& asks, const SiteJudged& judged, const AnswerBook& book) {
    std::vector<Json> out;
    for (const Ask& ask : asks) {
        Json line = Json::object();
        line["type"] = "ask";
        line["question"] = ask.question->id;
        line["scope"] = name(ask.place.scope);
        line["key"] = ask.place.key;
        line["label"] = ask.label;
        line["open"] = ask.open;
        line["assets"] = static_cast<std::uint64_t>(ask.assets.size());
        line["verdicts"] = static_cast<std::uint64_t>(ask.verdicts);
        for (const std::string& rule : ask.waiting) line["waiting"].push(rule);
        if (!ask.proposal.empty()) {
            line["proposal"] = ask.proposal;
            line["proposal_from"] = ask.proposal_from;
        }
        out.push_back(std::move(line));
    }
    for (const GivenAnswer* answer : book.all()) out.push_back(to_json(*answer));
    for (const Contradiction& one : judged.answered.contradictions) {
        Json line = Json::object();
        line["type"] = "contradiction";
        line["asset"] = one.asset;
        line["fact"] = one.fact;
        line["known"] = one.known;
        line["answer"] = to_json(one.answer);
        out.push_back(std::move(line));
    }
    return out;
}

Json to_json(const RatedFinding& rated) {
    Json line = to_json(rated.rating);
    line["type"] = "rating";
    line["finding"] = rated.finding.id;
    line["subject"] = JsonObject{{"kind", Json(rated.finding.subject.kind)}, {"key", Json(rated.finding.subject.key)}};
    return line;
}

std::vector<RatedFinding> ratings(const AssessedSite& site, const Criteria& criteria, const SiteJudged& judged,
                                  const AnswerBook& book, const AskOptions& how, const MeasureMeanings* meanings) {
    std::vector<RatedFinding> out;
    for (const Finding& finding : judged.findings) {
        if (finding.verdict != Ruling::Open || !is_rated(finding.rule)) continue;
        if (!how.asset.empty() && finding.subject.key != how.asset) continue;
        out.push_back({finding, subject_label(finding.subject, site.all(), how.language),
                       site.rating(criteria, finding, judged, book, how.now, meanings)});
    }
    std::stable_sort(out.begin(), out.end(), [](const RatedFinding& a, const RatedFinding& b) {
        return std::tuple(b.rating.residual, b.rating.inherent, a.finding.rule, a.finding.subject) <
               std::tuple(a.rating.residual, a.rating.inherent, b.finding.rule, b.finding.subject);
    });
    return out;
}

std::string rating_page(const std::vector<RatedFinding>& rated, const Criteria& criteria, const Questionnaire& asked,
                        const std::string& language) {
    const Says words{language == "nl"};
    std::string out = fmt::format("{}  ({})\n{}\n{}\n\n", criteria.title.in(language), criteria.named(),
                                  criteria.note.in(language), asked.about.in(language));
    for (const RatedFinding& one : rated) {
        const Rating& rating = one.rating;
        out += fmt::format("{}: {}\n", clean(one.label), one.finding.title.in(language));
        out +=
            fmt::format(fmt::runtime(words("  inherent risico {}, restrisico {}; {} van {} gegevens bekend{}\n",
                                           "  inherent risk {}, residual risk {}; {} of {} inputs known{}\n")),
                        shown_word(rating.inherent, words.nl), shown_word(rating.residual, words.nl), rating.known, rating.of,
                        !provisional(rating)
                            ? ""
                            : words(" (voorlopig: wat onbekend is, telt als ongunstig; \"weet niet\" verlaagt het niveau niet)",
                                    " (provisional: what is unknown counts as unfavourable; no unknown lowers the band)"));
        std::vector<std::string> considerations;
        for (const auto& [id, outcome] : rating.considerations)
            considerations.push_back(fmt::format("{} {}", id, shown_word(outcome, words.nl)));
        out += fmt::format("  {}: {}\n", words("overwegingen", "considerations"), join(considerations, ", "));
        out += fmt::format("  {}\n", rating.decision_text.in(language));
    }
    if (rated.empty()) out += words("Er is geen bevinding.\n", "No finding stands.\n");
    return out;
}

}  // namespace herkomst
