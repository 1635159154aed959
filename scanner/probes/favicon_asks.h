// What a web server is asked for its favicon, in the open (http_favicon) and within TLS (https_favicon).
#pragma once

#include "probes/http_asks.h"

namespace herkomst::favicon_asks {

inline constexpr Request requests[] = {
    {"icon",
     {},
     "GET /favicon.ico HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n",
     http_asks::host_holes},
};

// ---- examples ----

inline constexpr std::string_view asked =
    "GET /favicon.ico HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n";
inline constexpr Turn icon_turns[] = {
    {{}, asked, {}, "HTTP/1.1 200 OK\r\nServer: ExampleWeb/2.1\r\nContent-Type: image/x-icon\r\nContent-Length: 3\r\n\r\nabc"},
};
inline constexpr std::string_view icon_claims[] = {"server banner=favicon-md5:900150983cd24fb0d6963f7d28e17f72",
                                                   "server software=ExampleWeb/2.1",
                                                   "server stack=http-response:Server,Content-Type,Content-Length"};
inline constexpr Transcript transcripts[] = {
    {"an icon", Origin::Documented, "RFC 9110 section 9.3.1", icon_turns, icon_claims},
    http_asks::nobody<asked>,
};

// All but name, title, transport, ports, what it comes after and why it is safe.
inline Probe of_icon() {
    Probe probe = http_asks::of_web();
    probe.spec = "RFC 9110; Rapid7 Recog, favicons.xml (MD5)";
    probe.requests = requests;
    probe.next = http_asks::pages<1>;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::favicon_asks
