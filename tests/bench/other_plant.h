// The same traffic in another plant, or another day in the same one: one capture becomes several in which no connection stands
// twice.
#pragma once

#include <cstdint>
#include <vector>

namespace herkomst {

// Gives an Ethernet frame the addresses of another plant, in place: the fourth octet of each MAC of one station (its maker
// stays), the third octet of each IPv4 address and the fourteenth of each IPv6 address are changed by `with`, in Ethernet, VLAN
// tags, ARP, IPv4 and IPv6; groups, broadcasts, loopback and "none" stay. Checksums of IPv4, TCP, UDP and ICMPv6 are mended by
// the difference (RFC 1624), so that what was right stays right and what was wrong stays wrong. What stands in payloads
// (leases, names, tunnels' inner packets) stays as it is.
void move_to_other_plant(std::vector<std::uint8_t>& frame, std::uint8_t with);
// The same stations another time: sequence and acknowledgement numbers of TCP are counted `further`, in place, so that a
// connection is not taken for a retransmission of an earlier one. Its checksum is mended in the same way.
void move_to_other_connection(std::vector<std::uint8_t>& frame, std::uint32_t further);

}  // namespace herkomst
