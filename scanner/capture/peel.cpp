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
Mac mac_at(const std::uint8_t* at) {
    Mac mac;
    std::memcpy(mac.bytes.data(), at, 6);
    return mac;
}

std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
    const unsigned __int128 product =
        static_cast<unsigned __int128>(a ^ 0x9e37'79b9'7f4a'7c15ULL) * (b ^ 0xd1b5'4a32'd192'ed03ULL);
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
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
constexpr std::uint32_t wireless = 105;
constexpr std::uint32_t loop = 108;
constexpr std::uint32_t cooked = 113;
constexpr std::uint32_t radiotap = 127;
constexpr std::uint32_t ipv4 = 228;
constexpr std::uint32_t ipv6 = 229;
constexpr std::uint32_t cooked2 = 276;
}  // namespace link

namespace ethertype {
constexpr std::uint16_t ipv4 = 0x0800;
constexpr std::uint16_t vlan = 0x8100;
constexpr std::uint16_t ipv6 = 0x86dd;
constexpr std::uint16_t service_vlan = 0x88a8;
constexpr std::uint16_t old_service_vlan = 0x9100;
constexpr std::uint16_t older_service_vlan = 0x9200;
}  // namespace ethertype

}  // namespace

// What is left of the frame: the captured bytes, how many there were on the wire, where they stand, how deep we are.
struct Peeler::View {
    Bytes bytes;
    std::size_t wire = 0;  // at least bytes.size()
    std::uint32_t offset = 0;
    unsigned depth = 0;

    [[nodiscard]] bool has(std::size_t n) const { return bytes.size() >= n; }
    [[nodiscard]] bool cut() const { return wire > bytes.size(); }
    [[nodiscard]] const std::uint8_t* at() const { return bytes.data(); }
    // Without its first n bytes; n has been checked.
    [[nodiscard]] View after(std::size_t n) const {
        return {bytes.subspan(n), wire - n, offset + static_cast<std::uint32_t>(n), depth + 1};
    }
    // Only the first n bytes as claimed by a header: what stands behind them is padding or a trailer.
    [[nodiscard]] View trimmed(std::size_t n) const {
        return {bytes.first(std::min(n, bytes.size())), std::min(n, wire), offset, depth};
    }
};

bool Peeler::peel(const Packet& packet, Peeled& out) {
    out = Peeled{};
    out.at = packet.at;
    out.frame = packet.number;
    const View frame{packet.bytes, packet.wire_length, 0, 0};
    switch (packet.link_type) {
        case link::ethernet:
            return ethernet(frame, out);
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

// IEEE 802.3-2018 3.2: addresses, then a type (from 0x0600) or a length (up to 1500).
bool Peeler::ethernet(View frame, Peeled& out) {
    if (!frame.has(14)) return refuse(Refusal::short_frame);
    out.target_mac = mac_at(frame.at());
    out.source_mac = mac_at(frame.at() + 6);
    out.address_offset = 6;
    return by_ethertype(be16(frame.at() + 12), frame.after(14), out);
}

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
    if (type == ethertype::ipv4) return ipv4(rest, out);
    if (type == ethertype::ipv6) return ipv6(rest, out);
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

// RFC 1661 2, RFC 1662 3.1: HDLC framing may stand in front; the protocol field may be compressed to one byte.
bool Peeler::point_to_point(View rest, Peeled& out) {
    if (rest.has(2) && rest.at()[0] == 0xff && rest.at()[1] == 0x03) rest = rest.after(2);
    if (!rest.has(2)) return refuse(Refusal::short_frame);
    const bool compressed = (rest.at()[0] & 1) != 0;
    const std::uint16_t protocol = compressed ? rest.at()[0] : be16(rest.at());
    rest = rest.after(compressed ? 1 : 2);
    if (protocol == 0x0021) return ipv4(rest, out);
    if (protocol == 0x0057) return ipv6(rest, out);
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

// RFC 791 3.1
bool Peeler::ipv4(View rest, Peeled& out) {
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
    out.source_ip = IpAddress::v4(at + 12);
    out.target_ip = IpAddress::v4(at + 16);
    out.address_offset = rest.offset + 12;
    out.protocol = at[9];
    out.hop_limit = at[8];
    const std::uint16_t fragment_field = be16(at + 6);
    const View inner = rest.trimmed(total).after(header);
    if ((fragment_field & 0x3fff) != 0) {
        const FragmentKey key{out.vlan, out.source_ip, out.target_ip, be16(at + 4), at[9]};
        return fragment(key, (fragment_field & 0x1fffU) * 8U, (fragment_field & 0x2000) != 0, inner, out);
    }
    return transport(at[9], inner, out);
}

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

bool Peeler::transport(std::uint8_t protocol, View rest, Peeled& out) {
    if (protocol == 6) return tcp(rest, out);
    if (protocol == 17) return udp(rest, out);
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
    if (data.cut()) counters_.count(Refusal::payload_cut);
    out.kind = Kind::Udp;
    out.payload = data.bytes;
    out.payload_claimed = static_cast<std::uint32_t>(data.wire);
    out.payload_offset = data.offset;
    seal(out);
    return true;
}

// RFC 9293 3.1
bool Peeler::tcp(View rest, Peeled& out) {
    if (!rest.has(20)) return refuse(rest.cut() ? Refusal::payload_cut : Refusal::bad_tcp_header);
    const std::uint8_t* at = rest.at();
    const std::size_t header = (at[12] >> 4) * std::size_t{4};
    if (header < 20 || header > rest.wire) return refuse(Refusal::bad_tcp_header);
    out.source_port = be16(at);
    out.target_port = be16(at + 2);
    out.sequence = be32(at + 4);
    out.flags = at[13];
    // Options cut off by the capture: nothing of the payload is there either.
    const View data = rest.has(header) ? rest.after(header) : View{{}, rest.wire - header, rest.offset, rest.depth};
    if (data.cut()) counters_.count(Refusal::payload_cut);
    out.kind = Kind::Tcp;
    out.payload = data.bytes;
    out.payload_claimed = static_cast<std::uint32_t>(data.wire);
    out.payload_offset = data.offset;
    seal(out);
    return true;
}

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
    return transport(key.protocol, View{joined_, joined_.size(), 0, data.depth}, out);
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

// The key: the smaller side first. A sender without an address of its own (0.0.0.0, ::) is told apart by its MAC, so that all
// the DHCP clients of a link do not become one flow.
void Peeler::seal(Peeled& out) {
    std::array<std::uint64_t, 3> source{};
    std::array<std::uint64_t, 3> target{};
    const auto side = [](const IpAddress& ip, const Mac& mac, std::uint16_t port, std::array<std::uint64_t, 3>& to) {
        if (ip.version == 4) {
            std::memcpy(to.data(), ip.bytes.data(), 4);
        } else if (ip.version == 6) {
            std::memcpy(to.data(), ip.bytes.data(), 16);
        }
        if ((to[0] | to[1]) == 0) std::memcpy(reinterpret_cast<std::uint8_t*>(to.data()) + 4, mac.bytes.data(), 6);
        to[2] = port;
    };
    side(out.source_ip, out.source_mac, out.source_port, source);
    side(out.target_ip, out.target_mac, out.target_port, target);
    out.low_to_high = source <= target;
    const auto& low = out.low_to_high ? source : target;
    const auto& high = out.low_to_high ? target : source;
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
    out.key.words = {low[0],
                     low[1],
                     high[0],
                     high[1],
                     low[2] << 48 | high[2] << 32 | std::uint64_t{out.vlan.outer} << 16 | out.vlan.inner,
                     what ^ (discriminator << 24)};
    const std::uint64_t ports = low[2] << 16 | high[2];
    out.hash = mixed(mixed(low[0] ^ ports, high[0] ^ out.key.words[5]), mixed(low[1], high[1]));
}

}  // namespace herkomst
