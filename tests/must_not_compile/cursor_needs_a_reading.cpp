// Every cursor reports to the Reading of its message: bytes alone make none.
#include "core/bytes.h"

using namespace herkomst;

std::uint8_t read(Bytes bytes) {
#ifdef MISUSE
    ByteCursor cursor(bytes);  // refused
#else
    Reading reading;
    ByteCursor cursor(bytes, reading);
#endif
    return cursor.u8();
}
