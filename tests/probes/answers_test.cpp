// What counts as an answer: what the probe says is one. A handshake is none, nor is what we asked.
#include <doctest/doctest.h>

#include <vector>

#include "capture/run.h"
#include "core/text.h"
#include "probes/campaign.h"
#include "probes/exchange.h"
#include "probes/synthesis.h"

using namespace herkomst;

namespace answers_test {

TEST_SUITE_BEGIN("probe_answers");

namespace {

// The transcript's first replies, and then the device says no more.
struct BrokenOff {
    ProbeOutcome silent{};
    bool upset = false;
    ProbeOutcome closed{};
};
BrokenOff after(const std::string& name, const std::string& title, std::size_t replies) {
    BrokenOff out;
    const Probe* probe = probe_named(name);
    REQUIRE(probe != nullptr);
    for (const Transcript& transcript : probe->transcripts) {
        if (!transcript.title.starts_with(title)) continue;
        for (const bool closes : {false, true}) {
            Exchange exchange(*probe, target_of(*probe, transcript));
            exchange.begin();
            for (std::size_t i = 0; i < replies; ++i) exchange.received(unhex(transcript.turns[i].reply_hex));
            REQUIRE_FALSE(exchange.over());
            if (closes) {
                exchange.ended(false);
                out.closed = exchange.outcome();
            } else {
                exchange.timed_out();
                out.silent = exchange.outcome();
                out.upset = exchange.upset();
            }
        }
        return out;
    }
    FAIL("no such transcript");
    return out;
}

// What the first question to that address or to what is behind it would be addressed to.
std::vector<Target> targets(const Scope& scope, const Knowledge& knowledge, const std::string& probe) {
    std::vector<Target> out;
    Campaign campaign(scope, knowledge, {}, nullptr, {});
    campaign.plan([&](const Errand& errand, const std::string&) {
        if (errand.probe->name == probe) out.push_back(errand.target);
    });
    return out;
}

Scope scope_for(const std::string& probe) {
    Scope scope;
    scope.until = Time::max();
    ScopeRange range;
    range.range = AddressRange::parse("192.0.2.20").value();
    range.probes = {probe};
    range.shared_sessions = true;
    scope.ranges.push_back(range);
    return scope;
}

Observation said(Field field, const std::string& value, std::vector<std::string> path) {
    Observation observation;
    observation.subject.ip = IpAddress::v4(0xc0000214);
    observation.subject.path = std::move(path);
    observation.field = field;
    observation.value = value;
    observation.method = "bacnet.i_am";
    return observation;
}

}  // namespace

TEST_CASE("whoever only greets and then closes or falls silent has not answered") {
    struct Row {
        std::string probe;
        std::string transcript;
        std::size_t replies;
    };
    // The transport connects; a hello; a channel; a node; a session; a session.
    for (const Row& row : {Row{"s7comm", "a CPU tells", 1}, Row{"s7comm", "a CPU tells", 2}, Row{"mms", "a relay tells", 1},
                           Row{"mms", "a relay tells", 2}, Row{"opcua", "", 1}, Row{"opcua", "", 2},
                           Row{"omron_fins_tcp", "", 1}, Row{"hart_ip", "an instrument", 1}, Row{"cip_backplane", "", 1}}) {
        INFO(row.probe, " ", row.replies);
        const BrokenOff seen = after(row.probe, row.transcript, row.replies);
        CHECK(name(seen.silent) == name(ProbeOutcome::Silent));
        CHECK(name(seen.closed) == name(ProbeOutcome::Closed));
        // It spoke, and then did not: that it is left alone for.
        CHECK(seen.upset);
    }
}

TEST_CASE("who breaks off after he has told something has answered") {
    struct Row {
        std::string probe;
        std::string transcript;
        std::size_t replies;
    };
    for (const Row& row : {Row{"s7comm", "a CPU tells", 3}, Row{"opcua", "", 3}, Row{"hart_ip", "an instrument", 2},
                           Row{"modbus", "a gateway", 2}, Row{"dnp3", "", 1}, Row{"bacnet", "a device tells", 1},
                           Row{"mdns", "", 1}, Row{"snmp", "", 1}, Row{"sungrow_registers", "", 1}, Row{"sunspec", "", 1}}) {
        INFO(row.probe, " ", row.replies);
        const BrokenOff seen = after(row.probe, row.transcript, row.replies);
        CHECK(name(seen.silent) == name(ProbeOutcome::Answered));
        CHECK(name(seen.closed) == name(ProbeOutcome::Answered));
        CHECK(seen.upset);
    }
}

TEST_CASE("our own questions are nobody's witness: without answers nothing is said of anybody but us") {
    for (const Probe& probe : all_probes()) {
        for (const Transcript& transcript : probe.transcripts) {
            INFO(probe.name, ": ", transcript.title);
            const Target target = target_of(probe, transcript);
            std::vector<Said> ours;
            for (Said& each : play(probe, transcript).said)
                if (each.ours) ours.push_back(std::move(each));
            PacketBytes capture = pcapng_head();
            append_packets(capture, probe, target, ours);
            for (const Observation& observation : analyse_memory(capture, all_decoders(), {}).observations.list()) {
                if (observation.subject.ip == target.my_ip || observation.subject.mac == target.my_mac) continue;
                FAIL_CHECK(observation.subject.ip.text() << " " << name(observation.field) << "=" << observation.value);
            }
        }
    }
}

TEST_CASE("slots are asked one by one where the scope file names them, and CIP's say nothing of S7's") {
    Scope scope = scope_for("s7comm");
    Knowledge knowledge;
    knowledge.learn(std::vector<Observation>{said(Field::product, "EX", {"cip/44818/slot-5"})}, nullptr);
    REQUIRE(targets(scope, knowledge, "s7comm").size() == 1);
    CHECK_FALSE(targets(scope, knowledge, "s7comm").front().slot_known);
    scope.ranges.front().slots = {3, 4};
    const std::vector<Target> two = targets(scope, knowledge, "s7comm");
    REQUIRE(two.size() == 2);
    CHECK((two[0].slot_known && two[0].slot == 3 && two[1].slot == 4));
}

TEST_CASE("BACnet: the instance that a device told before is asked for, and stations that were heard or named") {
    Scope scope = scope_for("bacnet");
    Knowledge knowledge;
    CHECK_FALSE(targets(scope, knowledge, "bacnet").front().instance_known);
    knowledge.learn(
        std::vector<Observation>{said(Field::device_instance, "7", {}), said(Field::device_instance, "77", {"bacnet/1200:7"})},
        nullptr);
    REQUIRE(targets(scope, knowledge, "bacnet").size() == 1);
    CHECK(targets(scope, knowledge, "bacnet").front().instance_known);
    CHECK(targets(scope, knowledge, "bacnet").front().instance == 7);

    scope = scope_for("bacnet_routed");
    CHECK(targets(scope, {}, "bacnet_routed").empty());
    scope.ranges.front().stations = {"1200:7", "1200:8"};
    const std::vector<Target> two = targets(scope, knowledge, "bacnet_routed");
    REQUIRE(two.size() == 2);
    CHECK((two[0].station == "1200:7" && two[0].instance_known && two[0].instance == 77));
    CHECK((two[1].station == "1200:8" && !two[1].instance_known));
    // Behind a router everything takes longer.
    Campaign campaign(scope, knowledge, {}, nullptr, {});
    CHECK(campaign.schedule().pause_of(0) == Schedule::gateway_pause);
}

TEST_SUITE_END();

}  // namespace answers_test
