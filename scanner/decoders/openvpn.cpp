// OpenVPN: a tunnel into the network is itself worth knowing. Over TCP and without an extra key the certificates of both ends
// can be read, as in TLS; what goes through the tunnel cannot.
//
//   TCP: |length 2|, then as UDP: |operation 5 bits, key 3 bits|session 8|[HMAC, packet id 4, time 4]|acknowledged n|n * 4|
//   [other's session 8]|packet id 4|TLS ...|; operations 7 and 10 client's reset, 8 server's, 4 control, 5 acknowledge, 6 and 9
//   data
#include <algorithm>
#include <string>

#include "decoders/certificate.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t for_good = SIZE_MAX / 2;
constexpr std::size_t longest_look = 24 * 1024;
enum Operation : std::uint8_t { Control = 4, ClientReset = 7, ServerReset = 8 };

struct Notes {
    std::uint16_t authentication;  // bytes of HMAC, packet id and time
    bool reset_seen;
    bool finished[2];
};

// Bytes of authentication by the size of a reset (openvpn, ssl_pkt.c): none, or a digest of 16, 20, 32 or 64 with packet id and
// time.
bool authentication_of(std::size_t size, std::size_t bare, std::size_t& bytes) {
    for (const std::size_t digest : {0U, 16U, 20U, 32U, 64U}) {
        bytes = digest == 0 ? 0 : digest + 8;
        if (size == bare + bytes) return true;
    }
    return false;
}

// OpenVPN network protocol (openvpn.net, doc "OpenVPN protocol", ssl_pkt.h): a client's hard reset has a session that is not 0,
// acknowledges nothing, is packet 0, and is as long as that takes with or without authentication.
bool is_client_reset(ByteCursor packet, std::size_t& authentication) {
    const std::size_t size = packet.left();
    if (packet.u8() != ClientReset << 3) return false;
    if (!authentication_of(size, 14, authentication) || packet.be64() == 0) return false;
    packet.skip(authentication);
    return packet.u8() == 0 && packet.be32() == 0 && packet.ok();
}

bool recognise(ByteCursor message, const Flow& flow) {
    std::size_t authentication = 0;
    if (flow.layer == Layer::Udp) return is_client_reset(message, authentication);
    const std::size_t length = message.be16();
    if (length < 14 || length > 86 || message.left() < length) return false;
    return is_client_reset(message.take(length), authentication);
}

// The TLS bytes of the control packets at the front of a window; false when something else came.
bool control_bytes(ByteCursor message, std::size_t authentication, std::string& tls) {
    while (message.left() > 2) {
        const std::size_t length = message.peek_be16();
        if (length == 0 || message.left() < length + 2) return true;
        message.skip(2);
        ByteCursor packet = message.take(length);
        const unsigned operation = packet.u8() >> 3;
        if (operation == 6 || operation == 9) return false;
        if (operation != Control) continue;
        if (packet.left() < 8 + authentication + 1) return false;
        packet.skip(8 + authentication);
        const std::size_t acknowledged = packet.u8();
        const std::size_t rest = acknowledged * 4 + (acknowledged != 0 ? 8 : 0) + 4;
        if (acknowledged > 8 || packet.left() < rest) return false;
        packet.skip(rest);
        tls += packet.rest().text();
        if (tls.size() > longest_look) return true;
    }
    return true;
}

enum class Found : std::uint8_t { Nothing, Perhaps, Certificates };

// RFC 5246 sections 6.2.1 and 7.4.2: handshake records joined, then the message of type 11 among them.
Found find_certificates(const std::string& tls, std::string& list) {
    std::string handshake;
    std::size_t at = 0;
    bool closed = false;
    while (at + 5 <= tls.size()) {
        const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(tls[at + i]); };
        const std::size_t length = static_cast<std::size_t>(byte(3)) << 8 | byte(4);
        if (byte(1) != 3 || length > 16384) return Found::Nothing;
        closed = byte(0) != 22;  // a change of cipher, or data: nothing readable follows
        if (closed) break;
        handshake += tls.substr(at + 5, length);
        at += 5 + length;
    }
    std::size_t begin = 0;
    while (begin + 4 <= handshake.size()) {
        const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(handshake[begin + i]); };
        const std::size_t length = static_cast<std::size_t>(byte(1)) << 16 | static_cast<std::size_t>(byte(2)) << 8 | byte(3);
        if (byte(0) == 11) {
            if (begin + 4 + length > handshake.size()) return closed ? Found::Nothing : Found::Perhaps;
            list = handshake.substr(begin + 4, length);
            return Found::Certificates;
        }
        begin += 4 + length;
    }
    return closed ? Found::Nothing : Found::Perhaps;
}

void certificates(const std::string& list, const Slice& witness, Claims& claims) {
    Reading reading;
    ByteCursor body(bytes_in(list), reading);
    ByteCursor all = body.take(body.be24());
    for (unsigned place = 0; place < 4 && !all.done(); ++place) {
        ByteCursor der = all.take(all.be24());
        const CertificateNames names = read_certificate(der);
        if (!reading.ok) return;
        claims.stated(Field::certificate, names.text(), witness, place == 0 ? "certificate" : "chain");
        if (place > 0) continue;
        for (const Slice& name : names.dns_names) claims.stated(Field::dns_name, name.text(), witness, "certificate");
    }
}

Verdict stream(ByteCursor message, const Flow& flow, Notes& notes, Claims& claims) {
    bool& finished = notes.finished[flow.from_opener ? 1 : 0];
    if (finished) return done(for_good);
    if (!notes.reset_seen && flow.from_opener) {
        const std::size_t length = message.peek_be16();
        if (message.left() < length + 2) return flow.ended ? done() : need(length + 2);
        ByteCursor first = message;
        first.skip(2);
        std::size_t authentication = 0;
        if (!is_client_reset(first.take(length), authentication)) return not_this();
        notes.reset_seen = true;
        notes.authentication = static_cast<std::uint16_t>(authentication);
        return done(length + 2);
    }
    std::string tls;
    const bool readable = control_bytes(message, notes.authentication, tls);
    std::string list;
    const Found found = readable ? find_certificates(tls, list) : Found::Nothing;
    const std::size_t there = message.left();
    if (found == Found::Certificates) certificates(list, message.rest(), claims);
    if (found == Found::Perhaps && there < longest_look && !flow.ended) return need(there + 1);
    finished = true;
    return done(for_good);
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (flow.layer == Layer::Udp) {
        const unsigned operation = message.u8() >> 3;
        return operation >= 1 && operation <= 11 && message.left() >= 8 ? done() : not_this();
    }
    return stream(message, flow, flow.state->notes<Notes>(), claims);
}

constexpr ExampleMessage over_tcp[] = {
    {From::Client, "000e3801020304050607080000000000", {}},
    {From::Server,
     "001a401102030405060708010000000001020304050607080000000001462011020304050607080100000001"
     "010203040506070800000001160303028e020000260303000102030405060708090a0b0c0d0e0f1011121314"
     "15161718191a1b1c1d1e1f00c02f000b00026000025d00025a30820256308201bfa00302010202145b0fc28f"
     "1e2a3621d2d6b297f89524581bfd2573300d06092a864886f70d01010b0500302e3110300e060355040a0c07"
     "4578616d706c65311a301806035504030c1176706e2e706c616e742e6578616d706c65301e170d3236313132"
     "363233313430305a170d3236313232363233313430305a302e3110300e060355040a0c074578616d706c6531"
     "1a301806035504030c1176706e2e706c616e742e6578616d706c6530819f300d06092a864886f70d01010105"
     "0003818d0030818902818100b22eba44010fd212c9049aa6deaa0cb57a003c6ec942e5028fde464e16ae339c"
     "e74eac0d013a2011020304050607080000000002ffc5872ffcb951452c0fcb6cbc0b82614fa0af8290746424"
     "136e772d91d84e60af62117d35a11fbff8dfcebcbf81c4bb0485dd5cbce433ac9edee805b5335371427c0a6c"
     "e8708d89a48cf3d568dcaf788baef75dd9bc4ccd7c1481790203010001a371306f301d0603551d0e04160414"
     "d57b2b0a42269ddfb7e526d5c50e16ce96f5940f301f0603551d23041830168014d57b2b0a42269ddfb7e526"
     "d5c50e16ce96f5940f300f0603551d130101ff040530030101ff301c0603551d1104153013821176706e2e70"
     "6c616e742e6578616d706c65300d06092a864886f70d01010b05000381810011b63deeb3f5724b4febbd6225"
     "e5125d26ba4b140b2a75665381d41847e667af83d90ee92779c1b563b5db2006f49cf70b57ef0cf46cca99a4"
     "c8b7e3b884be647b6e42dae400492011020304050607080000000003320ed8debbb6f1161a49cb237d846843"
     "894f7b1a1beb4ac3e5b407891013413717ece8affa99e80d143f332441ee4825fadfba6af1562b00c4b101",
     {}}};
constexpr std::string_view over_tcp_claims[] = {
    "server certificate=O=Example, CN=vpn.plant.example / O=Example, CN=vpn.plant.example",
    "server dns_name=vpn.plant.example"};
constexpr ExampleMessage over_udp[] = {{From::Client, "3801020304050607080000000000", {}},
                                       {From::Server, "4011020304050607080100000000010203040506070800000000", {}},
                                       {From::Client, "3077696c68656c6d696e61", {}}};
constexpr Example examples[] = {
    {"the server's certificate in control packets", Layer::Tcp, 1194, over_tcp, over_tcp_claims},
    {"over UDP; data are not read", Layer::Udp, 1194, over_udp, {}},
};
constexpr std::uint16_t ports[] = {1194};

}  // namespace

Decoder openvpn() {
    Decoder decoder;
    decoder.name = "openvpn";
    decoder.title = "OpenVPN";
    decoder.spec = "OpenVPN protocol (openvpn.net); RFC 5246 section 7.4.2";
    decoder.layers = Layer::Udp | Layer::Tcp;
    decoder.ports = ports;
    decoder.starts = Starts("38", "00 ?? 38");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
