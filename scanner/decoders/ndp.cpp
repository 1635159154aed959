// Neighbour discovery of IPv6: who is at which MAC, said by the machine itself, and which machines are routers.
//
//   |type|code 0|checksum 2|...; 133 and 134 router solicitation and advertisement, 135 and 136 neighbour solicitation and
//   advertisement: |4 bytes|target 16| or |hop limit|flags|lifetime 2|reachable 4|retransmit 4|, then |option|length * 8|value
//   ...|
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

enum Type : std::uint8_t { RouterSolicitation = 133, RouterAdvertisement = 134, Solicitation = 135, Advertisement = 136 };
enum Option : std::uint8_t { SourceAddress = 1, TargetAddress = 2 };

std::size_t fixed_size(std::uint8_t type) { return type == RouterSolicitation ? 8 : type == RouterAdvertisement ? 16 : 24; }

// RFC 4861 sections 4.1 to 4.4 and 4.6: ICMPv6, one of four types, code 0, options that are not empty and fill the message
// exactly; the target of a neighbour message is no group.
bool recognise(ByteCursor message, const Flow& flow) {
    if (flow.protocol != 58) return false;
    const std::uint8_t type = message.u8();
    const std::uint8_t code = message.u8();
    if (type < RouterSolicitation || type > Advertisement || code != 0) return false;
    message.skip(6);
    if (type >= Solicitation && message.peek() == 0xff) return false;
    message.skip(fixed_size(type) - 8);
    while (!message.done()) {
        message.skip(1);
        const std::size_t units = message.u8();
        if (units == 0) return false;
        message.skip(units * 8 - 2);
    }
    return message.ok();
}

// RFC 4861 section 4.6.1. Only the MAC that the frame came from: bridges of wireless networks may speak for others.
void bind(const IpAddress& ip, const Slice& option, const Slice& witness, const Flow& flow, Claims& claims) {
    if (option.size() != 6 || !ip.known() || ip.unspecified() || ip.multicast()) return;
    Endpoint station = flow.sender.station();
    Mac mac;
    for (std::size_t i = 0; i < 6; ++i) mac.bytes[i] = option.bytes[i];
    if (mac != station.mac || !mac.known() || mac.group()) return;
    claims.about(station).stated(Field::address, ip.text(), witness, "address");
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    const std::uint8_t type = message.u8();
    message.skip(5);
    const Slice lifetime = message.bytes(2);
    Slice target;
    if (type >= Solicitation) target = message.bytes(16);
    if (type == RouterAdvertisement) {
        message.skip(8);
        // A lifetime of 0 says that it is no default router (any more).
        if (lifetime.bytes[0] != 0 || lifetime.bytes[1] != 0)
            claims.stated(Field::role, "router", lifetime, "router_advertisement");
    }
    while (!message.done()) {
        const std::uint8_t option = message.u8();
        ByteCursor value = message.take(message.u8() * std::size_t{8} - 2);
        const Slice mac = value.rest();
        if (option == TargetAddress && type == Advertisement) {
            bind(IpAddress::v6(target.bytes.data()), mac, target, flow, claims);
        } else if (option == SourceAddress && type != Advertisement) {
            bind(flow.sender.ip, mac, mac, flow, claims);
        }
    }
    return done();
}

constexpr ExampleMessage neighbour[] = {
    {From::Server, "88 00 0000 60000000 20010db8000000000000000000000007 | 02 01 00005e005314", {}}};
constexpr std::string_view neighbour_claims[] = {"server-mac address=2001:db8::7"};
constexpr ExampleMessage router[] = {
    {From::Server, "86 00 0000 40 00 0708 00000000 00000000 | 01 01 00005e005314 | 05 01 0000 000005dc", {}}};
constexpr std::string_view router_claims[] = {"server role=router", "server-mac address=192.0.2.20"};
constexpr ExampleMessage proxy[] = {
    {From::Server, "88 00 0000 20000000 20010db8000000000000000000000009 | 02 01 00005e005399", {}}};
constexpr Example examples[] = {
    {"a neighbour says where it is", Layer::Ip, 58, neighbour, neighbour_claims},
    {"a router presents itself", Layer::Ip, 58, router, router_claims},
    {"somebody answers for another", Layer::Ip, 58, proxy, {}},
};
constexpr std::uint16_t protocols[] = {58};

}  // namespace

Decoder ndp() {
    Decoder decoder;
    decoder.name = "ndp";
    decoder.title = "IPv6 neighbour discovery";
    decoder.spec = "RFC 4861";
    decoder.layers = only(Layer::Ip);
    decoder.ports = protocols;
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
