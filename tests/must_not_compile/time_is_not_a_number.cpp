// Seconds, nanoseconds, since when? A time says so.
#include "core/observation.h"

using namespace herkomst;

Seen seen() {
    Seen seen;
#ifdef MISUSE
    seen.first = 1700000000;  // refused
#else
    seen.first = Time(std::chrono::seconds(1700000000));
#endif
    return seen;
}
