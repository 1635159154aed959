// HSR and PRP: devices of a substation that are on two networks at once say every few seconds that they are alive, with the
// address by which both networks know them. A box that connects others to both says so.
//
//   |path 4 bits, version 12|sequence 2| then |type 1|length 1|...|: 20, 21 PRP, 22, 23 HSR: address 6; 30 the box's address
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::uint16_t ethertype = 0x88fb;

struct Life {
    bool hsr = false;
    Slice box;
    bool good = false;
};

// IEC 62439-3, PRP_Supervision and HSR_Supervision frames, as the Linux kernel and Wireshark read them: version 1, a known kind
// of node with its address (the frame's own one or, of HSR, that of a node behind a box), then a box or the end.
Life read_life(ByteCursor message, const Flow& flow) {
    Life out;
    if (flow.ethertype != ethertype || (message.be16() & 0x0fff) != 1) return out;
    message.skip(2);
    const std::uint8_t kind = message.u8();
    const std::uint8_t length = message.u8();
    const Slice node = message.bytes(6);
    if (!message.ok() || kind < 20 || kind > 23 || length != 6) return out;
    if ((node.bytes[0] & 1) != 0 || node.text().find_first_not_of('\0') == std::string_view::npos) return out;
    out.hsr = kind >= 22;
    if (message.peek() == 30) {
        message.skip(1);
        if (message.u8() != 6) return out;
        out.box = message.bytes(6);
    }
    const std::uint8_t end = message.u8();
    out.good = message.ok() && end == 0 && message.u8() == 0 && message.ok();
    return out;
}

bool recognise(ByteCursor message, const Flow& flow) { return read_life(message, flow).good; }

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    const Life life = read_life(message, flow);
    if (!life.good) return not_this();
    const Slice all = message.rest();
    Claims station = claims.about(flow.sender.station());
    if (!life.box.empty()) {
        station.stated(Field::role, life.hsr ? "hsr redundancy box" : "prp redundancy box", life.box, "supervision");
    } else {
        station.stated(Field::role, life.hsr ? "hsr node" : "prp node", all, "supervision");
    }
    return done();
}

constexpr ExampleMessage node[] = {{From::Client, "0001 0007 | 14 06 00005e00530a | 00 00 | 0000000000000000", {}}};
constexpr std::string_view node_claims[] = {"client role=prp node"};
constexpr ExampleMessage box[] = {{From::Server, "1001 0008 | 17 06 00005e005301 | 1e 06 00005e005314 | 00 00", {}}};
constexpr std::string_view box_claims[] = {"server role=hsr redundancy box"};
constexpr ExampleMessage again[] = {node[0], node[0]};
constexpr Example examples[] = {
    {"a node on two networks", Layer::Link, ethertype, node, node_claims},
    {"a box that speaks for a node behind it", Layer::Link, ethertype, box, box_claims},
    {"and two seconds later", Layer::Link, ethertype, again, node_claims},
};
constexpr std::uint16_t ethertypes[] = {ethertype};

}  // namespace

Decoder hsr_prp() {
    Decoder decoder;
    decoder.name = "hsr_prp";
    decoder.title = "HSR, PRP supervision";
    decoder.spec = "IEC 62439-3, PRP_Supervision and HSR_Supervision frames";
    decoder.layers = only(Layer::Link);
    decoder.ports = ethertypes;
    decoder.starts = Starts("?0 01");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
