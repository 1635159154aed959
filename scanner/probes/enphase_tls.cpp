// Enphase gateways from version 7 of their software on: the question of enphase.cpp, over TLS; the certificate tells of itself.
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
     "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 200\r\n\r\n<?xml version='1.0' "
     "encoding='UTF-8'?>\n<envoy_info>\n  <time>1700000000</time>\n  <device>\n    <sn>202200000042</sn>\n    "
     "<pn>800-00654-r01</pn>\n    <software>D8.3.1</software>\n  </device>\n</envoy_info>\n"},
};
constexpr std::string_view gateway_claims[] = {"server brand=Enphase", "server firmware=D8.3.1", "server model=800-00654-r01",
                                               "server serial=202200000042"};

constexpr Transcript transcripts[] = {
    {"a gateway tells what it is", Origin::Project, "pyenphase, a public project", gateway_turns, gateway_claims},
    http_asks::nobody<asked>,
};
constexpr std::uint16_t ports[] = {443};

}  // namespace

Probe enphase_tls() {
    Probe probe = enphase_asks::of_gateway();
    probe.name = "enphase_tls";
    probe.title = "Enphase gateway information over TLS";
    probe.transport = Transport::Tls;
    probe.ports = ports;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
