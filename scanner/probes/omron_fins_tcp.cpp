// FINS over TCP: the same question as omron_fins, for controllers that no datagram reaches. The controller lends a node number
// for the connection, one of few, and takes it back when the connection is closed.
//
//   |"FINS"|length 4|command 4 = 0|error 4|node 4 = 0: lend me one|      |"FINS"|length 4|2|0|80 00 02 ... 05 01 00|
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr std::size_t node = 0;
constexpr std::size_t data = 1;

constexpr Hole data_holes[] = {hole::number("server-node", 1), hole::number("client-node", 1), hole::number("id", 1)};
constexpr Request requests[] = {
    {"node number", "46494e53 0000000c 00000000 00000000 00000000", {}, {}},
    {"controller data",
     "46494e53 00000015 00000002 00000000 80 00 02 00 {server-node} 00 00 {client-node} 00 {id} 0501 00",
     {},
     data_holes},
};

// Omron W421 section 7-4: four letters, and how much follows behind the length.
Whole whole(ByteCursor stream, const Talk&) {
    constexpr std::string_view letters = "FINS";
    const std::string_view text = stream.text_ahead();
    if (!letters.starts_with(text.substr(0, letters.size()))) return other_protocol();
    if (stream.left() < 8) return more();
    stream.skip(4);
    const std::uint32_t length = stream.be32();
    if (length < 8 || length > 2048) return other_protocol();
    return stream.left() < length ? more() : message(std::size_t{8} + length);
}

Step next(Talk& talk) {
    if (talk.begins()) return ask(node);
    Reading reading;
    ByteCursor reply(talk.reply, reading);
    reply.skip(8);
    const std::uint32_t command = reply.be32();
    const std::uint32_t error = reply.be32();
    if (talk.request == node) {
        reply.skip(3);
        const std::uint8_t client = reply.u8();
        reply.skip(3);
        const std::uint8_t server = reply.u8();
        if (!reply.ok() || command != 1 || error != 0) return end(ProbeOutcome::Declined);
        return ask(data).with("server-node", server).with("client-node", client).with("id", talk.target->token & 0xff);
    }
    reply.skip(10);
    const std::uint16_t asked = reply.be16();
    const std::uint16_t ended = reply.be16();
    const bool read = reply.ok() && command == 2 && asked == 0x0501 && (ended & 0x7f3f) == 0;
    return end(read ? ProbeOutcome::Answered : ProbeOutcome::Declined);
}

// ---- examples ----

constexpr Turn cpu_turns[] = {
    {"46494e53 0000000c 00000000 00000000 00000000", {}, "46494e53 00000010 00000001 00000000 0000000a 00000014", {}},
    {"46494e53 00000015 00000002 00000000 80 00 02 001400 000a00 34 0501 00",
     {},
     "46494e53 0000003e 00000002 00000000 c0 00 02 000a00 001400 34 0501 0000"
     "43502d4558323044522d410000000000 00000000"   // CP-EX20DR-A
     "30312e3034000000 000000000000000000000000",  // 01.04
     {}},
};
constexpr std::string_view cpu_claims[] = {"server firmware=01.04", "server model=CP-EX20DR-A"};
// 21: all connections are in use.
constexpr Turn full_turns[] = {
    {"46494e53 0000000c 00000000 00000000 00000000", {}, "46494e53 00000010 00000001 00000021 00000000 00000000", {}}};

constexpr Transcript transcripts[] = {
    {"a controller lends a node number and tells model and version", Origin::Documented,
     "Omron W421 section 7-4, W342 section 5-3-16", cpu_turns, cpu_claims},
    {"no connection is free",
     Origin::Documented,
     "Omron W421 section 7-4, error code 21",
     full_turns,
     {},
     ProbeOutcome::Declined},
};
constexpr std::uint16_t ports[] = {9600};

}  // namespace

Probe omron_fins_tcp() {
    Probe probe;
    probe.name = "omron_fins_tcp";
    probe.title = "FINS controller data over TCP";
    probe.spec = "Omron W421 (Ethernet units) section 7-4; W342 (FINS commands) section 5-3-16";
    probe.why_safe =
        "The command only reads model and version; connections are few, so nobody is asked while another client is seen there";
    probe.safety = Safety::OpenSession;
    probe.transport = Transport::Tcp;
    probe.family = Family::Ot;
    probe.decoder = "omron_fins";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.whole = whole;
    probe.few_sessions = true;
    probe.limits.requests = 2;
    probe.limits.bytes = 4096;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
