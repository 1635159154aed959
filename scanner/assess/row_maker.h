// One row of facts after the other. Internal to this folder.
#pragma once

#include <memory>

#include "assess/assess.h"
#include "assess/supply.h"

namespace herkomst {

class RowMaker {
  public:
    // Both must outlive it.
    RowMaker(const Identified&, const VendorDb&);
    ~RowMaker();
    FactsRow row(const Asset&);
    Supply& supply();

  private:
    struct Known;
    std::unique_ptr<Known> known_;
};

}  // namespace herkomst
