// Words of people that do not hold any more: what they had made one is two again.
#include <algorithm>

#include "register/faces.h"
#include "register/recorder.h"

namespace herkomst {

using sql::Query;

// Who takes back that two are one gets both back, each by the name that it had, and with each what other words still hold to
// it: also where a run sees only the one whose name was given up.
void Recorder::take_back(std::vector<std::vector<Known>>& candidates) {
    std::vector<std::string> roots;
    {
        Query query(
            database_,
            "SELECT DISTINCT s.merged_into FROM assertions w JOIN assets s ON s.uid IN (w.a, w.b) WHERE w.kind = 'same' AND "
            "w.state = 'withdrawn' AND s.merged_into IS NOT NULL ORDER BY 1");
        while (query.step()) roots.push_back(query.text(0));
    }
    for (const std::string& root : roots) take_back_of(root, candidates);
}

void Recorder::take_back_of(const std::string& root, std::vector<std::vector<Known>>& candidates) {
    const std::vector<Asset>& assets = run_.identified->assets;
    const Faces faces = faces_of(database_, root);
    if (faces.one()) return;
    // What this run saw as one stays one, whoever says otherwise.
    std::vector<std::size_t> group;  // of each face
    for (const Face& face : faces.faces) group.push_back(face.group);
    std::map<std::size_t, std::vector<std::size_t>> seen;  // cluster -> its faces
    for (std::size_t i = 0; i < assets.size(); ++i) {
        if (std::none_of(candidates[i].begin(), candidates[i].end(), [&](const Known& each) { return each.uid == root; }))
            continue;
        for (std::size_t f = 0; f < faces.faces.size(); ++f) {
            const std::set<std::string>& names = faces.faces[f].names;
            const std::vector<std::string>& strong = assets[i].strong;
            const std::set<std::string>& ips = assets[i].identifiers.ip;
            if (names.contains("key:" + assets[i].key) ||
                std::any_of(strong.begin(), strong.end(), [&](const std::string& each) { return names.contains(each); }) ||
                std::any_of(ips.begin(), ips.end(), [&](const std::string& each) { return names.contains("ip:" + each); }))
                seen[i].push_back(f);
        }
        if (!seen.contains(i)) continue;
        for (const std::size_t f : seen[i]) {
            const std::size_t from = std::max(group[f], group[seen[i].front()]);
            const std::size_t to = std::min(group[f], group[seen[i].front()]);
            std::replace(group.begin(), group.end(), from, to);
        }
    }
    std::map<std::size_t, Known> leaves;  // group -> what it goes by from now on
    for (const auto& [cluster, its] : seen) {
        const std::size_t whose = group[its.front()];
        if (whose == group.front() || leaves.contains(whose)) continue;
        std::vector<const Face*> together;
        for (std::size_t f = 0; f < faces.faces.size(); ++f) {
            if (group[f] == whose) together.push_back(&faces.faces[f]);
        }
        const Face& oldest = *together.front();
        leaves.emplace(whose, Known{oldest.uid, oldest.number, oldest.minted_from});
        const Json because = because_of(Cause::People);
        std::sort(together.begin(), together.end(), [](const Face* a, const Face* b) { return a->merged < b->merged; });
        for (const Face* each : together) set_free(database_, *chain_, faces, *each, because);
        for (const Face* each : together) {
            if (each->uid != oldest.uid) merge_assets(database_, *chain_, each->uid, oldest.uid, because);
        }
        split_from_[oldest.uid] = root;
        taken_back_.insert(oldest.uid);
    }
    for (const auto& [cluster, its] : seen) {
        const auto left = leaves.find(group[its.front()]);
        if (left == leaves.end()) continue;
        for (Known& each : candidates[cluster]) {
            if (each.uid == root) each = left->second;
        }
        std::sort(candidates[cluster].begin(), candidates[cluster].end(),
                  [](const Known& a, const Known& b) { return a.number < b.number; });
    }
}

}  // namespace herkomst
