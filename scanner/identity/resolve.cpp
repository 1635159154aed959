#include "identity/resolve.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <set>

#include "core/text.h"
#include "identity/holders.h"
#include "vendordb/vendordb.h"

namespace herkomst {

namespace {

class Union {
  public:
    std::size_t add() {
        parent_.push_back(parent_.size());
        return parent_.size() - 1;
    }
    std::size_t root(std::size_t i) {
        while (parent_[i] != i) {
            parent_[i] = parent_[parent_[i]];
            i = parent_[i];
        }
        return i;
    }
    // The smaller index stays the root, so the outcome does not depend on the order of joins.
    void join(std::size_t a, std::size_t b) {
        a = root(a);
        b = root(b);
        if (a != b && !kept_apart(a, b)) parent_[std::max(a, b)] = std::min(a, b);
    }
    void keep_apart(std::size_t a, std::size_t b) {
        if (root(a) != root(b)) apart_.emplace_back(a, b);
    }

  private:
    bool kept_apart(std::size_t a, std::size_t b) {
        return std::any_of(apart_.begin(), apart_.end(), [&](const auto& pair) {
            const std::size_t x = root(pair.first);
            const std::size_t y = root(pair.second);
            return (x == a && y == b) || (x == b && y == a);
        });
    }
    std::vector<std::size_t> parent_;
    std::vector<std::pair<std::size_t, std::size_t>> apart_;
};

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

// IPv6 interface identifier made of the MAC (RFC 4291 appendix A).
bool eui64_of(const IpAddress& ip, const Mac& mac) {
    return ip.version == 6 && ip.bytes[8] == (mac.bytes[0] ^ 2) && ip.bytes[9] == mac.bytes[1] &&
           ip.bytes[10] == mac.bytes[2] && ip.bytes[11] == 0xff && ip.bytes[12] == 0xfe && ip.bytes[13] == mac.bytes[3] &&
           ip.bytes[14] == mac.bytes[4] && ip.bytes[15] == mac.bytes[5];
}

struct Bindings {
    std::set<IpKey> stated;  // ARP, DHCP
    std::set<IpKey> seen;    // source of a frame
    std::set<IpKey> routed;  // source of frames that all came through a router
    std::set<IpKey> listed;  // an inventory row has both
};

std::string protocol_of_step(std::string_view step) { return std::string(step.substr(0, step.find('/'))); }

// A Modbus unit and a DNP3 link address are numbers that the only device behind an address has too.
bool is_unit(std::string_view step) { return step.starts_with("modbus/") || step.starts_with("dnp3/"); }

constexpr std::size_t addresses_of_one_device = 4;  // more IPv4 addresses than this at one MAC are a proxy's or a router's

}  // namespace

bool plausible_serial(std::string_view serial) {
    std::string bare;
    for (const char c : serial) {
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) bare += c;
    }
    if (bare.starts_with("0x") || bare.starts_with("0X")) bare.erase(0, 2);
    if (bare.size() < 4) return false;
    // Counters and words that stand where nobody wrote a number.
    const std::size_t digits = bare.find_first_not_of('0');
    if (digits == std::string::npos || (digits != 0 && bare.size() - digits < 3)) return false;
    for (const std::string_view word :
         {"unknown", "none", "null", "notset", "default", "serial", "serialnumber", "notavailable", "notspecified",
          "tobefilledbyoem", "onbekend", "geen", "abcdef", "12345678a"}) {
        if (equal_ignoring_case(bare, word)) return false;
    }
    if (std::all_of(bare.begin(), bare.end(), [&](char c) { return c == bare[0]; })) return false;
    return std::string_view("01234567890123456789").find(bare) == std::string_view::npos;
}

bool is_node_number(const Mac& mac) {
    return std::all_of(mac.bytes.begin(), mac.bytes.end() - 1, [](std::uint8_t b) { return b == 0; });
}

bool stands_for_nobody(const Mac& mac) {
    if (!mac.known() || mac.group()) return true;
    const auto& b = mac.bytes;
    const bool vrrp = b[0] == 0 && b[1] == 0 && b[2] == 0x5e && b[3] == 0 && (b[4] == 1 || b[4] == 2);  // RFC 5798 section 7.3
    const bool hsrp =
        b[0] == 0 && b[1] == 0 && b[2] == 0x0c && ((b[3] == 0x07 && b[4] == 0xac) || (b[3] == 0x9f && (b[4] & 0xf0) == 0xf0));
    return vrrp || hsrp;
}

Resolved resolve(const std::vector<Observation>& observations, const VendorDb& db, const std::vector<Assertion>& assertions,
                 const std::vector<AddressRange>& site_own) {
    Union sets;
    std::map<Endpoint, std::size_t> node_of;  // hosts (no path) and rows that an inventory lists without an address
    std::map<MacKey, std::size_t> mac_node;
    std::map<IpKey, std::size_t> ip_node;
    std::map<MacKey, Bindings> bindings;
    Sightings sightings;
    const Tenures tenures = tenures_of(observations);
    // Whom a row is about: its subject, or who had that address then.
    const auto subjects_of = [&](const Observation& observation) {
        std::vector<Endpoint> subjects(1, observation.subject);
        const std::vector<Mac> holders = holders_of(tenures, observation);
        if (holders.empty()) return subjects;
        subjects.resize(holders.size(), observation.subject);
        for (std::size_t i = 0; i < holders.size(); ++i) {
            subjects[i].mac = holders[i];
            subjects[i].ip = {};
        }
        return subjects;
    };

    const auto node_of_mac = [&](const std::string& site, const Mac& mac) {
        const auto [at, fresh] = mac_node.try_emplace(MacKey{site, mac}, 0);
        if (fresh) at->second = sets.add();
        return at->second;
    };
    const auto node_of_ip = [&](const std::string& site, const Vlan& vlan, const IpAddress& ip) {
        const auto [at, fresh] = ip_node.try_emplace(IpKey{site, vlan, ip}, 0);
        if (fresh) at->second = sets.add();
        return at->second;
    };
    const auto node = [&](const Endpoint& subject) {
        const Endpoint host = is_listed_only(subject) ? without_software(subject) : host_of(subject);
        const auto found = node_of.find(host);
        if (found != node_of.end()) return found->second;
        std::size_t index;
        if (host.mac.known() && !stands_for_nobody(host.mac)) {
            index = node_of_mac(host.site, host.mac);
        } else if (host.ip.known()) {
            index = node_of_ip(host.site, host.vlan, host.ip);
        } else {
            index = sets.add();
        }
        node_of.emplace(host, index);
        return index;
    };

    // Who holds which address, by whose word. An address that was only ever the source of somebody's frames gets no node here:
    // it becomes a device when something is claimed about it.
    for (const Observation& observation : observations) {
        const Endpoint& subject = observation.subject;
        if (observation.field != Field::address) {
            for (const Endpoint& each : subjects_of(observation)) node(each);
            if (subject.mac.known() && subject.ip.known() && !stands_for_nobody(subject.mac)) {
                bindings[{subject.site, subject.mac}].listed.insert({subject.site, subject.vlan, subject.ip});
                node_of_ip(subject.site, subject.vlan, subject.ip);
            }
            continue;
        }
        const std::optional<IpAddress> ip = IpAddress::parse(observation.value);
        if (!ip || ip->unspecified() || ip->multicast() || !subject.mac.known()) continue;
        if (stands_for_nobody(subject.mac)) continue;
        node(subject);
        Bindings& bound = bindings[{subject.site, subject.mac}];
        const IpKey key{subject.site, subject.vlan, *ip};
        if (observation.strength >= Strength::Stated)
            bound.stated.insert(key);
        else if (observation.strength == Strength::Listed)
            bound.listed.insert(key);
        else if (observation.method.ends_with(".routed"))
            bound.routed.insert(key);
        else {
            bound.seen.insert(key);
            sightings[{key, {subject.site, subject.mac}}] = observation.seen;
        }
    }

    // What people said of who is who: the subjects that go by those names.
    const auto nodes_of = [&](const std::string& site, const std::vector<std::string>& names) {
        std::set<std::size_t> found;
        std::set<std::string> said;  // serial numbers and unique ids
        for (const std::string& each : names) {
            const std::string_view value = std::string_view(each).substr(each.find(':') + 1);
            if (each.starts_with("mac:")) {
                const auto mac = Mac::parse(value);
                const auto at = mac ? mac_node.find({site, *mac}) : mac_node.end();
                if (at != mac_node.end()) found.insert(at->second);
            } else if (each.starts_with("ip:")) {
                const auto ip = IpAddress::parse(value);
                for (const auto& [key, index] : ip_node) {
                    if (ip && key.site == site && key.ip == *ip) found.insert(index);
                }
            } else if (each.starts_with("serial:")) {
                said.insert(std::string(value.substr(value.find('/') + 1)));
            } else {
                said.insert(each);
            }
        }
        if (said.empty()) return found;
        for (const Observation& observation : observations) {
            const Endpoint& subject = observation.subject;
            if (subject.site != site || (!subject.path.empty() && !is_listed_only(subject))) continue;
            const bool serial = observation.field == Field::serial && observation.strength >= Strength::Listed;
            if ((serial && (said.contains(folded(observation.value)) || said.contains("cip-serial:" + observation.value))) ||
                (observation.field == Field::unique_id && said.contains(observation.value)))
                found.insert(node(subject));
        }
        return found;
    };
    for (const Assertion& each : assertions) {
        if (each.kind != Assertion::Kind::NotSame) continue;
        const auto a = nodes_of(each.site, telling(each.a));
        const auto b = nodes_of(each.site, telling(each.b));
        for (const std::size_t x : a) {
            for (const std::size_t y : b) sets.keep_apart(x, y);
        }
    }
    for (const Assertion& each : assertions) {
        if (each.kind != Assertion::Kind::Same) continue;
        const auto nodes = nodes_of(each.site, each.a);
        for (const std::size_t x : nodes) sets.join(*nodes.begin(), x);
    }

    // Which bindings hold. First each MAC by itself ...
    std::map<IpKey, std::set<MacKey>> by_statement;
    std::map<IpKey, std::set<MacKey>> by_sight;
    for (const auto& [mac, bound] : bindings) {
        std::size_t stated_v4 = 0;
        for (const IpKey& key : bound.stated) stated_v4 += key.ip.version == 4 ? 1 : 0;
        const bool proxy = stated_v4 > addresses_of_one_device;
        std::set<IpAddress> unstated_v4;
        bool carries_public = false;
        for (const IpKey& key : bound.seen) {
            if (key.ip.version == 4 && !bound.stated.contains(key)) unstated_v4.insert(key.ip);
            if (!is_inside(key.ip, site_own) && !bound.stated.contains(key) && !eui64_of(key.ip, mac.mac))
                carries_public = true;
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
            if (!proxy && !for_another) by_statement[key].insert(mac);
        }
        for (const IpKey& key : bound.listed) by_sight[key].insert(mac);
        for (const IpKey& key : bound.seen) {
            if (bound.stated.contains(key)) continue;
            // Link-local addresses are never routed (RFC 4291 section 2.5.6, RFC 3927 section 2.6.2).
            if (key.ip.link_local() || eui64_of(key.ip, mac.mac) || !router) by_sight[key].insert(mac);
        }
    }
    // ... then each address: who states it wins over who was seen with it; two claimants leave it alone (DHCP reuse,
    // conflicts).
    std::vector<std::pair<MacKey, IpAddress>> held;
    const auto bind = [&](const IpKey& key, const MacKey& mac) {
        held.emplace_back(mac, key.ip);
        sets.join(node_of_mac(mac.site, mac.mac), node_of_ip(key.site, key.vlan, key.ip));
    };
    for (const auto& [key, macs] : by_statement) {
        if (macs.size() == 1) bind(key, *macs.begin());
    }
    // Two ports that send by turns while only one of them answers for the address (bonding, balance-tlb).
    for (const auto& [mac, bound] : bindings) {
        if (!bound.stated.empty() || !bound.listed.empty() || bound.seen.size() != 1 || !bound.routed.empty()) continue;
        const auto stated = by_statement.find(*bound.seen.begin());
        if (stated == by_statement.end() || stated->second.size() != 1) continue;
        const MacKey& first = *stated->second.begin();
        const bool by_turns = sends_by_turns(sightings, *bound.seen.begin(), mac, first);
        if (by_turns && are_neighbours(mac.mac, first.mac))
            sets.join(node_of_mac(mac.site, mac.mac), node_of_mac(first.site, first.mac));
    }
    for (const auto& [key, macs] : by_sight) {
        if (!by_statement.contains(key) && macs.size() == 1) bind(key, *macs.begin());
    }
    // The same address with and without a VLAN tag (a mirror strips them one way) is one, if only one VLAN has it.
    std::map<std::pair<std::string, IpAddress>, std::vector<IpKey>> across_vlans;
    for (const auto& [key, index] : ip_node) across_vlans[{key.site, key.ip}].push_back(key);
    for (const auto& [address, keys] : across_vlans) {
        if (keys.size() == 2 && !keys[0].vlan.known()) sets.join(ip_node.at(keys[0]), ip_node.at(keys[1]));
    }

    // An EtherCAT frame comes back to the master that sent it with the local bit set in its source address (ETG.1000.4 5.1).
    std::set<MacKey> ethercat;
    for (const Observation& observation : observations) {
        if (observation.field == Field::service && observation.value == "ethernet/0x88a4") {
            ethercat.insert({observation.subject.site, observation.subject.mac});
        }
    }
    for (const MacKey& returned : ethercat) {
        MacKey sent = returned;
        sent.mac.bytes[0] = static_cast<std::uint8_t>(sent.mac.bytes[0] & ~2U);
        if (sent != returned && ethercat.contains(sent)) {
            sets.join(node_of_mac(sent.site, sent.mac), node_of_mac(returned.site, returned.mac));
        }
    }

    // One device with several addresses: what it says of itself that no second device says.
    std::map<std::size_t, std::set<std::string>> named;  // node -> vendor or brand
    for (const Observation& observation : observations) {
        const bool vendor_named = observation.field == Field::brand || observation.field == Field::maker;
        if (!vendor_named && observation.field != Field::vendor_id) continue;
        for (const Endpoint& subject : subjects_of(observation)) {
            if (!subject.path.empty() && !is_listed_only(subject)) continue;
            const Vendor* vendor = vendor_named ? db.named(observation.value) : nullptr;
            const std::string who = vendor != nullptr ? vendor->slug
                                    : vendor_named    ? folded(observation.value)
                                                      : observation.value;
            named[sets.root(node(subject))].insert(who);
        }
    }
    std::map<std::string, std::set<std::size_t>> sharing;
    for (const Observation& observation : observations) {
        if (observation.field != Field::unique_id && observation.field != Field::serial) continue;
        for (const Endpoint& subject : subjects_of(observation)) {
            const bool listed_only = is_listed_only(subject);
            if (!subject.path.empty() && !listed_only) continue;
            if (observation.field == Field::unique_id && observation.strength >= Strength::Stated &&
                observation.value.starts_with("engine:")) {
                sharing[subject.site + "|" + observation.value].insert(node(subject));
            }
            if (observation.field != Field::serial || !plausible_serial(observation.value)) continue;
            if (observation.strength < Strength::Stated && !listed_only) continue;
            for (const std::string& who : named[sets.root(node(subject))]) {
                sharing[subject.site + "|" + who + "|" + folded(observation.value)].insert(node(subject));
            }
        }
    }
    for (const auto& [what, nodes] : sharing) {
        for (const std::size_t each : nodes) sets.join(*nodes.begin(), each);
    }

    // Clusters of hosts, in order of their smallest subject.
    Resolved resolved;
    std::map<std::size_t, std::size_t> cluster_of_root;
    std::map<Endpoint, std::vector<std::size_t>> by_subject;
    for (std::size_t i = 0; i < observations.size(); ++i) {
        for (const Endpoint& subject : subjects_of(observations[i])) by_subject[without_software(subject)].push_back(i);
    }
    for (const auto& [subject, rows] : by_subject) {
        if (!subject.path.empty() && !is_listed_only(subject)) continue;
        if (!subject.known() && subject.path.empty()) continue;
        if (subject.mac.known() && !subject.ip.known() && stands_for_nobody(subject.mac)) continue;
        const auto [at, fresh] = cluster_of_root.try_emplace(sets.root(node(subject)), resolved.clusters.size());
        if (fresh) resolved.clusters.emplace_back();
        Cluster& cluster = resolved.clusters[at->second];
        cluster.subjects.push_back(subject);
        cluster.observations.insert(cluster.observations.end(), rows.begin(), rows.end());
        resolved.cluster_of[subject] = at->second;
    }

    for (const auto& [mac, ip] : held) {
        const auto at = cluster_of_root.find(sets.root(node_of_mac(mac.site, mac.mac)));
        if (at != cluster_of_root.end()) resolved.clusters[at->second].bound.push_back(ip);
    }
    for (Cluster& cluster : resolved.clusters) {
        std::sort(cluster.bound.begin(), cluster.bound.end());
        cluster.bound.erase(std::unique(cluster.bound.begin(), cluster.bound.end()), cluster.bound.end());
    }

    // Parts. First who the host of each is, then whether a part is the host itself.
    const auto host_cluster = [&](const Endpoint& part) {
        const Endpoint host = host_of(part);
        const auto [at, fresh] = cluster_of_root.try_emplace(sets.root(node(host)), resolved.clusters.size());
        if (fresh) {
            resolved.clusters.emplace_back();
            resolved.clusters.back().subjects.push_back(host);
        }
        resolved.cluster_of[host] = at->second;
        return at->second;
    };
    const auto serials = [&](const std::vector<std::size_t>& rows) {
        std::set<std::string> found;
        for (const std::size_t i : rows) {
            if (observations[i].field == Field::serial && plausible_serial(observations[i].value))
                found.insert(folded(observations[i].value));
        }
        return found;
    };
    // Host cluster and protocol -> first steps that are numbers the protocol gives whoever answers, the host itself included.
    std::map<std::pair<std::size_t, std::string>, std::set<std::string>> units;
    for (const auto& [subject, rows] : by_subject) {
        if (subject.path.empty() || is_listed_only(subject) || !is_unit(subject.path[0])) continue;
        units[{host_cluster(subject), protocol_of_step(subject.path[0])}].insert(subject.path[0]);
    }
    std::map<std::pair<std::size_t, SubPath>, std::size_t> part_cluster;
    for (const auto& [subject, rows] : by_subject) {
        if (subject.path.empty() || is_listed_only(subject)) continue;
        const std::size_t host = host_cluster(subject);
        SubPath path = subject.path;
        if (is_unit(path[0])) {
            const std::set<std::string> own = serials(resolved.clusters[host].observations);
            bool itself = units[{host, protocol_of_step(path[0])}].size() == 1;
            if (!itself && path.size() == 1) {
                for (const std::string& serial : serials(rows)) itself = itself || own.contains(serial);
            }
            if (itself) path.erase(path.begin());
        }
        std::size_t at = host;
        SubPath so_far;
        for (const std::string& step : path) {
            so_far.push_back(step);
            const auto [part, fresh] = part_cluster.try_emplace({host, so_far}, resolved.clusters.size());
            if (fresh) {
                Cluster cluster;
                cluster.parent = at;
                cluster.path = so_far;
                resolved.clusters.push_back(std::move(cluster));
            }
            at = part->second;
        }
        Cluster& cluster = resolved.clusters[at];
        cluster.subjects.push_back(subject);
        cluster.observations.insert(cluster.observations.end(), rows.begin(), rows.end());
        resolved.cluster_of[subject] = at;
    }

    // An inventory row without an address that has a part's serial and maker is that part.
    const auto identities = [&](const std::vector<std::size_t>& rows) {
        std::set<std::string> makers;
        std::set<std::string> found;
        for (const std::size_t i : rows) {
            if (observations[i].field != Field::brand && observations[i].field != Field::maker) continue;
            const Vendor* vendor = db.named(observations[i].value);
            makers.insert(vendor != nullptr ? vendor->slug : folded(observations[i].value));
        }
        for (const std::string& serial : serials(rows)) {
            for (const std::string& maker : makers) found.insert(maker + "|" + serial);
        }
        return found;
    };
    std::map<std::string, std::set<std::size_t>> parts_called;  // site|maker|serial
    for (const auto& [where, part] : part_cluster) {
        for (const std::string& who : identities(resolved.clusters[part].observations)) {
            parts_called[resolved.clusters[part].subjects.front().site + "|" + who].insert(part);
        }
    }
    for (Cluster& row : resolved.clusters) {
        const bool listed_only = row.parent == SIZE_MAX && !row.subjects.empty() &&
                                 std::all_of(row.subjects.begin(), row.subjects.end(), is_listed_only);
        if (!listed_only) continue;
        std::set<std::size_t> meant;
        for (const std::string& who : identities(row.observations)) {
            const auto found = parts_called.find(row.subjects.front().site + "|" + who);
            if (found != parts_called.end()) meant.insert(found->second.begin(), found->second.end());
        }
        if (meant.size() != 1) continue;
        Cluster& part = resolved.clusters[*meant.begin()];
        part.observations.insert(part.observations.end(), row.observations.begin(), row.observations.end());
        for (const Endpoint& subject : row.subjects) resolved.cluster_of[subject] = *meant.begin();
        row.observations.clear();
        row.subjects.clear();
    }
    for (Cluster& cluster : resolved.clusters) {
        std::sort(cluster.subjects.begin(), cluster.subjects.end());
        cluster.subjects.erase(std::unique(cluster.subjects.begin(), cluster.subjects.end()), cluster.subjects.end());
        std::sort(cluster.observations.begin(), cluster.observations.end());
    }
    return resolved;
}

}  // namespace herkomst
