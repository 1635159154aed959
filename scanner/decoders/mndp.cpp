// MNDP: MikroTik's neighbour discovery: once a minute a router tells the link its name, board, version and the identity of its
// installation.
//
//   |header 2|sequence 2| then |type 2|length 2|value ...|
#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

enum Type : std::uint16_t {
    MacAddress = 1,
    Identity = 5,
    Version = 7,
    Platform = 8,
    SoftwareId = 11,
    Board = 12,
    Address = 17
};

// MikroTik's forum and Wireshark's packet-mndp.c describe it: a MAC of six bytes comes first, then fields of known types (1, 5,
// 7 to 17) that fill the message exactly, a platform among them.
bool recognise(ByteCursor message, const Flow&) {
    message.skip(4);
    bool first = true;
    bool platform = false;
    while (!message.done()) {
        const std::uint16_t type = message.be16();
        const std::uint16_t size = message.be16();
        message.skip(size);
        if (first && (type != MacAddress || size != 6)) return false;
        if (type == 0 || type > 24 || !message.ok()) return false;
        platform = platform || (type == Platform && size >= 2);
        first = false;
    }
    return platform;
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    // The request for it is four or nine zeros.
    if (message.left() <= 9) return done();
    if (!recognise(message, flow)) return not_this();
    message.skip(4);
    while (!message.done()) {
        const std::uint16_t type = message.be16();
        const Slice value = message.bytes(message.be16());
        switch (type) {
            case Identity:
                claims.stated(Field::hostname, value, "identity");
                break;
            case Version:
                claims.stated(Field::firmware, value, "version");
                break;
            case Platform:
                claims.stated(Field::brand, value, "platform");
                break;
            case SoftwareId:
                claims.stated(Field::unique_id, "mikrotik:" + std::string(value.text()), value, "software_id");
                break;
            case Board:
                claims.stated(Field::model, value, "board");
                break;
            case Address: {
                if (value.size() != 4) break;
                const IpAddress ip = IpAddress::v4(value.bytes.data());
                if (!ip.unspecified() && !ip.multicast()) claims.stated(Field::mgmt_ip, ip.text(), value, "address");
                break;
            }
            default:
                break;
        }
    }
    return done();
}

constexpr ExampleMessage router[] = {
    {From::Client,
     "0000 0007 | 0001 0006 00005e00530a | 0005 0009 67617465776179 2d37 | 0007 0006 372e31342e33 | 0008 0008 4d696b726f54696b "
     "| 000a 0004 01020304 | 000b 0009 414243442d45463132 | 000c 0006 52423430 3131 | 000e 0001 00 | 0010 0006 657468657231 "
     "| 0011 0004 c000020a",
     {}}};
constexpr std::string_view router_claims[] = {"client hostname=gateway-7", "client firmware=7.14.3",
                                              "client brand=MikroTik",     "client unique_id=mikrotik:ABCD-EF12",
                                              "client model=RB4011",       "client mgmt_ip=192.0.2.10"};
constexpr ExampleMessage bare[] = {{From::Client, "0000 0008 | 0001 0006 00005e00530a | 0008 0002 2020", {}}};
constexpr Example examples[] = {
    {"a router presents itself", Layer::Udp, 5678, router, router_claims},
    {"a message that says nothing", Layer::Udp, 5678, bare, {}},
};
constexpr std::uint16_t ports[] = {5678};

}  // namespace

Decoder mndp() {
    Decoder decoder;
    decoder.name = "mndp";
    decoder.title = "MikroTik neighbour discovery (MNDP)";
    decoder.spec = "MNDP as Wireshark's packet-mndp.c describes it";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("?? ?? ?? ?? 00 01 00 06");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
