#include "identity/resolve.h"

#include <algorithm>
#include <set>

#include "core/blank_word.h"
#include "core/text.h"
#include "identity/hosts.h"
#include "vendordb/vendordb.h"

namespace herkomst {

namespace {

std::string protocol_of_step(std::string_view step) { return std::string(step.substr(0, step.find('/'))); }

// A Modbus unit, a DNP3 link address and an IEC 104 common address are numbers that the only device behind an address has too;
// so is the identity with which a charger connects to its operator. Its meter is a part of it either way.
bool is_unit(std::string_view step) {
    return step.starts_with("modbus/") || step.starts_with("dnp3/") || step.starts_with("iec104/") ||
           (step.starts_with("ocpp/") && step != "ocpp/meter");
}

}  // namespace

bool plausible_serial(std::string_view serial, Strength strength) {
    if (says_nothing(serial)) return false;
    // Of words there are more than any list has; a serial number without a digit is seldom one.
    if (strength == Strength::Listed && serial.find_first_of("0123456789") == std::string_view::npos) return false;
    std::string bare;
    for (const char c : serial) {
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) bare += c;
    }
    if (bare.starts_with("0x") || bare.starts_with("0X")) bare.erase(0, 2);
    if (bare.size() < 4) return false;
    // Counters and words that stand where nobody wrote a number.
    const std::size_t digits = bare.find_first_not_of('0');
    if (digits == std::string::npos || (digits != 0 && bare.size() - digits < 3)) return false;
    for (const std::string_view word : {"default", "serial", "serialnumber", "abcdef", "12345678a"}) {
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
                 const std::vector<AddressRange>& own) {
    Hosts hosts(observations, db, assertions, own);

    // Clusters of hosts, in order of their smallest subject.
    Resolved resolved;
    std::map<std::size_t, std::size_t> cluster_of_root;
    std::map<Endpoint, std::vector<std::size_t>> by_subject;
    for (std::size_t i = 0; i < observations.size(); ++i) {
        for (const Endpoint& subject : hosts.subjects_of(observations[i])) by_subject[without_software(subject)].push_back(i);
    }
    for (const auto& [subject, rows] : by_subject) {
        if (!subject.path.empty() && !is_listed_only(subject)) continue;
        if (!subject.known() && subject.path.empty()) continue;
        if (subject.mac.known() && !subject.ip.known() && stands_for_nobody(subject.mac)) continue;
        const auto [at, fresh] = cluster_of_root.try_emplace(hosts.device(subject), resolved.clusters.size());
        if (fresh) resolved.clusters.emplace_back();
        Cluster& cluster = resolved.clusters[at->second];
        cluster.subjects.push_back(subject);
        cluster.observations.insert(cluster.observations.end(), rows.begin(), rows.end());
        resolved.cluster_of[subject] = at->second;
    }

    for (const auto& [device, ip] : hosts.held()) {
        const auto at = cluster_of_root.find(device);
        if (at != cluster_of_root.end()) resolved.clusters[at->second].bound.push_back(ip);
    }
    for (Cluster& cluster : resolved.clusters) {
        std::sort(cluster.bound.begin(), cluster.bound.end());
        cluster.bound.erase(std::unique(cluster.bound.begin(), cluster.bound.end()), cluster.bound.end());
    }

    // Parts. First who the host of each is, then whether a part is the host itself.
    const auto host_cluster = [&](const Endpoint& part) {
        const Endpoint host = host_of(part);
        const auto [at, fresh] = cluster_of_root.try_emplace(hosts.device(host), resolved.clusters.size());
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
            if (observations[i].field == Field::serial && plausible_serial(observations[i].value, observations[i].strength))
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
            const std::set<std::string> of_host = serials(resolved.clusters[host].observations);
            bool itself = units[{host, protocol_of_step(path[0])}].size() == 1;
            if (!itself && path.size() == 1) {
                for (const std::string& serial : serials(rows)) itself = itself || of_host.contains(serial);
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

    // An inventory row without an address that has a part's serial and maker is that part; so is one with an address where
    // nothing else is known of whoever is there: a device behind a gateway may have an address of its own as well.
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
    std::vector<bool> has_parts(resolved.clusters.size(), false);
    for (const Cluster& cluster : resolved.clusters) {
        if (cluster.parent != SIZE_MAX) has_parts[cluster.parent] = true;
    }
    const auto models = [&](const Cluster& cluster) {
        std::set<std::string> found;
        for (const std::size_t i : cluster.observations) {
            if (observations[i].field == Field::model) found.insert(folded(observations[i].value));
        }
        return found;
    };
    for (std::size_t at = 0; at < resolved.clusters.size(); ++at) {
        Cluster& row = resolved.clusters[at];
        if (row.parent != SIZE_MAX || row.subjects.empty() || has_parts[at]) continue;
        const bool without_address = std::all_of(row.subjects.begin(), row.subjects.end(), is_listed_only);
        const bool unheard = std::all_of(row.observations.begin(), row.observations.end(), [&](std::size_t i) {
            return observations[i].strength == Strength::Listed || observations[i].strength == Strength::Confirmed;
        });
        if (!without_address && !(unheard && serials(row.observations).size() == 1)) continue;
        std::set<std::size_t> meant;
        for (const std::string& who : identities(row.observations)) {
            const auto found = parts_called.find(row.subjects.front().site + "|" + who);
            if (found != parts_called.end()) meant.insert(found->second.begin(), found->second.end());
        }
        if (meant.size() != 1) continue;
        Cluster& part = resolved.clusters[*meant.begin()];
        if (!without_address && !models_agree(models(row), models(part))) continue;
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
