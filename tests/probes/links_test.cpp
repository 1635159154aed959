// Frames on a link that the test makes itself, answered by the kernel of another network namespace; and a group on it.
#include <doctest/doctest.h>

#include <algorithm>
#include <optional>

#include "ask_one.h"
#include "core/text.h"
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
    // No decoder reads what they say.
    CHECK(name(all.report.outcome) == name(ProbeOutcome::OtherProtocol));
    CHECK(all.report.said.size() == 4);
    CHECK(asked == 1);
}

// A gateway that keeps to the letter: it answers to the address and port that the question names (KNX Standard 3/8/2: only all
// zeros mean the sender). What it was asked, and by whom.
struct Search {
    std::vector<std::uint8_t> bytes;
    IpAddress from;
    std::uint16_t port = 0;
    Learned learned;
};
Search searched_from(const IpAddress& source4) {
    Search search;
    const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_port = htons(3671);
    REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&any), sizeof any) == 0);
    ip_mreqn group{};
    ::inet_pton(AF_INET, "224.0.23.12", &group.imr_multiaddr);
    group.imr_ifindex = static_cast<int>(interface_named("here")->index);
    REQUIRE(::setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group) == 0);
    const timeval patience{3, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    std::thread gateway([&] {
        search.bytes.resize(64);
        SocketAddress from;
        from.size = sizeof from.storage;
        const ssize_t size = ::recvfrom(fd, search.bytes.data(), search.bytes.size(), 0, from.get(), &from.size);
        search.bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
        from_socket_address(from, search.from, search.port);
        if (size != 14) return;
        SocketAddress named;
        named.size = sizeof(sockaddr_in);
        sockaddr_in in{};
        in.sin_family = AF_INET;
        std::memcpy(&in.sin_addr, search.bytes.data() + 8, 4);
        std::memcpy(&in.sin_port, search.bytes.data() + 12, 2);
        std::memcpy(&named.storage, &in, sizeof in);
        // What has the asker's own address is taken for his own question.
        const int speaks = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        const char* other = search.from.text() == "192.0.2.30" ? "192.0.2.10" : "192.0.2.30";
        const SocketAddress mine = socket_address(IpAddress::parse(other).value(), 0);
        if (::bind(speaks, mine.get(), mine.size) != 0) return;
        const std::vector<std::uint8_t> answer = unhex(
            "0610 0202 004e 0801 c0000214 0e57 3601 02 00 1100 0000 00f700000042 e000170c 00005e005314 4578616d706c6520"
            "49502067617465776179000000000000000000000000 0a02 0201 0301 0401 0501");
        ::sendto(speaks, answer.data(), answer.size(), 0, named.get(), named.size);
        ::close(speaks);
    });
    WireOptions wire;
    wire.source4 = source4;
    search.learned =
        ask_one(*probe_named("knxnet_ip_search"), "192.0.2.20", 0, {{"here", true, {}, {"knxnet_ip_search"}}}, wire);
    gateway.join();
    ::close(fd);
    return search;
}

void ask_from_where_it_says() {
    for (const std::string ours : {"", "192.0.2.30", "192.0.2.10"}) {
        INFO(ours);
        const Search search = searched_from(ours.empty() ? IpAddress{} : IpAddress::parse(ours).value());
        REQUIRE(search.bytes.size() == 14);
        CHECK(search.from.text() == (ours.empty() ? "192.0.2.10" : ours));
        CHECK(search.learned.report.target.my_ip == search.from);
        CHECK(search.port != 0);
        CHECK(search.bytes[12] * 256 + search.bytes[13] == search.port);
        CHECK(std::equal(search.from.bytes.begin(), search.from.bytes.begin() + 4, search.bytes.begin() + 8));
        CHECK(name(search.learned.report.outcome) == name(ProbeOutcome::Answered));
        CHECK(search.learned.says("product=Example IP gateway"));
    }
    // Who is told to ask from one address asks from no other: not in frames, nor on another link.
    WireOptions wire;
    wire.source4 = IpAddress::parse("192.0.2.30").value();
    Probe arp = *probe_named("arp");
    arp.limits.answer = 1s;
    const Learned asked = ask_one(arp, "192.0.2.20", 0, {{"here", true, {}, {"arp"}}}, wire);
    CHECK(name(asked.report.outcome) == name(ProbeOutcome::Answered));
    REQUIRE(!asked.report.said.empty());
    const std::vector<std::uint8_t>& frame = asked.report.said.front().bytes;
    CHECK(std::equal(frame.begin() + 14, frame.begin() + 18, wire.source4.bytes.begin()));  // RFC 826: its sender
    const Learned elsewhere = ask_one(arp, "127.0.0.1", 0, {{"lo", true, {}, {"arp"}}}, wire);
    CHECK(elsewhere.report.said.empty());
    CHECK(elsewhere.report.reason == "lo does not have 192.0.2.30, the address of ours to ask from");
    wire.source6 = IpAddress::parse("2001:db8::30").value();
    const std::optional<Interface> here = interface_named("here");
    if (std::find(here->addresses.begin(), here->addresses.end(), wire.source6) == here->addresses.end()) return;
    const Learned neighbour = ask_one(*probe_named("ndp"), "2001:db8::20", 0, {{"here", true, {}, {"ndp"}}}, wire);
    CHECK(name(neighbour.report.outcome) == name(ProbeOutcome::Answered));
    CHECK(neighbour.report.target.my_ip == wire.source6);
    // A group of IPv6, heard by ourselves.
    const int hears = ::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    SocketAddress any = socket_address(IpAddress::parse("::").value(), 47'998);
    REQUIRE(::bind(hears, any.get(), any.size) == 0);
    join(hears, IpAddress::parse("ff02::99").value(), *here);
    const Request requests[] = {{"hello", {}, "hello", {}}};
    const std::uint16_t ports[] = {47'998};
    Probe probe;
    probe.name = "group";
    probe.transport = Transport::Udp;
    probe.ports = ports;
    probe.requests = requests;
    probe.group.v6 = "ff02::99";
    probe.only_group = true;
    probe.limits.answer = 500ms;
    ask_one(probe, "2001:db8::20", 0, {{"here", true, {}, {"group"}}}, wire);
    SocketAddress from;
    from.size = sizeof from.storage;
    char room[64];
    CHECK(::recvfrom(hears, room, sizeof room, MSG_DONTWAIT, from.get(), &from.size) == 5);
    IpAddress who;
    std::uint16_t port = 0;
    from_socket_address(from, who, port);
    CHECK(who == wire.source6);
    ::close(hears);
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
            "{ ip addr add 2001:db8::10/64 dev here nodad; ip addr add 2001:db8::30/64 dev here nodad; ip addr add fe80::10/64 "
            "dev here nodad; sleep 0.5; } && "
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
    ask_from_where_it_says();
}

TEST_SUITE_END();

}  // namespace links_test
