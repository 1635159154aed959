// SolarEdge inverters that are set up by telephone: the serial number, from the status that their web server gives that
// program. Later firmware has closed it to the network, and then says so.
#include "probes/http_asks.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {
    {"status",
     {},
     "GET /web/v1/status HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n",
     http_asks::host_holes},
};

// ---- examples ----

constexpr std::string_view asked =
    "GET /web/v1/status HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n";
constexpr Turn inverter_turns[] = {
    {{},
     asked,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: 17\r\n\r\n\n\x0b"
     "7F000042-1A\x12\x02\x08\x01"},
};
constexpr std::string_view inverter_claims[] = {"server brand=SolarEdge", "server serial=7F000042-1A"};

constexpr Transcript transcripts[] = {
    {"an inverter tells its serial number", Origin::Project, "solaredge_setapp, a public project", inverter_turns,
     inverter_claims},
    http_asks::nobody<asked>,
};
constexpr std::uint16_t ports[] = {80};
constexpr std::string_view makers[] = {"solaredge"};

}  // namespace

Probe solaredge_setapp() {
    Probe probe = http_asks::of_web();
    probe.name = "solaredge_setapp";
    probe.title = "SolarEdge inverter status (SetApp)";
    probe.spec = "unpublished; as solaredge_setapp reads it (public project)";
    probe.why_safe = "One plain GET of a page that only tells; settings have other paths";
    probe.family = Family::Energy;
    probe.decoder = "solaredge_setapp";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = http_asks::pages<1>;
    probe.makers = makers;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
