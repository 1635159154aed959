// Rules from rules/policies/<pack>/*.json: read strictly, every problem with its file and pointer.
#include "assess/assess.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

#include "assess/rules.h"
#include "core/file.h"
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

std::vector<std::string> names_in(const std::filesystem::path& folder, bool folders) {
    std::vector<std::string> out;
    std::error_code error;
    for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        if (folders ? at->is_directory(error) : at->path().extension() == ".json")
            out.push_back(at->path().filename().string());
    }
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace

PolicyPacks::PolicyPacks(std::unique_ptr<Loaded> loaded) : loaded_(std::move(loaded)) {}
PolicyPacks::PolicyPacks(PolicyPacks&&) noexcept = default;
PolicyPacks& PolicyPacks::operator=(PolicyPacks&&) noexcept = default;
PolicyPacks::~PolicyPacks() = default;

Result<PolicyPacks> PolicyPacks::load(const std::string& folder, const std::vector<std::string>& packs) {
    const std::filesystem::path policies = std::filesystem::path(folder) / "policies";
    std::vector<std::string> wanted = packs.empty() ? names_in(policies, true) : packs;
    Problems problems;
    std::vector<Rule> rules;
    std::map<std::string, std::string> where;
    Bench bench;
    if (wanted.empty()) problems.push_back({policies.string(), "there is no policy in this folder"});
    for (const std::string& pack : wanted) {
        const std::vector<std::string> files = names_in(policies / pack, false);
        if (files.empty()) problems.push_back({(policies / pack).string(), "there is no rule in this folder"});
        for (const std::string& file : files) {
            const std::string path = (policies / pack / file).string();
            const Result<Json> json = parse_json_file(path);
            if (!json) {
                problems.insert(problems.end(), json.problems().begin(), json.problems().end());
                continue;
            }
            auto rule = read_rule(json.value(), path, pack, std::filesystem::path(file).stem().string(), bench, problems);
            if (!rule) continue;
            if (const auto [first, fresh] = where.emplace(rule->summary.id, path); !fresh) {
                problems.push_back({path + ": /id", fmt::format("{} has the same id", first->second)});
                continue;
            }
            rules.push_back(std::move(*rule));
        }
    }
    if (!problems.empty()) return problems;
    return PolicyPacks(loaded_from(std::move(rules)));
}

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
