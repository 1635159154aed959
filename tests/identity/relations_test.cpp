// What an asset is among others: every reason for a function, what leaves it blank, and what hangs on what.
#include "identity/relations.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>

#include "identity/asset.h"
#include "vendordb/vendordb.h"

using namespace herkomst;

namespace relations_test {

TEST_SUITE_BEGIN("relations");

namespace {

const VendorDb& db() {
    static const Result<VendorDb> opened = VendorDb::open(HERKOMST_BINARY_DIR "/data/vendordb.sqlite");
    REQUIRE(opened.ok());
    return opened.value();
}

Endpoint ip(const std::string& text, SubPath path = {}) {
    Endpoint endpoint;
    endpoint.ip = *IpAddress::parse(text);
    endpoint.path = std::move(path);
    return endpoint;
}

Observation says(const Endpoint& subject, Field field, const std::string& value, const char* method = "test.says",
                 Strength strength = Strength::Stated) {
    Observation observation;
    observation.subject = subject;
    observation.field = field;
    observation.value = value;
    observation.strength = strength;
    observation.method = method;
    observation.from = {"source", 1, 0, 4};
    observation.seen = {Time(std::chrono::seconds(1'700'000'000)), Time(std::chrono::seconds(1'700'000'000)), 1};
    return observation;
}

Conversation talk(const std::string& a, const std::string& b, const char* service, const char* b_name = "") {
    Conversation row;
    row.a.ip = *IpAddress::parse(a);
    row.b.ip = *IpAddress::parse(b);
    row.service = service;
    row.b_name = b_name;
    row.opened_by = "a";
    row.bytes_ab = row.bytes_ba = 100;
    row.seen = {Time(std::chrono::seconds(1'700'000'000)), Time(std::chrono::seconds(1'700'000'100)), 1};
    return row;
}

Identified identified(const std::vector<Observation>& rows, const std::vector<Conversation>& talks = {}) {
    return identify(rows, talks, db(), {false, *parse_rfc3339("2026-11-21T12:00:00Z")});
}

Belief belief(const Identified& all, const Endpoint& subject, Field field) {
    const auto found = all.asset_of.find(subject);
    REQUIRE(found != all.asset_of.end());
    for (const Asset& asset : all.assets) {
        if (asset.key != found->second) continue;
        const Belief* held = asset.belief(field);
        return held == nullptr ? Belief{} : *held;
    }
    FAIL("no such asset");
    return {};
}

std::string function_of(const std::vector<Observation>& rows) {
    return belief(identified(rows), rows.front().subject, Field::function).value;
}

}  // namespace

TEST_CASE("a function by what the device is, or by the part it plays") {
    struct {
        Field field;
        const char* value;
        const char* method;
        const char* function;
    } const rows[] = {
        {Field::category, "plc", "test.says", "plc"},
        {Field::category, "hybrid_inverter", "test.says", "inverter"},
        {Field::category, "protection_relay", "test.says", "ied"},
        {Field::category, "tv", "test.says", ""},
        {Field::role, "dnp3 outstation", "dnp3.direction", "rtu"},
        {Field::role, "iec104 controlling station", "iec104.role", "scada_server"},
        {Field::role, "goose publisher", "goose.control_block", "ied"},
        {Field::role, "modbus server", "modbus.pair", ""},
        {Field::role, "bridge", "lldp.capabilities", "switch"},
        {Field::role, "bridge", "test.says", ""},
        {Field::service, "s7comm/tcp/102", "flow", "plc"},
        {Field::service, "modbus/tcp/502", "flow", ""},
        {Field::service, "dlms_cosem/tcp/4059", "flow", "meter"},
        {Field::service, "goodwe/udp/8899", "flow", "inverter"},
        {Field::category, "power_quality", "test.says", "meter"},
        {Field::role, "opc hda server", "dcerpc.interface", "historian"},
        {Field::role, "opc ua history server", "opcua.history_read", "historian"},
        {Field::role, "opc da server", "dcerpc.interface", ""},
        {Field::role, "s7 connection as programming device", "s7comm.tsap", "engineering_station"},
        {Field::role, "s7 connection as operator panel", "s7comm_plus.tsap", "hmi"},
    };
    std::set<std::string_view> known(functions.begin(), functions.end());
    for (const auto& row : rows) {
        INFO(row.value);
        CHECK(function_of({says(ip("10.0.0.1"), row.field, row.value, row.method)}) == row.function);
        if (*row.function != 0) CHECK(known.contains(row.function));
    }
}

TEST_CASE("a test set that plays a relay is none") {
    const Endpoint at = ip("10.0.0.1");
    CHECK(function_of({says(at, Field::role, "goose publisher", "goose.control_block")}) == "ied");
    CHECK(function_of({says(at, Field::role, "goose publisher", "goose.control_block"),
                       says(at, Field::role, "simulates goose", "goose.simulation")})
              .empty());
}

TEST_CASE("who makes cameras alone made one where video is served; who makes recorders too may have made either") {
    const Endpoint at = ip("10.0.0.1");
    const Observation video = says(at, Field::service, "rtsp/tcp/554", "flow");
    CHECK(function_of({says(at, Field::brand, "Foscam"), video}) == "camera");
    CHECK(function_of({says(at, Field::brand, "Hikvision"), video}).empty());
    CHECK(function_of({says(at, Field::brand, "Foscam")}).empty());
    CHECK(function_of({video}).empty());
    // What its model says goes first, and needs no video.
    CHECK(function_of({says(at, Field::brand, "Hikvision"), says(at, Field::model, "DS-2CD9999-EX")}) == "camera");
    CHECK(function_of({says(at, Field::brand, "Hikvision"), says(at, Field::model, "DS-7699NI-EX")}) == "video_recorder");
    CHECK(function_of({says(at, Field::brand, "Foscam"), says(at, Field::model, "DS-7699NI-EX")}).empty());
}

TEST_CASE("what the device says wins over the part it plays; two equal reasons leave it blank") {
    const Endpoint at = ip("10.0.0.1");
    const std::vector<Observation> both = {says(at, Field::category, "hmi"),
                                           says(at, Field::service, "s7comm/tcp/102", "flow")};
    const Belief held = belief(identified(both), at, Field::function);
    CHECK(held.value == "hmi");
    CHECK(held.strength == Strength::Matched);
    CHECK(function_of({says(at, Field::role, "dnp3 outstation"), says(at, Field::service, "s7comm/tcp/102", "flow")}).empty());
    CHECK(function_of(
              {says(at, Field::role, "bridge", "lldp.capabilities"), says(at, Field::role, "router", "lldp.capabilities")})
              .empty());
}

TEST_CASE("who asks five devices and answers none is a server of the plant") {
    std::vector<Observation> rows = {says(ip("10.0.0.1"), Field::hostname, "example-srv")};
    std::vector<Conversation> talks;
    for (int i = 2; i <= 6; ++i) {
        rows.push_back(says(ip("10.0.0." + std::to_string(i)), Field::service, "modbus/tcp/502", "flow"));
        talks.push_back(talk("10.0.0.1", "10.0.0." + std::to_string(i), "modbus"));
    }
    Belief held = belief(identified(rows, talks), ip("10.0.0.1"), Field::function);
    CHECK(held.value == "scada_server");
    CHECK(held.strength == Strength::Hinted);
    std::vector<Conversation> fewer(talks.begin(), talks.end() - 1);
    CHECK(belief(identified(rows, fewer), ip("10.0.0.1"), Field::function).value.empty());
    talks.push_back(talk("10.0.0.2", "10.0.0.1", "modbus"));
    CHECK(belief(identified(rows, talks), ip("10.0.0.1"), Field::function).value.empty());
}

TEST_CASE("who asks forty BACnet controllers is a server of the plant and carries them; who drives forty is not") {
    const auto plant = [](const char* service) {
        std::vector<Observation> rows = {says(ip("10.0.0.1"), Field::hostname, "example-srv")};
        std::vector<Conversation> talks = {talk("10.0.0.1", "203.0.113.9", "tls", "gateway.isolarcloud.eu")};
        for (int i = 2; i <= 41; ++i) {
            rows.push_back(says(ip("10.0.0." + std::to_string(i)), Field::service, std::string(service) + "/udp/1", "flow"));
            talks.push_back(talk("10.0.0.1", "10.0.0." + std::to_string(i), service));
        }
        return identified(rows, talks);
    };
    for (const char* service : {"bacnet", "fox", "knxnet_ip", "c1222", "genisys", "pcom", "red_lion"}) {
        INFO(service);
        const Identified all = plant(service);
        CHECK(belief(all, ip("10.0.0.1"), Field::function).value == "scada_server");
        CHECK(belief(all, ip("10.0.0.1"), Field::carries).value == "40");
    }
    for (const char* service : {"profinet_io", "egd", "cc_link_ie_field_basic"}) {
        INFO(service);
        const Identified all = plant(service);
        CHECK(belief(all, ip("10.0.0.1"), Field::function).value.empty());
        CHECK(belief(all, ip("10.0.0.1"), Field::carries).value == "40");
    }
    CHECK(belief(plant("snmp"), ip("10.0.0.1"), Field::carries).value.empty());
}

TEST_CASE("how a client presents itself counts for nothing where it is a server of the plant, or a controller") {
    const Observation presents = says(ip("10.0.0.1"), Field::role, "s7 connection as programming device", "s7comm.tsap");
    std::vector<Observation> rows = {presents};
    std::vector<Conversation> talks;
    for (int i = 2; i <= 6; ++i) {
        rows.push_back(says(ip("10.0.0." + std::to_string(i)), Field::service, "s7comm/tcp/102", "flow"));
        talks.push_back(talk("10.0.0.1", "10.0.0." + std::to_string(i), "s7comm"));
    }
    CHECK(belief(identified(rows, talks), ip("10.0.0.1"), Field::function).value == "scada_server");
    talks.resize(1);
    CHECK(belief(identified(rows, talks), ip("10.0.0.1"), Field::function).value == "engineering_station");
    // A collector that reads inverters too presents itself as its library does.
    std::vector<Conversation> both = talks;
    both.push_back(talk("10.0.0.1", "10.0.0.3", "modbus"));
    CHECK(belief(identified(rows, both), ip("10.0.0.1"), Field::function).value.empty());
    talks.push_back(talk("10.0.0.3", "10.0.0.1", "s7comm"));
    CHECK(belief(identified(rows, talks), ip("10.0.0.1"), Field::function).value.empty());
}

TEST_CASE("a MAC that frames of several public addresses come from passes them on") {
    Endpoint station;
    station.mac = *Mac::parse("00:00:5e:00:53:01");
    const std::vector<Observation> rows = {says(station, Field::hostname, "example-box"),
                                           says(ip("10.0.0.1"), Field::hostname, "example-pc")};
    std::vector<Conversation> talks;
    for (int i = 1; i <= 4; ++i) {
        Conversation row = talk("10.0.0.1", "203.0.113." + std::to_string(i), "tls");
        row.b.mac = station.mac;
        talks.push_back(row);
    }
    CHECK(belief(identified(rows, talks), station, Field::function).value == "router");
    talks.pop_back();
    CHECK(belief(identified(rows, talks), station, Field::function).value.empty());
}

TEST_CASE("who loads a program into a controller programs it") {
    const std::vector<Observation> rows = {
        says(ip("10.0.0.1"), Field::hostname, "example-pc"),
        says(ip("10.0.0.2"), Field::remote_observed, "s7comm download from 10.0.0.1", "s7comm.job"),
        says(ip("10.0.0.3"), Field::remote_observed, "modbus write power limit from 10.0.0.4", "modbus.write"),
        says(ip("10.0.0.4"), Field::hostname, "example-ems"),
        says(ip("10.0.0.5"), Field::remote_observed, "omron_fins program write from 10.0.0.6", "omron_fins.command"),
        says(ip("10.0.0.6"), Field::hostname, "example-laptop"),
        says(ip("10.0.0.5"), Field::remote_observed, "omron_fins memory write from 10.0.0.7", "omron_fins.command"),
        says(ip("10.0.0.2"), Field::remote_observed, "s7comm write from 10.0.0.7", "s7comm.job"),
        says(ip("10.0.0.7"), Field::hostname, "example-panel"),
    };
    const Identified all = identified(rows);
    CHECK(belief(all, ip("10.0.0.1"), Field::function).value == "engineering_station");
    CHECK(belief(all, ip("10.0.0.4"), Field::function).value.empty());
    CHECK(belief(all, ip("10.0.0.6"), Field::function).value == "engineering_station");
    CHECK(belief(all, ip("10.0.0.7"), Field::function).value.empty());
}

TEST_CASE("a gateway carries the units behind it, modules of a chassis are the device") {
    std::vector<Observation> rows;
    for (int unit = 1; unit <= 40; ++unit)
        rows.push_back(
            says(ip("10.0.0.1", {"modbus/502/" + std::to_string(unit)}), Field::model, "EX-" + std::to_string(unit)));
    for (int slot = 1; slot <= 3; ++slot)
        rows.push_back(says(ip("10.0.0.2", {"cip/44818/slot-" + std::to_string(slot)}), Field::model, "EX-MOD"));
    const Identified all = identified(rows);
    CHECK(belief(all, ip("10.0.0.1"), Field::carries).value == "40");
    CHECK(belief(all, ip("10.0.0.1"), Field::function).value == "gateway");
    CHECK(belief(all, ip("10.0.0.2"), Field::carries).value.empty());
}

TEST_CASE("a device with a control path carries what it asks, and what hangs on that") {
    const std::vector<Observation> rows = {
        says(ip("10.0.0.1"), Field::hostname, "example-logger"),
        says(ip("10.0.0.2"), Field::model, "EX-100"),
        says(ip("10.0.0.3", {"modbus/502/1"}), Field::model, "EX-200"),
        says(ip("10.0.0.3", {"modbus/502/2"}), Field::model, "EX-200"),
    };
    std::vector<Conversation> talks = {talk("10.0.0.1", "10.0.0.2", "modbus"), talk("10.0.0.1", "10.0.0.3", "modbus")};
    CHECK(belief(identified(rows, talks), ip("10.0.0.1"), Field::carries).value.empty());
    talks.push_back(talk("10.0.0.1", "203.0.113.9", "tls", "gateway.isolarcloud.eu"));
    const Identified all = identified(rows, talks);
    CHECK(belief(all, ip("10.0.0.1"), Field::carries).value == "4");
    // The reason is told.
    for (const Asset& asset : all.assets) {
        for (const Claim& claim : asset.claims) {
            if (claim.field == Field::carries && claim.value == "4")
                CHECK(claim.because.starts_with("has a control path and asks: "));
        }
    }
    // And in any order of rows and conversations.
    const auto printed = [](const Identified& site) {
        std::string out;
        for (const Asset& asset : site.assets) out += write_json(to_json(asset)) + "\n";
        for (const Path& path : site.paths) out += write_json(to_json(path)) + "\n";
        return out;
    };
    std::mt19937 random(11);
    std::vector<Observation> shuffled = rows;
    for (int round = 0; round < 10; ++round) {
        std::shuffle(shuffled.begin(), shuffled.end(), random);
        std::shuffle(talks.begin(), talks.end(), random);
        CHECK(printed(identified(shuffled, talks)) == printed(all));
    }
}

TEST_SUITE_END();

}  // namespace relations_test
