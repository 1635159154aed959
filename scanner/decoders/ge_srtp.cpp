// SRTP: GE's (now Emerson's) PACSystems, Series 90 and VersaMax controllers. Nothing is authenticated; a request for the
// controller's type is answered with the name it was given. Stop, run and downloads show who controls it.
//
//   |type 02, 03|00|number|00|text length 2| ... |number at 30|message type at 31|mailboxes 8|packet 1|of 1|service at 42| ...
//   56 bytes, then the text; both sides begin with 56 bytes: zeros, answered by 01 and a 0F at 8.   little-endian
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t header_size = 56;

// "Leveraging the SRTP protocol for over-the-network memory acquisition of a GE Fanuc Series 90-30" (DFRWS 2017), tables 1 to
// 4; ICSNPP-GE-SRTP: type, the message types, one packet of one (zeros in some answers).
bool plausible(const ByteCursor& message, std::size_t& size) {
    if (message.left() < header_size) return false;
    const std::uint8_t type = message.peek();
    const std::uint8_t kind = message.peek(31);
    size = header_size + message.peek_le16(4);
    if ((type != 2 && type != 3) || message.peek(1) != 0 || message.peek(3) != 0 || size > header_size + 4096) return false;
    const bool request = kind == 0xc0 || kind == 0x80;
    const bool answer = kind == 0xd4 || kind == 0x94 || kind == 0xd1;
    if (type == 2 ? !request : !answer) return false;
    if (type == 2 && (message.peek(2) != message.peek(30) || message.peek(17) != 1)) return false;
    return message.peek(40) == 1 && message.peek(41) == 1;
}

bool is_opening(const ByteCursor& message) {
    if (message.left() < header_size || message.peek() > 1) return false;
    const bool answer = message.peek() == 1;
    for (std::size_t i = 1; i < header_size; ++i) {
        const std::uint8_t expected = answer && i == 8 ? 0x0f : 0;
        if (message.peek(i) != expected) return false;
    }
    return true;
}

// Zeros alone decide nothing.
bool recognise(ByteCursor message, const Flow&) {
    std::size_t size = 0;
    if (is_opening(message)) {
        if (message.peek() == 1) return true;
        message.skip(header_size);
    }
    return plausible(message, size);
}

std::string_view control_named(std::uint8_t service) {
    switch (service) {
        case 0x09:
            return "write program block";
        case 0x23:
            return "set run/stop";
        case 0x40:
            return "program download";
        case 0x44:
            return "force memory";
        default:
            return {};
    }
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (message.left() < header_size) return need(header_size);
    if (is_opening(message)) return done(header_size);
    std::size_t size = 0;
    if (!plausible(message, size)) return not_this();
    if (message.left() < size) return need(size);
    const Slice raw = message.bytes(size);
    const std::uint8_t number = raw.bytes[2];
    if (raw.bytes[0] == 2) {
        const std::uint8_t service = raw.bytes[raw.bytes[31] == 0x80 ? 50 : 42];
        flow.state->ask(number, service);
        const std::string_view what = control_named(service);
        if (!what.empty()) {
            claims.about(flow.receiver)
                .stated(Field::remote_observed, "ge_srtp " + std::string(what) + " from " + flow.sender.ip.text(), raw,
                        "service");
        }
        return done(message);
    }
    std::uint64_t asked = 0;
    if (!flow.state->answered(number, asked) || asked != 0x43 || raw.bytes[31] != 0x94 || size < header_size + 20) {
        return done(message);
    }
    // Return Controller Type, text: the service at 8, the name at 12.
    Reading reading;
    ByteCursor text = whole(Slice{raw.bytes.subspan(header_size), raw.offset + header_size}, reading);
    if (text.peek(8) != 0x43) return done(message);
    text.skip(12);
    const Slice name = text.bytes(8);
    const std::string_view plain = name.text().substr(0, name.text().find('\0'));
    if (printable_ascii(plain)) claims.about(flow.sender).stated(Field::station_name, plain, name, "controller_name");
    return done(message);
}

constexpr ExampleMessage naming[] = {
    {From::Client,
     "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "00000000",
     {}},
    {From::Server,
     "01000000000000000f00000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "00000000",
     {}},
    {From::Client,
     "02000600000000000001000000000000000100000000000000000000000006c000000000100e0000010143000000000000000000"
     "00000000",
     {}},
    {From::Server,
     "030006002800000000010000000000000001000000000000000000000000069400000000100e0000010100000000000000000000"
     "000000000000000000000000430100004558504c433100000000000000000000000000000000000000000000",
     {}},
    {From::Client,
     "02000700000000000001000000000000000100000000000000000000000007c000000000100e0000010123000000000000000000"
     "00000000",
     {}},
};
constexpr std::string_view naming_claims[] = {"server station_name=EXPLC1",
                                              "server remote_observed=ge_srtp set run/stop from 192.0.2.10"};
constexpr ExampleMessage status[] = {
    {From::Client,
     "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "00000000",
     {}},
    {From::Client,
     "02000100000000000001000000000000000100000000000000000000000001c000000000100e0000010100000000000000000000"
     "00000000",
     {}},
};
constexpr Example examples[] = {
    {"the controller names itself and is stopped", Layer::Tcp, 18245, naming, naming_claims},
    {"a short status says nothing", Layer::Tcp, 18245, status, {}},
};
constexpr std::uint16_t ports[] = {18245, 18246};

}  // namespace

Decoder ge_srtp() {
    Decoder decoder;
    decoder.name = "ge_srtp";
    decoder.title = "GE SRTP";
    decoder.spec = "DFRWS 2017, Leveraging the SRTP protocol (Denton et al.), tables 1-4";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("00 00 00 00 00 00 00 00", "01 00 00 00 00 00 00 00", "02 00 ?? 00", "03 00 ?? 00");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
