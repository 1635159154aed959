// SONMP: switches of Bay Networks, Nortel and Avaya tell their neighbours management address and kind of chassis, a number.
//
//   |LLC AA AA 03|SNAP 000081 01A1 or 01A2|address 4|slot and port 3|chassis 1|backplane 1|state 1|links 1|
#include <string>

#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

// No public specification; as Wireshark ("Nortel Discovery Protocol") and lldpd read it: SNAP with Nortel's OUI and two
// protocols (between segments, within a flat network), an address of a host, a chassis, and one of three states.
bool recognise(ByteCursor message, const Flow& flow) {
    if (flow.ethertype != 0 || message.be24() != 0xaaaa03 || message.be24() != 0x000081) return false;
    const std::uint16_t protocol = message.be16();
    const std::uint32_t address = message.be32();
    message.skip(3);
    const std::uint8_t chassis = message.u8();
    message.skip(1);
    const std::uint8_t state = message.u8();
    message.skip(1);
    if (protocol != 0x01a1 && protocol != 0x01a2) return false;
    return message.ok() && address >> 24 != 0 && address >> 28 < 14 && chassis != 0 && state >= 1 && state <= 3 &&
           message.left() < 32;
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    message.skip(8);
    const Slice address = message.bytes(4);
    message.skip(3);
    const Slice chassis = message.bytes(1);
    Claims station = claims.about(flow.sender.station());
    station.stated(Field::mgmt_ip, IpAddress::v4(address.bytes.data()).text(), address, "address");
    station.stated(Field::device_type, "sonmp:" + std::to_string(chassis.bytes[0]), chassis, "chassis");
    return done();
}

constexpr ExampleMessage hello[] = {{From::Client, "aaaa03 000081 01a2 | c0000214 000005 4d 0c 02 01", {}}};
constexpr std::string_view hello_claims[] = {"client mgmt_ip=192.0.2.20", "client device_type=sonmp:77"};
constexpr ExampleMessage flat[] = {{From::Client, "aaaa03 000081 01a1 | c0000214 000102 20 0c 01 02", {}}};
constexpr std::string_view flat_claims[] = {"client mgmt_ip=192.0.2.20", "client device_type=sonmp:32"};
constexpr ExampleMessage again[] = {hello[0], hello[0]};
constexpr Example examples[] = {
    {"a switch greets its segment", Layer::Link, 0, hello, hello_claims},
    {"and its flat network", Layer::Link, 0, flat, flat_claims},
    {"the next greeting says nothing new", Layer::Link, 0, again, hello_claims},
};
constexpr std::uint16_t ethertypes[] = {0};

}  // namespace

Decoder sonmp() {
    Decoder decoder;
    decoder.name = "sonmp";
    decoder.title = "Nortel discovery (SONMP)";
    decoder.spec = "No public specification; as Wireshark and lldpd read it";
    decoder.layers = only(Layer::Link);
    decoder.ports = ethertypes;
    decoder.starts = Starts("aa aa 03 00 00 81 01 a?");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
