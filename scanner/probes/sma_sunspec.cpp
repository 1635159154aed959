// SMA inverters serve SunSpec at unit 126 (the number of the device plus 123). The questions are those of sunspec.cpp.
#include "probes/modbus_reads.h"

namespace herkomst::probes {

namespace {

// ---- examples ----

constexpr Turn inverter_turns[] = {
    {"1234 0000 0006 7e 03 9c40 0002", {}, "1234 0000 0007 7e 03 04 53756e53", {}},
    {"1235 0000 0006 7e 03 9c42 0002", {}, "1235 0000 0007 7e 03 04 0001 0042", {}},
    {"1236 0000 0006 7e 03 9c42 0042",
     {},
     "1236 0000 0087 7e 03 84 0001 0042"
     "4578616d706c6520536f6c6172000000"
     "00000000000000000000000000000000"  // Example Solar
     "53552d31304b00000000000000000000"
     "00000000000000000000000000000000"  // SU-10K
     "00000000000000000000000000000000"
     "312e322e330000000000000000000000"  // 1.2.3
     "45583030303034320000000000000000"
     "00000000000000000000000000000000",  // EX000042
     {}},
    {"1237 0000 0006 7e 03 9c86 0002", {}, "1237 0000 0007 7e 03 04 0067 0032", {}},
    {"1238 0000 0006 7e 03 9cba 0002", {}, "1238 0000 0007 7e 03 04 0078 001a", {}},
    {"1239 0000 0006 7e 03 9cba 0005", {}, "1239 0000 000d 7e 03 0a 0078 001a 0004 03e8 0001", {}},
    {"123a 0000 0006 7e 03 9cd6 0002", {}, "123a 0000 0007 7e 03 04 007b 0018", {}},
    {"123b 0000 0006 7e 03 9cd6 000a", {}, "123b 0000 0017 7e 03 14 007b 0018 0000 0000 0001 03e8 0000 0000 0000 0000", {}},
    {"123c 0000 0006 7e 03 9cf0 0002", {}, "123c 0000 0007 7e 03 04 ffff 0000", {}},
};
constexpr std::string_view inverter_claims[] = {
    "server role=modbus server",
    "server[modbus/502/126] brand=Example Solar",
    "server[modbus/502/126] category=solar_inverter",
    "server[modbus/502/126] firmware=1.2.3",
    "server[modbus/502/126] model=SU-10K",
    "server[modbus/502/126] rated_power=10000",
    "server[modbus/502/126] remote_exposed=sunspec 123 connect/disconnect",
    "server[modbus/502/126] remote_exposed=sunspec 123 power limit",
    "server[modbus/502/126] serial=EX000042",
};
constexpr Turn gateway_turns[] = {{"1234 0000 0006 7e 03 9c40 0002", {}, "1234 0000 0003 7e 83 0b", {}}};
constexpr std::string_view only_server[] = {"server role=modbus server"};

constexpr Transcript transcripts[] = {
    {"an inverter that can be disconnected and limited", Origin::Server, "modbus-serial 8.0.25 with a map of our own",
     inverter_turns, inverter_claims},
    {"nobody stands at that unit: no other is tried", Origin::Documented,
     "MODBUS Application Protocol V1.1b3 section 7, exception 0B", gateway_turns, only_server, ProbeOutcome::Declined},
};
constexpr std::uint16_t ports[] = {502};
constexpr std::string_view makers[] = {"sma"};

}  // namespace

Probe sma_sunspec() {
    Probe probe = modbus_reads::of_sunspec();
    probe.name = "sma_sunspec";
    probe.title = "SunSpec models of an SMA inverter";
    probe.spec = "SunSpec Device Information Model Specification V1.1; unit as in OpenEMS, a public project";
    probe.why_safe = "Function 3 only reads, at most 66 registers at a time; several clients are allowed";
    probe.ports = ports;
    probe.next = modbus_reads::sunspec_walk<126>;
    probe.makers = makers;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
