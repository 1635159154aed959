// KNXnet/IP: building automation (light, blinds, heating) and its gateways to the network. A gateway that is searched for or
// asked for its description tells name, serial number (whose first two bytes are KNX Association's number of the maker), MAC
// and bus address. Telegrams show who is on the bus, and that a program switches or changes something there.
//
//   |06|10|service 2|length 2| [control endpoint 8] | description blocks: |length|kind| ...
//   device: |36|01|medium|status|address 2|project 2|serial 6|multicast 4|MAC 6|name 30|
#include <algorithm>
#include <array>
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

std::string dotted(std::uint16_t address) {
    return std::to_string(address >> 12) + "." + std::to_string((address >> 8) & 15) + "." + std::to_string(address & 255);
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
    device.stated(Field::description, "individual address " + dotted(address), bus, "individual_address");
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

// Which stations of the bus have been told of in this conversation.
struct Notes {
    std::uint8_t count;
    std::array<std::uint16_t, 100> stations;
};

// 3/3/7 clause 2: what changes the device that a telegram is addressed to, by the ten bits of the application layer.
std::string_view changes(unsigned service) {
    if (service >= 0x280 && service <= 0x28f) return "memory write";
    if (service == 0x2c2) return "memory write";
    if (service == 0x3d7) return "property write";
    if (service == 0x380 || service == 0x381) return "restart";
    return {};
}

// 3/6/3 clause 4.1.5: |message code|length of what is added|...|control 2|from 2|to 2|length|transport, application ...|. A
// program asks the gateway to send (11); what comes from the bus (29) shows who is on it. What is sent is not looked at.
void telegram(ByteCursor cemi, const Slice& witness, Flow& flow, Claims& claims) {
    const std::uint8_t code = cemi.u8();
    cemi.skip(cemi.u8());
    cemi.skip(1);
    const bool group = (cemi.u8() & 0x80) != 0;
    const std::uint16_t from = cemi.be16();
    const std::uint16_t to = cemi.be16();
    const std::uint8_t length = cemi.u8();
    const std::uint8_t transport = cemi.u8();
    if (!cemi.ok() || (length > 0 && cemi.left() < length)) return;
    if (code == 0x29 && from != 0 && from != 0xffff) {
        Notes& notes = flow.state->notes<Notes>();
        const auto end = notes.stations.begin() + notes.count;
        if (notes.count == notes.stations.size() || std::find(notes.stations.begin(), end, from) != end) return;
        notes.stations[notes.count++] = from;
        claims.part("knx/" + dotted(from)).stated(Field::role, "knx bus device", witness, "telegram");
    }
    if (code != 0x11 || length == 0 || (transport & 0x80) != 0) return;
    const unsigned service = (transport & 3U) << 8 | cemi.u8();
    const Claims gateway = claims.about(flow.receiver);
    const std::string actor = " from " + flow.sender.ip.text();
    if (group) {
        // GroupValue_Write: whoever on the bus listens to that group does it.
        if ((service & 0x3c0) == 0x080)
            Claims(gateway).stated(Field::remote_observed, "knx group write" + actor, witness, "telegram");
    } else if (const std::string_view what = changes(service); !what.empty()) {
        gateway.part("knx/" + dotted(to))
            .stated(Field::remote_observed, "knx " + std::string(what) + actor, witness, "telegram");
    }
}

// 3/6/3 clause 4.1.7: a property of the gateway itself is written (F6), or it is restarted (F1).
void management(ByteCursor cemi, const Slice& witness, const Flow& flow, const Claims& claims) {
    const std::uint8_t code = cemi.u8();
    if (code != 0xf6 && code != 0xf1) return;
    claims.about(flow.receiver)
        .stated(Field::remote_observed,
                std::string(code == 0xf6 ? "knx property write" : "knx restart") + " from " + flow.sender.ip.text(), witness,
                "management");
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
    } else if (service == 0x0420 || service == 0x0310) {
        // 3/8/4 clause 2.2, 3/8/3 clause 2.2: |04|channel|number|reserved| in front.
        if (body.peek() != 4) return done(message);
        body.skip(4);
        if (service == 0x0420) {
            telegram(body, raw, flow, claims);
        } else {
            management(body, raw, flow, claims);
        }
        return done(message);
    } else if (service == 0x0530) {
        telegram(body, raw, flow, claims);
        return done(message);
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
// A program switches a group (what it sends is not kept), asks for a group's value, restarts a device of the bus and writes a
// property of the gateway; the bus answers.
constexpr ExampleMessage tunnel[] = {{From::Client, "0610 0420 0015 04 01 00 00 11 00 bce0 1101 0901 01 0081", {}},
                                     {From::Client, "0610 0420 0015 04 01 01 00 11 00 bce0 1101 0902 01 0000", {}},
                                     {From::Client, "0610 0420 0015 04 01 02 00 11 00 b060 1101 1107 01 0380", {}},
                                     {From::Client, "0610 0310 0013 04 02 00 00 f6 000b 01 35 1001 00ff", {}},
                                     {From::Server, "0610 0420 0015 04 01 00 00 29 00 bce0 1105 0902 01 0041", {}},
                                     {From::Server, "0610 0420 0015 04 01 01 00 29 00 bce0 1105 0902 01 0041", {}}};
constexpr std::string_view tunnel_claims[] = {
    "server remote_observed=knx group write from 192.0.2.10", "server[knx/1.1.7] remote_observed=knx restart from 192.0.2.10",
    "server remote_observed=knx property write from 192.0.2.10", "server[knx/1.1.5] role=knx bus device"};
// What a router passes on from its bus: who sent it; whoever listens is not named.
constexpr ExampleMessage routed[] = {{From::Client, "0610 0530 0011 29 00 bcd0 1105 0803 01 0081", {}}};
constexpr std::string_view routed_claims[] = {"client[knx/1.1.5] role=knx bus device"};
constexpr Example examples[] = {
    {"a gateway answers a search", Layer::Udp, 3671, search, search_claims},
    {"a program switches through a tunnel", Layer::Udp, 3671, tunnel, tunnel_claims},
    {"a telegram of the bus shows who is on it", Layer::Udp, 3671, routed, routed_claims},
};
constexpr std::uint16_t ports[] = {3671};

}  // namespace

Decoder knxnet_ip() {
    Decoder decoder;
    decoder.name = "knxnet_ip";
    decoder.title = "KNXnet/IP";
    decoder.spec = "KNX Standard (ISO 22510) 3/3/7, 3/6/3, 3/8/1 to 3/8/5";
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
