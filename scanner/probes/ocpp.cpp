// Where charging stations call their operator's system: which web server it is. A plain GET, and never an upgrade to a
// WebSocket, which would be taken for a station; a system that speaks nothing else answers "upgrade required" and names itself
// all the same.
#include "probes/http_asks.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {
    {"page",
     {},
     "GET / HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n",
     http_asks::host_holes},
};

// ---- examples ----

constexpr Turn system_turns[] = {
    {{},
     "GET / HTTP/1.1\r\nHost: 192.0.2.20:8180\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n",
     {},
     "HTTP/1.1 426 Upgrade Required\r\nServer: ExampleCsms/1.6\r\nUpgrade: websocket\r\nConnection: close\r\nContent-Length: "
     "0\r\n\r\n"},
};
constexpr std::string_view system_claims[] = {"server software=ExampleCsms/1.6",
                                              "server stack=http-response:Server,Connection,Content-Length"};

constexpr Transcript transcripts[] = {
    {"a system that takes stations only", Origin::Documented, "RFC 6455 section 4.2; RFC 9110 section 15.5.22", system_turns,
     system_claims, ProbeOutcome::Declined},
};
constexpr std::uint16_t ports[] = {8180, 9000, 9220};

}  // namespace

Probe ocpp() {
    Probe probe = http_asks::of_web();
    probe.name = "ocpp";
    probe.title = "Web server of a charging system (OCPP)";
    probe.spec = "RFC 9110 section 15.5.22; OCPP-J 1.6 section 3";
    probe.why_safe = "One plain GET without an upgrade: no charging session can be opened or displaced by it";
    probe.family = Family::Energy;
    probe.decoder = "http";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = http_asks::pages<1>;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
