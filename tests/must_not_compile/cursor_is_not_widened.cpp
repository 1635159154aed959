// A narrowed cursor stays narrow: nobody can set its end back.
#include "core/bytes.h"

using namespace herkomst;

std::uint8_t read(ByteCursor frame) {
    ByteCursor inner = frame.take(2);
#ifdef MISUSE
    inner.end_ = frame.end_;  // refused
#endif
    return inner.u8();
}
