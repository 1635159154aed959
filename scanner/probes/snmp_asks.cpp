#include "probes/snmp_asks.h"

namespace herkomst::snmp_asks {

namespace {

// RFC 3416 section 3: |30 length|02 01 version|04 length community|A2 length|02 length request id|...
bool answers(const Talk& talk, std::uint8_t version, std::uint32_t asked) {
    Reading reading;
    ByteCursor reply(talk.reply, reading);
    const auto length = [&reply] {
        const std::uint8_t first = reply.u8();
        return first < 0x80 ? std::size_t{first} : first == 0x81 ? std::size_t{reply.u8()} : std::size_t{reply.be16()};
    };
    if (reply.u8() != 0x30) return false;
    length();
    if (reply.be24() != 0x020100U + version || reply.u8() != 0x04) return false;
    reply.skip(length());
    if (reply.u8() != 0xa2) return false;
    length();
    if (reply.u8() != 0x02) return false;
    const std::size_t size = length();
    std::uint32_t request = 0;
    for (std::size_t i = 0; i < size && i < 5; ++i) request = (request << 8) | reply.u8();
    return reply.ok() && request == asked;
}

}  // namespace

Step in_order(Talk& talk, std::uint8_t version, std::size_t requests) {
    if (talk.begins() && talk.target->community.empty()) return end(ProbeOutcome::Gated);
    if (talk.begins()) return ask(0).with("request", talk.target->token & 0x3fffffff);
    const auto asked = static_cast<std::uint32_t>((talk.target->token & 0x3fffffff) + talk.sent - 1);
    if (!answers(talk, version, asked)) return talk.sent > 1 ? listen() : end(ProbeOutcome::OtherProtocol);
    talk.answered = true;
    if (talk.request + 1 == requests) return end();
    return ask(talk.request + 1).with("request", asked + 1);
}

Probe of_communities() {
    Probe probe;
    probe.safety = Safety::ReadMany;
    probe.transport = Transport::Udp;
    probe.family = Family::Network;
    probe.decoder = "snmp";
    probe.each = Probe::Each::Community;
    probe.limits.bytes = 16'384;
    return probe;
}

}  // namespace herkomst::snmp_asks
