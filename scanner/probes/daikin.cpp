// Daikin's search: the network adaptors of air conditioners and heat pumps tell firmware and region in plain text. The maker's
// program asks from port 30000, and adaptors answer there.
#include "probes/group_asks.h"
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {{"basic information", {}, "DAIKIN_UDP/common/basic_info", {}}};

Step next(Talk& talk) {
    if (talk.begins()) return ask(0);
    Reading reading;
    return end(ByteCursor(talk.reply, reading).starts_with("ret=OK,") ? ProbeOutcome::Answered : ProbeOutcome::OtherProtocol);
}

// ---- examples ----

constexpr Turn device_turns[] = {
    {{},
     "DAIKIN_UDP/common/basic_info",
     {},
     "ret=OK,type=aircon,reg=eu,dst=1,ver=1_14_68,rev=C3FF8A6,pow=1,err=0,location=0,name=%52%6f%6f%6d,icon=0,method=home only,"
     "port=30050,id=,pw=,lpw_flag=0,adp_kind=3,pv=3.20,cpv=3,mac=00005E005314,ssid=,adp_mode=run"},
};
constexpr std::string_view device_claims[] = {"server brand=Daikin", "server category=hvac", "server firmware=1.14.68",
                                              "server-mac address=192.0.2.20"};

constexpr Transcript transcripts[] = {
    {"an adaptor answers", Origin::Project, "pydaikin, a public project", device_turns, device_claims},
};
constexpr std::uint16_t ports[] = {30050};

}  // namespace

Probe daikin() {
    Probe probe = group_asks::of_group("broadcast");
    probe.name = "daikin";
    probe.title = "Search for Daikin adaptors";
    probe.spec = "no specification is public; as pydaikin sends and reads it, a public project";
    probe.why_safe = "The search that the maker's own program sends; it only tells";
    probe.family = Family::Energy;
    probe.decoder = "daikin";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.local_port = 30'000;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
