// HSRP, Cisco's way for several routers to share one address: each that speaks is a router. The shared address and its MAC
// (00-00-0C-07-AC-xx, 00-00-0C-9F-Fx-xx) are nobody's own; the password is not kept.
//
//   version 1 |0|op|state|hello|hold|priority|group|0|password 8|address 4|; version 2 |1|40|2|op|state|ip version|group 2|id
//   6|...
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

// RFC 2281 section 5: version 0, three operations, five states that are powers of two, hello below hold, 20 bytes.
bool is_first(ByteCursor message) {
    if (message.left() < 20 || message.left() > 64 || message.u8() != 0) return false;
    const std::uint8_t operation = message.u8();
    const std::uint8_t state = message.u8();
    const std::uint8_t hello = message.u8();
    const std::uint8_t hold = message.u8();
    message.skip(2);
    const bool known = state == 0 || state == 1 || state == 2 || state == 4 || state == 8 || state == 16;
    return operation <= 2 && known && hello > 0 && hello <= hold && message.u8() == 0;
}

// RFC 2281 section 5; Cisco's version 2: group state field of 40 bytes with version 2, operation, state and IP version.
bool recognise(ByteCursor message, const Flow& flow) {
    if (is_first(message)) return flow.sender.ip.version == 4;
    if (message.u8() != 1 || message.u8() != 40 || message.u8() != 2) return false;
    const std::uint8_t operation = message.u8();
    const std::uint8_t state = message.u8();
    const std::uint8_t version = message.u8();
    return operation <= 2 && state <= 6 && (version == 4 || version == 6) && message.left() >= 36;
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    claims.stated(Field::role, "router", message.bytes(6), "hello");
    return done();
}

constexpr ExampleMessage first[] = {{From::Server, "00 00 10 03 0a 64 07 00 77696c68656c6d69 c00002fe", {}}};
constexpr ExampleMessage second[] = {
    {From::Server, "01 28 02 00 06 04 0007 00005e005314 00000064 00000bb8 00002710 c00002fe 000000000000000000000000", {}}};
constexpr std::string_view router_claims[] = {"server role=router"};
constexpr ExampleMessage again[] = {first[0], first[0]};
constexpr Example examples[] = {
    {"version 1; its password is not kept", Layer::Udp, 1985, first, router_claims},
    {"version 2", Layer::Udp, 1985, second, router_claims},
    {"and three seconds later", Layer::Udp, 1985, again, router_claims},
};
constexpr std::uint16_t ports[] = {1985, 2029};

}  // namespace

Decoder hsrp() {
    Decoder decoder;
    decoder.name = "hsrp";
    decoder.title = "HSRP";
    decoder.spec = "RFC 2281; HSRP version 2";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("00 0?", "01 28 02");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
