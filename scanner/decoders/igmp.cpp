// IGMP and MLD: who asks the link which groups are wanted is a router, or a switch that takes its place. Who wants what is not
// kept.
//
//   IGMP |type|code|checksum 2|group 4|...; MLD (ICMPv6) |type|0|checksum 2|delay 2|0 2|group 16|...
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::uint8_t igmp_protocol = 2;
constexpr std::uint8_t icmpv6_protocol = 58;

// RFC 3376 section 4, RFC 2236 section 2: queries 11, reports 12, 16, 22, leaving 17, in their sizes, about a group or none.
bool is_igmp(ByteCursor message) {
    const std::size_t size = message.left();
    const std::uint8_t type = message.u8();
    message.skip(3);
    const std::uint8_t group = message.peek();
    const bool about_group = group >= 224 && group <= 239;
    if (type == 0x11) return (size == 8 || size >= 12) && (about_group || message.be32() == 0);
    if (type == 0x12 || type == 0x16 || type == 0x17) return size == 8 && about_group;
    if (type != 0x22 || size < 8) return false;
    return message.be16() == 0;
}

// RFC 2710 section 3, RFC 3810 section 5: queries 130, reports 131 and 143, leaving 132, code 0, a group or none.
bool is_mld(ByteCursor message) {
    const std::size_t size = message.left();
    const std::uint8_t type = message.u8();
    if (message.u8() != 0 || size < 8) return false;
    message.skip(2);
    if (type == 143) return message.be16() == 0 && message.ok();
    message.skip(4);
    const bool about_group = message.peek() == 0xff;
    const bool about_all = message.be64() == 0 && message.be64() == 0;
    if (type == 130) return (size == 24 || size >= 28) && (about_group || about_all);
    return (type == 131 || type == 132) && size == 24 && about_group;
}

// RFC 3376 section 4 and RFC 3810 section 5
bool recognise(ByteCursor message, const Flow& flow) {
    return (flow.protocol == igmp_protocol && is_igmp(message)) || (flow.protocol == icmpv6_protocol && is_mld(message));
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    const Slice type = message.bytes(1);
    // Switches without an address ask from 0.0.0.0: then nobody is named.
    const bool query = type.bytes[0] == (flow.protocol == igmp_protocol ? 0x11 : 130);
    if (query && flow.sender.ip.known() && !flow.sender.ip.unspecified()) {
        claims.stated(Field::role, "multicast querier", type, "query");
    }
    return done();
}

constexpr ExampleMessage query[] = {{From::Server, "11 64 ee9b 00000000 | 02 7d 0000", {}}};
constexpr std::string_view query_claims[] = {"server role=multicast querier"};
constexpr ExampleMessage listener_query[] = {{From::Server, "82 00 0000 03e8 0000 00000000000000000000000000000000", {}}};
constexpr ExampleMessage report[] = {{From::Client, "16 00 0000 efc0ffee", {}}};
constexpr Example examples[] = {
    {"a querier", Layer::Ip, 2, query, query_claims},
    {"a querier of IPv6", Layer::Ip, 58, listener_query, query_claims},
    {"what somebody listens to is not kept", Layer::Ip, 2, report, {}},
};
constexpr std::uint16_t protocols[] = {2, 58};

}  // namespace

Decoder igmp() {
    Decoder decoder;
    decoder.name = "igmp";
    decoder.title = "IGMP, MLD";
    decoder.spec = "RFC 2236; RFC 3376; RFC 2710; RFC 3810";
    decoder.layers = only(Layer::Ip);
    decoder.ports = protocols;
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
