// What is said and how sure we are do not change places.
#include "core/observation.h"

using namespace herkomst;

Observation observe() {
    Observation observation;
#ifdef MISUSE
    observation.field = Strength::Stated;  // refused
#else
    observation.field = Field::model;
#endif
    return observation;
}
