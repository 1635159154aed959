#include "probes/synthesis.h"

#include <algorithm>
#include <map>

namespace herkomst {

namespace {

void put8(PacketBytes& out, std::uint64_t value) { out.push_back(static_cast<std::uint8_t>(value)); }
void put16(PacketBytes& out, std::uint64_t value) {
    put8(out, value >> 8);
    put8(out, value);
}
void put32(PacketBytes& out, std::uint64_t value) {
    put16(out, value >> 16);
    put16(out, value);
}
void put(PacketBytes& out, Bytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }
// pcapng in the byte order of its magic: low byte first.
void low16(PacketBytes& out, std::uint64_t value) {
    put8(out, value);
    put8(out, value >> 8);
}
void low32(PacketBytes& out, std::uint64_t value) {
    low16(out, value);
    low16(out, value >> 16);
}

void block(PacketBytes& out, std::uint32_t type, const PacketBytes& body) {
    const std::size_t padding = (4 - body.size() % 4) % 4;
    const std::size_t length = 12 + body.size() + padding;
    low32(out, type);
    low32(out, length);
    put(out, body);
    out.insert(out.end(), padding, 0);
    low32(out, length);
}

// Section 3.5: opt_comment is 1; 0 ends the options.
constexpr unsigned comment = 1;
void option(PacketBytes& body, unsigned code, std::string_view text) {
    low16(body, code);
    low16(body, text.size());
    body.insert(body.end(), text.begin(), text.end());
    body.insert(body.end(), (4 - text.size() % 4) % 4, 0);
}

// Section 4.2: LINKTYPE_RAW is 101, LINKTYPE_ETHERNET 1; if_name 2, if_description 3, if_tsresol 9: nanoseconds.
void interface(PacketBytes& out, unsigned link_type, std::string_view name) {
    PacketBytes body;
    low16(body, link_type);
    low16(body, 0);
    low32(body, 0);
    option(body, comment, rebuilt_note);
    option(body, 2, name);
    option(body, 3, "rebuilt, no interface of this machine");
    low16(body, 9);
    low16(body, 1);
    put8(body, 9);
    body.insert(body.end(), 3, 0);
    low32(body, 0);
    block(out, 1, body);
}

void packet(PacketBytes& out, unsigned interface_number, Time at, const PacketBytes& bytes, std::string_view note = {}) {
    const auto stamp = static_cast<std::uint64_t>(at.time_since_epoch().count());
    PacketBytes body;
    low32(body, interface_number);
    low32(body, stamp >> 32);
    low32(body, stamp);
    low32(body, bytes.size());
    low32(body, bytes.size());
    put(body, bytes);
    if (!note.empty()) {
        body.insert(body.end(), (4 - bytes.size() % 4) % 4, 0);
        option(body, comment, note);
        low32(body, 0);
    }
    block(out, 6, body);
}

std::uint16_t folded_sum(Bytes bytes, std::uint32_t sum) {
    for (std::size_t i = 0; i < bytes.size(); i += 2)
        sum += (static_cast<unsigned>(bytes[i]) << 8) | (i + 1 < bytes.size() ? bytes[i + 1] : 0U);
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum);
}

Bytes address_bytes(const IpAddress& ip) { return Bytes(ip.bytes).first(ip.version == 6 ? 16 : 4); }

// `checksum_at`: where in the payload the transport's checksum stands; none: it has one already.
PacketBytes in_ip(const IpAddress& from, const IpAddress& to, unsigned protocol, PacketBytes payload, std::size_t checksum_at) {
    if (checksum_at < payload.size()) {
        PacketBytes pseudo;
        put(pseudo, address_bytes(from));
        put(pseudo, address_bytes(to));
        put32(pseudo, payload.size());
        put32(pseudo, protocol);
        std::uint32_t sum = 0;
        for (std::size_t i = 0; i < pseudo.size(); i += 2) sum += (static_cast<unsigned>(pseudo[i]) << 8) | pseudo[i + 1];
        // RFC 768: a sum of zero is sent as all ones; zero would say that there is none.
        std::uint16_t check = folded_sum(payload, sum);
        if (protocol == 17 && check == 0) check = 0xffff;
        payload[checksum_at] = static_cast<std::uint8_t>(check >> 8);
        payload[checksum_at + 1] = static_cast<std::uint8_t>(check);
    }
    PacketBytes out;
    if (from.version == 6) {
        put32(out, 0x60000000);
        put16(out, payload.size());
        put8(out, protocol);
        put8(out, 64);
        put(out, address_bytes(from));
        put(out, address_bytes(to));
    } else {
        put16(out, 0x4500);
        put16(out, 20 + payload.size());
        put32(out, 0x00004000);
        put8(out, 64);
        put8(out, protocol);
        put16(out, 0);
        put(out, address_bytes(from));
        put(out, address_bytes(to));
        const std::uint16_t check = folded_sum(out, 0);
        out[10] = static_cast<std::uint8_t>(check >> 8);
        out[11] = static_cast<std::uint8_t>(check);
    }
    put(out, payload);
    return out;
}

struct Side {
    IpAddress ip;
    std::uint16_t port = 0;
    std::uint32_t sequence = 1;
};

constexpr std::size_t segment_max = 1400;
constexpr unsigned fin = 1;
constexpr unsigned syn = 2;
constexpr unsigned push = 8;
constexpr unsigned acknowledge = 16;

std::string_view note_of(Said::Layer layer) {
    if (layer == Said::Layer::Inside) return "herkomst: this travelled inside TLS, encrypted; here it stands in clear";
    if (layer == Said::Layer::Rebuilt)
        return "herkomst: the certificates that the server showed, put into a record of the version that was agreed (of TLS "
               "1.3: of 1.2, because it encrypts its own); these bytes did not travel so";
    return {};
}

class TcpFlow {
  public:
    TcpFlow(PacketBytes& out, std::size_t& count, Side us, Side them) : out_(&out), count_(&count), us_(us), them_(them) {}

    void segment(bool ours, Time at, unsigned flags, Bytes bytes, std::string_view note = {}) {
        Side& from = ours ? us_ : them_;
        const Side& to = ours ? them_ : us_;
        PacketBytes tcp;
        put16(tcp, from.port);
        put16(tcp, to.port);
        put32(tcp, from.sequence);
        put32(tcp, (flags & acknowledge) != 0 ? to.sequence : 0);
        put8(tcp, 0x50);
        put8(tcp, flags);
        put16(tcp, 0xffff);
        put32(tcp, 0);
        put(tcp, bytes);
        from.sequence += static_cast<std::uint32_t>(bytes.size()) + ((flags & (syn | fin)) != 0 ? 1 : 0);
        packet(*out_, 0, at, in_ip(from.ip, to.ip, 6, std::move(tcp), 16), note);
        ++*count_;
    }
    void open(Time at) {
        segment(true, at, syn, {});
        segment(false, at, syn | acknowledge, {});
        segment(true, at, acknowledge, {});
    }
    void say(const Said& said) {
        Bytes left(said.bytes);
        while (!left.empty()) {
            const Bytes part = left.first(std::min(segment_max, left.size()));
            segment(said.ours, said.at, push | acknowledge, part, note_of(said.layer));
            left = left.subspan(part.size());
        }
    }
    void close(Time at) {
        segment(true, at, fin | acknowledge, {});
        segment(false, at, fin | acknowledge, {});
        segment(true, at, acknowledge, {});
    }

  private:
    PacketBytes* out_;
    std::size_t* count_;
    Side us_;
    Side them_;
};

// Both TLS and TCP: what travels inside TLS is shown as if it had travelled in the open, its records are not.
std::size_t tcp_packets(PacketBytes& out, const Target& target, const std::vector<Said>& all) {
    std::vector<Said> said;
    for (const Said& each : all)
        if (each.layer != Said::Layer::Tls) said.push_back(each);
    std::size_t count = 0;
    for (std::size_t begin = 0; begin < said.size();) {
        std::size_t end_of = begin;
        while (end_of < said.size() && said[end_of].connection == said[begin].connection) ++end_of;
        const auto port = static_cast<std::uint16_t>(target.my_port + said[begin].connection);
        TcpFlow flow(out, count, {target.my_ip, port, 1}, {target.ip, target.port, 1});
        flow.open(said[begin].at);
        for (std::size_t i = begin; i < end_of; ++i) flow.say(said[i]);
        flow.close(said[end_of - 1].at);
        begin = end_of;
    }
    return count;
}

PacketBytes udp_datagram(std::uint16_t from, std::uint16_t to, Bytes payload) {
    PacketBytes udp;
    put16(udp, from);
    put16(udp, to);
    put16(udp, 8 + payload.size());
    put16(udp, 0);
    put(udp, payload);
    return udp;
}

// The checksum of ICMPv6 covers the addresses, so it is the kernel's to set; what a probe declares there is not what was sent.
PacketBytes icmp_packet(const IpAddress& from, const IpAddress& to, PacketBytes message) {
    if (from.version != 6 || message.size() < 4) return in_ip(from, to, 1, std::move(message), SIZE_MAX);
    message[2] = message[3] = 0;
    return in_ip(from, to, 58, std::move(message), 2);
}

}  // namespace

Mac frame_receiver(const Probe& probe, const IpAddress& target) {
    // RFC 4861 section 7.2.2: a neighbour is asked through the group that its address puts it in (RFC 2464 section 7).
    if (probe.ethertype == 0x86dd && target.version == 6)
        return Mac{{0x33, 0x33, 0xff, target.bytes[13], target.bytes[14], target.bytes[15]}};
    return Mac::parse(probe.group.mac).value_or(Mac{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}});
}

PacketBytes pcapng_head() {
    PacketBytes out;
    PacketBytes section;
    low32(section, 0x1a2b3c4d);
    low16(section, 1);
    low16(section, 0);
    low32(section, 0xffffffff);
    low32(section, 0xffffffff);
    option(section, comment, rebuilt_note);
    option(section, 4, "herkomst");
    low32(section, 0);
    block(out, 0x0a0d0d0a, section);
    interface(out, 101, "rebuilt-ip");
    interface(out, 1, "rebuilt-ethernet");
    return out;
}

std::size_t append_packets(PacketBytes& out, const Probe& probe, const Target& target, const std::vector<Said>& said) {
    if (said.empty()) return 0;
    if (probe.transport == Transport::Tcp || probe.transport == Transport::Tls) return tcp_packets(out, target, said);
    std::size_t count = 0;
    const Mac group_mac = frame_receiver(probe, target.ip);
    for (const Said& each : said) {
        const IpAddress them = each.from_ip.known() ? each.from_ip : target.ip;
        const IpAddress& from = each.ours ? target.my_ip : them;
        const IpAddress& to = each.ours ? target.ip : target.my_ip;
        if (probe.transport == Transport::Link) {
            PacketBytes frame;
            const Mac& to_mac = each.ours ? group_mac : target.my_mac;
            const Mac& from_mac = each.ours ? target.my_mac : each.from_mac;
            put(frame, to_mac.bytes);
            put(frame, from_mac.bytes);
            put16(frame, probe.ethertype);
            put(frame, each.bytes);
            packet(out, 1, each.at, frame);
        } else if (probe.transport == Transport::Icmp) {
            packet(out, 0, each.at, icmp_packet(from, to, each.bytes));
        } else {
            const std::uint16_t theirs = each.from_port != 0 ? each.from_port : target.port;
            packet(out, 0, each.at,
                   in_ip(from, to, 17,
                         each.ours ? udp_datagram(target.my_port, target.port, each.bytes)
                                   : udp_datagram(theirs, target.my_port, each.bytes),
                         6));
        }
        ++count;
    }
    return count;
}

}  // namespace herkomst
