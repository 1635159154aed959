// KOSTAL PLENTICORE and PIKO inverters serve SunSpec on their own port and unit: 1502 and 71. The questions are those of
// sunspec.cpp.
#include "probes/modbus_reads.h"
#include "probes/sunspec_example.h"

namespace herkomst::probes {

namespace {

constexpr std::uint16_t ports[] = {1502};
constexpr std::string_view makers[] = {"kostal"};

}  // namespace

Probe kostal_sunspec() {
    Probe probe = modbus_reads::of_sunspec();
    probe.name = "kostal_sunspec";
    probe.title = "SunSpec models of a KOSTAL inverter";
    probe.spec =
        "SunSpec Device Information Model Specification V1.1; port and unit as in evcc and in kostal-pv-monitor, public "
        "projects";
    probe.why_safe =
        "Function 3 only reads, at most 66 registers at a time; the maker allows a single client, so nobody is asked while "
        "another "
        "one is seen there";
    probe.ports = ports;
    probe.next = modbus_reads::sunspec_walk<71>;
    probe.makers = makers;
    probe.transcripts = modbus_reads::SunspecExample<1502, 71>::transcripts;
    return probe;
}

}  // namespace herkomst::probes
