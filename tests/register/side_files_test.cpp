// The file and what lies beside it: a number that does not fit its tables, and readers that leave nothing behind.
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "core/file.h"
#include "register/keep.h"
#include "register/open.h"
#include "register/verify.h"
#include "tests/register/complaint.h"
#include "tests/register/plant.h"

using namespace herkomst;
using namespace herkomst::plant;
using herkomst::test::complaint;

namespace fs = std::filesystem;

namespace side_files_test {

TEST_SUITE_BEGIN("register.side_files");

namespace {

Device controller(const char* mac, const char* ip) {
    return {mac, ip, {{Field::brand, "Example hillside"}, {Field::category, "plc"}}};
}

std::string files_in(const Folder& folder) {
    std::set<std::string> names;
    for (const auto& each : fs::directory_iterator(folder.at("")))
        if (each.path().filename().string().starts_with("site.db")) names.insert(each.path().filename().string());
    std::string out;
    for (const std::string& name : names) out += name + " ";
    return out;
}

}  // namespace

TEST_CASE("a number that is not that of the schema is told as such, by readers and writers, and nothing is changed") {
    const Folder folder("altered_number");
    Plant plant(folder, folder.at("site.db"));
    plant.run({controller("00:00:5e:00:53:01", "10.1.0.1")}, 0);
    for (int number = 1; number < Register::schema_version; ++number) {
        {
            sql::Database raw(folder.at("site.db"), sql::Mode::ReadWrite);
            raw.run("PRAGMA user_version = " + std::to_string(number));
        }
        const std::string before = read_file(folder.at("site.db")).value();
        for (const bool writes : {false, true}) {
            const std::string said = complaint(
                [&] { writes ? Register::open(folder.at("site.db")) : Register::open_to_read(folder.at("site.db")); });
            CHECK_MESSAGE(said.find("says that it is of schema " + std::to_string(number) + " and holds ") != std::string::npos,
                          said);
            CHECK(said.find("nothing was changed") != std::string::npos);
        }
        CHECK(read_file(folder.at("site.db")).value() == before);
        CHECK(files_in(folder) == "site.db ");
    }
    // The other way round: the number of today on tables that are not there.
    {
        sql::Database raw(folder.at("site.db"), sql::Mode::ReadWrite);
        raw.run("PRAGMA user_version = " + std::to_string(Register::schema_version) + "; DROP TABLE sessions");
    }
    const std::string said = complaint([&] { Register::open_to_read(folder.at("site.db")); });
    CHECK_MESSAGE(said.find("does not hold table sessions") != std::string::npos, said);
}

TEST_CASE("a migration that fails says so, leaves the register as it was, and no copy beside it") {
    const Folder folder("migration_fails");
    const Result<std::string> old = read_file(HERKOMST_SOURCE_DIR "/tests/register/schema_3.sql");
    REQUIRE(old.ok());
    write_file(folder.at("site.db"), "", 0600);
    {
        sql::Database db(folder.at("site.db"), sql::Mode::ReadWrite);
        // A view of somebody's own, which the migration trips over.
        db.run(old.value() + "; CREATE VIEW ratings AS SELECT 1;");
    }
    const std::string before = read_file(folder.at("site.db")).value();
    const std::string said = complaint([&] { Register::open(folder.at("site.db")); });
    CHECK_MESSAGE(
        said.find("this register of schema 3 was not brought up to date, and nothing in it was changed") != std::string::npos,
        said);
    CHECK(read_file(folder.at("site.db")).value() == before);
    CHECK(files_in(folder) == "site.db ");
}

TEST_CASE("who only reads leaves nothing beside the register") {
    const Folder folder("side_files");
    Plant plant(folder, folder.at("site.db"));
    plant.run({controller("00:00:5e:00:53:01", "10.1.0.1")}, 0);
    CHECK(files_in(folder) == "site.db ");
    {
        const Register held = Register::open_to_read(folder.at("site.db"));
        CHECK(overview(held, nullptr).assets.size() == 1);
        CHECK(verify(held).problems.empty());
        // Nor does a reader write.
        CHECK(complaint([&] {
                  held.connection().database.run("UPDATE assets SET label = 'x'");
              }).find("cannot be written to") != std::string::npos);
        CHECK(back_up(held, folder.at("copy.db")).empty());
        CHECK(complaint([&] { held.connection().database.run("DELETE FROM assets"); }).find("cannot be written to") !=
              std::string::npos);
    }
    CHECK(files_in(folder) == "site.db ");
}

TEST_CASE("readers and a writer at once: each reader sees whole runs, whoever goes last takes the side files away") {
    const Folder folder("side_by_side");
    Plant plant(folder, folder.at("site.db"));
    plant.run({controller("00:00:5e:00:53:01", "10.1.0.1")}, 0);
    std::vector<pid_t> readers;
    for (int reader = 0; reader < 3; ++reader) {
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            int wrong = 0;
            try {
                for (int look = 0; look < 25; ++look) {
                    const Register held = Register::open_to_read(folder.at("site.db"));
                    wrong += verify(held).problems.empty() ? 0 : 1;
                }
            } catch (const std::exception&) {
                wrong = 99;
            }
            ::_exit(wrong);
        }
        readers.push_back(child);
    }
    for (int day = 1; day < 12; ++day) plant.run({controller("00:00:5e:00:53:01", "10.1.0.1")}, day);
    for (const pid_t child : readers) {
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(WEXITSTATUS(status) == 0);
    }
    const Register held = Register::open_to_read(folder.at("site.db"));
    CHECK(held.connection().database.number("SELECT count(*) FROM runs") == 12);
}

TEST_SUITE_END();

}  // namespace side_files_test
