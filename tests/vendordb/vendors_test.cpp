// What `herkomst vendors` says: sources with every step, ends that are not known said as such, nothing guessed.
#include <algorithm>

#include "cli/vendor_assess.h"
#include "cli/vendor_claims.h"
#include "cli/vendor_pages.h"
#include "data_folder.h"

using vendordb_test::DataFolder;
using namespace herkomst;

namespace vendors_test {

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

const VendorDb& example() {
    static const VendorDb db = [] {
        const DataFolder folder("vendors");
        const auto product = [](const std::string& pattern, const std::string& text) {
            return R"({"pattern":")" + pattern +
                   R"(","category":"solar_inverter","watts_per_unit":1000,"examples":[{"text":")" + text + R"("}],)" +
                   DataFolder::claim("reported") + "}";
        };
        folder.vendor("brand", R"("aliases":["Merk BV"],"origin":[)" + DataFolder::origin("headquarters", "BB", "verified") +
                                   R"(],"owned_by":[)" +
                                   DataFolder::owner("middle", R"("share":"60 %","since":"2019",)", "verified") + "," +
                                   DataFolder::owner("", R"("share":"10 %",)", "reported") + R"(],"products":[)" +
                                   product("^BR(?P<n>[0-9]+)", "BR110") + "," + product("^S(?P<n>[0-9]+)", "S5") +
                                   R"(],"capabilities":[{"capability":"telemetry","channel":"app","party":"maker",)" +
                                   DataFolder::claim("reported") + "}]");
        folder.vendor("unsourced", R"("origin":[)" + DataFolder::origin("controlled_from", "AA", "unverified") + "]");
        folder.vendor("middle", R"("owned_by":[)" + DataFolder::owner("top", "", "reported") + "]");
        folder.vendor("top", R"("origin":[)" + DataFolder::origin("headquarters", "AA", "verified") +
                                 R"(,{"claim":"top_of_chain","value":"listed",)" + DataFolder::claim("verified") + "}]");
        folder.vendor("torn", R"("origin":[)" + DataFolder::origin("controlled_from", "AA", "reported") + "," +
                                  DataFolder::origin("controlled_from", "BB", "reported") + R"(],"products":[)" +
                                  product("^S(?P<n>[0-9]+)", "S7") + "]");
        folder.put("vendors/radio.json", R"({"slug":"radio","name":"Radio","kind":"module","categories":[],"origin":[)" +
                                             DataFolder::origin("controlled_from", "AA", "reported") + "]}");
        folder.put("lists/some.json", R"({"key":"some","title":{"nl":"Lijst","en":"List"},"issuer":"Issuer","date":"2026-01",
            "complete":"no",)" + DataFolder::seal("entry\tTop Holding\ttop\t\t") +
                                          R"("source":)" + DataFolder::source() +
                                          R"(,"entries":[{"name":"Top Holding","vendor":"top",)" +
                                          DataFolder::claim("reported") + "}]}");
        folder.put("lists/lands.json",
                   R"({"key":"lands","title":{"nl":"Landen","en":"Countries"},"issuer":"Issuer","date":"2026-01",
            "complete":"yes",)" +
                       DataFolder::seal("country\tAA\t\tabove 100 kW\t") + R"("source":)" + DataFolder::source() +
                       R"(,"jurisdictions":[{"country":"AA","scope":"above 100 kW",)" + DataFolder::claim("reported") + "}]}");
        return folder.open();
    }();
    return db;
}

}  // namespace

TEST_SUITE_BEGIN("vendors");

TEST_CASE("the chain: every step with status, source and date, to an end that is said") {
    const VendorDb& db = example();
    const std::string page = chain_page(db, *db.vendor("brand"), "en");
    CHECK(page.starts_with("1. brand Name brand\n"));
    CHECK(holds(page,
                "2. owned by Name middle\n     [verified] P, \"T\", 2026-01-02\n     https://example.org/t\n     \"q\"\n"
                "     as of 2026-01-02\n"));
    CHECK(holds(page, "3. owned by Name top -> Aa (AA)\n"));
    CHECK(holds(page, "   headquarters: Bb (BB)\n"));
    CHECK(holds(page, "   also on record: owned by Owner, 10 %\n"));
    CHECK(holds(page, "The chain ends at Name top: by this source nobody stands above (listed)\n  [verified] P"));
    CHECK(holds(page, "Jurisdiction of control: Aa (AA), reported\n"));
    CHECK(holds(page, "  law that compels cooperation: Law 1\n    [reported] P"));
    CHECK(holds(page, "  offensive cyber programme: no source on record; that does not prove that there is none\n"));

    const std::string unknown = chain_page(db, *db.vendor("radio"), "nl");
    CHECK(holds(unknown, "het is niet bekend of daar iemand boven staat"));
    const std::string torn = chain_page(db, *db.vendor("torn"), "en");
    CHECK(holds(torn, "   THESE SOURCES DISAGREE:\n   controlled from: Aa (AA)\n"));
    CHECK(holds(torn, "   controlled from: Bb (BB)\n"));
    CHECK(holds(torn, "Jurisdiction of control: contested: equally strong claims differ\n"));
    CHECK_FALSE(holds(page, "DISAGREE"));

    const std::vector<Json> rows = chain_rows(db, *db.vendor("brand"));
    REQUIRE(rows.size() == 5);
    CHECK(rows[1]["type"].string() == "chain_step");
    CHECK(rows[1]["status"].string() == "verified");
    CHECK(rows[1]["source"]["address"].string() == "https://example.org/t");
    CHECK(rows[3]["ends"].string() == "top");
    CHECK(rows[3]["country"].string() == "AA");
    CHECK(rows[4]["type"].string() == "jurisdiction_claim");
}

TEST_CASE("lists: the vendor, an owner that controls, the country of control; and what an incomplete list does not prove") {
    const VendorDb& db = example();
    const std::string page = vendor_page(db, *db.vendor("brand"), "en");
    CHECK(holds(page, "  List, Issuer, 2026-01: Top Holding (an owner)\n"));
    CHECK(holds(page, "  Countries, Issuer, 2026-01: Aa (AA) (the jurisdiction of control): above 100 kW\n"));
    const std::string torn = list_lines(db, *db.vendor("torn"), "en");
    CHECK(
        torn ==
        "  on none of the lists on record here\n  List: not named, but that list is not complete here: this proves nothing\n");
    // That a country of control has no source is said where a list rests on it.
    CHECK(
        holds(list_lines(db, *db.vendor("unsourced"), "en"), "Aa (AA) (the jurisdiction of control), without a source: above"));
    CHECK(list_rows(db, *db.vendor("top")).size() == 2);
}

TEST_CASE("who is meant: a name, a name with a model, a model; several are told and nobody is guessed") {
    const VendorDb& db = example();
    CHECK(meant_by(db, "MERK bv").vendor == db.vendor("brand"));
    CHECK(meant_by(db, "brand").vendor == db.vendor("brand"));
    const Meant both = meant_by(db, "Merk BV BR110-X");
    CHECK(both.vendor == db.vendor("brand"));
    CHECK(both.model == "BR110-X");
    REQUIRE(both.product);
    CHECK(both.product->rated_power == "110000");
    const Meant model = meant_by(db, "BR5");
    CHECK(model.vendor == db.vendor("brand"));
    CHECK(model.model == "BR5");
    const Meant several = meant_by(db, "S5");
    CHECK(several.vendor == nullptr);
    CHECK(several.several.size() == 2);
    CHECK(meant_by(db, "Merkwaardig").unknown == "Merkwaardig");
    CHECK(meant_by(db, "").unknown.empty());
    CHECK(meant_by(db, "").vendor == nullptr);
}

TEST_CASE("before a purchase: what rules would say of one such device") {
    const VendorDb& db = example();
    const Result<PolicyPacks> packs = PolicyPacks::from_text(R"({"id":"r","version":1,"title":{"nl":"Regel","en":"Rule"},
        "when":"control_country = 'AA' AND rated_power > 100000 AND remote_exposed = 1","likelihood":"3","impact":"5",
        "because":{"nl":"{label}","en":"{label} of {maker_name}"},"advice":{"nl":"a","en":"a"},
        "consideration":"","references":[{"title":"t"}],"examples":[
        {"facts":{"control_country":"AA","rated_power":100001,"remote_exposed":1},"verdict":"fires"},
        {"facts":{"control_country":"AA","rated_power":1,"remote_exposed":1},"verdict":"does_not"},
        {"facts":{"control_country":"AA","rated_power":100001},"verdict":"undecided"}]})",
                                                             "r.json");
    if (!packs)
        for (const Problem& problem : packs.problems()) FAIL_CHECK(problem.text());
    REQUIRE(packs.ok());
    const Meant big = meant_by(db, "BR110");
    const std::string page = assessment_page(db, big, &packs.value(), "en");
    CHECK(page.starts_with("Name brand BR110  (brand, maker)\n"));
    CHECK(holds(page, "  product line: solar inverter, 110 kW\n    [reported] P"));
    CHECK(holds(page, "  QUESTION [critical] Rule ("));
    CHECK(holds(page, "    missing to decide: remote_exposed\n"));
    CHECK(holds(page, "ASK THE SUPPLIER\n  Does the device offer switching or setting on the network? (remote_exposed)\n"));
    const std::string small = assessment_page(db, meant_by(db, "BR5"), &packs.value(), "en");
    CHECK(holds(small, "  no finding and no question\n"));
    CHECK(holds(assessment_page(db, meant_by(db, "Merk BV Iets"), &packs.value(), "nl"), "dit type is hier niet bekend"));
    const std::vector<Json> rows = assessment_rows(db, big, &packs.value());
    CHECK(rows.front()["type"].string() == "assessment");
    CHECK(rows.front()["rated_power"].string() == "110000");
    CHECK(rows.back()["type"].string() == "finding");
    CHECK(rows.back()["verdict"].string() == "question");
    // The same facts as a device on the network would have: a module's maker is no maker of the device.
    const Assessment radio = assess_one(db, meant_by(db, "Radio"), packs.value());
    REQUIRE(radio.facts.size() == 1);
    const auto facts = radio.facts[0].facts;
    CHECK(facts.at("module_maker").string() == "radio");
    const auto maker = facts.find("maker");
    CHECK((maker == facts.end() || maker->second.is_null()));
}

TEST_CASE("stale: older than so many months, counted to the day; a month without a day ends with its last") {
    const DataFolder folder("stale");
    const auto origin = [](const std::string& as_of) {
        return R"({"claim":"headquarters","country":"AA","status":"unverified","as_of":")" + as_of + R"("})";
    };
    folder.vendor("one", R"("origin":[)" + origin("2025-06-30") + "," + origin("2025-07-01") + "," + origin("2025-06") + "," +
                             origin("2024-01-15") + "]");
    const VendorDb db = folder.open();
    const auto stale = [&](unsigned months, const char* now) {
        std::vector<std::string> places;
        for (const PlacedClaim& claim : stale_claims(db, months, *parse_rfc3339(now))) {
            if (claim.place.starts_with("vendors/")) places.push_back(claim.place);
        }
        return places;
    };
    using Places = std::vector<std::string>;
    CHECK(stale(12, "2026-07-01T00:00:00Z") ==
          Places{"vendors/one.json: /origin/3", "vendors/one.json: /origin/0", "vendors/one.json: /origin/2"});
    CHECK(stale(12, "2026-06-30T23:59:59Z") == Places{"vendors/one.json: /origin/3"});
    CHECK(stale(12, "2026-07-02T00:00:00Z").size() == 4);
    CHECK(stale(24, "2026-07-02T00:00:00Z") == Places{"vendors/one.json: /origin/3"});
    CHECK(stale(240, "2026-07-02T00:00:00Z").empty());
}

TEST_CASE("a claim that counts without what a claim must carry is told with its place") {
    Sourcing bare;
    bare.status = ClaimStatus::Verified;
    Sourcing whole{ClaimStatus::Reported, "P", "T", "https://example.org", "2026", "q", "2026-01", ""};
    Sourcing odd{ClaimStatus::Unverified, "", "", "", "", "q", "2026-13", ""};
    std::vector<std::string> lines;
    for (const Problem& problem : wrong_claims({{"a: /0", "", &bare}, {"b: /0", "", &whole}, {"c: /0", "", &odd}}))
        lines.push_back(problem.text());
    CHECK(lines ==
          std::vector<std::string>{"a: /0: is verified and has no publisher", "a: /0: is verified and has no title",
                                   "a: /0: is verified and has no address", "a: /0: is verified and has no date",
                                   "a: /0: is verified and has no quote", "a: /0: has no date for which it holds (as_of)",
                                   "c: /0: is unverified and has a quote", "c: /0: has no date for which it holds (as_of)"});
    CHECK(wrong_claims(all_claims(example())).empty());
}

TEST_SUITE_END();

}  // namespace vendors_test
