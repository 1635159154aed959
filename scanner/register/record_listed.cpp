// What an inventory lists at an address and what was heard there, in two runs: one device, where nothing says otherwise.
#include <algorithm>

#include "core/text.h"
#include "identity/hosts.h"
#include "register/recorder.h"

namespace herkomst {

using sql::Query;

namespace {

// What tells two devices apart, of each kind what is known.
struct PlaceFace {
    std::set<std::string> addresses;
    std::map<std::string, std::set<std::string>> names;  // "mac", "serial": what it goes by
    std::map<std::string, std::set<std::string>> said;   // maker, model, serial, category, hostname; folded
    bool contested = false;                              // who makes it, or which one it is
};

void face_takes(PlaceFace& face, Field field, const std::string& value, const std::string& vendor, bool contested) {
    switch (field) {
        case Field::maker:
        case Field::brand:
            face.contested = face.contested || contested;
            if (!value.empty()) face.said["maker"].insert(vendor.empty() ? "name:" + folded(value) : vendor);
            break;
        case Field::model:
        case Field::serial:
        case Field::category:
            face.contested = face.contested || contested;
            if (!value.empty()) face.said[std::string(name(field))].insert(folded(value));
            break;
        default:
            break;
    }
}

void add_name(PlaceFace& face, const std::string& kind, const std::string& value) {
    if (kind == "ip") face.addresses.insert(value);
    if (kind == "mac") face.names["mac"].insert(lower(value));
    // A name within a domain is the same name.
    if (kind == "hostname") face.said["hostname"].insert(lower(value.substr(0, value.find('.'))));
    if (kind == "strong") face.names[value.substr(0, value.find(':'))].insert(value);
}

void face_takes(PlaceFace& face, const Asset& asset) {
    for (const std::string& each : asset.strong) add_name(face, "strong", each);
    for (const std::string& each : asset.identifiers.ip) add_name(face, "ip", each);
    for (const std::string& each : asset.identifiers.mac) add_name(face, "mac", each);
    for (const std::string& each : asset.identifiers.hostname) add_name(face, "hostname", each);
    for (const auto& [field, belief] : asset.beliefs) face_takes(face, field, belief.value, belief.vendor, belief.contested);
}

// What the register holds of it; of what is said of it today, that goes before.
void face_takes(PlaceFace& face, sql::Database& database, const std::string& uid) {
    PlaceFace before;
    Query names(database, "SELECT kind, value FROM identifiers WHERE uid = ?");
    names.bind(uid);
    while (names.step()) add_name(before, names.text(0), names.text(1));
    Query beliefs(database, "SELECT field, value, vendor, contested FROM beliefs WHERE uid = ?");
    beliefs.bind(uid);
    while (beliefs.step()) {
        if (const auto field = field_named(beliefs.text(0)))
            face_takes(before, *field, beliefs.text(1), beliefs.text(2), beliefs.integer(3) != 0);
    }
    face.addresses.merge(before.addresses);
    for (auto& [kind, values] : before.names) face.names[kind].merge(values);
    for (auto& [kind, values] : before.said) face.said.try_emplace(kind, std::move(values));
    face.contested = face.contested || before.contested;
}

bool share(const std::set<std::string>& a, const std::set<std::string>& b) {
    return std::any_of(a.begin(), a.end(), [&](const std::string& each) { return b.contains(each); });
}

// Nothing that both say is another thing at the one than at the other.
bool agree(const PlaceFace& a, const PlaceFace& b) {
    if (a.contested || b.contested) return false;
    for (const auto& [mine, theirs] : {std::pair(&a.names, &b.names), std::pair(&a.said, &b.said)}) {
        for (const auto& [kind, values] : *mine) {
            const auto other = theirs->find(kind);
            if (other == theirs->end()) continue;
            if (kind == "model" ? !models_agree(values, other->second) : !share(values, other->second)) return false;
        }
    }
    return true;
}

// Whether that is the only address of its kind that either has, or ever had: then it went to nobody else.
bool stays_at(const std::string& address, const PlaceFace& face) {
    const bool six = address.find(':') != std::string::npos;
    return std::all_of(face.addresses.begin(), face.addresses.end(), [&](const std::string& each) {
        return each == address || (each.find(':') != std::string::npos) != six;
    });
}

}  // namespace

// People said that it is not one of these, took back that it was, or put it away.
bool Recorder::told_apart(const std::string& uid, const std::vector<Known>& others) const {
    const auto left_by_people = [&](const std::string& each) {
        Query split(
            database_,
            "SELECT 1 FROM events WHERE subject_kind = 'asset' AND subject = ? AND event = 'split' AND CASE detail WHEN '' "
            "THEN 1 ELSE detail ->> '$.by' IS NOT NULL OR detail ->> '$.cause' = 'people' END");
        split.bind(each);
        return split.step();
    };
    Query retired(database_,
                  "SELECT 1 FROM work WHERE subject_kind = 'asset' AND subject = ? AND field = 'retired' AND value = 'yes'");
    retired.bind(uid);
    return retired.step() || left_by_people(uid) || std::any_of(others.begin(), others.end(), [&](const Known& each) {
               return left_by_people(each.uid) || people_keep_apart(each.uid, uid);
           });
}

// An inventory that names a device by its address alone, or by what the network does not tell, lists what was heard there: the
// same asset, though the one was read in another run than the other. But an address is no strong name. So they stay two, and
// that is said, where anything that both say differs, where somebody else was at that address or one of the two elsewhere (it
// may have changed hands), and where several are listed for one.
void Recorder::look_by_listing(std::vector<std::vector<Known>>& candidates) {
    if (first_run_) return;
    const std::vector<Asset>& assets = run_.identified->assets;
    std::map<std::string, int> here;  // devices of this run at each address
    for (const Asset& asset : assets) {
        if (asset.kind != "device") continue;
        for (const std::string& ip : asset.identifiers.ip) ++here[ip];
    }
    std::set<std::string> wanted;
    {
        Query listed(database_,
                     "SELECT i.value FROM assets a JOIN identifiers i ON i.uid = a.uid AND i.kind = 'ip' WHERE a.observation = "
                     "'imported_only' AND a.merged_into IS NULL AND a.kind = 'device' AND a.site = ?");
        listed.bind(run_.site);
        while (listed.step()) {
            if (here.contains(listed.text(0))) wanted.insert(listed.text(0));
        }
    }
    for (const Asset& asset : assets) {
        if (asset.kind == "device" && !heard(asset)) wanted.insert(asset.identifiers.ip.begin(), asset.identifiers.ip.end());
    }
    if (wanted.empty()) return;
    struct There {
        Known known;
        bool heard = false;
    };
    std::map<std::string, std::vector<There>> at;
    {
        Query all(database_,
                  "SELECT i.value, a.uid, a.number, a.minted_from, a.observation FROM identifiers i JOIN assets a ON a.uid = "
                  "i.uid WHERE i.kind = 'ip' AND i.site = ? AND a.merged_into IS NULL AND a.kind = 'device' ORDER BY a.number");
        all.bind(run_.site);
        while (all.step()) {
            if (wanted.contains(all.text(0)))
                at[all.text(0)].push_back({{all.text(1), all.integer(2), all.text(3)}, all.text(4) != "imported_only"});
        }
    }
    std::set<std::string> seen;  // uids that this run has, wherever
    for (const std::vector<Known>& each : candidates) {
        for (const Known& known : each) seen.insert(known.uid);
    }
    std::map<std::string, std::vector<std::size_t>> joins;  // uid -> clusters that would take it
    std::vector<std::vector<std::pair<std::string, Known>>> partners(assets.size());
    for (std::size_t i = 0; i < assets.size(); ++i) {
        const Asset& asset = assets[i];
        if (asset.kind != "device" || asset.site != run_.site) continue;
        const bool by_ear = heard(asset);
        const auto own = [&](const There& each) {
            return std::any_of(candidates[i].begin(), candidates[i].end(),
                               [&](const Known& known) { return known.uid == each.known.uid; });
        };
        for (const std::string& ip : asset.identifiers.ip) {
            const auto there = at.find(ip);
            if (there == at.end()) continue;
            const std::vector<There>& all = there->second;
            // Its listing is one with what was heard already.
            if (!by_ear && std::any_of(all.begin(), all.end(), [&](const There& each) { return own(each) && each.heard; }))
                continue;
            const auto others = std::count_if(all.begin(), all.end(), [&](const There& each) { return !own(each); });
            for (const There& each : all) {
                if (own(each) || each.heard == by_ear || told_apart(each.known.uid, candidates[i])) continue;
                PlaceFace mine;
                PlaceFace theirs;
                face_takes(mine, asset);
                for (const Known& known : candidates[i]) face_takes(mine, database_, known.uid);
                face_takes(theirs, database_, each.known.uid);
                if (others == 1 && here[ip] == 1 && !seen.contains(each.known.uid) && stays_at(ip, mine) &&
                    stays_at(ip, theirs) && agree(mine, theirs)) {
                    partners[i].emplace_back(ip, each.known);
                    joins[each.known.uid].push_back(i);
                } else {
                    two_at_.emplace_back(ip, each.known.uid, i);
                }
            }
        }
    }
    for (std::size_t i = 0; i < assets.size(); ++i) {
        const bool one = partners[i].size() == 1 && joins[partners[i].front().second.uid].size() == 1;
        for (const auto& [ip, known] : partners[i]) {
            if (one) {
                candidates[i].push_back(known);
            } else {
                two_at_.emplace_back(ip, known.uid, i);
            }
        }
        std::sort(candidates[i].begin(), candidates[i].end(),
                  [](const Known& a, const Known& b) { return a.number < b.number; });
    }
}

void Recorder::tell_two_at_address() {
    const std::vector<Asset>& assets = run_.identified->assets;
    for (const auto& [address, there, cluster] : two_at_) {
        const std::string& uid = uids_.at(assets[cluster].key);
        if (uid == there) continue;
        const bool by_ear = heard(assets[cluster]);
        receipt_.two_at_address.push_back({address, by_ear ? there : uid, by_ear ? uid : there});
    }
}

}  // namespace herkomst
