// Sungrow inverters and their WiNet-S dongle: serial number, device type and rated power stand in input registers. Two reads of
// 12 registers in all. Whether it can be limited from outside, two holding registers show; the one that starts and stops it
// (5005) is never read and never written.
//
//   4989 serial number 10 registers | 4999 device type | 5000 rated power, 0.1 kW       (4990, 5000, 5001 in the documents)
//   holding: 5006 power limitation on (AA) or off (55) | hybrids: 13049 who manages the energy     (5007, 13050)
#include <iterator>

#include "probes/modbus_reads.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {
    {"serial number", "{transaction} 0000 0006 {unit} 04 137d 000a", {}, modbus_reads::holes},
    {"device type and rated power", "{transaction} 0000 0006 {unit} 04 1387 0002", {}, modbus_reads::holes},
    {"power limitation", "{transaction} 0000 0006 {unit} 03 138e 0001", {}, modbus_reads::holes},
    {"energy management", "{transaction} 0000 0006 {unit} 03 32f9 0001", {}, modbus_reads::holes},
    {"firmware", "{transaction} 0000 0006 {unit} 04 1359 000f", {}, modbus_reads::holes},
};

// ---- examples ----

constexpr Turn answers_turns[] = {
    {"1234 0000 0006 01 04 137d 000a",
     {},
     "1234 0000 0017 01 04 14"
     "4132333430303030303432000000000000000000",  // A2340000042
     {}},
    {"1235 0000 0006 01 04 1387 0002",
     {},
     "1235 0000 0007 01 04 04"
     "2c06044c",  // SG110CX, 110 kW
     {}},
    {"1236 0000 0006 01 03 138e 0001",
     {},
     "1236 0000 0005 01 03 02"
     "0055",  // not limited now
     {}},
    {"1237 0000 0006 01 03 32f9 0001", {}, "1237 0000 0003 01 83 02", {}},  // no hybrid
    {"1238 0000 0006 01 04 1359 000f",
     {},
     "1238 0000 0021 01 04 1e"
     "4558414d504c452d485f30313031312e35312e3031000000000000000000",  // EXAMPLE-H_01011.51.01
     {}},
};
constexpr std::string_view answers_claims[] = {
    "server role=modbus server",
    "server[modbus/502/1] brand=Sungrow",
    "server[modbus/502/1] category=solar_inverter",
    "server[modbus/502/1] firmware=EXAMPLE-H_01011.51.01",
    "server[modbus/502/1] model=SG110CX",
    "server[modbus/502/1] rated_power=110000",
    "server[modbus/502/1] remote_exposed=modbus active power limit",
    "server[modbus/502/1] serial=A2340000042",
};
constexpr Turn other_turns[] = {
    {"1234 0000 0006 01 04 137d 000a", {}, "1234 0000 0003 01 84 02", {}},
};
constexpr std::string_view other_claims[] = {"server role=modbus server"};

constexpr Transcript transcripts[] = {
    {"an inverter names itself by serial number and type", Origin::Server, "modbus-serial 8.0.25 with registers of our own",
     answers_turns, answers_claims},
    {"a device without these registers says so, and is not asked more", Origin::Documented,
     "MODBUS Application Protocol V1.1b3 section 7, exception 02", other_turns, other_claims, ProbeOutcome::Declined},
};
constexpr std::uint16_t ports[] = {502};
constexpr std::string_view makers[] = {"sungrow"};

}  // namespace

Probe sungrow_registers() {
    Probe probe = modbus_reads::of_registers();
    probe.name = "sungrow_registers";
    probe.title = "Nameplate registers of Sungrow inverters";
    probe.spec =
        "registers as in SunGather, hacs_sungrow_modbus and mkaiser's Sungrow configuration, public projects; MODBUS "
        "Application Protocol V1.1b3 "
        "section 6.4";
    probe.why_safe =
        "Functions 3 and 4 only read; the WiNet-S dongle takes one client or a few and then stops answering, so nobody is "
        "asked "
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
