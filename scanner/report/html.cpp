// An Overview as the page of templates/report.mustache.
#include <array>

#include "core/text.h"
#include "report/embedded.h"
#include "report/page.h"
#include "report/render.h"
#include "report/report.h"

namespace herkomst {

bool open_now(const OverviewFinding& held) { return held.open() && held.observation != "refuted"; }

std::span<const Band> all_bands() {
    static constexpr std::array bands = {Band::Critical, Band::High, Band::Medium, Band::Low};
    return bands;
}

Page::Page(const Overview& overview, const std::string& lang, Time now)
    : overview_(overview), words_(lang), now_(now), by_uid_(assets_by_uid(overview)) {
    for (const OverviewFinding& held : overview.findings) {
        if (held.finding.subject.kind == "asset") findings_of_[held.finding.subject.key].push_back(&held);
    }
    for (const OverviewFinding& held : overview.questions) {
        if (held.finding.subject.kind == "asset") ++questions_of_[held.finding.subject.key];
    }
    for (const OverviewMeasure& measure : overview.measures) measures_of_[measure.finding].push_back(&measure);
    for (const OverviewAsset& asset : overview.assets) {
        if (!asset.country.empty()) countries_[asset.country] = asset.country_name;
        if (!asset.maker.empty()) makers_[asset.maker].push_back(&asset);
    }
    for (const Group& group : overview.groups) {
        if (group.kind == "jurisdiction") countries_.emplace(group.key, group.title);
    }
    for (const auto& [code, jurisdiction] : overview.jurisdictions) {
        const auto called = [&names = jurisdiction.names](const char* language) {
            const auto found = names.find(language);
            return found == names.end() ? std::string() : found->second;
        };
        countries_.emplace(code, Texts{called("nl"), called("en")});
    }
}

Json Page::view() const {
    Json out = Json::object();
    out["t"] = words_.all();
    out["lang"] = words_.lang();
    out["style"] = embedded::style;
    out["site"] = overview_.site;
    out["tlp"] = "TLP:" + overview_.tlp;
    out["tlp_note"] = overview_.tlp == "AMBER+STRICT" ? words_("tlp_note") : std::string();
    out["run_at"] = words_.moment(overview_.run.at);
    out["run_number"] = overview_.run.run;
    out["generated"] = words_.moment(now_);
    out["program"] = overview_.run.program;
    out["vendordb"] = overview_.run.vendordb;
    out["rules"] = overview_.run.rules;
    out["has_assets"] = !overview_.assets.empty();
    summarise(out);
    out["control_chart"] = control_chart();
    powers(out);
    out["bands"] = bands();
    out["question_rules"] = question_rules();
    answers(out);
    out["assets"] = assets();
    out["makers_list"] = makers();
    out["jurisdictions"] = jurisdictions();
    out["has_jurisdictions"] = !out["jurisdictions"].items().empty();
    out["has_unknown_names"] = !overview_.unknown_vendors.empty();
    out["unknown_names"] = strings(overview_.unknown_vendors);
    coverage(out);
    control_paths(out);
    zones(out);
    out["read_sources"] = read_sources();
    return out;
}

std::string Page::anchor_of_asset(const std::string& uid) { return "a-" + uid; }

std::string Page::anchor_of_maker(const std::string& slug) { return "m-" + slug; }

std::string Page::link(const std::string& address) {
    return address.starts_with("https://") || address.starts_with("http://") ? address : std::string();
}

void Page::mark_last(Json& list) {
    auto& items = list.items();
    for (std::size_t i = 0; i < items.size(); ++i) items[i]["last"] = i + 1 == items.size();
}

std::string Page::country(const std::string& code) const {
    const auto found = countries_.find(code);
    if (found == countries_.end() || found->second.in(words_.lang()).empty()) return code;
    return found->second.in(words_.lang()) + " (" + code + ")";
}

std::string Page::subject(const OverviewFinding& held) const {
    if (const std::string& text = held.subject_texts.in(words_.lang()); !text.empty()) return text;
    return held.subject_label.empty() ? held.finding.subject.key : held.subject_label;
}

std::string Page::anchor(const FindingSubject& of) const {
    if (of.kind == "asset" && by_uid_.contains(of.key)) return anchor_of_asset(of.key);
    if (of.kind == "vendor" && makers_.contains(of.key)) return anchor_of_maker(of.key);
    return {};
}

std::string Page::control_words(const std::string& status) const {
    if (status == "verified" || status == "reported") return words_("status_" + status);
    return words_("control_" + (status.empty() ? std::string("none") : status));
}

std::string html_report(const Overview& overview, const std::string& lang, Time now) {
    return render(embedded::template_page, Page(overview, lang, now).view());
}

}  // namespace herkomst
