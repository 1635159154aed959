// DNP3: whether the link of an outstation is there, and its device attributes: maker, product, versions, serial number. Two
// reads. The outstation's link address comes from evidence or the scope file: without it nothing is sent, and none is searched
// for. An outstation may drop its master for a new connection, so this is only asked where the scope file names it.
//
//   |05 64|05|C9|outstation 2|master 2 = 1024|check 2|                                       request link status
//   |05 64|0B|C4|outstation 2|master 2|check 2|C0|C0 01 read|00 FE 06 all attributes|check 2|    numbers: low byte first
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr std::size_t status = 0;
constexpr std::size_t attributes = 1;

// IEEE 1815 section 9.2.4.1.3: 0xFFF0 and above are reserved or everybody.
constexpr Hole status_holes[] = {hole::little("link", 2, 1, 0xffef), hole::checksum("head-check", Check::Crc16Dnp)};
constexpr Hole attribute_holes[] = {hole::little("link", 2, 1, 0xffef), hole::checksum("head-check", Check::Crc16Dnp),
                                    hole::checksum("data-check", Check::Crc16Dnp, 10)};
constexpr Request requests[] = {
    {"link status", "0564 05 c9 {link} 0004 {head-check}", {}, status_holes},
    {"device attributes", "0564 0b c4 {link} 0004 {head-check} c0 c0 01 00fe 06 {data-check}", {}, attribute_holes},
};

// IEEE 1815 section 9.2.4: ten bytes with their check, then blocks of up to 16 bytes with theirs.
Whole whole(ByteCursor stream, const Talk&) {
    if (stream.left() < 3) return stream.left() > 0 && stream.peek() != 5 ? other_protocol() : more();
    const std::uint8_t length = stream.peek(2);
    if (stream.peek_be16() != 0x0564 || length < 5) return other_protocol();
    const std::size_t data = length - std::size_t{5};
    const std::size_t size = 10 + data + 2 * ((data + 15) / 16);
    return stream.left() < size ? more() : message(size);
}

Step next(Talk& talk) {
    if (talk.begins()) return talk.target->unit_known ? ask(status) : end(ProbeOutcome::Gated);
    Reading reading;
    ByteCursor reply(talk.reply, reading);
    reply.skip(3);
    const std::uint8_t control = reply.u8();
    // From the master's side of the link, or not to us: somebody else's.
    reply.skip(2);
    const std::uint16_t from = reply.le16();
    if ((control & 0x80) != 0 || from != talk.target->unit) return listen();
    if (talk.request == status) {
        if ((control & 0x4f) != 0x0b) return listen();
        talk.answered = true;
        return ask(attributes);
    }
    // Table 9-1: user data, unconfirmed (4) or confirmed (3). That we have it is not said: we go.
    if ((control & 0x4f) != 0x44 && (control & 0x4f) != 0x43) return listen();
    // |transport|application control|81| : the last segment has the top bit of the transport octet.
    reply.skip(2);
    return (reply.u8() & 0x80) != 0 ? end() : listen();
}

// ---- examples ----

constexpr Turn relay_turns[] = {
    {"056405c90a000004c8a8", {}, "0564050b00040a006549", {}},
    {"05640bc40a0000049aa3c0c00100fe065db9",
     {},
     "0564424400040a00c7b5c0c081000000fc000000010e4578616d06ab706c652052656c61797300fa00000001fe330645582d"
     "37303000f8000000010552302ee130343200f20000000103312e34f720",
     {}},
};
constexpr std::string_view relay_claims[] = {
    "server role=dnp3 outstation",        "server[dnp3/20000/10] brand=Example Relays", "server[dnp3/20000/10] firmware=1.4",
    "server[dnp3/20000/10] model=EX-700", "server[dnp3/20000/10] product=EX-700",       "server[dnp3/20000/10] serial=R0042",
};
// The same with a link that wants to be told that it came.
constexpr Turn confirmed_turns[] = {
    {"056405c90a000004c8a8", {}, "0564050b00040a006549", {}},
    {"05640bc40a0000049aa3c0c00100fe065db9",
     {},
     "0564424300040a00d55cc0c081000000fc000000010e4578616d06ab706c652052656c61797300fa00000001fe330645582d"
     "37303000f8000000010552302ee130343200f20000000103312e34f720",
     {}},
};
// IIN2.1: the object is not known.
constexpr Turn plain_turns[] = {
    {"056405c90a000004c8a8", {}, "0564050b00040a006549", {}},
    {"05640bc40a0000049aa3c0c00100fe065db9", {}, "05640a4400040a006681c0c08100022084", {}},
};
constexpr std::string_view plain_claims[] = {"server role=dnp3 outstation"};

constexpr Transcript transcripts[] = {
    {"an outstation tells its attributes", Origin::Documented, "IEEE 1815-2012 sections 9.2.4 and A.2", relay_turns,
     relay_claims, ProbeOutcome::Answered, 0, 10},
    {"an outstation that wants its frames confirmed", Origin::Documented, "IEEE 1815-2012 section 9.2.4.1.3", confirmed_turns,
     relay_claims, ProbeOutcome::Answered, 0, 10},
    {"an outstation without attributes", Origin::Documented, "IEEE 1815-2012 section 4.5.6", plain_turns, plain_claims,
     ProbeOutcome::Answered, 0, 10},
    {"nothing is known of its address: nothing is sent",
     Origin::Documented,
     "IEEE 1815-2012 section 9.2.4.1.3",
     {},
     {},
     ProbeOutcome::Gated},
};
constexpr std::uint16_t ports[] = {20000};

}  // namespace

Probe dnp3() {
    Probe probe;
    probe.name = "dnp3";
    probe.title = "DNP3 link status and device attributes";
    probe.spec = "IEEE 1815-2012 sections 4, 9.2.4 and A.2";
    probe.why_safe =
        "Both requests only read; what minds is the connection, as an outstation may drop its master for it: so the address "
        "must "
        "be known, and nobody is asked while another client is seen there";
    probe.safety = Safety::ReadMany;
    probe.transport = Transport::Tcp;
    probe.family = Family::Ot;
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.whole = whole;
    probe.decoder = "dnp3";
    probe.few_sessions = true;
    probe.only_named = true;
    probe.each = Probe::Each::Unit;
    probe.limits.requests = 2;
    probe.limits.bytes = 8192;
    probe.limits.answer = std::chrono::seconds(5);
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
