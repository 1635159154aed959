// ProConOS: the runtime of KW-Software (now Phoenix Contact) in controllers of several makers. An information request is
// answered with the runtime's version and the type of controller; the names of the project that follow are the user's and stay
// out.
//
//   |CC|01|00|0B|40 02 00 00|47 EE|      answer: |CC|01| ... runtime at 12, type at 44
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

// No specification is public; the request as the engineering tool and Redpoint's proconos-info send it: ten bytes.
bool recognise(ByteCursor message, const Flow&) {
    return message.left() == 10 && message.starts_with(std::string_view("\xcc\x01\x00\x0b\x40\x02\x00\x00", 8));
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!flow.from_server()) return done(message.left());
    if (message.left() < 2) return need(2);
    if (message.peek_be16() != 0xcc01) return done(message.left());
    if (message.left() < 76) return flow.ended ? done(message.left()) : need(76);
    const std::size_t size = message.left();
    message.skip(12);
    const Slice runtime = message.bytes(32);
    const Slice type = message.bytes(32);
    const auto plain = [](const Slice& slice) { return slice.text().substr(0, slice.text().find('\0')); };
    if (plain(runtime).size() >= 3 && printable_ascii(plain(runtime)) && printable_ascii(plain(type))) {
        claims.stated(Field::software, plain(runtime), runtime, "runtime");
        claims.stated(Field::product, plain(type), type, "plc_type");
    }
    return done(size);
}

constexpr ExampleMessage told[] = {
    {From::Client, "cc01000b4002000047ee", {}},
    {From::Server,
     "cc010078000000000000000045582d436f6e4f532056332e302e31204a616e20323100000000000000000000455846432d343030"
     "000000000000000000000000000000000000000000000000007365637265742070726f6a65637400000000000000000000000000"
     "00000000000000000000000000000000",
     {}},
};
constexpr std::string_view told_claims[] = {"server software=EX-ConOS V3.0.1 Jan 21", "server product=EXFC-400"};
constexpr ExampleMessage asks[] = {
    {From::Client, "cc01000b4002000047ee", {}},
};
constexpr Example examples[] = {
    {"runtime and type of a controller", Layer::Tcp, 20547, told, told_claims},
    {"a question says nothing", Layer::Tcp, 20547, asks, {}},
};
constexpr std::uint16_t ports[] = {20547};

}  // namespace

Decoder proconos() {
    Decoder decoder;
    decoder.name = "proconos";
    decoder.title = "ProConOS";
    decoder.spec = "No public specification; as Redpoint's proconos-info reads it";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("cc 01 00 0b 40 02 00 00");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
