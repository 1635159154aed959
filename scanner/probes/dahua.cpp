// Dahua's search (DHIP): cameras, recorders and door stations of the maker, under whatever brand, tell type, serial number and
// firmware. One datagram, to the group or to a device; its sisters that set addresses are not sent.
//
//   |20 00 00 00|"DHIP"|session 4|id 4|length 4|0|length 4|0|{"method":"DHDiscover.search", ...} LF|        low byte first
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {
    {"search",
     "200000004448495000000000000000003b000000000000003b000000000000007b226d6574686f64223a224448446973636f"
     "7665722e736561726368222c22706172616d73223a7b226d6163223a22222c22756e69223a317d7d0a",
     {},
     {}},
};

Step next(Talk& talk) {
    if (talk.begins()) return ask(0);
    Reading reading;
    const std::string_view text = ByteCursor(talk.reply, reading).text_ahead();
    return end(text.find("client.notifyDevInfo") != std::string_view::npos ? ProbeOutcome::Answered
                                                                           : ProbeOutcome::OtherProtocol);
}

// ---- examples ----

constexpr Turn recorder_turns[] = {
    {"200000004448495000000000000000003b000000000000003b000000000000007b226d6574686f64223a224448446973636f"
     "7665722e736561726368222c22706172616d73223a7b226d6163223a22222c22756e69223a317d7d0a",
     {},
     "20000000444849500000000000000000050100000000000005010000000000007b226d6163223a2230303a30303a35653a30"
     "303a35333a3134222c226d6574686f64223a22636c69656e742e6e6f74696679446576496e666f222c22706172616d73223a"
     "7b22646576696365496e666f223a7b22446576696365436c617373223a224e5652222c2244657669636554797065223a2245"
     "582d4e56523136222c224950763441646472657373223a7b22495041646472657373223a223139322e302e322e3230227d2c"
     "224d616368696e654e616d65223a2257696c68656c6d696e61222c2253657269616c4e6f223a224558303030343350413030"
     "303030222c2256656e646f72223a2247656e6572616c222c2256657273696f6e223a22342e30227d7d7d0a",
     {}},
};
constexpr std::string_view recorder_claims[] = {"server category=nvr",      "server firmware=4.0",
                                                "server model=EX-NVR16",    "server serial=EX00043PA00000",
                                                "server stack_maker=Dahua", "server-mac address=192.0.2.20"};

constexpr Transcript transcripts[] = {
    {"a recorder without a brand of its own", Origin::Project,
     "UniversalScanner and other public projects that search with DHIP", recorder_turns, recorder_claims},
};
constexpr std::uint16_t ports[] = {37810};

}  // namespace

Probe dahua() {
    Probe probe;
    probe.name = "dahua";
    probe.title = "Search for Dahua devices (DHIP)";
    probe.spec = "no specification is public; as UniversalScanner sends and reads it, a public project";
    probe.why_safe = "A search made for discovery; nothing is changed, no password is sent";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Udp;
    probe.family = Family::Camera;
    probe.decoder = "dahua";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.group.v4 = "239.255.255.251";
    probe.limits.requests = 1;
    probe.limits.bytes = 65'536;
    probe.limits.collect = std::chrono::seconds(1);
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
