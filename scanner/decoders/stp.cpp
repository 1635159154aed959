// Spanning tree: who sends it is a bridge, and says which address it has as one: all its ports say the same, and the first
// three bytes are its maker's more often than those of a port are.
//
//   |LLC 42 42 03| or |AA AA 03|00000C|010B|, then |0000|version|type|flags|root 8|cost 4|bridge: priority 2, MAC 6|port 2|...
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

// IEEE 802.1D-2004 9.3 and 802.1Q-2018 14.4: the LLC of bridges (or Cisco's per-VLAN SNAP), protocol 0, version 0, 2 or 3, type
// 0, 2 or 80 (a change of topology is only that).
bool skip_to_message(ByteCursor& message) {
    const std::uint32_t llc = message.be24();
    if (llc == 0x424203) return true;
    return llc == 0xaaaa03 && message.be24() == 0x00000c && message.be16() == 0x010b;
}

bool recognise(ByteCursor message, const Flow& flow) {
    if (flow.ethertype != 0 || !skip_to_message(message)) return false;
    const std::uint16_t protocol = message.be16();
    const std::uint8_t version = message.u8();
    const std::uint8_t type = message.u8();
    if (protocol != 0 || !message.ok()) return false;
    if (type == 0x80) return version == 0;
    return (type == 0 && version == 0) || (type == 2 && (version == 2 || version == 3));
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    skip_to_message(message);
    message.skip(3);
    Claims bridge = claims.about(flow.sender.station());
    const Slice type = message.bytes(1);
    if (!type.empty()) bridge.stated(Field::role, "bridge", type, "bpdu");
    if (type.empty() || type.bytes[0] == 0x80) return done();
    message.skip(1 + 8 + 4 + 2);
    const Slice raw = message.bytes(6);
    if (raw.size() != 6) return done();
    Mac mac;
    for (std::size_t i = 0; i < 6; ++i) mac.bytes[i] = raw.bytes[i];
    if (mac.known() && !mac.group() && !mac.locally_administered()) {
        bridge.stated(Field::unique_id, "bridge:" + mac.text(), raw, "bridge_id");
    }
    return done();
}

constexpr ExampleMessage rapid[] = {
    {From::Client,
     "424203 0000 02 02 3c 8000 00005e005301 00000004 8001 00005e005302 8007 0100 1400 0200 0f00 00 00000000000000",
     {}}};
constexpr std::string_view rapid_claims[] = {"client role=bridge", "client unique_id=bridge:00:00:5e:00:53:02"};
constexpr ExampleMessage change[] = {{From::Client, "424203 0000 00 80", {}}};
constexpr std::string_view change_claims[] = {"client role=bridge"};
constexpr ExampleMessage made_up[] = {
    {From::Client,
     "aaaa03 00000c 010b 0000 00 00 00 8000 020000000001 00000000 8001 020000000001 8001 0000 1400 0200 0f00",
     {}}};
constexpr ExampleMessage again[] = {change[0], change[0]};
constexpr Example examples[] = {
    {"rapid spanning tree", Layer::Link, 0, rapid, rapid_claims},
    {"a change of topology", Layer::Link, 0, change, change_claims},
    {"a made-up address names no maker", Layer::Link, 0, made_up, change_claims},
    {"a change is told until somebody acknowledges it", Layer::Link, 0, again, change_claims},
};
constexpr std::uint16_t ethertypes[] = {0};

}  // namespace

Decoder stp() {
    Decoder decoder;
    decoder.name = "stp";
    decoder.title = "Spanning tree (STP, RSTP, MSTP, PVST+)";
    decoder.spec = "IEEE 802.1D-2004 clause 9; IEEE 802.1Q-2018 clause 14";
    decoder.layers = only(Layer::Link);
    decoder.ports = ethertypes;
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
