#include "vendordb/vendordb.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "core/file.h"
#include "core/hash.h"
#include "data_folder.h"
#include "vendordb/database.h"

namespace fs = std::filesystem;
using namespace herkomst;
using Folder = vendordb_test::DataFolder;
using vendordb_test::bytes_of;

namespace vendordb_test {

namespace {

std::string oui_name(const VendorDb& db, const char* mac) {
    const std::optional<Mac> parsed = Mac::parse(mac);
    REQUIRE(parsed);
    const std::optional<Holder> holder = db.oui(*parsed);
    return holder ? holder->name : "nobody";
}

// The data of the repository, compiled once for all tests of this file.
const VendorDb& real() {
    static const std::unique_ptr<VendorDb> db = [] {
        const std::string path =
            (fs::temp_directory_path() / ("herkomst-real-" + std::to_string(getpid()) + ".sqlite")).string();
        for (const Problem& problem : compile_vendordb(HERKOMST_SOURCE_DIR "/vendordb", path)) FAIL_CHECK(problem.text());
        Result<VendorDb> opened = VendorDb::open(path);
        fs::remove(path);
        REQUIRE(opened.ok());
        return std::make_unique<VendorDb>(std::move(opened.value()));
    }();
    return *db;
}

}  // namespace

TEST_SUITE_BEGIN("vendordb");

TEST_CASE("the repository's data compiles and answers") {
    const VendorDb& db = real();
    CHECK(db.vendors() > 100);
    CHECK(db.version().find(" sha256:") == 10);
    CHECK(db.oui_as_of() >= "2026-08-26");
    REQUIRE(db.id("cip:1"));
    CHECK(db.id("cip:1")->name == "Rockwell Automation/Allen-Bradley");
    CHECK(db.id("bacnet:7")->vendor == "siemens");
    CHECK(db.id("profinet:42")->vendor == "siemens");
    CHECK(db.id("ethercat:2")->vendor == "beckhoff");
    // Three letters as one number: L 12, G 7, Z 26.
    CHECK(db.id("flag:12538")->name.find("Landis") != std::string::npos);
    CHECK(!db.id("flag:1"));
    CHECK(db.id("knx:1")->vendor == "siemens");
    CHECK(db.id("knx:197")->name == "Weinzierl Engineering GmbH");
    CHECK(!db.id("knx:314"));
    CHECK(db.id("pen:9")->name == "ciscoSystems");
    CHECK_FALSE(db.id("cip:999999"));
    CHECK_FALSE(db.id("cip"));
    CHECK_FALSE(db.id("cip:"));
    CHECK_FALSE(db.id("cip:-1"));
    CHECK_FALSE(db.id("cip:99999999999999999999"));
    CHECK_FALSE(db.id("nosuch:1"));
    REQUIRE(db.named("SIEMENS  ag"));
    CHECK(db.named("SIEMENS  ag")->slug == "siemens");
    CHECK(db.named("siemens") == db.vendor("siemens"));
    CHECK(db.named("Siemen") == nullptr);
    CHECK(db.named("") == nullptr);
    CHECK(db.vendor("") == nullptr);
    REQUIRE(db.jurisdiction("CN"));
    CHECK(db.jurisdiction("CN")->names.at("nl") == "China");
    CHECK(db.jurisdiction("ZZ") == nullptr);
    REQUIRE(db.cloud("gateway.ISOLARCLOUD.com."));
    CHECK(db.cloud("gateway.isolarcloud.com")->operator_slug == "sungrow");
    CHECK(db.cloud("notisolarcloud.com") == nullptr);
    CHECK(db.cloud("com") == nullptr);
    const auto hit = db.product("sungrow", "SG110CX");
    REQUIRE(hit);
    CHECK(hit->rated_power == "110000");
    CHECK(hit->product->category == "solar_inverter");
}

TEST_CASE("OUI: the longest prefix, and nobody for addresses that are not handed out") {
    const VendorDb& db = real();
    CHECK(oui_name(db, "00:1b:1b:00:53:01") == "Siemens AG,");
    CHECK(oui_name(db, "00:55:da:00:53:01") == "Shinko Technos co.,ltd.");  // MA-M of a divided block
    CHECK(oui_name(db, "70:b3:d5:f2:f0:01") == "TELEPLATFORMS");            // MA-S
    CHECK(oui_name(db, "00:50:c2:7d:50:01") == "DEUTA-WERKE GmbH");         // IAB, from the older edition
    CHECK(oui_name(db, "02:1b:1b:00:53:01") == "nobody");                   // locally administered
    CHECK(oui_name(db, "01:1b:1b:00:53:01") == "nobody");                   // group
    CHECK(oui_name(db, "ff:ff:ff:ff:ff:ff") == "nobody");
    CHECK(oui_name(db, "00:00:00:00:00:00") == "nobody");
    const std::optional<Holder> module = db.oui(*Mac::parse("24:0a:c4:00:53:01"));
    REQUIRE(module);
    CHECK(module->vendor == "espressif");
    CHECK(module->module);
}

TEST_CASE("an id without a vendor file still has its holder, a vendor file's id without a registry too") {
    const Folder folder("ids");
    folder.registry("cip", "1\tFirst Controls\n2\tSecond Controls\n", 2);
    folder.vendor("second", R"("ids":{"cip":[2,77]})");
    folder.put("vendors/radio.json", R"({"slug":"radio","name":"Radio","kind":"module","categories":[],"ids":{"bacnet":[5]}})");
    const VendorDb db = folder.open();
    CHECK(db.id("cip:1")->name == "First Controls");
    CHECK(db.id("cip:1")->vendor.empty());
    CHECK(db.id("cip:2")->vendor == "second");
    CHECK(db.id("cip:77")->name == "Name second");
    CHECK_FALSE(db.id("cip:2")->module);
    CHECK(db.id("bacnet:5")->module);
}

TEST_CASE("names: folded, and a protocol's own meaning first") {
    const Folder folder("names");
    folder.vendor("group", R"("aliases":["Example, Group."])");
    folder.vendor("charging", R"("ids":{"names":{"ocpp":["Example Group"],"modbus":["Charge-It"]}})");
    folder.vendor("other", R"("ids":{"names":{"sunspec":["Shared"]}})");
    folder.vendor("another", R"("ids":{"names":{"modbus":["shared"]}})");
    const VendorDb db = folder.open();
    CHECK(db.named("EXAMPLE group")->slug == "group");
    CHECK(db.named("Example Group", "ocpp")->slug == "charging");
    CHECK(db.named("Example Group", "modbus")->slug == "group");
    CHECK(db.named("charge it")->slug == "charging");
    CHECK(db.named("shared", "sunspec")->slug == "other");
    CHECK(db.named("shared", "modbus")->slug == "another");
    CHECK(db.named("shared") == nullptr);
}

// vendordb/README.md documents the tables; its queries are run.
TEST_CASE("the queries that the manual shows give rows") {
    const Folder folder("queries");
    REQUIRE(compile_vendordb(HERKOMST_SOURCE_DIR "/vendordb", folder.out()).empty());
    const Database database(folder.out(), Database::Open::ReadOnly);
    const std::string page = bytes_of(HERKOMST_SOURCE_DIR "/vendordb/README.md");
    std::size_t queries = 0;
    for (std::size_t at = page.find("```sql\n"); at != std::string::npos; at = page.find("```sql\n", at)) {
        at += 7;
        const std::string query = page.substr(at, page.find("```", at) - at);
        INFO(query);
        Rows rows(database, query);
        CHECK(rows.next());
        ++queries;
    }
    CHECK(queries >= 2);
    // Every table that the manual lists is there, and every table that is there is listed.
    Rows tables(database, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
    while (tables.next()) {
        INFO(tables.string(0));
        CHECK(page.find("\n| `" + tables.string(0) + "` |") != std::string::npos);
    }
}

TEST_CASE("an empty folder gives an empty database") {
    const Folder folder("empty");
    const VendorDb db = folder.open();
    CHECK(db.vendors() == 0);
    CHECK(db.named("anything") == nullptr);
    CHECK(db.oui_as_of() == "none");
    CHECK_FALSE(VendorDb::open(folder.out("missing")).ok());
    folder.put("text.sqlite", "this is not a database, whatever its name says, and long enough to be looked at");
    CHECK_FALSE(VendorDb::open(folder.out("text.sqlite")).ok());
    CHECK(compile_vendordb(folder.out("missing"), folder.out()).size() == 1);
}

TEST_CASE("a second OEM step is one too many") {
    const Folder folder("oem");
    const auto made_by = [](const std::string& slug) {
        return R"("oem":[{"relation":"made_by","vendor":")" + slug + R"(","scope":"s",)" + Folder::claim("reported") + "}]";
    };
    folder.vendor("a", made_by("b"));
    folder.vendor("b", made_by("c"));
    folder.vendor("c", "");
    const VendorDb db = folder.open();
    CHECK(db.related("a", "b"));
    CHECK(db.related("b", "c"));
    CHECK_FALSE(db.related("a", "c"));
}

TEST_CASE("an unverified claim does not count") {
    Sourcing sourcing;
    CHECK_FALSE(sourcing.counts());
    sourcing.status = ClaimStatus::Reported;
    CHECK(sourcing.counts());
    CHECK(name(ClaimStatus::Verified) == "verified");
    CHECK(name(ClaimStatus::Reported) == "reported");
    CHECK(name(ClaimStatus::Unverified) == "unverified");
}

TEST_CASE("products: rated power from the line or from the number in the name") {
    const Folder folder("products");
    folder.vendor("maker", R"("products":[
        {"pattern":"^X(?P<n>[0-9.]+)K$","category":"solar_inverter","watts_per_unit":1000,
         "examples":[{"text":"X10K","rated_power":10000},{"text":"X3.7K","rated_power":3700}],)" +
                               Folder::claim("unverified") + R"(},
        {"pattern":"(?i)^fixed","category":"plc","rated_power":"22000","examples":[{"text":"Fixed 1"}],)" +
                               Folder::claim("unverified") + "}]");
    const VendorDb db = folder.open();
    CHECK(db.product("maker", "X2.5K")->rated_power == "2500");
    CHECK(db.product("maker", "X1.2.3K")->rated_power.empty());
    CHECK(db.product("maker", "FIXED 2")->rated_power == "22000");
    CHECK_FALSE(db.product("maker", "Y10K"));
    CHECK_FALSE(db.product("maker", ""));
    CHECK_FALSE(db.product("nosuch", "X10K"));
}

TEST_SUITE_END();

}  // namespace vendordb_test
