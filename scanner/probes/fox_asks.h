// What the Fox greeting is, in the open (fox) and within TLS (fox_tls): the same words and the same examples.
#pragma once

#include "probes/probe.h"

namespace herkomst::fox_asks {

// All but name, title, transport and port.
Probe of_greeting();

}  // namespace herkomst::fox_asks
