// Wi-Fi modules of data loggers (Hi-Flying, in loggers of many makes): address, MAC address and, in loggers, the serial number.
// Asked of one address at a time, and never where TwinCAT listens on the same port: the gate sees to that.
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {{"search", {}, "WIFIKIT-214028-READ", {}}};

// "address,MAC,serial number or name"
Step next(Talk& talk) {
    if (talk.begins()) return ask(0);
    Reading reading;
    const std::string_view text = ByteCursor(talk.reply, reading).text_ahead();
    const std::size_t first = text.find(',');
    const std::size_t second = first == std::string_view::npos ? first : text.find(',', first + 1);
    return end(second != std::string_view::npos && second - first == 13 ? ProbeOutcome::Answered : ProbeOutcome::OtherProtocol);
}

// ---- examples ----

constexpr Turn logger_turns[] = {{{}, "WIFIKIT-214028-READ", {}, "192.0.2.20,00005E005314,2700000001"}};
constexpr std::string_view logger_claims[] = {"server module_maker=Hi-Flying", "server serial=2700000001",
                                              "server-mac address=192.0.2.20"};
constexpr Turn other_turns[] = {{{}, "WIFIKIT-214028-READ", {}, "+ERR"}};

constexpr Transcript transcripts[] = {
    {"a logger answers with its serial number", Origin::Project, "public projects that read Solarman loggers", logger_turns,
     logger_claims},
    {"something else on the port",
     Origin::Project,
     "public projects that read Solarman loggers",
     other_turns,
     {},
     ProbeOutcome::OtherProtocol},
};
constexpr std::uint16_t ports[] = {48899};

}  // namespace

Probe hiflying() {
    Probe probe;
    probe.name = "hiflying";
    probe.title = "Search for Wi-Fi modules of data loggers";
    probe.spec = "no specification is public; as public projects send and read it";
    probe.why_safe = "One datagram of text that the module answers itself; the inverter behind it is not asked";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Udp;
    probe.family = Family::Energy;
    probe.decoder = "hiflying";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.limits.requests = 1;
    probe.limits.bytes = 1024;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
