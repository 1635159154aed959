// Those who tell the whole link who they are, asked by the real engine: avahi, miniupnpd, a BACnet device of @bacnet-js/client,
// and a device of @tuyapi/stub, which only speaks and is never asked. In namespaces that the test makes, so that nothing of it
// is heard outside.
#include <doctest/doctest.h>

#include "../lint/folder.h"
#include "../probes/valid_now.h"
#include "core/file.h"
#include "core/text.h"
#include "link.h"
#include "told.h"

using namespace herkomst;

namespace announce_test {

TEST_SUITE_BEGIN("peers.announce");

namespace {

// A user of that name, and folders of its own in /run and /etc, in the server's namespace only.
std::string as_user(const Folder& folder, const std::string& user) {
    const std::string at = folder.path().string();
    folder.write("passwd", "root:x:0:0::/root:/bin/sh\n" + user + ":x:0:0::/run:/bin/false\n");
    folder.write("group", "root:x:0:\n" + user + ":x:0:\n");
    return "mount -t tmpfs none /run && mount -t tmpfs none /etc && cp " + at + "/passwd " + at + "/group /etc && ";
}

}  // namespace

TEST_CASE("announce: avahi tells its services to who asks it alone, and to who asks the link") {
    if (peers::no_program("avahi-daemon") || !peers::on_a_link("announce: avahi tells*")) return;
    const Folder folder("peer_avahi");
    const std::string at = folder.path().string();
    folder.write("avahi.conf",
                 "[server]\nhost-name=pump7\nuse-ipv4=yes\nuse-ipv6=no\nenable-dbus=no\nallow-interfaces=there\n[publish]\n"
                 "publish-hinfo=yes\npublish-workstation=yes\n");
    folder.write(
        "ship.service",
        "<?xml version=\"1.0\" standalone='no'?><!DOCTYPE service-group SYSTEM \"avahi-service.dtd\"><service-group>"
        "<name>EX-520 0001</name><service><type>_ship._tcp</type><port>4712</port><txt-record>txtvers=1</txt-record>"
        "<txt-record>brand=ExampleWorks</txt-record><txt-record>model=EX-520</txt-record></service></service-group>\n");
    const peers::Linked server(as_user(folder, "avahi") + "mkdir -p /run/avahi-daemon /etc/avahi/services && cp " + at +
                                   "/ship.service /etc/avahi/services && exec " + peers::program("avahi-daemon") +
                                   " --no-drop-root --no-chroot --no-rlimits -f " + at + "/avahi.conf",
                               4);
    const peers::Learned alone = peers::asked("mdns", {"192.0.2.20", 5353});
    INFO(peers::all(alone));
    peers::answered(alone);
    CHECK(alone.claims.contains("server brand=ExampleWorks"));
    CHECK(alone.claims.contains("server model=EX-520"));
    CHECK(alone.claims.contains("server hostname=pump7.local"));
    const peers::Learned group = peers::asked_all("mdns", "here", "192.0.2.20");
    INFO(peers::all(group));
    // Over IPv4, and over IPv6, where nobody is.
    CHECK(group.errands == 2);
    CHECK(name(group.report.outcome) == name(ProbeOutcome::Answered));
    CHECK(group.report.said.size() > 1);
}

TEST_CASE("announce: miniupnpd answers a search, and its description is the router's and not of what is within") {
    if (peers::no_program("miniupnpd") || !peers::on_a_link("announce: miniupnpd*")) return;
    const Folder folder("peer_miniupnpd");
    const std::string at = folder.path().string();
    folder.write("miniupnpd.conf",
                 "ext_ifname=there\nlistening_ip=there\nport=5555\nenable_upnp=yes\nuuid=00005e00-5314-4000-8000-000000000001\n"
                 "serial=EX0001\nmodel_number=EX-520/B\nfriendly_name=EX-520\nmanufacturer_name=Example Works\n"
                 "model_name=EX-520 router\n");
    const peers::Linked server("mount -t tmpfs none /run && exec " + peers::program("miniupnpd") + " -d -f " + at +
                                   "/miniupnpd.conf -P /run/miniupnpd.pid",
                               0);
    REQUIRE(peers::accepts("192.0.2.20", 5555));
    folder.write("scope.json",
                 R"({"schema":"herkomst-scope/1","authorised_by":"A. Person","purpose":"test",)" + valid_now() +
                     R"(,"ranges":[{"range":"192.0.2.20","probes":)"
                     R"(["upnp_description"]}],"interfaces":[{"name":"here","broadcast":true,"probes":["ssdp"]}]})");
    const ProgramRan ran = herkomst_does("probe --quiet --i-am-authorised Me --until assets --scope " + at +
                                         "/scope.json --record " + at + "/record");
    INFO(ran.out);
    CHECK(ran.exit_code == 0);
    const std::string log = read_file(at + "/record/exchanges.ndjson").value();
    INFO(log);
    CHECK(log.find(R"("outcome":"answered","port":5555,"probe":"upnp_description")") != std::string::npos);
    CHECK(ran.out.find(R"("brand":{"contested":false,"methods":["http.upnp.manufacturer"],"strength":"stated","value":"Example)"
                       R"( Works"})") != std::string::npos);
    CHECK(ran.out.find(R"("serial":{"contested":false,"methods":["http.upnp.serial"],"strength":"stated","value":"EX0001"})") !=
          std::string::npos);
    CHECK(ran.out.find("MiniUPnP daemon") == std::string::npos);
}

TEST_CASE("announce: a BACnet device of @bacnet-js/client answers when its instance is among those that the scope file names") {
    if (peers::no_package("@bacnet-js/client") || !peers::on_a_link("announce: a BACnet device*")) return;
    const peers::Linked server("exec node " HERKOMST_SOURCE_DIR "/tests/peers/bacnet_server.js 0.0.0.0 47808 1234", 2);
    const auto learned = [](std::uint32_t low, std::uint32_t high) {
        Scope scope;
        scope.until = Time::max();
        scope.interfaces.push_back({"here", true, {}, {"bacnet_who_is"}, low, high});
        return peers::carried_out(*probe_named("bacnet_who_is"), scope, {}, "192.0.2.20");
    };
    const peers::Learned found = learned(1000, 1999);
    INFO(peers::all(found));
    peers::answered(found);
    CHECK(found.claims.contains("server device_instance=1234"));
    CHECK(found.claims.contains("server vendor_id=bacnet:260"));
    const peers::Learned others = learned(0, 999);
    CHECK(name(others.report.outcome) == name(ProbeOutcome::Silent));
    CHECK(others.report.said.size() == 1);
}

TEST_CASE("announce: a device of @tuyapi/stub announces itself, which is heard before anything is asked") {
    if (peers::no_package("@tuyapi/stub") || !peers::on_a_link("announce: a device of*")) return;
    const peers::Linked server("ip route add default dev there; exec node " HERKOMST_SOURCE_DIR
                               "/tests/peers/tuya_server.js 192.0.2.20 exdevice000000000042",
                               2);
    const Folder folder("peer_tuya");
    const std::string at = folder.path().string();
    const auto now = std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now());
    folder.write("scope.json",
                 R"({"schema":"herkomst-scope/1","authorised_by":"A. Person","purpose":"test","valid":{"from":")" +
                     rfc3339(now - std::chrono::hours(24)) + R"(","until":")" + rfc3339(now + std::chrono::hours(24)) +
                     R"("},"ranges":[{"range":"192.0.2.20","probes":["icmp_echo"]}]})");
    const ProgramRan ran =
        herkomst_does("probe --quiet --i-am-authorised Me --listen here --listen-for 4s --until observations --scope " + at +
                      "/scope.json --record " + at + "/record");
    INFO(ran.out);
    CHECK(ran.exit_code == 0);
    CHECK(ran.out.find(R"("value":"tuya:exdevice000000000042")") != std::string::npos);
    // It is of version 3.1: the search of version 3.5 it does not answer, and nothing is made up then.
    const peers::Learned silent = peers::asked_all("tuya", "here", "192.0.2.20");
    INFO(peers::all(silent));
    CHECK(name(silent.report.outcome) == name(ProbeOutcome::Silent));
    CHECK(silent.claims.empty());
}

TEST_SUITE_END();

}  // namespace announce_test
