// IKE (ISAKMP): how an IPsec tunnel is opened (UDP 500, and 4500 behind four zero bytes where addresses are translated). Both
// sides may send vendor ids: a hash or a text by which an implementation knows its like, so they name the software.
//
//   |initiator 8|responder 8|next payload 1|version 1|exchange 1|flags 1|message 4|length 4|
//   payload: |next 1|reserved 1|length 2|...|     vendor id: 13 in version 1, 43 in version 2
#include <algorithm>
#include <array>
#include <string>

#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::uint8_t version_1 = 0x10;
constexpr std::uint8_t version_2 = 0x20;

struct Known {
    std::string_view id;  // how the vendor id begins: the MD5 of the words, all of it or as much as is sent
    std::string_view software;
};
using namespace std::string_view_literals;
constexpr std::array known_ids = {
    Known{"\x88\x2f\xe5\x6d\x6f\xd2\x0d\xbc\x22\x51\x61\x3b\x2e\xbe\x5b\xeb"sv, "strongSwan"},
    Known{"\x12\xf5\xf2\x8c\x45\x71\x68\xa9\x70\x2d\x9f\xe2\x74\xcc"sv, "Cisco Unity"},
    Known{"\x1e\x2b\x51\x69\x05\x99\x1c\x7d\x7c\x96\xfc\xbf\xb5\x87\xe4\x61"sv, "Microsoft IPsec"},
    Known{"\x70\x03\xcb\xc1\x09\x7d\xbe\x9c\x26\x00\xba\x69\x83\xbc\x8b\x35"sv, "racoon"},
};

// RFC 2408 section 3.1 and RFC 7296 section 3.1: a cookie that is not nothing, a version, an exchange of that version, no
// unknown flag, and a length that is the datagram's.
bool read_header(ByteCursor& message) {
    if (message.left() > 32 && message.peek_be16() == 0 && message.peek_be16(2) == 0) message.skip(4);  // RFC 3948 section 2.2
    const std::size_t size = message.left();
    if (message.be64() == 0) return false;
    message.skip(9);
    const std::uint8_t version = message.u8();
    const std::uint8_t exchange = message.u8();
    const std::uint8_t flags = message.u8();
    message.skip(4);
    if (message.be32() != size || !message.ok()) return false;
    if (version == version_1) return ((exchange >= 1 && exchange <= 6) || exchange == 32 || exchange == 33) && flags < 0x08;
    // Of version 2 only initiator, version and response are flags.
    return version == version_2 && exchange >= 34 && exchange <= 43 && (flags & ~0x38U) == 0;
}

bool recognise(ByteCursor message, const Flow&) { return read_header(message); }

bool printable(Bytes bytes) {
    return bytes.size() >= 6 && std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b >= 0x20 && b < 0x7f; });
}

Verdict observe(ByteCursor message, Flow&, Claims& claims) {
    ByteCursor header = message;
    // ESP shares the port once the tunnel is there, and a keep-alive is one byte (RFC 3948 sections 2.1 and 2.3).
    if (message.left() < 28) return message.left() == 1 ? done() : not_this();
    if (!read_header(message)) return message.ok() ? done() : not_this();
    if (header.peek_be16() == 0 && header.peek_be16(2) == 0) header.skip(4);
    header.skip(16);
    std::uint8_t next = header.u8();
    const std::uint8_t version = header.u8();
    header.skip(1);
    const std::uint8_t flags = header.u8();
    if (version == version_1 && (flags & 1) != 0) return done();  // encrypted
    // RFC 2408 section 3.2: the chain of payloads; a length includes its own header of four.
    while (next != 0 && message.left() >= 4) {
        const std::uint8_t type = next;
        next = message.u8();
        message.skip(1);
        const std::uint16_t length = message.be16();
        if (length < 4) break;
        const Slice body = message.bytes(length - 4U);
        if (!message.ok()) break;
        if (type == 46 || type == 53) break;  // what follows is encrypted
        if (type != (version == version_1 ? 13 : 43)) continue;
        for (const Known& known : known_ids) {
            if (body.text().starts_with(known.id)) claims.stated(Field::software, known.software, body, "vendor_id");
        }
        if (printable(body.bytes)) claims.stated(Field::vendor_class, body, "vendor_id");
    }
    return done();
}

// A version 2 opening with a nonce and two vendor ids.
constexpr ExampleMessage opening[] = {{From::Client,
                                       "0102030405060708 0000000000000000 28 20 22 08 00000000 00000054"
                                       "2b000014 a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"  // nonce
                                       "2b000014 882fe56d6fd20dbc2251613b2ebe5beb"  // strongSwan
                                       "00000010 4558414d504c452d56504e31",         // EXAMPLE-VPN1
                                       {}}};
constexpr std::string_view opening_claims[] = {"client software=strongSwan", "client vendor_class=EXAMPLE-VPN1"};
constexpr ExampleMessage translated[] = {
    {From::Client, "00000000 0102030405060708 1112131415161718 2e 20 23 08 00000001 00000024 00000008 c0c1c2c3", {}}};
constexpr ExampleMessage main_mode[] = {
    {From::Client, "0102030405060708 0000000000000000 0d 10 02 00 00000000 0000002c 00000010 12f5f28c457168a9702d9fe2", {}},
    {From::Server,
     "0102030405060708 1112131415161718 0d 10 02 00 00000000 00000030 00000014 12f5f28c457168a9702d9fe274cc0100",
     {}}};
constexpr std::string_view main_mode_claims[] = {"server software=Cisco Unity"};
constexpr Example examples[] = {
    {"version 2", Layer::Udp, 500, opening, opening_claims},
    {"behind translated addresses", Layer::Udp, 4500, translated, {}},
    {"version 1", Layer::Udp, 500, main_mode, main_mode_claims},
};
constexpr std::uint16_t ports[] = {500, 4500};

}  // namespace

Decoder isakmp() {
    Decoder decoder;
    decoder.name = "isakmp";
    decoder.title = "IKE (ISAKMP)";
    decoder.spec = "RFC 2408 sections 3.1-3.2; RFC 7296 sections 3.1-3.2, 3.12; RFC 3948";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
