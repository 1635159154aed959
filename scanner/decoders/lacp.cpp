// LACP: a machine that bundles several links says on each of them the same address of its system: these MACs are one device.
//
//   |subtype 1|version 1|01|14|priority 2|system 6|key 2|port priority 2|port 2|state|0 3|02|14|partner ...|03|10|...|
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

// IEEE 802.1AX-2014 6.4.2.3: slow protocol of subtype 1 and version 1, actor of 20 bytes first, partner of 20 bytes behind it.
bool recognise(ByteCursor message, const Flow& flow) {
    if (flow.ethertype != 0x8809 || message.be16() != 0x0101 || message.be16() != 0x0114) return false;
    message.skip(18);
    return message.be16() == 0x0214;
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    message.skip(6);
    const Slice raw = message.bytes(6);
    if (raw.size() != 6) return done();
    Mac mac;
    for (std::size_t i = 0; i < 6; ++i) mac.bytes[i] = raw.bytes[i];
    if (!mac.known() || mac.group() || mac.locally_administered()) return done();
    claims.about(flow.sender.station()).stated(Field::unique_id, "lacp-system:" + mac.text(), raw, "actor_system");
    return done();
}

constexpr ExampleMessage bundle[] = {
    {From::Client,
     "01 01 | 01 14 8000 00005e005301 0007 8000 0001 3d 000000 | 02 14 8000 00005e005302 0007 8000 0002 3d 000000 "
     "| 03 10 0000 000000000000000000000000 | 00 00",
     {}}};
constexpr std::string_view bundle_claims[] = {"client unique_id=lacp-system:00:00:5e:00:53:01"};
constexpr ExampleMessage alone[] = {
    {From::Client,
     "01 01 | 01 14 ffff 000000000000 0001 00ff 0001 07 000000 | 02 14 ffff 000000000000 0001 00ff 0001 00 000000",
     {}}};
constexpr Example examples[] = {
    {"a switch that bundles links", Layer::Link, 0x8809, bundle, bundle_claims},
    {"a system without an address", Layer::Link, 0x8809, alone, {}},
};
constexpr std::uint16_t ethertypes[] = {0x8809};

}  // namespace

Decoder lacp() {
    Decoder decoder;
    decoder.name = "lacp";
    decoder.title = "LACP";
    decoder.spec = "IEEE 802.1AX-2014 clause 6.4";
    decoder.layers = only(Layer::Link);
    decoder.ports = ethertypes;
    decoder.starts = Starts("01 01 01 14");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
