// POWERLINK: drives and inputs/outputs (B&R, now ABB, and others) in a cycle that a managing node leads. When a node joins it
// is asked who it is, and tells maker, kind, product, revision, serial number and name. No IP of its own network: the subject
// is the MAC.
//
//   |message type|to|from| ASnd: |01 ident response|flags 2|state|00|version|00|features 4|MTU 2|sizes 4|time 4|00 2|
//   type 4|maker 4|product 4|revision 4|serial 4|own 8|times 16|address 4|mask 4|gateway 4|name 32|own 48      little-endian
#include <string>

#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::uint8_t cycle_start = 1, poll = 3, poll_answer = 4, asynchronous_start = 5, asynchronous = 6,
                       managing_node = 240, broadcast = 255;

struct Notes {
    std::uint32_t seen;
};

// EPSG DS 301 clause 4.6.1.1: the types of message and which nodes may send them to whom.
bool plausible(const ByteCursor& message) {
    if (message.left() < 46 || message.left() > 1500) return false;
    const std::uint8_t to = message.peek(1);
    const std::uint8_t from = message.peek(2);
    switch (message.peek()) {
        case cycle_start:
        case asynchronous_start:
            return to == broadcast && from == managing_node;
        case poll:
            return to >= 1 && to < managing_node && from == managing_node && message.peek(3) == 0;
        case poll_answer:
            return to == broadcast && from >= 1 && from <= managing_node && (message.peek(4) & 0xc8) == 0;
        case asynchronous: {
            const std::uint8_t service = message.peek(3);
            return from >= 1 && from <= 254 && to >= 1 && (service <= 5 || service >= 0xa0);
        }
        default:
            return false;
    }
}

bool recognise(ByteCursor message, const Flow& flow) { return flow.ethertype == 0x88ab && plausible(message); }

// Clause 7.3.3.2.
void identified(ByteCursor message, Claims& node) {
    message.skip(3 + 1 + 2 + 4 + 4 + 2 + 4 + 4 + 2);
    ByteCursor begin = message;
    const std::uint32_t kind = message.le32();
    const Slice kind_slice = message.since(begin);
    begin = message;
    const std::uint32_t vendor = message.le32();
    const Slice vendor_slice = message.since(begin);
    begin = message;
    const std::uint32_t product = message.le32();
    const std::uint32_t revision = message.le32();
    const Slice product_slice = message.since(begin);
    begin = message;
    const std::uint32_t serial = message.le32();
    const Slice serial_slice = message.since(begin);
    message.skip(8 + 16 + 12);
    const Slice name = message.bytes(32);
    if (!message.ok()) return;
    if (vendor != 0 && vendor != 0xffffffff) {
        node.stated(Field::vendor_id, "powerlink:" + std::to_string(vendor), vendor_slice, "ident");
        node.stated(Field::device_type, "powerlink:" + std::to_string(vendor) + "/" + std::to_string(product), product_slice,
                    "ident");
    }
    if (revision != 0) node.stated(Field::hardware, std::to_string(revision), product_slice, "ident");
    if (serial != 0) node.stated(Field::serial, std::to_string(serial), serial_slice, "ident");
    node.stated(Field::hostname, name.text().substr(0, name.text().find('\0')), name, "ident");
    // The device profile: 401 inputs and outputs, 402 drives, 405 controllers (CiA's numbers).
    if ((kind & 0xffff) == 402) node.stated(Field::role, "powerlink drive", kind_slice, "ident");
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!plausible(message)) return not_this();
    Claims node = claims.about(flow.sender.station());
    const std::uint8_t type = message.peek();
    if (type == asynchronous) {
        // From a managed node, or the managing node about itself.
        if (message.peek(3) == 1) identified(message, node);
        return done();
    }
    // A cycle takes a millisecond or less: one in 1024 is enough to know that it goes on.
    if (flow.state->notes<Notes>().seen++ % 1024 != 0) return done();
    const Slice head = message.bytes(3);
    node.stated(Field::role,
                type == poll_answer && head.bytes[2] != managing_node ? "powerlink controlled node" : "powerlink managing node",
                head, "frame");
    return done();
}

constexpr ExampleMessage ident[] = {
    {From::Server,
     "06ff050100001c002000450000002c012400240000000000000092010000f002000007010000020001002a0f0000000000000000"
     "0000000000000000000000000000000000000564a8c000fffffffe64a8c065782d64726976652d35000000000000000000000000"
     "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "000000000000",
     {}},
};
constexpr std::string_view ident_claims[] = {"server vendor_id=powerlink:752", "server device_type=powerlink:752/263",
                                             "server hardware=65538",          "server serial=3882",
                                             "server hostname=ex-drive-5",     "server role=powerlink drive"};
constexpr ExampleMessage cycle[] = {
    {From::Client, "01fff000000000000000000000000000000000000000000000000000000000000000000000000000000000000000", {}},
};
constexpr std::string_view cycle_claims[] = {"client role=powerlink managing node"};
constexpr ExampleMessage empty[] = {
    {From::Client, "0605f003000000000000000000000000000000000000000000000000000000000000000000000000000000000000", {}},
};
constexpr Example examples[] = {
    {"a node says who it is", Layer::Link, 0x88ab, ident, ident_claims},
    {"the cycle shows the roles", Layer::Link, 0x88ab, cycle, cycle_claims},
    {"an empty asynchronous frame says nothing", Layer::Link, 0x88ab, empty, {}},
};
constexpr std::uint16_t ports[] = {0x88ab};

}  // namespace

Decoder powerlink() {
    Decoder decoder;
    decoder.name = "powerlink";
    decoder.title = "Ethernet POWERLINK";
    decoder.spec = "EPSG DS 301 V1.5 clauses 4.6 and 7.3.3";
    decoder.layers = only(Layer::Link);
    decoder.ports = ports;
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
