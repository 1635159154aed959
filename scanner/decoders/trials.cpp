#include "decoders/trials.h"

namespace herkomst {

Trials::Trials(std::span<const Decoder> decoders)
    : decoders_(decoders),
      words_((decoders.size() + 63) / 64),
      possible_(4 * 256 * words_),
      special_(words_),
      group_of_(65536),
      ported_(words_),
      layers_(1) {
    for (std::size_t index = 0; index < decoders.size(); ++index) {
        const Decoder& decoder = decoders[index];
        const std::size_t word = index / 64;
        const std::uint64_t bit = std::uint64_t{1} << (index % 64);
        if (!decoder.specialises.empty()) special_[word] |= bit;
        for (const std::uint16_t port : decoder.ports) {
            if (group_of_[port] == 0) {
                group_of_[port] = static_cast<std::uint16_t>(layers_.size());
                layers_.push_back(Layers{0});
                ported_.resize(ported_.size() + words_);
            }
            const std::size_t group = group_of_[port];
            ported_[group * words_ + word] |= bit;
            layers_[group] = static_cast<Layers>(layers_[group] | decoder.layers);
        }
        const std::span<const Start> starts = decoder.starts.all();
        for (unsigned first = 0; first < 256; ++first) {
            bool could = starts.empty();
            for (const Start& start : starts) could = could || ((first ^ start.value) & start.mask & 0xff) == 0;
            for (std::size_t layer = 0; could && layer < 4; ++layer) {
                if (has(decoder.layers, static_cast<Layer>(1U << layer)))
                    possible_[(layer * 256 + first) * words_ + word] |= bit;
            }
        }
        starts_of_.emplace_back(starts_.size(), starts_.size() + starts.size());
        starts_.insert(starts_.end(), starts.begin(), starts.end());
    }
}

bool Trials::begins(const Decoder& decoder, Bytes message) {
    const std::span<const Start> starts = decoder.starts.all();
    const std::uint64_t head = head_of(message);
    bool could = starts.empty();
    for (const Start& start : starts) could = could || start.fits(head, message.size());
    return could;
}

}  // namespace herkomst
