// What is one device, and what is believed about it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/address_range.h"
#include "core/conversation.h"
#include "core/json.h"
#include "core/observation.h"
#include "identity/assertion.h"
#include "identity/paths.h"
#include "identity/peers.h"

namespace herkomst {

class VendorDb;

// A claim that counts towards a belief: an observation, or something derived from one.
struct Claim {
    Field field{};
    std::string value;
    std::string vendor;  // vendordb slug, when the value names a vendor that is known
    Strength strength{};
    std::string method;  // "modbus.device_id", "oui", "id:cip:1", "alias", "fingerprint:http_servers/..."
    Evidence from;       // of the observation it rests on
    Seen seen;
    std::string because;  // derived claims: "brand=...", the observation it was derived from, as FIELD=VALUE
    Endpoint subject;     // of the observation
};

struct Belief {
    std::string value;   // empty when contested
    std::string vendor;  // slug; empty: unknown
    Strength strength{};
    std::vector<std::string> methods;  // sorted, of the winning value
    std::vector<std::string> dissent;  // other values, strongest first
    bool contested = false;
};

struct Identifiers {
    std::set<std::string> mac;
    std::set<std::string> ip;
    std::set<std::string> hostname;
    std::set<std::string> path;
    bool operator==(const Identifiers&) const = default;
};

struct Asset {
    std::string key;  // derived key: a pure function of site, kind and the strongest identifier
    std::string site;
    std::string kind;    // device, part, software, service
    std::string parent;  // key of the asset it is part of
    Identifiers identifiers;
    std::string basis;  // the identifier that the key is made of, in the notation of `strong` or "station:", "bacnet:",
                        // "hostname:", "ip:", "listed:"
    std::vector<std::string>
        strong;  // strong identifiers, strongest first: "cip-serial:...", "mac:...", "serial:vendor/...", "engine:..."
    std::map<Field, Belief> beliefs;
    std::vector<Claim> claims;  // all of them, ordered by (field, strength descending, value, method)
    Seen seen;

    [[nodiscard]] const Belief* belief(Field field) const {
        const auto found = beliefs.find(field);
        return found == beliefs.end() ? nullptr : &found->second;
    }
};

struct Identified {
    std::vector<Asset> assets;                 // by key
    std::vector<Conversation> conversations;   // a and b as given; see asset_of
    std::vector<Path> paths;                   // by asset, kind, to, opened_by
    std::map<Endpoint, std::string> asset_of;  // subject or conversation end -> asset key
    std::vector<std::string> unknown_vendors;  // names seen on the network that vendordb does not know, sorted
    std::uint64_t people_devices = 0;          // phones and laptops with a randomised MAC: counted, not inventoried
    std::vector<AddressRange> own;             // public addresses that belong to the site
    Peers peers;                               // known by what they show
};

// The order of Asset::claims.
bool claim_order(const Claim&, const Claim&);

// The keys that this device would have if nothing but its addresses were known.
std::vector<std::string> keys_by_place(const Asset&);

struct IdentityOptions {
    bool people_devices = false;
    Time now{};
    std::vector<Assertion> assertions = {};  // of people; register/work.h has them
    std::vector<AddressRange> own = {};      // public addresses that belong to the site: they count as inside
};

// Pure: the same observations and data give the same assets, in any order.
Identified identify(const std::vector<Observation>&, const std::vector<Conversation>&, const VendorDb&, const IdentityOptions&);

Json to_json(const Asset&);

}  // namespace herkomst
