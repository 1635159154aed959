// Answers that go to everybody on a link: whoever asked one device, or a group, hears them. On a link in namespaces of its own;
// the devices at its other end are ours (tests/peers/*.js), because no server of others was found that behaves like this.
#include <doctest/doctest.h>

#include "../peers/link.h"
#include "../peers/told.h"

using namespace herkomst;

namespace groups_heard_test {

TEST_SUITE_BEGIN("probe_groups_heard");

TEST_CASE("heard: a BACnet device that says I-Am to everybody and answers to port 47808 alone is read") {
    if (!peers::on_a_link("heard: a BACnet device that*")) return;
    const peers::Linked server("exec node " HERKOMST_SOURCE_DIR "/tests/peers/bacnet_shy_server.js 192.0.2.255", 2);
    const peers::Learned learned = peers::asked("bacnet", {"192.0.2.20", 47'808});
    INFO(peers::all(learned));
    peers::answered(learned);
    CHECK_FALSE(learned.report.upset);
    CHECK(learned.report.target.my_port == 47'808);
    CHECK(learned.claims.contains("server device_instance=7"));
    CHECK(learned.claims.contains("server vendor_id=bacnet:42"));
    CHECK(learned.claims.contains("server model=EX-520"));
}

TEST_CASE("heard: a port that somebody else has on this machine is left to him") {
    if (!peers::on_a_link("heard: a port that*")) return;
    const peers::Linked server("exec node " HERKOMST_SOURCE_DIR "/tests/peers/bacnet_shy_server.js 192.0.2.255", 2);
    // It shares the port with whoever asks to share it.
    const int other = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const int one = 1;
    ::setsockopt(other, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_port = htons(47'808);
    REQUIRE(::bind(other, reinterpret_cast<sockaddr*>(&here), sizeof here) == 0);
    const timeval patience{1, 0};
    ::setsockopt(other, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    const peers::Learned learned = peers::asked("bacnet", {"192.0.2.20", 47'808});
    CHECK(learned.report.target.my_port != 47'808);
    CHECK(name(learned.report.outcome) == name(ProbeOutcome::Silent));
    CHECK_FALSE(learned.report.upset);
    // What the device said went to him.
    char room[64];
    CHECK(::recv(other, room, sizeof room, 0) > 0);
    ::close(other);
}

TEST_CASE("heard: a camera that answers a search to the group is found") {
    if (!peers::on_a_link("heard: a camera that*")) return;
    const peers::Linked server("exec node " HERKOMST_SOURCE_DIR "/tests/peers/sadp_server.js 192.0.2.20", 2);
    const peers::Learned learned = peers::asked_all("sadp", "here", "192.0.2.20");
    INFO(peers::all(learned));
    peers::answered(learned);
    CHECK(learned.claims.contains("server model=DS-EX2042-I"));
    CHECK(learned.claims.contains("server serial=DS-EX2042-I20200101AAWR000000042"));
}

TEST_SUITE_END();

}  // namespace groups_heard_test
