// Running one decoder on one message, as the flow tables and the tests both do: so that a short read, a malformed message and
// a claim mean the same everywhere.
#pragma once

#include <vector>

#include "decoders/decoder.h"

namespace herkomst {

enum class Outcome : std::uint8_t { Done, NotThis, Need, Malformed };

struct Ran {
    Outcome outcome{};
    std::size_t bytes = 0;  // Done: consumed (may exceed the message); Need: window wanted
};

bool recognises(const Decoder&, Bytes message, const Flow&);
// Appends to `claims` (and `names`); on Need nothing is appended.
Ran run(const Decoder&, Bytes message, Flow&, std::vector<StagedClaim>& claims, std::vector<Claims::Name>* names);

// An example played through one flow.
struct Played {
    std::vector<StagedClaim> claims;
    bool recognised = false;    // by the decoder itself, on the first message it was offered
    std::size_t malformed = 0;  // messages
    std::size_t not_this = 0;
};
Played play(const Decoder&, const Example&);
// As play, with the messages given as bytes in place of the example's own.
Played play(const Decoder&, const Example&, const std::vector<std::vector<std::uint8_t>>& messages);
std::vector<std::uint8_t> bytes_of(const ExampleMessage&);
// A staged claim in the notation of Example::claims, "SUBJECT FIELD=VALUE".
std::string notation(const StagedClaim&, const Example&);

}  // namespace herkomst
