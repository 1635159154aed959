#include "tests/bench/other_plant.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/text.h"

using herkomst::move_to_other_plant;
using herkomst::unhex;

namespace other_plant_test {

namespace {

// The sum of 16-bit words of a range, folded: 0xffff where a checksum within it is right (RFC 1071).
unsigned sum_of(const std::vector<std::uint8_t>& bytes, std::size_t from, std::size_t to, unsigned sum) {
    for (std::size_t i = from; i < to; ++i) sum += i % 2 == from % 2 ? bytes[i] * 256U : bytes[i];
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
    return sum;
}

bool is_header_right(const std::vector<std::uint8_t>& frame) { return sum_of(frame, 14, 34, 0) == 0xffff; }
// IPv4 without options: addresses, protocol and length count too.
bool is_transport_right(const std::vector<std::uint8_t>& frame) {
    const unsigned length = static_cast<unsigned>(frame.size() - 34);
    return sum_of(frame, 34, frame.size(), sum_of(frame, 26, 34, frame[23] + length)) == 0xffff;
}

// Fills in the two bytes of a checksum.
void set(std::vector<std::uint8_t>& frame, std::size_t at, unsigned sum) {
    frame[at] = static_cast<std::uint8_t>((~sum & 0xffffU) >> 8);
    frame[at + 1] = static_cast<std::uint8_t>(~sum);
}

std::vector<std::uint8_t> datagram() {
    std::vector<std::uint8_t> frame =
        unhex("00005e005301 00005e005302 0800  45000020 00010000 40110000 c0000201 c6336402  c350 14e9 000c 0000  61 62 63 64");
    const unsigned length = static_cast<unsigned>(frame.size() - 34);
    set(frame, 24, sum_of(frame, 14, 34, 0));
    set(frame, 40, sum_of(frame, 34, frame.size(), sum_of(frame, 26, 34, 17 + length)));
    return frame;
}

}  // namespace

TEST_SUITE_BEGIN("bench.other_plant");

TEST_CASE("both stations and both addresses are others, and what was right stays right") {
    const std::vector<std::uint8_t> before = datagram();
    REQUIRE(is_header_right(before));
    REQUIRE(is_transport_right(before));
    for (unsigned with = 1; with < 256; ++with) {
        std::vector<std::uint8_t> frame = before;
        move_to_other_plant(frame, static_cast<std::uint8_t>(with));
        CHECK(frame[3] == (before[3] ^ with));
        CHECK(frame[9] == (before[9] ^ with));
        CHECK(frame[28] == (before[28] ^ with));
        CHECK(frame[32] == (before[32] ^ with));
        CHECK(is_header_right(frame));
        CHECK(is_transport_right(frame));
        move_to_other_plant(frame, static_cast<std::uint8_t>(with));
        CHECK(frame == before);
    }
}

TEST_CASE("what was wrong stays wrong, and what was left out stays out") {
    std::vector<std::uint8_t> frame = datagram();
    frame[24] ^= 0x10;
    frame[40] = frame[41] = 0;
    move_to_other_plant(frame, 0x20);
    CHECK_FALSE(is_header_right(frame));
    CHECK(frame[40] == 0);
    CHECK(frame[41] == 0);
}

TEST_CASE("another connection of the same stations: its numbers are others, and its checksum is right") {
    std::vector<std::uint8_t> before = unhex(
        "00005e005301 00005e005302 0800  45000029 00010000 40060000 c0000201 c6336402  c350 01f6 fffffff0 00000010 5010 0400 "
        "0000 0000  61");
    const unsigned length = static_cast<unsigned>(before.size() - 34);
    set(before, 24, sum_of(before, 14, 34, 0));
    set(before, 50, sum_of(before, 34, before.size(), sum_of(before, 26, 34, 6 + length)));
    REQUIRE(is_transport_right(before));
    std::vector<std::uint8_t> frame = before;
    herkomst::move_to_other_connection(frame, 0x20000000);
    CHECK(frame[38] == 0x1f);
    CHECK(frame[42] == 0x20);
    CHECK(is_header_right(frame));
    CHECK(is_transport_right(frame));
    CHECK(std::equal(frame.begin(), frame.begin() + 38, before.begin()));
    // Without ACK the other number is none.
    before[47] = 0x02;
    frame = before;
    herkomst::move_to_other_connection(frame, 0x20000000);
    CHECK(frame[42] == 0);
    CHECK(frame[38] == 0x1f);
}

TEST_CASE("groups, broadcasts and nobody stay who they are") {
    const std::vector<std::uint8_t> arp =
        unhex("ffffffffffff 00005e005301 0806  0001 0800 06 04 0001 00005e005301 c0000201 000000000000 c0000202");
    std::vector<std::uint8_t> frame = arp;
    move_to_other_plant(frame, 0x20);
    CHECK(frame == unhex("ffffffffffff 00005e205301 0806  0001 0800 06 04 0001 00005e205301 c0002201 000000000000 c0002202"));
    const std::vector<std::uint8_t> group = unhex(
        "01005e0000fb 01005e000001 8100 0001 0800  4500001c 00010000 ff020000 00000000 "
        "e00000fb 0000 0000 0000 0000");
    frame = group;
    move_to_other_plant(frame, 0x20);
    CHECK(frame == group);
}

TEST_CASE("a frame that ends anywhere is left in one piece") {
    const std::vector<std::uint8_t> whole = datagram();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        std::vector<std::uint8_t> frame(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        move_to_other_plant(frame, 0x20);
        CHECK(frame.size() == size);
    }
}

TEST_SUITE_END();

}  // namespace other_plant_test
