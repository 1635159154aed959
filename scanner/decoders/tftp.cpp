// TFTP: devices fetch configurations and firmware here without anybody being asked who they are. That it happens is what there
// is to learn; file names are not kept.
//
//   |opcode 2|file 00|mode 00|[option 00 value 00 ...]|; 1 read, 2 write, 3 data, 4 acknowledge, 5 error, 6 options
#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/text_lines.h"

namespace herkomst::decoders {

namespace {

// RFC 1350 section 5, RFC 2347: a wish to read or write, a name of text, one of three modes, pairs of options behind it, each
// ended by a zero.
bool recognise(ByteCursor message, const Flow&) {
    const std::uint16_t operation = message.be16();
    if (operation != 1 && operation != 2) return false;
    if (message.left() > 516 || message.left() < 9) return false;
    const Slice name = message.until(0);
    const Slice mode = message.until(0);
    if (!message.ok() || name.empty() || !is_text(name.text())) return false;
    bool known = false;
    for (const std::string_view each : {"octet", "netascii", "mail"}) known = known || equal_ignoring_case(mode.text(), each);
    while (known && !message.done()) {
        if (!is_text(message.until(0).text())) return false;
        message.until(0);
    }
    return known && message.ok();
}

Verdict observe(ByteCursor message, Flow&, Claims&) {
    const std::uint16_t operation = message.be16();
    return operation >= 1 && operation <= 6 ? done() : not_this();
}

constexpr ExampleMessage fetching[] = {
    {From::Client, "0001 77696c68656c6d696e612e636667 00 6f63746574 00 626c6b73697a65 00 31343238 00", {}}};
constexpr ExampleMessage storing[] = {{From::Client, "0002 6578616d706c65 00 6e65746173636969 00", {}},
                                      {From::Server, "0004 0000", {}}};
constexpr Example examples[] = {
    {"another is stored, in the other mode", Layer::Udp, 69, storing, {}},
    {"a configuration is fetched; its name is not kept", Layer::Udp, 69, fetching, {}},
};
constexpr std::uint16_t ports[] = {69};

}  // namespace

Decoder tftp() {
    Decoder decoder;
    decoder.name = "tftp";
    decoder.title = "TFTP";
    decoder.spec = "RFC 1350; RFC 2347";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("00 01", "00 02");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
