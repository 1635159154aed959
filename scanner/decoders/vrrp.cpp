// VRRP: several routers share one address; each that speaks is a router. The virtual MAC (00-00-5E-00-01-xx) names nobody, and
// the shared address is nobody's own.
//
//   |version 4 bits, type 4 bits|router|priority|addresses|interval 2|checksum 2|address ...|
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

// RFC 5798 section 5.1, RFC 3768 section 5.1: protocol 112, version 2 or 3, type 1, a router number, at least one address, and
// so many addresses (with 8 bytes of old authentication in version 2) as fill the message.
bool recognise(ByteCursor message, const Flow& flow) {
    if (flow.protocol != 112) return false;
    const std::size_t size = message.left();
    const std::uint8_t head = message.u8();
    const std::uint8_t router = message.u8();
    message.skip(1);
    const std::size_t count = message.u8();
    const std::size_t each = flow.sender.ip.version == 6 ? 16 : 4;
    if ((head != 0x21 && head != 0x31) || router == 0 || count == 0 || !message.ok()) return false;
    return size == 8 + count * each || (head == 0x21 && size == 16 + count * each);
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    claims.stated(Field::role, "router", message.bytes(4), "advertisement");
    return done();
}

constexpr ExampleMessage advertisement[] = {{From::Server, "31 07 64 01 0064 0000 c00002fe", {}}};
constexpr ExampleMessage older[] = {{From::Server, "21 07 64 01 00 01 0000 c00002fe 77696c68656c6d69", {}}};
constexpr std::string_view router_claims[] = {"server role=router"};
constexpr ExampleMessage again[] = {advertisement[0], advertisement[0]};
constexpr Example examples[] = {
    {"version 3", Layer::Ip, 112, advertisement, router_claims},
    {"version 2; its password is not kept", Layer::Ip, 112, older, router_claims},
    {"and a second later", Layer::Ip, 112, again, router_claims},
};
constexpr std::uint16_t protocols[] = {112};

}  // namespace

Decoder vrrp() {
    Decoder decoder;
    decoder.name = "vrrp";
    decoder.title = "VRRP";
    decoder.spec = "RFC 5798; RFC 3768";
    decoder.layers = only(Layer::Ip);
    decoder.ports = protocols;
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
