// Probes of other protocols, asked by the real engine of real servers: Snap7, BACnet, OPC UA and SNMP implementations by
// others.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "../lint/folder.h"
#include "../probes/herkomst_run.h"
#include "told.h"

using namespace herkomst;

namespace servers_test {

TEST_SUITE_BEGIN("peers.servers");

TEST_CASE("s7comm: Snap7's CPU") {
    if (peers::no_package("node-snap7/build/Release/node_snap7.node")) return;
    const peers::Server server("s7_server.js", {"127.0.79.1", "15102"});
    REQUIRE(server.ready());
    const peers::Learned learned = peers::asked("s7comm", {"127.0.79.1", 15'102});
    peers::answered(learned);
    CHECK(learned.claims.contains("server model=6ES7 315-2EH14-0AB0"));
    CHECK(learned.claims.contains("server firmware=V3.2.6"));
    CHECK(learned.claims.contains("server product=CPU 315-2 PN/DP"));
    CHECK(learned.claims.contains("server serial=S C-C2UR28922012"));
    CHECK(learned.claims.contains("server station_name=SNAP7-SERVER"));
    // What stands behind the sixth record of the list.
    CHECK(learned.claims.contains("server vendor_id=profinet:42"));
    CHECK(learned.claims.contains("server[s7/memory-card] serial=MMC 267FF11F"));
    // It knows the transport, and no MMS: it closes. That is no answer.
    const peers::Learned other = peers::asked("mms", {"127.0.79.1", 15'102});
    CHECK(name(other.report.outcome) == name(ProbeOutcome::Closed));
}

TEST_CASE("bacnet: a device of @bacnet-js/client") {
    if (peers::no_package("@bacnet-js/client")) return;
    const peers::Server server("bacnet_server.js", {"127.0.79.2", "47808"});
    REQUIRE(server.ready());
    const peers::Learned learned = peers::asked("bacnet", {"127.0.79.2", 47'808});
    peers::answered(learned);
    const auto& wanted = probe_named("bacnet")->transcripts.front().claims;
    CHECK(learned.claims == std::set<std::string>(wanted.begin(), wanted.end()));
}

TEST_CASE("opcua: a server of node-opcua, in one channel that is closed") {
    if (peers::no_package("node-opcua-server")) return;
    const std::filesystem::path folder = std::filesystem::temp_directory_path() / "herkomst_opcua_peer";
    const peers::Server server("opcua_server.js", {"127.0.79.3", "15484", folder.string()});
    REQUIRE(server.ready());
    const peers::Learned learned = peers::asked("opcua", {"127.0.79.3", 15'484});
    peers::answered(learned);
    CHECK(learned.report.requests == 4);
    CHECK(learned.claims.contains("server application_uri=urn:example:plc"));
    CHECK(learned.claims.contains("server product=urn:example:product"));
    CHECK(learned.claims.contains("server description=Example PLC"));
}

TEST_CASE("snmp: an agent of net-snmp in three versions, and with a community that it does not have") {
    if (peers::no_package("net-snmp")) return;
    const peers::Server server("snmp_server.js", {"127.0.79.4", "15161", "example"});
    REQUIRE(server.ready());
    const peers::Learned version_2 = peers::asked("snmp", {"127.0.79.4", 15'161, {}, {}, {"example"}});
    peers::answered(version_2);
    const auto& wanted = probe_named("snmp")->transcripts.front().claims;
    CHECK(version_2.claims == std::set<std::string>(wanted.begin(), wanted.end()));
    const peers::Learned version_1 = peers::asked("snmp_v1", {"127.0.79.4", 15'161, {}, {}, {"example"}});
    peers::answered(version_1);
    CHECK(version_1.claims.contains("server description=Example Switch 8, FW 2.1"));
    const peers::Learned version_3 = peers::asked("snmp_v3", {"127.0.79.4", 15'161});
    peers::answered(version_3);
    CHECK(version_3.claims.contains("server unique_id=engine:80007ed90300005e005314"));
    const peers::Learned other = peers::asked("snmp", {"127.0.79.4", 15'161, {}, {}, {"another"}});
    CHECK(name(other.report.outcome) == name(ProbeOutcome::Silent));
    CHECK(other.claims.empty());
    const peers::Learned none = peers::asked("snmp", {"127.0.79.4", 15'161});
    CHECK(none.errands == 0);
}

TEST_CASE("snmp: Debian's snmpd") {
    if (peers::no_program("snmpd")) return;
    const std::filesystem::path folder = std::filesystem::temp_directory_path() / "herkomst_snmpd_peer";
    std::filesystem::create_directories(folder);
    ::setenv("SNMP_PERSISTENT_DIR", folder.c_str(), 1);
    std::ofstream(folder / "snmpd.conf") << "agentAddress udp:127.0.79.5:15161\nrocommunity example 127.0.0.0/8\n"
                                            "sysDescr Example agent, FW 1.2.3\nsysObjectID .1.3.6.1.4.1.32473.1.5\n"
                                            "sysName sim-snmp\nsysLocation hall 2\nengineID exampleEngine\n";
    const peers::Server server("NET-SNMP version", peers::program("snmpd"),
                               {"-f", "-Lo", "-C", "-c", (folder / "snmpd.conf").string(), "-I", "-smux"});
    REQUIRE(server.ready());
    const peers::Learned version_2 = peers::asked("snmp", {"127.0.79.5", 15'161, {}, {}, {"example"}});
    peers::answered(version_2);
    CHECK(version_2.claims.contains("server description=Example agent, FW 1.2.3"));
    CHECK(version_2.claims.contains("server hostname=sim-snmp"));
    const peers::Learned version_3 = peers::asked("snmp_v3", {"127.0.79.5", 15'161});
    peers::answered(version_3);
    CHECK(version_3.claims.contains("server vendor_id=pen:8072"));
}

TEST_CASE("snmp: snmpsim, which is whatever device a file says") {
    if (peers::no_program("snmpsimd")) return;
    const std::string python = "/usr/bin/python3";
    const std::string modules = peers::debian() + "/usr/lib/python3/dist-packages";
    if (!std::filesystem::exists(python)) {
        MESSAGE("skipped: no python3");
        return;
    }
    const Folder folder("peer_snmpsim");
    const std::string at = folder.path().string();
    std::filesystem::create_directories(folder.path() / "data");
    // A community is the name of its file; 4 is text, 6 an identifier.
    folder.write("data/example.snmprec",
                 "1.3.6.1.2.1.1.1.0|4|Example UPS 3000 FW 2.1\n1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.32473.1.3\n"
                 "1.3.6.1.2.1.1.5.0|4|ups-7\n1.3.6.1.2.1.1.6.0|4|hall 2\n1.3.6.1.2.1.47.1.1.1.1.7.1|4|UPS "
                 "3000\n1.3.6.1.2.1.47.1.1.1.1.11.1|4|EX0001\n"
                 "1.3.6.1.2.1.47.1.1.1.1.12.1|4|Example Works\n1.3.6.1.2.1.47.1.1.1.1.13.1|4|EX-3000\n");
    // It wants to be told whom root becomes; nobody may be unable to read the build.
    std::vector<std::string> words = {"--data-dir=" + at + "/data", "--cache-dir=" + at + "/cache",
                                      "--agent-udpv4-endpoint=127.0.79.6:15161"};
    if (::geteuid() == 0) words.insert(words.end(), {"--process-user=root", "--process-group=root"});
    REQUIRE(shell("chmod -R 777 " + at).exit_code == 0);
    ::setenv("PYTHONPATH", modules.c_str(), 1);
    const peers::Server server("Listening at", python, words, peers::program("snmpsimd"), true);
    ::unsetenv("PYTHONPATH");
    REQUIRE(server.ready());
    const peers::Learned learned = peers::asked("snmp", {"127.0.79.6", 15'161, {}, {}, {"example"}});
    INFO(peers::all(learned));
    peers::answered(learned);
    CHECK(learned.claims.contains("server description=Example UPS 3000 FW 2.1"));
    CHECK(learned.claims.contains("server hostname=ups-7"));
    CHECK(learned.claims.contains("server vendor_id=pen:32473"));
    CHECK(learned.claims.contains("server serial=EX0001"));
    CHECK(learned.claims.contains("server brand=Example Works"));
    CHECK(learned.claims.contains("server model=EX-3000"));
    const peers::Learned first = peers::asked("snmp_v1", {"127.0.79.6", 15'161, {}, {}, {"example"}});
    peers::answered(first);
    CHECK(first.claims.contains("server description=Example UPS 3000 FW 2.1"));
    const peers::Learned engine = peers::asked("snmp_v3", {"127.0.79.6", 15'161});
    INFO(peers::all(engine));
    peers::answered(engine);
}

TEST_SUITE_END();

}  // namespace servers_test
