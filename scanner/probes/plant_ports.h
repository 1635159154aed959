// Ports at which a plant's protocol lives, or one whose servers take few clients: what such a server makes of another
// protocol's bytes, or of none, nobody knows. They are known from the questions and from the decoders, so that a protocol which
// is only listened to is spared as well. No other question is put there: not where a scope file names the port, nor where a
// device says that a page of its own is there.
#pragma once

#include <cstdint>
#include <string_view>

#include "probes/probe.h"

namespace herkomst {

// Whether that service (a decoder's name) is a plant's, or takes few clients.
bool of_a_plant(std::string_view service);

// Whose port it is, a question's or a decoder's name, where it is not the asker's own; empty: nobody's of a plant.
std::string_view plant_owner_of(std::uint16_t port, const Probe& asker);

}  // namespace herkomst
