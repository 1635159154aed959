// ICMP echo: is somebody there. It names nobody; it tells a device that may be asked from an address that is not taken.
//
//   |08 echo|00|checksum|identifier|sequence 0001|"herkomst"|        IPv6: |80|00|checksum|...|
//
// Without CAP_NET_RAW the kernel's echo socket is used; it sets the identifier. The checksum of ICMPv6 covers the addresses and
// is the kernel's in any case.
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Hole holes[] = {hole::checksum("checksum", Check::Internet), hole::number("token", 2)};
constexpr Hole holes6[] = {hole::number("token", 2)};
constexpr std::size_t echo4 = 0;
constexpr std::size_t echo6 = 1;
constexpr Request requests[] = {
    {"echo", "08 00 {checksum} {token} 0001 6865726b6f6d7374", {}, holes},
    {"echo of ICMPv6", "80 00 0000 {token} 0001 6865726b6f6d7374", {}, holes6},
};

// RFC 792 and RFC 4443 section 4.2: a reply brings back what was sent. Whatever else a raw socket hears is somebody else's.
Step next(Talk& talk) {
    const bool six = talk.target->ip.version == 6;
    if (talk.begins()) return ask(six ? echo6 : echo4);
    Reading reading;
    ByteCursor reply(talk.reply, reading);
    const std::uint8_t type = reply.u8();
    reply.skip(7);
    return type == (six ? 129 : 0) && reply.starts_with("herkomst") ? end() : listen();
}

// ---- examples ----

constexpr Turn there_turns[] = {{"08002818123400016865726b6f6d7374", {}, "00003018123400016865726b6f6d7374", {}}};
constexpr Turn there6_turns[] = {{"8000 0000 1234 0001 6865726b6f6d7374", {}, "8100 0000 1234 0001 6865726b6f6d7374", {}}};

constexpr Transcript transcripts[] = {
    {"somebody is there", Origin::Documented, "RFC 792", there_turns, {}},
    {.title = "somebody is there, by IPv6",
     .origin = Origin::Documented,
     .source = "RFC 4443 section 4.2",
     .turns = there6_turns,
     .claims = {},
     .v6 = true},
};

}  // namespace

Probe icmp_echo() {
    Probe probe;
    probe.name = "icmp_echo";
    probe.title = "ICMP echo: is somebody there";
    probe.spec = "RFC 792; RFC 4443 section 4";
    probe.why_safe = "One small packet of the kind that every host answers in its kernel, without waking a program";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Icmp;
    probe.family = Family::Network;
    probe.requests = requests;
    probe.next = next;
    probe.limits.requests = 1;
    probe.limits.bytes = 4096;
    probe.limits.answer = std::chrono::seconds(2);
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
