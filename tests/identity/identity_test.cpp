// What is one device, and what is believed about it: every rule of resolve and fuse, one by one.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>

#include "core/lines.h"
#include "identity/asset.h"
#include "identity/derive.h"
#include "identity/fuse.h"
#include "identity/resolve.h"
#include "vendordb/vendordb.h"

using namespace herkomst;

namespace identity_test {

TEST_SUITE_BEGIN("identity");

namespace {

const VendorDb& db() {
    static const Result<VendorDb> opened = VendorDb::open(HERKOMST_BINARY_DIR "/data/vendordb.sqlite");
    REQUIRE(opened.ok());
    return opened.value();
}

Endpoint mac(const char* text) {
    Endpoint endpoint;
    endpoint.mac = *Mac::parse(text);
    return endpoint;
}

Endpoint ip(const char* text, SubPath path = {}) {
    Endpoint endpoint;
    endpoint.ip = *IpAddress::parse(text);
    endpoint.path = std::move(path);
    return endpoint;
}

Observation says(const Endpoint& subject, Field field, const char* value, Strength strength = Strength::Stated,
                 const char* method = "test.says", int at = 1) {
    Observation observation;
    observation.subject = subject;
    observation.field = field;
    observation.value = value;
    observation.strength = strength;
    observation.method = method;
    observation.from = {"source", 1, 0, 4};
    observation.seen = {Time(std::chrono::seconds(1'700'000'000 + at)), Time(std::chrono::seconds(1'700'000'000 + at)), 1};
    return observation;
}

Observation seen_with(const char* mac_text, const char* ip_text) {
    return says(mac(mac_text), Field::address, ip_text, Strength::Hinted, "ip");
}
Observation arp(const char* mac_text, const char* ip_text) {
    return says(mac(mac_text), Field::address, ip_text, Strength::Stated, "arp.sender");
}

Identified identified(const std::vector<Observation>& rows, const std::vector<Conversation>& talks = {}) {
    return identify(rows, talks, db(), {false, *parse_rfc3339("2026-11-21T12:00:00Z")});
}

const Asset* asset_at(const Identified& all, const Endpoint& subject) {
    const auto found = all.asset_of.find(subject);
    if (found == all.asset_of.end()) return nullptr;
    for (const Asset& asset : all.assets) {
        if (asset.key == found->second) return &asset;
    }
    return nullptr;
}

std::string printed(const Identified& all) {
    std::string out;
    for (const Asset& asset : all.assets) out += write_json(to_json(asset)) + "\n";
    return out;
}

constexpr const char* a_mac = "00:1b:1b:00:00:01";
constexpr const char* b_mac = "00:1b:1b:00:00:02";

}  // namespace

TEST_CASE("an address seen with one MAC is that device's; claims about both are one asset") {
    const Identified all = identified(
        {seen_with(a_mac, "10.0.0.1"), says(ip("10.0.0.1"), Field::model, "M-1"), says(mac(a_mac), Field::hostname, "h")});
    REQUIRE(all.assets.size() == 1);
    CHECK(all.assets[0].identifiers.mac.size() == 1);
    CHECK(all.assets[0].identifiers.ip == std::set<std::string>{"10.0.0.1"});
    CHECK(all.assets[0].belief(Field::model)->value == "M-1");
}

TEST_CASE("an address that nobody claims anything about is still the device's") {
    const Identified all = identified({seen_with(a_mac, "10.0.0.1"), says(mac(a_mac), Field::hostname, "h")});
    REQUIRE(all.assets.size() == 1);
    CHECK(all.assets[0].identifiers.ip == std::set<std::string>{"10.0.0.1"});
}

TEST_CASE("a MAC that carries several unstated or public addresses is a router's and names only itself") {
    for (const auto& behind : {std::pair{"10.1.0.1", "10.2.0.1"}, std::pair{"203.0.113.5", "203.0.113.5"}}) {
        const Identified all =
            identified({seen_with(a_mac, behind.first), seen_with(a_mac, behind.second), arp(a_mac, "10.0.0.254"),
                        says(ip(behind.first), Field::serial, "SN-77001"), says(ip("10.0.0.254"), Field::hostname, "router")});
        const Asset* router = asset_at(all, mac(a_mac));
        REQUIRE(router != nullptr);
        CHECK(router == asset_at(all, ip("10.0.0.254")));
        const Asset* other = asset_at(all, ip(behind.first));
        REQUIRE(other != nullptr);
        CHECK(other != router);
        CHECK(other->belief(Field::nic_maker) == nullptr);
    }
}

TEST_CASE("a router that passes on a single host, and never says ARP, is not that host") {
    const auto routed = [](const char* mac_text, const char* ip_text) {
        return says(mac(mac_text), Field::address, ip_text, Strength::Hinted, "ip.routed");
    };
    const Observation serial = says(ip("10.1.0.1"), Field::serial, "SN-77001");
    const Observation name = says(mac(a_mac), Field::hostname, "router");
    const Identified apart = identified({routed(a_mac, "10.1.0.1"), serial, name});
    REQUIRE(asset_at(apart, ip("10.1.0.1")) != nullptr);
    CHECK(asset_at(apart, ip("10.1.0.1")) != asset_at(apart, mac(a_mac)));
    CHECK(asset_at(apart, ip("10.1.0.1"))->belief(Field::nic_maker) == nullptr);
    CHECK(asset_at(apart, mac(a_mac))->identifiers.ip.empty());
    // Whoever else is seen with that MAC may be behind it too.
    const Identified both = identified({routed(a_mac, "10.1.0.1"), seen_with(a_mac, "10.1.0.2"), serial, name});
    CHECK(asset_at(both, ip("10.1.0.1")) != asset_at(both, mac(a_mac)));
    // Its word, or a packet as the sender sent it, is stronger than a count.
    for (const Observation& stronger : {arp(a_mac, "10.1.0.1"), seen_with(a_mac, "10.1.0.1")}) {
        const Identified one = identified({routed(a_mac, "10.1.0.1"), stronger, serial, name});
        CHECK(asset_at(one, ip("10.1.0.1")) == asset_at(one, mac(a_mac)));
    }
}

TEST_CASE("DHCP reuse: one address, two MACs, does not merge two devices") {
    const Identified all = identified({seen_with(a_mac, "10.0.0.1"), seen_with(b_mac, "10.0.0.1"),
                                       says(mac(a_mac), Field::hostname, "a"), says(mac(b_mac), Field::hostname, "b")});
    CHECK(asset_at(all, mac(a_mac)) != asset_at(all, mac(b_mac)));
}

TEST_CASE("a statement beats a sighting; many statements at one MAC are a proxy's") {
    const Identified one = identified({arp(a_mac, "10.0.0.1"), seen_with(b_mac, "10.0.0.1"),
                                       says(ip("10.0.0.1"), Field::model, "M"), says(mac(b_mac), Field::hostname, "b")});
    CHECK(asset_at(one, ip("10.0.0.1")) == asset_at(one, mac(a_mac)));
    std::vector<Observation> rows;
    for (const char* each : {"10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5"}) {
        rows.push_back(arp(a_mac, each));
        rows.push_back(says(ip(each), Field::model, each));
    }
    CHECK(identified(rows).assets.size() == 6);
}

TEST_CASE("group and virtual-router MACs stand for nobody") {
    for (const char* each : {"01:00:5e:00:00:01", "ff:ff:ff:ff:ff:ff", "00:00:5e:00:01:0a", "00:00:0c:07:ac:01"}) {
        CHECK(stands_for_nobody(*Mac::parse(each)));
    }
    const Identified all = identified({seen_with("00:00:5e:00:01:0a", "10.0.0.1"), says(ip("10.0.0.1"), Field::model, "M")});
    REQUIRE(all.assets.size() == 1);
    CHECK(all.assets[0].identifiers.mac.empty());
}

TEST_CASE("an OUI names the maker of the interface only; a module maker's never the device") {
    const Identified all =
        identified({seen_with("24:0a:c4:00:00:01", "10.0.0.1"), says(mac("24:0a:c4:00:00:01"), Field::hostname, "thing")});
    REQUIRE(all.assets.size() == 1);
    const Asset& asset = all.assets[0];
    CHECK(asset.belief(Field::nic_maker)->strength == Strength::Hinted);
    CHECK(asset.belief(Field::module_maker) != nullptr);
    CHECK(asset.belief(Field::maker) == nullptr);
    CHECK(asset.belief(Field::brand) == nullptr);
    const Identified serial_bus = identified({says(mac("00:00:00:00:00:05"), Field::device_instance, "5")});
    CHECK(serial_bus.assets.at(0).belief(Field::nic_maker) == nullptr);
    CHECK(serial_bus.assets.at(0).strong.empty());
    const Identified made_up = identified({says(mac("02:0a:c4:00:00:01"), Field::hostname, "thing")});
    CHECK(made_up.assets.at(0).belief(Field::nic_maker) == nullptr);
}

TEST_CASE("a brand that vendordb knows gives a maker; one that it does not know is listed, never guessed") {
    const Identified all =
        identified({says(ip("10.0.0.1"), Field::brand, "Siemens"), says(ip("10.0.0.2"), Field::brand, "Onbekende Fabriek")});
    CHECK(asset_at(all, ip("10.0.0.1"))->belief(Field::maker)->vendor == "siemens");
    CHECK(asset_at(all, ip("10.0.0.2"))->belief(Field::maker) == nullptr);
    CHECK(asset_at(all, ip("10.0.0.2"))->belief(Field::brand)->value == "Onbekende Fabriek");
    CHECK(all.unknown_vendors == std::vector<std::string>{"Onbekende Fabriek"});
}

TEST_CASE(
    "a Modbus server id that begins with a vendor's name is that vendor's: a library's of the stack, a maker's of the device") {
    const auto told = [](const char* text, const char* method = "modbus.report_server_id") {
        return identified({says(ip("10.0.0.1"), Field::description, text, Strength::Stated, method)});
    };
    const auto belief = [](const Identified& all, Field field) { return asset_at(all, ip("10.0.0.1"))->belief(field); };
    const Identified library = told("Wingpath Limited");
    REQUIRE(belief(library, Field::stack_maker) != nullptr);
    CHECK(belief(library, Field::stack_maker)->vendor == "wingpath");
    CHECK(belief(library, Field::stack_maker)->strength == Strength::Matched);
    CHECK(belief(library, Field::maker) == nullptr);
    CHECK(belief(library, Field::brand) == nullptr);
    CHECK(belief(told("Wingpath Limited ModTest 2.1"), Field::stack_maker)->vendor == "wingpath");
    const Identified device = told("Schneider Electric PM5560");
    CHECK(belief(device, Field::maker)->vendor == "schneider");
    CHECK(belief(device, Field::maker)->strength == Strength::Matched);
    // One word that begins a longer text may be anything; a name within a text says nothing; nor does another method's text.
    CHECK(belief(told("Ring main unit 4"), Field::maker) == nullptr);
    CHECK(belief(told("Gateway for Schneider Electric"), Field::maker) == nullptr);
    CHECK(belief(told("Schneider Electricity"), Field::maker) == nullptr);
    CHECK(belief(told("Schneider Electric PM5560", "test.says"), Field::maker) == nullptr);
    CHECK(library.unknown_vendors.empty());
}

TEST_CASE(
    "two equally strong makers without a relation leave the belief contested and blank; a stronger one wins, with dissent") {
    const Identified even = identified({says(ip("10.0.0.1"), Field::brand, "Siemens", Strength::Stated, "a"),
                                        says(ip("10.0.0.1"), Field::brand, "Rockwell Automation", Strength::Stated, "b"),
                                        says(ip("10.0.0.1"), Field::brand, "Siemens", Strength::Stated, "c")});
    const Belief& maker = *even.assets.at(0).belief(Field::maker);
    CHECK(maker.contested);
    CHECK(maker.value.empty());
    CHECK(maker.vendor.empty());
    CHECK(maker.dissent.size() == 2);
    const Identified uneven =
        identified({says(ip("10.0.0.1"), Field::brand, "Siemens"),
                    says(ip("10.0.0.1"), Field::brand, "Rockwell Automation", Strength::Listed, "csv.brand")});
    CHECK(uneven.assets.at(0).belief(Field::maker)->vendor == "siemens");
    CHECK(uneven.assets.at(0).belief(Field::maker)->dissent.size() == 1);
}

TEST_CASE("who passes on what other BACnet devices say gets none of their makers") {
    const auto i_am = [](const Endpoint& subject, const char* vendor) {
        return says(subject, Field::vendor_id, vendor, Strength::Stated, "bacnet.i_am");
    };
    const std::vector<Observation> passed_on = {arp(a_mac, "192.0.2.24"), i_am(ip("192.0.2.24", {"bacnet/4:86"}), "bacnet:86"),
                                                i_am(ip("192.0.2.24", {"bacnet/26001:114"}), "bacnet:5"),
                                                i_am(ip("192.0.2.18"), "bacnet:18")};
    const Identified router = identified(passed_on);
    CHECK(asset_at(router, ip("192.0.2.24"))->belief(Field::maker) == nullptr);
    CHECK(asset_at(router, ip("192.0.2.24", {"bacnet/4:86"}))->belief(Field::maker)->vendor == db().id("bacnet:86")->vendor);
    CHECK(asset_at(router, ip("192.0.2.24", {"bacnet/4:86"}))->parent == asset_at(router, ip("192.0.2.24"))->key);
    // What it says of itself is its own.
    std::vector<Observation> and_itself = passed_on;
    and_itself.push_back(i_am(ip("192.0.2.24"), "bacnet:24"));
    const Identified speaks = identified(and_itself);
    CHECK_FALSE(asset_at(speaks, ip("192.0.2.24"))->belief(Field::maker)->contested);
    CHECK(asset_at(speaks, ip("192.0.2.24"))->belief(Field::maker)->methods == std::vector<std::string>{"id:bacnet:24"});
    CHECK(asset_at(speaks, ip("192.0.2.18"))->belief(Field::maker)->methods == std::vector<std::string>{"id:bacnet:18"});
}

TEST_CASE("fusion: strength, then independent methods, then recency; impossible times never win") {
    const Endpoint who = ip("10.0.0.1");
    const auto winner = [&](const std::vector<Observation>& rows) {
        return identified(rows).assets.at(0).belief(Field::firmware)->value;
    };
    CHECK(winner({says(who, Field::firmware, "old", Strength::Stated, "m", 1),
                  says(who, Field::firmware, "new", Strength::Stated, "m", 9)}) == "new");
    CHECK(winner({says(who, Field::firmware, "two", Strength::Stated, "m", 1),
                  says(who, Field::firmware, "two", Strength::Stated, "n", 1),
                  says(who, Field::firmware, "late", Strength::Stated, "m", 9)}) == "two");
    CHECK(winner({says(who, Field::firmware, "said", Strength::Stated, "m", 1),
                  says(who, Field::firmware, "matched", Strength::Matched, "m", 9),
                  says(who, Field::firmware, "matched", Strength::Matched, "n", 9)}) == "said");
    Observation future = says(who, Field::firmware, "future", Strength::Stated, "m");
    future.seen.first = future.seen.last = *parse_rfc3339("2031-01-01T00:00:00Z");
    CHECK(winner({future, says(who, Field::firmware, "now", Strength::Stated, "m", 1)}) == "now");
}

TEST_CASE("frames that EtherCAT slaves send back are their master's") {
    const auto rows = [](const char* sent, const char* returned) {
        return std::vector<Observation>{says(mac(sent), Field::service, "ethernet/0x88a4", Strength::Hinted, "ethernet"),
                                        says(mac(returned), Field::service, "ethernet/0x88a4", Strength::Hinted, "ethernet")};
    };
    CHECK(identified(rows("00:00:5e:00:53:01", "02:00:5e:00:53:01")).assets.size() == 1);
    CHECK(identified(rows("00:00:5e:00:53:01", "02:00:5e:00:53:02")).assets.size() == 2);
}

TEST_CASE("the only Modbus unit is the host; of several each is a part; a unit with the host's serial is the host") {
    const Identified one = identified({says(ip("10.0.0.1", {"modbus/502/1"}), Field::serial, "SN-100001")});
    REQUIRE(one.assets.size() == 1);
    CHECK(one.assets[0].kind == "device");
    const Identified two = identified({says(ip("10.0.0.1", {"modbus/502/1"}), Field::serial, "SN-100001"),
                                       says(ip("10.0.0.1", {"modbus/502/2"}), Field::serial, "SN-100002")});
    CHECK(two.assets.size() == 3);
    const Asset* part = asset_at(two, ip("10.0.0.1", {"modbus/502/2"}));
    REQUIRE(part != nullptr);
    CHECK(part->kind == "part");
    CHECK(part->parent == asset_at(two, ip("10.0.0.1"))->key);
    CHECK(part->identifiers.ip.empty());
    CHECK(part->identifiers.path == std::set<std::string>{"modbus/502/2"});
    const Identified own = identified({says(ip("10.0.0.1"), Field::serial, "SN-100001"),
                                       says(ip("10.0.0.1", {"modbus/502/1"}), Field::serial, "SN-100001"),
                                       says(ip("10.0.0.1", {"modbus/502/2"}), Field::serial, "SN-100002")});
    CHECK(asset_at(own, ip("10.0.0.1", {"modbus/502/1"})) == asset_at(own, ip("10.0.0.1")));
    // The only DNP3 outstation is the host too, beside a Modbus unit; of two, each is a part.
    const Identified outstation = identified({says(ip("10.0.0.1", {"dnp3/20000/10"}), Field::serial, "SN-100003"),
                                              says(ip("10.0.0.1", {"modbus/502/1"}), Field::model, "EX-1")});
    CHECK(asset_at(outstation, ip("10.0.0.1", {"dnp3/20000/10"})) == asset_at(outstation, ip("10.0.0.1", {"modbus/502/1"})));
    const Identified gateway = identified({says(ip("10.0.0.1", {"dnp3/20000/10"}), Field::serial, "SN-100003"),
                                           says(ip("10.0.0.1", {"dnp3/20000/11"}), Field::serial, "SN-100004")});
    CHECK(asset_at(gateway, ip("10.0.0.1", {"dnp3/20000/10"})) != asset_at(gateway, ip("10.0.0.1", {"dnp3/20000/11"})));
    CHECK(asset_at(gateway, ip("10.0.0.1", {"dnp3/20000/10"}))->kind == "part");
    // So is the only station that IEC 60870-5-104 shows.
    const Observation command =
        says(ip("10.0.0.1", {"iec104/2404/7"}), Field::remote_observed, "iec104 C_SC_NA_1 from 10.0.0.9");
    const Identified station = identified({command});
    REQUIRE(station.assets.size() == 1);
    CHECK(station.assets[0].kind == "device");
    const Identified stations =
        identified({command, says(ip("10.0.0.1", {"iec104/2404/9"}), Field::role, "iec104 controlled station")});
    REQUIRE(asset_at(stations, ip("10.0.0.1", {"iec104/2404/7"})) != nullptr);
    CHECK(asset_at(stations, ip("10.0.0.1", {"iec104/2404/7"}))->kind == "part");
    CHECK(asset_at(stations, ip("10.0.0.1"))->belief(Field::remote_observed) == nullptr);
}

TEST_CASE("one device with two addresses: the same serial of the same maker; fillers identify nothing") {
    const auto pair = [](const char* serial, const char* second_brand) {
        return identified({says(ip("10.0.0.1"), Field::brand, "Siemens"), says(ip("10.0.0.1"), Field::serial, serial),
                           says(ip("10.0.0.2"), Field::brand, second_brand), says(ip("10.0.0.2"), Field::serial, serial)})
            .assets.size();
    };
    CHECK(pair("S C-X4U4218302", "Siemens") == 1);
    CHECK(pair("S C-X4U4218302", "Rockwell Automation") == 2);
    CHECK(pair("00000000", "Siemens") == 2);
    CHECK(pair("12345678", "Siemens") == 2);
}

TEST_CASE("an inventory row joins the device at its address; without an address it stands by itself") {
    Endpoint row = ip("10.0.0.1");
    row.mac = *Mac::parse(a_mac);
    Endpoint elsewhere;
    elsewhere.path = {"listed/SN-999"};
    const Identified all = identified({seen_with(a_mac, "10.0.0.1"), says(ip("10.0.0.1"), Field::model, "M", Strength::Stated),
                                       says(row, Field::model, "N", Strength::Listed, "csv.model"),
                                       says(elsewhere, Field::serial, "SN-999", Strength::Listed)});
    CHECK(all.assets.size() == 2);
    CHECK(asset_at(all, ip("10.0.0.1"))->belief(Field::model)->value == "M");
    CHECK(asset_at(all, ip("10.0.0.1"))->belief(Field::model)->dissent == std::vector<std::string>{"N"});
}

TEST_CASE("an inventory row without an address is the part that has its serial and maker") {
    Endpoint row;
    row.path = {"listed/SN-200002"};
    const auto count = [&](const char* brand) {
        return identified({says(ip("10.0.0.1", {"modbus/502/1"}), Field::serial, "SN-200001"),
                           says(ip("10.0.0.1", {"modbus/502/2"}), Field::serial, "SN-200002"),
                           says(ip("10.0.0.1", {"modbus/502/2"}), Field::brand, "Fronius"),
                           says(row, Field::serial, "SN-200002", Strength::Listed),
                           says(row, Field::brand, brand, Strength::Listed)})
            .assets.size();
    };
    CHECK(count("Fronius") == 3);
    CHECK(count("Siemens") == 4);
}

TEST_CASE("public addresses are assets only when they speak a device protocol or name themselves") {
    const Identified web =
        identified({says(ip("203.0.113.9"), Field::software, "httpd"), says(ip("203.0.113.9"), Field::service, "http/tcp/80")});
    CHECK(web.assets.empty());
    const Identified plant = identified({says(ip("203.0.113.9"), Field::service, "modbus/tcp/502")});
    CHECK(plant.assets.size() == 1);
    CHECK(plant.assets.at(0).kind == "device");
    const Identified backend = identified({says(ip("203.0.113.9"), Field::service, "ocpp/tcp/443")});
    CHECK(backend.assets.at(0).kind == "service");
    const Identified charger = identified({says(ip("10.0.0.9"), Field::service, "ocpp/tcp/443")});
    CHECK(charger.assets.at(0).kind == "device");
}

TEST_CASE("phones with a made-up MAC are counted, not inventoried, unless asked; a made-up MAC alone is no reason") {
    const std::vector<Observation> phone = {says(mac("da:a1:19:00:00:01"), Field::vendor_class, "android-dhcp-14")};
    CHECK(identified(phone).assets.empty());
    CHECK(identified(phone).people_devices == 1);
    CHECK(identify(phone, {}, db(), {true, {}}).assets.size() == 1);
    CHECK(identified({says(mac("da:a1:19:00:00:01"), Field::vendor_class, "udhcp 1.36")}).assets.size() == 1);
}

TEST_CASE("a cloud that vendordb knows becomes the operator; other names that were asked for are not kept") {
    Conversation talk;
    talk.a = ip("10.0.0.1");
    talk.b = ip("203.0.113.9");
    talk.service = "tls";
    talk.b_name = "gateway.isolarcloud.eu";
    Conversation other = talk;
    other.b_name = "private.example";
    const Identified all = identified({says(ip("10.0.0.1"), Field::model, "M")}, {talk, other});
    CHECK(all.assets.at(0).belief(Field::cloud_operator)->vendor == "sungrow");
    CHECK(all.conversations.at(0).b_name == "gateway.isolarcloud.eu");
    CHECK(all.conversations.at(1).b_name.empty());
}

TEST_CASE("any order of observations gives the same assets, byte for byte") {
    std::vector<Observation> rows = {seen_with(a_mac, "10.0.0.1"),
                                     arp(b_mac, "10.0.0.2"),
                                     says(ip("10.0.0.1"), Field::brand, "Siemens"),
                                     says(ip("10.0.0.1"), Field::serial, "SN-55501"),
                                     says(ip("10.0.0.3"), Field::brand, "Siemens"),
                                     says(ip("10.0.0.3"), Field::serial, "SN-55501"),
                                     says(ip("10.0.0.2", {"modbus/502/1"}), Field::serial, "SN-100001"),
                                     says(ip("10.0.0.2", {"modbus/502/2"}), Field::serial, "SN-100002"),
                                     says(ip("10.0.0.2"), Field::brand, "Rockwell Automation", Strength::Matched),
                                     says(mac(b_mac), Field::hostname, "b")};
    const std::string once = printed(identified(rows));
    std::mt19937 random(9);
    for (int i = 0; i < 50; ++i) {
        std::shuffle(rows.begin(), rows.end(), random);
        CHECK(printed(identified(rows)) == once);
    }
}

// What a text becomes depends on who said it, and in which field: one row per kind of evidence.
TEST_CASE("a text is tried as the evidence that its method and field say it is") {
    struct Row {
        Field field;
        const char* method;
        const char* value;
        Field claimed;
        const char* expected;
    };
    const Row rows[] = {
        {Field::software, "http.server", "Hikvision-Webs", Field::brand, "Hikvision"},
        {Field::software, "ssdp.server", "Linux UPnP/1.0 Huawei-ATP-IGD", Field::brand, "Huawei"},
        {Field::software, "http.user-agent", "ESP32 HTTP Client/1.0", Field::module_maker, "Espressif"},
        {Field::realm, "http.realm", "Shelly", Field::brand, "Shelly"},
        {Field::banner, "http.title", "NPort Web Console", Field::product, "NPort"},
        {Field::service, "ssdp.type", "urn:schemas-upnp-org:device:ZonePlayer:1", Field::brand, "Sonos"},
        {Field::model, "http.upnp.model-name", "Philips hue bridge 2015", Field::brand, "Philips Hue"},
        {Field::software, "rtsp.server", "HIP2.5", Field::category, "intercom"},
        {Field::software, "sip.user_agent", "FRITZ!OS", Field::os, "FRITZ!OS"},
        {Field::software, "sip.server", "Eltex ESR-12V", Field::model, "ESR-12V"},
        {Field::banner, "ftp.greeting", "220 FANUC FTP server ready.", Field::brand, "FANUC"},
        {Field::banner, "ftp.greeting", "Paint shop | FANUC FTP server ready. | Ask Jan", Field::brand, "FANUC"},
        {Field::banner, "telnet.banner", "Model name       : MGate MB3180", Field::model, "MB3180"},
        {Field::hostname, "telnet.prompt", "EDR-G903", Field::model, "EDR-G903"},
        {Field::banner, "smtp.greeting", "220 mail.example AsyncOS", Field::brand, "Cisco"},
        {Field::software, "ntp.variables", "system=\"JUNOS7.0R2.7\"", Field::os, "Junos"},
        {Field::certificate, "tls.certificate", "C=US, O=Fortinet, OU=FortiGate, CN=FG1 / C=US, O=Fortinet, CN=CA",
         Field::product, "FortiGate"},
        {Field::description, "snmp.sys_descr", "APC Switched Rack PDU", Field::category, "pdu"},
        {Field::description, "lldp.system_description", "EDS-510E", Field::model, "EDS-510E"},
        {Field::device_type, "snmp.sys_object_id", "1.3.6.1.4.1.15004.2.2", Field::product, "RUGGEDCOM"},
        {Field::vendor_class, "dhcp.vendor_class", "eWON", Field::category, "remote_access"},
        {Field::hostname, "dhcp.hostname", "PBLR-0000001", Field::brand, "Peblar"},
        {Field::hostname, "mdns.service_host", "axis-00005e005301.local", Field::brand, "Axis Communications"},
        {Field::service, "mdns.service", "_hwenergy._tcp.local", Field::brand, "HomeWizard"},
        {Field::model, "mdns.txt", "SNPL-00112EU", Field::category, "smart_plug"},
        {Field::client_id, "mqtt.connect", "DVES_005301", Field::software, "Tasmota"},
        {Field::product, "modbus.umas.identity", "BME P58 2040", Field::product, "Modicon M580"},
        {Field::product, "ethernet_ip.identity", "2080-LC50-48QWBS", Field::category, "plc"},
        {Field::model, "s7comm.order_number", "6GK5 788-1AA60-2AA0", Field::category, "wifi_ap"},
        {Field::model, "profinet_io.im0", "6GK5 788-1AA60-2AA0", Field::category, "wifi_ap"},
        {Field::model, "cdp.platform", "cisco AIR-CAP2702I-E-K9", Field::category, "wifi_ap"},
        {Field::product, "s7comm.module_type", "CPU 1214C DC/DC/DC", Field::product, "SIMATIC S7-1200"},
        {Field::product, "profinet.type_of_station", "S7-1500", Field::brand, "Siemens"},
        {Field::application_uri, "tls.san.uri", "urn:SIMATIC.S7-1500.OPC-UA.Application:PLC_1", Field::hostname, "PLC_1"},
        {Field::product, "opcua.product_uri", "http://open62541.org", Field::stack_maker, "open62541"},
        {Field::model, "bacnet.model_name", "DXR2.E18-101A", Field::product, "Desigo"},
        {Field::model, "ocpp.boot.model", "CDT_TACW22::NET_WIFI", Field::product, "Terra AC"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.method);
        CAPTURE(row.value);
        std::set<std::string> unknown;
        const std::vector<Claim> claims =
            derive(says(ip("192.0.2.1"), row.field, row.value, Strength::Stated, row.method), db(), unknown);
        const auto found = std::find_if(claims.begin(), claims.end(), [&](const Claim& claim) {
            return claim.field == row.claimed && claim.method.starts_with("fingerprint:");
        });
        REQUIRE(found != claims.end());
        CHECK(found->value == row.expected);
        // A host's name is whatever somebody gave it.
        CHECK(found->strength == (row.field == Field::hostname && !std::string_view(row.method).starts_with("telnet.")
                                      ? Strength::Hinted
                                      : Strength::Matched));
        CHECK(unknown.empty());
    }
    // The meter inside a charger is no charger, and who asked for a page does not serve it.
    CHECK(evidence_kinds(Field::model, "ocpp.boot.meter-type").empty());
    CHECK(evidence_kinds(Field::software, "http.user-agent") == std::vector<std::string_view>{"http.user_agent"});
    CHECK(evidence_kinds(Field::software, "http.server") == std::vector<std::string_view>{"http.server", "ssdp.server"});
}

TEST_SUITE_END();

}  // namespace identity_test
