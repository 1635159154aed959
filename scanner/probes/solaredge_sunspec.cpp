// SolarEdge inverters serve SunSpec on a port of their own, 1502, at unit 1; their meters follow as further logical devices.
// The questions are those of sunspec.cpp.
#include "probes/modbus_reads.h"
#include "probes/sunspec_example.h"

namespace herkomst::probes {

namespace {

constexpr std::uint16_t ports[] = {1502};
constexpr std::string_view makers[] = {"solaredge"};

}  // namespace

Probe solaredge_sunspec() {
    Probe probe = modbus_reads::of_sunspec();
    probe.name = "solaredge_sunspec";
    probe.title = "SunSpec models of a SolarEdge inverter";
    probe.spec =
        "SunSpec Device Information Model Specification V1.1; port as in evcc, unit as in evcc and OpenEMS, public projects";
    probe.why_safe =
        "Function 3 only reads, at most 66 registers at a time; the inverter takes a single client, so nobody is asked while "
        "another one is seen there";
    probe.ports = ports;
    probe.next = modbus_reads::sunspec_walk<1>;
    probe.makers = makers;
    probe.transcripts = modbus_reads::SunspecExample<1502, 1>::transcripts;
    return probe;
}

}  // namespace herkomst::probes
