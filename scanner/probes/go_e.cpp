// go-e chargers whose owner has opened the interface: five constants of the device. What is measured, and the names that people
// gave, are not asked; the interface sets values at another path.
#include "probes/http_asks.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {
    {"constants",
     {},
     "GET /api/status?filter=fwv,sse,typ,oem,var HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: herkomst\r\nAccept: "
     "*/*\r\nConnection: close\r\n\r\n",
     http_asks::host_holes},
};

// ---- examples ----

constexpr std::string_view asked =
    "GET /api/status?filter=fwv,sse,typ,oem,var HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: herkomst\r\nAccept: "
    "*/*\r\nConnection: close\r\n\r\n";
constexpr Turn charger_turns[] = {
    {{},
     asked,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
     "71\r\n\r\n{\"fwv\":\"60.2\",\"sse\":\"000042\",\"typ\":\"go-eCharger\",\"oem\":\"go-e\",\"var\":22}"},
};
constexpr std::string_view charger_claims[] = {"server brand=go-e",        "server category=ev_charger",
                                               "server firmware=60.2",     "server model=go-eCharger",
                                               "server rated_power=22000", "server serial=000042"};

constexpr Transcript transcripts[] = {
    {"a charger tells what it is", Origin::Documented, "go-eCharger API v2, API Keys", charger_turns, charger_claims},
    http_asks::nobody<asked>,
};
constexpr std::uint16_t ports[] = {80};
constexpr std::string_view makers[] = {"go-e"};

}  // namespace

Probe go_e() {
    Probe probe = http_asks::of_web();
    probe.name = "go_e";
    probe.title = "go-e charger: type, serial number, firmware";
    probe.spec = "go-eCharger API v2 (goecharger/go-eCharger-API-v2), HTTP Api";
    probe.why_safe = "One plain GET of five constants, filtered so that the charger has little to do";
    probe.family = Family::Energy;
    probe.decoder = "go_e";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = http_asks::pages<1>;
    probe.makers = makers;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
