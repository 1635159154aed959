// Hikvision's search (SADP): cameras and recorders of the maker, under whatever brand, tell model, serial number and firmware.
// One datagram to the group; its "update" is not sent. Whoever is meant answers to the group, on the same port.
#include "probes/group_asks.h"
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {
    {"inquiry",
     {},
     "<?xml version=\"1.0\" encoding=\"utf-8\"?><Probe><Uuid>00000000-0000-0000-0000-0000000000AA</Uuid>"
     "<Types>inquiry</Types></Probe>",
     {}},
};

Step next(Talk& talk) {
    if (talk.begins()) return ask(0);
    Reading reading;
    const std::string_view text = ByteCursor(talk.reply, reading).text_ahead();
    return end(text.find("<ProbeMatch>") != std::string_view::npos ? ProbeOutcome::Answered : ProbeOutcome::OtherProtocol);
}

// ---- examples ----

constexpr std::string_view asked =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?><Probe><Uuid>00000000-0000-0000-0000-0000000000AA</Uuid>"
    "<Types>inquiry</Types></Probe>";
constexpr Turn camera_turns[] = {
    {{},
     asked,
     {},
     "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<ProbeMatch>\r\n<Uuid>00000000-0000-0000-0000-0000000000AA</Uuid>\r\n"
     "<Types>inquiry</Types>\r\n<DeviceType>1</DeviceType>\r\n<DeviceDescription>DS-EX2042-I</DeviceDescription>\r\n"
     "<DeviceSN>DS-EX2042-I20200101AAWR000000042</DeviceSN>\r\n<CommandPort>8000</CommandPort>\r\n"
     "<MAC>00-00-5e-00-53-14</MAC>\r\n<IPv4Address>192.0.2.20</IPv4Address>\r\n"
     "<SoftwareVersion>V5.5.0build 200101</SoftwareVersion>\r\n<Activated>true</Activated>\r\n</ProbeMatch>"},
};
constexpr std::string_view camera_claims[] = {"server device_type=hikvision:1",
                                              "server brand=Hikvision",
                                              "server firmware=V5.5.0build 200101",
                                              "server model=DS-EX2042-I",
                                              "server serial=DS-EX2042-I20200101AAWR000000042",
                                              "server stack_maker=Hikvision",
                                              "server-mac address=192.0.2.20"};

constexpr Transcript transcripts[] = {
    {"a camera answers a search", Origin::Project, "public projects that search with SADP", camera_turns, camera_claims},
};
constexpr std::uint16_t ports[] = {37020};

}  // namespace

Probe sadp() {
    Probe probe = group_asks::of_group("239.255.255.250");
    probe.name = "sadp";
    probe.title = "Search for Hikvision devices (SADP)";
    probe.spec = "no specification is public; as public projects send and read it";
    probe.why_safe = "A search made for discovery; nothing is changed, no password is sent";
    probe.family = Family::Camera;
    probe.decoder = "sadp";
    probe.ports = ports;
    probe.local_port = 37020;
    probe.requests = requests;
    probe.next = next;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
