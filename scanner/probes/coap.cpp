// CoAP: what a sensor, meter or relay has to offer, from the list that every server keeps for whoever looks for it. Asked
// without confirmation, so that nothing is repeated on either side; nothing that stands in the list is opened.
//
//   |54: version 1, not confirmed, token of 4|01 GET|message 2|token 4|BB .well-known|04 core|
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Hole holes[] = {hole::number("transaction", 2), hole::number("token", 4)};
constexpr Request requests[] = {
    {"list of resources", "54 01 {transaction} {token} bb 2e77656c6c2d6b6e6f776e 04 636f7265", {}, holes},
};

// RFC 7252 section 3: version, token length, code; section 5.3.1: an answer carries the token of its question.
Step next(Talk& talk) {
    if (talk.begins()) return ask(0);
    Reading reading;
    ByteCursor reply(talk.reply, reading);
    const std::uint8_t head = reply.u8();
    const std::uint8_t code = reply.u8();
    reply.skip(2);
    if ((head & 0xc0) != 0x40) return end(ProbeOutcome::OtherProtocol);
    if ((head & 0x0f) != 4 || reply.be32() != (talk.target->token & 0xffffffff) || !reply.ok()) return listen();
    return end(code >> 5 == 2 ? ProbeOutcome::Answered : ProbeOutcome::Declined);
}

// ---- examples ----

constexpr std::string_view asked = "54 01 1234 00001234 bb 2e77656c6c2d6b6e6f776e 04 636f7265";
constexpr Turn server_turns[] = {{asked, {}, "54 45 0001 00001234 c1 28 ff 3c2f74656d703e3b72743d2274656d70223b", {}}};
constexpr Turn nothing_turns[] = {{asked, {}, "54 84 0001 00001234", {}}};

constexpr Transcript transcripts[] = {
    {"a server lists what it has: that it speaks CoAP is all that is learned",
     Origin::Documented,
     "RFC 6690 section 4; RFC 7252 section 5.8.1",
     server_turns,
     {}},
    {"a server without a list", Origin::Documented, "RFC 7252 section 5.9.2.5", nothing_turns, {}, ProbeOutcome::Declined},
};
constexpr std::uint16_t ports[] = {5683};

}  // namespace

Probe coap() {
    Probe probe;
    probe.name = "coap";
    probe.title = "CoAP list of resources";
    probe.spec = "RFC 7252; RFC 6690 section 4";
    probe.why_safe = "One GET, without confirmation, of the list that is there to be found; no resource is read or set";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Udp;
    probe.family = Family::It;
    probe.decoder = "coap";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.limits.requests = 1;
    probe.limits.bytes = 8192;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
