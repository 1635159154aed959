// A register that can be shown around: what there is, whose it is and what was found, without what would lead somebody to it.
//
// Gone: addresses, host names, serial numbers, identifiers, descriptions, locations, certificates, banners, owners and other
// people, zones and processes by name, notes, measures' titles, paths of files, names of sites and organisation. Assets are
// called by their category and a number. What is left in free text is searched for all of these, and for anything that looks
// like an address, and blacked out. Kept: makers, models, countries, facts that are numbers or from a closed list, findings
// with band and status, dates. It is a summary for others, not a register: nothing leads back from it.
#pragma once

#include "register/overview.h"

namespace herkomst {

Overview redacted(Overview);

}  // namespace herkomst
