// Flows and streams: the same claims however the bytes were cut, ordered or repeated; who opened; what was lost is said.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "writer.h"

using namespace herkomst;
using namespace herkomst::made;

namespace flows_test {

TEST_SUITE_BEGIN("capture.flows");

namespace {

struct Segment {
    std::size_t from;
    std::size_t to;
};

// A connection in which the client says hello and the server sends `bytes` in these segments, in this order.
Octets connection(const Octets& bytes, const std::vector<Segment>& segments, bool ends = true) {
    Pcap file;
    const std::uint32_t isn = 0xffffff00;  // wraps on the way
    file.add(tcp_frame(true, 7777, 99, syn, {})).add(tcp_frame(false, 7777, isn, syn | ack, {}));
    file.add(tcp_frame(true, 7777, 100, ack, hk('m', "client")));
    for (const auto& [from, to] : segments) {
        const Octets part(bytes.begin() + static_cast<std::ptrdiff_t>(from), bytes.begin() + static_cast<std::ptrdiff_t>(to));
        file.add(tcp_frame(false, 7777, isn + 1 + static_cast<std::uint32_t>(from), ack, part));
    }
    if (ends) file.add(tcp_frame(false, 7777, isn + 1 + static_cast<std::uint32_t>(bytes.size()), fin | ack, {}));
    return file.bytes;
}

Octets conversation() {
    Octets bytes = hk('m', "first");
    put(bytes, hk('s', std::string(40, '-')));
    put(bytes, hk('m', "second model"));
    put(bytes, hk('m', "third"));
    return bytes;
}

const std::vector<std::string> all_claims = {"192.0.2.10 model=client", "192.0.2.20 model=first",
                                             "192.0.2.20 model=second model", "192.0.2.20 model=third"};

}  // namespace

TEST_CASE("a stream in one segment, and split in two at every byte") {
    const Octets bytes = conversation();
    CHECK(claims_of(analysed(connection(bytes, {{0, bytes.size()}})), "hk.") == all_claims);
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
        CAPTURE(cut);
        CHECK(claims_of(analysed(connection(bytes, {{0, cut}, {cut, bytes.size()}})), "hk.") == all_claims);
        CHECK(claims_of(analysed(connection(bytes, {{cut, bytes.size()}, {0, cut}})), "hk.") == all_claims);
    }
}

TEST_CASE("an address whose packets all came through a router is told from one that is on the link") {
    const auto method_of = [](std::vector<std::uint8_t> hop_limits) {
        Pcap file;
        std::uint32_t sequence = 100;
        for (const std::uint8_t hop_limit : hop_limits) {
            Octets frame = tcp_frame(true, 7777, sequence++, ack, hk('m', "client"));
            frame[14 + 8] = hop_limit;
            file.add(frame);
        }
        for (const Observation& row : analysed(file.bytes).observations.list()) {
            if (row.field == Field::address && row.value == "192.0.2.10") return row.method;
        }
        return std::string("none");
    };
    CHECK(method_of({64}) == "ip");
    CHECK(method_of({255, 128}) == "ip");
    CHECK(method_of({63}) == "ip.routed");
    CHECK(method_of({127, 126}) == "ip.routed");
    CHECK(method_of({63, 64}) == "ip");
}

TEST_CASE("a flood of invented addresses finds no end of room, and what finds none is counted") {
    Pcap file;
    constexpr std::uint32_t invented = 80'000;
    for (std::uint32_t i = 0; i < invented; ++i) {
        Octets frame = {0x00, 0x00, 0x5e, 0x00, 0x53, 0xff, 0x02, 0x00};
        for (int shift = 24; shift >= 0; shift -= 8) frame.push_back(static_cast<std::uint8_t>(i >> shift));
        frame.insert(frame.end(), {0x88, 0xb5, 1, 2, 3, 4});
        file.add(frame);
    }
    const Analysis analysis = analysed(file.bytes);
    CHECK(analysis.observations.subjects() <= 65'536);
    CHECK(analysis.observations.subjects() > 30'000);
    CHECK(analysis.observations.subjects() + counted(analysis, "subject table full") >= invented);
    CHECK(analysis.conversations.size() + counted(analysis, "conversation table full") >= invented);
}

TEST_CASE("one byte a segment") {
    const Octets bytes = conversation();
    std::vector<Segment> segments;
    for (std::size_t i = 0; i < bytes.size(); ++i) segments.push_back({i, i + 1});
    CHECK(claims_of(analysed(connection(bytes, segments)), "hk.") == all_claims);
}

TEST_CASE("segments permuted, repeated and overlapping give the claims of the whole") {
    const Octets bytes = conversation();
    std::mt19937 random(4);
    for (int round = 0; round < 400; ++round) {
        CAPTURE(round);
        std::vector<Segment> segments;
        for (std::size_t at = 0; at < bytes.size();) {
            const std::size_t to = std::min(bytes.size(), at + 1 + random() % 24);
            const std::size_t back = std::min<std::size_t>(at, random() % 6);
            segments.push_back({at - back, std::min(bytes.size(), to + random() % 6)});
            at = to;
        }
        const std::size_t repeated = segments.size();
        for (std::size_t i = 0; i < repeated; i += 3) segments.push_back(segments[i]);
        std::shuffle(segments.begin(), segments.end(), random);
        CHECK(claims_of(analysed(connection(bytes, segments)), "hk.") == all_claims);
    }
}

TEST_CASE("the first copy of a byte wins") {
    const Octets honest = hk('m', "first");
    Octets other = hk('m', "other");
    Pcap file;
    file.add(tcp_frame(true, 7777, 99, syn, {}))
        .add(tcp_frame(true, 7777, 100, ack, honest))
        .add(tcp_frame(true, 7777, 100, ack, other));
    CHECK(claims_of(analysed(file.bytes), "hk.") == std::vector<std::string>{"192.0.2.10 model=first"});
    CHECK(counted(analysed(file.bytes), "retransmission") == 1);
}

TEST_CASE("evidence points at the bytes, also where a message spans frames") {
    const Octets bytes = hk('m', "spanning");
    const Analysis whole = analysed(connection(bytes, {{0, bytes.size()}}));
    const Analysis split = analysed(connection(bytes, {{0, 3}, {3, 8}, {8, bytes.size()}}));
    for (const auto& [analysis, frame, begin, end] :
         {std::tuple(&whole, 4, 54 + 5, 54 + 13), std::tuple(&split, 5, 54 + 2, 54 + 5)}) {
        bool found = false;
        for (const Observation& row : analysis->observations.list()) {
            if (row.value != "spanning") continue;
            found = true;
            CHECK(row.from == Evidence{"memory", static_cast<std::uint64_t>(frame), static_cast<std::uint32_t>(begin),
                                       static_cast<std::uint32_t>(end)});
        }
        CHECK(found);
    }
}

TEST_CASE("evidence points at the bytes of a segment that came early and repeats some of what came before it") {
    Octets bytes = hk('m', "first");
    const std::size_t first = bytes.size();
    put(bytes, hk('m', "later"));
    const Analysis analysis = analysed(connection(bytes, {{first - 4, first + 8}, {0, first}, {first + 8, bytes.size()}}));
    bool found = false;
    for (const Observation& row : analysis.observations.list()) {
        if (row.value != "later") continue;
        found = true;
        CHECK(row.from == Evidence{"memory", 4, 54 + 4 + 5, 54 + 4 + 8});
    }
    CHECK(found);
}

TEST_CASE("a hole is given up, counted, and what comes after it is read when it is recognised again") {
    const Octets lost = hk('m', "lost");
    Octets bytes = hk('m', "first");
    const std::size_t hole = bytes.size();
    put(bytes, lost);
    const std::size_t after = bytes.size();
    put(bytes, hk('m', "second"));
    const Analysis analysis = analysed(connection(bytes, {{0, hole}, {after, bytes.size()}}));
    CHECK(claims_of(analysis, "hk.") ==
          std::vector<std::string>{"192.0.2.10 model=client", "192.0.2.20 model=first", "192.0.2.20 model=second"});
    CHECK(counted(analysis, "stream gap") == 1);
    // In the middle of a message nothing is made of it.
    const Analysis middle = analysed(connection(bytes, {{0, hole}, {after + 2, bytes.size()}}));
    CHECK(claims_of(middle, "hk.") == std::vector<std::string>{"192.0.2.10 model=client", "192.0.2.20 model=first"});
    // A hole inside what the decoder skips does no harm and is none.
    Octets skipping = hk('s', std::string(3000, '-'));
    const std::size_t end_of_skip = skipping.size();
    put(skipping, hk('m', "beyond"));
    const Analysis skipped = analysed(connection(skipping, {{0, 100}, {2000, end_of_skip + 11}}));
    CHECK(claims_of(skipped, "hk.") == std::vector<std::string>{"192.0.2.10 model=client", "192.0.2.20 model=beyond"});
    CHECK(counted(skipped, "stream gap") == 0);
}

TEST_CASE("a stray byte behind a message does not spoil the next segment") {
    Pcap file;
    Octets first = hk('m', "first");
    first.push_back('>');
    file.add(tcp_frame(true, 7777, 99, syn, {})).add(tcp_frame(true, 7777, 100, ack, first));
    file.add(tcp_frame(true, 7777, 100 + static_cast<std::uint32_t>(first.size()), ack, hk('m', "second")));
    CHECK(claims_of(analysed(file.bytes), "hk.") ==
          std::vector<std::string>{"192.0.2.10 model=first", "192.0.2.10 model=second"});
}

TEST_CASE("what the capture cut off is a hole of known size") {
    Pcap file;
    const Octets message = hk('m', std::string(60, 'x'));
    Octets cut = tcp_frame(true, 7777, 100, ack, message);
    const auto wire = static_cast<std::uint32_t>(cut.size());
    cut.erase(cut.end() - 30, cut.end());
    file.add(tcp_frame(true, 7777, 99, syn, {})).add(tcp_frame(true, 7777, 100, ack, {}));
    file.add(cut, wire).add(tcp_frame(true, 7777, 100 + static_cast<std::uint32_t>(message.size()), ack, hk('m', "next")));
    CHECK(claims_of(analysed(file.bytes), "hk.") == std::vector<std::string>{"192.0.2.10 model=next"});
}

TEST_CASE("who opened: the SYN, else the known port, else the lower port; a stated service only where the server spoke") {
    const auto opened = [](const Pcap& file) {
        const Analysis analysis = analysed(file.bytes);
        REQUIRE(analysis.conversations.size() == 1);
        return analysis.conversations[0];
    };
    // The SYN decides even against the ports.
    const Octets payload = hk('m', "x");
    Pcap reversed;
    reversed.add(tcp_frame(false, 7777, 99, syn, {}))
        .add(tcp_frame(true, 7777, 5, syn | ack, {}))
        .add(tcp_frame(false, 7777, 100, ack, payload));
    CHECK(opened(reversed).a.ip == IpAddress::v4(server_ip));
    CHECK(opened(reversed).opened_by == "a");
    // The answer to a SYN that was not captured.
    Pcap half;
    half.add(tcp_frame(false, 7777, 99, syn | ack, {})).add(tcp_frame(true, 7777, 100, ack, payload));
    CHECK(opened(half).a.ip == IpAddress::v4(client_ip));
    CHECK(opened(half).opened_by == "a");
    Pcap middle;
    middle.add(tcp_frame(false, 7777, 99, ack, payload));
    CHECK(opened(middle).a.ip == IpAddress::v4(client_ip));
    CHECK(opened(middle).opened_by == "unknown");
    CHECK(opened(middle).service == "hk");
    CHECK(claims_of(analysed(middle.bytes), "flow") == std::vector<std::string>{"192.0.2.20 service=hk/tcp/7777"});
    Pcap unknown;
    unknown.add(tcp_frame(false, 9999, 99, ack, octets("nobody knows this")));
    CHECK(opened(unknown).service == "tcp/9999");
    CHECK(opened(unknown).b.ip == IpAddress::v4(server_ip));
    Pcap silent;
    silent.add(tcp_frame(true, 7777, 99, ack, payload));
    CHECK(claims_of(analysed(silent.bytes), "flow").empty());
    // A datagram from a port that only a server has is an answer.
    Pcap answer;
    answer.add(udp_frame(false, 7777, payload));
    CHECK(opened(answer).a.ip == IpAddress::v4(client_ip));
    Pcap dynamic;
    dynamic.add(ethernet(true, 0x0800, ipv4(true, 17, udp(true, 50000, octets("media"), 50002))));
    CHECK(opened(dynamic).service == "udp/dynamic");
}

TEST_CASE("the same ports again are another connection") {
    Pcap file;
    for (const std::uint32_t isn : {1000U, 900'000U}) {
        file.add(tcp_frame(true, 7777, isn, syn, {})).add(tcp_frame(false, 7777, isn, syn | ack, {}));
        file.add(tcp_frame(true, 7777, isn + 1, ack, hk('m', fmt::format("isn {}", isn))));
        file.add(tcp_frame(true, 7777, isn + 12 + (isn > 1000 ? 2 : 0), rst, {}));
    }
    const Analysis analysis = analysed(file.bytes);
    CHECK(claims_of(analysis, "hk.") == std::vector<std::string>{"192.0.2.10 model=isn 1000", "192.0.2.10 model=isn 900000"});
    REQUIRE(analysis.conversations.size() == 1);
    CHECK(analysis.conversations[0].seen.count == 2);
    Pcap datagrams;
    datagrams.add(udp_frame(true, 7777, hk('m', "a"))).add(udp_frame(true, 7777, hk('m', "a")), 0, start_second + 30);
    CHECK(analysed(datagrams.bytes).conversations[0].seen.count == 1);
    datagrams.add(udp_frame(true, 7777, hk('m', "a")), 0, start_second + 100);
    CHECK(analysed(datagrams.bytes).conversations[0].seen.count == 2);
}

TEST_CASE("times at the ends of what can be told are survived") {
    Pcapng file;
    Octets offset(8, 0xff);
    offset[7] = 0x7f;
    Octets options = file.option(9, {0});
    put(options, file.option(14, offset));
    file.interface(1, options).interface(1, file.option(9, {0}));
    const Octets frame = udp_frame(true, 7777, hk('m', "late"));
    file.packet(0, UINT64_MAX, frame).packet(1, 0, frame).packet(0, UINT64_MAX, frame).packet(1, UINT64_MAX, frame);
    CHECK(claims_of(analysed(file.bytes), "hk.") == std::vector<std::string>{"192.0.2.10 model=late"});
}

TEST_CASE("stations and services: who holds which address, what runs without IP, groups are nobody") {
    Pcap file;
    file.add(udp_frame(true, 7777, hk('m', "q")))
        .add(udp_frame(true, 7777, hk('m', "q")))
        .add(udp_frame(false, 7777, hk('m', "a")));
    file.add(ethernet(true, 0x88b8, octets("goose-like"), "8100 0007"));
    Octets from_group = ethernet(true, 0x88b8, octets("x"));
    from_group[6] = 0x01;
    file.add(from_group);
    Octets unspecified = udp_frame(true, 7777, hk('m', "q"));
    for (std::size_t i = 26; i < 30; ++i) unspecified[i] = 0;
    file.add(unspecified);
    const Analysis analysis = analysed(file.bytes);
    CHECK(claims_of(analysis, "ip") ==
          std::vector<std::string>{"00:00:5e:00:53:0a address=192.0.2.10", "00:00:5e:00:53:14 address=192.0.2.20"});
    CHECK(claims_of(analysis, "ethernet") == std::vector<std::string>{"7/00:00:5e:00:53:0a service=ethernet/0x88b8"});
    for (const Observation& row : analysis.observations.list()) {
        if (row.value == "192.0.2.10") CHECK(row.seen.count == 2);
        if (row.value == "192.0.2.10") CHECK(row.from == Evidence{"memory", 1, 26, 30});
    }
}

TEST_CASE("a side that was given up for noise is heard again when the other side is understood") {
    Pcap file;
    for (unsigned i = 0; i < Shard::looks_max + 2; ++i) file.add(udp_frame(true, 7777, octets("noise")));
    file.add(udp_frame(true, 7777, hk('m', "unheard")));
    file.add(udp_frame(false, 7777, hk('m', "server")));
    file.add(udp_frame(true, 7777, hk('m', "client")));
    const std::vector<std::string> heard = {"192.0.2.10 model=client", "192.0.2.20 model=server"};
    CHECK(claims_of(analysed(file.bytes), "hk.") == heard);
}

TEST_CASE("what IP carries beside UDP and TCP is decoded; it offers no port") {
    Pcap file;
    const Octets router = unhex("3107640100640000c00002fe");
    file.add(ethernet(true, 0x0800, ipv4(true, 112, router)));
    file.add(ethernet(false, 0x0800, ipv4(false, 112, router)));
    file.add(ethernet(true, 0x0800, ipv4(true, 113, router)));
    AnalysisOptions options;
    const Analysis analysis = analyse_memory(file.bytes, all_decoders(), options);
    const std::vector<std::string> routers = {"192.0.2.10 role=router", "192.0.2.20 role=router"};
    CHECK(claims_of(analysis, "vrrp.") == routers);
    CHECK(claims_of(analysis, "flow").empty());
    std::vector<std::string> services;
    for (const Conversation& row : analysis.conversations) services.push_back(row.service);
    std::sort(services.begin(), services.end());
    CHECK(services == std::vector<std::string>{"ip/113", "vrrp"});
}

TEST_CASE("both ends of a tunnel and what it carries are conversations of their own, with any number of threads") {
    Pcap file;
    Octets outer = ipv4(true, 47, [] {
        Octets gre = unhex("00000800");
        put(gre, ipv4(true, 17, udp(true, 7777, hk('m', "carried"))));
        return gre;
    }());
    const Octets ends = unhex("c6336401c6336402");
    std::copy(ends.begin(), ends.end(), outer.begin() + 12);
    file.add(ethernet(true, 0x0800, outer));
    const Analysis analysis = analysed(file.bytes);
    CHECK(claims_of(analysis, "hk.") == std::vector<std::string>{"192.0.2.10 model=carried"});
    // The MAC is that of the tunnel's end: the address inside is not tied to it.
    CHECK(claims_of(analysis, "ip") == std::vector<std::string>{"00:00:5e:00:53:0a address=198.51.100.1"});
    std::vector<std::string> services;
    for (const Conversation& row : analysis.conversations) services.push_back(row.a.ip.text() + " " + row.service);
    std::sort(services.begin(), services.end());
    CHECK(services == std::vector<std::string>{"192.0.2.10 hk", "198.51.100.1 ip/47"});
    CHECK(printed(analysis) == printed(analysed(file.bytes, 3)));
}

TEST_CASE("a server is called by the name it was addressed by") {
    Pcap file;
    file.add(tcp_frame(true, 7777, 99, syn, {})).add(tcp_frame(true, 7777, 100, ack, hk('n', "Portal.Example.NET")));
    const Analysis analysis = analysed(file.bytes);
    REQUIRE(analysis.conversations.size() == 1);
    CHECK(analysis.conversations[0].b_name == "portal.example.net");
}

TEST_CASE("decoder examples as real frames: the same claims as played directly, whole and split at every byte") {
    std::size_t streams = 0;
    for (const Decoder& decoder : all_decoders()) {
        for (const Example& example : decoder.examples) {
            if (example.layer != Layer::Tcp) continue;
            ++streams;
            INFO(decoder.name, ": ", example.title);
            const auto claims = [&](std::size_t cut) {
                Pcap file;
                std::array<std::uint32_t, 2> next = {100, 200};
                file.add(tcp_frame(true, example.port, 99, syn, {})).add(tcp_frame(false, example.port, 199, syn | ack, {}));
                for (const ExampleMessage& message : example.messages) {
                    const Octets bytes = bytes_of(message);
                    const bool client = message.from == From::Client;
                    std::uint32_t& sequence = next[client ? 0 : 1];
                    for (std::size_t at = 0; at < bytes.size();) {
                        const std::size_t to = at == 0 && cut > 0 && cut < bytes.size() ? cut : bytes.size();
                        const Octets part(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                                          bytes.begin() + static_cast<std::ptrdiff_t>(to));
                        for (std::size_t sent = 0; sent < part.size(); sent += 1400) {
                            const std::size_t size = std::min<std::size_t>(1400, part.size() - sent);
                            const auto from = part.begin() + static_cast<std::ptrdiff_t>(sent);
                            file.add(tcp_frame(client, example.port, sequence, ack,
                                               Octets(from, from + static_cast<std::ptrdiff_t>(size))));
                            sequence += static_cast<std::uint32_t>(size);
                        }
                        at = to;
                    }
                }
                AnalysisOptions options;
                const Analysis analysis = analyse_memory(file.bytes, std::span<const Decoder>(&decoder, 1), options);
                std::vector<std::string> lines;
                for (const Observation& row : analysis.observations.list()) {
                    if (row.method == "ip" || row.method == "flow") continue;
                    StagedClaim claim;
                    claim.subject = row.subject;
                    claim.field = row.field;
                    claim.value = row.value;
                    lines.push_back(notation(claim, example));
                }
                // The same of two methods is one line, as where it is played directly.
                std::sort(lines.begin(), lines.end());
                lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
                return lines;
            };
            std::vector<std::string> expected(example.claims.begin(), example.claims.end());
            std::sort(expected.begin(), expected.end());
            CHECK(join(claims(0), "\n") == join(expected, "\n"));
            for (const std::size_t cut : {1U, 2U, 3U, 5U, 8U, 13U, 21U, 34U, 55U, 89U, 144U, 233U}) {
                CAPTURE(cut);
                CHECK(join(claims(cut), "\n") == join(expected, "\n"));
            }
        }
    }
    CHECK(streams > 0);
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("capture.full");

TEST_CASE("more flows than the tables hold: counted, bounded, and the same for any number of threads") {
    Pcap file;
    // All shards together hold 262,144.
    for (unsigned i = 0; i < 300'000; ++i) {
        const unsigned port = 1024 + i % 60'000;
        Octets frame = udp_frame(i % 3 != 0, 7777, i % 5 == 0 ? hk('m', fmt::format("model {}", i % 50)) : octets("noise"));
        frame[26 + 2] = static_cast<std::uint8_t>(i / 60'000);
        frame[34] = static_cast<std::uint8_t>(port >> 8);
        frame[35] = static_cast<std::uint8_t>(port);
        file.add(frame);
    }
    const Analysis analysis = analysed(file.bytes, 1);
    const std::string one = printed(analysis);
    CHECK(one == printed(analysed(file.bytes, 2)));
    CHECK(one == printed(analysed(file.bytes, 5)));
    // What found no room is told, with its number.
    const auto counted = [&](std::string_view outcome) {
        std::uint64_t count = 0;
        for (const Coverage& row : analysis.coverage) count += row.outcome == outcome ? row.count : 0;
        return count;
    };
    CHECK(counted("flow evicted") > 30'000);
    CHECK(counted("flow evicted") < 100'000);
    CHECK(one.size() > 10'000);
}

TEST_SUITE_END();

}  // namespace flows_test
