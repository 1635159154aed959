// Which decoders a message could belong to, in order of trial: one table, made from what the decoders declare.
//
// Order of trial: those that know one of the two ports first, those that specialise another in front of the others, then by
// name. Who cannot be meant, by `Decoder::starts`, is left out: of the hundred decoders of a layer some five remain for the
// first byte of a message, and a comparison of eight bytes settles most of those. Finding them allocates nothing.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "decoders/decoder.h"

namespace herkomst {

class Trials {
  public:
    // The decoders are kept by reference.
    explicit Trials(std::span<const Decoder> decoders);

    [[nodiscard]] std::span<const Decoder> decoders() const { return decoders_; }
    // Does a decoder of that layer know the port? (Link: EtherType, Ip: protocol number.)
    [[nodiscard]] bool knows(Layer layer, std::uint16_t port) const { return has(layers_[group_of_[port]], layer); }

    // The first in order of trial that could be meant and that `accepts`; null when there is none.
    template <class Accepts>
    const Decoder* first(Layer layer, std::uint16_t port_a, std::uint16_t port_b, Bytes message, Accepts&& accepts) const {
        if (message.empty()) return nullptr;
        const std::uint64_t head = head_of(message);
        const std::uint64_t* possible =
            &possible_[(static_cast<std::size_t>(std::countr_zero(static_cast<Layers>(layer))) * 256 + (head & 0xff)) * words_];
        const std::uint64_t* a = &ported_[group_of_[port_a] * words_];
        const std::uint64_t* b = &ported_[group_of_[port_b] * words_];
        for (const bool by_port : {true, false}) {
            for (const bool special : {true, false}) {
                for (std::size_t word = 0; word < words_; ++word) {
                    const std::uint64_t ported = a[word] | b[word];
                    std::uint64_t left =
                        possible[word] & (by_port ? ported : ~ported) & (special ? special_[word] : ~special_[word]);
                    for (; left != 0; left &= left - 1) {
                        const std::size_t index = word * 64 + static_cast<std::size_t>(std::countr_zero(left));
                        if (could_be(index, head, message.size()) && accepts(decoders_[index])) return &decoders_[index];
                    }
                }
            }
        }
        return nullptr;
    }

    // Does the message begin as that decoder's messages do?
    static bool begins(const Decoder&, Bytes message);

  private:
    static std::uint64_t head_of(Bytes message) {
        const auto byte = [&](std::size_t i) { return std::uint64_t{message[i]} << (8 * i); };
        // Written out, the compiler makes one load of it.
        if (message.size() >= 8) return byte(0) | byte(1) | byte(2) | byte(3) | byte(4) | byte(5) | byte(6) | byte(7);
        std::uint64_t head = 0;
        for (std::size_t i = 0; i < message.size(); ++i) head |= byte(i);
        return head;
    }
    [[nodiscard]] bool could_be(std::size_t index, std::uint64_t head, std::size_t size) const {
        const auto [from, to] = starts_of_[index];
        if (from == to) return true;
        for (std::size_t i = from; i < to; ++i) {
            if (starts_[i].fits(head, size)) return true;
        }
        return false;
    }

    std::span<const Decoder> decoders_;
    std::size_t words_;                    // of a set of decoders
    std::vector<std::uint64_t> possible_;  // sets: layer, first byte
    std::vector<std::uint64_t> special_;   // one set
    std::vector<std::uint16_t> group_of_;  // port to group; 0: nobody knows it
    std::vector<std::uint64_t> ported_;    // sets: group
    std::vector<Layers> layers_;           // group
    std::vector<Start> starts_;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> starts_of_;  // decoder: a range of starts_
};

}  // namespace herkomst
