// The web server of a SIMATIC S7-1200 or S7-1500: order number, serial number and firmware. It is asked only where the scope
// file names this question: the author of s7com found that page without its parameters to stop a CPU of 2012, and the server
// "very buggy". What S7 itself tells (s7comm) is more, and has no such history.
#include "probes/http_asks.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {
    {"identification",
     {},
     "GET /Portal/Portal.mwsl?PriNav=Ident HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: "
     "close\r\n\r\n",
     http_asks::host_holes},
};

// ---- examples ----

constexpr std::string_view asked =
    "GET /Portal/Portal.mwsl?PriNav=Ident HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: "
    "close\r\n\r\n";
constexpr Turn page_turns[] = {
    {{},
     asked,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<img src=\"/x.gif\" alt=\"Siemens\"><table><tr><td>Serial "
     "number:</td>\n"
     "<td>S C-EX0000000042</td></tr><tr><td>Order number:</td>\n<td>6ES7 200-0EX00-0XB0</td></tr><tr><td>Firmware:</td>\n"
     "<td>V&nbsp;03.00.02</td></tr></table>",
     true},
};
constexpr std::string_view page_claims[] = {"server brand=Siemens", "server firmware=V 03.00.02",
                                            "server model=6ES7 200-0EX00-0XB0", "server serial=S C-EX0000000042"};

constexpr Transcript transcripts[] = {
    {"a controller identifies itself", Origin::Project, "s7com and the detection script of OpenVAS, public projects",
     page_turns, page_claims},
    http_asks::nobody<asked>,
};
constexpr std::uint16_t ports[] = {80};
constexpr std::string_view makers[] = {"siemens"};

}  // namespace

Probe simatic_web() {
    Probe probe = http_asks::of_web();
    probe.name = "simatic_web";
    probe.title = "SIMATIC S7 web server, identification";
    probe.spec = "unpublished; as s7com and the detection script of OpenVAS read it (public projects)";
    probe.why_safe =
        "One plain GET of the page of identification with the parameters that it wants; such a server was once stopped by "
        "others, so "
        "only where the scope file names it";
    probe.family = Family::Ot;
    probe.decoder = "simatic_web";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = http_asks::pages<1>;
    probe.makers = makers;
    probe.only_named = true;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
