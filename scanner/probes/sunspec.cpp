// SunSpec: the chain of information models that most solar inverters, meters and batteries lay out in Modbus registers. The
// common model names maker, model, firmware and serial number; ratings and controls follow: their presence says whether the
// device can be limited or switched off from outside. Only reads: the marker, each model's header, and the points that answer
// these questions.
//
//   |53756E53 "SunS"|1|66|Mn 16|Md 16|Opt 8|Vr 8|SN 16|...|id|length|points ...|FFFF|0|     at register 40000, 50000 or 0
//
// The unit is the one that is known; nothing known: 1, as Fronius (Datamanager and GEN24, port 502) and SolarEdge (port 1502)
// have it. It is asked where Device Identification had an answer; where a maker is known who has none, or units and ports of
// its own, that maker's probe asks the same: fronius_sunspec, solaredge_sunspec, kostal_sunspec, sma_sunspec, fimer_sunspec.
#include "probes/modbus_reads.h"

namespace herkomst::probes {

namespace {

// ---- examples ----

constexpr Turn inverter_turns[] = {
    {"1234 0000 0006 01 03 9c40 0002", {}, "1234 0000 0007 01 03 04 53756e53", {}},
    {"1235 0000 0006 01 03 9c42 0002", {}, "1235 0000 0007 01 03 04 0001 0042", {}},
    {"1236 0000 0006 01 03 9c42 0042",
     {},
     "1236 0000 0087 01 03 84 0001 0042"
     "4578616d706c6520536f6c6172000000"
     "00000000000000000000000000000000"  // Example Solar
     "53552d31304b00000000000000000000"
     "00000000000000000000000000000000"  // SU-10K
     "00000000000000000000000000000000"
     "312e322e330000000000000000000000"  // 1.2.3
     "45583030303034320000000000000000"
     "00000000000000000000000000000000",  // EX000042
     {}},
    {"1237 0000 0006 01 03 9c86 0002", {}, "1237 0000 0007 01 03 04 0067 0032", {}},
    {"1238 0000 0006 01 03 9cba 0002", {}, "1238 0000 0007 01 03 04 0078 001a", {}},
    {"1239 0000 0006 01 03 9cba 0005", {}, "1239 0000 000d 01 03 0a 0078 001a 0004 03e8 0001", {}},
    {"123a 0000 0006 01 03 9cd6 0002", {}, "123a 0000 0007 01 03 04 007b 0018", {}},
    {"123b 0000 0006 01 03 9cd6 000a", {}, "123b 0000 0017 01 03 14 007b 0018 0000 0000 0001 03e8 0000 0000 0000 0000", {}},
    {"123c 0000 0006 01 03 9cf0 0002", {}, "123c 0000 0007 01 03 04 ffff 0000", {}},
};
constexpr std::string_view inverter_claims[] = {
    "server role=modbus server",
    "server[modbus/502/1] brand=Example Solar",
    "server[modbus/502/1] category=solar_inverter",
    "server[modbus/502/1] firmware=1.2.3",
    "server[modbus/502/1] model=SU-10K",
    "server[modbus/502/1] rated_power=10000",
    "server[modbus/502/1] remote_exposed=sunspec 123 connect/disconnect",
    "server[modbus/502/1] remote_exposed=sunspec 123 power limit",
    "server[modbus/502/1] serial=EX000042",
};
// A meter's model 1 follows the inverter's: a logical device behind the same unit.
constexpr Turn meter_turns[] = {
    {"1234 0000 0006 01 03 9c40 0002", {}, "1234 0000 0007 01 03 04 53756e53", {}},
    {"1235 0000 0006 01 03 9c42 0002", {}, "1235 0000 0007 01 03 04 0001 0041", {}},
    {"1236 0000 0006 01 03 9c42 0042",
     {},
     "1236 0000 0087 01 03 84 0001 0041"
     "4578616d706c6520536f6c6172000000"
     "00000000000000000000000000000000"  // Example Solar
     "53552d31304b00000000000000000000"
     "00000000000000000000000000000000"  // SU-10K
     "00000000000000000000000000000000"
     "00000000000000000000000000000000"  //
     "45583030303034320000000000000000"
     "00000000000000000000000000000000",  // EX000042
     {}},
    {"1237 0000 0006 01 03 9c85 0002", {}, "1237 0000 0007 01 03 04 0067 0032", {}},
    {"1238 0000 0006 01 03 9cb9 0002", {}, "1238 0000 0007 01 03 04 0001 0041", {}},
    {"1239 0000 0006 01 03 9cb9 0042",
     {},
     "1239 0000 0087 01 03 84 0001 0041"
     "4578616d706c65204d65746572730000"
     "00000000000000000000000000000000"  // Example Meters
     "454d2d33000000000000000000000000"
     "00000000000000000000000000000000"  // EM-3
     "00000000000000000000000000000000"
     "00000000000000000000000000000000"  //
     "45583030303039390000000000000000"
     "00000000000000000000000000000000",  // EX000099
     {}},
    {"123a 0000 0006 01 03 9cfc 0002", {}, "123a 0000 0007 01 03 04 00cb 0069", {}},
    {"123b 0000 0006 01 03 9d67 0002", {}, "123b 0000 0003 01 83 02", {}},
};
constexpr std::string_view meter_claims[] = {
    "server role=modbus server",
    "server[modbus/1502/1] brand=Example Solar",
    "server[modbus/1502/1] category=solar_inverter",
    "server[modbus/1502/1] model=SU-10K",
    "server[modbus/1502/1] serial=EX000042",
    "server[modbus/1502/1][sunspec/2] brand=Example Meters",
    "server[modbus/1502/1][sunspec/2] category=energy_meter",
    "server[modbus/1502/1][sunspec/2] model=EM-3",
    "server[modbus/1502/1][sunspec/2] serial=EX000099",
};
constexpr Turn nowhere_turns[] = {
    {"1234 0000 0006 01 03 9c40 0002", {}, "1234 0000 0003 01 83 02", {}},
    {"1235 0000 0006 01 03 c350 0002", {}, "1235 0000 0007 01 03 04 0000 0000", {}},
    {"1236 0000 0006 01 03 0000 0002", {}, "1236 0000 0007 01 03 04 0011 0022", {}},
};
constexpr Turn gateway_turns[] = {{"1234 0000 0006 07 03 9c40 0002", {}, "1234 0000 0003 07 83 0b", {}}};
constexpr std::string_view only_server[] = {"server role=modbus server"};

constexpr Transcript transcripts[] = {
    {"an inverter that can be disconnected and limited", Origin::Server, "modbus-serial 8.0.25 with a map of our own",
     inverter_turns, inverter_claims},
    {"a meter behind the inverter, on the port of SolarEdge", Origin::Documented,
     "SunSpec Device Information Model Specification V1.1", meter_turns, meter_claims, ProbeOutcome::Answered, 1502},
    {"Modbus without SunSpec: three places are looked at, no more", Origin::Server, "modbus-serial 8.0.25", nowhere_turns,
     only_server, ProbeOutcome::Declined},
    {"a gateway without that unit is not searched", Origin::Documented,
     "MODBUS Application Protocol V1.1b3 section 7, exception 0B", gateway_turns, only_server, ProbeOutcome::Declined, 502, 7},
};
constexpr std::uint16_t ports[] = {502, 1502};

}  // namespace

Probe sunspec() {
    Probe probe = modbus_reads::of_sunspec();
    probe.name = "sunspec";
    probe.title = "SunSpec models of a solar inverter, meter or battery";
    probe.spec = "SunSpec Device Information Model Specification V1.1; MODBUS Application Protocol V1.1b3 section 6.3";
    probe.why_safe =
        "Function 3 only reads, at most 66 registers at a time; SolarEdge takes a single client, so nobody is asked while "
        "another one is seen there";
    probe.ports = ports;
    probe.next = modbus_reads::sunspec_walk<1>;
    probe.after = "modbus";
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
