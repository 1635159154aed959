// Enphase gateways (Envoy, IQ Gateway) up to version 6 of their software: serial number, part number and version, in one page
// that needs no login. Later ones serve it over TLS: enphase_tls.
#include "probes/enphase_asks.h"

namespace herkomst::probes {

namespace {

// ---- examples ----

constexpr std::string_view asked =
    "GET /info HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n";
constexpr Turn gateway_turns[] = {
    {{},
     asked,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<?xml version='1.0' encoding='UTF-8'?>\n<envoy_info>\n  "
     "<time>1700000000</time>\n  <device>\n    <sn>122000000042</sn>\n    <pn>800-00000-r01</pn>\n    "
     "<software>D4.2.27</software>\n  </device>\n</envoy_info>\n",
     true},
};
constexpr std::string_view gateway_claims[] = {"server brand=Enphase", "server firmware=D4.2.27", "server model=800-00000-r01",
                                               "server serial=122000000042"};

constexpr Transcript transcripts[] = {
    {"a gateway tells what it is", Origin::Project, "pyenphase, a public project", gateway_turns, gateway_claims},
    http_asks::nobody<asked>,
};
constexpr std::uint16_t ports[] = {80};

}  // namespace

Probe enphase() {
    Probe probe = enphase_asks::of_gateway();
    probe.name = "enphase";
    probe.title = "Enphase gateway information";
    probe.ports = ports;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
