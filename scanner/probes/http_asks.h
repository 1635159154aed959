// What the probes of web servers have in common: one GET on one connection that the server closes, where a message ends, and
// what a redirection may lead to. A probe of a device's own pages is then a list of paths: its file says which, and nothing
// else can be asked.
//
//   GET / HTTP/1.1 ... Connection: close        some embedded servers stumble over HEAD, OPTIONS and long headers: so neither
#pragma once

#include <string_view>

#include "probes/probe.h"

namespace herkomst::http_asks {

// Of a request whose path stands in it: "GET /a HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: herkomst\r\n...".
inline constexpr Hole host_holes[] = {hole::text("authority", 70, hole::host_letters)};
// Of a request for any path of a host that it named itself.
inline constexpr Hole path_holes[] = {hole::text("path", 128, hole::path_letters),
                                      hole::text("authority", 70, hole::host_letters)};

struct Head {
    bool complete = false;
    std::size_t size = 0;
    unsigned status = 0;
    std::string_view location;
    std::string_view length;
    bool chunked = false;
};
// RFC 9112 section 2.1: a status line, fields, an empty line.
Head head_of(std::string_view text);
unsigned status_of(const Talk&);

// RFC 9112 section 6.3: how long the body is; where it is not said, until the connection ends.
Whole whole(ByteCursor stream, const Talk&);

// The front page (request 0, with a hole "path"), and one more where it only sends on to another of the same host. `scheme` in
// lower case.
Step front_page(Talk& talk, std::string_view scheme);

// Request 0; where it finds something, the others of the list, each on a connection of its own, whatever they find.
Step pages(Talk& talk, std::size_t requests);
template <std::size_t requests>
Step pages(Talk& talk) {
    return pages(talk, requests);
}

// The favicon, the front page, a device's own pages: what is the same for all of them.
Probe of_web();

// The transcript that both questions for a front page have.
inline constexpr Turn front_page_turns[] = {
    {{},
     "GET / HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n",
     {},
     "HTTP/1.1 200 OK\r\nServer: ExampleWeb/2.1\r\nContent-Length: 38\r\nContent-Type: text/html\r\n\r\n"
     "<html><title>Pump station 7</title>...",
     true},
};
inline constexpr std::string_view front_page_claims[] = {"server banner=Pump station 7", "server software=ExampleWeb/2.1",
                                                         "server stack=http-response:Server,Content-Length,Content-Type"};
inline constexpr Transcript a_front_page = {"a front page", Origin::Server, "nginx 1.22.1, the header replaced",
                                            front_page_turns, front_page_claims};

// The transcript that all probes of a device's own pages have: a web server that knows nothing of them. `Asked` is what it is
// asked.
inline constexpr std::string_view nobody_claims[] = {"server software=ExampleWeb/2.1"};
template <const std::string_view& Asked>
inline constexpr Turn nobody_turns[] = {
    {{}, Asked, {}, "HTTP/1.1 404 Not Found\r\nServer: ExampleWeb/2.1\r\nContent-Length: 0\r\n\r\n"},
};
template <const std::string_view& Asked>
inline constexpr Transcript nobody = {"another web server: nothing else is asked",
                                      Origin::Documented,
                                      "RFC 9110 section 15.5.5",
                                      nobody_turns<Asked>,
                                      nobody_claims,
                                      ProbeOutcome::Declined};

}  // namespace herkomst::http_asks
