// SMA Speedwire discovery: inverters, meters and managers of the make answer that they are there. One datagram to the group; no
// login, which other commands of the protocol begin with.
//
//   |"SMA" 0|00 04|02 A0|FF FF FF FF all|00 00|00 20|00 00 00 00|
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {{"discovery", "534d4100 0004 02a0 ffffffff 0000 0020 00000000", {}, {}}};

Step next(Talk& talk) {
    if (talk.begins()) return ask(0);
    Reading reading;
    const ByteCursor reply(talk.reply, reading);
    const bool answers = reply.peek_be16() == 0x534d && reply.peek_be16(2) == 0x4100;
    return end(answers ? ProbeOutcome::Answered : ProbeOutcome::OtherProtocol);
}

// ---- examples ----

constexpr Turn found_turns[] = {
    {"534d4100 0004 02a0 ffffffff 0000 0020 00000000",
     {},
     "534d4100000402a000000001000200000001 00040030c0000214 00000000",
     {}},
};
constexpr std::string_view found_claims[] = {"server brand=SMA"};
constexpr Turn other_turns[] = {{"534d4100 0004 02a0 ffffffff 0000 0020 00000000", {}, "0000", {}}};

constexpr Transcript transcripts[] = {
    {"a device answers", Origin::Documented, "SMA Speedwire discovery protocol, technical information", found_turns,
     found_claims},
    {"something else on the port",
     Origin::Documented,
     "SMA Speedwire discovery protocol, technical information",
     other_turns,
     {},
     ProbeOutcome::OtherProtocol},
};
constexpr std::uint16_t ports[] = {9522};

}  // namespace

Probe sma_speedwire() {
    Probe probe;
    probe.name = "sma_speedwire";
    probe.title = "SMA Speedwire discovery";
    probe.spec = "SMA Speedwire discovery protocol, technical information";
    probe.why_safe = "The discovery that the maker describes for programs of others: one datagram, one answer, no login";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Udp;
    probe.family = Family::Energy;
    probe.decoder = "sma_speedwire";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.group.v4 = "239.12.255.254";
    probe.limits.requests = 1;
    probe.limits.bytes = 16'384;
    probe.limits.collect = std::chrono::seconds(3);
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
