// How a WebSocket begins, for the protocols that run in one: RFC 6455 sections 4.1 and 4.2.2.
#pragma once

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

}  // namespace herkomst
