// Two runs, one after the other or at once: nobody is asked twice, nobody in the middle of what another run finishes, and what
// the first one learned the second one knows.
#include <filesystem>
#include <optional>

#include "peers.h"
#include "probes/campaign.h"
#include "run_place.h"

using namespace herkomst;
using namespace std::chrono_literals;

namespace two_runs_test {

TEST_SUITE_BEGIN("probe_two_runs");

namespace {

const std::string page = "HTTP/1.1 200 OK\r\nServer: ExampleWeb/2.1\r\nContent-Length: 5\r\n\r\nhello";

// A program of the test's own namespaces, in which it is root and a link is its own; nothing: that cannot be had here.
std::optional<ProgramRan> on_a_link(const std::string& script) {
    ProgramRan ran = shell(
        "unshare -rn sh -c 'ip link set lo up && ip link add here type veth peer name there && "
        "ip link add here2 type veth peer name there2 && ip link set there up && ip link set there2 up && "
        "ip addr add 192.0.2.10/24 brd 192.0.2.255 dev here && ip addr add 198.51.100.10/24 brd 198.51.100.255 dev here2 && "
        "ip link set here up && ip link set here2 up && " +
        script + "'");
    if (says(ran.out, "Operation not permitted") || ran.exit_code == 127) return std::nullopt;
    return ran;
}

std::string interface(const std::string& name, const std::string& probes) {
    return R"({"name":")" + name + R"(","broadcast":true,"probes":[)" + probes + "]}";
}

std::size_t asked(const RunPlace& here, const std::string& probe) {
    std::size_t count = 0;
    for (const Json& line : here.log()) count += line["probe"].string() == probe && !line["unasked"].boolean() ? 1 : 0;
    return count;
}

}  // namespace

TEST_CASE("two runs: who takes up a record is refused while the process of the run that was killed still finishes") {
    const Peer slow("127.0.49.1", behaviour::drips(page, 90ms));
    const RunPlace here("two_at_once");
    here.scope(RunPlace::range("127.0.49.1", {{"http", {slow.port()}}}));
    const ProgramRan ran = shell(here.command("") + " & for i in $(seq 200); do [ -e " + here.path("record") +
                                 "/exchanges.pcapng ] && break; sleep 0.1; done; sleep 0.7; kill -KILL $!; " +
                                 here.command("--resume") + " 2>&1; echo \"exit $?\"");
    INFO(ran.out);
    CHECK(says(ran.out, "exit 4"));
    CHECK(says(ran.out, "refused: a run is still finishing in " + here.path("record") + "; nothing was sent"));
    ProgramRan later;
    for (int i = 0; i < 100; ++i) {
        later = here.probe("--resume");
        if (later.exit_code != 4) break;
        std::this_thread::sleep_for(200ms);
    }
    CHECK(later.exit_code == 0);
    CHECK(slow.connections() == 1);
    CHECK(slow.most_at_once() == 1);
}

TEST_CASE(
    "two runs: what a run learned whose time was spent is kept for the one that takes it up, and goes when all is asked") {
    const Peer web("127.0.49.2", behaviour::answers(page));
    const Peer slow("127.0.49.3", behaviour::silent());
    const Peer later("127.0.49.3", behaviour::answers(page));
    const RunPlace here("two_spent");
    const std::string ranges = RunPlace::range("127.0.49.2", {{"http", {web.port()}}}) + "," +
                               RunPlace::range("127.0.49.3", {{"http", {slow.port(), later.port()}}});
    here.scope(ranges, R"(,"budget":{"time":"1s"})");
    const ProgramRan first = here.probe();
    INFO(first.out);
    CHECK(first.exit_code == 0);
    CHECK(later.connections() == 0);
    CHECK(says(first.out, "kept for --resume, which may ask the rest: " + here.path("record/exchanges.pcapng")));
    CHECK(says(first.out, R"("asked":"probes","count":1,"outcome":"budget spent")"));
    here.scope(ranges);
    const ProgramRan second = here.probe("--resume");
    INFO(second.out);
    CHECK(second.exit_code == 0);
    CHECK(web.connections() == 1);
    CHECK(later.connections() == 1);
    // The claims of both, and of what was not asked in the first nothing is left.
    for (const std::string ip : {"127.0.49.2", "127.0.49.3"})
        CHECK(says(second.out, R"("method":"http.server","strength":"stated","subject":{"ip":")" + ip));
    CHECK_FALSE(says(second.out, R"("asked":"probes")"));
    CHECK_FALSE(std::filesystem::exists(here.path("record/exchanges.pcapng")));
}

TEST_CASE("two runs: what is gated is written once, and is no gap any more when it was asked") {
    const Peer web("127.0.49.4", behaviour::answers(page));
    const RunPlace here("two_gated");
    const std::string range = RunPlace::range("127.0.49.4", {{"http", {web.port()}}});
    here.scope(range, R"(,"fragile":[{"range":"127.0.49.4","why":"it once stopped"}])");
    for (const char* words : {"", "--resume", "--resume"}) {
        const ProgramRan ran = here.probe(words);
        INFO(ran.out);
        CHECK(says(ran.out, R"("asked":"probe http","count":1,"outcome":"gated")"));
        CHECK(says(ran.out, "it once stopped"));
    }
    here.scope(range);
    const ProgramRan asked = here.probe("--resume");
    INFO(asked.out);
    CHECK(web.connections() == 1);
    CHECK_FALSE(says(asked.out, R"("outcome":"gated")"));
}

TEST_CASE("two runs: everybody on a link is asked once, by whatever address; on another link it is another question") {
    const RunPlace here("two_links");
    const std::string range = R"({"range":"192.0.2.77","probes":["snmp"]})";
    const std::string probes = R"("mndp","ssdp")";
    here.scope(range, ",\"interfaces\":[" + interface("here", probes) + "]");
    const auto first = on_a_link(here.command("--only mndp --only ssdp"));
    if (!first) {
        MESSAGE("skipped: no namespaces can be made here");
        return;
    }
    INFO(first->out);
    CHECK(first->exit_code == 0);
    CHECK(asked(here, "mndp") == 1);
    CHECK(asked(here, "ssdp") == 2);  // its IPv4 and its IPv6 group
    CHECK(on_a_link(here.command("--only mndp --only ssdp --resume"))->exit_code == 0);
    CHECK(asked(here, "mndp") == 1);
    CHECK(asked(here, "ssdp") == 2);
    here.scope(range, ",\"interfaces\":[" + interface("here", probes) + "," + interface("here2", probes) + "]");
    CHECK(on_a_link(here.command("--only mndp --only ssdp --resume"))->exit_code == 0);
    CHECK(asked(here, "mndp") == 2);
    CHECK(asked(here, "ssdp") == 4);
}

TEST_CASE("two runs: another folder is no way to ask the same addresses at the same time; others may be asked") {
    const RunPlace here("two_folders");
    const std::string head = HERKOMST_BINARY_DIR
        "/bin/herkomst probe --quiet --i-am-authorised Me "
        "--until observations --scope ";
    const auto scope = [&](const std::string& file, const std::string& range) {
        here.scope(RunPlace::range(range, {{"http", {80, 81, 82}}}));
        std::filesystem::rename(here.path("scope.json"), here.path(file));
        return head + here.path(file) + " --record " + here.path("of_" + file);
    };
    // Nobody is at these addresses of the link: it takes the kernel some seconds to say so.
    const std::string one = scope("one.json", "192.0.2.76-192.0.2.79");
    const std::string same = scope("same.json", "192.0.2.64/28");
    const std::string other = scope("other.json", "192.0.2.12");
    const auto ran = on_a_link(one + " >/dev/null & sleep 0.2; for i in $(seq 200); do [ -e " + here.path("of_one.json") +
                               "/exchanges.pcapng ] && break; sleep 0.1; done; " + same + "; echo same $?; " + other +
                               " >/dev/null; echo other $?; wait; " + same + " >/dev/null; echo later $?");
    if (!ran) {
        MESSAGE("skipped: no namespaces can be made here");
        return;
    }
    INFO(ran->out);
    CHECK(says(ran->out, "refused: another run on this machine asks within 192.0.2.64-192.0.2.79: process "));
    CHECK(says(ran->out, " of uid 0; nothing was sent\nsame 4\n"));
    CHECK(says(ran->out, "other 0\n"));
    CHECK(says(ran->out, "later 0\n"));
}

TEST_CASE("two runs: what is known to be one device is asked by one of them, whichever of its addresses the files name") {
    const RunPlace here("two_addresses");
    // One MAC address says that it has both (RFC 826).
    std::vector<std::uint8_t> capture = unhex("d4c3b2a1 0200 0400 00000000 00000000 ffff0000 01000000");
    for (const char* ip : {"c000024c", "c000024d"}) {
        const std::vector<std::uint8_t> packet =
            unhex("00000000 00000000 2a000000 2a000000 ffffffffffff 00005e005377 0806 0001 0800 06 04 0002 00005e005377" +
                  std::string(ip) + "000000000000" + ip);
        capture.insert(capture.end(), packet.begin(), packet.end());
    }
    here.folder.write("one.pcap", {reinterpret_cast<const char*>(capture.data()), capture.size()});
    const auto command = [&](const std::string& name, const std::string& ip, const std::string& sources) {
        here.scope_of_today(RunPlace::range(ip, {{"http", {80, 81}}}));
        std::filesystem::rename(here.path("scope.json"), here.path(name + ".json"));
        return HERKOMST_BINARY_DIR "/bin/herkomst probe --quiet --i-am-authorised Me --until observations " + sources +
               " --scope " + here.path(name + ".json") + " --record " + here.path(name);
    };
    const std::string one = command("one", "192.0.2.76", here.path("one.pcap"));
    const std::string two = command("two", "192.0.2.77", here.path("one.pcap"));
    const std::string unknowing = command("unknowing", "192.0.2.77", "");
    const auto ran =
        on_a_link(one + " >/dev/null & for i in $(seq 200); do [ -e " + here.path("one/exchanges.pcapng") +
                  " ] && break; sleep 0.1; done; " + two + "; echo two $?; " + unknowing + "; echo unknowing $?; wait");
    if (!ran) {
        MESSAGE("skipped: no namespaces can be made here");
        return;
    }
    INFO(ran->out);
    CHECK(says(ran->out, "; nothing was sent\ntwo 4\n"));
    CHECK(says(ran->out, "; nothing was sent\nunknowing 4\n"));
    CHECK(says(ran->out, "refused: another run on this machine asks within 192.0.2.77: process "));
}

TEST_CASE("links: a question to everybody there reaches whom the file excludes, which is told, and whom it calls fragile") {
    const RunPlace here("links_reached");
    const auto plan = [&](const std::string& more) {
        here.scope(R"({"range":"192.0.2.77","probes":["snmp"]})",
                   ",\"interfaces\":[" + interface("here", R"("mndp")") + "]" + more);
        return on_a_link(HERKOMST_BINARY_DIR "/bin/herkomst probe --dry-run --now 2026-11-27T12:00:00Z --scope " +
                         here.path("scope.json"));
    };
    const auto excluded = plan(R"(,"exclude":["192.0.2.2","198.51.100.0/24"])");
    if (!excluded) {
        MESSAGE("skipped: no namespaces can be made here");
        return;
    }
    INFO(excluded->out);
    CHECK(says(excluded->out, "broadcast on here udp/5678  mndp, sends "));
    CHECK(says(excluded->out, "\nwhat everybody on here is asked is heard by whom the scope file excludes too: 192.0.2.2\n"));
    const auto fragile = plan(R"(,"fragile":[{"range":"192.0.2.2","tolerates":["snmp"],"why":"it once stopped"}])");
    CHECK(says(fragile->out,
               "broadcast on here udp/5678  mndp, gated: everybody on here hears it, and the scope file says that "
               "192.0.2.2 is fragile: it once stopped"));
    for (const std::string harmless : {R"({"range":"192.0.2.2","tolerates":["mndp"],"why":"it once stopped"})",
                                       R"({"range":"198.51.100.2","why":"it once stopped"})"})
        CHECK(says(plan(",\"fragile\":[" + harmless + "]")->out, "broadcast on here udp/5678  mndp, sends "));
    // Which addresses are on a link without one nobody knows.
    here.scope(R"({"range":"192.0.2.77","probes":["snmp"]})", ",\"interfaces\":[" + interface("nowhere", R"("mndp")") +
                                                                  R"(],"fragile":[{"range":"198.51.100.2","why":"old"}])");
    CHECK(says(herkomst_does("probe --dry-run --now 2026-11-27T12:00:00Z --scope " + here.path("scope.json")).out,
               "broadcast on nowhere udp/5678  mndp, gated: everybody on nowhere hears it"));
}

TEST_SUITE_END();

}  // namespace two_runs_test
