#include "cli/assess_withdraw.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <set>
#include <vector>

#include "cli/assess_answers.h"
#include "cli/command.h"
#include "cli/terminal.h"
#include "core/counted.h"
#include "core/printed.h"
#include "core/text.h"
#include "register/answers.h"
#include "report/problem_words.h"

namespace herkomst {

namespace {

std::string scope_and_key(const GivenAnswer& answer) {
    std::string out(name(answer.scope));
    if (!answer.key.empty()) out += ":" + answer.key;
    return out;
}

std::string called_about(const GivenAnswer& answer, const AssessedSite& site, const std::string& lang) {
    const OverviewAsset* asset = answer.scope == AnswerScope::Asset ? site.all().asset(answer.key) : nullptr;
    if (asset != nullptr) return asset->label;
    const std::string label = label_of({answer.scope, answer.key}, {}, {}, lang);
    return label.empty() ? answer.key : label;
}

// "Ja" (demo), beantwoord door A. Analist op 2026-11-21
std::string as_said(const GivenAnswer& answer, const AssessedSite& site, const Questionnaire& asked, const std::string& lang) {
    const Question* question = asked.question(answer.question);
    const std::string value = question == nullptr ? answer.value : asked.scale_of(*question).shown(answer.value, lang);
    return fmt::format(
        fmt::runtime(lang == "nl" ? "\"{}\" ({}), beantwoord door {} op {}" : "\"{}\" ({}), answered by {} on {}"), value,
        called_about(answer, site, lang), answer.by, rfc3339(answer.at).substr(0, 10));
}

bool is_meant(const GivenAnswer& answer, std::string_view about, const AssessedSite& site, const std::string& lang) {
    if (about.empty()) return true;
    const auto same = [&](const std::string& each) { return equal_ignoring_case(each, about); };
    return same(std::string(name(answer.scope))) || same(answer.key) || same(scope_and_key(answer)) ||
           same(called_about(answer, site, lang));
}

int refuse_withdrawal(const std::vector<const GivenAnswer*>& there, const std::string& sentence, const AssessedSite& site,
                      const Questionnaire& asked, const std::string& lang) {
    std::fprintf(stderr, "herkomst assess: %s\n", printed(sentence).c_str());
    for (const GivenAnswer* each : there) {
        const Question* question = asked.question(each->question);
        std::fprintf(stderr, "  %s\n", printed(each->question + "@" + scope_and_key(*each)).c_str());
        if (question != nullptr) std::fprintf(stderr, "    %s\n", printed(question->text.in(lang)).c_str());
        std::fprintf(stderr, "    %s\n", printed(as_said(*each, site, asked, lang)).c_str());
    }
    return exit_usage;
}

struct Left {
    std::optional<GivenAnswer> instead;  // what stands there now; whether it counts is another thing
    std::size_t narrower = 0;            // answers that count, about single things of what it was about
};

// What stands for one thing that the answer held for.
const GivenAnswer* stands_for(const AnswerPlace& gone, const Question& question, const AnswerBook& book,
                              const AnswerSubject& subject, const Facts& facts) {
    if (gone.scope == AnswerScope::Asset) return book.for_asset(question, subject, facts);
    const std::optional<AnswerPlace> wider = broader(gone, subject);
    return wider ? book.holding_at(question.id, *wider, subject) : nullptr;
}

// Without the answer that is gone.
Left left_of(const AnswerPlace& gone, const Question& question, const AnswerBook& book, const AssessedSite& site, Time now) {
    Left out;
    const std::vector<FactsRow> rows = site.judged(book, now).rows;
    const bool of_asset = gone.scope == AnswerScope::Asset;
    std::set<AnswerPlace> narrower;
    bool first = true;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const AnswerSubject& subject = site.subjects()[i];
        const Facts& facts = rows[i].facts;
        const AnswerPlace own{AnswerScope::Asset, subject.uid};
        if ((of_asset ? own : place_of(gone.scope, subject, facts)) != gone) continue;
        if (first) {
            if (const GivenAnswer* stands = stands_for(gone, question, book, subject, facts)) out.instead = *stands;
            first = false;
        }
        if (of_asset) break;
        narrower.insert(own);
        for (std::optional<AnswerPlace> at = place_of(question.scope, subject, facts); at && *at != gone;
             at = broader(*at, subject))
            narrower.insert(*at);
    }
    out.narrower = static_cast<std::size_t>(std::count_if(narrower.begin(), narrower.end(), [&](const AnswerPlace& place) {
        const GivenAnswer* said = book.about(question.id, place);
        return said != nullptr && counts(question, *said, now);
    }));
    return out;
}

// Why it is no answer; empty: it is one.
std::string why_not(const Question& question, const GivenAnswer& answer, Time now, bool nl) {
    if (counts(question, answer, now)) return {};
    if (!answer.holds(now))
        return fmt::format(fmt::runtime(nl ? "het antwoord van {} is verlopen op {} en telt daarom niet"
                                           : "{}'s answer ended on {}, so it does not count"),
                           answer.by, rfc3339(answer.expires).substr(0, 10));
    if (answer.unknown()) return fmt::format(fmt::runtime(nl ? "{} weet het niet" : "{} does not know"), answer.by);
    return fmt::format(fmt::runtime(nl ? "het antwoord van {} noemt geen bron en telt daarom niet"
                                       : "{}'s answer names no source, so it does not count"),
                       answer.by);
}

void tell_left(const Left& left, const Question& question, const GivenAnswer& gone, const AssessedSite& site,
               const Questionnaire& asked, const WithdrawAsked& how) {
    const bool nl = how.lang == "nl";
    const std::string why = left.instead ? why_not(question, *left.instead, how.now, nl) : std::string();
    if (left.instead && why.empty()) {
        std::printf("%s %s\n",
                    nl ? "Nu geldt:" : "Now this holds:", printed(as_said(*left.instead, site, asked, how.lang)).c_str());
    } else {
        const std::string about = called_about(gone, site, how.lang);
        std::printf(
            "%s%s.\n",
            printed(fmt::format(fmt::runtime(nl ? "Voor {} is er nu geen antwoord" : "There is no answer for {} now"), about))
                .c_str(),
            why.empty() ? "" : printed(" (" + why + ")").c_str());
    }
    if (left.narrower == 0) return;
    const bool one = left.narrower == 1;
    const std::string stay =
        nl ? counted(left.narrower, "antwoord", "antwoorden") + " over afzonderlijke apparaten of zones " +
                 (one ? "blijft." : "blijven.")
           : counted(left.narrower, "answer", "answers") + " about single devices or zones " + (one ? "stays." : "stay.");
    std::puts(stay.c_str());
}

}  // namespace

int withdraw_said(Register& held, const AssessedSite& site, const Questionnaire& asked, const WithdrawAsked& how) {
    const bool nl = how.lang == "nl";
    const std::size_t at = how.what.find('@');
    const std::string_view question = std::string_view(how.what).substr(0, at);
    const std::string_view about = at == std::string::npos ? std::string_view() : std::string_view(how.what).substr(at + 1);
    const AnswerBook before = book_of(held, how.now);
    std::vector<const GivenAnswer*> to_question;
    std::vector<const GivenAnswer*> meant;
    for (const GivenAnswer* each : before.all()) {
        if (each->question != question) continue;
        to_question.push_back(each);
        const bool of_asset = how.asset.empty() || (each->scope == AnswerScope::Asset && each->key == how.asset);
        if (of_asset && is_meant(*each, about, site, how.lang)) meant.push_back(each);
    }
    if (meant.size() != 1) {
        const std::string none = before.empty() ? nl ? "\"{}\": dat antwoord is er niet; er zijn nog geen antwoorden"
                                                     : "\"{}\": there is no such answer; there are none yet"
                                 : nl           ? "\"{}\": dat antwoord is er niet; deze zijn er"
                                                : "\"{}\": there is no such answer; these are";
        const std::string many = nl ? "\"{}\": op deze vraag zijn meerdere antwoorden gegeven; zeg welk"
                                    : "\"{}\": there are several answers to it; say which";
        const std::string sentence = fmt::format(fmt::runtime(meant.empty() ? none : many), how.what);
        return refuse_withdrawal(!meant.empty()         ? meant
                                 : !to_question.empty() ? to_question
                                                        : before.all(),
                                 sentence, site, asked, how.lang);
    }
    const GivenAnswer gone = *meant.front();
    const auto done = withdraw_answer(held, gone.question, name(gone.scope), gone.key, how.by, how.reason, how.now);
    if (!done) return complain(done.problems(), how.lang);
    std::printf("%s: %s\n", printed(gone.question + "@" + scope_and_key(gone)).c_str(), nl ? "ingetrokken" : "withdrawn");
    std::printf("  %s\n", printed(as_said(gone, site, asked, how.lang)).c_str());
    if (const Question* of = asked.question(gone.question)) {
        const Left left = left_of({gone.scope, gone.key}, *of, book_of(held, how.now), site, how.now);
        tell_left(left, *of, gone, site, asked, how);
    }
    return exit_done;
}

}  // namespace herkomst
