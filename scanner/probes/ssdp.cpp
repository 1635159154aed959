// SSDP search: what speaks UPnP says what it is and where its description lies. One datagram to the group, with two seconds
// over which the answers spread.
#include "probes/group_asks.h"
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {
    {"search",
     {},
     "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 2\r\nST: upnp:rootdevice\r\n\r\n",
     {}},
    // Annex A.
    {"search over IPv6",
     {},
     "M-SEARCH * HTTP/1.1\r\nHOST: [FF02::C]:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 2\r\nST: upnp:rootdevice\r\n\r\n",
     {}},
};

// UPnP Device Architecture 1.1 section 1.3.3
Step next(Talk& talk) {
    if (talk.begins()) return ask(talk.target->ip.version == 6 ? 1 : 0);
    Reading reading;
    return end(ByteCursor(talk.reply, reading).starts_with("HTTP/1.1 200") ? ProbeOutcome::Answered
                                                                           : ProbeOutcome::OtherProtocol);
}

// ---- examples ----

constexpr Turn device_turns[] = {
    {{},
     "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 2\r\nST: upnp:rootdevice\r\n\r\n",
     {},
     "HTTP/1.1 200 OK\r\nEXT:\r\nLOCATION: http://192.0.2.20/desc.xml\r\nST: upnp:rootdevice\r\n"
     "Server: Example UPnP/1.1\r\nUSN: uuid:2f402f80-da50-11e1-9b23-00005e005314::upnp:rootdevice\r\n\r\n"},
};
constexpr std::string_view device_claims[] = {"server banner=Example UPnP/1.1", "server location=http://192.0.2.20/desc.xml",
                                              "server software=Example UPnP/1.1",
                                              "server unique_id=uuid:2f402f80-da50-11e1-9b23-00005e005314"};

constexpr Turn device6_turns[] = {
    {{},
     "M-SEARCH * HTTP/1.1\r\nHOST: [FF02::C]:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 2\r\nST: upnp:rootdevice\r\n\r\n",
     {},
     "HTTP/1.1 200 OK\r\nEXT:\r\nLOCATION: http://[2001:db8::20]/desc.xml\r\nST: upnp:rootdevice\r\n"
     "Server: Example UPnP/1.1\r\nUSN: uuid:2f402f80-da50-11e1-9b23-00005e005314::upnp:rootdevice\r\n\r\n"},
};
constexpr std::string_view device6_claims[] = {
    "server banner=Example UPnP/1.1", "server location=http://[2001:db8::20]/desc.xml", "server software=Example UPnP/1.1",
    "server unique_id=uuid:2f402f80-da50-11e1-9b23-00005e005314"};

constexpr Transcript transcripts[] = {
    {"a device answers a search", Origin::Documented, "UPnP Device Architecture 1.1 section 1.3.3", device_turns,
     device_claims},
    {"a device answers a search over IPv6",
     Origin::Documented,
     "UPnP Device Architecture 1.1 annex A",
     device6_turns,
     device6_claims,
     ProbeOutcome::Answered,
     0,
     0,
     0,
     {},
     0x1234,
     true},
};
constexpr std::uint16_t ports[] = {1900};

}  // namespace

Probe ssdp() {
    Probe probe = group_asks::of_group("239.255.255.250");
    probe.name = "ssdp";
    probe.group.v6 = "ff02::c";
    probe.title = "SSDP search";
    probe.spec = "UPnP Device Architecture 1.1 section 1.3";
    probe.why_safe = "The search that every phone sends; answers are spread over two seconds";
    probe.family = Family::It;
    probe.decoder = "ssdp";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
