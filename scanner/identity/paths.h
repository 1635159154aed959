// Control paths: along which ways something outside the site can reach a device, as far as conversations show it.
//
//   cloud           the device talks with a host whose name vendordb knows as somebody's cloud
//   control         a protocol in which devices are read or commanded runs between it and a public address (an OCPP back end),
//                   or a grid operator's interface that the site declared, also one that stands behind a private address
//   remote_service  that cloud is a remote-access service (its `purpose` begins with "remote access"), a tunnel protocol runs
//                   between the device and a public address, or somebody at a public address holds a session with the device;
//                   hinted, and counted by no rule: the device holds an SSH session with a public address, which may carry a
//                   tunnel back
//
// Which cloud a peer is, peers.h says: the name used, else its certificate, else its address. Which protocols can command a
// device, their decoders say (Decoder::commands).
//
// One path per (asset, kind, to, opened_by): bytes, times and openings of its conversations add up, so any order of them gives
// the same. At most `paths_per_asset` stay, in that order. A conversation between two public addresses tells nothing, as long
// as nobody says which of the two belong to the site (Identified::own).
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/conversation.h"
#include "core/json.h"

namespace herkomst {

class VendorDb;
struct Identified;

struct Path {
    static constexpr std::size_t others_most = 8;

    std::string asset;               // key
    std::string kind;                // cloud, control, remote_service
    std::string to;                  // suffix of the cloud ("talk2m.com"), or the protocol ("openvpn")
    std::string operator_slug;       // who runs it, where vendordb knows
    std::string purpose;             // in vendordb's words
    std::string party;               // who the operator is to the asset: see party_of; empty: not known
    bool sourced = false;            // the protocol itself, or a vendordb claim with a source: counts in rules
    bool hinted = false;             // nothing but the direction of a session speaks for it
    std::string opened_by;           // asset, other, unknown
    std::set<std::string> known_by;  // of a cloud: name, certificate, address
    std::set<std::string> services;  // decoder names, "tcp/443"
    std::set<std::string> others;    // addresses at the other end, the first `others_most`
    std::uint64_t others_more = 0;
    std::uint64_t bytes_out = 0;  // from the asset
    std::uint64_t bytes_in = 0;
    Seen seen;
    Openings openings;
};

inline constexpr std::size_t paths_per_asset = 32;

// Sorted by (asset, kind, to, opened_by).
std::vector<Path> paths_of(const Identified&, const VendorDb&);
// identified.paths as claims of their assets.
void put_paths(Identified&, const VendorDb&, Time now);

// Protocols that carry somebody else into the network, by decoder name: those that make a tunnel, whoever opened it ...
bool is_tunnel(std::string_view service);
// ... and those that are a session of a person or a program on the device.
bool is_session(std::string_view service);
// A protocol whose decoder says that it can command a device.
bool is_control(std::string_view service);
// A `purpose` of vendordb/vendors/*.json, clouds.
bool is_remote_access(std::string_view purpose);

// An address that belongs to the internet at large, and not to the site.
bool is_outside(const Identified&, const IpAddress&);
// The key of the asset at an end of a conversation; empty: none. Behind a public address the MAC is a router's.
std::string asset_key_at(const Identified&, const Endpoint&);

// "grid_operator" or "energy_management" where the purpose begins with these words: parties that a site lets in by law or by
// its own choice, and declares itself (lawful.h); "maker" where the operator made the asset
// or belongs to who did, else "supplier"; empty when it is not known who one of the two is.
std::string party_of(const Path&, const std::string& maker, const VendorDb&);

Json to_json(const Path&);

// One line for people, and back: how a path stands in a register (Field::control_path).
//   "remote_service talk2m.com | party supplier | operator hms | opened by asset | over openvpn, tls | with 203.0.113.7 and 3
//   more |
//    1234 bytes out, 567 in | 12 times | from 2026-11-21T20:15:00Z to 2026-11-22T20:15:00Z | every 300 s, 92 of 100 | for VPN"
std::string text_of(const Path&);
struct PathTold {
    Path path;  // without asset, openings and the names of further addresses
    std::optional<Rhythm> rhythm;
};
std::optional<PathTold> path_told(std::string_view text);

}  // namespace herkomst
