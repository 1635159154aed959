// What nobody may write beside the events: an event in the form of an older schema, a run that looks like a quiet interval.
#include "register/verify.h"

#include <fmt/core.h>

#include <algorithm>

#include "core/file.h"
#include "register/keep.h"
#include "register/open.h"
#include "tests/register/plant.h"
#include "vendordb/signed.h"

using namespace herkomst;
using namespace herkomst::plant;

namespace verify_test {

TEST_SUITE_BEGIN("register.verify");

namespace {

constexpr const char* guards[] = {"events_are_not_changed", "events_are_not_removed", "events_follow_each_other",
                                  "events_move_the_head"};

Device inverter(const char* mac, const char* ip, const char* firmware) {
    return {mac,
            ip,
            {{Field::brand, "Example riverside"},
             {Field::model, "RS50K"},
             {Field::firmware, firmware},
             {Field::remote_blocked, "0"}}};
}
Device controller(const char* mac, const char* ip) {
    return {mac, ip, {{Field::brand, "Example hillside"}, {Field::category, "plc"}}};
}

// Some months in which devices came, went and were merged, a maker was sold, and people decided.
void live(const Folder& folder) {
    Plant plant(folder, folder.at("site.db"));
    const Device first = inverter("00:00:5e:00:53:0a", "10.1.0.11", "1.0");
    const Device second = controller("00:00:5e:00:53:0b", "10.1.0.12");
    const Device third = controller("00:00:5e:00:53:0c", "10.1.0.13");
    plant.run({first, second, third}, 0);
    std::string one;
    const std::string finding = plant.finding("path", plant.uid("10.1.0.11")).finding.id;
    {
        Register held = Register::open(plant.path());
        good(move(held, finding, "assessed", {}, analyst(1, "looked at")));
        good(add_measure(held, finding, {{"title", "block the way out"}, {"kind", "block_egress"}}, analyst(1, "")));
        good(move(held, finding, "accepted", {{"owner", "R. Owner"}, {"accepted_until", "2026-02-01"}},
                  owner(2, "until the logger is replaced")));
        one = good(assert_same(held, plant.uid("10.1.0.12"), plant.uid("10.1.0.13"), analyst(3, "two ports of one")));
        good(assert_is(held, plant.uid("10.1.0.11"), Field::location, "roof", &plant.db(), analyst(3, "seen there")));
        good(put_setting(held, "organisation", "Example Water", owner(3, "its name")));
    }
    plant.run({first, second, third}, 20);
    plant.run({inverter("00:00:5e:00:53:0a", "10.1.0.11", "9.9"), second}, 40, true);
    {
        Register held = Register::open(plant.path());
        good(withdraw(held, one, analyst(41, "they are two after all")));
        good(forget(held, plant.uid("10.1.0.12"), owner(42, "asked for")));
    }
    plant.run({first}, 60);
}

// What `verify` says of a copy that somebody edited with the guards off, and put them on again.
Verification after(const Folder& folder, const std::string& edit, std::string_view key = {}) {
    static int number = 0;
    const std::string copy = folder.at(fmt::format("edited-{}.db", ++number));
    REQUIRE(back_up(Register::open_to_read(folder.at("site.db")), copy).empty());
    const Register held = Register::open(copy);
    sql::Database& database = held.connection().database;
    std::string back;
    for (const char* guard : guards) {
        sql::Query made(database, "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?");
        made.bind(guard);
        REQUIRE(made.step());
        back += made.text(0) + ";";
    }
    for (const char* guard : guards) database.run(fmt::format("DROP TRIGGER {}", guard));
    database.run(edit + ";" + back);
    return verify(held, key);
}

bool tells(const Verification& found, const std::string& part) {
    const bool there = std::any_of(found.problems.begin(), found.problems.end(),
                                   [&](const std::string& each) { return each.find(part) != std::string::npos; });
    if (!there) {
        for (const std::string& each : found.problems) MESSAGE(each);
    }
    return there;
}

}  // namespace

TEST_CASE("an event whose text was replaced by its digest was changed, whichever it is") {
    const Folder folder("blanked");
    live(folder);
    CHECK(after(folder, "SELECT 1").problems.empty());
    std::vector<std::pair<std::int64_t, std::string>> events;
    {
        const Register held = Register::open_to_read(folder.at("site.db"));
        sql::Query all(held.connection().database, "SELECT seq, event FROM events ORDER BY seq");
        while (all.step()) events.emplace_back(all.integer(0), all.text(1));
    }
    REQUIRE(events.size() > 30);
    for (const auto& [seq, event] : events)
        CHECK_MESSAGE(tells(after(folder, fmt::format("UPDATE events SET detail = digest, digest = '' WHERE seq = {}", seq)),
                            fmt::format("event {} was changed", seq)),
                      event);
}

TEST_CASE("events of before schema 3 have no digest; later ones without one, and such as are no JSON, were changed") {
    const Folder folder("old_events");
    const std::string path = folder.at("site.db");
    write_file(path, "", 0600);
    {
        const Result<std::string> old = read_file(HERKOMST_SOURCE_DIR "/tests/register/schema_2.sql");
        REQUIRE(old.ok());
        sql::Database database(path, sql::Mode::ReadWrite);
        database.run(old.value());
    }
    CHECK(verify(Register::open_to_read(path)).problems.empty());
    std::int64_t migrated = 0;
    {
        Register held = Register::open(path);
        migrated = held.connection().database.number("SELECT seq FROM events WHERE event = 'migrated'");
        good(put_setting(held, "organisation", "Example Water", owner(200, "its name")));
        CHECK(verify(held).problems.empty());
    }
    REQUIRE(migrated > 1);
    for (const std::int64_t seq : {migrated, migrated + 1})
        CHECK(tells(after(folder, fmt::format("UPDATE events SET detail = digest, digest = '' WHERE seq = {}", seq)),
                    fmt::format("event {} was changed", seq)));
    // With a hash that fits, and so the end of the chain.
    CHECK(
        tells(after(folder, fmt::format("DELETE FROM events WHERE seq > {}; UPDATE events SET event = 'opened' WHERE seq = {}",
                                        migrated, migrated)),
              fmt::format("event {} was changed", migrated)));
}

TEST_CASE("a run that looks like a quiet interval hides nothing of what was edited in the tables") {
    const Folder folder("invented_interval");
    live(folder);
    const std::string invented =
        "INSERT INTO runs SELECT run + 1, replace(at, ':00:00Z', ':01:00Z'), site, program, vendordb, rules, 0, '[]', '[]', '' "
        "FROM runs ORDER BY run DESC LIMIT 1; INSERT INTO sources SELECT run, 1, 'x', 'eth0', 'interface', '', 1, 1, at, at, "
        "1, "
        "'[]' FROM runs ORDER BY run DESC LIMIT 1;";
    for (const char* edit : {"UPDATE beliefs SET value = 'Other' WHERE field = 'brand'", "DELETE FROM claims",
                             "UPDATE assets SET label = 'a kettle'", "DELETE FROM ratings", "SELECT 1"})
        CHECK_MESSAGE(tells(after(folder, invented + edit), "and no event says what it left"), std::string(edit));
    // Nor where the program's own row for such intervals is there.
    CHECK(
        tells(after(folder, invented + "INSERT INTO interim SELECT 1, max(run), (SELECT max(seq) FROM events), '{}', 'x' FROM "
                                       "runs"),
              "left without an event was changed"));
}

TEST_CASE("of an edited table it is said which row was edited, is gone or was put in") {
    const Folder folder("rows");
    live(folder);
    std::string uid;
    {
        const Register held = Register::open_to_read(folder.at("site.db"));
        sql::Query of(held.connection().database, "SELECT uid FROM beliefs WHERE field = 'brand' ORDER BY uid LIMIT 1");
        REQUIRE(of.step());
        uid = of.text(0);
    }
    const std::string brand = fmt::format("WHERE uid = '{}' AND field = 'brand'", uid);
    const Verification edited = after(folder, "UPDATE beliefs SET value = 'Other' " + brand);
    CHECK(tells(edited, fmt::format("table beliefs: row {} brand was edited", uid)));
    CHECK(std::count_if(edited.problems.begin(), edited.problems.end(),
                        [](const std::string& each) { return each.find(": row ") != std::string::npos; }) == 1);
    CHECK(tells(after(folder, "DELETE FROM beliefs " + brand), fmt::format("table beliefs: row {} brand is gone", uid)));
    CHECK(tells(after(folder,
                      "INSERT INTO beliefs SELECT uid, 'note', 'x', '', '', strength, methods, dissent, 0, run FROM "
                      "beliefs " +
                          brand),
                fmt::format("table beliefs: row {} note was put in", uid)));
    CHECK(tells(after(folder, fmt::format("UPDATE assets SET label = 'a kettle' WHERE uid = '{}'", uid)),
                fmt::format("table assets: row {} was edited", uid)));
    // Of several claims that are called the same each has a number.
    const Verification claims = after(folder, "INSERT INTO claims SELECT * FROM claims ORDER BY rowid LIMIT 1");
    CHECK(std::any_of(claims.problems.begin(), claims.problems.end(), [](const std::string& each) {
        return each.starts_with("table claims: row ") && each.find(" (") != std::string::npos && each.ends_with(") was put in");
    }));
    // Who edits what rows are held against hides which, not that.
    const Verification both =
        after(folder, "UPDATE beliefs SET value = 'Other' " + brand + "; UPDATE row_seals SET digest = 'x'");
    CHECK(tells(both, "table beliefs is not what event"));
    CHECK(tells(both, "table row_seals is not what event"));
    CHECK_FALSE(std::any_of(both.problems.begin(), both.problems.end(),
                            [](const std::string& each) { return each.find(": row ") != std::string::npos; }));
    // It stays known to whoever reads after the next run.
    const std::string path = folder.at("site.db");
    sql::Database(path, sql::Mode::ReadWrite).run("UPDATE beliefs SET value = 'Other' " + brand);
    Plant(folder, path).run({inverter("00:00:5e:00:53:0a", "10.1.0.11", "9.9")}, 80);
    CHECK(tells(verify(Register::open_to_read(path)), fmt::format("found: table beliefs: row {} brand was edited", uid)));
}

TEST_CASE("each quiet interval says what it left: whatever is edited after it shows, as after a run") {
    const Folder folder("quiet");
    Plant plant(folder, folder.at("site.db"));
    const std::vector<Device> devices = {inverter("00:00:5e:00:53:0a", "10.1.0.11", "1.0"),
                                         controller("00:00:5e:00:53:0b", "10.1.0.12")};
    plant.run(devices, 0);
    const KeyPair keys = make_keys();
    {
        Register held = Register::open(plant.path());
        good(sign_head(held, keys.private_pem, "key", on_day(1)));
    }
    const auto count = [&](const char* table) {
        return Register::open_to_read(plant.path()).connection().database.number(fmt::format("SELECT count(*) FROM {}", table));
    };
    const std::int64_t events = count("events");
    for (int minute = 1; minute <= 5; ++minute) {
        plant.minute = minute;
        plant.run(devices, 0, false, "eth0");
        const Verification found = verify(Register::open_to_read(plant.path()), keys.public_pem);
        for (const std::string& each : found.problems) FAIL_CHECK(each);
        CHECK(found.unsealed_since == 1);
        CHECK(found.signed_seq == events);
    }
    CHECK(count("events") == events);
    CHECK(count("interim") == 1);
    for (const auto& [edit, table] :
         {std::pair("UPDATE beliefs SET value = 'Other' WHERE field = 'brand'", "beliefs"),
          std::pair("DELETE FROM claims", "claims"), std::pair("UPDATE assets SET label = 'a kettle'", "assets"),
          std::pair("UPDATE sources SET packets = 7 WHERE run = 4", "sources"),
          std::pair("DELETE FROM sources WHERE run = 3; DELETE FROM runs WHERE run = 3", "runs")})
        CHECK_MESSAGE(tells(after(folder, edit), fmt::format("table {} is not what run 6 left", table)), std::string(edit));
    for (const char* edit : {"DELETE FROM interim", "UPDATE interim SET after_run = 5"})
        CHECK_FALSE(after(folder, edit).problems.empty());
    CHECK(tells(after(folder, "UPDATE interim SET tables = replace(tables, 'assets', 'assetz')"), "was changed"));
    // An act in between that touches no table of the program leaves it standing; one that does takes its place.
    {
        Register held = Register::open(plant.path());
        good(set_fields(held, "zone", "hall 2", {{"owner", "Facilities"}}, analyst(1, "as drawn")));
        CHECK(verify(held).problems.empty());
        good(assert_is(held, plant.uid("10.1.0.11"), Field::location, "roof", nullptr, analyst(1, "seen there")));
        const Verification found = verify(held);
        CHECK(found.problems.empty());
        CHECK(found.unsealed_since == 0);
    }
    CHECK(count("interim") == 0);
}

TEST_CASE("what was edited before a register is brought up to date is not made true by that") {
    const Folder folder("edited_before");
    live(folder);
    const auto as_schema_5 = [&](const std::string& name, const std::string& edit) {
        const std::string path = folder.at(name);
        REQUIRE(back_up(Register::open_to_read(folder.at("site.db")), path).empty());
        sql::Database raw(path, sql::Mode::ReadWrite);
        raw.run("DROP TABLE row_seals; DROP TABLE interim; PRAGMA user_version = 5;" + edit);
        return path;
    };
    {
        const std::string path = as_schema_5("whole.db", "");
        CHECK(verify(Register::open_to_read(path)).problems.empty());
        const Register held = Register::open(path);
        CHECK(verify(held).problems.empty());
        CHECK(verify(held).unsealed_since == 0);
        CHECK(sql::Database(path + ".schema-5.backup", sql::Mode::ReadOnly).number("PRAGMA user_version") == 5);
    }
    {
        const std::string path = as_schema_5("edited.db", "UPDATE assets SET label = 'a kettle'");
        for (int open = 0; open < 2; ++open) {
            CHECK(tells(verify(open == 0 ? Register::open_to_read(path) : Register::open(path)),
                        "table assets was not what event "));
        }
    }
    // What its quiet intervals left, no event of that schema says.
    const std::string path = as_schema_5(
        "listened.db",
        "INSERT INTO runs SELECT run + 1, replace(at, ':00:00Z', ':01:00Z'), site, program, vendordb, rules, 0, '[]', '[]', '' "
        "FROM runs ORDER BY run DESC LIMIT 1; INSERT INTO sources SELECT run, 1, 'x', 'eth0', 'interface', '', 1, 1, at, at, "
        "1, "
        "'[]' FROM runs ORDER BY run DESC LIMIT 1; UPDATE assets SET label = 'a kettle'");
    CHECK(verify(Register::open_to_read(path)).unsealed_since == 4);
}

TEST_CASE("what is not UTF-8 stands in the register as its event says it") {
    const Folder folder("latin_1");
    Plant plant(folder, folder.at("site.db"));
    plant.run({controller("00:00:5e:00:53:0b", "10.1.0.12")}, 0);
    Register held = Register::open(plant.path());
    good(set_fields(held, "zone", "Kelder", {{"owner", "Zo\xeb"}}, analyst(1, "as drawn")));
    good(set_fields(held, "asset", plant.uid("10.1.0.12"), {{"name", "Caf\xe9"}}, analyst(1, "as drawn")));
    for (const std::string& each : verify(held).problems) FAIL_CHECK(each);
    CHECK(work_of(held, "zone", "Kelder").at("owner") == "Zo\xef\xbf\xbd");
}

TEST_SUITE_END();

}  // namespace verify_test
