// A server that carries another one's words: a proxy that was asked to connect on (HTTP CONNECT, SOCKS) and agreed. What comes
// behind is whoever's it was connected to. The decoder that read the agreement says so with `opens_tunnel` and answers
// `not_this()` from then on; the framework looks whose bytes come next, and keeps no claim that they would make about the proxy
// (capture/flows.h). Names that the client uses inside still say where the path leads.
#pragma once

#include <cstdint>

#include "decoders/decoder.h"

namespace herkomst {

inline constexpr std::uint32_t tunnel_key = 0xffffffff;
inline constexpr std::uint64_t tunnel_mark = 0x74756e6e656c2121;

inline void opens_tunnel(FlowState& state) { state.ask(tunnel_key, tunnel_mark); }

// True once after it was opened.
inline bool tunnel_opened(FlowState& state) {
    std::uint64_t what = 0;
    return state.answered(tunnel_key, what) && what == tunnel_mark;
}

}  // namespace herkomst
