// Everything in this folder that is refused, cut or dropped, by name: the reasons why nothing was learned from some bytes.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace herkomst {

enum class Refusal : std::uint8_t {
    short_frame,
    unknown_link_type,
    bad_length_field,
    wireless_protected,
    wireless_control,
    wireless_fragment,
    wireless_aggregate,
    bad_radiotap,
    bad_ip_header,
    ip_longer_than_frame,
    ip_header_cut,
    bad_extension_header,
    bad_fragment,
    fragment_overlap,
    fragment_timeout,
    fragment_table_full,
    bad_udp_header,
    bad_tcp_header,
    payload_cut,
    too_many_tags,
    too_many_tunnels,
    bad_tunnel_header,
    flow_evicted,
    state_evicted,
    stream_gap,
    stream_budget,
    message_too_long,
    retransmission,
    unrecognised_flow,
    conversation_table_full,
    station_table_full,
    name_table_full,
    claims_dropped,
    count_,
};

inline constexpr std::size_t refusal_count = static_cast<std::size_t>(Refusal::count_);

// The outcome in Coverage, asked "capture".
constexpr std::string_view name(Refusal refusal) {
    constexpr std::array<std::string_view, refusal_count> names = {
        "short frame",
        "unknown link type",
        "bad 802.3 length",
        "protected wireless frame",
        "wireless frame without data",
        "wireless fragment",
        "wireless aggregate",
        "bad radiotap header",
        "bad ip header",
        "ip longer than the frame",
        "ip header cut by the capture",
        "bad ipv6 extension header",
        "bad fragment",
        "fragments overlap",
        "fragments incomplete",
        "fragment table full",
        "bad udp header",
        "bad tcp header",
        "payload cut by the capture",
        "too many vlan tags",
        "too many tunnels",
        "bad tunnel header",
        "flow evicted",
        "flow state evicted",
        "stream gap",
        "stream budget spent",
        "message too long",
        "retransmission",
        "unrecognised flow",
        "conversation table full",
        "station table full",
        "name table full",
        "subject table full",
    };
    return names[static_cast<std::size_t>(refusal)];
}

struct Counters {
    std::array<std::uint64_t, refusal_count> counts{};
    std::uint64_t changes = 0;  // another number: something was counted

    void count(Refusal refusal, std::uint64_t n = 1) {
        counts[static_cast<std::size_t>(refusal)] += n;
        ++changes;
    }
    [[nodiscard]] std::uint64_t operator[](Refusal refusal) const { return counts[static_cast<std::size_t>(refusal)]; }
    void add(const Counters& other) {
        for (std::size_t i = 0; i < refusal_count; ++i) counts[i] += other.counts[i];
    }
};

}  // namespace herkomst
