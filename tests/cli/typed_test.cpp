// What is typed a little otherwise at the desk, names that nothing goes by, and lists that are named to people.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>

#include "tests/cli/program.h"

using namespace herkomst;
using program::Ran;
using program::says;

namespace typed_test {

TEST_SUITE_BEGIN("cli.typed");

namespace {

class Desk : public program::Desk {
  public:
    explicit Desk(const std::string& name)
        : program::Desk(
              name, "10.1.0.7;Sungrow;SG110CX;A7001234\n10.1.0.8;Sungrow;SG110CX;A7001235\n10.1.0.9;Siemens;S7-1200;S7-55\n") {}
    [[nodiscard]] Ran nl(const std::string& words) const { return run("register " + words + " --register site.db --lang nl"); }
};

}  // namespace

TEST_CASE("a filter takes a value in any capitals, and a maker by his slug as by his name") {
    const Desk desk("filters");
    // Of what was set at the supplier nothing follows for the list.
    REQUIRE(desk.desk("set supplier:sungrow owner=Rob --by Ann").exit_code == 0);
    const std::size_t all = desk.rows("assets --maker Sungrow").size();
    REQUIRE(all == 2);
    for (const char* said : {"sungrow", "SUNGROW"}) CHECK(desk.rows(std::string("assets --maker ") + said).size() == all);
    CHECK(desk.rows("findings --maker sungrow").size() == desk.rows("findings --maker Sungrow").size());
    REQUIRE_FALSE(desk.rows("questions").empty());
    const std::string id = desk.rows("questions").front()["finding"].string();
    REQUIRE(desk.desk("assign " + id + " Rob --by Ann").exit_code == 0);
    CHECK(desk.rows("questions --owner rob").size() == 1);
    CHECK(desk.rows("questions --status NEW").size() == desk.rows("questions --status new").size());
    CHECK(desk.desk("list --maker Nobody").exit_code == 2);
}

TEST_CASE("what is set of a name that nothing goes by is set, and that is said") {
    const Desk desk("nobody");
    for (const auto& [words, en, nl] :
         {std::tuple("set supplier:sungrwo owner=Piet", "supplier:sungrwo: no asset in this register is of a maker",
                     "geen enkele asset in dit register is van een fabrikant"),
          std::tuple("set zone:Kelder owner=x", "zone:Kelder: no asset is in this zone",
                     "geen enkele asset hoort bij deze zone"),
          std::tuple("assign zone:DMZ Piet", "zone:DMZ: no asset is in this zone", "geen enkele asset hoort bij deze zone"),
          std::tuple("set process:intake owner=x", "no asset belongs to this process", "hoort bij dit proces"),
          std::tuple("set site:south owner=x", "this register is of another site", "dit register is van een andere locatie")}) {
        const Ran english = desk.desk(std::string(words) + " --by Ann");
        CHECK(english.exit_code == 0);
        CHECK(says(english, en));
        CHECK(says(desk.nl(std::string(words) + " --by Ann"), nl));
    }
    CHECK(desk.desk("set supplier:sungrow owner=Piet --by Ann").out.find("no asset") == std::string::npos);
    REQUIRE(desk.desk("set 10.1.0.7 zone=hall --by Ann").exit_code == 0);
    CHECK(desk.desk("set zone:hall owner=x --by Ann").out.find("no asset") == std::string::npos);
    CHECK(desk.desk("set site:north owner=x --by Ann").out.find("another site") == std::string::npos);
}

TEST_CASE("until when something was accepted stands in the list while it is accepted, and not after that") {
    const Desk desk("until");
    const std::string id = desk.rows("questions").front()["finding"].string();
    const auto until = [&] {
        for (const Json& row : desk.rows("questions")) {
            if (row["finding"].string() == id) return row["accepted_until"].string();
        }
        return std::string("gone");
    };
    REQUIRE(desk.desk("status assessed " + id + " --by Ann --reason seen").exit_code == 0);
    REQUIRE(desk.desk("accept " + id + " owner=Ann --role owner --reason so --until 2026-03-01 --by Ann").exit_code == 0);
    CHECK(until() == "2026-03-01");
    desk.scan("2026-04-01T00:00:00Z");
    REQUIRE(desk.rows("questions --status assessed").size() == 1);
    CHECK(until().empty());
}

TEST_CASE("the list that a scan names for what it refuted is the list that has it") {
    const Desk desk("refuted");
    answer_everything(desk);
    const Ran scanned = desk.run("scan list.csv --register site.db", "2026-01-03T00:00:00Z");
    for (const auto& [line, list] : {std::pair("questions that need no answer any more", "questions"),
                                     std::pair("findings of which the rule is false now", "findings")}) {
        const std::size_t at = scanned.out.find(line);
        REQUIRE_MESSAGE(at != std::string::npos, scanned.out);
        const std::size_t stand = desk.rows(std::string(list) + " --observation refuted").size();
        const std::size_t begin = scanned.out.find_last_of('\n', at) + 1;
        CHECK(static_cast<std::size_t>(std::atoi(scanned.out.c_str() + begin)) == stand);
        const std::size_t open = scanned.out.find("herkomst register ", at) + std::string("herkomst register ").size();
        const Ran ran = desk.desk(scanned.out.substr(open, scanned.out.find(')', open) - open) + " --format csv");
        CHECK(ran.exit_code == 0);
        CHECK(says(ran, "R-"));
    }
}

TEST_SUITE_END();

}  // namespace typed_test
