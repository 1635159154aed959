// CODESYS version 2: operating system and product of the runtime that several hundred makers build in. One question of seven
// bytes, for a controller with the low byte first, as nearly all have it. Version 3 is not asked: the address in its search
// depends on the network's masks.
//
//   |BB BB|01 00 00 00 01|      answer: |BB BB| ... operating system at 64 and 96, product at 128, texts ending in zero
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {{"login data", "bbbb 0100 0000 01", {}, {}}};

Step next(Talk& talk) {
    if (talk.begins()) return ask(0);
    Reading reading;
    const ByteCursor reply(talk.reply, reading);
    return end(reply.peek() == 0xbb && reply.left() > 64 ? ProbeOutcome::Answered : ProbeOutcome::OtherProtocol);
}

// ---- examples ----

constexpr Turn runtime_turns[] = {
    {"bbbb 0100 0000 01",
     {},
     "bbbb000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "00000000000000000000000000004578616d706c654f530000000000000000000000000000000000000000000000504c4320"
     "5479706500000000000000000000000000000000000000000000000045582d52542056322e332e3900000000000000000000"
     "000000000000",
     {},
     true},
};
constexpr std::string_view runtime_claims[] = {"server os=ExampleOS PLC Type", "server software=EX-RT V2.3.9"};
constexpr Turn closes_turns[] = {{"bbbb 0100 0000 01", {}, {}, {}, true}};

constexpr Transcript transcripts[] = {
    {"a runtime tells its operating system and product", Origin::Project, "as Redpoint's codesys-v2 reads it, a public project",
     runtime_turns, runtime_claims},
    {"something else on the port closes",
     Origin::Project,
     "as Redpoint's codesys-v2 meets it, a public project",
     closes_turns,
     {},
     ProbeOutcome::Closed},
};
constexpr std::uint16_t ports[] = {2455, 1200};

}  // namespace

Probe codesys() {
    Probe probe;
    probe.name = "codesys";
    probe.title = "CODESYS version 2 runtime";
    probe.spec = "no specification is public; as Redpoint's codesys-v2 sends and reads it, a public project";
    probe.why_safe = "The question is the first one of the maker's own tool and reads three texts; nobody logs in";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Tcp;
    probe.family = Family::Ot;
    probe.decoder = "codesys";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.few_sessions = true;
    probe.limits.requests = 1;
    probe.limits.bytes = 4096;
    probe.limits.quiet = std::chrono::milliseconds(500);
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
