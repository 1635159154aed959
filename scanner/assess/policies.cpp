// The packs that were loaded: their rules, version and examples.
#include "assess/assess.h"

#include <fmt/core.h>

#include <algorithm>
#include <tuple>

#include "assess/rules.h"
#include "core/hash.h"
#include "core/json.h"
#include "core/text.h"

namespace herkomst {

namespace {

std::string version_of(const std::vector<Rule>& rules) {
    std::string out;
    for (auto from = rules.begin(); from != rules.end();) {
        const std::string& policy = from->summary.policy;
        std::string content;
        auto to = from;
        for (; to != rules.end() && to->summary.policy == policy; ++to) {
            const PolicyPacks::RuleSummary& s = to->summary;
            content += fmt::format("{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1e", s.id, s.version, s.hash,
                                   s.title.nl, s.title.en, to->because.nl, to->because.en, s.advice.nl, s.advice.en);
        }
        out += fmt::format("{}{} sha256:{}", out.empty() ? "" : ", ", policy, sha256(content).substr(0, 12));
        from = to;
    }
    return out;
}

}  // namespace

std::unique_ptr<PolicyPacks::Loaded> loaded_from(std::vector<Rule> rules) {
    auto loaded = std::make_unique<PolicyPacks::Loaded>();
    std::sort(rules.begin(), rules.end(), [](const Rule& a, const Rule& b) {
        return std::tie(a.summary.policy, a.summary.id) < std::tie(b.summary.policy, b.summary.id);
    });
    loaded->version = version_of(rules);
    for (const Rule& rule : rules) loaded->summaries.push_back(rule.summary);
    loaded->rules = std::move(rules);
    return loaded;
}

PolicyPacks::PolicyPacks(std::unique_ptr<Loaded> loaded) : loaded_(std::move(loaded)) {}
PolicyPacks::PolicyPacks(PolicyPacks&&) noexcept = default;
PolicyPacks& PolicyPacks::operator=(PolicyPacks&&) noexcept = default;
PolicyPacks::~PolicyPacks() = default;

Result<PolicyPacks> PolicyPacks::from_text(std::string_view text, std::string_view name) {
    const Result<Json> json = parse_json(text, name);
    if (!json) return json.problems();
    Problems problems;
    Bench bench;
    auto rule = read_rule(json.value(), std::string(name), "text", "", bench, problems);
    if (!rule) return problems;
    std::vector<Rule> rules;
    rules.push_back(std::move(*rule));
    return PolicyPacks(loaded_from(std::move(rules)));
}

const std::string& PolicyPacks::version() const { return loaded_->version; }
const std::vector<PolicyPacks::RuleSummary>& PolicyPacks::rules() const { return loaded_->summaries; }
const std::vector<PolicyPacks::Pack>& PolicyPacks::packs() const { return loaded_->packs; }
const std::vector<Order>& PolicyPacks::orders() const { return loaded_->orders; }

const PolicyPacks::RuleSummary* PolicyPacks::rule(std::string_view id) const {
    for (const RuleSummary& summary : loaded_->summaries) {
        if (summary.id == id) return &summary;
    }
    return nullptr;
}

Problems PolicyPacks::check_examples() const {
    Problems problems;
    Bench bench;
    for (const Rule& rule : loaded_->rules) {
        const Rule* const rules[] = {&rule};
        for (const RuleExample& example : rule.examples) {
            const Facts* const rows[] = {&example.facts};
            const Judged judged = bench.judge(rule.summary.over, rules, rows)[0][0];
            const std::string_view came = judged.outcome == Truth::True    ? "fires"
                                          : judged.outcome == Truth::False ? "does_not"
                                                                           : "undecided";
            if (came != example.verdict) {
                problems.push_back({example.place, fmt::format("this should be {} but is {}", example.verdict, came)});
                continue;
            }
            const std::string_view band = herkomst::name(band_of(judged.likelihood, judged.impact));
            if (!example.band.empty() && example.band != band) {
                problems.push_back({example.place + "/band", fmt::format("this should be {} but is {}", example.band, band)});
            }
            if (!example.missing) continue;
            const std::vector<std::string> missing = bench.missing(rule, example.facts);
            if (missing != *example.missing) {
                problems.push_back({example.place + "/missing", fmt::format("the missing facts are {}", join(missing, ", "))});
            }
        }
    }
    return problems;
}

}  // namespace herkomst
