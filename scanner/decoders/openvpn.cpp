// OpenVPN: a tunnel (UDP or TCP 1194, also behind 443), which vendors of machines use to reach them (Talk2M, IXON and others
// run it underneath). Only its opening can be told from noise; it says nothing about a supplier.
//
//   |opcode 5 bits, key 3 bits|session 8|[HMAC 16-64|packet 4|time 4]|acknowledged 1|[ids 4n|session 8]|message 4|
//   with tls-crypt              |session 8|packet 4|time 4|HMAC 32|encrypted ...|
//   over TCP a length of two bytes stands in front of each packet
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::uint8_t client_v2 = 0x38;  // P_CONTROL_HARD_RESET_CLIENT_V2, key 0
constexpr std::uint8_t server_v2 = 0x40;  // P_CONTROL_HARD_RESET_SERVER_V2
constexpr std::uint8_t client_v3 = 0x50;  // P_CONTROL_HARD_RESET_CLIENT_V3, with tls-crypt-v2

// A replay protection's first packet is 1 and carries the clock of its sender.
bool first_at_a_plausible_time(ByteCursor& packet, std::uint32_t first) {
    constexpr std::uint32_t year_2001 = 0x3b9aca00;
    return packet.be32() == first && packet.be32() >= year_2001;
}

// What acknowledges (nothing in the client's first packet, one id and the peer's session in the server's) and the id of this
// message, which is 0, are all that is left.
bool is_reset_body(ByteCursor packet, bool server) {
    const std::uint8_t acknowledged = packet.u8();
    if (acknowledged != (server ? 1 : 0)) return false;
    if (server && (packet.be32() != 0 || packet.be64() == 0)) return false;
    return packet.be32() == 0 && packet.done() && packet.ok();
}

// draft-openvpn-rfc (OpenVPN wire protocol), "Reliable control channel": hard resets in the clear, with tls-auth (HMAC of MD5,
// SHA1, SHA-256 or SHA-512), and with tls-crypt.
bool is_reset(ByteCursor packet) {
    const std::uint8_t opcode = packet.u8();
    if (opcode != client_v2 && opcode != server_v2 && opcode != client_v3) return false;
    const std::uint64_t session = packet.be64();
    if (!packet.ok() || session == 0) return false;
    const bool server = opcode == server_v2;
    const std::size_t body = server ? 17 : 5;
    if (opcode != client_v3 && packet.left() == body) return is_reset_body(packet, server);
    if (opcode != client_v3) {
        for (const std::size_t hmac : {16U, 20U, 32U, 64U}) {
            if (packet.left() != hmac + 8 + body) continue;
            ByteCursor rest = packet;
            rest.skip(hmac);
            if (first_at_a_plausible_time(rest, 1) && is_reset_body(rest, server)) return true;
        }
    }
    // tls-crypt-v2 begins its numbers with 0x0f000001 where the server may ask for a cookie.
    ByteCursor rest = packet;
    const std::size_t crypted = 8 + 32 + body;
    if (opcode == client_v3) {
        const bool cookie = rest.peek() == 0x0f;
        return rest.left() > crypted && first_at_a_plausible_time(rest, cookie ? 0x0f000001 : 1);
    }
    return rest.left() == crypted && first_at_a_plausible_time(rest, 1);
}

ByteCursor packet_of(ByteCursor& message, const Flow& flow) {
    return message.take(flow.layer == Layer::Tcp ? message.be16() : message.left());
}

bool recognise(ByteCursor message, const Flow& flow) {
    const ByteCursor packet = packet_of(message, flow);
    return message.ok() && is_reset(packet);
}

Verdict observe(ByteCursor message, Flow& flow, Claims&) {
    ByteCursor packet = packet_of(message, flow);
    const std::uint8_t opcode = packet.u8() >> 3;
    if (!packet.ok()) return done(message);
    return opcode >= 3 && opcode <= 11 ? done(message) : not_this();
}

constexpr std::string_view client_plain = "38 0102030405060708 00 00000000";
constexpr std::string_view server_plain = "40 1112131415161718 01 00000000 0102030405060708 00000000";
constexpr ExampleMessage plain[] = {{From::Client, client_plain, {}}, {From::Server, server_plain, {}}};
constexpr ExampleMessage authenticated[] = {
    {From::Client, "38 0102030405060708 a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3 00000001 65000000 00 00000000", {}}};
constexpr ExampleMessage crypted[] = {
    {From::Client,
     "38 0102030405060708 00000001 65000000 a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf c0c1c2c3c4",
     {}}};
constexpr ExampleMessage over_tcp[] = {{From::Client, "000e 38 0102030405060708 00 00000000", {}},
                                       {From::Server, "001a 40 1112131415161718 01 00000000 0102030405060708 00000000", {}}};
constexpr Example examples[] = {
    {"in the clear", Layer::Udp, 1194, plain, {}},
    {"with tls-auth", Layer::Udp, 1194, authenticated, {}},
    {"with tls-crypt", Layer::Udp, 1194, crypted, {}},
    {"over TCP", Layer::Tcp, 443, over_tcp, {}},
};
constexpr std::uint16_t ports[] = {1194};

}  // namespace

Decoder openvpn() {
    Decoder decoder;
    decoder.name = "openvpn";
    decoder.title = "OpenVPN";
    decoder.spec = "draft-openvpn-rfc (OpenVPN wire protocol), control channel packets";
    decoder.layers = Layer::Udp | Layer::Tcp;
    decoder.ports = ports;
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
