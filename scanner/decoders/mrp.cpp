// MRP: switches and controllers in a ring agree on where to cut it. Whoever tests the ring manages it; whoever tells of a
// broken link is a client of that ring.
//
//   |version 2| then |type 1|length 1|...|: 1 common: sequence 2, domain 16; 2 test: priority 2, address 6, port 2, ring 2,
//   ...; 4 and 5 link down and up: address 6, port 2, interval 2, blocked 2; 0 the end
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::uint16_t ethertype = 0x88e3;
enum Type : std::uint8_t { End = 0, Common = 1, Test = 2, LinkDown = 4, LinkUp = 5, Option = 0x7f };

struct Ring {
    bool manager = false;
    bool client = false;
    bool good = false;
};

// IEC 62439-2, MRP_PDU: version 1; blocks of which the first says what is meant, with the sizes of the figure there (the
// same in the Linux kernel's mrp_bridge.h), one of them common to all; an end. Blocks begin at multiples of four.
Ring read_ring(ByteCursor message, const Flow& flow) {
    Ring out;
    if (flow.ethertype != ethertype || message.be16() != 1) return out;
    bool common = false;
    std::size_t at = 2;
    for (unsigned blocks = 0; !message.done() && blocks < 8; ++blocks) {
        const std::uint8_t type = message.u8();
        const std::size_t length = message.u8();
        if (type == End) {
            out.good = message.ok() && common && length == 0 && blocks >= 2;
            return out;
        }
        const bool known = (type == Common && length == 18) || (type == Test && length == 18) ||
                           ((type == LinkDown || type == LinkUp) && length == 12) || type == 3 || (type >= 6 && type <= 10) ||
                           type == Option;
        if (!known || length == 0) return out;
        if (type == Common) common = true;
        if (type == Test) out.manager = true;
        if (type == LinkDown || type == LinkUp) out.client = true;
        message.skip(length);
        at += 2 + length;
        const std::size_t padding = (2 + 4 - at % 4) % 4;
        message.skip(padding);
        at += padding;
    }
    return out;
}

bool recognise(ByteCursor message, const Flow& flow) { return read_ring(message, flow).good; }

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    const Ring ring = read_ring(message, flow);
    if (!ring.good) return not_this();
    const Slice all = message.rest();
    Claims station = claims.about(flow.sender.station());
    if (ring.manager) station.stated(Field::role, "mrp ring manager", all, "test");
    if (ring.client) station.stated(Field::role, "mrp ring client", all, "link");
    return done();
}

constexpr ExampleMessage test[] = {
    {From::Client,
     "0001 | 02 12 8000 00005e00530a 0000 0001 0001 00000010 | 01 12 0007 ffffffffffffffffffffffffffffffff | 00 00",
     {}}};
constexpr std::string_view test_claims[] = {"client role=mrp ring manager"};
constexpr ExampleMessage broken[] = {
    {From::Server,
     "0001 | 04 0c 00005e005314 0001 0014 0001 0000 | 01 12 0008 ffffffffffffffffffffffffffffffff | 00 00 0000",
     {}}};
constexpr std::string_view broken_claims[] = {"server role=mrp ring client"};
constexpr ExampleMessage again[] = {test[0], test[0]};
constexpr Example examples[] = {
    {"the manager tests its ring", Layer::Link, ethertype, test, test_claims},
    {"a link broke", Layer::Link, ethertype, broken, broken_claims},
    {"the next test says nothing new", Layer::Link, ethertype, again, test_claims},
};
constexpr std::uint16_t ethertypes[] = {ethertype};

}  // namespace

Decoder mrp() {
    Decoder decoder;
    decoder.name = "mrp";
    decoder.title = "MRP (ring redundancy)";
    decoder.spec = "IEC 62439-2, MRP_PDU";
    decoder.layers = only(Layer::Link);
    decoder.ports = ethertypes;
    decoder.starts = Starts("00 01");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
