// Sentences with values in them, in another language: a catalogue of patterns. Sentences are written in English where they
// arise, and some are stored; what people read of them may be Dutch.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace herkomst {

// In `en`, {} is a value and {x} one of a kind that the catalogue knows; in `nl`, {1} is the first value.
struct Phrase {
    std::string_view en;
    std::string_view nl;
};
// A value of a kind (' ' for {}) in Dutch; nothing: the phrase does not fit after all.
using ValueInDutch = std::function<std::optional<std::string>(char kind, std::string_view value)>;

// By the first phrase that fits; nothing: none does. Each value is as short as what follows allows.
std::optional<std::string> in_dutch_by(std::span<const Phrase>, std::string_view sentence, const ValueInDutch&);

}  // namespace herkomst
