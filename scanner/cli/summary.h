// What a scan says at its end: short enough for a terminal at three in the morning.
#pragma once

#include <string>
#include <string_view>

#include "cli/vendor_data.h"
#include "register/overview.h"
#include "register/register.h"

namespace herkomst {

std::string summary(const Overview&, const RunReceipt&, std::string_view lang, const DataAges& = {});

}  // namespace herkomst
