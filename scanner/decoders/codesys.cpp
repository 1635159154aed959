// CODESYS: the runtime of several hundred makers' controllers. A version 3 controller that is searched for answers with the
// name of the node, the device's type, its maker, the target's version and sometimes a serial number; version 2 tells operating
// system and product.
//
//   V3, UDP: |C5|hops, length|info|service|message|address lengths| addresses |  body: |C280|0400|id 4| ... lengths, names
//   UTF-16 V2, TCP: |BB BB|01 00 00 00 01|      answer: |BB BB| ... operating system at 64 and 96, product at 128
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::uint16_t identification = 0xc280;

// No specification is public; as CODESYS' own search and the nmap library codesys3 send and read it. Header in words of two
// bytes, address lengths in words, the body at a multiple of four.
struct Datagram {
    std::uint8_t service = 0;
    std::size_t body = 0;
};
bool is_datagram(const ByteCursor& message, Datagram& datagram) {
    if (message.left() < 12 || message.peek() != 0xc5) return false;
    const std::size_t header = std::size_t{2} * (message.peek(1) & 7U);
    datagram.service = message.peek(3);
    const std::uint8_t lengths = message.peek(5);
    datagram.body = header + std::size_t{2} * (lengths & 0x0fU) + std::size_t{2} * (lengths >> 4);
    datagram.body = (datagram.body + 3) / 4 * 4;
    return header >= 6 && datagram.body + 8 <= message.left();
}

// The name service (3 asks, 4 answers): a known kind of package and version 4.0 or 1.3 on.
bool is_name_service(const ByteCursor& message, const Datagram& datagram) {
    if (datagram.service != 3 && datagram.service != 4) return false;
    const std::uint16_t kind = message.peek_le16(datagram.body);
    const std::uint16_t version = message.peek_le16(datagram.body + 2);
    return ((kind >= 0xc201 && kind <= 0xc203) || kind == identification) && version >= 0x0100 && version <= 0x0600 &&
           (version & 0xff) <= 9;
}

bool is_version2(const ByteCursor& message) {
    return message.starts_with(std::string_view("\xbb\xbb\x01\x00\x00\x00\x01", 7)) ||
           message.starts_with(std::string_view("\xbb\xbb\x01\x00\x00\x01\x01", 7));
}

bool recognise(ByteCursor message, const Flow& flow) {
    if (flow.layer == Layer::Tcp) return message.left() == 7 && is_version2(message);
    Datagram datagram;
    return is_datagram(message, datagram) && is_name_service(message, datagram);
}

// UTF-16, little-endian, of so many characters, and a zero.
std::string wide(ByteCursor& data, std::size_t characters, Slice& witness) {
    witness = data.bytes(2 * characters);
    data.skip(2);
    std::string text;
    for (std::size_t i = 0; i + 1 < witness.size(); i += 2) {
        const unsigned c = witness.bytes[i] | static_cast<unsigned>(witness.bytes[i + 1] << 8);
        if (c < 0x80) {
            text += static_cast<char>(c);
        } else if (c < 0x800) {
            text += static_cast<char>(0xc0 | (c >> 6));
            text += static_cast<char>(0x80 | (c & 0x3f));
        } else if (c < 0xd800 || c > 0xdfff) {
            text += static_cast<char>(0xe0 | (c >> 12));
            text += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
            text += static_cast<char>(0x80 | (c & 0x3f));
        }
    }
    return text;
}

// |C280|version|id 4|channels 2|little-endian 1|difference 1|parent 2|node 2|device 2|maker 2|type 4|target 4|version 4|flags
// 4| |serial 1|own data 1|driver 1|reserved 9| parent address, node, device, maker, serial number
void identified(ByteCursor body, Claims& claims) {
    body.skip(2);
    if (body.le16() != 0x0400) return;
    body.skip(4 + 2 + 1 + 1);
    const std::size_t parent = body.le16();
    const std::size_t node_length = body.le16();
    const std::size_t device_length = body.le16();
    const std::size_t maker_length = body.le16();
    body.skip(4 + 4);
    const Slice version = body.bytes(4);
    body.skip(4);
    const std::size_t serial_length = body.u8();
    body.skip(1 + 1 + 9);
    body.skip(parent);
    if (node_length > 256 || device_length > 256 || maker_length > 256) return;
    Slice node_slice, device_slice, maker_slice;
    const std::string node = wide(body, node_length, node_slice);
    const std::string device = wide(body, device_length, device_slice);
    const std::string maker = wide(body, maker_length, maker_slice);
    if (!body.ok()) return;
    claims.stated(Field::hostname, node, node_slice, "node_name");
    claims.stated(Field::product, device, device_slice, "device_name");
    claims.stated(Field::brand, maker, maker_slice, "vendor_name");
    std::string text;
    for (std::size_t i = 4; i > 0; --i) text.append(i == 4 ? "" : ".").append(std::to_string(version.bytes[i - 1]));
    if (text != "0.0.0.0") claims.stated(Field::software, "CODESYS target " + text, version, "target_version");
    if (serial_length == 0 || serial_length > body.left()) return;
    claims.stated(Field::serial, body.bytes(serial_length), "serial_number");
}

// Three texts of at most 32 bytes that end with a zero.
void version2_answer(ByteCursor answer, Claims& claims) {
    if (answer.left() < 129) return;
    answer.skip(64);
    const Slice name = answer.bytes(32);
    const Slice kind = answer.bytes(32);
    const Slice product = answer.bytes(answer.left() < 32 ? answer.left() : 32);
    const auto plain = [](const Slice& slice) { return slice.text().substr(0, slice.text().find('\0')); };
    if (!printable_ascii(plain(name)) || !printable_ascii(plain(product))) return;
    // A text that was cut off is none.
    if (product.size() < 32 && plain(product).size() == product.size()) return;
    std::string os(plain(name));
    if (printable_ascii(plain(kind)) && !plain(kind).empty()) os.append(" ").append(plain(kind));
    claims.stated(Field::os, os, name, "os");
    claims.stated(Field::software, plain(product), product, "product");
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (flow.layer == Layer::Tcp) {
        if (!flow.from_server()) return done(message.left());
        std::uint8_t& answered = flow.state->notes<std::uint8_t>();
        if (answered != 0) return done(message.left());
        if (message.peek() != 0xbb) return message.done() ? need(1) : not_this();
        if (message.left() < 160 && !flow.ended) return need(160);
        answered = 1;
        version2_answer(message, claims);
        return done(message.left());
    }
    Datagram datagram;
    if (!is_datagram(message, datagram)) return not_this();
    if (datagram.service == 4 && is_name_service(message, datagram) && message.peek_le16(datagram.body) == identification) {
        message.skip(datagram.body);
        identified(message, claims);
    }
    return done();
}

constexpr ExampleMessage found[] = {
    {From::Client, "c573400300220001020304050607000002c2000407000000", {}},
    {From::Server,
     "c573400400220001020304050607000080c200040700000004000100040008001000100000100000041206100004100500000000"
     "03000100000000000000000000000000450058002d0050004c0043002d003100000045005800370035003000200043006f006e00"
     "740072006f006c006c006500720000004500780061006d0070006c006500200043006f006e00740072006f006c00730000005334"
     "3200",
     {}},
};
constexpr std::string_view found_claims[] = {"server hostname=EX-PLC-1", "server product=EX750 Controller",
                                             "server brand=Example Controls", "server software=CODESYS target 5.16.4.0",
                                             "server serial=S42"};
constexpr ExampleMessage runtime[] = {
    {From::Client, "bbbb0100000001", {}},
    {From::Server,
     "bbbb0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "0000000000000000000000004578616d706c654f530000000000000000000000000000000000000000000000504c432054797065"
     "00000000000000000000000000000000000000000000000045582d52542056322e332e3900000000000000000000000000000000"
     "00000000",
     {}},
};
constexpr std::string_view runtime_claims[] = {"server os=ExampleOS PLC Type", "server software=EX-RT V2.3.9"};
constexpr ExampleMessage search[] = {
    {From::Client, "c573400300220001020304050607000002c2000407000000", {}},
};
constexpr Example examples[] = {
    {"a version 3 controller is found", Layer::Udp, 1740, found, found_claims},
    {"a version 2 runtime", Layer::Tcp, 2455, runtime, runtime_claims},
    {"a search says nothing", Layer::Udp, 1741, search, {}},
};
constexpr std::uint16_t ports[] = {1740, 1741, 1742, 1743, 1200, 2455};

}  // namespace

Decoder codesys() {
    Decoder decoder;
    decoder.name = "codesys";
    decoder.title = "CODESYS V2, V3";
    decoder.spec = "No public specification; V3 as the nmap library codesys3, V2 as Redpoint codesys-v2-discover read it";
    decoder.layers = Layer::Udp | Layer::Tcp;
    decoder.ports = ports;
    decoder.starts = Starts("bb bb 01 00 00", "c5");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
