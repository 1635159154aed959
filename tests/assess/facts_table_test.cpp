#include "assess/facts_table.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "assess/assess.h"
#include "assess/row_set.h"
#include "tests/assess/example_site.h"

using namespace herkomst;
using example::Folder;
using example::site_of;
using example::Thing;

namespace facts_table_test {

TEST_SUITE_BEGIN("assess.facts_table");

namespace {

bool same(const FactsRow& a, const FactsRow& b) { return a.asset == b.asset && a.facts == b.facts && a.evidence == b.evidence; }

const PolicyPacks& ours() {
    static const PolicyPacks packs = [] {
        Result<PolicyPacks> loaded = PolicyPacks::load(HERKOMST_SOURCE_DIR "/rules", {"all"});
        REQUIRE(loaded.ok());
        return std::move(loaded.value());
    }();
    return packs;
}

// More than are worked on at the same time, of four makers and of none.
std::vector<Asset> many(std::size_t count) {
    const char* const makers[] = {"riverside", "hillside", "meadow", "valley", ""};
    std::vector<Asset> out;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string key = std::to_string(1'000'000 + i * 7919 % 999'983);  // not in the order of their keys
        const std::string mac = "00:00:5e:00:53:" + std::to_string(10 + i % 80) + "-" + std::to_string(i);
        Thing thing(key, mac, i + 1);
        const std::string maker = makers[i % 5];
        if (!maker.empty()) thing.says(Field::maker, "Example " + maker, maker, "modbus.device_id");
        if (i % 3 == 0) thing.says(Field::model, "RS" + std::to_string(10 + i % 90) + "K");
        if (i % 4 == 0) thing.says(Field::category, "solar_inverter");
        if (i % 7 == 0) thing.says(Field::remote_exposed, "sunspec controls");
        out.push_back(thing);
    }
    return out;
}

}  // namespace

TEST_CASE("a row comes back as it was, whatever it holds") {
    FactsRow row;
    row.asset = "0123456789abcdef";
    row.facts = {{"asset", row.asset},
                 {"label", "Pump 7"},
                 {"negative", -5},
                 {"large", std::int64_t{1} << 62},
                 {"least", INT64_MIN},
                 {"none", Json()},
                 {"yes", true},
                 {"no", false},
                 {"part", 0.25},
                 {"list", Json::array()},
                 {"empty", ""},
                 {"maker_lists", " one two "},
                 {std::string(300, 'c'), 1}};
    row.evidence = {{"maker", {{"s1", 12, 54, 60}, {"s2", 3, 0, 0}}},
                    {"maker_name", {{"s1", 12, 54, 60}, {"s2", 3, 0, 0}}},
                    {"model", {{"s1", UINT64_MAX, UINT32_MAX, UINT32_MAX}}},
                    {"nothing", {}}};
    FactsRow bare;
    bare.asset = "fedcba";
    FactsTable table;
    table.add(row);
    table.add(bare);
    REQUIRE(table.size() == 2);
    CHECK(same(table[0], row));
    CHECK(same(table[1], bare));
    CHECK(table.asset(1) == "fedcba");
    CHECK(table.row_of("0123456789abcdef") == 0);
    CHECK(table.row_of("fedcba") == 1);
    CHECK_FALSE(table.row_of("fedcb").has_value());
    CHECK_FALSE(table.row_of("z").has_value());
    const FactsTable copy = table;
    table.add(bare);
    CHECK(copy.size() == 3);  // the same rows
}

TEST_CASE("a set of rows holds what was put in, in order") {
    RowSet set;
    CHECK(set.empty());
    CHECK(std::vector<std::uint32_t>(set.begin(), set.end()).empty());
    const std::vector<std::uint32_t> rows = {0, 1, 63, 64, 127, 128, 1000, 4096};
    for (auto at = rows.rbegin(); at != rows.rend(); ++at) set.add(*at);
    CHECK(std::vector<std::uint32_t>(set.begin(), set.end()) == rows);
    CHECK(set.contains(64));
    CHECK_FALSE(set.contains(65));
    CHECK_FALSE(set.contains(1'000'000));
    CHECK_FALSE(set.empty());
}

TEST_CASE("assets in batches give the findings, sums and refutations of all at once") {
    const Folder folder("batches");
    const VendorDb db = example::vendors(folder);
    const Identified site = site_of(many(4'500));
    const Assessment batched = assess(site, db, ours(), {"north"});

    std::vector<FactsRow> rows = facts_of(site, db);
    apply_orders(rows, ours().orders(), db);
    const std::vector<Group> groups = groups_of(rows, db, {"north"});
    std::vector<Refuted> refuted;
    const std::vector<Finding> findings = judge(rows, groups, &db, ours(), &refuted);

    REQUIRE(batched.facts.size() == rows.size());
    std::size_t other = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) other += same(batched.facts[i], rows[i]) ? 0 : 1;
    CHECK(other == 0);

    REQUIRE(batched.findings.size() == findings.size());
    CHECK(findings.size() > 300);
    other = 0;
    for (std::size_t i = 0; i < findings.size(); ++i)
        other += write_json(to_json(batched.findings[i])) == write_json(to_json(findings[i])) ? 0 : 1;
    CHECK(other == 0);

    REQUIRE(batched.groups.size() == groups.size());
    for (std::size_t i = 0; i < groups.size(); ++i) {
        CHECK(batched.groups[i].key == groups[i].key);
        CHECK(batched.groups[i].facts == groups[i].facts);
        CHECK(batched.groups[i].members == groups[i].members);
    }
    REQUIRE(batched.refuted.size() == refuted.size());
    for (std::size_t i = 0; i < refuted.size(); ++i) {
        CHECK(batched.refuted[i].rule == refuted[i].rule);
        CHECK(std::equal(refuted[i].rows.begin(), refuted[i].rows.end(), batched.refuted[i].rows.begin(),
                         batched.refuted[i].rows.end()));
    }
}

TEST_CASE("findings outlive the rules that they were made of") {
    const Folder folder("outlive");
    const VendorDb db = example::vendors(folder);
    std::optional<Result<PolicyPacks>> packs(PolicyPacks::load(HERKOMST_SOURCE_DIR "/rules"));
    REQUIRE(packs->ok());
    const Assessment all = assess(site_of(many(40)), db, packs->value(), {"north"});
    const std::string before = write_json(to_json(all.findings[0]));
    packs.reset();
    CHECK(write_json(to_json(all.findings[0])) == before);
}

TEST_SUITE_END();

}  // namespace facts_table_test
