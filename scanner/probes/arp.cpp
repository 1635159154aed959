// ARP: is somebody there, and with which MAC address. One frame on the own link; where a device may not be asked anything else,
// this still tells the maker of its network interface.
//
//   |0001 Ethernet|0800 IPv4|06|04|0001 request|our MAC|our address|00 00 00 00 00 00|its address|
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Hole holes[] = {hole::octets("my-mac", 6), hole::octets("my-ip", 4), hole::octets("their-ip", 4)};
constexpr Request requests[] = {
    {"who has", "0001 0800 06 04 0001 {my-mac} {my-ip} 000000000000 {their-ip}", {}, holes},
};

// RFC 826: the answer is a reply, with the address that was asked for as its sender's.
Step next(Talk& talk) {
    if (talk.begins()) return talk.target->ip.version == 4 ? ask(0) : end(ProbeOutcome::Gated);
    Reading reading;
    ByteCursor reply(talk.reply, reading);
    const std::uint16_t operation = reply.peek_be16(6);
    reply.skip(14);
    const bool theirs = IpAddress::v4(reply.be32()) == talk.target->ip;
    return operation == 2 && theirs ? end() : listen();
}

// ---- examples ----

constexpr Turn there_turns[] = {
    {"0001 0800 06 04 0001 00005e00530a c000020a 000000000000 c0000214",
     {},
     "0001 0800 06 04 0002 00005e005314 c0000214 00005e00530a c000020a",
     {}},
};
constexpr std::string_view there_claims[] = {"server-mac address=192.0.2.20"};

constexpr Transcript transcripts[] = {
    {"somebody is there", Origin::Documented, "RFC 826", there_turns, there_claims},
};

}  // namespace

Probe arp() {
    Probe probe;
    probe.name = "arp";
    probe.title = "ARP: who has this address";
    probe.spec = "RFC 826";
    probe.why_safe = "What every neighbour on the link asks before it speaks at all";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Link;
    probe.family = Family::Network;
    probe.decoder = "arp";
    probe.requests = requests;
    probe.next = next;
    probe.ethertype = 0x0806;
    probe.limits.requests = 1;
    probe.limits.bytes = 1024;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
