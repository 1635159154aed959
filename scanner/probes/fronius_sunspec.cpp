// Fronius inverters (Datamanager, GEN24) serve SunSpec at unit 1; many of them have no Device Identification, so sunspec, which
// follows an answer to that, would not reach them. The questions are those of sunspec.cpp; meters have units of their own (200,
// 240), which the scope file can name.
#include "probes/modbus_reads.h"
#include "probes/sunspec_example.h"

namespace herkomst::probes {

namespace {

constexpr std::uint16_t ports[] = {502};
constexpr std::string_view makers[] = {"fronius"};

}  // namespace

Probe fronius_sunspec() {
    Probe probe = modbus_reads::of_sunspec();
    probe.name = "fronius_sunspec";
    probe.title = "SunSpec models of a Fronius inverter";
    probe.spec = "SunSpec Device Information Model Specification V1.1; unit as in OpenEMS, a public project";
    probe.why_safe = "Function 3 only reads, at most 66 registers at a time, where the operator has switched the server on";
    probe.ports = ports;
    probe.next = modbus_reads::sunspec_walk<1>;
    probe.makers = makers;
    probe.transcripts = modbus_reads::SunspecExample<502, 1>::transcripts;
    return probe;
}

}  // namespace herkomst::probes
