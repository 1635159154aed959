// PPTP: the oldest tunnel for remote access (TCP 1723, its data in GRE), long broken and still found in routers of plants. Both
// ends name themselves and who wrote their software. Numbers that are called are not kept.
//
//   |length 2|1 2|1a2b3c4d|type 2|0 2|version 2|...|framing 4|bearer 4|channels 2|firmware 2|host name 64|vendor 64|
#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t start_size = 156;

// RFC 2637 sections 2.1 and 2.2: a request or reply that starts the control connection is 156 bytes, a control message with the
// magic cookie, and of version 1.0.
bool recognise(ByteCursor message, const Flow&) {
    if (message.be16() != start_size || message.be16() != 1 || message.be32() != 0x1a2b3c4d) return false;
    const std::uint16_t type = message.be16();
    return (type == 1 || type == 2) && message.be16() == 0 && message.be16() == 0x0100;
}

// Zeros fill it up; some leave what stood there before.
Slice name_in(const Slice& field) {
    const std::size_t end = field.text().find('\0');
    return {field.bytes.first(end == std::string_view::npos ? field.size() : end), field.offset};
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    const std::size_t length = message.peek_be16();
    if (message.left() < 10) return need(10);
    if (length < 12 || length > 220 || message.peek_be16(2) != 1 || message.peek_be16(4) != 0x1a2b ||
        message.peek_be16(6) != 0x3c4d)
        return not_this();
    if (message.left() < length) return need(length);
    if (!recognise(message, flow)) return done(length);  // calls, echoes
    message.skip(28);
    const Slice host = name_in(message.bytes(64));
    const Slice vendor = name_in(message.bytes(64));
    if (printable_ascii(host.text())) claims.stated(Field::hostname, host, "host_name");
    if (printable_ascii(vendor.text())) claims.stated(Field::vendor_class, vendor, "vendor_name");
    return done(length);
}

constexpr std::string_view start_request =
    "009c00011a2b3c4d0001000001000000000000030000000300000001676174657761790000000000000000000000000000000000000000000000"
    "000000000000000000000000000000000000000000000000000000000000000000004578616d706c650000000000000000000000000000000000"
    "00000000000000000000000000000000000000000000000000000000000000000000000000000000";
constexpr std::string_view start_reply =
    "009c00011a2b3c4d0002000001000100000000030000000300000001000000000000000000000000000000000000000000000000000000000000"
    "000000000000000000000000000000000000000000000000000000000000000000004578616d706c65204f530000000000000000000000000000"
    "00000000000000000000000000000000000000000000000000000000000000000000000000000000";
constexpr ExampleMessage opening[] = {{From::Client, start_request, {}},
                                      {From::Server, start_reply, {}},
                                      {From::Client, "0010 0001 1a2b3c4d 0005 0000 00000001", {}}};
constexpr std::string_view opening_claims[] = {"client hostname=gateway", "client vendor_class=Example",
                                               "server vendor_class=Example OS"};
constexpr ExampleMessage echoes[] = {{From::Client, start_request, {}},
                                     {From::Client, "0010 0001 1a2b3c4d 0005 0000 00000001", {}},
                                     {From::Server, "0014 0001 1a2b3c4d 0006 0000 00000001 01000000", {}}};
constexpr std::string_view echoes_claims[] = {"client hostname=gateway", "client vendor_class=Example"};
constexpr Example examples[] = {{"a connection is opened and kept", Layer::Tcp, 1723, opening, opening_claims},
                                {"echoes name nobody", Layer::Tcp, 1723, echoes, echoes_claims}};
constexpr std::uint16_t ports[] = {1723};

}  // namespace

Decoder pptp() {
    Decoder decoder;
    decoder.name = "pptp";
    decoder.title = "PPTP";
    decoder.spec = "RFC 2637";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("00 9c 00 01 1a 2b 3c 4d");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
