// MySQL and MariaDB: the server speaks first and says its version, on distributions down to the package. What clients answer
// (account, database, queries) is skipped unread.
//
//   packet |length 3, little endian|number|; greeting, number 0:
//   |0A|version ... 00|thread 4|salt 8|00|capabilities 2|character set|status 2|capabilities 2|...
//   refusal, number 0: |FF|code 2|text|
#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t for_good = SIZE_MAX / 2;

struct Greeting {
    bool found = false;
    Slice version;
};

// MySQL protocol, Protocol::HandshakeV10: length as long as what is there, number 0, protocol 10, a version that begins with a
// digit and is printable, and a zero behind the eight bytes of salt. Servers up to 3.23 end there.
Greeting greeting(ByteCursor message) {
    Greeting result;
    const std::size_t length = message.le24();
    const std::uint8_t number = message.u8();
    if (length < 20 || length > 512 || number != 0 || message.peek() != 10) return result;
    ByteCursor body = message.take(length);
    body.skip(1);
    const std::string_view ahead = body.text_ahead().substr(0, 128);
    const std::size_t end = ahead.find('\0');
    if (end == std::string_view::npos || end < 3 || ahead[0] < '0' || ahead[0] > '9') return result;
    if (ahead.substr(0, end).find('.') == std::string_view::npos || !printable_ascii(ahead.substr(0, end))) return result;
    result.version = body.bytes(end);
    body.skip(1);
    body.skip(12);
    result.found = body.u8() == 0 && body.ok();
    return result;
}

bool recognise(ByteCursor message, const Flow&) { return greeting(message).found; }

struct Notes {
    bool greeted;
    bool asked;  // the client said that TLS follows
};

// Protocol::SSLRequest: the first packet of a client that wants TLS holds its capabilities and no account: 32 bytes, number 1.
Verdict from_client(ByteCursor message, Notes& notes) {
    if (notes.asked) return message.peek() == 0x16 && message.peek(1) == 3 ? not_this() : done(for_good);
    const std::size_t length = message.le24();
    const std::uint8_t number = message.u8();
    if (!message.ok()) return done();
    notes.asked = true;
    return length == 32 && number == 1 ? done(length + 4) : done(for_good);
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    Notes& notes = flow.state->notes<Notes>();
    if (flow.from_opener) return from_client(message, notes);
    if (notes.greeted) return message.peek() == 0x16 && message.peek(1) == 3 ? not_this() : done(for_good);
    const std::size_t length = message.peek_le16() + std::size_t{4};
    const Greeting said = greeting(message);
    if (!said.found) return message.ok() ? not_this() : done();
    notes.greeted = true;
    const std::string version(said.version.text());
    // Derived servers say so behind their version; who says nothing may be any of the family.
    if (contains_ignoring_case(version, "mariadb")) claims.stated(Field::product, "MariaDB", said.version, "version");
    claims.stated(Field::software, "MySQL/MariaDB " + version, said.version, "version");
    return done(length);
}

constexpr ExampleMessage maria[] = {
    {From::Server,
     "36000000 0a 352e352e352d31302e31312e362d4d6172696144422d302b6578616d706c65 00 07000000 0102030405060708 00 fef7 2d 0200 "
     "ff81 15 "
     "00000000000000000000 1112131415161718191a1b1c 00 00",
     {}},
    {From::Client, "24000001 8da20f00 00000001 2d 0000000000000000000000000000000000000000000000 77696c68656c6d", {}}};
constexpr std::string_view maria_claims[] = {"server product=MariaDB",
                                             "server software=MySQL/MariaDB 5.5.5-10.11.6-MariaDB-0+example"};
constexpr ExampleMessage old[] = {
    {From::Server, "28000000 0a 332e32332e3439 00 01000000 4142434445464748 00 2c20 08 0200 00000000000000000000000000", {}}};
constexpr std::string_view old_claims[] = {"server software=MySQL/MariaDB 3.23.49"};
constexpr ExampleMessage person[] = {
    {From::Server, "28000000 0a 382e302e3336 00 01000000 4142434445464748 00 2c20 08 0200 0000000000000000000000000000", {}},
    {From::Server, "0b000002 ff 1504 2332383030307769", {}}};
constexpr std::string_view person_claims[] = {"server software=MySQL/MariaDB 8.0.36"};
constexpr ExampleMessage wish[] = {
    {From::Server, "29000000 0a 382e302e3336 00 01000000 4142434445464748 00 2c20 08 0200 000000000000000000000000000000", {}},
    {From::Client, "20000001 8dae0f00 00000001 2d 0000000000000000000000000000000000000000000000", {}}};
constexpr Example examples[] = {
    {"a client wishes for TLS", Layer::Tcp, 3306, wish, person_claims},
    {"a server greets; the account in the answer is not read", Layer::Tcp, 3306, maria, maria_claims},
    {"an old server", Layer::Tcp, 3306, old, old_claims},
    {"an error that names an account says nothing", Layer::Tcp, 3306, person, person_claims},
};
constexpr std::uint16_t ports[] = {3306};

}  // namespace

Decoder mysql() {
    Decoder decoder;
    decoder.name = "mysql";
    decoder.title = "MySQL, MariaDB greeting";
    decoder.spec = "MySQL client/server protocol, Protocol::HandshakeV10";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("?? 0? 00 00 0a");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
