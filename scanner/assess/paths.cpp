#include "assess/paths.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

#include "core/text.h"

namespace herkomst {

namespace {

constexpr std::size_t names_most = 4;

std::string place(std::string_view site, std::string_view address) { return std::string(site).append("|").append(address); }

// Whom a claim of observed control names: decoders end it in "from ADDRESS". Behind a router the path follows the address.
std::string_view actor_of(std::string_view value) {
    constexpr std::string_view before = " from ";
    const std::size_t at = value.rfind(before);
    if (at == std::string_view::npos) return {};
    const std::string_view actor = value.substr(at + before.size());
    return actor.substr(0, actor.find(' '));
}

void control_paths(const std::vector<const Path*>& paths, Facts& facts) {
    std::set<std::string> names;
    std::set<std::string> kinds;
    bool sourced = false;
    bool opened_outside = false;
    bool opened_inside = false;
    std::optional<std::chrono::seconds> period;
    for (const Path* path : paths) {
        if (path->hinted) continue;  // no ground for a verdict
        kinds.insert(path->kind);
        if (path->opened_by == "other") opened_outside = true;
        if (path->opened_by == "asset") opened_inside = true;
        const std::optional<Rhythm> rhythm = path->openings.rhythm();
        if (rhythm && rhythm->regular >= Openings::beacon && (!period || rhythm->period < *period)) period = rhythm->period;
        if (path->kind != "remote_service") continue;
        sourced = sourced || path->sourced;
        if (names.size() < names_most) {
            names.insert(path->operator_slug.empty() ? path->to : path->to + " (" + path->operator_slug + ")");
        }
    }
    if (kinds.empty()) return;
    facts["control_path"] = " " + join(std::vector<std::string>(kinds.begin(), kinds.end()), " ") + " ";
    if (sourced) facts["remote_service"] = 1;
    if (!names.empty()) facts["remote_service_by"] = join(std::vector<std::string>(names.begin(), names.end()), ", ");
    if (opened_outside || opened_inside) facts["path_opened_by"] = opened_outside ? "other" : "asset";
    if (period) facts["path_period"] = std::int64_t{period->count()};
}

}  // namespace

Relations::Relations(const Identified& identified) : identified_(&identified) {
    for (const Path& path : identified.paths) paths_[path.asset].push_back(&path);
    for (const Asset& asset : identified.assets) {
        if (asset.kind == "part") continue;
        for (const std::string& ip : asset.identifiers.ip) at_[place(asset.site, ip)].push_back(&asset);
        for (const std::string& mac : asset.identifiers.mac) at_[place(asset.site, mac)].push_back(&asset);
    }
}

void Relations::add(FactsRow& row, const Asset& asset) const {
    if (const auto found = paths_.find(asset.key); found != paths_.end()) control_paths(found->second, row.facts);

    // Who gave the commands that were seen. One from the internet decides; of several others all must be known.
    bool any = false;
    bool unknown = false;
    bool internet = false;
    std::set<std::string> parties;
    for (const Claim& claim : asset.claims) {
        if (claim.field != Field::remote_observed) continue;
        any = true;
        const std::string_view actor = actor_of(claim.value);
        const std::optional<IpAddress> ip = IpAddress::parse(actor);
        if (!ip && !Mac::parse(actor)) unknown = true;
        if (ip && is_outside(*identified_, *ip)) internet = true;
        // What the actor is, an inventory or the actor itself says; that makes the owner's energy management a lawful party.
        const auto found = at_.find(place(asset.site, actor));
        const Belief* category =
            found == at_.end() || found->second.size() != 1 ? nullptr : found->second.front()->belief(Field::category);
        parties.insert(category == nullptr || category->contested ? std::string() : category->value);
    }
    if (internet) {
        row.facts["remote_observed_from"] = "internet";
    } else if (any && !unknown) {
        row.facts["remote_observed_from"] = "local";
    }
    if (parties.size() == 1 && !parties.begin()->empty()) row.facts["remote_observed_actor"] = *parties.begin();

    const auto text = [&](Field field) {
        const Belief* belief = asset.belief(field);
        return belief == nullptr || belief->contested ? std::string() : belief->value;
    };
    const auto number = [&](std::string_view fact, Field field) {
        const std::string value = text(field);
        std::int64_t count = 0;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), count);
        if (error == std::errc() && end == value.data() + value.size()) row.facts[std::string(fact)] = count;
    };
    if (const std::string function = text(Field::function); !function.empty()) row.facts["function"] = function;
    number("carries", Field::carries);
    number("purdue_level", Field::purdue_level);
    std::set<std::string> conduits;
    for (const Claim& claim : asset.claims) {
        if (claim.field == Field::conduit) conduits.insert(claim.value);
    }
    if (!conduits.empty()) row.facts["conduit"] = join(std::vector<std::string>(conduits.begin(), conduits.end()), ", ");
}

}  // namespace herkomst
