// Rules held against rows of facts: TRUE opens a finding, FALSE says nothing, NULL asks a question.
#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <tuple>

#include "assess/judge.h"
#include "assess/questions.h"
#include "assess/refutes.h"
#include "assess/rules.h"
#include "core/hash.h"
#include "core/lines.h"
#include "core/text.h"

namespace herkomst {

namespace {

constexpr std::size_t most_evidence_shown = 16;
constexpr std::size_t rows_at_once = 4096;  // a table of facts in memory, whatever the size of the site

// The site's own group, for what is asked about it. Rows of several sites each have their own.
std::optional<std::string> site_of(const std::vector<Group>& groups) {
    std::optional<std::string> out;
    for (const Group& group : groups) {
        if (group.kind != "site") continue;
        if (out) return std::nullopt;
        out = group.key;
    }
    return out;
}

}  // namespace

Finding finding_of(const Rule& rule, const Judged& judged, FindingSubject subject, const Facts& facts, const VendorDb* db) {
    Finding finding;
    finding.policy = rule.summary.policy;
    finding.rule = rule.summary.id;
    finding.version = rule.summary.version;
    finding.rule_hash = rule.summary.hash;
    finding.id = finding_id(finding.rule, subject);
    finding.subject = std::move(subject);
    finding.verdict = judged.outcome == Truth::True ? Ruling::Open : Ruling::Question;
    finding.likelihood = judged.likelihood;
    finding.impact = judged.impact;
    finding.band = band_of(judged.likelihood, judged.impact);
    finding.title = rule.summary.title;
    finding.advice = rule.summary.advice;
    finding.consideration = rule.summary.consideration;
    finding.references = rule.summary.references;
    finding.because = {filled(rule.because.nl, "nl", rule.summary.over, facts, db),
                       filled(rule.because.en, "en", rule.summary.over, facts, db)};
    for (const auto& used : {rule.reads, rule.mentions}) {
        for (const std::string& fact : used) {
            const auto found = facts.find(fact);
            finding.facts[fact] = found == facts.end() ? Json() : found->second;
        }
    }
    return finding;
}

void add_evidence(Finding& finding, const FactsRow& row) {
    for (const auto& [fact, ignored] : finding.facts) {
        const auto found = row.evidence.find(fact);
        if (found == row.evidence.end()) continue;
        finding.evidence.insert(finding.evidence.end(), found->second.begin(), found->second.end());
    }
    std::sort(finding.evidence.begin(), finding.evidence.end());
    finding.evidence.erase(std::unique(finding.evidence.begin(), finding.evidence.end()), finding.evidence.end());
    if (finding.evidence.size() > most_evidence_shown) finding.evidence.resize(most_evidence_shown);
}

std::string_view name(Ruling verdict) { return verdict == Ruling::Open ? "open" : "question"; }

std::string_view name(Band band) {
    switch (band) {
        case Band::Low:
            return "low";
        case Band::Medium:
            return "medium";
        case Band::High:
            return "high";
        case Band::Critical:
            return "critical";
    }
    return "";
}

Band band_of(int likelihood, int impact) {
    const int product = likelihood * impact;
    if (product >= 15) return Band::Critical;
    if (product >= 10) return Band::High;
    return product >= 5 ? Band::Medium : Band::Low;
}

std::string finding_id(std::string_view rule, const FindingSubject& subject) {
    // Crockford's alphabet: no letter that is read as a digit.
    constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    const std::string digest = sha256(fmt::format("v1|{}|{}|{}", rule, subject.kind, subject.key));
    const std::vector<std::uint8_t> bytes = unhex(std::string_view(digest).substr(0, 20));
    std::string out = "R-";
    unsigned bits = 0;
    unsigned held = 0;
    for (const std::uint8_t byte : bytes) {
        held = ((held & 0xff) << 8) | byte;
        for (bits += 8; bits >= 5; bits -= 5) out += alphabet[(held >> (bits - 5)) & 31];
    }
    return out;
}

Json to_json(const Finding& finding) {
    const auto texts = [](const Texts& t) { return JsonObject{{"nl", Json(t.nl)}, {"en", Json(t.en)}}; };
    Json line = Json::object();
    line["type"] = "finding";
    line["finding"] = finding.id;
    line["policy"] = finding.policy;
    line["rule"] = finding.rule;
    line["rule_hash"] = finding.rule_hash;
    line["version"] = finding.version;
    line["subject"] = JsonObject{{"kind", Json(finding.subject.kind)}, {"key", Json(finding.subject.key)}};
    line["verdict"] = name(finding.verdict);
    line["likelihood"] = finding.likelihood;
    line["impact"] = finding.impact;
    line["band"] = name(finding.band);
    for (const std::string& fact : finding.missing) line["missing"].push(fact);
    line["title"] = texts(finding.title);
    line["because"] = texts(finding.because);
    line["advice"] = texts(finding.advice);
    if (!finding.consideration.empty()) line["consideration"] = finding.consideration;
    line["facts"] = Json::object();
    for (const auto& [fact, value] : finding.facts) {
        if (!value.is_null()) line["facts"][fact] = value;
    }
    for (const Evidence& evidence : finding.evidence) line["evidence"].push(to_json(evidence));
    return line;
}

Judge::Judge(const PolicyPacks& packs, const VendorDb* db, std::optional<std::string> site)
    : all_(packs.loaded()->rules), db_(db), questions_(std::move(site)) {
    std::map<std::pair<std::string, std::string>, std::vector<const Rule*>> by_pack;
    for (const Rule& rule : all_) by_pack[{rule.summary.policy, rule.summary.over}].push_back(&rule);
    for (auto& [pack, rules] : by_pack) {
        const std::size_t count = rules.size();
        packs_.push_back({pack.first, pack.second, std::move(rules), std::vector<RowSet>(count)});
    }
}

std::uint32_t Judge::number(const Rule& rule) const { return static_cast<std::uint32_t>(&rule - all_.data()); }

void Judge::rows(std::span<const FactsRow> rows, std::uint32_t first, const Found& found) {
    std::vector<const Facts*> facts;
    facts.reserve(rows.size());
    for (const FactsRow& row : rows) facts.push_back(&row.facts);
    for (Pack& pack : packs_) {
        if (pack.over != "facts") continue;
        const auto judged = bench_.judge(pack.over, pack.rules, facts);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const std::uint32_t row = first + static_cast<std::uint32_t>(i);
            for (std::size_t n = 0; n < pack.rules.size(); ++n) {
                const Rule& rule = *pack.rules[n];
                const Judged& one = judged[i][n];
                if (one.outcome == Truth::False) {
                    pack.false_for[n].add(row);
                    continue;
                }
                std::vector<std::string> missing;
                if (one.outcome == Truth::Unknown) missing = bench_.missing(rule, *facts[i]);
                if (one.outcome == Truth::Unknown && rule.summary.ask != "asset") {
                    questions_.add(rule, one, rows[i], std::move(missing));
                } else {
                    found(number(rule), row, one, std::move(missing));
                }
            }
        }
    }
}

std::vector<std::pair<std::uint32_t, Finding>> Judge::rest(const std::vector<Group>& groups) {
    std::vector<std::pair<std::uint32_t, Finding>> out;
    std::vector<const Facts*> sums;
    for (const Group& group : groups) sums.push_back(&group.facts);
    for (Pack& pack : packs_) {
        if (pack.over == "facts") continue;
        const auto judged = bench_.judge(pack.over, pack.rules, sums);
        for (std::size_t i = 0; i < groups.size(); ++i) {
            for (std::size_t n = 0; n < pack.rules.size(); ++n) {
                const Rule& rule = *pack.rules[n];
                const Judged& one = judged[i][n];
                if (one.outcome == Truth::False) {
                    pack.false_for[n].add(static_cast<std::uint32_t>(i));
                    continue;
                }
                Finding finding = finding_of(rule, one, {groups[i].kind, groups[i].key}, *sums[i], db_);
                if (one.outcome == Truth::Unknown) finding.missing = bench_.missing(rule, *sums[i]);
                out.emplace_back(number(rule), std::move(finding));
            }
        }
    }
    for (auto& [rule, finding] : questions_.findings(db_)) out.emplace_back(number(*rule), std::move(finding));
    return out;
}

std::vector<Refuted> Judge::refuted(const std::vector<Group>& groups) {
    std::vector<Refuted> out;
    for (Pack& pack : packs_) {
        const bool over_facts = pack.over == "facts";
        for (std::size_t n = 0; n < pack.rules.size(); ++n) {
            const PolicyPacks::RuleSummary& rule = pack.rules[n]->summary;
            if (!pack.false_for[n].empty()) out.push_back({rule.id, rule.hash, !over_facts, std::move(pack.false_for[n])});
        }
        if (over_facts) questions_.refute(pack.rules, groups, out);
    }
    std::sort(out.begin(), out.end(), [](const Refuted& a, const Refuted& b) {
        return std::tie(a.rule, a.over_groups) < std::tie(b.rule, b.over_groups);
    });
    return out;
}

std::vector<Finding> judge(const std::vector<FactsRow>& rows, const std::vector<Group>& groups, const VendorDb* db,
                           const PolicyPacks& packs, std::vector<Refuted>* refuted) {
    Judge judge(packs, db, site_of(groups));
    std::vector<Finding> out;
    const std::span<const FactsRow> all(rows);
    for (std::size_t from = 0; from < all.size(); from += rows_at_once) {
        judge.rows(all.subspan(from, std::min(rows_at_once, all.size() - from)), static_cast<std::uint32_t>(from),
                   [&](std::uint32_t rule, std::uint32_t row, const Judged& judged, std::vector<std::string> missing) {
                       Finding finding =
                           finding_of(packs.loaded()->rules[rule], judged, {"asset", rows[row].asset}, rows[row].facts, db);
                       finding.missing = std::move(missing);
                       add_evidence(finding, rows[row]);
                       out.push_back(std::move(finding));
                   });
    }
    for (auto& [rule, finding] : judge.rest(groups)) out.push_back(std::move(finding));
    if (refuted != nullptr) *refuted = judge.refuted(groups);
    std::sort(out.begin(), out.end(), [](const Finding& a, const Finding& b) {
        if (a.band != b.band) return a.band > b.band;
        return std::tie(a.verdict, a.policy, a.rule, a.subject) < std::tie(b.verdict, b.policy, b.rule, b.subject);
    });
    return out;
}

bool refutes(const PolicyPacks& packs, std::string_view id, const Facts& facts) {
    for (const Rule& rule : packs.loaded()->rules) {
        if (rule.summary.id != id) continue;
        const Rule* const rules[] = {&rule};
        const Facts* const rows[] = {&facts};
        return Bench().judge(rule.summary.over, rules, rows)[0][0].outcome == Truth::False;
    }
    return false;
}

}  // namespace herkomst
