#include "cli/assess_site.h"

#include <algorithm>

#include "assess/order.h"
#include "cli/terminal.h"

namespace herkomst {

namespace {}  // namespace

AssessedSite::AssessedSite(Overview all, const VendorDb& vendors, const PolicyPacks& packs, const Questionnaire& asked)
    : all_(std::move(all)), vendors_(vendors), packs_(packs), asked_(asked) {
    for (const OverviewAsset& asset : all_.assets) {
        FactsRow row;
        row.asset = asset.uid;
        row.facts = asset.facts;
        row.facts["asset"] = asset.uid;
        take_out(row);
        number_[asset.uid] = seen_.size();
        seen_.push_back(std::move(row));
        const std::string& site = asset.facts.contains("site") ? asset.facts.find("site")->second.string() : all_.site;
        subjects_.push_back(
            {asset.uid, asset.uid, asset.label, work_field(asset.work, "process"), work_field(asset.work, "zone"), site});
    }
}

std::vector<FactsRow> AssessedSite::with_answers(const AnswerBook& book, Time now, Answered* into) const {
    std::vector<FactsRow> rows = seen_;
    Answered answered = fill_facts(rows, subjects_, asked_, book, now, &vendors_);
    if (into != nullptr) *into = std::move(answered);
    return rows;
}

SiteJudged AssessedSite::judged(const AnswerBook& book, Time now) const {
    SiteJudged out;
    out.rows = with_answers(book, now, &out.answered);
    for (FactsRow& row : out.rows) complete(row, vendors_);
    apply_orders(out.rows, packs_.orders(), vendors_);
    AssessOptions options;
    options.site = all_.site;
    out.groups = groups_of(out.rows, vendors_, options);
    out.findings = judge(out.rows, out.groups, &vendors_, packs_);
    return out;
}

std::vector<Ask> AssessedSite::asks(const SiteJudged& before, const AnswerBook& book, const AskOptions& options) const {
    return asks_of(asked_, subjects_, with_answers(book, options.now, nullptr), before.findings, book, options);
}

std::set<AnswerPlace> AssessedSite::places(const AnswerBook& book, Time now) const {
    // Who made it may only be known by an answer.
    const std::vector<FactsRow> rows = with_answers(book, now, nullptr);
    std::set<AnswerPlace> out = {{AnswerScope::Organisation, ""}};
    for (std::size_t i = 0; i < seen_.size(); ++i) {
        for (const AnswerScope scope : all_scopes) out.insert(place_of(scope, subjects_[i], rows[i].facts));
        out.insert({AnswerScope::Asset, subjects_[i].uid});
    }
    return out;
}

Rating AssessedSite::rating(const Criteria& criteria, const Finding& finding, const SiteJudged& judged, const AnswerBook& book,
                            Time now, const MeasureMeanings* meanings) const {
    std::vector<std::string> members;
    if (finding.subject.kind == "asset") {
        members.push_back(finding.subject.key);
    } else {
        for (const Group& group : judged.groups) {
            if (group.kind == finding.subject.kind && group.key == finding.subject.key) members = group.members;
        }
    }
    std::vector<RatingInputs> inputs;
    for (const std::string& member : members) {
        const auto found = number_.find(member);
        if (found == number_.end()) continue;
        inputs.push_back(inputs_of(criteria, asked_, subjects_[found->second], judged.rows[found->second].facts, book, now));
    }
    Rating out = rate(criteria, inputs.size() == 1 ? inputs.front() : worst_of(criteria, inputs), finding.rule);
    if (meanings == nullptr) return out;
    std::vector<RecordedMeasure> measures;
    for (const OverviewMeasure& one : all_.measures) {
        if (one.finding == finding.id) measures.push_back({work_field(one.work, "kind"), work_field(one.work, "state")});
    }
    const MeasureAnswers said = meanings->answers(criteria, measures, out.considerations);
    return with_measures(criteria, std::move(out), said);
}

}  // namespace herkomst
