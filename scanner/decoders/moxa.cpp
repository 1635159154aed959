// Moxa's search: serial device servers (NPort) and gateways answer their administrator's tool with model number, MAC and
// address; some with their name. Each carries a serial line, and what hangs on it, into the network.
//
//   |kind, 80 answer|status|length 2|number 4| device: |00 product 4|model 2|MAC 6| then 81: address 4, 90: name 40
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t header_size = 8;

// As NPort units answer (read in a public description of the protocol): the length is the datagram, a device of twelve bytes
// whose MAC starts with Moxa's 00-90-E8.
bool recognise(ByteCursor message, const Flow&) {
    const std::size_t size = message.left();
    if (size < header_size || message.peek_be16(2) != size || message.peek(1) != 0) return false;
    const std::uint8_t kind = message.peek();
    if (kind == 0x01) return size == header_size && message.peek_be16(4) == 0 && message.peek_be16(6) == 0;
    if (size < 20 || message.peek_be16(14) != 0x0090 || message.peek(16) != 0xe8) return false;
    switch (kind) {
        case 0x81:
        case 0xa1:
        case 0xa2:
        case 0xa3:
            return size == 24;
        case 0x90:
            return size == 60;
        case 0x10:
        case 0x16:
        case 0x21:
        case 0x22:
        case 0x23:
            return size == 20;
        case 0x96:
            return size >= 22;
        default:
            return false;
    }
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    const std::uint8_t kind = message.peek();
    if ((kind & 0x80) == 0) return done();
    message.skip(header_size + 4);
    const Slice model = message.bytes(2);
    const Slice raw = message.bytes(6);
    const std::uint8_t number[] = {model.bytes[1], model.bytes[0]};
    claims.stated(Field::device_type, "moxa:" + hex(number, 2), model, "model");
    if (kind == 0x81 && message.left() == 4) {
        const Slice address = message.bytes(4);
        const IpAddress ip = IpAddress::v4(address.bytes.data());
        Endpoint station;
        station.vlan = flow.sender.vlan;
        for (std::size_t i = 0; i < 6; ++i) station.mac.bytes[i] = raw.bytes[i];
        if (!ip.unspecified() && !ip.multicast()) claims.about(station).stated(Field::address, ip.text(), address, "discovery");
    } else if (kind == 0x90) {
        const Slice name = message.bytes(40);
        claims.stated(Field::hostname, name.text().substr(0, name.text().find('\0')), name, "device_name");
    }
    return done();
}

constexpr ExampleMessage found[] = {
    {From::Client, "0100000800000000", {}},
    {From::Server, "8100001800000000005555551a510090e8000042c0000214", {}},
    {From::Client, "1000001400000000005555551a510090e8000042", {}},
    {From::Server,
     "9000003c00000000005555551a510090e80000424e502d4558414d504c4500000000000000000000000000000000000000000000"
     "0000000000000000",
     {}},
};
constexpr std::string_view found_claims[] = {"server device_type=moxa:511a", "mac:00:90:e8:00:00:42 address=192.0.2.20",
                                             "server hostname=NP-EXAMPLE"};
constexpr ExampleMessage search[] = {
    {From::Client, "0100000800000000", {}},
};
constexpr Example examples[] = {
    {"a device server is found and named", Layer::Udp, 4800, found, found_claims},
    {"a search says nothing", Layer::Udp, 4800, search, {}},
};
constexpr std::uint16_t ports[] = {4800};

}  // namespace

Decoder moxa() {
    Decoder decoder;
    decoder.name = "moxa";
    decoder.title = "Moxa search (NPort)";
    decoder.spec = "No public specification; a public description of the NPort's messages";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("01 00", "1? 00", "2? 00", "81 00", "9? 00", "a? 00");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
