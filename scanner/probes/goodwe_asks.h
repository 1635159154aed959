// What the two questions to newer GoodWe inverters have in common: one read of the block of device information, as Modbus RTU
// in a datagram, and how its answer is told from a refusal.
//
//   |unit|03|register 2|registers 2|CRC|      ->      |AA 55|unit|03|bytes|...|CRC|
#pragma once

#include "probes/probe.h"

namespace herkomst::goodwe_asks {

// MODBUS Application Protocol V1.1b3 sections 6.3 and 7, behind the two bytes that the maker puts before it.
template <std::uint8_t unit>
Step block(Talk& talk) {
    if (talk.begins()) return ask(0);
    Reading reading;
    const ByteCursor reply(talk.reply, reading);
    if (reply.peek_be16() != 0xaa55) return end(ProbeOutcome::OtherProtocol);
    if (reply.peek(2) != unit) return listen();
    return end(reply.peek(3) == 3 ? ProbeOutcome::Answered : ProbeOutcome::Declined);
}

inline constexpr std::string_view makers[] = {"goodwe"};
inline constexpr std::uint16_t ports[] = {8899};

inline Probe of_blocks() {
    Probe probe;
    probe.safety = Safety::ReadMany;
    probe.transport = Transport::Udp;
    probe.family = Family::Energy;
    probe.decoder = "goodwe";
    probe.ports = ports;
    probe.makers = makers;
    probe.limits.requests = 1;
    probe.limits.bytes = 4096;
    return probe;
}

}  // namespace herkomst::goodwe_asks
