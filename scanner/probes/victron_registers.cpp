// Victron GX devices (Cerbo, Venus): the system, unit 100, tells its portal id, the hardware address under which the maker's
// cloud knows it. The switches beside it (806 and 807, relays) are not read.
//
//   800 portal id 6 registers, twelve hexadecimal digits
#include <iterator>

#include "probes/modbus_reads.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {
    {"portal id", "{transaction} 0000 0006 {unit} 03 0320 0006", {}, modbus_reads::holes},
};

// ---- examples ----

constexpr Turn answers_turns[] = {
    {"1234 0000 0006 64 03 0320 0006",
     {},
     "1234 0000 000f 64 03 0c"
     "303030303565303035333134",  // 00005e005314
     {}},
};
constexpr std::string_view answers_claims[] = {
    "server role=modbus server",
    "server[modbus/502/100] brand=Victron",
    "server[modbus/502/100] category=ems",
    "server[modbus/502/100] serial=00005e005314",
};
constexpr Turn other_turns[] = {
    {"1234 0000 0006 64 03 0320 0006", {}, "1234 0000 0003 64 83 02", {}},
};
constexpr std::string_view other_claims[] = {"server role=modbus server"};

constexpr Transcript transcripts[] = {
    {"a GX device tells its portal id", Origin::Server, "modbus-serial 8.0.25 with registers of our own", answers_turns,
     answers_claims},
    {"a device without these registers says so, and is not asked more", Origin::Documented,
     "MODBUS Application Protocol V1.1b3 section 7, exception 02", other_turns, other_claims, ProbeOutcome::Declined},
};
constexpr std::uint16_t ports[] = {502};
constexpr std::string_view makers[] = {"victron"};

}  // namespace

Probe victron_registers() {
    Probe probe = modbus_reads::of_registers();
    probe.name = "victron_registers";
    probe.title = "Portal id of a Victron GX device";
    probe.spec = "registers as in dbus_modbustcp, the maker's own list";
    probe.why_safe = "Function 3 only reads, six registers once; the server takes several clients";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = modbus_reads::in_order<100, std::size(requests)>;
    probe.makers = makers;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
