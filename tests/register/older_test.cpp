// A register that an older program wrote, opened and taken on by this one.
#include <doctest/doctest.h>

#include <filesystem>

#include "core/file.h"
#include "register/history.h"
#include "register/open.h"
#include "register/verify.h"
#include "tests/register/plant.h"

using namespace herkomst;
using namespace herkomst::plant;
using example::site_of;
using example::Thing;

namespace older_test {

TEST_SUITE_BEGIN("register.older");

namespace {

// The three questions about single inverters: looked into, accepted, untouched.
constexpr const char* looked_into = "R-54q1qb2jpstfzeve";
constexpr const char* accepted = "R-0hrz9e3q7bfq240c";
constexpr const char* untouched = "R-yrqzxp05gzmk4k5k";
constexpr const char* rated_by_a_person = "R-grgvbnq35dd66ez5";

std::string schema_3(const Folder& folder) {
    const std::string path = folder.at("site.db");
    const Result<std::string> old = read_file(HERKOMST_SOURCE_DIR "/tests/register/schema_3.sql");
    REQUIRE(old.ok());
    write_file(path, "", 0600);
    sql::Database db(path, sql::Mode::ReadWrite);
    db.run(old.value());
    return path;
}

std::vector<Asset> inverters() {
    std::vector<Asset> out;
    for (const int number : {1, 2, 3}) {
        Thing thing("k" + std::to_string(number), "00:00:5e:00:53:0" + std::to_string(number), 7);
        thing.says(Field::maker, "Example riverside", "riverside").says(Field::category, "solar_inverter");
        thing.says(Field::model, "Type 9");
        out.push_back(thing);
    }
    return out;
}

// The rules of today over those three, without the claim of vendor data that would decide it.
RunReceipt run(const std::string& path, const Folder& folder, const VendorDb& db, std::vector<Asset> assets,
               std::function<void(std::vector<FactsRow>&)> answers = {}) {
    static const Result<PolicyPacks> packs = PolicyPacks::load(HERKOMST_SOURCE_DIR "/rules");
    REQUIRE(packs.ok());
    const Identified identified = site_of(std::move(assets));
    AssessOptions options{"north"};
    options.answers = [&](std::vector<FactsRow>& rows) {
        for (FactsRow& row : rows) row.facts.erase("remote_documented");
        if (answers) answers(rows);
    };
    const Assessment assessment = assess(identified, db, packs.value(), options);
    ScanRun run;
    run.site = "north";
    run.now = on_day(90);
    run.program = "herkomst test";
    run.vendordb = db.version();
    RunSource source;
    source.id = "capture";
    source.path = "capture.pcap";
    source.kind = "capture";
    source.usable = true;
    run.sources = {source};
    run.identified = &identified;
    run.assessment = &assessment;
    run.policies = &packs.value();
    run.vendors = &db;
    (void)folder;
    return Register::open(path).record(run);
}

// A maker of which nothing is documented, or the rule would be decided.
VendorDb undocumented(const Folder& folder) {
    example::vendors(folder);
    folder.put("overlay/vendors/riverside.json",
               R"({"slug":"riverside","name":"Example riverside","kind":"maker","categories":["solar_inverter"],"origin":[)"
               R"({"claim":"controlled_from","country":"XA",)" +
                   example::claim("reported") + "}]}");
    Result<VendorDb> db = VendorDb::open(folder.at("vendordb.sqlite"), {folder.at("overlay")});
    if (!db) {
        for (const Problem& problem : db.problems()) FAIL(problem.text());
    }
    return std::move(db.value());
}

const OverviewFinding* found(const std::vector<OverviewFinding>& list, std::string_view id) {
    const auto at = std::find_if(list.begin(), list.end(), [&](const OverviewFinding& one) { return one.finding.id == id; });
    return at == list.end() ? nullptr : &*at;
}

}  // namespace

TEST_CASE("a register of schema 3 is copied, brought up to date, and verifies; reading alone leaves it as it is") {
    const Folder folder("schema-3");
    const std::string path = schema_3(folder);
    const auto version = [](const std::string& of) {
        return sql::Database(of, sql::Mode::ReadOnly).number("PRAGMA user_version");
    };
    {
        const Register read = Register::open_to_read(path);
        CHECK(overview(read, nullptr).questions.size() == 3);
        CHECK_FALSE(overview(read, nullptr).findings.front().rating.has_value());
    }
    CHECK(version(path) == 3);
    const Register held = Register::open(path);
    CHECK(version(path) == Register::schema_version);
    CHECK(version(path + ".schema-3.backup") == 3);
    for (const std::string& each : verify(held).problems) FAIL_CHECK(each);
    // Of schema 3 on each run has its event: one that is taken away still shows.
    held.connection().database.run("PRAGMA foreign_keys = OFF; DELETE FROM runs WHERE run = 1");
    CHECK_FALSE(verify(held).problems.empty());
}

TEST_CASE("questions about single devices that the supplier is asked now move to it, with their event and what people set") {
    const Folder folder("moved");
    const std::string path = schema_3(folder);
    const VendorDb db = undocumented(folder);
    const RunReceipt receipt = run(path, folder, db, inverters());
    CHECK(receipt.moved == 3);
    const Register held = Register::open_to_read(path);
    const Overview all = overview(held, &db);
    const std::string target = finding_id("solar-inverter-remote-control", {"vendor", "riverside"});
    const OverviewFinding* supplier = found(all.questions, target);
    REQUIRE(supplier != nullptr);
    for (const char* old : {looked_into, accepted, untouched}) {
        CHECK(found(all.questions, old) == nullptr);
        const auto events = events_of(held, "finding", old);
        const auto moved =
            std::find_if(events.begin(), events.end(), [](const RegisterEvent& event) { return event.event == "moved"; });
        REQUIRE(moved != events.end());
        CHECK(moved->detail["to"].string() == target);
        CHECK(moved->detail["cause"].string() == "knowledge");
    }
    // What was set of the one that is worked on goes along, its measure too; who accepted it for one device did so for one.
    CHECK(supplier->status == "investigating");
    CHECK(supplier->work_at("note") == "supplier answers in April");
    CHECK(supplier->work_at("owner") == "R.Owner");
    REQUIRE(all.measures.size() == 1);
    CHECK(all.measures.front().finding == target);
    sql::Query kept(held.connection().database,
                    "SELECT count(*) FROM work WHERE subject = ? AND field IN ('status', 'accepted_until', 'accepted_by')");
    kept.bind(accepted);
    REQUIRE(kept.step());
    CHECK(kept.integer(0) == 3);
    // A person's rating of a finding that stands.
    const OverviewFinding* stands = nullptr;
    for (const auto* list : {&all.findings, &all.questions}) {
        if (const OverviewFinding* one = found(*list, rated_by_a_person)) stands = one;
    }
    REQUIRE(stands != nullptr);
    CHECK(stands->work_at("residual_why") == "behind a firewall");
    for (const std::string& each : verify(held).problems) FAIL_CHECK(each);
    // Once is enough.
    const std::int64_t before = held.connection().database.number("SELECT count(*) FROM events WHERE event = 'moved'");
    CHECK(run(path, folder, db, inverters()).moved == 0);
    CHECK(Register::open_to_read(path).connection().database.number("SELECT count(*) FROM events WHERE event = 'moved'") ==
          before);
    // Its story still leads to the three.
    const auto story = history(Register::open_to_read(path), "finding", target);
    CHECK(std::any_of(story.begin(), story.end(), [](const HistoryRow& row) { return row.subject == accepted; }));
}

TEST_CASE("one that is false of its device by now is refuted, and one that stands by now is the device's own finding") {
    const Folder folder("decided");
    const std::string path = schema_3(folder);
    const VendorDb db = undocumented(folder);
    const RunReceipt receipt = run(path, folder, db, inverters(), [](std::vector<FactsRow>& rows) {
        for (FactsRow& row : rows) {
            if (row.asset == "k1") {
                for (const char* fact : {"remote_documented", "remote_exposed", "remote_observed"}) row.facts[fact] = 0;
            }
            if (row.asset == "k2") row.facts["remote_exposed"] = 1;
        }
    });
    CHECK(receipt.moved == 1);
    const Overview all = overview(Register::open_to_read(path), &db);
    std::size_t refuted = 0;
    for (const OverviewFinding& one : all.questions) refuted += one.observation == "refuted" ? 1 : 0;
    CHECK(refuted == 1);
    CHECK(std::count_if(all.findings.begin(), all.findings.end(), [](const OverviewFinding& one) {
              return one.finding.rule == "solar-inverter-remote-control" && one.finding.subject.kind == "asset";
          }) == 1);
    for (const std::string& each : verify(Register::open_to_read(path)).problems) FAIL_CHECK(each);
}

TEST_SUITE_END();

}  // namespace older_test
