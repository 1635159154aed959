// The user's own folders go before ours, and are seen to.
#include <algorithm>

#include "cli/vendor_pages.h"
#include "data_folder.h"
#include "vendordb/fingerprints.h"

using vendordb_test::DataFolder;
using namespace herkomst;

namespace overlay_test {

namespace {

std::vector<std::string> lines_of(const Problems& problems) {
    std::vector<std::string> lines;
    for (const Problem& problem : problems) lines.push_back(problem.text());
    return lines;
}

bool told(const VendorDb& db, const std::string& what, bool replaces) {
    const auto& all = db.overrides();
    return std::any_of(all.begin(), all.end(),
                       [&](const Override& one) { return one.what == what && one.replaces == replaces; });
}

void put_base(const DataFolder& base) {
    base.registry("cip", "1\tFirst Controls\n2\tSecond Controls\n3\tThird Controls\n", 3);
    base.registry("oui", "001122\tFirst Org\n001133\tSecond Org\n", 2);
    base.vendor("first", R"("aliases":["Eerste"],"ids":{"cip":[1],"oui_org":["First Org"]},"origin":[)" +
                             DataFolder::origin("controlled_from", "AA", "verified") + R"(],"clouds":[{"suffix":"a.test",
                             "purpose":"p","operator":"first",)" +
                             DataFolder::claim("reported") + "}]");
    base.vendor("second", R"("aliases":["Tweede","Gedeeld"],"ids":{"cip":[2]})");
    base.put("fingerprints/a.xml",
             R"xml(<fingerprints matches="http.server"><fingerprint pattern="^Srv"><description>ours</description>
        <example>Srv</example><param pos="0" name="brand" value="Eerste"/></fingerprint></fingerprints>)xml");
    base.put("traps.json",
             R"([{"id":"cip:3","why":"module","means":{"nl":"n","en":"e"},)" + DataFolder::claim("reported") + "}]");
}

}  // namespace

TEST_SUITE_BEGIN("vendordb_overlay");

TEST_CASE("an overlay replaces what has the same key, adds what is new, and leaves the rest") {
    const DataFolder base("overlay-base");
    put_base(base);
    const DataFolder own("overlay-own", DataFolder::Form::Overlay);
    // The first without its OUI, under a new number, controlled from elsewhere, with a name that was the second's.
    own.vendor("first", R"("aliases":["Gedeeld"],"ids":{"cip":[1,77]},"origin":[)" +
                            DataFolder::origin("controlled_from", "BB", "verified") + "]");
    own.vendor("third", R"("ids":{"cip":[3],"oui_org":["Second Org"],"names":{"tls":["Third Org"]}},"owned_by":[)" +
                            DataFolder::owner("second", "", "reported") + R"(],"clouds":[{"suffix":"eu.a.test","purpose":"p",
                            "operator":"third",)" +
                            DataFolder::claim("reported") + "}]");
    own.put("jurisdictions.json", R"([{"country":"CC","name":{"nl":"Cc","en":"Cc"},"claims":[]}])");
    own.put("lists/own.json", R"({"key":"own","title":{"nl":"l","en":"l"},"issuer":"i","date":"2026-01","complete":"yes",)" +
                                  DataFolder::seal("entry\tN\tsecond\t\t") + R"("source":)" + DataFolder::source() +
                                  R"(,"entries":[{"name":"N","vendor":"second",)" + DataFolder::claim("reported") + "}]}");
    own.put("fingerprints/own.xml",
            R"xml(<fingerprints matches="http.server"><fingerprint pattern="^Srv"><description>theirs</description>
        <example>Srv</example><param pos="0" name="brand" value="Third"/></fingerprint></fingerprints>)xml");
    const VendorDb db = base.open({own.path()});

    CHECK(db.vendors() == 3);
    REQUIRE(db.vendor("first"));
    CHECK(db.vendor("first")->overlay == own.path());
    CHECK(db.vendor("first")->overrides);
    CHECK_FALSE(db.vendor("third")->overrides);
    CHECK(db.vendor("second")->overlay.empty());
    CHECK(db.chain("first").country == "BB");
    // Names: the old one of the first is gone, the second lost its shared one and kept the other.
    CHECK(db.named("Eerste") == nullptr);
    CHECK(db.named("gedeeld")->slug == "first");
    CHECK(db.named("Tweede")->slug == "second");
    CHECK(db.named_in("tls", "third org")->slug == "third");
    CHECK(told(db, "vendor first", true));
    CHECK(told(db, "vendor third", false));
    CHECK(told(db, "name \"Gedeeld\" of second", true));
    CHECK(told(db, "jurisdiction CC", false));
    CHECK(told(db, "list own", false));
    CHECK(told(db, "1 fingerprints", false));
    // Ids: what the new file does not claim falls back to the registry's word.
    CHECK(db.id("cip:1")->vendor == "first");
    CHECK(db.id("cip:2")->vendor == "second");
    CHECK(db.id("cip:3")->vendor == "third");
    CHECK(db.id("cip:3")->name == "Third Controls");
    CHECK(db.id("cip:77")->vendor == "first");
    CHECK(db.oui(*Mac::parse("00:11:22:00:53:01"))->name == "First Org");
    CHECK(db.oui(*Mac::parse("00:11:22:00:53:01"))->vendor.empty());
    CHECK(db.oui(*Mac::parse("00:11:33:00:53:01"))->vendor == "third");
    CHECK(db.cloud("a.test") == nullptr);
    CHECK(db.cloud("x.eu.a.test")->operator_slug == "third");
    CHECK(db.related("third", "second"));
    CHECK(db.jurisdiction("CC"));
    CHECK(db.jurisdiction("AA"));
    CHECK(db.lists().size() == 1);
    CHECK(db.trap("cip:3"));
    CHECK(db.fingerprint("http.server", "Srv")->fingerprint == "own/theirs");
    CHECK(db.version().find(" + overlay sha256:") != std::string::npos);
    // Pages say that it is the user's own.
    CHECK(
        chain_page(db, *db.vendor("first"), "en").find("FROM YOUR OVERLAY " + own.path() + ": replaces what herkomst ships") !=
        std::string::npos);
    CHECK(vendor_page(db, *db.vendor("third"), "nl").find("UIT EIGEN GEGEVENS " + own.path() + "\n") != std::string::npos);
    CHECK(chain_page(db, *db.vendor("second"), "en").find("OVERLAY") == std::string::npos);
}

TEST_CASE("of two overlays the last wins") {
    const DataFolder base("overlays-base");
    put_base(base);
    const DataFolder one("overlays-one", DataFolder::Form::Overlay);
    const DataFolder two("overlays-two", DataFolder::Form::Overlay);
    one.vendor("third", R"("ids":{"cip":[3]},"aliases":["Derde"])");
    two.vendor("third", R"("ids":{"cip":[9]})");
    two.vendor("fourth", R"("ids":{"cip":[3]},"aliases":["Derde"])");
    const VendorDb db = base.open({one.path(), two.path()});
    CHECK(db.vendor("third")->overlay == two.path());
    CHECK(db.id("cip:3")->vendor == "fourth");
    CHECK(db.id("cip:9")->vendor == "third");
    CHECK(db.named("derde")->slug == "fourth");
    CHECK(base.open({two.path(), one.path()}).named("derde")->slug == "third");
}

TEST_CASE("every problem of every overlay is told, with its place, and nothing is opened") {
    const DataFolder base("overlay-bad-base");
    put_base(base);
    const DataFolder one("overlay-bad-one", DataFolder::Form::Overlay);
    const DataFolder two("overlay-bad-two", DataFolder::Form::Overlay);
    one.put("vendor/first.json", "{}");
    one.vendor("first", R"("origin":[{"claim":"headquarters","country":"AA","status":"verified","as_of":"2026-01"}])");
    two.vendor("other", R"("owned_by":[{"owner":"nobody","owner_name":"N","status":"unverified","as_of":"2026-01"}])");
    two.put("fingerprints/x.xml",
            "<fingerprints matches='x'><fingerprint pattern='^a'><description>a</description></fingerprint></fingerprints>");
    for (const std::string& line : base.compile()) FAIL_CHECK(line);
    const Result<VendorDb> opened = VendorDb::open(base.out(), {one.path(), two.path(), one.path() + "-missing"});
    REQUIRE_FALSE(opened.ok());
    const std::vector<std::string> expected = {
        one.path() +
            "/vendor: is not part of an overlay (vendors, lists, fingerprints, jurisdictions.json, traps.json, "
            "vocabulary.json)",
        one.path() + "/vendors/first.json: /origin/0: is verified and misses the key \"source\"",
        one.path() + "/vendors/first.json: /origin/0: is verified and misses the key \"quote\"",
        two.path() + "/fingerprints/x.xml:1: has no example",
        two.path() + "/vendors/other.json: /owned_by/0/owner: there is no vendor \"nobody\"",
        one.path() + "-missing: is not a folder",
    };
    CHECK(lines_of(opened.problems()) == expected);
}

TEST_SUITE_END();

}  // namespace overlay_test
