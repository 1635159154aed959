// Servers of one client or a few are asked only after somebody has listened; and a bus that turns out to be behind a device is
// paced from then on.
#include "peers.h"
#include "probes/exchange.h"
#include "probes/gate.h"
#include "probes/schedule.h"
#include "probes/synthesis.h"
#include "run_place.h"
#include "session.h"

using namespace herkomst;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace listened_test {

TEST_SUITE_BEGIN("probe_listened");

namespace {

const std::string exception = "\x00\x00\x00\x00\x00\x03\xff\xab\x01"s;

// Something that somebody heard, of another place altogether.
std::string heard_elsewhere(const RunPlace& here, Time at) {
    write_heard(here.path("elsewhere.pcapng"), at);
    return here.path("elsewhere.pcapng");
}

}  // namespace

TEST_CASE("listened: nobody has, so a server of few clients is not asked, and it is said what would open it") {
    const Peer peer("127.0.48.1", behaviour::answers(exception));
    const Peer web("127.0.48.1", behaviour::answers("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    const RunPlace here("listened_nobody");
    const auto scope = [&](const std::string& more) {
        here.scope(RunPlace::range("127.0.48.1", {{"modbus", {peer.port()}}, {"http", {web.port()}}}, more));
    };
    scope("");
    const ProgramRan ran = here.probe();
    INFO(ran.out);
    CHECK(says(here.outcome("modbus", "127.0.48.1"), "gated: nobody has listened before"));
    CHECK(says(ran.out, "probe: gated: modbus at 127.0.48.1: nobody has listened before"));
    CHECK(peer.connections() == 0);
    // Of others that is not asked.
    CHECK(web.connections() == 1);
    const ProgramRan plan = herkomst_does("probe --dry-run --now 2026-11-27T12:00:00Z --scope " + here.path("scope.json"));
    CHECK(says(plan.out, "  modbus, gated: nobody has listened before"));
    // An inventory is no listening, nor is the record of our own questions.
    here.folder.write("list.csv", "ip,name\n127.0.48.1,pump\n");
    CHECK(here.probe("--resume " + here.path("list.csv")).exit_code == 0);
    CHECK(here.probe("--resume --pcapng").exit_code == 0);
    std::filesystem::copy(here.path("record/exchanges.pcapng"), here.path("exchanges.pcapng"));
    CHECK(here.probe("--resume " + here.path("exchanges.pcapng")).exit_code == 0);
    CHECK(peer.connections() == 0);
    // The word of whoever allows it is enough.
    scope(R"(,"shared_sessions":true)");
    CHECK(here.probe("--resume").exit_code == 0);
    CHECK(peer.connections() == 1);
}

TEST_CASE("listened: a capture, an interface, and a register of the last thirty days") {
    const Peer peer("127.0.48.2", behaviour::answers(exception));
    const RunPlace here("listened_some");
    here.scope(RunPlace::range("127.0.48.2", {{"modbus", {peer.port()}}}));
    const auto run = [&](const std::string& words) {
        std::filesystem::remove_all(here.path("record"));
        const int before = peer.connections();
        const ProgramRan ran = here.probe(words, words.find("--register") == std::string::npos ? "--until observations" : "");
        INFO(ran.out);
        CHECK(ran.exit_code == 0);
        return peer.connections() - before;
    };
    CHECK(run("") == 0);
    const std::string capture = heard_elsewhere(here, parse_rfc3339("2026-11-20T12:00:00Z").value());
    CHECK(run(capture) == 1);
    // A register that only probes have written holds nothing that was heard.
    const std::string held = "--register " + here.path("site.db");
    CHECK(run(held) == 0);
    CHECK(run(held) == 0);
    CHECK(herkomst_does("scan --now 2026-11-20T13:00:00Z " + capture + " " + held).exit_code == 0);
    CHECK(run(held) == 1);
    std::filesystem::remove_all(here.path("record"));
    CHECK(herkomst_does("probe --quiet --now 2026-12-21T00:00:00Z --i-am-authorised Me --scope " + here.path("scope.json") +
                        " --record " + here.path("record") + " " + held)
              .exit_code == 0);
    CHECK(says(here.outcome("modbus", "127.0.48.2"), "gated: nobody has listened before"));
    if (::geteuid() == 0) {
        const Chatter chatter("127.0.48.2");
        CHECK(run("--listen lo --listen-for 10s") == 1);
        // A run that is taken up had listened.
        std::filesystem::remove(here.path("record/exchanges.ndjson"));
        std::filesystem::remove(here.path("record/exchanges.pcapng"));
        CHECK(here.probe("--resume").exit_code == 0);
        CHECK(peer.connections() == 4);
    }
}

TEST_CASE("listened: a moment, a silent interface and packets that were lost are no listening, and that is said") {
    if (::geteuid() != 0) {
        MESSAGE("skipped: capturing on an interface needs the right to");
        return;
    }
    const Peer peer("127.0.48.4", behaviour::answers(exception));
    const RunPlace here("listened_too_little");
    here.scope(RunPlace::range("127.0.48.4", {{"modbus", {peer.port()}}}));
    const auto gated = [&](const ProgramRan& ran, const std::string& why) {
        INFO(ran.out);
        CHECK(ran.exit_code == 0);
        CHECK(says(ran.out, "herkomst probe: " + why));
        CHECK(says(here.outcome("modbus", "127.0.48.4"), "gated: nobody has listened before"));
    };
    {
        const Chatter chatter("127.0.48.4");
        gated(here.probe("--listen lo --listen-for 1s"), "1s is less than the 10s");
    }
    // What that moment showed gates a run that takes it up; it opens nothing.
    CHECK(here.probe("--resume").exit_code == 0);
    CHECK(says(here.outcome("modbus", "127.0.48.4"), "gated: nobody has listened before"));
    CHECK(peer.connections() == 0);
    std::filesystem::remove_all(here.path("record"));
    const std::string quiet =
        "ip link add quiet type veth peer name mute && for i in quiet mute; do echo 1 "
        ">/proc/sys/net/ipv6/conf/$i/disable_ipv6 && ip link set $i up; done && ip link set lo up && ";
    const ProgramRan silent = shell("unshare -n sh -c '" + quiet + here.command("--listen quiet --listen-for 2s") + "'");
    if (says(silent.out, "Operation not permitted")) {
        MESSAGE("skipped: no namespaces can be made here");
        return;
    }
    gated(silent, "nothing was heard on quiet");
    std::filesystem::remove_all(here.path("record"));
    // Stopped while a flood comes: the kernel has no room for it. Its file is there once it listens, however busy the machine
    // is.
    const std::string flood =
        "block=$(head -c 60000 /dev/zero | tr \"\\0\" x); for i in $(seq 400); do echo $block "
        ">/dev/udp/127.0.48.4/9; done";
    const ProgramRan lost = shell("unshare -n bash -c 'ip link set lo up; " + here.command("--listen lo --listen-for 5s") +
                                  " & pid=$!; for i in $(seq 600); do [ -e " + here.path("record/heard_in_part.pcap") +
                                  " ] && break; sleep 0.1; done; kill -STOP $pid; " + flood + "; kill -CONT $pid; wait $pid'");
    gated(lost, "");
    CHECK(says(lost.out, " lost while listening: that does not count as listening"));
    CHECK_FALSE(std::filesystem::exists(here.path("record/heard.pcap")));
    CHECK(std::filesystem::exists(here.path("record/heard_in_part.pcap")));
}

TEST_CASE("listened: a device that turns out to have units behind it is asked at a gateway's pace from then on") {
    // Nobody at 255, says the gateway; somebody at unit 1, who names himself. What comes after is asked of the same address.
    const auto serve = [](int fd, const std::atomic<bool>& stop) {
        while (!stop) {
            char room[64];
            pollfd wait{fd, POLLIN, 0};
            if (::poll(&wait, 1, 20) <= 0) continue;
            if (::recv(fd, room, sizeof room, 0) < 8) return;
            const std::string head(room, 4);
            const bool one = room[6] == 1 && room[7] == 0x2b;
            behaviour::send_all(fd, one ? head + "\x00\x0d\x01\x2b\x0e\x01\x01\x00\x00\x01\x00\x03\x45\x58\x31"s
                                        : head + "\x00\x03"s + room[6] + static_cast<char>(room[7] | 0x80) + "\x0b"s);
        }
    };
    const Peer gateway("127.0.48.3", serve);
    const Peer web("127.0.48.3", behaviour::answers("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    const RunPlace here("listened_bus");
    here.scope(RunPlace::range("127.0.48.3",
                               {{"http", {web.port()}}, {"modbus", {gateway.port()}}, {"ssh", {1}}, {"telnet", {2}}},
                               R"(,"shared_sessions":true)"));
    CHECK(here.probe().exit_code == 0);
    // When something was said to it, or by it, in order.
    std::vector<std::pair<Time, std::string>> moments;
    for (const Json& line : here.log()) {
        if (line["type"].string() != "exchange") continue;
        if (line["said"].items().empty())
            moments.emplace_back(parse_rfc3339(line["until"].string()).value(), line["probe"].string());
        for (const Json& said : line["said"].items())
            if (said["by"].string() == "us")
                moments.emplace_back(parse_rfc3339(said["at"].string()).value(), line["probe"].string());
    }
    REQUIRE(moments.size() == 5);  // http, modbus twice, and two closed ports
    CHECK(moments[1].first - moments[0].first < moments[2].first - moments[1].first);
    for (std::size_t i = 2; i < moments.size(); ++i) {
        INFO(moments[i].second);
        CHECK(moments[i].first - moments[i - 1].first >= 1s);
    }
}

TEST_CASE("listened: what tells of a bus, by its subjects") {
    const auto gateway = [](const std::vector<std::string>& steps) {
        std::vector<Observation> heard;
        for (const std::string& step : steps) {
            Observation each;
            each.subject.ip = IpAddress::parse("192.0.2.20").value();
            each.subject.path = {step};
            each.field = Field::model;
            each.value = "EX-1";
            each.method = "test";
            heard.push_back(each);
        }
        Knowledge knowledge;
        knowledge.learn(heard, nullptr);
        return knowledge.at(IpAddress::parse("192.0.2.20").value())->gateway();
    };
    CHECK_FALSE(gateway({"modbus/502/1"}));
    CHECK_FALSE(gateway({"modbus/502/255"}));
    CHECK(gateway({"modbus/502/5"}));
    CHECK_FALSE(gateway({"cip/44818/slot-0", "cip/44818/slot-1"}));
    CHECK(gateway({"modbus/502/1", "modbus/502/2"}));
    CHECK(gateway({"modbus_rtu/4196/1"}));
    CHECK(gateway({"bacnet/1200:7"}));
    CHECK(gateway({"cip/44818/port-2-7"}));
}

TEST_CASE("pacing: who is slowed down in the middle is waited for from what was said last") {
    Schedule schedule;
    const std::size_t device = schedule.add_device(Schedule::pause, false);
    const Moment start = Moment{} + 1h;
    CHECK(schedule.take(device, 1, start) == start);
    schedule.heard(device, start + 50ms);
    schedule.slower(device, Schedule::gateway_pause);
    CHECK(schedule.take(device, 1, start + 60ms) >= start + 1050ms);
    schedule.slower(device, Schedule::pause);
    CHECK(schedule.pause_of(device) == Schedule::gateway_pause);
}

TEST_SUITE_END();

}  // namespace listened_test
