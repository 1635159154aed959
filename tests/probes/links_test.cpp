// Frames on a link that the test makes itself, answered by the kernel of another network namespace; and a group on it.
#include <doctest/doctest.h>

#include <optional>

#include "ask_one.h"
#include "herkomst_run.h"
#include "peers.h"
#include "probes/sockets.h"

using namespace herkomst;
using namespace std::chrono_literals;

namespace links_test {

TEST_SUITE_BEGIN("probe_links");

namespace {

// However many answer, and however often, a group is asked once; what comes back of our own is nobody's answer.
void ask_a_group() {
    const int hears = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const int speaks = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const int one = 1;
    ::setsockopt(hears, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_port = htons(47'999);
    REQUIRE(::bind(hears, reinterpret_cast<sockaddr*>(&any), sizeof any) == 0);
    ip_mreqn group{};
    ::inet_pton(AF_INET, "239.255.9.9", &group.imr_multiaddr);
    group.imr_ifindex = static_cast<int>(interface_named("here")->index);
    REQUIRE(::setsockopt(hears, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group) == 0);
    any.sin_port = 0;
    ::inet_pton(AF_INET, "192.0.2.30", &any.sin_addr);
    REQUIRE(::bind(speaks, reinterpret_cast<sockaddr*>(&any), sizeof any) == 0);
    const timeval patience{2, 0};
    ::setsockopt(hears, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    std::atomic<int> asked{0};
    std::thread server([&] {
        for (;;) {
            char room[64];
            sockaddr_in from{};
            socklen_t length = sizeof from;
            if (::recvfrom(hears, room, sizeof room, 0, reinterpret_cast<sockaddr*>(&from), &length) <= 0) return;
            ++asked;
            for (int i = 0; i < 3; ++i) ::sendto(speaks, "me", 2, 0, reinterpret_cast<sockaddr*>(&from), length);
        }
    });
    const Request requests[] = {{"hello", {}, "hello", {}}};
    const std::uint16_t ports[] = {47'999};
    Probe probe;
    probe.name = "group";
    probe.transport = Transport::Udp;
    probe.local_port = 47'999;  // so that our own question comes back to us
    probe.ports = ports;
    probe.requests = requests;
    probe.group.v4 = "239.255.9.9";
    probe.only_group = true;
    probe.limits.answer = 1s;
    const Learned all = ask_one(probe, "192.0.2.20", 0, {{"here", true, {}, {"group"}}});
    server.join();
    ::close(hears);
    ::close(speaks);
    CHECK(name(all.report.outcome) == name(ProbeOutcome::Answered));
    CHECK(all.report.said.size() == 4);
    CHECK(asked == 1);
}

}  // namespace

TEST_CASE("frames on a link: asked on an interface that the scope file opens, answered by the kernel of another namespace") {
    // The test runs itself again within namespaces of its own; there it is the one that asks.
    if (std::getenv("HERKOMST_LINK_TEST") == nullptr) {
        const std::string self = HERKOMST_BINARY_DIR "/bin/herkomst_tests";
        const ProgramRan ran = shell(
            "unshare -rmn sh -c 'ip link set lo up && ip link add here type veth peer name there && unshare -n sleep 30 & "
            "sleep 0.5; other=$(pgrep -n -f \"^sleep 30\"); ip link set there netns $other && nsenter -t $other -n sh -c "
            "\"ip addr add 192.0.2.20/24 dev there && ip link set there up; ip addr add 2001:db8::20/64 dev there nodad\" && "
            "ip addr add 192.0.2.10/24 dev here && ip addr add 192.0.2.30/24 dev here && ip link set here up && "
            "{ ip addr add 2001:db8::10/64 dev here nodad; ip addr add fe80::10/64 dev here nodad; sleep 0.5; } && "
            "HERKOMST_LINK_TEST=yes " +
            self + " --test-case=\"frames on a link*\"; code=$?; kill $other; exit $code'");
        if (ran.out.find("Operation not permitted") != std::string::npos || ran.exit_code == 127) {
            MESSAGE("skipped: no namespaces can be made here");
            return;
        }
        INFO(ran.out);
        CHECK(ran.exit_code == 0);
        CHECK(ran.out.find("1 passed") != std::string::npos);
        return;
    }
    Probe arp = *probe_named("arp");
    arp.limits.answer = 1s;
    const Learned closed = ask_one(arp, "192.0.2.20", 0);
    CHECK(closed.report.said.empty());  // no interface was opened: nothing to do
    const Learned learned = ask_one(arp, "192.0.2.20", 0, {{"here", true, {}, {"arp"}}});
    CHECK(name(learned.report.outcome) == name(ProbeOutcome::Answered));
    CHECK(learned.says("address=192.0.2.20"));
    const Learned elsewhere = ask_one(arp, "198.51.100.1", 0, {{"here", true, {}, {"arp"}}});
    CHECK(name(elsewhere.report.outcome) == name(ProbeOutcome::OutOfScope));

    const std::optional<Interface> here = interface_named("here");
    REQUIRE(here);
    if (here->link6.known() && !here->v6.link_local()) {
        const Learned neighbour = ask_one(*probe_named("ndp"), "2001:db8::20", 0, {{"here", true, {}, {"ndp"}}});
        CHECK(name(neighbour.report.outcome) == name(ProbeOutcome::Answered));
        CHECK(neighbour.says("address=2001:db8::20"));
        CHECK(neighbour.report.said.size() == 2);
        const Learned nobody = ask_one(*probe_named("ndp"), "2001:db8::77", 0, {{"here", true, {}, {"ndp"}}});
        CHECK(name(nobody.report.outcome) == name(ProbeOutcome::Silent));
    } else {
        MESSAGE("skipped: there is no IPv6 here");
    }
    ask_a_group();
}

TEST_SUITE_END();

}  // namespace links_test
