#include "capture/peel.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace herkomst {

namespace {

std::uint16_t be16(const std::uint8_t* at) { return static_cast<std::uint16_t>((at[0] << 8) | at[1]); }
std::uint32_t be32(const std::uint8_t* at) {
    std::uint32_t value = 0;
    std::memcpy(&value, at, 4);
    return std::endian::native == std::endian::little ? __builtin_bswap32(value) : value;
}
// In words of eight bytes, as seal reads them again: a read that is wider than what was written last waits for it.
void put_ipv4(const std::uint8_t* at, IpAddress& ip) {
    std::array<std::uint64_t, 2> words{};
    std::memcpy(words.data(), at, 4);
    ip.version = 4;
    std::memcpy(ip.bytes.data(), &words[0], 8);
    std::memcpy(ip.bytes.data() + 8, &words[1], 8);
}
std::uint64_t word_at(const std::uint8_t* at) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    return word;
}
Mac mac_at(const std::uint8_t* at) {
    Mac mac;
    std::memcpy(mac.bytes.data(), at, 6);
    return mac;
}

// LINKTYPE_ values (tcpdump.org/linktypes.html).
namespace link {
constexpr std::uint32_t null = 0;
constexpr std::uint32_t ethernet = 1;
constexpr std::uint32_t ppp = 9;
constexpr std::uint32_t raw_openbsd = 14;
constexpr std::uint32_t raw_bsd = 12;
constexpr std::uint32_t ppp_hdlc = 50;
constexpr std::uint32_t raw = 101;
constexpr std::uint32_t cisco_hdlc = 104;
constexpr std::uint32_t wireless = 105;
constexpr std::uint32_t frame_relay = 107;
constexpr std::uint32_t loop = 108;
constexpr std::uint32_t cooked = 113;
constexpr std::uint32_t radiotap = 127;
constexpr std::uint32_t ipv4 = 228;
constexpr std::uint32_t ipv6 = 229;
constexpr std::uint32_t netfilter_log = 239;
constexpr std::uint32_t cooked2 = 276;
}  // namespace link

namespace ethertype {
constexpr std::uint16_t ipv4 = 0x0800;
constexpr std::uint16_t vlan = 0x8100;
constexpr std::uint16_t ipv6 = 0x86dd;
constexpr std::uint16_t service_vlan = 0x88a8;
constexpr std::uint16_t group_tag = 0x8909;
constexpr std::uint16_t old_service_vlan = 0x9100;
constexpr std::uint16_t older_service_vlan = 0x9200;
constexpr std::uint16_t erspan_3 = 0x22eb;
constexpr std::uint16_t bridged = 0x6558;
constexpr std::uint16_t ppp = 0x880b;
constexpr std::uint16_t mpls = 0x8847;
constexpr std::uint16_t mpls_multicast = 0x8848;
constexpr std::uint16_t pppoe_session = 0x8864;
constexpr std::uint16_t erspan = 0x88be;
constexpr std::uint16_t backbone = 0x88e7;
constexpr std::uint16_t hsr = 0x892f;
}  // namespace ethertype

}  // namespace

// What is left of the frame: the captured bytes, how many there were on the wire, where they stand, how deep we are.
struct Peeler::View {
    Bytes bytes;
    std::size_t wire = 0;  // at least bytes.size()
    std::uint32_t offset = 0;
    unsigned depth = 0;
    unsigned tunnels = 0;

    [[nodiscard]] bool has(std::size_t n) const { return bytes.size() >= n; }
    [[nodiscard]] bool cut() const { return wire > bytes.size(); }
    [[nodiscard]] const std::uint8_t* at() const { return bytes.data(); }
    // Without its first n bytes; n has been checked.
    [[nodiscard, gnu::always_inline]] View after(std::size_t n) const {
        return {bytes.subspan(n), wire - n, offset + static_cast<std::uint32_t>(n), depth + 1, tunnels};
    }
    // Only the first n bytes as claimed by a header: what stands behind them is padding or a trailer.
    [[nodiscard, gnu::always_inline]] View trimmed(std::size_t n) const {
        return {bytes.first(std::min(n, bytes.size())), std::min(n, wire), offset, depth, tunnels};
    }
    // Could an IP packet, or an Ethernet frame, stand here? Asked before a tunnel is believed to be one.
    [[nodiscard]] bool fits_ip() const {
        if (!has(20)) return false;
        const std::uint8_t* at = bytes.data();
        const std::size_t header = (at[0] & 0x0fU) * std::size_t{4};
        const std::size_t total = be16(at + 2);
        if (at[0] >> 4 == 4) return header >= 20 && total >= header && total <= wire;
        return at[0] >> 4 == 6 && has(40) && be16(at + 4) + std::size_t{40} <= wire;
    }
    [[nodiscard]] bool fits_ethernet() const {
        if (!has(14)) return false;
        const Mac source = mac_at(bytes.data() + 6);
        const std::uint16_t type = be16(bytes.data() + 12);
        return source.known() && !source.group() && (type >= 0x0600 || type + std::size_t{14} <= wire);
    }
};

// What nearly every frame is: IPv4 in Ethernet, TCP in that. These steps (_here) are compiled into one piece, because what is
// left of the frame then stays in registers; whoever else comes to one of them calls the function without that ending.

// The key: the smaller side first. A sender without an address of its own (0.0.0.0, ::) is told apart by its MAC, so that all
// the DHCP clients of a link do not become one flow.
[[gnu::always_inline]] inline void Peeler::seal_here(Peeled& out) {
    struct Side {
        std::uint64_t first;
        std::uint64_t second;
        std::uint64_t port;
    };
    const auto side = [](const IpAddress& ip, const Mac& mac, std::uint16_t port) {
        Side made{word_at(ip.bytes.data()), word_at(ip.bytes.data() + 8), port};  // IPv4: zeros behind the four bytes
        if ((made.first | made.second) == 0) {
            std::array<std::uint8_t, 16> address{};
            std::memcpy(address.data() + 4, mac.bytes.data(), 6);
            made.first = word_at(address.data());
            made.second = word_at(address.data() + 8);
        }
        return made;
    };
    Side low = side(out.source_ip, out.source_mac, out.source_port);
    Side high = side(out.target_ip, out.target_mac, out.target_port);
    out.low_to_high = low.first != high.first     ? low.first < high.first
                      : low.second != high.second ? low.second < high.second
                                                  : low.port <= high.port;
    if (!out.low_to_high) std::swap(low, high);
    std::uint64_t discriminator = 0;
    if (out.kind == Kind::Frame) {
        discriminator = out.ethertype;
        if (out.ethertype == 0) {
            // LLC: the service access points, and the SNAP protocol where there is one, tell flows apart.
            const std::size_t n =
                out.payload.size() >= 8 && out.payload[0] == 0xaa ? 8 : std::min<std::size_t>(out.payload.size(), 2);
            for (std::size_t i = 0; i < n; ++i) discriminator = (discriminator << 8 | discriminator >> 56) ^ out.payload[i];
        }
    }
    const std::uint64_t what = static_cast<std::uint64_t>(out.kind) | std::uint64_t{out.source_ip.version} << 8 |
                               std::uint64_t{out.kind == Kind::Frame ? std::uint8_t{0} : out.protocol} << 16;
    out.key.words = {low.first,
                     low.second,
                     high.first,
                     high.second,
                     low.port << 48 | high.port << 32 | std::uint64_t{out.vlan.outer} << 16 | out.vlan.inner,
                     what ^ (discriminator << 24)};
    const std::uint64_t ports = low.port << 16 | high.port;
    out.hash = mixed(mixed(low.first ^ ports, high.first ^ out.key.words[5]), mixed(low.second, high.second));
}

// RFC 9293 3.1
[[gnu::always_inline]] inline bool Peeler::tcp_here(const View& rest, Peeled& out) {
    if (!rest.has(20)) return refuse(rest.cut() ? Refusal::payload_cut : Refusal::bad_tcp_header);
    const std::uint8_t* at = rest.at();
    const std::size_t header = (at[12] >> 4) * std::size_t{4};
    if (header < 20 || header > rest.wire) return refuse(Refusal::bad_tcp_header);
    out.source_port = be16(at);
    out.target_port = be16(at + 2);
    out.sequence = be32(at + 4);
    out.flags = at[13];
    // Options cut off by the capture: nothing of the payload is there either.
    const bool whole = rest.has(header);
    out.kind = Kind::Tcp;
    out.payload = whole ? rest.bytes.subspan(header) : Bytes();
    out.payload_claimed = static_cast<std::uint32_t>(rest.wire - header);
    out.payload_offset = rest.offset + (whole ? static_cast<std::uint32_t>(header) : 0);
    if (out.payload_claimed > out.payload.size()) counters_.count(Refusal::payload_cut);
    if ((out.flags & tcp_flag::syn) != 0 && whole) {
        out.offer = {};
        out.offer.seen = read_tcp_options(rest.bytes.subspan(20, header - 20), out.offer);
        out.offer.answer = (out.flags & tcp_flag::ack) != 0;
        out.offer.hop_limit = out.hop_limit;
        out.offer.window = be16(at + 14);
        out.offer.begin = rest.offset + 20;
        out.offer.end = out.payload_offset;
        out.offer.frame = out.frame;
    }
    seal_here(out);
    return true;
}

[[gnu::always_inline]] inline bool Peeler::transport_here(std::uint8_t protocol, const View& rest, Peeled& out) {
    if (protocol == 6) return tcp_here(rest, out);
    if (protocol == 17) return udp(rest, out);
    return other_transport(protocol, rest, out);
}

bool Peeler::other_transport(std::uint8_t protocol, View rest, Peeled& out) {
    // RFC 4302 2: next header, length in words less 2, two octets of 0, index, number, then the check value. Behind it all is
    // in the clear. IPv6 has walked it as one of its headers.
    for (unsigned headers = 0; protocol == 51 && headers < depth_max && rest.has(12); ++headers) {
        const std::uint8_t* at = rest.at();
        const std::size_t length = (at[1] + std::size_t{2}) * 4;
        if (be16(at + 2) != 0 || length < 12 || !rest.has(length)) break;
        out.protocol = protocol = at[0];
        rest = rest.after(length);
    }
    if (protocol == 6) return tcp(rest, out);
    if (protocol == 17) return udp(rest, out);
    bool peeled = false;
    bool got = false;
    if (protocol == 4 || protocol == 41) {  // RFC 2003, RFC 4213 3, RFC 2473
        got = carried_ip(Kind::OtherIp, rest, out, peeled);
    } else if (protocol == 47) {
        return gre(rest, out);
    } else if (protocol == 97 && rest.has(2) && be16(rest.at()) == 0x3000) {  // RFC 3378: version 3, the rest 0
        got = carried_ethernet(Kind::OtherIp, rest.after(2), out, peeled);
    } else if (protocol == 137) {  // RFC 4023
        return mpls(0, rest, out);
    }
    return peeled ? got : plain_ip(rest, out);
}

// RFC 791 3.1
[[gnu::always_inline]] inline bool Peeler::ipv4_here(const View& rest, Peeled& out) {
    if (!rest.has(20)) return refuse(rest.cut() ? Refusal::ip_header_cut : Refusal::bad_ip_header);
    const std::uint8_t* at = rest.at();
    const std::size_t header = (at[0] & 0x0fU) * std::size_t{4};
    if (at[0] >> 4 != 4 || header < 20) return refuse(Refusal::bad_ip_header);
    if (!rest.has(header)) return refuse(rest.cut() ? Refusal::ip_header_cut : Refusal::bad_ip_header);
    std::size_t total = be16(at + 2);
    // Captured before the network card filled it in (segmentation offload): the frame is all there is.
    if (total == 0) total = rest.wire;
    if (total < header) return refuse(Refusal::bad_ip_header);
    if (total > rest.wire) return refuse(Refusal::ip_longer_than_frame);
    put_ipv4(at + 12, out.source_ip);
    put_ipv4(at + 16, out.target_ip);
    out.address_offset = rest.offset + 12;
    out.protocol = at[9];
    out.hop_limit = at[8];
    const std::uint16_t fragment_field = be16(at + 6);
    const View inner = rest.trimmed(total).after(header);
    if ((fragment_field & 0x3fff) != 0) {
        const FragmentKey key{out.vlan, out.source_ip, out.target_ip, be16(at + 4), at[9]};
        return fragment(key, (fragment_field & 0x1fffU) * 8U, (fragment_field & 0x2000) != 0, inner, out);
    }
    return transport_here(at[9], inner, out);
}

// IEEE 802.3-2018 3.2: addresses, then a type (from 0x0600) or a length (up to 1500).
[[gnu::always_inline]] inline bool Peeler::ethernet_here(const View& frame, Peeled& out) {
    if (!frame.has(14)) return refuse(Refusal::short_frame);
    out.target_mac = mac_at(frame.at());
    out.source_mac = mac_at(frame.at() + 6);
    out.address_offset = 6;
    const std::uint16_t type = be16(frame.at() + 12);
    if (type == ethertype::ipv4) return ipv4_here(frame.after(14), out);
    return by_ethertype(type, frame.after(14), out);
}

bool Peeler::peel(const Packet& packet, Peeled& out) {
    out.clear();
    out.at = packet.at;
    out.frame = packet.number;
    carrier_count_ = 0;
    sample_count_ = sample_at_ = 0;
    const View frame{packet.bytes, packet.wire_length, 0, 0, 0};
    switch (packet.link_type) {
        case link::ethernet:
            return ethernet_here(frame, out);
        case link::null:
        case link::loop:
            return loopback(frame, out);
        case link::raw:
        case link::raw_bsd:
        case link::raw_openbsd:
        case link::ipv4:
        case link::ipv6:
            return ip(frame, out);
        case link::cooked:
            return cooked(frame, out, false);
        case link::cooked2:
            return cooked(frame, out, true);
        case link::wireless:
            return wireless(frame, out);
        case link::radiotap:
            return radiotap(frame, out);
        case link::ppp:
        case link::ppp_hdlc:
            return point_to_point(frame, out);
        case link::cisco_hdlc:
            return cisco_hdlc(frame, out);
        case link::frame_relay:
            return frame_relay(frame, out);
        case link::netfilter_log:
            return netfilter_log(frame, out);
        default:
            break;
    }
    if (unknown_link_types_.size() < 64 || unknown_link_types_.contains(packet.link_type)) {
        ++unknown_link_types_[packet.link_type];
    } else {
        counters_.count(Refusal::unknown_link_type);
    }
    return false;
}

bool Peeler::ethernet(View frame, Peeled& out) { return ethernet_here(frame, out); }

bool Peeler::by_ethertype(std::uint16_t type, View rest, Peeled& out) {
    // IEEE 802.1Q-2018 9.6: a tag is its type, three bits of priority, one of eligibility, twelve of VID, then the next type.
    while (type == ethertype::vlan || type == ethertype::service_vlan || type == ethertype::old_service_vlan ||
           type == ethertype::older_service_vlan) {
        if (rest.depth > depth_max) return refuse(Refusal::too_many_tags);
        if (!rest.has(4)) return refuse(Refusal::short_frame);
        const auto id = static_cast<std::uint16_t>(be16(rest.at()) & 0x0fffU);
        if (id != 0) {
            if (out.vlan.outer == 0) {
                out.vlan.outer = id;
            } else if (out.vlan.inner == 0) {
                out.vlan.inner = id;
            }
        }
        type = be16(rest.at() + 2);
        rest = rest.after(4);
    }
    // Cisco's group tag, between trusted switches behind the VLAN tag: version 1, length 1, option 1, group, the next type.
    if (type == ethertype::group_tag && rest.has(8) && be32(rest.at()) == 0x01010001) {
        const std::uint16_t inside = be16(rest.at() + 6);
        if (inside == ethertype::ipv4) return ipv4(rest.after(8), out);
        if (inside == ethertype::ipv6) return ipv6(rest.after(8), out);
    }
    if (type == ethertype::ipv4) return ipv4(rest, out);
    if (type == ethertype::ipv6) return ipv6(rest, out);
    if (type == ethertype::mpls || type == ethertype::mpls_multicast) return mpls(type, rest, out);
    if (type == ethertype::pppoe_session) return pppoe(rest, out);
    if (type == ethertype::hsr) return ring_tag(rest, out);
    // IEEE 802.1Q-2018 9.7: four bytes of priority and service id, then the customer's whole frame.
    if (type == ethertype::backbone && rest.has(4) && rest.after(4).fits_ethernet()) {
        bool peeled = false;
        out.ethertype = type;
        const bool got = carried_ethernet(Kind::Frame, rest.after(4), out, peeled);
        if (peeled) return got;
    }
    if (type <= 1500) {
        // Some capture boxes for MS/TP count the whole frame with its 14 bytes of header.
        const bool counts_header = type == rest.wire + 14;
        if (type > rest.wire && !counts_header) return refuse(Refusal::bad_length_field);
        return llc(rest.trimmed(type), out);
    }
    if (type < 0x0600) return refuse(Refusal::bad_length_field);
    return plain_frame(type, rest, out);
}

// IEEE 802.2 3.2; RFC 1042: SNAP with organisation 0 carries an EtherType, 00-00-F8 is the same for bridged networks.
bool Peeler::llc(View rest, Peeled& out) {
    if (!rest.has(3)) return refuse(Refusal::short_frame);
    const std::uint8_t* at = rest.at();
    if (at[0] == 0xaa && at[1] == 0xaa && at[2] == 0x03) {
        if (!rest.has(8)) return refuse(Refusal::short_frame);
        const bool ethernet_type = at[3] == 0 && at[4] == 0 && (at[5] == 0 || at[5] == 0xf8);
        const std::uint16_t type = be16(at + 6);
        if (ethernet_type && type >= 0x0600) {
            if (rest.depth > depth_max) return refuse(Refusal::too_many_tags);
            return by_ethertype(type, rest.after(8), out);
        }
    }
    return plain_frame(0, rest, out);
}

bool Peeler::plain_frame(std::uint16_t type, View rest, Peeled& out) {
    // IEC 62439-3 4.1.10: a PRP node puts a trailer behind each frame: sequence 16 bits, LAN 4 bits (A or B), size of payload
    // and trailer 12 bits, 88-FB. The one frame that only looks so has exactly this length too.
    constexpr std::size_t trailer = 6;
    if (!rest.cut() && rest.has(trailer)) {
        const std::uint8_t* at = rest.at() + rest.bytes.size() - trailer;
        const unsigned lan = at[2] >> 4;
        const bool sized = (be16(at + 2) & 0x0fffU) == rest.wire;
        if (be16(at + 4) == 0x88fb && (lan == 0x0a || lan == 0x0b) && sized) rest = rest.trimmed(rest.wire - trailer);
    }
    out.kind = Kind::Frame;
    out.ethertype = type;
    out.payload = rest.bytes;
    out.payload_claimed = static_cast<std::uint32_t>(rest.wire);
    out.payload_offset = rest.offset;
    seal(out);
    return true;
}

// tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html and ...SLL2.html: only the sender's address is there.
bool Peeler::cooked(View frame, Peeled& out, bool second_version) {
    const std::size_t header = second_version ? 20 : 16;
    if (!frame.has(header)) return refuse(Refusal::short_frame);
    const std::uint8_t* at = frame.at();
    const std::uint16_t protocol = second_version ? be16(at) : be16(at + 14);
    const unsigned address_length = second_version ? at[11] : be16(at + 4);
    const std::size_t address_at = second_version ? 12 : 6;
    if (address_length == 6) out.source_mac = mac_at(at + address_at);
    out.address_offset = static_cast<std::uint32_t>(address_at);
    const View rest = frame.after(header);
    if (protocol == 0x0004) return llc(rest, out);            // LINUX_SLL_P_802_2
    if (protocol < 0x0600) return plain_frame(0, rest, out);  // raw 802.3, CAN and others
    return by_ethertype(protocol, rest, out);
}

// LINKTYPE_NULL has the address family in the byte order of the capturing machine, LINKTYPE_LOOP in network order.
bool Peeler::loopback(View frame, Peeled& out) {
    if (!frame.has(4)) return refuse(Refusal::short_frame);
    std::uint32_t family = be32(frame.at());
    if (family > 0xffff) family = __builtin_bswap32(family);
    const View rest = frame.after(4);
    if (family == 2) return ipv4(rest, out);
    if (family == 10 || family == 24 || family == 28 || family == 30) return ipv6(rest, out);
    return refuse(Refusal::unknown_link_type);
}

// RFC 1661 2, RFC 1662 3.1: HDLC framing may stand in front; the protocol field may be compressed to one byte. Some captures of
// Cisco's HDLC call themselves PPP (tcpdump.org/linktypes.html, LINKTYPE_PPP_HDLC).
bool Peeler::point_to_point(View rest, Peeled& out) {
    if (rest.has(2) && (rest.at()[0] == 0x0f || rest.at()[0] == 0x8f) && rest.at()[1] == 0) return cisco_hdlc(rest, out);
    if (rest.has(2) && rest.at()[0] == 0xff && rest.at()[1] == 0x03) rest = rest.after(2);
    if (!rest.has(2)) return refuse(Refusal::short_frame);
    const bool compressed = (rest.at()[0] & 1) != 0;
    const std::uint16_t protocol = compressed ? rest.at()[0] : be16(rest.at());
    rest = rest.after(compressed ? 1 : 2);
    if (protocol == 0x0021) return ipv4(rest, out);
    if (protocol == 0x0057) return ipv6(rest, out);
    return refuse(Refusal::unknown_link_type);
}

// RFC 1547 4.3.1: 0F (to one) or 8F (to all), 00, an EtherType.
bool Peeler::cisco_hdlc(View frame, Peeled& out) {
    if (!frame.has(4)) return refuse(Refusal::short_frame);
    const std::uint8_t* at = frame.at();
    const std::uint16_t type = be16(at + 2);
    if ((at[0] != 0x0f && at[0] != 0x8f) || at[1] != 0 || (type != ethertype::ipv4 && type != ethertype::ipv6)) {
        return refuse(Refusal::unknown_link_type);  // or the line's own keep-alive
    }
    return by_ethertype(type, frame.after(4), out);
}

// RFC 2427 3 and 4: an address of two bytes (the last one odd), 03, then who is inside: IPv4, IPv6, or 80 and a SNAP header,
// before which a byte of 0 may stand. Cisco's own form has an EtherType behind the address.
bool Peeler::frame_relay(View frame, Peeled& out) {
    if (!frame.has(4)) return refuse(Refusal::short_frame);
    const std::uint8_t* at = frame.at();
    if ((at[0] & 1) != 0 || (at[1] & 1) == 0) return refuse(Refusal::unknown_link_type);
    const std::uint16_t type = be16(at + 2);
    if (type == ethertype::ipv4 || type == ethertype::ipv6) return by_ethertype(type, frame.after(4), out);
    if (at[2] != 0x03) return refuse(Refusal::unknown_link_type);
    View rest = frame.after(3);
    if (rest.at()[0] == 0) rest = rest.after(1);
    if (!rest.has(1)) return refuse(Refusal::short_frame);
    const std::uint8_t inside = rest.at()[0];
    rest = rest.after(1);
    if (inside == 0xcc) return ipv4(rest, out);
    if (inside == 0x8e) return ipv6(rest, out);
    if (inside != 0x80 || !rest.has(5) || rest.at()[0] != 0 || be16(rest.at() + 1) != 0) {
        return refuse(Refusal::unknown_link_type);
    }
    return by_ethertype(be16(rest.at() + 3), rest.after(5), out);
}

// tcpdump.org/linktypes/LINKTYPE_NFLOG.html: family, version 0, group; then length, type, value, filled to a multiple of four,
// in the byte order of the capturing machine. Type 9 is the packet.
bool Peeler::netfilter_log(View frame, Peeled& out) {
    if (!frame.has(4)) return refuse(Refusal::short_frame);
    if (frame.at()[1] != 0) return refuse(Refusal::unknown_link_type);
    View rest = frame.after(4);
    while (rest.has(4)) {
        const std::uint8_t* at = rest.at();
        const bool little = at[3] == 0;  // types are small
        const std::size_t length = little ? static_cast<std::size_t>(at[0] | at[1] << 8U) : be16(at);
        const unsigned type = little ? at[2] : at[3];
        if (length < 4) break;
        if (type == 9) return ip((length <= rest.wire ? rest.trimmed(length) : rest).after(4), out);
        const std::size_t next = (length + 3) & ~std::size_t{3};
        if (!rest.has(next)) break;
        rest = rest.after(next);
    }
    return refuse(Refusal::unknown_link_type);
}

// radiotap.org: version, padding, length, then bit masks of what is present; only the flags (bit 1) matter here.
bool Peeler::radiotap(View frame, Peeled& out) {
    if (!frame.has(8)) return refuse(Refusal::bad_radiotap);
    const std::uint8_t* at = frame.at();
    const std::size_t length = static_cast<std::size_t>(at[2]) | static_cast<std::size_t>(at[3]) << 8;
    if (at[0] != 0 || length < 8 || !frame.has(length)) return refuse(Refusal::bad_radiotap);
    const bool has_time = (at[4] & 1) != 0;
    const bool has_flags = (at[4] & 2) != 0;
    std::size_t fields = 8;
    // Bit 31 of a mask announces another one.
    for (std::size_t mask = 4; (at[mask + 3] & 0x80) != 0; mask += 4) {
        if (mask + 8 > length) return refuse(Refusal::bad_radiotap);
        fields = mask + 8;
    }
    std::uint8_t flags = 0;
    if (has_flags) {
        std::size_t flags_at = fields;
        if (has_time) flags_at = ((fields + 7) & ~std::size_t{7}) + 8;
        if (flags_at >= length) return refuse(Refusal::bad_radiotap);
        flags = at[flags_at];
    }
    View rest = frame.after(length);
    constexpr std::uint8_t fcs_at_end = 0x10;
    if ((flags & fcs_at_end) != 0 && rest.wire >= 4) rest = rest.trimmed(rest.wire - 4);
    return wireless(rest, out);
}

// IEEE 802.11-2020 9.2 (frame formats) and 9.3.2 (data frames).
bool Peeler::wireless(View frame, Peeled& out) {
    if (!frame.has(10)) return refuse(Refusal::short_frame);
    const std::uint8_t* at = frame.at();
    const unsigned type = (at[0] >> 2) & 3U;
    const unsigned subtype = at[0] >> 4;
    if ((at[0] & 3) != 0 || type != 2 || (subtype & 4) != 0) return refuse(Refusal::wireless_control);
    if (!frame.has(24)) return refuse(Refusal::short_frame);
    const bool to_network = (at[1] & 1) != 0;
    const bool from_network = (at[1] & 2) != 0;
    if ((at[1] & 0x40) != 0) return refuse(Refusal::wireless_protected);
    if ((at[1] & 0x04) != 0 || (at[22] & 0x0f) != 0) return refuse(Refusal::wireless_fragment);
    std::size_t header = 24;
    std::size_t source_at = 10;
    out.target_mac = mac_at(at + 4);
    if (to_network && from_network) {
        header = 30;
        if (!frame.has(header)) return refuse(Refusal::short_frame);
        out.target_mac = mac_at(at + 16);
        source_at = 24;
    } else if (to_network) {
        out.target_mac = mac_at(at + 16);
    } else if (from_network) {
        source_at = 16;
    }
    out.source_mac = mac_at(at + source_at);
    out.address_offset = frame.offset + static_cast<std::uint32_t>(source_at);
    if ((subtype & 8) != 0) {  // QoS
        if (!frame.has(header + 2)) return refuse(Refusal::short_frame);
        if ((at[header] & 0x80) != 0) return refuse(Refusal::wireless_aggregate);
        header += 2;
        if ((at[1] & 0x80) != 0) header += 4;  // HT control
    }
    if (!frame.has(header)) return refuse(Refusal::short_frame);
    return llc(frame.after(header), out);
}

bool Peeler::ip(View rest, Peeled& out) {
    if (!rest.has(1)) return refuse(Refusal::short_frame);
    const unsigned version = rest.at()[0] >> 4;
    if (version == 4) return ipv4(rest, out);
    if (version == 6) return ipv6(rest, out);
    return refuse(Refusal::bad_ip_header);
}

bool Peeler::ipv4(View rest, Peeled& out) { return ipv4_here(rest, out); }

// RFC 8200 3 and 4
bool Peeler::ipv6(View rest, Peeled& out) {
    if (!rest.has(40)) return refuse(rest.cut() ? Refusal::ip_header_cut : Refusal::bad_ip_header);
    const std::uint8_t* at = rest.at();
    if (at[0] >> 4 != 6) return refuse(Refusal::bad_ip_header);
    const std::size_t claimed = be16(at + 4);
    out.source_ip = IpAddress::v6(at + 8);
    out.target_ip = IpAddress::v6(at + 24);
    out.address_offset = rest.offset + 8;
    out.hop_limit = at[7];
    std::uint8_t next = at[6];
    View inner = rest.after(40);
    if (claimed > inner.wire) return refuse(Refusal::ip_longer_than_frame);
    if (claimed != 0) inner = inner.trimmed(claimed);  // 0: jumbogram or segmentation offload
    for (unsigned headers = 0;; ++headers) {
        if (headers > depth_max) return refuse(Refusal::bad_extension_header);
        const bool plain = next == 0 || next == 43 || next == 60 || next == 135 || next == 139 || next == 140;
        if (!plain && next != 44 && next != 51) break;
        if (!inner.has(8)) return refuse(inner.cut() ? Refusal::ip_header_cut : Refusal::bad_extension_header);
        const std::uint8_t* header = inner.at();
        if (next == 44) {
            const std::uint16_t field = be16(header + 2);
            const std::uint8_t protocol = header[0];
            if ((field & 0xfff9) != 0) {
                const FragmentKey key{out.vlan, out.source_ip, out.target_ip, be32(header + 4), protocol};
                out.protocol = protocol;
                return fragment(key, field & 0xfff8U, (field & 1) != 0, inner.after(8), out);
            }
            next = protocol;  // an atomic fragment (RFC 6946)
            inner = inner.after(8);
            continue;
        }
        const std::size_t length = next == 51 ? (header[1] + std::size_t{2}) * 4 : (header[1] + std::size_t{1}) * 8;
        if (!inner.has(length)) return refuse(inner.cut() ? Refusal::ip_header_cut : Refusal::bad_extension_header);
        next = header[0];
        inner = inner.after(length);
    }
    out.protocol = next;
    return transport(next, inner, out);
}

bool Peeler::transport(std::uint8_t protocol, View rest, Peeled& out) { return transport_here(protocol, rest, out); }

bool Peeler::plain_ip(View rest, Peeled& out) {
    out.kind = Kind::OtherIp;
    out.payload = rest.bytes;
    out.payload_claimed = static_cast<std::uint32_t>(rest.wire);
    out.payload_offset = rest.offset;
    seal(out);
    return true;
}

// RFC 768. RFC 2675 4: a length of 0 in a jumbogram means the rest of the packet.
bool Peeler::udp(View rest, Peeled& out) {
    if (!rest.has(8)) return refuse(rest.cut() ? Refusal::payload_cut : Refusal::bad_udp_header);
    const std::uint8_t* at = rest.at();
    out.source_port = be16(at);
    out.target_port = be16(at + 2);
    std::size_t length = be16(at + 4);
    if (length == 0) length = rest.wire;
    if (length < 8 || length > rest.wire) return refuse(Refusal::bad_udp_header);
    const View data = rest.trimmed(length).after(8);
    bool peeled = false;
    const bool got = datagram_tunnel(data, out, peeled);
    if (peeled) return got;
    if (data.cut()) counters_.count(Refusal::payload_cut);
    out.kind = Kind::Udp;
    out.payload = data.bytes;
    out.payload_claimed = static_cast<std::uint32_t>(data.wire);
    out.payload_offset = data.offset;
    seal(out);
    return true;
}

// ---- tunnels ----

// Steps into a tunnel: what carries it is kept, and nothing of it (addresses, VLAN) is taken for a property of what is inside.
// False when there are too many inside one another; then the flow stays that of the tunnel.
bool Peeler::carry(Kind kind, View& inner, Peeled& out) {
    if (inner.tunnels >= tunnels_max || carrier_count_ >= tunnels_max) return refuse(Refusal::too_many_tunnels);
    Peeled& carrier = carriers_[carrier_count_++];
    carrier = out;
    carrier.kind = kind;
    carrier.payload = {};
    carrier.payload_claimed = static_cast<std::uint32_t>(inner.wire);
    carrier.payload_offset = inner.offset;
    seal(carrier);
    out.vlan = {};
    out.source_mac = out.target_mac = {};
    out.source_ip = out.target_ip = {};
    out.source_port = out.target_port = 0;
    out.protocol = 0;
    out.ethertype = 0;
    ++inner.tunnels;
    inner.depth = 0;
    return true;
}

bool Peeler::carried_ip(Kind carrier, View inner, Peeled& out, bool& peeled) {
    if (!inner.fits_ip()) {
        if (!inner.cut()) counters_.count(Refusal::bad_tunnel_header);
        return false;
    }
    peeled = carry(carrier, inner, out);
    return peeled && ip(inner, out);
}

bool Peeler::carried_ethernet(Kind carrier, View inner, Peeled& out, bool& peeled) {
    if (!inner.fits_ethernet()) {
        if (!inner.cut()) counters_.count(Refusal::bad_tunnel_header);
        return false;
    }
    peeled = carry(carrier, inner, out);
    if (!peeled) return false;
    out.target_mac = mac_at(inner.at());
    out.source_mac = mac_at(inner.at() + 6);
    out.address_offset = inner.offset + 6;
    return by_ethertype(be16(inner.at() + 12), inner.after(14), out);
}

// RFC 3032 2.1: entries of label 20 bits, class 3, bottom of the stack 1, time to live 8. What follows is not said: the labels
// 0 and 2 stand for IPv4 and IPv6, else the first four bits tell IP from a pseudo-wire, whose control word begins with 0 (RFC
// 4385 3), and which may also do without one (RFC 4448 4.4). `type` 0: MPLS in IP.
bool Peeler::mpls(std::uint16_t type, View rest, Peeled& out) {
    const Kind carrier = type == 0 ? Kind::OtherIp : Kind::Frame;
    View inner = rest;
    bool bottom = false;
    for (unsigned labels = 0; !bottom && labels < depth_max && inner.has(4); ++labels) {
        const std::uint32_t entry = be32(inner.at());
        bottom = (entry & 0x100) != 0;
        inner = inner.after(4);
    }
    bool peeled = false;
    bool got = false;
    if (bottom) {
        out.ethertype = type;
        if (inner.fits_ip()) {
            got = carried_ip(carrier, inner, out, peeled);
        } else if (inner.has(4) && inner.at()[0] >> 4 == 0 && inner.after(4).fits_ethernet()) {
            got = carried_ethernet(carrier, inner.after(4), out, peeled);
        } else if (inner.fits_ethernet()) {
            got = carried_ethernet(carrier, inner, out, peeled);
        }
    }
    if (peeled) return got;
    return type == 0 ? plain_ip(rest, out) : plain_frame(type, rest, out);
}

// RFC 2516 4: version and type 1, code 0, session, length; then PPP. The stations at both ends are on this link, so they stay.
bool Peeler::pppoe(View rest, Peeled& out) {
    if (rest.has(8) && rest.at()[0] == 0x11 && rest.at()[1] == 0 && be16(rest.at() + 4) + std::size_t{6} <= rest.wire) {
        const View inner = rest.trimmed(be16(rest.at() + 4) + std::size_t{6}).after(6);
        const std::uint16_t protocol = inner.has(2) ? be16(inner.at()) : std::uint16_t{0};
        if ((protocol == 0x0021 || protocol == 0x0057) && inner.after(2).fits_ip()) return ip(inner.after(2), out);
    } else {
        counters_.count(Refusal::bad_tunnel_header);
    }
    return plain_frame(ethertype::pppoe_session, rest, out);
}

// IEC 62439-3 5.6: path 4 bits, size 12 bits, sequence 16 bits, then the type that the frame had before.
bool Peeler::ring_tag(View rest, Peeled& out) {
    if (rest.has(6) && rest.depth <= depth_max) {
        const std::size_t size = be16(rest.at()) & 0x0fffU;
        const std::uint16_t type = be16(rest.at() + 4);
        if (size <= rest.wire + 2 && type != ethertype::hsr && (type >= 0x0600 || type + std::size_t{6} <= rest.wire)) {
            return by_ethertype(type, rest.after(6), out);
        }
    }
    counters_.count(Refusal::bad_tunnel_header);
    return plain_frame(ethertype::hsr, rest, out);
}

// RFC 2784 2, RFC 2890 2: checksum, key and sequence number are there when their bits say so, all other bits are 0. RFC 2637
// 4.1: version 1 has a key of payload length and call, and carries PPP.
bool Peeler::gre(View rest, Peeled& out) {
    if (!rest.has(4)) return plain_ip(rest, out);
    const std::uint16_t flags = be16(rest.at());
    const std::uint16_t type = be16(rest.at() + 2);
    const bool key = (flags & 0x2000) != 0;
    const bool sequence = (flags & 0x1000) != 0;
    const bool enhanced = (flags & 7) == 1;
    std::size_t header = 4;
    if ((flags & 0x8000) != 0) header += 4;
    if (key) header += 4;
    if (sequence) header += 4;
    if (enhanced && (flags & 0x0080) != 0) header += 4;
    const bool shaped = enhanced ? (flags & 0xcf78) == 0 && key && type == ethertype::ppp : (flags & 0x4fff) == 0;
    if (!shaped) {
        counters_.count(Refusal::bad_tunnel_header);
        return plain_ip(rest, out);
    }
    if (!rest.has(header)) return plain_ip(rest, out);
    if (enhanced) {
        const std::size_t length = be16(rest.at() + 4);
        const View inner = rest.after(header);
        if (length == 0 || length > inner.wire) return plain_ip(rest, out);
        return ppp_in_ip(inner.trimmed(length), out);
    }
    out.ethertype = 0;
    return gre_payload(type, sequence, rest.after(header), out);
}

bool Peeler::gre_payload(std::uint16_t type, bool sequence, View inner, Peeled& out) {
    bool peeled = false;
    bool got = false;
    switch (type) {
        case ethertype::ipv4:
        case ethertype::ipv6:
            got = carried_ip(Kind::OtherIp, inner, out, peeled);
            break;
        case ethertype::bridged:
            got = carried_ethernet(Kind::OtherIp, inner, out, peeled);
            break;
        case ethertype::mpls:
        case ethertype::mpls_multicast:
            return mpls(0, inner, out);
        case ethertype::ppp:
            return ppp_in_ip(inner, out);
        case ethertype::erspan:
            // draft-foschiano-erspan-03 4: type I has neither sequence number nor header.
            if (sequence) return erspan(type, inner, out);
            got = carried_ethernet(Kind::OtherIp, inner, out, peeled);
            break;
        case ethertype::erspan_3:
            return erspan(type, inner, out);
        default:
            break;
    }
    return peeled ? got : plain_ip(inner, out);
}

// draft-foschiano-erspan-03 4.2 and 4.3: version 4 bits (1 is type II, 2 is type III), VLAN 12 bits; type II: 8 bytes; type
// III: 12 bytes, with 8 more when the last bit says so, and a frame type of which 0 is Ethernet.
bool Peeler::erspan(std::uint16_t type, View inner, Peeled& out) {
    const bool third = type == ethertype::erspan_3;
    std::size_t header = third ? 12 : 8;
    bool peeled = false;
    bool got = false;
    if (inner.has(header) && inner.at()[0] >> 4 == (third ? 2 : 1)) {
        const std::uint8_t* at = inner.at();
        const bool ethernet_inside = !third || (at[10] & 0x7c) == 0;
        if (third && (at[11] & 1) != 0) header += 8;
        // The mirror took off an 802.1Q tag (encapsulation 2) and says so here.
        const auto vlan = static_cast<std::uint16_t>(be16(at) & 0x0fffU);
        const bool untagged = !third && ((at[2] >> 3) & 3) == 2 && vlan != 0;
        if (ethernet_inside && inner.has(header)) {
            View frame = inner.after(header);
            if (frame.fits_ethernet() && untagged && carry(Kind::OtherIp, frame, out)) {
                out.vlan.outer = vlan;
                out.target_mac = mac_at(frame.at());
                out.source_mac = mac_at(frame.at() + 6);
                out.address_offset = frame.offset + 6;
                return by_ethertype(be16(frame.at() + 12), frame.after(14), out);
            }
            if (!untagged) got = carried_ethernet(Kind::OtherIp, frame, out, peeled);
        }
    } else {
        counters_.count(Refusal::bad_tunnel_header);
    }
    return peeled ? got : plain_ip(inner, out);
}

// RFC 1661 2, RFC 1662 3.1, as in point_to_point, but what is not IP stays with the tunnel.
bool Peeler::ppp_in_ip(View rest, Peeled& out) {
    View inner = rest;
    if (inner.has(2) && inner.at()[0] == 0xff && inner.at()[1] == 0x03) inner = inner.after(2);
    bool peeled = false;
    bool got = false;
    if (inner.has(2)) {
        const bool compressed = (inner.at()[0] & 1) != 0;
        const std::uint16_t protocol = compressed ? inner.at()[0] : be16(inner.at());
        inner = inner.after(compressed ? 1 : 2);
        if (protocol == 0x0021 || protocol == 0x0057) got = carried_ip(Kind::OtherIp, inner, out, peeled);
    }
    return peeled ? got : plain_ip(rest, out);
}

// Tunnels in UDP. A port only says where to look; the header must hold, and what it announces must stand there.
bool Peeler::datagram_tunnel(View data, Peeled& out, bool& peeled) {
    if (!data.has(8)) return false;
    const std::uint8_t* at = data.at();
    switch (out.target_port) {
        case 4789:
        case 8472:
            // RFC 7348 5: flag I, all else 0 (and the group policy extension's 0x80), network 24 bits, 0.
            if ((at[0] != 0x08 && at[0] != 0x88) || (at[1] & 0xb7) != 0 || at[7] != 0) return false;
            if (at[0] == 0x08 && be16(at + 2) != 0) return false;
            return carried_ethernet(Kind::Udp, data.after(8), out, peeled);
        case 6081: {
            // RFC 8926 3.4: version 0, options in units of four, flags O and C, protocol, network 24 bits, 0.
            const std::size_t header = 8 + (at[0] & 0x3fU) * std::size_t{4};
            const std::uint16_t type = be16(at + 2);
            if ((at[0] & 0xc0) != 0 || (at[1] & 0x3f) != 0 || at[7] != 0 || !data.has(header)) return false;
            if (type == ethertype::bridged) return carried_ethernet(Kind::Udp, data.after(header), out, peeled);
            if (type != ethertype::ipv4 && type != ethertype::ipv6) return false;
            return carried_ip(Kind::Udp, data.after(header), out, peeled);
        }
        case 37008: {
            // TZSP: version 1, a received frame (0) or one to send (1), what it is; then tagged fields up to tag 1; tag 0 pads.
            const std::uint16_t what = be16(at + 2);
            if (at[0] != 1 || at[1] > 1 || (what != 1 && what != 18)) return false;
            View inner = data.after(4);
            for (unsigned tags = 0; tags < 64; ++tags) {
                if (!inner.has(1)) return false;
                const std::uint8_t tag = inner.at()[0];
                if (tag > 1 && !inner.has(2)) return false;
                const std::size_t size = tag <= 1 ? 1 : std::size_t{2} + inner.at()[1];
                if (!inner.has(size)) return false;
                inner = inner.after(size);
                if (tag != 1) continue;
                if (what == 1) return carried_ethernet(Kind::Udp, inner, out, peeled);
                if (!inner.has(24)) return false;
                peeled = carry(Kind::Udp, inner, out);
                return peeled && wireless(inner, out);
            }
            return false;
        }
        case 6343:
            return samples(data, out, peeled);
        default:
            break;
    }
    if (out.target_port == 2152 || out.source_port == 2152) {
        // 3GPP TS 29.281 5.1: version 1 and protocol type 1; message 255 carries a user's packet; the length counts from byte
        // 8; four bytes more when one of the flags E, S, PN is set; extension headers of length * 4 end with the type of the
        // next.
        const std::size_t length = be16(at + 2);
        if ((at[0] & 0xf8) != 0x30 || at[1] != 255 || length == 0 || length + 8 > data.wire) return false;
        View inner = data.trimmed(length + 8).after(8);
        if ((at[0] & 7) != 0) {
            if (!inner.has(4)) return false;
            std::uint8_t next = (at[0] & 4) != 0 ? inner.at()[3] : std::uint8_t{0};
            inner = inner.after(4);
            for (unsigned headers = 0; next != 0; ++headers) {
                const std::size_t size = inner.has(1) ? inner.at()[0] * std::size_t{4} : 0;
                if (headers >= depth_max || size == 0 || !inner.has(size)) return false;
                next = inner.at()[size - 1];
                inner = inner.after(size);
            }
        }
        return carried_ip(Kind::Udp, inner, out, peeled);
    }
    return false;
}

// sFlow 5 (sflow.org, "sFlow Version 5", sections 4 and 5), all in units of four bytes: version, kind of address, address, sub
// agent, sequence, uptime, number of samples; a sample: kind (1 and 3 are of frames), size, then for kind 1 seven words more,
// for kind 3 ten, and the number of records; a record: kind (1 is a frame's beginning), size, protocol (1 Ethernet, 11 and 12
// IP), the frame's length, what was stripped, the size of what was kept, that.
bool Peeler::samples(View data, Peeled& out, bool& peeled) {
    const auto word = [&](std::size_t at) { return be32(data.at() + at); };
    const std::size_t size = data.bytes.size();
    // Within one that was sampled from another there is no use in looking for more.
    if (sample_count_ != 0 || size < 28 || word(0) != 5 || (word(4) != 1 && word(4) != 2)) return false;
    std::size_t at = 8 + (word(4) == 1 ? 4 : 16) + 12;
    if (size < at + 4) return false;
    std::uint32_t left = word(at);
    at += 4;
    for (; left > 0 && size - at >= 8; --left) {
        const std::uint32_t kind = word(at);
        const std::size_t length = word(at + 4);
        at += 8;
        if (length > size - at) break;
        const std::size_t end = at + length;
        const std::size_t head = kind == 1 ? 28 : kind == 3 ? 40 : length;
        if (length >= head + 4) {
            std::size_t record = at + head + 4;
            for (std::uint32_t records = word(at + head); records > 0 && end - record >= 8; --records) {
                const bool frame = word(record) == 1;
                const std::size_t record_size = word(record + 4);
                record += 8;
                if (record_size > end - record) return false;
                const std::size_t kept = frame && record_size >= 16 ? word(record + 12) : 0;
                const std::uint32_t protocol = kept == 0 ? 0 : word(record);
                if (kept != 0 && kept <= record_size - 16 && (protocol == 1 || protocol == 11 || protocol == 12) &&
                    sample_count_ < samples_max) {
                    const View inner = data.after(record + 16);
                    samples_[sample_count_++] = {inner.bytes.first(kept), std::max<std::size_t>(word(record + 4), kept),
                                                 inner.offset, data.tunnels + 1, protocol == 1};
                }
                record += record_size;
            }
        }
        at = end;
    }
    if (sample_count_ == 0) return false;
    // What stands in the peeler's own memory may be gone when the next is asked for.
    if (out.joined) sample_count_ = 1;
    const Sample& first = samples_[sample_at_++];
    const View inner{first.bytes, first.wire, first.offset, 0, data.tunnels};
    const bool got =
        first.ethernet ? carried_ethernet(Kind::Udp, inner, out, peeled) : carried_ip(Kind::Udp, inner, out, peeled);
    if (!peeled) sample_count_ = sample_at_ = 0;
    return got;
}

bool Peeler::next(Peeled& out) {
    const Sample& sample = samples_[sample_at_++];
    const Time at = out.at;
    const std::uint64_t frame = out.frame;
    out.clear();
    out.at = at;
    out.frame = frame;
    carrier_count_ = 0;
    const View view{sample.bytes, sample.wire, sample.offset, 0, sample.tunnels};
    if (!sample.ethernet) return view.fits_ip() && ip(view, out);
    if (!view.fits_ethernet()) return false;
    out.target_mac = mac_at(view.at());
    out.source_mac = mac_at(view.at() + 6);
    out.address_offset = view.offset + 6;
    return by_ethertype(be16(view.at() + 12), view.after(14), out);
}

bool Peeler::tcp(View rest, Peeled& out) { return tcp_here(rest, out); }

// RFC 791 3.2, RFC 8200 4.5. Fragments that overlap differ between receivers (RFC 5722), so none of that datagram is believed;
// an exact duplicate is harmless.
bool Peeler::fragment(const FragmentKey& key, std::uint32_t offset, bool more, View data, Peeled& out) {
    const auto size = static_cast<std::uint32_t>(data.bytes.size());
    if (data.cut() || size == 0 || (more && size % 8 != 0) || offset + size > 65535) return refuse(Refusal::bad_fragment);
    drop_oldest(out.at, false);
    auto found = datagrams_.find(key);
    if (found == datagrams_.end()) {
        if (datagrams_.size() >= datagrams_max) drop_oldest(out.at, true);
        Datagram fresh;
        fresh.started = out.at;
        fresh.order = next_order_++;
        fresh.first_frame = out.frame;
        by_age_.emplace(fresh.order, key);
        found = datagrams_.emplace(key, std::move(fresh)).first;
    }
    Datagram& datagram = found->second;
    if (datagram.refused) return false;
    const std::uint32_t end = offset + size;
    const auto give_up = [&](Refusal refusal) {
        fragment_bytes_ -= datagram.bytes.capacity();
        datagram.bytes = {};
        datagram.have = {};
        datagram.refused = true;  // further fragments of it are ignored until it is forgotten
        return refuse(refusal);
    };
    for (const auto& [from, to] : datagram.have) {
        if (from == offset && to == end) return false;
        if (offset < to && from < end) return give_up(Refusal::fragment_overlap);
    }
    const bool contradiction = (!more && datagram.total != 0 && datagram.total != end) ||
                               (datagram.total != 0 && end > datagram.total) ||
                               (!more && !datagram.have.empty() && datagram.have.back().second > end);
    if (contradiction || datagram.have.size() >= fragments_max) return give_up(Refusal::bad_fragment);
    if (!more) datagram.total = end;
    if (datagram.bytes.size() < end) {
        fragment_bytes_ -= datagram.bytes.capacity();
        datagram.bytes.resize(end);
        fragment_bytes_ += datagram.bytes.capacity();
    }
    std::memcpy(datagram.bytes.data() + offset, data.at(), size);
    const std::pair<std::uint32_t, std::uint32_t> range{offset, end};
    datagram.have.insert(std::lower_bound(datagram.have.begin(), datagram.have.end(), range), range);
    std::uint32_t reached = 0;
    for (const auto& [from, to] : datagram.have) {
        if (from != reached) break;
        reached = to;
    }
    if (datagram.total == 0 || reached != datagram.total) {
        while (fragment_bytes_ > fragment_bytes_max) drop_oldest(out.at, true);
        return false;
    }
    fragment_bytes_ -= datagram.bytes.capacity();
    joined_ = std::move(datagram.bytes);
    out.frame = datagram.first_frame;
    out.joined = true;
    by_age_.erase(datagram.order);
    datagrams_.erase(found);
    return transport(key.protocol, View{joined_, joined_.size(), 0, data.depth, data.tunnels}, out);
}

void Peeler::drop_oldest(Time now, bool make_room) {
    while (!by_age_.empty()) {
        const auto oldest = by_age_.begin();
        const auto found = datagrams_.find(oldest->second);
        const bool late = found->second.started + fragment_patience < now;
        if (!late && !make_room) return;
        if (!found->second.refused) counters_.count(late ? Refusal::fragment_timeout : Refusal::fragment_table_full);
        fragment_bytes_ -= found->second.bytes.capacity();
        datagrams_.erase(found);
        by_age_.erase(oldest);
        make_room = false;
    }
}

void Peeler::finish() {
    for (const auto& [key, datagram] : datagrams_) {
        if (!datagram.refused) counters_.count(Refusal::fragment_timeout);
    }
    datagrams_.clear();
    by_age_.clear();
    fragment_bytes_ = 0;
}

void Peeler::seal(Peeled& out) { seal_here(out); }

}  // namespace herkomst
