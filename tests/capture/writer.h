// Frames and capture files made by hand, for the tests of this folder. All addresses are from the documentation ranges.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "capture/run.h"
#include "core/lines.h"
#include "core/text.h"

namespace herkomst::made {

using Octets = std::vector<std::uint8_t>;

inline void put(Octets& to, const Octets& from) { to.insert(to.end(), from.begin(), from.end()); }
inline void put8(Octets& to, unsigned value) { to.push_back(static_cast<std::uint8_t>(value)); }
inline void put16(Octets& to, unsigned value) {
    put8(to, value >> 8);
    put8(to, value);
}
inline void put32(Octets& to, std::uint32_t value) {
    put16(to, value >> 16);
    put16(to, value & 0xffff);
}
inline Octets octets(std::string_view text) { return {text.begin(), text.end()}; }

inline constexpr std::string_view client_mac = "00005e00530a";
inline constexpr std::string_view server_mac = "00005e005314";
inline constexpr std::uint32_t client_ip = 0xc000020a;  // 192.0.2.10
inline constexpr std::uint32_t server_ip = 0xc0000214;  // 192.0.2.20

inline Octets ethernet(bool from_client, unsigned type, const Octets& payload, std::string_view tags = {}) {
    Octets frame = unhex(from_client ? server_mac : client_mac);
    put(frame, unhex(from_client ? client_mac : server_mac));
    put(frame, unhex(tags));
    put16(frame, type);
    put(frame, payload);
    return frame;
}

inline Octets ipv4(bool from_client, unsigned protocol, const Octets& payload, unsigned fragment = 0, unsigned id = 1) {
    Octets out = {0x45, 0};
    put16(out, static_cast<unsigned>(20 + payload.size()));
    put16(out, id);
    put16(out, fragment);
    put8(out, 64);
    put8(out, protocol);
    put16(out, 0);
    put32(out, from_client ? client_ip : server_ip);
    put32(out, from_client ? server_ip : client_ip);
    put(out, payload);
    return out;
}

// 2001:db8::10 and ::20
inline Octets ipv6(bool from_client, unsigned next, const Octets& payload) {
    Octets out = {0x60, 0, 0, 0};
    put16(out, static_cast<unsigned>(payload.size()));
    put8(out, next);
    put8(out, 64);
    put(out, unhex(from_client ? "20010db8000000000000000000000010" : "20010db8000000000000000000000020"));
    put(out, unhex(from_client ? "20010db8000000000000000000000020" : "20010db8000000000000000000000010"));
    put(out, payload);
    return out;
}

inline Octets udp(bool from_client, unsigned server_port, const Octets& payload, unsigned client_port = 40000) {
    Octets out;
    put16(out, from_client ? client_port : server_port);
    put16(out, from_client ? server_port : client_port);
    put16(out, static_cast<unsigned>(8 + payload.size()));
    put16(out, 0);
    put(out, payload);
    return out;
}

inline Octets tcp(bool from_client, unsigned server_port, std::uint32_t sequence, unsigned flags, const Octets& payload,
                  unsigned client_port = 40000) {
    Octets out;
    put16(out, from_client ? client_port : server_port);
    put16(out, from_client ? server_port : client_port);
    put32(out, sequence);
    put32(out, 0);
    put8(out, 0x50);
    put8(out, flags);
    put16(out, 8192);
    put32(out, 0);
    put(out, payload);
    return out;
}

inline constexpr unsigned fin = 1, syn = 2, rst = 4, ack = 16;

inline Octets tcp_frame(bool from_client, unsigned server_port, std::uint32_t sequence, unsigned flags, const Octets& payload) {
    return ethernet(from_client, 0x0800, ipv4(from_client, 6, tcp(from_client, server_port, sequence, flags, payload)));
}
inline Octets udp_frame(bool from_client, unsigned server_port, const Octets& payload) {
    return ethernet(from_client, 0x0800, ipv4(from_client, 17, udp(from_client, server_port, payload)));
}

// Numbers of a file in the byte order that the file has.
struct Order {
    bool big = false;
    void u16(Octets& to, unsigned value) const {
        if (big) {
            put16(to, value);
        } else {
            put8(to, value);
            put8(to, value >> 8);
        }
    }
    void u32(Octets& to, std::uint32_t value) const {
        if (big) {
            put32(to, value);
        } else {
            u16(to, value & 0xffff);
            u16(to, value >> 16);
        }
    }
};

inline constexpr std::uint32_t start_second = 1'700'000'000;

struct Pcap {
    Order order;
    std::uint32_t magic = 0xa1b2c3d4;
    Octets bytes;
    std::uint32_t packets = 0;

    explicit Pcap(std::uint32_t link_type = 1, std::uint32_t magic_number = 0xa1b2c3d4, bool big = false)
        : order{big}, magic(magic_number) {
        order.u32(bytes, magic);
        order.u16(bytes, 2);
        order.u16(bytes, 4);
        order.u32(bytes, 0);
        order.u32(bytes, 0);
        order.u32(bytes, 65535);
        order.u32(bytes, link_type);
    }
    // Packets come a millisecond apart unless said otherwise.
    Pcap& add(const Octets& frame, std::uint32_t wire = 0, std::uint32_t second = 0) {
        const bool nanoseconds = magic == 0xa1b23c4d;
        order.u32(bytes, second != 0 ? second : start_second + packets / 1000);
        order.u32(bytes, (packets % 1000) * (nanoseconds ? 1'000'000U : 1000U));
        order.u32(bytes, static_cast<std::uint32_t>(frame.size()));
        order.u32(bytes, wire != 0 ? wire : static_cast<std::uint32_t>(frame.size()));
        if (magic == 0xa1b2cd34) bytes.insert(bytes.end(), 8, 0);
        put(bytes, frame);
        ++packets;
        return *this;
    }
};

struct Pcapng {
    Order order;
    Octets bytes;

    explicit Pcapng(bool big = false) { section(big); }
    Pcapng& section(bool big) {
        order.big = big;
        Octets body;
        order.u32(body, 0x1a2b3c4d);
        order.u16(body, 1);
        order.u16(body, 0);
        order.u32(body, 0xffffffff);
        order.u32(body, 0xffffffff);
        return block(0x0a0d0d0a, body);
    }
    Pcapng& block(std::uint32_t type, Octets body) {
        while (body.size() % 4 != 0) body.push_back(0);
        order.u32(bytes, type);
        order.u32(bytes, static_cast<std::uint32_t>(body.size() + 12));
        put(bytes, body);
        order.u32(bytes, static_cast<std::uint32_t>(body.size() + 12));
        return *this;
    }
    Octets option(unsigned code, const Octets& value) const {
        Octets out;
        order.u16(out, code);
        order.u16(out, static_cast<unsigned>(value.size()));
        put(out, value);
        while (out.size() % 4 != 0) out.push_back(0);
        return out;
    }
    Pcapng& interface(unsigned link_type, const Octets& options = {}, std::uint32_t snap_length = 0) {
        Octets body;
        order.u16(body, link_type);
        order.u16(body, 0);
        order.u32(body, snap_length);
        put(body, options);
        return block(1, body);
    }
    Pcapng& packet(std::uint32_t interface, std::uint64_t ticks, const Octets& frame, bool obsolete = false) {
        Octets body;
        if (obsolete) {
            order.u16(body, interface);
            order.u16(body, 0);
        } else {
            order.u32(body, interface);
        }
        order.u32(body, static_cast<std::uint32_t>(ticks >> 32));
        order.u32(body, static_cast<std::uint32_t>(ticks));
        order.u32(body, static_cast<std::uint32_t>(frame.size()));
        order.u32(body, static_cast<std::uint32_t>(frame.size()));
        put(body, frame);
        return block(obsolete ? 2 : 6, body);
    }
    Pcapng& simple_packet(const Octets& frame) {
        Octets body;
        order.u32(body, static_cast<std::uint32_t>(frame.size()));
        put(body, frame);
        return block(3, body);
    }
};

// A protocol of the tests' own: "HK" kind length text, over TCP and UDP. 'm' claims a model, 's' skips, 'n' names the server.
// A message is HK <kind> <length, two bytes> <that many bytes>.
inline bool hk_recognise(ByteCursor message, const Flow&) {
    const bool magic = message.u8() == 'H' && message.u8() == 'K';
    const std::uint8_t kind = message.u8();
    const std::uint16_t length = message.be16();
    return magic && (kind == 'm' || kind == 's' || kind == 'n') && length < 0x8000;
}
inline Verdict hk_observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (message.peek() != 'H') return not_this();
    const auto magic = message.be16();
    const std::uint8_t kind = message.u8();
    const std::uint16_t length = message.be16();
    if (!message.ok()) return done();
    if (magic != 0x484b) return not_this();
    if (kind == 's') return done(std::size_t{5} + length);
    if (flow.layer == Layer::Tcp && message.left() < length) return need(std::size_t{5} + length);
    const Slice text = message.bytes(length);
    if (kind == 'n') claims.addressed_as(text.text());
    if (kind == 'm') claims.stated(Field::model, text, "model");
    return done(message);
}
inline constexpr std::uint16_t hk_ports[] = {7777};

inline std::vector<Decoder> hk_table() {
    Decoder decoder;
    decoder.name = "hk";
    decoder.title = "HK";
    decoder.spec = "this test";
    decoder.layers = Layer::Udp | Layer::Tcp;
    decoder.ports = hk_ports;
    decoder.recognise = hk_recognise;
    decoder.observe = hk_observe;
    return {decoder};
}

inline Octets hk(char kind, std::string_view text) {
    Octets out = {'H', 'K', static_cast<std::uint8_t>(kind)};
    put16(out, static_cast<unsigned>(text.size()));
    put(out, octets(text));
    return out;
}

inline Analysis analysed(const Octets& file, unsigned threads = 1) {
    const std::vector<Decoder> table = hk_table();
    AnalysisOptions options;
    options.threads = threads;
    return analyse_memory(file, table, options);
}

// "SUBJECT FIELD=VALUE" of the claims of one method prefix, in order.
inline std::vector<std::string> claims_of(const Analysis& analysis, std::string_view method) {
    std::vector<std::string> lines;
    for (const Observation& row : analysis.observations.list()) {
        if (!row.method.starts_with(method)) continue;
        const std::string who = row.subject.ip.known() ? row.subject.ip.text() : row.subject.mac.text();
        const std::string vlan = row.subject.vlan.known() ? row.subject.vlan.text() + "/" : "";
        lines.push_back(vlan + who + " " + std::string(name(row.field)) + "=" + row.value);
    }
    return lines;
}

inline std::uint64_t counted(const Analysis& analysis, std::string_view outcome) {
    for (const Coverage& row : analysis.coverage) {
        if (row.asked == "capture" && row.outcome == outcome) return row.count;
    }
    return 0;
}

// Everything, as printed.
inline std::string printed(const Analysis& analysis) {
    std::string text;
    for (const Observation& row : analysis.observations.list()) text += write_json(to_json(row)) + "\n";
    for (const Conversation& row : analysis.conversations) text += write_json(to_json(row)) + "\n";
    for (const Coverage& row : analysis.coverage) text += write_json(to_json(row)) + "\n";
    for (const Problem& problem : analysis.problems) text += problem.text() + "\n";
    return text;
}

}  // namespace herkomst::made
