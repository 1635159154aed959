// Programs that a device shows by whose servers it asks: only names that a source ties to one product, hinted, and not of what
// passes on what others send.
#include "identity/services.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "identity/software.h"
#include "vendordb/vendordb.h"

using namespace herkomst;

namespace services_test {

TEST_SUITE_BEGIN("services");

namespace {

const VendorDb& db() {
    static const Result<VendorDb> opened = VendorDb::open(HERKOMST_BINARY_DIR "/data/vendordb.sqlite");
    REQUIRE(opened.ok());
    return opened.value();
}

Observation says(const char* ip, Field field, const std::string& value, const char* method) {
    Observation observation;
    observation.subject.ip = *IpAddress::parse(ip);
    observation.field = field;
    observation.value = value;
    observation.strength = Strength::Stated;
    observation.method = method;
    observation.from = {"source", 1, 0, 4};
    observation.seen = {Time(std::chrono::seconds(1'700'000'000)), Time(std::chrono::seconds(1'700'000'000)), 1};
    return observation;
}

Conversation asks(const char* from, const char* name, std::uint64_t frame = 7) {
    Conversation row;
    row.a.ip = *IpAddress::parse(from);
    row.b.ip = *IpAddress::parse("203.0.113.9");
    row.b_name = name;
    row.b_name_from = {"source", frame, 60, 80};
    row.service = "tls";
    row.opened_by = "a";
    row.bytes_ab = row.bytes_ba = 100;
    row.seen = {Time(std::chrono::seconds(1'700'000'000)), Time(std::chrono::seconds(1'700'000'060)), 1};
    return row;
}

Identified identified(const std::vector<Observation>& rows, const std::vector<Conversation>& talks) {
    return identify(rows, talks, db(), {false, *parse_rfc3339("2026-11-21T12:00:00Z")});
}

std::vector<Asset> programs(const Identified& all) {
    std::vector<Asset> out;
    std::copy_if(all.assets.begin(), all.assets.end(), std::back_inserter(out),
                 [](const Asset& asset) { return asset.kind == "software"; });
    return out;
}

const Observation station = says("10.0.0.1", Field::hostname, "station-1", "test.says");

}  // namespace

TEST_CASE("a name that a source ties to a product shows a program, hinted, of a maker that is certain") {
    const Identified all =
        identified({station}, {asks("10.0.0.1", "cp.WDCP.microsoft.com", 9), asks("10.0.0.1", "wdcp.microsoft.com")});
    const std::vector<Asset> found = programs(all);
    REQUIRE(found.size() == 1);
    CHECK(found[0].parent == all.asset_of.at(station.subject));
    CHECK(found[0].belief(Field::product)->value == "Microsoft Defender Antivirus");
    CHECK(found[0].belief(Field::product)->strength == Strength::Hinted);
    CHECK(found[0].belief(Field::stack_maker)->vendor == "microsoft");
    CHECK(found[0].belief(Field::stack_maker)->strength == Strength::Matched);
    CHECK(found[0].belief(Field::category)->value == "antivirus");
    const Claim& claim = found[0].claims.front();
    CHECK(claim.method == "service:wdcp.microsoft.com");
    CHECK(claim.because.find("conversation with ") == 0);
    CHECK(claim.because.find("(verified: Microsoft, ") != std::string::npos);
    CHECK(claim.from.source == "source");
    // The device itself is not called after what runs on it.
    for (const Asset& asset : all.assets) {
        if (asset.kind == "device") CHECK(asset.belief(Field::maker) == nullptr);
    }
}

TEST_CASE("the particular name goes before the general one, and no other name is kept") {
    const std::vector<Asset> found = programs(
        identified({station}, {asks("10.0.0.1", "kv801.prod.do.dsp.mp.microsoft.com"), asks("10.0.0.1", "notwindowsupdate.com"),
                               asks("10.0.0.1", "www.microsoft.com"), asks("10.0.0.1", "s07.upd.kaspersky.com.")}));
    REQUIRE(found.size() == 2);
    std::vector<std::string> products;
    for (const Asset& one : found) products.push_back(one.belief(Field::product)->value);
    std::sort(products.begin(), products.end());
    CHECK(products == std::vector<std::string>{"Kaspersky protection software", "Windows Delivery Optimization"});
    const Identified all = identified({station}, {asks("10.0.0.1", "www.example.org"), asks("10.0.0.1", "api.snapcraft.io")});
    REQUIRE(all.conversations.size() == 2);
    CHECK(std::count_if(all.conversations.begin(), all.conversations.end(),
                        [](const Conversation& row) { return row.b_name == "api.snapcraft.io"; }) == 1);
    CHECK(std::none_of(all.conversations.begin(), all.conversations.end(),
                       [](const Conversation& row) { return row.b_name == "www.example.org"; }));
}

TEST_CASE("what a router or a firewall sends is others'") {
    for (const char* category : {"router", "firewall"}) {
        CHECK(programs(identified({says("10.0.0.1", Field::category, category, "test.says")},
                                  {asks("10.0.0.1", "fe3.delivery.mp.microsoft.com")}))
                  .empty());
    }
    CHECK(programs(identified({says("10.0.0.1", Field::category, "camera", "test.says")},
                              {asks("10.0.0.1", "fe3.delivery.mp.microsoft.com")}))
              .size() == 1);
}

TEST_CASE("a user agent is called what the fingerprint calls it") {
    const std::vector<Asset> found = programs(
        identified({says("10.0.0.1", Field::software, "ESS Update (Windows; U; 64bit; BPC 9.9.999.9)", "http.user-agent")},
                   {asks("10.0.0.1", "um03.eset.com")}));
    REQUIRE(found.size() == 1);
    CHECK(found[0].belief(Field::product)->value == "ESET protection software");
    CHECK(found[0].belief(Field::product)->strength == Strength::Matched);
    CHECK(found[0].belief(Field::stack_maker)->vendor == "eset");
}

TEST_CASE("a build of Windows is a version, and Windows alone then adds nothing") {
    const std::vector<Asset> found =
        programs(identified({says("10.0.0.1", Field::os, "Windows 10.0.17763", "ntlm.version"),
                             says("10.0.0.1", Field::vendor_class, "MSFT 5.0", "dhcp.vendor_class")},
                            {}));
    REQUIRE(found.size() == 1);
    CHECK(found[0].belief(Field::product)->value == "Windows 10 1809 or Server 2019");
    CHECK(found[0].belief(Field::category)->value == "operating_system");
    CHECK(programs(identified({says("10.0.0.1", Field::os, "Windows 10.0.17764", "ntlm.version")}, {})).empty());
}

TEST_SUITE_END();

}  // namespace services_test
