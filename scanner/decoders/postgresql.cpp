// PostgreSQL: after the log-in the server reports its settings, its version among them. The start-up message of the client
// holds account and database, and is skipped unread.
//
//   start-up |length 4|00030000|name 00 value 00 ...|00|; wish for encryption |00000008|04D2162F|, answered by "S" or "N"
//   then     |type 1|length 4, itself included|...|; type "S": |name 00|value 00|
#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t for_good = SIZE_MAX / 2;
constexpr std::uint32_t encryption_wanted = 80877103;
constexpr std::uint32_t gss_wanted = 80877104;

struct Notes {
    bool started;    // the client's start-up message was seen
    bool wished;     // encryption was wished for, the one byte of the answer is due
    bool encrypted;  // from here on it is TLS
    bool told;
};

// PostgreSQL 16 documentation, 55.7 Message Formats: StartupMessage of version 3.0 with its length, its first name among the
// known ones and a zero at its end; SSLRequest and GSSENCRequest are eight fixed bytes.
// (Three constraints: length, version or code, and what follows.)
bool recognise(ByteCursor message, const Flow&) {
    const std::size_t length = message.be32();
    const std::uint32_t code = message.be32();
    if (code == encryption_wanted || code == gss_wanted) return length == 8 && message.done();
    if (code != 0x00030000 || length < 16 || length > 4096 || message.left() + 8 != length) return false;
    const bool named = message.starts_with(std::string_view("user\0", 5)) ||
                       message.starts_with(std::string_view("database\0", 9)) || message.starts_with("client_encoding") ||
                       message.starts_with("application_name") || message.starts_with("replication");
    const Slice rest = message.rest();
    return named && !rest.empty() && rest.bytes.back() == 0;
}

Verdict from_server(ByteCursor message, const Flow& flow, Notes& notes, Claims& claims) {
    if (notes.wished) {
        notes.wished = false;
        const std::uint8_t answer = message.u8();
        notes.encrypted = answer == 'S' || answer == 'G';
        return answer == 'S' || answer == 'G' || answer == 'N' ? done(1) : not_this();
    }
    if (notes.told) return done(for_good);
    const std::uint8_t type = message.u8();
    const std::size_t length = message.be32();
    constexpr std::string_view known = "RSKZENTDCv";
    if (!message.ok()) return done();
    if (length < 4 || known.find(static_cast<char>(type)) == std::string_view::npos) return not_this();
    if (type != 'S' || length > 512) return done(length + 1);
    if (message.left() < length - 4) return flow.ended ? done() : need(length + 1);
    ByteCursor body = message.take(length - 4);
    const Slice name = body.until(0);
    const Slice value = body.until(0);
    if (body.ok() && name.text() == "server_version") {
        claims.stated(Field::software, "PostgreSQL " + std::string(value.text()), value, "server_version");
        notes.told = true;
    }
    return done(length + 1);
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    Notes& notes = flow.state->notes<Notes>();
    if (notes.encrypted) return not_this();
    if (flow.from_server()) return from_server(message, flow, notes, claims);
    if (notes.started) return done(for_good);
    const std::uint32_t length = message.be32();
    const std::uint32_t code = message.be32();
    if (code == encryption_wanted || code == gss_wanted) {
        notes.wished = true;
        return done(8);
    }
    if (!message.ok()) return done();
    notes.started = true;
    return length >= 8 ? done(length) : not_this();
}

constexpr ExampleMessage plain[] = {
    {From::Client, "00000024 00030000 75736572 00 77696c68656c6d696e61 00 6461746162617365 00 78 00 00", {}},
    {From::Server,
     "52 00000008 00000000 | 53 00000016 636c69656e745f656e636f64696e67 00 55 00 "
     "| 53 00000030 7365727665725f76657273696f6e 00 31352e36202844656269616e2031352e362d302b6578616d706c6529 00 | 5a 00000005 "
     "49",
     {}}};
constexpr std::string_view plain_claims[] = {"server software=PostgreSQL 15.6 (Debian 15.6-0+example)"};
constexpr ExampleMessage wish[] = {{From::Client, "00000008 04d2162f", {}}, {From::Server, "53", {}}};
constexpr Example examples[] = {
    {"a server reports its version; the account is not read", Layer::Tcp, 5432, plain, plain_claims},
    {"encryption is wished for and granted", Layer::Tcp, 5432, wish, {}},
};
constexpr std::uint16_t ports[] = {5432};

}  // namespace

Decoder postgresql() {
    Decoder decoder;
    decoder.name = "postgresql";
    decoder.title = "PostgreSQL";
    decoder.spec = "PostgreSQL 16 documentation, chapter 55";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("00 00 ?? ?? 00 03 00 00", "00 00 ?? ?? 04 d2 16");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
