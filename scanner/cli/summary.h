// What a scan says at its end: short enough for a terminal at three in the morning.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "register/overview.h"
#include "register/register.h"

namespace herkomst {

// `data_age`: how many days old the vendor data are; nothing when that is not known.
std::string summary(const Overview&, const RunReceipt&, std::string_view lang, std::optional<std::int64_t> data_age = {});

}  // namespace herkomst
