// ISO transport over TCP (RFC 1006 clause 6 around ISO 8073 clause 13), under S7 communication and MMS:
// |03|00|length 2, with these four|indicator 1|code 1|...|, for data |02|F0|end 1 bit, number 7|...|.
#pragma once

#include "core/bytes.h"

namespace herkomst {

struct CotpPacket {
    std::size_t size = 0;   // with the four bytes in front of it
    std::uint8_t code = 0;  // E0, D0 connect; F0 data; 80, C0 disconnect
    bool last = false;      // data: the last part of its message
    ByteCursor payload;
};

enum class CotpFraming : std::uint8_t { Good, Bad, Short };

// The next packet of a window, taken from it when it is whole; `size` is set as soon as it is known.
inline CotpFraming next_cotp(ByteCursor& window, CotpPacket& packet) {
    if (window.left() < 7) return CotpFraming::Short;
    packet.size = window.peek_be16(2);
    const std::uint8_t indicator = window.peek(4);
    if (window.peek() != 3 || window.peek(1) != 0 || packet.size < 7 || indicator < 2 || indicator > packet.size - 5U) {
        return CotpFraming::Bad;
    }
    packet.code = window.peek(5) & 0xf0;
    if (packet.code == 0xf0 && indicator != 2) return CotpFraming::Bad;
    if (window.left() < packet.size) return CotpFraming::Short;
    packet.last = (window.peek(6) & 0x80) != 0;
    ByteCursor body = window.take(packet.size);
    body.skip(std::size_t{5} + indicator);
    packet.payload = body;
    return CotpFraming::Good;
}

// Of a connect request, the selector of the called transport (ISO 8073 clause 13.3.4, parameter C2): |indicator 1|E0|references
// 4|class 1|then |code 1|length 1|value|...|. Empty when there is none.
inline Slice cotp_called(ByteCursor packet) {
    packet.skip(4);
    ByteCursor header = packet.take(packet.u8());
    header.skip(6);
    while (header.left() >= 2) {
        const std::uint8_t code = header.u8();
        const std::size_t size = header.u8();
        if (size > header.left()) break;
        const Slice value = header.bytes(size);
        if (code == 0xc2) return value;
    }
    return {};
}

// The transport's own packets (connect, empty data) say nothing of what it carries: the first data decides.
template <class Accepts>
bool cotp_carries(ByteCursor window, Accepts&& accepts) {
    CotpPacket packet{0, 0, false, window.take(0)};
    while (next_cotp(window, packet) == CotpFraming::Good) {
        if (packet.code != 0xf0) {
            if (packet.code != 0xe0 && packet.code != 0xd0) return false;
            continue;
        }
        if (!packet.payload.done()) return accepts(packet);
    }
    return false;
}

}  // namespace herkomst
