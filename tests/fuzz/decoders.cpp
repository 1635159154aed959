// Every decoder on messages of any kind, played through one flow as the tests play examples.
//   byte 0: which decoder   byte 1: which of its examples gives layer and port
//   then messages: big-endian 16 bits (the top bit set: the server says it), so many bytes
#include <algorithm>

#include "decoders/run.h"
#include "fuzz.h"

using namespace herkomst;

namespace {

constexpr std::size_t messages_max = 32;

struct Talk {
    std::vector<ExampleMessage> sides;
    std::vector<std::vector<std::uint8_t>> messages;
};

Talk talk_from(Bytes input) {
    Talk talk;
    while (input.size() >= 2 && talk.messages.size() < messages_max) {
        const unsigned head = (unsigned{input[0]} << 8) | input[1];
        input = input.subspan(2);
        const std::size_t size = std::min<std::size_t>(head & 0x7fffU, input.size());
        talk.sides.push_back({(head & 0x8000U) != 0 ? From::Server : From::Client, {}, {}});
        talk.messages.emplace_back(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(size));
        input = input.subspan(size);
    }
    return talk;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const auto decoders = all_decoders();
    const Decoder& decoder = decoders[data[0] % decoders.size()];
    Example example = decoder.examples[data[1] % decoder.examples.size()];
    const Talk talk = talk_from(Bytes(data + 2, size - 2));
    example.messages = talk.sides;
    example.claims = {};
    const Played played = play(decoder, example, talk.messages);
    promise(played.recognised || played.claims.empty(), "nothing is claimed before the protocol is recognised");
    for (const StagedClaim& claim : played.claims) {
        promise(claim.value.size() <= 512, "claims are bounded");
        promise(!claim.value.empty(), "claims are not empty");
        promise(claim.begin <= claim.end, "the witness is a range");
        promise(claim.method.starts_with(std::string(decoder.name) + "."), "the method names the decoder");
    }
    return 0;
}

std::vector<std::string> fuzz_seeds() {
    std::vector<std::string> seeds;
    const auto decoders = all_decoders();
    for (std::size_t d = 0; d < decoders.size(); ++d) {
        for (std::size_t e = 0; e < decoders[d].examples.size(); ++e) {
            std::string seed = {static_cast<char>(d), static_cast<char>(e)};
            for (const ExampleMessage& message : decoders[d].examples[e].messages) {
                const std::vector<std::uint8_t> bytes = bytes_of(message);
                const unsigned head =
                    (message.from == From::Server ? 0x8000U : 0U) | static_cast<unsigned>(bytes.size() & 0x7fffU);
                seed += static_cast<char>(head >> 8);
                seed += static_cast<char>(head & 0xffU);
                seed.append(bytes.begin(), bytes.end());
            }
            seeds.push_back(seed);
        }
    }
    return seeds;
}
