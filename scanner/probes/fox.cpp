// Fox: the greeting of a Niagara station tells host, version, operating system, licence and brand. It comes before anybody logs
// in, and nobody does.
//
//   fox a 1 -1 fox hello LF { LF fox.version=s:1.0 LF id=i:1 LF };; LF
#include "probes/fox_asks.h"

namespace herkomst::probes {

namespace {

constexpr std::uint16_t ports[] = {1911};

}  // namespace

Probe fox() {
    Probe probe = fox_asks::of_greeting();
    probe.name = "fox";
    probe.title = "Fox hello of a Niagara station";
    probe.transport = Transport::Tcp;
    probe.ports = ports;
    return probe;
}

}  // namespace herkomst::probes
