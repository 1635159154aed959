// Where in the plant an asset stands: its Purdue level and the conduits it uses, as a guess with reasons.
//
// `purdue_level` (ISA-95, IEC 62443-1-1 reference model) follows from what the asset does (Field::function):
//   0 process       drive
//   1 control       ev_charger, gateway, ied, inverter, meter, plc, rtu
//   2 supervision   hmi, scada_server
//   3 operations    engineering_station, historian, video_recorder
// and, where it has no function, from who asks whom: what only answers a plant's protocol is at 1, what only asks it is at 2,
// and what speaks none but logs on to a domain is at 4. Switches, routers and the like serve several levels and get none. Every
// reason is a claim (`because`); it never counts for more than a hint. Reasons of equal standing for two levels leave it blank.
//
// `conduit` is one way on which the asset speaks with another level, or with the outside: "level 1 - level 3: opcua". Who
// opened it stands in `because`. At most `conduits_most` per asset, the first in text order.
#pragma once

#include <cstddef>
#include <string_view>

#include "identity/asset.h"

namespace herkomst {

inline constexpr std::size_t conduits_most = 16;

// Adds claims to identified.assets and fuses those again that got any. After derive_relations. Pure; order does not matter.
void derive_zones(Identified&, const VendorDb&, Time now);

// The level of a function; empty: it has none.
std::string_view level_of(std::string_view function);

}  // namespace herkomst
