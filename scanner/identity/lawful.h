// Parties that a site lets in by law or by its own choice: its grid operator's real-time interface, its energy management.
// Who they are, only the site says, in one of these ways:
//
//   overlay    a cloud of an overlay whose `purpose` begins with "grid operator" or "energy management" and that has a `range`:
//              where that party's end stands, at a public or a private address (a VPN or private APN ends on site)
//   inventory  a row whose category is `grid_operator` or `ems`
//   person     the same, said of the asset (assertion.h)
//   device     the system says itself that it is energy management, or its model does; of a grid operator that is not enough
//
// Being declared lowers what rules make of a command and hides nothing: the command, its path and what the declaration rests on
// are told. It holds for the addresses and the asset that were declared, and for nobody else. A name that somebody asked for
// declares no actor: whoever answers to it is not known by it.
#pragma once

#include <string>
#include <string_view>

#include "core/endpoint.h"

namespace herkomst {

class VendorDb;
struct Asset;
struct Cloud;
struct Identified;

struct Lawful {
    std::string party;  // grid_operator, energy_management; empty: nobody declared
    std::string by;     // "overlay rti.grid.example (192.0.2.9)", "inventory", "person", "device"

    [[nodiscard]] bool declared() const { return !party.empty(); }
};

// By the words that a `purpose` begins with; empty: neither.
std::string_view lawful_purpose(std::string_view purpose);

// By its category. Several that people gave and that are not the same declare nothing.
Lawful lawful_asset(const Asset&);
// By an overlay's range.
Lawful lawful_address(const IpAddress&, const VendorDb&);
const Cloud* lawful_cloud(const IpAddress&, const VendorDb&);
// Both, of an end of a conversation.
Lawful lawful_at(const Identified&, const Endpoint&, const VendorDb&);

}  // namespace herkomst
