// Several devices that share an address, and hints that need a second witness.
#include <doctest/doctest.h>

#include <algorithm>

#include "identity/asset.h"
#include "vendordb/vendordb.h"

using namespace herkomst;

namespace several_test {

TEST_SUITE_BEGIN("several");

namespace {

const VendorDb& db() {
    static const Result<VendorDb> opened = VendorDb::open(HERKOMST_BINARY_DIR "/data/vendordb.sqlite");
    REQUIRE(opened.ok());
    return opened.value();
}

Endpoint at(SubPath path = {}) {
    Endpoint endpoint;
    endpoint.ip = *IpAddress::parse("10.0.0.9");
    endpoint.path = std::move(path);
    return endpoint;
}

Observation says(const Endpoint& subject, Field field, std::string value, std::string method,
                 Strength strength = Strength::Stated) {
    Observation observation;
    observation.subject = subject;
    observation.field = field;
    observation.value = std::move(value);
    observation.strength = strength;
    observation.method = std::move(method);
    observation.from = {"source", 1, 0, 4};
    observation.seen = {Time(std::chrono::seconds(1'700'000'000)), Time(std::chrono::seconds(1'700'000'000)), 1};
    return observation;
}

Observation seen_with(const char* mac) {
    Endpoint endpoint;
    endpoint.mac = *Mac::parse(mac);
    return says(endpoint, Field::address, "10.0.0.9", "ip", Strength::Hinted);
}

Identified identified(const std::vector<Observation>& rows) {
    return identify(rows, {}, db(), {false, *parse_rfc3339("2026-11-21T12:00:00Z")});
}

const Asset* asset_of(const Identified& all, const Endpoint& subject) {
    const auto found = all.asset_of.find(subject);
    if (found == all.asset_of.end()) return nullptr;
    const auto asset =
        std::find_if(all.assets.begin(), all.assets.end(), [&](const Asset& each) { return each.key == found->second; });
    return asset == all.assets.end() ? nullptr : &*asset;
}

std::vector<Observation> boot(const Endpoint& who, const char* brand, const char* model, const char* serial) {
    return {says(who, Field::brand, brand, "ocpp.boot.vendor"), says(who, Field::model, model, "ocpp.boot.model"),
            says(who, Field::serial, serial, "ocpp.boot.serial")};
}

std::vector<Observation> together(std::vector<Observation> a, const std::vector<Observation>& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

}  // namespace

TEST_CASE("the only charger behind an address is the device there, its meter a part of it") {
    std::vector<Observation> rows = boot(at({"ocpp/EC-1"}), "Example Chargers", "EC-22", "EC0001234");
    rows.push_back(says(at({"ocpp/EC-1", "ocpp/meter"}), Field::serial, "M4711", "ocpp.boot.meter-serial"));
    rows.push_back(says(at(), Field::software, "ExampleStack/1", "http.user-agent"));
    const Identified all = identified(rows);
    const Asset* charger = asset_of(all, at());
    REQUIRE(charger != nullptr);
    REQUIRE(asset_of(all, at({"ocpp/EC-1"})) == charger);
    REQUIRE(charger->belief(Field::serial) != nullptr);
    CHECK(charger->belief(Field::serial)->value == "EC0001234");
    const Asset* meter = asset_of(all, at({"ocpp/EC-1", "ocpp/meter"}));
    REQUIRE(meter != nullptr);
    CHECK(meter->parent == charger->key);
}

TEST_CASE("two chargers behind one address are two, and neither is the gateway") {
    const Identified all = identified(together(boot(at({"ocpp/EC-1"}), "Example Chargers", "EC-22", "EC0001234"),
                                               boot(at({"ocpp/OC-1"}), "Other Chargers", "OC-11", "OC0005678")));
    const Asset* one = asset_of(all, at({"ocpp/EC-1"}));
    const Asset* other = asset_of(all, at({"ocpp/OC-1"}));
    REQUIRE(one != nullptr);
    REQUIRE(other != nullptr);
    CHECK(one != other);
    CHECK(one->belief(Field::serial)->value == "EC0001234");
    CHECK(one->belief(Field::brand)->value == "Example Chargers");
    CHECK(other->belief(Field::model)->value == "OC-11");
    CHECK(one->parent == other->parent);
    CHECK(!one->parent.empty());
    const Asset* gateway = asset_of(all, at());
    REQUIRE(gateway != nullptr);
    CHECK(gateway->belief(Field::brand) == nullptr);
    CHECK(gateway->belief(Field::model) == nullptr);
}

TEST_CASE("where one protocol names two devices at one address, model and firmware are neither's") {
    std::vector<Observation> rows =
        together(boot(at(), "Example Chargers", "EC-22", "EC0001234"), boot(at(), "Other Chargers", "OC-11", "OC0005678"));
    rows.push_back(says(at(), Field::firmware, "1.0", "ocpp.boot.firmware"));
    const Identified all = identified(rows);
    const Asset* asset = asset_of(all, at());
    REQUIRE(asset != nullptr);
    for (const Field field : {Field::brand, Field::serial, Field::model}) {
        CAPTURE(name(field));
        REQUIRE(asset->belief(field) != nullptr);
        CHECK(asset->belief(field)->contested);
        CHECK(asset->belief(field)->value.empty());
        CHECK(asset->belief(field)->dissent.size() == 2);
    }
    CHECK(asset->belief(Field::firmware)->value == "1.0");
    // Two ways to name one device's model are no two devices.
    const Identified single =
        identified({says(at(), Field::model, "EC-22", "http.upnp.model-name"), says(at(), Field::model, "EC-22/B", "mdns.txt"),
                    says(at(), Field::serial, "EC0001234", "mdns.txt")});
    CHECK(!asset_of(single, at())->belief(Field::model)->contested);
}

TEST_CASE("a hinted brand is matched where the interface's number is the same vendor's, and stays a hint elsewhere") {
    const Observation hint = says(at(), Field::brand, "Siemens", "test.path", Strength::Hinted);
    const Identified agreed = identified({hint, seen_with("00:1b:1b:00:00:01")});
    const Asset* own = asset_of(agreed, at());
    REQUIRE(own != nullptr);
    REQUIRE(own->belief(Field::nic_maker) != nullptr);
    CHECK(own->belief(Field::maker)->vendor == "siemens");
    CHECK(own->belief(Field::maker)->strength == Strength::Matched);
    CHECK(own->belief(Field::brand)->strength == Strength::Matched);
    const Identified alone = identified({hint, seen_with("00:00:5e:00:53:01")});
    REQUIRE(asset_of(alone, at()) != nullptr);
    CHECK(asset_of(alone, at())->belief(Field::brand)->strength == Strength::Hinted);
    const Identified other =
        identified({says(at(), Field::brand, "Fronius", "test.path", Strength::Hinted), seen_with("00:1b:1b:00:00:01")});
    CHECK(asset_of(other, at())->belief(Field::brand)->strength == Strength::Hinted);
}

TEST_SUITE_END();

}  // namespace several_test
