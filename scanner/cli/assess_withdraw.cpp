#include "cli/assess_withdraw.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "cli/assess_answers.h"
#include "cli/command.h"
#include "cli/terminal.h"
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
    return asset != nullptr ? asset->label : label_of({answer.scope, answer.key}, {}, {}, lang);
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

// What holds where the answer held, now that it is gone.
const GivenAnswer* holds_instead(const GivenAnswer& gone, const AnswerBook& book, const AssessedSite& site,
                                 const Questionnaire& asked, Time now) {
    const Question* question = asked.question(gone.question);
    if (question == nullptr) return nullptr;
    const std::vector<FactsRow> rows = site.judged(book, now).rows;
    for (const AnswerSubject& subject : site.subjects()) {
        const auto row =
            std::find_if(rows.begin(), rows.end(), [&](const FactsRow& one) { return one.asset == subject.asset; });
        if (row == rows.end()) continue;
        if (gone.scope == AnswerScope::Asset) {
            if (subject.uid == gone.key) return book.for_asset(*question, subject, row->facts);
            continue;
        }
        if (place_of(gone.scope, subject, row->facts) != AnswerPlace{gone.scope, gone.key}) continue;
        const std::optional<AnswerPlace> wider = broader({gone.scope, gone.key}, subject);
        return wider ? book.holding_at(gone.question, *wider, subject) : nullptr;
    }
    return nullptr;
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
        const std::string none =
            nl ? "\"{}\": dat antwoord is er niet; deze zijn er" : "\"{}\": there is no such answer; these are";
        const std::string many =
            nl ? "\"{}\": daar zijn meer antwoorden op; zeg welk" : "\"{}\": there are several answers to it; say which";
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
    const GivenAnswer* instead = holds_instead(gone, book_of(held, how.now), site, asked, how.now);
    if (instead == nullptr) {
        std::puts(nl ? "Er is nu geen antwoord op deze vraag." : "There is no answer to this question now.");
    } else {
        std::printf("%s %s\n", nl ? "Nu geldt:" : "Now this holds:", printed(as_said(*instead, site, asked, how.lang)).c_str());
    }
    return exit_done;
}

}  // namespace herkomst
