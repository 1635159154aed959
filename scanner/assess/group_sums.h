// Sums over rows that are there one after the other and then gone. Internal to this folder.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "assess/assess.h"

namespace herkomst {

class GroupSums {
  public:
    // `site`: of all rows; empty: each row's own.
    GroupSums(const VendorDb&, std::string site);
    ~GroupSums();
    void add(const FactsRow&);
    // By kind, key.
    std::vector<Group> groups();

  private:
    struct Held;
    std::unique_ptr<Held> held_;
};

}  // namespace herkomst
