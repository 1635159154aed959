// Strength is an order of words, not a score.
#include "core/observation.h"

using namespace herkomst;

Observation observe() {
    Observation observation;
#ifdef MISUSE
    observation.strength = 3;  // refused
#else
    observation.strength = Strength::Matched;
#endif
    return observation;
}
