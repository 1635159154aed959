// The favicon of a web server that speaks TLS: the question of http_favicon.cpp.
#include "probes/http_asks.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {
    {"icon",
     {},
     "GET /favicon.ico HTTP/1.1\r\nHost: {host}\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n",
     http_asks::host_holes},
};

// ---- examples ----

constexpr Turn icon_turns[] = {
    {{},
     "GET /favicon.ico HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n",
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: image/x-icon\r\nContent-Length: 3\r\n\r\nabc"},
};
constexpr std::string_view icon_claims[] = {"server banner=favicon-md5:900150983cd24fb0d6963f7d28e17f72"};

constexpr Transcript transcripts[] = {
    {"an icon", Origin::Documented, "RFC 9110 section 9.3.1", icon_turns, icon_claims},
};
constexpr std::uint16_t ports[] = {443, 8443};

}  // namespace

Probe https_favicon() {
    Probe probe = http_asks::of_web();
    probe.name = "https_favicon";
    probe.title = "Favicon of a web server over TLS";
    probe.spec = "RFC 9110; Rapid7 Recog, favicons.xml (MD5)";
    probe.why_safe =
        "One handshake and one plain GET of what every browser asks for beside the page, only where such a server has answered";
    probe.transport = Transport::Tls;
    probe.family = Family::It;
    probe.decoder = "http";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = http_asks::pages<1>;
    probe.after = "https";
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
