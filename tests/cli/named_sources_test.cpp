// Sources by what they are called: names that are no text, globs over closed folders, lists of which nothing is right.
#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "cli/command.h"
#include "core/printed.h"
#include "core/utf8.h"
#include "tests/cli/program.h"

using namespace herkomst;
using program::Desk;
using program::Ran;
using program::says;
using program::shell;

namespace named_sources_test {

TEST_SUITE_BEGIN("named_sources");

namespace {

const std::string rows = "192.0.2.7;Example;X1;S1-7\n192.0.2.8;Example;X2;S2-8\n";

Ran in(const Desk& desk, const std::string& command) {
    return shell("cd '" + desk.at("") + "' && H=" HERKOMST_BINARY_DIR "/bin/herkomst && { " + command + "; } 2>&1");
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

}  // namespace

TEST_CASE("a file whose name is not UTF-8 is told and not read, in a folder and by a glob; all that is written is UTF-8") {
    const Desk desk("names-bytes", rows);
    REQUIRE(in(desk, "mkdir f && cp list.csv f/good.csv").exit_code == 0);
    desk.put("f/inv\xe9.csv", "ip-adres;merk\n192.0.2.9;Example\n");
    desk.put("f/photo\xe9.jpg", "neither of the two");
    for (const char* words : {"f", "'f/*'"}) {
        CAPTURE(words);
        const Ran ran = in(desk, std::string("$H scan ") + words + " --register new.db --report out --strict");
        CHECK(ran.exit_code == exit_gaps);
        CHECK(says(ran, "f/inv\\xe9.csv: is not read: its name is not UTF-8"));
        for (const char* file : {"findings.csv", "assets.csv", "report.html", "register.json"})
            CHECK_MESSAGE(is_utf8(desk.file(std::string("out/") + file)), file);
        CHECK(count(desk.file("out/assets.csv"), "192.0.2.9") == 0);
        CHECK(count(desk.file("out/assets.csv"), "192.0.2.7") == 1);
    }
    CHECK(desk.run("register verify --register new.db").exit_code == 0);
}

TEST_CASE("a glob says which folders it could not look into, also where it found something elsewhere") {
    if (geteuid() == 0 && std::system("command -v setpriv >/dev/null") != 0) {
        MESSAGE("skipped: root may look everywhere, and there is no setpriv to be somebody else");
        return;
    }
    const Desk desk("names-closed", rows);
    REQUIRE(in(desk, "mkdir shut open && cp list.csv shut/ && chmod 755 . open && chmod 000 shut && chmod 644 list.csv")
                .exit_code == 0);
    const std::string as = geteuid() == 0 ? "setpriv --reuid 65534 --regid 65534 --clear-groups $H" : "$H";
    if (in(desk, as + " --version").exit_code != 0) {
        MESSAGE("skipped: nobody may not read the build");
        in(desk, "chmod 755 shut");
        return;
    }
    const Ran none = in(desk, as + " scan '*/list.csv' --until observations");
    CHECK(says(none, "shut: cannot be walked: Permission denied"));
    CHECK(none.out.find("matches no file") == std::string::npos);
    REQUIRE(in(desk, "cp list.csv open/").exit_code == 0);
    const Ran one = in(desk, as + " scan '*/list.csv' --until observations --strict");
    CHECK(one.exit_code == exit_gaps);
    CHECK(says(one, "shut: cannot be walked: Permission denied"));
    CHECK(says(in(desk, as + " scan 'open/*.xml' --until observations"), "open/*.xml: matches no file"));
    in(desk, "chmod 755 shut");
}

TEST_CASE("a list of which nothing is right is told a thousand times, and counted") {
    const Desk desk("names-many", rows);
    std::string list =
        "ip;merk;omschrijving\n192.0.2.7;Example;" + std::string(600, 'a') + "\n192.0.2.8;" + std::string(300, 'b') + ";kort\n";
    for (int i = 0; i < 1500; ++i) list += "192.0.2.300;Example;x\n";
    desk.put("bad.csv", list);
    const Ran ran = desk.run("scan bad.csv --register new.db");
    CHECK(ran.exit_code == 0);
    CHECK(count(ran.out, "is not the IP address of a device") <= 1000);
    CHECK(count(ran.out, "is not the IP address of a device") > 990);
    CHECK(says(ran, "bad.csv: has 501 more such places"));
    REQUIRE(desk.run("export json --register new.db -o out").exit_code == 0);
    const std::size_t kept = count(desk.file("out/register.json"), "is not the IP address of a device");
    CHECK(kept <= 1000);
    CHECK(kept > 990);
    // What is longer than is kept.
    desk.put("long.csv", list.substr(0, list.find("192.0.2.300")));
    CHECK(says(desk.run("scan long.csv --until observations"),
               "long.csv:2: 2 cells are longer than what is kept (256 bytes, descriptions 512): the rest was cut off"));
}

TEST_CASE("a mapping that names nothing, or what is not there, is told") {
    const Desk desk("names-mapping", rows);
    desk.put("empty.json", "{}");
    desk.put("nope.json", R"({"columns":{"nope":"brand","merk":"brand"}})");
    const Ran empty = desk.run("scan list.csv --mapping empty.json --until observations");
    CHECK(empty.exit_code == exit_usage);
    CHECK(says(empty, "empty.json: names no column"));
    const Ran nope = desk.run("scan list.csv --mapping nope.json --until observations --strict");
    CHECK(nope.exit_code == exit_gaps);
    CHECK(says(nope, "list.csv:1: has no column \"nope\", which the mapping names"));
}

TEST_CASE("what is packed in several members is read to the last; bytes after them are told, padding is none") {
    const Desk desk("names-packed", rows);
    const std::string plant = HERKOMST_SOURCE_DIR "/tests/scenes/demo_plant/plant.pcapng";
    REQUIRE(in(desk,
               "gzip -c " + plant +
                   " > p.gz && { cat p.gz; echo junk; } > junk.gz && { cat p.gz; head -c 700 /dev/zero; } > padded.gz && "
                   "head -2 list.csv | gzip > l.csv.gz && tail -n +3 list.csv | gzip >> l.csv.gz && { cat l.csv.gz; head -c 9 "
                   "/dev/zero; } > m.csv.gz && { cat l.csv.gz; echo junk; } > n.csv.gz")
                .exit_code == 0);
    const auto lines = [&](const std::string& file) {
        return in(desk, "$H scan " + file + " --until observations 2>/dev/null | wc -l").out;
    };
    CHECK(lines("junk.gz") == lines(plant));
    CHECK(says(desk.run("scan junk.gz --until observations"), "bytes follow the packed data that belong to nothing"));
    CHECK(desk.run("scan padded.gz --until assets").out.find("belong to nothing") == std::string::npos);
    CHECK(lines("l.csv.gz") == lines("list.csv"));
    CHECK(lines("m.csv.gz") == lines("list.csv"));
    CHECK(says(desk.run("scan n.csv.gz --until observations"), "n.csv.gz: is damaged"));
}

TEST_CASE("a command that there is not is told in the language that was asked for") {
    CHECK(says(program::herkomst_says("foo --lang nl"), "er is geen opdracht \"foo\""));
    CHECK(says(program::herkomst_says("--lang=nl"), "er is geen opdracht \"--lang=nl\""));
    CHECK(says(program::herkomst_says("foo"), "there is no command \"foo\""));
}

TEST_CASE("letters that would turn the others about stand there as bytes") {
    CHECK(printed("a\xe2\x80\xae"
                  "b") == "a\\xe2\\x80\\xaeb");
    CHECK(printed("\xe2\x81\xa6 \xe2\x80\x8f \xd8\x9c") == "\\xe2\\x81\\xa6 \\xe2\\x80\\x8f \\xd8\\x9c");
    // Their neighbours, and letters that are read from the right by themselves.
    for (const char* plain : {"\xe2\x80\x93", "\xe2\x80\xa6", "\xe2\x82\xac", "\xd8\xa7", "\xe2\x81\xaa"})
        CHECK(printed(plain) == plain);
    const Desk desk("names-turned", rows);
    desk.put("rtl\xe2\x80\xaetxt.csv", "ip-adres;merk\n192.0.2.9;Example\n192.0.2.300;x\n");
    CHECK(says(desk.run("scan 'rtl\xe2\x80\xaetxt.csv' --until observations"), "rtl\\xe2\\x80\\xaetxt.csv:3: row not used"));
}

TEST_SUITE_END();

}  // namespace named_sources_test
