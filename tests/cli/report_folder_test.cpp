// The folder of a report: what may stand in the way there, and what may be made in it.
#include <doctest/doctest.h>

#include <string>

#include "cli/command.h"
#include "tests/cli/program.h"

using namespace herkomst;
using program::Desk;
using program::Ran;
using program::says;
using program::shell;

namespace report_folder_test {

TEST_SUITE_BEGIN("report_folder");

TEST_CASE("a report folder in which a pipe has the name of our file is refused, not waited for") {
    const Desk desk("report-pipe", "192.0.2.7;Example;X1;S1-7\n");
    REQUIRE(shell("mkdir '" + desk.at("out") + "' && mkfifo '" + desk.at("out/assets.csv") + "'").exit_code == 0);
    const Ran ran =
        shell("cd '" + desk.at("") + "' && timeout 30 " HERKOMST_BINARY_DIR "/bin/herkomst scan list.csv --report out 2>&1");
    CHECK(ran.exit_code == exit_usage);
    CHECK(says(ran, "out/assets.csv: is there already and is not a file of herkomst"));
}

TEST_CASE("a register may be made in the folder of its first report") {
    const Desk desk("report-first", "192.0.2.7;Example;X1;S1-7\n");
    CHECK(desk.run("scan list.csv --report new --register new/site.db").exit_code == 0);
    CHECK(desk.run("register verify --register new/site.db").exit_code == 0);
}

TEST_SUITE_END();

}  // namespace report_folder_test
