// Findings of an assessment, by value.
//
// One about an asset is made when it is looked at, from its rule and the asset's row: kept as rule, row and scores it takes
// sixteen bytes, made it takes thousands. Rules and rows stay alive with it; the vendor data must.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "assess/facts_table.h"
#include "assess/finding.h"

namespace herkomst {

struct FindingsOrigin;

class Findings {
  public:
    using Iterator = ByValue<Findings, Finding>;

    [[nodiscard]] std::size_t size() const { return entries_.size(); }
    [[nodiscard]] bool empty() const { return entries_.empty(); }
    [[nodiscard]] Finding operator[](std::size_t) const;
    [[nodiscard]] Iterator begin() const { return {this, 0}; }
    [[nodiscard]] Iterator end() const { return {this, size()}; }

  private:
    friend class FindingsMaker;
    struct Entry {
        std::uint32_t rule = 0;     // number among the rules
        std::uint32_t at = 0;       // number of the row, or in made_
        std::uint32_t missing = 0;  // number in missing_
        std::uint8_t likelihood = 0;
        std::uint8_t impact = 0;
        Ruling verdict{};
        bool made = false;
    };
    std::shared_ptr<const FindingsOrigin> origin_;
    std::vector<Entry> entries_;
    std::vector<Finding> made_;
    std::vector<std::vector<std::string>> missing_;
};

}  // namespace herkomst
