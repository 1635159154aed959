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

TEST_SUITE_END();

}  // namespace named_sources_test
