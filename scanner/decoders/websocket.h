// WebSocket, for the protocols that run in one: how it begins (RFC 6455 sections 4.1 and 4.2.2), and its frames (section 5.2).
//
//   |FIN rsv3 opcode 1|MASK length 1|length 2 or 8|mask 4|payload|      client to server: masked
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "decoders/http_message.h"

namespace herkomst {

// GET with Upgrade: websocket, or 101 with the same.
inline bool is_websocket_upgrade(const HttpHead& head) {
    if (!head.has_token("Upgrade", "websocket")) return false;
    return head.kind == HttpHead::Kind::Request ? head.method == "GET"
                                                : head.kind == HttpHead::Kind::Response && head.status == 101;
}

// ... that offers or takes this sub-protocol.
inline bool upgrades_to(const HttpHead& head, std::string_view subprotocol) {
    return is_websocket_upgrade(head) && head.has_token("Sec-WebSocket-Protocol", subprotocol);
}

struct WebSocketFrame {
    bool last = false;
    bool deflated = false;
    bool masked = false;
    std::uint8_t opcode = 0;
    std::uint64_t length = 0;
    std::array<std::uint8_t, 4> mask{};
};
namespace websocket {
inline constexpr std::uint8_t continuation = 0, text_frame = 1, binary_frame = 2, close_frame = 8, pong_frame = 10;
}  // namespace websocket

// RFC 6455 section 5.2; rsv1 is RFC 7692's. False when these bytes are no frame. Lengths must be in their shortest form,
// control frames are short and whole (section 5.5).
inline bool read_websocket_frame(ByteCursor& at, WebSocketFrame& frame) {
    const std::uint8_t first = at.u8();
    const std::uint8_t second = at.u8();
    frame.last = (first & 0x80) != 0;
    frame.deflated = (first & 0x40) != 0;
    frame.opcode = first & 0x0f;
    frame.masked = (second & 0x80) != 0;
    frame.length = second & 0x7f;
    const bool control = frame.opcode >= websocket::close_frame;
    if ((first & 0x30) != 0 || (frame.opcode > websocket::binary_frame && !control)) return false;
    if (frame.opcode > websocket::pong_frame) return false;
    if (control && (frame.length > 125 || !frame.last || frame.deflated)) return false;
    if (frame.length == 126) {
        frame.length = at.be16();
        if (at.ok() && frame.length < 126) return false;
    } else if (frame.length == 127) {
        frame.length = at.be64();
        if (at.ok() && (frame.length < 65536 || frame.length >> 63 != 0)) return false;
    }
    if (frame.masked) {
        for (std::uint8_t& byte : frame.mask) byte = at.u8();
    }
    return true;
}

inline void append_websocket_payload(const Slice& payload, const WebSocketFrame& frame, std::string& text) {
    for (std::size_t i = 0; i < payload.size(); ++i) {
        const auto key = static_cast<std::uint8_t>(frame.masked ? frame.mask[i % 4] : 0);
        text.push_back(static_cast<char>(static_cast<std::uint8_t>(payload.bytes[i] ^ key)));
    }
}

}  // namespace herkomst
