// Which addresses are on a link, as far as this machine's own addresses there tell.
#pragma once

#include <string>
#include <vector>

#include "core/address_range.h"

namespace herkomst {

// The networks of the interface's addresses, each once, in order. Empty: it has none, or there is no such interface.
std::vector<AddressRange> networks_on(const std::string& interface);

}  // namespace herkomst
