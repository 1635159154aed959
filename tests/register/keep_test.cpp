// The file itself: tampering shows and where, signatures, copies, an earlier schema, a later one, and what is forgotten.
#include "register/keep.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "complaint.h"
#include "core/file.h"
#include "plant.h"
#include "register/open.h"
#include "register/verify.h"
#include "vendordb/signed.h"

using namespace herkomst;
using namespace herkomst::plant;
using herkomst::test::complaint;

namespace fs = std::filesystem;

namespace keep_test {

TEST_SUITE_BEGIN("register_keep");

namespace {

Device inverter(const char* mac, const char* ip) {
    return {mac,
            ip,
            {{Field::brand, "Example riverside"},
             {Field::model, "RS50K"},
             {Field::remote_blocked, "0"},
             {Field::serial, "SN-4471-99"}}};
}
Device controller(const char* mac, const char* ip) {
    return {mac, ip, {{Field::brand, "Example hillside"}, {Field::category, "plc"}}};
}

// A register in which people worked, closed.
void make(const Folder& folder, const std::string& name) {
    Plant plant(folder, folder.at(name));
    plant.run({inverter("00:00:5e:00:53:0a", "10.1.0.11"), controller("00:00:5e:00:53:0b", "10.1.0.12")}, 0);
    const std::string finding = plant.finding("path", plant.uid("10.1.0.11")).finding.id;
    {
        Register held = Register::open(plant.path());
        good(move(held, finding, "assessed", {}, analyst(1, "looked at")));
        good(set_fields(held, "asset", plant.uid("10.1.0.12"), {{"zone", "hall 2"}}, analyst(1, "as drawn")));
    }
    plant.run({inverter("00:00:5e:00:53:0a", "10.1.0.11"), controller("00:00:5e:00:53:0b", "10.1.0.12")}, 2);
}

std::vector<std::string> problems_after(const Folder& folder, const std::string& tampering) {
    static int number = 0;
    const std::string copy = folder.at(fmt::format("tampered-{}.db", ++number));
    REQUIRE(back_up(Register::open_to_read(folder.at("site.db")), copy).empty());
    const Register held = Register::open(copy);
    // Whoever has the file can take its guards off, and put them back.
    std::string guards;
    {
        sql::Query made(held.connection().database,
                        "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'events_%'");
        while (made.step()) guards += made.text(0) + ";";
    }
    held.connection().database.run(
        "DROP TRIGGER events_are_not_changed; DROP TRIGGER events_are_not_removed; DROP TRIGGER events_follow_each_other; DROP "
        "TRIGGER events_move_the_head; " +
        tampering + ";" + guards);
    return verify(held).problems;
}

bool tells(const std::vector<std::string>& problems, const std::string& part) {
    const bool there =
        std::any_of(problems.begin(), problems.end(), [&](const std::string& p) { return p.find(part) != std::string::npos; });
    if (!there) {
        for (const std::string& each : problems) MESSAGE(each);
    }
    return there;
}

}  // namespace

TEST_CASE("events are append-only, and every edit, deletion and change of order shows with its place") {
    const Folder folder("tampering");
    make(folder, "site.db");
    {
        const Register held = Register::open(folder.at("site.db"));
        CHECK(verify(held).problems.empty());
        sql::Database& db = held.connection().database;
        CHECK(complaint([&] { db.run("UPDATE events SET at = 'x'"); }).find("append-only") != std::string::npos);
        CHECK(complaint([&] { db.run("UPDATE events SET detail = '' , at = 'x'"); }).find("append-only") != std::string::npos);
        CHECK(complaint([&] { db.run("DELETE FROM events"); }).find("append-only") != std::string::npos);
    }
    const std::int64_t last =
        Register::open_to_read(folder.at("site.db")).connection().database.number("SELECT max(seq) FROM events");
    // Each column of each event.
    for (std::int64_t seq = 1; seq <= last; ++seq) {
        for (const char* column : {"at", "event", "subject_kind", "subject", "detail", "hash", "prev", "digest"}) {
            const auto found =
                problems_after(folder, fmt::format("UPDATE events SET {} = {} || 'x' WHERE seq = {}", column, column, seq));
            CHECK(tells(found, fmt::format("event {}", seq)));
        }
        CHECK(tells(problems_after(folder, fmt::format("UPDATE events SET run = run + 1 WHERE seq = {}", seq)),
                    fmt::format("event {} was changed", seq)));
        const auto gone = problems_after(folder, fmt::format("DELETE FROM events WHERE seq = {}", seq));
        CHECK(tells(
            gone, seq == last ? fmt::format("event {} is missing at the end", seq) : fmt::format("event {} is missing", seq)));
    }
    CHECK(tells(problems_after(folder,
                               "UPDATE events SET seq = 1000 WHERE seq = 2; UPDATE events SET seq = 2 WHERE seq = 3; "
                               "UPDATE events SET seq = 3 WHERE seq = 1000"),
                "event 2"));
    CHECK(tells(problems_after(folder, fmt::format("DELETE FROM events WHERE seq > {}", last - 3)),
                fmt::format("events {} to {} are missing at the end", last - 2, last)));
    CHECK(tells(problems_after(folder, "UPDATE events SET detail = '' WHERE event = 'decided'"),
                "was emptied, and no event says"));
    // What stands beside the events is held against them too.
    CHECK(
        tells(problems_after(folder, "UPDATE work SET value = 'closed' WHERE field = 'status'"), "is \"closed\" where event"));
    CHECK(tells(problems_after(folder, "DELETE FROM work WHERE field = 'zone'"), "zone is gone"));
    CHECK(tells(problems_after(folder, "INSERT INTO work VALUES ('asset', 'x', 'owner', 'me', 1)"), "no event says so"));
    CHECK(tells(problems_after(folder, "UPDATE findings SET band = 'low'"), "is not what event"));
    CHECK(tells(problems_after(folder, "UPDATE runs SET vendordb = 'other' WHERE run = 1"), "run 1 was changed"));
    CHECK(
        tells(problems_after(folder,
                             "DELETE FROM coverage; DELETE FROM sources WHERE run = 2; UPDATE assets SET last_run = 1; UPDATE "
                             "findings SET last_run = 1; DELETE FROM runs WHERE run = 2"),
              "run 2 is missing"));
}

TEST_CASE("a guard, an index or a view that is gone or is another one shows, by its name") {
    const Folder folder("guards");
    make(folder, "site.db");
    const auto after = [&](const std::string& tampering) {
        static int number = 0;
        const std::string copy = folder.at(fmt::format("unguarded-{}.db", ++number));
        REQUIRE(back_up(Register::open_to_read(folder.at("site.db")), copy).empty());
        const Register held = Register::open(copy);
        held.connection().database.run(tampering);
        return verify(held).problems;
    };
    CHECK(after("SELECT 1").empty());
    CHECK(after("DROP TRIGGER events_are_not_removed") ==
          std::vector<std::string>{"trigger events_are_not_removed is missing"});
    CHECK(after("DROP INDEX identifiers_bind") == std::vector<std::string>{"index identifiers_bind is missing"});
    CHECK(after("DROP VIEW finding_state; CREATE VIEW finding_state AS SELECT * FROM findings WHERE band <> 'critical'") ==
          std::vector<std::string>{"view finding_state is not as this program makes it"});
    CHECK(after("DROP TRIGGER events_are_not_changed; CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events WHEN 0 "
                "BEGIN SELECT 1; END") ==
          std::vector<std::string>{"trigger events_are_not_changed is not as this program makes it"});
    CHECK(after("CREATE TRIGGER quiet AFTER UPDATE ON findings BEGIN SELECT 1; END") ==
          std::vector<std::string>{"trigger quiet is none that this program makes"});
    // A question of one's own about what stands there is nobody's harm.
    CHECK(after("CREATE VIEW mine AS SELECT count(*) FROM findings").empty());
}

TEST_CASE("what the program's tables hold is covered: what is deleted, edited or put in there shows, and where") {
    const Folder folder("tables");
    make(folder, "site.db");
    CHECK(problems_after(folder, "").empty());
    std::string finding;
    {
        const Register held = Register::open_to_read(folder.at("site.db"));
        for (const OverviewFinding& each : overview(held, nullptr).findings) {
            if (each.finding.rule == "path") finding = each.finding.id;
        }
    }
    REQUIRE_FALSE(finding.empty());
    CHECK(tells(problems_after(folder, fmt::format("DELETE FROM findings WHERE finding = '{}'", finding)),
                fmt::format("finding {} is gone, which event", finding)));
    CHECK(
        tells(problems_after(folder, fmt::format("UPDATE findings SET observation = 'refuted' WHERE finding = '{}'", finding)),
              fmt::format("finding {} is refuted where event", finding)));
    const std::pair<const char*, const char*> tampering[] = {
        {"UPDATE findings SET because_nl = 'Niets aan de hand.'", "findings"},
        {"UPDATE findings SET observation = 'out_of_scope'", "findings"},
        {"UPDATE beliefs SET value = 'Other' WHERE field = 'brand'", "beliefs"},
        {"UPDATE beliefs SET vendor = 'hillside' WHERE field = 'maker'", "beliefs"},
        {"UPDATE assets SET label = 'a kettle'", "assets"},
        {"DELETE FROM assets WHERE number = 1", "assets"},
        {"DELETE FROM identifiers WHERE kind = 'ip'", "identifiers"},
        {"DELETE FROM claims WHERE field = 'brand'", "claims"},
        {"UPDATE claims SET frame = frame + 1", "claims"},
        {"INSERT INTO claims SELECT * FROM claims LIMIT 1", "claims"},
        {"INSERT INTO coverage VALUES (2, 'modbus', 'malformed', 1, 1)", "coverage"},
        {"INSERT INTO sessions VALUES ('north', '10.1.0.11', 'modbus', '', '2026-01-01T00:00:00Z')", "sessions"},
        {"UPDATE sums SET rated_power = rated_power + 1", "sums"},
        {"UPDATE sources SET path = 'other.pcap'", "sources"},
        {"UPDATE rules SET condition = '0'", "rules"},
    };
    for (const auto& [statement, table] : tampering)
        CHECK_MESSAGE(tells(problems_after(folder, statement), fmt::format("table {} is not what event", table)), statement);
    // A run that looks like a quiet interval of `listen` hides nothing for longer than a day.
    CHECK(tells(
        problems_after(folder,
                       "INSERT INTO runs SELECT 3, '2026-01-06T00:00:00Z', site, program, vendordb, rules, 0, '[]', '[]', "
                       "'' FROM runs WHERE run = 2; INSERT INTO sources VALUES (3, 1, 'x', 'eth0', 'interface', '', 1, 1, "
                       "'2026-01-06T00:00:00Z', '2026-01-06T00:00:00Z', 1, '[]'); UPDATE assets SET label = 'a kettle'"),
        "run 3 is later than event"));
}

TEST_CASE("acts of people that change the tables seal them anew, and quiet intervals do so once a day") {
    const Folder folder("seals");
    Plant plant(folder, folder.at("site.db"));
    const std::vector<Device> both = {inverter("00:00:5e:00:53:0a", "10.1.0.11"), controller("00:00:5e:00:53:0b", "10.1.0.12")};
    plant.run(both, 0);
    const auto clean = [&] {
        const Register held = Register::open_to_read(folder.at("site.db"));
        const Verification found = verify(held);
        for (const std::string& each : found.problems) FAIL_CHECK(each);
        return found.unsealed_since;
    };
    {
        Register held = Register::open(folder.at("site.db"));
        const std::string one = assets_meant(overview(held, nullptr), "10.1.0.11").front();
        const std::string other = assets_meant(overview(held, nullptr), "10.1.0.12").front();
        good(assert_is(held, one, Field::location, "roof", nullptr, analyst(3, "seen there")));
        clean();
        good(assert_same(held, one, other, analyst(3, "two ports of one")));
        clean();
        good(assert_apart(held, one, {"mac:00:00:5e:00:53:0b"}, analyst(3, "two after all")));
        clean();
        good(assert_is(held, one, Field::location, "", nullptr, analyst(3, "no longer")));
        clean();
        good(forget(held, other, owner(4, "asked for")));
    }
    CHECK(clean() == 0);
    // Intervals in which nothing happens: a minute apart they leave no event, and after a day one.
    const auto recorded = [&] {
        return Register::open_to_read(folder.at("site.db"))
            .connection()
            .database.number("SELECT count(*) FROM events WHERE event = 'recorded'");
    };
    const auto interval = [&](int minute) {
        plant.minute = minute;
        plant.run({both.front()}, 5, false, "eth0");
    };
    interval(0);
    const std::int64_t first = recorded();
    interval(1);
    interval(2);
    CHECK(recorded() == first);
    CHECK(clean() > 0);
    interval(1501);
    CHECK(recorded() == first + 1);
    CHECK(clean() == 0);
}

TEST_CASE("a signature over the head: what was signed cannot be taken away or written anew") {
    const Folder folder("signed");
    make(folder, "site.db");
    const KeyPair keys = make_keys();
    {
        Register held = Register::open(folder.at("site.db"));
        CHECK_FALSE(sign_head(held, keys.public_pem, "key", on_day(3)).ok());
        const HeadSignature made = good(sign_head(held, keys.private_pem, "key", on_day(3)));
        CHECK(verify(held).signed_seq == made.seq);
        CHECK(verify(held, keys.public_pem).signed_seq == made.seq);
        CHECK(verify(held, make_keys().public_pem).signed_seq == 0);
    }
    CHECK(problems_after(folder, "").empty());
    CHECK(tells(problems_after(folder, "UPDATE signatures SET at = '2020-01-01T00:00:00Z'"), "does not hold"));
    // The end taken off, and the head moved back: only the signature shows it.
    const auto found = problems_after(folder,
                                      "DELETE FROM events WHERE seq = (SELECT max(seq) FROM events); INSERT OR REPLACE INTO "
                                      "chain_head SELECT 1, seq, hash FROM events ORDER BY seq DESC LIMIT 1");
    CHECK(tells(found, "which was signed on 2026-01-04T00:00:00Z, is missing"));
}

TEST_CASE("a copy is whole and for nobody else's eyes; put back, it says so; what does not verify is not put back") {
    const Folder folder("copies");
    make(folder, "site.db");
    REQUIRE(back_up(Register::open_to_read(folder.at("site.db")), folder.at("copy.db")).empty());
    struct stat about {};
    REQUIRE(::stat(folder.at("copy.db").c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0600);
    CHECK(
        back_up(Register::open_to_read(folder.at("site.db")), folder.at("copy.db")).front().text().find("never written over") !=
        std::string::npos);

    write_file(folder.at("site.db"), "damaged");
    CHECK_FALSE(restore(folder.at("copy.db"), folder.at("site.db"), {"", "owner", "", on_day(5)}).ok());
    const std::string kept = good(restore(folder.at("copy.db"), folder.at("site.db"), owner(5, "the disk was damaged")));
    CHECK(read_file(kept).value() == "damaged");
    const Register held = Register::open(folder.at("site.db"));
    CHECK(verify(held).problems.empty());
    CHECK(held.connection().database.number("SELECT count(*) FROM events WHERE event = 'restored'") == 1);
    CHECK(held.connection().database.number("SELECT count(*) FROM runs") == 2);
    {
        const Register copy = Register::open(folder.at("copy.db"));
        copy.connection().database.run("UPDATE findings SET band = 'low'");
    }
    const auto refused = restore(folder.at("copy.db"), folder.at("site.db"), owner(6, "again"));
    CHECK(refusal(refused).find("is not what event") != std::string::npos);
}

TEST_CASE(
    "a register of schema 1 or 2 is brought up to date after a copy; reading alone leaves it as it is; a newer one is "
    "refused") {
    const Folder folder("schemas");
    fs::create_directories(folder.at("x"));
    for (const int from : {1, 2}) {
        const std::string path = folder.at(fmt::format("schema-{}.db", from));
        // tests/register/schema_2.sql is a register of schema 2 as it was written then, with a run, and decisions of people and
        // scans.
        {
            const Result<std::string> old = read_file(HERKOMST_SOURCE_DIR "/tests/register/schema_2.sql");
            REQUIRE(old.ok());
            write_file(path, "", 0600);
            sql::Database db(path, sql::Mode::ReadWrite);
            db.run(old.value());
            if (from == 1)
                db.run(
                    "DROP INDEX identifiers_bind; ALTER TABLE identifiers DROP COLUMN site;"
                    "CREATE UNIQUE INDEX identifiers_bind ON identifiers (value) WHERE kind IN ('strong', 'key');"
                    "PRAGMA user_version = 1");
        }
        const auto version = [&] { return sql::Database(path, sql::Mode::ReadOnly).number("PRAGMA user_version"); };
        {
            const Register read = Register::open_to_read(path);
            CHECK(overview(read, nullptr).assets.size() == 2);
            CHECK(read.path() == path);
        }
        CHECK(version() == from);
        const Register held = Register::open(path);
        CHECK(version() == Register::schema_version);
        CHECK(fs::exists(path + fmt::format(".schema-{}.backup", from)));
        CHECK(sql::Database(path + fmt::format(".schema-{}.backup", from), sql::Mode::ReadOnly).number("PRAGMA user_version") ==
              from);
        for (const std::string& each : verify(held).problems) FAIL(each);
        sql::Database& db = held.connection().database;
        CHECK(db.number("SELECT count(*) FROM identifiers WHERE site <> 'north'") == 0);
        CHECK(db.number("SELECT count(*) FROM events WHERE event = 'migrated'") == 1);
        CHECK(sessions_of(held).empty());
        // Whom a scan closed is for people to close now; what people decided stays decided.
        const auto status = [&](const std::string& finding) {
            sql::Query row(db, "SELECT status || ' ' || observation FROM finding_state WHERE finding = ?");
            row.bind(finding);
            REQUIRE(row.step());
            return row.text(0);
        };
        CHECK(status("R-scanclosed000000") == "new refuted");
        CHECK(status("R-accepted00000000") == "accepted observed");
        CHECK(status("R-personclosed0000") == "closed observed");
        CHECK(status("R-open000000000000") == "new observed");
        db.run("PRAGMA user_version = " + std::to_string(Register::schema_version + 1));
        CHECK(complaint([&] { Register::open(path); }).find("was made by a newer herkomst") != std::string::npos);
    }
}

TEST_CASE("what is forgotten is in no table, no event and no byte of the file; that it was forgotten stays") {
    const Folder folder("forgotten");
    make(folder, "site.db");
    {
        Register held = Register::open(folder.at("site.db"));
        const std::string uid = assets_meant(overview(held, nullptr), "10.1.0.11").front();
        good(set_fields(held, "asset", uid, {{"note", "ask Wilhelmina"}}, analyst(3, "")));
        CHECK_FALSE(forget(held, uid, analyst(4, "")).ok());
        good(forget(held, uid, owner(4, "asked for")));
        for (const std::string& each : verify(held).problems) FAIL(each);
        CHECK(verify(held).forgotten > 0);
        CHECK(assets_meant(overview(held, nullptr), "10.1.0.11").empty());
        CHECK(assets_meant(overview(held, nullptr), "10.1.0.12").size() == 1);
        CHECK(held.connection().database.number(
                  "SELECT count(*) FROM events WHERE event = 'forgot' AND detail ->> '$.by' = 'R. Owner'") == 1);
    }
    for (const char* side : {"", "-wal"}) {
        const Result<std::string> bytes = read_file(folder.at("site.db") + side);
        if (!bytes) continue;
        for (const char* gone : {"10.1.0.11", "53:0a", "SN-4471-99", "Wilhelmina"})
            CHECK_MESSAGE(bytes.value().find(gone) == std::string::npos, gone);
        if (*side == '\0') CHECK(bytes.value().find("10.1.0.12") != std::string::npos);
    }
}

TEST_CASE("retention: what nobody saw for so long, and nobody works on, is forgotten by a run") {
    const Folder folder("retention");
    Plant plant(folder, folder.at("site.db"));
    const Device one = inverter("00:00:5e:00:53:0a", "10.1.0.11");
    const Device other = controller("00:00:5e:00:53:0b", "10.1.0.12");
    plant.run({one, other}, 0);
    {
        Register held = Register::open(plant.path());
        good(put_setting(held, "retention", "100", owner(0, "policy")));
    }
    CHECK(plant.run({one}, 90).forgotten == 0);
    const RunReceipt receipt = plant.run({one}, 120);
    CHECK(receipt.forgotten == 1);
    CHECK(plant.look().assets.size() == 1);
    CHECK(plant.run({one, other}, 130).assets_new == 1);
    // Of one that somebody works on, nothing.
    {
        Register held = Register::open(plant.path());
        good(move(held, plant.finding("path", plant.uid("10.1.0.11")).finding.id, "assessed", {}, analyst(131, "looked at")));
    }
    CHECK(plant.run({other}, 400).forgotten == 0);
    CHECK(verify(Register::open_to_read(plant.path())).problems.empty());
}

TEST_SUITE_END();

}  // namespace keep_test
