// EGD: controllers of GE send each other, and displays, what they measure, unasked and in a rhythm (UDP 18246). It names
// nobody; who sends is a controller or an interface of one. The values are not read.
//
//   |0d|01|request 2|producer 4|exchange 4 LE|time 8|status 4|signature 4|0 4|values ...|
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t header_size = 32;

// No public specification; as Wireshark and nDPI read it: data of version 1, a producer that is the sender's own address, a
// status below 31 (in which order of bytes, the two do not agree), a reserved zero.
bool recognise(ByteCursor message, const Flow& flow) {
    if (message.left() <= header_size || message.be16() != 0x0d01 || flow.sender.ip.version != 4) return false;
    message.skip(2);
    const Slice producer = message.bytes(4);
    message.skip(12);
    const std::uint32_t status = message.le32();
    message.skip(4);
    const bool known = status < 31 || ((status & 0xffffff) == 0 && status >> 24 < 31);
    return message.be32() == 0 && known && message.ok() && IpAddress::v4(producer.bytes.data()) == flow.sender.ip;
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    claims.stated(Field::role, "egd producer", message.bytes(2), "data");
    return done();
}

constexpr ExampleMessage data[] = {
    {From::Client, "0d 01 0700 | c000020a | 01000000 | 0000000000000000 | 01000000 | 00000000 | 00000000 | 2a00", {}}};
constexpr std::string_view data_claims[] = {"client role=egd producer"};
constexpr ExampleMessage twice[] = {
    {From::Server,
     "0d 01 0800 | c0000214 | 02000000 | 00f1536500000000 | 01000000 | 00010000 | 00000000 | 0102030405060708",
     {}}};
constexpr std::string_view twice_claims[] = {"server role=egd producer"};
constexpr ExampleMessage again[] = {data[0], data[0]};
constexpr Example examples[] = {
    {"a controller sends a value", Layer::Udp, 18246, data, data_claims},
    {"another, with its time", Layer::Udp, 18246, twice, twice_claims},
    {"the next value says nothing new", Layer::Udp, 18246, again, data_claims},
};
constexpr std::uint16_t ports[] = {18246};

}  // namespace

Decoder egd() {
    Decoder decoder;
    decoder.name = "egd";
    decoder.title = "Ethernet Global Data (GE)";
    decoder.spec = "No public specification; as Wireshark and nDPI read it";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("0d 01");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
