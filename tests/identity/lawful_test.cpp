// Parties that the site declared: whose word declares one, where it holds, and the paths that it makes.
#include "identity/lawful.h"

#include <doctest/doctest.h>

#include "../vendordb/data_folder.h"
#include "identity/asset.h"
#include "vendordb/vendordb.h"

using namespace herkomst;

namespace lawful_test {

TEST_SUITE_BEGIN("lawful");

namespace {

const VendorDb& db() {
    static const vendordb_test::DataFolder made("lawful");
    static const VendorDb opened = [] {
        const auto cloud = [](const char* range, const char* purpose) {
            return std::string(R"({"suffix":"rti.grid.example","operator":"grid","range":")") + range + R"(","purpose":")" +
                   purpose + R"(",)" + made.claim("unverified") + "}";
        };
        made.vendor("grid", R"("clouds":[)" + cloud("10.99.0.1", "grid operator: real-time interface") + "," +
                                cloud("198.51.100.0/28", "Grid operator") + "," +
                                cloud("192.0.2.9", "energy management of the site") + "," + cloud("203.0.113.0/28", "portal") +
                                R"(,{"suffix":"named.grid.example","operator":"grid","purpose":"grid operator",)" +
                                made.claim("unverified") + "}]");
        return made.open();
    }();
    return opened;
}

Endpoint at(const char* ip) {
    Endpoint endpoint;
    endpoint.ip = *IpAddress::parse(ip);
    return endpoint;
}

Observation said(const char* ip, Field field, const char* value, Strength strength = Strength::Stated) {
    Observation row;
    row.subject = at(ip);
    row.field = field;
    row.value = value;
    row.strength = strength;
    row.method = strength == Strength::Listed ? "csv.category" : "test.says";
    row.from = {"source", 1, 0, 4};
    row.seen = {Time(std::chrono::seconds(1'700'000'000)), Time(std::chrono::seconds(1'700'000'000)), 1};
    return row;
}

Conversation talk(const char* a, const char* b, const char* service = "iec104", const char* name = "") {
    Conversation row;
    row.a = at(a);
    row.b = at(b);
    row.service = service;
    row.b_name = name;
    row.opened_by = "a";
    row.bytes_ab = 100;
    row.bytes_ba = 40;
    row.seen = {Time(std::chrono::seconds(1'700'000'000)), Time(std::chrono::seconds(1'700'000'100)), 1};
    return row;
}

Identified site(std::vector<Observation> rows, const std::vector<Conversation>& talks) {
    rows.push_back(said("10.0.0.1", Field::brand, "Example"));
    return identify(rows, talks, db(), {});
}

const Asset& asset_at(const Identified& all, const char* ip) {
    for (const Asset& asset : all.assets) {
        if (asset.identifiers.ip.contains(ip)) return asset;
    }
    FAIL("no such asset");
    return all.assets.front();
}

Lawful declared(const std::vector<Observation>& rows) { return lawful_asset(asset_at(site(rows, {}), "10.0.0.9")); }

}  // namespace

TEST_CASE("whose word declares: a person, an inventory, and of energy management the system itself") {
    const auto says = [](const char* value, Strength strength) { return said("10.0.0.9", Field::category, value, strength); };
    CHECK(declared({says("grid_operator", Strength::Listed)}).party == "grid_operator");
    CHECK(declared({says("grid_operator", Strength::Listed)}).by == "inventory");
    CHECK(declared({says("ems", Strength::Listed)}).party == "energy_management");
    CHECK(declared({says("ems", Strength::Confirmed)}).by == "person");
    CHECK(declared({says("ems", Strength::Stated)}).by == "device");
    // What the device says of itself takes nothing from what the inventory says it is for.
    CHECK(declared({says("plc", Strength::Stated), says("ems", Strength::Listed)}).by == "inventory");
    for (const auto& rows : {std::vector{says("grid_operator", Strength::Stated)}, std::vector{says("ems", Strength::Hinted)},
                             std::vector{says("plc", Strength::Listed), says("ems", Strength::Stated)},
                             std::vector{says("plc", Strength::Listed), says("ems", Strength::Listed)},
                             std::vector{says("plc", Strength::Confirmed), says("ems", Strength::Listed)}}) {
        INFO(rows.front().value);
        CHECK_FALSE(declared(rows).declared());
    }
}

TEST_CASE("a range holds for its addresses and no others; no data of ours declares anybody") {
    CHECK(lawful_address(*IpAddress::parse("10.99.0.1"), db()).party == "grid_operator");
    CHECK(lawful_address(*IpAddress::parse("10.99.0.1"), db()).by == "overlay rti.grid.example (10.99.0.1)");
    CHECK(lawful_address(*IpAddress::parse("198.51.100.15"), db()).party == "grid_operator");
    CHECK(lawful_address(*IpAddress::parse("192.0.2.9"), db()).party == "energy_management");
    for (const char* other : {"10.99.0.2", "10.99.0.0", "198.51.100.16", "192.0.2.10", "203.0.113.1"})
        CHECK_FALSE(lawful_address(*IpAddress::parse(other), db()).declared());
    const Result<VendorDb> ours = VendorDb::open(HERKOMST_BINARY_DIR "/data/vendordb.sqlite");
    REQUIRE(ours.ok());
    std::size_t clouds = 0;
    for (const Vendor& vendor : ours.value().all()) {
        for (const Cloud& cloud : vendor.clouds) CHECK_MESSAGE(lawful_purpose(cloud.purpose).empty(), vendor.slug);
        clouds += vendor.clouds.size();
    }
    CHECK(clouds > 0);
}

TEST_CASE("a declared interface makes a control path, behind a private address too, and is nobody's cloud") {
    for (const char* interface : {"10.99.0.1", "198.51.100.3"}) {
        INFO(interface);
        const Identified all = site({}, {talk(interface, "10.0.0.1")});
        REQUIRE(all.paths.size() == 1);
        CHECK(all.paths[0].kind == "control");
        CHECK(all.paths[0].to == "rti.grid.example");
        CHECK(all.paths[0].party == "grid_operator");
        CHECK(all.paths[0].opened_by == "other");
        CHECK(all.paths[0].others == std::set<std::string>{interface});
        CHECK(asset_at(all, "10.0.0.1").belief(Field::cloud_operator) == nullptr);
    }
    // Beside the range: inside nothing is a path, outside it is one of nobody that is known.
    CHECK(site({}, {talk("10.99.0.2", "10.0.0.1")}).paths.empty());
    const Identified beside = site({}, {talk("198.51.100.16", "10.0.0.1")});
    REQUIRE(beside.paths.size() == 1);
    CHECK(beside.paths[0].party.empty());
    // Neighbours are no path.
    CHECK(site({}, {talk("10.99.0.1", "10.0.0.1", "arp")}).paths.empty());
    // A name that was asked for shows the path, and leaves the clouds of others as they are.
    const Identified named = site({}, {talk("10.0.0.1", "203.0.113.77", "tls", "named.grid.example")});
    REQUIRE(named.paths.size() == 1);
    CHECK(named.paths[0].party == "grid_operator");
    CHECK_FALSE(lawful_at(named, at("203.0.113.77"), db()).declared());
}

TEST_CASE("a row of an inventory makes the same path") {
    const std::vector<Observation> rows = {said("10.0.0.9", Field::category, "grid_operator", Strength::Listed)};
    for (const bool opens : {true, false}) {
        const Identified all = site(rows, {opens ? talk("10.0.0.9", "10.0.0.1") : talk("10.0.0.1", "10.0.0.9")});
        REQUIRE(all.paths.size() == 1);
        CHECK(all.paths[0].asset == asset_at(all, "10.0.0.1").key);
        CHECK(all.paths[0].kind == "control");
        CHECK(all.paths[0].party == "grid_operator");
        CHECK(all.paths[0].purpose == "grid operator, declared by inventory");
        CHECK(all.paths[0].opened_by == (opens ? "other" : "asset"));
    }
    // What cannot command is no control path, and energy management in the plant comes from nowhere outside.
    CHECK(site(rows, {talk("10.0.0.9", "10.0.0.1", "dns")}).paths.empty());
    CHECK(site({said("10.0.0.9", Field::category, "ems", Strength::Listed)}, {talk("10.0.0.9", "10.0.0.1")}).paths.empty());
}

TEST_CASE("who reads a meter and sets an inverter does what energy management does, and is not declared by that") {
    const std::vector<Observation> rows = {said("10.0.0.9", Field::hostname, "example"),
                                           said("10.0.0.2", Field::category, "energy_meter"),
                                           said("10.0.0.3", Field::category, "solar_inverter"),
                                           said("10.0.0.3", Field::remote_observed, "modbus write limit from 10.0.0.9")};
    const auto function = [&](const std::vector<Observation>& seen, const std::vector<Conversation>& talks) {
        const Identified all = site(seen, talks);
        const Belief* belief = asset_at(all, "10.0.0.9").belief(Field::function);
        return belief == nullptr ? std::string() : belief->value;
    };
    const std::vector<Conversation> talks = {talk("10.0.0.9", "10.0.0.2", "modbus"), talk("10.0.0.9", "10.0.0.3", "modbus")};
    CHECK(function(rows, talks) == "energy_management");
    CHECK_FALSE(lawful_asset(asset_at(site(rows, talks), "10.0.0.9")).declared());
    CHECK(function(rows, {talks[1]}).empty());                    // no meter read
    CHECK(function({rows[0], rows[1], rows[2]}, talks).empty());  // nothing set
}

TEST_SUITE_END();

}  // namespace lawful_test
