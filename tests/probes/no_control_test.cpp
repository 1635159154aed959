// The protocols of controllers, held against what they may be asked, byte for byte where a byte decides: the companion of
// no_write_test.cpp for protocols whose function stands deeper in the message.
#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <set>

#include "core/text.h"
#include "no_write.h"
#include "probes/scope.h"
#include "probes/template.h"

using namespace herkomst;

namespace no_control_test {

TEST_SUITE_BEGIN("probe_no_control");

namespace {

// A template as text: a hole is as many '?' as it has bytes; behind a text nothing has a place, so the constant pieces follow.
std::string outline(const Request& request) {
    std::string out;
    const auto parts = parts_of(request);
    REQUIRE(parts.ok());
    for (const TemplatePart& part : parts.value()) {
        out.append(part.bytes.begin(), part.bytes.end());
        if (part.hole != nullptr) out.append(part.hole->form == Hole::Form::Text ? 0 : part.hole->size, '?');
    }
    return out;
}

std::string bytes(std::string_view digits) {
    const auto raw = unhex(digits);
    return {raw.begin(), raw.end()};
}
bool has(const std::string& all, std::string_view digits) { return all.find(bytes(digits)) != std::string::npos; }
unsigned at(const std::string& all, std::size_t place) {
    return place < all.size() ? static_cast<std::uint8_t>(all[place]) : 256;
}

using Reads = std::function<bool(const std::string&)>;
const std::map<std::string_view, Reads>& reading() {
    static const std::map<std::string_view, Reads> table = {
        // COTP connection request or disconnect; setup of communication; user data, function group 4 (CPU services), reading of
        // a status list (44 01). Jobs (32 01) are the setup (F0) alone: 04 reads, 05 writes, 28 and 29 start and stop.
        {"s7comm",
         [](const std::string& b) {
             if (at(b, 5) == 0xe0 || at(b, 5) == 0x80) return true;
             if (at(b, 8) == 1) return at(b, 17) == 0xf0;
             return at(b, 8) == 7 && at(b, 22) == 0x44 && at(b, 23) == 1;
         }},
        // The only confirmed service is Identify (82), of length 0.
        {"mms",
         [](const std::string& b) {
             const bool transport = at(b, 5) == 0xe0 || at(b, 5) == 0x80;
             return transport || at(b, 7) == 0x0d || b.ends_with(bytes("a0050201018200"));
         }},
        // Part 6: 446 OpenSecureChannel, 428 GetEndpoints, 422 FindServers, 452 CloseSecureChannel.
        {"opcua",
         [](const std::string& b) {
             const bool service = has(b, "0100be01") || has(b, "0100ac01") || has(b, "0100a601") || has(b, "0100c401");
             return b.starts_with("HEL") || service;
         }},
        // Who-Is (10 08), or ReadProperty: confirmed request, service 0C; behind a router to one address of one byte, no other.
        {"bacnet",
         [](const std::string& b) {
             const bool routed = at(b, 5) == 0x24 && at(b, 8) == 1 && at(b, 10) == 0xff;
             const std::size_t service = routed ? 11 : 6;
             if (!routed && at(b, 6) == 0x10) return at(b, 5) == 0 && at(b, 7) == 8;
             return (routed || at(b, 5) == 4) && at(b, service) == 0 && at(b, service + 3) == 0x0c;
         }},
        // GetRequest A0 or GetNextRequest A1 behind the community; SetRequest would be A3.
        {"snmp",
         [](const std::string& b) {
             if (has(b, "020103")) return has(b, "04000400a00e");
             const std::size_t version = b.find(bytes("0201"));
             return version != std::string::npos && (at(b, version + 5) == 0xa0 || at(b, version + 5) == 0xa1) && !has(b, "a3");
         }},
        // Service 1 asks who is there; 6 would add a route.
        {"ads", [](const std::string& b) { return at(b, 8) == 1 && at(b, 9) == 0 && b.size() == 24; }},
        // Read Type Name.
        {"melsec", [](const std::string& b) { return at(b, 11) == 1 && at(b, 12) == 1 && at(b, 13) == 0 && at(b, 14) == 0; }},
        // WS-Discovery: the action Probe, of which the standard has no other effect than an answer.
        {"ws_discovery",
         [](const std::string& b) {
             return b.find("<wsa:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</wsa:Action>") !=
                        std::string::npos &&
                    b.ends_with("<soap:Body><wsd:Probe/></soap:Body></soap:Envelope>");
         }},
        {"codesys", [](const std::string& b) { return b == bytes("bbbb0100000001"); }},
        {"fox", [](const std::string& b) { return b.starts_with("fox a 1 -1 fox hello\n"); }},
    };
    return table;
}

}  // namespace

TEST_CASE("every template of a controller's protocol only asks") {
    std::set<std::string_view> seen;
    for (const Probe& probe : all_probes()) {
        const auto reads = reading().find(probe.decoder);
        if (reads == reading().end()) continue;
        seen.insert(probe.decoder);
        for (const Request& request : probe.requests) {
            INFO(probe.name, ": ", request.name);
            CHECK_MESSAGE(reads->second(outline(request)), shown(request));
        }
    }
    CHECK(seen.size() == reading().size());
}

TEST_CASE("CIP: what is passed on over the backplane reads all attributes of the identity object") {
    for (const Request& request : probe_named("cip_backplane")->requests) {
        const std::string b = outline(request);
        if (at(b, 0) != 0x6f) continue;
        CHECK(has(b, "0600010220012401"));
        CHECK(at(b, 40) == 0x52);
    }
}

TEST_CASE("DNP3, FINS, HART: the function of every message") {
    for (const Request& request : probe_named("dnp3")->requests) {
        const std::string b = outline(request);
        CHECK((at(b, 3) == 0xc9 || (at(b, 3) == 0xc4 && at(b, 12) == 1)));
    }
    CHECK(outline(probe_named("omron_fins")->requests[0]).ends_with(bytes("050100")));
    CHECK(outline(probe_named("omron_fins_tcp")->requests[1]).ends_with(bytes("050100")));
    for (const Request& request : probe_named("hart_ip")->requests) {
        const std::string b = outline(request);
        if (at(b, 2) != 3) continue;
        CHECK(((at(b, 8) == 0x02 && at(b, 10) == 0) || (at(b, 8) == 0x82 && at(b, 14) == 20)));
    }
}

TEST_CASE("the table does tell: a stop, a write and a route are refused by it") {
    CHECK_FALSE(reading().at("s7comm")(bytes("0300002102f0803201000000030010000029000000000009505f50524f4752414d")));
    CHECK_FALSE(reading().at("s7comm")(bytes("0300002402f080320100000001000e00050501120a10020001000084000000")));
    CHECK_FALSE(reading().at("bacnet")(bytes("810a00110104000501 0f0c020004d21955")));
    // The same behind a router; and a question that goes to all of a network.
    CHECK_FALSE(reading().at("bacnet")(bytes("810a00160124 04b00107ff 000501 0f0c020004d21955")));
    CHECK_FALSE(reading().at("bacnet")(bytes("810a00150124 04b000ff 000501 0c0c020004d2194d")));
    CHECK_FALSE(
        reading().at("snmp")(bytes("302602010104067075626c6963a319020412345678020100020100300b300906052b060102010500")));
    CHECK_FALSE(reading().at("ads")(bytes("036614710000000006000000c000020a01011027 00000000")));
    CHECK_FALSE(reading().at("melsec")(bytes("500000ffff03000a00100002100000 01000000")));
    CHECK_FALSE(reading().at("opcua")(bytes("4d5347464c0000000700000001000000370000000500000001 00a102")));
    CHECK_FALSE(reading().at("mms")(bytes("0300001b02f08001000100610e300c020103a007a005020101a500")));
}

TEST_CASE("what may disturb is asked only where the scope file names it") {
    ScopeRange range;
    range.families = {Family::Ot, Family::Energy};
    range.safety = Safety::ReadMany;
    CHECK(range.allows(*probe_named("modbus")));
    for (const std::string_view named : {"ads", "dnp3", "modbus_server_id", "simatic_web"}) {
        const Probe& probe = *probe_named(named);
        CHECK(probe.only_named);
        CHECK_FALSE(range.allows(probe));
        ScopeRange naming = range;
        naming.probes = {std::string(named)};
        CHECK(naming.allows(probe));
    }
}

TEST_SUITE_END();

}  // namespace no_control_test

std::set<std::string_view> no_write::in_no_control_test() {
    std::set<std::string_view> out;
    for (const auto& [protocol, reads] : no_control_test::reading()) out.insert(protocol);
    return out;
}
