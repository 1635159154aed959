// KOSTAL's PIKO IQ and PLENTICORE inverters: firmware and, where somebody gave one, the host's name, in the page that needs no
// login. Serial number and product want one, so they are not asked for.
#include "probes/http_asks.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {
    {"version",
     {},
     "GET /api/v1/info/version HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: "
     "close\r\n\r\n",
     http_asks::host_holes},
};

// ---- examples ----

constexpr std::string_view asked =
    "GET /api/v1/info/version HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n";
constexpr Turn inverter_turns[] = {
    {{},
     asked,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"name\":\"PUCK RESTful API\",\"sw_version\":\"01.99.00042\","
     "\"api_version\":\"0.2.0\",\"hostname\":\"scb\"}",
     true},
};
constexpr std::string_view inverter_claims[] = {"server brand=KOSTAL", "server category=solar_inverter",
                                                "server firmware=01.99.00042"};

constexpr Transcript transcripts[] = {
    {"an inverter tells its version", Origin::Project, "pykoplenti, a public project", inverter_turns, inverter_claims},
    http_asks::nobody<asked>,
};
constexpr std::uint16_t ports[] = {80};
constexpr std::string_view makers[] = {"kostal"};

}  // namespace

Probe kostal() {
    Probe probe = http_asks::of_web();
    probe.name = "kostal";
    probe.title = "KOSTAL inverter interface, version";
    probe.spec = "unpublished; as pykoplenti reads it (public project)";
    probe.why_safe = "One plain GET of the page that programs read before they log in; settings have other paths";
    probe.family = Family::Energy;
    probe.decoder = "kostal";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = http_asks::pages<1>;
    probe.makers = makers;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
