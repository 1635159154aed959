#include "probes/bacnet_asks.h"

#include <charconv>

namespace herkomst::bacnet_asks {

namespace {

// ASHRAE 135 clause 21: object-identifier, vendor-identifier, vendor-name, model-name, firmware-revision,
// application-software-version, object-name.
constexpr std::uint8_t wanted[] = {0x4b, 0x78, 0x79, 0x46, 0x2c, 0x0c, 0x4d};

struct Notes {
    std::uint32_t object;
    std::uint8_t at;  // of those; behind them the serial number
    std::uint8_t invoke;
    bool who_was_asked;
};

Step ask_next(Talk& talk) {
    auto& notes = talk.notes<Notes>();
    notes.invoke = static_cast<std::uint8_t>(talk.target->token + talk.sent);
    if (notes.at > std::size(wanted)) return end();
    const bool last = notes.at == std::size(wanted);
    Step step = ask(last ? serial : property).with("invoke", notes.invoke).with("object", notes.object);
    if (!last) step = std::move(step).with("property", wanted[notes.at]);
    const Station station = station_of(talk.target->station);
    if (station.known) step = std::move(step).with("network", station.network).with("station", station.address);
    return step;
}

// Clause 6.2 and annex J: what stands behind the network layer, and whether it comes from who was asked; empty where it is no
// BACnet.
struct Opened {
    ByteCursor data;
    bool theirs = false;
    bool network = false;  // a message of the network layer itself: its kind comes first
};
Opened opened(ByteCursor reply, const Station& asked) {
    Opened out{ByteCursor(reply).take(0), false, false};
    if (reply.u8() != 0x81) return out;
    const std::uint8_t function = reply.u8();
    reply.skip(2);
    if (function == 0x04) reply.skip(6);
    if (reply.u8() != 1) return out;
    const std::uint8_t control = reply.u8();
    out.network = (control & 0x80) != 0;
    if ((control & 0x20) != 0) {
        reply.skip(2);
        reply.skip(reply.u8());
    }
    out.theirs = !asked.known;
    if ((control & 0x08) != 0) {
        const std::uint16_t network = reply.be16();
        const std::uint8_t size = reply.u8();
        out.theirs = asked.known && network == asked.network && size == 1 && reply.peek() == asked.address;
        reply.skip(size);
    }
    if ((control & 0x20) != 0) reply.skip(1);
    out.data = reply;
    return out;
}

}  // namespace

Station station_of(std::string_view text) {
    Station station;
    const char* const stop = text.data() + text.size();
    const auto [colon, first] = std::from_chars(text.data(), stop, station.network);
    if (first != std::errc{} || colon == stop || *colon != ':') return station;
    const auto [last, second] = std::from_chars(colon + 1, stop, station.address);
    // Clauses 6.2.2 and 9.3: network 65535 and address 255 are everybody.
    station.known =
        second == std::errc{} && last == stop && station.network != 0 && station.network != 0xffff && station.address != 0xff;
    return station;
}

// Clause 20.1: 3 complex acknowledgement, 5 error, 6 reject, 7 abort, 1 unconfirmed: I-Am is service 0.
Step properties(Talk& talk, bool may_ask_who) {
    auto& notes = talk.notes<Notes>();
    const Target& target = *talk.target;
    if (talk.begins()) {
        notes.object = whoever;
        if (target.instance_known && target.instance < 0x3fffff) notes.object = device_type | target.instance;
        return ask_next(talk);
    }
    Reading reading;
    Opened reply = opened(ByteCursor(talk.reply, reading), station_of(target.station));
    if (reply.data.done()) return talk.answered ? listen() : end(ProbeOutcome::OtherProtocol);
    ByteCursor& data = reply.data;
    // Clause 6.4.4, Reject-Message-To-Network: the router knows no way there.
    if (reply.network) {
        const bool no_way = !target.station.empty() && data.u8() == 3;
        return no_way ? end(talk.answered ? ProbeOutcome::Answered : ProbeOutcome::Declined) : listen();
    }
    if (!reply.theirs) return listen();
    const std::uint8_t type = data.u8() >> 4;
    if (type == 1) {
        if (data.u8() != 0 || data.u8() != 0xc4) return listen();
        const std::uint32_t object = data.be32();
        if (talk.request != who_is || !data.ok() || object >> 22 != 8 || object == whoever) return listen();
        notes.object = object;
        talk.answered = true;
        notes.at = 1;
        return ask_next(talk);
    }
    if (data.u8() != notes.invoke) return listen();
    if (type == 3) {
        data.skip(2);
        const std::uint32_t object = data.be32();
        talk.answered = true;
        if (data.ok() && object >> 22 == 8 && object != whoever) notes.object = object;
        ++notes.at;
        return ask_next(talk);
    }
    if (type != 5) return end(talk.answered ? ProbeOutcome::Answered : ProbeOutcome::Declined);
    if (!talk.answered) {
        // It has another instance by now.
        if (notes.object != whoever) {
            notes.object = whoever;
            return ask_next(talk);
        }
        if (!may_ask_who || notes.who_was_asked) return end(ProbeOutcome::Declined);
        notes.who_was_asked = true;
        return ask(who_is);
    }
    // It has no such property; it may have the next.
    ++notes.at;
    return ask_next(talk);
}

Probe of_devices() {
    Probe probe;
    probe.spec = "ANSI/ASHRAE Standard 135-2020, clauses 6.2, 12.11, 15.5, 16.10 and annex J";
    probe.safety = Safety::ReadMany;
    probe.transport = Transport::Udp;
    probe.family = Family::Building;
    probe.local_port = 47808;
    probe.where_free = true;
    probe.decoder = "bacnet";
    probe.limits.requests = 11;
    probe.limits.bytes = 16'384;
    probe.limits.whole = std::chrono::seconds(40);
    return probe;
}

}  // namespace herkomst::bacnet_asks
