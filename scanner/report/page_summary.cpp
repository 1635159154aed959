// The page's figures: summary, where control falls, switchable power.
#include <algorithm>
#include <set>

#include "register/counts.h"
#include "report/charts.h"
#include "report/page.h"

namespace herkomst {

namespace {
constexpr std::size_t top_most = 8;
}

void Page::summarise(Json& out) const {
    const AssetCounts of = counts_of(overview_);
    std::set<std::string_view> countries;
    for (const OverviewAsset& asset : overview_.assets) {
        if (!asset.country.empty()) countries.insert(asset.country);
    }
    std::map<Band, std::uint64_t> counts;
    std::uint64_t open = 0;
    for (const OverviewFinding& held : overview_.findings) {
        if (!open_now(held)) continue;
        ++open;
        ++counts[held.leading()];
    }
    const auto open_questions =
        static_cast<std::uint64_t>(std::count_if(overview_.questions.begin(), overview_.questions.end(), open_now));
    Json cards = Json::array();
    const auto card = [&](const char* target, std::uint64_t figure, const char* what, std::string note) {
        Json each = Json::object();
        each["target"] = target;
        each["figure"] = words_.number(figure);
        each["what"] = words_(what);
        each["note"] = std::move(note);
        cards.push(std::move(each));
    };
    card("#assets", of.all, "card_assets",
         words_("card_assets_note", {{"devices", words_.number(of.devices)},
                                     {"parts", words_.number(of.parts)},
                                     {"others", words_.number(of.services + of.programs)}}));
    card("#makers", makers_.size(), "card_makers", words_("card_makers_note", {{"unknown", words_.number(of.without_maker)}}));
    card("#control", countries.size(), "card_countries",
         words_("card_countries_note", {{"unknown", words_.number(of.without_country)}}));
    card("#findings", open, "card_findings",
         words_("card_findings_note", {{"handled", words_.number(overview_.findings.size() - open)}}));
    card("#questions", open_questions, "card_questions", words_("card_questions_note"));
    card("#coverage", overview_.coverage.size(), "card_not_understood",
         words_("card_not_understood_note", {{"names", words_.number(overview_.unknown_vendors.size())}}));
    out["cards"] = std::move(cards);

    Json rows = Json::array();
    for (const Band band : all_bands()) {
        Json each = Json::object();
        each["class"] = name(band);
        each["label"] = words_("band_" + std::string(name(band)));
        each["figure"] = words_.number(counts[band]);
        rows.push(std::move(each));
    }
    out["band_counts"] = std::move(rows);

    Json top = Json::array();
    std::uint64_t serious = 0;
    for (const OverviewFinding& held : overview_.findings) {
        if (!open_now(held) || held.leading() < Band::High || ++serious > top_most) continue;
        Json each = Json::object();
        each["class"] = name(held.leading());
        each["label"] = words_("band_" + std::string(name(held.leading())));
        each["anchor"] = held.finding.id;
        each["title"] = held.finding.title.in(words_.lang());
        each["subject"] = subject(held);
        top.push(std::move(each));
    }
    out["has_top"] = serious > 0;
    out["top"] = std::move(top);
    out["top_more"] = serious > top_most ? words_("and_more", {{"count", words_.number(serious - top_most)}}) : std::string();
    out["people"] = overview_.people_devices == 0
                        ? std::string()
                        : words_("people_devices", {{"count", words_.number(overview_.people_devices)}});
}

Json Page::control_chart() const {
    std::map<std::string, std::uint64_t> known;
    std::map<std::string, std::uint64_t> unknown;
    for (const OverviewAsset& asset : overview_.assets) {
        if (asset.country.empty()) {
            ++unknown[control_status(asset)];
        } else {
            ++known[asset.country];
        }
    }
    std::vector<Bar> bars;
    for (const auto& [code, count] : known) bars.push_back({country(code), static_cast<double>(count), "", false});
    std::stable_sort(bars.begin(), bars.end(), [](const Bar& a, const Bar& b) { return a.value > b.value; });
    for (const auto& [status, count] : unknown) {
        // A status that counts without a country: the register knows more than this chart, so it is not sourced here.
        const bool sourced = status == "verified" || status == "reported";
        bars.push_back({words_("control_" + (sourced ? std::string("none") : status)), static_cast<double>(count), "", true});
    }
    for (Bar& bar : bars) bar.figure = words_.number(static_cast<std::uint64_t>(bar.value));
    return bar_chart(bars);
}

std::string Page::power_figure(std::int64_t watts, std::uint64_t unknown, std::uint64_t maybe) const {
    std::string out = words_.power(watts);
    if (unknown + maybe > 0) out += " " + words_("plus_unknown", {{"count", words_.number(unknown + maybe)}});
    return out;
}

// "contested for 1 device: 50 kW to 60 kW"; empty where there is none.
std::string Page::power_line(const Group& group, const char* assets, const char* text) const {
    const auto fact = [&](const char* name) {
        const auto found = group.facts.find(name);
        return found == group.facts.end() ? std::int64_t{0} : found->second.integer();
    };
    if (fact(assets) == 0) return {};
    return words_(text, {{"count", words_.count("device_one", "devices_many", static_cast<std::uint64_t>(fact(assets)))},
                         {"low", words_.power(fact("contested_power_low"))},
                         {"high", words_.power(fact("contested_power_high"))},
                         {"power", words_.power(fact("uncategorised_power"))}});
}

void Page::powers(Json& out) const {
    std::vector<const Group*> groups;
    Group rest;
    bool any = false;
    for (const Group& group : overview_.groups) {
        if (group.power_assets == 0) continue;
        any = true;
        groups.push_back(&group);
        const bool site = group.kind == "site";
        if (!site && group.kind != "jurisdiction") continue;
        const int sign = site ? 1 : -1;
        rest.switchable_power += sign * group.switchable_power;
        rest.power_assets += static_cast<std::uint64_t>(sign) * group.power_assets;
        rest.switchable_power_unknown += static_cast<std::uint64_t>(sign) * group.switchable_power_unknown;
        rest.switchable_maybe += static_cast<std::uint64_t>(sign) * group.switchable_maybe;
    }
    std::vector<Bar> bars;
    for (const Group* group : groups) {
        if (group->kind != "jurisdiction") continue;
        bars.push_back({country(group->key), static_cast<double>(group->switchable_power),
                        power_figure(group->switchable_power, group->switchable_power_unknown, group->switchable_maybe),
                        false});
    }
    std::stable_sort(bars.begin(), bars.end(), [](const Bar& a, const Bar& b) { return a.value > b.value; });
    if (rest.power_assets > 0) {
        bars.push_back({words_("power_unknown_country"), static_cast<double>(rest.switchable_power),
                        power_figure(rest.switchable_power, rest.switchable_power_unknown, rest.switchable_maybe), true});
    }
    out["has_power"] = any;
    out["power_chart"] = bar_chart(bars);
    const auto rank = [](const Group& group) {
        return group.kind == "site"           ? 0
               : group.kind == "jurisdiction" ? 1
               : group.kind == "vendor"       ? 2
               : group.kind == "parent"       ? 3
                                              : 4;
    };
    std::stable_sort(groups.begin(), groups.end(), [&](const Group* a, const Group* b) {
        if (rank(*a) != rank(*b)) return rank(*a) < rank(*b);
        return a->switchable_power > b->switchable_power;
    });
    const auto some = [&](const char* text, std::uint64_t count) {
        return count == 0 ? std::string() : words_(text, {{"count", words_.number(count)}});
    };
    Json rows = Json::array();
    for (const Group* group : groups) {
        Json each = Json::object();
        const std::string& title = group->title.in(words_.lang());
        each["title"] = group->kind == "jurisdiction" ? country(group->key) : title.empty() ? group->key : title;
        each["kind"] = words_.kind(group->kind);
        each["power_assets"] = words_.count("device_one", "devices_many", group->power_assets);
        each["rated"] = words_.power(group->rated_power);
        each["switchable_assets"] = words_.count("device_one", "devices_many", group->switchable_assets);
        each["switchable"] = words_.power(group->switchable_power);
        for (const char* how : {"documented", "exposed", "observed", "blocked"}) {
            const auto watts = group->facts.find(std::string(how) + "_power_at_least");
            // A register of before these sums were kept.
            each[how] = watts == group->facts.end() ? std::string("-") : words_.power(watts->second.integer());
        }
        each["unknown"] = some("power_unknown_line", group->switchable_power_unknown);
        each["maybe"] = some("switchable_maybe_line", group->switchable_maybe);
        each["contested"] = power_line(*group, "power_contested_assets", "power_contested_line");
        each["uncategorised"] = power_line(*group, "power_uncategorised_assets", "power_uncategorised_line");
        rows.push(std::move(each));
    }
    out["power_groups"] = std::move(rows);
}

}  // namespace herkomst
