// The generic properties, over every decoder: what one of them must do, all of them must do.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <set>

#include "decoders/run.h"

using namespace herkomst;

namespace decoders_test {

TEST_SUITE_BEGIN("decoders");

namespace {

std::vector<std::string> said(const Played& played, const Example& example) {
    std::vector<std::string> lines;
    for (const StagedClaim& claim : played.claims) lines.push_back(notation(claim, example));
    std::sort(lines.begin(), lines.end());
    lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
    return lines;
}

std::vector<std::string> expected(const Example& example) {
    std::vector<std::string> lines(example.claims.begin(), example.claims.end());
    std::sort(lines.begin(), lines.end());
    return lines;
}

std::vector<std::vector<std::uint8_t>> messages_of(const Example& example) {
    std::vector<std::vector<std::uint8_t>> messages;
    for (const ExampleMessage& message : example.messages) messages.push_back(bytes_of(message));
    return messages;
}

// What a decoder may do with bytes that are not its own: anything but crash, hang or claim without end.
void is_bounded(const Played& played, std::size_t messages) {
    CHECK(played.claims.size() <= messages * Claims::per_message + Claims::per_message * 64);
    const bool bounded = std::all_of(played.claims.begin(), played.claims.end(), [](const StagedClaim& claim) {
        return claim.value.size() <= 512 && claim.begin <= claim.end;
    });
    CHECK(bounded);
}

void survives(const Decoder& decoder, const Example& example, const std::vector<std::vector<std::uint8_t>>& messages) {
    is_bounded(play(decoder, example, messages), messages.size());
}

// Each byte of each message of each example, bent in the ways of `bend`, which is given the message and the place.
template <typename Bend>
void bent_everywhere(const Bend& bend) {
    for (const Decoder& decoder : all_decoders()) {
        for (const Example& example : decoder.examples) {
            INFO(decoder.name, ": ", example.title);
            auto messages = messages_of(example);
            for (std::size_t i = 0; i < messages.size(); ++i) {
                // What was believed of a bent message shows in the next ones: those after them are as they were.
                const std::size_t count = std::min(messages.size(), i + 3);
                const auto heard = [&](Playing& playing, std::size_t message) {
                    playing.next(side_of(example, message), messages[message], last_of_side(example, message, count));
                };
                // What went before is heard once; each bent message goes on from there.
                Playing before(decoder, example);
                for (std::size_t earlier = 0; earlier < i; ++earlier) heard(before, earlier);
                before.played.claims.clear();
                Playing unbent = before;
                heard(unbent, i);
                const auto played = [&] {
                    Playing bent = before;
                    heard(bent, i);
                    // Where nothing was believed that is not so, what comes next was heard already: in the examples' own test.
                    for (std::size_t message = i + 1; message < count && !bent.stands_like(unbent); ++message)
                        heard(bent, message);
                    is_bounded(bent.played, count);
                };
                // Long texts add no new shapes: the first kilobyte holds the headers.
                const auto whole = messages[i];
                for (std::size_t at = 0; at < std::min<std::size_t>(whole.size(), 1024); ++at) {
                    bend(messages[i], at, played);
                    messages[i] = whole;
                }
            }
        }
    }
}

constexpr std::uint8_t extremes[] = {0x00, 0x01, 0x7f, 0x80, 0xff};

}  // namespace

TEST_CASE("every decoder is complete and brings examples, one of them without claims or with a second message") {
    for (const Decoder& decoder : all_decoders()) {
        CAPTURE(decoder.name);
        CHECK(!decoder.title.empty());
        CHECK(!decoder.spec.empty());
        CHECK(decoder.layers != 0);
        CHECK(static_cast<bool>(decoder.recognise));
        CHECK(static_cast<bool>(decoder.observe));
        // What belongs to the protocol and says nothing of anybody, or only together with what came before it, is an example
        // too.
        const auto more_than_a_claim = [](const Example& example) {
            return example.claims.empty() || example.messages.size() > 1;
        };
        CHECK(std::any_of(decoder.examples.begin(), decoder.examples.end(), more_than_a_claim));
        CHECK_MESSAGE(decoder.examples.size() >= 2, "a second example: a message that claims less than the first, or nothing");
        for (const Example& example : decoder.examples) {
            CAPTURE(example.title);
            CHECK(has(decoder.layers, example.layer));
            CHECK(!example.messages.empty());
            for (const ExampleMessage& message : example.messages) CHECK(!bytes_of(message).empty());
        }
    }
}

TEST_CASE("examples yield exactly the claims they promise") {
    for (const Decoder& decoder : all_decoders()) {
        for (const Example& example : decoder.examples) {
            INFO(decoder.name, ": ", example.title);
            const Played played = play(decoder, example);
            CHECK(played.recognised);
            CHECK(played.malformed == 0);
            CHECK(said(played, example) == expected(example));
        }
    }
}

TEST_CASE("every prefix of an example claims a subset: truncation may lose, never invent") {
    for (const Decoder& decoder : all_decoders()) {
        for (const Example& example : decoder.examples) {
            INFO(decoder.name, ": ", example.title);
            const auto messages = messages_of(example);
            const auto whole = expected(example);
            for (std::size_t i = 0; i < messages.size(); ++i) {
                Playing before(decoder, example);
                for (std::size_t earlier = 0; earlier < i; ++earlier)
                    before.next(side_of(example, earlier), messages[earlier], last_of_side(example, earlier, i + 1));
                for (std::size_t length = 0; length < messages[i].size(); ++length) {
                    Playing cut = before;
                    cut.next(side_of(example, i), Bytes(messages[i]).first(length), true);
                    const auto part = said(cut.played, example);
                    for (const std::string& line : part) {
                        const bool known = std::find(whole.begin(), whole.end(), line) != whole.end();
                        CHECK_MESSAGE(known, fmt::format("message {} cut at {} invents: {}", i, length, line));
                    }
                }
            }
        }
    }
}

TEST_CASE("extreme lengths of one byte are survived") {
    bent_everywhere([](std::vector<std::uint8_t>& message, std::size_t at, const auto& played) {
        for (const std::uint8_t extreme : extremes) {
            message[at] = extreme;
            played();
        }
    });
}

TEST_CASE("recognition matrix: nobody takes another decoder's example, unless both say so") {
    const auto declared = [](const Decoder& a, const Decoder& b) {
        return std::find(a.shares_wire_with.begin(), a.shares_wire_with.end(), b.name) != a.shares_wire_with.end();
    };
    for (const Decoder& owner : all_decoders()) {
        for (const Example& example : owner.examples) {
            for (const Decoder& other : all_decoders()) {
                if (other.name == owner.name || !has(other.layers, example.layer)) continue;
                if (declared(owner, other) || declared(other, owner)) continue;
                if (owner.specialises == other.name || other.specialises == owner.name) continue;
                const Played played = play(other, example);
                CHECK_MESSAGE(!played.recognised,
                              fmt::format("{} recognises the example \"{}\" of {}", other.name, example.title, owner.name));
            }
        }
    }
}

TEST_CASE("zeros, ones and noise are recognised by nobody") {
    std::mt19937 random(20261121);
    std::vector<std::vector<std::uint8_t>> blocks = {std::vector<std::uint8_t>(65536, 0),
                                                     std::vector<std::uint8_t>(65536, 0xff)};
    for (int i = 0; i < 40; ++i) {
        std::vector<std::uint8_t> noise(i < 4 ? 65536 : 1500);
        for (auto& byte : noise) byte = static_cast<std::uint8_t>(random());
        blocks.push_back(std::move(noise));
    }
    for (const Decoder& decoder : all_decoders()) {
        // Of an example only the way in counts.
        std::set<std::pair<Layer, std::uint16_t>> tried;
        for (const Example& example : decoder.examples) {
            INFO(decoder.name, ": ", example.title);
            if (!tried.emplace(example.layer, example.port).second) continue;
            for (const auto& block : blocks) {
                for (const From side : {From::Client, From::Server}) {
                    const ExampleMessage message{side, {}, {}};
                    Example blank = example;
                    blank.messages = std::span<const ExampleMessage>(&message, 1);
                    blank.claims = {};
                    const Played played = play(decoder, blank, {block});
                    CHECK(!played.recognised);
                    CHECK(played.claims.empty());
                }
            }
        }
    }
}

TEST_CASE("noise inside a recognised flow is survived") {
    std::mt19937 random(7);
    for (const Decoder& decoder : all_decoders()) {
        for (const Example& example : decoder.examples) {
            INFO(decoder.name, ": ", example.title);
            auto messages = messages_of(example);
            for (int i = 0; i < 20; ++i) {
                auto longer = messages;
                std::vector<std::uint8_t> noise(random() % 3000);
                for (auto& byte : noise) byte = static_cast<std::uint8_t>(random());
                longer.push_back(std::move(noise));
                survives(decoder, example, longer);
            }
        }
    }
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("decoders.flips");

TEST_CASE("single-bit flips are survived") {
    bent_everywhere([](std::vector<std::uint8_t>& message, std::size_t at, const auto& played) {
        const std::uint8_t byte = message[at];
        for (unsigned bit = 0; bit < 8; ++bit) {
            message[at] = static_cast<std::uint8_t>(byte ^ (1U << bit));
            played();
        }
    });
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("decoders.extremes");

TEST_CASE("extreme lengths of two bytes are survived") {
    bent_everywhere([](std::vector<std::uint8_t>& message, std::size_t at, const auto& played) {
        if (at + 1 >= message.size()) return;
        for (const std::uint8_t extreme : extremes) {
            message[at] = extreme;
            message[at + 1] = extreme;
            played();
        }
    });
}

TEST_SUITE_END();

}  // namespace decoders_test
