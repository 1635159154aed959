// GoodWe hybrid inverters (ET, EH, BT, BH) on their own port: serial number and model, in the block of device information. Only
// where the maker is known: by the older question (goodwe), by what was heard, or by the scope file.
//
//   35000 protocol, rated power, serial number, model, firmware: 33 registers, unit 247
#include "probes/goodwe_asks.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {{"device information", "f7 03 88b8 0021 3ac1", {}, {}}};

// ---- examples ----

constexpr Turn answers_turns[] = {
    {"f7 03 88b8 0021 3ac1",
     {},
     "aa55f70342000027100000455831304b4554553030303030303432455831304b2d4554202000000000000000000000303430"
     "32392d30342d53313130323034312d31302d5330305bfc",
     {}},
};
constexpr std::string_view answers_claims[] = {"server firmware=04029-04-S11", "server model=EX10K-ET",
                                               "server rated_power=10000", "server serial=EX10KETU00000042",
                                               "server stack_maker=GoodWe"};
constexpr Turn refuses_turns[] = {{"f7 03 88b8 0021 3ac1", {}, "aa55f7830220c3", {}}};
constexpr std::string_view refuses_claims[] = {"server stack_maker=GoodWe"};

constexpr Transcript transcripts[] = {
    {"an inverter tells what it is", Origin::Project, "goodwe, a public project", answers_turns, answers_claims},
    {"one of the other family says no", Origin::Documented, "MODBUS Application Protocol V1.1b3 section 7, exception 02",
     refuses_turns, refuses_claims, ProbeOutcome::Declined},
};

}  // namespace

Probe goodwe_hybrid() {
    Probe probe = goodwe_asks::of_blocks();
    probe.name = "goodwe_hybrid";
    probe.title = "GoodWe hybrid inverters: device information";
    probe.spec = "no specification is public; as goodwe, a public project, sends and reads it";
    probe.why_safe = "Function 3 only reads, one block once; the inverter answers within a second, one datagram at a time";
    probe.requests = requests;
    probe.next = goodwe_asks::block<247>;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
