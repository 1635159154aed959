// FIMER inverters (Power-One and ABB before), directly or through a VSN300 logger, serve SunSpec at unit 2 where nobody changed
// it (some models have 247 or 254: the scope file can say so). The questions are those of sunspec.cpp.
#include "probes/modbus_reads.h"
#include "probes/sunspec_example.h"

namespace herkomst::probes {

namespace {

constexpr std::uint16_t ports[] = {502};
constexpr std::string_view makers[] = {"fimer"};

}  // namespace

Probe fimer_sunspec() {
    Probe probe = modbus_reads::of_sunspec();
    probe.name = "fimer_sunspec";
    probe.title = "SunSpec models of a FIMER or ABB inverter";
    probe.spec =
        "SunSpec Device Information Model Specification V1.1; unit as in ha-abb-powerone-pvi-sunspec, a public project";
    probe.why_safe =
        "Function 3 only reads, at most 66 registers at a time; the logger translates to a serial bus, so the schedule paces "
        "it";
    probe.ports = ports;
    probe.next = modbus_reads::sunspec_walk<2>;
    probe.makers = makers;
    probe.transcripts = modbus_reads::SunspecExample<502, 2>::transcripts;
    return probe;
}

}  // namespace herkomst::probes
