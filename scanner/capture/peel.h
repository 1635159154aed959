// From a captured frame to the innermost thing worth decoding: a TCP segment, a UDP datagram, another IP payload or the
// payload of a frame without IP. This is the gauntlet: every header claim is checked against what was captured before the
// next one is read, trailers and padding are cut, and whatever fails is counted under a name and goes no further.
//
// Tunnels are peeled too (MPLS, PPPoE, HSR, 802.1ah, IP in IP, GRE, ERSPAN, VXLAN, GENEVE, TZSP, GTP-U): what they carry is the
// flow, with the addresses and VLANs that stand inside. What carries it is kept as a flow without payload, `carriers()`, so
// that the ends of a tunnel stay visible. Something that only looks like a tunnel stays what it was. A datagram of sFlow brings
// the beginnings of several frames that a switch sampled: the first is what `peel` gives, `next` gives the others.
//
// A Peeler is used by one thread, in packet order; it owns the table of IP fragments. Nothing is allocated per packet except
// for fragments.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "capture/counters.h"
#include "capture/file.h"
#include "capture/tcp_offer.h"
#include "core/endpoint.h"
#include "core/hash.h"

namespace herkomst {

enum class Kind : std::uint8_t { Frame, Udp, Tcp, OtherIp };

namespace tcp_flag {
inline constexpr std::uint8_t fin = 1;
inline constexpr std::uint8_t syn = 2;
inline constexpr std::uint8_t rst = 4;
inline constexpr std::uint8_t ack = 16;
}  // namespace tcp_flag

// What identifies a flow, with its two sides in a fixed order, so that both directions have the same key.
struct FlowKey {
    std::array<std::uint64_t, 6> words{};
    // Word by word: a key is compared right after it was made, and a wider read would wait until its words have reached memory.
    bool operator==(const FlowKey& other) const {
        return words[0] == other.words[0] && words[1] == other.words[1] && words[2] == other.words[2] &&
               words[3] == other.words[3] && words[4] == other.words[4] && words[5] == other.words[5];
    }
};

// The innermost flow's view of one packet. Pointers lead into the packet or into the peeler's joined datagram.
struct Peeled {
    Time at{};
    std::uint64_t frame = 0;
    Bytes payload;                      // captured part, trimmed to what the headers claim
    std::uint32_t payload_claimed = 0;  // at least payload.size()
    std::uint32_t payload_offset = 0;   // within the frame; meaningless when joined
    std::uint32_t address_offset = 0;   // of the source IP address within the frame, or of the source MAC
    std::uint64_t hash = 0;             // symmetric, of the innermost flow without its VLAN
    FlowKey key;
    bool low_to_high = true;  // the sender is the first side of the key
    bool joined = false;      // from fragments
    Kind kind = Kind::Frame;
    std::uint8_t protocol = 0;    // IP protocol
    std::uint8_t hop_limit = 0;   // IP, as it came; 0: there is no IP
    std::uint8_t flags = 0;       // TCP
    std::uint32_t sequence = 0;   // TCP
    std::uint16_t ethertype = 0;  // Frame: 0 = 802.3 with LLC
    std::uint16_t source_port = 0;
    std::uint16_t target_port = 0;
    Vlan vlan;
    Mac source_mac;
    Mac target_mac;
    IpAddress source_ip;
    IpAddress target_ip;
    TcpOffer offer;  // of a SYN or SYN-ACK

    // Ready for the next packet: only what some way through the headers leaves as it is. The rest is set on every way.
    void clear() {
        address_offset = 0;
        joined = false;
        protocol = hop_limit = flags = 0;
        sequence = 0;
        ethertype = source_port = target_port = 0;
        vlan = {};
        source_mac = target_mac = {};
        source_ip = target_ip = {};
        offer.seen = false;
    }
};

class Peeler {
  public:
    static constexpr std::size_t datagrams_max = 1024;            // incomplete fragmented datagrams, the oldest goes
    static constexpr std::size_t fragments_max = 256;             // per datagram
    static constexpr std::size_t fragment_bytes_max = 16U << 20;  // in all of them
    static constexpr std::chrono::seconds fragment_patience{30};  // RFC 1122 3.3.2 asks for 60 to 120; captures know better
    static constexpr unsigned depth_max = 8;                      // tags and headers inside one another
    static constexpr unsigned tunnels_max = 4;                    // tunnels inside one another
    static constexpr unsigned samples_max = 32;                   // frames of one sFlow datagram; what is more is passed over

    // True when `out` holds something to decode. What it points to is valid until the next call.
    bool peel(const Packet&, Peeled& out);
    // The next of several frames that the last packet brought: as peel, without carriers. `more()` tells whether there is one.
    [[nodiscard]] bool more() const { return sample_at_ < sample_count_; }
    bool next(Peeled& out);
    // The tunnels around the last packet, outermost first, as flows without payload. There may be some where peel said false.
    [[nodiscard]] std::span<const Peeled> carriers() const { return {carriers_.data(), carrier_count_}; }
    // Forgets incomplete datagrams (end of a source).
    void finish();
    // True when the last payload stands in the peeler's own memory and not in the packet.
    [[nodiscard]] const Counters& counters() const { return counters_; }
    // Frames of link types that are not understood, by type (at most 64 types; further ones are counted as one).
    [[nodiscard]] const std::map<std::uint32_t, std::uint64_t>& unknown_link_types() const { return unknown_link_types_; }

  private:
    struct View;
    struct FragmentKey {
        Vlan vlan;
        IpAddress source;
        IpAddress target;
        std::uint32_t id = 0;
        std::uint8_t protocol = 0;
        auto operator<=>(const FragmentKey&) const = default;
    };
    struct Datagram {
        std::vector<std::uint8_t> bytes;
        std::vector<std::pair<std::uint32_t, std::uint32_t>> have;  // [begin, end), sorted
        std::uint32_t total = 0;                                    // 0: the last fragment is not here yet
        Time started{};
        std::uint64_t order = 0;
        std::uint64_t first_frame = 0;
        bool refused = false;
    };

    bool refuse(Refusal refusal) {
        counters_.count(refusal);
        return false;
    }
    bool ethernet(View, Peeled&);
    bool by_ethertype(std::uint16_t ethertype, View, Peeled&);
    bool llc(View, Peeled&);
    bool plain_frame(std::uint16_t ethertype, View, Peeled&);
    bool cooked(View, Peeled&, bool second_version);
    bool loopback(View, Peeled&);
    bool point_to_point(View, Peeled&);
    bool cisco_hdlc(View, Peeled&);
    bool frame_relay(View, Peeled&);
    bool netfilter_log(View, Peeled&);
    bool radiotap(View, Peeled&);
    bool wireless(View, Peeled&);
    bool ip(View, Peeled&);
    bool ipv4(View, Peeled&);
    bool ipv6(View, Peeled&);
    bool transport(std::uint8_t protocol, View, Peeled&);
    bool udp(View, Peeled&);
    bool tcp(View, Peeled&);
    bool ethernet_here(const View&, Peeled&);
    bool ipv4_here(const View&, Peeled&);
    bool transport_here(std::uint8_t protocol, const View&, Peeled&);
    bool tcp_here(const View&, Peeled&);
    bool other_transport(std::uint8_t protocol, View, Peeled&);
    bool mpls(std::uint16_t ethertype, View, Peeled&);
    bool pppoe(View, Peeled&);
    bool ring_tag(View, Peeled&);
    bool gre(View, Peeled&);
    bool gre_payload(std::uint16_t ethertype, bool sequence, View, Peeled&);
    bool erspan(std::uint16_t ethertype, View, Peeled&);
    bool ppp_in_ip(View, Peeled&);
    bool datagram_tunnel(View, Peeled&, bool& peeled);
    bool samples(View, Peeled&, bool& peeled);
    bool plain_ip(View, Peeled&);
    bool carry(Kind kind, View& inner, Peeled&);
    bool carried_ip(Kind carrier, View, Peeled&, bool& peeled);
    bool carried_ethernet(Kind carrier, View, Peeled&, bool& peeled);
    bool fragment(const FragmentKey&, std::uint32_t offset, bool more, View, Peeled&);
    void drop_oldest(Time now, bool make_room);
    static void seal(Peeled&);
    static void seal_here(Peeled&);

    Counters counters_;
    std::map<std::uint32_t, std::uint64_t> unknown_link_types_;
    std::map<FragmentKey, Datagram> datagrams_;
    std::map<std::uint64_t, FragmentKey> by_age_;
    std::uint64_t next_order_ = 0;
    std::size_t fragment_bytes_ = 0;
    std::vector<std::uint8_t> joined_;
    // A frame that a switch sampled, in the last packet.
    struct Sample {
        Bytes bytes;
        std::size_t wire = 0;
        std::uint32_t offset = 0;
        unsigned tunnels = 0;
        bool ethernet = true;  // else IP
    };
    std::array<Sample, samples_max> samples_;
    unsigned sample_count_ = 0;
    unsigned sample_at_ = 0;
    std::array<Peeled, tunnels_max> carriers_;
    std::size_t carrier_count_ = 0;
};

}  // namespace herkomst
