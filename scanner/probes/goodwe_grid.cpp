// GoodWe inverters without a battery (DT, MS, NS, XS) on their own port: serial number and model, in the block of device
// information. Only where the maker is known: by the older question (goodwe), by what was heard, or by the scope file.
//
//   30001 serial number, model, firmware: 40 registers, unit 127
#include "probes/goodwe_asks.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {{"device information", "7f 03 7531 0028 0409", {}, {}}};

// ---- examples ----

constexpr Turn answers_turns[] = {
    {"7f 03 7531 0028 0409",
     {},
     "aa557f0350000000000000455830304b4454553030303030303037455831304b2d4454202000000000000000000000000000"
     "0000000000000000000000000000000000000000000000000000000000000000000000f893",
     {}},
};
constexpr std::string_view answers_claims[] = {"server model=EX10K-DT", "server serial=EX00KDTU00000007",
                                               "server stack_maker=GoodWe"};
constexpr Turn refuses_turns[] = {{"7f 03 7531 0028 0409", {}, "aa557f8302a0e9", {}}};
constexpr std::string_view refuses_claims[] = {"server stack_maker=GoodWe"};

constexpr Transcript transcripts[] = {
    {"an inverter tells what it is", Origin::Project, "goodwe, a public project", answers_turns, answers_claims},
    {"one of the other family says no", Origin::Documented, "MODBUS Application Protocol V1.1b3 section 7, exception 02",
     refuses_turns, refuses_claims, ProbeOutcome::Declined},
};

}  // namespace

Probe goodwe_grid() {
    Probe probe = goodwe_asks::of_blocks();
    probe.name = "goodwe_grid";
    probe.title = "GoodWe grid inverters: device information";
    probe.spec = "no specification is public; as goodwe, a public project, sends and reads it";
    probe.why_safe = "Function 3 only reads, one block once; the inverter answers within a second, one datagram at a time";
    probe.requests = requests;
    probe.next = goodwe_asks::block<127>;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
