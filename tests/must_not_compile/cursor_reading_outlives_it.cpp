// A failure must be seen by whoever asks afterwards: a Reading that ends with the statement is no Reading.
#include "core/bytes.h"

using namespace herkomst;

std::uint8_t read(Bytes bytes) {
#ifdef MISUSE
    ByteCursor cursor(bytes, Reading{});  // refused
#else
    Reading reading;
    ByteCursor cursor(bytes, reading);
#endif
    return cursor.u8();
}
