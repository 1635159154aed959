// L2TP: a tunnel for whole links (UDP 1701), made by routers and by remote access of older machines, mostly within IPsec. Both
// ends name themselves and who wrote their software; users, numbers and what goes through the tunnel are not kept.
//
//   |flags, version 2|length 2|tunnel 2|session 2|sent 2|expected 2| then |flags, length 2|vendor 2|attribute 2|value|...
//   version 3: |connection 4| in place of tunnel and session
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t header_size = 12;

enum Attribute : std::uint16_t { HostName = 7, VendorName = 8 };

bool is_control(std::uint16_t flags) { return flags == 0xc802 || flags == 0xc803; }

// RFC 2661 section 3.1, RFC 3931 sections 3.2.1 and 4.1.2.1: flags of a control message, version 2 or 3, the length of the
// whole; section 4.1: attributes that fill it, of which the first is the mandatory type of the message (section 4.4.1).
bool recognise(ByteCursor message, const Flow&) {
    const std::size_t size = message.left();
    if (!is_control(message.be16()) || message.be16() != size) return false;
    message.skip(header_size - 4);
    if (message.be16() != 0x8008 || message.be32() != 0) return false;
    const std::uint16_t type = message.be16();
    if (type == 0 || type > 28) return false;
    while (!message.done()) {
        const std::uint16_t head = message.be16();
        const std::size_t length = head & 0x3ffU;
        if ((head & 0x3c00) != 0 || length < 6) return false;
        message.skip(length - 2);
    }
    return message.ok();
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    // What runs within (section 3.1: no type bit; version 3: a session), and an empty acknowledgement.
    const std::uint16_t flags = message.peek_be16();
    const bool data = (flags & 0x8000) == 0 && ((flags & 15) == 2 || (flags & 15) == 3);
    if (data || (is_control(flags) && message.left() == header_size)) return done();
    if (!recognise(message, flow)) return not_this();
    message.skip(header_size + 8);
    while (!message.done()) {
        const std::uint16_t head = message.be16();
        const std::uint16_t vendor = message.be16();
        const std::uint16_t attribute = message.be16();
        const Slice value = message.bytes((head & 0x3ffU) - 6);
        const bool hidden = (head & 0x4000) != 0;
        if (hidden || vendor != 0) continue;
        // Section 4.4.3.
        if (attribute == HostName) claims.stated(Field::hostname, value, "host_name");
        if (attribute == VendorName) claims.stated(Field::vendor_class, value, "vendor_name");
    }
    return done();
}

constexpr ExampleMessage opening[] = {
    {From::Client,
     "c802 0043 0000 0000 0000 0000 | 8008 0000 0000 0001 | 8008 0000 0002 0100 | 800a 0000 0003 00000003 "
     "| 800d 0000 0007 67617465776179 | 0010 0000 0008 4578616d706c65204f53",
     {}},
    {From::Server, "c802 000c 0001 0000 0000 0001", {}},
    {From::Client, "4002 000c 0001 0001 ff03 c021", {}}};
constexpr std::string_view opening_claims[] = {"client hostname=gateway", "client vendor_class=Example OS"};
constexpr ExampleMessage hello[] = {{From::Server, "c803 0014 00000007 0003 0004 | 8008 0000 0000 0006", {}}};
constexpr Example examples[] = {
    {"a gateway opens a tunnel", Layer::Udp, 1701, opening, opening_claims},
    {"a sign of life in version 3", Layer::Udp, 1701, hello, {}},
};
constexpr std::uint16_t ports[] = {1701};

}  // namespace

Decoder l2tp() {
    Decoder decoder;
    decoder.name = "l2tp";
    decoder.title = "L2TP";
    decoder.spec = "RFC 2661; RFC 3931";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("c8 02", "c8 03");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
