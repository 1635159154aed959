// What a risk owner meets at the desk: which band leads, names that were given up, names that are none, who may accept, an old
// register; in English and in Dutch.
#include <doctest/doctest.h>

#include <algorithm>

#include "register/open.h"
#include "register/overview.h"
#include "register/rating_rows.h"
#include "register/register.h"
#include "tests/cli/program.h"

using namespace herkomst;
using program::Ran;
using program::says;

namespace risk_owner_test {

TEST_SUITE_BEGIN("cli.risk_owner");

namespace {

class Desk : public program::Desk {
  public:
    explicit Desk(const std::string& name)
        : program::Desk(
              name, "10.1.0.7;Sungrow;SG110CX;A7001234\n10.1.0.8;Sungrow;SG110CX;A7001235\n10.1.0.9;Siemens;S7-1200;S7-55\n") {}
    [[nodiscard]] Ran nl(const std::string& words, const std::string& now = "2026-01-02T00:00:00Z") const {
        return run("register " + words + " --register site.db --lang nl", now);
    }
};

}  // namespace

TEST_CASE("one band leads: in lists, filters, order, summary and what a scan fails on") {
    const Desk desk("leads");
    // As if people had answered all of its inputs: then the rating with measures leads.
    std::string id;
    {
        const Register held = Register::open(desk.at("site.db"));
        const Overview all = overview(held, nullptr);
        REQUIRE_FALSE(all.findings.empty());
        const auto rated = std::find_if(all.findings.begin(), all.findings.end(),
                                        [](const auto& f) { return f.rating && f.finding.band < Band::High; });
        REQUIRE(rated != all.findings.end());
        id = rated->finding.id;
        CHECK(rated->leading() == rated->finding.band);
        Rating rating = *rated->rating;
        rating.known = rating.of;
        for (auto& [question, input] : rating.inputs) input = {"yes", RatingInput::From::Person};
        rating.residual = Band::Critical;
        rating.inherent = Band::Critical;
        put_rating(held.connection().database, id, rating, 1, 1);
        const Overview again = overview(held, nullptr);
        for (std::size_t i = 1; i < again.findings.size(); ++i)
            CHECK(again.findings[i - 1].leading() >= again.findings[i].leading());
    }
    const auto row_of = [&](const JsonArray& rows) {
        const auto found =
            std::find_if(rows.begin(), rows.end(), [&](const Json& row) { return row["finding"].string() == id; });
        REQUIRE(found != rows.end());
        return *found;
    };
    const JsonArray rows = desk.rows("findings --band critical");
    for (const Json& row : rows) CHECK(row["band"].string() == "critical");
    CHECK(row_of(rows)["rated_residual"].string() == "critical");
    CHECK(row_of(rows)["rule_band"].string() != "critical");
    for (const Json& row : desk.rows("findings --band medium")) CHECK(row["finding"].string() != id);
    CHECK(desk.rows("findings --sort -band").front()["band"].string() == "critical");
    CHECK(says(desk.desk("show " + id), "band             critical (of its rating, with measures)"));
    CHECK(says(desk.nl("show " + id), "kritiek (van de beoordeling, met beheersmaatregelen)"));
    CHECK(says(desk.nl("list"), "volgens de regel"));
    CHECK(says(desk.desk("--help"), "`band` leads"));
    // Where no rating leads: nothing for programs, a dash for people.
    for (const Json& row : desk.rows("findings")) {
        CHECK(row.has("rated"));
        CHECK((row["finding"].string() == id || row["rated"].is_null()));
    }
    CHECK(desk.desk("list --format csv").out.find(",-,") == std::string::npos);
}

TEST_CASE("what people answered leads where the rules were afraid, in the summary and in what a scan fails on") {
    const Desk desk("afraid");
    CHECK(desk.run("scan list.csv --register site.db --fail-on critical").exit_code == 1);
    answer_everything(desk);
    const Ran scanned = desk.run("scan list.csv --register site.db --fail-on medium", "2026-01-03T00:00:00Z");
    CHECK(scanned.exit_code == 0);
    CHECK(says(scanned, "      0  critical"));
    // What a scan refutes has no rating any more.
    const JsonArray rows = desk.rows("findings --observation imported_only");
    CHECK(std::any_of(rows.begin(), rows.end(), [](const Json& row) { return row["rule_band"].string() == "critical"; }));
    std::size_t rated = 0;
    for (const Json& row : rows) {
        if (row["rated_residual"].is_null()) continue;
        ++rated;
        CHECK(row["band"].string() == row["rated_residual"].string());
    }
    CHECK(rated > 5);
    CHECK(desk.rows("findings --observation imported_only --band critical").empty());
    CHECK(desk.run("scan list.csv --register site.db --fail-on low", "2026-01-03T00:00:00Z").exit_code == 1);
}

TEST_CASE("a name that was given up leads to where it went, and that is said") {
    const Desk desk("merged");
    JsonArray assets = desk.rows("assets");
    const auto uid = [&](const char* ip) {
        const auto found =
            std::find_if(assets.begin(), assets.end(), [&](const Json& row) { return row["ip"].string() == ip; });
        REQUIRE(found != assets.end());
        return (*found)["asset"].string();
    };
    const std::string one = uid("10.1.0.7");
    const std::string two = uid("10.1.0.8");
    std::vector<std::string> before;
    {
        const Overview all = overview(Register::open_to_read(desk.at("site.db")), nullptr);
        for (const auto* list : {&all.findings, &all.questions}) {
            for (const OverviewFinding& each : *list) {
                if (each.finding.subject.key == one || each.finding.subject.key == two) before.push_back(each.finding.id);
            }
        }
    }
    REQUIRE(desk.desk("merge 10.1.0.7 10.1.0.8 --by Ann --reason 'two ports'").exit_code == 0);
    const Overview all = overview(Register::open_to_read(desk.at("site.db")), nullptr);
    REQUIRE(all.assets.size() == 2);
    const std::string gone = all.asset(one) == nullptr ? one : two;
    const std::string kept = gone == one ? two : one;
    CHECK(says(desk.desk("show " + gone), gone + " is " + kept + " now"));
    CHECK(says(desk.nl("show " + gone.substr(0, 9)), gone + " is nu " + kept));
    REQUIRE_FALSE(all.merged.empty());
    for (const auto& [finding, now] : all.merged) {
        CHECK(std::find(before.begin(), before.end(), finding) != before.end());
        const Ran shown = desk.desk("show " + finding);
        CHECK(shown.exit_code == 0);
        CHECK(says(shown, finding + " is " + now + " now"));
        CHECK(says(shown, now + "  "));
    }
    const std::string finding = all.merged.begin()->first;
    CHECK(says(desk.nl("status assessed " + finding + " --by Ann --reason gezien"),
               all.merged.begin()->second + " is beoordeeld"));
}

TEST_CASE("what is no status, no thing and no run of this register is refused, also in Dutch") {
    const Desk desk("none_such");
    REQUIRE(desk.desk("set 10.1.0.7 zone=hall owner=Rob --by Ann").exit_code == 0);
    for (const auto& [words, en, nl] : {
             std::tuple("list --status foo", "is none of new, investigating",
                        "is geen van nieuw (new), in onderzoek (investigating)"),
             std::tuple("list questions --band huge", "is none of low, medium", "is geen van laag (low), middel (medium)"),
             std::tuple("list assets --kind lamp", "is none of device, part",
                        "is geen van apparaat (device), onderdeel (part)"),
             std::tuple("list assets --zone cellar", "stands nowhere in this register", "komt in dit register niet voor"),
             std::tuple("list --owner Bob", "stands nowhere in this register", "komt in dit register niet voor"),
             std::tuple("list assets --overdue", "is for findings and questions", "is voor bevindingen en vragen"),
             std::tuple("show A-1", "there is no assertion \"A-1\"", "er is geen vaststelling \"A-1\""),
             std::tuple("show M-9", "there is no measure \"M-9\"", "er is geen beheersmaatregel \"M-9\""),
             std::tuple("show zone:cellar", "there is no zone \"cellar\"", "er is geen zone \"cellar\""),
             std::tuple("show setting:colour", "there is no setting \"colour\"", "er is geen instelling \"colour\""),
             std::tuple("history A-99", "there is no assertion \"A-99\"", "er is geen vaststelling \"A-99\""),
             std::tuple("diff 1 99", "there is no run 99; the last one is 1", "er is geen inventarisatie 99; de laatste is 1"),
             std::tuple("diff 7", "there is no run 7", "er is geen inventarisatie 7"),
             std::tuple("assign 10.9.9.9 Rob --by Ann", "there is nothing called \"10.9.9.9\"",
                        "er is niets dat \"10.9.9.9\" heet"),
         }) {
        const Ran english = desk.desk(words);
        CHECK_MESSAGE(english.exit_code == 2, words);
        CHECK(says(english, en));
        CHECK(says(desk.nl(words), nl));
    }
    // What is there, and what could be, is no mistake.
    for (const char* words : {"list --status closed", "list assets --zone hall", "list --owner Rob", "show zone:hall",
                              "show setting:tlp", "diff 0 1", "list measures --kind contract", "list assets --kind apparaat"})
        CHECK_MESSAGE(desk.desk(words).exit_code == 0, words);
}

TEST_CASE("what a device is said to be is a category by its code or its name, and a power; nothing else is taken") {
    const Desk desk("said_to_be");
    for (const auto& [words, en, nl] : {
             std::tuple("category=lamp", "\"lamp\" is no category", "\"lamp\" is geen bekende categorie"),
             std::tuple("rated_power=abc", "\"abc\" is not a power", "\"abc\" is geen vermogen"),
         }) {
        const std::string set = "set 10.1.0.9 " + std::string(words) + " --by Ann --reason seen";
        CHECK(desk.desk(set).exit_code == 2);
        CHECK(says(desk.desk(set), en));
        CHECK(says(desk.nl(set), nl));
    }
    REQUIRE(desk.nl("set 10.1.0.9 'category=Omvormer (zon)' 'rated_power=110 kW' --by Ann --reason gezien").exit_code == 0);
    const Ran shown = desk.desk("show 10.1.0.9");
    CHECK(says(shown, "solar_inverter"));
    CHECK(says(shown, "110"));
    CHECK(desk.desk("set 10.1.0.9 category= --by Ann --reason wrong").exit_code == 0);
}

TEST_CASE("the people of a register say who answers and who puts a copy in its place; what is not a list is not redacted") {
    const Desk desk("people");
    REQUIRE(desk.desk("backup copy.db").exit_code == 0);
    REQUIRE(desk.desk("set person:Ann role=owner --by Ann --role owner --reason start").exit_code == 0);
    const Ran other = desk.desk("restore copy.db --by Mallory --reason mine");
    CHECK(other.exit_code == 2);
    CHECK(says(other, "Mallory is not among the people of this register"));
    CHECK(desk.desk("restore copy.db --by Ann --reason back").exit_code == 0);
    for (const char* action : {"show 10.1.0.7", "history", "diff"})
        CHECK_MESSAGE(says(desk.desk(std::string(action) + " --redact"), "--redact is for list"), action);
}

TEST_CASE("who owns a risk accepts it, nobody else does in his place") {
    const Desk desk("accepts");
    const std::string id = desk.rows("questions").front()["finding"].string();
    REQUIRE(desk.desk("status assessed " + id + " --by Ann --reason seen").exit_code == 0);
    REQUIRE(desk.desk("assign " + id + " 'R. Owner' --by Ann").exit_code == 0);
    const std::string accept = "accept " + id + " --role owner --reason so --until 2026-03-01 --by ";
    const Ran other = desk.desk(accept + "Bob");
    CHECK(other.exit_code == 2);
    CHECK(says(other, "belongs to R. Owner: Bob cannot accept it"));
    CHECK(says(desk.nl(accept + "Bob"), "is van R. Owner: Bob kan het niet aanvaarden"));
    CHECK(desk.desk(accept + "Bob owner=Carl").exit_code == 2);
    CHECK(desk.desk(accept + "'r. owner'").exit_code == 0);
}

TEST_CASE("a register of an earlier schema is brought up to date, and where the copy lies is said") {
    const Desk desk("older");
    const Result<std::string> old = read_file(HERKOMST_SOURCE_DIR "/tests/register/schema_3.sql");
    REQUIRE(old.ok());
    write_file(desk.at("old.db"), "", 0600);
    sql::Database(desk.at("old.db"), sql::Mode::ReadWrite).run(old.value());
    const Ran read = desk.run("register list settings --register old.db");
    CHECK(read.out.find("brought up to date") == std::string::npos);
    const Ran set = desk.run(
        "register set setting:organisation value=Mill --by Ann --role owner --reason name --register old.db --lang nl");
    CHECK(set.exit_code == 0);
    CHECK(says(set, "old.db: dit register is bijgewerkt"));
    CHECK(says(set, "old.db.schema-3.backup"));
    CHECK(std::filesystem::exists(desk.at("old.db.schema-3.backup")));
    CHECK(says(desk.run("register history --register old.db"), "copy before it: old.db.schema-3.backup"));
    CHECK(desk.run("register set setting:tlp value=RED --by Ann --role owner --reason care --register old.db")
              .out.find("brought") == std::string::npos);
}

TEST_SUITE_END();

}  // namespace risk_owner_test
