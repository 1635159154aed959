// Crimson 3: Red Lion's panels, gateways and controllers. The configuration tool asks for maker and model by number, without a
// password.
//
//   |length of the rest 2|register 2|kind 2| text and a zero      registers: 012B maker, 012A model
#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::uint16_t maker = 0x012b, model = 0x012a;

bool is_question(const ByteCursor& message) {
    return message.starts_with(std::string_view("\x00\x04\x01\x2b\x1b\x00", 6)) ||
           message.starts_with(std::string_view("\x00\x04\x01\x2a\x1a\x00", 6));
}

// No specification is public; the two questions as nmap's cr3-fingerprint sends them: a length of 4, the register, its kind.
bool recognise(ByteCursor message, const Flow&) { return message.left() == 6 && is_question(message); }

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (message.left() < 2) return need(2);
    const std::size_t size = std::size_t{2} + message.peek_be16();
    if (size < 4 || size > 2048) return not_this();
    if (message.left() < size) return need(size);
    const Slice raw = message.bytes(size);
    if (!flow.from_server() || size < 8) return done(message);
    Reading reading;
    ByteCursor body = whole(raw, reading);
    body.skip(2);
    const std::uint16_t number = body.be16();
    body.skip(2);
    const Slice text = body.rest();
    const std::string_view plain = text.text().substr(0, text.text().find('\0'));
    if (plain.size() < 2 || !printable_ascii(plain)) return done(message);
    if (number == maker) claims.stated(Field::brand, plain, text, "manufacturer");
    if (number == model) claims.stated(Field::model, plain, text, "model");
    return done(message);
}

constexpr ExampleMessage told[] = {
    {From::Client, "0004012b1b00", {}},
    {From::Server, "0015012b1b004578616d706c6520436f6e74726f6c7300", {}},
    {From::Client, "0004012a1a00", {}},
    {From::Server, "000b012a1a0045583330364100", {}},
};
constexpr std::string_view told_claims[] = {"server brand=Example Controls", "server model=EX306A"};
constexpr ExampleMessage asks[] = {
    {From::Client, "0004012b1b00", {}},
};
constexpr Example examples[] = {
    {"maker and model are asked", Layer::Tcp, 789, told, told_claims},
    {"a question says nothing", Layer::Tcp, 789, asks, {}},
};
constexpr std::uint16_t ports[] = {789};

}  // namespace

Decoder red_lion() {
    Decoder decoder;
    decoder.name = "red_lion";
    decoder.title = "Red Lion Crimson 3";
    decoder.spec = "No public specification; as nmap's cr3-fingerprint reads it";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("00 04 01");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
