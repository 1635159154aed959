// Facts of how an asset stands to others: the control paths to it, who commanded it, what hangs on it. Internal to this folder.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "assess/assess.h"

namespace herkomst {

class Relations {
  public:
    Relations(const Identified&, const VendorDb&);  // which must stay as long as this
    // Adds to the asset's row what facts.cpp does not read from the asset alone.
    void add(FactsRow&, const Asset&) const;

  private:
    void add_actors(FactsRow&, const Asset&) const;
    [[nodiscard]] const Asset* one_at(const std::string& site, std::string_view address) const;

    const Identified* identified_;
    const VendorDb* db_;
    std::map<std::string, std::vector<const Path*>, std::less<>> paths_;  // by asset key
    std::map<std::string, std::vector<const Asset*>, std::less<>> at_;    // by site and address
};

}  // namespace herkomst
