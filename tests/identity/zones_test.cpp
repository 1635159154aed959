// Levels and conduits: every reason for a level, what leaves it blank, which ways are told; and control paths as a line of
// text.
#include "identity/zones.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "identity/relations.h"
#include "vendordb/vendordb.h"

using namespace herkomst;

namespace zones_test {

TEST_SUITE_BEGIN("zones");

namespace {

const VendorDb& db() {
    static const Result<VendorDb> opened = VendorDb::open(HERKOMST_BINARY_DIR "/data/vendordb.sqlite");
    REQUIRE(opened.ok());
    return opened.value();
}

Endpoint ip(const std::string& text) {
    Endpoint endpoint;
    endpoint.ip = *IpAddress::parse(text);
    return endpoint;
}

Observation says(const std::string& where, Field field, const std::string& value, const char* method = "test.says") {
    Observation observation;
    observation.subject = ip(where);
    observation.field = field;
    observation.value = value;
    observation.strength = Strength::Stated;
    observation.method = method;
    observation.from = {"source", 1, 0, 4};
    observation.seen = {Time(std::chrono::seconds(1'700'000'000)), Time(std::chrono::seconds(1'700'000'000)), 1};
    return observation;
}

Conversation talk(const std::string& a, const std::string& b, const char* service, const char* opened_by = "a") {
    Conversation row;
    row.a = ip(a);
    row.b = ip(b);
    row.service = service;
    row.opened_by = opened_by;
    row.bytes_ab = row.bytes_ba = 100;
    row.seen = {Time(std::chrono::seconds(1'700'000'000)), Time(std::chrono::seconds(1'700'000'100)), 1};
    return row;
}

Identified identified(const std::vector<Observation>& rows, const std::vector<Conversation>& talks = {}) {
    return identify(rows, talks, db(), {false, *parse_rfc3339("2026-11-21T12:00:00Z")});
}

const Asset& asset_at(const Identified& all, const std::string& where) {
    const auto found = all.asset_of.find(ip(where));
    REQUIRE(found != all.asset_of.end());
    const auto asset =
        std::find_if(all.assets.begin(), all.assets.end(), [&](const Asset& each) { return each.key == found->second; });
    REQUIRE(asset != all.assets.end());
    return *asset;
}

std::string level(const Identified& all, const std::string& where) {
    const Belief* belief = asset_at(all, where).belief(Field::purdue_level);
    if (belief == nullptr) return {};
    CHECK(belief->strength == Strength::Hinted);
    return belief->value;
}

// "text (because)" of each claim.
std::vector<std::string> conduits(const Identified& all, const std::string& where) {
    std::vector<std::string> out;
    for (const Claim& claim : asset_at(all, where).claims) {
        if (claim.field == Field::conduit) out.push_back(claim.value + " (" + claim.because + ")");
    }
    return out;
}

}  // namespace

TEST_CASE("every level is that of some function, and every function stands at one level or at none") {
    std::set<std::string> levels;
    for (const std::string_view function : functions) levels.insert(std::string(level_of(function)));
    CHECK(levels == std::set<std::string>{"", "0", "1", "2", "3"});
    CHECK(level_of("plc") == "1");
    CHECK(level_of("switch").empty());
    CHECK(level_of("no such thing").empty());
}

TEST_CASE("a level by what the asset does") {
    const Identified all =
        identified({says("10.0.0.1", Field::category, "plc"), says("10.0.0.2", Field::category, "hmi"),
                    says("10.0.0.3", Field::category, "switch"), says("10.0.0.4", Field::category, "drive")});
    CHECK(level(all, "10.0.0.1") == "1");
    CHECK(level(all, "10.0.0.2") == "2");
    CHECK(level(all, "10.0.0.3").empty());
    CHECK(level(all, "10.0.0.4") == "0");
    for (const Claim& claim : asset_at(all, "10.0.0.1").claims) {
        if (claim.field == Field::purdue_level) CHECK(claim.because == "function=plc");
    }
}

TEST_CASE("a level by who asks whom, where nothing is known of what it does") {
    const std::vector<Observation> rows = {says("10.0.0.1", Field::software, "x"), says("10.0.0.2", Field::software, "x"),
                                           says("10.0.0.3", Field::software, "x"), says("10.0.0.4", Field::software, "x"),
                                           says("10.0.0.5", Field::software, "x")};
    const Identified all = identified(rows, {talk("10.0.0.2", "10.0.0.1", "modbus"), talk("10.0.0.3", "10.0.0.5", "kerberos"),
                                             talk("10.0.0.4", "10.0.0.1", "http")});
    CHECK(level(all, "10.0.0.1") == "1");
    CHECK(level(all, "10.0.0.2") == "2");
    CHECK(level(all, "10.0.0.3") == "4");
    CHECK(level(all, "10.0.0.4").empty());
    // Who asks and is asked could be either.
    const Identified both = identified(rows, {talk("10.0.0.2", "10.0.0.1", "modbus"), talk("10.0.0.1", "10.0.0.3", "modbus")});
    CHECK(level(both, "10.0.0.1").empty());
    // A question that nobody answered says nothing.
    Conversation silent = talk("10.0.0.2", "10.0.0.1", "modbus");
    silent.bytes_ba = 0;
    CHECK(level(identified(rows, {silent}), "10.0.0.2").empty());
}

TEST_CASE("two functions that are equally likely say nothing: who asks whom does") {
    const Identified all = identified({says("10.0.0.1", Field::role, "dnp3 outstation", "dnp3.direction"),
                                       says("10.0.0.1", Field::role, "dnp3 master", "dnp3.direction")},
                                      {talk("10.0.0.2", "10.0.0.1", "modbus")});
    CHECK(asset_at(all, "10.0.0.1").belief(Field::function) == nullptr);
    CHECK(level(all, "10.0.0.1") == "1");
}

TEST_CASE("conduits: across levels and to the outside, told at both ends with who opened them") {
    std::vector<Observation> rows = {says("10.0.0.1", Field::category, "plc"), says("10.0.0.2", Field::category, "plc"),
                                     says("10.0.0.3", Field::category, "hmi"), says("10.0.0.4", Field::category, "switch")};
    std::vector<Conversation> talks = {
        talk("10.0.0.3", "10.0.0.1", "s7comm"),  talk("10.0.0.1", "10.0.0.2", "s7comm"),
        talk("10.0.0.1", "10.0.0.4", "snmp"),    talk("10.0.0.1", "198.51.100.7", "tls"),
        talk("198.51.100.8", "10.0.0.1", "ssh"), talk("10.0.0.3", "10.0.0.1", "http", "unknown")};
    const Identified all = identified(rows, talks);
    CHECK(conduits(all, "10.0.0.1") == std::vector<std::string>{"level 1 - level 2: http (opening not seen)",
                                                                "level 1 - level 2: s7comm (opened by 10.0.0.3)",
                                                                "level 1 - outside: ssh (opened from outside)",
                                                                "level 1 - outside: tls (opened by it)"});
    CHECK(conduits(all, "10.0.0.2").empty());
    CHECK(conduits(all, "10.0.0.3") ==
          std::vector<std::string>{"level 2 - level 1: http (opening not seen)", "level 2 - level 1: s7comm (opened by it)"});
    CHECK(conduits(all, "10.0.0.4").empty());
    std::mt19937 random(7);
    for (int turn = 0; turn < 5; ++turn) {
        std::shuffle(rows.begin(), rows.end(), random);
        std::shuffle(talks.begin(), talks.end(), random);
        CHECK(conduits(identified(rows, talks), "10.0.0.1") == conduits(all, "10.0.0.1"));
    }
}

TEST_CASE("conduits are bounded") {
    std::vector<Conversation> talks;
    for (int port = 1; port <= 40; ++port) {
        talks.push_back(talk("10.0.0.1", "198.51.100.7", "x"));
        talks.back().service = "tcp/" + std::to_string(port);
    }
    CHECK(conduits(identified({says("10.0.0.1", Field::category, "plc")}, talks), "10.0.0.1").size() == conduits_most);
}

TEST_CASE("a control path as a line of text, and back") {
    Path path;
    path.kind = "remote_service";
    path.to = "cloud.example";
    path.operator_slug = "example-clouds";
    path.purpose = "remote access; all | of it";
    path.party = "supplier";
    path.opened_by = "asset";
    path.services = {"openvpn", "tls"};
    path.others = {"198.51.100.7", "198.51.100.8"};
    path.others_more = 3;
    path.bytes_out = 1234;
    path.bytes_in = 567;
    path.seen = {*parse_rfc3339("2026-11-21T20:15:00Z"), *parse_rfc3339("2026-11-22T20:15:00.5Z"), 12};
    for (int i = 0; i < 10; ++i) path.openings.add(path.seen.first + std::chrono::seconds(300 * i));
    const std::optional<PathTold> told = path_told(text_of(path));
    REQUIRE(told.has_value());
    CHECK(told->path.kind == path.kind);
    CHECK(told->path.to == path.to);
    CHECK(told->path.operator_slug == path.operator_slug);
    CHECK(told->path.purpose == "remote access; all / of it");
    CHECK(told->path.party == path.party);
    CHECK(told->path.opened_by == path.opened_by);
    CHECK(told->path.services == path.services);
    CHECK(told->path.others == path.others);
    CHECK(told->path.others_more == 3);
    CHECK(told->path.bytes_out == path.bytes_out);
    CHECK(told->path.bytes_in == path.bytes_in);
    CHECK(told->path.seen == path.seen);
    REQUIRE(told->rhythm.has_value());
    CHECK(told->rhythm->period == std::chrono::seconds(300));
    CHECK(told->rhythm->regular == 100);
    CHECK(text_of(told->path) != text_of(path));  // the openings are not kept
    path.openings = {};
    path.purpose = "VPN";
    CHECK(text_of(path_told(text_of(path))->path) == text_of(path));
    for (const char* other : {"", "cloud", "|", " x"}) CHECK(!path_told(other).has_value());
    CHECK(path_told("cloud x | every | from | 7 | with ")->path.to == "x");
}

TEST_CASE("who the other side is to the asset") {
    Path path;
    CHECK(party_of(path, "", db()).empty());
    path.operator_slug = "sungrow";
    CHECK(party_of(path, "sungrow", db()) == "maker");
    CHECK(party_of(path, "fronius", db()) == "supplier");
    CHECK(party_of(path, "", db()).empty());
    path.purpose = "grid operator: real-time interface";
    CHECK(party_of(path, "sungrow", db()) == "grid_operator");
    path.purpose = "Energy management of the site";
    CHECK(party_of(path, "", db()) == "energy_management");
}

TEST_CASE("control paths are claims of their asset") {
    const Identified all = identified({says("10.0.0.1", Field::category, "plc")}, {talk("198.51.100.8", "10.0.0.1", "modbus")});
    const Belief* belief = asset_at(all, "10.0.0.1").belief(Field::control_path);
    REQUIRE(belief != nullptr);
    CHECK(belief->value.starts_with("control modbus | opened by other | over modbus | with 198.51.100.8 | 100 bytes out"));
}

TEST_SUITE_END();

}  // namespace zones_test
