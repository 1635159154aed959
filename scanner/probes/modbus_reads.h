// What the probes of Modbus registers have in common: where a message ends, which unit is asked, how an answer is told from a
// refusal, and the walk along a chain of SunSpec models. A maker's probe is then a list of reads: its file says which
// registers, and nothing else can be asked.
//
//   next    in_order<UNIT>: the probe's requests, one after the other; a refusal ends it, except of one place (exception 02)
//           once another was answered: models differ. UNIT is asked where no unit is known from evidence or the scope file:
//           the one that the maker's documents name
//   next    sunspec_walk<UNIT>: the requests of `sunspec_requests`, as the chain leads; see sunspec.cpp
//   whole   for both
#pragma once

#include "probes/probe.h"

namespace herkomst::modbus_reads {

// Every request has these holes first: "{transaction} 0000 0006 {unit} 03 ...".
inline constexpr Hole holes[] = {hole::number("transaction", 2), hole::number("unit", 1, 1, 255)};

// MODBUS Messaging on TCP/IP V1.0b section 3.1.3: the length counts from the unit on, a data unit has at most 254 bytes.
Whole whole(ByteCursor stream, const Talk&);

Step in_order(Talk& talk, std::size_t requests, std::uint8_t unit);
template <std::uint8_t unit, std::size_t requests>
Step in_order(Talk& talk) {
    return in_order(talk, requests, unit);
}

// SunSpec Device Information Model Specification: where "SunS" may stand, a model's header, and so many of its points.
inline constexpr Hole header_holes[] = {hole::number("transaction", 2), hole::number("unit", 1, 1, 255),
                                        hole::number("address", 2, 2, 65'000)};
inline constexpr Hole point_holes[] = {hole::number("transaction", 2), hole::number("unit", 1, 1, 255),
                                       hole::number("address", 2, 2, 65'000), hole::number("registers", 2, 3, 66)};
inline constexpr Request sunspec_requests[] = {
    {"SunS at 40000", "{transaction} 0000 0006 {unit} 03 9c40 0002", {}, holes},
    {"SunS at 50000", "{transaction} 0000 0006 {unit} 03 c350 0002", {}, holes},
    {"SunS at 0", "{transaction} 0000 0006 {unit} 03 0000 0002", {}, holes},
    {"model header", "{transaction} 0000 0006 {unit} 03 {address} 0002", {}, header_holes},
    {"points of a model", "{transaction} 0000 0006 {unit} 03 {address} {registers}", {}, point_holes},
};
Step sunspec_walk(Talk& talk, std::uint8_t unit);
template <std::uint8_t unit>
Step sunspec_walk(Talk& talk) {
    return sunspec_walk(talk, unit);
}

// What is the same for all of them; the file adds its name, title, registers and examples.
Probe of_registers();
Probe of_sunspec();

}  // namespace herkomst::modbus_reads
