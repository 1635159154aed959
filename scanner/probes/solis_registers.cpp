// Solis (Ginlong) hybrid inverters behind a serial gateway: model number, versions and serial number stand in input registers.
// That they can be switched, a holding register shows.
//
//   33000 model | 33001 DSP | 33002 display | 33003 protocol | 33004 serial number 8 registers | holding 43007 on (190), off
//   (222)
#include <iterator>

#include "probes/modbus_reads.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {
    {"model and serial number", "{transaction} 0000 0006 {unit} 04 80e8 000c", {}, modbus_reads::holes},
    {"switch", "{transaction} 0000 0006 {unit} 03 a7ff 0001", {}, modbus_reads::holes},
};

// ---- examples ----

constexpr Turn answers_turns[] = {
    {"1234 0000 0006 01 04 80e8 000c",
     {},
     "1234 0000 001b 01 04 18"
     "2070003b0015010431303331303530303030303030303432",  // 1031050000000042
     {}},
    {"1235 0000 0006 01 03 a7ff 0001",
     {},
     "1235 0000 0005 01 03 02"
     "00be",  // on
     {}},
};
constexpr std::string_view answers_claims[] = {
    "server role=modbus server",
    "server[modbus/502/1] remote_exposed=modbus on/off",
    "server[modbus/502/1] serial=1031050000000042",
};
constexpr Turn other_turns[] = {
    {"1234 0000 0006 01 04 80e8 000c", {}, "1234 0000 0003 01 84 02", {}},
};
constexpr std::string_view other_claims[] = {"server role=modbus server"};

constexpr Transcript transcripts[] = {
    {"a hybrid inverter tells its serial number", Origin::Server, "modbus-serial 8.0.25 with registers of our own",
     answers_turns, answers_claims},
    {"a device without these registers says so, and is not asked more", Origin::Documented,
     "MODBUS Application Protocol V1.1b3 section 7, exception 02", other_turns, other_claims, ProbeOutcome::Declined},
};
constexpr std::uint16_t ports[] = {502};
constexpr std::string_view makers[] = {"solis"};

}  // namespace

Probe solis_registers() {
    Probe probe = modbus_reads::of_registers();
    probe.name = "solis_registers";
    probe.title = "Nameplate registers of Solis hybrid inverters";
    probe.spec = "registers as in solax-modbus and solis_modbus, public projects";
    probe.why_safe =
        "Functions 3 and 4 only read, thirteen registers once; behind a serial gateway the bus is paced by the schedule";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = modbus_reads::in_order<1, std::size(requests)>;
    probe.makers = makers;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
