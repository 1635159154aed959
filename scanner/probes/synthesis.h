// An exchange as packets, so that the passive side reads it like any capture: nothing is decoded twice, and every claim has a
// frame and bytes to point at. It is rebuilt from the exchanges, not recorded from an interface, and says so in the comments
// of its section and interfaces. Addresses, ports, times and payloads are the exchange's own; what the sockets do not tell
// (TCP's handshake and end, sequence numbers, acknowledgements, what was sent twice) is made up. What travelled inside TLS is
// shown in clear, in connections of their own, and each such packet has a comment; the records of TLS themselves stand in the
// log alone. As pcapng: interface 0 carries IP without a link layer, interface 1 Ethernet.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "probes/exchange.h"

namespace herkomst {

using PacketBytes = std::vector<std::uint8_t>;

// What the file says of itself.
inline constexpr std::string_view rebuilt_note =
    "Rebuilt by herkomst from its own exchanges, not recorded from an interface: payloads, addresses, ports and times are "
    "those of the exchange; TCP handshakes, ends, sequence numbers and acknowledgements are made up; what travelled inside "
    "TLS stands here in clear.";

// The blocks a pcapng file of ours begins with.
PacketBytes pcapng_head();
// Whom a frame of this probe for this target is addressed to.
Mac frame_receiver(const Probe&, const IpAddress& target);
// The packets of one exchange, as pcapng blocks. Answers to a group become one flow for each who answered. Returns how many
// packets were appended.
std::size_t append_packets(PacketBytes& out, const Probe&, const Target&, const std::vector<Said>&);

}  // namespace herkomst
