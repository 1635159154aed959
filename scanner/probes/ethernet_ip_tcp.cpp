// EtherNet/IP ListIdentity over TCP, for devices that no datagram reaches (a firewall, a gateway that maps ports). The same
// question as ethernet_ip, without a session; the connection is closed at once.
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Hole holes[] = {hole::number("token", 8)};
constexpr Request requests[] = {
    {"ListIdentity", "6300 0000 00000000 00000000 {token} 00000000", {}, holes},
};

// CIP Networks Library Volume 2 section 2-3: a header of 24 bytes, whose options are zero.
Whole whole(ByteCursor stream, const Talk&) {
    const std::uint16_t command = stream.peek_le16();
    if (stream.left() < 4) return more();
    const std::uint16_t length = stream.peek_le16(2);
    if (command != 0x63 || length > 512) return other_protocol();
    return stream.left() < std::size_t{24} + length ? more() : message(std::size_t{24} + length);
}

Step next(Talk& talk) {
    if (talk.begins()) return ask(0);
    Reading reading;
    ByteCursor reply(talk.reply, reading);
    reply.skip(8);
    const std::uint32_t status = reply.le32();
    return end(status == 0 && talk.reply.size() > 26 ? ProbeOutcome::Answered : ProbeOutcome::Declined);
}

// ---- examples ----

constexpr Turn identity_turns[] = {
    {"6300 0000 00000000 00000000 0000000000001234 00000000",
     {},
     "6300 3b00 00000000 00000000 0000000000001234 00000000"
     "0100 0c00 3500 0100 0002 af12 c0000214 0000000000000000"
     "1f03 0e00 3600 0307 3000 fecaad0b 13 45582d4c36312f4120436f6e74726f6c6c6572 03",  // EX-L61/A Controller
     {}},
};
constexpr std::string_view identity_claims[] = {
    "server device_type=cip:14",          "server firmware=3.7",      "server model=EX-L61/A Controller",
    "server product=EX-L61/A Controller", "server serial=0x0badcafe", "server vendor_id=cip:799",
};
constexpr Turn declines_turns[] = {
    {"6300 0000 00000000 00000000 0000000000001234 00000000", {}, "6300 0000 00000000 01000000 0000000000001234 00000000", {}}};
constexpr Turn closes_turns[] = {{"6300 0000 00000000 00000000 0000000000001234 00000000", {}, {}, {}, true}};

constexpr Transcript transcripts[] = {
    {"a controller names itself", Origin::Documented, "The CIP Networks Library, Volume 2 section 2-4.2", identity_turns,
     identity_claims},
    {"a server that does not know the command says so",
     Origin::Documented,
     "The CIP Networks Library, Volume 2 section 2-3.4, status 1",
     declines_turns,
     {},
     ProbeOutcome::Declined},
    {"a server that wants none of it closes",
     Origin::Documented,
     "The CIP Networks Library, Volume 2 section 2-4.2",
     closes_turns,
     {},
     ProbeOutcome::Closed},
};
constexpr std::uint16_t ports[] = {44818};

}  // namespace

Probe ethernet_ip_tcp() {
    Probe probe;
    probe.name = "ethernet_ip_tcp";
    probe.title = "EtherNet/IP ListIdentity over TCP";
    probe.spec = "The CIP Networks Library, Volume 2 (EtherNet/IP) section 2-4.2";
    probe.why_safe = "ListIdentity is made for discovery and needs no session: none is opened";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Tcp;
    probe.family = Family::Ot;
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.whole = whole;
    probe.decoder = "ethernet_ip";
    probe.limits.requests = 1;
    probe.limits.bytes = 4096;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
