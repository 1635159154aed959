// Where bytes came from says nothing about how strong a claim is.
#include "core/observation.h"
#include "decoders/decoder.h"

using namespace herkomst;

Observation observe() {
    Observation observation;
#ifdef MISUSE
    observation.strength = Layer::Udp;  // refused
#else
    observation.strength = Strength::Hinted;
#endif
    return observation;
}
