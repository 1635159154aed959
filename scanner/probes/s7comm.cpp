// S7 communication: the system status lists of a SIMATIC controller name its order number, versions, station, module and serial
// number. A connection as an operator panel has it (type 02: programming devices have few), one setup, two reads, and a
// disconnect. Nothing is started, stopped, or written; S7comm-plus is not spoken.
//
//   |03 00|length 2|11 E0 connection request, TSAP 02 rack/slot|
//   |03 00|length 2|02 F0 80|32 01 setup|     |32 07 read of list 0011, 001C|
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr std::size_t connect = 0;
constexpr std::size_t setup = 1;
constexpr std::size_t modules = 2;
constexpr std::size_t components = 3;
constexpr std::size_t disconnect = 4;

constexpr Hole connect_holes[] = {hole::number("rack-slot", 1, 0, 0x1f)};
constexpr Hole reference_holes[] = {hole::number("reference", 2)};
constexpr Hole disconnect_holes[] = {hole::octets("their-reference", 2)};
constexpr Request requests[] = {
    {"connection", "0300 0016 11 e0 0000 0001 00 c1020100 c20202 {rack-slot} c0010a", {}, connect_holes},
    {"setup", "0300 0019 02f080 3201 0000 {reference} 0008 0000 f0 00 0001 0001 00f0", {}, reference_holes},
    {"module identification",
     "0300 0021 02f080 3207 0000 {reference} 0008 0008 000112 04 11 44 01 00 ff09 0004 0011 0000",
     {},
     reference_holes},
    {"component identification",
     "0300 0021 02f080 3207 0000 {reference} 0008 0008 000112 04 11 44 01 00 ff09 0004 001c 0000",
     {},
     reference_holes},
    {"disconnect", "0300 000b 06 80 {their-reference} 0001 00", {}, disconnect_holes},
};

struct Notes {
    std::uint8_t their_reference[2];
    bool connected;
    bool named;
    std::uint8_t rack_slot;
    bool second;  // the other slot is asked, on a connection of its own
};

// RFC 1006 section 6: version 3, and the length of all of it.
Whole whole(ByteCursor stream, const Talk&) {
    if (stream.left() < 4) return stream.left() > 0 && stream.peek() != 3 ? other_protocol() : more();
    if (stream.peek_be16() != 0x0300) return other_protocol();
    const std::uint16_t length = stream.peek_be16(2);
    if (length < 7 || length > 2048) return other_protocol();
    return stream.left() < length ? more() : message(length);
}

Step numbered(std::size_t request, Talk& talk) {
    return ask(request).with("reference", (talk.target->token + talk.sent) & 0xffff);
}

// ISO 8073 section 13; the lists: SIMATIC System Software for S7-300/400, chapter 33.
Step next(Talk& talk) {
    auto& notes = talk.notes<Notes>();
    if (talk.begins()) {
        // What is known of a slot (it may be 0 where nothing is): a CPU of the 300 series stands in slot 2.
        notes.rack_slot = static_cast<std::uint8_t>(talk.target->slot != 0 ? talk.target->slot & 0x1f : 2);
        return ask(connect).with("rack-slot", notes.rack_slot);
    }
    Reading reading;
    ByteCursor reply(talk.reply, reading);
    reply.skip(5);
    const std::uint8_t kind = reply.u8();
    if (talk.request == connect) {
        if (kind == 0x80 && !notes.second) {
            // Nobody in that slot: a CPU of the 1200 and 1500 series stands in slot 1. The connection is the server's to close.
            notes.second = true;
            notes.rack_slot = 1;
            talk.ended = true;
            return ask(connect).with("rack-slot", notes.rack_slot);
        }
        if ((kind & 0xf0) != 0xd0) return end(kind == 0x80 ? ProbeOutcome::Declined : ProbeOutcome::OtherProtocol);
        reply.skip(2);
        notes.their_reference[0] = reply.u8();
        notes.their_reference[1] = reply.u8();
        notes.connected = true;
        return numbered(setup, talk);
    }
    if (kind != 0xf0) return end(notes.named ? ProbeOutcome::Answered : ProbeOutcome::Declined);
    const std::uint8_t last = reply.u8();
    if (reply.u8() != 0x32) return end(notes.named ? ProbeOutcome::Answered : ProbeOutcome::OtherProtocol);
    if (last != 0x80) return listen();
    if (talk.request == setup) {
        reply.skip(9);
        const std::uint16_t error = reply.be16();
        return reply.ok() && error == 0 ? numbered(modules, talk) : end(ProbeOutcome::Declined);
    }
    // |rosctr|0000|reference|parameters 2|data 2|000112|length|12|84|01|sequence|more|...|error 2|FF|
    reply.skip(1 + 2 + 2);
    const std::uint16_t parameters = reply.be16();
    reply.skip(2);
    ByteCursor parameter = reply.take(parameters);
    parameter.skip(9);
    const bool more_follows = parameter.u8() == 1;
    if (reply.ok() && reply.u8() == 0xff) notes.named = true;
    // What does not fit into one message would have to be asked for: it stays unsaid.
    if (talk.request == modules && !(more_follows && !notes.named)) return numbered(components, talk);
    return end(notes.named ? ProbeOutcome::Answered : ProbeOutcome::Declined);
}

Step goodbye(Talk& talk) {
    const auto& notes = talk.notes<Notes>();
    if (!notes.connected) return end();
    const std::string theirs{static_cast<char>(notes.their_reference[0]), static_cast<char>(notes.their_reference[1])};
    return ask(disconnect).with("their-reference", theirs);
}

// ---- examples ----

constexpr Turn cpu_turns[] = {
    {"0300 0016 11 e0 0000 0001 00 c1020100 c2020202 c0010a", {}, "0300 0016 11 d0 0001 0001 00 c1020100 c2020202 c0010a", {}},
    {"0300 0019 02f080 3201 0000 1235 0008 0000 f0 00 0001 0001 00f0",
     {},
     "0300 001b 02f080 3203 0000 1235 0008 0000 0000 f0 00 0001 0001 00f0",
     {}},
    {"0300 0021 02f080 3207 0000 1236 0008 0008 000112 04 11 44 01 00 ff09 0004 0011 0000",
     {},
     "0300009902f080320700001236000c007c000112081284010000000000ff09007800110000001c0004000136455337203939"
     "392d39455839392d304142302000c000040001000636455337203939392d39455839392d304142302000c000040001000720"
     "2020202020202020202020202020202020202000c0560302060081426f6f74204c6f61646572202020202020202020000041"
     "200909",
     {}},
    {"0300 0021 02f080 3207 0000 1237 0008 0008 000112 04 11 44 01 00 ff09 0004 001c 0000",
     {},
     "030000f702f080320700001237000c00da000112081284010000000000ff0900d6001c00000022000a000145582d53544154"
     "494f4e2d3700000000000000000000000000000000000000000002435055203939392d392045582f44500000000000000000"
     "0000000000000000000003000000000000000000000000000000000000000000000000000000000000000000044f72696769"
     "6e616c204578616d706c652045717569706d656e740000000000000005532045582d30303030303030303034320000000000"
     "00000000000000000000000007435055203939392d392045582f445000000000000000000000000000000000000008",
     {}},
    {"0300 000b 06 80 0001 0001 00", {}, {}, {}},
};
constexpr std::string_view cpu_claims[] = {
    "server description=CPU 999-9 EX/DP",
    "server description=Original Example Equipment",
    "server firmware=V3.2.6",
    "server hardware=4",
    "server model=6ES7 999-9EX99-0AB0",
    "server product=CPU 999-9 EX/DP",
    "server serial=S EX-00000000042",
    "server station_name=EX-STATION-7",
};
constexpr Turn refused_turns[] = {
    {"0300 0016 11 e0 0000 0001 00 c1020100 c2020202 c0010a", {}, "0300 000b 06 80 0001 0000 02", {}},
    {"0300 0016 11 e0 0000 0001 00 c1020100 c2020201 c0010a", {}, "0300 000b 06 80 0001 0000 02", {}},
};
constexpr Turn closed_turns[] = {{"0300 0016 11 e0 0000 0001 00 c1020100 c2020202 c0010a", {}, {}, {}, true}};

constexpr Transcript transcripts[] = {
    {"a CPU tells its order number and its station", Origin::Server, "Snap7 1.4 (node-snap7 1.0.9), its texts replaced",
     cpu_turns, cpu_claims},
    {"nobody in slot 2, nobody in slot 1: no other is tried",
     Origin::Documented,
     "ISO 8073 section 13.5",
     refused_turns,
     {},
     ProbeOutcome::Declined},
    {"a server that does not want this connection closes",
     Origin::Documented,
     "ISO 8073 section 6.6",
     closed_turns,
     {},
     ProbeOutcome::Closed},
};
constexpr std::uint16_t ports[] = {102};

}  // namespace

Probe s7comm() {
    Probe probe;
    probe.name = "s7comm";
    probe.title = "S7 system status lists";
    probe.spec = "RFC 1006; ISO 8073; SIMATIC System Software for S7-300/400, System and Standard Functions, chapter 33 (SSL)";
    probe.why_safe =
        "Reading status lists is what every operator panel does; connections are few, so it is one, of a panel's kind, and it "
        "is "
        "given back";
    probe.safety = Safety::OpenSession;
    probe.transport = Transport::Tcp;
    probe.family = Family::Ot;
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.goodbye = goodbye;
    probe.whole = whole;
    probe.decoder = "s7comm";
    probe.few_sessions = true;
    probe.limits.requests = 5;
    probe.limits.connections = 2;
    probe.limits.bytes = 8192;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
