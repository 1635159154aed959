// herkomst assess: the self-assessment over a register. Asks what the scan
// cannot see, as a conversation or as a file that people fill in, and rates the
// findings that stand.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <optional>
#include <set>

#include "cli/assess_answers.h"
#include "cli/assess_dialogue.h"
#include "cli/assess_file.h"
#include "cli/assess_pages.h"
#include "cli/assess_site.h"
#include "cli/assess_withdraw.h"
#include "cli/command.h"
#include "cli/judged_packs.h"
#include "cli/open_register.h"
#include "cli/terminal.h"
#include "cli/vendor_data.h"
#include "core/counted.h"
#include "core/file.h"
#include "core/printed.h"
#include "register/dutch.h"
#include "report/problem_words.h"

namespace herkomst::cli {

namespace {

struct AssessAsked {
    std::string action = "ask";
    std::string file;
    std::string register_path = "herkomst.db";
    std::string by;
    std::string reason;
    std::string lang = "en";
    std::string format;
    std::string output;
    std::string delimiter = "comma";
    std::string asset;
    std::string questionnaire;
    std::string criteria;
    std::vector<std::string> policies;
    VendorData vendor_data;
    bool all = false;
    bool needed = false;
    bool bom = false;
    bool json = false;
};

// How far this may go: on every output.
void label(const Overview& all, bool json) {
    if (json) {
        std::printf("%s\n", write_json(JsonObject{{"type", Json("label")}, {"tlp", Json(all.tlp)}}).c_str());
    } else {
        std::printf("TLP:%s\n", all.tlp.c_str());
    }
}

struct Loaded {
    Questionnaire questions;
    Criteria criteria;
    MeasureMeanings measures;
    std::optional<PolicyPacks> packs;
};

// All problems of all of them at once.
Problems load_all(const AssessAsked& asked, Loaded& into) {
    const std::string rules = data_folder() + "/rules";
    Problems problems;
    const auto take = [&](const auto& result) {
        if (!result) problems.insert(problems.end(), result.problems().begin(), result.problems().end());
        return result.ok();
    };
    Result<Questionnaire> questions =
        Questionnaire::load(asked.questionnaire.empty() ? rules + "/questionnaires/zelfscan.json" : asked.questionnaire);
    if (take(questions)) {
        into.questions = std::move(questions.value());
        Result<Criteria> criteria =
            Criteria::load(asked.criteria.empty() ? rules + "/criteria/zelfscan.json" : asked.criteria, into.questions);
        if (take(criteria)) into.criteria = std::move(criteria.value());
        into.questions.add_fact_questions();
    }
    Result<MeasureMeanings> measures = MeasureMeanings::load(rules + "/measures/zelfscan.json");
    if (take(measures)) into.measures = std::move(measures.value());
    // Without a word of a person the register says which: load_packs, below.
    if (!asked.policies.empty()) {
        Result<PolicyPacks> packs = PolicyPacks::load(rules, asked.policies);
        if (take(packs)) into.packs.emplace(std::move(packs.value()));
    }
    return problems;
}

Problems load_packs(const OverviewRun& last, Loaded& into) {
    if (into.packs) return {};
    const std::string rules = data_folder() + "/rules";
    Result<PolicyPacks> packs = PolicyPacks::load(rules, packs_wanted({}, last, rules));
    if (!packs) return packs.problems();
    into.packs.emplace(std::move(packs.value()));
    return {};
}

// What answers change of the register's verdicts; nothing can be said of that when other packs judge now.
std::string changes(const SiteJudged& judged, const Overview& all, const Loaded& loaded, const std::string& language) {
    return same_packs(all.run, *loaded.packs) == SamePacks::No ? std::string() : what_changes(judged, all, language);
}

void tell_packs(const Overview& all, const Loaded& loaded, const std::string& language, std::FILE* to) {
    std::fputs(other_packs_told(all.run, *loaded.packs, language).c_str(), to);
}

// The uid that a person means; empty after a problem was said.
std::string meant(const Overview& all, const std::string& said, const std::string& lang) {
    const std::vector<std::string> uids = assets_meant(all, said);
    if (uids.size() == 1) return uids.front();
    std::fprintf(stderr,
                 lang == "nl"   ? uids.empty()
                                      ? "herkomst: het register bevat geen asset \"%s\"; herkomst register list assets noemt ze\n"
                                      : "herkomst: \"%s\" kan een van deze zijn:\n"
                 : uids.empty() ? "herkomst: the register holds no asset \"%s\"; herkomst register list assets names them\n"
                                : "herkomst: \"%s\" may mean any of these:\n",
                 said.c_str());
    for (const std::string& uid : uids) std::fprintf(stderr, "  %s  %s\n", uid.c_str(), all.asset(uid)->label.c_str());
    return {};
}

int ask(const AssessAsked& asked, const Loaded& loaded, Register& held, const AssessedSite& site, const AskOptions& how) {
    AnswerBook book = book_of(held, how.now);
    const SiteJudged before = site.judged(book, how.now);
    std::optional<std::string> failed;
    Conversing with;
    with.read = []() -> std::optional<std::string> {
        std::string line;
        return std::getline(std::cin, line) ? std::optional(line) : std::nullopt;
    };
    with.write = [](std::string_view text) {
        std::fwrite(text.data(), 1, text.size(), stdout);
        std::fflush(stdout);
    };
    with.plan = [&](const AnswerBook& now) { return site.asks(before, now, how); };
    with.keep = [&](const GivenAnswer& answer) {
        const Problems problems = keep_answers(held, {answer}, how.now);
        complain(problems, asked.lang);
        if (!problems.empty()) failed = answer.question;
    };
    with.rule_title = [&](const std::string& rule, const std::string& language) {
        const auto* summary = loaded.packs->rule(rule);
        return summary == nullptr ? rule : summary->title.in(language);
    };
    tell_packs(site.all(), loaded, asked.lang, stdout);
    converse(loaded.questions, book, with, asked.lang, asked.by, how.now);
    std::fputs(changes(site.judged(book_of(held, how.now), how.now), site.all(), loaded, asked.lang).c_str(), stdout);
    label(site.all(), false);
    return failed ? exit_usage : exit_done;
}

int write_out(const AssessAsked& asked, const Loaded& loaded, const Register& held, const AssessedSite& site,
              const AskOptions& how) {
    tell_packs(site.all(), loaded, asked.lang, stderr);
    const AnswerBook book = book_of(held, how.now);
    std::vector<Ask> asks = site.asks(site.judged(book, how.now), book, how);
    if (!asked.all) asks.erase(std::remove_if(asks.begin(), asks.end(), [](const Ask& one) { return !one.open; }), asks.end());
    AskFileOptions form;
    form.language = asked.lang;
    form.csv = asked.format == "csv" || (asked.format.empty() && asked.output.ends_with(".csv"));
    form.tlp = site.all().tlp;
    form.delimiter = asked.delimiter == "semicolon" ? ';' : ',';
    form.bom = asked.bom;
    const std::string content = write_asks(asks, loaded.questions, form);
    if (asked.output.empty() || asked.output == "-") {
        std::fwrite(content.data(), 1, content.size(), stdout);
    } else if (std::error_code error; std::filesystem::is_regular_file(asked.output, error)) {
        // Somebody may have answered in it.
        return complain({{asked.output, "is there already; a file of questions is never written over"}}, asked.lang);
    } else {
        write_file(asked.output, content, 0600);
        const bool nl = asked.lang == "nl";
        std::fprintf(stderr, "%s: %s\n", asked.output.c_str(),
                     counted(asks.size(), nl ? "vraag" : "question", nl ? "vragen" : "questions").c_str());
    }
    return exit_done;
}

int take_in(const AssessAsked& asked, const Loaded& loaded, Register& held, const AssessedSite& site, Time now) {
    const Result<std::string> content = read_file(asked.file, std::size_t{64} << 20);
    if (!content) return complain(content.problems(), asked.lang);
    AnswerFileOptions options;
    options.now = now;
    options.by = asked.by;
    options.language = asked.lang;
    const AnswerBook book = book_of(held, now);
    options.places = site.places(book, now);
    options.book = &book;
    options.taken_back = taken_back(held, now);
    const Result<AnswersRead> read = read_answers(content.value(), asked.file, loaded.questions, options);
    if (!read) return complain(read.problems(), asked.lang);
    if (const Problems problems = keep_answers(held, read.value().answers, now, read.value().places); !problems.empty())
        return complain(problems, asked.lang);
    const bool nl = asked.lang == "nl";
    const Problems& out = read.value().kept_out;
    for (const Problem& each : out) std::fprintf(stderr, "herkomst assess: %s\n", printed(each.text()).c_str());
    std::printf(nl ? "%s vastgelegd, %zu ongewijzigd, %zu nog open" : "%s kept, %zu as they were, %zu left open",
                counted(read.value().answers.size(), nl ? "antwoord" : "answer", nl ? "antwoorden" : "answers").c_str(),
                read.value().unchanged, read.value().empty);
    if (!out.empty()) std::printf(nl ? ", %zu niet overgenomen" : ", %zu kept out", out.size());
    std::puts("");
    tell_packs(site.all(), loaded, asked.lang, stdout);
    std::fputs(changes(site.judged(book_of(held, now), now), site.all(), loaded, asked.lang).c_str(), stdout);
    label(site.all(), false);
    return exit_done;
}

int take_back(const AssessAsked& asked, const Loaded& loaded, Register& held, const AssessedSite& site, const AskOptions& how) {
    const int exit_code =
        withdraw_said(held, site, loaded.questions, {asked.file, how.asset, asked.by, asked.reason, asked.lang, how.now});
    if (exit_code != exit_done) return exit_code;
    tell_packs(site.all(), loaded, asked.lang, stdout);
    std::fputs(changes(site.judged(book_of(held, how.now), how.now), site.all(), loaded, asked.lang).c_str(), stdout);
    label(site.all(), false);
    return exit_done;
}

struct Status {
    SiteJudged judged;
    AnswerBook book;
    Overview all;
};

// What of it is about that asset: its own findings and questions, those about a supplier or a site that wait for it, and the
// answers that hold for it.
Status of_one(const std::vector<Ask>& asks, const SiteJudged& judged, const AnswerBook& book, const AssessedSite& site,
              const std::string& uid) {
    Status out;
    std::set<std::string, std::less<>> waiting;
    for (const Ask& ask : asks) waiting.insert(ask.waiting.begin(), ask.waiting.end());
    const auto row =
        std::find_if(judged.rows.begin(), judged.rows.end(), [&](const FactsRow& one) { return one.asset == uid; });
    static const Facts nothing;
    const Facts& facts = row == judged.rows.end() ? nothing : row->facts;
    const auto fact = [&](std::string_view name) {
        const auto found = facts.find(name);
        return found == facts.end() ? std::string() : found->second.string();
    };
    const auto own = [&](const FindingSubject& subject) { return subject.kind == "asset" && subject.key == uid; };
    const auto waits = [&](const Finding& finding) {
        const FindingSubject& about = finding.subject;
        const bool member = about.kind == "site" || (about.kind == "vendor" && about.key == fact("maker")) ||
                            (about.kind == "parent" && about.key == fact("parent")) ||
                            (about.kind == "operator" && about.key == fact("cloud_operator")) ||
                            (about.kind == "jurisdiction" && about.key == fact("control_country"));
        return member && finding.verdict == Ruling::Question && waiting.contains(finding.rule);
    };
    for (const Finding& finding : judged.findings) {
        if (own(finding.subject) || waits(finding)) out.judged.findings.push_back(finding);
    }
    for (const Contradiction& one : judged.answered.contradictions) {
        if (one.asset == uid) out.judged.answered.contradictions.push_back(one);
    }
    std::set<AnswerPlace> places = {{AnswerScope::Asset, uid}};
    for (const AnswerSubject& subject : site.subjects()) {
        if (subject.uid != uid) continue;
        for (const AnswerScope scope : all_scopes) {
            for (std::optional<AnswerPlace> at = place_of(scope, subject, facts); at; at = broader(*at, subject))
                places.insert(*at);
        }
    }
    for (const GivenAnswer* answer : book.all()) {
        if (places.contains({answer->scope, answer->key})) out.book.add(*answer);
    }
    out.all = site.all();
    for (auto* list : {&out.all.findings, &out.all.questions})
        std::erase_if(*list, [&](const OverviewFinding& one) { return !own(one.finding.subject); });
    return out;
}

int show(const AssessAsked& asked, const Loaded& loaded, const Register& held, const AssessedSite& site,
         const AskOptions& how) {
    const AnswerBook book = book_of(held, how.now);
    const SiteJudged judged = site.judged(book, how.now);
    if (!asked.json) tell_packs(site.all(), loaded, asked.lang, stdout);
    if (asked.json && same_packs(site.all().run, *loaded.packs) != SamePacks::Yes)
        std::printf("%s\n", write_json(other_packs_line(site.all().run, *loaded.packs)).c_str());
    if (asked.action == "rate") {
        const auto rated = ratings(site, loaded.criteria, judged, book, how, &loaded.measures);
        if (asked.json) {
            for (const RatedFinding& one : rated) std::printf("%s\n", write_json(to_json(one)).c_str());
        } else {
            std::fputs(rating_page(rated, loaded.criteria, loaded.questions, asked.lang).c_str(), stdout);
        }
        label(site.all(), asked.json);
        return exit_done;
    }
    const std::vector<Ask> asks = site.asks(judged, book, how);
    const Status status = how.asset.empty() ? Status{judged, book, site.all()} : of_one(asks, judged, book, site, how.asset);
    if (asked.json) {
        for (const Json& line : status_lines(asks, status.judged, status.book)) std::printf("%s\n", write_json(line).c_str());
        label(site.all(), asked.json);
        return exit_done;
    }
    std::fputs(status_page(asks, status.judged, status.book, site, loaded.questions, how).c_str(), stdout);
    std::fputs(changes(status.judged, status.all, loaded, asked.lang).c_str(), stdout);
    label(site.all(), asked.json);
    return exit_done;
}

int run_assess(std::span<const std::string> args, Context& context) {
    Options options("assess",
                    "Asks what the scan cannot see, keeps who answered "
                    "when and on what ground, and rates what stands.");
    AssessAsked asked;
    options.argument("ACTION", asked.action, "ask (the default), status, export, import, rate, withdraw", false);
    options.argument(
        "FILE", asked.file,
        "of import: the file that was filled in; of withdraw: QUESTION or QUESTION@ABOUT, by the names that export "
        "gives them",
        false);
    options.option("--register", asked.register_path, "the register (default herkomst.db)");
    options.option("--by", asked.by, "who answers, by name or role; of withdraw: who takes it back");
    options.option("--reason", asked.reason, "of withdraw: why; stands in the history");
    options.one_of("--lang", asked.lang, {"nl", "en"}, "language of questions and texts (default en)");
    options.option("--asset", asked.asset,
                   "only about this asset, as answers that go before those of "
                   "its zone, type or maker");
    options.flag("--all", asked.all, "also about assets without findings; in an export also what is answered");
    options.flag("--needed", asked.needed, "only what a rule waits for");
    options.one_of("--format", asked.format, {"json", "csv"}, "of export (default json, or as -o ends)");
    options.option("-o,--output", asked.output, "of export: the file to write (default stdout)");
    options.one_of("--delimiter", asked.delimiter, {"comma", "semicolon"}, "between the cells of CSV (default comma)");
    options.flag("--bom", asked.bom, "start CSV with a UTF-8 byte order mark");
    options.flag("--json", asked.json, "of status and rate: as NDJSON");
    options.option("--questionnaire", asked.questionnaire, "your own instead of rules/questionnaires/zelfscan.json");
    options.option("--criteria", asked.criteria, "your own instead of rules/criteria/zelfscan.json");
    options.many("--policy", asked.policies, "policy pack, may be given again (default: those of the last scan)");
    asked.vendor_data.declare(options, VendorData::Matches::No);
    int exit_code = 0;
    if (!options.parse(args, exit_code)) return exit_code;
    const bool writes = asked.action == "ask" || asked.action == "import" || asked.action == "withdraw";
    const bool known = writes || asked.action == "status" || asked.action == "export" || asked.action == "rate";
    const bool takes_word = asked.action == "import" || asked.action == "withdraw";
    if (!known || takes_word == asked.file.empty()) {
        const bool nl = asked.lang == "nl";
        const char* said = !known ? nl ? "\"%s\" is geen van ask, status, export, import, rate en withdraw"
                                       : "\"%s\" is not ask, status, export, import, rate or withdraw"
                           : asked.action == "withdraw" ? nl ? "%s: zeg welk antwoord, als VRAAG of VRAAG@WAAROVER"
                                                             : "%s: say which answer, QUESTION or QUESTION@ABOUT"
                           : asked.file.empty() ? nl ? "%s: zeg welk BESTAND is ingevuld" : "%s: say which FILE was filled in"
                           : nl                 ? "bij %s hoort geen BESTAND"
                                                : "%s takes no FILE";
        std::fputs("herkomst assess: ", stderr);
        std::fprintf(stderr, said, asked.action.c_str());
        std::fputs("\n", stderr);
        return exit_usage;
    }
    Loaded loaded;
    if (const Problems problems = load_all(asked, loaded); !problems.empty()) return complain(problems, asked.lang);
    const std::optional<VendorDb> db = asked.vendor_data.open(exit_code);
    if (!db) return exit_code;
    // Looked at first: asking about a register that is not there must not make
    // one.
    { const Register there = Register::open_to_read(asked.register_path); }
    Register held = writes ? open_register(asked.register_path, asked.lang) : Register::open_to_read(asked.register_path);
    loaded.questions.know(*db);
    Overview all = overview(held, &*db);
    if (const Problems problems = load_packs(all.run, loaded); !problems.empty()) return complain(problems, asked.lang);
    const AssessedSite site(std::move(all), *db, *loaded.packs, loaded.questions);
    AskOptions how;
    how.now = context.now;
    how.language = asked.lang;
    how.everything = asked.all;
    how.needed = asked.needed;
    if (!asked.asset.empty()) {
        how.asset = meant(site.all(), asked.asset, asked.lang);
        if (how.asset.empty()) return exit_usage;
    }
    if (asked.action == "ask") return ask(asked, loaded, held, site, how);
    if (asked.action == "import") return take_in(asked, loaded, held, site, how.now);
    if (asked.action == "withdraw") return take_back(asked, loaded, held, site, how);
    if (asked.action == "export") return write_out(asked, loaded, held, site, how);
    return show(asked, loaded, held, site, how);
}

}  // namespace

Command assess() { return {"assess", "the self-assessment: questions to people, their answers, and ratings", run_assess}; }

}  // namespace herkomst::cli
