// Programs as assets: only what a fingerprint names, bounded, with the device as parent.
#include "identity/software.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "vendordb/vendordb.h"

using namespace herkomst;

namespace software_test {

TEST_SUITE_BEGIN("software");

namespace {

const VendorDb& db() {
    static const Result<VendorDb> opened = VendorDb::open(HERKOMST_BINARY_DIR "/data/vendordb.sqlite");
    REQUIRE(opened.ok());
    return opened.value();
}

Observation says(Field field, const std::string& value, const char* method) {
    Observation observation;
    observation.subject.ip = *IpAddress::parse("10.0.0.1");
    observation.field = field;
    observation.value = value;
    observation.strength = Strength::Stated;
    observation.method = method;
    observation.from = {"source", 1, 0, 4};
    observation.seen = {Time(std::chrono::seconds(1'700'000'000)), Time(std::chrono::seconds(1'700'000'000)), 1};
    return observation;
}

std::vector<Asset> programs(const std::vector<Observation>& rows) {
    std::vector<Asset> out;
    for (const Asset& asset : identify(rows, {}, db(), {false, *parse_rfc3339("2026-11-21T12:00:00Z")}).assets) {
        if (asset.kind == "software") out.push_back(asset);
    }
    return out;
}

}  // namespace

TEST_CASE("what a Server header names is a program of the device") {
    const std::vector<Observation> rows = {says(Field::software, "nginx/1.22.1", "http.server"),
                                           says(Field::software, "nginx/1.24.0", "http.server"),
                                           says(Field::software, "SSH-2.0-dropbear_2022.83", "ssh.banner")};
    const Identified all = identify(rows, {}, db(), {false, *parse_rfc3339("2026-11-21T12:00:00Z")});
    const std::vector<Asset> found = programs(rows);
    const auto named = [&](const char* slug) {
        return std::find_if(found.begin(), found.end(),
                            [&](const Asset& asset) { return asset.belief(Field::stack_maker)->vendor == slug; });
    };
    REQUIRE(named("nginx") != found.end());
    const Asset& nginx = *named("nginx");
    CHECK(nginx.parent == all.asset_of.at(rows[0].subject));
    CHECK(nginx.belief(Field::product)->value.starts_with("nginx/1.2"));
    CHECK(nginx.belief(Field::product)->strength == Strength::Matched);
    CHECK(nginx.belief(Field::category)->value == "network_stack");
    CHECK(nginx.identifiers == Identifiers{});
    CHECK(keys_by_place(nginx).empty());
    // Two versions of one program are one program.
    CHECK(std::count_if(found.begin(), found.end(),
                        [](const Asset& asset) { return asset.belief(Field::stack_maker)->vendor == "nginx"; }) == 1);
    std::vector<Observation> backwards(rows.rbegin(), rows.rend());
    const std::vector<Asset> again = programs(backwards);
    REQUIRE(again.size() == found.size());
    for (std::size_t i = 0; i < found.size(); ++i) CHECK(to_json(again[i]) == to_json(found[i]));
}

TEST_CASE("of a vendor class the operating system that it stands for is taken") {
    const std::vector<Asset> found =
        programs({says(Field::vendor_class, "MSFT 5.0", "dhcp.vendor_class"), says(Field::service, "modbus/tcp/502", "flow")});
    REQUIRE(found.size() == 1);
    CHECK(found[0].belief(Field::stack_maker)->vendor == "microsoft");
    CHECK(found[0].belief(Field::product)->value == "Windows");
}

TEST_CASE("one system told in two protocols is one program") {
    const char* text = "Cisco IOS Software, EXAMPLE Software (EXAMPLE-UNIVERSALK9-M), Version 15.2(7)E, RELEASE SOFTWARE (fc1)";
    const std::vector<Asset> found =
        programs({says(Field::software, text, "cdp.software"), says(Field::description, text, "lldp.system_description")});
    REQUIRE(found.size() == 1);
    CHECK(found[0].belief(Field::product)->value == "IOS");
}

TEST_CASE("no program where nobody is named, or where it is not a text of a program") {
    CHECK(programs({says(Field::software, "ExampleOS/1.0", "http.server")}).empty());
    CHECK(programs({says(Field::model, "BACnet Stack", "bacnet.model"), says(Field::vendor_id, "bacnet:260", "bacnet.i_am")})
              .empty());
}

TEST_CASE("at most so many per device") {
    Asset device;
    device.key = "device";
    device.kind = "device";
    for (int i = 0; i < 40; ++i) {
        Claim claim;
        claim.field = Field::stack_maker;
        claim.vendor = "nginx";
        claim.value = "nginx";
        claim.strength = Strength::Matched;
        claim.method = "fingerprint:example";
        claim.because = "software=" + std::string(1, static_cast<char>('a' + i % 26)) + (i < 26 ? "x" : "y") + "/1";
        device.claims.push_back(claim);
    }
    CHECK(software_of({device}, {}, db(), Time{}).size() == software_per_device);
}

TEST_SUITE_END();

}  // namespace software_test
