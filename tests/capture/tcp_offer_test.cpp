// How a TCP stack opens: read from the options of a SYN, told once a connection was used, by the one who sent it.
#include "capture/tcp_offer.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "writer.h"

using namespace herkomst;
using namespace herkomst::made;

namespace tcp_offer_test {

TEST_SUITE_BEGIN("capture.tcp_offer");

namespace {

std::string told(std::string_view options, std::uint16_t window, std::uint8_t hop_limit) {
    TcpOffer offer;
    const Octets bytes = unhex(options);
    if (!read_tcp_options(bytes, offer)) return "refused";
    offer.window = window;
    offer.hop_limit = hop_limit;
    return text_of(offer);
}

Octets segment(bool from_client, std::uint32_t client, unsigned flags, std::string_view options, std::string_view text,
               std::uint32_t sequence) {
    const Octets listed = unhex(options);
    Octets out;
    put16(out, from_client ? 40000 : 22);
    put16(out, from_client ? 22 : 40000);
    put32(out, sequence);
    put32(out, 0);
    put8(out, static_cast<unsigned>((5 + listed.size() / 4) << 4));
    put8(out, flags);
    put16(out, 64240);
    put32(out, 0);
    put(out, listed);
    put(out, octets(text));
    Octets packet = {0x45, 0};
    put16(packet, static_cast<unsigned>(20 + out.size()));
    put32(packet, 0x00010000);
    put8(packet, 61);
    put8(packet, 6);
    put16(packet, 0);
    put32(packet, from_client ? client : 0x0a000001);
    put32(packet, from_client ? 0x0a000001 : client);
    put(packet, out);
    return ethernet(from_client, 0x0800, packet);
}

constexpr std::string_view usual = "020405b40402080a00000001000000000103030a";

// Who shows what shape of a connection in which so much was said.
std::vector<std::string> shapes(std::uint32_t client, bool client_says, bool server_says) {
    Pcap file;
    file.add(segment(true, client, syn, usual, {}, 100));
    file.add(segment(false, client, syn | ack, "020405b401010402", {}, 500));
    if (client_says) file.add(segment(true, client, ack, {}, "SSH-2.0-Client\r\n", 101));
    if (server_says) file.add(segment(false, client, ack, {}, "SSH-2.0-Server\r\n", 501));
    std::vector<std::string> out;
    for (const Observation& row : analysed(file.bytes).observations.list()) {
        if (row.field != Field::stack) continue;
        CHECK(row.strength == Strength::Hinted);
        CHECK(row.from.end - row.from.begin == (row.method == "tcp.syn" ? 20 : 8));
        out.push_back(row.subject.ip.text() + " " + row.method + " " + row.value);
    }
    return out;
}

}  // namespace

TEST_CASE("options in their order, the window in segments, the hop limit as it began") {
    CHECK(told(usual, 64240, 61) == "ttl=64 window=mss*44 options=mss,sok,ts,nop,ws scale=10");
    CHECK(told(usual, 65160, 64) == "ttl=64 window=(mss-12)*45 options=mss,sok,ts,nop,ws scale=10");
    CHECK(told("020405b40103030801010402", 8192, 117) == "ttl=128 window=8192 options=mss,nop,ws,nop,nop,sok scale=8");
    CHECK(told("020405b4", 5840, 255) == "ttl=255 window=mss*4 options=mss");
    CHECK(told("", 1024, 30).empty());
    CHECK(told("020405b40402000000000000", 0, 1) == "ttl=32 window=0 options=mss,sok,eol");
    CHECK(told("1e0c00811234567812345678", 1, 64) == "ttl=64 window=1 options=30");
    // Without a segment size, or with one that is too small to mean something, the number stands.
    CHECK(told("02040001", 4096, 64) == "ttl=64 window=4096 options=mss");
}

TEST_CASE("what is no list of options is refused, and a long one is cut") {
    CHECK(told("0204", 1, 64) == "refused");
    CHECK(told("0200", 1, 64) == "refused");
    CHECK(told("08", 1, 64) == "refused");
    CHECK(told("01010101010101010101010101010101010101010101010101010101010101010101010101010101", 1, 64) ==
          "ttl=64 window=1 options=nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop");
}

TEST_CASE("told of both sides, once both have spoken, and not of who is outside") {
    CHECK(shapes(0x0a000002, true, false).empty());
    CHECK(shapes(0x0a000002, false, true).empty());
    CHECK(shapes(0x0a000002, true, true) ==
          std::vector<std::string>{"10.0.0.1 tcp.answer ttl=64 window=mss*44 options=mss,nop,nop,sok",
                                   "10.0.0.2 tcp.syn ttl=64 window=mss*44 options=mss,sok,ts,nop,ws scale=10"});
    CHECK(shapes(0xcb007107, true, true) ==
          std::vector<std::string>{"10.0.0.1 tcp.answer ttl=64 window=mss*44 options=mss,nop,nop,sok"});
}

TEST_SUITE_END();

}  // namespace tcp_offer_test
