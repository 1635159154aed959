// What an asset is among others: its function, and what hangs on it. Derived from claims and from who asks whom.
//
// `function` is one of `functions`: what the asset does in the plant. A device's own category or a protocol that only one kind
// of device speaks that way gives it Matched; the part it plays in conversations hints. Every reason is a claim of its own
// (`because`). Two functions with equally good reasons leave it blank: an asset that could be either is not guessed at.
//
// `carries` is how many other assets are lost, or reached, with this one: the sub-devices behind it, and, when a control path
// leads to it, the devices of the plant that it asks. Modules of a chassis do not count: they are the device.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "identity/asset.h"

namespace herkomst {

// The closed list; rules/README.md prints it.
inline constexpr std::array<std::string_view, 21> functions = {"access_point",
                                                               "camera",
                                                               "drive",
                                                               "energy_management",
                                                               "engineering_station",
                                                               "ev_charger",
                                                               "firewall",
                                                               "gateway",
                                                               "historian",
                                                               "hmi",
                                                               "ied",
                                                               "inverter",
                                                               "meter",
                                                               "plc",
                                                               "router",
                                                               "rtu",
                                                               "scada_server",
                                                               "storage",
                                                               "switch",
                                                               "time_server",
                                                               "video_recorder"};

// Adds claims to identified.assets and fuses those again that got any. Pure; order of assets and conversations does not matter.
void derive_relations(Identified&, const VendorDb&, Time now);

// Protocols in which one asks and a device of a plant answers, by decoder name.
bool is_polled(std::string_view service);

}  // namespace herkomst
