// Neighbour solicitation: is somebody there, and with which MAC address. What ARP asks in IPv4: one packet on the own link, to
// the group that the address puts its holder in.
//
//   |IPv6: 60 ...|0020|3A|FF|our address of the link|FF02::1:FF + the last three bytes of its address|
//   |87|00|checksum|00000000|its address|01 01 our MAC|
#include <string>

#include "probes/probe.h"

namespace herkomst::probes {

namespace {

// RFC 4861 section 4.3: hop limit 255; section 2.3 (solicited-node multicast address).
constexpr Hole holes[] = {hole::octets("my-ip", 16), hole::octets("group-tail", 3), hole::checksum("checksum", Check::Icmp6),
                          hole::octets("their-ip", 16), hole::octets("my-mac", 6)};
constexpr Request requests[] = {
    {"neighbour solicitation",
     "60000000 0020 3a ff {my-ip} ff02 0000 0000 0000 0000 0001 ff {group-tail} 87 00 {checksum} 00000000 {their-ip} 0101 "
     "{my-mac}",
     {},
     holes},
};

// Section 4.4: the answer is an advertisement with the address that was asked for as its target.
Step next(Talk& talk) {
    const IpAddress& they = talk.target->ip;
    if (talk.begins()) {
        if (they.version != 6 || talk.target->my_ip.version != 6) return end(ProbeOutcome::Gated);
        return ask(0).with("group-tail", std::string(they.bytes.begin() + 13, they.bytes.end()));
    }
    Reading reading;
    ByteCursor reply(talk.reply, reading);
    reply.skip(6);
    const std::uint8_t protocol = reply.u8();
    reply.skip(33);
    const std::uint8_t type = reply.u8();
    reply.skip(7);
    const Slice target = reply.bytes(16);
    return reply.ok() && protocol == 58 && type == 136 && IpAddress::v6(target.bytes.data()) == they ? end() : listen();
}

// ---- examples ----

constexpr Turn there_turns[] = {
    {"6000000000203afffe80000000000000000000000000000aff0200000000000000000001ff00002087009c100000000020010db800000000000000000"
     "0000020010100005e00530a",
     {},
     "6000000000203aff20010db8000000000000000000000020fe80000000000000000000000000000a88000a526000000020010db800000000000000000"
     "0000020020100005e005314",
     {}},
};
constexpr std::string_view there_claims[] = {"server-mac address=2001:db8::20"};
constexpr Transcript transcripts[] = {
    {.title = "somebody is there",
     .origin = Origin::Documented,
     .source = "RFC 4861 sections 4.3 and 4.4",
     .turns = there_turns,
     .claims = there_claims,
     .v6 = true},
    {"an address of IPv4 is ARP's to ask for", Origin::Documented, "RFC 4861", {}, {}, ProbeOutcome::Gated},
};

}  // namespace

Probe ndp() {
    Probe probe;
    probe.name = "ndp";
    probe.title = "Neighbour solicitation: who has this IPv6 address";
    probe.spec = "RFC 4861; RFC 2464 section 7";
    probe.why_safe = "What every neighbour on the link asks before it speaks at all";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Link;
    probe.family = Family::Network;
    probe.decoder = "ndp";
    probe.requests = requests;
    probe.next = next;
    probe.ethertype = 0x86dd;
    probe.limits.requests = 1;
    probe.limits.bytes = 4096;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
