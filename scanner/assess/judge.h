// All rules over rows of facts that come in batches, in the order of their assets; then over the sums. Internal to this folder.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "assess/questions.h"
#include "assess/row_set.h"
#include "assess/rules.h"

namespace herkomst {

class Judge {
  public:
    // `site` is the key of the one site that all rows are of; without it each row's own is meant.
    Judge(const PolicyPacks&, const VendorDb*, std::optional<std::string> site);

    // A finding about the asset of a row; `rule` is a number among the rules that are loaded.
    using Found = std::function<void(std::uint32_t rule, std::uint32_t row, const Judged&, std::vector<std::string> missing)>;
    // `first` is the number of the first of these rows.
    void rows(std::span<const FactsRow>, std::uint32_t first, const Found&);

    // After all rows: findings about sums, and what is asked of suppliers and the site, each with its rule's number.
    std::vector<std::pair<std::uint32_t, Finding>> rest(const std::vector<Group>&);
    // After `rest`. By rule.
    std::vector<Refuted> refuted(const std::vector<Group>&);

  private:
    struct Pack {
        std::string policy;
        std::string over;
        std::vector<const Rule*> rules;
        std::vector<RowSet> false_for;  // for each rule
    };
    [[nodiscard]] std::uint32_t number(const Rule&) const;

    const std::vector<Rule>& all_;
    const VendorDb* db_;
    std::vector<Pack> packs_;
    Bench bench_;
    Questions questions_;
};

}  // namespace herkomst
