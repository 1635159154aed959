// EtherNet/IP: CIP over UDP and TCP, the language of Rockwell, Omron and hundreds of makers of drives, sensors and gateways.
// A device answers the identity question to anybody: vendor id (ODVA's register), device type, revision, serial number, name.
// A chassis answers for the modules in its slots, each a device of its own. The originator of a connection names its own
// vendor and serial number. Reset, start and stop are ordinary unauthenticated requests. Cyclic data (UDP 2222) shows who
// produces it, no more.
//
//   |command 2|length 2|session 4|status 4|context 8|options 4|   all little endian
//   cyclic:   |0002|8002|0008|connection 4|sequence 4|00B1|length 2|data|      CIP Volume 2, 2-6
//   identity: |vendor 2|type 2|product code 2|major|minor|status 2|serial 4|name length|name|
//
// An electronic key in a request names the device that is expected there: it identifies nobody.
#include <array>
#include <cstdio>
#include <string>

#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t header_size = 24;
constexpr std::uint16_t list_services = 0x0004;
constexpr std::uint16_t list_identity = 0x0063;
constexpr std::uint16_t list_interfaces = 0x0064;
constexpr std::uint16_t register_session = 0x0065;
constexpr std::uint16_t unregister_session = 0x0066;
constexpr std::uint16_t send_rr_data = 0x006f;
constexpr std::uint16_t send_unit_data = 0x0070;

constexpr std::uint8_t get_attributes_all = 0x01;
constexpr std::uint8_t get_attribute_single = 0x0e;
constexpr std::uint8_t unconnected_send = 0x52;
constexpr std::uint8_t forward_open = 0x54;
constexpr std::uint8_t large_forward_open = 0x5b;

// Where in a chassis a request goes: the port segments of its path, outermost first.
struct Route {
    static constexpr std::uint8_t untold = 0xff;  // longer, or over a network: not followed
    std::uint8_t count = 0;
    std::array<std::uint16_t, 2> hops{};  // port << 8 | link address
};

struct Connection {
    std::uint32_t to_target;
    std::uint32_t to_originator;
    Route route;
    bool used;
};

struct Notes {
    std::array<Connection, 16> connections;
    std::uint8_t oldest;
    std::uint16_t cyclic[2];  // how many messages of cyclic data, of the opener and of the other
};

// What a request asked, small enough to wait in the ring.
struct Asked {
    std::uint8_t service = 0;
    std::uint8_t object = 0;  // class; 0: none that is read here
    std::uint8_t attribute = 0;
    Route route;

    [[nodiscard]] std::uint64_t packed() const {
        return (std::uint64_t{service} << 56) | (std::uint64_t{object} << 48) | (std::uint64_t{attribute} << 40) |
               (std::uint64_t{route.count} << 32) | (std::uint64_t{route.hops[0]} << 16) | route.hops[1];
    }
    static Asked unpacked(std::uint64_t what) {
        Asked asked;
        asked.service = static_cast<std::uint8_t>(what >> 56);
        asked.object = static_cast<std::uint8_t>(what >> 48);
        asked.attribute = static_cast<std::uint8_t>(what >> 40);
        asked.route.count = static_cast<std::uint8_t>(what >> 32);
        asked.route.hops[0] = static_cast<std::uint16_t>(what >> 16);
        asked.route.hops[1] = static_cast<std::uint16_t>(what);
        return asked;
    }
};

// CIP Volume 2, 2-3 (header): a known command, options 0, a status that exists, and a length and first words that fit the
// command (2-4).
bool plausible(const ByteCursor& message, std::size_t& size) {
    const std::uint16_t command = message.peek_le16();
    const std::uint16_t length = message.peek_le16(2);
    const std::uint16_t status = message.peek_le16(8);
    const std::uint32_t session = (std::uint32_t{message.peek_le16(6)} << 16) | message.peek_le16(4);
    size = header_size + length;
    const bool options = message.peek_le16(20) == 0 && message.peek_le16(22) == 0;
    const bool status_exists =
        message.peek_le16(10) == 0 && (status <= 3 || status == 0x64 || status == 0x65 || status == 0x69 || status == 0x6a);
    if (message.left() < header_size || !options || !status_exists) return false;
    const std::uint16_t items = message.peek_le16(header_size);
    switch (command) {
        case list_services:
        case list_interfaces:
            return length == 0 || (length >= 2 && items <= 16);
        case list_identity:
            return length == 0 ? session == 0 : items >= 1 && items <= 4 && message.peek_le16(header_size + 2) == 0x0c;
        case register_session:
            return length == 4 && items == 1 && message.peek_le16(header_size + 2) == 0;
        case unregister_session:
            return length == 0 && session != 0;
        case send_rr_data:
        case send_unit_data: {
            if (length == 0) return status != 0;
            // Interface handle 0 is CIP; then a time-out and at least an address and a data item.
            const std::uint16_t count = message.peek_le16(header_size + 6);
            const std::uint16_t address = message.peek_le16(header_size + 8);
            return length >= 16 && message.peek_le16(header_size) == 0 && message.peek_le16(header_size + 2) == 0 &&
                   count >= 2 && count <= 8 && (address == 0 || address == 0xa1) && session != 0;
        }
        default:
            return false;
    }
}

// Two items, a sequenced address of eight bytes and connected data that fills the datagram; also as icsnpp-enip and Wireshark
// read it.
bool is_cyclic(const ByteCursor& message) {
    return message.peek_le16() == 2 && message.peek_le16(2) == 0x8002 && message.peek_le16(4) == 8 &&
           message.peek_le16(14) == 0xb1 && message.left() == std::size_t{18} + message.peek_le16(16);
}

bool recognise(ByteCursor message, const Flow& flow) {
    if (flow.layer == Layer::Udp && is_cyclic(message)) return true;
    std::size_t size = 0;
    if (!plausible(message, size)) return false;
    return flow.layer == Layer::Udp ? message.left() == size : message.left() >= size;
}

std::string hexadecimal(std::uint32_t value) {
    char text[16];
    std::snprintf(text, sizeof text, "0x%08x", value);
    return text;
}

Claims at_route(const Claims& host, const Route& route, std::uint16_t port) {
    Claims part = host;
    for (std::size_t i = 0; i < route.count && i < route.hops.size(); ++i) {
        const unsigned via = route.hops[i] >> 8;
        const unsigned link = route.hops[i] & 0xffU;
        // Port 1 is the backplane, whose addresses are slots (CIP Volume 1, C-1.4.1).
        std::string step = "cip/" + std::to_string(port) + "/";
        step += via == 1 ? "slot-" : "port-" + std::to_string(via) + "-";
        part = part.part(step + std::to_string(link));
    }
    return part;
}

void claim_vendor(Claims& claims, std::uint16_t vendor, const Slice& witness, std::string_view what) {
    if (vendor != 0) claims.stated(Field::vendor_id, "cip:" + std::to_string(vendor), witness, what);
}

void claim_serial(Claims& claims, std::uint32_t serial, const Slice& witness, std::string_view what) {
    if (serial != 0 && serial != 0xffffffff) claims.stated(Field::serial, hexadecimal(serial), witness, what);
}

// The identity object (CIP Volume 1, 5-2), attributes 1 to 7 in order.
void identity(ByteCursor object, Claims& claims) {
    const ByteCursor begin = object;
    const std::uint16_t vendor = object.le16();
    const std::uint16_t type = object.le16();
    object.skip(2);
    const std::uint8_t major = object.u8();
    const std::uint8_t minor = object.u8();
    object.skip(2);
    const std::uint32_t serial = object.le32();
    const Slice fixed = object.since(begin);
    const Slice product = object.bytes(object.u8());
    if (!object.ok()) return;
    claim_vendor(claims, vendor, fixed, "identity");
    claims.stated(Field::device_type, "cip:" + std::to_string(type), fixed, "identity");
    claims.stated(Field::firmware, std::to_string(major) + "." + std::to_string(minor), fixed, "identity");
    claim_serial(claims, serial, fixed, "identity");
    claims.stated(Field::product, product, "identity");
    claims.stated(Field::model, product, "identity");
}

void identity_attribute(std::uint8_t attribute, ByteCursor value, Claims& claims) {
    const ByteCursor begin = value;
    switch (attribute) {
        case 1: {
            const std::uint16_t vendor = value.le16();
            claim_vendor(claims, vendor, value.since(begin), "identity");
            break;
        }
        case 2: {
            const std::uint16_t type = value.le16();
            if (value.ok()) claims.stated(Field::device_type, "cip:" + std::to_string(type), value.since(begin), "identity");
            break;
        }
        case 4: {
            const std::uint8_t major = value.u8();
            const std::uint8_t minor = value.u8();
            if (!value.ok()) break;
            claims.stated(Field::firmware, std::to_string(major) + "." + std::to_string(minor), value.since(begin), "identity");
            break;
        }
        case 6: {
            const std::uint32_t serial = value.le32();
            claim_serial(claims, serial, value.since(begin), "identity");
            break;
        }
        case 7: {
            const Slice product = value.bytes(value.u8());
            claims.stated(Field::product, product, "identity");
            claims.stated(Field::model, product, "identity");
            break;
        }
        default:
            break;
    }
}

// An encoded path (CIP Volume 1, appendix C): port segments make the route, logical segments name class and attribute.
void read_path(ByteCursor path, Asked& asked) {
    while (!path.done()) {
        const std::uint8_t segment = path.u8();
        if ((segment & 0xe0) == 0) {
            const std::uint8_t port = segment & 0x0f;
            if ((segment & 0x10) != 0 || port == 0 || port == 15) {
                // A long link address (an IP address as text), or a port number of 16 bits.
                asked.route.count = Route::untold;
                return;
            }
            const std::uint8_t link = path.u8();
            if (asked.route.count >= asked.route.hops.size()) {
                asked.route.count = Route::untold;
                return;
            }
            asked.route.hops[asked.route.count++] = static_cast<std::uint16_t>((port << 8) | link);
        } else if (segment == 0x34) {
            path.skip(9);  // electronic key: format length, vendor, type, code, revision
        } else if (segment == 0x20) {
            asked.object = path.u8();
        } else if (segment == 0x30) {
            asked.attribute = path.u8();
        } else if (segment == 0x24 || segment == 0x28 || segment == 0x2c) {
            path.skip(1);
        } else if (segment == 0x21 || segment == 0x25 || segment == 0x31) {
            path.skip(3);
        } else {
            return;  // symbols and data: nothing that is read here
        }
    }
}

// |service|path words|path|data|
struct Request {
    Asked asked;
    ByteCursor data;
};
Request read_request(ByteCursor cip) {
    Request request{{}, cip.take(0)};
    request.asked.service = cip.u8();
    ByteCursor path = cip.take(std::size_t{2} * cip.u8());
    // 1756 and others set 0 in the high half of the path size; a route inside a request path does not occur.
    read_path(path, request.asked);
    request.data = cip;
    return request;
}

struct Originator {
    std::uint16_t vendor = 0;
};

// Forward_Open (CIP Volume 1, 3-5.5.2), up to the connection path.
Originator read_forward_open(ByteCursor data, bool large, Asked& asked) {
    Originator originator;
    data.skip(12);
    originator.vendor = data.le16();
    data.skip(4);
    data.skip(4 + 4 + (large ? 4U : 2U) + 4 + (large ? 4U : 2U) + 1);
    Asked path;
    read_path(data.take(std::size_t{2} * data.u8()), path);
    asked.route = path.route;
    return originator;
}

void observe_request(ByteCursor cip, Asked& asked, const Route* connected, const Flow& flow, Claims& claims) {
    const Slice witness = ByteCursor(cip).rest();
    Request request = read_request(cip);
    if (!cip.ok()) return;
    if (request.asked.service == unconnected_send && request.asked.object == 6) {
        // |priority|ticks|size 2|request, padded|route words|reserved|route|
        request.data.skip(2);
        const std::uint16_t size = request.data.le16();
        const ByteCursor embedded = request.data.take(size);
        request.data.skip(size % 2);
        const std::size_t words = request.data.u8();
        request.data.skip(1);
        Asked route;
        read_path(request.data.take(2 * words), route);
        request = read_request(embedded);
        request.asked.route = route.route;
    } else if (connected != nullptr) {
        request.asked.route = *connected;
    }
    asked = request.asked;
    if (!cip.ok()) return;
    if (asked.object == 6 && (asked.service == forward_open || asked.service == large_forward_open)) {
        const Originator originator = read_forward_open(request.data, asked.service == large_forward_open, asked);
        if (!cip.ok()) return;
        Claims client = claims.about(flow.sender);
        claim_vendor(client, originator.vendor, witness, "originator");
        // Its serial number is not kept: programs on PCs make one up for each connection.
    }
    // CIP Volume 1, appendix A: 5 Reset, 6 Start, 7 Stop; on the identity object, or on 0x8E, which controls a Logix program.
    if (asked.service >= 5 && asked.service <= 7 && (asked.object == 1 || asked.object == 0x8e)) {
        constexpr std::string_view names[] = {"Reset", "Start", "Stop"};
        std::string what = "cip ";
        what.append(names[asked.service - 5]).append(" from ").append(flow.sender.ip.text());
        const Claims target = claims.about(flow.receiver);
        Claims reached = asked.route.count == Route::untold ? target : at_route(target, asked.route, flow.receiver.port);
        reached.stated(Field::remote_observed, what, witness, "control");
    }
}

void observe_reply(ByteCursor cip, const Asked& asked, const Flow& flow, Notes& notes, Claims& claims) {
    const std::uint8_t service = cip.u8() & 0x7f;
    cip.skip(1);
    const std::uint8_t status = cip.u8();
    cip.skip(std::size_t{2} * cip.u8());
    if (status != 0 || service != asked.service || !cip.ok()) return;
    if (service == forward_open || service == large_forward_open) {
        Connection& connection = notes.connections[notes.oldest];
        notes.oldest = static_cast<std::uint8_t>((notes.oldest + 1U) % notes.connections.size());
        connection = {cip.le32(), cip.le32(), asked.route, true};
        return;
    }
    if (asked.object != 1 || asked.route.count == Route::untold) return;
    Claims device = at_route(claims.about(flow.sender), asked.route, flow.sender.port);
    if (service == get_attributes_all) {
        identity(cip, device);
    } else if (service == get_attribute_single) {
        identity_attribute(asked.attribute, cip, device);
    }
}

// SendRRData and SendUnitData: |interface 4|time-out 2|items 2| items |type 2|length 2|...
void carried(ByteCursor data, std::uint32_t context, Flow& flow, Claims& claims) {
    Notes& notes = flow.state->notes<Notes>();
    data.skip(6);
    std::uint32_t connection_id = 0;
    for (int left = data.le16(); left > 0 && data.ok(); --left) {
        const std::uint16_t type = data.le16();
        ByteCursor item = data.take(data.le16());
        if (type == 0xa1) connection_id = item.le32();
        if (type != 0xb1 && type != 0xb2) continue;
        const bool connected = type == 0xb1;
        const std::uint16_t sequence = connected ? item.le16() : std::uint16_t{0};
        if (item.done()) return;
        const bool is_reply = (item.peek() & 0x80) != 0;
        const Connection* connection = nullptr;
        std::uint32_t key = context;
        if (connected) {
            for (std::size_t i = 0; i < notes.connections.size() && connection == nullptr; ++i) {
                const Connection& known = notes.connections[i];
                if (!known.used || (is_reply ? known.to_originator : known.to_target) != connection_id) continue;
                connection = &known;
                key = 0x80000000U | (static_cast<std::uint32_t>(i) << 16) | sequence;
            }
        }
        if (!is_reply) {
            Asked asked;
            observe_request(item, asked, connection == nullptr ? nullptr : &connection->route, flow, claims);
            // Where an unknown connection leads was told before this capture began.
            if (data.ok() && asked.service != 0 && (!connected || connection != nullptr)) flow.state->ask(key, asked.packed());
            return;
        }
        std::uint64_t what = 0;
        if ((!connected || connection != nullptr) && flow.state->answered(key, what)) {
            observe_reply(item, Asked::unpacked(what), flow, notes, claims);
        }
        return;
    }
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    const bool stream = flow.layer == Layer::Tcp;
    if (stream && message.left() < header_size) return need(header_size);
    if (!stream && is_cyclic(message)) {
        // Up to a thousand a second: one in 1024 is enough to know that it goes on.
        if (flow.state->notes<Notes>().cyclic[flow.from_opener ? 0 : 1]++ % 1024 == 0)
            claims.stated(Field::role, "cip cyclic producer", message.bytes(4), "cyclic");
        return done();
    }
    std::size_t size = 0;
    // NOP (0) carries anything and has no answer.
    const bool nop = message.peek_le16() == 0 && message.peek_le16(20) == 0 && message.peek_le16(22) == 0;
    if (!plausible(message, size) && !nop) return not_this();
    if (message.left() < size) return stream ? need(size) : not_this();
    Reading reading;
    const Slice whole_message = message.bytes(size);
    ByteCursor body = whole(whole_message, reading);
    const std::uint16_t command = body.le16();
    body.skip(2);
    const std::uint32_t session = body.le32();
    body.skip(4);
    // The context comes back with the answer; folded with the session it tells requests apart.
    std::uint32_t context = body.le32();
    context = (context * 31U) ^ body.le32() ^ (session << 7);
    context &= 0x7fffffffU;
    body.skip(4);
    if (command == list_identity && !body.done()) {
        for (int left = body.le16(); left > 0 && body.ok(); --left) {
            const std::uint16_t type = body.le16();
            ByteCursor item = body.take(body.le16());
            if (type != 0x0c) continue;
            item.skip(2 + 16);  // protocol version, socket address
            Claims device = claims.about(flow.sender);
            identity(item, device);
        }
    } else if ((command == send_rr_data || command == send_unit_data) && !body.done()) {
        carried(body, context, flow, claims);
    }
    return done(message);
}

constexpr ExampleMessage list[] = {
    {From::Client, "630000000000000000000000010203040506070800000000", {}},
    {From::Server,
     "63003b00000000000000000001020304050607080000000001000c00350001000002af12c00002140000000000000000"
     "1f030e00360003073000fecaad0b1345582d4c36312f4120436f6e74726f6c6c657203",
     {}}};
constexpr std::string_view list_claims[] = {
    "server vendor_id=cip:799", "server device_type=cip:14",          "server firmware=3.7",
    "server serial=0x0badcafe", "server product=EX-L61/A Controller", "server model=EX-L61/A Controller"};
constexpr ExampleMessage routed[] = {
    {From::Client, "65000400000000000000000001020304050607080000000001000000", {}},
    {From::Server, "65000400030201000000000001020304050607080000000001000000", {}},
    {From::Client,
     "6f0024000302010000000000010203040506070800000000000000000a00020000000000b20014005202200624010a0e"
     "060001022001240101000102",
     {}},
    {From::Server,
     "6f0036000302010000000000010203040506070800000000000000000a00020000000000b2002600810000001f030e00"
     "360003073000fecaad0b1345582d4c36312f4120436f6e74726f6c6c6572",
     {}}};
constexpr std::string_view routed_claims[] = {"server[cip/44818/slot-2] vendor_id=cip:799",
                                              "server[cip/44818/slot-2] device_type=cip:14",
                                              "server[cip/44818/slot-2] firmware=3.7",
                                              "server[cip/44818/slot-2] serial=0x0badcafe",
                                              "server[cip/44818/slot-2] product=EX-L61/A Controller",
                                              "server[cip/44818/slot-2] model=EX-L61/A Controller"};
// A connection to slot 0 is opened; the name of the module there is read over it, and its program stopped.
constexpr ExampleMessage over_connection[] = {
    {From::Client,
     "6f0040000302010000000000010203040506070800000000000000000a00020000000000b200300054022006240107f9"
     "000000002222111107001f03eeffc0000300000020a10700f44320a10700f443a303010020022401",
     {}},
    {From::Server,
     "6f002e000302010000000000010203040506070800000000000000000a00020000000000b2001e00d400000044443333"
     "2222111107001f03eeffc00020a1070020a107000000",
     {}},
    {From::Client,
     "70001e0003020100000000000102030405060708000000000000000000000200a100040044443333b1000a0001000e03"
     "200124013007",
     {}},
    {From::Server,
     "7000240003020100000000000102030405060708000000000000000000000200a100040022221111b100100001008e00"
     "00000945582d4c37302f4120",
     {}},
    {From::Client,
     "70001c0003020100000000000102030405060708000000000000000000000200a100040044443333b100080002000702"
     "208e2401",
     {}}};
constexpr std::string_view over_connection_claims[] = {"client vendor_id=cip:799", "server[cip/44818/slot-0] product=EX-L70/A",
                                                       "server[cip/44818/slot-0] model=EX-L70/A",
                                                       "server[cip/44818/slot-0] remote_observed=cip Stop from 192.0.2.10"};
constexpr ExampleMessage resets[] = {
    {From::Client, "6f0017000302010000000000010203040506070800000000000000000a00020000000000b200070005022001240100", {}}};
constexpr std::string_view resets_claims[] = {"server remote_observed=cip Reset from 192.0.2.10"};
constexpr ExampleMessage session[] = {
    {From::Client, "65000400000000000000000001020304050607080000000001000000", {}},
    {From::Server, "65000400030201000000000001020304050607080000000001000000", {}},
    {From::Client, "6f0016000302010000000000010203040506070800000000000000000a00020000000000b2000600010220012401", {}},
    {From::Server, "6f0014000302010000000000010203040506070800000000000000000a00020000000000b200040081000800", {}},
    {From::Client, "660000000302010000000000010203040506070800000000", {}}};
constexpr ExampleMessage cyclic[] = {{From::Client, "02000280080011111107010000 00 b1000600 010001000000", {}},
                                     {From::Server, "02000280080022222207010000 00 b1000400 0100a5a5", {}},
                                     {From::Server, "02000280080022222207020000 00 b1000400 0200a5a5", {}}};
constexpr std::string_view cyclic_claims[] = {"client role=cip cyclic producer", "server role=cip cyclic producer"};
constexpr Example examples[] = {
    {"a device answers ListIdentity", Layer::Udp, 44818, list, list_claims},
    {"the identity of the module in slot 2", Layer::Tcp, 44818, routed, routed_claims},
    {"an attribute and a stop over a connection", Layer::Tcp, 44818, over_connection, over_connection_claims},
    {"a reset of the device itself", Layer::Tcp, 44818, resets, resets_claims},
    {"cyclic data of a scanner and an adapter", Layer::Udp, 2222, cyclic, cyclic_claims},
    {"a session whose question is refused says nothing", Layer::Tcp, 44818, session, {}},
};
constexpr std::uint16_t ports[] = {44818, 2222};

}  // namespace

Decoder ethernet_ip() {
    Decoder decoder;
    decoder.name = "ethernet_ip";
    decoder.title = "EtherNet/IP (CIP)";
    decoder.spec = "The CIP Networks Library, Volume 1 (CIP) and Volume 2 (EtherNet/IP)";
    decoder.layers = Layer::Udp | Layer::Tcp;
    decoder.ports = ports;
    decoder.starts = Starts("04 00", "6? 00", "70 00", "02 00 02 80 08 00");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
