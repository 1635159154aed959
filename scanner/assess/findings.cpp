#include "assess/findings.h"

#include <algorithm>
#include <tuple>

#include "assess/findings_maker.h"
#include "assess/questions.h"

namespace herkomst {

Finding Findings::operator[](std::size_t number) const {
    const Entry& entry = entries_[number];
    if (entry.made) return made_[entry.at];
    const Rule& rule = origin_->loaded->rules[entry.rule];
    const FactsRow row = origin_->rows[entry.at];
    const Judged judged{entry.verdict == Ruling::Open ? Truth::True : Truth::Unknown, entry.likelihood, entry.impact};
    Finding finding = finding_of(rule, judged, {"asset", row.asset}, row.facts, origin_->db);
    finding.missing = missing_[entry.missing];
    add_evidence(finding, row);
    return finding;
}

FindingsMaker::FindingsMaker(FindingsOrigin origin) {
    findings_.origin_ = std::make_shared<const FindingsOrigin>(std::move(origin));
}

void FindingsMaker::add(std::uint32_t rule, std::uint32_t row, const Judged& judged, std::vector<std::string> missing) {
    const auto [at, fresh] = missing_.try_emplace(std::move(missing), static_cast<std::uint32_t>(findings_.missing_.size()));
    if (fresh) findings_.missing_.push_back(at->first);
    findings_.entries_.push_back({rule, row, at->second, static_cast<std::uint8_t>(judged.likelihood),
                                  static_cast<std::uint8_t>(judged.impact),
                                  judged.outcome == Truth::True ? Ruling::Open : Ruling::Question, false});
}

void FindingsMaker::add(std::uint32_t rule, Finding finding) {
    findings_.entries_.push_back({rule, static_cast<std::uint32_t>(findings_.made_.size()), 0,
                                  static_cast<std::uint8_t>(finding.likelihood), static_cast<std::uint8_t>(finding.impact),
                                  finding.verdict, true});
    findings_.made_.push_back(std::move(finding));
}

Findings FindingsMaker::sorted() {
    const std::vector<Rule>& rules = findings_.origin_->loaded->rules;
    const FactsTable& rows = findings_.origin_->rows;
    const auto subject = [&](const Findings::Entry& entry) {
        return entry.made ? findings_.made_[entry.at].subject : FindingSubject{"asset", rows.asset(entry.at)};
    };
    std::sort(findings_.entries_.begin(), findings_.entries_.end(), [&](const Findings::Entry& a, const Findings::Entry& b) {
        const Band a_band = band_of(a.likelihood, a.impact);
        const Band b_band = band_of(b.likelihood, b.impact);
        if (a_band != b_band) return a_band > b_band;
        if (a.verdict != b.verdict) return a.verdict < b.verdict;
        if (a.rule != b.rule) {
            const PolicyPacks::RuleSummary& of_a = rules[a.rule].summary;
            const PolicyPacks::RuleSummary& of_b = rules[b.rule].summary;
            if (const auto order = std::tie(of_a.policy, of_a.id) <=> std::tie(of_b.policy, of_b.id); order != 0)
                return order < 0;
        }
        // Rows are by asset.
        if (!a.made && !b.made) return a.at < b.at;
        return subject(a) < subject(b);
    });
    findings_.entries_.shrink_to_fit();
    return std::move(findings_);
}

}  // namespace herkomst
