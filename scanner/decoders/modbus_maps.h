// Register maps of makers inside Modbus, where the content itself proves whose they are.
//
// A register's number alone says nothing: every maker numbers as it likes. So a map counts for a unit only after that unit has
// returned a text which no other maker's device returns there (a type number, a portal id, a maker's name), values that agree
// in three places of the map, or its maker's name by another way of Modbus. From then on the same unit's serial number may be
// read, and a write to the map's control registers is a command: stated. A control register that is read and holds one of its
// values is a way in that the device has: matched.
//
// A nameplate (a serial number where exactly those registers were asked that a map documents) proves no maker. A write to that
// map's control registers is still told, as what it is most likely: matched. Two nameplates of different maps cancel each
// other.
//
//   Units         what is known of some units: plain memory, starts as zeros, lives in a decoder's notes
//   observe_name  what a unit calls its maker: in a device identification, or in SunSpec
//   observe_model a unit's model, as another unit lists it
//   may_tell      whether any map has something that begins at one of these registers: of others observe_read says nothing
//   observe_read  registers a unit returned to a question: identity, and what can switch or limit it
//   observe_write registers a unit accepted: a write to a control register is a remote command that was seen
//   knows_controls  which of the unit's registers are controls is known: a write to another is none
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/bytes.h"
#include "decoders/decoder.h"
#include "decoders/modbus_controls.h"

namespace herkomst::modbus_maps {

// Plates, Makers: two of them that contradict each other. What is proved counts more than any plate.
enum class Known : std::uint8_t { Nothing, Plate, Plates, Maker, Makers };
struct Unit {
    std::uint8_t unit = 0;
    Known known = Known::Nothing;
    Maker maker = Maker::None;
};
using Units = std::array<Unit, 16>;

void observe_name(Units&, std::uint8_t unit, std::string_view maker);
void observe_model(Units&, std::uint8_t unit, std::string_view model);
bool may_tell(std::uint16_t start, std::size_t registers);
void observe_read(Units&, std::uint8_t unit, std::uint8_t function, std::uint16_t start, ByteCursor registers,
                  const Claims& device);
void observe_write(const Units&, std::uint8_t unit, std::uint16_t start, std::uint16_t quantity, const Slice& witness,
                   std::string_view actor, const Claims& device);
bool knows_controls(const Units&, std::uint8_t unit);

}  // namespace herkomst::modbus_maps
