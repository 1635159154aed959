// A decoder's notes live in a fixed block that starts as zeros: nothing that allocates fits in.
#include "decoders/decoder.h"

using namespace herkomst;

struct Plain {
    std::uint32_t answers;
};

void remember(FlowState& state) {
#ifdef MISUSE
    state.notes<std::vector<int>>().push_back(1);  // refused
#else
    state.notes<Plain>().answers = 1;
#endif
}
