// Which protocols are held against what they may be asked, and where: no_write_test.cpp, no_control_test.cpp.
#pragma once

#include <set>
#include <string_view>

#include "probes/probe.h"

namespace no_write {

// What a probe speaks: the decoder of the answers; where there is none, the probe itself.
inline std::string_view protocol(const herkomst::Probe& probe) { return probe.decoder.empty() ? probe.name : probe.decoder; }

std::set<std::string_view> in_no_control_test();

}  // namespace no_write
