// The favicon of a web server: makers seldom draw a new one, so its sum names a product where nothing else on the page does.
// Collections of fingerprints speak MD5 (Rapid7's favicons.xml), so that is what the decoder tells.
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
     "HTTP/1.1 200 OK\r\nServer: ExampleWeb/2.1\r\nContent-Type: image/x-icon\r\nContent-Length: 3\r\n\r\nabc"},
};
constexpr std::string_view icon_claims[] = {"server banner=favicon-md5:900150983cd24fb0d6963f7d28e17f72",
                                            "server software=ExampleWeb/2.1",
                                            "server stack=http-response:Server,Content-Type,Content-Length"};
constexpr Turn nobody_turns[] = {
    {{},
     "GET /favicon.ico HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n",
     {},
     "HTTP/1.1 404 Not Found\r\nServer: ExampleWeb/2.1\r\nContent-Length: 0\r\n\r\n"},
};
constexpr std::string_view nobody_claims[] = {"server software=ExampleWeb/2.1"};

constexpr Transcript transcripts[] = {
    {"an icon", Origin::Documented, "RFC 9110 section 9.3.1", icon_turns, icon_claims},
    {"another web server: nothing else is asked", Origin::Documented, "RFC 9110 section 15.5.5", nobody_turns, nobody_claims,
     ProbeOutcome::Declined},
};
constexpr std::uint16_t ports[] = {80, 8080};

}  // namespace

Probe http_favicon() {
    Probe probe = http_asks::of_web();
    probe.name = "http_favicon";
    probe.title = "Favicon of a web server";
    probe.spec = "RFC 9110; Rapid7 Recog, favicons.xml (MD5)";
    probe.why_safe = "One plain GET of what every browser asks for beside the page, only where a web server has answered";
    probe.family = Family::It;
    probe.decoder = "http";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = http_asks::pages<1>;
    probe.after = "http";
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
