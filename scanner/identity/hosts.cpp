#include "identity/hosts.h"

#include <algorithm>
#include <optional>

#include "core/text.h"
#include "identity/resolve.h"
#include "vendordb/vendordb.h"

namespace herkomst {

namespace {

// IPv6 interface identifier made of the MAC (RFC 4291 appendix A).
bool eui64_of(const IpAddress& ip, const Mac& mac) {
    return ip.version == 6 && ip.bytes[8] == (mac.bytes[0] ^ 2) && ip.bytes[9] == mac.bytes[1] &&
           ip.bytes[10] == mac.bytes[2] && ip.bytes[11] == 0xff && ip.bytes[12] == 0xfe && ip.bytes[13] == mac.bytes[3] &&
           ip.bytes[14] == mac.bytes[4] && ip.bytes[15] == mac.bytes[5];
}

}  // namespace

Endpoint without_software(Endpoint endpoint) {
    endpoint.software.clear();
    return endpoint;
}

Endpoint host_of(Endpoint endpoint) {
    endpoint.software.clear();
    endpoint.path.clear();
    return endpoint;
}

bool is_listed_only(const Endpoint& endpoint) { return !endpoint.known() && !endpoint.path.empty(); }

std::size_t Union::add() {
    parent_.push_back(parent_.size());
    return parent_.size() - 1;
}

std::size_t Union::root(std::size_t i) {
    while (parent_[i] != i) {
        parent_[i] = parent_[parent_[i]];
        i = parent_[i];
    }
    return i;
}

void Union::join(std::size_t a, std::size_t b) {
    a = root(a);
    b = root(b);
    if (a != b && !kept_apart(a, b)) parent_[std::max(a, b)] = std::min(a, b);
}

void Union::keep_apart(std::size_t a, std::size_t b) {
    if (root(a) != root(b)) apart_.emplace_back(a, b);
}

bool Union::kept_apart(std::size_t a, std::size_t b) {
    return std::any_of(apart_.begin(), apart_.end(), [&](const auto& pair) {
        const std::size_t x = root(pair.first);
        const std::size_t y = root(pair.second);
        return (x == a && y == b) || (x == b && y == a);
    });
}

Hosts::Hosts(const std::vector<Observation>& observations, const VendorDb& db, const std::vector<Assertion>& assertions,
             const std::vector<AddressRange>& own)
    : observations_(observations), own_(own), tenures_(tenures_of(observations)) {
    gather();
    hear(assertions);
    bind(claimants());
    join_masters();
    join_by_identity(db);
}

std::vector<Endpoint> Hosts::subjects_of(const Observation& observation) const {
    std::vector<Endpoint> subjects(1, observation.subject);
    const std::vector<Mac> holders = holders_of(tenures_, observation);
    if (holders.empty()) return subjects;
    subjects.resize(holders.size(), observation.subject);
    for (std::size_t i = 0; i < holders.size(); ++i) {
        subjects[i].mac = holders[i];
        subjects[i].ip = {};
    }
    return subjects;
}

std::vector<std::pair<std::size_t, IpAddress>> Hosts::held() {
    std::vector<std::pair<std::size_t, IpAddress>> all;
    for (const auto& [mac, ip] : held_) all.emplace_back(sets_.root(node_of(mac)), ip);
    return all;
}

std::size_t Hosts::node_of(const MacKey& mac) {
    const auto [at, fresh] = mac_node_.try_emplace(mac, 0);
    if (fresh) at->second = sets_.add();
    return at->second;
}

std::size_t Hosts::node_of(const IpKey& ip) {
    const auto [at, fresh] = ip_node_.try_emplace(ip, 0);
    if (fresh) at->second = sets_.add();
    return at->second;
}

std::size_t Hosts::node(const Endpoint& subject) {
    const Endpoint host = is_listed_only(subject) ? without_software(subject) : host_of(subject);
    const auto found = known_.find(host);
    if (found != known_.end()) return found->second;
    std::size_t index;
    if (host.mac.known() && !stands_for_nobody(host.mac)) {
        index = node_of(MacKey{host.site, host.mac});
    } else if (host.ip.known()) {
        index = node_of(IpKey{host.site, host.vlan, host.ip});
    } else {
        index = sets_.add();
    }
    known_.emplace(host, index);
    return index;
}

void Hosts::gather() {
    // Who holds which address, by whose word. An address that was only ever the source of somebody's frames gets no node here:
    // it becomes a device when something is claimed about it.
    for (const Observation& observation : observations_) {
        const Endpoint& subject = observation.subject;
        if (observation.field != Field::address) {
            for (const Endpoint& each : subjects_of(observation)) node(each);
            if (subject.mac.known() && subject.ip.known() && !stands_for_nobody(subject.mac)) {
                bindings_[{subject.site, subject.mac}].listed.insert({subject.site, subject.vlan, subject.ip});
                node_of(IpKey{subject.site, subject.vlan, subject.ip});
            }
            continue;
        }
        const std::optional<IpAddress> ip = IpAddress::parse(observation.value);
        if (!ip || ip->unspecified() || ip->multicast() || !subject.mac.known()) continue;
        if (stands_for_nobody(subject.mac)) continue;
        node(subject);
        Bindings& bound = bindings_[{subject.site, subject.mac}];
        const IpKey key{subject.site, subject.vlan, *ip};
        if (observation.strength >= Strength::Stated)
            bound.stated.insert(key);
        else if (observation.strength == Strength::Listed)
            bound.listed.insert(key);
        else if (observation.method.ends_with(".routed"))
            bound.routed.insert(key);
        else {
            bound.seen.insert(key);
            sightings_[{key, {subject.site, subject.mac}}] = observation.seen;
        }
    }
}

// Subjects that go by those names.
std::set<std::size_t> Hosts::nodes_of(const std::string& site, const std::vector<std::string>& names) {
    std::set<std::size_t> found;
    std::set<std::string> said;  // serial numbers and unique ids
    for (const std::string& each : names) {
        const std::string_view value = std::string_view(each).substr(each.find(':') + 1);
        if (each.starts_with("mac:")) {
            const auto mac = Mac::parse(value);
            const auto at = mac ? mac_node_.find({site, *mac}) : mac_node_.end();
            if (at != mac_node_.end()) found.insert(at->second);
        } else if (each.starts_with("ip:")) {
            const auto ip = IpAddress::parse(value);
            for (const auto& [key, index] : ip_node_) {
                if (ip && key.site == site && key.ip == *ip) found.insert(index);
            }
        } else if (each.starts_with("serial:")) {
            said.insert(std::string(value.substr(value.find('/') + 1)));
        } else {
            said.insert(each);
        }
    }
    if (said.empty()) return found;
    for (const Observation& observation : observations_) {
        const Endpoint& subject = observation.subject;
        if (subject.site != site || (!subject.path.empty() && !is_listed_only(subject))) continue;
        const bool serial = observation.field == Field::serial && observation.strength >= Strength::Listed;
        if ((serial && (said.contains(folded(observation.value)) || said.contains("cip-serial:" + observation.value))) ||
            (observation.field == Field::unique_id && said.contains(observation.value)))
            found.insert(node(subject));
    }
    return found;
}

// What people said of who is who.
void Hosts::hear(const std::vector<Assertion>& assertions) {
    for (const Assertion& each : assertions) {
        if (each.kind != Assertion::Kind::NotSame) continue;
        const auto a = nodes_of(each.site, telling(each.a));
        const auto b = nodes_of(each.site, telling(each.b));
        for (const std::size_t x : a) {
            for (const std::size_t y : b) sets_.keep_apart(x, y);
        }
    }
    for (const Assertion& each : assertions) {
        if (each.kind != Assertion::Kind::Same) continue;
        const auto nodes = nodes_of(each.site, each.a);
        for (const std::size_t x : nodes) sets_.join(*nodes.begin(), x);
    }
}

// Which bindings hold: first each MAC by itself ...
Hosts::Claimants Hosts::claimants() const {
    Claimants found;
    for (const auto& [mac, bound] : bindings_) {
        std::size_t stated_v4 = 0;
        for (const IpKey& key : bound.stated) stated_v4 += key.ip.version == 4 ? 1 : 0;
        const bool proxy = stated_v4 > addresses_of_one_device;
        std::set<IpAddress> unstated_v4;
        bool carries_public = false;
        for (const IpKey& key : bound.seen) {
            if (key.ip.version == 4 && !bound.stated.contains(key)) unstated_v4.insert(key.ip);
            if (!is_inside(key.ip, own_) && !bound.stated.contains(key) && !eui64_of(key.ip, mac.mac)) carries_public = true;
        }
        // What came through a router belongs to somebody behind it; that MAC is the router's.
        const bool passes_on = std::any_of(bound.routed.begin(), bound.routed.end(), [&](const IpKey& key) {
            return !bound.stated.contains(key) && !bound.listed.contains(key) && !bound.seen.contains(key);
        });
        const bool router = passes_on || carries_public || unstated_v4.size() > 1 || (unstated_v4.size() == 1 && stated_v4 > 0);
        // It answers for others beside itself: packets of the one come as sent, those of the others were passed on.
        const bool itself =
            std::any_of(bound.stated.begin(), bound.stated.end(), [&](const IpKey& key) { return bound.seen.contains(key); });
        for (const IpKey& key : bound.stated) {
            const bool for_another = itself && bound.routed.contains(key) && !bound.seen.contains(key);
            if (!proxy && !for_another) found.by_statement[key].insert(mac);
        }
        for (const IpKey& key : bound.listed) found.by_sight[key].insert(mac);
        for (const IpKey& key : bound.seen) {
            if (bound.stated.contains(key)) continue;
            // Link-local addresses are never routed (RFC 4291 section 2.5.6, RFC 3927 section 2.6.2).
            if (key.ip.link_local() || eui64_of(key.ip, mac.mac) || !router) found.by_sight[key].insert(mac);
        }
    }
    return found;
}

// ... then each address: who states it wins over who was seen with it; two claimants leave it alone (DHCP reuse, conflicts).
void Hosts::bind(const Claimants& claimants) {
    const auto& [by_statement, by_sight] = claimants;
    const auto hold = [&](const IpKey& key, const MacKey& mac) {
        held_.emplace_back(mac, key.ip);
        sets_.join(node_of(mac), node_of(key));
    };
    for (const auto& [key, macs] : by_statement) {
        if (macs.size() == 1) hold(key, *macs.begin());
    }
    // Two ports that send by turns while only one of them answers for the address (bonding, balance-tlb).
    for (const auto& [mac, bound] : bindings_) {
        if (!bound.stated.empty() || !bound.listed.empty() || bound.seen.size() != 1 || !bound.routed.empty()) continue;
        const auto stated = by_statement.find(*bound.seen.begin());
        if (stated == by_statement.end() || stated->second.size() != 1) continue;
        const MacKey& first = *stated->second.begin();
        const bool by_turns = sends_by_turns(sightings_, *bound.seen.begin(), mac, first);
        if (by_turns && are_neighbours(mac.mac, first.mac)) sets_.join(node_of(mac), node_of(first));
    }
    for (const auto& [key, macs] : by_sight) {
        if (!by_statement.contains(key) && macs.size() == 1) hold(key, *macs.begin());
    }
    // The same address with and without a VLAN tag (a mirror strips them one way) is one, if only one VLAN has it.
    std::map<std::pair<std::string, IpAddress>, std::vector<IpKey>> across_vlans;
    for (const auto& [key, index] : ip_node_) across_vlans[{key.site, key.ip}].push_back(key);
    for (const auto& [address, keys] : across_vlans) {
        if (keys.size() == 2 && !keys[0].vlan.known()) sets_.join(ip_node_.at(keys[0]), ip_node_.at(keys[1]));
    }
}

void Hosts::join_masters() {
    // An EtherCAT frame comes back to the master that sent it with the local bit set in its source address (ETG.1000.4 5.1).
    std::set<MacKey> ethercat;
    for (const Observation& observation : observations_) {
        if (observation.field == Field::service && observation.value == "ethernet/0x88a4") {
            ethercat.insert({observation.subject.site, observation.subject.mac});
        }
    }
    for (const MacKey& returned : ethercat) {
        MacKey sent = returned;
        sent.mac.bytes[0] = static_cast<std::uint8_t>(sent.mac.bytes[0] & ~2U);
        if (sent != returned && ethercat.contains(sent)) {
            sets_.join(node_of(sent), node_of(returned));
        }
    }
}

void Hosts::join_by_identity(const VendorDb& db) {
    // One device with several addresses: what it says of itself that no second device says.
    std::map<std::size_t, std::set<std::string>> named;  // node -> vendor or brand
    for (const Observation& observation : observations_) {
        const bool vendor_named = observation.field == Field::brand || observation.field == Field::maker;
        if (!vendor_named && observation.field != Field::vendor_id) continue;
        for (const Endpoint& subject : subjects_of(observation)) {
            if (!subject.path.empty() && !is_listed_only(subject)) continue;
            const Vendor* vendor = vendor_named ? db.named(observation.value) : nullptr;
            const std::string who = vendor != nullptr ? vendor->slug
                                    : vendor_named    ? folded(observation.value)
                                                      : observation.value;
            named[sets_.root(node(subject))].insert(who);
        }
    }
    std::map<std::string, std::set<std::size_t>> sharing;
    std::map<std::string, std::set<std::size_t>> told_by;  // of sharing, who was heard and is not an address of IPv6 alone
    const auto heard = [&](const std::string& what, const Endpoint& subject) {
        sharing[what].insert(node(subject));
        if (subject.mac.known() || subject.ip.version == 4) told_by[what].insert(sets_.root(node(subject)));
    };
    std::map<std::string, std::set<std::size_t>> listed;  // the same by a row of an inventory that has an address too
    Rows rows;
    for (const Observation& observation : observations_) {
        if (observation.field != Field::unique_id && observation.field != Field::serial) continue;
        for (const Endpoint& subject : subjects_of(observation)) {
            const bool listed_only = is_listed_only(subject);
            if (!subject.path.empty() && !listed_only) continue;
            if (observation.field == Field::unique_id && observation.strength >= Strength::Stated &&
                observation.value.starts_with("engine:")) {
                heard(subject.site + "|" + observation.value, subject);
            }
            if (observation.field != Field::serial || !plausible_serial(observation.value, observation.strength)) continue;
            const bool row = observation.strength == Strength::Listed;
            if (!row && !listed_only && observation.strength < Strength::Stated) continue;
            for (const std::string& who : named[sets_.root(node(subject))]) {
                const std::string what = subject.site + "|" + who + "|" + folded(observation.value);
                if (row) {
                    RowsOfSource& of = rows[what][observation.from.source];
                    of.number = is_number(observation.value);
                    (listed_only ? of.without_address : of.with_address).insert(node(subject));
                } else {
                    heard(what, subject);
                }
            }
        }
    }
    for (const auto& [what, nodes] : told_by)
        if (nodes.size() > addresses_of_one_device) sharing.erase(what);
    drop_given_to_many(rows);
    for (const auto& [what, sources] : rows) {
        for (const auto& [source, of] : sources) {
            if (!of.without_address.empty()) sharing[what].insert(of.without_address.begin(), of.without_address.end());
            if (!of.with_address.empty()) listed[what].insert(of.with_address.begin(), of.with_address.end());
        }
    }
    for (const auto& [what, nodes] : sharing) {
        for (const std::size_t each : nodes) sets_.join(*nodes.begin(), each);
    }
    join_listed(listed, sharing);
}

}  // namespace herkomst
