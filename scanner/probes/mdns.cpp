// mDNS: which services there are on the link, and so which devices offer them. One question to the group, answered to us alone.
//
//   |0000|0000|1 question|0 0 0|"_services._dns-sd._udp.local"|PTR|80 01: answer to the asker|
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {
    {"services",
     "0000 0000 0001 0000 0000 0000 09 5f7365727669636573 07 5f646e732d7364 04 5f756470 05 6c6f63616c 00 000c 8001",
     {},
     {}},
};

// RFC 6762 section 18.2: a response with answers.
Step next(Talk& talk) {
    if (talk.begins()) return ask(0);
    Reading reading;
    const ByteCursor reply(talk.reply, reading);
    const bool answers = (reply.peek(2) & 0x80) != 0 && reply.peek_be16(6) > 0;
    return end(answers ? ProbeOutcome::Answered : ProbeOutcome::OtherProtocol);
}

// ---- examples ----

constexpr Turn printer_turns[] = {
    {"0000 0000 0001 0000 0000 0000 09 5f7365727669636573 07 5f646e732d7364 04 5f756470 05 6c6f63616c 00 000c 8001",
     {},
     "0000 8400 0000 0001 0000 0000 09 5f7365727669636573 07 5f646e732d7364 04 5f756470 05 6c6f63616c 00 000c 0001 00001194 "
     "000c 04 5f697070 04 5f746370 c023",
     {}},
};
constexpr std::string_view printer_claims[] = {"server service=_ipp._tcp.local"};

constexpr Transcript transcripts[] = {
    {"a printer offers its service", Origin::Documented, "RFC 6763 section 9", printer_turns, printer_claims},
};
constexpr std::uint16_t ports[] = {5353};

}  // namespace

Probe mdns() {
    Probe probe;
    probe.name = "mdns";
    probe.title = "mDNS service types";
    probe.spec = "RFC 6762; RFC 6763 section 9";
    probe.why_safe = "The question that every computer on the link asks; answers come to us alone";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Udp;
    probe.family = Family::It;
    probe.decoder = "mdns";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.group.v4 = "224.0.0.251";
    probe.group.v6 = "ff02::fb";
    probe.only_group = true;
    probe.limits.requests = 1;
    probe.limits.bytes = 65'536;
    probe.limits.collect = std::chrono::seconds(2);
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
