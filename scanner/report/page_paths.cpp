// The page's tables about the network: control paths, commands seen, levels and conduits.
#include <algorithm>
#include <set>
#include <tuple>

#include "identity/paths.h"
#include "identity/relations.h"
#include "report/page.h"

namespace herkomst {

namespace {

std::string name_of(const OverviewAsset& asset) { return asset.label.empty() ? asset.uid : asset.label; }

bool lawful(const Path& path) { return path.party == "grid_operator" || path.party == "energy_management"; }

// What a reader should see first: a way in, then commands, then clouds; lawful parties at the end of each.
int weight(const Path& path) {
    const int kind = path.kind == "remote_service" ? 0 : path.kind == "control" ? 2 : 4;
    return kind + (lawful(path) ? 1 : 0);
}

}  // namespace

std::string Page::word(const std::string& prefix, const std::string& value) const {
    const std::string& text = words_.all()[prefix + value].string();
    return text.empty() ? value : text;
}

std::string Page::traffic(std::uint64_t bytes) const {
    constexpr std::uint64_t kilo = 1000;
    if (bytes < kilo) return words_.number(bytes) + " B";
    const bool mega = bytes >= kilo * kilo;
    const std::uint64_t tenths = bytes / (mega ? kilo * kilo / 10 : kilo / 10);
    const std::string point = words_.lang() == "nl" ? "," : ".";
    const std::string tenth = tenths < 1000 ? point + std::to_string(tenths % 10) : std::string();
    return words_.number(tenths / 10) + tenth + (mega ? " MB" : " kB");
}

std::string Page::rhythm_words(const Rhythm& rhythm) const {
    const auto seconds = static_cast<std::uint64_t>(rhythm.period.count());
    const auto [value, unit] = seconds >= 2 * 3600 ? std::pair(seconds / 3600, "every_hours")
                               : seconds >= 2 * 60 ? std::pair(seconds / 60, "every_minutes")
                                                   : std::pair(seconds, "every_seconds");
    const std::string every = words_(unit, {{"count", words_.number(value)}});
    const bool beacon = rhythm.regular >= Openings::beacon;
    return words_(beacon ? "regular" : "irregular", {{"every", every}, {"share", std::to_string(rhythm.regular)}});
}

std::string Page::party_name(const std::string& slug) const {
    if (const auto vendor = overview_.vendors.find(slug); vendor != overview_.vendors.end()) return vendor->second.name;
    for (const Group& group : overview_.groups) {
        const bool party = group.kind == "operator" || group.kind == "vendor" || group.kind == "parent";
        if (party && group.key == slug && !group.title.in(words_.lang()).empty()) return group.title.in(words_.lang());
    }
    return slug;
}

void Page::control_paths(Json& out) const {
    using Row = std::tuple<int, std::string, std::string>;
    std::vector<std::pair<Row, Json>> rows;
    Json commands = Json::array();
    for (const OverviewAsset& asset : overview_.assets) {
        for (const std::string& text : all_values(asset, Field::control_path)) {
            const std::optional<PathTold> told = path_told(text);
            if (!told) continue;
            const Path& path = told->path;
            Json row = Json::object();
            row["asset"] = name_of(asset);
            row["anchor"] = anchor_of_asset(asset.uid);
            row["to"] = path.to;
            row["kind"] = word("path_", path.kind);
            row["class"] = path.kind;
            row["purpose"] = words_.purpose(path.purpose);
            row["operator"] = path.operator_slug.empty() ? std::string() : party_name(path.operator_slug);
            row["party"] = !path.party.empty()          ? word("path_party_", path.party)
                           : path.operator_slug.empty() ? words_("unknown")
                                                        : words_("path_party_unknown_maker");
            row["lawful"] = lawful(path);
            row["opened_by"] = word("path_opened_", path.opened_by);
            row["services"] = Json::array();
            for (const std::string& service : path.services) {
                if (service != path.to) row["services"].push(service);
            }
            std::vector<std::string> others(path.others.begin(), path.others.end());
            row["others"] = strings(others);
            row["others_more"] =
                path.others_more == 0 ? std::string() : words_("and_more", {{"count", words_.number(path.others_more)}});
            row["bytes_out"] = traffic(path.bytes_out);
            row["bytes_in"] = traffic(path.bytes_in);
            row["first"] = words_.moment(path.seen.first);
            const std::string last = words_.moment(path.seen.last);
            row["last"] = last == row["first"].string() ? std::string() : last;
            row["count"] = words_.count("path_once", "path_times", path.seen.count);
            row["rhythm"] = told->rhythm ? rhythm_words(*told->rhythm) : std::string();
            rows.emplace_back(Row{weight(path), name_of(asset), path.to + path.opened_by}, std::move(row));
        }
        for (const std::string& text : all_values(asset, Field::remote_observed)) {
            Json row = Json::object();
            row["asset"] = name_of(asset);
            row["anchor"] = anchor_of_asset(asset.uid);
            // "ocpp RemoteStopTransaction from 192.0.2.20"
            const std::size_t from = text.rfind(" from ");
            row["command"] = text.substr(0, from);
            row["from"] = from == std::string::npos ? std::string() : text.substr(from + 6);
            commands.push(std::move(row));
        }
    }
    std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    out["has_paths"] = !rows.empty();
    out["paths"] = Json::array();
    for (auto& [order, row] : rows) out["paths"].push(std::move(row));
    out["has_commands"] = !commands.items().empty();
    out["commands"] = std::move(commands);
}

void Page::zones(Json& out) const {
    std::map<std::string, std::set<std::pair<std::string, std::string>>> levels;  // level, (name, uid)
    std::map<std::string, std::set<std::pair<std::string, std::string>>> conduits;
    for (const OverviewAsset& asset : overview_.assets) {
        const std::pair who(name_of(asset), asset.uid);
        const std::string& level = value_of(asset, Field::purdue_level);
        if (level.empty()) continue;
        levels[level].insert(who);
        for (const std::string& text : all_values(asset, Field::conduit)) {
            // "level 1 - level 3: opcua": both ends have it, the lower one tells it.
            const std::size_t other = text.find(" - level ");
            if (other != std::string::npos && other + 9 < text.size() && text.substr(other + 9, 1) < level) continue;
            conduits[text].insert(who);
        }
    }
    const auto members = [&](const std::set<std::pair<std::string, std::string>>& of) {
        constexpr std::size_t most = 12;
        Json list = Json::array();
        for (const auto& [called, uid] : of) {
            if (list.items().size() == most) break;
            Json one = Json::object();
            one["name"] = called;
            one["anchor"] = anchor_of_asset(uid);
            list.push(std::move(one));
        }
        mark_last(list);
        return list;
    };
    const auto more = [&](std::size_t all, std::size_t told) {
        return all <= told ? std::string() : words_("and_more", {{"count", words_.number(all - told)}});
    };
    Json rows = Json::array();
    for (const auto& [level, of] : levels) {
        Json row = Json::object();
        row["level"] = word("level_", level);
        row["assets"] = members(of);
        row["more"] = more(of.size(), row["assets"].items().size());
        row["count"] = words_.number(of.size());
        rows.push(std::move(row));
    }
    out["has_zones"] = !rows.items().empty();
    out["zones"] = std::move(rows);
    Json ways = Json::array();
    for (const auto& [text, of] : conduits) {
        const std::size_t colon = text.rfind(": ");
        if (colon == std::string::npos) continue;
        Json row = Json::object();
        const std::string between = text.substr(0, colon);
        if (between.size() < 8) continue;
        row["from"] = word("level_", between.substr(6, 1));
        row["to"] = between.ends_with("outside") ? words_("level_outside") : word("level_", between.substr(between.size() - 1));
        row["outside"] = between.ends_with("outside");
        row["service"] = text.substr(colon + 2);
        row["assets"] = members(of);
        row["more"] = more(of.size(), row["assets"].items().size());
        ways.push(std::move(row));
    }
    out["has_conduits"] = !ways.items().empty();
    out["conduits"] = std::move(ways);
}

}  // namespace herkomst
