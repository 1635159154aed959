#include "cli/assess_file.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/text.h"
#include "imports/table.h"
#include "report/problem_words.h"
#include "tests/assess/example_questions.h"

using namespace herkomst;
using example::at;
using example::given;
using example::Plant;

namespace assess_file_test {

TEST_SUITE_BEGIN("cli.assess_file");

namespace {

const Time now = at("2026-11-27T10:00:00Z");

AnswerFileOptions options() {
    AnswerFileOptions out;
    out.now = now;
    out.places = {
        {AnswerScope::Organisation, ""}, {AnswerScope::Supplier, "riverside"}, {AnswerScope::Product, "riverside/rs 50"},
        {AnswerScope::Zone, "east"},     {AnswerScope::Zone, "west"},          {AnswerScope::Site, "north"},
        {AnswerScope::Asset, "A-a1"}};
    return out;
}

std::vector<Ask> asks(const Questionnaire& asked, const Plant& plant, const AnswerBook& book) {
    AskOptions how;
    how.now = now;
    how.everything = true;
    return asks_of(asked, plant.subjects, plant.rows, {}, book, how);
}

std::vector<std::string> problems_of(const std::string& content, const AnswerFileOptions& how = options()) {
    std::vector<std::string> out;
    const Questionnaire asked = example::questionnaire();
    const Result<AnswersRead> read = read_answers(content, "answers.csv", asked, how);
    if (!read) {
        for (const Problem& problem : read.problems()) out.push_back(problem.text());
    }
    return out;
}

const std::string head = "question,scope,key,answer,by,date,expires,source,note\r\n";

}  // namespace

TEST_CASE("a file that was written, filled in and read gives the answers, in both forms") {
    const Questionnaire asked = example::questionnaire();
    const Plant plant;
    for (const bool csv : {false, true}) {
        AskFileOptions how;
        how.csv = csv;
        how.delimiter = ';';
        how.bom = csv;
        std::string file = write_asks(asks(asked, plant, {}), asked, how);
        // Nothing is filled in yet.
        const Result<AnswersRead> empty = read_answers(file, "answers", asked, options());
        REQUIRE(empty.ok());
        CHECK(empty.value().answers.empty());
        CHECK(empty.value().empty == empty.value().rows);
        CHECK(empty.value().rows == asks(asked, plant, {}).size());
        // As a person fills it in.
        AnswerBook book;
        book.add(given("blocked", AnswerScope::Zone, "east", "no"));
        book.add(given("scope", AnswerScope::Organisation, "", "=all of it, \"the rest\" too"));
        file = write_asks(asks(asked, plant, book), asked, how);
        const Result<AnswersRead> read = read_answers(file, "answers", asked, options());
        if (!read) {
            for (const Problem& problem : read.problems()) FAIL_CHECK(problem.text());
        }
        REQUIRE(read.ok());
        REQUIRE(read.value().answers.size() == 2);
        for (const GivenAnswer& answer : read.value().answers) {
            const GivenAnswer& wanted = *book.about(answer.question, {answer.scope, answer.key});
            CHECK(answer.value == wanted.value);
            CHECK(answer.by == wanted.by);
            CHECK(answer.at == wanted.at);
            CHECK(answer.expires == wanted.expires);
            CHECK(answer.source == wanted.source);
        }
        // Read again beside what is there: nothing is new.
        AnswerFileOptions again = options();
        again.book = &book;
        CHECK(read_answers(file, "answers", asked, again).value().answers.empty());
        CHECK(read_answers(file, "answers", asked, again).value().unchanged == 2);
    }
}

TEST_CASE("what the scan proposes stands there in the words of whoever reads it, and can be taken over as it stands") {
    const Questionnaire asked = example::questionnaire();
    Plant plant;
    plant.row("a1").facts["remote_observed"] = 1;
    plant.row("a1").facts["control_country"] = "XA";
    for (const auto& [language, yes] : {std::pair("nl", "Ja"), std::pair("en", "Yes")}) {
        AskFileOptions how;
        how.language = language;
        const Json form = parse_json(write_asks(asks(asked, plant, {}), asked, how), "form").value();
        std::size_t seen = 0;
        for (const Json& row : form["answers"].items()) {
            if (row["question"].string() == "remote" && row["key"].string() == "riverside/rs 50") {
                CHECK(row["proposal"].string() == yes);
                CHECK(asked.scale_of(*asked.question("remote")).read(row["proposal"].string()).value() == "yes");
                ++seen;
            }
            // What is no option stays what it is.
            if (row["question"].string() == "country" && row["key"].string() == "riverside") {
                CHECK(row["proposal"].string() == "XA");
                ++seen;
            }
        }
        CHECK(seen == 2);
    }
}

TEST_CASE("a spreadsheet's formula is a text, in the file and back") {
    const Questionnaire asked = example::questionnaire();
    AnswerBook book;
    book.add(given("scope", AnswerScope::Organisation, "", "=1+1"));
    AskFileOptions how;
    how.csv = true;
    const std::string file = write_asks(asks(asked, Plant(), book), asked, how);
    CHECK(file.find(",=1+1") == std::string::npos);
    CHECK(read_answers(file, "f", asked, options()).value().answers.front().value == "=1+1");
}

TEST_CASE("a file that a spreadsheet saved as Unicode text is read") {
    const Questionnaire asked = example::questionnaire();
    const std::string table = "question\tscope\tkey\tanswer\tby\tsource\r\nscope\torganisation\t\tZuidpier\tJan\tr\r\n";
    for (const bool little : {true, false}) {
        std::string wide = little ? "\xff\xfe" : "\xfe\xff";
        for (const char c : table) {
            if (!little) wide += '\0';
            wide += c;
            if (little) wide += '\0';
        }
        const Result<AnswersRead> read = read_answers(wide, "answers.txt", asked, options());
        REQUIRE_MESSAGE(read.ok(), read.problems().front().text());
        REQUIRE(read.value().answers.size() == 1);
        CHECK(read.value().answers.front().value == "Zuidpier");
    }
}

TEST_CASE("all problems of a filled-in file are said at once, each with its line") {
    const std::vector<std::string> found =
        problems_of(head + "nothing,supplier,riverside,yes,Operator,,,s1,\r\n" +      // 2: no such question
                    "blocked,room,east,yes,Operator,,,s1,\r\n" +                      // 3: no such scope
                    "blocked,zone,south,yes,Operator,,,s1,\r\n" +                     // 4: no such zone
                    "blocked,zone,east,perhaps,Operator,,,s1,\r\n" +                  // 5: no answer of the scale
                    "blocked,zone,west,yes,Operator,,,,\r\n" +                        // 6: no source
                    "remote,product,riverside/rs 50,yes,,,,,\r\n" +                   // 7: nobody
                    "country,supplier,riverside,XA,Operator,2027-01-01,,,\r\n" +      // 8: in the future
                    "scope,organisation,,all,Operator,2026-11-01,2030-01-01,,\r\n" +  // 9: holds too long
                    "grade,site,north,1,Operator,2026-11-01,2026-10-01,,\r\n" +       // 10: ends before it begins
                    "grade,supplier,riverside,1,Operator,,,,\r\n" +                   // 11: another kind of thing
                    "blocked,zone,east,no,Operator,2020-01-01,,s1,\r\n" +             // 12: has ended
                    "blocked,zone,west,,,,,,\r\n");                                   // 13: left open
    std::string all;
    for (const std::string& problem : found) all += problem + "\n";
    INFO(all);
    REQUIRE(found.size() == 11);
    for (std::size_t line = 2; line <= 12; ++line)
        CHECK(found[line - 2].starts_with("answers.csv:" + std::to_string(line) + ": "));
    CHECK(found[4].find("needs a source") != std::string::npos);
    CHECK(found[7].find("365 days at most") != std::string::npos);
}

TEST_CASE("problems in JSON carry the line on which their answer begins, and which one it is") {
    const Questionnaire asked = example::questionnaire();
    const std::string file =
        "{\"schema\": \"herkomst-answers/1\",\n \"questionnaire\": \"example 1\",\n \"answers\": [\n"
        "  {\"question\": \"grade\", \"scope\": \"site\", \"key\": \"north\", \"answer\": 1, \"by\": \"Operator\"},\n"
        "  {\"question\": \"grade\", \"note\": \"a [ and a { in a text\", \"scope\": \"site\",\n   \"key\": \"north\", "
        "\"answer\": \"7\", \"by\": \"Operator\"},\n 7,\n"
        "  {\"question\": \"none\", \"scope\": \"site\", \"key\": \"north\", \"answer\": \"1\"}]}";
    const Result<AnswersRead> read = read_answers(file, "f.json", asked, options());
    REQUIRE_FALSE(read.ok());
    std::vector<std::string> places;
    for (const Problem& problem : read.problems()) places.push_back(problem.place);
    CHECK(places ==
          std::vector<std::string>{"f.json:7: /answers/2", "f.json:5: /answers/1 (grade)", "f.json:8: /answers/3 (none)"});
    // Of a file that is one line, nothing else tells which.
    const std::string one =
        "{\"schema\": \"herkomst-answers/1\", \"answers\": [{\"question\": \"grade\", \"scope\": \"site\", \"key\": \"north\", "
        "\"answer\": 1, \"by\": \"O\"}, {\"question\": \"grade\", \"scope\": \"site\", \"key\": \"north\", \"answer\": 2, "
        "\"by\": \"O\"}]}";
    const Result<AnswersRead> twice = read_answers(one, "f.json", asked, options());
    REQUIRE_FALSE(twice.ok());
    CHECK(twice.problems().front().text() ==
          "f.json:1: /answers/1 (grade): /answers/0 answers this question about the same thing too");
}

TEST_CASE("two answers to one question about one thing are a problem that names both lines") {
    const std::vector<std::string> found =
        problems_of(head + "blocked,zone,east,yes,Operator,,,s1,\r\nblocked,zone,east,no,Operator,,,s1,\r\n");
    REQUIRE(found.size() == 1);
    CHECK(found[0].starts_with("answers.csv:3: line 2 answers"));
}

TEST_CASE("a file of another questionnaire, or of an older answer, is refused") {
    CHECK(
        problems_of("question,scope,key,answer,by,source,questionnaire\nblocked,zone,east,yes,Operator,s1,other 1\n").size() ==
        1);
    AnswerBook book;
    book.add(given("blocked", AnswerScope::Zone, "east", "no", "2026-11-20"));
    AnswerFileOptions how = options();
    how.book = &book;
    CHECK(problems_of(head + "blocked,zone,east,yes,Operator,2026-11-10,,s1,\r\n", how).size() == 1);
    CHECK(problems_of(head + "blocked,zone,east,yes,Operator,2026-11-20,,s1,\r\n", how).empty());
}

TEST_CASE("Dutch headers, the answer's own words, and an answer about one asset or a site without zones") {
    const Questionnaire asked = example::questionnaire();
    AnswerFileOptions how = options();
    how.by = "Beheerder";
    const Result<AnswersRead> read = read_answers(
        "vraag;soort;sleutel;antwoord;datum;bron\nblocked;asset;A-a1;Nee;2026-11-26;tekening\nblocked;site;north;Weet niet;;\n",
        "f.csv", asked, how);
    REQUIRE(read.ok());
    REQUIRE(read.value().answers.size() == 2);
    CHECK(read.value().answers[0].value == "no");
    CHECK(read.value().answers[0].by == "Beheerder");
    CHECK(read.value().answers[0].expires == at("2026-11-26") + std::chrono::days(100));
    CHECK(read.value().answers[1].unknown());
    CHECK(read.value().answers[1].at == now);
}

TEST_CASE("what is wrong in a file is said in Dutch when that was asked for, and what it takes in the answer's words") {
    AnswerFileOptions how = options();
    how.language = "nl";
    std::string all;
    for (const std::string& each : problems_of(
             head + "blocked,zone,east,perhaps,Operator,,,s1,\r\n" + "blocked,zone,west,yes,Operator,,,,\r\n" +
                 "remote,product,riverside/rs 50,yes,,,,,\r\n" + "country,supplier,riverside,XA,Operator,2027-01-01,,,\r\n",
             how))
        all += each + "\n";
    for (const char* sentence : {"\"perhaps\" past hier niet; mogelijk: Ja; Nee", "bij deze vraag hoort een bron",
                                 "er staat niet wie antwoordt", "ligt in de toekomst"})
        CHECK_MESSAGE(all.find(sentence) != std::string::npos, all);
}

TEST_CASE("every problem of a file of answers has its Dutch sentence") {
    const auto dutch = [](const std::string& rows) {
        std::string all;
        for (const std::string& each : problems_of(head + rows)) all += problem_in(each, "nl") + "\n";
        return all;
    };
    const std::string said = dutch(
        "nothing,zone,east,yes,A,,,drawing,\r\nblocked,moon,east,yes,A,,,drawing,\r\nblocked,zone,cellar,yes,A,,,drawing,\r\n"
        "blocked,supplier,riverside,yes,A,,,drawing,\r\nscope,organisation,,a,A,,,,\r\nscope,organisation,,b,A,,,,\r\n");
    for (const char* part :
         {"answers.csv:2: de vragenlijst example heeft geen vraag \"nothing\"", "er is geen reikwijdte \"moon\"",
          "het register bevat geen zone \"cellar\"", "deze vraag gaat over elke zone, of over een asset",
          "answers.csv:7: regel 6 beantwoordt dezelfde vraag over hetzelfde"}) {
        INFO(said);
        CHECK_MESSAGE(said.find(part) != std::string::npos, part);
    }
    CHECK(problem_in("answers.csv:1: there is no column \"answer\"", "nl") == "answers.csv:1: er is geen kolom \"answer\"");
    CHECK(problem_in("answers.csv:1: there is no column \"answer\"", "en") == "answers.csv:1: there is no column \"answer\"");
}

TEST_CASE("a table without the columns that are needed says so") {
    const std::vector<std::string> found = problems_of("question,answer\nblocked,yes\n");
    CHECK(std::count_if(found.begin(), found.end(),
                        [](const std::string& each) { return each.find("there is no column") != std::string::npos; }) == 2);
    CHECK_FALSE(problems_of("{\"answers\": []}").empty());
    CHECK_FALSE(problems_of("{").empty());
}

TEST_CASE("what names nothing to look at is no source, in a file too, and what was kept with one decides nothing") {
    for (const char* none : {"-", "x", "nvt", "geen", "?", "Q", "stop", "n/a"}) {
        CAPTURE(none);
        const std::vector<std::string> found = problems_of(head + "blocked,zone,east,yes,Operator,,," + none + ",\r\n");
        REQUIRE(found.size() == 1);
        CHECK(found[0].find("needs a source") != std::string::npos);
        GivenAnswer kept = given("blocked", AnswerScope::Zone, "east", "yes");
        const Questionnaire asked = example::questionnaire();
        CHECK(counts(*asked.question("blocked"), kept, now));
        kept.source = none;
        CHECK_FALSE(counts(*asked.question("blocked"), kept, now));
    }
    CHECK(problems_of(head + "blocked,zone,east,yes,Operator,,,P4,\r\n").empty());
    CHECK(problems_of(head + "scope,organisation,,Zuidpier,Jan,,,-,\r\n").empty());
}

TEST_SUITE_END();

}  // namespace assess_file_test
