#include "assess/questions.h"
#include "assess/facts_table.h"
#include "assess/order_words.h"

#include <fmt/core.h>

#include <algorithm>

namespace herkomst {

namespace {

constexpr std::size_t most_rows = 4;  // whose evidence is shown

FindingSubject subject_of(const Rule& rule, const FactsRow& row, const std::optional<std::string>& site) {
    const std::string& maker = fact_of(row.facts, "maker").string();
    if (rule.summary.ask == "vendor" && !maker.empty()) return {"vendor", maker};
    return {"site", site ? *site : fact_of(row.facts, "site").string()};
}

}  // namespace

void Questions::add(const Rule& rule, const Judged& judged, const FactsRow& row, std::vector<std::string> missing) {
    About& about = about_[{rule.summary.id, subject_of(rule, row, site_)}];
    ++about.assets;
    if (rule.mentions.contains("order_key")) note_orders(about, row.facts);
    if (about.rule == nullptr) {
        about.rule = &rule;
        about.judged = judged;
        about.label = fact_of(row.facts, "label").string();
        for (const auto& used : {&rule.reads, &rule.mentions}) {
            for (const std::string& fact : *used) {
                about.seen.facts[fact];
                if (const auto found = row.facts.find(fact); found != row.facts.end()) about.agreed.insert(*found);
            }
        }
        about.missing = std::move(missing);
        add_evidence(about.seen, row);
        return;
    }
    if (about.assets <= most_rows) add_evidence(about.seen, row);
    about.judged.likelihood = std::max(about.judged.likelihood, judged.likelihood);
    about.judged.impact = std::max(about.judged.impact, judged.impact);
    std::erase_if(about.agreed, [&](const auto& fact) { return !(fact_of(row.facts, fact.first) == fact.second); });
    if (missing == about.missing) return;
    about.missing.insert(about.missing.end(), missing.begin(), missing.end());
    std::sort(about.missing.begin(), about.missing.end());
    about.missing.erase(std::unique(about.missing.begin(), about.missing.end()), about.missing.end());
}

void Questions::note_orders(About& about, const Facts& row) {
    const auto note = [&](const std::string& order) -> About::Meant& {
        About::Meant& meant = about.orders[order];
        if (meant.assets++ == 0) meant.label = text_of(row, "label");
        return meant;
    };
    if (text_of(row, "order_key").empty()) return;
    About::Meant& first =
        note(order_text(text_of(row, "order_key"), text_of(row, "order_basis"), text_of(row, "order_deadline")));
    const bool fresh = first.facts.empty();
    for (const auto& [fact, value] : row) {
        if (!fact.starts_with("order_") || fact == "order_others") continue;
        if (fresh) {
            first.facts.insert({fact, value});
        } else if (!(fact_of(first.facts, fact) == value)) {
            first.facts.erase(fact);  // they differ in what it means of them
        }
    }
    const std::string& others = text_of(row, "order_others");
    for (const std::string_view each : split(others == "none" ? std::string_view() : others, ';')) {
        std::string_view one = trimmed(each);
        if (one.starts_with(possibly_ordered)) one.remove_prefix(possibly_ordered.size());
        if (!one.empty()) note(std::string(one));
    }
}

// The order with the earliest deadline is the one to look at first, with the assets that it may mean; the others stand beside
// it with theirs.
void Questions::tell_orders(About& about) {
    const std::pair<const std::string, About::Meant>* first = nullptr;
    const auto deadline = [](const About::Meant& meant) {
        const std::string& day = text_of(meant.facts, "order_deadline");
        return std::pair(day.empty(), day);
    };
    for (const auto& each : about.orders) {
        if (each.second.facts.empty()) continue;
        if (first == nullptr || deadline(each.second) < deadline(first->second)) first = &each;
    }
    if (first == nullptr) return;
    std::erase_if(about.agreed, [](const auto& fact) { return fact.first.starts_with("order_"); });
    about.agreed.insert(first->second.facts.begin(), first->second.facts.end());
    std::string others;
    for (const auto& each : about.orders) {
        if (&each == first) continue;
        others.append(others.empty() ? "" : "; ").append(possibly_ordered).append(each.first);
        others += order_for(each.second.label, each.second.assets - 1);
    }
    about.agreed["order_others"] = others.empty() ? "none" : others;
    about.label = first->second.label;
    about.assets = first->second.assets;
}

std::vector<std::pair<const Rule*, Finding>> Questions::findings(const VendorDb* db) const {
    std::vector<std::pair<const Rule*, Finding>> out;
    out.reserve(about_.size());
    for (const auto& [key, all] : about_) {
        About about = all;
        if (!about.orders.empty()) tell_orders(about);
        Finding finding = finding_of(*about.rule, about.judged, key.second, about.agreed, db);
        Facts named = about.agreed;
        const auto others = about.assets - 1;
        const auto text = [&](const std::string& words, const char* language, const char* and_others) {
            named["label"] = others == 0 ? about.label : fmt::format("{} ({} {})", about.label, and_others, others);
            return filled(words, language, about.rule->summary.over, named, db);
        };
        finding.because = {text(about.rule->because.nl, "nl", "en andere:"), text(about.rule->because.en, "en", "and others:")};
        finding.missing = about.missing;
        finding.evidence = about.seen.evidence;
        out.emplace_back(about.rule, std::move(finding));
    }
    return out;
}

void Questions::refute(const std::vector<const Rule*>& rules, const std::vector<Group>& groups,
                       std::vector<Refuted>& refuted) const {
    for (const Rule* rule : rules) {
        if (rule->summary.ask == "asset") continue;
        Refuted one{rule->summary.id, rule->summary.hash, true, {}};
        for (std::size_t i = 0; i < groups.size(); ++i) {
            const Group& group = groups[i];
            if (group.kind != "site" && (group.kind != "vendor" || rule->summary.ask != "vendor")) continue;
            if (!about_.contains({rule->summary.id, {group.kind, group.key}})) one.rows.add(static_cast<std::uint32_t>(i));
        }
        if (!one.rows.empty()) refuted.push_back(std::move(one));
    }
}

}  // namespace herkomst
