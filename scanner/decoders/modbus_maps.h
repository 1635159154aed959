// Register maps of makers inside Modbus, where the content itself proves whose they are.
//
// A register's number alone says nothing: every maker numbers as it likes. So a map counts for a unit only after that unit has
// returned a text which no other maker's device returns there (a type number, a portal id), or a value that is a constant of
// the map. From then on the same unit's serial number may be read, and a write to the map's control registers is a command.
//
//   Known         what is known of one unit: plain memory, starts as zeros, lives in a decoder's notes
//   observe_read  registers a unit returned to a question: identity
//   observe_write registers a unit accepted: a write to a control register is a remote command that was seen
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/bytes.h"
#include "decoders/decoder.h"

namespace herkomst::modbus_maps {

struct Known {
    std::uint8_t unit = 0;
    std::uint8_t map = 0;  // 0: none; else the map's place, from 1; from 0x80 on: Sungrow's, in two steps
};

void observe_read(std::array<Known, 8>&, std::uint8_t unit, std::uint8_t function, std::uint16_t start, ByteCursor registers,
                  const Claims& device);
void observe_write(const std::array<Known, 8>&, std::uint8_t unit, std::uint16_t start, std::uint16_t quantity,
                   const Slice& witness, std::string_view actor, const Claims& device);

}  // namespace herkomst::modbus_maps
