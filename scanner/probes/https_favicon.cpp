// The favicon of a web server that speaks TLS: the question of http_favicon.cpp.
#include "probes/favicon_asks.h"

namespace herkomst::probes {

namespace {

constexpr std::uint16_t ports[] = {443, 8443};

}  // namespace

Probe https_favicon() {
    Probe probe = favicon_asks::of_icon();
    probe.name = "https_favicon";
    probe.title = "Favicon of a web server over TLS";
    probe.why_safe =
        "One handshake and one plain GET of what every browser asks for beside the page, only where such a server has answered";
    probe.transport = Transport::Tls;
    probe.ports = ports;
    probe.after = "https";
    return probe;
}

}  // namespace herkomst::probes
