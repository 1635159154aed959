// WS-Discovery: cameras (ONVIF), printers and computers say what they are. One datagram to the group.
#include <string>

#include "probes/group_asks.h"
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

// The prefixes are those of the specification's own examples: wsdd2 1.8.7 (storage and routers of several makers) looks for
// these words and does not answer a message that names the same namespaces otherwise.
constexpr Hole holes[] = {hole::text("id", 12, "0-9a-f")};
constexpr Request requests[] = {
    {"probe",
     {},
     "<?xml version=\"1.0\" encoding=\"utf-8\"?><soap:Envelope xmlns:soap=\"http://www.w3.org/2003/05/soap-envelope\" "
     "xmlns:wsa=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" "
     "xmlns:wsd=\"http://schemas.xmlsoap.org/ws/2005/04/discovery\"><soap:Header><wsa:MessageID>"
     "urn:uuid:00000000-0000-4000-8000-{id}</wsa:MessageID><wsa:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</wsa:To>"
     "<wsa:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</wsa:Action></soap:Header><soap:Body><wsd:Probe/>"
     "</soap:Body></soap:Envelope>",
     holes},
};

// WS-Discovery (April 2005) section 5.3
Step next(Talk& talk) {
    if (talk.begins()) {
        constexpr std::string_view digits = "0123456789abcdef";
        std::string id(12, '0');
        std::uint64_t rest = talk.target->token;
        for (std::size_t i = id.size(); i > 0; --i, rest >>= 4) id[i - 1] = digits[rest & 15];
        return ask(0).with("id", id);
    }
    Reading reading;
    const std::string_view text = ByteCursor(talk.reply, reading).text_ahead();
    return end(text.find("ProbeMatches") != std::string_view::npos ? ProbeOutcome::Answered : ProbeOutcome::OtherProtocol);
}

// ---- examples ----

constexpr Turn camera_turns[] = {
    {{},
     "<?xml version=\"1.0\" encoding=\"utf-8\"?><soap:Envelope xmlns:soap=\"http://www.w3.org/2003/05/soap-envelope\" "
     "xmlns:wsa=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" "
     "xmlns:wsd=\"http://schemas.xmlsoap.org/ws/2005/04/discovery\"><soap:Header><wsa:MessageID>"
     "urn:uuid:00000000-0000-4000-8000-000000001234</wsa:MessageID><wsa:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</"
     "wsa:To>"
     "<wsa:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</wsa:Action></soap:Header><soap:Body><wsd:Probe/>"
     "</soap:Body></soap:Envelope>",
     {},
     "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" "
     "xmlns:d=\"http://schemas.xmlsoap.org/ws/2005/04/discovery\"><s:Header><a:Action>"
     "http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</a:Action></s:Header><s:Body>"
     "<d:ProbeMatches><d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:00000000-0000-0000-0000-00005E005314</a:Address>"
     "</a:EndpointReference><d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>"
     "onvif://www.onvif.org/name/Example%20Cam onvif://www.onvif.org/hardware/EC-7</d:Scopes></d:ProbeMatch>"
     "</d:ProbeMatches></s:Body></s:Envelope>"},
};
constexpr std::string_view camera_claims[] = {"server device_type=NetworkVideoTransmitter", "server category=camera",
                                              "server model=EC-7",
                                              "server unique_id=uuid:00000000-0000-0000-0000-00005e005314"};

constexpr Transcript transcripts[] = {
    {"a camera answers a probe", Origin::Documented, "ONVIF Core Specification section 7.3", camera_turns, camera_claims},
};
constexpr std::uint16_t ports[] = {3702};

}  // namespace

Probe ws_discovery() {
    Probe probe = group_asks::of_group("239.255.255.250");
    probe.name = "ws_discovery";
    probe.group.v6 = "ff02::c";  // section 2.4
    probe.title = "WS-Discovery probe";
    probe.spec = "Web Services Dynamic Discovery (April 2005); ONVIF Core Specification section 7";
    probe.why_safe = "The search that video managers and Windows send; one datagram";
    probe.family = Family::Camera;
    probe.decoder = "ws_discovery";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.limits.bytes = std::size_t{256} << 10;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
