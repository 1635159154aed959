// TACACS+: who administers network gear asks a server here. The bodies are hidden; that the service is there is all there is to
// learn.
//
//   |C0 or C1|type 1..3|number|flags|session 4|length 4|body ...|
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

// RFC 8907 section 4.1: major version 12, minor 0 or 1, three types, the first packet of a session has number 1 and is the
// client's, answers are even; flags 1 and 4 only; a length of at most 65535.
bool recognise(ByteCursor message, const Flow& flow) {
    const std::uint8_t version = message.u8();
    const std::uint8_t type = message.u8();
    const std::uint8_t number = message.u8();
    const std::uint8_t flags = message.u8();
    const std::uint32_t session = message.be32();
    const std::uint32_t length = message.be32();
    if ((version != 0xc0 && version != 0xc1) || type < 1 || type > 3 || (flags & ~5U) != 0 || session == 0) return false;
    return length >= 5 && length < 4096 && number == (flow.from_opener ? 1 : 2) && message.ok();
}

Verdict observe(ByteCursor message, Flow&, Claims&) {
    const std::uint8_t version = message.u8();
    message.skip(7);
    const std::size_t length = message.be32();
    if (!message.ok()) return done();
    return (version & 0xfe) == 0xc0 && length < 65536 ? done(length + 12) : not_this();
}

constexpr ExampleMessage session[] = {{From::Client, "c0 01 01 00 01020304 00000008 a1b2c3d4e5f60718", {}},
                                      {From::Server, "c0 01 02 00 01020304 00000006 a1b2c3d4e5f6", {}}};
constexpr ExampleMessage kept[] = {{From::Client, "c1 02 01 04 0a0b0c0d 00000006 a1b2c3d4e5f6", {}}};
constexpr Example examples[] = {
    {"a session whose contents are hidden", Layer::Tcp, 49, session, {}},
    {"minor version 1, over a connection that is kept", Layer::Tcp, 49, kept, {}},
};
constexpr std::uint16_t ports[] = {49};

}  // namespace

Decoder tacacs() {
    Decoder decoder;
    decoder.name = "tacacs";
    decoder.title = "TACACS+";
    decoder.spec = "RFC 8907";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("c0", "c1");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
