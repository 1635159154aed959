#include "assess/paths.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

#include "core/text.h"
#include "identity/lawful.h"

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

// The claims by which this asset is declared.
void rests_on(const Asset& who, FactsRow& row) {
    std::vector<Evidence>& evidence = row.evidence["remote_observed_actor"];
    for (const Claim& claim : who.claims) {
        if (claim.field != Field::category || claim.from.source.empty() || evidence.size() >= names_most) continue;
        if (std::find(evidence.begin(), evidence.end(), claim.from) == evidence.end()) evidence.push_back(claim.from);
    }
    if (evidence.empty()) row.evidence.erase("remote_observed_actor");
}

}  // namespace

Relations::Relations(const Identified& identified, const VendorDb& db) : identified_(&identified), db_(&db) {
    for (const Path& path : identified.paths) paths_[path.asset].push_back(&path);
    for (const Asset& asset : identified.assets) {
        if (asset.kind == "part") continue;
        for (const std::string& ip : asset.identifiers.ip) at_[place(asset.site, ip)].push_back(&asset);
        for (const std::string& mac : asset.identifiers.mac) at_[place(asset.site, mac)].push_back(&asset);
    }
}

const Asset* Relations::one_at(const std::string& site, std::string_view address) const {
    const auto found = at_.find(place(site, address));
    return found == at_.end() || found->second.size() != 1 ? nullptr : found->second.front();
}

// Who gave the commands that were seen. One from the internet decides; of several others all must be known. A declared party
// (identity/lawful.h) stands for its own commands: one from somebody else leaves the actor unknown.
void Relations::add_actors(FactsRow& row, const Asset& asset) const {
    bool unknown = false;
    bool internet = false;
    bool conduct = true;  // all of them do what energy management does
    std::size_t commands = 0;
    std::set<std::string> lawful;
    std::set<std::string> by;
    std::set<std::string> others;
    Time commanded{};  // from outside, by nobody who was declared
    for (const Claim& claim : asset.claims) {
        if (claim.field != Field::remote_observed) continue;
        ++commands;
        const std::string_view actor = actor_of(claim.value);
        const std::optional<IpAddress> ip = IpAddress::parse(actor);
        if (!ip && !Mac::parse(actor)) unknown = true;
        if (ip && is_outside(*identified_, *ip)) internet = true;
        const Asset* who = one_at(asset.site, actor);
        Lawful declared = ip ? lawful_address(*ip, *db_) : Lawful{};
        if (!declared.declared() && who != nullptr) {
            declared = lawful_asset(*who);
            if (declared.declared()) rests_on(*who, row);
        }
        if (declared.declared()) {
            lawful.insert(declared.party);
            by.insert(declared.by);
            continue;
        }
        if (ip && is_outside(*identified_, *ip)) commanded = std::max(commanded, claim.seen.last);
        const Belief* category = who == nullptr ? nullptr : who->belief(Field::category);
        const Belief* function = who == nullptr ? nullptr : who->belief(Field::function);
        others.insert(category == nullptr || category->contested ? std::string() : category->value);
        conduct = conduct && function != nullptr && !function->contested && function->value == "energy_management";
    }
    if (commands == 0) return;
    if (commanded > Time{}) {
        const auto before = parse_rfc3339(text_of(row, "outside_seen"));
        if (!before || *before < commanded) row.facts["outside_seen"] = rfc3339(commanded);
    }
    // As many as are kept: of one that is not there any more nobody knows who gave it.
    if (commands >= ObservationSet::values_per_field) others.insert(std::string());
    if (internet) {
        row.facts["remote_observed_from"] = "internet";
    } else if (!unknown) {
        row.facts["remote_observed_from"] = "local";
    }
    if (others.empty()) {
        row.facts["remote_observed_actor"] = lawful.contains("grid_operator") ? "grid_operator" : "energy_management";
        row.facts["remote_observed_actor_by"] = join(std::vector<std::string>(by.begin(), by.end()), "; ");
    } else if (!lawful.empty()) {
        row.facts["remote_observed_actor_by"] = "partly";
    } else {
        if (others.size() == 1 && !others.begin()->empty()) row.facts["remote_observed_actor"] = *others.begin();
        if (conduct) row.facts["remote_observed_actor_by"] = "conduct";
    }
    if (!others.empty()) row.evidence.erase("remote_observed_actor");
}

void Relations::add(FactsRow& row, const Asset& asset) const {
    if (const auto found = paths_.find(asset.key); found != paths_.end()) control_paths(found->second, row.facts);

    add_actors(row, asset);
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
