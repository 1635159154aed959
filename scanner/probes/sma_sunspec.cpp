// SMA inverters serve SunSpec at unit 126 (the number of the device plus 123). The questions are those of sunspec.cpp.
#include "probes/modbus_reads.h"
#include "probes/sunspec_example.h"

namespace herkomst::probes {

namespace {

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
    probe.transcripts = modbus_reads::SunspecExample<502, 126>::transcripts;
    return probe;
}

}  // namespace herkomst::probes
