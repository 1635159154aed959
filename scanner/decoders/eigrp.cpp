// EIGRP: routers of Cisco, and of others since it was published, greet their neighbours (IP protocol 88). It names nobody; who
// speaks it routes.
//
//   |version 2|operation 1|check 2|flags 4|sequence 4|acknowledged 4|router 2|system 2| then |type 2|length 2|...|
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::uint8_t protocol_number = 88;
constexpr std::size_t header_size = 20;

// RFC 1071.
bool checks(Bytes bytes) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) sum += static_cast<std::uint32_t>(bytes[i]) << (i % 2 == 0 ? 8 : 0);
    while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
    return sum == 0xffff;
}

// RFC 7868 sections 6.5 and 6.6: version 2, an operation, a check over all of it, and fields that fill it.
bool recognise(ByteCursor message, const Flow& flow) {
    if (flow.protocol != protocol_number || message.left() < header_size) return false;
    const Slice all = ByteCursor(message).rest();
    const std::uint8_t version = message.u8();
    const std::uint8_t operation = message.u8();
    if (version != 2 || operation == 0 || operation > 11 || !checks(all.bytes)) return false;
    message.skip(header_size - 2);
    while (!message.done()) {
        message.skip(2);
        const std::size_t length = message.be16();
        if (length < 4) return false;
        message.skip(length - 4);
    }
    return message.ok();
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    claims.stated(Field::role, "router", message.bytes(2), "packet");
    return done();
}

constexpr ExampleMessage hello[] = {
    {From::Client,
     "02 05 ee68 00000000 00000000 00000000 0000 0064 | 0001 000c 01 00 01 00 00 00 000f | 0004 0008 0c 04 01 02",
     {}}};
constexpr std::string_view hello_claims[] = {"client role=router"};
constexpr ExampleMessage acknowledged[] = {{From::Server, "02 05 fd95 00000000 00000000 00000001 0000 0064", {}}};
constexpr std::string_view acknowledged_claims[] = {"server role=router"};
constexpr ExampleMessage again[] = {hello[0], hello[0]};
constexpr Example examples[] = {
    {"a router greets", Layer::Ip, protocol_number, hello, hello_claims},
    {"and is acknowledged", Layer::Ip, protocol_number, acknowledged, acknowledged_claims},
    {"the next greeting says nothing new", Layer::Ip, protocol_number, again, hello_claims},
};
constexpr std::uint16_t protocols[] = {protocol_number};

}  // namespace

Decoder eigrp() {
    Decoder decoder;
    decoder.name = "eigrp";
    decoder.title = "EIGRP";
    decoder.spec = "RFC 7868 sections 6.5 and 6.6";
    decoder.layers = only(Layer::Ip);
    decoder.ports = protocols;
    decoder.starts = Starts("02 0?");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
