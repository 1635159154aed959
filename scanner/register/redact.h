// A register that can be shown around: what there is, whose it is and what was found, without what would lead somebody to it.
//
// Gone: addresses, host names, serial numbers, identifiers, descriptions, locations, certificates, banners, owners and other
// people, zones and processes by name, notes, measures' titles, paths of files, names of sites and organisation. Assets are
// called by their category and a number. What is left in free text is searched for all of these, and for anything that looks
// like an address, an e-mail address, a telephone number or a serial number, and blacked out. Of what a list or a person says
// of a device only what our data name stays (a maker of vendordb, a category), and numbers. Kept: makers, models, countries,
// facts that are numbers or from a closed list, findings with band and status, dates. It is a summary for others, not a
// register: nothing leads back from it.
#pragma once

#include <functional>
#include <string>

#include "register/overview.h"

namespace herkomst {

// What a category or kind is called, empty where there is none of that name; without it assets go by its code and a number.
using CalledInRedaction = std::function<Texts(const std::string& code)>;
// `language`: of what has one text only.
Overview redacted(Overview, const CalledInRedaction& = {}, const std::string& language = "en");

}  // namespace herkomst
