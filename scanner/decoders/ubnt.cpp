// Ubiquiti's discovery: radios, routers and cameras tell the link their name, model, firmware and addresses. The field with the
// account, and the name of the wireless network, are left out.
//
//   |version|command|length 2| then |type 1|length 2|value ...|; version 1 command 0, version 2 commands 6, 9, 11
#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

enum Type : std::uint8_t {
    MacAddress = 0x01,
    MacAndIp = 0x02,
    FirmwareFull = 0x03,
    HostName = 0x0b,
    ProductShort = 0x0c,
    Model = 0x14,
    ModelFull = 0x15,
    FirmwareVersion = 0x16,
};

// Ubiquiti's discovery tool, as nmap's ubiquiti-discovery.nse describes it: version and command, a length that is all that
// follows, fields that fill it exactly, an address of six or ten bytes among them.
bool recognise(ByteCursor message, const Flow&) {
    const std::uint8_t version = message.u8();
    const std::uint8_t command = message.u8();
    const std::size_t length = message.be16();
    const bool known = (version == 1 && command == 0) || (version == 2 && (command == 6 || command == 9 || command == 11));
    if (!known || length < 9 || length != message.left()) return false;
    bool addressed = false;
    while (!message.done()) {
        const std::uint8_t type = message.u8();
        const std::uint16_t size = message.be16();
        message.skip(size);
        addressed = addressed || (type == MacAddress && size == 6) || (type == MacAndIp && size == 10);
        if (type == 0) return false;
    }
    return addressed && message.ok();
}

void address(const Slice& value, const Flow& flow, Claims& claims) {
    if (value.size() != 10) return;
    Endpoint station;
    station.vlan = flow.sender.vlan;
    for (std::size_t i = 0; i < 6; ++i) station.mac.bytes[i] = value.bytes[i];
    const IpAddress ip = IpAddress::v4(value.bytes.data() + 6);
    if (!station.mac.known() || station.mac.group() || ip.unspecified() || ip.multicast()) return;
    // 169.254/16 is each device's second address, and the same in many.
    if (!ip.link_local()) claims.about(station).stated(Field::address, ip.text(), value, "address");
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (message.left() == 4) return done();  // the question
    if (!recognise(message, flow)) return not_this();
    message.skip(4);
    while (!message.done()) {
        const std::uint8_t type = message.u8();
        const Slice value = message.bytes(message.be16());
        switch (type) {
            case MacAndIp:
                address(value, flow, claims);
                break;
            case FirmwareFull:
            case FirmwareVersion:
                claims.stated(Field::firmware, value, "firmware");
                break;
            case HostName:
                claims.stated(Field::hostname, value, "hostname");
                break;
            case ProductShort:
                claims.stated(Field::product, value, "product");
                break;
            case Model:
            case ModelFull:
                claims.stated(Field::model, value, "model");
                break;
            default:
                break;
        }
    }
    return done();
}

constexpr ExampleMessage radio[] = {
    {From::Server,
     "01 00 0047 | 02 000a 00005e005314 c0000214 | 03 0008 58432e76382e3731 | 06 000a 77696c68656c6d696e61 | 0b 0004 6d617374 "
     "| 0c 0003 4e374d | 0d 0005 686f6d6537 | 14 000a 4578616d706c6520 4d37",
     {}}};
constexpr std::string_view radio_claims[] = {"server-mac address=192.0.2.20", "server firmware=XC.v8.71",
                                             "server hostname=mast", "server product=N7M", "server model=Example M7"};
constexpr ExampleMessage bare[] = {{From::Server, "02 06 0009 | 01 0006 00005e005314", {}}};
constexpr Example examples[] = {
    {"a radio presents itself; its account and network are left out", Layer::Udp, 10001, radio, radio_claims},
    {"an address says nothing by itself", Layer::Udp, 10001, bare, {}},
};
constexpr std::uint16_t ports[] = {10001};

}  // namespace

Decoder ubnt() {
    Decoder decoder;
    decoder.name = "ubnt";
    decoder.title = "Ubiquiti discovery";
    decoder.spec = "Ubiquiti discovery as nmap's ubiquiti-discovery.nse describes it";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("01 00", "02 0?");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
