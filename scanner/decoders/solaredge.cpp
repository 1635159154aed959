// SolarEdge's older cloud protocol: inverters with a wired or GSM connection report to the maker's server in clear framing (TCP
// 22222, 22221 or 80). The address of the sender is the inverter's serial number. The content is encrypted and is not looked
// at.
//
//   |12 34 56 79|length 2|not length 2|sequence 2|from 4|to 4|function 2|data ...|CRC 2|        little-endian
//
// The layout is not published by its maker. It is the one that jbuehl/solaredge (a public project) reads.
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t header_size = 20;

bool is_header(const ByteCursor& message) {
    const std::uint16_t length = message.peek_le16(4);
    return message.peek_be16() == 0x1234 && message.peek_be16(2) == 0x5679 && (length ^ message.peek_le16(6)) == 0xffff &&
           length <= 4096;
}

// As jbuehl/solaredge (public project) reads it: magic, a length and its complement, and at least one address that a device can
// have.
bool recognise(ByteCursor message, const Flow&) {
    if (message.left() < header_size || !is_header(message)) return false;
    message.skip(10);
    const std::uint32_t from = message.le32();
    const std::uint32_t to = message.le32();
    return from != to;
}

bool names_a_device(std::uint32_t address) { return address > 0x00010000U && address < 0xfffffff0U; }

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (message.left() < header_size) return need(header_size);
    if (!is_header(message)) return not_this();
    const std::size_t size = header_size + message.peek_le16(4) + 2;
    if (message.left() < size) return need(size);
    ByteCursor whole_message = message.take(size);
    whole_message.skip(10);
    const ByteCursor from_at = whole_message;
    const std::uint32_t from = whole_message.le32();
    const Slice from_bytes = whole_message.since(from_at);
    // The inverter opens the connection; the server's address is a small or an all-ones number.
    if (flow.from_opener && names_a_device(from)) {
        std::uint8_t big[4];
        for (std::size_t i = 0; i < 4; ++i) big[i] = from_bytes.bytes[3 - i];
        std::string serial = hex(big, 4);
        for (char& c : serial) c = (c >= 'a' && c <= 'f') ? static_cast<char>(c - 'a' + 'A') : c;
        claims.stated(Field::serial, serial, from_bytes, "from");
        claims.matched(Field::brand, "SolarEdge", from_bytes, "frame");
    }
    return done(message);
}

constexpr std::string_view report = "123456790400fbff0100a200007efdffffff00050102030464f2";
constexpr std::string_view acknowledged = "123456790000ffff0100fdffffffa200007e8000456d";
constexpr ExampleMessage session[] = {{From::Client, report, {}}, {From::Server, acknowledged, {}}};
constexpr std::string_view session_claims[] = {"client serial=7E0000A2", "client brand=SolarEdge"};
constexpr ExampleMessage only_acknowledged[] = {{From::Server, acknowledged, {}}};
constexpr Example examples[] = {
    {"an inverter reports", Layer::Tcp, 22222, session, session_claims},
    {"an acknowledgement names nobody", Layer::Tcp, 22222, only_acknowledged, {}},
};
constexpr std::uint16_t ports[] = {22222, 22221};

}  // namespace

Decoder solaredge() {
    Decoder decoder;
    decoder.name = "solaredge";
    decoder.title = "SolarEdge (older cloud protocol)";
    decoder.spec = "unpublished; as read by jbuehl/solaredge (public project)";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("12 34 56 79");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
