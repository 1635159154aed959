// Fingerprints in the Recog format, ours and Rapid7's, and the patterns beneath them.
#include "vendordb/fingerprints.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <thread>

#include "data_folder.h"
#include "identity/derive.h"
#include "vendordb/pattern.h"

namespace fs = std::filesystem;
using namespace herkomst;
using Folder = vendordb_test::DataFolder;
using vendordb_test::bytes_of;

namespace fingerprints_test {

TEST_SUITE_BEGIN("fingerprints");

TEST_CASE("fingerprints: first match, groups, flags, Latin-1") {
    const Folder folder("prints");
    folder.put("fingerprints/a.xml", R"xml(<fingerprints matches="http.server">
<fingerprint pattern="^Examp(?:le)?OS/([\d.]+)(?: \((.*)\))?$" flags="REG_ICASE"><description>Example</description>
  <example firmware="2.1" model="EX 1">exampleos/2.1 (EX 1)</example>
  <param pos="0" name="brand" value="Example"/><param pos="1" name="firmware"/><param pos="2" name="hw.product"/></fingerprint>
<fingerprint pattern="^two&#10;lines$"><description>Lines</description><example>two
lines</example><param pos="0" name="service" value="l"/><param pos="0" name="service.cpe23" value="cpe:/x"/></fingerprint>
<fingerprint pattern="(?m)^from.*to$"><description>Ruby</description><example>from
to</example><param pos="0" name="service" value="r"/></fingerprint>
<fingerprint pattern="^K&#xFC;hler \x{FC}$"><description>Umlaut</description><example>K&#xFC;hler &#xFC;</example>
  <example _encoding="base64">S/xobGVyIPw=</example><param pos="0" name="service" value="k"/></fingerprint>
</fingerprints>)xml");
    // "model" is what the example calls it, "hw.product" what the param does: the example must use the param's name.
    CHECK(folder.compile() ==
          std::vector<std::string>{"fingerprints/a.xml:2: the example \"exampleos/2.1 (EX 1)\" yields no model"});
    std::string xml = bytes_of(folder.out("fingerprints/a.xml"));
    xml.replace(xml.find("model=\"EX 1\""), 5, "hw.product");
    folder.put("fingerprints/a.xml", xml);
    const VendorDb db = folder.open();
    const auto hit = db.fingerprint("http.server", "EXAMPOS/3.0 (Z)");
    REQUIRE(hit);
    CHECK(hit->fingerprint == "a/Example");
    using Claims = std::vector<std::pair<Field, std::string>>;
    CHECK(hit->claims == Claims{{Field::brand, "Example"}, {Field::firmware, "3.0"}, {Field::model, "Z"}});
    CHECK(db.fingerprint("http.server", "ExampleOS/3.0")->claims ==
          Claims{{Field::brand, "Example"}, {Field::firmware, "3.0"}});
    CHECK(db.fingerprint("http.server", "two\nlines")->claims == Claims{{Field::service, "l"}});
    CHECK(db.fingerprint("http.server", "from a\nb to")->fingerprint == "a/Ruby");
    CHECK(db.fingerprint("http.server", "K\xfchler \xfc")->fingerprint == "a/Umlaut");
    CHECK_FALSE(db.fingerprint("http.server", "Other/1"));
    CHECK_FALSE(db.fingerprint("http.realm", "ExampleOS/3.0"));
    CHECK_FALSE(db.fingerprint("http.server", "Other/1"));  // from the cache
}

TEST_CASE("fingerprints: a value that names another param, and what Rapid7's files hold that ours may not") {
    const Folder folder("recog");
    folder.put("xml/example_banners.xml", R"xml(<fingerprints protocol="example" database_type="service">
<release/>
<fingerprint pattern="^EX (\d+)(?: on (\S+))?$" certainty="0.9"><description>Example</description>
  <example service.version="4" os.version="">EX 4</example>
  <example _encoding="base64" service.version="5" service.cpe23="cpe:/a:ex:ex:5" os.cpe23="cpe:/o:ex:os:7">RVggNSBvbiA3</example>
  <example _filename="long.txt" service.version="6"/>
  <param pos="0" name="service.cpe23" value="cpe:/a:ex:ex:{service.version}"/>
  <param pos="1" name="service.version"/><param pos="2" name="os.version"/>
  <param pos="0" name="os.cpe23" value="cpe:/o:ex:os:{os.version}"/>
  <param pos="0" name="hw.vendor" value="Example"/><param pos="0" name="os.vendor" value="ExOS"/>
  <param pos="0" name="os.certainty" value="0.5"/></fingerprint>
<fingerprint pattern="^L&#xE4;nge \d+$"><description>Umlaut</description><example _encoding="base64">TORuZ2UgNw==</example>
  <example>L&#xE4;nge 7</example></fingerprint>
<fingerprint pattern="^none$"><description>without example</description></fingerprint>
</fingerprints>)xml");
    folder.put("xml/example_banners/long.txt", "EX 6 on 9");
    Problems problems;
    std::vector<Fingerprint> read = read_recog(folder.out("xml"), problems);
    CHECK(problems.empty());
    REQUIRE(read.size() == 3);
    CHECK(read[0].evidence == "example_banners");
    const FingerprintCheck check = run_examples(read);
    CHECK(check.examples == 5);
    CHECK(check.failed == 0);
    for (const Problem& problem : check.problems) FAIL_CHECK(problem.text());
    FingerprintSet set;
    for (const Fingerprint& one : read) set.add(one);
    const auto match = set.match("example_banners", "EX 4");
    REQUIRE(match);
    // What is not known of a version is "-" in a CPE name.
    CHECK(std::find(match->values.begin(), match->values.end(),
                    std::pair<std::string, std::string>("os.cpe23", "cpe:/o:ex:os:-")) != match->values.end());
    // os.vendor is held for little certain: it is left out.
    using Claims = std::vector<std::pair<Field, std::string>>;
    CHECK(hit_of(*match).claims == Claims{{Field::brand, "Example"}});

    // Broken in every way.
    folder.put("xml/example_banners.xml", R"xml(<fingerprints matches="x">
<fingerprint pattern="^A("><description>a</description><example>A</example></fingerprint>
<fingerprint pattern="^B"><description>b</description><example>C</example><example os.version="1">B</example>
  <example _filename="../secret"/></fingerprint></fingerprints>)xml");
    read = read_recog(folder.out("xml"), problems);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].sentence == "an example's file \"../secret\" cannot be read");
    CHECK(run_examples(read).failed == 4);
    problems.clear();
    CHECK(read_recog(folder.out("nowhere"), problems).empty());
    CHECK(problems.size() == 1);
}

TEST_CASE("Rapid7's own files: every pattern compiles, every example comes out") {
    const char* named = std::getenv("HERKOMST_SHARED");
    const fs::path shared = named != nullptr ? fs::path(named) : fs::path(HERKOMST_SOURCE_DIR) / ".." / "shared";
    if (!fs::exists(shared / "recog" / "xml")) {
        MESSAGE("skipped without ../shared: no recog/xml in " << shared.string());
        return;
    }
    Problems problems;
    const std::vector<Fingerprint> read = read_recog((shared / "recog" / "xml").string(), problems);
    const FingerprintCheck check = run_examples(read);
    for (const Problem& problem : check.problems) FAIL_CHECK(problem.text());
    CHECK(problems.empty());
    CHECK(check.patterns >= 4657);
    CHECK(check.examples >= 7525);
    CHECK(check.failed == 0);
}

TEST_CASE("our own fingerprints: enough of them, every example comes out, every name is known, every kind is fed") {
    const std::string folder = HERKOMST_SOURCE_DIR "/vendordb/fingerprints";
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    Problems problems;
    std::vector<Fingerprint> all;
    for (const std::string& name : names) {
        const std::string stem = name.substr(0, name.find('.'));
        const std::vector<Fingerprint> read =
            read_fingerprints(bytes_of(folder + "/" + name), "fingerprints/" + name, stem, problems);
        all.insert(all.end(), read.begin(), read.end());
    }
    check_fingerprints(all, problems);
    for (const Problem& problem : problems) FAIL_CHECK(problem.text());
    CHECK(all.size() >= 600);

    const Result<VendorDb> opened = VendorDb::open(HERKOMST_BINARY_DIR "/data/vendordb.sqlite");
    REQUIRE(opened.ok());
    const std::string vocabulary = bytes_of(HERKOMST_SOURCE_DIR "/vendordb/vocabulary.json");
    const std::set<std::string_view> fed = evidence_kinds();
    std::set<std::pair<std::string, std::string>> patterns;
    for (const Fingerprint& fingerprint : all) {
        CAPTURE(fingerprint.file);
        CAPTURE(fingerprint.description);
        CHECK(fed.count(fingerprint.evidence) == 1);
        CHECK(patterns.emplace(fingerprint.evidence, fingerprint.pattern + " /" + fingerprint.flags).second);
        CHECK_FALSE(fingerprint.params.empty());
        for (const FingerprintParam& param : fingerprint.params) {
            if (param.value.empty()) continue;
            CAPTURE(param.value);
            if (param.name == "category") CHECK(vocabulary.find("\"key\": \"" + param.value + "\"") != std::string::npos);
            const bool supplier = param.name == "brand" || param.name == "stack_maker" || param.name == "module_maker";
            if (!supplier) continue;
            const Vendor* vendor = opened.value().named(param.value);
            REQUIRE(vendor != nullptr);
            if (param.name == "brand") CHECK(vendor->kind == "maker");
            if (param.name == "module_maker") CHECK(vendor->kind == "module");
        }
    }
}

TEST_CASE("fingerprints answer several threads alike") {
    const Folder folder("threads");
    REQUIRE(compile_vendordb(HERKOMST_SOURCE_DIR "/vendordb", folder.out()).empty());
    const Result<VendorDb> opened = VendorDb::open(folder.out());
    REQUIRE(opened.ok());
    const VendorDb& db = opened.value();
    std::vector<std::size_t> hits(4);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < hits.size(); ++t) {
        threads.emplace_back([&db, &hits, t] {
            for (int i = 0; i < 300; ++i) {
                if (db.fingerprint("http.server", "GoAhead-Webs")) ++hits[t];
                if (db.fingerprint("http.server", "Nothing/" + std::to_string(i))) ++hits[t];
                if (db.product("sungrow", "SG33CX")) ++hits[t];
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(hits == std::vector<std::size_t>(4, hits[0]));
    CHECK(hits[0] >= 300);
}

TEST_CASE("patterns: the literal that every match must hold") {
    const auto literal = [](const char* text) { return Pattern(text, Dialect::Ruby).literal(); };
    CHECK(literal("^Server/(\\d+)$") == "server/");
    CHECK(literal("abcdx?efg") == "abcd");
    CHECK(literal("abcde{0,2}") == "abcd");
    CHECK(literal("abcd+ef") == "abcd");
    CHECK(literal("foo|bar") == "");
    CHECK(literal("(foo|bar)bazaar") == "bazaar");
    CHECK(literal("(?i)Hello World") == "hello world");
    CHECK(literal("[)(|]quux") == "quux");
    CHECK(literal("[]x]quux") == "quux");
    CHECK(literal("a\\.b\\.c") == "a.b.c");
    CHECK(literal("\\x41BCDEF") == "");
    CHECK(literal("\\Q.*\\Eabc") == "");
    CHECK(literal("(?:optional)?") == "");
    CHECK_FALSE(Pattern("a(").problem().empty());
    CHECK_FALSE(Pattern("a(").match("a("));
    CHECK_FALSE(Pattern("(?x) a", Dialect::Ruby).problem().empty());
    CHECK(Pattern("a(?-mix:b.c)", Dialect::Ruby).match("ab-c"));
    CHECK_FALSE(Pattern("a.c", Dialect::Ruby).match("a\nc"));
    CHECK(Pattern("(?m)a.c", Dialect::Ruby).match("a\nc"));
    CHECK(Pattern("a.c", Dialect::Ruby, "s").match("a\nc"));
    CHECK(Pattern("^b$", Dialect::Ruby).match("a\nb"));
    CHECK_FALSE(Pattern("^b$").match("a\nb"));
}

TEST_SUITE_END();

}  // namespace fingerprints_test
