// The front page of a web server: its Server header, realm, title and cookies are where most devices say what they are. One
// GET, and one more where the page only sends on to another of the same host.
#include "probes/http_asks.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {
    {"page",
     {},
     "GET {path} HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n",
     http_asks::path_holes},
};

Step next(Talk& talk) { return http_asks::front_page(talk, "http"); }

// ---- examples ----

constexpr Turn redirect_turns[] = {
    {{},
     "GET / HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n",
     {},
     "HTTP/1.1 302 Found\r\nServer: ExampleWeb/2.1\r\nLocation: http://192.0.2.20/login.html?next=1\r\nContent-Length: "
     "0\r\n\r\n"},
    {{},
     "GET /login.html HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n",
     {},
     "HTTP/1.1 401 Unauthorized\r\nServer: ExampleWeb/2.1\r\nWWW-Authenticate: Basic realm=\"EX-100 Controller\"\r\n\r\n",
     true},
};
// RFC 9110 section 7.2: the port is said where it is not the scheme's own; a server has it in where it sends on to, too.
constexpr Turn other_port_turns[] = {
    {{},
     "GET / HTTP/1.1\r\nHost: 192.0.2.20:8080\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n",
     {},
     "HTTP/1.1 302 Found\r\nServer: ExampleWeb/2.1\r\nLocation: http://192.0.2.20:8080/login.html\r\nContent-Length: "
     "0\r\n\r\n"},
    {{},
     "GET /login.html HTTP/1.1\r\nHost: 192.0.2.20:8080\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: "
     "close\r\n\r\n",
     {},
     "HTTP/1.1 401 Unauthorized\r\nServer: ExampleWeb/2.1\r\nWWW-Authenticate: Basic realm=\"EX-100 Controller\"\r\n\r\n",
     true},
};
// Another port is another server.
constexpr Turn next_door_turns[] = {
    {{},
     "GET / HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n",
     {},
     "HTTP/1.1 302 Found\r\nServer: ExampleWeb/2.1\r\nLocation: http://192.0.2.20:9000/login.html\r\nContent-Length: "
     "0\r\n\r\n"},
};
constexpr std::string_view redirect_claims[] = {"server realm=EX-100 Controller", "server software=ExampleWeb/2.1"};
constexpr Turn elsewhere_turns[] = {
    {{},
     "GET / HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n",
     {},
     "HTTP/1.1 302 Found\r\nServer: ExampleWeb/2.1\r\nLocation: https://198.51.100.1/\r\nContent-Length: 0\r\n\r\n"},
};
constexpr std::string_view elsewhere_claims[] = {"server software=ExampleWeb/2.1"};
constexpr Turn ssh_turns[] = {
    {{},
     "GET / HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n",
     {},
     "SSH-2.0-ExampleSSH_1.0\r\n"},
};
// Whatever it is, the passive decoders read it.
constexpr std::string_view ssh_claims[] = {"server banner=SSH-2.0-ExampleSSH_1.0", "server software=ExampleSSH_1.0"};

constexpr Transcript transcripts[] = {
    http_asks::a_front_page,
    {"a page that sends on to another of the same host", Origin::Documented, "RFC 9110 section 15.4", redirect_turns,
     redirect_claims},
    {"the same on another port", Origin::Documented, "RFC 9110 sections 7.2 and 15.4", other_port_turns, redirect_claims,
     ProbeOutcome::Answered, 8080},
    {"a page that sends to another port is not followed", Origin::Documented, "RFC 9110 section 15.4", next_door_turns,
     elsewhere_claims},
    {"a page that sends elsewhere is not followed", Origin::Documented, "RFC 9110 section 15.4", elsewhere_turns,
     elsewhere_claims},
    {"an SSH server on the port", Origin::Documented, "RFC 4253 section 4.2", ssh_turns, ssh_claims,
     ProbeOutcome::OtherProtocol},
};

constexpr std::uint16_t ports[] = {80, 8080};

}  // namespace

Probe http() {
    Probe probe = http_asks::of_web();
    probe.name = "http";
    probe.title = "Front page of a web server";
    probe.spec = "RFC 9110; RFC 9112";
    probe.why_safe = "One plain GET of the page that every browser asks for first, and at most one more of the same host";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.limits.requests = 2;
    probe.limits.connections = 2;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
