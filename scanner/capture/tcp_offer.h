// How a TCP stack opens a connection: the options of its SYN or SYN-ACK in their order, its window and its hop limit. Which
// options in which order is a habit of the stack's code; what they hold depends on the link.
//
// A value without pointers, so that it can be kept after the packet is gone. Options behind the twelfth are not kept.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "core/bytes.h"

namespace herkomst {

struct TcpOffer {
    static constexpr std::size_t options_max = 12;

    std::array<std::uint8_t, options_max> options{};  // kinds, as sent
    std::uint8_t count = 0;                           // of them
    std::uint8_t scale = 0;
    bool seen = false;
    bool answer = false;  // a SYN-ACK
    std::uint8_t hop_limit = 0;
    std::uint16_t window = 0;
    std::uint16_t mss = 0;
    std::uint32_t begin = 0;  // of the options within the frame
    std::uint32_t end = 0;
    std::uint64_t frame = 0;
};

// RFC 9293 section 3.1 and 3.2. `options` is what follows the first 20 bytes of the header; false when it is no list of
// options.
bool read_tcp_options(Bytes options, TcpOffer& into);

// "ttl=64 window=mss*44 options=mss,sok,ts,nop,ws scale=7". The hop limit is the one that the sender must have started with:
// 32, 64, 128 or 255. A window that is a whole number of segments is told as such ("mss*44"; "(mss-12)*45" where timestamps
// take 12 bytes of each segment), because the link and not the stack decides about the size of a segment. Other options are
// told by their number. Empty where there are no options: every stack says how large its segments may be, so such an opening
// was made by a port scanner, or stands in the record of a probe, which makes it up.
std::string text_of(const TcpOffer&);

}  // namespace herkomst
