// Facts of how an asset stands to others: the control paths to it, who commanded it, what hangs on it. Internal to this folder.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "assess/assess.h"

namespace herkomst {

class Relations {
  public:
    explicit Relations(const Identified&);  // which must stay as long as this
    // Adds to the asset's row what facts.cpp does not read from the asset alone.
    void add(FactsRow&, const Asset&) const;

  private:
    const Identified* identified_;
    std::map<std::string, std::vector<const Path*>, std::less<>> paths_;  // by asset key
    std::map<std::string, std::vector<const Asset*>, std::less<>> at_;    // by site and address
};

}  // namespace herkomst
