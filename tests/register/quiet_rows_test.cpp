// After quiet intervals of `listen` a row is called edited where that is certain, and nowhere else: what each row holds is kept
// by events alone.
#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "register/fold.h"
#include "register/open.h"
#include "register/tables.h"
#include "register/verify.h"
#include "tests/register/plant.h"

using namespace herkomst;
using namespace herkomst::plant;
namespace fs = std::filesystem;

namespace quiet_rows_test {

TEST_SUITE_BEGIN("register.quiet_rows");

namespace {

const std::vector<Device> devices = {
    {"00:00:5e:00:53:0a",
     "10.1.0.11",
     {{Field::brand, "Example riverside"}, {Field::model, "RS50K"}, {Field::remote_blocked, "0"}}},
    {"00:00:5e:00:53:0b", "10.1.0.12", {{Field::brand, "Example hillside"}, {Field::category, "plc"}}}};

// A run, and three intervals in which nothing happened: runs 2 to 4. Kept to begin from again and again.
class Listened {
  public:
    explicit Listened(const std::string& name) : folder_(name), plant(folder_, folder_.at("site.db")) {
        plant.coverage = {{{}, "modbus", "malformed", 2}};
        plant.rate = [](const Finding&, Rating& into) {
            into.criteria = "set 1";
            into.inherent = into.residual = Band::Medium;
            return true;
        };
        plant.run(devices, 2);
        by_event = seals();
        for (const int minute : {1, 2, 3}) quiet(minute);
        fs::copy_file(plant.path(), folder_.at("whole.db"));
    }
    void quiet(int minute) {
        plant.minute = minute;
        plant.run(devices, 2, false, "eth0");
    }
    void begin(const std::string& edit) {
        fs::copy_file(folder_.at("whole.db"), plant.path(), fs::copy_options::overwrite_existing);
        sql::Database(plant.path(), sql::Mode::ReadWrite).run(edit);
    }
    // All that `row_seals` holds.
    [[nodiscard]] std::string seals() const {
        const Register held = Register::open_to_read(plant.path());
        sql::Query rows(held.connection().database, "SELECT name, key, digest FROM row_seals ORDER BY name, key");
        std::string out;
        while (rows.step()) out += rows.text(0) + ' ' + rows.text(1) + ' ' + rows.text(2) + '\n';
        return out;
    }
    [[nodiscard]] std::int64_t number(const std::string& query) const {
        return Register::open_to_read(plant.path()).connection().database.number(query);
    }
    [[nodiscard]] std::vector<std::string> problems() const { return verify(Register::open_to_read(plant.path())).problems; }

  private:
    Folder folder_;

  public:
    Plant plant;
    std::string by_event;
};

// An edit, the table that it is in, and what is said of its row; empty: it is not known which.
struct QuietEdit {
    std::string statements;
    std::string table;
    std::string row;
};
const std::vector<QuietEdit> quiet_edits = {
    // No interval touched these.
    {"UPDATE ratings SET decision = 'x' WHERE finding = (SELECT min(finding) FROM ratings)", "ratings", " was edited"},
    {"DELETE FROM sums WHERE kind = 'site'", "sums", " is gone"},
    {"INSERT INTO sums SELECT 'site', 'x', title_nl, title_en, assets, power_assets, rated_power, rated_power_unknown, "
     "switchable_assets, switchable_power, switchable_power_unknown, switchable_maybe, facts, members FROM sums WHERE kind = "
     "'site'",
     "sums", "table sums: row site x was put in"},
    {"UPDATE rules SET condition = '0' WHERE rule = 'path'", "rules", " was edited"},
    {"INSERT INTO rules SELECT 'x', rule_hash, policy, version, over, condition, likelihood, impact FROM rules LIMIT 1",
     "rules", " was put in"},
    // They put rows in, and left those of run 1.
    {"UPDATE runs SET program = 'x' WHERE run = 1", "runs", "table runs: row 1 was edited"},
    {"UPDATE sources SET packets = 7 WHERE run = 1", "sources", "table sources: row 1 1 was edited"},
    {"DELETE FROM coverage WHERE run = 1", "coverage", "table coverage: row 1 modbus malformed is gone"},
    {"UPDATE runs SET program = 'x' WHERE run = 3", "runs", ""},
    {"DELETE FROM sources WHERE run = 3", "sources", ""},
    {"INSERT INTO coverage VALUES (3, 'x', 'malformed', 1, 1)", "coverage", ""},
    // They wrote these anew.
    {"UPDATE beliefs SET value = 'Other' WHERE field = 'brand'", "beliefs", ""},
    {"UPDATE assets SET label = 'a kettle' WHERE number = 1", "assets", ""},
    {"DELETE FROM claims WHERE field = 'brand'", "claims", ""},
    {"INSERT INTO identifiers SELECT uid, 'ip', '10.9.9.9', site, first_run, last_run FROM identifiers LIMIT 1", "identifiers",
     ""},
};

std::vector<std::string> having(const std::vector<std::string>& problems, const std::string& part) {
    std::vector<std::string> out;
    std::copy_if(problems.begin(), problems.end(), std::back_inserter(out),
                 [&](const std::string& each) { return each.find(part) != std::string::npos; });
    return out;
}

// The table, and the row where it is known, and no other.
void check_told(const std::vector<std::string>& problems, const QuietEdit& edit, const std::string& table_told) {
    std::string all;
    for (const std::string& each : problems) all += each + '\n';
    INFO(edit.statements);
    INFO(all);
    CHECK(having(problems, "table " + edit.table + " " + table_told).size() == 1);
    const std::vector<std::string> rows = having(problems, ": row ");
    REQUIRE(rows.size() == (edit.row.empty() ? 0 : 1));
    if (!edit.row.empty()) {
        CHECK(rows.front().find("table " + edit.table + ": row ") != std::string::npos);
        CHECK(rows.front().ends_with(edit.row));
    }
    CHECK(having(problems, "table ").size() == 1 + rows.size());
}

}  // namespace

TEST_CASE("a quiet interval writes nothing of what each row holds, and changes nothing of what is true of it") {
    Listened site("unwritten");
    REQUIRE(site.number("SELECT count(*) FROM interim") == 1);
    REQUIRE_FALSE(site.by_event.empty());
    CHECK(site.seals() == site.by_event);
    for (const std::string& each : site.problems()) FAIL_CHECK(each);
}

TEST_CASE("what was edited after quiet intervals is told by its table, and by its row where that is certain") {
    Listened site("certain");
    for (const QuietEdit& edit : quiet_edits) {
        site.begin(edit.statements);
        check_told(site.problems(), edit, "is not what run 4 left: something in it was edited, deleted or put in");
    }
}

TEST_CASE("so whoever writes next tells it, and it stays known") {
    Listened site("next");
    for (const QuietEdit& edit : quiet_edits) {
        site.begin(edit.statements);
        site.quiet(4);
        check_told(having(site.problems(), " found: "), edit,
                   "was not what run 4 left: something in it had been edited, deleted or put in");
    }
}

TEST_CASE("which rows is not said where what they are held against was edited too, nor where the intervals' own word was") {
    Listened site("vouched");
    const std::string edit = "UPDATE rules SET condition = '0' WHERE rule = 'path'; ";
    site.begin(edit + "UPDATE row_seals SET digest = 'x' WHERE name = 'runs'");
    const std::vector<std::string> both = site.problems();
    CHECK(having(both, "table rules is not what run 4 left").size() == 1);
    CHECK(having(both, "table row_seals is not what run 4 left").size() == 1);
    CHECK(both.size() == 2);
    site.quiet(4);
    CHECK(having(site.problems(), "table rules was not what run 4 left").size() == 1);
    CHECK(having(site.problems(), ": row ").empty());
    // What an interval left is under no signature: what it says of these is not enough.
    site.begin("UPDATE row_seals SET digest = 'x' WHERE name = 'rules'");
    {
        sql::Database raw(site.plant.path(), sql::Mode::ReadWrite);
        put_interim(raw, 4);
        raw.run("UPDATE rules SET condition = '0' WHERE rule = 'path'");
    }
    CHECK(having(site.problems(), "table rules is not what run 4 left").size() == 1);
    CHECK(site.problems().size() == 1);
    site.quiet(4);
    CHECK(having(site.problems(), "table rules was not what run 4 left").size() == 1);
    CHECK(having(site.problems(), ": row ").empty());
    // What an interval left says nothing where it was changed: then nothing is held against the tables, of which it changed
    // some.
    for (const char* other : {"UPDATE interim SET tables = '{}'", "UPDATE interim SET hash = 'x'"}) {
        site.begin(edit + other);
        const std::vector<std::string> problems = site.problems();
        CHECK(having(problems, "what run 4 left without an event was changed").size() == 1);
        CHECK(having(problems, "run 4 is later than event").size() == 1);
        CHECK(problems.size() == 2);
    }
    // One that never was hides nothing.
    site.begin("DELETE FROM runs WHERE run > 1; DELETE FROM sources WHERE run > 1; UPDATE interim SET after_run = 1");
    CHECK(having(site.problems(), "table sources is not what event").empty());
    CHECK(having(site.problems(), "table assets is not what event").size() == 1);
}

TEST_CASE("what rows held that are gone goes with them when days are folded, and whoever edits then is told by row again") {
    Listened site("folded");
    {
        Register held = Register::open(site.plant.path());
        good(assert_is(held, site.plant.uid("10.1.0.12"), Field::location, "roof", nullptr, analyst(2, "seen there")));
    }
    const std::string runs = "SELECT count(*) FROM row_seals WHERE name IN ('runs', 'sources', 'coverage')";
    CHECK(site.number(runs) == 3 * 4);
    for (const int minute : {5, 6, 7}) site.quiet(minute);
    {
        Register held = Register::open(site.plant.path());
        CHECK(fold_days(held, on_day(3)) > 0);
    }
    CHECK(site.number(runs) == site.number("SELECT (SELECT count(*) FROM runs) + (SELECT count(*) FROM sources) + (SELECT "
                                           "count(*) FROM coverage)"));
    CHECK(site.number(runs) < 3 * 4);
    CHECK(site.problems().empty());
    sql::Database(site.plant.path(), sql::Mode::ReadWrite).run("UPDATE assets SET label = 'a kettle' WHERE number = 1");
    CHECK(having(site.problems(), "table assets: row ").size() == 1);
}

TEST_SUITE_END();

}  // namespace quiet_rows_test
