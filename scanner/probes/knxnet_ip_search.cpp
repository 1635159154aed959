// KNXnet/IP search: every gateway on the link describes itself. One datagram to the group address of KNX; the bus does not see
// it.
//
//   |06 10|02 01|length 2|08 01|our address 4|our port 2|
#include "probes/group_asks.h"
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Hole holes[] = {hole::octets("my-ip", 4), hole::number("my-port", 2)};
constexpr Request requests[] = {{"search", "0610 0201 000e 0801 {my-ip} {my-port}", {}, holes}};

// KNX Standard 3/8/2 clause 2.3: header size 6, version 1.0, the service.
Step next(Talk& talk) {
    // The control endpoint is an IPv4 address.
    if (talk.begins()) return talk.target->my_ip.version == 4 ? ask(0) : end(ProbeOutcome::Gated);
    Reading reading;
    const ByteCursor reply(talk.reply, reading);
    return end(reply.peek_be16() == 0x0610 && reply.peek_be16(2) == 0x0202 ? ProbeOutcome::Answered
                                                                           : ProbeOutcome::OtherProtocol);
}

// ---- examples ----

constexpr Turn gateway_turns[] = {
    {"0610 0201 000e 0801 c000020a 9c40",
     {},
     "0610 0202 004e 0801 c0000214 0e57"
     "3601 02 00 1100 0000 00f700000042 e000170c 00005e005314 4578616d706c6520"
     "49502067617465776179000000000000000000000000 0a02 0201 0301 0401 0501",
     {}},
};
constexpr std::string_view gateway_claims[] = {
    "server description=Example IP gateway",
    "server description=individual address 1.1.0",
    "server product=Example IP gateway",
    "server serial=00f700000042",
    "server vendor_id=knx:247",
    "server-mac address=192.0.2.20",
};
constexpr Turn other_turns[] = {{"0610 0201 000e 0801 c000020a 9c40", {}, "80820001 00000000", {}}};

constexpr Transcript transcripts[] = {
    {"a gateway describes itself", Origin::Documented, "KNX Standard 3/8/2 clause 7.6, 3/8/1", gateway_turns, gateway_claims},
    {"something else on the port", Origin::Documented, "RFC 1035 section 4.1.1", other_turns, {}, ProbeOutcome::OtherProtocol},
};
constexpr std::uint16_t ports[] = {3671};

}  // namespace

Probe knxnet_ip_search() {
    Probe probe = group_asks::of_group("224.0.23.12");
    probe.name = "knxnet_ip_search";
    probe.title = "KNXnet/IP search";
    probe.spec = "KNX Standard 3/8/2 clause 7.6, 3/8/1";
    probe.why_safe = "A search is made for discovery and stays on the IP side of the gateways";
    probe.family = Family::Building;
    probe.decoder = "knxnet_ip";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.limits.answer = std::chrono::seconds(4);
    probe.limits.collect = std::chrono::seconds(4);
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
