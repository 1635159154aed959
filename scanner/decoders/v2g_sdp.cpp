// SDP of ISO 15118: a car that has been plugged in asks the charging station for its address (UDP 15118, IPv6 multicast). It
// tells which of two machines is the station and which the car; neither says who made it.
//
//   |01|FE|type 2|length 4|payload|        request 9000: |security 1|transport 1|        answer 9001: |IPv6 16|port 2|security
//   1|transport 1|
#include <span>

#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::uint16_t request = 0x9000;
constexpr std::uint16_t response = 0x9001;

// ISO 15118-2:2014 clause 7.8.3 and 7.10.1: version 1 and its inverse, the payload type and its exact length; security is 0x00
// or 0x10, transport 0x00 (TCP) or 0x10 (reserved for UDP).
bool recognise(ByteCursor message, const Flow&) {
    if (message.peek_be16() != 0x01fe) return false;
    message.skip(2);
    const std::uint16_t type = message.be16();
    const std::uint32_t length = message.be32();
    if (length != message.left()) return false;
    if (type == response) {
        if (length != 20) return false;
        message.skip(18);
    } else if (type != request || length != 2) {
        return false;
    }
    const std::uint8_t security = message.u8();
    const std::uint8_t transport = message.u8();
    return (security == 0x00 || security == 0x10) && (transport == 0x00 || transport == 0x10);
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    const Slice head = ByteCursor(message).bytes(4);
    if (head.bytes[3] == 0x01) {
        claims.matched(Field::category, "ev_charger", head, "response");
    } else {
        claims.matched(Field::category, "ev", head, "request");
    }
    return done();
}

constexpr ExampleMessage session[] = {{From::Client, "01fe 9000 00000002 10 00", {}},
                                      {From::Server, "01fe 9001 00000014 fe8000000000000002005efffe005314 f123 10 00", {}}};
constexpr std::string_view session_claims[] = {"client category=ev", "server category=ev_charger"};
constexpr ExampleMessage alone[] = {{From::Client, "01fe 9000 00000002 00 00", {}}};
constexpr Example examples[] = {
    {"a car asks for a way without TLS and nobody answers", Layer::Udp, 15118, alone, std::span(session_claims).first(1)},
    {"a car asks and a charging station answers", Layer::Udp, 15118, session, session_claims},
};
constexpr std::uint16_t ports[] = {15118};

}  // namespace

Decoder v2g_sdp() {
    Decoder decoder;
    decoder.name = "v2g_sdp";
    decoder.title = "ISO 15118 SDP";
    decoder.spec = "ISO 15118-2:2014 clauses 7.8.3 and 7.10.1";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("01 fe");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
