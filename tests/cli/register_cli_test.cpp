// herkomst register and seal, from the command line: what a risk owner types, and what comes back.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "register/sql.h"
#include "tests/cli/program.h"

using namespace herkomst;
namespace fs = std::filesystem;
using program::Ran;
using program::says;

namespace register_cli_test {

TEST_SUITE_BEGIN("register_cli");

namespace {

class Desk : public program::Desk {
  public:
    Desk() : program::Desk("desk", "10.1.0.7;Sungrow;SG110CX;A7001234\n10.1.0.8;Siemens;S7-1200;S7-55512\n") {}
};

}  // namespace

TEST_CASE("list, filter, sort, decide, and find it again after the next scan") {
    const Desk desk;
    CHECK(desk.rows("assets").size() == 2);
    JsonArray questions = desk.rows("questions");
    REQUIRE_FALSE(questions.empty());
    const std::string finding = questions.front()["finding"].string();
    CHECK(says(desk.desk("accept " + finding + " --by Rob --role owner --reason so --until 2026-03-01"),
               "is new and cannot become accepted"));
    CHECK(desk.desk("status assessed " + finding + " --by Ann --reason 'looked at'").exit_code == 0);
    CHECK(desk.desk("accept " + finding + " --by Rob --role owner --reason so --until 2026-03-01 owner=Rob").exit_code == 0);
    CHECK(says(desk.desk("set 10.1.0.7 zone='hall 2' category=camera --by Ann --reason 'seen on site'"),
               "facts, findings and their texts hold from the next scan on"));
    CHECK_FALSE(says(desk.desk("set 10.1.0.7 zone='hall 2' --by Ann"), "from the next scan on"));
    // A band that knows nothing yet stands beside no other.
    for (const Json& row : desk.rows("findings")) CHECK(row["rated"].is_null());
    CHECK(says(desk.desk("--help"), "`band` leads"));
    CHECK(says(desk.desk("set 10.1.0.7 colour=blue --by Ann"), "colour: there is no such field"));
    CHECK(says(desk.desk("set 10.1.0.99 zone=x --by Ann"), "there is nothing called \"10.1.0.99\""));
    desk.scan("2026-01-10T00:00:00Z");
    CHECK(says(desk.desk("show " + finding), "status           accepted since 2026-01-02"));
    CHECK(says(desk.desk("show 10.1.0.7"), "category         camera (confirmed)"));
    CHECK(says(desk.desk("list assets --zone 'hall 2'"), "10.1.0.7"));
    CHECK(says(desk.desk("list assets --sort -label --format csv"), ",AMBER+STRICT\r\n"));
    CHECK(desk.desk("list assets --sort nothing").exit_code == 2);
    CHECK(says(desk.desk("list questions --overdue", "2026-04-01T00:00:00Z"), finding));
    CHECK(says(desk.desk("history " + finding), "\"looked at\""));
    CHECK(says(desk.desk("diff"), "people"));
    // No address, no serial number in what is shown around.
    for (const char* what : {"findings", "questions", "assets"}) {
        const Ran ran = desk.desk(std::string("list --redact ") + what);
        CHECK(ran.exit_code == 0);
        for (const char* secret : {"10.1.0.7", "A7001234", "hall 2", "Rob"}) CHECK(ran.out.find(secret) == std::string::npos);
    }
    desk.scan("2026-03-02T00:00:00Z");
    CHECK(says(desk.desk("show " + finding), "status           assessed since 2026-03-02"));
    CHECK(desk.desk("verify").exit_code == 0);
}

TEST_CASE("a rule explains itself in Dutch throughout, and so does what if") {
    const Desk desk;
    const Ran page = desk.run("rules explain control-measures-3b --lang nl");
    for (const char* dutch : {"tabel: assets", "vraag (per ", "slaat aan ", "slaat niet aan ", "onbeslist ",
                              "leveranciersgegevens", "land met offensief programma"})
        CHECK(says(page, dutch));
    for (const char* english : {"over: ", "(supplier)", "fires", "does_not", "undecided", "vendordb,", "network", " answer"})
        CHECK_MESSAGE(page.out.find(english) == std::string::npos, english);
    const Ran simulated = desk.run("rules simulate --vendor siemens --lang nl --register site.db");
    CHECK(simulated.exit_code == 0);
    // And why a row of an inventory was not used, whatever the reason.
    std::ofstream(desk.at("wrong.csv"))
        << "ip-adres;merk;vermogen\n10.1.0.300;Alfen;5 kW\n10.1.0.9;Alfen;veel\n;Alfen;\n10.1.0.9;;\n"
           "10.1.0.9;Alfen;5 kW;x\n10.1.0.10;Alfen;5 kW\n";
    const Ran scanned = desk.run("scan wrong.csv --site north --register other.db --lang nl");
    CHECK(says(scanned, "rij niet gebruikt: \"10.1.0.300\" is geen IP-adres van een apparaat"));
    CHECK_MESSAGE(scanned.out.find("row not used") == std::string::npos, scanned.out);
    for (const char* english : {"  vendor ", "  jurisdiction ", "  parent ", "  site "})
        CHECK_MESSAGE(simulated.out.find(english) == std::string::npos, simulated.out);
}

TEST_CASE("signed, sealed, backed up, restored, forgotten") {
    const Desk desk;
    CHECK(desk.run("vendordb keygen --out sign").exit_code == 0);
    CHECK(desk.desk("sign --key sign").exit_code == 0);
    CHECK(says(desk.desk("verify --key sign.pub"), "signed up to event"));
    CHECK(desk.run("seal keygen -o mine").exit_code == 0);
    CHECK(desk.run("seal keygen -o other").exit_code == 0);
    CHECK(desk.run("vendordb keygen --out wrong").exit_code == 0);
    CHECK(desk.desk("verify --key wrong.pub").exit_code == 4);
    CHECK(desk.desk("backup copy.sealed --recipient mine.pub").exit_code == 0);
    CHECK((fs::status(desk.at("copy.sealed")).permissions() & fs::perms::all) ==
          (fs::perms::owner_read | fs::perms::owner_write));
    CHECK(says(desk.run("register restore copy.sealed --register new.db --key other --by Ann --reason test"),
               "cannot be opened with this key"));
    CHECK(desk.run("register restore copy.sealed --register new.db --key mine --by Ann --reason test").exit_code == 0);
    CHECK(desk.run("register verify --register new.db --key sign.pub").exit_code == 0);
    // Altered or for somebody else: refused, as seal open does; what opens it is not said, or is none: input.
    const auto restored = [&](const std::string& words) {
        return desk.run("register restore " + words + " --register third.db --by Ann --reason test").exit_code;
    };
    CHECK(restored("copy.sealed --key other") == 4);
    CHECK(restored("copy.sealed") == 2);
    CHECK(restored("copy.sealed --key nowhere") == 2);
    {
        std::fstream file(desk.at("copy.sealed"), std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(-100, std::ios::end);
        file.put('x');
        file.put('y');
    }
    CHECK(restored("copy.sealed --key mine") == 4);
    CHECK_FALSE(fs::exists(desk.at("third.db")));
    // Neither a copy that does not verify; and readers leave nothing beside a register.
    CHECK(desk.desk("backup plain.db").exit_code == 0);
    sql::Database(desk.at("plain.db"), sql::Mode::ReadWrite).run("UPDATE assets SET label = 'x'");
    CHECK(restored("plain.db") == 4);
    CHECK_FALSE(fs::exists(desk.at("third.db")));
    for (const char* side : {"site.db-wal", "site.db-shm", "plain.db-wal", "plain.db-shm"})
        CHECK_FALSE_MESSAGE(fs::exists(desk.at(side)), side);
    // A register whose number was altered is told as such: verify refuses it, everything else cannot use it.
    fs::copy_file(desk.at("site.db"), desk.at("old.db"));
    sql::Database(desk.at("old.db"), sql::Mode::ReadWrite).run("PRAGMA user_version = 3");
    const Ran altered = desk.run("register verify --register old.db");
    CHECK(altered.exit_code == 4);
    CHECK(says(altered, "says that it is of schema 3 and holds"));
    CHECK(desk.run("register list --register old.db").exit_code == 3);
    CHECK(says(desk.run("register list --register old.db --lang nl"), "dit register zegt schema 3 te hebben"));
    CHECK(desk.run("scan list.csv --site north --register old.db").exit_code == 3);
    std::ofstream(desk.at("phrase")) << "a long enough sentence\n";
    CHECK(desk.run("export json --register site.db -o out --passphrase-file phrase").exit_code == 0);
    CHECK(says(desk.run("seal open out/json.sealed -o open --passphrase-file phrase"), "open/register.json"));
    CHECK(desk.run("seal open out/json.sealed -o open2 --key mine").exit_code == 2);
    CHECK(says(desk.desk("forget 10.1.0.7 --by Rob --role owner"), "without a reason"));
    CHECK(desk.desk("forget 10.1.0.7 --by Rob --role owner --reason asked").exit_code == 0);
    CHECK(desk.rows("assets").size() == 1);
    CHECK(says(desk.desk("verify"), "1 forgotten detail,"));
    CHECK(desk.desk("dance").exit_code == 2);
    // The options of a real life are hard to get wrong: a passphrase is never an option.
    CHECK(says(desk.run("seal --help"), "--passphrase-file"));
}

TEST_SUITE_END();

}  // namespace register_cli_test
