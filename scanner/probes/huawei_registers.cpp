// Huawei SUN2000 inverters, directly or behind a dongle or SmartLogger: model, serial number, firmware and rated power, and
// whether it can be limited from outside. The registers that start and stop it (40200, 40201) cannot even be read.
//
//   30000 model 15 registers | 30015 serial number 10 | 30035 firmware 15 | 30050 software 15 | 30073 rated power 2, W | 40125
//   active power, 0.1 %
#include <iterator>

#include "probes/modbus_reads.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {
    {"model and serial number", "{transaction} 0000 0006 {unit} 03 7530 0019", {}, modbus_reads::holes},
    {"firmware", "{transaction} 0000 0006 {unit} 03 7553 000f", {}, modbus_reads::holes},
    {"rated power", "{transaction} 0000 0006 {unit} 03 7579 0002", {}, modbus_reads::holes},
    {"active power limit", "{transaction} 0000 0006 {unit} 03 9cbd 0001", {}, modbus_reads::holes},
    {"software", "{transaction} 0000 0006 {unit} 03 7562 000f", {}, modbus_reads::holes},
};

// ---- examples ----

constexpr Turn answers_turns[] = {
    {"1234 0000 0006 01 03 7530 0019",
     {},
     "1234 0000 0035 01 03 32"
     "53554e323030302d455831304b00000000000000000000000000000000004558"
     "303030303030303034320000000000000000",  // SUN2000-EX10K, EX0000000042
     {}},
    {"1235 0000 0006 01 03 7553 000f",
     {},
     "1235 0000 0021 01 03 1e"
     "563130305230303143303053504331313700000000000000000000000000",  // V100R001C00SPC117
     {}},
    {"1236 0000 0006 01 03 7579 0002",
     {},
     "1236 0000 0007 01 03 04"
     "00002710",  // 10 kW
     {}},
    {"1237 0000 0006 01 03 9cbd 0001",
     {},
     "1237 0000 0005 01 03 02"
     "03e8",  // 100 %
     {}},
    {"1238 0000 0006 01 03 7562 000f",
     {},
     "1238 0000 0021 01 03 1e"
     "563130305230303143303053504331313800000000000000000000000000",  // V100R001C00SPC118
     {}},
};
constexpr std::string_view answers_claims[] = {
    "server role=modbus server",
    "server[modbus/502/1] brand=Huawei",
    "server[modbus/502/1] category=solar_inverter",
    "server[modbus/502/1] firmware=V100R001C00SPC117",
    "server[modbus/502/1] model=SUN2000-EX10K",
    "server[modbus/502/1] rated_power=10000",
    "server[modbus/502/1] remote_exposed=modbus active power limit",
    "server[modbus/502/1] serial=EX0000000042",
    "server[modbus/502/1] software=V100R001C00SPC118",
};
constexpr Turn other_turns[] = {
    {"1234 0000 0006 01 03 7530 0019", {}, "1234 0000 0003 01 83 02", {}},
};
constexpr std::string_view other_claims[] = {"server role=modbus server"};

constexpr Transcript transcripts[] = {
    {"an inverter names itself", Origin::Server, "modbus-serial 8.0.25 with registers of our own", answers_turns,
     answers_claims},
    {"a device without these registers says so, and is not asked more", Origin::Documented,
     "MODBUS Application Protocol V1.1b3 section 7, exception 02", other_turns, other_claims, ProbeOutcome::Declined},
};
constexpr std::uint16_t ports[] = {502, 6607};
constexpr std::string_view makers[] = {"huawei"};

}  // namespace

Probe huawei_registers() {
    Probe probe = modbus_reads::of_registers();
    probe.name = "huawei_registers";
    probe.title = "Nameplate registers of Huawei SUN2000 inverters";
    probe.spec =
        "registers as in huawei-solar-lib and sun2000_modbus, public projects, with what real inverters answered in its tests";
    probe.why_safe =
        "Function 3 only reads; the inverter cannot handle two clients at once, and its dongle takes one, so nobody is asked "
        "while "
        "another one is seen there";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = modbus_reads::in_order<1, std::size(requests)>;
    probe.limits.requests = std::size(requests) + 1;
    probe.makers = makers;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
