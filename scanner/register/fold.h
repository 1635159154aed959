// Intervals of past days, folded into one run per day.
#pragma once

#include <cstdint>

#include "core/clock.h"
#include "register/register.h"

namespace herkomst {

// `listen` records a run every interval, 1,440 a day, and of most of them nothing remains to be said but that they were. Of
// every day before that of `now` the runs that only listened become one, the last: its sources and its coverage are the sums of
// the day's. A run to which something else refers (an asset's first, an event's) stays by its number. In one transaction; the
// number of runs that are gone.
std::uint64_t fold_days(const Register&, Time now);

}  // namespace herkomst
