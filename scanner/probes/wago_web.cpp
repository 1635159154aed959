// The web pages of WAGO's couplers, controllers and industrial computers: order number, firmware and MAC address. Which of the
// two pages a device has depends on its series; the second is asked only where the first is not there.
#include "probes/http_asks.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {
    {"state of a coupler",
     {},
     "GET /webserv/cplcfg/state.ssi HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: "
     "close\r\n\r\n",
     http_asks::host_holes},
    {"state of a computer",
     {},
     "GET /wbm/state.php HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n",
     http_asks::host_holes},
};

Step next(Talk& talk) {
    if (talk.begins()) return ask(0);
    if (http_asks::status_of(talk) == 200) return end();
    if (talk.request != 0) return end(ProbeOutcome::Declined);
    talk.ended = true;
    return ask(1);
}

// ---- examples ----

constexpr std::string_view of_coupler =
    "GET /webserv/cplcfg/state.ssi HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: "
    "close\r\n\r\n";
constexpr std::string_view of_computer =
    "GET /wbm/state.php HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n";
constexpr std::string_view not_there = "HTTP/1.1 404 Not Found\r\nServer: ExampleWeb/2.1\r\nContent-Length: 0\r\n\r\n";
constexpr Turn coupler_turns[] = {
    {{},
     of_coupler,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<table>\r\n<tr><td>Order number </td>\r\n<td> 750-000/000-042 "
     "</td></tr>"
     "<tr><td>Mac address </td>\r\n<td> 00005E005314 </td></tr><tr><td>Firmware revision </td>\r\n<td> 01.05.15 (07) </td></tr>"
     "</table>\r\n",
     true},
};
constexpr std::string_view coupler_claims[] = {"server brand=WAGO", "server firmware=01.05.15 (07)",
                                               "server model=750-000/000-042", "server-mac address=192.0.2.20"};
constexpr Turn nobody_turns[] = {{{}, of_coupler, {}, not_there}, {{}, of_computer, {}, not_there}};

constexpr Transcript transcripts[] = {
    {"a controller shows its order number", Origin::Project, "the detection script of OpenVAS, a public project", coupler_turns,
     coupler_claims},
    {"another web server: neither page is there", Origin::Documented, "RFC 9110 section 15.5.5", nobody_turns,
     http_asks::nobody_claims, ProbeOutcome::Declined},
};
constexpr std::uint16_t ports[] = {80};
constexpr std::string_view makers[] = {"wago"};

}  // namespace

Probe wago_web() {
    Probe probe = http_asks::of_web();
    probe.name = "wago_web";
    probe.title = "WAGO web pages";
    probe.spec = "unpublished; as the detection script of OpenVAS reads them (public project)";
    probe.why_safe = "One plain GET of the page that shows the state, or of the other one that it is in another series";
    probe.family = Family::Ot;
    probe.decoder = "wago_web";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.makers = makers;
    probe.limits.requests = 2;
    probe.limits.connections = 2;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
