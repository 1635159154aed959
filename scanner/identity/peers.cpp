#include "identity/peers.h"

#include <algorithm>
#include <array>
#include <set>

#include "core/text.h"
#include "identity/asset.h"
#include "identity/lawful.h"
#include "identity/recog_text.h"
#include "vendordb/vendordb.h"

namespace herkomst {

namespace {

constexpr std::size_t names_most = 32;  // that are kept of one subject: with as many, some may be missing
// Protocols in whose conversations a certificate is shown.
constexpr auto showing = std::to_array<std::string_view>({"dtls", "quic", "tls"});

struct Shown {
    std::map<std::string, Evidence> certificates;  // "SUBJECT / ISSUER"
    std::set<std::string> hosts;                   // alternative names
};

const Cloud* cloud_of_host(std::string_view host, const VendorDb& db) {
    if (host.starts_with("*.")) host.remove_prefix(2);
    return host.empty() ? nullptr : db.cloud(host);
}

const Cloud* cloud_of_all(const std::set<std::string>& hosts, const VendorDb& db) {
    const Cloud* of_all = nullptr;
    for (const std::string& host : hosts) {
        const Cloud* cloud = cloud_of_host(host, db);
        if (cloud == nullptr || (of_all != nullptr && cloud != of_all)) return nullptr;
        of_all = cloud;
    }
    return hosts.size() < names_most ? of_all : nullptr;
}

RemotePeer peer_that_shows(const Shown& shown, const VendorDb& db) {
    RemotePeer peer;
    for (const auto& [certificate, from] : shown.certificates) {
        const Cloud* cloud = db.cloud_of_certificate(certificate);
        const std::string subject = certificate.substr(0, certificate.find(" / "));
        if (cloud == nullptr) cloud = cloud_of_host(lower(certificate_attribute(subject, "CN")), db);
        if (cloud == nullptr && shown.certificates.size() == 1) cloud = cloud_of_all(shown.hosts, db);
        if (cloud == nullptr || (peer.cloud != nullptr && peer.cloud->suffix != cloud->suffix)) return {};
        if (peer.cloud == nullptr) peer = {cloud, "certificate", certificate, from};
    }
    return peer;
}

}  // namespace

Peers peers_of(const std::vector<Observation>& observations, const VendorDb& db) {
    std::map<std::pair<std::string, IpAddress>, Shown> all;
    for (const Observation& row : observations) {
        const std::string_view protocol = std::string_view(row.method).substr(0, row.method.find('.'));
        if (!row.subject.ip.known() || std::find(showing.begin(), showing.end(), protocol) == showing.end()) continue;
        if (row.field == Field::certificate && !row.method.ends_with(".chain")) {
            const auto [at, fresh] = all[{row.subject.site, row.subject.ip}].certificates.try_emplace(row.value, row.from);
            if (!fresh && row.from < at->second) at->second = row.from;
        } else if (row.field == Field::dns_name) {
            all[{row.subject.site, row.subject.ip}].hosts.insert(row.value);
        }
    }
    Peers peers;
    for (const auto& [place, shown] : all) {
        RemotePeer peer = peer_that_shows(shown, db);
        if (peer.cloud != nullptr) peers.emplace(place, std::move(peer));
    }
    return peers;
}

RemotePeer peer_of(const Identified& identified, const Conversation& row, const VendorDb& db) {
    if (const Cloud* cloud = row.b_name.empty() ? nullptr : db.cloud(row.b_name))
        return {cloud, "name", row.b_name, row.b_name_from};
    if (row.bytes_ab == 0 || row.bytes_ba == 0) return {};
    const bool certified = std::find(showing.begin(), showing.end(), row.service) != showing.end();
    for (const bool is_a : {false, true}) {
        const Endpoint& end = is_a ? row.a : row.b;
        const IpAddress& other = (is_a ? row.b : row.a).ip;
        if (is_outside(identified, other)) continue;
        if (!is_outside(identified, end.ip)) {
            const Cloud* declared = lawful_cloud(end.ip, db);
            if (declared == nullptr || lawful_cloud(other, db) != nullptr || row.service == "arp") continue;
            return {declared, "address", end.ip.text(), {}, is_a};
        }
        RemotePeer peer;
        const auto found = certified ? identified.peers.find({end.site, end.ip}) : identified.peers.end();
        if (found != identified.peers.end()) {
            peer = found->second;
        } else if (const Cloud* cloud = db.cloud_at(end.ip)) {
            peer = {cloud, "address", end.ip.text(), {}};
        }
        peer.is_a = is_a;
        if (peer.cloud != nullptr) return peer;
    }
    return {};
}

}  // namespace herkomst
