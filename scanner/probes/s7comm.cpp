// S7 communication: the system status lists of a SIMATIC controller name its order number, versions, station, module and serial
// number. A connection as an operator panel has it (type 02: programming devices have few), one setup, two lists, and a
// disconnect. Nothing is started, stopped, or written; S7comm-plus is not spoken.
//
// The slot is the scope file's, each by itself (a 400 station has several CPUs). Where it names none: slot 2, as in the 300
// series, and where that is refused or closed slot 1, as in the 1200 and 1500 series; no other.
//
//   |03 00|length 2|11 E0 connection request, TSAP 02 rack/slot|
//   |03 00|length 2|02 F0 80|32 01 setup|     |32 07 read of list 0011, 001C|     |32 07 what follows|
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr std::size_t connect = 0;
constexpr std::size_t setup = 1;
constexpr std::size_t modules = 2;
constexpr std::size_t components = 3;
constexpr std::size_t following = 4;
constexpr std::size_t disconnect = 5;

constexpr std::uint8_t parts_max = 4;  // of one list

constexpr Hole connect_holes[] = {hole::number("rack-slot", 1, 0, 0x1f)};
constexpr Hole reference_holes[] = {hole::number("reference", 2)};
constexpr Hole following_holes[] = {hole::number("reference", 2), hole::number("sequence", 1)};
constexpr Hole disconnect_holes[] = {hole::octets("their-reference", 2)};
constexpr Request requests[] = {
    {"connection", "0300 0016 11 e0 0000 0001 00 c1020100 c20202 {rack-slot} c0010a", {}, connect_holes},
    {"setup", "0300 0019 02f080 3201 0000 {reference} 0008 0000 f0 00 0001 0001 01e0", {}, reference_holes},
    {"module identification",
     "0300 0021 02f080 3207 0000 {reference} 0008 0008 000112 04 11 44 01 00 ff09 0004 0011 0000",
     {},
     reference_holes},
    {"component identification",
     "0300 0021 02f080 3207 0000 {reference} 0008 0008 000112 04 11 44 01 00 ff09 0004 001c 0000",
     {},
     reference_holes},
    // As Snap7, a public program, asks for the next part of a list: a reply's form, without data.
    {"what follows of a list",
     "0300 0021 02f080 3207 0000 {reference} 000c 0004 000112 08 12 44 01 {sequence} 0000 0000 0a00 0000",
     {},
     following_holes},
    {"disconnect", "0300 000b 06 80 {their-reference} 0001 00", {}, disconnect_holes},
};

struct Notes {
    std::uint8_t their_reference[2];
    bool connected;
    bool named;
    std::uint8_t list;   // the one that is read
    std::uint8_t parts;  // of it, so far
    bool second;         // the other slot is asked, on a connection of its own
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

bool may_try_slot_1(Talk& talk) { return talk.request == connect && !talk.notes<Notes>().second && !talk.target->slot_known; }

// On a connection of its own; the one before is the server's to close.
Step try_slot_1(Talk& talk) {
    talk.notes<Notes>().second = true;
    talk.ended = true;
    return ask(connect).with("rack-slot", 1);
}

// ISO 8073 section 13; the lists: SIMATIC System Software for S7-300/400, chapter 33.
Step next(Talk& talk) {
    auto& notes = talk.notes<Notes>();
    if (talk.begins()) {
        if (talk.target->slot_known && talk.target->slot > 0x1f) return end(ProbeOutcome::Gated);
        return ask(connect).with("rack-slot", talk.target->slot_known ? talk.target->slot : 2);
    }
    // It closed without a word.
    if (talk.reply.empty()) return may_try_slot_1(talk) ? try_slot_1(talk) : end(ProbeOutcome::Closed);
    Reading reading;
    ByteCursor reply(talk.reply, reading);
    reply.skip(5);
    const std::uint8_t kind = reply.u8();
    if (talk.request == connect) {
        if (kind == 0x80 && may_try_slot_1(talk)) return try_slot_1(talk);
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
        notes.list = modules;
        return reply.ok() && error == 0 ? numbered(modules, talk) : end(ProbeOutcome::Declined);
    }
    // |rosctr|0000|reference|parameters 2|data 2|000112|length|12|84|01|sequence|more|...|error 2|FF|
    reply.skip(1 + 2 + 2);
    const std::uint16_t parameters = reply.be16();
    reply.skip(2);
    ByteCursor parameter = reply.take(parameters);
    parameter.skip(7);
    const std::uint8_t sequence = parameter.u8();
    parameter.skip(1);
    const bool more_follows = parameter.u8() == 1;
    const bool data = reply.ok() && reply.u8() == 0xff;
    if (data) notes.named = talk.answered = true;
    if (data && more_follows && ++notes.parts < parts_max) return numbered(following, talk).with("sequence", sequence);
    if (notes.list == modules) {
        notes.list = components;
        notes.parts = 0;
        return numbered(components, talk);
    }
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
    {"0300 0019 02f080 3201 0000 1235 0008 0000 f0 00 0001 0001 01e0",
     {},
     "0300 001b 02f080 3203 0000 1235 0008 0000 0000 f0 00 0001 0001 01e0",
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
     "0300017d02f080320700001237000c0160000112081284010000000000ff09015c001c00000022000a000145582d53544154"
     "494f4e2d3700000000000000000000000000000000000000000002435055203939392d392045582f44500000000000000000"
     "0000000000000000000003000000000000000000000000000000000000000000000000000000000000000000044f72696769"
     "6e616c204578616d706c652045717569706d656e740000000000000005532045582d30303030303030303034320000000000"
     "00000000000000000000000007435055203939392d392045582f4450000000000000000000000000000000000000084d4d43"
     "2045582d303030303432000000000000000000000000000000000000000009002af600000100000000000000000000000000"
     "00000000000000000000000000000a0000000000000000000000000000000000000000000000000000000000000000000b48"
     "616c6c20370000000000000000000000000000000000000000000000000000",
     {}},
    {"0300 000b 06 80 0001 0001 00", {}, {}, {}},
};
// A CPU that grants 240 bytes: the list comes in two parts, the seventh record is cut in the middle.
constexpr Turn parts_turns[] = {
    {"0300 0016 11 e0 0000 0001 00 c1020100 c2020203 c0010a", {}, "0300 0016 11 d0 0001 0001 00 c1020100 c2020203 c0010a", {}},
    {"0300 0019 02f080 3201 0000 1235 0008 0000 f0 00 0001 0001 01e0",
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
     "030000f702f080320700001237000c00da000112081284010501010000ff0900d6001c00000022000a000145582d53544154"
     "494f4e2d3700000000000000000000000000000000000000000002435055203939392d392045582f44500000000000000000"
     "0000000000000000000003000000000000000000000000000000000000000000000000000000000000000000044f72696769"
     "6e616c204578616d706c652045717569706d656e740000000000000005532045582d30303030303030303034320000000000"
     "00000000000000000000000007435055203939392d392045582f445000000000000000000000000000000000000008",
     {}},
    {"0300 0021 02f080 3207 0000 1238 000c 0004 000112 08 12 44 01 05 0000 0000 0a00 0000",
     {},
     "030000a702f080320700001238000c008a000112081284010501000000ff0900864d4d432045582d30303030343200000000"
     "0000000000000000000000000000000009002af6000001000000000000000000000000000000000000000000000000000000"
     "0a0000000000000000000000000000000000000000000000000000000000000000000b48616c6c2037000000000000000000"
     "0000000000000000000000000000000000",
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
    "server vendor_id=profinet:42",
    "server location=Hall 7",
    "server[s7/memory-card] serial=MMC EX-000042",
};
constexpr Turn refused_turns[] = {
    {"0300 0016 11 e0 0000 0001 00 c1020100 c2020202 c0010a", {}, "0300 000b 06 80 0001 0000 02", {}},
    {"0300 0016 11 e0 0000 0001 00 c1020100 c2020201 c0010a", {}, "0300 000b 06 80 0001 0000 02", {}},
};
constexpr Turn closed_turns[] = {
    {"0300 0016 11 e0 0000 0001 00 c1020100 c2020202 c0010a", {}, {}, {}, true},
    {"0300 0016 11 e0 0000 0001 00 c1020100 c2020201 c0010a", {}, {}, {}, true},
};
constexpr Turn named_turns[] = {
    {"0300 0016 11 e0 0000 0001 00 c1020100 c2020203 c0010a", {}, "0300 000b 06 80 0001 0000 02", {}},
};
constexpr Turn breaks_off_turns[] = {
    {"0300 0016 11 e0 0000 0001 00 c1020100 c2020202 c0010a", {}, "0300 0016 11 d0 0001 0001 00 c1020100 c2020202 c0010a", {}},
    {"0300 0019 02f080 3201 0000 1235 0008 0000 f0 00 0001 0001 01e0", {}, {}, {}, true},
};

constexpr Transcript transcripts[] = {
    {"a CPU tells its order number and its station", Origin::Server, "Snap7 1.4 (node-snap7 1.0.9), its texts replaced",
     cpu_turns, cpu_claims},
    {"nobody in slot 2, nobody in slot 1: no other is tried",
     Origin::Documented,
     "ISO 8073 section 13.5",
     refused_turns,
     {},
     ProbeOutcome::Declined},
    {"a CPU in slot 3 tells a list in two parts", Origin::Project,
     "Snap7, a public project: what its client asks and its server answers; the parts cut by hand", parts_turns, cpu_claims,
     ProbeOutcome::Answered, 0, 0, 3},
    {"the slot is known: no other is tried",
     Origin::Documented,
     "ISO 8073 section 13.5",
     named_turns,
     {},
     ProbeOutcome::Declined,
     0,
     0,
     3},
    {"a relay knows the transport and closes when the setup is not its own: no answer",
     Origin::Documented,
     "ISO 8073 section 6.6",
     breaks_off_turns,
     {},
     ProbeOutcome::Closed},
    {"a server that does not want this connection closes: slot 1 is tried, no other",
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
    probe.each = Probe::Each::Slot;
    probe.asks_when_closed = true;
    probe.limits.requests = 11;
    probe.limits.connections = 2;
    probe.limits.bytes = 8192;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
