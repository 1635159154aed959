#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "core/lines.h"
#include "imports/columns.h"
#include "imports/import.h"
#include "imports/table.h"

using namespace herkomst;

namespace imports_test {

TEST_SUITE_BEGIN("imports");

namespace {

struct File {
    std::string path;
    File(std::string_view name, std::string_view content) : path(fmt::format("/tmp/herkomst_test_{}_{}", getpid(), name)) {
        std::ofstream(path, std::ios::binary) << content;
    }
    ~File() { std::remove(path.c_str()); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
};

Imported read(const File& file, const ImportOptions& options = {}) {
    const Import* import = import_for(file.path);
    REQUIRE(import != nullptr);
    return import->read(file.path, "source", options);
}

std::vector<std::string> said(const Imported& imported) {
    std::vector<std::string> lines;
    for (const Observation& o : imported.observations.list()) {
        const std::string who = o.subject.ip.known()    ? o.subject.ip.text()
                                : o.subject.mac.known() ? o.subject.mac.text()
                                                        : o.subject.path.at(0);
        lines.push_back(fmt::format("{} {}={} line {}", who, name(o.field), o.value, o.from.frame));
    }
    return lines;
}

}  // namespace

TEST_CASE("a Dutch inventory: semicolons, a byte-order mark, quotes over two lines, decimal commas") {
    const File file("nl.csv",
                    "\xef\xbb\xbf"
                    "Fabrikant;Typenummer;Serienummer;IP-adres;MAC-adres;Vermogen (kW);Omschrijving\r\n"
                    "Voorbeeld BV;OMV-110;A-1001;10.1.0.7;AC-19-9F-00-00-01;110,5;\"eerste regel\r\ntweede \"\"regel\"\"\"\r\n"
                    ";;;10.1.0.8;;;laadplein\r\n");
    const Imported imported = read(file);
    CHECK(imported.problems.empty());
    CHECK(imported.used == 2);
    CHECK(said(imported) ==
          std::vector<std::string>{"10.1.0.8 description=laadplein line 4", "10.1.0.7 brand=Voorbeeld BV line 2",
                                   "10.1.0.7 description=eerste regel tweede \"regel\" line 2", "10.1.0.7 model=OMV-110 line 2",
                                   "10.1.0.7 rated_power=110500 line 2", "10.1.0.7 serial=A-1001 line 2"});
}

TEST_CASE("rejected rows are reported with their line and the others are used") {
    const File file("bad.csv",
                    "hostname,ip address,mac address,manufacturer\n"
                    "a,10.0.0.300,,Example\n"
                    "b,10.0.0.2,zz,Example\n"
                    "c,10.0.0.3,,Example,extra\n"
                    ",,,Example\n"
                    "e,10.0.0.5,,Example\n"
                    "f,\"10.0.0.6,,Example\n");
    const Imported imported = read(file);
    CHECK(imported.used == 1);
    std::vector<std::string> lines;
    for (const Problem& problem : imported.problems) lines.push_back(problem.text().substr(file.path.size()));
    CHECK(lines == std::vector<std::string>{":7: a quoted field that starts in this row never ends",
                                            ":2: row not used: \"10.0.0.300\" is not the IP address of a device",
                                            ":3: row not used: \"zz\" is not the MAC address of a device",
                                            ":4: row not used: has more columns than the header",
                                            ":5: row not used: has no address, serial number or name"});
}

TEST_CASE("a power that cannot be read costs the cell and not the device") {
    const File file("power.csv",
                    "hostname,ip address,manufacturer,rated power\n"
                    "a,10.0.0.1,Example,110\n"
                    "b,10.0.0.2,Example,0 W\n"
                    "c,10.0.0.3,Example,110 kWh\n"
                    "d,10.0.0.4,Example,110 kW\n"
                    ",10.0.0.5,,110\n");
    const Imported imported = read(file);
    CHECK(imported.used == 4);
    std::vector<std::string> lines;
    for (const Problem& problem : imported.problems) lines.push_back(problem.text().substr(file.path.size()));
    CHECK(lines == std::vector<std::string>{":2: cell not used: \"110\" is not a power with a unit (W, kW, MW)",
                                            ":3: cell not used: \"0 W\" is not a power with a unit (W, kW, MW)",
                                            ":4: cell not used: \"110 kWh\" is not a power with a unit (W, kW, MW)",
                                            ":6: row not used: says nothing about the device but where it is"});
    const std::vector<std::string> all = said(imported);
    for (const char* kept : {"10.0.0.1 brand=Example line 2", "10.0.0.2 brand=Example line 3", "10.0.0.3 brand=Example line 4",
                             "10.0.0.4 rated_power=110000 line 5"})
        CHECK_MESSAGE(std::find(all.begin(), all.end(), kept) != all.end(), kept);
    REQUIRE(imported.coverage.size() == 2);
    CHECK(imported.coverage[0].outcome == "cell not used");
    CHECK(imported.coverage[0].count == 3);
}

TEST_CASE("a row that only a host name names is used, as one with a name is") {
    const File file("host.csv", "hostname,manufacturer,model\nplc-7.example,Example,X1\n,Example,X2\n");
    const Imported imported = read(file);
    CHECK(imported.used == 1);
    REQUIRE(imported.problems.size() == 1);
    CHECK(imported.problems[0].text() == file.path + ":3: row not used: has no address, serial number or name");
}

TEST_CASE("a column that is not understood is named, until a mapping says that it is of no use") {
    const File file("odd.csv", "kleur;merk;ip-adres;Ploeg 7\nrood;Merk;10.0.0.1;nacht\n");
    const Imported imported = read(file);
    REQUIRE(imported.problems.size() == 1);
    CHECK(imported.problems[0].text() ==
          file.path +
              ":1: columns not understood: \"kleur\", \"Ploeg 7\"; name them in a mapping: herkomst columns FILE --save MAP");
    REQUIRE(imported.coverage.size() == 1);
    CHECK(imported.coverage[0].count == 2);
    CHECK(imported.used == 1);
    const File mapping("decided.json", R"({"columns":{"kleur":"ignored","Ploeg 7":"location"}})");
    const Imported decided = read(file, {"", mapping.path});
    CHECK(decided.problems.empty());
    CHECK(decided.coverage.empty());
    CHECK(decided.used == 1);
    // Nothing is lost where there is no row.
    CHECK(read(File("bare.csv", "kleur;merk;ip-adres\n")).problems.empty());
}

TEST_CASE("a supplier stands for the brand only where no maker column does") {
    CHECK(said(read(File("sup.csv", "leverancier;ip-adres;model\nHandel BV;10.0.0.1;X\n"))).at(0) ==
          "10.0.0.1 brand=Handel BV line 2");
    const auto both = said(read(File("both.csv", "leverancier;merk;ip-adres;model\nHandel BV;Merk;10.0.0.1;X\n")));
    CHECK(both.at(0) == "10.0.0.1 brand=Merk line 2");
    CHECK(both.size() == 2);
}

TEST_CASE("a saved mapping names columns that nobody else would know") {
    const File file("map.csv", "Wie;Waar;Wat\nVoorbeeld BV;10.0.0.1;X-1\n");
    const File mapping("map.json", R"({"columns":{"Wie":"brand","Waar":"ip","Wat":"model"}})");
    CHECK(said(read(file, {"", mapping.path})).size() == 2);
    const File wrong("wrong.json", R"({"columns":{"Wie":"merk"},"x":1})");
    const Imported refused = read(file, {"", wrong.path});
    CHECK(refused.problems.size() == 2);
    CHECK(refused.used == 0);
}

TEST_CASE("a mapping that was saved is read back as it was") {
    const std::vector<ColumnMeaning> meanings =
        meanings_of(std::vector<std::string>{"Fabrikant", "Vermogen (kW)", "Wat anders"});
    CHECK(meanings[0].column == Column::Brand);
    CHECK(meanings[1].unit == "kW");
    CHECK(meanings[2].column == Column::Ignored);
    const File mapping("saved.json", write_json_pretty(mapping_of(meanings)));
    const auto again = meanings_of({"Fabrikant", "Vermogen (kW)", "Wat anders"}, mapping.path);
    REQUIRE(again.ok());
    for (std::size_t i = 0; i < meanings.size(); ++i) CHECK(again.value()[i].column == meanings[i].column);
    CHECK(again.value()[1].unit == "kW");
}

TEST_CASE("power needs a unit, and a number that can be read one way only") {
    CHECK(watts_of("110 kW", "") == "110000");
    CHECK(watts_of("3,68", "kW") == "3680");
    CHECK(watts_of("1.250,5 kW", "") == "1250500");
    CHECK(watts_of("10.000", "W") == "10000");
    CHECK(watts_of("2 MW", "") == "2000000");
    CHECK(watts_of("2 mW", "").empty());
    CHECK(watts_of("110", "").empty());
    CHECK(watts_of("1.234", "kW").empty());
    CHECK(watts_of("-5 kW", "").empty());
    CHECK(watts_of("5 kW 3", "").empty());
}

TEST_CASE("tables: separators, a sep= line, lone carriage returns, Latin-1") {
    CHECK(read_table("sep=|\na|b;c\n1|2\n", "f").headers == std::vector<std::string>{"a", "b;c"});
    CHECK(read_table("a\tb\r1\t2\r3\t4\r", "f").rows.size() == 2);
    CHECK(read_table("a;b\nCaf\xe9;1\n", "f").rows.at(0).cells.at(0) == "Caf\xc3\xa9");
    CHECK(read_table("", "f").headers.empty());
    CHECK(read_table("a,b\n1,2\n3,4\n", "f", 1).problems.size() == 1);
}

TEST_CASE("titles may stand above the header, in their own manner of commas; lines keep their numbers") {
    const File file("titles.csv", "Overzicht, versie 3, augustus\n\nmerk;ip\nVoorbeeld BV;10.0.0.1\n");
    CHECK(said(read(file)) == std::vector<std::string>{"10.0.0.1 brand=Voorbeeld BV line 4"});
}

TEST_CASE("UTF-16, as spreadsheets write \"Unicode text\", in both orders; half a pair is no character") {
    const std::string_view text = "merk\tip\nCaf\xe9\t10.0.0.1\n";
    std::string little = "\xff\xfe";
    std::string big = "\xfe\xff";
    for (const char c : text) {
        little += {c, '\0'};
        big += {'\0', c};
    }
    const File one("little.csv", little);
    const File two("big.csv", big);
    CHECK(said(read(one)) == std::vector<std::string>{"10.0.0.1 brand=Caf\xc3\xa9 line 2"});
    CHECK(said(read(two)) == said(read(one)));
    CHECK(as_utf8(std::string_view("\xff\xfe\x3d\xd8\x00\xde\x3d\xd8", 8)) == "\xf0\x9f\x98\x80\xef\xbf\xbd");
}

TEST_CASE("of two columns that say the same the first is read, and that is told where it matters") {
    const File file("twice.csv", "merk;leverancier;ip;ip-adres\nA;Handel;10.0.0.1;10.0.0.2\n;Handel;;10.0.0.3\n");
    const Imported imported = read(file);
    CHECK(said(imported) == std::vector<std::string>{"10.0.0.1 brand=A line 2", "10.0.0.3 brand=Handel line 3"});
    REQUIRE(imported.problems.size() == 2);
    CHECK(imported.problems[0].text() == file.path + ":1: the column \"leverancier\" is read only where \"merk\" says nothing");
    CHECK(imported.problems[1].text() == file.path + ":1: the column \"ip-adres\" is read only where \"ip\" says nothing");
    const File alike("alike.csv", "merk;ip;ip-adres\nA;10.0.0.1;10.0.0.1\n");
    CHECK(read(alike).problems.empty());
}

TEST_CASE("nmap's format from another scanner: no scanner named, no state of a host") {
    const File file("other.xml",
                    "<?xml version=\"1.0\"?>\n<nmaprun start=\"1700000000\"><host><address addr=\"10.0.0.1\" "
                    "addrtype=\"ipv4\"/><ports><port protocol=\"tcp\" portid=\"80\"><state state=\"open\"/><service "
                    "name=\"http\" method=\"table\"/></port></ports></host></nmaprun>");
    CHECK(said(read(file)) == std::vector<std::string>{"10.0.0.1 service=http/tcp/80 line 2"});
}

TEST_CASE("nmap: hosts that are up, what was probed, nothing that was guessed") {
    const File file("scan.xml", R"(<?xml version="1.0"?>
<!DOCTYPE nmaprun>
<nmaprun scanner="nmap" start="1700000000"><host starttime="1700000000" endtime="1700000010"><status state="up" reason="arp-response"/>
<address addr="10.0.0.9" addrtype="ipv4"/><address addr="00:00:5E:00:53:09" addrtype="mac" vendor="Somebody"/>
<hostnames><hostname name="plc9.example" type="PTR"/><hostname name="typed" type="user"/></hostnames>
<ports><port protocol="tcp" portid="22"><state state="open"/><service name="ssh" product="ExampleSSH" version="1.2" method="probed" conf="10"/></port>
<port protocol="tcp" portid="502"><state state="open"/><service name="mbap" method="table" conf="3"/></port>
<port protocol="tcp" portid="80"><state state="closed"/><service name="http" method="table"/></port></ports></host>
<host><status state="down"/><address addr="10.0.0.10" addrtype="ipv4"/></host>
<host endtime="1700000011"><status state="up"/><address addr="10.0.0.11" addrtype="ipv4"/></host>
</nmaprun>)");
    const Imported imported = read(file);
    CHECK(imported.problems.empty());
    CHECK(said(imported) ==
          std::vector<std::string>{"10.0.0.9 hostname=plc9.example line 3", "10.0.0.9 service=mbap/tcp/502 line 3",
                                   "10.0.0.9 service=ssh/tcp/22 line 3", "10.0.0.9 software=ExampleSSH 1.2 line 3",
                                   "10.0.0.11 role=host that is up line 10", "00:00:5e:00:53:09 address=10.0.0.9 line 3"});
}

TEST_CASE("nmap: a host without a usable address, and an address that is none, are told") {
    const File file("odd.xml", R"(<?xml version="1.0"?>
<nmaprun scanner="nmap">
<host><status state="up"/><address addr="192.0.2.700" addrtype="ipv4"/></host>
<host><status state="up"/></host>
<host><status state="up"/><address addr="192.0.2.7" addrtype="ipv4"/><address addr="00:00:5E:00:53" addrtype="mac"/></host>
<host><status state="up"/><address addr="FF:FF:FF:FF:FF:FF" addrtype="mac"/></host>
<host><status state="down"/><address addr="192.0.2.701" addrtype="ipv4"/></host>
</nmaprun>)");
    const Imported imported = read(file);
    std::vector<std::string> lines;
    for (const Problem& problem : imported.problems) lines.push_back(problem.text().substr(file.path.size()));
    CHECK(lines == std::vector<std::string>{":3: host not used: \"192.0.2.700\" is not the IP address of a device",
                                            ":4: host not used: it has no address",
                                            ":5: address not used: \"00:00:5E:00:53\" is not the MAC address of a device",
                                            ":6: host not used: \"FF:FF:FF:FF:FF:FF\" is not the MAC address of a device"});
    CHECK(imported.rows == 4);
    CHECK(imported.used == 1);
    REQUIRE(imported.coverage.size() == 1);
    CHECK(imported.coverage[0].outcome == "host not used");
    CHECK(imported.coverage[0].count == 3);
    CHECK(said(imported) == std::vector<std::string>{"192.0.2.7 role=host that is up line 5"});
}

TEST_CASE("nmap: a report that is cut off is used as far as it goes; entities are refused") {
    const File cut("cut.xml",
                   "<?xml version=\"1.0\"?>\n<nmaprun scanner=\"nmap\"><host><status state=\"up\"/><address addr=\"10.0.0.1\" "
                   "addrtype=\"ipv4\"/></host>\n<host><status sta");
    const Imported imported = read(cut);
    CHECK(imported.used == 1);
    CHECK(imported.problems.size() == 1);
    const File bomb("bomb.xml",
                    "<?xml version=\"1.0\"?>\n<!DOCTYPE nmaprun [<!ENTITY a \"aaaa\">]>\n<nmaprun scanner=\"nmap\"></nmaprun>");
    CHECK(read(bomb).problems.at(0).sentence == "declares an entity: refused");
}

TEST_SUITE_END();

}  // namespace imports_test
