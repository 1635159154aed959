#include "probes/probe.h"

#include <array>

namespace herkomst {

namespace {

template <class Word, std::size_t N>
std::string_view word_of(Word word, const std::array<std::string_view, N>& words) {
    return words.at(static_cast<std::size_t>(word));
}

}  // namespace

std::string_view name(Safety safety) {
    return word_of(safety, std::array<std::string_view, 3>{"ask identity", "open session", "read many"});
}

std::string_view name(Transport transport) {
    return word_of(transport, std::array<std::string_view, 5>{"tcp", "tls", "udp", "icmp", "link"});
}

std::string_view name(Family family) {
    return word_of(family, std::array<std::string_view, 6>{"network", "it", "building", "camera", "energy", "ot"});
}

std::string_view name(ProbeOutcome outcome) {
    return word_of(outcome, std::array<std::string_view, 10>{"answered", "declined", "other protocol", "silent", "refused",
                                                             "closed", "budget spent", "out of scope", "gated", "interrupted"});
}

Step Step::with(std::string_view hole, std::uint64_t number) && {
    if (value_count < values_max) values[value_count++] = {hole, number, {}};
    return std::move(*this);
}

Step Step::with(std::string_view hole, std::string_view text) && {
    if (value_count < values_max) values[value_count++] = {hole, 0, std::string(text)};
    return std::move(*this);
}

const Probe* probe_named(std::string_view name) {
    for (const Probe& probe : all_probes())
        if (probe.name == name) return &probe;
    return nullptr;
}

}  // namespace herkomst
