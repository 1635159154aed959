// The table of trials: what it leaves out could not have been recognised, and of what remains the same decoder wins as when all
// of them are asked.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <string_view>
#include <vector>

#include "decoders/run.h"
#include "decoders/trials.h"

using namespace herkomst;

namespace trials_test {

TEST_SUITE_BEGIN("decoders.trials");

namespace {

using Octets = std::vector<std::uint8_t>;

// Both ways, at the port of the example and at one that nobody knows.
std::vector<Flow> flows_of(const Example& example) {
    std::vector<Flow> flows;
    for (const bool from_opener : {true, false}) {
        for (const std::uint16_t port : {example.port, std::uint16_t{61'234}}) {
            Flow flow;
            flow.layer = example.layer;
            if (example.layer == Layer::Link) flow.ethertype = example.port;
            if (example.layer == Layer::Ip) flow.protocol = static_cast<std::uint8_t>(example.port);
            Party client;
            client.mac = Mac{{0x00, 0x00, 0x5e, 0x00, 0x53, 0x0a}};
            Party server = client;
            server.mac.bytes[5] = 0x14;
            if (example.layer != Layer::Link) {
                client.ip = IpAddress::v4(0xc000020aU);
                server.ip = IpAddress::v4(0xc0000214U);
            }
            client.port = 40'000;
            server.port = port;
            flow.sender = from_opener ? client : server;
            flow.receiver = from_opener ? server : client;
            flow.from_opener = from_opener;
            flow.opening_seen = true;
            flows.push_back(flow);
        }
    }
    return flows;
}

// What a decoder may be shown of an example: each message, and what streams make of them.
std::vector<Octets> windows_of(const Example& example) {
    std::vector<Octets> windows;
    Octets both[2];
    for (const ExampleMessage& message : example.messages) {
        const Octets bytes = bytes_of(message);
        windows.push_back(bytes);
        Octets& side = both[static_cast<std::size_t>(message.from)];
        side.insert(side.end(), bytes.begin(), bytes.end());
        if (side.size() != bytes.size() && side.size() < 2048) windows.push_back(side);
    }
    return windows;
}

// Every way in which the head of a message may differ a little: cut short, and each of the first bytes anything else.
template <class Visit>
void each_variant(const Octets& window, std::mt19937& random, Visit&& visit) {
    visit(Bytes(window));
    for (std::size_t length = 1; length <= std::min<std::size_t>(window.size(), 64); ++length)
        visit(Bytes(window).first(length));
    Octets bent = window;
    const std::size_t head = std::min<std::size_t>(window.size(), 9);
    for (std::size_t at = 0; at < head; ++at) {
        for (unsigned value = 0; value < 256; ++value) {
            bent[at] = static_cast<std::uint8_t>(value);
            visit(Bytes(bent));
        }
        bent[at] = window[at];
    }
    for (int round = 0; round < 64; ++round) {
        for (std::size_t at = 0; at < head; ++at) {
            if (random() % 3 == 0) bent[at] = static_cast<std::uint8_t>(random() % 4 == 0 ? random() % 3 : random());
        }
        visit(Bytes(bent));
        std::copy_n(window.begin(), head, bent.begin());
    }
}

// As it was before there was a table: all decoders of the layer, in order of trial.
const Decoder* first_of_all(std::span<const Decoder> decoders, const Flow& flow, std::uint16_t a, std::uint16_t b,
                            Bytes message) {
    std::vector<const Decoder*> order;
    for (const Decoder& decoder : decoders) {
        if (has(decoder.layers, flow.layer)) order.push_back(&decoder);
    }
    const auto rank = [&](const Decoder* decoder) {
        const bool by_port = std::any_of(decoder->ports.begin(), decoder->ports.end(),
                                         [&](std::uint16_t port) { return port == a || port == b; });
        return (by_port ? 0 : 2) + (decoder->specialises.empty() ? 1 : 0);
    };
    std::stable_sort(order.begin(), order.end(), [&](const Decoder* x, const Decoder* y) { return rank(x) < rank(y); });
    for (const Decoder* decoder : order) {
        if (recognises(*decoder, message, flow)) return decoder;
    }
    return nullptr;
}

const Decoder* first_of_table(const Trials& trials, const Flow& flow, std::uint16_t a, std::uint16_t b, Bytes message) {
    return trials.first(flow.layer, a, b, message, [&](const Decoder& each) { return recognises(each, message, flow); });
}

std::pair<std::uint16_t, std::uint16_t> ports_of(const Flow& flow) {
    if (flow.layer == Layer::Link) return {flow.ethertype, flow.ethertype};
    if (flow.layer == Layer::Ip) return {flow.protocol, flow.protocol};
    return {flow.sender.port, flow.receiver.port};
}

std::string_view name_of(const Decoder* decoder) { return decoder == nullptr ? std::string_view("nobody") : decoder->name; }

}  // namespace

namespace {

struct Held {
    std::size_t recognised = 0;
    std::vector<std::string> wrong;  // messages that it recognises, and that do not begin as it declares
};

Held hold_to_its_word(const Decoder& decoder, std::mt19937& random) {
    Held held;
    for (const Example& example : decoder.examples) {
        const std::vector<Flow> flows = flows_of(example);
        for (const Octets& window : windows_of(example)) {
            each_variant(window, random, [&](Bytes message) {
                if (Trials::begins(decoder, message)) return;
                for (const Flow& flow : flows) {
                    if (recognises(decoder, message, flow))
                        held.wrong.push_back(
                            fmt::format("{}: {} bytes from {:02x}", example.title, message.size(), message[0]));
                }
            });
            for (const Flow& flow : flows) held.recognised += recognises(decoder, window, flow) ? 1 : 0;
        }
    }
    return held;
}

}  // namespace

TEST_CASE("whatever a decoder recognises begins as it declares") {
    std::mt19937 random(20'261'127);
    std::size_t recognised = 0;
    for (const Decoder& decoder : all_decoders()) {
        CAPTURE(decoder.name);
        const Held held = hold_to_its_word(decoder, random);
        CHECK(held.wrong == std::vector<std::string>{});
        recognised += held.recognised;
    }
    CHECK(recognised > 500);
}

TEST_CASE("a declaration that is too narrow is found") {
    std::mt19937 random(3);
    Decoder narrow = *decoder_named("tftp");
    CHECK(hold_to_its_word(narrow, random).wrong.empty());
    narrow.starts = Starts("00 02");
    CHECK(!hold_to_its_word(narrow, random).wrong.empty());
    narrow = *decoder_named("http");
    narrow.starts = Starts("'GET'", "'HTTP'");
    CHECK(!hold_to_its_word(narrow, random).wrong.empty());
}

TEST_CASE("with the table the same decoder wins as without it: examples, their likes, and noise") {
    const std::span<const Decoder> decoders = all_decoders();
    const Trials trials(decoders);
    std::mt19937 random(7);
    std::size_t won = 0;
    const auto same = [&](const Flow& flow, Bytes message) {
        const auto [a, b] = ports_of(flow);
        const Decoder* with = first_of_table(trials, flow, a, b, message);
        const Decoder* without = first_of_all(decoders, flow, a, b, message);
        won += with != nullptr ? 1 : 0;
        if (with != without) CHECK(name_of(with) == name_of(without));
    };
    for (const Decoder& decoder : decoders) {
        for (const Example& example : decoder.examples) {
            INFO(decoder.name, ": ", example.title);
            const std::vector<Flow> flows = flows_of(example);
            for (const Octets& window : windows_of(example)) {
                for (const Flow& flow : flows) same(flow, window);
                Octets bent = window;
                for (int round = 0; round < 8; ++round) {
                    bent[random() % std::min<std::size_t>(bent.size(), 12)] = static_cast<std::uint8_t>(random());
                    same(flows[random() % flows.size()], bent);
                }
            }
            for (int round = 0; round < 20; ++round) {
                Octets noise(1 + random() % 1500);
                for (auto& byte : noise) byte = static_cast<std::uint8_t>(random());
                same(flows[random() % flows.size()], noise);
            }
        }
    }
    CHECK(won > 500);
}

TEST_CASE("a first byte leaves few decoders, and eight bytes fewer: a look at noise asks a handful") {
    const Trials trials(all_decoders());
    std::mt19937 random(1);
    for (const Layer layer : {Layer::Tcp, Layer::Udp}) {
        std::size_t asked = 0;
        constexpr std::size_t rounds = 2000;
        for (std::size_t round = 0; round < rounds; ++round) {
            Octets noise(200);
            for (auto& byte : noise) byte = static_cast<std::uint8_t>(random());
            CHECK(trials.first(layer, 61'234, 61'235, noise, [&](const Decoder&) {
                ++asked;
                return false;
            }) == nullptr);
        }
        const double mean = static_cast<double>(asked) / rounds;
        CAPTURE(mean);
        CHECK(mean < 12);
    }
}

TEST_CASE("patterns of a start") {
    constexpr Start bytes("03 0? ?? a5");
    static_assert(bytes.size == 4);
    static_assert(bytes.value == 0xa5000003U);
    static_assert(bytes.mask == 0xff00f0ffU);
    constexpr Start text("1b '%-1'");
    static_assert(text.size == 4 && text.value == 0x312d251bU && text.mask == 0xffffffffU);
    constexpr Start either("i'm-S' 20");
    static_assert(either.size == 4 && either.value == 0x20532d4dU && either.mask == 0xffdfffdfU);
    CHECK(either.fits(0x20532d6dU, 4));
    CHECK(either.fits(0x20732d4dU, 40));
    CHECK(!either.fits(0x20732d4dU, 3));
    CHECK(!either.fits(0x20740d4dU, 4));
    CHECK(bytes.fits(0xa5ff0f03U, 4));
    CHECK(!bytes.fits(0xa5ff1f03U, 4));
}

TEST_CASE("ports come first, then who specialises another, then the name; a decoder without starts is always asked") {
    const auto never = [](ByteCursor, const Flow&) { return false; };
    std::vector<Decoder> four(4);
    constexpr std::uint16_t known[] = {502};
    const std::string_view names[] = {"a", "b", "c", "d"};
    for (std::size_t i = 0; i < four.size(); ++i) {
        four[i].name = names[i];
        four[i].layers = only(Layer::Tcp);
        four[i].recognise = never;
    }
    four[1].specialises = "a";
    four[2].ports = known;
    four[3].starts = Starts("ff", "00 01");
    const Trials trials(four);
    const auto order = [&](std::uint16_t port, Octets message) {
        std::string said;
        trials.first(Layer::Tcp, 40'000, port, message, [&](const Decoder& each) {
            said += each.name;
            return false;
        });
        return said;
    };
    CHECK(order(80, {0}) == "bac");
    CHECK(order(502, {0}) == "cba");
    CHECK(order(502, {0, 1}) == "cbad");
    CHECK(order(80, {0xff}) == "bacd");
    CHECK(order(80, {}).empty());
    CHECK(trials.knows(Layer::Tcp, 502));
    CHECK(!trials.knows(Layer::Udp, 502));
    CHECK(!trials.knows(Layer::Tcp, 80));
}

TEST_SUITE_END();

}  // namespace trials_test
