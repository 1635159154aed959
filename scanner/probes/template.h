// Templates of requests: written out with values, and recognised again. Rendering and recognising do not share code, so that a
// mistake in one is caught by the other before anything is sent.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"
#include "probes/probe.h"

namespace herkomst {

// A template in pieces: bytes that are always the same, or a hole.
struct TemplatePart {
    std::vector<std::uint8_t> bytes;
    const Hole* hole = nullptr;
};

// What is wrong with a template itself: hexadecimal that is none, a hole that is not used or declared twice.
Result<std::vector<TemplatePart>> parts_of(const Request&);

// The value of a hole that the conversation left to the target; false when the target has no such name.
bool value_from(const Target&, const Hole&, Value& value);

// The bytes, or why a value may not stand in its hole.
Result<std::vector<std::uint8_t>> render(const Request&, const Step&, const Target&);

// True when the template can yield exactly these bytes, with every number in its bounds, every length and checksum right.
bool matches(const Request&, Bytes);
// Any of the probe's requests.
bool declared(const Probe&, Bytes);

// For people: "00 01 {transaction:2} ..." or the text, and what may stand in each hole.
std::string shown(const Request&);
std::string shown(const Hole&);

}  // namespace herkomst
