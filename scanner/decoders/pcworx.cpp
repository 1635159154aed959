// PCWorx: Phoenix Contact's inline controllers (ILC, RFC, AXC). When the engineering tool asks, the controller tells type,
// firmware and order number in clear, without a password.
//
//   |01|function|length 2|number 2|0000|...| "IBETH01N0_M"       answer: |81|function|length 2| ...
//   information (function 06): type at 30, firmware at 66, order number at 152
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::string_view greeting = "IBETH01N0_M";
constexpr std::size_t information_size = 160;

// No specification is public; as the tool begins and nmap's pcworx-info reads it: type 01, function 01, a length of 26 that is
// the message, the name of the interface at 14.
bool recognise(ByteCursor message, const Flow&) {
    if (message.left() < 26 || message.peek_be16() != 0x0101 || message.peek_be16(2) != 26) return false;
    message.skip(14);
    return message.starts_with(greeting);
}

// A text that ends with a zero.
Slice text_at(ByteCursor message, std::size_t at) {
    message.skip(at);
    const Slice all = message.bytes(message.left() < 32 ? message.left() : 32);
    const std::size_t end = all.text().find('\0');
    if (end == std::string_view::npos || end == 0 || !printable_ascii(all.text().substr(0, end))) return {};
    return {all.bytes.first(end), all.offset};
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!flow.from_server()) return done(message.left());
    if (message.left() < 2) return need(2);
    if (message.peek() != 0x81) return done(message.left());
    if (message.peek(1) != 0x06) return done(message.left());
    if (message.left() < information_size && !flow.ended) return need(information_size);
    const Slice type = text_at(message, 30);
    const Slice firmware = text_at(message, 66);
    const Slice order = message.left() > 152 ? text_at(message, 152) : Slice{};
    if (!type.empty() && !firmware.empty()) {
        claims.stated(Field::product, type, "plc_type");
        claims.stated(Field::firmware, firmware, "firmware");
        claims.stated(Field::model, order, "order_number");
    }
    return done(message.left());
}

constexpr ExampleMessage told[] = {
    {From::Client, "0101001a0000000078800003000c494245544830314e305f4d00", {}},
    {From::Server, "8101001400000000788000030000000000070000", {}},
    {From::Client, "0106000e00020000000000070400", {}},
    {From::Server,
     "810600aa000000000000000000000000000000000000000000000000000045584320313531204554480000000000000000000000"
     "0000000000000000000000000000342e363000000000000000000031312f32312f32360000000000000000000000000000000000"
     "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000030303030"
     "3034320000000000000000000000",
     {}},
};
constexpr std::string_view told_claims[] = {"server product=EXC 151 ETH", "server firmware=4.60", "server model=0000042"};
constexpr ExampleMessage greets[] = {
    {From::Client, "0101001a0000000078800003000c494245544830314e305f4d00", {}},
};
constexpr Example examples[] = {
    {"a controller tells type, firmware and order number", Layer::Tcp, 1962, told, told_claims},
    {"a greeting says nothing", Layer::Tcp, 1962, greets, {}},
};
constexpr std::uint16_t ports[] = {1962};

}  // namespace

Decoder pcworx() {
    Decoder decoder;
    decoder.name = "pcworx";
    decoder.title = "Phoenix Contact PCWorx";
    decoder.spec = "No public specification; as nmap's pcworx-info reads it";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("01 01 00 1a");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
