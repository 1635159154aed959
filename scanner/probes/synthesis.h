// An exchange as packets, so that the passive side reads it like any capture: nothing is decoded twice, and every claim has a
// frame and bytes to point at. Addresses, ports, times and payloads are the exchange's own; what the sockets do not tell
// (sequence numbers, acknowledgements, the handshake) is made up. As pcapng: interface 0 carries IP without a link layer,
// interface 1 Ethernet.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "probes/exchange.h"

namespace herkomst {

using PacketBytes = std::vector<std::uint8_t>;

// The blocks a pcapng file of ours begins with.
PacketBytes pcapng_head();
// Whom a frame of this probe for this target is addressed to.
Mac frame_receiver(const Probe&, const IpAddress& target);
// The packets of one exchange, as pcapng blocks. Answers to a group become one flow for each who answered. Returns how many
// packets were appended.
std::size_t append_packets(PacketBytes& out, const Probe&, const Target&, const std::vector<Said>&);

}  // namespace herkomst
