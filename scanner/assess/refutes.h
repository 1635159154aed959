// One rule held against one row of facts that never stood in a table: what if we still knew what we knew?
#pragma once

#include <string_view>

#include "assess/assess.h"

namespace herkomst {

// True when the rule's condition is false of these facts; unknown is not false, nor is a rule that is not there.
bool refutes(const PolicyPacks&, std::string_view rule, const Facts&);

}  // namespace herkomst
