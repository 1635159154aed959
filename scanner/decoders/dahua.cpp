// Dahua's search protocol (DHIP, UDP 37810): cameras and recorders answer anybody with type, serial number, firmware and the
// vendor they carry; so do those that Dahua builds for other brands.
//
//   |20 00 00 00|"DHIP"|session 4|id 4|length 4|0|length 4|0|JSON          little-endian
//   {"method":"DHDiscover.search",...}        {"method":"client.notifyDevInfo","params":{"deviceInfo":{"DeviceType":...}}}
//
// The layout is not published by its maker. It is described by several public projects.
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/json_reader.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t header_size = 32;

// No specification is public; as UniversalScanner reads it (julienblitte, Dahua2.cs): header size, name, and twice the same
// length, which is that of the text.
bool recognise(ByteCursor message, const Flow&) {
    if (message.left() < header_size + 2 || message.peek_be16() != 0x2000 || message.peek_be16(2) != 0) return false;
    const ByteCursor start = message;
    message.skip(4);
    if (!message.starts_with("DHIP")) return false;
    message.skip(12);
    const std::uint32_t length = message.le32();
    message.skip(4);
    const std::uint32_t again = message.le32();
    return length == again && length + header_size <= start.left() && start.peek(header_size) == '{';
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    message.skip(header_size);
    const Slice text = message.rest();
    std::string_view json = text.text();
    while (!json.empty() && (json.back() == '\0' || json.back() == '\n')) json.remove_suffix(1);
    const JsonScalars said = read_json(json);
    if (!said.whole || said.string_at("method") != "client.notifyDevInfo") return done();
    const auto info = [&](std::string_view name) { return said.string_at("params/deviceInfo/" + std::string(name)); };
    claims.matched(Field::stack_maker, "Dahua", text, "answer");
    claims.stated(Field::model, info("DeviceType"), text, "DeviceType");
    claims.stated(Field::serial, info("SerialNo"), text, "SerialNo");
    claims.stated(Field::firmware, info("Version"), text, "Version");
    // "General" and "Private" are what a device without a brand of its own says.
    const std::string_view vendor = info("Vendor");
    if (vendor != "General" && vendor != "Private") claims.stated(Field::brand, vendor, text, "Vendor");
    struct Class {
        std::string_view start;
        std::string_view category;
    };
    constexpr Class classes[] = {{"IPC", "camera"}, {"SD", "camera"}, {"NVR", "nvr"},      {"HCVR", "nvr"},
                                 {"XVR", "nvr"},    {"DVR", "nvr"},   {"VTO", "intercom"}, {"VTH", "intercom"}};
    for (const Class& known : classes) {
        if (info("DeviceClass") == known.start) claims.matched(Field::category, known.category, text, "DeviceClass");
    }
    const std::optional<Mac> mac = Mac::parse(said.string_at("mac"));
    const std::optional<IpAddress> ip = IpAddress::parse(info("IPv4Address/IPAddress"));
    if (mac && mac->known() && !mac->group() && ip && *ip == flow.sender.ip) {
        Endpoint station = flow.sender.station();
        station.mac = *mac;
        claims.about(station).stated(Field::address, ip->text(), text, "IPv4Address");
    }
    return done();
}

constexpr std::string_view asked =
    "200000004448495000000000000000003b000000000000003b000000000000007b226d6574686f64223a224448446973636f"
    "7665722e736561726368222c22706172616d73223a7b226d6163223a22222c22756e69223a317d7d0a";
constexpr std::string_view answered =
    "20000000444849500000000000000000a601000000000000a6010000000000007b226d6163223a2230303a30303a35653a30"
    "303a35333a3134222c226d6574686f64223a22636c69656e742e6e6f74696679446576496e666f222c22706172616d73223a"
    "7b22646576696365496e666f223a7b22416c61726d496e7075744368616e6e656c73223a302c22446576696365436c617373"
    "223a22495043222c2244657669636554797065223a224950432d45583232333154222c2248747470506f7274223a38302c22"
    "4950763441646472657373223a7b2244656661756c7447617465776179223a223139322e302e322e31222c2244686370456e"
    "61626c65223a66616c73652c22495041646472657373223a223139322e302e322e3230222c225375626e65744d61736b223a"
    "223235352e3235352e3235352e30227d2c22496e6974223a313136362c224d616368696e654e616d65223a2267617465206f"
    "66206120706572736f6e222c22506f7274223a33373737372c2253657269616c4e6f223a2245583030303432504141303030"
    "3030222c2256656e646f72223a224461687561222c2256657273696f6e223a22322e3830302e303030303030302e312e5222"
    "7d7d7d0a";
constexpr std::string_view neutral =
    "20000000444849500000000000000000b100000000000000b1000000000000007b226d6163223a22222c226d6574686f6422"
    "3a22636c69656e742e6e6f74696679446576496e666f222c22706172616d73223a7b22646576696365496e666f223a7b2244"
    "6576696365436c617373223a224e5652222c2244657669636554797065223a2245582d4e56523136222c2253657269616c4e"
    "6f223a22455830303034335041413030303030222c2256656e646f72223a2247656e6572616c222c2256657273696f6e223a"
    "22342e30227d7d7d0a";
constexpr ExampleMessage search[] = {{From::Client, asked, {}}, {From::Server, answered, {}}};
constexpr std::string_view search_claims[] = {
    "server stack_maker=Dahua",          "server model=IPC-EX2231T", "server serial=EX00042PAA00000",
    "server firmware=2.800.0000000.1.R", "server brand=Dahua",       "server category=camera",
    "server-mac address=192.0.2.20"};
constexpr ExampleMessage other_brand[] = {{From::Server, neutral, {}}};
constexpr std::string_view other_brand_claims[] = {"server stack_maker=Dahua", "server model=EX-NVR16",
                                                   "server serial=EX00043PAA00000", "server firmware=4.0",
                                                   "server category=nvr"};
constexpr ExampleMessage only_asked[] = {{From::Client, asked, {}}};
constexpr Example examples[] = {
    {"a camera answers a search", Layer::Udp, 37810, search, search_claims},
    {"a recorder without a brand of its own", Layer::Udp, 37810, other_brand, other_brand_claims},
    {"a search names nobody", Layer::Udp, 37810, only_asked, {}},
};
constexpr std::uint16_t ports[] = {37810};

}  // namespace

Decoder dahua() {
    Decoder decoder;
    decoder.name = "dahua";
    decoder.title = "Dahua DHIP search";
    decoder.spec = "unpublished; as UniversalScanner reads it (public project)";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("20 00 00 00 'DHIP'");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
