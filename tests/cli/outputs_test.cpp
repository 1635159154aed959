// Where a command writes: what is somebody else's stays, what cannot be written is found out first, and a full disk is no
// success.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "cli/command.h"
#include "tests/cli/program.h"

using namespace herkomst;
using program::Desk;
using program::Ran;
using program::says;
using program::shell;

namespace outputs_test {

TEST_SUITE_BEGIN("outputs");

namespace {

const std::string rows = "192.0.2.7;Example;X1;S1\n192.0.2.8;Example;X2;S2\n";

std::string errors_of(const std::string& words) {
    return shell("{ " HERKOMST_BINARY_DIR "/bin/herkomst " + words + " >/dev/full; } 2>&1; echo exit $?").out;
}

std::string sealed_permissions(const std::string& path) { return shell("stat -c %a '" + path + "'").out; }

}  // namespace

TEST_CASE("a full disk is one sentence and exit 3, for whatever is printed") {
    const std::string plant = HERKOMST_SOURCE_DIR "/tests/scenes/demo_plant/plant.pcapng";
    for (const std::string& words :
         {"scan " + plant + " --until observations", "scan " + plant + " --until assets", "scan " + plant,
          std::string("protocols"), std::string("export --list"), std::string("--help"), std::string("--version"),
          std::string("columns " HERKOMST_SOURCE_DIR "/tests/scenes/demo_plant/assets.csv")}) {
        CAPTURE(words);
        const std::string said = errors_of(words);
        CAPTURE(said);
        CHECK(said.find("herkomst: the output cannot be written: No space left on device\n") != std::string::npos);
        CHECK(said.ends_with("exit 3\n"));
    }
    CHECK(errors_of("protocols --lang nl").find("de schijf is vol") == std::string::npos);  // it has no --lang
    CHECK(errors_of("scan " + plant + " --lang nl").find("de uitvoer kan niet worden geschreven: de schijf is vol") !=
          std::string::npos);
}

TEST_CASE("a report is not written over the inventory that it is made from, nor over what is not ours") {
    const Desk desk("outputs", rows);
    desk.put("assets.csv", desk.file("list.csv"));
    const Ran over = desk.run("scan assets.csv --register other.db --report .");
    CHECK(over.exit_code == exit_usage);
    CHECK(says(over, "./assets.csv: is read here and would be written over"));
    CHECK(desk.file("assets.csv") == desk.file("list.csv"));
    CHECK_FALSE(std::filesystem::exists(desk.at("other.db")));
    // Not read now, but somebody's all the same; every such file is told.
    std::filesystem::create_directories(desk.at("out"));
    desk.put("out/questions.csv", "naam;vraag\nA;B\n");
    desk.put("out/register.json", "{\"mine\": true}");
    const Ran mine = desk.run("scan list.csv --report out");
    CHECK(mine.exit_code == exit_usage);
    CHECK(says(mine, "out/questions.csv: is there already and is not a file of herkomst"));
    CHECK(says(mine, "out/register.json: is there already and is not a file of herkomst"));
    CHECK_FALSE(std::filesystem::exists(desk.at("out/report.html")));
    CHECK(desk.file("out/questions.csv") == "naam;vraag\nA;B\n");
    CHECK(says(desk.run("scan list.csv --report out --lang nl"), "bestaat al en is geen bestand van herkomst"));
    // `export` the same.
    const Ran exported = desk.run("export csv --register site.db -o .");
    CHECK(exported.exit_code == exit_usage);
    CHECK(desk.file("assets.csv") == desk.file("list.csv"));
    CHECK(desk.run("export csv --register site.db -o -").exit_code == exit_usage);
    CHECK_FALSE(std::filesystem::exists(desk.at("-")));
}

TEST_CASE("a report and every export are written over those of last time, in either language") {
    const Desk desk("outputs-again", rows);
    for (const char* lang : {"en", "nl", "en"}) {
        const Ran ran = desk.run(std::string("scan list.csv --register site.db --report out --lang ") + lang);
        CAPTURE(ran.out);
        CHECK(ran.exit_code == 0);
    }
    desk.put("phrase", "some words of mine\n");
    for (const char* format : {"csv", "json", "cyclonedx", "netbox", "risk_register", "html"}) {
        for (const char* how : {"", " --delimiter semicolon --bom --compact --lang nl", ""}) {
            CAPTURE(format);
            CAPTURE(how);
            CHECK(desk.run(std::string("export ") + format + " --register site.db -o exports" + how).exit_code == 0);
        }
    }
    for (int twice = 0; twice < 2; ++twice)
        CHECK(desk.run("export json --register site.db -o sealed --passphrase-file phrase").exit_code == 0);
}

TEST_CASE("a mapping and a file of questions are never written over") {
    const Desk desk("outputs-mapping", rows);
    const std::string before = desk.file("list.csv");
    CHECK(desk.run("columns list.csv --save list.csv").exit_code == exit_usage);
    CHECK(desk.file("list.csv") == before);
    REQUIRE(desk.run("columns list.csv --save map.json").exit_code == 0);
    CHECK(desk.run("columns list.csv --save map.json").exit_code == exit_usage);
    CHECK(desk.run("columns list.csv --mapping map.json --save map.json").exit_code == 0);
    REQUIRE(desk.run("assess export --register site.db --all -o ask.csv").exit_code == 0);
    desk.put("ask.csv", "answered");
    const Ran again = desk.run("assess export --register site.db --all -o ask.csv --lang nl");
    CHECK(again.exit_code == exit_usage);
    CHECK(says(again, "bestaat al; een bestand met vragen wordt nooit overschreven"));
    CHECK(desk.file("ask.csv") == "answered");
}

TEST_CASE("a register or report that cannot be made is told before anything is read or recorded") {
    const Desk desk("outputs-first", "192.0.2.7;Example;X1;S1\nnonsense;Example;X2;S2\n");
    const Ran nowhere = desk.run("scan list.csv --register /nonexistent/x.db");
    CHECK(nowhere.exit_code == exit_machine);
    CHECK(says(nowhere, "/nonexistent/x.db: cannot be written: No such file or directory"));
    CHECK(nowhere.out.find("nonsense") == std::string::npos);
    const Ran file = desk.run("scan list.csv --register fresh.db --report list.csv");
    CHECK(file.exit_code == exit_machine);
    CHECK_FALSE(std::filesystem::exists(desk.at("fresh.db")));
    std::filesystem::create_directories(desk.at("folder"));
    const Ran folder = desk.run("scan list.csv --register folder");
    CHECK(folder.exit_code == exit_usage);
    CHECK(says(folder, "folder: is a folder, not a register"));
    CHECK(says(desk.run("scan list.csv --report /proc/none --lang nl"), "kan niet worden gebruikt: bestaat niet"));
}

TEST_CASE("an empty value is a variable that was not set, and no value") {
    const Desk desk("outputs-empty", rows);
    for (const char* words : {"scan list.csv --register ''", "scan list.csv --report=", "scan list.csv --mapping ''",
                              "export csv --register site.db -o ''", "explain 192.0.2.7 --register ''"}) {
        CAPTURE(words);
        const Ran ran = desk.run(words);
        CHECK(ran.exit_code == exit_usage);
        CHECK(says(ran, "takes a value, and this one is empty"));
    }
}

TEST_CASE("without its data the program says where it looks for them") {
    const Ran ran = shell("HERKOMST_DATA=/nonexistent " HERKOMST_BINARY_DIR "/bin/herkomst scan " HERKOMST_SOURCE_DIR
                          "/tests/scenes/demo_plant/assets.csv 2>&1");
    CHECK(ran.exit_code == exit_machine);
    CHECK(says(ran, "/nonexistent: the data of herkomst are not there"));
    CHECK(says(ran, "HERKOMST_DATA"));
}

TEST_CASE("what is written is nobody else's to read before it is whole, and what failed leaves nothing behind") {
    const Desk desk("outputs-mode", rows);
    REQUIRE(desk.run("export json --register site.db -o out").exit_code == 0);
    CHECK(sealed_permissions(desk.at("out/register.json")) == "600\n");
    // A file may not grow beyond this: then there is no half of one, and none beside it.
    std::string wide = "ip";
    for (int i = 0; i < 100; ++i) wide += ";column " + std::to_string(i);
    desk.put("wide.csv", wide + "\n");
    std::filesystem::create_directories(desk.at("small"));
    const Ran full = shell("cd '" + desk.at("") +
                           "' && trap '' XFSZ && ulimit -f 1 && " HERKOMST_BINARY_DIR
                           "/bin/herkomst columns wide.csv --save small/map.json 2>&1");
    CHECK(full.exit_code == exit_machine);
    CHECK(says(full, "small/map.json: cannot be written: File too large"));
    CHECK(std::filesystem::is_empty(desk.at("small")));
    // Devices stay devices.
    CHECK(desk.run("columns list.csv --save /dev/full").exit_code == exit_machine);
    CHECK(std::filesystem::is_character_file("/dev/full"));
    CHECK(desk.run("columns list.csv --save /dev/null").exit_code == 0);
    CHECK(std::filesystem::is_character_file("/dev/null"));
}

TEST_SUITE_END();

}  // namespace outputs_test
