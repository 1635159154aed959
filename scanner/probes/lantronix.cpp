// Lantronix discovery: a serial device server tells that it is one, and its MAC address. Only the query F6: F8 and later change
// the set-up.
//
//   |00 00 00 F6|  ->  |00 00 00 F7|20 bytes|MAC 6|
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {{"query", "000000f6", {}, {}}};

Step next(Talk& talk) {
    if (talk.begins()) return ask(0);
    Reading reading;
    const ByteCursor reply(talk.reply, reading);
    // The head of the firmware's image is 16 bytes; older ones have no MAC address behind it.
    const bool answers = reply.peek_be16() == 0 && reply.peek_be16(2) == 0x00f7 && talk.reply.size() >= 20;
    return end(answers ? ProbeOutcome::Answered : ProbeOutcome::OtherProtocol);
}

// ---- examples ----

constexpr Turn found_turns[] = {{"000000f6", {}, "000000f70102030405060708090a0b0c0d0e0f101112131400204a000042", {}}};
constexpr std::string_view found_claims[] = {"mac:00:20:4a:00:00:42 address=192.0.2.20", "server role=serial device server"};
constexpr Turn short_turns[] = {{"000000f6", {}, "000000f7 0102030405060708090a0b0c0d0e0f10 11121314", {}}};
constexpr Turn other_turns[] = {{"000000f6", {}, "ffffffff", {}}};

constexpr Transcript transcripts[] = {
    {"a device server is found", Origin::Project, "nmap's lantronix-config, a public project", found_turns, found_claims},
    {"an older one answers without its MAC address",
     Origin::Project,
     "nmap's lantronix-config, a public project",
     short_turns,
     {}},
    {"something else on the port",
     Origin::Project,
     "nmap's lantronix-config, a public project",
     other_turns,
     {},
     ProbeOutcome::OtherProtocol},
};
constexpr std::uint16_t ports[] = {30718};

}  // namespace

Probe lantronix() {
    Probe probe;
    probe.name = "lantronix";
    probe.title = "Lantronix discovery";
    probe.spec = "no specification is public; as public projects send and read it";
    probe.why_safe = "One datagram of four bytes, the query that the maker's own tool sends";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Udp;
    probe.family = Family::Ot;
    probe.decoder = "lantronix";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.limits.requests = 1;
    probe.limits.bytes = 1024;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
