// CoAP, SIP, RTSP, NetBIOS and a charging system, asked by the real engine of programs of others: libcoap's server, baresip,
// rtsp-streaming-server, Samba's name server, ocpp-rpc. Each is named by what it says, and no more is learned.
#include <doctest/doctest.h>

#include "../lint/folder.h"
#include "link.h"
#include "told.h"

using namespace herkomst;

namespace talk_test {

TEST_SUITE_BEGIN("peers.talk");

TEST_CASE("talk: libcoap's server lists its resources, of which none is opened") {
    if (peers::no_program("coap-server-notls")) return;
    const peers::Server server("created UDP", peers::program("coap-server-notls"),
                               {"-A", "127.0.77.10", "-p", "15683", "-v", "7"});
    REQUIRE(server.ready());
    const peers::Learned learned = peers::asked("coap", {"127.0.77.10", 15'683});
    INFO(peers::all(learned));
    peers::answered(learned);
    CHECK(learned.report.requests == 1);
    CHECK(learned.claims.empty());
    CHECK(learned.report.said.back().bytes.size() > 40);
}

TEST_CASE("talk: baresip names itself and its version, and nothing rings") {
    if (peers::no_program("baresip")) return;
    const Folder folder("peer_baresip");
    const std::string modules = peers::debian() + "/usr/lib/baresip/modules";
    folder.write("config", "sip_listen 127.0.77.8:15060\nmodule_path " +
                               (std::filesystem::exists(modules) ? modules : "/usr/lib/baresip/modules") +
                               "\nmodule_app account.so\nmodule_app menu.so\n");
    folder.write("accounts", "<sip:pump7@127.0.77.8:15060;transport=udp>;regint=0\n");
    const peers::Server server("is ready", peers::program("baresip"), {"-f", folder.path().string()});
    REQUIRE(server.ready());
    const peers::Learned learned = peers::asked("sip", {"127.0.77.8", 15'060});
    INFO(peers::all(learned));
    peers::answered(learned);
    REQUIRE(learned.claims.size() == 1);
    CHECK(learned.claims.begin()->starts_with("server software=baresip v"));
}

TEST_CASE("talk: rtsp-streaming-server says what it can, and has no name") {
    if (peers::no_package("rtsp-streaming-server")) return;
    if (!peers::on_a_link("talk: rtsp-streaming-server*")) return;
    const peers::Linked server("exec node " HERKOMST_SOURCE_DIR "/tests/peers/rtsp_server.js 8554", 2);
    REQUIRE(peers::accepts("192.0.2.20", 8554));
    const peers::Learned learned = peers::asked("rtsp", {"192.0.2.20", 8554});
    INFO(peers::all(learned));
    peers::answered(learned);
    CHECK(learned.claims.empty());
    // In as many pieces as it likes.
    std::string answer;
    for (const Said& said : learned.report.said)
        if (!said.ours) answer.append(said.bytes.begin(), said.bytes.end());
    CHECK(answer.starts_with("RTSP/1.0 200 OK\r\n"));
    CHECK(answer.find("OPTIONS") != std::string::npos);
}

TEST_CASE("talk: nmbd of Samba tells its names") {
    if (peers::no_program("nmbd") || !peers::on_a_link("talk: nmbd of Samba*")) return;
    const Folder folder("peer_nmbd");
    const std::string at = folder.path().string();
    folder.write("smb.conf",
                 "[global]\nworkgroup = PLANT\nnetbios name = PUMPSRV\ninterfaces = 192.0.2.20/24\n"
                 "bind interfaces only = yes\nlocal master = no\nlock directory = " +
                     at + "\nstate directory = " + at + "\ncache directory = " + at + "\nprivate dir = " + at +
                     "\npid directory = " + at + "\n");
    // It wants a folder in /run, and claims its names aloud for a while before it answers for them.
    const peers::Linked server("mount -t tmpfs none /run && mkdir -p /run/samba && exec " + peers::program("nmbd") +
                                   " -F --no-process-group --debug-stdout -s " + at + "/smb.conf",
                               10);
    const peers::Learned learned = peers::asked("netbios", {"192.0.2.20", 137});
    INFO(peers::all(learned));
    peers::answered(learned);
    CHECK(learned.claims.contains("server hostname=PUMPSRV"));
}

TEST_CASE("talk: the charging system of ocpp-rpc names its program, and takes nobody for a station") {
    if (peers::no_package("ocpp-rpc")) return;
    const peers::Server server("ocpp_server.js", {"127.0.77.20", "15220"});
    REQUIRE(server.ready());
    const peers::Learned learned = peers::asked("ocpp", {"127.0.77.20", 15'220});
    INFO(peers::all(learned));
    CHECK(learned.errands == 1);
    // What is no upgrade to a WebSocket it does not know.
    CHECK(name(learned.report.outcome) == name(ProbeOutcome::Declined));
    CHECK_FALSE(learned.report.unclosed);
    CHECK(learned.report.requests == 1);
    bool software = false;
    for (const std::string& claim : learned.claims) software = software || claim.starts_with("server software=ocpp-rpc/2.2.1");
    CHECK(software);
    CHECK(server.said_more().empty());
}

TEST_SUITE_END();

}  // namespace talk_test
