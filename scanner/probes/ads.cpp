// ADS discovery: host name, operating system and TwinCAT version of a Beckhoff controller. One datagram to one address, exactly
// as long as the maker's own search; never to everybody, as the port is shared with loggers of another maker, and a malformed
// datagram stops the service of old versions.
//
//   |03661471|invoke 4|01000000|our net id 6|1027|items 4 = 0|      answer: |...|01000080|net id 6|port 2|items 4| tag, length,
//   data
#include <string>

#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Hole holes[] = {hole::little("token", 4), hole::octets("net-id", 4)};
constexpr Request requests[] = {
    {"discovery", "03661471 {token} 01000000 {net-id} 0101 1027 00000000", {}, holes},
};

// No specification is public; as public projects send it and read the answers. A net id is an IPv4 address and 1.1.
Step next(Talk& talk) {
    if (talk.begins()) {
        // A net id is made of an IPv4 address.
        if (talk.target->my_ip.version != 4) return end(ProbeOutcome::Gated);
        const auto& bytes = talk.target->my_ip.bytes;
        std::string net_id(4, 0);
        for (std::size_t i = 0; i < 4; ++i) net_id[i] = static_cast<char>(bytes[i]);
        return ask(0).with("net-id", net_id);
    }
    Reading reading;
    ByteCursor reply(talk.reply, reading);
    const std::uint32_t cookie = reply.be32();
    reply.skip(4);
    const std::uint32_t service = reply.le32();
    return end(reply.ok() && cookie == 0x03661471 && service == 0x80000001 ? ProbeOutcome::Answered
                                                                           : ProbeOutcome::OtherProtocol);
}

// ---- examples ----

constexpr Turn controller_turns[] = {
    {"03661471 34120000 01000000 c000020a 0101 1027 00000000",
     {},
     "0366147134120000010000800501020301011027030000000500080043582d45583031000400140114010000060000000000"
     "0000000000000300000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "0000000000000000000000000000000003000400020bfc08",
     {}},
};
constexpr std::string_view controller_claims[] = {"server hostname=CX-EX01", "server os=Windows CE 6.0",
                                                  "server software=TwinCAT 2.11.2300"};
constexpr Turn logger_turns[] = {
    {"03661471 34120000 01000000 c000020a 0101 1027 00000000", {}, {}, "192.0.2.20,00005E005314,EX0042"}};
constexpr std::string_view logger_claims[] = {"server module_maker=Hi-Flying", "server-mac address=192.0.2.20"};

constexpr Transcript transcripts[] = {
    {"a controller tells name, system and version", Origin::Project, "as BeckhoffScan.py sends and reads it, a public project",
     controller_turns, controller_claims},
    {"a logger of another maker on the same port", Origin::Project, "public projects that read Solarman loggers", logger_turns,
     logger_claims, ProbeOutcome::OtherProtocol},
};
constexpr std::uint16_t ports[] = {48899};
constexpr std::string_view makers[] = {"beckhoff"};

}  // namespace

Probe ads() {
    Probe probe;
    probe.name = "ads";
    probe.title = "ADS discovery";
    probe.spec = "Beckhoff Information System, \"AMS/TCP packet\"; TwinCAT's broadcast search";
    probe.why_safe =
        "The maker's own search sends the same; only where the scope file names this probe and Beckhoff is known, once, and "
        "well-formed";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Udp;
    probe.family = Family::Ot;
    probe.decoder = "ads";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.makers = makers;
    probe.only_named = true;
    probe.limits.requests = 1;
    probe.limits.bytes = 4096;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
