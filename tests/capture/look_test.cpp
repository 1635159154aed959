// What a flow costs that nobody recognises: a bounded look, however long it is.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "capture/flows.h"
#include "writer.h"

using namespace herkomst;
using namespace herkomst::made;

namespace look_test {

TEST_SUITE_BEGIN("capture.looks");

namespace {

struct Asked {
    std::size_t calls = 0;
    std::size_t bytes = 0;
    std::size_t most = 0;
};
Asked asked;  // a decoder is a plain function: it has nowhere else to count

bool never(ByteCursor message, const Flow&) {
    ++asked.calls;
    asked.bytes += message.left();
    asked.most = std::max(asked.most, message.left());
    return false;
}

std::vector<Decoder> refusing(Starts starts) {
    std::vector<Decoder> table = hk_table();
    table.front().recognise = never;
    table.front().starts = starts;
    return table;
}

Octets noise(std::size_t size, std::mt19937& random) {
    Octets out(size);
    for (auto& byte : out) byte = static_cast<std::uint8_t>(random() | 0x80U);
    return out;
}

// A connection on a port that the decoder knows, with so many segments each way.
Asked look_at_stream(std::size_t segments, std::size_t size, Starts starts = {}) {
    std::mt19937 random(11);
    Pcap file;
    std::uint32_t sent[2] = {100, 9000};
    file.add(tcp_frame(true, 7777, 99, syn, {})).add(tcp_frame(false, 7777, 8999, syn | ack, {}));
    for (std::size_t i = 0; i < segments * 2; ++i) {
        const bool client = i % 2 == 0;
        file.add(tcp_frame(client, 7777, sent[client ? 0 : 1], ack, noise(size, random)));
        sent[client ? 0 : 1] += static_cast<std::uint32_t>(size);
    }
    const std::vector<Decoder> table = refusing(starts);
    asked = {};
    const Analysis analysis = analyse_memory(file.bytes, table, {});
    CHECK(counted(analysis, "unrecognised flow") == 1);
    return asked;
}

Asked look_at_datagrams(std::size_t count, std::size_t size, Starts starts = {}) {
    std::mt19937 random(12);
    Pcap file;
    for (std::size_t i = 0; i < count * 2; ++i) file.add(udp_frame(i % 2 == 0, 7777, noise(size, random)));
    const std::vector<Decoder> table = refusing(starts);
    asked = {};
    const Analysis analysis = analyse_memory(file.bytes, table, {});
    CHECK(counted(analysis, "unrecognised flow") == 1);
    return asked;
}

}  // namespace

TEST_CASE("a stream is offered to a decoder a bounded number of times, and no more when it is longer") {
    const Asked some = look_at_stream(40, 1400);
    const Asked many = look_at_stream(1500, 1400);
    CHECK(some.calls > 0);
    // Each direction eight times: what waits, and perhaps what is new of it by itself.
    CHECK(many.calls <= std::size_t{4} * Shard::looks_max);
    CHECK(many.most <= Shard::look_bytes_max + 1400);
    CHECK(many.calls == some.calls);
    CHECK(many.bytes == some.bytes);
    CHECK(many.bytes <= std::size_t{4} * Shard::looks_max * (Shard::look_bytes_max + 1400));
    // One byte at a time is no way around it.
    const Asked dripping = look_at_stream(1500, 1);
    CHECK(dripping.calls <= std::size_t{4} * Shard::looks_max);
}

TEST_CASE("datagrams are offered a bounded number of times") {
    const Asked some = look_at_datagrams(10, 1200);
    const Asked many = look_at_datagrams(1000, 1200);
    CHECK(many.calls == std::size_t{2} * Shard::looks_max);
    CHECK(many.calls == some.calls);
    CHECK(many.bytes == std::size_t{2} * Shard::looks_max * 1200);
}

TEST_CASE("a decoder whose messages begin otherwise is not asked at all") {
    CHECK(look_at_stream(100, 1400, Starts("0?", "1?")).calls == 0);
    CHECK(look_at_datagrams(100, 1400, Starts("0?", "'HK'")).calls == 0);
    CHECK(look_at_datagrams(100, 100, Starts("8?", "9?", "a?", "b?", "c?", "d?", "e?", "f?")).calls == 16);
}

TEST_SUITE_END();

}  // namespace look_test
