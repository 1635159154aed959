// What forbids a question holds for a device, whichever of its addresses is asked, and for a port, whatever is spoken there.
#include <doctest/doctest.h>

#include "probes/campaign.h"
#include "probes/gate.h"
#include "register/overview.h"
#include "run_place.h"
#include "session.h"

using namespace herkomst;

namespace device_gate_test {

TEST_SUITE_BEGIN("probe_device_gate");

namespace {

const IpAddress five = IpAddress::parse("192.0.2.5").value();
const IpAddress six = IpAddress::parse("192.0.2.6").value();

Identified device(const std::set<std::string>& addresses) {
    Identified identified;
    Asset asset;
    asset.key = "key-of-" + *addresses.begin();
    asset.kind = "device";
    asset.identifiers.ip.insert(addresses.begin(), addresses.end());
    identified.assets.push_back(asset);
    return identified;
}

OverviewAsset kept(const std::string& uid, const std::set<std::string>& addresses) {
    OverviewAsset asset;
    asset.uid = uid;
    asset.kind = "device";
    asset.identifiers.ip.insert(addresses.begin(), addresses.end());
    return asset;
}

Conversation session(const IpAddress& server, const std::string& service) {
    Conversation row;
    row.a.ip = IpAddress::parse("192.0.2.10").value();
    row.b.ip = server;
    row.service = service;
    return row;
}

Scope both() {
    Scope scope;
    scope.until = Time::max();
    ScopeRange range;
    range.range = AddressRange::parse("192.0.2.5-192.0.2.6").value();
    range.probes = {"modbus"};
    scope.ranges.push_back(range);
    return scope;
}

std::string forbids(const Knowledge& knowledge, const Scope& scope, const std::string& probe, std::uint16_t port,
                    const IpAddress& ip = six) {
    return forbidden(*probe_named(probe), ip, port, scope, scope.ranges.front(), knowledge, {});
}

std::size_t devices(const Knowledge& knowledge, const Scope& scope) {
    return Campaign(scope, knowledge, {}, nullptr, {}).count().devices;
}

}  // namespace

TEST_CASE("one device with two addresses: a session, an exclusion and a fragility of the one hold for the other") {
    Scope scope = both();
    Identified one = device({"192.0.2.5", "192.0.2.6"});
    Knowledge quiet;
    quiet.listened();
    quiet.learn(one);
    CHECK(forbids(quiet, scope, "modbus", 502).empty());
    scope.fragile.push_back({AddressRange{five, five}, {"http"}, "it once stopped"});
    CHECK(forbids(quiet, scope, "modbus", 502) ==
          "192.0.2.5 is the same device, and the scope file says it is fragile: it once stopped");
    CHECK(forbids(quiet, scope, "http", 80).empty());
    scope.fragile.clear();
    scope.exclude.push_back({five, five});
    CHECK(forbids(quiet, scope, "modbus", 502) == "192.0.2.5 is the same device, and the scope file excludes it");
    scope.exclude.clear();
    one.conversations.push_back(session(five, "modbus"));
    Knowledge busy;
    busy.listened();
    busy.learn(one);
    CHECK(says(forbids(busy, scope, "modbus", 502), "a session of 192.0.2.10 was seen there (modbus of 192.0.2.5, the same"));
    // Another device's session is nobody else's.
    Knowledge apart;
    apart.listened();
    Identified two = device({"192.0.2.5"});
    two.conversations = one.conversations;
    apart.learn(two);
    CHECK(forbids(apart, scope, "modbus", 502).empty());
}

TEST_CASE("one device with two addresses: a capture that shows one of them and a register that knows both, in any order") {
    const Scope scope = both();
    Identified shown = device({"192.0.2.5"});
    shown.conversations.push_back(session(five, "modbus"));
    Overview seen;
    seen.assets.push_back(kept("A-1", {"192.0.2.5", "192.0.2.6"}));
    for (const bool first : {true, false}) {
        Knowledge knowledge;
        knowledge.listened();
        if (first) knowledge.learn(seen);
        knowledge.learn(shown);
        if (!first) knowledge.learn(seen);
        CHECK(devices(knowledge, scope) == 1);
        CHECK(knowledge.addresses_of(six) == std::vector{five, six});
        CHECK_FALSE(forbids(knowledge, scope, "modbus", 502).empty());
    }
    Knowledge capture;
    capture.learn(shown);
    CHECK(devices(capture, scope) == 2);
    // An address that two devices had, one after the other, makes one of neither.
    seen.assets.push_back(kept("A-2", {"192.0.2.5", "192.0.2.7"}));
    Knowledge moved;
    moved.learn(seen);
    CHECK(devices(moved, scope) == 2);
    CHECK(moved.addresses_of(five) == std::vector{five});
    // What is said in three places is one device all the same.
    Knowledge chain;
    chain.learn(device({"192.0.2.5", "192.0.2.7"}));
    chain.learn(device({"192.0.2.6", "192.0.2.8"}));
    CHECK(devices(chain, scope) == 2);
    chain.learn(device({"192.0.2.7", "192.0.2.8"}));
    CHECK(devices(chain, scope) == 1);
}

TEST_CASE("of several entries of the scope file that hold a fragile device, each has a say") {
    Scope scope = both();
    Knowledge knowledge;
    knowledge.listened();
    scope.fragile.push_back({AddressRange::parse("192.0.2.0/28").value(), {"http", "modbus"}, "old"});
    CHECK(forbids(knowledge, scope, "http", 80).empty());
    scope.fragile.push_back({AddressRange{six, six}, {"modbus"}, "it dies of web pages"});
    CHECK(says(forbids(knowledge, scope, "http", 80), "it dies of web pages"));
    CHECK(forbids(knowledge, scope, "modbus", 502).empty());
    CHECK(forbids(knowledge, scope, "http", 80, five).empty());
    CHECK(says(forbids(knowledge, scope, "telnet", 23), "old"));
}

TEST_CASE("where a plant's protocol was heard no other question is asked, however it became known") {
    const Scope scope = both();
    const auto heard = [](const std::string& value) {
        Observation spoken;
        spoken.subject.ip = six;
        spoken.field = Field::service;
        spoken.value = value;
        spoken.method = "flow";
        Knowledge knowledge;
        knowledge.listened();
        knowledge.learn({spoken}, nullptr);
        return knowledge;
    };
    const Knowledge serial = heard("modbus/tcp/23");
    CHECK(forbids(serial, scope, "telnet", 23) == "modbus was heard at tcp/23: no other question is asked there");
    CHECK(forbids(serial, scope, "telnet", 2323).empty());
    CHECK(forbids(serial, scope, "modbus", 23).empty());
    CHECK(forbids(serial, scope, "ssh", 22).empty());
    CHECK(forbids(serial, scope, "telnet", 23, five).empty());
    // What is no plant's shares its port with what is asked there.
    CHECK(forbids(heard("ssh/tcp/23"), scope, "telnet", 23).empty());
    CHECK(forbids(heard("modbus/udp/23"), scope, "telnet", 23).empty());
    // S7comm and S7comm-plus are one server's, MMS is another one.
    CHECK(forbids(heard("s7comm_plus/tcp/102"), scope, "s7comm", 102).empty());
    CHECK_FALSE(forbids(heard("s7comm_plus/tcp/102"), scope, "mms", 102).empty());
    // The logger's own protocol takes few clients: nothing else is sent there either.
    CHECK_FALSE(forbids(heard("solarman/tcp/8899"), scope, "http", 8899).empty());
}

TEST_CASE("a session gates its port though a decoder gave it a name, and where only questions were heard, the usual one") {
    const Scope scope = both();
    Identified identified;
    identified.conversations.push_back(session(six, "s7comm_plus"));
    Observation spoken;
    spoken.subject.ip = six;
    spoken.field = Field::service;
    spoken.value = "s7comm_plus/tcp/102";
    spoken.method = "flow";
    Knowledge knowledge;
    knowledge.listened();
    knowledge.learn(identified);
    knowledge.learn({spoken}, nullptr);
    CHECK(says(forbids(knowledge, scope, "s7comm", 102), "a session of 192.0.2.10 was seen there (s7comm_plus, "));
    Knowledge older;
    older.listened();
    older.learn(std::vector<SeenSession>{{six, five, "s7comm", Time{}}}, Time{});
    CHECK_FALSE(forbids(older, scope, "mms", 102).empty());
    CHECK_FALSE(forbids(older, scope, "s7comm", 102).empty());
    CHECK(forbids(older, scope, "modbus", 502).empty());
    CHECK(forbids(older, scope, "http", 80).empty());
    // At whichever port it is, nobody understands a connection that says nothing.
    CHECK(says(forbids(older, scope, "telnet", 23), "at a port that is not known"));
    // A maintenance window lets other clients be disturbed; another protocol's bytes are no client's.
    Scope window = both();
    window.ranges.front().shared_sessions = true;
    CHECK(forbids(older, window, "s7comm", 102).empty());
    CHECK_FALSE(forbids(older, window, "mms", 102).empty());
}

TEST_CASE("device gate: the program, by a capture and by a register: sessions of plants at their own port and at others'") {
    const RunPlace here("device_gate");
    write_session(here.path("s7.pcapng"), "s7comm", "192.0.2.40", 102);
    write_session(here.path("serial.pcapng"), "modbus", "192.0.2.41", 23);
    write_session(here.path("web.pcapng"), "modbus", "192.0.2.42", 8080);
    const std::string captures = here.path("s7.pcapng") + " " + here.path("serial.pcapng") + " " + here.path("web.pcapng");
    here.scope(RunPlace::range("192.0.2.40", {{"mms", {}}, {"s7comm", {}}}) + "," +
               RunPlace::range("192.0.2.41", {{"telnet", {}}, {"modbus", {23}}}) + "," +
               RunPlace::range("192.0.2.42", {{"http", {80, 8080}}}));
    const ProgramRan scanned =
        herkomst_does("scan --now 2026-11-27T11:00:00Z " + captures + " --register " + here.path("site.db"));
    CHECK(scanned.exit_code == 0);
    const Time then = parse_rfc3339("2026-11-27T12:00:00Z").value();
    for (const std::string& known : {captures, "--register " + here.path("site.db")}) {
        const ProgramRan plan =
            herkomst_does("probe --dry-run --now " + rfc3339(then) + " --scope " + here.path("scope.json") + " " + known);
        INFO(plan.out);
        CHECK(plan.exit_code == 0);
        CHECK(says(plan.out, "192.0.2.40 tcp/102  mms, gated: s7comm was heard at tcp/102"));
        CHECK(says(plan.out, "192.0.2.41 tcp/23  telnet, gated: modbus was heard at tcp/23"));
        CHECK(says(plan.out, "192.0.2.42 tcp/8080  http, gated: modbus was heard at tcp/8080"));
        CHECK(says(plan.out, "192.0.2.42 tcp/80  http, sends "));
    }
}

TEST_SUITE_END();

}  // namespace device_gate_test
