#include "capture/tcp_offer.h"

#include <algorithm>

namespace herkomst {

namespace {

enum Option : std::uint8_t { End = 0, Nothing = 1, SegmentSize = 2, Scale = 3, SackPermitted = 4, Timestamps = 8 };

std::string name_of(std::uint8_t kind) {
    switch (kind) {
        case End:
            return "eol";
        case Nothing:
            return "nop";
        case SegmentSize:
            return "mss";
        case Scale:
            return "ws";
        case SackPermitted:
            return "sok";
        case Timestamps:
            return "ts";
        default:
            return std::to_string(kind);
    }
}

std::string window_of(const TcpOffer& offer, bool timestamps) {
    constexpr unsigned shortest = 100;  // a segment of fewer bytes divides too many windows
    const unsigned window = offer.window;
    const unsigned mss = offer.mss;
    if (window == 0 || mss < shortest) return std::to_string(window);
    if (window % mss == 0) return "mss*" + std::to_string(window / mss);
    if (timestamps && window % (mss - 12) == 0) return "(mss-12)*" + std::to_string(window / (mss - 12));
    return std::to_string(window);
}

unsigned start_of(std::uint8_t hop_limit) {
    for (const unsigned start : {32U, 64U, 128U}) {
        if (hop_limit <= start) return start;
    }
    return 255;
}

}  // namespace

bool read_tcp_options(Bytes options, TcpOffer& into) {
    Reading reading;
    ByteCursor at(options, reading);
    while (!at.done()) {
        const std::uint8_t kind = at.u8();
        if (into.count < TcpOffer::options_max) into.options[into.count++] = kind;
        if (kind == End) break;  // padding follows
        if (kind == Nothing) continue;
        const std::uint8_t length = at.u8();
        if (length < 2) return false;
        ByteCursor value = at.take(length - std::size_t{2});
        if (!at.ok()) return false;
        if (kind == SegmentSize && length == 4) into.mss = value.be16();
        if (kind == Scale && length == 3) into.scale = value.u8();
    }
    return at.ok();
}

std::string text_of(const TcpOffer& offer) {
    const auto kinds = Bytes(offer.options).first(offer.count);
    if (kinds.empty()) return {};
    const auto has = [&](std::uint8_t kind) { return std::find(kinds.begin(), kinds.end(), kind) != kinds.end(); };
    std::string text = "ttl=" + std::to_string(start_of(offer.hop_limit));
    text += " window=" + window_of(offer, has(Timestamps)) + " options=";
    for (std::size_t i = 0; i < kinds.size(); ++i) text += (i == 0 ? "" : ",") + name_of(kinds[i]);
    if (has(Scale)) text += " scale=" + std::to_string(offer.scale);
    return text;
}

}  // namespace herkomst
