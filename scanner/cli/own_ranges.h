// --own: public addresses that belong to the site. Internal to this folder.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"
#include "core/address_range.h"

namespace herkomst::cli {

class OwnRanges {
  public:
    void declare(Options&);
    // Reads what was given; what cannot be used is a problem.
    void read(std::vector<std::string>& problems);
    [[nodiscard]] const std::vector<AddressRange>& ranges() const { return ranges_; }

  private:
    std::vector<std::string> texts_;
    std::vector<AddressRange> ranges_;
};

}  // namespace herkomst::cli
