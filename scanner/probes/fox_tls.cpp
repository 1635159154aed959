// Foxs: the greeting of a Niagara 4 station, inside TLS; the certificate tells of itself. The same words as fox.
#include "probes/fox_asks.h"

namespace herkomst::probes {

namespace {

constexpr std::uint16_t ports[] = {4911};

}  // namespace

Probe fox_tls() {
    Probe probe = fox_asks::of_greeting();
    probe.name = "fox_tls";
    probe.title = "Fox hello of a Niagara station over TLS";
    probe.transport = Transport::Tls;
    probe.ports = ports;
    return probe;
}

}  // namespace herkomst::probes
