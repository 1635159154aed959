// A machine that has other things to do: the run is held up, and must not make up for it at the expense of the plant.
#include <doctest/doctest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>
#include <vector>

#include "probes/wire.h"

using namespace herkomst;
using namespace std::chrono_literals;

namespace late_test {

TEST_SUITE_BEGIN("probe_late");

TEST_CASE("late: a run that is held up begins no more new devices a second than one that is not") {
    Scope scope;
    scope.until = Time::max();
    ScopeRange all;
    all.range = AddressRange::parse("127.0.43.1-127.0.43.35").value();
    all.probes = {"omron_fins"};
    all.ports["omron_fins"] = {1};  // closed: one datagram each, refused at once
    scope.ranges.push_back(all);
    Campaign campaign(scope, {}, {}, nullptr, {});
    std::vector<Time> begun;
    campaign.on_report = [&](const Errand&, const Report& report) {
        CHECK(name(report.outcome) == name(ProbeOutcome::Refused));
        for (const Said& said : report.said)
            if (said.ours) begun.push_back(said.at);
    };
    WireOptions wire;
    wire.now = Time{} + std::chrono::hours(24 * 365 * 50);
    // Twice the thread stands still for longer than the pause between new devices.
    const auto began = std::chrono::steady_clock::now();
    int stalls = 0;
    wire.progress = [&] {
        if (std::chrono::steady_clock::now() - began < stalls * 1500ms + 700ms || stalls == 2) return;
        ++stalls;
        std::this_thread::sleep_for(450ms);
    };
    CHECK(Wire(wire).run(campaign));
    CHECK(stalls == 2);
    REQUIRE(begun.size() == 35);
    std::sort(begun.begin(), begun.end());
    for (std::size_t i = 1; i < begun.size(); ++i) CHECK(begun[i] - begun[i - 1] >= Schedule::new_device_pause);
    for (std::size_t i = 10; i < begun.size(); ++i) CHECK(begun[i] - begun[i - 10] >= 1s);
}

namespace {

constexpr Request hello[] = {{"hello", "68 65 6c 6c 6f", {}, {}}};

// Many who answer one question each, all at once, when they are told to.
class Choir {
  public:
    static constexpr std::uint16_t port = 15'944;
    static constexpr unsigned size = 200;
    std::atomic<bool> sing{false};

    Choir() {
        for (unsigned i = 1; i <= size; ++i) {
            const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
            const timeval patience{10, 0};
            ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
            sockaddr_in here{};
            here.sin_family = AF_INET;
            here.sin_port = htons(port);
            here.sin_addr.s_addr = htonl(0x7f002c00U + i);
            REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&here), sizeof here) == 0);
            sockets_.push_back(fd);
        }
        thread_ = std::thread([this] { answer(); });
    }
    ~Choir() {
        sing = true;
        thread_.join();
        for (const int fd : sockets_) ::close(fd);
    }
    Choir(const Choir&) = delete;
    Choir& operator=(const Choir&) = delete;

  private:
    void answer() {
        char room[64];
        std::vector<sockaddr_in> who(size);
        for (unsigned i = 0; i < size; ++i) {
            socklen_t length = sizeof who[i];
            ::recvfrom(sockets_[i], room, sizeof room, 0, reinterpret_cast<sockaddr*>(&who[i]), &length);
        }
        while (!sing) std::this_thread::sleep_for(1ms);
        for (unsigned i = 0; i < size; ++i)
            ::sendto(sockets_[i], "here", 4, 0, reinterpret_cast<const sockaddr*>(&who[i]), sizeof who[i]);
    }
    std::vector<int> sockets_;
    std::thread thread_;
};

}  // namespace

TEST_CASE("late: answers that lie there when a run that was held up looks again are heard, however late it is") {
    Choir choir;
    Probe probe;
    probe.name = "hello_of_test";
    probe.transport = Transport::Udp;
    probe.decoder = "omron_fins";
    probe.requests = hello;
    probe.limits.answer = 1000ms;
    Scope scope;
    scope.until = Time::max();
    ScopeRange all;
    all.range = AddressRange::parse("127.0.44.1-127.0.44.200").value();
    all.probes = {"hello_of_test"};
    all.ports["hello_of_test"] = {Choir::port};
    scope.ranges.push_back(all);
    CampaignOptions options;
    options.catalogue = {&probe, 1};
    options.lift_loopback = true;
    Campaign campaign(scope, {}, {}, nullptr, options);
    std::map<ProbeOutcome, unsigned> outcomes;
    campaign.on_report = [&](const Errand&, const Report& report) { ++outcomes[report.outcome]; };
    WireOptions wire;
    wire.now = Time{} + std::chrono::hours(24 * 365 * 50);
    // All have asked when this is called again; the thread stands still until every answer is there and every wait is over.
    int calls = 0;
    wire.progress = [&] {
        if (++calls != 2) return;
        choir.sing = true;
        std::this_thread::sleep_for(1500ms);
    };
    CHECK(Wire(wire).run(campaign));
    CHECK(calls >= 2);
    CHECK(outcomes[ProbeOutcome::Answered] == Choir::size);
}

TEST_CASE("late: whose ports are all closed, however many they are, takes nobody else's turn") {
    // Each is refused before anything has to be waited for; in between, what has become ready must be looked at.
    Scope scope;
    scope.until = Time::max();
    ScopeRange all;
    all.range = AddressRange::parse("127.45.0.0/16").value();
    all.probes = {"omron_fins"};
    all.ports["omron_fins"] = {1};
    scope.ranges.push_back(all);
    CampaignOptions options;
    options.lift_loopback = true;
    Campaign campaign(scope, {}, {}, nullptr, options);
    std::size_t refused = 0;
    campaign.on_report = [&](const Errand&, const Report& report) {
        if (report.outcome == ProbeOutcome::Refused) ++refused;
    };
    std::vector<std::size_t> seen;
    WireOptions wire;
    wire.now = Time{} + std::chrono::hours(24 * 365 * 50);
    wire.progress = [&] { seen.push_back(refused); };
    CHECK(Wire(wire).run(campaign));
    CHECK(refused == 65'534);
    // It is told how far it is every 200 ms, by a timer: in the midst of it, too.
    const auto within = std::ranges::count_if(seen, [&](std::size_t at) { return at > 1000 && at < refused; });
    CHECK(within >= 2);
}

TEST_SUITE_END();

}  // namespace late_test
