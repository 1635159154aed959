// The front page of a web server, over TLS: the question of http.cpp, and the certificate that the server shows. Old versions
// of TLS are accepted, as nothing is told that anybody might want to read; the record says which one it was. A page that sends
// on to another is not followed: a second handshake is not worth it.
#include "probes/http_asks.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {
    {"page",
     {},
     "GET / HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n",
     http_asks::host_holes},
};

Step next(Talk& talk) { return talk.begins() ? ask(0) : end(); }

// ---- examples ----

constexpr Transcript transcripts[] = {http_asks::a_front_page};
constexpr std::uint16_t ports[] = {443, 8443};

}  // namespace

Probe https() {
    Probe probe = http_asks::of_web();
    probe.name = "https";
    probe.title = "Front page of a web server over TLS";
    probe.spec = "RFC 9110; RFC 9112; RFC 8446";
    probe.why_safe = "One handshake and one plain GET of the page that every browser asks for first";
    probe.transport = Transport::Tls;
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
