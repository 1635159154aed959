// What the questions to BACnet devices have in common: the device object's properties, one after the other, at an address or in
// a network behind it, and how an answer is told from what others say.
//
//   |81|0A|length 2|01|04|                              APDU     to the address itself; 04: a reply is expected
//   |81|0A|length 2|01|24|network 2|01|address|FF|      APDU     to a station behind it: it passes it on
#pragma once

#include "probes/probe.h"

namespace herkomst::bacnet_asks {

// The requests of both come in this order.
inline constexpr std::size_t property = 0;
inline constexpr std::size_t serial = 1;
inline constexpr std::size_t who_is = 2;  // only to an address

inline constexpr std::uint32_t device_type = 8U << 22;            // clause 21, BACnetObjectType
inline constexpr std::uint32_t whoever = device_type | 0x3fffff;  // instance 4194303, clause 15.5

// "1200:7", as decoders/bacnet.cpp writes it: a network, and an address of one byte (MS/TP, ARCNET). Others cannot be asked.
struct Station {
    std::uint16_t network = 0;
    std::uint8_t address = 0;
    bool known = false;
};
Station station_of(std::string_view text);

// The conversation: the properties of the instance that is known, else of whoever is there. A device that does not know that
// one is asked Who-Is, where the probe may.
Step properties(Talk& talk, bool may_ask_who);

Probe of_devices();

}  // namespace herkomst::bacnet_asks
