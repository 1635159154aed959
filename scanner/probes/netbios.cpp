// NetBIOS node status: a Windows machine, or what shares files as one, tells its names and its MAC address. One datagram;
// people's names that stand in the table are left out by the decoder.
//
//   |transaction|00 00|00 01|00 00|00 00|00 00|20 "CKAAAA...": the name "*"|00|00 21 NBSTAT|00 01|
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Hole holes[] = {hole::number("transaction", 2)};
constexpr Request requests[] = {
    {"node status",
     "{transaction} 0000 0001 0000 0000 0000 20 434b41414141414141414141414141414141414141414141414141414141414100 0021 0001",
     {},
     holes},
};

// RFC 1002 section 4.2.18: a response with one resource record.
Step next(Talk& talk) {
    if (talk.begins()) return ask(0);
    Reading reading;
    const ByteCursor reply(talk.reply, reading);
    const bool answers = (reply.peek(2) & 0x80) != 0 && reply.peek_be16(6) == 1 && talk.reply.size() > 56;
    return end(answers ? ProbeOutcome::Answered : ProbeOutcome::OtherProtocol);
}

// ---- examples ----

constexpr std::string_view asked =
    "1234 0000 0001 0000 0000 0000 20 434b41414141414141414141414141414141414141414141414141414141414100 0021 0001";
constexpr Turn node_turns[] = {
    {asked,
     {},
     "12348400000000010000000020434b4141414141414141414141414141414141414141414141414141414141"
     "41000021000100000000008905"
     "50554d503720202020202020202020000400"
     "504c414e5420202020202020202020008400"
     "57494c48454c4d494e412020202020030400"
     "50554d503720202020202020202020200400"
     "504c414e54202020202020202020201c8400"
     "00005e0053140000000000000000000000000000000000000000000000"
     "0000000000000000000000000000000000",
     {}},
};
constexpr std::string_view node_claims[] = {"server hostname=PUMP7", "server role=domain-controller"};
constexpr Turn other_turns[] = {{asked, {}, "0001 0000", {}}};

constexpr Transcript transcripts[] = {
    {"a machine tells its names; a person's is left out", Origin::Documented, "RFC 1002 section 4.2.18", node_turns,
     node_claims},
    {"something else on the port", Origin::Documented, "RFC 1002 section 4.2.1", other_turns, {}, ProbeOutcome::OtherProtocol},
};
constexpr std::uint16_t ports[] = {137};

}  // namespace

Probe netbios() {
    Probe probe;
    probe.name = "netbios";
    probe.title = "NetBIOS node status";
    probe.spec = "RFC 1002 sections 4.2.17 and 4.2.18";
    probe.why_safe = "One datagram that every Windows machine answers from memory, without a session";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Udp;
    probe.family = Family::It;
    probe.decoder = "netbios";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.limits.requests = 1;
    probe.limits.bytes = 4096;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
