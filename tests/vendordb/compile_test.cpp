// From the files of vendordb/ to one SQLite file: the same bytes every time, and every problem of every file at once.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "data_folder.h"

namespace fs = std::filesystem;
using namespace herkomst;
using Folder = vendordb_test::DataFolder;
using vendordb_test::bytes_of;

namespace compile_test {

TEST_SUITE_BEGIN("vendordb_compile");

TEST_CASE("clouds: a sign is an attribute of a certificate or a range, one of the two, and one vendor's") {
    const Folder folder("signs");
    const auto cloud = [](const std::string& sign) {
        return R"({"suffix":"a.test","purpose":"p",)" + sign + Folder::claim("reported") + "}";
    };
    folder.vendor("one", R"("clouds":[)" + cloud("") + "," + cloud(R"("certificate":"OU=x",)") + "," +
                             cloud(R"("range":"192.0.2.0/33",)") + "," + cloud(R"("certificate":"CN=x","range":"192.0.2.1",)") +
                             "," + cloud(R"("certificate":"O=y",)") + "," + cloud(R"("range":"192.0.2.0/24",)") + "]");
    folder.vendor("two", R"("clouds":[)" + cloud(R"("certificate":"O=y",)") + "," + cloud(R"("range":"192.0.2.0/24",)") + "]");
    const std::vector<std::string> problems = folder.compile();
    const auto has = [&](const std::string& line) {
        return std::find(problems.begin(), problems.end(), line) != problems.end();
    };
    CHECK(has("vendors/one.json: /clouds/1/certificate: \"OU=x\" is not an attribute of a certificate like CN=Name"));
    CHECK(has("vendors/one.json: /clouds/2/range: \"192.0.2.0/33\" is neither an address nor a range of them"));
    CHECK(has("vendors/one.json: /clouds/3: has both certificate and range"));
    CHECK(has("vendors/two.json: /clouds/0/certificate: \"O=y\" stands with one already"));
    CHECK(has("vendors/two.json: /clouds/1/range: \"192.0.2.0/24\" stands with one already"));
    CHECK(problems.size() == 5);
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
                  R"("aliases":["Same Name",7,"!!"],"ids":{"cip":[5,5,-1],"pen":[6],"oui_org":["Org"],"zigbee":[1],
                      "sources":[{"publisher":"P","title":"T","address":"ftp://x","date":"2026"}]})");
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
        "source":)" + src + R"(,"sha256":"12","source_sha256":"AB","entries":[{"name":"N","vendor":"nosuch",)" +
                               unverified + "}]}");

    folder.put("lists/nothing.json", R"({"key":"nothing","title":{"nl":"l","en":"l"},"issuer":"i","date":"2026-01",
        "complete":"yes","sha256":")" + sha256("") +
                                         R"(","source":)" + src + "}");
    folder.put("lists/unsealed.json", R"({"key":"unsealed","title":{"nl":"l","en":"l"},"issuer":"i","date":"2026-01",
        "complete":"yes","source":)" + src +
                                          R"(,"entries":[]})");
    folder.put("lists/broken.json", R"({"key":"broken","title":{"nl":"l","en":"l"},"issuer":"i","date":"2026-01",
        "complete":"yes",)" + Folder::seal("entry\tN\t\t\t") +
                                        R"("source":)" + src + R"(,"entries":[{"name":"M",)" + Folder::claim("reported") +
                                        "}]}");
    folder.put("lists/countries.json", R"({"key":"countries","title":{"nl":"l","en":"l"},"issuer":"i","date":"2026-01",
        "complete":"yes","sha256":")" + sha256("") +
                                           R"(","source":)" + src + R"(,"jurisdictions":[{"country":"ZZ",)" + unverified +
                                           R"(},{"country":"unknown",)" + unverified + R"(},{"name":"AA",)" + unverified +
                                           "}]}");
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
        "vendors/a-vendor.json: /ids/sources/0/address: must be an address that starts with http:// or https://",
        "lists/unsealed.json: misses the key \"sha256\"",
        "lists/broken.json: /sha256: is not that of the entries, which is " +
            sha256("entry\tM\t\t\t\treported\t2026-01-02\thttps://example.org/t\tq\n"),
        "lists/list.json: /source_sha256: must be 64 hexadecimal digits in lower case",
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

TEST_CASE("services: names of one product each, sourced, the particular one first") {
    const Folder folder("services");
    folder.vendor("one", "");
    const auto entry = [](const std::string& suffixes, const std::string& product, const std::string& status = "reported",
                          const std::string& vendor = "one") {
        return R"({"suffixes":)" + suffixes + R"(,"product":")" + product + R"(","vendor":")" + vendor +
               R"(","category":"plc",)" + Folder::claim(status) + "}";
    };
    folder.put("services.json", "[" + entry(R"(["example.org","b.example.org"])", "General") + "," +
                                    entry(R"(["up.example.org"])", "Particular") + "]");
    const VendorDb db = folder.open();
    const auto product = [&](const char* host) {
        const auto hit = db.fingerprint("service.name", host);
        if (!hit) return std::string();
        for (const auto& [field, value] : hit->claims)
            if (field == Field::product) return value;
        return std::string("none");
    };
    CHECK(product("example.org") == "General");
    CHECK(product("x.up.example.org") == "Particular");
    CHECK(product("xup.example.org") == "General");
    CHECK(product("badexample.org").empty());
    CHECK(product("example.org.evil.test").empty());
    CHECK(product("exampleXorg").empty());
    CHECK(db.fingerprint("service.name", "up.example.org")->fingerprint ==
          "services/up.example.org (reported: P, T, 2026-01-02, https://example.org/t)");

    folder.put("services.json", "[" + entry(R"(["Example.org","a.b","a.b"])", "P") + "," +
                                    entry(R"(["a.b"])", "P", "reported", "nobody") + "," +
                                    entry(R"(["c.d"])", "P", "unverified") + R"(,{"suffixes":["e.f"]}])");
    const std::vector<std::string> found = folder.compile();
    const auto told = [&](const char* sentence) { return std::count(found.begin(), found.end(), sentence) == 1; };
    CHECK(told("services.json: /0/suffixes: \"Example.org\" is not a host name in lower case"));
    CHECK(told("services.json: /0/suffixes/2: \"a.b\" stands twice in this list"));
    CHECK(told("services.json: /1/suffixes: \"a.b\" stands twice"));
    CHECK(told("services.json: /1/vendor: there is no vendor \"nobody\""));
    CHECK(told("services.json: /2/status: a name shows a program only where a source says so"));
    CHECK(told("services.json: /3: misses the key \"product\""));
}

TEST_SUITE_END();

}  // namespace compile_test
