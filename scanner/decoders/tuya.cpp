// Tuya: plugs, lamps, thermostats and chargers of many brands run the firmware of Tuya Smart. They call out on the local
// network (UDP 6666 in clear, 6667 wrapped in a key that all of them share; the newest only when they are asked, to port 7000
// of who asked), and take commands there (TCP 6668, encrypted per device). The same commands reach them through Tuya's cloud.
//
//   |000055AA|sequence 4|command 4|length 4|payload ...|CRC 4|0000AA55|        big-endian; length counts all after it
//   |00006699|0000|sequence 4|command 4|length 4|nonce 12|payload ...|tag 16|00009966|     version 3.5; length without the end
//
// The layout is not published by its maker. It is the one that tinytuya (a public project) speaks.
#include <algorithm>
#include <array>
#include <string>

#include "core/cipher.h"
#include "decoders/decoder.h"
#include "decoders/json_reader.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t header_size = 16;

// The key of announcements: the MD5 sum of a text that is the same in every device and in every program that reads them.
constexpr std::string_view announcement_key("\x6c\x1e\xc8\xe2\xbb\x9b\xb5\x9a\xb5\x0b\x0d\xaf\x64\x9b\x41\x0a", 16);

// Commands are small numbers; 7 and 13 set data points: they switch.
constexpr std::uint32_t largest_command = 0x40;
bool switches(std::uint32_t command) { return command == 0x07 || command == 0x0d; }

struct Head {
    bool newer = false;
    std::uint32_t command = 0;
    std::size_t size = 0;
};

bool read_head(ByteCursor message, Head& head) {
    if (message.left() < header_size) return false;
    const std::uint32_t prefix = message.be32();
    if (prefix == 0x00006699) {
        if (message.left() < 14) return false;
        head.newer = true;
        const std::uint16_t unused = message.be16();
        message.skip(4);
        head.command = message.be32();
        const std::uint32_t length = message.be32();
        head.size = std::size_t{18} + length + 4;
        return unused == 0 && head.command <= largest_command && length >= 28 && length <= 4096;
    }
    message.skip(4);
    head.command = message.be32();
    const std::uint32_t length = message.be32();
    head.size = header_size + length;
    return prefix == 0x000055aa && head.command <= largest_command && length >= 8 && length <= 4096;
}

// As tinytuya (public project) speaks it: prefix, command, length and, where the length says, the suffix.
bool recognise(ByteCursor message, const Flow& flow) {
    Head head;
    if (!read_head(message, head) || message.left() < head.size) return false;
    if (flow.layer == Layer::Udp && message.left() != head.size) return false;
    message.skip(head.size - 4);
    return message.be32() == (head.newer ? 0x00009966U : 0x0000aa55U);
}

// True when it is a device that speaks: a program's own search names itself ("from") and no device.
bool identity(std::string_view json, const Slice& witness, Claims& claims) {
    const JsonScalars said = read_json(json);
    const std::string_view id = said.string_at("gwId");
    if (!said.whole || id.empty()) return false;
    claims.stated(Field::unique_id, "tuya:" + std::string(id), witness, "announcement");
    // The product, as its seller registered it with Tuya.
    const std::string_view product = said.string_at("productKey");
    if (!product.empty() && product.size() <= 32)
        claims.stated(Field::device_type, "tuya:" + std::string(product), witness, "announcement");
    return true;
}

void announcement(ByteCursor message, const Head& head, Claims& claims) {
    message.skip(header_size);
    ByteCursor payload = message.take(head.size - header_size - 8);
    // A return code of zero may stand before the payload.
    if (payload.left() >= 4 && payload.peek_be16() == 0 && payload.peek_be16(2) == 0) payload.skip(4);
    const Slice text = payload.rest();
    if (text.text().starts_with("{")) {
        identity(text.text(), text, claims);
    } else {
        identity(aes128_ecb_decrypted(text.bytes, announcement_key), text, claims);
    }
}

// Version 3.5: AES-128-GCM; what stands between prefix and nonce is authenticated, too.
bool newer_announcement(ByteCursor message, const Head& head, Claims& claims) {
    message.skip(4);
    const Slice header = message.bytes(14);
    const Slice nonce = message.bytes(12);
    const Slice sealed = message.bytes(head.size - 4 - 14 - 12 - 4);
    Block16 key{};
    std::copy(announcement_key.begin(), announcement_key.end(), key.begin());
    std::array<std::uint8_t, 12> number{};
    std::copy(nonce.bytes.begin(), nonce.bytes.end(), number.begin());
    std::vector<std::uint8_t> opened;
    if (!message.ok() || !aes128_gcm_open(key, number, header.bytes, sealed.bytes, opened)) return false;
    const std::string text(opened.begin(), opened.end());
    std::string_view json = text;
    // A return code of zero may stand before it, zeros behind.
    if (json.starts_with(std::string_view("\0\0\0\0", 4))) json.remove_prefix(4);
    while (!json.empty() && json.back() == '\0') json.remove_suffix(1);
    return identity(json, sealed, claims);
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    const bool stream = flow.layer == Layer::Tcp;
    Head head;
    if (stream && message.left() < header_size + 2) return need(header_size + 2);
    if (!read_head(message, head)) return not_this();
    if (stream && message.left() < head.size) return need(head.size);
    if (!recognise(message, flow)) return not_this();
    const Slice witness = ByteCursor(message).bytes(header_size);
    if (!stream) {
        // Programs ask with the same frame, to port 7000, and are answered there: what opens with a device's id in it is a
        // device's. To 6666 and 6667 only devices speak.
        const bool announces = flow.receiver.port == 6666 || flow.receiver.port == 6667;
        const bool device = head.newer && newer_announcement(message, head, claims);
        if (!head.newer && announces) announcement(message, head, claims);
        if (device || announces) claims.matched(Field::stack_maker, "Tuya", witness, "frame");
        return done();
    }
    Claims device = claims.about(flow.server());
    device.matched(Field::stack_maker, "Tuya", witness, "frame");
    if (flow.from_opener && switches(head.command))
        device.stated(Field::remote_observed, "tuya control from " + flow.sender.ip.text(), witness, "command");
    message.skip(head.size);
    return done(message);
}

constexpr std::string_view wrapped =
    "000055aa00000001000000130000009c00000000cddda4297c2b7461ec80733893dbcd0d6fdfc81ace1b35a1b6141d6bd7d7"
    "31caeddd51e8e7de76e890e9643d89e1c28c18ca0c1babd743880b08c3cd80e660c65fb9d6387160d3e4636f8ec084aaf888"
    "f462949a474596b425bab23babe68074e3c949d359d5c3ea6cd5201d408904bf0a07af06c37dd05d37c17ab144f0d73949d7"
    "c04d4bd0e855432b819cbf4452f6f6f91fb90000aa55";
constexpr std::string_view in_clear =
    "000055aa000000010000000000000097000000007b226970223a223139322e302e322e3130222c2267774964223a22657864"
    "6576696365303030303030303030303432222c22616374697665223a322c226162696c697479223a302c226d6f6465223a30"
    "2c22656e6372797074223a66616c73652c2270726f647563744b6579223a226b65796578616d706c65222c2276657273696f"
    "6e223a22332e33227d2ef07ef10000aa55";
constexpr std::string_view control =
    "000055aa000000030000000700000037332e3300000000000000000000000011111111111111111111111111111111111111"
    "111111111111111111111111116465dd3e0000aa55";
constexpr std::string_view acknowledged = "000055aa00000003000000070000000c00000000c5591c5f0000aa55";
// {"from":"app","ip":"192.0.2.10"}; and {"ip":"192.0.2.20","gwId":"exdevice000000000042",...}
constexpr std::string_view search =
    "00006699000000000000000000250000003c010101010101010101010101abcb7af5ca6b0a0d8a901b10b66efbed157b3db3"
    "2ea06f4c8e35d5be185c77867ecff54fca4b024fa79205b08b3b676700009966";
constexpr std::string_view found =
    "0000669900000000000000000013000000b3020202020202020202020202c07fae40d072db216efcf1cac2da0312414d3ae3"
    "1d1eae9cc58fd753b4702c95eff8e3461d5669456480514223cce033c5c6eca33047bc1649c5a67c69b0dfed1534bc070b1a"
    "b1842085682d5e8cdc705afa541348e8c89067102a7652ef242faae349d94a0857716a2bb18e27f1f60e653488759e1da69d"
    "5bafdc5e657b6dc98d5485b59e9165afd405819e1b2fe34eb71aae01055b460677044728b78d0407c03b91e29ee6d9000099"
    "66";
constexpr std::string_view newer =
    "00006699000000000007000000130000003c0101010101010101010101012222222222222222222222222222222222222222"
    "2222222222222222222222223333333333333333333333333333333300009966";
constexpr ExampleMessage announced[] = {{From::Client, wrapped, {}}};
constexpr std::string_view announced_claims[] = {"client stack_maker=Tuya", "client unique_id=tuya:exdevice000000000042",
                                                 "client device_type=tuya:keyexample"};
constexpr ExampleMessage older[] = {{From::Client, in_clear, {}}};
constexpr ExampleMessage latest[] = {{From::Client, newer, {}}};
constexpr std::string_view latest_claims[] = {"client stack_maker=Tuya"};
constexpr ExampleMessage switched[] = {{From::Client, control, {}}, {From::Server, acknowledged, {}}};
constexpr std::string_view switched_claims[] = {"server stack_maker=Tuya",
                                                "server remote_observed=tuya control from 192.0.2.10"};
constexpr ExampleMessage asked[] = {{From::Client, in_clear, {}}};
constexpr ExampleMessage searched[] = {{From::Client, search, {}}};
constexpr ExampleMessage answered[] = {{From::Client, found, {}}};
constexpr Example examples[] = {
    {"a device announces itself", Layer::Udp, 6667, announced, announced_claims},
    {"an older device announces itself in clear", Layer::Udp, 6666, older, announced_claims},
    {"a device of version 3.5, whose announcement does not open", Layer::Udp, 6667, latest, latest_claims},
    {"a program switches a device", Layer::Tcp, 6668, switched, switched_claims},
    {"a device of version 3.5 answers a search", Layer::Udp, 7000, answered, announced_claims},
    {"a search names nobody", Layer::Udp, 7000, searched, {}},
    {"what goes to the programs' port in another form names nobody", Layer::Udp, 7000, asked, {}},
};
constexpr std::uint16_t ports[] = {6666, 6667, 6668, 7000};

}  // namespace

Decoder tuya() {
    Decoder decoder;
    decoder.name = "tuya";
    decoder.title = "Tuya local";
    decoder.spec = "unpublished; as spoken by tinytuya (public project)";
    decoder.layers = Layer::Udp | Layer::Tcp;
    decoder.ports = ports;
    decoder.starts = Starts("00 00 55 aa", "00 00 66 99");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
