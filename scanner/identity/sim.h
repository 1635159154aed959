// The country of a SIM card. A device that names its card says two numbers: the IMSI, which begins with the country and the
// operator of the home network (ITU-T E.212), and the ICCID, which begins with the country and the issuer of the card (ITU-T
// E.118). A decoder keeps those beginnings only; here they become "sim country NL, operator 204-04" in one value where both
// agree, and two values where they do not: cards that are sold worldwide often say two countries.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vendordb/vendordb.h"

namespace herkomst {

// Of an observation's value, "iccid issuer 8931440, imsi 20404" or either: what it means. Nothing when no country is known.
std::vector<std::string> sim_countries(std::string_view cellular, const VendorDb&);
// The country that such a value names: two letters; empty for another value.
std::string_view sim_country(std::string_view value);

}  // namespace herkomst
