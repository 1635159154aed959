#include "cli/assess_dialogue.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/assess/example_questions.h"

using namespace herkomst;
using example::at;
using example::given;
using example::Plant;
using example::question_of;

namespace assess_dialogue_test {

TEST_SUITE_BEGIN("cli.assess_dialogue");

namespace {

const Time now = at("2026-11-27T10:00:00Z");

// A person who says these lines, and what came of it.
struct Person {
    std::vector<std::string> lines;
    std::string shown;
    std::vector<GivenAnswer> kept;
    AnswerBook book;
    Plant plant;
    std::vector<Finding> findings = {question_of("rule", "a1", {}), question_of("other", "a1", {})};  // both stand
    Questionnaire asked = example::questionnaire();

    ConversationEnd talk(std::vector<std::string> said, const std::string& language = "en",
                         const std::string& by = "Operator") {
        lines = std::move(said);
        std::size_t next = 0;
        Conversing with;
        with.read = [&]() -> std::optional<std::string> {
            if (next == lines.size()) return std::nullopt;
            return lines[next++];
        };
        with.write = [&](std::string_view text) { shown += text; };
        with.keep = [&](const GivenAnswer& answer) { kept.push_back(answer); };
        with.rule_title = [](const std::string& rule, const std::string&) { return "Title of " + rule; };
        with.plan = [&](const AnswerBook& answers) {
            std::vector<FactsRow> rows = plant.rows;
            fill_facts(rows, plant.subjects, asked, answers, now);
            AskOptions how;
            how.now = now;
            how.language = language;
            return asks_of(asked, plant.subjects, rows, findings, answers, how);
        };
        return converse(asked, book, with, language, by, now);
    }
    [[nodiscard]] bool saw(std::string_view text) const { return shown.find(text) != std::string::npos; }
};

}  // namespace

TEST_CASE("question by question, each answer is kept at once, with name, source and end") {
    Person person;
    const ConversationEnd end =
        person.talk({"the whole site", "", "XA", "register, 2026-10-01", "yes", "manual p. 4", "2", "drawing 7"});
    REQUIRE(person.kept.size() == 4);
    CHECK(person.kept[0].question == "scope");
    CHECK(person.kept[0].value == "the whole site");
    CHECK(person.kept[0].by == "Operator");
    CHECK(person.kept[1].value == "XA");
    CHECK(person.kept[1].source == "register, 2026-10-01");
    CHECK(person.kept[2].question == "remote");
    CHECK(person.kept[3].question == "blocked");
    CHECK(person.kept[3].value == "no");
    CHECK(person.kept[3].at == now);
    CHECK(person.kept[3].expires == now + std::chrono::days(100));
    CHECK(person.saw("zone: east (1 device)"));
    CHECK(end.answered == 4);
    CHECK(end.stopped);  // the input ended before the last question
    CHECK(end.left == 1);
}

TEST_CASE("what decides most is asked first and says what it decides; the rest is said to be for ratings only") {
    Person person;
    person.findings = {question_of("path", "a1", {"remote_blocked"}), question_of("control", "a1", {"remote_documented"}),
                       question_of("control", "a2", {"remote_documented"})};
    person.talk({"yes", "manual p. 4", "no", "drawing 7", "q"});
    REQUIRE(person.kept.size() == 2);
    CHECK(person.kept[0].question == "remote");
    CHECK(person.kept[1].question == "blocked");
    CHECK(person.saw("Helps to decide 2 questions of rules, about 2 devices"));
    CHECK(person.saw("Depends on it: Title of control"));
    CHECK(person.saw("Helps to decide 1 question of a rule, about 1 device\n"));
    const std::size_t rest = person.shown.find("No rule waits for an answer any more.");
    REQUIRE(rest != std::string::npos);
    CHECK(rest > person.shown.find("Cut off?"));
    CHECK(rest < person.shown.find("About what?"));
}

TEST_CASE("all proposals about one supplier are shown and confirmed together, each as an answer of its own") {
    Person person;
    Result<Questionnaire> ours = Questionnaire::load(HERKOMST_SOURCE_DIR "/rules/questionnaires/zelfscan.json");
    REQUIRE(ours.ok());
    person.asked = std::move(ours.value());
    for (const char* asset : {"a1", "a2"}) {
        Facts& facts = person.plant.row(asset).facts;
        facts["control_country"] = "XA";
        facts["parent"] = "riverside";
        facts["offensive_programme"] = 1;
        facts["strained_relation"] = 1;
        facts["compelled_cooperation"] = 1;
    }
    const auto about_supplier = [](const GivenAnswer& answer) { return answer.scope == AnswerScope::Supplier; };
    // Everything is left for later until the supplier comes; then all about it is confirmed.
    for (std::size_t skips = 0; skips < 30 && person.kept.size() < 4; ++skips) {
        person.kept.clear();
        person.shown.clear();
        person.book = {};
        std::vector<std::string> said(skips, "s");
        said.insert(said.end(), {"c", "no", "c", "", "q"});
        person.talk(said);
    }
    REQUIRE(person.kept.size() >= 4);
    CHECK(std::all_of(person.kept.begin(), person.kept.end(), about_supplier));
    CHECK(person.saw("c: see and confirm all "));
    for (const GivenAnswer& answer : person.kept) {
        CHECK(answer.by == "Operator");
        CHECK(answer.proposed == answer.value);
        CHECK(answer.source.starts_with("herkomst: "));
    }
}

TEST_CASE("stopping loses nothing, and the next time only what is open is asked") {
    Person person;
    CHECK(person.talk({"the whole site", "", "q"}).stopped);
    CHECK(person.kept.size() == 1);
    person.shown.clear();
    person.talk({"q"});
    CHECK_FALSE(person.saw("About what?"));
    CHECK(person.saw("Country?"));
}

TEST_CASE("what the scan knows is a proposal that Enter confirms, in the person's name") {
    Person person;
    person.plant.row("a1").facts["remote_documented"] = 1;
    person.talk({"u", "s", "", ""});
    REQUIRE(person.kept.size() == 2);
    CHECK(person.saw("The scan proposes: Yes (remote_documented)"));
    CHECK(person.kept[1].value == "yes");
    CHECK(person.kept[1].by == "Operator");
    CHECK(person.kept[1].proposed == "yes");
    CHECK(person.kept[1].source == "herkomst: remote_documented");
}

TEST_CASE("do not know is kept and needs no source") {
    Person person;
    person.talk({"u"});
    REQUIRE(person.kept.size() == 1);
    CHECK(person.kept[0].unknown());
}

TEST_CASE("back asks the one before again, also one that was left for later") {
    Person person;
    person.talk({"the whole site", "", "b", "only the pumps", "", "s", "b", "XB", ""});
    REQUIRE(person.kept.size() == 3);
    CHECK(person.kept[1].question == "scope");
    CHECK(person.kept[1].value == "only the pumps");
    CHECK(person.saw("Before: the whole site, by Operator on 2026-11-27"));
    CHECK(person.kept[2].question == "country");
    Person first;
    first.talk({"b"});
    CHECK(first.saw("This is the first question."));
}

TEST_CASE("a wrong answer is said to be none and asked again; a missing source too") {
    Person person;
    person.talk({"all", "", "Netherlands", "XA", "", "maybe", "no", "", "q"});
    CHECK(person.saw("It takes: two-letter country codes"));
    CHECK(person.saw("It takes: yes, no"));
    CHECK(person.kept.size() == 3);
    Person strict;
    strict.talk({"all", "", "s", "s", "yes", "", "=", "drawing 7"});
    CHECK(strict.saw("This question needs a source."));
    REQUIRE(strict.kept.size() == 2);
    CHECK(strict.kept[1].source == "drawing 7");
    CHECK(strict.kept[1].question == "blocked");
}

TEST_CASE("a command where a source is asked for is a command and never the source") {
    for (const std::string language : {"en", "nl"}) {
        const bool nl = language == "nl";
        CAPTURE(language);
        Person stops;
        stops.findings = {question_of("path", "a1", {"remote_blocked"})};
        const ConversationEnd end = stops.talk({nl ? "ja" : "yes", "", "q"}, language);
        CHECK(stops.kept.empty());
        CHECK(end.stopped);
        CHECK(end.answered == 0);

        Person unsure;
        unsure.findings = {question_of("path", "a1", {"remote_blocked"})};
        unsure.talk({nl ? "ja" : "yes", nl ? "w" : "u", "q"}, language);
        REQUIRE(unsure.kept.size() == 1);
        CHECK(unsure.kept[0].question == "blocked");
        CHECK(unsure.kept[0].unknown());
        CHECK(unsure.kept[0].source.empty());

        Person asks;
        asks.findings = {question_of("path", "a1", {"remote_blocked"})};
        asks.talk({nl ? "ja" : "yes", "?", "drawing 7", "q"}, language);
        CHECK(asks.saw(nl ? "q: stoppen (wat beantwoord is, blijft bewaard).\n  Bron (document"
                          : "q: stop (what was answered is kept).\n  Source (document"));
        REQUIRE(asks.kept.size() == 1);
        CHECK(asks.kept[0].source == "drawing 7");

        Person later;
        later.talk({"the whole site", nl ? "o" : "s", "q"}, language);
        CHECK(later.kept.empty());
        CHECK(later.saw(nl ? "Land?" : "Country?"));

        // Back from the source of the second to the first.
        Person back;
        back.talk({"the whole site", "", "XA", nl ? "t" : "b", "only the pumps", "", "q"}, language);
        REQUIRE(back.kept.size() == 2);
        CHECK(back.kept[1].question == "scope");
        CHECK(back.kept[1].value == "only the pumps");

        // Nothing is proposed here: the question is put again.
        Person confirms;
        confirms.findings = {question_of("path", "a1", {"remote_blocked"})};
        confirms.talk({nl ? "ja" : "yes", "c", nl ? "nee" : "no", "drawing 7", "q"}, language);
        REQUIRE(confirms.kept.size() == 1);
        CHECK(confirms.kept[0].value == "no");
        CHECK(confirms.saw(nl ? "Hier stelt de scan niets voor." : "The scan proposes nothing here."));
    }
}

TEST_CASE("a command is one in capitals and in full too, and what names nothing to look at is no source") {
    for (const char* stop : {"Q", "stop", "STOP", "Stoppen", "quit", "exit"}) {
        CAPTURE(stop);
        Person stops;
        stops.findings = {question_of("path", "a1", {"remote_blocked"})};
        CHECK(stops.talk({"yes", stop, "drawing 7"}).stopped);
        CHECK(stops.kept.empty());
        Person nameless;
        CHECK(nameless.talk({stop, "Operator"}, "nl", "").stopped);
        CHECK_FALSE(nameless.saw("Waarover?"));
    }
    for (const char* help : {"h", "H", "help", "Hulp"}) {
        Person asks;
        asks.findings = {question_of("path", "a1", {"remote_blocked"})};
        asks.talk({"yes", help, "drawing 7", "q"});
        REQUIRE(asks.kept.size() == 1);
        CHECK(asks.kept[0].source == "drawing 7");
    }
    Person unsure;
    unsure.findings = {question_of("path", "a1", {"remote_blocked"})};
    unsure.talk({"ja", "W", "q"}, "nl");
    REQUIRE(unsure.kept.size() == 1);
    CHECK(unsure.kept[0].unknown());
    for (const char* none : {"-", "x", "nvt", "N.v.t.", "geen", "?!", "..", "ja", "no source", "="}) {
        CAPTURE(none);
        Person strict;
        strict.findings = {question_of("path", "a1", {"remote_blocked"})};
        strict.talk({"yes", none, "drawing 7", "q"});
        CHECK(strict.saw("This question needs a source."));
        REQUIRE(strict.kept.size() == 1);
        CHECK(strict.kept[0].source == "drawing 7");
    }
    // Where none is needed, that is the own statement, and is not offered for the next one.
    Person own;
    own.talk({"the whole site", "-", "q"});
    REQUIRE(own.kept.size() == 1);
    CHECK(own.kept[0].source.empty());
    CHECK_FALSE(own.saw("= :"));
}

TEST_CASE("a command where a name is asked for is nobody's name, and q where all is to be confirmed stops") {
    Person nameless;
    const ConversationEnd end = nameless.talk({"s", "?", "q"}, "en", "");
    CHECK(end.stopped);
    CHECK_FALSE(nameless.saw("About what?"));
    CHECK(nameless.saw("q: stop (what was answered is kept).\nWho answers"));
    Person all;
    all.plant.row("a1").facts["remote_documented"] = 1;
    const ConversationEnd stopped = all.talk({"u", "s", "c", "q", "yes", ""});
    CHECK(stopped.stopped);
    CHECK(all.kept.size() == 1);
}

TEST_CASE("an answer that makes the rest needless stops early") {
    Person person;
    person.findings = {question_of("rule", "a1", {})};
    const ConversationEnd end = person.talk({"all", "", "XA", "", "no", "", "1", ""});
    // remote = no: whether the path is cut is not asked any more.
    CHECK_FALSE(person.saw("Cut off?"));
    CHECK(end.answered == 4);
    CHECK(end.left == 0);
    CHECK_FALSE(end.stopped);
}

TEST_CASE("in Dutch, with help, and a name that is asked for") {
    Person person;
    person.talk({"", "Beheerder", "?", "w", "?", "o", "t", "XA", "KvK"}, "nl", "");
    CHECK(person.saw("Wie beantwoordt de vragen"));
    CHECK(person.saw("https://example.org/"));
    CHECK(person.saw("Overweging 1: een"));
    REQUIRE(person.kept.size() == 2);
    CHECK(person.kept[0].by == "Beheerder");
    CHECK(person.kept[1].value == "XA");
    Person decides;
    decides.findings = {question_of("rule", "a1", {"remote_documented"})};
    decides.talk({"q"}, "nl");
    CHECK(decides.saw("Hiervan afhankelijk: Title of rule"));
    CHECK(decides.saw("Nodig voor 1 oordeel, over "));
}

TEST_CASE("in Dutch what an answer may be is said in its words, and those words are answers") {
    Person person;
    person.talk({"alles", "", "Nederland", "XA", "", "misschien", "Nee", "", "q"}, "nl");
    CHECK(person.saw("Dit antwoord past hier niet. Mogelijk: landcodes van twee letters"));
    CHECK(person.saw("Dit antwoord past hier niet. Mogelijk: Ja; Nee\n"));
    CHECK_FALSE(person.saw("yes, no"));
    const AnswerScale& several = person.asked.scales.find("several")->second;
    CHECK(several.takes("nl").starts_with("Aa; Be (ook meer dan "));
    CHECK(several.read("Be; Aa").value() == "a,b");
    CHECK(several.read("a,b").value() == "a,b");
    // An answer whose words hold a comma is one answer.
    AnswerScale comma = several;
    comma.options[0].text.nl = "Aa, of bijna";
    CHECK(comma.read("Aa, of bijna").value() == "a");
    CHECK(comma.read("Aa, of bijna; Be").value() == "a,b");
}

TEST_CASE("an answer that has ended is shown and asked again") {
    Person person;
    person.book.add(given("scope", AnswerScope::Organisation, "", "last year's part", "2025-01-01", "2026-01-01"));
    person.talk({"all", ""});
    CHECK(person.saw("Before: last year's part, by Operator on 2025-01-01, until 2026-01-01 (expired)"));
    CHECK(person.kept.size() == 1);
}

TEST_SUITE_END();

}  // namespace assess_dialogue_test
