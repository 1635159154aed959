// Growatt inverters behind a serial gateway or a ShineWiFi-X dongle: the serial number of ten characters, the longer one of
// protocol V1.24, and that of the TL-X and TL-XH families; the firmware; then whether it can be limited. Register 0 switches
// the inverter on and off: it is never touched.
//
//   23 serial number 5 registers | 209 serial number 15 registers | 3001 serial number 15 registers | 9 firmware 6 registers |
//   3 active power in percent, 255: no limit
#include <iterator>

#include "probes/modbus_reads.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {
    {"serial number", "{transaction} 0000 0006 {unit} 03 0017 0005", {}, modbus_reads::holes},
    {"long serial number", "{transaction} 0000 0006 {unit} 03 00d1 000f", {}, modbus_reads::holes},
    {"serial number of newer families", "{transaction} 0000 0006 {unit} 03 0bb9 000f", {}, modbus_reads::holes},
    {"firmware", "{transaction} 0000 0006 {unit} 03 0009 0006", {}, modbus_reads::holes},
    {"active power limit", "{transaction} 0000 0006 {unit} 03 0003 0001", {}, modbus_reads::holes},
};

// ---- examples ----

constexpr Turn answers_turns[] = {
    {"1234 0000 0006 01 03 0017 0005",
     {},
     "1234 0000 000d 01 03 0a"
     "41424331323334353637",  // ABC1234567
     {}},
    {"1235 0000 0006 01 03 00d1 000f", {}, "1235 0000 0003 01 83 02", {}},
    {"1236 0000 0006 01 03 0bb9 000f",
     {},
     "1236 0000 0021 01 03 1e"
     "414243313233343536373030303030300000000000000000000000000000",  // ABC1234567000000
     {}},
    {"1237 0000 0006 01 03 0009 0006",
     {},
     "1237 0000 000f 01 03 0c"
     "4558312e300045584d312e32",  // EX1.0
     {}},
    {"1238 0000 0006 01 03 0003 0001",
     {},
     "1238 0000 0005 01 03 02"
     "0064",  // 100 %
     {}},
};
constexpr std::string_view answers_claims[] = {
    "server role=modbus server",
    "server[modbus/502/1] firmware=EX1.0",
    "server[modbus/502/1] remote_exposed=modbus active power limit",
    "server[modbus/502/1] serial=ABC1234567",
    "server[modbus/502/1] serial=ABC1234567000000",
};
constexpr Turn other_turns[] = {
    {"1234 0000 0006 01 03 0017 0005", {}, "1234 0000 0003 01 83 02", {}},
};
constexpr std::string_view other_claims[] = {"server role=modbus server"};

constexpr Transcript transcripts[] = {
    {"an inverter tells its serial numbers", Origin::Server, "modbus-serial 8.0.25 with registers of our own", answers_turns,
     answers_claims},
    {"a device without these registers says so, and is not asked more", Origin::Documented,
     "MODBUS Application Protocol V1.1b3 section 7, exception 02", other_turns, other_claims, ProbeOutcome::Declined},
};
constexpr std::uint16_t ports[] = {502};
constexpr std::string_view makers[] = {"growatt"};

}  // namespace

Probe growatt_registers() {
    Probe probe = modbus_reads::of_registers();
    probe.name = "growatt_registers";
    probe.title = "Serial number registers of Growatt inverters";
    probe.spec = "registers as in solax-modbus and growatt_local, public projects";
    probe.why_safe = "Function 3 only reads; behind a serial gateway the bus is paced by the schedule";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = modbus_reads::in_order<1, std::size(requests)>;
    probe.limits.requests = std::size(requests) + 1;
    probe.makers = makers;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
