// Texts that a request carries encrypted (hole::sealed): written, and opened again to see that they say what is declared.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "probes/probe.h"

namespace herkomst {

// The declared text with our address in it.
std::string wrapped_text(const Hole&, const IpAddress& ours);
// The hole's bytes. `before`: the request up to the hole; empty when no nonce fits in there.
std::vector<std::uint8_t> sealed_bytes(const Hole&, Bytes before, const IpAddress& ours);
// True when what stands there opens, and is the declared text with some address of IPv4 in it.
bool seal_holds(const Hole&, Bytes before, Bytes sealed);

}  // namespace herkomst
