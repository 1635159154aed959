// CODESYS: the runtime of several hundred makers' controllers. A version 3 controller that is searched for answers with the
// name of the node, the device's type, its maker, the target's version and sometimes a serial number; version 2 tells operating
// system and product. Where version 3 is not encrypted, who starts, stops, loads or writes to a controller is seen.
//
//   V3, UDP: |C5|hops, length|info|service|message|address lengths| addresses |  body: |C280|0400|id 4| ... lengths, names
//   UTF-16
//       TCP: the same behind |00 01 17 E8|length 4, with these eight|
//       service 40, a channel: |01|flags|channel 2|block 4|ack 4|size 4|check 4| and a request, little-endian:
//                              |CD55|header 2|group 2|service 2|session 4|content 4|additional 4| tags
//   V2, TCP: |BB BB|01 00 00 00 01|      answer: |BB BB| ... operating system at 64 and 96, product at 128
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
    return header >= 6 && datagram.body + 4 <= message.left();
}

// The name service (3 asks, 4 answers): a known kind of package and version 4.0 or 1.3 on.
bool is_name_service(const ByteCursor& message, const Datagram& datagram) {
    if (datagram.service != 3 && datagram.service != 4) return false;
    const std::uint16_t kind = message.peek_le16(datagram.body);
    const std::uint16_t version = message.peek_le16(datagram.body + 2);
    return ((kind >= 0xc201 && kind <= 0xc203) || kind == identification) && version >= 0x0100 && version <= 0x0600 &&
           (version & 0xff) <= 9;
}

constexpr std::uint8_t channel_service = 0x40;

std::size_t le32_at(const ByteCursor& message, std::size_t at) {
    return std::size_t{message.peek_le16(at + 2)} << 16 | message.peek_le16(at);
}

// A request or its answer in a channel, as Microsoft's dissector for Wireshark and its program CoDe16 read and write it; since
// channels have a number of four bytes, behind a token, it stands four bytes later (a public project for 3.5.18). Protocol CD55
// is in clear (7557 is not), the header has 12 or 16 bytes behind its first four, and its sizes agree with the block's.
bool request_in(const ByteCursor& message, const Datagram& datagram, std::size_t& at) {
    if (message.peek(datagram.body) != 1 || (message.peek(datagram.body + 1) & 1) == 0) return false;
    for (const std::size_t block : {std::size_t{20}, std::size_t{24}}) {
        at = datagram.body + block;
        const std::size_t size = le32_at(message, at - 8);
        const std::size_t header = message.peek_le16(at + 2);
        if (message.left() >= at + 16 && message.peek_le16(at) == 0xcd55 && (header == 12 || header == 16) &&
            size == header + 4 + le32_at(message, at + 12)) {
            return true;
        }
    }
    return false;
}

// A channel is opened: version 1.1 or 1.2 of the channel's own protocol, and the sizes of what either can receive.
bool opens_channel(const ByteCursor& message, const Datagram& datagram) {
    const std::uint8_t kind = message.peek(datagram.body);
    const std::uint16_t version = message.peek_le16(datagram.body + 2);
    return (kind == 0xc3 || kind == 0x83) && (version == 0x0101 || version == 0x0102) && message.left() >= datagram.body + 16;
}

bool is_ours(const ByteCursor& message) {
    Datagram datagram;
    std::size_t at = 0;
    if (!is_datagram(message, datagram)) return false;
    if (datagram.service != channel_service) return is_name_service(message, datagram);
    return opens_channel(message, datagram) || request_in(message, datagram, at);
}

// Over TCP: four fixed bytes, a length with these eight.
constexpr std::string_view block_driver("\x00\x01\x17\xe8", 4);
constexpr std::size_t longest_block = 0x10000;
bool is_block(const ByteCursor& message, std::size_t& size) {
    size = le32_at(message, 4);
    return message.starts_with(block_driver) && size >= 8 + 12 && size <= longest_block;
}

bool is_version2(const ByteCursor& message) {
    return message.starts_with(std::string_view("\xbb\xbb\x01\x00\x00\x00\x01", 7)) ||
           message.starts_with(std::string_view("\xbb\xbb\x01\x00\x00\x01\x01", 7));
}

bool recognise(ByteCursor message, const Flow& flow) {
    if (flow.layer == Layer::Udp) return is_ours(message);
    std::size_t size = 0;
    if (!is_block(message, size)) return message.left() == 7 && is_version2(message);
    if (size > message.left()) return false;
    ByteCursor inside = message.take(size);
    inside.skip(8);
    return is_ours(inside);
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

// The groups of services and what of them makes a controller do something else, as the maker's own header files number them
// (CmpSrvItf.h, CmpAppItf.h, CmpDeviceItf.h, CmpMonitor2Itf.h, CmpIecVarAccessItf.h) and Microsoft's dissector names them. To
// log in, to read and to watch are no commands; nor is a reply (the group's bit 7).
std::string_view command(std::uint16_t group, std::uint16_t service) {
    if (group == 1) return service == 4 ? "reset origin" : service == 6 ? "operating mode" : "";
    if (group == 9) return service == 4 || service == 6 ? "write" : "";
    if (group == 0x1b) return service == 2 ? "write" : service == 3 ? "force" : "";
    if (group != 2) return {};
    switch (service) {
        case 0x04:
            return "delete application";
        case 0x05:
        case 0x07:
        case 0x30:
        case 0x34:
            return "download";
        case 0x06:
            return "online change";
        case 0x10:
            return "start";
        case 0x11:
            return "stop";
        case 0x12:
            return "reset";
        case 0x13:
            return "breakpoint";
        case 0x22:
            return "single cycle";
        case 0x23:
            return "boot project";
        case 0x24:
            return "reinit";
        default:
            return {};
    }
}

// `message` from the datagram on; `all`: with what stands before it.
void observe_datagram(ByteCursor message, const Slice& all, const Flow& flow, Claims& claims) {
    Datagram datagram;
    std::size_t at = 0;
    if (!is_datagram(message, datagram)) return;
    if (datagram.service == channel_service && request_in(message, datagram, at)) {
        const std::string_view what = command(message.peek_le16(at + 4), message.peek_le16(at + 6));
        if (what.empty()) return;
        claims.about(flow.receiver)
            .stated(Field::remote_observed, "codesys " + std::string(what) + " from " + flow.sender.ip.text(), all, "service");
    } else if (datagram.service == 4 && is_name_service(message, datagram) &&
               message.peek_le16(datagram.body) == identification) {
        message.skip(datagram.body);
        identified(message, claims);
    }
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    std::size_t size = 0;
    const bool begins = message.peek() == 0 && block_driver.starts_with(message.text_ahead().substr(0, 4));
    if (flow.layer == Layer::Tcp && message.left() < 8 && begins) return need(8);
    if (flow.layer == Layer::Tcp && is_block(message, size)) {
        if (message.left() < size) return need(size);
        const Slice all = message.bytes(size);
        Reading reading;
        ByteCursor inside = whole(all, reading);
        inside.skip(8);
        observe_datagram(inside, all, flow, claims);
        return done(message);
    }
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
    observe_datagram(message, ByteCursor(message).rest(), flow, claims);
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
// Over UDP in channels of both kinds: stopped, started, written to, and loaded in several blocks, of which the first shows it.
constexpr ExampleMessage commanded[] = {
    {From::Client, "c573404000110014010a0000c3000101112233440100000000401f00", {}},
    {From::Server, "c573404000110014010a000083000101112233440100000000002a0000401f00", {}},
    {From::Client,
     "c573404000110014010a000001812a0001000000000000001c000000e06d432255cd10000200110034120000080000000000"
     "00001184800007000000",
     {}},
    {From::Server,
     "c573404000110014010a000001012a0001000000000000001a000000e417919155cd10008200110034120000060000000000"
     "0000208280000000",
     {}},
    {From::Client,
     "c573404000110014010a00000181a4e02a00000002000000000000001c00000020096b3555cd100002001000341200000800"
     "0000000000001184800007000000",
     {}},
    {From::Client,
     "c573404000110014010a000001812a000300000000000000180000004efbf13555cd0c001b00020034120000080000001184"
     "800007000000",
     {}},
    {From::Client,
     "c573404000110014010a000001812a000400000000000000a401000078d6ca0355cd10000200050034120000900100000000"
     "000011111111111111111111111111111111111111111111111111111111111111111111111111111111",
     {}},
};
constexpr std::string_view commanded_claims[] = {
    "server remote_observed=codesys stop from 192.0.2.10", "server remote_observed=codesys start from 192.0.2.10",
    "server remote_observed=codesys write from 192.0.2.10", "server remote_observed=codesys download from 192.0.2.10"};
// Logging in, status, watching, reading, an answer, what is encrypted, and sizes that do not agree.
constexpr ExampleMessage watched[] = {
    {From::Client,
     "c573404000110014010a000001812a0001000000000000001c000000c923d2ea55cd10000100020034120000080000000000"
     "00001184800007000000",
     {}},
    {From::Client,
     "c573404000110014010a000001812a0001000000000000001c000000a127b48b55cd10000200010034120000080000000000"
     "00001184800007000000",
     {}},
    {From::Client,
     "c573404000110014010a000001812a0001000000000000001c000000209aca6955cd10000200140034120000080000000000"
     "00001184800007000000",
     {}},
    {From::Client,
     "c573404000110014010a000001812a0001000000000000001c0000000501f7a755cd10001b00010034120000080000000000"
     "00001184800007000000",
     {}},
    {From::Client,
     "c573404000110014010a000001812a0001000000000000001c000000b77bf72f55cd10000900030034120000080000000000"
     "00001184800007000000",
     {}},
    {From::Server,
     "c573404000110014010a000001012a0001000000000000001c0000008a98fa6f55cd10008200110034120000080000000000"
     "00001184800007000000",
     {}},
    {From::Client,
     "c573404000110014010a000001812a0001000000000000001c000000c4ec019f577510000200110034120000080000000000"
     "00001184800007000000",
     {}},
    {From::Client,
     "c573404000110014010a000001812a00010000000000000063000000e06d432255cd10000200110034120000080000000000"
     "00001184800007000000",
     {}},
};
// Over TCP: a reset, and a list of applications.
constexpr ExampleMessage over_tcp[] = {
    {From::Client, "000117e824000000c573404000110014010a0000c3000101112233440100000000401f00", {}},
    {From::Client,
     "000117e844000000c573404000110014010a000001812a0001000000000000001c000000a0c03b1b55cd1000020012003412"
     "000008000000000000001184800007000000",
     {}},
    {From::Client,
     "000117e844000000c573404000110014010a000001812a0001000000000000001c000000202f288c55cd1000020018003412"
     "000008000000000000001184800007000000",
     {}},
};
constexpr std::string_view over_tcp_claims[] = {"server remote_observed=codesys reset from 192.0.2.10"};
constexpr ExampleMessage search[] = {
    {From::Client, "c573400300220001020304050607000002c2000407000000", {}},
};
constexpr Example examples[] = {
    {"a version 3 controller is found", Layer::Udp, 1740, found, found_claims},
    {"a version 2 runtime", Layer::Tcp, 2455, runtime, runtime_claims},
    {"a version 3 controller is stopped, started, written to and loaded", Layer::Udp, 1740, commanded, commanded_claims},
    {"what is read, answered or encrypted is no command", Layer::Udp, 1740, watched, {}},
    {"a version 3 controller is reset over TCP", Layer::Tcp, 11740, over_tcp, over_tcp_claims},
    {"a search says nothing", Layer::Udp, 1741, search, {}},
};
constexpr std::uint16_t ports[] = {1740, 1741, 1742, 1743, 11740, 11741, 11742, 11743, 1200, 2455};

}  // namespace

Decoder codesys() {
    Decoder decoder;
    decoder.name = "codesys";
    decoder.title = "CODESYS V2, V3";
    decoder.spec =
        "No public specification; V3 as the nmap library codesys3 and Microsoft's CoDe16 read it, services by the runtime's "
        "header "
        "files; V2 as Redpoint codesys-v2-discover reads it";
    decoder.layers = Layer::Udp | Layer::Tcp;
    decoder.ports = ports;
    decoder.starts = Starts("bb bb 01 00 00", "c5", "00 01 17 e8");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
