// The description of a UPnP device: maker, model, serial number. Where it lies the device says itself, in its answer to a
// search or in an announcement: only there is asked, and only when the address that says it is the one it points at.
#include "probes/http_asks.h"

namespace herkomst::probes {

namespace {

constexpr Hole description_holes[] = {hole::text("path", 128, hole::path_letters), hole::text("host", 64, hole::host_letters),
                                      hole::text("port", 5, "0-9")};
constexpr Request requests[] = {
    {"description",
     {},
     "GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n",
     description_holes},
};

// UPnP Device Architecture 1.1 section 2.11: GET, with the host's port.
Step next(Talk& talk) {
    if (!talk.begins()) return http_asks::status_of(talk) == 200 ? end() : end(ProbeOutcome::Declined);
    const std::string_view url = talk.target->learnt;
    const std::size_t host = url.find("://");
    const std::size_t slash = host == std::string_view::npos ? host : url.find('/', host + 3);
    const std::string_view path = slash == std::string_view::npos ? "/" : url.substr(slash);
    // What the hole does not admit is not asked for; nor is a place with a query, which the answer's reader cuts off: whoever
    // else says where it lies could have us ask for anything.
    for (const char c : path) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (path.size() > 128 || (!plain && std::string_view("._~/-").find(c) == std::string_view::npos))
            return end(ProbeOutcome::Gated);
    }
    return ask(0).with("path", path);
}

// ---- examples ----

constexpr std::string_view asked =
    "GET /desc.xml HTTP/1.1\r\nHost: 192.0.2.20:49152\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n";
constexpr Turn device_turns[] = {
    {{},
     asked,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nServer: Example UPnP/1.1\r\n\r\n<?xml version=\"1.0\"?>\n"
     "<root xmlns=\"urn:schemas-upnp-org:device-1-0\"><device><friendlyName>Wilhelmina's gate</friendlyName>"
     "<manufacturer>Example Works</manufacturer><modelName>EX-520</modelName><serialNumber>EX0001234</serialNumber>"
     "<UDN>uuid:00005e00-5314-0000-0000-000000000001</UDN></device></root>",
     true},
};
constexpr std::string_view device_claims[] = {"server brand=Example Works", "server model=EX-520", "server serial=EX0001234",
                                              "server software=Example UPnP/1.1",
                                              "server unique_id=uuid:00005e00-5314-0000-0000-000000000001"};

constexpr Transcript transcripts[] = {
    {"a device describes itself where it said that it would",
     Origin::Documented,
     "UPnP Device Architecture 1.1 section 2.3",
     device_turns,
     device_claims,
     ProbeOutcome::Answered,
     49152,
     0,
     0,
     {},
     0x1234,
     false,
     "http://192.0.2.20:49152/desc.xml"},
};
constexpr std::uint16_t ports[] = {80};
constexpr std::string_view methods[] = {"ssdp.location"};

}  // namespace

Probe upnp_description() {
    Probe probe = http_asks::of_web();
    probe.name = "upnp_description";
    probe.title = "UPnP description of a device";
    probe.spec = "UPnP Device Architecture 1.1 sections 2.3 and 2.11";
    probe.why_safe = "One plain GET of the page that the device offers to everybody on its link, of itself and at its own port";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.learnt = {Field::location, methods, true};
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
