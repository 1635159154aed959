// By what a peer outside is known when nobody called it by a name: the certificate it shows, or an address that its operator
// publishes.
//
// A certificate speaks by an attribute that vendor data names (Cloud::certificate), by the host that its subject names, or by
// its alternative names when all of them lead to one cloud; a server that shows several certificates speaks where all of them
// say the same. Many share an address in somebody's network: whatever leaves a doubt names nobody.
//
// A party that the site declared by its range (lawful.h) is a peer at a private address too.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/conversation.h"
#include "core/observation.h"

namespace herkomst {

class VendorDb;
struct Cloud;
struct Identified;

struct RemotePeer {
    const Cloud* cloud = nullptr;
    std::string known_by;  // name, certificate, address
    std::string shown;     // the name, the certificate, the address
    Evidence from;         // where it was shown; none for an address
    bool is_a = false;     // it is the conversation's a: it came from outside
};

// By site and address.
using Peers = std::map<std::pair<std::string, IpAddress>, RemotePeer>;

// What certificates say, of whatever shows one. O(observations).
Peers peers_of(const std::vector<Observation>&, const VendorDb&);
// The cloud at the other end of a conversation: by the name used, else by certificate (of conversations that show one), else by
// address. `cloud` is null when it is nobody's.
RemotePeer peer_of(const Identified&, const Conversation&, const VendorDb&);

}  // namespace herkomst
