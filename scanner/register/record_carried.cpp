// Between questions and what they become: a question is asked of the supplier or the site, a finding stands of each asset.
#include <algorithm>

#include "register/recorder.h"

namespace herkomst {

using sql::Query;

namespace {

std::string text_at(const Facts& facts, std::string_view fact) {
    const auto found = facts.find(fact);
    return found == facts.end() ? std::string() : found->second.string();
}

}  // namespace

// What the carrying has to know when all findings are there: questions that are not about one asset, and findings of assets
// whose rule asks elsewhere; each with the run that saw it before this one.
void Recorder::note_for_carrying(const Finding& finding, const FindingSubject& subject, const std::string& id,
                                 std::int64_t former_run) {
    if (!subject.kind.empty() && subject.kind != "asset" && finding.verdict == Ruling::Question) asked_[id] = former_run;
    if (first_run_ || subject.kind != "asset" || finding.verdict != Ruling::Open || run_.policies == nullptr) return;
    const PolicyPacks::RuleSummary* rule = run_.policies->rule(finding.rule);
    if (rule != nullptr && rule->ask != "asset") stands_.push_back({id, finding.rule, subject.key, former_run});
}

// Where a rule asks about an asset of that maker: the supplier, or the site.
std::vector<FindingSubject> Recorder::asked_of(const PolicyPacks::RuleSummary& rule, const Facts& facts,
                                               const std::string& maker) const {
    if (rule.ask == "vendor" && !maker.empty()) return {{"vendor", maker}};
    std::vector<FindingSubject> out;
    // Of one site its group's key, of several each asset's own.
    for (const Group& group : run_.assessment->groups) {
        if (group.kind == "site") out.push_back({"site", group.key});
    }
    const auto site = facts.find("site");
    if (out.size() > 1 && site != facts.end()) out = {{"site", site->second.string()}};
    return out;
}

// Questions about single assets from before their rule asked the supplier or the site: still open, and asked there now.
void Recorder::move_questions() {
    if (run_.policies == nullptr || asked_.empty()) return;
    struct Old {
        std::string id;
        std::string rule;
        std::string uid;
    };
    std::vector<Old> old;
    {
        Query query(database_,
                    "SELECT finding, rule, subject_key FROM findings WHERE verdict = 'question' AND subject_kind = 'asset' AND "
                    "merged_into IS NULL AND last_run < ? ORDER BY finding");
        query.bind(receipt_.run);
        while (query.step()) old.push_back({query.text(0), query.text(1), query.text(2)});
    }
    for (const Old& one : old) {
        const PolicyPacks::RuleSummary* rule = run_.policies->rule(one.rule);
        const auto asset = asset_at_.find(one.uid);
        if (rule == nullptr || rule->ask == "asset" || asset == asset_at_.end()) continue;
        const auto row = run_.assessment->facts.row_of(asset->second->key);
        if (!row) continue;
        // False of this asset: then it is refuted, not moved.
        if (is_false_of(one.rule, *row)) continue;
        const Facts facts = run_.assessment->facts[*row].facts;
        for (const FindingSubject& place : asked_of(*rule, facts, text_at(facts, "maker"))) {
            const std::string target = finding_id(one.rule, place);
            if (!asked_.contains(target)) continue;
            Json detail = Json::object();
            detail["because"] =
                place.kind == "vendor" ? "this is asked once of the supplier now" : "this is asked once of the site now";
            detail["cause"] = name_of(Cause::Knowledge);
            move_question(database_, *chain_, one.id, target, std::move(detail));
            ++receipt_.moved;
            break;
        }
    }
}

bool Recorder::is_false_of(const std::string& rule, std::size_t row) const {
    return std::any_of(run_.assessment->refuted.begin(), run_.assessment->refuted.end(), [&](const Refuted& refuted) {
        return refuted.rule == rule && !refuted.over_groups && refuted.rows.contains(static_cast<std::uint32_t>(row));
    });
}

// What people set at a question goes along to the findings that it becomes when its facts arrive, and back to the question when
// they are gone. Whether a question became a finding is told by which of the two was seen last.
void Recorder::carry_questions() {
    if (run_.policies == nullptr || first_run_) return;
    for (const Stands& one : stands_) {
        if (minted_.contains(one.uid)) continue;
        const PolicyPacks::RuleSummary* rule = run_.policies->rule(one.rule);
        const auto row = run_.assessment->facts.row_of(asset_at_.at(one.uid)->key);
        if (!row) continue;
        const Facts facts = run_.assessment->facts[*row].facts;
        // Who made it may be what was not known.
        const std::string maker = text_at(facts, "maker");
        const auto before = maker_before_.find(one.uid);
        std::vector<FindingSubject> places = asked_of(*rule, facts, before == maker_before_.end() ? maker : before->second);
        for (const FindingSubject& place : places) {
            const std::string question = finding_id(one.rule, place);
            std::int64_t seen = 0;
            {
                Query held(database_,
                           "SELECT last_run FROM findings WHERE finding = ? AND verdict = 'question' AND merged_into IS NULL");
                held.bind(question);
                if (!held.step()) continue;
                seen = held.integer(0);
            }
            if (const auto asked = asked_.find(question); asked != asked_.end()) seen = asked->second;
            // Of an asset that was not there when it was asked it was not asked.
            const auto missing = missing_since_.find(one.uid);
            if (seen <= one.former_run || (missing != missing_since_.end() && missing->second < seen)) continue;
            Json detail = because_of(cause_of({"asset", one.uid}));
            detail["because"] = "the question is decided of this asset";
            if (!copy_work(database_, *chain_, question, one.finding, Copying::ToFinding, std::move(detail))) continue;
            ++receipt_.carried;
            check_acceptance(one);
        }
    }
    // An interval of `listen` sees too little to know that a fact is gone.
    if (asked_.empty() || run_.one_of_many) return;
    std::vector<Stands> gone;
    {
        Query query(database_,
                    "SELECT finding, rule, subject_key, last_run FROM findings f WHERE verdict = 'open' AND subject_kind = "
                    "'asset' AND merged_into IS NULL AND last_run < ? AND EXISTS (SELECT 1 FROM work w WHERE w.subject_kind = "
                    "'finding' AND w.subject = f.finding) ORDER BY finding");
        query.bind(receipt_.run);
        while (query.step()) gone.push_back({query.text(0), query.text(1), query.text(2), query.integer(3)});
    }
    for (const Stands& one : gone) {
        const PolicyPacks::RuleSummary* rule = run_.policies->rule(one.rule);
        const auto asset = asset_at_.find(one.uid);
        if (rule == nullptr || rule->ask == "asset" || asset == asset_at_.end()) continue;
        const auto row = run_.assessment->facts.row_of(asset->second->key);
        if (!row || is_false_of(one.rule, *row)) continue;
        const Facts facts = run_.assessment->facts[*row].facts;
        for (const FindingSubject& place : asked_of(*rule, facts, text_at(facts, "maker"))) {
            const auto asked = asked_.find(finding_id(one.rule, place));
            if (asked == asked_.end() || one.former_run < asked->second) continue;
            Json detail = because_of(cause_of({"asset", one.uid}));
            detail["because"] = "what decided it is not known any more";
            if (copy_work(database_, *chain_, one.finding, asked->first, Copying::ToQuestion, std::move(detail)))
                ++receipt_.carried;
        }
    }
}

// Who accepted a question accepted what it may be at worst.
void Recorder::check_acceptance(const Stands& one) {
    const Standing standing = standing_of(database_, one.finding);
    if (standing.status != "accepted") return;
    std::string band;
    {
        Query row(database_, "SELECT band FROM findings WHERE finding = ?");
        row.bind(one.finding);
        if (!row.step()) return;
        band = row.text(0);
    }
    Sight now;
    now.band = band;
    if (const auto rated = rating_row(database_, one.finding)) {
        now.inherent = name(rated->rating.inherent);
        now.residual = name(rated->rating.residual);
    }
    const std::string why = reopens(standing, now);
    if (why.empty()) return;
    put_act(database_, *chain_, "reopened", "finding", one.finding,
            JsonObject{{"because", Json(why)}, {"cause", Json(name_of(cause_of({"asset", one.uid})))}},
            JsonObject{{"status", Json("assessed")}});
    ++receipt_.reopened;
}

}  // namespace herkomst
