// The identity object of a module in a chassis: the communication module passes one question on over the backplane
// (Unconnected Send), in a session that is given back. Only slots that evidence or the scope file names are asked, one exchange
// each; nothing known: slot 0, where a controller usually stands. No connection is opened.
//
//   RegisterSession  |65 00|4|0|0|context 8|0|1|0|
//   SendRRData       |6f 00|36|session|...|52 02 20 06 24 01|05 9d|6|01 02 20 01 24 01|1|0|01 slot|
//   UnRegisterSession|66 00|0|session|0|context 8|0|
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr std::size_t open = 0;
constexpr std::size_t identity = 1;
constexpr std::size_t close = 2;

constexpr Hole open_holes[] = {hole::number("token", 8)};
constexpr Hole identity_holes[] = {hole::number("session", 4, 1, hole::most_of(4)), hole::number("token", 8),
                                   hole::number("slot", 1, 0, 31)};
constexpr Hole close_holes[] = {hole::number("session", 4, 1, hole::most_of(4)), hole::number("token", 8)};
constexpr Request requests[] = {
    {"RegisterSession", "6500 0400 00000000 00000000 {token} 00000000 0100 0000", {}, open_holes},
    // 01: Get_Attributes_All of class 1, instance 1. Time-out: 157 ticks of 32 ms.
    {"identity of a slot",
     "6f00 2400 {session} 00000000 {token} 00000000 00000000 0500 0200 0000 0000 b200 1400"
     "52 02 2006 2401 05 9d 0600 01 02 2001 2401 01 00 01 {slot}",
     {},
     identity_holes},
    {"UnRegisterSession", "6600 0000 {session} 00000000 {token} 00000000", {}, close_holes},
};

struct Notes {
    std::uint32_t session;  // as it stands in the bytes
};

Whole whole(ByteCursor stream, const Talk&) {
    if (stream.left() < 4) return more();
    const std::uint16_t command = stream.peek_le16();
    const std::uint16_t length = stream.peek_le16(2);
    if ((command != 0x65 && command != 0x6f) || length > 600) return other_protocol();
    return stream.left() < std::size_t{24} + length ? more() : message(std::size_t{24} + length);
}

// CIP Networks Library Volume 2 sections 2-4.4 and 2-4.7; Volume 1 section 3-5.5.4.
Step next(Talk& talk) {
    auto& notes = talk.notes<Notes>();
    if (talk.begins()) return ask(open);
    Reading reading;
    ByteCursor reply(talk.reply, reading);
    const std::uint16_t command = reply.le16();
    reply.skip(2);
    const std::uint32_t session = reply.be32();
    const std::uint32_t status = reply.le32();
    reply.skip(12);
    if (status != 0) return end(ProbeOutcome::Declined);
    if (talk.request == open) {
        if (command != 0x65 || session == 0) return end(ProbeOutcome::Declined);
        notes.session = session;
        return ask(identity).with("session", session);
    }
    // |interface 4|time-out 2|items 2|null address 4|type 2|length 2|service|0|status|
    reply.skip(16);
    reply.skip(2);
    const std::uint8_t general = reply.u8();
    return end(reply.ok() && command == 0x6f && general == 0 ? ProbeOutcome::Answered : ProbeOutcome::Declined);
}

Step goodbye(Talk& talk) {
    const auto& notes = talk.notes<Notes>();
    return notes.session != 0 ? ask(close).with("session", notes.session) : end();
}

// ---- examples ----

constexpr Turn slot_turns[] = {
    {"6500 0400 00000000 00000000 0000000000001234 00000000 0100 0000",
     {},
     "6500 0400 00030201 00000000 0000000000001234 00000000 0100 0000",
     {}},
    {"6f00 2400 00030201 00000000 0000000000001234 00000000 00000000 0500 0200 0000 0000 b200 1400"
     "52 02 2006 2401 05 9d 0600 01 02 2001 2401 01 00 01 02",
     {},
     "6f00 3600 00030201 00000000 0000000000001234 00000000 00000000 0500 0200 0000 0000 b200 2600"
     "81 00 00 00 1f03 0e00 3600 0307 3000 fecaad0b 13 45582d4c36312f4120436f6e74726f6c6c6572",  // EX-L61/A Controller
     {}},
    {"6600 0000 00030201 00000000 0000000000001234 00000000", {}, {}, {}},
};
constexpr std::string_view slot_claims[] = {
    "server[cip/44818/slot-2] device_type=cip:14",        "server[cip/44818/slot-2] firmware=3.7",
    "server[cip/44818/slot-2] model=EX-L61/A Controller", "server[cip/44818/slot-2] product=EX-L61/A Controller",
    "server[cip/44818/slot-2] serial=0x0badcafe",         "server[cip/44818/slot-2] vendor_id=cip:799",
};
// Status 1 with 0x0311 (the port is not there): the module has no backplane.
constexpr Turn no_backplane_turns[] = {
    {"6500 0400 00000000 00000000 0000000000001234 00000000 0100 0000",
     {},
     "6500 0400 00030201 00000000 0000000000001234 00000000 0100 0000",
     {}},
    {"6f00 2400 00030201 00000000 0000000000001234 00000000 00000000 0500 0200 0000 0000 b200 1400"
     "52 02 2006 2401 05 9d 0600 01 02 2001 2401 01 00 01 00",
     {},
     "6f00 1700 00030201 00000000 0000000000001234 00000000 00000000 0500 0200 0000 0000 b200 0700"
     "d2 00 01 01 1103 00",
     {}},
    {"6600 0000 00030201 00000000 0000000000001234 00000000", {}, {}, {}},
};
constexpr Turn full_turns[] = {{"6500 0400 00000000 00000000 0000000000001234 00000000 0100 0000",
                                {},
                                "6500 0000 00000000 02000000 0000000000001234 00000000",
                                {}}};

constexpr Transcript transcripts[] = {
    {"the module in slot 2 names itself, the session is given back", Origin::Documented,
     "The CIP Networks Library, Volume 1 sections 3-5.5.4 and 5-2", slot_turns, slot_claims, ProbeOutcome::Answered, 0, 0, 2},
    {"a device without a backplane",
     Origin::Documented,
     "The CIP Networks Library, Volume 1 section 3-5.6, status 1, 0x0311",
     no_backplane_turns,
     {},
     ProbeOutcome::Declined},
    {"no session is free",
     Origin::Documented,
     "The CIP Networks Library, Volume 2 section 2-3.4, status 2",
     full_turns,
     {},
     ProbeOutcome::Declined},
};
constexpr std::uint16_t ports[] = {44818};

}  // namespace

Probe cip_backplane() {
    Probe probe;
    probe.name = "cip_backplane";
    probe.title = "Identity of a module over the backplane";
    probe.spec = "The CIP Networks Library, Volume 1 (CIP) sections 3-5.5.4 and 5-2, Volume 2 (EtherNet/IP) section 2-4";
    probe.why_safe =
        "Get_Attributes_All of the identity object only reads; each question loads the communication module, so only known "
        "slots "
        "are asked, and the session is given back";
    probe.safety = Safety::OpenSession;
    probe.transport = Transport::Tcp;
    probe.family = Family::Ot;
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.goodbye = goodbye;
    probe.whole = whole;
    probe.decoder = "ethernet_ip";
    probe.each = Probe::Each::Slot;
    probe.after = "ethernet_ip";
    probe.limits.requests = 2;
    probe.limits.bytes = 4096;
    probe.limits.answer = std::chrono::seconds(6);
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
