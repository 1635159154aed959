// A register on a disk without room: it can be read, and what cannot be done is told with its true reason.
#include <doctest/doctest.h>

#include <string>

#include "cli/command.h"
#include "tests/cli/program.h"

using namespace herkomst;
using program::Desk;
using program::Ran;
using program::says;
using program::shell;

namespace full_disk_test {

TEST_SUITE_BEGIN("full_disk");

TEST_CASE("a register on a full disk is read, and a scan says that the disk is full") {
    const Desk desk("full-disk", "192.0.2.7;Example;X1;S1-7\n");
    REQUIRE(shell("mkdir '" + desk.at("small") + "'").exit_code == 0);
    const auto there = [&](const std::string& command) {
        return shell("cd '" + desk.at("") +
                     "' && H=" HERKOMST_BINARY_DIR
                     "/bin/herkomst && unshare -rm sh -c 'mount -t tmpfs -o size=4m none small && "
                     "cp site.db small/ && { dd if=/dev/zero of=small/rest bs=1k 2>/dev/null; " +
                     command + "; code=$?; ls small; exit $code; }' 2>&1");
    };
    const std::string program = HERKOMST_BINARY_DIR "/bin/herkomst ";
    const Ran can = there("true");
    if (can.exit_code != 0) {
        MESSAGE("skipped: no namespaces can be made here");
        return;
    }
    for (const char* words : {"register list runs", "register verify", "explain 192.0.2.7", "export json -o out"}) {
        CAPTURE(words);
        const Ran ran = there(program + words + " --register small/site.db");
        CHECK(ran.exit_code == 0);
        if (ran.exit_code != 0) MESSAGE(ran.out);
        // Nothing is left beside it.
        CHECK(ran.out.ends_with("rest\nsite.db\n"));
    }
    const Ran scan = there(program + "scan list.csv --site north --register small/site.db");
    CHECK(scan.exit_code == exit_machine);
    CHECK(says(scan, "small/site.db: the disk is full"));
    CHECK(scan.out.find("fails") == std::string::npos);
}

TEST_SUITE_END();

}  // namespace full_disk_test
