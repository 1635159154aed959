// SNMP version 3 engine discovery: a question without user and without content, which every version 3 agent answers with its
// engine id: a number that stays, and in it the enterprise number of who wrote the agent, often with its MAC address. No
// credentials, no community.
//
//   |30 3E|02 01 03|30 11 {id, size, flags 04: reportable, model 3}|04 10 {30 0E {engine "", 0, 0, user "", "", ""}}|
//   |30 14 {"", "", A0 0E {id, 0, 0, {}}}|
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Hole holes[] = {hole::number("message", 4, 0, 0x7fffffff), hole::number("request", 4, 0, 0x7fffffff)};
constexpr Request requests[] = {
    {"engine discovery",
     "303e 020103 3011 0204 {message} 020300ffe3 040104 020103"
     "0410 300e 0400 020100 020100 0400 0400 0400 3014 0400 0400 a00e 0204 {request} 020100 020100 3000",
     {},
     holes},
};

// RFC 3414 section 4: a report comes back.
Step next(Talk& talk) {
    const std::uint64_t number = talk.target->token & 0x7fffffff;
    if (talk.begins()) return ask(0).with("message", number).with("request", number);
    Reading reading;
    const ByteCursor reply(talk.reply, reading);
    const std::size_t head = reply.peek(1) < 0x80 ? 2 : 2 + (reply.peek(1) & 0x7fU);
    const bool version_3 = reply.peek() == 0x30 && reply.peek_be16(head) == 0x0201 && reply.peek(head + 2) == 3;
    return end(version_3 ? ProbeOutcome::Answered : ProbeOutcome::OtherProtocol);
}

// ---- examples ----

constexpr Turn engine_turns[] = {
    {"303e0201033011020400001234020300ffe30401040201030410300e0400020100020100040004000400301404000400a00e"
     "0204000012340201000201003000",
     {},
     "3061020103300f02021234020300ffe3040104020103041b3019040b80007ed90300005e00531402010002010a0400040004"
     "00302e040b80007ed90300005e0053140400a81d020212340201000201003011300f060a2b060106030f01010400410101",
     {}},
};
constexpr std::string_view engine_claims[] = {"server unique_id=engine:80007ed90300005e005314", "server vendor_id=pen:32473"};
constexpr Turn silent_turns[] = {
    {"303e0201033011020400001234020300ffe30401040201030410300e0400020100020100040004000400301404000400a00e"
     "0204000012340201000201003000",
     {},
     {},
     {}}};
constexpr Turn other_turns[] = {
    {"303e0201033011020400001234020300ffe30401040201030410300e0400020100020100040004000400301404000400a00e"
     "0204000012340201000201003000",
     {},
     "80820001 00000000",
     {}}};

constexpr Transcript transcripts[] = {
    {"an agent tells its engine id", Origin::Server, "net-snmp 3.29.2 with an engine id of our own", engine_turns,
     engine_claims},
    {"an agent without version 3 keeps silent",
     Origin::Documented,
     "RFC 3584 section 5.2.1",
     silent_turns,
     {},
     ProbeOutcome::Silent},
    {"something else on the port", Origin::Documented, "RFC 1035 section 4.1.1", other_turns, {}, ProbeOutcome::OtherProtocol},
};
constexpr std::uint16_t ports[] = {161};

}  // namespace

Probe snmp_v3() {
    Probe probe;
    probe.name = "snmp_v3";
    probe.title = "SNMP version 3 engine discovery";
    probe.spec = "RFC 3412; RFC 3414 section 4; RFC 3411 (SnmpEngineID)";
    probe.why_safe =
        "Discovery is the part of the protocol that comes before any rights: one datagram, one report, nothing is read";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Udp;
    probe.family = Family::Network;
    probe.decoder = "snmp";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.limits.requests = 1;
    probe.limits.bytes = 8192;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
