#include "identity/paths.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "core/lines.h"
#include "core/text.h"
#include "identity/asset.h"
#include "identity/fuse.h"
#include "vendordb/vendordb.h"

namespace herkomst {

namespace {

// "ip/50" is ESP (RFC 4303), "ip/47" GRE: what tunnels without ports look like.
constexpr auto tunnels = std::to_array<std::string_view>(
    {"ip/50", "isakmp", "l2tp", "openvpn", "pptp", "tailscale", "teamviewer", "wireguard", "zerotier", "ip/47"});
constexpr std::array<std::string_view, 4> sessions = {"rdp", "ssh", "telnet", "vnc"};

// Protocols in which a device is read or commanded: over a public address they are a way in, whoever opened it.
constexpr auto control = std::to_array<std::string_view>(
    {"ads",       "bacnet",     "codesys",       "dlms_cosem", "dnp3",     "ethernet_ip", "fox",    "ge_srtp",
     "goodwe",    "growatt",    "hart_ip",       "iec104",     "ipmi",     "melsec",      "mms",    "modbus",
     "ocpp",      "omron_fins", "opcua",         "pcworx",     "proconos", "roc_plus",    "s7comm", "s7comm_plus",
     "solaredge", "solarman",   "synchrophasor", "tristation", "tuya"});

template <class Table>
bool holds(const Table& table, std::string_view what) {
    return std::find(table.begin(), table.end(), what) != table.end();
}

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

}  // namespace

bool is_tunnel(std::string_view service) { return holds(tunnels, service); }
bool is_session(std::string_view service) { return holds(sessions, service); }
bool is_remote_access(std::string_view purpose) { return starts_with_ignoring_case(purpose, "remote access"); }

bool is_outside(const IpAddress& ip) {
    return ip.known() && !ip.is_private() && !ip.multicast() && !ip.unspecified() && !ip.loopback() && !ip.link_local();
}

std::string asset_key_at(const Identified& identified, const Endpoint& endpoint) {
    Endpoint by_ip = endpoint;
    by_ip.mac = {};
    Endpoint by_mac = endpoint;
    by_mac.ip = {};
    for (const Endpoint& subject : {endpoint, by_ip, by_mac}) {
        if (subject == by_mac && endpoint.ip.known() && is_outside(endpoint.ip)) continue;
        const auto found = identified.asset_of.find(subject);
        if (found != identified.asset_of.end()) return found->second;
    }
    return {};
}

std::vector<Path> paths_of(const Identified& identified, const VendorDb& db) {
    Folder paths;
    for (const Conversation& row : identified.conversations) {
        const Cloud* cloud = row.b_name.empty() ? nullptr : db.cloud(row.b_name);
        if (cloud != nullptr) {
            Path path;
            path.asset = asset_key_at(identified, row.a);
            path.kind = is_remote_access(cloud->purpose) ? "remote_service" : "cloud";
            path.to = cloud->suffix;
            path.operator_slug = cloud->operator_slug;
            path.purpose = cloud->purpose;
            path.sourced = cloud->sourcing.counts();
            if (!path.asset.empty()) paths.put(std::move(path), row, true);
            continue;
        }
        const bool a_outside = is_outside(row.a.ip);
        const bool b_outside = is_outside(row.b.ip);
        if (a_outside == b_outside) continue;
        // A session counts where somebody outside holds it with a device here that answered.
        const bool session = is_session(row.service) && a_outside && row.bytes_ba != 0;
        const bool tunnel = is_tunnel(row.service) && row.bytes_ab != 0 && row.bytes_ba != 0;
        const bool commands = holds(control, row.service) && row.bytes_ab != 0 && row.bytes_ba != 0;
        if (!session && !tunnel && !commands) continue;
        Path path;
        path.asset = asset_key_at(identified, a_outside ? row.b : row.a);
        path.kind = commands ? "control" : "remote_service";
        path.to = row.service;
        path.sourced = true;
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
            claim.strength = Strength::Matched;
            claim.method = "path";
            claim.because =
                "conversations over " + join(std::vector<std::string>(path.services.begin(), path.services.end()), ", ");
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
    for (const auto& [words, party] :
         {std::pair("grid operator", "grid_operator"), std::pair("energy management", "energy_management")}) {
        if (starts_with_ignoring_case(path.purpose, words)) return party;
    }
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
