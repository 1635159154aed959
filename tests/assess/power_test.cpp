// Switchable power: what is certain, what is not, and from which of the four kinds of evidence.
#include <doctest/doctest.h>

#include <algorithm>

#include "assess/rules.h"
#include "identity/fuse.h"
#include "tests/assess/example_site.h"

using namespace herkomst;
using example::Folder;
using example::site_of;
using example::Thing;

namespace power_test {

TEST_SUITE_BEGIN("power");

namespace {

Group group(const std::vector<Group>& groups, std::string_view kind, std::string_view key) {
    for (const Group& one : groups) {
        if (one.kind == kind && one.key == key) return one;
    }
    FAIL("no such group");
    return {};
}

Json fact(const Facts& facts, std::string_view name) {
    const auto found = facts.find(name);
    return found == facts.end() ? Json() : found->second;
}

FactsRow row(const std::string& asset, Facts facts) {
    FactsRow out;
    out.asset = asset;
    facts.emplace("kind", "device");
    facts.emplace("site", "north");
    facts.emplace("label", asset);
    out.facts = std::move(facts);
    return out;
}

Facts power(const char* maker, std::int64_t watts, Facts more) {
    more.emplace("maker", maker);
    more.emplace("power_device", 1);
    if (watts >= 0) more.emplace("rated_power", watts);
    return more;
}

}  // namespace

TEST_CASE("a nameplate goes before the product line, and a contradiction is shown") {
    const Folder folder("nameplate");
    const VendorDb db = example::vendors(folder);
    const auto inverter = [](const char* key, const char* mac) {
        return Thing(key, mac, 1).says(Field::maker, "Riverside", "riverside").says(Field::category, "solar_inverter");
    };
    const std::vector<FactsRow> rows =
        facts_of(site_of({inverter("a", "00:00:5e:00:53:01").says(Field::model, "RS50K"),
                          inverter("b", "00:00:5e:00:53:02").says(Field::model, "RS50K").says(Field::rated_power, "52 kW"),
                          inverter("c", "00:00:5e:00:53:03").says(Field::model, "RS50K").says(Field::rated_power, "30000"),
                          inverter("d", "00:00:5e:00:53:04").says(Field::model, "unheard of")}),
                 db);
    REQUIRE(rows.size() == 4);
    CHECK(fact(rows[0].facts, "rated_power") == Json(50'000));
    CHECK(fact(rows[0].facts, "rated_power_by") == Json("type_number"));
    CHECK(fact(rows[0].facts, "rated_power_contested") == Json(0));
    CHECK(fact(rows[1].facts, "rated_power") == Json(52'000));
    CHECK(fact(rows[1].facts, "rated_power_by") == Json("nameplate"));
    CHECK(fact(rows[1].facts, "rated_power_contested") == Json(0));
    CHECK(fact(rows[2].facts, "rated_power") == Json(30'000));
    CHECK(fact(rows[2].facts, "rated_power_contested") == Json(1));
    CHECK(fact(rows[3].facts, "rated_power").is_null());
    CHECK(fact(rows[3].facts, "rated_power_by").is_null());
    CHECK(fact(group(groups_of(rows, db, {"north"}), "site", "north").facts, "power_contested_assets") == Json(1));
}

TEST_CASE("the order of sources is one: in the manual, in the header, and in what comes out") {
    const auto text = [](const char* path) {
        const Result<std::string> read = read_file(std::string(HERKOMST_SOURCE_DIR) + path, std::size_t{1} << 20);
        REQUIRE(read.ok());
        return read.value();
    };
    const std::string order = "in this order: answer, nameplate, product line, inventory";
    CHECK(text("/rules/README.md").find(order) != std::string::npos);
    CHECK(text("/scanner/assess/rated_power.h").find(order) != std::string::npos);
    const Folder folder("order");
    const VendorDb db = example::vendors(folder);
    // What two sources say of one device, as claims; the first is the stronger.
    const auto facts = [&](std::vector<std::pair<Strength, const char*>> said) {
        Asset asset = Thing("a", "00:00:5e:00:53:01", 1).says(Field::maker, "Riverside", "riverside");
        for (const auto& [strength, watts] : said) {
            Claim claim;
            claim.field = Field::rated_power;
            claim.value = watts;
            claim.strength = strength;
            claim.method = std::string("m") + watts;
            claim.from = {"0123456789abcdef", 7, 0, 0};
            asset.claims.push_back(claim);
        }
        asset.beliefs = fuse(asset.claims, db, Time(std::chrono::seconds(1'800'000'000)));
        return facts_of(site_of({asset}), db).at(0).facts;
    };
    const std::pair<Strength, const char*> answer{Strength::Confirmed, "10000"};
    const std::pair<Strength, const char*> nameplate{Strength::Stated, "20000"};
    const std::pair<Strength, const char*> product{Strength::Matched, "30000"};
    const std::pair<Strength, const char*> inventory{Strength::Listed, "40000"};
    const std::vector<std::pair<Strength, const char*>> all = {answer, nameplate, product, inventory};
    for (std::size_t a = 0; a < all.size(); ++a) {
        for (std::size_t b = a + 1; b < all.size(); ++b) {
            CAPTURE(all[a].second);
            CAPTURE(all[b].second);
            CHECK(fact(facts({all[b], all[a]}), "rated_power") == Json(static_cast<std::int64_t>(a + 1) * 10'000));
        }
    }
    // A product line that goes by an inventory's word for the model is as strong as that inventory: neither counts.
    const Facts both = facts({{Strength::Listed, "110000"}, {Strength::Listed, "60000"}});
    CHECK(fact(both, "rated_power").is_null());
    CHECK(fact(both, "rated_power_low") == Json(60'000));
    CHECK(fact(both, "rated_power_contested") == Json(1));
}

TEST_CASE("a slip of the unit is no choice: equally strong powers that differ are contested in the belief as well") {
    const Folder folder("slip");
    const VendorDb db = example::vendors(folder);
    const auto belief = [&](const char* a, const char* b, Strength second = Strength::Listed) {
        std::vector<Claim> claims(2);
        for (Claim& claim : claims) {
            claim.field = Field::rated_power;
            claim.strength = Strength::Listed;
        }
        claims[0].value = a;
        claims[0].method = "csv.power";
        claims[1].value = b;
        claims[1].method = "product:riverside";
        claims[1].strength = second;
        return fuse(claims, db, Time(std::chrono::seconds(1'800'000'000))).at(Field::rated_power);
    };
    for (const char* slip : {"110", "110000000", "60000"}) {
        CAPTURE(slip);
        CHECK(belief(slip, "110000").contested);
        CHECK(belief(slip, "110000").value.empty());
        CHECK(belief(slip, "110000").dissent.size() == 2);
    }
    // Rounded, said in another unit, or by a stronger source.
    CHECK_FALSE(belief("110000", "105000").contested);
    CHECK_FALSE(belief("110 kW", "110000").contested);
    CHECK(belief("110", "110000", Strength::Matched).value == "110000");
}

TEST_CASE("power stands in the texts of rules as it does in the summary") {
    const auto text = [](std::int64_t watts, const char* language) {
        return filled("{switchable_power_at_least}", language, "groups", {{"switchable_power_at_least", Json(watts)}}, nullptr);
    };
    CHECK(text(111'210'000, "nl") == "111,2 MW");
    CHECK(text(111'210'000, "en") == "111.2 MW");
    CHECK(text(850, "nl") == "850 W");
    CHECK(text(52'500, "nl") == "52,5 kW");
    CHECK(text(110'000, "en") == "110 kW");
    CHECK(text(1'234'000, "nl") == "1.234 kW");
}

TEST_CASE("two inventories of one device: contested, with what each says, and no sum takes either for certain") {
    const Folder folder("inventories");
    const VendorDb db = example::vendors(folder);
    const auto listed = [](std::vector<std::pair<const char*, std::uint64_t>> powers) {
        Asset asset = Thing("a", "00:00:5e:00:53:01", 1)
                          .says(Field::maker, "Hillside", "hillside")
                          .says(Field::category, "solar_inverter")
                          .says(Field::remote_exposed, "yes");
        for (const auto& [power, row] : powers) {
            Claim claim;
            claim.field = Field::rated_power;
            claim.value = power;
            claim.strength = Strength::Listed;
            claim.method = "csv.power";
            claim.from = {"0123456789abcdef", row, 0, 0};
            asset.claims.push_back(claim);
        }
        Belief belief;
        belief.value = powers.front().first;
        belief.strength = Strength::Listed;
        asset.beliefs[Field::rated_power] = belief;
        return asset;
    };
    const std::vector<FactsRow> rows = facts_of(site_of({listed({{"50000", 3}, {"60000", 7}})}), db);
    const Facts& facts = rows.at(0).facts;
    CHECK(fact(facts, "rated_power").is_null());
    CHECK(fact(facts, "rated_power_contested") == Json(1));
    CHECK(fact(facts, "rated_power_low") == Json(50'000));
    CHECK(fact(facts, "rated_power_high") == Json(60'000));
    CHECK(fact(facts, "rated_power_claims") ==
          Json("50000 inventory csv.power 0123456789abcdef:3; 60000 inventory csv.power 0123456789abcdef:7"));
    const Group site = group(groups_of(rows, db, {"north"}), "site", "north");
    CHECK(fact(site.facts, "power_contested_assets") == Json(1));
    CHECK(fact(site.facts, "contested_power_low") == Json(50'000));
    CHECK(fact(site.facts, "contested_power_high") == Json(60'000));
    CHECK(site.rated_power == 50'000);
    CHECK(site.rated_power_unknown == 0);
    CHECK(fact(site.facts, "rated_power").is_null());
    CHECK(site.switchable_power == 50'000);
    CHECK(fact(site.facts, "switchable_power").is_null());
    CHECK(fact(site.facts, "site_share").is_null());
    // As good as the same; and what a person says settles it.
    CHECK(fact(facts_of(site_of({listed({{"50000", 3}, {"52000", 7}})}), db).at(0).facts, "rated_power") == Json(50'000));
    std::vector<FactsRow> answered = rows;
    answered[0].facts["rated_power"] = 60'000;
    complete(answered[0], db);
    CHECK(fact(answered[0].facts, "rated_power_contested") == Json(0));
    CHECK(fact(answered[0].facts, "rated_power_by") == Json("answer"));
    CHECK(group(groups_of(answered, db, {"north"}), "site", "north").rated_power == 60'000);
}

TEST_CASE(
    "a power of which nobody knows what kind of device it is counts, as power that may be switchable, and is asked about") {
    const Folder folder("kinds");
    const VendorDb db = example::vendors(folder);
    const std::vector<FactsRow> rows = {row("a", {{"rated_power", 50'000}}), row("b", {{"rated_power", 0}}),
                                        row("c", {{"category", "printer"}, {"power_device", 0}, {"rated_power", 800}})};
    const std::vector<Group> groups = groups_of(rows, db, {"north"});
    const Group site = group(groups, "site", "north");
    CHECK(site.power_assets == 1);
    CHECK(site.rated_power == 50'000);
    CHECK(site.switchable_maybe == 1);
    CHECK(fact(site.facts, "switchable_power").is_null());
    CHECK(fact(site.facts, "power_uncategorised_assets") == Json(1));
    CHECK(fact(site.facts, "uncategorised_power") == Json(50'000));
    Result<PolicyPacks> packs = PolicyPacks::load(HERKOMST_SOURCE_DIR "/rules", {"nl-zelfscan"});
    REQUIRE(packs.ok());
    const std::vector<Finding> findings = judge(rows, groups, &db, packs.value());
    const auto asked = std::find_if(findings.begin(), findings.end(),
                                    [](const Finding& f) { return f.rule == "rated-power-without-category"; });
    REQUIRE(asked != findings.end());
    CHECK(asked->verdict == Ruling::Question);
    CHECK(asked->missing == std::vector<std::string>{"category", "power_device"});
}

TEST_CASE("sums are split by documented, offered, observed and cut off, and say what they do not know") {
    const Folder folder("split");
    const VendorDb db = example::vendors(folder);
    const std::vector<FactsRow> rows = {
        row("a", power("riverside", 50'000, {{"remote_documented", 1}})),
        row("b", power("riverside", 60'000, {{"remote_documented", 1}, {"remote_observed", 1}})),
        row("c", power("riverside", 40'000, {{"remote_exposed", 1}, {"remote_blocked", 1}})),
        row("d", power("riverside", -1, {{"remote_exposed", 1}})),
        row("e", power("hillside", 10'000, {})),
        row("f", power("hillside", 20'000, {{"remote_documented", 0}, {"remote_exposed", 0}, {"remote_observed", 0}})),
    };
    const std::vector<Group> groups = groups_of(rows, db, {"north"});
    const Facts riverside = group(groups, "vendor", "riverside").facts;
    CHECK(fact(riverside, "switchable_power_at_least") == Json(110'000));
    CHECK(fact(riverside, "switchable_power").is_null());  // one has no known rating
    CHECK(fact(riverside, "documented_power_at_least") == Json(110'000));
    CHECK(fact(riverside, "observed_power_at_least") == Json(60'000));
    CHECK(fact(riverside, "exposed_power_at_least") == Json(0));
    CHECK(fact(riverside, "blocked_power_at_least") == Json(40'000));
    CHECK(fact(riverside, "power_unknown_assets") == Json(1));
    CHECK(fact(riverside, "site_share").is_null());
    CHECK(fact(riverside, "site_share_at_least") == Json(0));
    const Facts hillside = group(groups, "vendor", "hillside").facts;
    CHECK(fact(hillside, "switchable_maybe_assets") == Json(1));
    CHECK(fact(hillside, "switchable_power").is_null());
    CHECK(fact(hillside, "switchable_power_at_least") == Json(0));
    CHECK(fact(hillside, "site_rated_power_at_least") == Json(180'000));
}

TEST_CASE("shares of the site and of everything that the organisation has") {
    const Folder folder("shares");
    const VendorDb db = example::vendors(folder);
    std::vector<FactsRow> rows = {
        row("a", power("riverside", 60'000, {{"remote_documented", 1}})),
        row("b", power("hillside", 40'000, {{"remote_documented", 0}, {"remote_exposed", 0}, {"remote_observed", 0}}))};
    Facts riverside = group(groups_of(rows, db, {"north"}), "vendor", "riverside").facts;
    CHECK(fact(riverside, "site_share") == Json(60));
    CHECK(fact(riverside, "site_share_at_least") == Json(60));
    CHECK(fact(riverside, "portfolio_share").is_null());
    for (FactsRow& one : rows) one.facts["portfolio_power"] = 600'000;
    riverside = group(groups_of(rows, db, {"north"}), "vendor", "riverside").facts;
    CHECK(fact(riverside, "portfolio_share") == Json(10));
    CHECK(fact(group(groups_of(rows, db, {"north"}), "site", "north").facts, "site_share") == Json(60));
}

TEST_CASE("devices of the plant that nobody knows are counted for the site, not reported one by one") {
    const Folder folder("unknown");
    const VendorDb db = example::vendors(folder);
    const std::vector<FactsRow> rows = {
        row("a", {{"plant_protocol", 1}}), row("b", {{"plant_protocol", 1}, {"maker_name", "Example"}}),
        row("c", {{"plant_protocol", 1}, {"maker_contested", 1}, {"category", "plc"}}), row("d", {{"plant_protocol", 0}})};
    const Facts site = group(groups_of(rows, db, {"north"}), "site", "north").facts;
    CHECK(fact(site, "maker_unknown_assets") == Json(1));
    CHECK(fact(site, "unidentified_assets") == Json(2));
}

TEST_CASE("an ultimate parent has a sum of its own where it stands above makers") {
    const Folder folder("parents");
    const VendorDb db = example::vendors(folder);
    const std::vector<FactsRow> rows = {
        row("a", power("riverside", 60'000, {{"remote_documented", 1}, {"parent", "Holding"}})),
        row("b", power("meadow", 50'000, {{"remote_documented", 1}, {"parent", "Holding"}})),
        row("c", power("hillside", 50'000, {{"remote_documented", 1}, {"parent", "hillside"}}))};
    const std::vector<Group> groups = groups_of(rows, db, {"north"});
    CHECK(group(groups, "parent", "Holding").switchable_power == 110'000);
    CHECK(std::none_of(groups.begin(), groups.end(), [](const Group& g) { return g.kind == "parent" && g.key == "hillside"; }));
}

TEST_CASE("what people answer is folded over the members") {
    const Folder folder("folded");
    const VendorDb db = example::vendors(folder);
    const auto folded = [&](std::vector<Json> answers) {
        std::vector<FactsRow> rows;
        for (const Json& answer : answers) {
            Facts facts = power("riverside", 1000, {});
            if (!answer.is_null()) facts.emplace("egress_blocked", answer);
            rows.push_back(row(std::string(1, static_cast<char>('a' + rows.size())), std::move(facts)));
        }
        return fact(group(groups_of(rows, db, {"north"}), "site", "north").facts, "egress_blocked");
    };
    CHECK(folded({1, 1}) == Json(1));
    CHECK(folded({1, 0}) == Json(0));
    CHECK(folded({Json(), 0}) == Json(0));
    CHECK(folded({1, Json()}).is_null());
    CHECK(folded({Json()}).is_null());
    // A printer that nobody answered for leaves nothing open where there are power devices.
    const std::vector<FactsRow> mixed = {row("a", power("riverside", 1000, {{"fallback", 1}})),
                                         row("p", {{"category", "printer"}})};
    CHECK(fact(group(groups_of(mixed, db, {"north"}), "site", "north").facts, "fallback") == Json(1));
    const std::vector<FactsRow> printers = {row("p", {{"category", "printer"}, {"fallback", 1}}), row("q", {})};
    CHECK(fact(group(groups_of(printers, db, {"north"}), "site", "north").facts, "fallback").is_null());
}

TEST_CASE("answers fill what is unknown, and what follows from them is derived") {
    const Folder folder("answers");
    const VendorDb db = example::vendors(folder);
    Result<PolicyPacks> packs = PolicyPacks::load(HERKOMST_SOURCE_DIR "/rules", {"nl-zelfscan"});
    REQUIRE(packs.ok());
    AssessOptions options{"north"};
    options.answers = [](std::vector<FactsRow>& rows) {
        for (FactsRow& one : rows) {
            one.facts["maker"] = "Example riverside";  // a person writes a name
            one.facts["category"] = "solar_inverter";
            one.facts["model"] = "RS50K";
        }
    };
    const Assessment assessment = assess(site_of({Thing("a", "00:00:5e:00:53:01", 1)}), db, packs.value(), options);
    const Facts facts = assessment.facts[0].facts;
    CHECK(fact(facts, "maker") == Json("riverside"));
    CHECK(fact(facts, "control_country") == Json("XA"));
    CHECK(fact(facts, "offensive_programme") == Json(1));
    CHECK(fact(facts, "power_device") == Json(1));
    CHECK(fact(facts, "remote_documented") == Json(1));
    CHECK(fact(facts, "rated_power") == Json(50'000));
    CHECK(group(assessment.groups, "jurisdiction", "XA").switchable_power == 50'000);
    CHECK(std::any_of(assessment.findings.begin(), assessment.findings.end(), [](const Finding& finding) {
        return finding.rule == "solar-inverter-remote-control" && finding.verdict == Ruling::Open;
    }));
}

TEST_SUITE_END();

}  // namespace power_test
