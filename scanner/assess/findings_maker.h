// How Findings come about. Internal to this folder.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "assess/assess.h"
#include "assess/rules.h"

namespace herkomst {

struct FindingsOrigin {
    std::shared_ptr<const PolicyPacks::Loaded> loaded;
    const VendorDb* db = nullptr;
    FactsTable rows;
};

class FindingsMaker {
  public:
    explicit FindingsMaker(FindingsOrigin);
    // About the asset of that row.
    void add(std::uint32_t rule, std::uint32_t row, const Judged&, std::vector<std::string> missing);
    void add(std::uint32_t rule, Finding);
    // By band descending, verdict, policy, rule, subject.
    Findings sorted();

  private:
    Findings findings_;
    std::map<std::vector<std::string>, std::uint32_t> missing_;
};

}  // namespace herkomst
