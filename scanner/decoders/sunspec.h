// SunSpec information models inside Modbus registers: what a solar inverter, meter or battery says about itself, and whether
// it offers to be switched off.
//
// A device holds "SunS" at register 40000, 50000 or 0, and after it a chain of models, each |id|length|points...|, that ends
// with id 0xFFFF. The reader of registers decides how: one bulk read, or header by header; so the chain is followed as far as
// the replies of one conversation show it, and no further.
//
//   Walk        what is known of one unit's chain: plain memory, starts as zeros, lives in a decoder's notes
//   may_tell         whether observe_read could have anything to say of these registers
//   observe_read     registers a unit returned: identity of model 1, kind by the models it lists, rated power, controls
//   (sunspec_models.h) observe_write    registers a unit accepted: a write to a control point is a remote command that was seen
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/bytes.h"
#include "decoders/decoder.h"
#include "decoders/sunspec_models.h"

namespace herkomst::sunspec {

struct Block {
    std::uint16_t address = 0;  // of the model's id register
    std::uint16_t model = 0;
    std::uint8_t device = 0;  // logical device: one per model 1, counted from 1
    std::uint8_t seen = 0;    // bit n: the n-th control of this model has been read or claimed
};

struct Walk {
    static constexpr std::size_t most_blocks = 10;

    std::uint16_t base = 0;  // of "SunS"
    std::uint16_t next = 0;  // of the next model header
    std::uint8_t unit = 0;
    bool walking = false;  // `next` is known
    std::uint8_t devices = 0;
    std::uint8_t count = 0;
    Kind kind = Kind::None;                   // of the device at hand
    std::array<std::uint8_t, 6> mac{};        // of its interface, as far as it was read
    std::array<Block, most_blocks> blocks{};  // those with points that are read here
};

// `walk`: the unit's, or null. False for what lies outside of the points that are read and begins or continues no chain: nearly
// all of what is polled.
bool may_tell(const Walk* walk, std::uint16_t start, ByteCursor registers);
// `registers` are the 2 * n bytes that a unit returned for its registers from `start` on. What they say of the unit's maker, as
// it stands there; empty where they do not.
std::string_view observe_read(Walk&, std::uint16_t start, ByteCursor registers, const Claims& device);
// The register is one of the chain, as far as that is known.
bool holds(const Walk&, std::uint16_t address);
// The unit confirmed a write of `quantity` registers from `start` on; `actor` is who asked.
void observe_write(const Walk&, std::uint16_t start, std::uint16_t quantity, const Slice& witness, std::string_view actor,
                   const Claims& device);

}  // namespace herkomst::sunspec
