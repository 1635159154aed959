#include "identity/paths.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "core/holds.h"
#include "core/lines.h"
#include "core/text.h"
#include "decoders/decoder.h"
#include "identity/asset.h"
#include "identity/fuse.h"
#include "identity/lawful.h"
#include "vendordb/vendordb.h"

namespace herkomst {

namespace {

// "ip/50" is ESP (RFC 4303), "ip/47" GRE: what tunnels without ports look like.
constexpr auto tunnels = std::to_array<std::string_view>(
    {"ip/50", "isakmp", "l2tp", "openvpn", "pptp", "tailscale", "teamviewer", "wireguard", "zerotier", "ip/47"});
constexpr std::array<std::string_view, 4> sessions = {"rdp", "ssh", "telnet", "vnc"};

using PathKey = std::tuple<std::string, std::string, std::string, std::string>;  // asset, kind, to, opened_by

class Folder {
  public:
    void put(Path path, const Conversation& row, bool asset_is_a) {
        const std::string other = (asset_is_a ? row.b : row.a).ip.text();
        path.opened_by = row.opened_by == "a" ? (asset_is_a ? "asset" : "other") : "unknown";
        const auto [at, fresh] = paths_.try_emplace(PathKey(path.asset, path.kind, path.to, path.opened_by), std::move(path));
        Path& into = at->second;
        into.bytes_out += asset_is_a ? row.bytes_ab : row.bytes_ba;
        into.bytes_in += asset_is_a ? row.bytes_ba : row.bytes_ab;
        into.services.insert(row.service);
        into.others.insert(other);
        into.openings.merge(row.openings);
        if (fresh) {
            into.seen = row.seen;
            return;
        }
        // Several entries of vendor data may lead to the same cloud.
        into.known_by.merge(path.known_by);
        into.purpose = std::min(into.purpose, path.purpose);
        into.sourced = into.sourced || path.sourced;
        into.hinted = into.hinted && path.hinted;
        into.seen.first = std::min(into.seen.first, row.seen.first);
        into.seen.last = std::max(into.seen.last, row.seen.last);
        into.seen.count += row.seen.count;
    }
    std::vector<Path> list() {
        std::vector<Path> out;
        std::size_t of_this = 0;
        for (auto& [key, path] : paths_) {
            of_this = out.empty() || out.back().asset != path.asset ? 0 : of_this + 1;
            if (of_this >= paths_per_asset) continue;
            while (path.others.size() > Path::others_most) {
                path.others.erase(std::prev(path.others.end()));
                ++path.others_more;
            }
            out.push_back(std::move(path));
        }
        return out;
    }

  private:
    std::map<PathKey, Path> paths_;
};

// Whoever stands inside and is a grid operator's end: an overlay's range is dealt with as a peer (peers.h), so by its category.
bool is_operator(const Identified& identified, const Endpoint& end, const VendorDb& db) {
    return lawful_at(identified, end, db).party == "grid_operator";
}

Path declared_path(const Lawful& who, const std::string& service) {
    Path path;
    path.kind = "control";
    path.to = service;
    path.purpose = (who.party == "grid_operator" ? "grid operator, declared by " : "energy management, declared by ") + who.by;
    return path;
}

}  // namespace

bool is_tunnel(std::string_view service) { return holds(tunnels, service); }
bool is_session(std::string_view service) { return holds(sessions, service); }
bool is_remote_access(std::string_view purpose) { return starts_with_ignoring_case(purpose, "remote access"); }

bool is_control(std::string_view service) {
    const Decoder* decoder = decoder_named(service);
    return decoder != nullptr && decoder->commands;
}

bool is_outside(const Identified& identified, const IpAddress& ip) {
    const bool at_large = ip.known() && !ip.multicast() && !ip.unspecified() && !ip.loopback() && !ip.link_local();
    return at_large && !is_inside(ip, identified.own);
}

std::string asset_key_at(const Identified& identified, const Endpoint& endpoint) {
    Endpoint by_ip = endpoint;
    by_ip.mac = {};
    Endpoint by_mac = endpoint;
    by_mac.ip = {};
    for (const Endpoint& subject : {endpoint, by_ip, by_mac}) {
        if (subject == by_mac && endpoint.ip.known() && is_outside(identified, endpoint.ip)) continue;
        const auto found = identified.asset_of.find(subject);
        if (found != identified.asset_of.end()) return found->second;
    }
    return {};
}

std::vector<Path> paths_of(const Identified& identified, const VendorDb& db) {
    Folder paths;
    for (const Conversation& row : identified.conversations) {
        const RemotePeer peer = peer_of(identified, row, db);
        if (peer.cloud != nullptr) {
            Path path;
            path.asset = asset_key_at(identified, peer.is_a ? row.b : row.a);
            const bool lawful = !lawful_purpose(peer.cloud->purpose).empty();
            path.kind = is_remote_access(peer.cloud->purpose) ? "remote_service"
                        : lawful && is_control(row.service)   ? "control"
                                                              : "cloud";
            path.to = peer.cloud->suffix;
            path.operator_slug = peer.cloud->operator_slug;
            path.purpose = peer.cloud->purpose;
            path.sourced = peer.cloud->sourcing.counts();
            path.known_by.insert(peer.known_by);
            if (!path.asset.empty()) paths.put(std::move(path), row, !peer.is_a);
            continue;
        }
        const bool a_outside = is_outside(identified, row.a.ip);
        const bool b_outside = is_outside(identified, row.b.ip);
        if (row.bytes_ba == 0 || (a_outside && b_outside)) continue;
        if (a_outside == b_outside) {
            if (!is_control(row.service) || row.bytes_ab == 0) continue;
            const bool a_operates = is_operator(identified, row.a, db);
            if (a_operates == is_operator(identified, row.b, db)) continue;
            Path path = declared_path(lawful_at(identified, a_operates ? row.a : row.b, db), row.service);
            path.sourced = true;
            path.asset = asset_key_at(identified, a_operates ? row.b : row.a);
            if (!path.asset.empty()) paths.put(std::move(path), row, !a_operates);
            continue;
        }
        // A session counts where somebody outside holds it with a device here that answered.
        const bool session = is_session(row.service) && a_outside;
        // RFC 4254 section 7.1: whoever opens a session may have connections passed back through it. That this one does is not
        // seen: it may as well fetch a file.
        const bool session_out = row.service == "ssh" && b_outside;
        const bool tunnel = is_tunnel(row.service) && row.bytes_ab != 0;
        const bool commands = is_control(row.service) && row.bytes_ab != 0;
        if (!session && !session_out && !tunnel && !commands) continue;
        Path path;
        path.kind = commands ? "control" : "remote_service";
        path.to = row.service;
        if (const Lawful who = lawful_at(identified, a_outside ? row.a : row.b, db); commands && who.declared())
            path = declared_path(who, row.service);
        path.asset = asset_key_at(identified, a_outside ? row.b : row.a);
        path.hinted = session_out;
        path.sourced = !session_out;
        if (session_out) path.purpose = "a session with a host outside, which may carry a tunnel back";
        if (!path.asset.empty()) paths.put(std::move(path), row, !a_outside);
    }
    std::vector<Path> list = paths.list();
    for (Path& path : list) {
        const auto asset = std::lower_bound(identified.assets.begin(), identified.assets.end(), path.asset,
                                            [](const Asset& each, const std::string& key) { return each.key < key; });
        if (asset == identified.assets.end() || asset->key != path.asset) continue;
        const Belief* maker = asset->belief(Field::maker);
        path.party = party_of(path, maker == nullptr || maker->contested ? std::string() : maker->vendor, db);
    }
    return list;
}

void put_paths(Identified& identified, const VendorDb& db, Time now) {
    for (std::size_t i = 0; i < identified.paths.size();) {
        const std::string& key = identified.paths[i].asset;
        const auto asset = std::lower_bound(identified.assets.begin(), identified.assets.end(), key,
                                            [](const Asset& each, const std::string& of) { return each.key < of; });
        const bool known = asset != identified.assets.end() && asset->key == key;
        std::size_t next = i;
        for (; next < identified.paths.size() && identified.paths[next].asset == key; ++next) {
            const Path& path = identified.paths[next];
            Claim claim;
            claim.field = Field::control_path;
            claim.value = text_of(path);
            claim.strength = path.hinted ? Strength::Hinted : Strength::Matched;
            claim.method = "path";
            claim.because =
                "conversations over " + join(std::vector<std::string>(path.services.begin(), path.services.end()), ", ");
            if (!path.known_by.empty())
                claim.because +=
                    ", known by " + join(std::vector<std::string>(path.known_by.begin(), path.known_by.end()), " and ");
            claim.seen = path.seen;
            if (known) asset->claims.push_back(std::move(claim));
        }
        i = next;
        if (!known) continue;
        std::sort(asset->claims.begin(), asset->claims.end(), claim_order);
        asset->beliefs = fuse(asset->claims, db, now);
    }
}

std::string party_of(const Path& path, const std::string& maker, const VendorDb& db) {
    if (const std::string_view party = lawful_purpose(path.purpose); !party.empty()) return std::string(party);
    if (path.operator_slug.empty() || maker.empty()) return {};
    return maker == path.operator_slug || db.related(maker, path.operator_slug) ? "maker" : "supplier";
}

Json to_json(const Path& path) {
    Json object = Json::object();
    object["type"] = "path";
    object["asset"] = path.asset;
    object["kind"] = path.kind;
    object["to"] = path.to;
    if (!path.operator_slug.empty()) object["operator"] = path.operator_slug;
    if (!path.purpose.empty()) object["purpose"] = path.purpose;
    if (!path.party.empty()) object["party"] = path.party;
    object["sourced"] = path.sourced;
    if (path.hinted) object["hinted"] = true;
    if (!path.known_by.empty() && path.known_by != std::set<std::string>{"name"})
        for (const std::string& sign : path.known_by) object["known_by"].push(sign);
    object["opened_by"] = path.opened_by;
    for (const std::string& service : path.services) object["services"].push(service);
    for (const std::string& other : path.others) object["others"].push(other);
    if (path.others_more != 0) object["others_more"] = path.others_more;
    object["bytes_out"] = path.bytes_out;
    object["bytes_in"] = path.bytes_in;
    if (path.seen.first != Time{}) object["first_seen"] = rfc3339(path.seen.first);
    if (path.seen.last != Time{}) object["last_seen"] = rfc3339(path.seen.last);
    object["count"] = path.seen.count;
    if (const std::optional<Rhythm> rhythm = path.openings.rhythm()) {
        object["period"] = std::int64_t{rhythm->period.count()};
        object["regular"] = std::int64_t{rhythm->regular};
    }
    return object;
}

}  // namespace herkomst
