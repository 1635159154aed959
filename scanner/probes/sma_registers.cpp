// SMA devices with SMA's own profile: the class of device (8001: a solar inverter) and the serial number. Unit 3, the first
// device. The setpoints (40149, 40151) are not read.
//
//   30051 device class 2 registers | 30053 type 2 | 30057 serial number 2
#include <iterator>

#include "probes/modbus_reads.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {
    {"class, type and serial number", "{transaction} 0000 0006 {unit} 03 7563 0008", {}, modbus_reads::holes},
};

// ---- examples ----

constexpr Turn answers_turns[] = {
    {"1234 0000 0006 03 03 7563 0008",
     {},
     "1234 0000 0013 03 03 10"
     "00001f410000246d00000000b2d05e2a",  // 8001, serial number 3000000042
     {}},
};
constexpr std::string_view answers_claims[] = {
    "server role=modbus server",
    "server[modbus/502/3] brand=SMA",
    "server[modbus/502/3] category=solar_inverter",
    "server[modbus/502/3] serial=3000000042",
};
constexpr Turn other_turns[] = {
    {"1234 0000 0006 03 03 7563 0008", {}, "1234 0000 0003 03 83 02", {}},
};
constexpr std::string_view other_claims[] = {"server role=modbus server"};

constexpr Transcript transcripts[] = {
    {"a solar inverter tells its class and serial number", Origin::Server, "modbus-serial 8.0.25 with registers of our own",
     answers_turns, answers_claims},
    {"a device without these registers says so, and is not asked more", Origin::Documented,
     "MODBUS Application Protocol V1.1b3 section 7, exception 02", other_turns, other_claims, ProbeOutcome::Declined},
};
constexpr std::uint16_t ports[] = {502};
constexpr std::string_view makers[] = {"sma"};

}  // namespace

Probe sma_registers() {
    Probe probe = modbus_reads::of_registers();
    probe.name = "sma_registers";
    probe.title = "Nameplate registers of SMA inverters";
    probe.spec = "registers as in OpenEMS and py-sma-modbus2, public projects";
    probe.why_safe = "Function 3 only reads, eight registers once; several clients are allowed";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = modbus_reads::in_order<3, std::size(requests)>;
    probe.makers = makers;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
