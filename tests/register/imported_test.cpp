// What is known from inventories alone says so, until it is heard on the network.
#include <algorithm>

#include "register/history.h"
#include "register/open.h"
#include "register/verify.h"
#include "tests/register/plant.h"

using namespace herkomst;
using namespace herkomst::plant;

namespace herkomst {
extern const char* const register_migrations[];
}

namespace imported_test {

TEST_SUITE_BEGIN("register.imported");

namespace {

constexpr const char* mac_1 = "00:00:5e:00:53:01";
constexpr const char* mac_2 = "00:00:5e:00:53:02";

Device inverter(const char* mac, const char* ip) {
    return {mac, ip, {{Field::brand, "Example riverside"}, {Field::model, "RS50K"}, {Field::remote_blocked, "0"}}};
}

}  // namespace

TEST_CASE(
    "an asset and its findings that only an inventory tells of are imported only; heard once, they are observed for good") {
    const Folder folder("imported");
    Plant plant(folder, folder.at("site.db"));
    const auto observed = [&](const char* rule, const std::string& subject) {
        return plant.finding(rule, subject).observation;
    };
    const auto sound = [&] {
        for (const std::string& each : verify(Register::open_to_read(plant.path())).problems) FAIL_CHECK(each);
    };
    plant.kind = "inventory";
    plant.run({inverter(mac_1, "10.1.0.1"), inverter(mac_2, "10.1.0.2")}, 0);
    const std::string one = plant.uid(mac_1);
    const std::string other = plant.uid(mac_2);
    CHECK(observed("path", one) == "imported_only");
    CHECK(observed("supplier", "riverside") == "imported_only");
    CHECK(plant.look().asset(one)->observation == "imported_only");
    sound();
    // The same list again is nothing new.
    CHECK(plant.run({inverter(mac_1, "10.1.0.1"), inverter(mac_2, "10.1.0.2")}, 1).changed == 0);
    sound();
    // One of the two is heard.
    plant.kind = "capture";
    plant.run({inverter(mac_1, "10.1.0.1")}, 2);
    CHECK(observed("path", one) == "observed");
    CHECK(observed("supplier", "riverside") == "observed");
    CHECK(plant.look().asset(one)->observation == "observed");
    CHECK(plant.look().asset(other)->observation == "imported_only");
    // The capture saw others of its network: it is not where the list says that it is.
    CHECK(observed("path", other) == "not_observed");
    {
        const auto changes = differences(Register::open_to_read(plant.path()), 2, 3);
        CHECK(std::any_of(changes.begin(), changes.end(), [&](const Difference& each) {
            return each.what == "changed" && each.detail.find("imported_only -> observed") != std::string::npos;
        }));
    }
    sound();
    // The list once more: what was heard stays so, the other one is back.
    plant.kind = "inventory";
    plant.run({inverter(mac_1, "10.1.0.1"), inverter(mac_2, "10.1.0.2")}, 3);
    CHECK(observed("path", one) == "observed");
    CHECK(observed("path", other) == "imported_only");
    // A capture of elsewhere takes nothing back.
    plant.kind = "capture";
    plant.run({inverter("00:00:5e:00:53:77", "10.9.0.7")}, 4);
    CHECK(observed("path", other) == "imported_only");
    CHECK(observed("path", one) == "out_of_scope");
    sound();
}

TEST_CASE("an inventory alone looks nowhere: whatever it does not list was not missed") {
    const Folder folder("imported_looks");
    Plant plant(folder, folder.at("site.db"));
    plant.run({inverter(mac_1, "10.1.0.1"), inverter(mac_2, "10.1.0.2")}, 0);
    const std::string listed = plant.uid(mac_1);
    const std::string other = plant.uid(mac_2);
    plant.kind = "inventory";
    for (int day = 1; day < 5; ++day) {
        const RunReceipt receipt = plant.run({inverter(mac_1, "10.1.0.1")}, day);
        CHECK(receipt.not_observed == 0);
        CHECK(plant.finding("path", other).observation == "out_of_scope");
        CHECK_FALSE(plant.finding("path", other).closure_candidate);
        CHECK(plant.look().asset(other)->missed == 0);
        CHECK(plant.finding("path", listed).observation == "observed");
    }
    const auto events = events_of(Register::open_to_read(plant.path()), "asset", other);
    CHECK(std::none_of(events.begin(), events.end(), [](const RegisterEvent& each) { return each.event == "missed"; }));
    for (const std::string& each : verify(Register::open_to_read(plant.path())).problems) FAIL_CHECK(each);
    // Whoever listens there, and hears only the one, has looked.
    plant.kind = "capture";
    plant.run({inverter(mac_1, "10.1.0.1")}, 5);
    CHECK(plant.finding("path", other).observation == "not_observed");
    CHECK(plant.look().asset(other)->missed == 1);
}

TEST_CASE("two that turn out to be one: heard as either, it was heard") {
    const Folder folder("imported_merge");
    Plant plant(folder, folder.at("site.db"));
    plant.kind = "inventory";
    plant.run({inverter(mac_1, "10.1.0.1")}, 0);
    plant.kind = "capture";
    plant.run({inverter(mac_2, "10.1.0.2")}, 1);
    const std::string listed = plant.uid(mac_1);
    const std::string heard = plant.uid(mac_2);
    CHECK(plant.look().asset(listed)->observation == "imported_only");
    {
        Register held = Register::open(plant.path());
        good(assert_same(held, listed, heard, analyst(2, "two ports")));
    }
    CHECK(plant.look().asset(plant.uid(mac_1))->observation == "observed");
}

TEST_CASE("never heard is no day: of two that are merged the day stays on which the one was first heard") {
    for (const bool list_first : {true, false}) {
        CAPTURE(list_first);
        const Folder folder("imported_first_seen");
        Plant plant(folder, folder.at("site.db"));
        const Device row{"", "10.1.0.1", {{Field::brand, "Example riverside"}, {Field::model, "Dome 4"}}};
        const auto list = [&](int day) {
            plant.kind = "inventory";
            plant.run({row}, day, false, "list");
        };
        if (list_first) list(0);
        plant.kind = "capture";
        plant.run({inverter(mac_2, "10.1.0.2")}, 1);
        if (!list_first) list(2);
        {
            Register held = Register::open(plant.path());
            good(assert_same(held, plant.uid("10.1.0.1"), plant.uid(mac_2), analyst(2, "two ports")));
        }
        CHECK(plant.look().asset(plant.uid(mac_2))->first_seen == on_day(1));
        // An earlier version left 1970 there: the next run that sees it mends it, from what was heard.
        if (list_first) {
            const std::string uid = plant.uid(mac_2);
            Register::open(plant.path())
                .connection()
                .database.run("UPDATE assets SET first_seen = '1970-01-01T00:00:00Z' WHERE uid = '" + uid + "'");
            CHECK(plant.look().asset(uid)->first_seen == Time{});
        }
        plant.kind = "capture";
        plant.run({inverter(mac_2, "10.1.0.2")}, 3);
        CHECK(plant.look().asset(plant.uid(mac_2))->first_seen == on_day(1));
    }
}

TEST_CASE("a register of schema 4 learns which of its assets only inventories tell of") {
    const Folder folder("imported_schema_4");
    const std::string path = folder.at("site.db");
    const Result<std::string> old = read_file(HERKOMST_SOURCE_DIR "/tests/register/schema_3.sql");
    REQUIRE(old.ok());
    write_file(path, "", 0600);
    std::int64_t assets = 0;
    {
        sql::Database db(path, sql::Mode::ReadWrite);
        db.run(old.value());
        db.run(register_migrations[2]);
        REQUIRE(db.number("PRAGMA user_version") == 4);
        assets = db.number("SELECT count(*) FROM assets WHERE uid IN (SELECT uid FROM claims)");
        REQUIRE(assets > 1);
        // One was heard as well.
        db.run(
            "UPDATE sources SET kind = 'inventory'; INSERT INTO sources SELECT run, 99, 'heard', 'heard.pcap', 'capture', "
            "'', 1, 1, first, last, 1, '[]' FROM sources LIMIT 1; INSERT INTO claims SELECT uid, field, value, vendor, "
            "strength, "
            "method, because, 'heard', 1, 0, 1, first_seen, last_seen, 1, subject FROM claims WHERE source <> '' ORDER BY uid "
            "LIMIT 1");
    }
    const Register held = Register::open(path);
    sql::Database& db = held.connection().database;
    CHECK(db.number("PRAGMA user_version") == Register::schema_version);
    CHECK(db.number("SELECT count(*) FROM assets WHERE observation = 'imported_only'") == assets - 1);
    CHECK(db.number("SELECT count(*) FROM assets WHERE observation = 'observed'") ==
          db.number("SELECT count(*) FROM assets") - assets + 1);
    CHECK(db.number("SELECT count(*) FROM events WHERE event = 'migrated'") == 1);
    for (const std::string& each : verify(held).problems) FAIL_CHECK(each);
}

TEST_SUITE_END();

}  // namespace imported_test
