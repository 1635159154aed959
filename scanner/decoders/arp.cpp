// ARP: who says that an IP address is at this MAC. It names no maker, but it ties the two together better than any
// other packet: the sender speaks for itself on the link, no router in between.
//
//   |htype 2|ptype 2|hlen|plen|oper 2|sender MAC 6|sender IP 4|target MAC 6|target IP 4| padding
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

// RFC 826 "Packet format"; hardware type 1 is Ethernet, protocol type 0x0800 IPv4. Operations 1 request, 2 reply; 3 and 4
// (RARP) and 8, 9 (InARP) do not bind an address on Ethernet.
bool recognise(ByteCursor message, const Flow& flow) {
    if (flow.ethertype != 0x0806) return false;
    const bool ethernet = message.be16() == 1;
    const bool ipv4 = message.be16() == 0x0800;
    const bool lengths = message.u8() == 6 && message.u8() == 4;
    const std::uint16_t operation = message.be16();
    message.skip(20);
    return ethernet && ipv4 && lengths && (operation == 1 || operation == 2);
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    message.skip(8);
    const Slice mac = message.bytes(6);
    const Slice ip = message.bytes(4);
    if (!message.ok()) return done();
    Endpoint station = flow.sender.station();
    for (std::size_t i = 0; i < 6; ++i) station.mac.bytes[i] = mac.bytes[i];
    const IpAddress address = IpAddress::v4(ip.bytes.data());
    // A probe (RFC 5227) has sender 0.0.0.0: it claims nothing yet.
    if (address.unspecified() || address.multicast() || station.mac.group() || !station.mac.known()) return done();
    claims.about(station).stated(Field::address, address.text(), ip, "sender");
    return done();
}

constexpr ExampleMessage reply[] = {
    {From::Server, "0001 0800 06 04 0002 00005e005314 c0000214 00005e00530a c000020a 0000000000000000000000000000", {}}};
constexpr std::string_view reply_claims[] = {"server address=192.0.2.20"};
constexpr ExampleMessage probe[] = {{From::Client, "0001 0800 06 04 0001 00005e00530a 00000000 000000000000 c0000214", {}}};
constexpr Example examples[] = {
    {"a reply binds its sender", Layer::Link, 0x0806, reply, reply_claims},
    {"an address probe binds nobody", Layer::Link, 0x0806, probe, {}},
};
constexpr std::uint16_t ethertypes[] = {0x0806};

}  // namespace

Decoder arp() {
    Decoder decoder;
    decoder.name = "arp";
    decoder.title = "ARP";
    decoder.spec = "RFC 826; RFC 5227";
    decoder.layers = only(Layer::Link);
    decoder.ports = ethertypes;
    decoder.starts = Starts("00 01 08 00 06 04 00");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
