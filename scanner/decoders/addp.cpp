// ADDP: how serial servers, gateways and modules of Digi are found and set up (UDP 2362, 224.0.5.128). Digi's chips and modules
// sit in devices of others, who answer the same: it names the module's maker, not the device's. Passwords are not kept.
//
//   |"DIGI"|operation 2|length 2| then for an answer |type 1|length 1|value|...; a request begins with the MAC it is for
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

enum Operation : std::uint16_t { Ask = 1, Answer = 2, Reboot = 5, LastRequest = 11 };
enum Type : std::uint8_t { MacAddress = 0x01, IpV4 = 0x02, Name = 0x04, Firmware = 0x08, Hardware = 0x0d };

// Digi's own client (cp4pc, addp.py, published under the MPL) and an independent emulator agree: the cookie, an operation of
// the list, a length that is all that follows; answers are made of fields that fill them, requests to find anybody are a MAC.
bool recognise(ByteCursor message, const Flow&) {
    if (message.be32() != 0x44494749) return false;
    const std::uint16_t operation = message.be16();
    const std::uint16_t length = message.be16();
    if (operation == 0 || operation > 16 || length != message.left()) return false;
    if (operation == Ask) return length >= 6;
    if (operation % 2 != 0) return length >= 6 && operation <= LastRequest;
    bool addressed = false;
    while (!message.done()) {
        const std::uint8_t type = message.u8();
        const std::uint8_t size = message.u8();
        message.skip(size);
        addressed = addressed || (type == MacAddress && size == 6);
    }
    return addressed && message.ok();
}

Endpoint station(const Slice& mac, const Flow& flow) {
    Endpoint out;
    out.vlan = flow.sender.vlan;
    for (std::size_t i = 0; i < 6 && i < mac.size(); ++i) out.mac.bytes[i] = mac.bytes[i];
    return out;
}

// A request is multicast: whom it is for stands in front of it. Of those that act, only for this one two sources agree where.
void request(std::uint16_t operation, ByteCursor body, const Flow& flow, const Claims& claims) {
    if (operation != Reboot) return;
    const Slice mac = body.bytes(6);
    const Endpoint target = station(mac, flow);
    if (!target.mac.known() || target.mac.group()) return;
    claims.about(target).stated(Field::remote_observed, "addp reboot from " + flow.sender.ip.text(), mac, "request");
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    const Slice cookie = message.bytes(4);
    const std::uint16_t operation = message.be16();
    message.skip(2);
    if (operation % 2 != 0) {
        Reading own;
        const Slice body = message.rest();
        request(operation, whole(body, own), flow, claims);
        return done();
    }
    if (operation != Answer) return done();
    claims.matched(Field::module_maker, "Digi International", cookie, "answer");
    Slice mac;
    while (!message.done()) {
        const std::uint8_t type = message.u8();
        const Slice value = message.bytes(message.u8());
        if (type == MacAddress) mac = value;
        if (type == IpV4 && value.size() == 4 && mac.size() == 6) {
            const Endpoint device = station(mac, flow);
            const IpAddress ip = IpAddress::v4(value.bytes.data());
            if (device.mac.known() && !device.mac.group() && !ip.unspecified() && !ip.multicast())
                claims.about(device).stated(Field::address, ip.text(), value, "address");
        }
        if (type == Name) claims.stated(Field::hostname, value, "name");
        if (type == Hardware) claims.stated(Field::product, value, "hardware");
        if (type == Firmware) claims.stated(Field::firmware, value, "firmware");
    }
    return done();
}

constexpr ExampleMessage search[] = {
    {From::Client, "44494749 0001 0006 ffffffffffff", {}},
    {From::Server,
     "44494749 0002 0033 | 01 06 00005e005314 | 02 04 c0000214 | 04 04 70756d70 | 0d 0c 4578616d706c652045532d31"
     "| 08 0f 56657273696f6e20383230303030 31",
     {}},
    {From::Client, "44494749 0005 000e | 00005e005314 07 77696c68656c6d", {}}};
constexpr std::string_view search_claims[] = {"server module_maker=Digi International",
                                              "server-mac address=192.0.2.20",
                                              "server hostname=pump",
                                              "server product=Example ES-1",
                                              "server firmware=Version 8200001",
                                              "server-mac remote_observed=addp reboot from 192.0.2.10"};
constexpr ExampleMessage question[] = {{From::Client, "44494749 0001 0006 ffffffffffff", {}}};
constexpr Example examples[] = {{"a serial server is found and restarted", Layer::Udp, 2362, search, search_claims},
                                {"a search that nobody answers says nothing", Layer::Udp, 2362, question, {}}};
constexpr std::uint16_t ports[] = {2362};

}  // namespace

Decoder addp() {
    Decoder decoder;
    decoder.name = "addp";
    decoder.title = "Digi device discovery (ADDP)";
    decoder.spec = "No public specification; as Digi's published client and an independent emulator speak it";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("'DIGI' 00");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
