// Deye inverters, also sold as Sunsynk and Sol-Ark, behind a serial gateway: the kind of device and its serial number; that
// they can be switched, one register shows, which lies elsewhere for three phases.
//
//   0 device type | 1 address | 2 protocol | 3 serial number 5 registers | 43, of three phases 80: on (1), off (0)
#include <iterator>

#include "probes/modbus_reads.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {
    {"type and serial number", "{transaction} 0000 0006 {unit} 03 0000 0008", {}, modbus_reads::holes},
    {"switch", "{transaction} 0000 0006 {unit} 03 002b 0001", {}, modbus_reads::holes},
    {"switch of three phases", "{transaction} 0000 0006 {unit} 03 0050 0001", {}, modbus_reads::holes},
    {"rated power", "{transaction} 0000 0006 {unit} 03 0014 0002", {}, modbus_reads::holes},
};

// ---- examples ----

constexpr Turn answers_turns[] = {
    {"1234 0000 0006 01 03 0000 0008",
     {},
     "1234 0000 0013 01 03 10"
     "00050001010432333031323334353637",  // three-phase hybrid, 2301234567
     {}},
    {"1235 0000 0006 01 03 002b 0001", {}, "1235 0000 0003 01 83 02", {}},
    {"1236 0000 0006 01 03 0050 0001",
     {},
     "1236 0000 0005 01 03 02"
     "0001",  // on
     {}},
    {"1237 0000 0006 01 03 0014 0002",
     {},
     "1237 0000 0007 01 03 04"
     "d4c00001",  // 12 kW, in 0.1 W, the low word first
     {}},
};
constexpr std::string_view answers_claims[] = {
    "server role=modbus server",
    "server[modbus/502/1] rated_power=12000",
    "server[modbus/502/1] remote_exposed=modbus on/off",
    "server[modbus/502/1] serial=2301234567",
    "server[modbus/502/1] stack_maker=Deye",
};
constexpr Turn other_turns[] = {
    {"1234 0000 0006 01 03 0000 0008", {}, "1234 0000 0003 01 83 02", {}},
};
constexpr Turn busy_turns[] = {
    {"1234 0000 0006 01 03 0000 0008", {}, "1234 0000 0003 01 83 06", {}},
    {"1234 0000 0006 01 03 0000 0008",
     {},
     "1234 0000 0013 01 03 10"
     "00050001010432333031323334353637",  // three-phase hybrid, 2301234567
     {}},
    {"1236 0000 0006 01 03 002b 0001", {}, "1236 0000 0003 01 83 02", {}},
    {"1237 0000 0006 01 03 0050 0001", {}, "1237 0000 0005 01 03 02 0001", {}},
    {"1238 0000 0006 01 03 0014 0002", {}, "1238 0000 0007 01 03 04 d4c00001", {}},
};
constexpr std::string_view other_claims[] = {"server role=modbus server"};

constexpr Transcript transcripts[] = {
    {"an inverter tells its serial number", Origin::Server, "modbus-serial 8.0.25 with registers of our own", answers_turns,
     answers_claims},
    {"a busy device is asked once more, later", Origin::Documented,
     "MODBUS Application Protocol V1.1b3 section 7, exception 06", busy_turns, answers_claims},
    {"a device without these registers says so, and is not asked more", Origin::Documented,
     "MODBUS Application Protocol V1.1b3 section 7, exception 02", other_turns, other_claims, ProbeOutcome::Declined},
};
constexpr std::uint16_t ports[] = {502};
constexpr std::string_view makers[] = {"deye", "sunsynk", "sol-ark"};

}  // namespace

Probe deye_registers() {
    Probe probe = modbus_reads::of_registers();
    probe.name = "deye_registers";
    probe.title = "Nameplate registers of Deye inverters";
    probe.spec = "registers as in ha-solarman and sunsynk, public projects";
    probe.why_safe = "Function 3 only reads, twelve registers once; behind a serial gateway the bus is paced by the schedule";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = modbus_reads::in_order<1, std::size(requests)>;
    probe.limits.requests = std::size(requests) + 1;
    probe.makers = makers;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
