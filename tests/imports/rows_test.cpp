// Rows that say less than they seem to: words for "not known", one serial number in many rows, networks for devices.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <set>

#include "imports/import.h"

using namespace herkomst;

namespace rows_test {

TEST_SUITE_BEGIN("imports.rows");

namespace {

struct Read {
    Imported imported;
    std::set<std::string> who;
    std::vector<std::string> problems;  // without the path
};

Read rows(const std::string& content) {
    const std::string path = fmt::format("/tmp/herkomst_rows_{}.csv", getpid());
    std::ofstream(path, std::ios::binary) << content;
    const Import* import = import_for(path);
    REQUIRE(import != nullptr);
    Read read{import->read(path, "source", {}), {}, {}};
    std::remove(path.c_str());
    for (const Observation& each : read.imported.observations.list())
        read.who.insert(each.subject.ip.known() ? each.subject.ip.text() : each.subject.path.at(0));
    for (const Problem& problem : read.imported.problems) read.problems.push_back(problem.text().substr(path.size()));
    return read;
}

bool claims(const Read& read, Field field) {
    for (const Observation& each : read.imported.observations.list()) {
        if (each.field == field) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("words for not known claim nothing, in any column") {
    const Read read =
        rows("merk;model;serienummer;ip\nn.v.t.;X1;nog te bepalen;10.0.0.1\n?;X2;0;10.0.0.2\nGeen;X3;xxx;10.0.0.3\n");
    CHECK(read.imported.used == 3);
    CHECK_FALSE(claims(read, Field::brand));
    CHECK_FALSE(claims(read, Field::serial));
    CHECK(claims(read, Field::model));
}

TEST_CASE("a serial number that many rows have names none of them, and the rows are told") {
    const std::string head = "naam;merk;model;serienummer;ip\n";
    const Read named =
        rows(head + "PV 1;Example;X1;bijlage 3;\nPV 2;Example;X1;bijlage 3;\nPV 3;Example;X1;staat op de kast;\n");
    CHECK(named.who == std::set<std::string>{"listed/PV 1", "listed/PV 2", "listed/PV 3"});
    CHECK(named.problems ==
          std::vector<std::string>{":2: the serial number \"bijlage 3\" stands in 2 rows (lines 2, 3) of several "
                                   "addresses or names: they stay several devices"});
    const Read placed = rows(head + ";Example;X1;A-17;10.0.0.1\n;Example;X1;A-17;10.0.0.2\n;Example;X1;A-18;10.0.0.3\n");
    REQUIRE(placed.problems.size() == 1);
    CHECK(placed.problems[0].starts_with(":2: the serial number \"A-17\""));
    // Nothing else names them.
    const Read bare = rows(head + ";Example;X1;staat op de kast;\n;Example;X1;A-17;\n;Example;X1;A-17;\n;Example;X1;A-18;\n");
    CHECK(bare.who == std::set<std::string>{"listed/A-17", "listed/A-18"});
    REQUIRE(bare.problems.size() == 2);
    CHECK(bare.problems[0] ==
          ":3: the serial number \"A-17\" stands in 2 rows (lines 3, 4) with no address or name: they are taken "
          "for one device");
    CHECK(bare.problems[1] == ":2: row not used: has no address or name, and its serial number tells it from no other row");
    // One device with two ports, one device twice, the numbers of two sites.
    CHECK(rows("hostname;merk;serienummer;ip\nplc-7;Example;A-17;10.0.0.1\nPLC-7;Example;A-17;10.0.0.2\n").problems.empty());
    CHECK(rows(head + "PV 1;Example;X1;A-17;\npv-1;Example;X1;A-17;\n").who.size() == 1);
    CHECK(rows("locatie;site;merk;serienummer;ip\na;n;Example;A-17;10.0.0.1\nb;s;Example;A-17;10.0.0.2\n").problems.empty());
}

TEST_CASE("a network is no device, nor is the machine's address of itself") {
    const std::string head = "merk;ip\n";
    for (const char* none : {"10.0.0.0/24", "10.0.0.0/8", "192.0.2.128/25", "2001:db8::/64", "127.0.0.1", "127.0.0.5", "::1"}) {
        CAPTURE(none);
        const Read read = rows(head + "Example;" + none + "\n");
        CHECK(read.imported.used == 0);
        CHECK(read.problems.size() == 1);
    }
    // With the prefix of its network, as address planners write it; links of two.
    for (const char* one :
         {"10.0.0.1/24", "10.0.1.0/16", "10.0.0.0/31", "10.0.0.0/32", "10.0.0.0", "2001:db8::/127", "2001:db8::1/64"}) {
        CAPTURE(one);
        CHECK(rows(head + "Example;" + one + "\n").imported.used == 1);
    }
}

TEST_SUITE_END();

}  // namespace rows_test
