// Inventory rows that mean one device: the same serial number of the same maker at two addresses.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>

#include "identity/asset.h"
#include "identity/resolve.h"
#include "vendordb/vendordb.h"

using namespace herkomst;

namespace listed_test {

TEST_SUITE_BEGIN("identity.listed");

namespace {

const VendorDb& db() {
    static const Result<VendorDb> opened = VendorDb::open(HERKOMST_BINARY_DIR "/data/vendordb.sqlite");
    REQUIRE(opened.ok());
    return opened.value();
}

class Site {
  public:
    Site& says(const Endpoint& subject, Field field, const std::string& value, Strength strength, const char* method) {
        Observation one;
        one.subject = subject;
        one.field = field;
        one.value = value;
        one.strength = strength;
        one.method = method;
        one.from = {strength == Strength::Listed ? list_ : "00000000000000aa", rows_.size() + 1, 0, 0};
        one.seen = {Time(std::chrono::seconds(1'700'000'000)), Time(std::chrono::seconds(1'700'000'060)), 1};
        rows_.push_back(one);
        return *this;
    }
    // The rows that follow are of another inventory.
    Site& in_list(const char* id) {
        list_ = id;
        return *this;
    }
    // A row of an inventory; without an address it goes by its serial number.
    Site& row(const std::string& address, const std::string& maker, const std::string& serial, const std::string& model = "") {
        Endpoint subject;
        if (address.empty()) {
            subject.path = {"listed/" + serial};
        } else {
            subject.ip = *IpAddress::parse(address);
        }
        if (!maker.empty()) says(subject, Field::brand, maker, Strength::Listed, "csv.brand");
        if (!serial.empty()) says(subject, Field::serial, serial, Strength::Listed, "csv.serial");
        if (!model.empty()) says(subject, Field::model, model, Strength::Listed, "csv.model");
        return *this;
    }
    Site& heard(const std::string& address, Field field, const std::string& value, const std::string& unit = "") {
        Endpoint subject;
        subject.ip = *IpAddress::parse(address);
        if (!unit.empty()) subject.path = {"modbus/502/" + unit};
        return says(subject, field, value, Strength::Stated, "modbus.device_id");
    }
    Site& not_same(const std::string& a, const std::string& b) {
        Assertion one;
        one.kind = Assertion::Kind::NotSame;
        one.a = {"ip:" + a};
        one.b = {"ip:" + b};
        one.who = "Operator";
        assertions_.push_back(one);
        return *this;
    }
    [[nodiscard]] Identified identified() const {
        IdentityOptions options;
        options.assertions = assertions_;
        return identify(rows_, {}, db(), options);
    }
    [[nodiscard]] std::size_t assets() const { return identified().assets.size(); }
    [[nodiscard]] std::size_t assets_shuffled(std::mt19937& random) const {
        Site other = *this;
        std::shuffle(other.rows_.begin(), other.rows_.end(), random);
        return other.assets();
    }

  private:
    std::vector<Observation> rows_;
    std::vector<Assertion> assertions_;
    const char* list_ = "00000000000000b1";
};

// A row in each of two lists.
Site rows(const char* maker_a, const char* maker_b, const char* serial, const char* model_a = "", const char* model_b = "") {
    return Site()
        .row("10.0.0.1", maker_a, serial, model_a)
        .in_list("00000000000000b2")
        .row("10.0.0.2", maker_b, serial, model_b);
}

}  // namespace

TEST_CASE("rows of two lists with one serial of one maker are one device with two addresses; else they are two") {
    const Identified one = rows("Sungrow", "Sungrow", "A2103456789").identified();
    REQUIRE(one.assets.size() == 1);
    CHECK(one.assets[0].identifiers.ip == std::set<std::string>{"10.0.0.1", "10.0.0.2"});
    CHECK(rows("Sungrow", "Sungrow", "A2103456789", "SG110CX", "SG110CX-P2").assets() == 1);
    CHECK(rows("Sungrow", "Sungrow", "A2103456789", "", "SG110CX").assets() == 1);
    // Another maker, no maker, or a filler instead of a serial number.
    CHECK(rows("Sungrow", "Fronius", "A2103456789").assets() == 2);
    CHECK(rows("", "", "A2103456789").assets() == 2);
    CHECK(rows("Sungrow", "Sungrow", "00000000").assets() == 2);
    CHECK(rows("Sungrow", "Sungrow", "onbekend").assets() == 2);
    // A slip in a list: two things that cannot be one.
    CHECK(rows("Sungrow", "Sungrow", "A2103456789", "SG110CX", "WiNet-S").assets() == 2);
    // A number that many have is nobody's.
    Site many;
    const char* lists[] = {"b1", "b2", "b3", "b4", "b5"};
    for (int i = 0; i < 5; ++i) many.in_list(lists[i]).row("10.0.0." + std::to_string(i + 1), "Sungrow", "A2103456789");
    CHECK(many.assets() == 5);
    // What a person says goes before.
    CHECK(rows("Sungrow", "Sungrow", "A2103456789").not_same("10.0.0.1", "10.0.0.2").assets() == 2);
}

TEST_CASE("what one list gives to rows of many addresses is nobody's serial number, whatever it says") {
    const auto three = [](const char* serial) {
        Site site;
        for (const char* address : {"10.0.0.1", "10.0.0.2", "10.0.0.3"}) site.row(address, "Sungrow", serial, "SG110CX");
        return site;
    };
    for (const char* serial : {"niet bekend", "nog te bepalen", "zie bijlage", "leeg", "diverse", "idem", "\"",
                               "staat op de kast", "zie bijlage 3", "volgt in 2026", "A2103456789"}) {
        CAPTURE(serial);
        const Identified found = three(serial).identified();
        CHECK(found.assets.size() == 3);
        for (const Asset& asset : found.assets) CHECK(asset.strong.empty());
    }
    // A device that is listed twice is one: two rows, and what looks like a number.
    const auto two = [](const char* serial) {
        Site site;
        for (const char* address : {"10.0.0.1", "10.0.0.2"}) site.row(address, "Sungrow", serial, "SG110CX");
        return site.assets();
    };
    CHECK(two("A2103456789") == 1);
    for (const char* serial : {"zie bijlage 3", "volgt in 2026", "volgt 27-11-2026", "kast-12345"}) CHECK(two(serial) == 2);
    // Nor do two names without an address become one by it; a device with two ports has one host name.
    Site named;
    Endpoint a;
    a.path = {"listed/north"};
    Endpoint b;
    b.path = {"listed/south"};
    for (const Endpoint& each : {a, b})
        named.says(each, Field::brand, "Sungrow", Strength::Listed, "csv.brand")
            .says(each, Field::serial, "bijlage 3", Strength::Listed, "csv.serial");
    CHECK(named.assets() == 2);
    Site ports = rows("Sungrow", "Sungrow", "x");
    for (const char* address : {"10.0.0.7", "10.0.0.8"}) {
        Endpoint port;
        port.ip = *IpAddress::parse(address);
        ports.row(address, "Sungrow", "A2103456789")
            .says(port, Field::hostname, address[7] == '7' ? "plc-7" : "PLC-7", Strength::Listed, "csv.hostname");
    }
    CHECK(ports.assets() == 3);
    // The device itself says that number: a list that gives it to two others is wrong about one of them, and we do not know
    // about which.
    CHECK(three("A2103456789")
              .heard("10.0.0.9", Field::brand, "Sungrow")
              .heard("10.0.0.9", Field::serial, "A2103456789")
              .assets() == 4);
}

TEST_CASE("a serial number of a list has a digit; that of a device need not") {
    CHECK_FALSE(plausible_serial("staat op de kast", Strength::Listed));
    CHECK(plausible_serial("QWERTZUI", Strength::Stated));
    CHECK(plausible_serial("SN-200001", Strength::Listed));
    for (const char* filler :
         {"unknown", "N/A", "0x00000000", "not set", "To be filled by O.E.M.", "12345678", "default", "aaaaaaa"})
        CHECK_FALSE(plausible_serial(filler, Strength::Stated));
}

TEST_CASE("an address with rows of several serials is a gateway's, and makes one of nobody") {
    Site site;
    for (const char* serial : {"SN-200001", "SN-200002", "SN-200003"}) site.row("10.0.0.1", "Fronius", serial);
    site.row("10.0.0.2", "Fronius", "SN-200001").row("10.0.0.3", "Fronius", "SN-200002").row("", "Fronius", "SN-200003");
    CHECK(site.assets() == 4);
}

TEST_CASE("of two devices that were heard, a row that names the other's serial may be out of date") {
    const auto site = [] { return rows("Sungrow", "Sungrow", "A2103456789"); };
    CHECK(site().heard("10.0.0.1", Field::hostname, "a").assets() == 1);
    CHECK(site().heard("10.0.0.1", Field::hostname, "a").heard("10.0.0.2", Field::hostname, "b").assets() == 2);
    // One says its serial itself: a row at an address where nobody was heard is about it.
    const auto stated = [] {
        Site out;
        return out.heard("10.0.0.1", Field::brand, "Sungrow")
            .heard("10.0.0.1", Field::serial, "A2103456789")
            .row("10.0.0.2", "Sungrow", "A2103456789");
    };
    CHECK(stated().assets() == 1);
    CHECK(stated().heard("10.0.0.2", Field::hostname, "b").assets() == 2);
    // A row that is not about the device at its address says nothing of a third one.
    CHECK(stated().heard("10.0.0.2", Field::serial, "A2103450000").assets() == 2);
    CHECK(stated().in_list("b2").row("10.0.0.3", "Sungrow", "A2103456789").assets() == 1);
    CHECK(stated().heard("10.0.0.2", Field::hostname, "b").in_list("b2").row("10.0.0.3", "Sungrow", "A2103456789").assets() ==
          3);
}

TEST_CASE("a device behind a gateway that a row lists at an address of its own is counted once") {
    const auto plant = [] {
        Site out;
        for (const char* unit : {"1", "2"})
            out.heard("10.0.0.1", Field::brand, "Fronius", unit)
                .heard("10.0.0.1", Field::serial, std::string("SN-20000") + unit, unit)
                .heard("10.0.0.1", Field::model, "EX-1", unit);
        return out;
    };
    const Identified own = plant().row("10.0.0.5", "Fronius", "SN-200002", "EX-1").identified();
    CHECK(own.assets.size() == 3);
    const auto part = std::find_if(own.assets.begin(), own.assets.end(), [](const Asset& asset) {
        const Belief* serial = asset.belief(Field::serial);
        return serial != nullptr && serial->value == "SN-200002";
    });
    REQUIRE(part != own.assets.end());
    CHECK(part->kind == "part");
    CHECK_FALSE(part->parent.empty());
    CHECK(part->identifiers.ip == std::set<std::string>{"10.0.0.5"});
    // The list gives the gateway's own address: that unit is the host, as where the host says that serial number itself.
    CHECK(plant().row("10.0.0.1", "Fronius", "SN-200002").assets() == 2);
    // Somebody was heard at that address, another maker, another model: two things.
    CHECK(plant().row("10.0.0.5", "Fronius", "SN-200002").heard("10.0.0.5", Field::hostname, "x").assets() == 4);
    CHECK(plant().row("10.0.0.5", "SMA", "SN-200002").assets() == 4);
    CHECK(plant().row("10.0.0.5", "Fronius", "SN-200002", "Smart Meter").assets() == 4);
}

TEST_CASE("the order of rows changes nothing") {
    Site site;
    site.row("10.0.0.1", "Sungrow", "A2103456789", "SG110CX").row("10.0.0.4", "Fronius", "SN-200001");
    site.row("", "Fronius", "SN-200001").in_list("b2").row("10.0.0.2", "Sungrow", "A2103456789", "SG110CX");
    site.row("10.0.0.5", "Fronius", "SN-200001").in_list("b3").row("10.0.0.3", "Sungrow", "A2103456789");
    site.heard("10.0.0.3", Field::hostname, "c");
    for (const char* address : {"10.0.0.6", "10.0.0.7"}) site.row(address, "SMA", "bijlage 3");
    const std::size_t once = site.assets();
    CHECK(once == 4);
    std::mt19937 random(11);
    for (int i = 0; i < 30; ++i) CHECK(site.assets_shuffled(random) == once);
}

TEST_SUITE_END();

}  // namespace listed_test
