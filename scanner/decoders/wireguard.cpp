// WireGuard: a tunnel (UDP, often 51820). It says nothing about a supplier; that it runs between a device and an address
// outside is a path into the network.
//
//   type 1  |01 00 00 00|sender 4|ephemeral 32|static 48|time 28|mac1 16|mac2 16|     148 bytes, who opens
//   type 2  |02 00 00 00|sender 4|receiver 4|ephemeral 32|nothing 16|mac1 16|mac2 16|   92 bytes, who answers
//   type 3  |03 00 00 00|receiver 4|nonce 24|cookie 32|                                 64 bytes
//   type 4  |04 00 00 00|receiver 4|counter 8|packet 16n|                               little-endian
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

// J. A. Donenfeld, "WireGuard: Next Generation Kernel Network Tunnel", section 5.4: the type and its three reserved zeros, the
// exact length of each type (a packet is padded to sixteen, section 5.4.6), and what cannot be nothing: an index is random, a
// key is a point of the curve, a cookie is encrypted, a counter of packets stays far from 2^40.
bool recognise(ByteCursor message, const Flow&) {
    const std::size_t size = message.left();
    const std::uint32_t type = message.le32();
    const std::uint32_t index = message.le32();
    if (index == 0) return false;
    switch (type) {
        case 1:
            return size == 148 && message.be64() != 0 && message.be64() != 0;
        case 2:
            return size == 92 && message.le32() != 0 && message.be64() != 0 && message.be64() != 0;
        case 3:
            return size == 64 && message.be64() != 0 && message.be64() != 0;
        case 4:
            return size >= 32 && size % 16 == 0 && message.le64() < std::uint64_t{1} << 40 && message.be64() != 0;
        default:
            return false;
    }
}

Verdict observe(ByteCursor message, Flow& flow, Claims&) { return recognise(message, flow) ? done() : not_this(); }

constexpr std::string_view initiation =
    "01000000 a1b2c3d4"
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
    "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f"
    "505152535455565758595a5b5c5d5e5f606162636465666768696a6b"
    "707172737475767778797a7b7c7d7e7f 00000000000000000000000000000000";
constexpr std::string_view response =
    "02000000 0b1c2d3e a1b2c3d4"
    "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"
    "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf b0b1b2b3b4b5b6b7b8b9babbbcbdbebf 00000000000000000000000000000000";
constexpr std::string_view packet = "04000000 0b1c2d3e 0500000000000000 c0c1c2c3c4c5c6c7c8c9cacbcccdcecf";
constexpr ExampleMessage handshake[] = {
    {From::Client, initiation, {}}, {From::Server, response, {}}, {From::Client, packet, {}}};
constexpr ExampleMessage running[] = {{From::Client, packet, {}}};
constexpr Example examples[] = {
    {"a tunnel is opened and used", Layer::Udp, 51820, handshake, {}},
    {"a tunnel that is open already", Layer::Udp, 51820, running, {}},
};
constexpr std::uint16_t ports[] = {51820};

}  // namespace

Decoder wireguard() {
    Decoder decoder;
    decoder.name = "wireguard";
    decoder.title = "WireGuard";
    decoder.spec = "Donenfeld, WireGuard: Next Generation Kernel Network Tunnel, section 5.4";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("0? 00 00 00");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
