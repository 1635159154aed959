// GoodWe inverters on their own port: the older question for identity, and of newer ones the block of registers with serial
// number and model. Reads only; what the protocol writes with has other codes.
//
//   |AA 55|C0 7F|01 02 identity|00|sum 2|        |F7|03|88 B8 register 35000|00 21|CRC|
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {
    {"identity", "aa55 c07f 0102 00 0241", {}, {}},
    {"running registers", "f7 03 88b8 0021 3ac1", {}, {}},
};

// Both answers begin with AA 55; who does not know the first question keeps silent, and is then asked no more.
Step next(Talk& talk) {
    if (talk.begins()) return ask(0);
    Reading reading;
    const ByteCursor reply(talk.reply, reading);
    if (reply.peek_be16() != 0xaa55) return end(ProbeOutcome::OtherProtocol);
    return talk.sent == 1 ? ask(1) : end();
}

// ---- examples ----

constexpr Turn hybrid_turns[] = {
    {"aa55 c07f 0102 00 0241",
     {},
     "aa557fc001824530322e30354558353034382d45532000000000000000000000000000000000455835303438455355303030"
     "30303432000000003431302d30323034312d31300000000000000c46",
     {}},
    {"f7 03 88b8 0021 3ac1",
     {},
     "aa55f70342000127100000455831304b4554553030303030303432455831304b2d4554202000000000000000000000303430"
     "32392d30342d53313130323034312d31302d5330306a6c",
     {}},
};
constexpr std::string_view hybrid_claims[] = {"server brand=GoodWe"};
constexpr Turn other_turns[] = {{"aa55 c07f 0102 00 0241", {}, "0000", {}}};

constexpr Transcript transcripts[] = {
    {"an inverter that knows both questions", Origin::Documented, "goodwe, a public project", hybrid_turns, hybrid_claims},
    {"something else on the port",
     Origin::Documented,
     "goodwe, a public project",
     other_turns,
     {},
     ProbeOutcome::OtherProtocol},
};
constexpr std::uint16_t ports[] = {8899};

}  // namespace

Probe goodwe() {
    Probe probe;
    probe.name = "goodwe";
    probe.title = "GoodWe identity";
    probe.spec = "no specification is public; as public projects send and read it";
    probe.why_safe = "Two datagrams that only read; the logger answers one client as well as another";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Udp;
    probe.family = Family::Energy;
    probe.decoder = "goodwe";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.limits.requests = 2;
    probe.limits.bytes = 4096;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
