// EtherNet/IP ListIdentity: the datagram that CIP has for "who are you". No session is set up; the answer holds maker, kind,
// revision, serial number and product name.
//
//   |63 00|length 0|session 0|status 0|context 8|options 0|     context: the first two bytes may ask for a spread of answers
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Hole holes[] = {hole::number("token", 6)};
constexpr Request requests[] = {
    {"ListIdentity", "6300 0000 00000000 00000000 0000 {token} 00000000", {}, holes},
};

// CIP Networks Library Volume 2 section 2-4.2: the same command and context, and at least one item.
Step next(Talk& talk) {
    if (talk.begins()) return ask(0);
    Reading reading;
    ByteCursor reply(talk.reply, reading);
    const std::uint16_t command = reply.le16();
    const std::uint16_t length = reply.le16();
    reply.skip(4);
    const std::uint32_t status = reply.le32();
    reply.skip(12);
    if (!reply.ok() || command != 0x63 || reply.left() != length) return end(ProbeOutcome::OtherProtocol);
    return end(status == 0 && length > 2 ? ProbeOutcome::Answered : ProbeOutcome::Declined);
}

// ---- examples ----

constexpr Turn identity_turns[] = {
    {"6300 0000 00000000 00000000 0000 000000001234 00000000",
     {},
     "6300 3b00 00000000 00000000 0000 000000001234 00000000"
     "0100 0c00 3500 0100 0002 af12 c0000214 0000000000000000"
     "1f03 0e00 3600 0307 3000 fecaad0b 13 45582d4c36312f4120436f6e74726f6c6c6572 03",  // EX-L61/A Controller
     {}},
};
constexpr std::string_view identity_claims[] = {
    "server device_type=cip:14",          "server firmware=3.7",      "server model=EX-L61/A Controller",
    "server product=EX-L61/A Controller", "server serial=0x0badcafe", "server vendor_id=cip:799",
};
constexpr Turn unknown_turns[] = {{"6300 0000 00000000 00000000 0000 000000001234 00000000",
                                   {},
                                   "6300 0000 00000000 01000000 0000 000000001234 00000000",
                                   {}}};
constexpr Turn other_turns[] = {{"6300 0000 00000000 00000000 0000 000000001234 00000000", {}, "80820001 00000000", {}}};

constexpr Transcript transcripts[] = {
    {"a controller names itself", Origin::Documented, "The CIP Networks Library, Volume 2 section 2-4.2", identity_turns,
     identity_claims},
    {"a server that does not know the command says so",
     Origin::Documented,
     "The CIP Networks Library, Volume 2 section 2-3.4, status 1",
     unknown_turns,
     {},
     ProbeOutcome::Declined},
    {"something else on the port", Origin::Documented, "RFC 1035 section 4.1.1", other_turns, {}, ProbeOutcome::OtherProtocol},
};
constexpr std::uint16_t ports[] = {44818};

}  // namespace

Probe ethernet_ip() {
    Probe probe;
    probe.name = "ethernet_ip";
    probe.title = "EtherNet/IP ListIdentity";
    probe.spec = "The CIP Networks Library, Volume 2 (EtherNet/IP) section 2-4.2";
    probe.why_safe = "ListIdentity is made for discovery, is answered without a session, and cannot be taken for anything else";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Udp;
    probe.family = Family::Ot;
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.decoder = "ethernet_ip";
    probe.group.v4 = "broadcast";
    probe.limits.requests = 1;
    probe.limits.bytes = 16'384;
    probe.limits.answer = std::chrono::seconds(3);
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
