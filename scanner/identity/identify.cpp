// Observations to assets: derive what they mean, resolve what is one device, fuse what is believed.
#include <algorithm>
#include <optional>
#include <set>

#include "core/hash.h"
#include "core/lines.h"
#include "core/text.h"
#include "identity/asset.h"
#include "identity/derive.h"
#include "identity/fuse.h"
#include "identity/hosts.h"
#include "identity/lawful.h"
#include "identity/relations.h"
#include "identity/resolve.h"
#include "identity/services.h"
#include "identity/software.h"
#include "identity/stacks.h"
#include "identity/zones.h"
#include "vendordb/vendordb.h"

namespace herkomst {

namespace {

// Protocols that devices, plants and sites speak: a public address that answers one of them is an asset, a web server is not.
bool device_protocol(std::string_view service) {
    static constexpr std::string_view decoders[] = {"addp",          "ads",         "atg",      "bacnet",
                                                    "baichuan",      "bsap",        "c1222",    "cc_link_ie_field_basic",
                                                    "codesys",       "dlms_cosem",  "dnp3",     "egd",
                                                    "ethernet_ip",   "fox",         "ge_srtp",  "genisys",
                                                    "hart_ip",       "iec104",      "ipmi",     "knxnet_ip",
                                                    "lantronix",     "loxone",      "mdns",     "melsec",
                                                    "mms",           "modbus",      "moxa",     "ocpp",
                                                    "omron_fins",    "opcua",       "pcom",     "pcworx",
                                                    "proconos",      "profinet_io", "red_lion", "roc_plus",
                                                    "s7comm",        "s7comm_plus", "snmp",     "ssdp",
                                                    "synchrophasor", "tristation",  "wiznet"};
    const std::string_view decoder = service.substr(0, service.find('/'));
    return std::find(std::begin(decoders), std::end(decoders), decoder) != std::end(decoders);
}

bool has_service(const Asset& asset, bool (*fits)(std::string_view)) {
    return std::any_of(asset.claims.begin(), asset.claims.end(), [&](const Claim& claim) {
        return claim.field == Field::service && claim.strength >= Strength::Stated && fits(claim.value);
    });
}

bool device_like(const Asset& asset) {
    if (has_service(asset, device_protocol)) return true;
    return std::any_of(asset.claims.begin(), asset.claims.end(), [](const Claim& claim) {
        return claim.strength == Strength::Listed || claim.strength == Strength::Confirmed || claim.field == Field::serial ||
               claim.field == Field::brand || claim.field == Field::vendor_id || claim.field == Field::device_instance ||
               claim.field == Field::client_id || claim.field == Field::station_name;
    });
}

// A back-end on the internet that devices of the site report to: a service, not a device of the site. A public address that
// names itself (a controller behind a cellular modem) stays a device.
bool is_service(const Asset& asset, const std::vector<AddressRange>& own) {
    if (!asset.identifiers.mac.empty() || asset.identifiers.ip.empty()) return false;
    for (const std::string& ip : asset.identifiers.ip) {
        if (is_inside(*IpAddress::parse(ip), own)) return false;
    }
    const bool names_itself = std::any_of(asset.claims.begin(), asset.claims.end(), [](const Claim& claim) {
        return claim.field == Field::serial || claim.field == Field::brand || claim.field == Field::vendor_id ||
               claim.strength == Strength::Listed;
    });
    return !names_itself && has_service(asset, [](std::string_view service) { return service.starts_with("ocpp/"); });
}

// A phone or a laptop: it says so itself, its MAC is made up, and it serves nothing that a plant needs.
bool personal(const Asset& asset) {
    if (asset.identifiers.mac.empty()) return false;
    for (const std::string& text : asset.identifiers.mac) {
        if (!Mac::parse(text)->locally_administered()) return false;
    }
    if (has_service(asset, [](std::string_view) { return true; }) || device_like(asset)) return false;
    static constexpr std::string_view signs[] = {"android",  "iphone",    "ipad",         "windows nt",
                                                 "msft 5.0", "macintosh", "mobile safari"};
    return std::any_of(asset.claims.begin(), asset.claims.end(), [&](const Claim& claim) {
        if (claim.field != Field::vendor_class && claim.field != Field::software && claim.field != Field::hostname)
            return false;
        return std::any_of(std::begin(signs), std::end(signs),
                           [&](std::string_view sign) { return contains_ignoring_case(claim.value, sign); });
    });
}

const Claim* best_of(const Asset& asset, Field field) {
    // Claims are ordered by field, strength descending, value.
    for (const Claim& claim : asset.claims) {
        if (claim.field == field) return &claim;
    }
    return nullptr;
}

std::string maker_of(const Asset& asset) {
    for (const Field field : {Field::maker, Field::brand}) {
        const Belief* belief = asset.belief(field);
        if (belief != nullptr && !belief->contested && !belief->value.empty()) {
            return belief->vendor.empty() ? folded(belief->value) : belief->vendor;
        }
    }
    return {};
}

void put_identifiers(Asset& asset, const Cluster& cluster) {
    const bool part = !cluster.path.empty();
    for (const IpAddress& ip : cluster.bound) asset.identifiers.ip.insert(ip.text());
    for (const Claim& claim : asset.claims) {
        // Its host's address is none of its own; that of an inventory row about it is.
        if (part && !claim.subject.path.empty()) continue;
        if (claim.subject.mac.known() && !stands_for_nobody(claim.subject.mac))
            asset.identifiers.mac.insert(claim.subject.mac.text());
        if (claim.subject.ip.known()) asset.identifiers.ip.insert(claim.subject.ip.text());
    }
    for (const Claim& claim : asset.claims) {
        if (claim.field == Field::hostname && claim.strength >= Strength::Listed)
            asset.identifiers.hostname.insert(lower(claim.value));
    }
}

// The identifiers that stand for exactly one device, strongest first; of one kind the smallest first.
void put_strong(Asset& asset) {
    const std::string maker = maker_of(asset);
    std::set<std::string> serials;
    std::set<std::string> cip;
    std::set<std::string> engines;
    std::set<std::string> macs;
    for (const Claim& claim : asset.claims) {
        if (claim.strength < Strength::Listed) continue;
        if (claim.field == Field::serial && plausible_serial(claim.value, claim.strength)) {
            if (claim.method.starts_with("ethernet_ip.")) cip.insert("cip-serial:" + claim.value);
            if (!maker.empty()) serials.insert("serial:" + maker + "/" + folded(claim.value));
        }
        if (claim.field == Field::unique_id && claim.value.starts_with("engine:")) engines.insert(claim.value);
    }
    for (const std::string& text : asset.identifiers.mac) {
        const std::optional<Mac> mac = Mac::parse(text);
        if (mac && !mac->locally_administered() && !is_node_number(*mac)) macs.insert("mac:" + text);
    }
    const Belief* serial = asset.belief(Field::serial);
    // Several serials that contradict each other identify nothing.
    if (serial == nullptr || serial->contested) serials.clear();
    for (const auto* kind : {&serials, &cip, &engines, &macs})
        asset.strong.insert(asset.strong.end(), kind->begin(), kind->end());
}

// A serial number that inventories list for several devices, or any number that many devices tell, tells none of them apart: in
// a register it would make one of them.
void drop_shared_numbers(std::vector<Asset>& assets) {
    std::map<std::string, std::size_t> assets_with;   // a serial number
    std::map<std::string, std::size_t> devices_with;  // any number
    for (const Asset& asset : assets) {
        for (const std::string& each : asset.strong) {
            if (each.starts_with("serial:")) ++assets_with[asset.site + "|" + each];
            if (asset.kind == "device" && !each.starts_with("mac:")) ++devices_with[asset.site + "|" + each];
        }
    }
    for (Asset& asset : assets) {
        std::erase_if(asset.strong, [&](const std::string& each) {
            if (devices_with[asset.site + "|" + each] > addresses_of_one_device) return true;
            if (!each.starts_with("serial:") || assets_with[asset.site + "|" + each] < 2) return false;
            const std::string serial = each.substr(each.rfind('/') + 1);
            return std::none_of(asset.claims.begin(), asset.claims.end(), [&](const Claim& claim) {
                return claim.field == Field::serial && claim.strength > Strength::Listed && folded(claim.value) == serial;
            });
        });
    }
}

void put_key(Asset& asset, const std::string& parent_key, const SubPath& path) {
    if (!asset.strong.empty()) {
        asset.basis = asset.strong.front();
    } else if (!parent_key.empty()) {
        asset.basis = "part:" + parent_key + "/" + join(path, "/");
    } else if (const Claim* station = best_of(asset, Field::station_name)) {
        asset.basis = "station:" + station->value;
    } else if (const Claim* instance = best_of(asset, Field::device_instance)) {
        asset.basis = "bacnet:" + instance->value;
    } else if (!asset.identifiers.hostname.empty()) {
        asset.basis = "hostname:" + *asset.identifiers.hostname.begin();
    } else {
        std::set<std::string> places;
        for (const Claim& claim : asset.claims) {
            if (claim.subject.ip.known())
                places.insert("ip:" + claim.subject.vlan.text() + "/" + claim.subject.ip.text());
            else if (claim.subject.mac.known())
                places.insert("mac:" + claim.subject.mac.text());
            else if (!claim.subject.path.empty())
                places.insert("listed:" + join(claim.subject.path, "/"));
        }
        if (!places.empty()) asset.basis = *places.begin();
    }
    asset.key = sha256(asset.site + "|" + (path.empty() ? asset.kind : "part") + "|" + asset.basis).substr(0, 16);
}

// "This is a ...": what a named person said of this asset, as claims that nothing outweighs. Its key and what binds it stay as
// the network has it, so that it is found again as the same one.
void take_their_word(Asset& asset, const VendorDb& db, const IdentityOptions& options, std::set<std::string>& unknown) {
    bool any = false;
    for (const Assertion& each : options.assertions) {
        if (each.kind != Assertion::Kind::Is || each.site != asset.site) continue;
        const bool meant = std::any_of(each.a.begin(), each.a.end(), [&](const std::string& called) {
            return called == "key:" + asset.key ||
                   std::find(asset.strong.begin(), asset.strong.end(), called) != asset.strong.end();
        });
        if (!meant) continue;
        Observation said;
        said.subject = asset.claims.empty() ? Endpoint{} : asset.claims.front().subject;
        said.subject.site = asset.site;
        said.field = each.field;
        said.value = each.value;
        said.strength = Strength::Confirmed;
        said.method = "person";
        said.from.source = "assertion:" + each.id;
        said.seen = {each.at, each.at, 1};
        std::vector<Claim> claims = derive(said, db, unknown);
        asset.claims.insert(asset.claims.end(), std::make_move_iterator(claims.begin()), std::make_move_iterator(claims.end()));
        any = true;
    }
    if (!any) return;
    std::sort(asset.claims.begin(), asset.claims.end(), claim_order);
    const std::map<Field, Belief> so_far = fuse(asset.claims, db, options.now);
    if (const auto maker = so_far.find(Field::maker); maker != so_far.end() && !maker->second.vendor.empty()) {
        std::vector<Claim> more;
        for (const Claim& claim : asset.claims) {
            if (claim.field != Field::model && claim.field != Field::product) continue;
            for (Claim& one : derive_from_model(claim, maker->second.vendor, db)) {
                const bool there = std::any_of(asset.claims.begin(), asset.claims.end(), [&](const Claim& other) {
                    return other.field == one.field && other.value == one.value && other.method == one.method;
                });
                if (!there) more.push_back(std::move(one));
            }
        }
        asset.claims.insert(asset.claims.end(), more.begin(), more.end());
        std::sort(asset.claims.begin(), asset.claims.end(), claim_order);
    }
    asset.beliefs = fuse(asset.claims, db, options.now);
}

}  // namespace

bool claim_order(const Claim& a, const Claim& b) {
    if (a.field != b.field) return a.field < b.field;
    if (a.strength != b.strength) return a.strength > b.strength;
    if (a.value != b.value) return a.value < b.value;
    if (a.method != b.method) return a.method < b.method;
    if (a.from != b.from) return a.from < b.from;
    return a.subject < b.subject;
}

Identified identify(const std::vector<Observation>& observations, const std::vector<Conversation>& conversations,
                    const VendorDb& db, const IdentityOptions& options) {
    Identified identified;
    std::set<std::string> unknown;
    identified.own = options.own;
    identified.peers = peers_of(observations, db);
    const Resolved resolved = resolve(observations, db, options.assertions, options.own);

    // Which service's cloud each end talks to, by the name it used or by what the other end shows.
    std::map<Endpoint, std::vector<Claim>> clouds;
    for (const Conversation& conversation : conversations) {
        Conversation kept = conversation;
        const RemotePeer peer = peer_of(identified, conversation, db);
        // A name that a client asked for is kept only where vendor data refers to it (design: minimal by design).
        if (peer.known_by != "name" && !is_service_name(conversation.b_name, db)) {
            kept.b_name.clear();
            kept.b_name_from = {};
        }
        // Whom the site lets in by law or by its own choice is told as a path and is nobody's cloud.
        if (peer.cloud != nullptr && lawful_purpose(peer.cloud->purpose).empty()) {
            Claim claim;
            claim.field = Field::cloud_operator;
            const Vendor* vendor = db.vendor(peer.cloud->operator_slug);
            claim.value = vendor == nullptr ? peer.cloud->operator_slug : vendor->name;
            claim.vendor = peer.cloud->operator_slug;
            claim.strength = Strength::Matched;
            claim.method = "cloud:" + peer.cloud->suffix;
            claim.because = std::string("conversation with ") + (peer.known_by == "certificate" ? "certificate " : "") +
                            peer.shown + (conversation.service.empty() ? "" : " over " + conversation.service);
            claim.from = peer.from;
            claim.seen = conversation.seen;
            claim.subject = peer.is_a ? conversation.b : conversation.a;
            Endpoint subject = claim.subject;
            if (subject.ip.known()) subject.mac = {};
            clouds[subject].push_back(std::move(claim));
        }
        identified.conversations.push_back(std::move(kept));
    }

    std::vector<Asset> assets(resolved.clusters.size());
    for (std::size_t i = 0; i < resolved.clusters.size(); ++i) {
        const Cluster& cluster = resolved.clusters[i];
        Asset& asset = assets[i];
        asset.kind = cluster.path.empty() ? "device" : "part";
        std::set<Mac> macs;
        bool first = true;
        for (const std::size_t row : cluster.observations) {
            const Observation& observation = observations[row];
            asset.site = observation.subject.site;
            // A row without a time (an inventory) says nothing about when.
            if (observation.seen.first != Time{}) {
                asset.seen.first =
                    asset.seen.first == Time{} ? observation.seen.first : std::min(asset.seen.first, observation.seen.first);
                asset.seen.last = std::max(asset.seen.last, observation.seen.last);
            }
            asset.seen.count = (first ? 0 : asset.seen.count) + observation.seen.count;
            first = false;
            std::vector<Claim> claims = derive(observation, db, unknown);
            asset.claims.insert(asset.claims.end(), std::make_move_iterator(claims.begin()),
                                std::make_move_iterator(claims.end()));
            const Mac& mac = observation.subject.mac;
            if (cluster.path.empty() && mac.known() && !stands_for_nobody(mac) && macs.insert(mac).second) {
                std::vector<Claim> nic = derive_from_mac(mac, observation, db);
                asset.claims.insert(asset.claims.end(), std::make_move_iterator(nic.begin()),
                                    std::make_move_iterator(nic.end()));
            }
        }
        for (const Endpoint& subject : cluster.subjects) {
            const auto found = clouds.find(subject);
            if (found != clouds.end()) asset.claims.insert(asset.claims.end(), found->second.begin(), found->second.end());
        }
        settle_stacks(asset.claims);
        std::sort(asset.claims.begin(), asset.claims.end(), claim_order);
        // A model text means more once it is known whose it is.
        const std::map<Field, Belief> so_far = fuse(asset.claims, db, options.now);
        const auto maker = so_far.find(Field::maker);
        if (maker != so_far.end() && !maker->second.vendor.empty()) {
            std::vector<Claim> more;
            for (const Claim& claim : asset.claims) {
                if (claim.field != Field::model && claim.field != Field::product) continue;
                std::vector<Claim> from_model = derive_from_model(claim, maker->second.vendor, db);
                more.insert(more.end(), from_model.begin(), from_model.end());
            }
            asset.claims.insert(asset.claims.end(), more.begin(), more.end());
            std::sort(asset.claims.begin(), asset.claims.end(), claim_order);
        }
        asset.beliefs = fuse(asset.claims, db, options.now);
        put_identifiers(asset, cluster);
        if (cluster.path.empty() && is_service(asset, options.own)) asset.kind = "service";
        for (const std::string& step : cluster.path) asset.identifiers.path.insert(step);
        put_strong(asset);
    }

    drop_shared_numbers(assets);

    // Keys: hosts first, then parts from the outside in.
    std::vector<std::size_t> by_depth(assets.size());
    for (std::size_t i = 0; i < by_depth.size(); ++i) by_depth[i] = i;
    std::stable_sort(by_depth.begin(), by_depth.end(), [&](std::size_t a, std::size_t b) {
        return resolved.clusters[a].path.size() < resolved.clusters[b].path.size();
    });
    for (const std::size_t i : by_depth) {
        const Cluster& cluster = resolved.clusters[i];
        if (cluster.parent != SIZE_MAX) {
            assets[i].parent = assets[cluster.parent].key;
            if (assets[i].site.empty()) assets[i].site = assets[cluster.parent].site;
        }
        if (assets[i].claims.empty() && cluster.parent == SIZE_MAX) {
            // A host of which only its parts spoke.
            for (const Endpoint& subject : cluster.subjects) {
                assets[i].site = subject.site;
                if (subject.mac.known()) assets[i].identifiers.mac.insert(subject.mac.text());
                if (subject.ip.known()) assets[i].identifiers.ip.insert(subject.ip.text());
            }
            put_strong(assets[i]);
            if (assets[i].strong.empty() && !cluster.subjects.empty()) {
                const Endpoint& subject = cluster.subjects.front();
                assets[i].basis =
                    subject.ip.known() ? "ip:" + subject.vlan.text() + "/" + subject.ip.text() : "mac:" + subject.mac.text();
                assets[i].key = sha256(assets[i].site + "|device|" + assets[i].basis).substr(0, 16);
                continue;
            }
        }
        put_key(assets[i], assets[i].parent, cluster.path);
    }
    // Two clusters that come to the same key (one serial behind two places) stay two: the second is told apart by its place.
    std::map<std::string, std::size_t> taken;
    std::vector<std::vector<std::size_t>> children(assets.size());
    for (std::size_t k = 0; k < assets.size(); ++k) {
        if (resolved.clusters[k].parent != SIZE_MAX) children[resolved.clusters[k].parent].push_back(k);
    }
    for (const std::size_t i : by_depth) {
        const auto [at, fresh] = taken.try_emplace(assets[i].key, i);
        if (fresh) continue;
        const std::string was = assets[i].key;
        std::string place;
        for (const Endpoint& subject : resolved.clusters[i].subjects) place += write_json(to_json(subject));
        assets[i].key = sha256(was + "|" + place).substr(0, 16);
        taken.emplace(assets[i].key, i);
        for (const std::size_t k : children[i]) {
            if (!assets[k].parent.empty()) assets[k].parent = assets[i].key;
        }
    }

    for (Asset& asset : assets) take_their_word(asset, db, options, unknown);

    std::vector<bool> keep(assets.size(), true);
    std::vector<bool> is_parent(assets.size(), false);
    for (const Cluster& cluster : resolved.clusters) {
        if (cluster.parent != SIZE_MAX) is_parent[cluster.parent] = true;
    }
    for (std::size_t i = 0; i < assets.size(); ++i) {
        Asset& asset = assets[i];
        // A row that turned out to be a part of something else has left an empty place.
        if (resolved.clusters[i].subjects.empty() && resolved.clusters[i].parent == SIZE_MAX) {
            keep[i] = false;
            continue;
        }
        if (asset.kind == "part") continue;
        const bool has_parts = is_parent[i];
        const bool all_public =
            asset.identifiers.mac.empty() && !asset.identifiers.ip.empty() &&
            std::none_of(asset.identifiers.ip.begin(), asset.identifiers.ip.end(),
                         [&](const std::string& ip) { return is_inside(*IpAddress::parse(ip), options.own); });
        if (all_public && !has_parts && !device_like(asset)) keep[i] = false;
        if (keep[i] && !has_parts && !options.people_devices && personal(asset)) {
            keep[i] = false;
            ++identified.people_devices;
        }
    }
    for (const auto& [subject, cluster] : resolved.cluster_of) {
        if (keep[cluster]) identified.asset_of[subject] = assets[cluster].key;
    }
    for (std::size_t i = 0; i < assets.size(); ++i) {
        if (keep[i]) identified.assets.push_back(std::move(assets[i]));
    }
    std::sort(identified.assets.begin(), identified.assets.end(), [](const Asset& a, const Asset& b) { return a.key < b.key; });
    identified.unknown_vendors.assign(unknown.begin(), unknown.end());
    identified.paths = paths_of(identified, db);
    put_paths(identified, db, options.now);
    derive_relations(identified, db, options.now);
    derive_zones(identified, db, options.now);
    std::vector<Asset> software = software_of(identified.assets, services_asked(identified, db), db, options.now);
    identified.assets.insert(identified.assets.end(), std::make_move_iterator(software.begin()),
                             std::make_move_iterator(software.end()));
    std::sort(identified.assets.begin(), identified.assets.end(), [](const Asset& a, const Asset& b) { return a.key < b.key; });
    return identified;
}

std::vector<std::string> keys_by_place(const Asset& asset) {
    std::set<std::string> places;
    for (const Claim& claim : asset.claims) {
        const Endpoint& subject = claim.subject;
        if (subject.ip.known() && subject.path.empty() && subject.software.empty())
            places.insert("ip:" + subject.vlan.text() + "/" + subject.ip.text());
    }
    std::vector<std::string> keys;
    for (const std::string& place : places) keys.push_back(sha256(asset.site + "|device|" + place).substr(0, 16));
    return keys;
}

Json to_json(const Asset& asset) {
    const auto list = [](const auto& values) {
        Json array = Json::array();
        for (const std::string& value : values) array.push(value);
        return array;
    };
    Json object = Json::object();
    object["type"] = "asset";
    object["asset"] = asset.key;
    object["kind"] = asset.kind;
    if (!asset.site.empty()) object["site"] = asset.site;
    if (!asset.parent.empty()) object["parent"] = asset.parent;
    Json identifiers = Json::object();
    if (!asset.identifiers.mac.empty()) identifiers["mac"] = list(asset.identifiers.mac);
    if (!asset.identifiers.ip.empty()) identifiers["ip"] = list(asset.identifiers.ip);
    if (!asset.identifiers.hostname.empty()) identifiers["hostname"] = list(asset.identifiers.hostname);
    if (!asset.identifiers.path.empty()) identifiers["path"] = list(asset.identifiers.path);
    object["identifiers"] = std::move(identifiers);
    Json beliefs = Json::object();
    for (const auto& [field, belief] : asset.beliefs) {
        Json row = Json::object();
        if (!belief.value.empty()) row["value"] = belief.value;
        if (!belief.vendor.empty()) row["vendor"] = belief.vendor;
        row["strength"] = name(belief.strength);
        row["methods"] = list(belief.methods);
        if (!belief.dissent.empty()) row["dissent"] = list(belief.dissent);
        row["contested"] = belief.contested;
        beliefs[name(field)] = std::move(row);
    }
    object["beliefs"] = std::move(beliefs);
    if (asset.seen.first != Time{}) {
        object["first_seen"] = rfc3339(asset.seen.first);
        object["last_seen"] = rfc3339(asset.seen.last);
    }
    return object;
}

}  // namespace herkomst
