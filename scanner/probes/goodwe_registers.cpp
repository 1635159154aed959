// GoodWe inverters with a LAN kit: serial number and model, and whether what they feed in can be limited. Unit 247.
//
//   35003 serial number 8 registers | 35011 model 5 registers, "GW10K-ET" | 47509 export limit on (1) or off (0)
#include <iterator>

#include "probes/modbus_reads.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {
    {"serial number and model", "{transaction} 0000 0006 {unit} 03 88bb 000d", {}, modbus_reads::holes},
    {"export limit", "{transaction} 0000 0006 {unit} 03 b995 0001", {}, modbus_reads::holes},
};

// ---- examples ----

constexpr Turn answers_turns[] = {
    {"1234 0000 0006 f7 03 88bb 000d",
     {},
     "1234 0000 001d f7 03 1a"
     "393031304b4554553030305730303432475731304b2d45540000",  // 9010KETU000W0042, GW10K-ET
     {}},
    {"1235 0000 0006 f7 03 b995 0001",
     {},
     "1235 0000 0005 f7 03 02"
     "0001",
     {}},
};
constexpr std::string_view answers_claims[] = {
    "server role=modbus server",
    "server[modbus/502/247] brand=GoodWe",
    "server[modbus/502/247] category=solar_inverter",
    "server[modbus/502/247] model=GW10K-ET",
    "server[modbus/502/247] remote_exposed=modbus export limit",
    "server[modbus/502/247] serial=9010KETU000W0042",
};
constexpr Turn other_turns[] = {
    {"1234 0000 0006 f7 03 88bb 000d", {}, "1234 0000 0003 f7 83 02", {}},
};
constexpr std::string_view other_claims[] = {"server role=modbus server"};

constexpr Transcript transcripts[] = {
    {"an inverter names itself", Origin::Server, "modbus-serial 8.0.25 with registers of our own", answers_turns,
     answers_claims},
    {"a device without these registers says so, and is not asked more", Origin::Documented,
     "MODBUS Application Protocol V1.1b3 section 7, exception 02", other_turns, other_claims, ProbeOutcome::Declined},
};
constexpr std::uint16_t ports[] = {502};
constexpr std::string_view makers[] = {"goodwe"};

}  // namespace

Probe goodwe_registers() {
    Probe probe = modbus_reads::of_registers();
    probe.name = "goodwe_registers";
    probe.title = "Nameplate registers of GoodWe inverters";
    probe.spec = "registers as in goodwe and in OpenEMS, public projects";
    probe.why_safe =
        "Function 3 only reads, thirteen registers once; the inverter answers within a second and takes one question at a time";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = modbus_reads::in_order<247, std::size(requests)>;
    probe.makers = makers;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
