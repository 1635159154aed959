// SLMP (the MC protocol): the model of a Mitsubishi Electric CPU. One question in the binary 3E frame. Its ports are set by the
// plant and take one connection each, so only a port on which the protocol was seen is asked, and not while somebody talks
// there.
//
//   |50 00|00|FF|FF 03|00|length 2|timer 2 = 4 s|01 01|00 00|      answer: |D0 00|...|length 2|end 2|model 16|code 2|
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {{"type name", "5000 00 ff ff03 00 0600 1000 0101 0000", {}, {}}};

// SLMP Reference Manual section 4: the length counts from behind itself.
Whole whole(ByteCursor stream, const Talk&) {
    if (stream.left() < 9) return stream.left() > 0 && stream.peek() != 0xd0 ? other_protocol() : more();
    const std::uint16_t length = stream.peek_le16(7);
    if (stream.peek_be16() != 0xd000 || length < 2 || length > 2048) return other_protocol();
    return stream.left() < std::size_t{9} + length ? more() : message(std::size_t{9} + length);
}

Step next(Talk& talk) {
    if (talk.begins()) return ask(0);
    Reading reading;
    return end(ByteCursor(talk.reply, reading).peek_le16(9) == 0 ? ProbeOutcome::Answered : ProbeOutcome::Declined);
}

// ---- examples ----

constexpr Turn cpu_turns[] = {{"5000 00 ff ff03 00 0600 1000 0101 0000",
                               {},
                               "d000 00 ff ff03 00 1400 0000 51455855435055202020202020202020 6802",  // QEXUCPU
                               {}}};
constexpr std::string_view cpu_claims[] = {"server model=QEXUCPU"};
// C059: the command is not known.
constexpr Turn refused_turns[] = {
    {"5000 00 ff ff03 00 0600 1000 0101 0000", {}, "d000 00 ff ff03 00 0b00 59c0 00 ff ff03 00 0101 0000", {}}};
constexpr Turn text_turns[] = {{"5000 00 ff ff03 00 0600 1000 0101 0000", {}, {}, "D00000FF03FF000004C061"}};

constexpr Transcript transcripts[] = {
    {"a CPU tells its model", Origin::Documented, "SLMP Reference Manual section 5.5, Read Type Name", cpu_turns, cpu_claims},
    {"a CPU that does not know the command",
     Origin::Documented,
     "SLMP Reference Manual section 4.3, end code C059",
     refused_turns,
     {},
     ProbeOutcome::Declined},
    {"a port that is set to text",
     Origin::Documented,
     "SLMP Reference Manual section 4.1",
     text_turns,
     {},
     ProbeOutcome::OtherProtocol},
};
constexpr std::uint16_t ports[] = {5000, 5001, 5002, 5007, 5010};

}  // namespace

Probe melsec() {
    Probe probe;
    probe.name = "melsec";
    probe.title = "SLMP type name";
    probe.spec = "Mitsubishi Electric SLMP Reference Manual (SH-080956ENG) sections 4 and 5.5";
    probe.why_safe =
        "Read Type Name only reads; a port takes one connection, so nobody is asked while another client is seen there";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Tcp;
    probe.family = Family::Ot;
    probe.decoder = "melsec";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.whole = whole;
    probe.few_sessions = true;
    probe.after = "melsec";
    probe.limits.requests = 1;
    probe.limits.bytes = 4096;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
