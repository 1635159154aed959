// Headers that cannot be true are told with the frame in which they stood first, and how many there were.
#include <doctest/doctest.h>

#include "writer.h"

using namespace herkomst;
using namespace herkomst::made;

namespace damage_test {

TEST_SUITE_BEGIN("capture.damage");

namespace {

std::vector<std::string> told(const Analysis& analysis) {
    std::vector<std::string> out;
    for (const Problem& problem : analysis.problems) out.push_back(problem.text());
    return out;
}

Octets bad_udp() {
    Octets datagram = udp(true, 7777, octets("text"));
    datagram[5] = 7;  // shorter than its own header
    return ethernet(true, 0x0800, ipv4(true, 17, datagram));
}

}  // namespace

TEST_CASE("damage within frames has its place") {
    Pcap file;
    file.add(udp_frame(true, 7777, octets("text")));
    file.add(bad_udp());
    Octets header = ipv4(true, 17, udp(true, 7777, octets("text")));
    header[0] = 0x42;  // two words are no header
    file.add(ethernet(true, 0x0800, header));
    file.add(udp_frame(false, 7777, octets("text")));
    file.add(bad_udp());
    for (const unsigned threads : {1U, 2U}) {
        const Analysis analysis = analysed(file.bytes, threads);
        CHECK(told(analysis) ==
              std::vector<std::string>{"memory: frame 2: bad udp header, the first of 2", "memory: frame 3: bad ip header"});
        CHECK(counted(analysis, "bad udp header") == 2);
        CHECK(counted(analysis, "bad ip header") == 1);
    }
}

TEST_CASE("what is whole has no problem") {
    Pcap file;
    file.add(udp_frame(true, 7777, octets("text")));
    file.add(tcp_frame(true, 7777, 1, syn, {}));
    CHECK(told(analysed(file.bytes)).empty());
}

TEST_SUITE_END();

}  // namespace damage_test
