#include "vendordb/vendordb.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "core/file.h"
#include "core/hash.h"
#include "data_folder.h"
#include "vendordb/database.h"

namespace fs = std::filesystem;
using namespace herkomst;
using Folder = vendordb_test::DataFolder;
using vendordb_test::bytes_of;

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

TEST_CASE("OUI: a block that is divided or kept private names nobody") {
    const Folder folder("oui");
    folder.registry(
        "oui", "001122\tIEEE Registration Authority\n0011223\tInner\n001133\tPrivate\n001144\tOuter\n001144ABC\tInnermost\n",
        5);
    folder.vendor("inner", R"("ids":{"oui_org":["INNER."]})");
    const VendorDb db = folder.open();
    CHECK(oui_name(db, "00:11:22:30:00:00") == "Inner");
    CHECK(db.oui(*Mac::parse("00:11:22:30:00:00"))->vendor == "inner");
    CHECK(oui_name(db, "00:11:22:40:00:00") == "nobody");
    CHECK(oui_name(db, "00:11:33:00:00:00") == "nobody");
    CHECK(oui_name(db, "00:11:44:ab:c0:00") == "Innermost");
    CHECK(oui_name(db, "00:11:44:ab:d0:00") == "Outer");
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

TEST_CASE("a name of one protocol, a trap, a list of countries") {
    const Folder folder("scopes");
    folder.registry("pen", "5\tFirst\n7\tSecond\n", 2);
    folder.vendor("printed",
                  R"("ids":{"pen":[5],"names":{"tls":["Printed, Inc."],"mdns":["_printed._tcp"],"dhcp":["PRINTED:9"]}})");
    folder.put("traps.json",
               R"([{"id":"pen:7","why":"borrowed","means":{"nl":"n","en":"e"},)" + Folder::claim("reported") + "}]");
    folder.put("lists/some.json",
               R"({"key":"some","title":{"nl":"Lijst","en":"List"},"issuer":"I","date":"2026-01","complete":"no",
        "note":{"nl":"n","en":"e"},"source":)" +
                   Folder::source() + R"(,"jurisdictions":[{"country":"AA","scope":"above 100 kW",)" +
                   Folder::claim("reported") + "}]}");
    const VendorDb db = folder.open();
    CHECK(db.named_in("tls", "printed inc") == db.vendor("printed"));
    CHECK(db.named_in("mdns", "_printed._tcp") == db.vendor("printed"));
    CHECK(db.named_in("dhcp", "printed 9") == db.vendor("printed"));
    CHECK(db.named_in("modbus", "printed inc") == nullptr);
    CHECK(db.vendor("printed")->names.size() == 3);
    REQUIRE(db.trap("pen:7"));
    CHECK(db.trap("pen:7")->why == "borrowed");
    CHECK(db.trap("pen:5") == nullptr);
    REQUIRE(db.lists().size() == 1);
    CHECK(db.lists()[0].note_en == "e");
    REQUIRE(db.lists()[0].countries.size() == 1);
    CHECK(db.lists()[0].countries[0].scope == "above 100 kW");
    CHECK(db.lists()[0].countries[0].sourcing.quote == "q");
    const std::vector<VendorId> ids = db.ids_of("printed");
    REQUIRE(ids.size() == 4);
    CHECK(ids[3].kind == "pen");
    CHECK(ids[3].text == "First");
    CHECK(db.search("PRINT") == std::vector<std::string>{"printed"});
    CHECK(db.search("pen:5") == std::vector<std::string>{"printed"});
    CHECK(db.search("nothing of the kind").empty());
    CHECK(db.search("").empty());
}

TEST_CASE("clouds: the longest suffix at a label border") {
    const Folder folder("clouds");
    const auto cloud = [](const std::string& suffix) {
        return R"({"suffix":")" + suffix + R"(","purpose":"p","operator":"one",)" + Folder::claim("reported") + "}";
    };
    folder.vendor("one", R"("clouds":[)" + cloud("example.org") + "," + cloud("eu.example.org") + "," + cloud("x.test") + "]");
    const VendorDb db = folder.open();
    REQUIRE(db.cloud("a.b.eu.Example.org"));
    CHECK(db.cloud("a.b.eu.Example.org")->suffix == "eu.example.org");
    CHECK(db.cloud("us.example.org..")->suffix == "example.org");
    CHECK(db.cloud("example.org")->suffix == "example.org");
    CHECK(db.cloud("notexample.org") == nullptr);
    CHECK(db.cloud("org") == nullptr);
    CHECK(db.cloud("example.org.test") == nullptr);
    CHECK(db.cloud("") == nullptr);
    CHECK(db.cloud(".") == nullptr);
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

TEST_CASE("the chain: control, not the address") {
    const Folder folder("chain");
    const auto f = [](const std::string& origin) { return "\"origin\":[" + origin + "]"; };
    const auto owned = [](const std::string& by) { return "\"owned_by\":[" + by + "]"; };
    folder.vendor("seat", f(Folder::origin("headquarters", "AA", "verified")));
    folder.vendor("parent", f(Folder::origin("controlled_from", "BB", "verified")));
    folder.vendor("child",
                  f(Folder::origin("headquarters", "AA", "verified")) + "," + owned(Folder::owner("parent", "", "reported")));
    folder.vendor("grandchild", f(Folder::origin("registered_in", "AA", "verified")) + "," +
                                    owned(Folder::owner("child", R"("share":"100 %",)", "verified")));
    folder.vendor("doubtful",
                  f(Folder::origin("headquarters", "AA", "verified")) + "," + owned(Folder::owner("parent", "", "unverified")));
    folder.vendor("minority", f(Folder::origin("headquarters", "AA", "verified")) + "," +
                                  owned(Folder::owner("parent", R"("share":"10.71 %",)", "verified")));
    folder.vendor("stranger", f(Folder::origin("headquarters", "AA", "verified")) + "," +
                                  owned(Folder::owner("", R"("country":"BB",)", "reported")));
    folder.vendor("disputed", f(Folder::origin("controlled_from", "AA", "reported") + "," +
                                Folder::origin("controlled_from", "BB", "reported")));
    folder.vendor("settled", f(Folder::origin("controlled_from", "AA", "verified") + "," +
                               Folder::origin("controlled_from", "BB", "reported")));
    folder.vendor("weak", f(Folder::origin("controlled_from", "BB", "unverified") + "," +
                            Folder::origin("headquarters", "AA", "verified")));
    const auto top = [](const std::string& status) {
        return R"(,{"claim":"top_of_chain","value":"listed",)" + Folder::claim(status) + "}";
    };
    folder.vendor("topped", f(Folder::origin("controlled_from", "BB", "unverified") + "," +
                              Folder::origin("headquarters", "AA", "verified") + top("verified")));
    folder.vendor("half-topped", f(Folder::origin("controlled_from", "BB", "unverified") + "," +
                                   Folder::origin("headquarters", "AA", "verified") + top("unverified")));
    folder.vendor("named", f(Folder::origin("controlled_from", "BB", "verified") + "," +
                             Folder::origin("headquarters", "AA", "verified") + top("verified")));
    folder.vendor("shared",
                  f(Folder::origin("headquarters", "AA", "verified")) + "," +
                      owned(Folder::owner("settled", "", "reported") + "," + Folder::owner("explicit", "", "reported")));
    folder.vendor("unknown", f(Folder::origin("controlled_from", "unknown", "reported")));
    folder.vendor("explicit", f(Folder::origin("controlled_from", "contested", "reported")));
    folder.vendor("ring-a",
                  f(Folder::origin("headquarters", "AA", "verified")) + "," + owned(Folder::owner("ring-b", "", "verified")));
    folder.vendor("ring-b",
                  f(Folder::origin("headquarters", "BB", "verified")) + "," + owned(Folder::owner("ring-a", "", "verified")));
    folder.vendor("builder", f(Folder::origin("controlled_from", "BB", "verified")));
    folder.vendor("badge", R"("oem":[{"relation":"made_by","vendor":"builder","scope":"all inverters",)" +
                               Folder::claim("verified") + "}]");
    const VendorDb db = folder.open();

    CHECK(db.chain("seat").country == "AA");
    // A verified seat is where it sits, not who controls it.
    CHECK(db.chain("seat").status == ClaimStatus::Reported);
    const Chain child = db.chain("child");
    CHECK(child.country == "BB");
    CHECK(child.status == ClaimStatus::Reported);
    REQUIRE(child.steps.size() == 2);
    CHECK(child.steps[0].relation == "brand");
    CHECK(child.steps[1].vendor == "parent");
    CHECK(child.steps[1].relation == "owned_by");
    CHECK(child.steps[1].sourcing.publisher == "P");
    CHECK(db.chain("grandchild").steps.size() == 3);
    CHECK(db.chain("grandchild").country == "BB");
    CHECK(db.chain("grandchild").status == ClaimStatus::Reported);
    // An unverified step makes the whole unverified: rules see nothing.
    CHECK(db.chain("doubtful").status == ClaimStatus::Unverified);
    CHECK(db.chain("minority").country == "AA");
    CHECK(db.chain("minority").steps.size() == 1);
    CHECK(db.chain("stranger").country == "BB");
    CHECK(db.chain("stranger").steps[1].vendor.empty());
    CHECK(db.chain("stranger").steps[1].name == "Owner");
    CHECK(db.chain("disputed").contested);
    CHECK(db.chain("disputed").country.empty());
    CHECK(db.chain("settled").country == "AA");
    CHECK_FALSE(db.chain("settled").contested);
    // What is said of control goes before the seat, and a seat elsewhere does not make it any surer.
    CHECK(db.chain("weak").country == "BB");
    CHECK(db.chain("weak").status == ClaimStatus::Unverified);
    // A source that nobody stands above makes the seat count, as reported at most; without that source it does not.
    CHECK(db.chain("topped").country == "AA");
    CHECK(db.chain("topped").status == ClaimStatus::Reported);
    CHECK(db.chain("topped").end == ChainEnd::Top);
    CHECK(db.chain("topped").top.value == "listed");
    CHECK(db.chain("half-topped").country == "BB");
    CHECK(db.chain("half-topped").end == ChainEnd::Top);
    CHECK(db.chain("named").status == ClaimStatus::Verified);
    CHECK(db.chain("seat").end == ChainEnd::Unknown);
    CHECK(db.chain("stranger").end == ChainEnd::NoFile);
    CHECK(db.chain("ring-a").end == ChainEnd::Loop);
    CHECK(db.chain("shared").end == ChainEnd::SeveralOwners);
    CHECK(db.chain("shared").steps.size() == 1);
    CHECK(db.chain("unknown").country.empty());
    CHECK_FALSE(db.chain("unknown").contested);
    CHECK(db.chain("explicit").contested);
    CHECK(db.chain("ring-a").steps.size() == 2);
    CHECK(db.chain("badge").country.empty());
    CHECK(db.chain("nosuch").steps.empty());

    CHECK(db.related("child", "child"));
    CHECK(db.related("grandchild", "parent"));
    CHECK(db.related("parent", "grandchild"));
    CHECK(db.related("badge", "builder"));
    CHECK(db.related("ring-a", "ring-b"));
    CHECK_FALSE(db.related("minority", "parent"));
    CHECK_FALSE(db.related("child", "seat"));
    CHECK_FALSE(db.related("badge", "nosuch"));
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

TEST_CASE("same files, same bytes") {
    const Folder folder("bytes");
    REQUIRE(compile_vendordb(HERKOMST_SOURCE_DIR "/vendordb", folder.out("one.sqlite")).empty());
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // a time stamp would show
    REQUIRE(compile_vendordb(HERKOMST_SOURCE_DIR "/vendordb", folder.out("two.sqlite")).empty());
    CHECK(sha256(bytes_of(folder.out("one.sqlite"))) == sha256(bytes_of(folder.out("two.sqlite"))));
    CHECK(check_vendordb(HERKOMST_SOURCE_DIR "/vendordb").empty());
}

TEST_CASE("every check fires, all problems at once") {
    const Folder folder("bad");
    const std::string unverified = Folder::claim("unverified");
    const std::string src = Folder::source();
    folder.put("vendors/not-json.json", "{\n\"slug\": }");
    folder.put("vendors/list.json", "[]");
    folder.put("vendors/missing.json", "{}");
    folder.put("vendors/stem.json", R"({"slug":"other","name":"Stem","kind":"toy","categories":["boat"],"colour":"red"})");
    folder.vendor("a-vendor",
                  R"("aliases":["Same Name",7,"!!"],"ids":{"cip":[5,5,-1],"pen":[6],"oui_org":["Org"],"zigbee":[1]})");
    folder.vendor("b-vendor", R"("aliases":["same-name","same-name"],"ids":{"cip":[5],"oui_org":["ORG"]})");
    folder.vendor("claims", R"("origin":[
        {"claim":"headquarters","country":"ZZ",)" +
                                unverified + R"(},
        {"claim":"headquarters","country":"Holland",)" +
                                unverified + R"(},
        {"claim":"headquarters","country":"AA","status":"verified","as_of":"2026-01"},
        {"claim":"headquarters","country":"AA","status":"unverified","as_of":"2026-13","quote":"q"},
        {"claim":"headquarters","country":"AA","status":"certain"},
        {"claim":"state_control","value":"perhaps",)" +
                                unverified + R"(},
        {"claim":"registered_in","value":"AA",)" +
                                unverified + R"(},
        {"claim":"headquarters","country":"AA","status":"reported","as_of":"2026-01-02","quote":")" +
                                std::string(201, 'x') +
                                R"(","source":{"publisher":"P","title":"T","address":"ftp://x","date":"soon"}}])");
    folder.vendor("links", R"("owned_by":[{"owner":"nosuch","owner_name":"N",)" + unverified +
                               R"(},{"owner":"links","owner_name":"N","since":"20","country":"AA",)" + unverified +
                               R"(}],"oem":[{"relation":"copies","vendor":"nosuch","scope":"s",)" + unverified +
                               R"(}],"clouds":[{"suffix":"COM","purpose":"p","operator":"nosuch",)" + unverified +
                               R"(}],"capabilities":[{"capability":"fly","channel":"c","party":"pilot",)" + unverified + "}]");
    folder.vendor("lines", R"j("products":[
        {"pattern":"^A(","category":"plc","examples":[{"text":"A"}],)j" +
                               unverified + R"j(},
        {"pattern":"B$","category":"plc","examples":[],)j" +
                               unverified + R"j(},
        {"pattern":"^C(?P<n>[0-9]+)","category":"plc","examples":[{"text":"C1"}],)j" +
                               unverified + R"j(
},
        {"pattern":"^D","category":"plc","watts_per_unit":5,"rated_power":"9","examples":[{"text":"E"}],)j" +
                               unverified + R"j(},
        {"pattern":"^F(?P<n>[0-9]+)","category":"plc","watts_per_unit":10,"examples":[{"text":"F3","rated_power":31}],)j" +
                               unverified + R"j(},
        {"pattern":"^F4","category":"plc","rated_power":"x","examples":[{"text":"F4"}],)j" +
                               unverified + "}]");
    folder.registry("cip", "1\tOne\nx\tTwo\n1\tThree\n4\n", 9);
    folder.put("registries/pen.json", R"({"registry":"bacnet","sha":1})");
    folder.put("fingerprints/bad.xml", R"xml(<fingerprints matches="http.server">
<fingerprint pattern="^A(" flags="REG_LOUD"><description>d</description><example>A</example></fingerprint>
<fingerprint pattern="^B"><description>b</description></fingerprint>
<fingerprint pattern="^C(.)"><description>c</description><example model="x">Cy</example><example brand="C">Cz</example>
  <example>D</example><param pos="1" name="model"/><param pos="2" name="serial"/><param pos="0" name="weight" value="1"/></fingerprint>
<fingerprint pattern="^CC"><description>stolen</description><example>CC</example></fingerprint>
<remark/>
</fingerprints>)xml");
    folder.put("fingerprints/broken.xml", "<fingerprints matches='x'>\n<fingerprint");
    folder.put("fingerprints/none.xml", "<other/>");
    folder.put(
        "lists/list.json", R"({"key":"other","title":{"nl":"l","en":"l"},"issuer":"i","date":"2026-01","complete":"maybe",
        "source":)" + src + R"(,"sha256":"12","entries":[{"name":"N","vendor":"nosuch",)" +
                               unverified + "}]}");

    folder.put("lists/nothing.json", R"({"key":"nothing","title":{"nl":"l","en":"l"},"issuer":"i","date":"2026-01",
        "complete":"yes","source":)" + src +
                                         "}");
    folder.put("lists/countries.json", R"({"key":"countries","title":{"nl":"l","en":"l"},"issuer":"i","date":"2026-01",
        "complete":"yes","source":)" + src +
                                           R"(,"jurisdictions":[{"country":"ZZ",)" + unverified + R"(},{"country":"unknown",)" +
                                           unverified + R"(},{"name":"AA",)" + unverified + "}]}");
    folder.put("traps.json", R"([{"id":"pen:5x","why":"borrowed","means":{"nl":"n","en":"e"},)" + unverified +
                                 R"(},{"id":"cip:5","why":"rumour","means":{"nl":"n","en":"e"},)" + unverified +
                                 R"(},{"id":"cip:5","why":"module",)" + unverified + "}]");

    std::vector<std::string> found = folder.compile();
    CHECK_FALSE(fs::exists(folder.out()));
    const std::vector<std::string> expected = {
        "vendors/list.json: must be an object",
        "vendors/missing.json: misses the key \"slug\"",
        "vendors/missing.json: misses the key \"name\"",
        "vendors/missing.json: misses the key \"kind\"",
        "vendors/missing.json: misses the key \"categories\"",
        "vendors/stem.json: /colour: is not a known key here",
        "vendors/stem.json: /slug: \"other\" is not the name of the file",
        "vendors/stem.json: /kind: \"toy\" is none of maker, module, stack",
        "vendors/stem.json: /categories: \"boat\" is not in the vocabulary",
        "vendors/a-vendor.json: /aliases/1: must be a text that is not empty",
        "vendors/a-vendor.json: /aliases/1: \"!!\" holds no letter or digit",
        "vendors/a-vendor.json: /ids/cip/1: 5 stands twice in this list",
        "vendors/a-vendor.json: /ids/cip/2: must be a whole number of at least 0",
        "vendors/a-vendor.json: /ids/zigbee: is not a known key here",
        "vendors/b-vendor.json: /aliases/1: \"same-name\" stands twice in this list",
        "vendors/b-vendor.json: /aliases/0: \"same-name\" is a name of a-vendor too (\"Same Name\")",
        "vendors/b-vendor.json: /ids/cip: 5 belongs to a-vendor too",
        "vendors/b-vendor.json: /ids/oui_org: \"ORG\" belongs to a-vendor too",
        "vendors/claims.json: /origin/0/country: the country \"ZZ\" is not in jurisdictions.json",
        "vendors/claims.json: /origin/1/country: \"Holland\" is not a country code (ISO 3166-1 alpha-2), contested or unknown",
        "vendors/claims.json: /origin/2: is verified and misses the key \"source\"",
        "vendors/claims.json: /origin/2: is verified and misses the key \"quote\"",
        "vendors/claims.json: /origin/3/as_of: \"2026-13\" is not a date",
        "vendors/claims.json: /origin/3/quote: cannot stand with an unverified claim: either the source was read or it was not",
        "vendors/claims.json: /origin/4: misses the key \"as_of\"",
        "vendors/claims.json: /origin/4/status: \"certain\" is none of verified, reported, unverified",
        "vendors/claims.json: /origin/5/value: \"perhaps\" is none of yes, no, contested, unknown",
        "vendors/claims.json: /origin/6/value: is not a known key here",
        "vendors/claims.json: /origin/6: misses the key \"country\"",
        "vendors/claims.json: /origin/7/source/address: must be an address that starts with http:// or https://",
        "vendors/claims.json: /origin/7/source/date: \"soon\" is not a date (\"undated\" where the source carries none)",
        "vendors/claims.json: /origin/7/quote: is 201 characters long; 200 are allowed",
        "vendors/links.json: /owned_by/0/owner: there is no vendor \"nosuch\"",
        "vendors/links.json: /owned_by/1/owner: is the vendor itself",
        "vendors/links.json: /owned_by/1/since: \"20\" is not a date",
        "vendors/links.json: /oem/0/relation: \"copies\" is none of made_by, makes_for",
        "vendors/links.json: /oem/0/vendor: there is no vendor \"nosuch\"",
        "vendors/links.json: /clouds/0/suffix: \"COM\" is not a domain of at least two labels in lower case",
        "vendors/links.json: /clouds/0/operator: there is no vendor \"nosuch\"",
        "vendors/links.json: /capabilities/0/capability: \"fly\" is not in the vocabulary",
        "vendors/links.json: /capabilities/0/party: \"pilot\" is not in the vocabulary",
        "vendors/lines.json: /products/0/pattern: does not compile: missing ): ^A(",
        "vendors/lines.json: /products/1/examples: must hold at least one example",
        "vendors/lines.json: /products/1/pattern: must be anchored: start with ^ or (?i)^",
        "vendors/lines.json: /products/2/pattern: has a group n, but there is no watts_per_unit",
        "vendors/lines.json: /products/3: has both rated_power and watts_per_unit",
        "vendors/lines.json: /products/3/pattern: misses the group n that watts_per_unit counts",
        "vendors/lines.json: /products/3/examples/0: \"E\" does not match the pattern",
        "vendors/lines.json: /products/4/examples/0: \"F3\" yields 30 W, not 31 W",
        "vendors/lines.json: /products/5/rated_power: must be watts in digits",
        "vendors/lines.json: /products/5/examples/0: \"F4\" is taken by the pattern of product 4",
        "registries/cip.tsv:2: must be a number, a tab and an organisation",
        "registries/cip.tsv:4: must be a number, a tab and an organisation",
        "registries/cip.tsv: the number of \"Three\" stands twice",
        "registries/cip.json: /rows: is not the 2 of registries/cip.tsv",
        "registries/pen.json: misses the key \"origin\"",
        "registries/pen.json: misses the key \"publisher\"",
        "registries/pen.json: misses the key \"licence\"",
        "registries/pen.json: misses the key \"as_of\"",
        "registries/pen.json: misses the key \"sha256\"",
        "registries/pen.json: /sha: is not a known key here",
        "registries/pen.json: /registry: is not the name of the file",
        "registries/pen.json: has no table beside it (.tsv.zst, .tsv.gz or .tsv)",
        "fingerprints/bad.xml:2: \"REG_LOUD\" is not a known flag",
        "fingerprints/bad.xml:2: the pattern does not compile: missing ): (?m)^A(",
        "fingerprints/bad.xml:3: has no example",
        "fingerprints/bad.xml:4: the example \"Cy\" yields model \"y\", not \"x\"",
        "fingerprints/bad.xml:4: the example \"Cz\" yields no brand",
        "fingerprints/bad.xml:4: the example \"D\" does not match",
        "fingerprints/bad.xml:4: the param \"serial\" takes group 2, and there are 1",
        "fingerprints/bad.xml:4: the param \"weight\" is not a field",
        "fingerprints/bad.xml:6: the example \"CC\" is taken by an earlier pattern, \"bad/c\"",
        "fingerprints/bad.xml:7: <remark> is not a known element here",
        "fingerprints/none.xml:1: must be <fingerprints matches=\"...\">",
        "lists/nothing.json: misses entries, jurisdictions or both",
        "lists/countries.json: /jurisdictions/0/country: the country \"ZZ\" is not in jurisdictions.json",
        "lists/countries.json: /jurisdictions/1/country: must be a country code (ISO 3166-1 alpha-2)",
        "lists/countries.json: /jurisdictions/2/name: is not a known key here",
        "lists/countries.json: /jurisdictions/2: misses the key \"country\"",
        "traps.json: /0/id: \"pen:5x\" is not an id like pen:50001, of pen, cip, bacnet or profinet",
        "traps.json: /1/why: \"rumour\" is none of borrowed, module, placeholder",
        "traps.json: /1/id: \"cip:5\" is an id of a-vendor",
        "traps.json: /2/id: \"cip:5\" stands twice",
        "traps.json: /2/id: \"cip:5\" is an id of a-vendor",
        "traps.json: /2: misses the key \"means\"",
        "lists/list.json: /key: \"other\" is not the name of the file",
        "lists/list.json: /complete: \"maybe\" is none of yes, no",
        "lists/list.json: /sha256: must be 64 hexadecimal digits in lower case",
        "lists/list.json: /entries/0/vendor: there is no vendor \"nosuch\"",
    };
    for (const std::string& line : expected) {
        const auto at = std::find(found.begin(), found.end(), line);
        CHECK_MESSAGE(at != found.end(), "not told: " << line);
        if (at != found.end()) found.erase(at);
    }
    // The words of these two are the parsers' own.
    const auto told = [&](std::string_view start) {
        const auto at =
            std::find_if(found.begin(), found.end(), [&](const std::string& line) { return line.starts_with(start); });
        if (at == found.end()) return false;
        found.erase(at);
        return true;
    };
    CHECK(told("vendors/not-json.json:2: "));
    CHECK(told("fingerprints/broken.xml:2: is not XML: "));
    for (const std::string& line : found) FAIL_CHECK("told without need: " << line);
}

TEST_SUITE_END();
