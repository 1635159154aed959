// Axis cameras, door stations and speakers: brand, product and type, where anybody may look at the picture; elsewhere the
// answer is that an account is wanted, and no more is asked.
#include "probes/http_asks.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {
    {"brand",
     {},
     "GET /axis-cgi/param.cgi?action=list&group=root.Brand HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: herkomst\r\nAccept: "
     "*/*\r\nConnection: close\r\n\r\n",
     http_asks::host_holes},
};

// ---- examples ----

constexpr std::string_view asked =
    "GET /axis-cgi/param.cgi?action=list&group=root.Brand HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: herkomst\r\nAccept: "
    "*/*\r\nConnection: close\r\n\r\n";
constexpr Turn camera_turns[] = {
    {{},
     asked,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nroot.Brand.Brand=AXIS\r\nroot.Brand.ProdFullName=AXIS P0000 Network "
     "Camera\r\nroot.Brand.ProdNbr=P0000\r\nroot.Brand.ProdType=Network Camera\r\n",
     true},
};
constexpr std::string_view camera_claims[] = {"server brand=AXIS", "server device_type=Network Camera", "server model=P0000",
                                              "server product=AXIS P0000 Network Camera"};
constexpr Turn closed_turns[] = {
    {{},
     asked,
     {},
     "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"AXIS_00005E005314\", nonce=\"00\"\r\nContent-Length: "
     "0\r\n\r\n"},
};
constexpr std::string_view closed_claims[] = {"server realm=AXIS_00005E005314"};

constexpr Transcript transcripts[] = {
    {"a camera at which anybody may look", Origin::Documented, "VAPIX, parameter management", camera_turns, camera_claims},
    {"a camera that wants an account", Origin::Documented, "RFC 9110 section 11.6.1", closed_turns, closed_claims,
     ProbeOutcome::Declined},
    http_asks::nobody<asked>,
};
constexpr std::uint16_t ports[] = {80};
constexpr std::string_view makers[] = {"axis"};

}  // namespace

Probe axis_vapix() {
    Probe probe = http_asks::of_web();
    probe.name = "axis_vapix";
    probe.title = "Axis VAPIX parameters, group Brand";
    probe.spec = "VAPIX, parameter management: param.cgi, action list, group Brand";
    probe.why_safe = "One plain GET that lists four texts of the product, without an account; other actions are other requests";
    probe.family = Family::Camera;
    probe.decoder = "vapix";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = http_asks::pages<1>;
    probe.makers = makers;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
