// Baichuan: cameras and recorders of Reolink, and those it builds for others, speak to their apps (TCP 9000), over the internet
// by way of its maker's servers (UDP). What is said is encrypted with a key that everybody knows; accounts and pictures are not
// read. That it runs is a way in.
//
//   TCP |f0debc0a|message 4 LE|length 4 LE|channel 1|stream 1|handle 2|encryption or status 2|class 2 LE|[offset 4]|
//   UDP |3acf872a|length 4 LE|01000000|number 4|check 4|...|, 10 data and 20 acknowledgement: |1?cf872a|connection 4|...|
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t for_good = SIZE_MAX / 2;
constexpr std::uint32_t log_in = 1;
constexpr std::uint16_t old_class = 0x6514, reply_class = 0x6614;

struct Notes {
    bool told[2];
};

// No public specification; as neolink and reolink_aio, two independent clients, speak it: the magic, the log-in as first
// message in either direction, one of its two classes, a header of twenty bytes and a length that a log-in can have.
bool recognise_stream(ByteCursor message) {
    if (message.be32() != 0xf0debc0a || message.le32() != log_in) return false;
    const std::uint32_t length = message.le32();
    message.skip(6);
    const std::uint16_t kind = message.le16();
    return message.ok() && length <= 4096 && (kind == old_class || kind == reply_class);
}

// The search for a way, with a length that is all that follows and the one that always stands there; data and acknowledgement
// with theirs.
bool recognise_datagram(ByteCursor message) {
    const std::uint8_t kind = message.u8();
    if (message.be24() != 0xcf872a) return false;
    const std::uint32_t first = message.le32();
    const std::uint32_t second = message.le32();
    const std::uint32_t third = message.le32();
    const std::uint32_t fourth = message.le32();
    if (!message.ok()) return false;
    switch (kind) {
        case 0x3a:
            return second == 1 && first != 0 && first == message.left();
        case 0x10:
            return second == 0 && first != 0 && third < 0x80000000 && fourth != 0 && fourth == message.left();
        case 0x20: {
            message.skip(4);
            const std::uint32_t payload = message.le32();
            return second == 0 && message.ok() && payload == message.left();
        }
        default:
            return false;
    }
}

bool recognise(ByteCursor message, const Flow& flow) {
    return flow.layer == Layer::Tcp ? recognise_stream(message) : recognise_datagram(message);
}

// Who is asked is the camera; of datagrams it is not known who is which.
Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (flow.layer == Layer::Udp) return recognise_datagram(message) ? done() : not_this();
    bool& told = flow.state->notes<Notes>().told[flow.from_opener ? 1 : 0];
    if (told) return done(for_good);
    if (message.left() < 20) return need(20);
    if (!recognise_stream(message)) return not_this();
    told = true;
    if (flow.from_server()) {
        const Slice magic = message.bytes(4);
        claims.matched(Field::stack_maker, "Reolink", magic, "log_in");
        claims.stated(Field::role, "baichuan camera or recorder", magic, "log_in");
    }
    return done(for_good);
}

constexpr ExampleMessage session[] = {{From::Client, "f0debc0a 01000000 00000000 00 00 0100 12dc 1465", {}},
                                      {From::Server, "f0debc0a 01000000 04000000 00 00 0100 02dd 1466 a1a2a3a4", {}}};
constexpr std::string_view session_claims[] = {"server stack_maker=Reolink", "server role=baichuan camera or recorder"};
constexpr ExampleMessage relayed[] = {{From::Client, "3acf872a 08000000 01000000 a1a2a300 b1b2b3b4 c1c2c3c4c5c6c7c8", {}},
                                      {From::Server, "10cf872a 07000000 00000000 00000000 04000000 d1d2d3d4", {}},
                                      {From::Client, "20cf872a 07000000 00000000 00000000 00000000 00000000 00000000", {}}};
constexpr Example examples[] = {
    {"an app logs in", Layer::Tcp, 9000, session, session_claims},
    {"a way through the internet is searched for and used", Layer::Udp, 2015, relayed, {}},
};
constexpr std::uint16_t ports[] = {9000, 2015, 2018};

}  // namespace

Decoder baichuan() {
    Decoder decoder;
    decoder.name = "baichuan";
    decoder.title = "Baichuan (Reolink)";
    decoder.spec = "No public specification; as neolink and reolink_aio (public projects) speak it";
    decoder.layers = Layer::Tcp | Layer::Udp;
    decoder.ports = ports;
    decoder.starts = Starts("f0 de bc 0a 01 00 00 00", "3a cf 87 2a", "10 cf 87 2a", "20 cf 87 2a");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
