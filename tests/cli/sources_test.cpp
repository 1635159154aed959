// What `scan` is given: each thing that was named is read, or it is said why not.
#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "cli/command.h"
#include "tests/cli/program.h"

using namespace herkomst;
using program::Desk;
using program::Ran;
using program::says;
using program::shell;

namespace sources_test {

TEST_SUITE_BEGIN("sources");

namespace {

const std::string rows = "192.0.2.7;Example;X1;S1\n192.0.2.8;Example;X2;S2\n";
const std::string plant = HERKOMST_SOURCE_DIR "/tests/scenes/demo_plant/plant.pcapng";

Ran in(const Desk& desk, const std::string& command) {
    return shell("cd '" + desk.at("") + "' && H=" HERKOMST_BINARY_DIR "/bin/herkomst && " + command);
}

std::size_t lines_with(const Ran& ran, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = ran.out.find(part); at != std::string::npos; at = ran.out.find(part, at + 1)) ++count;
    return count;
}

}  // namespace

TEST_CASE("what may not be opened is told with its reason, wherever it lies") {
    if (geteuid() == 0 && std::system("command -v setpriv >/dev/null") != 0) {
        MESSAGE("skipped: root may open everything, and there is no setpriv to be somebody else");
        return;
    }
    const Desk desk("sources-closed", rows);
    REQUIRE(in(desk, "cp " + plant + " closed.pcapng && mkdir -p folder/inner shut && cp " + plant +
                         " folder/closed.pcapng && cp list.csv folder/ && cp " + plant +
                         " shut/ && chmod 000 closed.pcapng folder/closed.pcapng folder/inner shut && chmod 755 . && chmod 644 "
                         "list.csv folder/list.csv")
                .exit_code == 0);
    const std::string as = geteuid() == 0 ? "setpriv --reuid 65534 --regid 65534 --clear-groups $H" : "$H";
    if (in(desk, as + " --version").exit_code != 0) {
        MESSAGE("skipped: nobody may not read the build");
        return;
    }
    const auto scan = [&](const std::string& words) {
        const Ran ran = in(desk, as + " scan " + words + " --until observations --strict 2>&1 >/dev/null");
        CAPTURE(words);
        CAPTURE(ran.out);
        CHECK(ran.exit_code == exit_gaps);
        return ran;
    };
    CHECK(says(scan("list.csv closed.pcapng"), "closed.pcapng: cannot be opened: Permission denied"));
    const Ran walked = scan("folder");
    CHECK(says(walked, "folder/closed.pcapng: cannot be opened: Permission denied"));
    CHECK(says(walked, "folder/inner: cannot be walked: Permission denied"));
    CHECK(walked.out.find("neither") == std::string::npos);
    CHECK(says(scan("list.csv shut/plant.pcapng"), "shut/plant.pcapng: cannot be opened: Permission denied"));
    CHECK(says(scan("list.csv 'shut/*.pcapng'"), "shut: cannot be walked: Permission denied"));
    in(desk, "chmod -R u+rwx .");
}

TEST_CASE("a source that was named and is not there is a gap: of the run, of --strict and of the report") {
    const Desk desk("sources-gap", rows);
    CHECK(desk.run("scan list.csv missing.pcap --register site.db").exit_code == 0);
    const Ran strict = desk.run("scan list.csv missing.pcap /etc/passwd --strict --register site.db --report out");
    CHECK(strict.exit_code == exit_gaps);
    CHECK(lines_with(strict, "missing.pcap: does not exist") == 1);
    CHECK(says(strict, "/etc/passwd: is neither a capture nor an inventory"));
    const std::string page = desk.file("out/report.html");
    CHECK(page.find("missing.pcap") != std::string::npos);
    CHECK(page.find("not read") != std::string::npos);
    const Result<Json> read = parse_json(desk.file("out/register.json"), "register.json");
    REQUIRE(read.ok());
    const JsonArray sources = read.value()["run"]["sources"].items();
    REQUIRE(sources.size() == 3);
    CHECK(sources[2]["kind"].string() == "unread");
    CHECK_FALSE(sources[2]["usable"].boolean());
    CHECK(desk.desk("verify").exit_code == 0);
    CHECK(desk.run("scan list.csv missing.pcap --strict --until observations").exit_code == exit_gaps);
    CHECK(desk.run("scan list.csv missing.pcap --strict --until assets").exit_code == exit_gaps);
    CHECK(desk.run("scan list.csv --strict --until assets").exit_code == 0);
}

TEST_CASE("what we concluded is not read back as evidence") {
    const Desk desk("sources-own", rows);
    const auto seen = [&](const std::string& words) {
        return lines_with(in(desk, "$H scan " + words + " --until observations 2>/dev/null"), "\"method\":\"csv.");
    };
    const std::size_t once = seen("list.csv");
    REQUIRE(once > 0);
    for (int i = 0; i < 2; ++i) REQUIRE(desk.run("scan . --register site.db --report out").exit_code == 0);
    const Ran again = desk.run("scan . --register site.db --report out --strict");
    CHECK(again.exit_code == 0);
    CHECK(again.out.find("out/") == again.out.find("out/report.html"));
    // Nor where the folder is not known for a report.
    CHECK(seen(".") == once);
    CHECK(seen("list.csv out") == once);
    const Ran named = desk.run("scan list.csv out/assets.csv --strict --until observations");
    CHECK(named.exit_code == exit_gaps);
    CHECK(says(named, "out/assets.csv: is an export of herkomst"));
    REQUIRE(desk.run("export netbox --register site.db -o nb").exit_code == 0);
    for (const auto& each : std::filesystem::directory_iterator(desk.at("nb")))
        CHECK_MESSAGE(seen("list.csv " + each.path().string()) == once, each.path().string());
    CHECK(seen("list.csv nb") == once);
    // An inventory of somebody who also has a column uid is one.
    desk.put("theirs.csv", "uid;ip;merk;model\n1;192.0.2.9;Example;X9\n");
    CHECK(seen("theirs.csv") == 2);
}

TEST_CASE("packed inventories, pipes, pipes with a name and standard input") {
    const Desk desk("sources-pipes", rows);
    const std::string count = " --until observations 2>&1 | grep -c '\"method\":\"csv.'";
    const std::string once = in(desk, "$H scan list.csv" + count).out;
    REQUIRE(once != "0\n");
    CHECK(in(desk, "gzip -k list.csv && $H scan list.csv.gz" + count).out == once);
    CHECK(in(desk, "cat list.csv | $H scan -" + count).out == once);
    CHECK(in(desk, "cat list.csv.gz | $H scan -" + count).out == once);
    CHECK(in(desk, "$H scan - < list.csv" + count).out == once);
    CHECK(in(desk,
             "bash -c '\"$0\" scan <(cat list.csv)"
             " --until observations 2>&1' $H | grep -c '\"method\":\"csv.'")
              .out == once);
    CHECK(in(desk, "mkfifo pipe && (cat list.csv > pipe &) ; timeout 20 $H scan pipe" + count).out == once);
    // Whoever writes does so by and by.
    CHECK(in(desk, "(head -c 9 list.csv; sleep 0.3; tail -c +10 list.csv) | $H scan -" + count).out == once);
    // Captures as before.
    const std::string packets = " --until observations 2>/dev/null | grep -c modbus";
    const std::string heard = in(desk, "$H scan " + plant + packets).out;
    REQUIRE(heard != "0\n");
    CHECK(in(desk, "cat " + plant + " | $H scan -" + packets).out == heard);
    CHECK(in(desk, "gzip -c " + plant + " | $H scan -" + packets).out == heard);
    CHECK(in(desk, "(cat " + plant + " > pipe &) ; timeout 20 $H scan pipe" + packets).out == heard);
    // nmap's own words, packed and through a pipe.
    desk.put("nmap.xml",
             "<?xml version=\"1.0\"?>\n<nmaprun scanner=\"nmap\" xmloutputversion=\"1.05\">\n<host><status state=\"up\"/>"
             "<address addr=\"192.0.2.9\" addrtype=\"ipv4\"/></host></nmaprun>\n");
    CHECK(in(desk, "gzip -k nmap.xml && $H scan nmap.xml.gz --until observations 2>&1 | grep -c 192.0.2.9").out != "0\n");
    CHECK(in(desk, "(sed -n 1p nmap.xml; sleep 0.2; sed 1d nmap.xml) | $H scan - --until observations 2>&1 | grep -c 192.0.2.9")
              .out != "0\n");
    const Ran neither = in(desk, "echo nothing of the kind | $H scan - 2>&1");
    CHECK(neither.exit_code == exit_usage);
    CHECK(says(neither, "-: is not a capture"));
    // Which row it was can be said, and not shown again.
    CHECK(in(desk, "cat list.csv | $H scan - --register pipe.db >/dev/null 2>&1").exit_code == 0);
    CHECK(says(in(desk, "$H explain 192.0.2.7 --register pipe.db 2>&1"), "came from standard input or a pipe"));
}

TEST_CASE("what is empty is said to be, and what has no name is shown") {
    const Desk desk("sources-empty", rows);
    desk.put("empty.pcap", "");
    std::filesystem::create_directories(desk.at("nothing"));
    desk.put("useless/notes.txt", "words\n");
    CHECK(says(desk.run("scan empty.pcap"), "empty.pcap: is empty"));
    CHECK(says(desk.run("scan ''"), "\"\": does not exist"));
    CHECK(says(desk.run("scan nothing"), "nothing: holds no capture and no inventory"));
    CHECK(says(desk.run("scan useless"), "useless/notes.txt"));
    const Ran strict = desk.run("scan list.csv nothing --strict --until observations");
    CHECK(strict.exit_code == exit_gaps);
    // A terminal obeys what it is shown.
    desk.put("a\x1b[31mb.csv", "none;of;these\n1;2;3\n");
    const Ran shown = desk.run("scan 'a\x1b[31mb.csv' 'no\x1b]0;.csv' --until observations");
    CHECK(shown.out.find('\x1b') == std::string::npos);
    CHECK(says(shown, "no\\x1b]0;.csv: does not exist"));
}

TEST_CASE("a table that is none is not taken for one, and a finding is pointed to where it is shown") {
    const Desk desk("sources-binary", rows);
    CHECK(desk.run("columns site.db").exit_code == exit_usage);
    CHECK(says(desk.run("columns site.db"), "site.db: is no table of text"));
    CHECK(says(desk.run("explain R-0123456789abcdef --register site.db"), "herkomst register show R-0123456789abcdef"));
}

TEST_CASE("another site in the same register is pointed out") {
    const Desk desk("sources-site", rows);
    CHECK(says(desk.run("scan list.csv --register site.db --site south"), "site.db knows no site \"south\" yet"));
    CHECK(desk.run("scan list.csv --register site.db --site south").out.find("knows no site") == std::string::npos);
    CHECK(desk.run("scan list.csv --register site.db --site north").out.find("knows no site") == std::string::npos);
    CHECK(says(desk.run("scan list.csv --register site.db --site west --lang nl"), "heeft nog geen locatie \"west\""));
}

TEST_CASE("what is wrong with words is said in Dutch to whoever reads Dutch") {
    const Desk desk("sources-dutch", rows);
    const Ran ran = desk.run("scan list.csv --lang nl --threads x --until never --what --site a --site b --report=");
    CHECK(ran.exit_code == exit_usage);
    for (const char* part :
         {"--threads vraagt een geheel getal; \"x\" is dat niet",
          "--until kan niet \"never\" zijn: het is een van observations", "\"--what\" is niet bekend",
          "--site staat er twee keer", "--report vraagt een waarde, en deze is leeg", "--help zegt wat kan."})
        CHECK(says(ran, part));
    desk.put("map.json", "{\"columns\": {\"x\": ");
    CHECK(says(desk.run("scan list.csv --lang nl --mapping map.json"),
               "map.json:1: geen geldige JSON, in een waarde: het einde"));
}

TEST_CASE("the bytes of a claim are found from another folder, beside the register") {
    const Desk desk("sources-elsewhere", rows);
    const Ran here = desk.run("explain 192.0.2.7 model --register site.db");
    REQUIRE(says(here, "| 192.0.2.7;Example;X1;S1"));
    const Ran there = shell("cd / && " HERKOMST_BINARY_DIR "/bin/herkomst explain 192.0.2.7 model --register '" +
                            desk.at("site.db") + "' 2>&1");
    CHECK(says(there, "| 192.0.2.7;Example;X1;S1"));
    // A file of the same name that is another one is not taken for it.
    desk.put("other/list.csv", "x\n");
    const Ran other = shell("cd '" + desk.at("other") +
                            "' && " HERKOMST_BINARY_DIR "/bin/herkomst explain 192.0.2.7 model --register ../site.db 2>&1");
    CHECK(says(other, "| 192.0.2.7;Example;X1;S1"));
    CHECK(other.out.find("has changed") == std::string::npos);
}

TEST_SUITE_END();

}  // namespace sources_test
