// Who has answered and falls silent, or does not end a session, is left alone: over everything that he was still to be asked,
// by each of his addresses, and when a run is taken up again.
#include "peers.h"
#include "probes/patience.h"
#include "probes/wire.h"
#include "run_place.h"

using namespace herkomst;
using namespace std::chrono_literals;

namespace left_alone_test {

TEST_SUITE_BEGIN("probe_left_alone");

namespace {

const std::string page = "HTTP/1.1 200 OK\r\nServer: ExampleWeb/2.1\r\nContent-Length: 5\r\n\r\nhello";

std::string web(const std::string& ip, std::uint16_t http, std::uint16_t ssh, std::uint16_t telnet) {
    return RunPlace::range(ip, {{"http", {http}}, {"ssh", {ssh}}, {"telnet", {telnet}}});
}

}  // namespace

TEST_CASE("left alone: it had accepted a connection, and the next is neither accepted nor refused") {
    const std::string ip = "127.0.46.1";
    const Peer server(ip, behaviour::answers(page));
    const DeafPort deaf(ip);
    const Peer later(ip, behaviour::answers("login: ", false));
    const RunPlace here("left_alone_deaf");
    here.scope(web(ip, server.port(), deaf.port(), later.port()));
    const ProgramRan ran = here.probe();
    INFO(ran.out);
    CHECK(ran.exit_code == 0);
    CHECK(here.outcome("http", ip) == "answered: ");
    CHECK(here.outcome("ssh", ip) == "silent: ");
    CHECK(here.outcome("telnet", ip) ==
          "gated: it is left alone: it fell silent: it had accepted a connection, and the one for the question \"ssh\" it "
          "neither accepted nor refused");
    CHECK(later.connections() == 0);
    // Said where the user looks, not only in the record.
    CHECK(says(ran.out, "probe: gated: telnet at 127.0.46.1: it is left alone: it fell silent"));
    CHECK(says(ran.out, R"("outcome":"gated","subject":{"ip":"127.0.46.1"})"));
}

TEST_CASE("left alone: a port that had answered takes the connection and says nothing any more") {
    const std::string ip = "127.0.46.2";
    const Peer server(ip, behaviour::first(1, behaviour::answers(page), behaviour::silent()));
    const Peer later(ip, behaviour::answers("login: ", false));
    const RunPlace here("left_alone_mute");
    here.scope(web(ip, server.port(), server.port(), later.port()));
    const ProgramRan ran = here.probe();
    INFO(ran.out);
    CHECK(here.outcome("ssh", ip) == "silent: ");
    CHECK(says(here.outcome("telnet", ip), "gated: it is left alone: it fell silent: port " + std::to_string(server.port())));
    CHECK(server.connections() == 2);
    CHECK(later.connections() == 0);
}

TEST_CASE("left alone: what a run knows of it, the run that takes it up knows too") {
    const std::string ip = "127.0.46.3";
    const Peer server(ip, behaviour::answers(page));
    const DeafPort deaf(ip);
    const Peer later(ip, behaviour::answers("login: ", false));
    const RunPlace here("left_alone_resume");
    here.scope(RunPlace::range(ip, {{"http", {server.port()}}}));
    CHECK(here.probe().exit_code == 0);
    // That it had accepted a connection was yesterday.
    here.scope(web(ip, server.port(), deaf.port(), later.port()));
    CHECK(here.probe("--resume").exit_code == 0);
    CHECK(says(here.outcome("telnet", ip), "gated: it is left alone"));
    // And that it is left alone is so tomorrow.
    CHECK(here.probe("--resume").exit_code == 0);
    CHECK(says(here.outcome("telnet", ip), "gated: it is left alone"));
    CHECK(server.connections() == 1);
    CHECK(later.connections() == 0);
}

TEST_CASE("left alone: who does not close his side after ours gets no second session, and that is said") {
    const std::string ip = "127.0.46.4";
    const Peer server(ip, behaviour::never_closes(page));
    const Peer later(ip, behaviour::answers("login: ", false));
    const RunPlace here("left_alone_open");
    here.scope(RunPlace::range(ip, {{"http", {server.port()}}, {"telnet", {later.port()}}}));
    const ProgramRan ran = here.probe();
    INFO(ran.out);
    CHECK(here.outcome("http", ip) == "answered: it did not close its side of the connection after ours");
    CHECK(
        here.outcome("telnet", ip) ==
        "gated: it is left alone: it did not close its side of the connection after the question \"http\", and may still hold "
        "it");
    CHECK(server.connections() == 1);
    CHECK(later.connections() == 0);
    CHECK(says(ran.out, "probe: left alone: http at 127.0.46.4: it did not close its side of the connection after ours"));
    for (const Json& line : here.log())
        if (line["probe"].string() == "http") CHECK(line["unclosed"].boolean());
    // Nor is the next run that takes it up another one.
    here.scope(web(ip, server.port(), later.port(), later.port()));
    CHECK(here.probe("--resume").exit_code == 0);
    CHECK(server.connections() + later.connections() == 1);
}

TEST_CASE("left alone: a question that goes on after the device closed opens no connection beside one that stays open") {
    // It redirects, says that it closes, and does not: the page that it points to would be asked on a second connection.
    const std::string ip = "127.0.46.5";
    const std::string moved = "HTTP/1.1 302 Found\r\nLocation: /next\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    const Peer server(ip, behaviour::never_closes(moved));
    const RunPlace here("left_alone_second");
    here.scope(RunPlace::range(ip, {{"http", {server.port()}}}));
    CHECK(here.probe().exit_code == 0);
    CHECK(server.connections() == 1);
    CHECK(server.most_at_once() == 1);
}

TEST_CASE("left alone: by each of the addresses that one device has") {
    const Peer first("127.0.46.6", behaviour::resets());
    const Peer second("127.0.46.7", behaviour::answers(page), first.port());
    Scope scope;
    scope.until = Time::max();
    ScopeRange range;
    range.range = AddressRange::parse("127.0.46.6-127.0.46.7").value();
    range.probes = {"http"};
    range.ports["http"] = {first.port()};
    scope.ranges.push_back(range);
    Identified one;
    one.assets.emplace_back();
    one.assets.back().kind = "device";
    one.assets.back().key = "one";
    one.assets.back().identifiers.ip = {"127.0.46.6", "127.0.46.7"};
    for (const bool known : {true, false}) {
        Knowledge knowledge;
        if (known) knowledge.learn(one);
        Campaign campaign(scope, std::move(knowledge), {}, nullptr, {});
        CHECK(Wire({}).run(campaign));
        CHECK(second.connections() == (known ? 0 : 1));
    }
}

TEST_CASE("patience: what a question that passes says, and what it does not") {
    const Probe& http = *probe_named("http");
    const Probe& snmp = *probe_named("snmp");
    const auto at = [](std::uint16_t port, std::uint32_t unit = 0) {
        Target target;
        target.port = port;
        target.unit = unit;
        target.unit_known = unit != 0;
        return target;
    };
    const Ended silent{ProbeOutcome::Silent, false, false, false};
    const Ended mute{ProbeOutcome::Silent, true, false, false};
    const Ended answer{ProbeOutcome::Answered, true, false, false};
    const Ended refused{ProbeOutcome::Refused, false, false, false};
    // A datagram that nothing answers is no silence of the device.
    Patience there;
    there.ended(snmp, at(161), answer);
    for (std::uint16_t i = 0; i < 10; ++i) there.ended(snmp, at(161), silent);
    CHECK(there.left_alone().empty());
    CHECK(there.given_up(snmp).empty());
    // Nor is a service that has never answered, but three in a row are enough.
    Patience other;
    other.ended(http, at(80), answer);
    other.ended(http, at(81), mute);
    other.ended(http, at(82), mute);
    CHECK(other.left_alone().empty());
    CHECK(other.given_up(http).empty());
    other.ended(http, at(83), refused);
    for (std::uint16_t i = 0; i < 3; ++i) other.ended(http, at(static_cast<std::uint16_t>(84 + i)), mute);
    CHECK(other.left_alone().empty());
    CHECK(says(other.given_up(http), "3 questions over TCP"));
    CHECK(other.given_up(snmp).empty());
    // What we left in the middle is no silence, but the connection stood.
    const Ended left{ProbeOutcome::Interrupted, false, false, false};
    Patience early;
    for (std::uint16_t i = 0; i < 3; ++i) early.ended(http, at(80), left);
    CHECK_FALSE(early.alive());
    CHECK(early.left_alone().empty());
    CHECK(early.given_up(http).empty());
    early.ended(http, at(80), {ProbeOutcome::Interrupted, true, false, false});
    CHECK(early.alive());
    early.ended(http, at(80), silent);
    CHECK(says(early.left_alone(), "it had accepted a connection"));
    // Units behind one port are told apart.
    const Probe& modbus = *probe_named("modbus");
    Patience gateway;
    gateway.ended(modbus, at(502, 1), answer);
    gateway.ended(modbus, at(502, 2), mute);
    CHECK(gateway.left_alone().empty());
    gateway.ended(modbus, at(502, 1), mute);
    CHECK(says(gateway.left_alone(), "port 502"));
    // What is known by one address is known by the other.
    Patience both;
    both.join(gateway);
    CHECK(both.left_alone() == gateway.left_alone());
    // And to who asks for the other it is said at which it was.
    const IpAddress first = IpAddress::parse("192.0.2.1").value();
    const IpAddress second = IpAddress::parse("192.0.2.2").value();
    Patience mute_there;
    Target target = at(80);
    target.ip = first;
    for (std::uint16_t i = 0; i < 3; ++i) mute_there.ended(http, target, silent);
    Patience joined;
    joined.join(mute_there);
    CHECK(says(joined.given_up(http, first), "given up: it let 3 questions"));
    CHECK(says(joined.given_up(http, second), "given up: 192.0.2.1 is the same device, and it let 3 questions"));
    CHECK(both.alive());
}

TEST_SUITE_END();

}  // namespace left_alone_test
