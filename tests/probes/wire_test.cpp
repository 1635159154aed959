// The wire against peers that behave badly: whatever they do, no budget is exceeded, and what they did is told apart.
#include "probes/wire.h"

#include <doctest/doctest.h>

#include <map>

#include "peers.h"

using namespace herkomst;
using namespace std::chrono_literals;

namespace wire_test {

TEST_SUITE_BEGIN("probe_wire");

namespace {

struct Asked {
    std::string probe;
    Report report;
};

Scope scope_of(const std::string& ip, const std::string& probe, std::vector<std::uint16_t> ports) {
    Scope scope;
    scope.until = Time::max();
    ScopeRange range;
    range.range = AddressRange::parse(ip).value();
    range.probes = {probe};
    range.ports[probe] = std::move(ports);
    range.shared_sessions = true;  // nobody has listened
    scope.ranges.push_back(range);
    return scope;
}
void allow(Scope& scope, const std::string& ip, const std::string& probe, std::vector<std::uint16_t> ports) {
    scope.ranges.push_back(scope_of(ip, probe, std::move(ports)).ranges.front());
}

struct Ran {
    std::map<std::string, std::vector<Asked>> by_target;
    std::chrono::milliseconds took{};
};
Ran run(const Scope& scope, Knowledge knowledge = {}, bool lift = true, std::span<const Probe> catalogue = all_probes()) {
    CampaignOptions options;
    options.lift_loopback = lift;
    options.catalogue = catalogue;
    Campaign campaign(scope, std::move(knowledge), {}, nullptr, options);
    Ran ran;
    campaign.on_report = [&](const Errand& errand, const Report& report) {
        ran.by_target[errand.target.ip.text()].push_back({std::string(errand.probe->name), report});
    };
    const auto began = std::chrono::steady_clock::now();
    WireOptions wire;
    wire.now = Time{} + std::chrono::hours(24 * 365 * 50);
    CHECK(Wire(wire).run(campaign));
    ran.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
    CHECK(campaign.finished());
    return ran;
}

const std::string page = "HTTP/1.1 200 OK\r\nServer: ExampleWeb/2.1\r\nContent-Length: 5\r\n\r\nhello";

}  // namespace

TEST_CASE("hostile web servers: what each does is told apart, and no budget is exceeded") {
    const Probe& http = *probe_named("http");
    struct Row {
        std::string ip;
        Peer::Behaviour behaviour;
        ProbeOutcome outcome;
    };
    const std::vector<Row> rows = {
        {"127.0.31.1", behaviour::answers(page), ProbeOutcome::Answered},
        {"127.0.31.2", behaviour::answers(page, false), ProbeOutcome::Answered},  // keeps it open
        {"127.0.31.3", behaviour::silent(), ProbeOutcome::Silent},
        {"127.0.31.4", behaviour::drips(page + page, 100ms), ProbeOutcome::BudgetSpent},
        {"127.0.31.5", behaviour::endless("HTTP/1.1 200 OK\r\n\r\n", std::string(1000, 'x')), ProbeOutcome::BudgetSpent},
        {"127.0.31.6", behaviour::endless("HTTP/1.1 200 OK\r\n", "X-Again: yes\r\n"), ProbeOutcome::BudgetSpent},
        {"127.0.31.7", behaviour::resets(), ProbeOutcome::Closed},
        {"127.0.31.8", behaviour::resets(page), ProbeOutcome::Answered},
        {"127.0.31.9", behaviour::closes(), ProbeOutcome::Closed},
        {"127.0.31.10", behaviour::answers("HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n"),
         ProbeOutcome::Answered},
        {"127.0.31.11", behaviour::answers("HTTP/1.1 302 Found\r\nLocation: http://127.0.31.1/\r\nContent-Length: 0\r\n\r\n"),
         ProbeOutcome::Answered},
        {"127.0.31.12", behaviour::answers("SSH-2.0-Example\r\n", false), ProbeOutcome::OtherProtocol},
        {"127.0.31.13", behaviour::answers("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nx", false),
         ProbeOutcome::BudgetSpent},
    };
    std::vector<std::unique_ptr<Peer>> peers;
    Scope scope;
    scope.until = Time::max();
    for (const Row& row : rows) {
        peers.push_back(std::make_unique<Peer>(row.ip, row.behaviour));
        allow(scope, row.ip, "http", {peers.back()->port()});
    }
    const Ran ran = run(scope);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        INFO(rows[i].ip);
        const auto found = ran.by_target.find(rows[i].ip);
        REQUIRE(found != ran.by_target.end());
        REQUIRE(found->second.size() == 1);
        const Report& report = found->second.front().report;
        CHECK(name(report.outcome) == name(rows[i].outcome));
        CHECK(report.requests <= http.limits.requests);
        CHECK(report.bytes <= http.limits.bytes + 16'384);
        CHECK(peers[i]->connections() <= static_cast<int>(http.limits.connections));
        CHECK(peers[i]->most_at_once() <= 1);
        for (const Said& said : report.said) CHECK(!said.bytes.empty());
    }
    CHECK(ran.took < http.limits.whole + Wire::connecting + Wire::closing_whole + 5s);
    CHECK(ran.by_target.at("127.0.31.10").front().report.requests == 2);
    CHECK(ran.by_target.at("127.0.31.11").front().report.requests == 1);
    // No hang-up is forced on those who behave.
    CHECK_FALSE(ran.by_target.at("127.0.31.1").front().report.unclosed);
    CHECK_FALSE(ran.by_target.at("127.0.31.2").front().report.unclosed);
}

TEST_CASE("hostile field devices: short, long, late and wrong frames") {
    using namespace std::string_literals;
    struct Row {
        std::string ip;
        Peer::Behaviour behaviour;
        ProbeOutcome outcome;
    };
    const std::vector<Row> rows = {
        {"127.0.32.1", behaviour::answers("\x12\x34\x00\x00\x00\xfa\xff\x2b\x0e\x01"s, false), ProbeOutcome::BudgetSpent},
        {"127.0.32.2", behaviour::endless("\x12\x34\x00\x00\x00\x03\xff\xab\x01"s, "\x12\x34\x00\x00\x00\x03\xff\xab\x01"s),
         ProbeOutcome::BudgetSpent},  // answers to nobody's question, without end
        {"127.0.32.3", behaviour::answers("\x12\x34\x00\x00\x00\x00"s + "\x00\x00"s, false), ProbeOutcome::OtherProtocol},
        {"127.0.32.4", behaviour::resets(), ProbeOutcome::Closed},
    };
    std::vector<std::unique_ptr<Peer>> peers;
    Scope scope;
    scope.until = Time::max();
    for (const Row& row : rows) {
        peers.push_back(std::make_unique<Peer>(row.ip, row.behaviour));
        allow(scope, row.ip, "modbus", {peers.back()->port()});
    }
    const Ran ran = run(scope);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        INFO(rows[i].ip);
        const Report& report = ran.by_target.at(rows[i].ip).front().report;
        CHECK(name(report.outcome) == name(rows[i].outcome));
        CHECK(report.bytes <= probe_named("modbus")->limits.bytes + 16'384);
        CHECK(peers[i]->connections() == 1);
    }
}

TEST_CASE("a device that broke off or fell silent is left alone for the rest of the run") {
    const Peer resets("127.0.33.1", behaviour::resets());
    const Peer other("127.0.33.1", behaviour::answers(page));
    const Scope scope = scope_of("127.0.33.1", "http", {resets.port(), other.port()});
    const Ran ran = run(scope);
    const std::vector<Asked>& asked = ran.by_target.at("127.0.33.1");
    REQUIRE(asked.size() == 2);
    CHECK(name(asked[0].report.outcome) == name(ProbeOutcome::Closed));
    CHECK(name(asked[1].report.outcome) == name(ProbeOutcome::Gated));
    CHECK(asked[1].report.reason.find("left alone") != std::string::npos);
    CHECK(other.connections() == 0);
}

TEST_CASE("a device that breaks off while TLS begins is left alone too") {
    const Peer resets("127.0.33.4", behaviour::resets());
    const Peer other("127.0.33.4", behaviour::answers(page));
    const Ran ran = run(scope_of("127.0.33.4", "https", {resets.port(), other.port()}));
    const std::vector<Asked>& asked = ran.by_target.at("127.0.33.4");
    REQUIRE(asked.size() == 2);
    CHECK(name(asked[0].report.outcome) == name(ProbeOutcome::Closed));
    CHECK(name(asked[1].report.outcome) == name(ProbeOutcome::Gated));
    CHECK(other.connections() == 0);
}

TEST_CASE("units that the scope file names stand behind a gateway: a second between questions") {
    for (const std::vector<std::uint32_t>& units : {std::vector<std::uint32_t>{1}, std::vector<std::uint32_t>{1, 2}}) {
        Scope scope = scope_of("127.0.33.5", "modbus", {1502});
        scope.ranges.front().units = units;
        Campaign campaign(scope, {}, {}, nullptr, {});
        CHECK(campaign.schedule().pause_of(0) == (units.size() > 1 ? 1000ms : 200ms));
    }
}

TEST_CASE("given up: three questions go by, the rest is not asked") {
    // TEST-NET addresses are not routed on loopback: a host that lets every packet fall is played by full backlogs instead; a
    // closed port is a sign of life, so silent servers it is.
    std::vector<std::unique_ptr<Peer>> peers;
    std::vector<std::uint16_t> ports;
    Probe quick = *probe_named("http");
    quick.limits.answer = 200ms;
    for (int i = 0; i < 5; ++i) {
        peers.push_back(std::make_unique<Peer>("127.0.33.2", behaviour::silent()));
        ports.push_back(peers.back()->port());
    }
    const Probe catalogue[] = {quick};
    const Ran ran = run(scope_of("127.0.33.2", "http", ports), {}, true, catalogue);
    const std::vector<Asked>& asked = ran.by_target.at("127.0.33.2");
    REQUIRE(asked.size() == 5);
    int connections = 0;
    for (const auto& peer : peers) connections += peer->connections();
    CHECK(connections == static_cast<int>(Campaign::silences_max));
    CHECK(asked.back().report.reason.find("3 questions over TCP") != std::string::npos);
    CHECK(name(asked.back().report.outcome) == name(ProbeOutcome::Gated));
}

TEST_CASE("closed ports are refusals, and pacing holds between them") {
    const Scope scope = scope_of("127.0.33.3", "http", {1, 2, 3, 4});
    const Ran ran = run(scope, {}, false);
    const std::vector<Asked>& asked = ran.by_target.at("127.0.33.3");
    REQUIRE(asked.size() == 4);
    for (const Asked& one : asked) CHECK(name(one.report.outcome) == name(ProbeOutcome::Refused));
    CHECK(ran.took >= 3 * Schedule::pause);
}

TEST_CASE("a run that is told to stop finishes what it began, told twice it leaves everything") {
    const Peer slow("127.0.33.4", behaviour::silent());
    const Peer second("127.0.33.4", behaviour::answers(page));
    const Scope scope = scope_of("127.0.33.4", "http", {slow.port(), second.port()});
    for (const int times : {1, 2}) {
        Campaign campaign(scope, {}, {}, nullptr, {});
        std::size_t reports = 0;
        Report last;
        campaign.on_report = [&](const Errand&, const Report& report) {
            ++reports;
            last = report;
        };
        std::atomic<int> interrupts{0};
        std::thread presses([&] {
            std::this_thread::sleep_for(600ms);
            interrupts = times;
        });
        WireOptions wire;
        wire.now = Time{} + std::chrono::hours(24 * 365 * 50);
        wire.interrupts = &interrupts;
        const auto began = std::chrono::steady_clock::now();
        CHECK(Wire(wire).run(campaign) == (times == 1));
        const auto took = std::chrono::steady_clock::now() - began;
        presses.join();
        // What was sent is told in either case.
        CHECK(reports == 1);
        CHECK(last.said.size() == 1);
        CHECK(name(last.outcome) == name(times == 1 ? ProbeOutcome::Silent : ProbeOutcome::Interrupted));
        if (times == 2) CHECK(took < 2s);
    }
    CHECK(second.connections() == 0);
}

TEST_SUITE_END();

}  // namespace wire_test
