// Searches, asked by the real engine of everybody on a link: a KNX gateway (knxd), a Windows-like host (wsdd2), a UPnP device
// (node-ssdp), a MikroTik-like host (mactelnetd), a device that announces itself by multicast DNS. In namespaces that the test
// makes, so that nothing of it is heard outside.
#include <doctest/doctest.h>

#include "../lint/folder.h"
#include "../probes/valid_now.h"
#include "link.h"
#include "told.h"

using namespace herkomst;

namespace link_test {

TEST_SUITE_BEGIN("peers.link");

TEST_CASE("link: knxd describes itself to who searches and to who asks it") {
    if (peers::no_program("knxd") || !peers::on_a_link("link: knxd describes itself*")) return;
    const Folder folder("peer_knxd");
    folder.write("knxd.ini",
                 "[main]\naddr = 1.1.0\nclient-addrs = 1.1.10:4\nconnections = server,dummy\n[server]\nserver = ets_router\n"
                 "port = 3671\ninterface = there\nmulticast-address = 224.0.23.12\ntunnel = tunnel\nrouter = router\n"
                 "discover = true\nname = EX-520 KNX gateway\n[tunnel]\n[router]\n[dummy]\ndriver = dummy\n");
    const peers::Linked server("exec " + peers::program("knxd") + " " + (folder.path() / "knxd.ini").string(), 2);
    const peers::Learned found = peers::asked_all("knxnet_ip_search", "here", "192.0.2.20");
    INFO(peers::all(found));
    peers::answered(found);
    CHECK(found.claims.contains("server product=EX-520 KNX gateway"));
    CHECK(found.claims.contains("server description=individual address 1.1.0"));
    const peers::Learned described = peers::asked("knxnet_ip", {"192.0.2.20", 3671});
    INFO(peers::all(described));
    peers::answered(described);
    CHECK(described.claims.contains("server product=EX-520 KNX gateway"));
}

TEST_CASE("link: wsdd2 answers a search as Windows does") {
    if (peers::no_program("wsdd2") || !peers::on_a_link("link: wsdd2 answers*")) return;
    const peers::Linked server("exec " + peers::program("wsdd2") +
                                   " -4 -W -i there -N PUMPSRV -G PLANT -b vendor:ExampleWorks,model:EX-520,serial:EX0001",
                               2);
    const peers::Learned learned = peers::asked_all("ws_discovery", "here", "192.0.2.20");
    INFO(peers::all(learned));
    peers::answered(learned, 2);
    bool computer = false;
    for (const std::string& claim : learned.claims) computer = computer || claim == "server device_type=Computer";
    CHECK(computer);
}

TEST_CASE("link: a UPnP device of node-ssdp says what it is and where its description lies") {
    if (peers::no_package("node-ssdp")) return;
    if (!peers::on_a_link("link: a UPnP device*")) return;
    const peers::Linked server("exec node " HERKOMST_SOURCE_DIR
                               "/tests/peers/ssdp_server.js 192.0.2.20 http://192.0.2.20/desc.xml "
                               "uuid:2f402f80-da50-11e1-9b23-00005e005314 'Linux/5.10 UPnP/1.1 EX-520/2.1'",
                               2);
    const peers::Learned learned = peers::asked_all("ssdp", "here", "192.0.2.20");
    INFO(peers::all(learned));
    peers::answered(learned, 2);
    CHECK(learned.claims.contains("server location=http://192.0.2.20/desc.xml"));
    CHECK(learned.claims.contains("server unique_id=uuid:2f402f80-da50-11e1-9b23-00005e005314"));
    CHECK(learned.claims.contains("server banner=Linux/5.10 UPnP/1.1 EX-520/2.1"));
}

TEST_CASE("link: a description that a UPnP device points at is fetched in the same run, and names its maker's questions") {
    if (peers::no_package("node-ssdp")) return;
    if (peers::no_program("busybox") || !peers::on_a_link("link: a description that*")) return;
    const Folder folder("peer_upnp");
    const std::string at = folder.path().string();
    folder.write(
        "desc.xml",
        "<?xml version=\"1.0\"?><root xmlns=\"urn:schemas-upnp-org:device-1-0\"><device><manufacturer>Shelly</manufacturer>"
        "<modelName>EX-520</modelName><serialNumber>EX0001</serialNumber></device></root>\n");
    folder.write("httpd.conf", ".xml:text/xml\n");
    const std::string web = peers::program("busybox") + " httpd -f -c " + at + "/httpd.conf -h " + at + " -p 192.0.2.20:";
    const peers::Linked server(web + "49153 & " + web +
                                   "80 & exec node " HERKOMST_SOURCE_DIR
                                   "/tests/peers/ssdp_server.js 192.0.2.20 http://192.0.2.20:49153/desc.xml "
                                   "uuid:2f402f80-da50-11e1-9b23-00005e005314 'Linux/5.10 UPnP/1.1 EX-520/2.1'",
                               2);
    folder.write(
        "scope.json",
        R"({"schema":"herkomst-scope/1","authorised_by":"A. Person","purpose":"test",)" + valid_now() +
            R"(,"ranges":[{"range":"192.0.2.20","probes":)"
            R"(["upnp_description","shelly","go_e"]}],"interfaces":[{"name":"here","broadcast":true,"probes":["ssdp"]}]})");
    const ProgramRan ran = herkomst_does("probe --quiet --i-am-authorised Me --until observations --scope " + at +
                                         "/scope.json --record " + at + "/record");
    INFO(ran.out);
    CHECK(ran.exit_code == 0);
    CHECK(ran.out.find(R"("method":"http.upnp.serial")") != std::string::npos);
    CHECK(ran.out.find(R"("value":"EX0001")") != std::string::npos);
    const std::string log = shell("cat " + at + "/record/exchanges.ndjson").out;
    CHECK(log.find(R"("port":49153,"probe":"upnp_description")") != std::string::npos);
    // Its maker is known now, so that maker's page is asked for, and no other's.
    CHECK(log.find(R"("probe":"shelly")") != std::string::npos);
    CHECK(log.find(R"("probe":"go_e")") == std::string::npos);
}

TEST_CASE("link: mactelnetd answers MikroTik's search with its name and platform") {
    if (peers::no_program("mactelnetd") || !peers::on_a_link("link: mactelnetd answers*")) return;
    // It wants a file of users in /etc: there is one, empty, in its namespace.
    const peers::Linked server("hostname pump-7; mount -t tmpfs none /etc && : > /etc/mactelnetd.users && exec " +
                                   peers::program("mactelnetd") + " -f",
                               2);
    const peers::Learned learned = peers::asked_all("mndp", "here", "192.0.2.20");
    INFO(peers::all(learned));
    peers::answered(learned);
    CHECK(peers::all(learned).find("MAC-Telnet") != std::string::npos);
}

TEST_CASE("link: a device announces itself by multicast DNS") {
    if (peers::no_package("multicast-dns")) return;
    if (!peers::on_a_link("link: a device announces*")) return;
    const peers::Linked server("exec node " HERKOMST_SOURCE_DIR
                               "/tests/peers/mdns_server.js 192.0.2.20 ex-520-0001 "
                               "_ship._tcp.local txtvers=1 brand=ExampleWorks model=EX-520 type=HeatPumpAppliance",
                               2);
    const peers::Learned learned = peers::asked("mdns", {"192.0.2.20", 5353});
    INFO(peers::all(learned));
    peers::answered(learned);
    CHECK(learned.claims.contains("server model=EX-520"));
    CHECK(learned.claims.contains("server brand=ExampleWorks"));
}

TEST_SUITE_END();

}  // namespace link_test
