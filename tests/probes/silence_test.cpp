// When a host is given up: what silence says of it, and what it does not.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "peers.h"
#include "probes/wire.h"

using namespace herkomst;
using namespace std::chrono_literals;

namespace silence_test {

TEST_SUITE_BEGIN("probe_silence");

namespace {

const std::string ip = "127.0.42.1";

Scope scope_of(const std::map<std::string, std::vector<std::uint16_t>>& ports) {
    Scope scope;
    scope.until = Time::max();
    ScopeRange range;
    range.range = AddressRange::parse(ip).value();
    for (const auto& [probe, list] : ports) range.probes.insert(probe);
    range.ports = ports;
    range.shared_sessions = true;  // nobody has listened
    scope.ranges.push_back(range);
    return scope;
}

// Whose every question ends the way that `answer` says, without a network. What came of each, in order.
struct Asked {
    std::string probe;
    std::string outcome;
    bool asked = false;
};
std::vector<Asked> play(const Scope& scope, const std::function<ProbeOutcome(const Errand&)>& answer) {
    Campaign campaign(scope, {}, {}, nullptr, {});
    std::vector<Asked> all;
    bool asked = false;
    campaign.on_report = [&](const Errand& errand, const Report& report) {
        all.push_back({std::string(errand.probe->name), std::string(name(report.outcome)), asked});
    };
    while (const std::optional<Errand> errand = campaign.next(Moment{}, Time{})) {
        Report report;
        report.target = errand->target;
        report.outcome = answer(*errand);
        report.accepted = report.outcome == ProbeOutcome::Answered || report.outcome == ProbeOutcome::Closed;
        asked = true;
        campaign.done(*errand, std::move(report));
        asked = false;
    }
    CHECK(campaign.finished());
    return all;
}

std::size_t asked_of(const std::vector<Asked>& all, const std::string& probe) {
    return static_cast<std::size_t>(
        std::ranges::count_if(all, [&](const Asked& one) { return one.asked && one.probe == probe; }));
}

// A UDP port at which everything falls on deaf ears.
class Mute {
  public:
    Mute() : fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in here{};
        here.sin_family = AF_INET;
        ::inet_pton(AF_INET, ip.c_str(), &here.sin_addr);
        socklen_t size = sizeof here;
        if (::bind(fd_, reinterpret_cast<sockaddr*>(&here), size) != 0 ||
            ::getsockname(fd_, reinterpret_cast<sockaddr*>(&here), &size) != 0)
            throw std::runtime_error("no port on " + ip + ": " + std::strerror(errno));
        port_ = ntohs(here.sin_port);
    }
    ~Mute() { ::close(fd_); }
    Mute(const Mute&) = delete;
    Mute& operator=(const Mute&) = delete;
    [[nodiscard]] std::uint16_t port() const { return port_; }

  private:
    int fd_;
    std::uint16_t port_ = 0;
};

const std::map<std::string, std::vector<std::uint16_t>> much = {
    {"omron_fins", {1, 2, 3, 4, 5}}, {"icmp_echo", {0}}, {"modbus", {6, 7, 8, 9, 10}}, {"https", {11, 12}}};

}  // namespace

TEST_CASE("silence: three datagrams that pass say nothing of connections, nor the other way round") {
    const std::vector<Asked> nobody = play(scope_of(much), [](const Errand&) { return ProbeOutcome::Silent; });
    REQUIRE(nobody.size() == 13);
    CHECK(asked_of(nobody, "icmp_echo") == 1);
    CHECK(asked_of(nobody, "omron_fins") == Campaign::silences_max);
    CHECK(asked_of(nobody, "modbus") == Campaign::silences_max);
    // TLS is a connection like any other.
    CHECK(asked_of(nobody, "https") == 0);
    // What was not asked is not silent.
    for (const Asked& one : nobody) CHECK(one.outcome == (one.asked ? "silent" : "gated"));
}

TEST_CASE("silence: whoever answers anything is there: datagrams that pass say nothing, connections that pass do") {
    for (const std::string there : {"icmp_echo", "omron_fins", "modbus"}) {
        for (const ProbeOutcome sign : {ProbeOutcome::Answered, ProbeOutcome::Refused, ProbeOutcome::Closed}) {
            INFO(there, " ", name(sign));
            bool first = true;
            const std::vector<Asked> all = play(scope_of(much), [&](const Errand& errand) {
                if (errand.probe->name != there || !first) return ProbeOutcome::Silent;
                first = false;
                return sign;
            });
            CHECK(asked_of(all, "omron_fins") == (there == "modbus" ? Campaign::silences_max : 5));
            // One connection accepted, and the next not: it fell silent. One refused, or an answer of another kind: three in a
            // row are enough.
            const bool accepted = there == "modbus" && sign != ProbeOutcome::Refused;
            const bool refused = there == "modbus" && sign == ProbeOutcome::Refused;
            CHECK(asked_of(all, "modbus") == (accepted ? 2 : refused ? 4 : Campaign::silences_max));
            CHECK(asked_of(all, "https") == 0);
            for (const Asked& one : all) CHECK((one.outcome == "gated") == !one.asked);
        }
    }
}

TEST_CASE("silence: a host that lets datagrams fall is asked over TCP, and named") {
    Probe fins = *probe_named("omron_fins");
    fins.limits.answer = 150ms;
    const Probe catalogue[] = {fins, *probe_named("http")};
    const Mute mute[] = {Mute(), Mute(), Mute(), Mute()};
    const Peer web(ip, behaviour::answers("HTTP/1.1 200 OK\r\nServer: ExampleWeb/2.1\r\nContent-Length: 2\r\n\r\nhi"));
    const Scope scope =
        scope_of({{"omron_fins", {mute[0].port(), mute[1].port(), mute[2].port(), mute[3].port()}}, {"http", {web.port()}}});
    CampaignOptions options;
    options.lift_loopback = true;
    options.catalogue = catalogue;
    Campaign campaign(scope, {}, {}, nullptr, options);
    std::vector<Report> reports;
    campaign.on_report = [&](const Errand&, const Report& report) { reports.push_back(report); };
    CHECK(Wire({}).run(campaign));
    REQUIRE(reports.size() == 5);
    CHECK(name(reports[2].outcome) == name(ProbeOutcome::Silent));
    CHECK(reports[2].asked.size() == 1);
    // The fourth datagram is not sent any more, and the reason says over what was asked.
    CHECK(reports[3].asked.empty());
    CHECK(name(reports[3].outcome) == name(ProbeOutcome::Gated));
    CHECK(reports[3].reason.find("3 questions over UDP") != std::string::npos);
    CHECK(name(reports[4].outcome) == name(ProbeOutcome::Answered));
    CHECK(web.connections() == 1);
}

TEST_SUITE_END();

}  // namespace silence_test
