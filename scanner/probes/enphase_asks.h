// What the gateways of Enphase are asked, in the open (enphase) and within TLS (enphase_tls): the page that needs no login.
#pragma once

#include "probes/http_asks.h"

namespace herkomst::enphase_asks {

inline constexpr Request requests[] = {
    {"info",
     {},
     "GET /info HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n",
     http_asks::host_holes},
};
inline constexpr std::string_view makers[] = {"enphase"};

// All but name, title, transport, port and transcripts.
inline Probe of_gateway() {
    Probe probe = http_asks::of_web();
    probe.spec = "unpublished; as pyenphase reads it (public project)";
    probe.why_safe = "One plain GET of the page that the maker leaves open for recognition";
    probe.family = Family::Energy;
    probe.decoder = "enphase";
    probe.requests = requests;
    probe.next = http_asks::pages<1>;
    probe.makers = makers;
    return probe;
}

}  // namespace herkomst::enphase_asks
