// What people type at a register: names and reasons that are none, fields that are none, registers that are not there; and what
// a terminal is shown of what others wrote.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "register/sql.h"
#include "tests/cli/program.h"

using namespace herkomst;
namespace fs = std::filesystem;
using program::Ran;
using program::says;

namespace register_words_test {

TEST_SUITE_BEGIN("cli.register_words");

namespace {

class Desk : public program::Desk {
  public:
    explicit Desk(const std::string& name)
        : program::Desk(name, "10.1.0.7;Sungrow;SG110CX;A7001234\n10.1.0.8;Siemens;S7-1200;S7-55512\n") {}
    [[nodiscard]] std::int64_t events() const {
        return sql::Database(at("site.db"), sql::Mode::ReadOnly).number("SELECT count(*) FROM events");
    }
};

// In a shell's words: a new line, what clears a terminal, and one of C1.
constexpr const char* line = "\"$(printf 'a\\nb')\"";
constexpr const char* clears = "\"$(printf 'a\\033[2Jb')\"";
constexpr const char* c1 = "\"$(printf 'a\\302\\233b')\"";

bool holds_control(const std::string& text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return c != '\n' && static_cast<unsigned char>(c) < 0x20; });
}

}  // namespace

TEST_CASE("a name, a reason and a subject are text: not blank, nothing that moves a cursor, not without end") {
    const Desk desk("words");
    const std::int64_t before = desk.events();
    const auto refused = [&](const std::string& words, const std::string& why) {
        const Ran ran = desk.desk(words);
        CHECK(ran.exit_code == 2);
        CHECK(says(ran, why));
        CHECK_FALSE(holds_control(ran.out));
    };
    refused("set zone:hall owner=Ann --by '   '", "nobody is named who does this");
    refused("merge 10.1.0.7 10.1.0.8 --by Ann --reason '  '", "is not done without a reason");
    for (const char* bad : {line, clears, c1}) {
        refused(std::string("set zone:hall owner=Ann --by ") + bad, "--by: holds a control character");
        refused(std::string("set zone:hall owner=Ann --by Ann --reason ") + bad, "--reason: holds a control character");
        refused(std::string("set zone:") + bad + " owner=Ann --by Ann", "holds a control character");
        refused(std::string("set zone:hall owner=") + bad + " --by Ann", "owner: holds a control character");
        refused(std::string("set setting:organisation value=") + bad + " --by Ann --role owner --reason x",
                "holds a control character");
        refused(std::string("set 10.1.0.7 model=") + bad + " --by Ann --reason x", "holds a control character");
    }
    const std::string much = "\"$(head -c 5000 /dev/zero | tr '\\0' x)\"";
    refused("set zone:hall owner=Ann --by " + much, "--by: is longer than 200 bytes");
    refused("set zone:hall owner=Ann --by Ann --reason " + much, "--reason: is longer than 4000 bytes");
    refused("set zone:" + much + " owner=Ann --by Ann", "is longer than 200 bytes");
    refused("set zone:hall owner='  ' --by Ann", "owner: is blank");
    refused("set zone:hall owner=Ann --by ' ' --lang nl", "er staat niet bij wie dit doet");
    refused("set zone:hall owner='  ' --by Ann --lang nl", "is leeg op spaties na");
    CHECK(desk.events() == before);
    // Blanks at the ends were not meant.
    CHECK(desk.desk("set 'zone:  hall 2 ' owner=Ann --by '  Ann ' --reason ' so '").exit_code == 0);
    CHECK(says(desk.desk("show 'zone:hall 2'"), "owner            Ann"));
    CHECK(says(desk.desk("history 'zone:hall 2'"), "\"so\""));
    CHECK(desk.desk("verify").exit_code == 0);
}

TEST_CASE("what stands in a register already is shown to a terminal without what would move its cursor") {
    const Desk desk("shown");
    CHECK(desk.desk("set zone:hall owner=Ann note=dry --by Ann --reason so").exit_code == 0);
    CHECK(desk.desk("set setting:organisation value=Works --by Ann --role owner --reason so").exit_code == 0);
    sql::Database(desk.at("site.db"), sql::Mode::ReadWrite)
        .run(
            "DROP TRIGGER events_are_not_changed; UPDATE work SET value = 'x' || char(27) || '[2J' || char(10) || 'y' WHERE "
            "value IN ('Ann', 'dry', 'Works'); "
            "UPDATE "
            "events SET detail = replace(detail, 'Ann', 'A\\u001b[2J\\ny')");
    for (const char* words : {"show zone:hall", "list settings", "history", "list settings --format csv", "verify"}) {
        const Ran ran = desk.desk(words);
        CAPTURE(words);
        CHECK(says(ran, "\\x1b[2J\\ny"));
        CHECK(ran.out.find('\x1b') == std::string::npos);
    }
}

TEST_CASE("what is set is set as a whole or not at all") {
    const Desk desk("whole");
    const std::int64_t before = desk.events();
    for (const char* words :
         {"set 10.1.0.7 maker=Siemens bogus=1 --by Ann --reason x", "set 10.1.0.7 zone=a maker=Siemens --by Ann",
          "set 10.1.0.7 M-99 note=x --by Ann --reason x", "set 10.1.0.7 A-3 note=x --by Ann --reason x",
          "set 10.1.0.7 zone:hall purdue=2 --by Ann --reason x"})
        CHECK(desk.desk(words).exit_code == 2);
    CHECK(desk.events() == before);
    CHECK(desk.rows("assertions").empty());
    CHECK(desk.desk("set 10.1.0.7 maker=Siemens zone=a --by Ann --reason x").exit_code == 0);
    CHECK(desk.rows("assertions").size() == 1);
}

TEST_CASE("no register is made of a wrong name, nor of an empty file") {
    const Desk desk("none");
    desk.put("empty.db", "");
    for (const char* action : {"set zone:hall owner=Ann", "status assessed R-abcde", "measure R-abcde title=x", "merge a b",
                               "split a mac:b", "withdraw A-1", "forget a"}) {
        CAPTURE(action);
        const Ran typo = desk.run(std::string("register ") + action + " --by Ann --reason x --register typo.db");
        CHECK(typo.exit_code == 3);
        CHECK(says(typo, "this register cannot be opened: No such file or directory"));
        CHECK_FALSE(fs::exists(desk.at("typo.db")));
        const Ran empty = desk.run(std::string("register ") + action + " --by Ann --reason x --register empty.db");
        CHECK(empty.exit_code == 3);
        CHECK(says(empty, "this file is not a register of herkomst"));
        CHECK(fs::file_size(desk.at("empty.db")) == 0);
    }
}

TEST_CASE("a day that cannot be read, or is too far away, is said to be that") {
    const Desk desk("until");
    const JsonArray questions = desk.rows("questions");
    REQUIRE_FALSE(questions.empty());
    const std::string finding = questions.front()["finding"].string();
    CHECK(desk.desk("status assessed " + finding + " --by Ann --reason x").exit_code == 0);
    const std::string accept = "accept " + finding + " owner=Rob --by Rob --role owner --reason x";
    for (const char* day : {"9999-12-31", "31-12-2026", "soon"}) {
        const Ran ran = desk.desk(accept + " --until " + day);
        CHECK(ran.exit_code == 2);
        CHECK(says(ran, std::string("cannot be accepted until \"") + day + "\""));
        CHECK(ran.out.find("without a day") == std::string::npos);
    }
    CHECK(says(desk.desk(accept), "without a day on which that ends"));
    CHECK(says(desk.desk(accept + " --until soon --lang nl"), "kan niet worden aanvaard tot \"soon\""));
}

TEST_CASE(
    "seal open: what reads it was not there or is no key: input, not an alteration; a name that could not be opened is not "
    "closed") {
    const Desk desk("sealed");
    desk.put("phrase", "correct horse battery staple\n");
    desk.put("other", "another passphrase, and long\n");
    CHECK(desk.run("seal keygen -o key").exit_code == 0);
    CHECK(desk.run("seal close list.csv -o a.sealed --recipient key.pub").exit_code == 0);
    CHECK(desk.run("seal close list.csv -o b.sealed --passphrase-file phrase").exit_code == 0);
    CHECK(desk.run("seal open a.sealed -o out --key nowhere").exit_code == 2);
    CHECK(desk.run("seal open a.sealed -o out --key key.pub").exit_code == 2);
    CHECK(desk.run("seal open b.sealed -o out --passphrase-file nowhere").exit_code == 2);
    CHECK(desk.run("seal open b.sealed -o out --passphrase-file other").exit_code == 4);
    CHECK_FALSE(fs::exists(desk.at("out")));
    desk.put("a\x1b[31mb", "x");
    desk.put(".hidden", "x");
    // What could not be opened again is not closed.
    const Ran ran = desk.run("seal close a*b .hidden -o c.sealed --passphrase-file phrase");
    CHECK(ran.exit_code == 2);
    CHECK(says(ran, "a\\x1b[31mb: has a name that nobody could open it by"));
    CHECK(says(ran, ".hidden: has a name"));
    CHECK_FALSE(fs::exists(desk.at("c.sealed")));
}

TEST_CASE("a report of an altered register is written, with what stands there") {
    const Desk desk("altered");
    sql::Database(desk.at("site.db"), sql::Mode::ReadWrite)
        .run("UPDATE findings SET subject_kind = 'x{' WHERE subject_kind <> 'site'; UPDATE sums SET kind = 'y{'");
    for (const char* format : {"html", "json", "csv"})
        CHECK(desk.run(std::string("export ") + format + " --register site.db -o out-" + format).exit_code == 0);
}

TEST_CASE("a kind without a name is nothing; what --redact takes out is nothing to filter by") {
    const Desk desk("nothing");
    for (const char* words : {"show zone:", "show 'zone:  '", "history zone:", "set zone: owner=Ann --by Ann"}) {
        const Ran ran = desk.desk(words);
        CHECK(ran.exit_code == 2);
        CHECK(says(ran, "is followed by a name"));
    }
    CHECK(desk.desk("set 10.1.0.7 zone=DMZ owner=Karel --by Ann").exit_code == 0);
    for (const char* filter : {"--zone DMZ", "--owner Karel"}) {
        CHECK(desk.desk(std::string("list assets ") + filter).exit_code == 0);
        const Ran ran = desk.desk(std::string("list assets --redact ") + filter);
        CHECK(ran.exit_code == 2);
        CHECK(says(ran, "stands there, but --redact takes it out"));
    }
    CHECK(says(desk.desk("list assets --redact --owner Nobody"), "stands nowhere in this register"));
    CHECK(desk.desk("list assets --redact --kind device").exit_code == 0);
}

TEST_SUITE_END();

}  // namespace register_words_test
