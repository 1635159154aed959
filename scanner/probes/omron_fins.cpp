// FINS: the controller data of an Omron controller, model and version. One datagram. Reading only; run, stop and memory are
// other commands.
//
//   |80|00|02|to: net 0, node 0, unit 0|from: net 0, node 63, unit 0|id|05 01|00|      answer: |C0|...|05 01|end 2|model
//   20|version 20|
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Hole holes[] = {hole::number("id", 1)};
constexpr Request requests[] = {
    {"controller data", "80 00 02 000000 006300 {id} 0501 00", {}, holes},
};

// Omron W342 section 5-3-16.
Step next(Talk& talk) {
    if (talk.begins()) return ask(0).with("id", talk.target->token & 0xff);
    Reading reading;
    ByteCursor reply(talk.reply, reading);
    const std::uint8_t flags = reply.u8();
    reply.skip(9);
    const std::uint16_t command = reply.be16();
    const std::uint16_t ended = reply.be16();
    if (!reply.ok() || (flags & 0xc0) != 0xc0 || command != 0x0501) return end(ProbeOutcome::OtherProtocol);
    // The two highest bits of each half only warn.
    return end((ended & 0x7f3f) == 0 ? ProbeOutcome::Answered : ProbeOutcome::Declined);
}

// ---- examples ----

constexpr Turn cpu_turns[] = {
    {"80 00 02 000000 006300 34 0501 00",
     {},
     "c0 00 02 006300 000000 34 0501 0000"
     "43502d4558323044522d410000000000 00000000"   // CP-EX20DR-A
     "30312e3034000000 000000000000000000000000",  // 01.04
     {}},
};
constexpr std::string_view cpu_claims[] = {"server firmware=01.04", "server model=CP-EX20DR-A"};
constexpr Turn refused_turns[] = {{"80 00 02 000000 006300 34 0501 00", {}, "c0 00 02 006300 000000 34 0501 0401", {}}};
constexpr Turn silent_turns[] = {{"80 00 02 000000 006300 34 0501 00", {}, {}, {}}};

constexpr Transcript transcripts[] = {
    {"a controller tells model and version", Origin::Documented, "Omron W342 section 5-3-16", cpu_turns, cpu_claims},
    {"a controller that does not know the command",
     Origin::Documented,
     "Omron W342 section 5-1-3, end code 0401",
     refused_turns,
     {},
     ProbeOutcome::Declined},
    {"nobody answers", Origin::Documented, "Omron W342 section 3-3", silent_turns, {}, ProbeOutcome::Silent},
};
constexpr std::uint16_t ports[] = {9600};

}  // namespace

Probe omron_fins() {
    Probe probe;
    probe.name = "omron_fins";
    probe.title = "FINS controller data";
    probe.spec = "Omron W342 (FINS commands) sections 3 and 5-3-16; W421 (Ethernet units)";
    probe.why_safe = "The command only reads model and version; over UDP no place in the table of connections is taken";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Udp;
    probe.family = Family::Ot;
    probe.decoder = "omron_fins";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.limits.requests = 1;
    probe.limits.bytes = 4096;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
