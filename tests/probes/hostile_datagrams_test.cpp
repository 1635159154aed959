// Peers over UDP that misbehave, recorded and read by tcpdump: they answer with rubbish, with too much, without
// end, again and again that they are busy, or not to the point; behind a gateway, too. Whatever they do, they get no more than
// the question's few datagrams, no faster than promised, never an empty one; and no budget of bytes or time is exceeded.
#include <unistd.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "peers.h"
#include "probes/wire.h"
#include "run_place.h"

using namespace herkomst;
using namespace std::chrono_literals;

namespace hostile_datagrams_test {

TEST_SUITE_BEGIN("probe_traffic");

namespace {

// A server over UDP: what it does about each datagram.
class Datagrams {
  public:
    using Reply = std::function<void(int fd, const sockaddr_in& to, std::string_view got, const std::atomic<bool>& stop)>;

    Datagrams(const std::string& ip, Reply reply)
        : reply_(std::move(reply)), fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in here{};
        here.sin_family = AF_INET;
        ::inet_pton(AF_INET, ip.c_str(), &here.sin_addr);
        socklen_t size = sizeof here;
        REQUIRE(::bind(fd_, reinterpret_cast<sockaddr*>(&here), size) == 0);
        ::getsockname(fd_, reinterpret_cast<sockaddr*>(&here), &size);
        port_ = ntohs(here.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~Datagrams() {
        stop_ = true;
        thread_.join();
        ::close(fd_);
    }
    Datagrams(const Datagrams&) = delete;
    Datagrams& operator=(const Datagrams&) = delete;
    [[nodiscard]] std::uint16_t port() const { return port_; }

  private:
    void serve() {
        while (!stop_) {
            pollfd wait{fd_, POLLIN, 0};
            if (::poll(&wait, 1, 20) <= 0) continue;
            char room[2048];
            sockaddr_in from{};
            socklen_t length = sizeof from;
            const ssize_t got = ::recvfrom(fd_, room, sizeof room, 0, reinterpret_cast<sockaddr*>(&from), &length);
            if (got > 0) reply_(fd_, from, {room, static_cast<std::size_t>(got)}, stop_);
        }
    }
    Reply reply_;
    int fd_;
    std::uint16_t port_ = 0;
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

void say(int fd, const sockaddr_in& to, std::string_view what) {
    ::sendto(fd, what.data(), what.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
}
Datagrams::Reply floods(std::size_t size) {
    return [size](int fd, const sockaddr_in& to, std::string_view, const std::atomic<bool>& stop) {
        const std::string much(size, 'x');
        const auto began = std::chrono::steady_clock::now();
        while (!stop && std::chrono::steady_clock::now() - began < 2s) say(fd, to, much);
    };
}
// What was asked, again, and nothing else: no probe takes that for an answer to go on with.
void echoes(int fd, const sockaddr_in& to, std::string_view got, const std::atomic<bool>&) { say(fd, to, got); }
Datagrams::Reply drips(const std::string& each) {
    return [each](int fd, const sockaddr_in& to, std::string_view, const std::atomic<bool>& stop) {
        for (int i = 0; i < 100 && !stop; ++i) {
            say(fd, to, each);
            behaviour::pause(100ms, stop);
        }
    };
}
void is_silent(int, const sockaddr_in&, std::string_view, const std::atomic<bool>&) {}
void says_nothing(int fd, const sockaddr_in& to, std::string_view, const std::atomic<bool>&) {
    for (int i = 0; i < 100; ++i) say(fd, to, {});
}

struct Row {
    std::string what;
    Datagrams::Reply reply;
};

}  // namespace

TEST_CASE("peers over UDP that misbehave, judged from the packets: few datagrams, none of them empty, and in time") {
    if (shell("command -v tcpdump").exit_code != 0 || ::geteuid() != 0) {
        MESSAGE("skipped: tcpdump is needed, and the right to capture");
        return;
    }
    // Published by the instrument itself, not asked for: it is listened past.
    const std::string burst("\x01\x02\x03\x00\x00\x01\x00\x08", 8);
    const std::vector<Row> rows = {
        {"floods with little", floods(8)},         {"floods with much", floods(60'000)}, {"echoes", echoes},
        {"drips what is no answer", drips(burst)}, {"drips rubbish", drips("rubbish")},  {"is silent", is_silent},
        {"answers with nothing", says_nothing}};
    const std::vector<std::string> probes = {"hart_ip", "omron_fins", "coap", "snmp_v3"};
    std::vector<std::unique_ptr<Datagrams>> peers;
    std::map<std::string, std::string> probe_of, what_of;
    std::set<std::string> gateways;
    std::string ranges;
    unsigned last = 0;
    for (const Row& row : rows) {
        for (const std::string& probe : probes) {
            const std::string ip = "127.0.59." + std::to_string(++last);
            probe_of[ip] = probe;
            what_of[ip] = row.what;
            peers.push_back(std::make_unique<Datagrams>(ip, row.reply));
            const bool gateway = last % 2 == 0;
            if (gateway) gateways.insert(ip);
            ranges += (ranges.empty() ? "" : ",") +
                      RunPlace::range(ip, {{probe, {peers.back()->port()}}},
                                      std::string(R"(,"shared_sessions":true)") + (gateway ? R"(,"gateway":true)" : ""));
        }
    }
    const RunPlace here("hostile_datagrams");
    here.scope(ranges);
    // What they send is not recorded: it is without end. What the kernel says to it is (ICMP).
    const std::string capture = here.path("all.pcap");
    shell("tcpdump -Z root -i lo -B 65536 -s 256 -U -w " + capture +
          " '(udp or icmp) and dst net 127.0.59.0/24' >/dev/null 2>&1 & echo $! > " + here.path("tcpdump.pid") +
          "; for i in $(seq 100); do test -s " + capture + " && break; sleep 0.1; done; sleep 0.5");
    const ProgramRan ran = here.probe();
    INFO(ran.out);
    CHECK(ran.exit_code == 0);
    shell("sleep 0.5; kill $(cat " + here.path("tcpdump.pid") + "); sleep 0.5");

    // tcpdump's own lines, for tshark would look into all that the kernel says to the floods.
    //   1796000000.123456 IP 127.0.0.1.40058 > 127.0.59.4.37605: UDP, length 8
    std::map<std::string, std::vector<double>> sent;
    std::istringstream lines(shell("tcpdump -q -tt -n -r " + capture + " udp 2>/dev/null").out);
    for (std::string line; std::getline(lines, line);) {
        const auto length_at = line.find(", length ");
        const auto words = split(line, ' ');
        if (length_at == std::string::npos || words.size() < 5) continue;
        const std::string to(words[4].substr(0, words[4].rfind('.')));
        INFO(to, " ", what_of[to]);
        CHECK(std::stoi(line.substr(length_at + 9)) > 0);
        const double at = std::stod(std::string(words[0]));
        if (!sent[to].empty()) CHECK(at - sent[to].back() >= (gateways.contains(to) ? 1.0 : 0.2) - 0.005);
        sent[to].push_back(at);
    }
    CHECK(sent.size() == probe_of.size());
    for (const auto& [ip, moments] : sent) {
        INFO(ip, " ", what_of[ip]);
        // And the farewell.
        const Probe& probe = *probe_named(probe_of[ip]);
        CHECK(moments.size() <= probe.limits.requests + (probe.goodbye != nullptr ? 1 : 0));
    }
    std::size_t told = 0;
    for (const Json& line : here.log()) {
        if (line["type"].string() != "exchange") continue;
        const std::string ip = line["target"].string();
        INFO(ip, " ", what_of[ip]);
        const Limits& limits = probe_named(line["probe"].string())->limits;
        std::int64_t read = 0;
        for (const Json& said : line["said"].items())
            if (said["by"].string() == "them") read += said["bytes"].integer();
        CHECK(read <= static_cast<std::int64_t>(limits.bytes + 65'536));  // one datagram more than it may
        CHECK(line["said"].items().size() <= 2 * Exchange::messages_max + limits.requests + 1);
        const auto pause = gateways.contains(ip) ? Schedule::gateway_pause : Schedule::pause;
        CHECK(parse_rfc3339(line["until"].string()).value() - parse_rfc3339(line["at"].string()).value() <=
              limits.whole + limits.collect + pause * static_cast<int>(limits.requests + 2) + 1s);
        ++told;
    }
    CHECK(told == probe_of.size());
}

TEST_SUITE_END();

}  // namespace hostile_datagrams_test
