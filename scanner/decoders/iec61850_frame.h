// The head that GOOSE and sampled values share (IEC 61850-8-1 annex C.2, IEC 61850-9-2 clause 8.4):
// |application 2|length 2, from the application on|reserved 4| and then one BER element. The first bit of the reserved bytes
// says that the message is simulated (IEC 61850-8-1:2011 annex C.2, figure C.4).
#pragma once

#include "core/bytes.h"
#include "decoders/der.h"

namespace herkomst {

// The content of the element, which must have this tag; nothing, and `good` false, when the head does not fit.
struct Iec61850Pdu {
    ByteCursor content;
    bool good = false;
    Slice simulation;  // the byte with the bit, where it is set
};

inline Iec61850Pdu iec61850_pdu(ByteCursor frame, std::uint8_t tag) {
    frame.skip(2);
    const std::size_t length = frame.be16();
    Iec61850Pdu none{frame.take(0), false, {}};
    if (length < 10) return none;
    const bool simulated = (frame.peek() & 0x80) != 0;
    const Slice flag = frame.bytes(1);
    frame.skip(3);
    if (length - 8 > frame.left()) return none;
    ByteCursor body = frame.take(length - 8);
    if (body.peek() != tag) return none;
    return {next_der(body, tag).content, true, simulated ? flag : Slice{}};
}

}  // namespace herkomst
