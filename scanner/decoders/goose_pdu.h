// The fields of a GOOSE message (IEC 61850-8-1 annex A), which a frame (goose) and a datagram (r_goose) carry alike.
//
//   80 control block | 81 time to live | 82 data set | [83 id] | 84 time | 85 state number | 86 sequence | [87 simulation] |
//   ...
#pragma once

#include "core/bytes.h"
#include "decoders/decoder.h"
#include "decoders/der.h"

namespace herkomst {

struct GoosePdu {
    Slice control_block;
    Slice id;
    Slice simulation;  // one byte, where the field is there
    bool good = false;
};

// IEC 61850-8-1 annex A, here the fields before the data; table 36: "LDName/LLN0$GO$name", at most 129 characters.
inline GoosePdu read_goose(ByteCursor& fields) {
    GoosePdu message;
    message.control_block = next_der(fields, 0x80).content.rest();
    next_der(fields, 0x81);
    next_der(fields, 0x82);
    if (fields.peek() == 0x83) message.id = next_der(fields, 0x83).content.rest();
    const DerItem time = next_der(fields, 0x84);
    next_der(fields, 0x85);
    next_der(fields, 0x86);
    if (!fields.ok() || time.content.left() != 8) return message;
    if (fields.peek() == 0x87 && fields.peek(1) == 1 && fields.left() >= 3) {
        message.simulation = next_der(fields, 0x87).content.rest();
    }
    const std::size_t name = message.control_block.size();
    message.good = name >= 3 && name <= 129;
    return message;
}

// Whoever receives simulated messages may be told to act on them (IEC 61850-7-1 clause 7.8.2): a test set at work, or one that
// was left there.
inline void observe_goose(const GoosePdu& goose, bool simulated, const Slice& flag, const Claims& publisher_claims) {
    Claims publisher = publisher_claims;
    publisher.stated(Field::gocbref, goose.control_block, "control_block");
    publisher.stated(Field::goid, goose.id, "id");
    publisher.stated(Field::role, "goose publisher", goose.control_block, "control_block");
    if (simulated) publisher.stated(Field::role, "simulates goose", flag, "simulation");
    // The logical device's name is the relay's name and the instance's, without a sign between them: a hint.
    const std::string_view name = goose.control_block.text();
    const std::size_t slash = name.find('/');
    if (slash != std::string_view::npos && slash > 0)
        publisher.hinted(Field::station_name, name.substr(0, slash), goose.control_block, "logical_device");
}

}  // namespace herkomst
