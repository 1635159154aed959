// A name that was resolved in one interval of listening is what a server goes by in all that follow.
#include <doctest/doctest.h>

#include "capture/run.h"
#include "decoders/trials.h"
#include "writer.h"

using namespace herkomst;
using namespace herkomst::made;

namespace names_test {

TEST_SUITE_BEGIN("capture.flows");

namespace {

// RFC 1035 section 4: the question, or the answer with one address.
Octets lookup(std::string_view label, std::uint8_t last_octet, bool answer) {
    Octets out;
    for (const unsigned word : {last_octet + 0U, answer ? 0x8180U : 0x0100U, 1U, answer ? 1U : 0U, 0U, 0U}) put16(out, word);
    for (const std::string_view part : {label, std::string_view("example"), std::string_view("net")}) {
        put8(out, static_cast<unsigned>(part.size()));
        out.insert(out.end(), part.begin(), part.end());
    }
    put8(out, 0);
    put32(out, 0x00010001U);
    if (!answer) return out;
    put16(out, 0xc00c);
    put32(out, 0x00010001U);
    put32(out, 300);
    put16(out, 4);
    for (const unsigned octet : {192U, 0U, 2U, last_octet + 0U}) put8(out, octet);
    return out;
}

class Listening {
  public:
    Listening() : trials_(all_decoders()), run_(trials_, AnalysisOptions{}) { run_.begin("live"); }
    void hear(const Octets& frame) {
        Packet packet;
        packet.at = Time(std::chrono::seconds(start_second) + std::chrono::milliseconds(++frames_));
        packet.bytes = frame;
        packet.wire_length = static_cast<std::uint32_t>(frame.size());
        packet.link_type = 1;
        packet.number = frames_;
        run_.take_live(packet);
    }
    void resolve(std::string_view label, std::uint8_t last_octet) {
        hear(udp_frame(true, 53, lookup(label, last_octet, false)));
        hear(udp_frame(false, 53, lookup(label, last_octet, true)));
    }
    // What the servers on that port are called in the interval that ends now.
    std::vector<std::string> called(std::string_view service) {
        Analysis learned;
        run_.take_interval(learned);
        std::vector<std::string> out;
        for (const Conversation& row : learned.conversations) {
            if (row.service == service) out.push_back(row.b.ip.text() + " " + row.b_name);
        }
        return out;
    }

  private:
    Trials trials_;
    CaptureRun run_;
    std::uint64_t frames_ = 0;
};

}  // namespace

TEST_CASE("a server is called by what its client had resolved intervals before") {
    Listening live;
    live.resolve("portal", 20);
    live.resolve("elsewhere", 30);
    CHECK(live.called("tcp/7777").empty());
    CHECK(live.called("tcp/7777").empty());
    const std::vector<std::string> portal = {"192.0.2.20 portal.example.net"};
    live.hear(tcp_frame(true, 7777, 99, syn, {}));
    CHECK(live.called("tcp/7777") == portal);
    // What is told once is not used up.
    live.hear(tcp_frame(true, 7777, 100, ack, {1, 2, 3}));
    CHECK(live.called("tcp/7777") == portal);
    // Another name since then.
    live.resolve("other", 20);
    CHECK(live.called("tcp/7777").empty());
    live.hear(tcp_frame(true, 7778, 99, syn, {}));
    CHECK(live.called("tcp/7778") == std::vector<std::string>{"192.0.2.20 other.example.net"});
}

TEST_SUITE_END();

}  // namespace names_test
