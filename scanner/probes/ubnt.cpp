// Ubiquiti discovery: radios, routers and cameras of the make tell name, model, firmware and addresses. One datagram.
//
//   |01 version|00 discover|00 00 length|
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {{"discover", "01 00 0000", {}, {}}};

Step next(Talk& talk) {
    if (talk.begins()) return ask(0);
    Reading reading;
    const ByteCursor reply(talk.reply, reading);
    const bool answers = (reply.peek() == 1 || reply.peek() == 2) && reply.peek_be16(2) + std::size_t{4} == talk.reply.size();
    return end(answers ? ProbeOutcome::Answered : ProbeOutcome::OtherProtocol);
}

// ---- examples ----

constexpr Turn radio_turns[] = {
    {"01 00 0000",
     {},
     "01 00 0047 | 02 000a 00005e005314 c0000214 | 03 0008 58432e76382e3731 | 06 000a 77696c68656c6d696e61 | 0b 0004 6d617374 "
     "| 0c 0003 4e374d | 0d 0005 686f6d6537 | 14 000a 4578616d706c6520 4d37",
     {}},
};
constexpr std::string_view radio_claims[] = {"server firmware=XC.v8.71", "server hostname=mast", "server model=Example M7",
                                             "server product=N7M", "server-mac address=192.0.2.20"};
constexpr Turn other_turns[] = {{"01 00 0000", {}, "03 00", {}}};

constexpr Transcript transcripts[] = {
    {"a radio presents itself; its account and network are left out", Origin::Project,
     "nmap's ubiquiti-discovery, a public project", radio_turns, radio_claims},
    {"something else on the port",
     Origin::Project,
     "nmap's ubiquiti-discovery, a public project",
     other_turns,
     {},
     ProbeOutcome::OtherProtocol},
};
constexpr std::uint16_t ports[] = {10001};

}  // namespace

Probe ubnt() {
    Probe probe;
    probe.name = "ubnt";
    probe.title = "Ubiquiti discovery";
    probe.spec = "no specification is public; as public projects send and read it";
    probe.why_safe = "One datagram of four bytes, the search of the maker's own tool";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Udp;
    probe.family = Family::Network;
    probe.decoder = "ubnt";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.limits.requests = 1;
    probe.limits.bytes = 4096;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
