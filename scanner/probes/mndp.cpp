// MikroTik neighbour discovery: routers and switches of the maker answer with name, board, version and the identity of their
// installation, which they otherwise announce once a minute. The request is four zeros, not an empty datagram. Answers go to
// everybody on port 5678, so it is asked from there, and on a link only.
#include "probes/group_asks.h"
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {{"announce yourself", "00000000", {}, {}}};

// No specification is public; |header 2|sequence 2| and then a MAC address (type 1, six bytes) is an announcement. Our own
// request comes back from the link.
Step next(Talk& talk) {
    if (talk.begins()) return ask(0);
    Reading reading;
    ByteCursor reply(talk.reply, reading);
    reply.skip(4);
    return reply.be32() == 0x00010006 ? end() : listen();
}

// ---- examples ----

constexpr Turn router_turns[] = {
    {"00000000",
     {},
     "0000 0007 | 0001 0006 00005e005314 | 0005 0009 67617465776179 2d37 | 0007 0006 372e31342e33 | 0008 0008 4d696b726f54696b "
     "| "
     "000a 0004 01020304 | 000b 0009 414243442d45463132 | 000c 0006 524234303131 | 0011 0004 c0000214",
     {}},
};
constexpr std::string_view router_claims[] = {"server brand=MikroTik",     "server firmware=7.14.3",
                                              "server hostname=gateway-7", "server mgmt_ip=192.0.2.20",
                                              "server model=RB4011",       "server unique_id=mikrotik:ABCD-EF12"};

constexpr Transcript transcripts[] = {
    {"a router announces itself", Origin::Project, "as MAC-Telnet asks and Wireshark reads it, public projects", router_turns,
     router_claims},
};
constexpr std::uint16_t ports[] = {5678};

}  // namespace

Probe mndp() {
    Probe probe = group_asks::of_group("broadcast");
    probe.name = "mndp";
    probe.title = "MikroTik neighbour discovery (MNDP)";
    probe.spec = "no specification is public; as MAC-Telnet sends it, a public project";
    probe.why_safe = "Four bytes to the link; routers answer with what they announce every minute anyway";
    probe.family = Family::Network;
    probe.decoder = "mndp";
    probe.ports = ports;
    probe.local_port = 5678;
    probe.requests = requests;
    probe.next = next;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
