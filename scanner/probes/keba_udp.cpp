// KEBA charging stations: "report 1" asks product, serial number and firmware. The station answers to UDP port 7090, whoever
// asks.
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {{"report 1", {}, "report 1", {}}};

// KeContact P20/P30 UDP Programmers Guide section 3.2: an object with the number of the report.
Step next(Talk& talk) {
    if (talk.begins()) return ask(0);
    Reading reading;
    const std::string_view text = ByteCursor(talk.reply, reading).text_ahead();
    return end(text.find("\"ID\"") != std::string_view::npos ? ProbeOutcome::Answered : ProbeOutcome::OtherProtocol);
}

// ---- examples ----

constexpr Turn report_turns[] = {
    {{},
     "report 1",
     {},
     "{\n\"ID\": \"1\",\n\"Product\": \"KC-EX30-EC240122-E0R\",\n\"Serial\": \"00000042\",\n"
     "\"Firmware\":\"EX30 v 3.10.1\",\n\"COM-module\": 0,\n\"Backend\": 0,\n\"Sec\": 5321\n}\n"},
};
constexpr std::string_view report_claims[] = {"server brand=KEBA",
                                              "server category=ev_charger",
                                              "server firmware=EX30 v 3.10.1",
                                              "server model=KC-EX30-EC240122-E0R",
                                              "server serial=00000042",
                                              "server stack_maker=KEBA"};
constexpr Turn other_turns[] = {{{}, "report 1", "00", {}}};

constexpr Transcript transcripts[] = {
    {"a charging station tells what it is", Origin::Documented, "KeContact P20/P30 UDP Programmers Guide section 3.2",
     report_turns, report_claims},
    {"something else on the port",
     Origin::Documented,
     "KeContact P20/P30 UDP Programmers Guide section 3",
     other_turns,
     {},
     ProbeOutcome::OtherProtocol},
};
constexpr std::uint16_t ports[] = {7090};

}  // namespace

Probe keba_udp() {
    Probe probe;
    probe.name = "keba_udp";
    probe.title = "KEBA report 1";
    probe.spec = "KeContact P20/P30 UDP Programmers Guide";
    probe.why_safe = "A report of constant data; readings and settings are other commands, which are not sent";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Udp;
    probe.family = Family::Energy;
    probe.decoder = "keba_udp";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.local_port = 7090;
    probe.limits.requests = 1;
    probe.limits.bytes = 4096;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
