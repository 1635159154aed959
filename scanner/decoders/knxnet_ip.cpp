// KNXnet/IP: building automation (light, blinds, heating) and its gateways to the network. A gateway that is searched for or
// asked for its description tells name, serial number (whose first two bytes are KNX Association's number of the maker), MAC
// and bus address.
//
//   |06|10|service 2|length 2| [control endpoint 8] | description blocks: |length|kind| ...
//   device: |36|01|medium|status|address 2|project 2|serial 6|multicast 4|MAC 6|name 30|
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

// KNX Standard 3/8/2 clause 2.3 and 3/8/1: header size 6, version 1.0, a known service, the length of the whole.
bool read_head(ByteCursor& message, const Flow& flow, std::uint16_t& service, std::size_t& size) {
    if (message.left() < 6 || message.peek_be16() != 0x0610) return false;
    service = message.peek_be16(2);
    size = message.peek_be16(4);
    const bool known = (service >= 0x0201 && service <= 0x020c) || (service >= 0x0310 && service <= 0x0311) ||
                       (service >= 0x0420 && service <= 0x0425) || (service >= 0x0530 && service <= 0x0533) ||
                       (service >= 0x0740 && service <= 0x0743) || (service >= 0x0950 && service <= 0x0955);
    if (!known || size < 8 || size > 2048) return false;
    if (flow.layer == Layer::Udp && size != message.left()) return false;
    return true;
}

bool recognise(ByteCursor message, const Flow& flow) {
    std::uint16_t service = 0;
    std::size_t size = 0;
    return read_head(message, flow, service, size);
}

// 3/8/2 clause 7.5.4.2. The address that the gateway says it listens on, in a search response, is that of its MAC.
void device_block(ByteCursor block, const IpAddress& own, const Claims& claims) {
    Claims device = claims;
    block.skip(2);
    const ByteCursor before = block;
    const std::uint16_t address = block.be16();
    const Slice bus = block.since(before);
    block.skip(2);
    const Slice serial = block.bytes(6);
    block.skip(4);
    const Slice raw = block.bytes(6);
    const Slice name = block.bytes(30);
    if (!block.ok()) return;
    device.stated(Field::description, name.text().substr(0, name.text().find('\0')), name, "friendly_name");
    // As delivered that is the product's name; the owner may have changed it.
    device.hinted(Field::product, name.text().substr(0, name.text().find('\0')), name, "friendly_name");
    device.stated(Field::description,
                  "individual address " + std::to_string(address >> 12) + "." + std::to_string((address >> 8) & 15) + "." +
                      std::to_string(address & 255),
                  bus, "individual_address");
    device.stated(Field::serial, hex(serial.bytes.data(), 6), serial, "serial_number");
    const unsigned maker = static_cast<unsigned>(serial.bytes[0] << 8) | serial.bytes[1];
    if (maker != 0 && maker != 0xffff) {
        device.hinted(Field::vendor_id, "knx:" + std::to_string(maker), serial, "serial_number");
    }
    Endpoint station;
    station.vlan = claims.subject().vlan;
    for (std::size_t i = 0; i < 6; ++i) station.mac.bytes[i] = raw.bytes[i];
    if (station.mac.known() && !station.mac.group() && !station.mac.locally_administered() && own.known() &&
        own == claims.subject().ip) {
        claims.about(station).stated(Field::address, own.text(), raw, "mac");
    }
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    std::uint16_t service = 0;
    std::size_t size = 0;
    const bool stream = flow.layer == Layer::Tcp;
    if (stream && message.left() < 6) return need(6);
    if (!read_head(message, flow, service, size)) return not_this();
    if (message.left() < size) return stream ? need(size) : not_this();
    const Slice raw = message.bytes(size);
    Reading reading;
    ByteCursor body = whole(raw, reading);
    body.skip(6);
    IpAddress own;
    if (service == 0x0202 || service == 0x020c) {
        // Control endpoint: |08|01 UDP, 02 TCP|address 4|port 2|
        ByteCursor endpoint = body.take(body.peek());
        endpoint.skip(2);
        const Slice ip = endpoint.bytes(4);
        if (!body.ok()) return done(message);
        own = IpAddress::v4(ip.bytes.data());
    } else if (service != 0x0204) {
        return done(message);
    }
    while (body.left() >= 2) {
        const std::size_t length = body.peek();
        if (length < 2) break;
        ByteCursor block = body.take(length);
        block.skip(1);
        const std::uint8_t kind = block.u8();
        if (kind == 0x01 && length == 54) {
            device_block(block, own, claims);
        } else if (kind == 0xfe && length >= 4) {
            const Slice maker = block.bytes(2);
            const unsigned number = static_cast<unsigned>(maker.bytes[0] << 8) | maker.bytes[1];
            if (number != 0) claims.stated(Field::vendor_id, "knx:" + std::to_string(number), maker, "manufacturer_data");
        }
    }
    return done(message);
}

constexpr ExampleMessage search[] = {{From::Client, "0610 0201 000e 0801 c000020a 0e57", {}},
                                     {From::Server,
                                      "0610 0202 004e 0801 c0000214 0e57"
                                      "3601 02 00 1100 0000 00f700000042 e000170c 00005e005314"
                                      "4578616d706c652049502067617465776179000000000000000000000000"
                                      "0a02 0201 0301 0401 0501",
                                      {}}};
constexpr std::string_view search_claims[] = {"server description=Example IP gateway",
                                              "server product=Example IP gateway",
                                              "server description=individual address 1.1.0",
                                              "server serial=00f700000042",
                                              "server vendor_id=knx:247",
                                              "server-mac address=192.0.2.20"};
constexpr ExampleMessage tunnel[] = {{From::Client, "0610 0420 0015 04 01 00 00 11 00 bce0 1101 0901 01 0081", {}}};
constexpr Example examples[] = {
    {"a gateway answers a search", Layer::Udp, 3671, search, search_claims},
    {"a telegram in a tunnel says nothing", Layer::Udp, 3671, tunnel, {}},
};
constexpr std::uint16_t ports[] = {3671};

}  // namespace

Decoder knxnet_ip() {
    Decoder decoder;
    decoder.name = "knxnet_ip";
    decoder.title = "KNXnet/IP";
    decoder.spec = "KNX Standard (ISO 22510) 3/8/1, 3/8/2";
    decoder.layers = Layer::Udp | Layer::Tcp;
    decoder.ports = ports;
    decoder.starts = Starts("06 10");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
