// The favicon of a web server: makers seldom draw a new one, so its sum names a product where nothing else on the page does.
// Collections of fingerprints speak MD5 (Rapid7's favicons.xml), so that is what the decoder tells.
#include "probes/favicon_asks.h"

namespace herkomst::probes {

namespace {

constexpr std::uint16_t ports[] = {80, 8080};

}  // namespace

Probe http_favicon() {
    Probe probe = favicon_asks::of_icon();
    probe.name = "http_favicon";
    probe.title = "Favicon of a web server";
    probe.why_safe = "One plain GET of what every browser asks for beside the page, only where a web server has answered";
    probe.ports = ports;
    probe.after = "http";
    return probe;
}

}  // namespace herkomst::probes
