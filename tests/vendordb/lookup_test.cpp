// Lookups in small data of our own: the chain of control, names of one protocol, host suffixes, divided address blocks.
#include "data_folder.h"

using namespace herkomst;
using Folder = vendordb_test::DataFolder;

namespace lookup_test {

namespace {

std::string oui_name(const VendorDb& db, const char* mac) {
    const std::optional<Mac> parsed = Mac::parse(mac);
    REQUIRE(parsed);
    const std::optional<Holder> holder = db.oui(*parsed);
    return holder ? holder->name : "nobody";
}

}  // namespace

TEST_SUITE_BEGIN("vendordb_lookup");

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

TEST_CASE("a name of one protocol, a trap, a list of countries") {
    const Folder folder("scopes");
    folder.registry("pen", "5\tFirst\n7\tSecond\n", 2);
    folder.vendor("printed",
                  R"("ids":{"pen":[5],"names":{"tls":["Printed, Inc."],"mdns":["_printed._tcp"],"dhcp":["PRINTED:9"]}})");
    folder.put("traps.json",
               R"([{"id":"pen:7","why":"borrowed","means":{"nl":"n","en":"e"},)" + Folder::claim("reported") + "}]");
    folder.put("lists/some.json",
               R"({"key":"some","title":{"nl":"Lijst","en":"List"},"issuer":"I","date":"2026-01","complete":"no",)" +
                   Folder::seal("country\tAA\t\tabove 100 kW\t") + R"("note":{"nl":"n","en":"e"},"source":)" +
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

TEST_CASE("clouds: by an attribute of a certificate, and by address, the smallest range") {
    const Folder folder("signs");
    const auto cloud = [](const std::string& suffix, const std::string& sign) {
        return R"({"suffix":")" + suffix + R"(","purpose":"p","operator":"one",)" + sign + Folder::claim("reported") + "}";
    };
    folder.vendor("one", R"("clouds":[)" + cloud("a.test", R"("certificate":"CN=Example Relay",)") + "," +
                             cloud("b.test", R"("range":"192.0.2.0/24",)") + "," + cloud("c.test", R"("range":"192.0.2.7",)") +
                             "," + cloud("d.test", R"("range":"2001:db8:7::-2001:db8:7::9",)") + "]");
    const VendorDb db = folder.open();
    // Such an entry says nothing about host names.
    CHECK(db.cloud("x.a.test") == nullptr);
    CHECK(db.cloud("b.test") == nullptr);
    REQUIRE(db.cloud_of_certificate("O=E, CN=Example Relay / CN=Root"));
    CHECK(db.cloud_of_certificate("O=E, CN=Example Relay / CN=Root")->suffix == "a.test");
    CHECK(db.cloud_of_certificate("CN=Root / CN=Example Relay") != nullptr);
    CHECK(db.cloud_of_certificate("CN=Example Relay 2 / CN=Root") == nullptr);
    CHECK(db.cloud_of_certificate("O=E\\, CN=Example Relay / CN=Root") == nullptr);
    CHECK(db.cloud_of_certificate("") == nullptr);
    const auto at = [&](const char* ip) {
        const Cloud* found = db.cloud_at(*IpAddress::parse(ip));
        return found == nullptr ? std::string() : found->suffix;
    };
    CHECK(at("192.0.2.8") == "b.test");
    CHECK(at("192.0.2.7") == "c.test");
    CHECK(at("192.0.3.7").empty());
    CHECK(at("2001:db8:7::9") == "d.test");
    CHECK(at("2001:db8:7::a").empty());
    CHECK(text_of(*db.cloud_at(*IpAddress::parse("192.0.2.7"))) == "c.test (192.0.2.7)");
    CHECK(text_of(*db.cloud_of_certificate("CN=Example Relay")) == "a.test (certificate CN=Example Relay)");
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

TEST_SUITE_END();

}  // namespace lookup_test
