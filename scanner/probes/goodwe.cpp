// GoodWe inverters on their own port: the older question for identity, which the loggers of newer ones answer, too. Those are
// asked for more then (goodwe_hybrid, goodwe_grid). It only reads; what the protocol writes with has other codes.
//
//   |AA 55|C0 7F|01 02 identity|00|sum 2|
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {
    {"identity", "aa55 c07f 0102 00 0241", {}, {}},
};

Step next(Talk& talk) {
    if (talk.begins()) return ask(0);
    Reading reading;
    const ByteCursor reply(talk.reply, reading);
    return end(reply.peek_be16() == 0xaa55 ? ProbeOutcome::Answered : ProbeOutcome::OtherProtocol);
}

// ---- examples ----

constexpr Turn older_turns[] = {
    {"aa55 c07f 0102 00 0241",
     {},
     "aa557fc001824530322e30354558353034382d45532000000000000000000000000000000000455835303438455355303030"
     "30303432000000003431302d30323034312d31300000000000000c46",
     {}},
};
constexpr std::string_view older_claims[] = {"server firmware=02.05", "server model=EX5048-ES",
                                             "server serial=EX5048ESU0000042", "server stack_maker=GoodWe"};
constexpr Turn other_turns[] = {{"aa55 c07f 0102 00 0241", {}, "0000", {}}};

constexpr Transcript transcripts[] = {
    {"an older inverter tells what it is", Origin::Project, "goodwe, a public project", older_turns, older_claims},
    {"something else on the port", Origin::Project, "goodwe, a public project", other_turns, {}, ProbeOutcome::OtherProtocol},
};
constexpr std::uint16_t ports[] = {8899};

}  // namespace

Probe goodwe() {
    Probe probe;
    probe.name = "goodwe";
    probe.title = "GoodWe identity";
    probe.spec = "no specification is public; as public projects send and read it";
    probe.why_safe = "One datagram that only reads; the logger answers one client as well as another";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Udp;
    probe.family = Family::Energy;
    probe.decoder = "goodwe";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.limits.requests = 1;
    probe.limits.bytes = 4096;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
