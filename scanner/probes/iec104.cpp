// IEC 60870-5-104: the test of a connection, and nothing else. It tells that a controlled station speaks the protocol; it has
// no names to tell. STARTDT is not sent: it could take the transfer of data away from the control centre.
//
//   |68|04|43 00 00 00| TESTFR act      |68|04|83 00 00 00| TESTFR con
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {{"TESTFR", "68 04 43 00 00 00", {}, {}}};

// IEC 60870-5-104 section 5: 0x68, a length of 4 to 253, four control octets.
Whole whole(ByteCursor stream, const Talk&) {
    if (stream.left() < 2) return stream.left() == 1 && stream.peek() != 0x68 ? other_protocol() : more();
    const std::uint8_t length = stream.peek(1);
    if (stream.peek() != 0x68 || length < 4 || length > 253) return other_protocol();
    return stream.left() < std::size_t{2} + length ? more() : message(std::size_t{2} + length);
}

Step next(Talk& talk) {
    if (talk.begins()) return ask(0);
    Reading reading;
    ByteCursor reply(talk.reply, reading);
    reply.skip(2);
    // What the station itself starts (a test of its own) may come first.
    return reply.u8() == 0x83 ? end() : listen();
}

// ---- examples ----

constexpr Turn alive_turns[] = {{"68 04 43 00 00 00", {}, "68 04 83 00 00 00", {}}};
constexpr Turn closes_turns[] = {{"68 04 43 00 00 00", {}, {}, {}, true}};
constexpr Turn other_turns[] = {{"68 04 43 00 00 00", {}, {}, "220 ready\r\n"}};

constexpr Transcript transcripts[] = {
    {"a station confirms", Origin::Documented, "IEC 60870-5-104 section 5.2", alive_turns, {}},
    {"a station that only takes the control centre's address closes",
     Origin::Documented,
     "IEC 60870-5-104 section 5.2",
     closes_turns,
     {},
     ProbeOutcome::Closed},
    {"something else on the port", Origin::Documented, "RFC 959 section 4.2", other_turns, {}, ProbeOutcome::OtherProtocol},
};
constexpr std::uint16_t ports[] = {2404};

}  // namespace

Probe iec104() {
    Probe probe;
    probe.name = "iec104";
    probe.title = "IEC 60870-5-104 test of a connection";
    probe.spec = "IEC 60870-5-104 section 5";
    probe.why_safe =
        "A test frame starts no transfer of data; stations that take one control centre would mind the connection, so nobody "
        "is "
        "asked while another client is seen there";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Tcp;
    probe.family = Family::Ot;
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.whole = whole;
    probe.decoder = "iec104";
    probe.few_sessions = true;
    probe.limits.requests = 1;
    probe.limits.bytes = 4096;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
