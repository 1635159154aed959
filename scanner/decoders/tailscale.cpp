// Tailscale: a WireGuard mesh whose ends find each other with messages of their own (UDP, often 41641). Who may enter is
// decided by the account at the coordination server, so such a flow is a way into the network that the plant does not rule.
//
//   |54 53 f0 9f 92 ac|sender's key 32|nonce 24|sealed: authentication 16, type 1, version 1, ...|
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

// Tailscale, disco/disco.go: the magic of six bytes, a key and a nonce that are not nothing, and a sealed box that holds at
// least type and version, at most what fits a datagram.
bool recognise(ByteCursor message, const Flow&) {
    const std::size_t size = message.left();
    if (message.be32() != 0x5453f09f || message.be16() != 0x92ac) return false;
    if (size < 6 + 32 + 24 + 16 + 2 || size > 1500) return false;
    const bool key = message.be64() != 0 && message.be64() != 0;
    message.skip(16);
    return key && message.be64() != 0 && message.ok();
}

// The tunnel itself runs between the same ports: WireGuard's four types.
bool is_tunnel(const ByteCursor& message) {
    const std::uint8_t type = message.peek();
    return type >= 1 && type <= 4 && message.peek(1) == 0 && message.peek_be16(2) == 0 && message.left() >= 32;
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return is_tunnel(message) ? done() : not_this();
    claims.matched(Field::software, "Tailscale", message.bytes(6), "disco");
    return done();
}

constexpr std::string_view call =
    "5453f09f92ac 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f "
    "202122232425262728292a2b2c2d2e2f3031323334353637 404142434445464748494a4b4c4d4e4f 505152535455565758595a5b5c5d";
constexpr std::string_view answer =
    "5453f09f92ac 606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f "
    "808182838485868788898a8b8c8d8e8f9091929394959697 a0a1a2a3a4a5a6a7a8a9aaabacadaeaf b0b1b2b3b4b5b6b7b8b9babbbcbdbebf";
constexpr ExampleMessage found[] = {{From::Client, call, {}}, {From::Server, answer, {}}};
constexpr std::string_view found_claims[] = {"client software=Tailscale", "server software=Tailscale"};
constexpr ExampleMessage lone[] = {{From::Client, call, {}}};
constexpr std::string_view lone_claims[] = {"client software=Tailscale"};
constexpr Example examples[] = {{"two ends find each other", Layer::Udp, 41641, found, found_claims},
                                {"nobody answers: one end is known", Layer::Udp, 41641, lone, lone_claims}};
constexpr std::uint16_t ports[] = {41641};

}  // namespace

Decoder tailscale() {
    Decoder decoder;
    decoder.name = "tailscale";
    decoder.title = "Tailscale (peer discovery)";
    decoder.spec = "Tailscale, package disco; as nDPI reads it";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("54 53 f0 9f 92 ac");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
