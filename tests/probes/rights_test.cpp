// What the process that asks may do: nothing of root but raw sockets, and no way back; what is written afterwards is written
// with the rights of whoever started the program.
#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "../lint/folder.h"
#include "herkomst_run.h"
#include "peers.h"

using namespace herkomst;

namespace rights_test {

TEST_SUITE_BEGIN("probe_rights");

namespace {

std::string scope_text(const std::string& ip, std::uint16_t port) {
    return R"({"schema":"herkomst-scope/1","authorised_by":"A. Person","purpose":"test","valid":{"from":"2026-11-01T00:00:00Z",)"
           R"("until":"2026-12-01T00:00:00Z"},"ranges":[{"range":")" +
           ip + R"(","probes":["http"],"ports":{"http":[)" + std::to_string(port) + "]}}]}";
}

// "CapEff:\t0000000000002000\n": the value.
std::string value_of(const std::string& status, const std::string& key) {
    const std::size_t at = status.find(key + ":\t");
    if (at == std::string::npos) return "";
    const std::size_t from = at + key.size() + 2;
    return status.substr(from, status.find('\n', from) - from);
}

}  // namespace

TEST_CASE("started as root, what asks keeps raw sockets and nothing else, and cannot get more") {
    if (::geteuid() != 0) {
        MESSAGE("skipped: only root has something to give up");
        return;
    }
    const Peer slow("127.0.47.1", behaviour::silent());
    const Folder folder("rights");
    const std::string at = folder.path().string();
    folder.write("scope.json", scope_text("127.0.47.1", slow.port()));
    // The register lies in a folder of somebody else's, where root may write and nobody else.
    std::filesystem::create_directories(folder.path() / "theirs");
    REQUIRE(shell("chown 12345:12345 " + at + "/theirs && chmod 700 " + at + "/theirs").exit_code == 0);
    const ProgramRan ran = shell(
        HERKOMST_BINARY_DIR "/bin/herkomst probe --now 2026-11-27T12:00:00Z --quiet --i-am-authorised Me --scope " + at +
        "/scope.json --record " + at + "/theirs/record --register " + at + "/theirs/site.db >" + at + "/out 2>&1 & main=$!; " +
        "for i in $(seq 100); do child=$(pgrep -P $main); [ -n \"$child\" ] && "
        "grep -q 'NoNewPrivs:.1' /proc/$child/status && break; sleep 0.05; done; cat /proc/$child/status; wait $main; echo "
        "\"exit $?\"; cat " +
        at + "/out");
    INFO(ran.out);
    CHECK(ran.out.find("exit 0") != std::string::npos);
    const std::string raw = "0000000000002000";  // bit 13, CAP_NET_RAW
    CHECK(value_of(ran.out, "CapEff") == raw);
    CHECK(value_of(ran.out, "CapPrm") == raw);
    CHECK(value_of(ran.out, "CapInh") == "0000000000000000");
    CHECK(value_of(ran.out, "CapBnd") == "0000000000000000");
    CHECK(value_of(ran.out, "CapAmb") == "0000000000000000");
    CHECK(value_of(ran.out, "NoNewPrivs") == "1");
    CHECK(value_of(ran.out, "Uid").starts_with("65534"));
    CHECK(slow.connections() == 1);
    // Written afterwards, with root's own rights.
    CHECK(std::filesystem::exists(folder.path() / "theirs" / "site.db"));
}

TEST_CASE("without rights to give up it asks all the same") {
    const Peer web("127.0.47.2", behaviour::answers("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    const Folder folder("rights_none");
    const std::string at = folder.path().string();
    folder.write("scope.json", scope_text("127.0.47.2", web.port()));
    REQUIRE(shell("chmod 777 " + at).exit_code == 0);
    const std::string as_nobody =
        ::geteuid() == 0 ? "setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set=-all " : "";
    const ProgramRan ran = shell(as_nobody +
                                 HERKOMST_BINARY_DIR
                                 "/bin/herkomst probe --now 2026-11-27T12:00:00Z --quiet --i-am-authorised Me --until "
                                 "observations --scope " +
                                 at + "/scope.json --record " + at + "/record");
    if (ran.out.find("ermission denied") != std::string::npos && ::geteuid() == 0) {
        MESSAGE("skipped: the program lies where nobody else may read");
        return;
    }
    INFO(ran.out);
    CHECK(ran.exit_code == 0);
    CHECK(web.connections() == 1);
}

TEST_SUITE_END();

}  // namespace rights_test
