// Whoever edits a table of the register beside the program has it found by whoever writes next, and told for good: no run and
// no act makes it true.
#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

#include "register/fold.h"
#include "register/keep.h"
#include "register/open.h"
#include "register/verify.h"
#include "tests/register/plant.h"

using namespace herkomst;
using namespace herkomst::plant;
namespace fs = std::filesystem;

namespace unlike_test {

TEST_SUITE_BEGIN("register.unlike");

namespace {

const std::vector<Device> devices = {
    {"00:00:5e:00:53:0a",
     "10.1.0.11",
     {{Field::brand, "Example riverside"}, {Field::model, "RS50K"}, {Field::remote_blocked, "0"}}},
    {"00:00:5e:00:53:0b", "10.1.0.12", {{Field::brand, "Example hillside"}, {Field::category, "plc"}}},
    {"00:00:5e:00:53:0c", "10.1.0.13", {{Field::brand, "Example hillside"}, {Field::category, "plc"}}}};

// A register after two runs in which every table holds something, kept to begin from again and again.
class Edited {
  public:
    explicit Edited(const std::string& name) : folder_(name), plant(folder_, folder_.at("site.db")) {
        plant.coverage = {{{}, "modbus", "malformed", 2}};
        plant.sessions = {{IpAddress::parse("10.1.0.12").value(), IpAddress::parse("10.1.0.9").value(), "modbus", on_day(0)}};
        plant.rate = [](const Finding&, Rating& into) {
            into.criteria = "set 1";
            into.inherent = into.residual = Band::Medium;
            return true;
        };
        plant.run(devices, 0);
        {
            Register held = Register::open(plant.path());
            good(set_fields(held, "zone", "hall 2", {{"owner", "Facilities"}}, analyst(1, "as drawn")));
        }
        plant.run(devices, 2);
        fs::copy_file(plant.path(), folder_.at("whole.db"));
    }
    // As it was, but for these statements of somebody who has the file, the guards off.
    void begin(const std::string& edit = {}) {
        fs::copy_file(folder_.at("whole.db"), plant.path(), fs::copy_options::overwrite_existing);
        by_hand(edit);
    }
    void by_hand(const std::string& edit) const {
        sql::Database raw(plant.path(), sql::Mode::ReadWrite);
        std::string guards;
        {
            sql::Query made(raw, "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'events_%'");
            while (made.step()) guards += made.text(1) + ";";
        }
        raw.run(
            "DROP TRIGGER events_are_not_changed; DROP TRIGGER events_are_not_removed; DROP TRIGGER events_follow_each_other; "
            "DROP TRIGGER events_move_the_head; " +
            edit + ";" + guards);
    }
    [[nodiscard]] std::vector<std::string> problems() const { return verify(Register::open_to_read(plant.path())).problems; }
    [[nodiscard]] std::int64_t number(const std::string& query) const {
        return Register::open_to_read(plant.path()).connection().database.number(query);
    }
    // An act of each kind that seals, and some that do not, and runs between them.
    void go_on(int from_day) {
        Register held = Register::open(plant.path());
        const std::string one = plant.uid("10.1.0.12");
        const std::string other = plant.uid("10.1.0.13");
        good(set_fields(held, "zone", "hall 2", {{"note", "dry"}}, analyst(from_day, "")));
        good(assert_is(held, one, Field::location, "roof", nullptr, analyst(from_day, "seen there")));
        const std::string same = good(assert_same(held, one, other, analyst(from_day, "two ports")));
        plant.run(devices, from_day + 1);
        good(withdraw(held, same, analyst(from_day + 2, "two after all")));
        plant.run(devices, from_day + 3);
        fold_days(held, on_day(from_day + 4));
        good(forget(held, plant.uid("10.1.0.13"), owner(from_day + 4, "asked for")));
        plant.run(devices, from_day + 5);
    }

  private:
    Folder folder_;

  public:
    Plant plant;
};

bool tells(const std::vector<std::string>& problems, const std::string& part) {
    const bool there = std::any_of(problems.begin(), problems.end(),
                                   [&](const std::string& each) { return each.find(part) != std::string::npos; });
    if (!there) {
        for (const std::string& each : problems) MESSAGE(each);
    }
    return there;
}

// Tables told, without their rows.
std::size_t tables_told(const std::vector<std::string>& heard) {
    return static_cast<std::size_t>(std::count_if(heard.begin(), heard.end(), [](const std::string& each) {
        return each.find("was not what event") != std::string::npos;
    }));
}

// A row of the table again, with another key.
std::string one_more(const char* table, const char* other_key) {
    return fmt::format(
        "CREATE TEMP TABLE one AS SELECT * FROM {0} LIMIT 1; UPDATE one SET {1}; INSERT INTO {0} SELECT * FROM one", table,
        other_key);
}
std::string one_less(const char* table, const char* which) {
    return fmt::format("DELETE FROM {0} WHERE {1} = (SELECT {1} FROM {0} ORDER BY {1} DESC LIMIT 1)", table, which);
}

struct Edit {
    std::string table;
    std::string statements;
};
std::vector<Edit> edits() {
    return {
        {"runs", "UPDATE runs SET program = 'herkomst of tomorrow' WHERE run = 1"},
        {"runs", one_less("runs", "run")},
        {"runs", one_more("runs", "run = 0")},
        {"sources", "UPDATE sources SET path = 'other.pcap'"},
        {"sources", one_less("sources", "run")},
        {"sources", one_more("sources", "position = 9")},
        {"assets", "UPDATE assets SET label = 'a kettle'"},
        {"assets", one_less("assets", "number")},
        {"assets", one_more("assets", "number = 99, uid = 'x'")},
        {"identifiers", "UPDATE identifiers SET value = '10.9.9.9' WHERE value = '10.1.0.11'"},
        {"identifiers", one_less("identifiers", "rowid")},
        {"identifiers", one_more("identifiers", "kind = 'ip', value = '10.9.9.9'")},
        {"beliefs", "UPDATE beliefs SET vendor = 'hillside' WHERE field = 'maker'"},
        {"beliefs", one_less("beliefs", "rowid")},
        {"beliefs", one_more("beliefs", "field = 'note'")},
        {"claims", "UPDATE claims SET frame = frame + 1"},
        {"claims", one_less("claims", "rowid")},
        {"claims", one_more("claims", "value = 'x'")},
        {"rules", "UPDATE rules SET condition = '0'"},
        {"rules", one_less("rules", "rowid")},
        {"rules", one_more("rules", "rule = 'x'")},
        {"findings", "UPDATE findings SET because_nl = 'Niets aan de hand.'"},
        {"findings", "UPDATE findings SET finding = 'R-x' WHERE rule = 'path'"},
        {"findings", "UPDATE findings SET subject_key = 'x' WHERE rule = 'path'"},
        {"findings", one_less("findings", "finding")},
        {"findings", one_more("findings", "finding = 'R-x', subject_key = 'x'")},
        {"ratings", "UPDATE ratings SET decision = 'none'"},
        {"ratings", one_less("ratings", "finding")},
        {"ratings", one_more("ratings", "finding = 'R-x'")},
        {"sums", "UPDATE sums SET rated_power = rated_power + 1"},
        {"sums", one_less("sums", "rowid")},
        {"sums", one_more("sums", "key = 'x'")},
        {"sessions", "UPDATE sessions SET client = '10.1.0.8'"},
        {"sessions", one_less("sessions", "server")},
        {"sessions", one_more("sessions", "client = '10.1.0.8'")},
        {"coverage", "UPDATE coverage SET count = 1"},
        {"coverage", one_less("coverage", "run")},
        {"coverage", one_more("coverage", "asked = 'x'")},
    };
}

}  // namespace

TEST_CASE(
    "a row of any table that was edited, deleted or put in: the next run tells, refuses nothing, and it is told for good") {
    Edited site("tables");
    const std::int64_t sealed = site.number("SELECT max(seq) FROM events WHERE event = 'recorded'");
    std::set<std::string> tables;
    for (const Edit& each : edits()) {
        INFO(each.statements);
        site.begin(each.statements);
        site.plant.run(devices, 4);
        const std::int64_t found = site.number("SELECT min(seq) FROM events WHERE event = 'unlike'");
        CHECK(found == site.number("SELECT min(seq) FROM events WHERE run = (SELECT max(run) FROM runs)"));
        const std::string told = fmt::format("event {} found: table {} was not what event {} says", found, each.table, sealed);
        CHECK(tells(site.problems(), told));
        if (each.table != "sessions")
            CHECK(tells(site.problems(), fmt::format("event {} found: table {}: row ", found, each.table)));
        site.plant.run(devices, 6);
        site.plant.run(devices, 8);
        CHECK(tells(site.problems(), told));
        CHECK(site.number("SELECT count(*) FROM events WHERE event = 'unlike'") == 1);
        tables.insert(each.table);
    }
    CHECK(tables.size() == 12);
}

TEST_CASE("nobody edited anything: the same runs and acts find nothing, and leave no event that says so") {
    Edited site("whole");
    site.begin();
    site.plant.run(devices, 4);
    site.go_on(5);
    for (const std::string& each : site.problems()) FAIL_CHECK(each);
    CHECK(site.number("SELECT count(*) FROM events WHERE event = 'unlike'") == 0);
}

TEST_CASE("every act that seals tells first, and what was found outlives all acts after it") {
    Edited site("acts");
    const std::string edit = "UPDATE beliefs SET vendor = 'hillside' WHERE field = 'maker'";
    const std::string told = "found: table beliefs was not what event";
    const std::function<void(Register&)> acts[] = {
        [&](Register& held) {
            good(assert_is(held, site.plant.uid("10.1.0.12"), Field::location, "roof", nullptr, analyst(4, "seen there")));
        },
        [&](Register& held) {
            good(assert_same(held, site.plant.uid("10.1.0.12"), site.plant.uid("10.1.0.13"), analyst(4, "two ports")));
        },
        [&](Register& held) { good(forget(held, site.plant.uid("10.1.0.13"), owner(4, "asked for"))); },
        [&](Register& held) { fold_days(held, on_day(4)); },
    };
    for (const auto& act : acts) {
        site.begin(edit);
        std::vector<std::string> heard;
        {
            Register held = Register::open(site.plant.path());
            held.when_unlike([&](const std::string& sentence) { heard.push_back(sentence); });
            act(held);
        }
        REQUIRE(tables_told(heard) == 1);
        CHECK(tells(heard, "table beliefs was not what event"));
        CHECK(tells(site.problems(), told));
        site.plant.run(devices, 5);
        CHECK(tells(site.problems(), told));
    }
    site.begin(edit);
    site.go_on(4);
    CHECK(tells(site.problems(), told));
    // An act that seals nothing makes nothing true: the next run finds it.
    site.begin(edit);
    {
        Register held = Register::open(site.plant.path());
        good(set_fields(held, "zone", "hall 2", {{"note", "dry"}}, analyst(4, "")));
    }
    site.plant.run(devices, 5);
    CHECK(tells(site.problems(), told));
    // A split, of what was merged.
    site.begin();
    {
        Register held = Register::open(site.plant.path());
        good(assert_same(held, site.plant.uid("10.1.0.12"), site.plant.uid("10.1.0.13"), analyst(4, "two ports")));
        site.by_hand(edit);
        good(assert_apart(held, site.plant.uid("10.1.0.12"), {"mac:00:00:5e:00:53:0c"}, analyst(5, "two after all")));
    }
    CHECK(tells(site.problems(), told));
}

TEST_CASE("which rows were edited is only said where the last seal vouches for what they are held against") {
    Edited edited("unlike-vouched");
    const std::string edit = "UPDATE assets SET label = 'a kettle'";
    const auto rows_told = [&](const std::string& edit_of_seal) {
        edited.begin(edit + edit_of_seal);
        std::vector<std::string> heard;
        Register held = Register::open(edited.plant.path());
        held.when_unlike([&](const std::string& each) { heard.push_back(each); });
        good(assert_is(held, edited.plant.uid("10.1.0.12"), Field::location, "roof", nullptr, analyst(5, "seen there")));
        CHECK(tells(heard, "table assets was not what "));
        return std::count_if(heard.begin(), heard.end(),
                             [](const std::string& each) { return each.find(": row ") != std::string::npos; });
    };
    CHECK(rows_told("") > 0);
    CHECK(
        rows_told(
            "; UPDATE events SET detail = json_remove(detail, '$.tables.row_seals') WHERE instr(detail, '\"tables\":{') > 0") ==
        0);
}

TEST_CASE("what was edited while a register is open is found by the next thing that is written through it") {
    Edited site("open");
    site.begin();
    Register held = Register::open(site.plant.path());
    std::vector<std::string> heard;
    held.when_unlike([&](const std::string& sentence) { heard.push_back(sentence); });
    const auto say = [&](const char* where, int day) {
        good(assert_is(held, site.plant.uid("10.1.0.12"), Field::location, where, nullptr, analyst(day, "seen there")));
    };
    say("roof", 4);
    say("hall", 4);
    CHECK(heard.empty());
    site.by_hand("UPDATE claims SET frame = frame + 1");
    say("roof", 5);
    CHECK(tables_told(heard) == 1);
    CHECK(tells(heard, "table claims was not what event"));
    // Once told it is not told again; another edit is.
    say("hall", 6);
    CHECK(tables_told(heard) == 1);
    site.by_hand("DELETE FROM sums");
    say("roof", 7);
    CHECK(tables_told(heard) == 2);
    // What another process wrote by the program is no edit.
    site.plant.run(devices, 8);
    say("hall", 9);
    CHECK(tables_told(heard) == 2);
    CHECK(tells(site.problems(), "found: table claims was not what event"));
    CHECK(tells(site.problems(), "found: table sums was not what event"));
}

TEST_CASE("between quiet intervals of listening too, and what such an interval left cannot be taken away or written anew") {
    Edited site("intervals");
    site.begin();
    const auto quiet = [&](int minute) {
        site.plant.minute = minute;
        site.plant.run(devices, 2, false, "eth0");
    };
    quiet(1);
    quiet(2);
    REQUIRE(site.number("SELECT count(*) FROM interim") == 1);
    const auto after = [&](const std::string& edit) {
        const std::string copy = site.plant.path() + ".kept";
        fs::copy_file(site.plant.path(), copy, fs::copy_options::overwrite_existing);
        site.by_hand(edit);
        quiet(3);
        quiet(4);
        site.plant.minute.reset();
        site.plant.run(devices, 4);
        std::vector<std::string> out = site.problems();
        fs::copy_file(copy, site.plant.path(), fs::copy_options::overwrite_existing);
        return out;
    };
    CHECK(after("SELECT 1").empty());
    CHECK(tells(after("UPDATE assets SET label = 'a kettle'"), "found: table assets was not what run 4 left"));
    CHECK(tells(after("DELETE FROM claims"), "found: table claims was not what run 4 left"));
    CHECK(tells(after("DELETE FROM interim; UPDATE assets SET label = 'a kettle'"), "found: run 4 was later than event"));
    CHECK(tells(after("UPDATE interim SET tables = replace(tables, 'assets', 'assetz')"),
                "found: what run 4 had left without an event was changed"));
}

TEST_CASE("the end of the chain that was taken off is told by whatever is written next, and no new event takes its place") {
    Edited site("end");
    const std::int64_t last = site.number("SELECT max(seq) FROM events");
    const std::string cut = fmt::format("DELETE FROM events WHERE seq = {}", last);
    const std::string told =
        fmt::format("event {0} found: the head of the chain was event {0} where the last one was {1}", last, last - 1);
    site.begin(cut);
    {
        Register held = Register::open(site.plant.path());
        good(set_fields(held, "zone", "hall 2", {{"note", "dry"}}, analyst(4, "")));
    }
    CHECK(tells(site.problems(), told));
    site.plant.run(devices, 5);
    CHECK(tells(site.problems(), told));
    site.begin(cut);
    site.plant.run(devices, 5);
    CHECK(tells(site.problems(), told));
}

TEST_CASE("a field that people set: edited, taken away or put in, it does not go under in what is set there next") {
    Edited site("fields");
    const auto set = [&](const char* owner) {
        Register held = Register::open(site.plant.path());
        good(set_fields(held, "zone", "hall 2", {{"owner", owner}}, analyst(4, "")));
    };
    const std::int64_t event = site.number("SELECT event FROM work WHERE subject = 'hall 2' AND field = 'owner'");
    const std::string told = fmt::format("found: zone hall 2: owner was not what event {} says", event);
    for (const char* edit :
         {"UPDATE work SET value = 'Nobody' WHERE subject = 'hall 2'",
          "UPDATE work SET event = event + 1 WHERE subject = 'hall 2'", "DELETE FROM work WHERE subject = 'hall 2'"}) {
        site.begin(edit);
        set("Maintenance");
        CHECK_MESSAGE(tells(site.problems(), told), std::string(edit));
        set("");
        site.plant.run(devices, 5);
        CHECK_MESSAGE(tells(site.problems(), told), std::string(edit));
    }
    site.begin("INSERT INTO work VALUES ('zone', 'hall 3', 'owner', 'Nobody', 2)");
    {
        Register held = Register::open(site.plant.path());
        good(set_fields(held, "zone", "hall 3", {{"owner", "Facilities"}}, analyst(4, "")));
    }
    CHECK(tells(site.problems(), "found: zone hall 3: owner was there, and no event said so"));
    // Set, emptied and set again by the program, nothing is found.
    site.begin();
    for (const char* owner : {"Maintenance", "", "Facilities", ""}) set(owner);
    CHECK(site.problems().empty());
}

TEST_CASE("rows that stand in a register of which no event speaks") {
    const Folder folder("no_events");
    const std::string path = folder.at("site.db");
    {
        const Register held = Register::open(path);
        CHECK(verify(held).problems.empty());
    }
    sql::Database(path, sql::Mode::ReadWrite)
        .run("INSERT INTO sums VALUES ('site', 'north', '', '', 1, 0, 0, 0, 0, 0, 0, 0, '{}', '[]')");
    CHECK(tells(verify(Register::open_to_read(path)).problems, "table sums holds rows that no event speaks of"));
    Plant plant(folder, path);
    plant.run(devices, 0);
    CHECK(tells(verify(Register::open_to_read(path)).problems, "event 1 found: table sums held rows that no event speaks of"));
}

TEST_SUITE_END();

}  // namespace unlike_test
