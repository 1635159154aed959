// TLS: before encryption starts, a client says in clear which host it wants and, by the shape of its offer, which TLS stack it
// was built with; up to TLS 1.2 a server also shows its certificates, where device makers put maker, model and serial number.
//
//   record     |type 1|version 2|length 2| fragment |            type 20 change cipher spec, 21 alert, 22 handshake, 23 data
//   handshake  |type 1|length 3| body |                          within fragments, whatever the record borders
//   ClientHello 1: version 2, random 32, session id <32>, cipher suites <2..>, compression <1..>, extensions <0..>
//   Certificate 11 (TLS <= 1.2): list length 3, then |length 3| DER | for the sender's own certificate and its chain
//
// What follows a change of cipher is skipped unread.
#include <algorithm>
#include <array>
#include <vector>

#include "core/hash.h"
#include "core/text.h"
#include "decoders/certificate.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t for_good = SIZE_MAX / 2;
constexpr std::size_t longest_message = 60 * 1024;
constexpr std::uint8_t change_cipher = 20, alert = 21, handshake = 22, data = 23;
constexpr std::uint8_t client_hello = 1, server_hello = 2, certificate = 11;

struct Side {
    std::uint16_t left_in_record;  // of a handshake record that was begun
    bool begun;
    bool finished;
};
struct Notes {
    Side sides[2];
};

// RFC 5246 section 6.2.1 and RFC 8446 section 5.1: version 3.0 to 3.4, length at most 2^14, encrypted at most 2^14 + 2048.
bool record_header(const ByteCursor& at) {
    const std::uint8_t type = at.peek(0);
    const std::uint16_t length = at.peek_be16(3);
    return type >= change_cipher && type <= data && at.peek(1) == 3 && at.peek(2) <= 4 && length > 0 && length <= 16384 + 2048;
}

// RFC 5246 section 7.4.1.2 and 7.4.1.3: version 3.x, 32 random bytes, a session id of at most 32; a client offers an even
// number of cipher suite bytes, a server answers with one suite and a known compression method.
bool hello(ByteCursor body, std::uint8_t type) {
    const std::uint16_t version = body.be16();
    body.skip(32);
    const std::uint8_t session_id = body.u8();
    if (version < 0x0300 || version > 0x0304 || session_id > 32) return false;
    body.skip(session_id);
    if (type == server_hello) {
        body.skip(2);
        return body.u8() <= 1 && body.ok();
    }
    const std::uint16_t suites = body.be16();
    return body.ok() && suites >= 2 && suites % 2 == 0;
}

// A record of type handshake whose first message fits what it says it is: a hello, or (its beginning not captured) a
// certificate list with nested lengths.
bool handshake_starts(ByteCursor message) {
    if (message.peek() != handshake || !record_header(message) || message.left() < 5) return false;
    message.skip(5);
    const std::uint8_t type = message.u8();
    const std::uint32_t length = message.be24();
    if (!message.ok() || length == 0) return false;
    if (type == client_hello || type == server_hello) return length >= 38 && hello(message, type);
    if (type != certificate) return false;
    const std::uint32_t list = message.be24();
    const std::uint32_t first = message.be24();
    return message.ok() && list + 3 == length && first + 3 <= list && looks_like_certificate(message);
}

bool recognise(ByteCursor message, const Flow&) { return handshake_starts(message); }

// The same question in the midst of a reading, which a short answer must not fail.
bool handshake_starts_here(ByteCursor message) {
    Reading reading;
    return handshake_starts(whole(message.rest(), reading));
}

enum class Gathered : std::uint8_t { Whole, Short, NotTls };

// The next n bytes of the handshake, which may cross records: in place when they do not, else joined.
Gathered gather(ByteCursor& message, std::size_t& left, std::size_t n, std::vector<std::uint8_t>& joined, Slice& out) {
    if (n <= left && n <= message.left()) {
        out = message.bytes(n);
        left -= n;
        return Gathered::Whole;
    }
    while (joined.size() < n) {
        if (left == 0) {
            if (message.left() < 5) break;
            if (message.peek() != handshake || !record_header(message)) return Gathered::NotTls;
            left = message.peek_be16(3);
            message.skip(5);
        }
        const std::size_t part = std::min({left, n - joined.size(), message.left()});
        if (part == 0) break;
        const Slice piece = message.bytes(part);
        if (joined.empty() && part == n) {
            out = piece;
            left -= part;
            return Gathered::Whole;
        }
        joined.insert(joined.end(), piece.bytes.begin(), piece.bytes.end());
        left -= part;
    }
    out = {Bytes(joined), 0};
    return joined.size() == n ? Gathered::Whole : Gathered::Short;
}

// RFC 8701: reserved values that a client sends to keep servers tolerant.
bool grease(std::uint16_t value) { return (value & 0x0f0f) == 0x0a0a && (value >> 8) == (value & 0xff); }

std::string hex_list(const std::vector<std::uint16_t>& values) {
    std::string text;
    for (const std::uint16_t value : values) {
        const std::array<std::uint8_t, 2> bytes = {static_cast<std::uint8_t>(value >> 8),
                                                   static_cast<std::uint8_t>(value & 0xff)};
        if (!text.empty()) text.push_back(',');
        text.append(hex(bytes.data(), bytes.size()));
    }
    return text;
}

struct ClientHello {
    std::uint16_t version = 0;
    std::vector<std::uint16_t> ciphers;     // as sent, without GREASE
    std::vector<std::uint16_t> extensions;  // likewise
    std::vector<std::uint16_t> signature_algorithms;
    std::string alpn;  // the first
    Slice server_name;
    bool has_server_name = false;
};

std::vector<std::uint16_t> values_of(ByteCursor list) {
    std::vector<std::uint16_t> values;
    while (list.left() >= 2) {
        const std::uint16_t value = list.be16();
        if (!grease(value)) values.push_back(value);
    }
    return values;
}

void read_extension(std::uint16_t type, ByteCursor body, ClientHello& hello_said) {
    switch (type) {
        case 0: {  // RFC 6066 section 3: server_name_list of |type 1 = host_name|length 2|name|
            hello_said.has_server_name = true;
            ByteCursor list = body.take(body.be16());
            if (list.left() >= 3 && list.u8() == 0) hello_said.server_name = list.bytes(list.be16());
            break;
        }
        case 13:  // RFC 8446 section 4.2.3
            hello_said.signature_algorithms = values_of(body.take(body.be16()));
            break;
        case 16: {  // RFC 7301 section 3.1
            ByteCursor list = body.take(body.be16());
            if (!list.done()) hello_said.alpn = std::string(list.bytes(list.u8()).text());
            break;
        }
        case 43:  // RFC 8446 section 4.2.1: the best one offered counts
            for (const std::uint16_t version : values_of(body.take(body.u8()))) {
                hello_said.version = std::max(hello_said.version, version);
            }
            break;
        default:
            break;
    }
}

// RFC 8446 section 4.1.2; extensions may be missing up to TLS 1.2.
ClientHello read_client_hello(ByteCursor body) {
    ClientHello said;
    const std::uint16_t legacy_version = body.be16();
    body.skip(32);
    body.skip(body.u8());
    said.ciphers = values_of(body.take(body.be16()));
    body.skip(body.u8());
    if (!body.done()) {
        ByteCursor extensions = body.take(body.be16());
        while (!extensions.done()) {
            const std::uint16_t type = extensions.be16();
            ByteCursor extension = extensions.take(extensions.be16());
            if (!grease(type)) said.extensions.push_back(type);
            read_extension(type, extension, said);
        }
    }
    if (said.version == 0) said.version = legacy_version;
    return said;
}

std::string_view ja4_version(std::uint16_t version) {
    switch (version) {
        case 0x0304:
            return "13";
        case 0x0303:
            return "12";
        case 0x0302:
            return "11";
        case 0x0301:
            return "10";
        case 0x0300:
            return "s3";
        case 0x0002:
            return "s2";
        default:
            return "00";
    }
}

// JA4 technical details, "ALPN Extension Value": first and last character, or of their hexadecimal digits when either is
// neither a letter nor a digit.
std::string ja4_alpn(const std::string& alpn) {
    if (alpn.empty()) return "00";
    const auto plain = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    if (plain(alpn.front()) && plain(alpn.back())) return {alpn.front(), alpn.back()};
    const std::string digits = hex(bytes_in(alpn).data(), alpn.size());
    return {digits.front(), digits.back()};
}

std::string twelve_digits(const std::string& text) { return text.empty() ? "000000000000" : sha256(text).substr(0, 12); }

// JA4 (BSD-3-Clause, FoxIO): protocol, version, SNI, counts, ALPN; digest of the sorted suites; digest of the sorted extensions
// without SNI and ALPN, followed by the signature algorithms in the order sent.
std::string ja4(const ClientHello& said) {
    std::vector<std::uint16_t> ciphers = said.ciphers;
    std::sort(ciphers.begin(), ciphers.end());
    std::vector<std::uint16_t> extensions;
    for (const std::uint16_t type : said.extensions) {
        if (type != 0 && type != 16) extensions.push_back(type);
    }
    std::sort(extensions.begin(), extensions.end());
    std::string offer = hex_list(extensions);
    if (!said.signature_algorithms.empty()) offer.append("_").append(hex_list(said.signature_algorithms));
    std::string text = "t";
    const auto append_count = [&text](std::size_t n) {
        n = std::min<std::size_t>(n, 99);
        text.push_back(static_cast<char>('0' + n / 10));
        text.push_back(static_cast<char>('0' + n % 10));
    };
    text.append(ja4_version(said.version)).push_back(said.has_server_name ? 'd' : 'i');
    append_count(said.ciphers.size());
    append_count(said.extensions.size());
    text.append(ja4_alpn(said.alpn)).append("_").append(twelve_digits(hex_list(ciphers)));
    return text.append("_").append(twelve_digits(offer));
}

void observe_client_hello(ByteCursor body, const Slice& witness, Claims& claims) {
    const ClientHello said = read_client_hello(body);
    if (!body.ok()) return;
    const std::string_view name = said.server_name.text();
    if (printable_ascii(name) && name.find(' ') == std::string_view::npos && !IpAddress::parse(name))
        claims.addressed_as(name, said.server_name);
    // The name that was asked for is none of the program's habits: what is pointed at ends before it.
    const std::size_t name_begins = said.server_name.offset - witness.offset;
    const bool within = said.server_name.offset > witness.offset && name_begins < witness.size() && !name.empty();
    const Slice habits{witness.bytes.first(within ? name_begins : witness.size()), witness.offset};
    claims.hinted(Field::stack, "ja4:" + ja4(said), habits, "ja4");
}

// RFC 8446 section 4.1.3, RFC 5246 section 7.4.1.3: of what the client offered a server picks version and suite, and answers
// extensions in the order that its library has. "0304,1301,002b-0033". A hello that asks for another one (RFC 8446 section
// 4.1.4) is not the answer yet.
void observe_server_hello(ByteCursor body, const Slice& witness, Claims& claims) {
    constexpr std::array<std::uint8_t, 4> retry = {0xcf, 0x21, 0xad, 0x74};
    std::uint16_t version = body.be16();
    const Slice random = body.bytes(32);
    body.skip(body.u8());
    const std::uint16_t suite = body.be16();
    body.skip(1);
    std::vector<std::uint16_t> extensions;
    if (!body.done()) {
        ByteCursor list = body.take(body.be16());
        while (!list.done()) {
            extensions.push_back(list.be16());
            ByteCursor extension = list.take(list.be16());
            if (extensions.back() == 43) version = extension.be16();
        }
    }
    if (!body.ok() || std::equal(retry.begin(), retry.end(), random.bytes.begin())) return;
    std::string order = hex_list(extensions);
    std::replace(order.begin(), order.end(), ',', '-');
    const std::string text = hex_list({version, suite}) + "," + (order.empty() ? "none" : order);
    claims.hinted(Field::stack, "tls-answer:" + text, witness, "answer");
}

// A number in the subject is the device's only when a device presents it: public certificates carry company numbers there.
bool is_device_serial(const CertificateNames& names, const Flow& flow) {
    return flow.from_server() && flow.sender.ip.is_private() && !names.subject_serial_number.empty() &&
           names.subject.find("businessCategory=") == std::string::npos &&
           names.subject.find("jurisdictionC=") == std::string::npos;
}

// RFC 5246 section 7.4.2: the sender's own certificate first, each following one certifies the one before.
void observe_certificates(ByteCursor body, const Slice* whole, const Flow& flow, Claims& claims) {
    body.skip(3);
    for (int place = 0; place < 10 && !body.done(); ++place) {
        const ByteCursor before = body;
        ByteCursor der = body.take(body.be24());
        if (!body.ok()) return;
        const CertificateNames names = read_certificate(der);
        if (!der.ok()) return;
        const Slice witness = whole != nullptr ? *whole : body.since(before);
        claims.stated(Field::certificate, names.text(), witness, place == 0 ? "certificate" : "chain");
        if (place > 0) continue;
        for (const Slice& name : names.dns_names) {
            claims.stated(Field::dns_name, lower(name.text()), whole != nullptr ? *whole : name, "san.dns");
        }
        for (const Slice& uri : names.uris) {
            claims.stated(Field::application_uri, uri.text(), whole != nullptr ? *whole : uri, "san.uri");
        }
        if (is_device_serial(names, flow)) claims.stated(Field::serial, names.subject_serial_number, witness, "subject.serial");
    }
}

// Mail, file transfer and databases agree on TLS in their own words first (RFC 2595, RFC 4217): this side's handshake may stand
// behind them.
Verdict after_the_agreement(ByteCursor message) {
    constexpr std::size_t decidable = 96;  // a record and a hello up to its suites
    for (std::size_t skipped = 0; !message.done(); ++skipped) {
        if (message.peek() == handshake && handshake_starts_here(message)) return done(skipped);
        // A handshake of which too little is here to tell: what comes next is read as a record, or waited for.
        const bool begins = message.peek() == handshake && (message.left() < 2 || message.peek(1) == 3) && message.peek(2) <= 4;
        if (begins && message.left() < decidable && skipped > 0) return done(skipped);
        message.skip(1);
    }
    return not_this();
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    Side& side = flow.state->notes<Notes>().sides[flow.from_opener ? 1 : 0];
    const auto finish = [&side] {
        side.finished = true;
        return done(for_good);
    };
    if (side.finished) return done(for_good);
    // After a loss the stream goes on at a record; the rest of the one before did not come.
    if (side.left_in_record != 0 && handshake_starts_here(message)) side.left_in_record = 0;
    if (side.left_in_record == 0) {
        if (message.left() < 5) return flow.ended ? done() : need(message.left() + 1);
        if (!side.begun && !record_header(message)) return after_the_agreement(message);
        if (!record_header(message)) return finish();
        if (message.peek() == alert) return done(std::size_t{5} + message.peek_be16(3));
        if (message.peek() != handshake) return finish();
    }
    const ByteCursor start = message;
    std::size_t left = side.left_in_record;
    std::vector<std::uint8_t> joined_header;
    std::vector<std::uint8_t> joined_body;
    Slice header;
    Slice body;
    const auto wait = [&] { return need(start.left() + 1); };
    const Gathered header_is = gather(message, left, 4, joined_header, header);
    if (header_is == Gathered::Short) return flow.ended ? finish() : wait();
    if (header_is == Gathered::NotTls) return finish();
    const std::uint8_t type = header.bytes[0];
    const std::size_t length =
        (std::size_t{header.bytes[1]} << 16) | (std::size_t{header.bytes[2]} << 8) | std::size_t{header.bytes[3]};
    if (length > longest_message) return finish();
    const Gathered body_is = gather(message, left, length, joined_body, body);
    if (body_is == Gathered::NotTls) return finish();
    if (body_is == Gathered::Short && !flow.ended) return wait();

    // What is wrong inside a handshake message is no reason to wait for more of the stream: it is read on its own.
    Reading reading;
    const bool in_place = joined_body.empty();
    const Slice records = message.since(start);
    const ByteCursor inside = whole(body, reading);
    if (type == client_hello && body_is == Gathered::Whole) {
        observe_client_hello(inside, records, claims);
    } else if (type == server_hello && body_is == Gathered::Whole) {
        observe_server_hello(inside, records, claims);
    } else if (type == certificate) {
        observe_certificates(inside, in_place ? nullptr : &records, flow, claims);
    }
    if (body_is == Gathered::Short) return finish();
    side.begun = true;
    side.left_in_record = static_cast<std::uint16_t>(left);
    return done(message.offset() - start.offset());
}

constexpr std::string_view offer =
    "16030100fd010000f90303000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f0000201a1a1301"
    "13021303c02bc02fc02cc030cca9cca8c013c014009c009d002f0035010000b00a0a00000000001500130000106761746577"
    "6179372e6578616d706c6500170000ff01000100000a000a00080a0a001d00170018000b00020100002300000010000e000c"
    "02683208687474702f312e31000500050100000000000d001200100403080404010503080505010806060100120000003300"
    "0700050a0a000100002d00020101002b0007062a2a03040303001b0003020002446900050003026832fafa00010000150008"
    "0000000000000000";
constexpr std::string_view server_flight =
    "16030300c80200002d0303202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f00c02b000005ff"
    "010001000b00036f00036c0001f4308201f0308201a2a003020102020102300506032b65703048310b300906035504061302"
    "4e4c311d301b060355040a0c144578616d706c65204465766963657320422e562e311a301806035504030c114578616d706c"
    "6520446576696365204341301e170d3236313132313231353033345a170d3436313131363231353033345a306b311e301c06"
    "0355040a1316030302e0154578616d706c6520446576696365732c20422e562e311530130603550403130c45472d31206761"
    "74657761793112301006035504051309454730303031323334311e301c06092a864886f70d010901160f6a616e406578616d"
    "706c652e6f7267302a300506032b6570032100d24bac508052b57334bb9e65dd2e9d24e9233cd3a4200f17bf04699f08e8d5"
    "c5a3818d30818a30480603551d110441303f821067617465776179372e6578616d706c65810f6a616e406578616d706c652e"
    "6f7267861475726e3a6578616d706c653a67617465776179378704c0000214301d0603551d0e041604142e7627dc129ef84a"
    "a30f2ae0b662f3f2dee427cf301f0603551d23041830168014c4ffe40a4fc42a0ef10cbc0fb51273396b0529f7300506032b"
    "657003410030996490f54efc5b7d422d30d614bb29f6f1ee80af597b4e4282ce93d1106bf5e0bcbcfde4f2a64ff05dce1a2b"
    "daa33395bfc15066b4cf39ad951e584fe5950d0001723082016e30820120a003020102020101300506032b65703048310b30"
    "09060355040613024e4c311d301b060355040a0c144578616d706c65204465766963657320422e562e311a30180603550403"
    "0c114578616d706c6520446576696365204341301e170d3236313132313231353033345a170d343631313136323135303334"
    "5a3048310b3009060355040613024e4c311d301b060355040a0c144578616d706c65204465766963657320422e562e311a30"
    "1806035504030c114578616d706c6520446576696365204341302a300506032b6570032100497d6d8bb8c3347045e1a1384d"
    "7e3f2c4ad120136aa5ec3af1cc8a3141edc644a32f302d300c0603551d13040530030101ff301d0603551d0e04160414c4ff"
    "e40a4fc42a0ef10cbc0fb51273396b0529f7300506032b6570034100efeb5529bd668a561c948ec05d078603c59a4e4ffa1e"
    "4f6679baca25bb602ef2cc5b5d528b2ff9b33e1f905e09347d0cb893a8580686098c1c9020b04671cb060e000000";
constexpr std::string_view tls13_answer =
    "16030300320200002e0303404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f00130100000600"
    "2b000203041403030001011703030028000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021"
    "222324252627";

constexpr ExampleMessage tls12[] = {{From::Client, offer, {}}, {From::Server, server_flight, {}}};
// The digests are those of the example in JA4's own description.
constexpr std::string_view tls12_claims[] = {
    "client stack=ja4:t13d1516h2_8daaf6152771_e5627efa2ab1",
    "server stack=tls-answer:0303,c02b,ff01",
    "server certificate=O=Example Devices\\, B.V., CN=EG-1 gateway, serialNumber=EG0001234 / C=NL, O=Example Devices B.V., "
    "CN=Example Device CA",
    "server certificate=C=NL, O=Example Devices B.V., CN=Example Device CA / C=NL, O=Example Devices B.V., CN=Example Device "
    "CA",
    "server dns_name=gateway7.example",
    "server application_uri=urn:example:gateway7"};
constexpr ExampleMessage tls13[] = {{From::Server, tls13_answer, {}}};
constexpr std::string_view tls13_claims[] = {"server stack=tls-answer:0304,1301,002b"};
// "go ahead!" in the words of an older protocol, then the server's handshake in one record.
constexpr std::string_view mail_server =
    "676f206168656164210d0a160303013b020000260303202122232425262728292a2b2c2d2e2f303132333435363738393a3b"
    "3c3d3e3f00c02b000b00010d00010a000107308201033081b6020103300506032b6570302e31153013060355040a130c4578"
    "616d706c65204d61696c311530130603550403130c6d61696c2e6578616d706c65301e170d3236313132313232323132345a"
    "170d3436313131363232323132345a302e31153013060355040a130c4578616d706c65204d61696c31153013060355040313"
    "0c6d61696c2e6578616d706c65302a300506032b657003210093782b0b94ad145d4e520d43c0e108f9d3a3af261154c90d94"
    "4c26ec251bb196300506032b65700341005b19711060bb2e0e5148fb980ebea5e0b73c97c18d0d2444f03b98fda096dc2a6d"
    "67fc1ea3402a5b4d0c2d32bc319cd6bd5068dc19fa4119b102daefa079f206";
constexpr ExampleMessage mail[] = {{From::Client, offer, {}}, {From::Server, mail_server, {}}};
constexpr std::string_view mail_claims[] = {
    "client stack=ja4:t13d1516h2_8daaf6152771_e5627efa2ab1", "server stack=tls-answer:0303,c02b,none",
    "server certificate=O=Example Mail, CN=mail.example / O=Example Mail, CN=mail.example"};
constexpr Example examples[] = {
    {"a certificate chain across two records; mail addresses stay out", Layer::Tcp, 443, tls12, tls12_claims},
    {"a handshake behind the words that agreed on it", Layer::Tcp, 110, mail, mail_claims},
    {"a TLS 1.3 server shows its choice alone", Layer::Tcp, 8443, tls13, tls13_claims},
};
constexpr std::uint16_t ports[] = {443, 8443, 465, 636, 853, 993, 995, 802, 4843, 4911, 5061, 8883, 8243, 9443, 20000};

}  // namespace

Decoder tls() {
    Decoder decoder;
    decoder.name = "tls";
    decoder.title = "TLS handshake";
    decoder.spec = "RFC 5246; RFC 8446; RFC 6066; RFC 5280; JA4 (FoxIO)";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("16 03");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
