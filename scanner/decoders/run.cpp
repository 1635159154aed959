#include "decoders/run.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "core/text.h"

namespace herkomst {

bool recognises(const Decoder& decoder, Bytes message, const Flow& flow) {
    Reading reading;
    const bool yes = decoder.recognise(ByteCursor(message, reading), flow);
    return yes && reading.ok;
}

std::vector<std::uint8_t> bytes_of(const ExampleMessage& message) {
    if (!message.text.empty()) return {message.text.begin(), message.text.end()};
    return unhex(message.hex);
}

namespace {

Party example_party(From side, const Example& example) {
    Party party;
    const bool client = side == From::Client;
    party.mac = Mac{{0x00, 0x00, 0x5e, 0x00, 0x53, static_cast<std::uint8_t>(client ? 0x0a : 0x14)}};
    if (example.layer == Layer::Link) return party;
    party.ip = IpAddress::v4(client ? 0xc000020aU : 0xc0000214U);
    if (example.layer == Layer::Ip) return party;
    party.port = client ? std::uint16_t{40000} : example.port;
    return party;
}

}  // namespace

Played play(const Decoder& decoder, const Example& example) {
    std::vector<std::vector<std::uint8_t>> messages;
    for (const ExampleMessage& message : example.messages) messages.push_back(bytes_of(message));
    return play(decoder, example, messages);
}

Playing::Playing(const Decoder& decoder, const Example& example)
    : decoder_(&decoder), parties_{example_party(From::Client, example), example_party(From::Server, example)} {
    flow_.layer = example.layer;
    flow_.ethertype = example.layer == Layer::Link ? example.port : std::uint16_t{0};
    flow_.protocol = example.layer == Layer::Ip ? static_cast<std::uint8_t>(example.port) : std::uint8_t{0};
    flow_.opening_seen = true;
    flow_.seen_at = Time(std::chrono::seconds(1'699'999'999));
}

void Playing::next(From side, Bytes message, bool ended) {
    const auto direction = static_cast<std::size_t>(side);
    const bool stream = flow_.layer == Layer::Tcp;
    flow_.sender = parties_[direction];
    flow_.receiver = parties_[1 - direction];
    flow_.from_opener = side == From::Client;
    flow_.ended = false;
    flow_.state = nullptr;
    flow_.seen_at += std::chrono::seconds(1);
    std::vector<std::uint8_t>& window = windows_[direction];
    if (!stream) window.clear();
    const std::size_t skipped = std::min(skip_[direction], message.size());
    skip_[direction] -= skipped;
    message = message.subspan(skipped);
    window.insert(window.end(), message.begin(), message.end());
    if (!played.recognised) {
        if (!recognises(*decoder_, window, flow_)) {
            if (!stream) ++played.not_this;
            return;
        }
        played.recognised = true;
    }
    flow_.state = &state_;
    flow_.ended = ended;
    // At most one turn per byte: `done(0)` would otherwise turn for ever.
    for (std::size_t turns = window.size() + 1; turns > 0 && !window.empty(); --turns) {
        const Ran ran = run(*decoder_, window, flow_, played.claims, nullptr);
        if (ran.outcome == Outcome::Need) break;
        if (ran.outcome == Outcome::Malformed) ++played.malformed;
        if (ran.outcome == Outcome::NotThis) ++played.not_this;
        if (!stream || ran.bytes == 0 || ran.outcome != Outcome::Done) {
            window.clear();
            break;
        }
        const std::size_t consumed = std::min(ran.bytes, window.size());
        skip_[direction] = ran.bytes - consumed;
        window.erase(window.begin(), window.begin() + static_cast<std::ptrdiff_t>(consumed));
    }
}

bool Playing::stands_like(const Playing& other) const {
    static_assert(std::is_trivially_copyable_v<FlowState>);
    return played.recognised == other.played.recognised && flow_.seen_at == other.flow_.seen_at && skip_ == other.skip_ &&
           windows_ == other.windows_ && std::memcmp(&state_, &other.state_, sizeof state_) == 0;
}

From side_of(const Example& example, std::size_t message) {
    return message < example.messages.size() ? example.messages[message].from : From::Client;
}

bool last_of_side(const Example& example, std::size_t message, std::size_t count) {
    const From side = side_of(example, message);
    for (std::size_t later = message + 1; later < count && later < example.messages.size(); ++later) {
        if (example.messages[later].from == side) return false;
    }
    return true;
}

Played play(const Decoder& decoder, const Example& example, const std::vector<std::vector<std::uint8_t>>& messages) {
    Playing playing(decoder, example);
    for (std::size_t i = 0; i < messages.size(); ++i)
        playing.next(side_of(example, i), messages[i], last_of_side(example, i, messages.size()));
    return std::move(playing.played);
}

std::string notation(const StagedClaim& claim, const Example& example) {
    const Party client = example_party(From::Client, example);
    const Party server = example_party(From::Server, example);
    Endpoint bare = claim.subject;
    bare.path.clear();
    std::string text;
    if (bare == client.subject()) {
        text = "client";
    } else if (bare == server.subject()) {
        text = "server";
    } else if (bare == client.station()) {
        text = "client-mac";
    } else if (bare == server.station()) {
        text = "server-mac";
    } else if (bare.ip.known()) {
        text = "ip:" + bare.ip.text();
    } else {
        text = "mac:" + bare.mac.text();
    }
    for (const std::string& step : claim.subject.path) text += "[" + step + "]";
    return text + " " + std::string(name(claim.field)) + "=" + claim.value;
}

}  // namespace herkomst
