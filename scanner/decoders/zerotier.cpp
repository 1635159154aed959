// ZeroTier: an overlay network whose nodes reach each other directly or over its maker's roots (UDP 9993). Only the first word
// between two nodes is in the clear; it tells the version. That the tunnel is there is what matters.
//
//   |packet 8|to 5|from 5|fragmented 2 bits, cipher 3, hops 3|authentication 8|verb 1|
//   hello: |protocol 1|major 1|minor 1|revision 2|time 8|identity: address 5, type 1, keys 64, 0|sent to ...|
#include <string>

#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::uint8_t hello = 1;

struct Hello {
    Slice version;
    bool good = false;
};

// ZeroTierOne, node/Packet.hpp: hello is sent in the clear (cipher 0) with its verb alone in its byte, names a protocol that is
// in use, and the identity in it (node/Identity.hpp: type 0, no private key) is the sender's address again. 00 and ff do not
// begin an address.
Hello read_hello(ByteCursor message) {
    Hello out;
    if (message.left() < 28 + 13 + 71) return out;
    message.skip(8);
    const std::uint8_t to = message.peek();
    message.skip(5);
    const std::uint64_t from = std::uint64_t{message.u8()} << 32 | message.be32();
    const std::uint8_t flags = message.u8();
    message.skip(8);
    if (message.u8() != hello || (flags & 0xb8) != 0 || to == 0 || to == 0xff) return out;
    const std::uint8_t protocol = message.u8();
    out.version = message.bytes(4);
    message.skip(8);
    const std::uint64_t identity = std::uint64_t{message.u8()} << 32 | message.be32();
    const std::uint8_t type = message.u8();
    message.skip(64);
    const std::uint8_t private_key = message.u8();
    out.good = message.ok() && protocol >= 4 && protocol <= 20 && from >> 32 != 0 && from >> 32 != 0xff && identity == from &&
               type == 0 && private_key == 0;
    return out;
}

bool recognise(ByteCursor message, const Flow&) { return read_hello(message).good; }

Verdict observe(ByteCursor message, Flow&, Claims& claims) {
    const Hello head = read_hello(message);
    if (head.good) {
        const Bytes version = head.version.bytes;
        const unsigned revision = static_cast<unsigned>(version[2]) << 8 | version[3];
        const std::string text =
            "ZeroTier " + std::to_string(version[0]) + "." + std::to_string(version[1]) + "." + std::to_string(revision);
        claims.stated(Field::software, text, head.version, "hello");
        return done();
    }
    // Everything else is encrypted; a fragment's mark stands where the sender's address would.
    return message.left() >= 16 ? done() : not_this();
}

constexpr ExampleMessage greets[] = {
    {From::Client,
     "a1a2a3a4a5a6a7a8 1122334455 5544332211 00 b1b2b3b4b5b6b7b8 01 | 0b 01 0c 0002 0000018c00000000 | 5544332211 00"
     "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3"
     "c3d3e3f"
     "00 | 04 c0000214 2709",
     {}},
    {From::Server, "c1c2c3c4c5c6c7c8 5544332211 1122334455 08 d1d2d3d4d5d6d7d8 83 e0e1e2e3", {}}};
constexpr std::string_view greets_claims[] = {"client software=ZeroTier 1.12.2"};
constexpr ExampleMessage fragment[] = {greets[0],
                                       {From::Server, "c1c2c3c4c5c6c7c8 5544332211 ff 21 00 e0e1e2e3e4e5e6e7e8e9", {}}};
constexpr Example examples[] = {{"a node says hello, the answer is encrypted", Layer::Udp, 9993, greets, greets_claims},
                                {"or comes in fragments, which say nothing", Layer::Udp, 9993, fragment, greets_claims}};
constexpr std::uint16_t ports[] = {9993};

}  // namespace

Decoder zerotier() {
    Decoder decoder;
    decoder.name = "zerotier";
    decoder.title = "ZeroTier";
    decoder.spec = "ZeroTierOne, node/Packet.hpp and node/Identity.hpp";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
