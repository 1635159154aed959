// The closed list of things that can be claimed about a subject (design: Fields). Adding one needs a reason in
// scanner/README.md.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace herkomst {

enum class Field : std::uint8_t {
    address,  // an IP address that a MAC was seen to hold: what ties the two together in resolve
    application_uri,
    banner,
    brand,
    carries,  // how many other assets are lost, or reached, with this one
    category,
    cellular,
    certificate,
    client_id,
    cloud_operator,
    conduit,       // a way between levels that it uses: identity/zones.h
    control_path,  // a way to it from outside: identity/paths.h, text_of
    description,
    device_instance,
    device_type,
    dns_name,
    firmware,
    function,  // what it does in the plant: one of identity/relations.h
    gocbref,
    goid,
    hardware,
    hostname,
    location,
    maker,
    mgmt_ip,
    model,
    module_maker,
    nic_maker,
    os,
    product,
    purdue_level,  // 0 to 5, a guess with reasons: identity/zones.h
    rated_power,
    realm,
    remote_blocked,
    remote_documented,
    remote_exposed,
    remote_observed,
    role,
    serial,
    service,
    software,
    stack,  // the shape of what its network code sends: a habit, not a word
    stack_maker,
    station_name,
    unique_id,  // an identifier that is strong by itself and has no field of its own: SNMP engine id, UPnP UDN
    vendor_class,
    vendor_id,
};

inline constexpr std::size_t field_count = static_cast<std::size_t>(Field::vendor_id) + 1;

std::string_view name(Field);
std::optional<Field> field_named(std::string_view);

// How sure a single claim can be at most.
enum class Strength : std::uint8_t {
    Hinted = 1,  // a port or an OUI hints
    Listed,      // an inventory or another tool lists it
    Matched,     // a fingerprint matched
    Stated,      // the device says so itself; plant protocols are unauthenticated, so not: it is so
    Confirmed,   // a named person confirmed it, with a date
};

std::string_view name(Strength);
std::optional<Strength> strength_named(std::string_view);

}  // namespace herkomst
