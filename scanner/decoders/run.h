// Running one decoder on one message, as the flow tables and the tests both do: so that a short read, a malformed message and
// a claim mean the same everywhere.
#pragma once

#include <array>
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
// Here, for every message passes it.
inline Ran run(const Decoder& decoder, Bytes message, Flow& flow, std::vector<StagedClaim>& claims,
               std::vector<Claims::Name>* names) {
    const std::size_t claims_before = claims.size();
    const std::size_t names_before = names == nullptr ? 0 : names->size();
    const auto undo = [&] {
        claims.resize(claims_before);
        if (names != nullptr) names->resize(names_before);
    };
    Reading reading;
    Claims staged(decoder.name, flow, reading, claims);
    staged.names = names;
    const Verdict verdict = decoder.observe(ByteCursor(message, reading), flow, staged);
    if (verdict.kind == Verdict::Kind::Need || (!reading.ok && flow.layer == Layer::Tcp && !flow.ended)) [[unlikely]] {
        undo();
        const std::size_t wanted = verdict.kind == Verdict::Kind::Need ? verdict.bytes : 0;
        return {Outcome::Need, wanted > message.size() ? wanted : message.size() + 1};
    }
    if (!reading.ok) [[unlikely]]
        return {Outcome::Malformed, message.size()};
    if (verdict.kind == Verdict::Kind::NotThis) [[unlikely]] {
        undo();
        return {Outcome::NotThis, message.size()};
    }
    return {Outcome::Done, verdict.bytes == all_of_it ? message.size() : verdict.bytes};
}

// An example played through one flow.
struct Played {
    std::vector<StagedClaim> claims;
    bool recognised = false;    // by the decoder itself, on the first message it was offered
    std::size_t malformed = 0;  // messages
    std::size_t not_this = 0;
};
// The flow of an example, message after message. A copy goes on from where the original stood.
class Playing {
  public:
    Playing(const Decoder&, const Example&);
    // `ended`: nothing more comes from that side.
    void next(From side, Bytes message, bool ended);
    // What comes next is read alike in both: the same is known and waited for. (Both are of one decoder and example.)
    [[nodiscard]] bool stands_like(const Playing& other) const;
    Played played;

  private:
    const Decoder* decoder_;
    Flow flow_;
    FlowState state_;
    std::array<Party, 2> parties_;
    std::array<std::vector<std::uint8_t>, 2> windows_;
    std::array<std::size_t, 2> skip_{};
};
// Whether `message`, of `count` that are played, is the last of its side: an example says who speaks, what is beyond it is the
// client's.
bool last_of_side(const Example&, std::size_t message, std::size_t count);
From side_of(const Example&, std::size_t message);

Played play(const Decoder&, const Example&);
// As play, with the messages given as bytes in place of the example's own.
Played play(const Decoder&, const Example&, const std::vector<std::vector<std::uint8_t>>& messages);
std::vector<std::uint8_t> bytes_of(const ExampleMessage&);
// A staged claim in the notation of Example::claims, "SUBJECT FIELD=VALUE".
std::string notation(const StagedClaim&, const Example&);

}  // namespace herkomst
