// Moxa search: a serial device server (NPort) tells its type and its MAC address. One datagram.
//
//   |01|00|00 08 length|00 00 00 00|  ->  |81|00|00 18|...|type 2|MAC 6|address 4|
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {{"search", "0100 0008 00000000", {}, {}}};

Step next(Talk& talk) {
    if (talk.begins()) return ask(0);
    Reading reading;
    const ByteCursor reply(talk.reply, reading);
    const bool answers = reply.peek() == 0x81 && reply.peek_be16(2) == talk.reply.size();
    return end(answers ? ProbeOutcome::Answered : ProbeOutcome::OtherProtocol);
}

// ---- examples ----

constexpr Turn found_turns[] = {
    {"0100 0008 00000000", {}, "8100001800000000005555551a510090e8000042c0000214", {}},
};
constexpr std::string_view found_claims[] = {"mac:00:90:e8:00:00:42 address=192.0.2.20", "server device_type=moxa:511a"};
constexpr Turn other_turns[] = {{"0100 0008 00000000", {}, "0000", {}}};

constexpr Transcript transcripts[] = {
    {"a device server is found", Origin::Project, "nmap's nport scripts, public projects", found_turns, found_claims},
    {"something else on the port",
     Origin::Project,
     "nmap's nport scripts, public projects",
     other_turns,
     {},
     ProbeOutcome::OtherProtocol},
};
constexpr std::uint16_t ports[] = {4800};

}  // namespace

Probe moxa() {
    Probe probe;
    probe.name = "moxa";
    probe.title = "Moxa device search";
    probe.spec = "no specification is public; as public projects send and read it";
    probe.why_safe = "One datagram of eight bytes, the search of the maker's own tool; nothing is set";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Udp;
    probe.family = Family::Ot;
    probe.decoder = "moxa";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.limits.requests = 1;
    probe.limits.bytes = 1024;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
