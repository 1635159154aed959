// TeamViewer: remote control of a screen over its maker's servers (TCP 5938). That it runs is what matters; accounts and the
// numbers of the machines are not kept.
//
//   |17 24|command 1|length 2 LE|...|     or |11 30|command 1|?|length 4 LE|packet 4|request 4|class 4|offset 4|...|
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t short_header = 5, long_header = 24;
constexpr std::size_t longest = std::size_t{1} << 20;
struct Notes {
    bool told[2];  // by whom: one claim of each side is enough
};

constexpr std::uint8_t first_command = 10, last_command = 113;

// Of a whole message; 0: this is none.
std::size_t size_of(ByteCursor message) {
    const std::uint16_t magic = message.be16();
    const std::uint8_t command = message.u8();
    if (command < first_command || command > last_command) return 0;
    if (magic == 0x1724) return short_header + message.le16();
    if (magic != 0x1130) return 0;
    message.skip(1);
    const std::uint32_t length = message.le32();
    return length > longest ? 0 : long_header + length;
}

// As two public dissectors, nDPI and a scanner read it (the maker publishes nothing): a magic of two bytes, a command of the
// known ones, and a length. First come a ping, an identification or a question to the master: short ones, which end the
// segment.
bool recognise(ByteCursor message, const Flow&) {
    const std::size_t there = message.left();
    const std::uint8_t command = message.peek(2);
    if (message.peek_be16() != 0x1724 || there < short_header) return false;
    const std::size_t size = size_of(message);
    if (!message.ok() || size == 0) return false;
    const bool opens = command == 10 || command == 11 || (command >= 16 && command <= 19) || command == 22 || command == 23 ||
                       command == 24 || command == 32;
    if (!opens) return false;
    return size == there || (size < there && message.peek(size) == 0x17 && message.peek(size + 1) == 0x24);
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (message.left() < 8 && message.peek_be16() != 0x1724) return need(8);
    ByteCursor head = message;
    const std::size_t size = size_of(head);
    if (!head.ok()) return need(short_header);
    if (size == 0) return not_this();
    bool& told = flow.state->notes<Notes>().told[flow.from_opener ? 1 : 0];
    if (!told) claims.matched(Field::software, "TeamViewer", message.bytes(2), "command");
    told = true;
    return done(size);
}

constexpr ExampleMessage session[] = {{From::Client, "1724 10 0400 00000000", {}},
                                      {From::Server, "1724 11 0400 78563412", {}},
                                      {From::Client, "1130 66 00 02000000 01000000 00000000 00000000 00000000 abcd", {}}};
constexpr std::string_view session_claims[] = {"client software=TeamViewer", "server software=TeamViewer"};
constexpr ExampleMessage ping[] = {{From::Client, "1724 10 0400 00000000", {}}};
constexpr std::string_view ping_claims[] = {"client software=TeamViewer"};
constexpr Example examples[] = {{"a session begins with a ping", Layer::Tcp, 5938, session, session_claims},
                                {"a ping that nobody answers shows one side", Layer::Tcp, 5938, ping, ping_claims}};
constexpr std::uint16_t ports[] = {5938};

}  // namespace

Decoder teamviewer() {
    Decoder decoder;
    decoder.name = "teamviewer";
    decoder.title = "TeamViewer";
    decoder.spec = "No public specification; as public dissectors and nDPI read it";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("17 24 0a", "17 24 0b", "17 24 1?", "17 24 20");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
