// PCOM: Unitronics' controllers with a panel (Vision, Samba, UniStream), widespread in small water works. Asked for its
// identification the controller tells model and versions; reset, stop and run are commands of the same protocol. There was no
// password before 2023.
//
//   |number 2|65 text, 66 binary|00|length 2|  text: "/" unit 2 command ... check 2 CR      answer: "/A" unit 2 command ...
#include <string>

#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t header_size = 6;

bool is_hex(std::uint8_t c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f'); }
unsigned value_of(std::uint8_t c) { return c <= '9' ? c - '0' : (c | 0x20U) - 'a' + 10; }

// PCOM protocol (Unitronics, 2014) clause 2: mode 101 or 102, reserved 0, little-endian length; text starts with a stroke and
// ends with the sum of what is between, in two digits, and CR; binary starts with "/_OPLC".
bool plausible(const ByteCursor& message, std::size_t& size) {
    if (message.left() < header_size + 1) return false;
    const std::uint8_t mode = message.peek(2);
    size = header_size + message.peek_le16(4);
    return (mode == 0x65 || mode == 0x66) && message.peek(3) == 0 && size >= header_size + 8 && size <= header_size + 1100 &&
           message.peek(header_size) == '/';
}

bool check_fits(ByteCursor message, std::size_t size) {
    if (message.left() < size) return false;
    if (message.peek(2) == 0x66) {
        message.skip(header_size);
        return message.starts_with("/_OPLC");
    }
    // The answer's A counts neither.
    const std::size_t begin = header_size + (message.peek(header_size + 1) == 'A' ? 2 : 1);
    unsigned sum = 0;
    for (std::size_t i = begin; i + 3 < size; ++i) sum += message.peek(i);
    const std::uint8_t high = message.peek(size - 3);
    const std::uint8_t low = message.peek(size - 2);
    return message.peek(size - 1) == '\r' && is_hex(high) && is_hex(low) && (sum & 0xff) == value_of(high) * 16 + value_of(low);
}

bool recognise(ByteCursor message, const Flow&) {
    std::size_t size = 0;
    return plausible(message, size) && check_fits(message, size);
}

std::string_view control_named(std::string_view command) {
    if (command == "CCR") return "run";
    if (command == "CCS") return "stop";
    if (command == "CCE") return "reset";
    if (command == "CCI") return "initialise";
    return {};
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (message.left() < header_size + 1) return need(header_size + 1);
    std::size_t size = 0;
    if (!plausible(message, size)) return not_this();
    if (message.left() < size) return need(size);
    if (!check_fits(message, size)) return not_this();
    const Slice raw = message.bytes(size);
    if (raw.bytes[2] != 0x65) return done(message);
    const Slice text{raw.bytes.subspan(header_size), raw.offset + header_size};
    const std::string_view words = text.text();
    if (words[1] != 'A') {
        const std::string_view what = control_named(words.substr(3, 3));
        if (!what.empty()) {
            claims.about(flow.receiver)
                .stated(Field::remote_observed, "pcom " + std::string(what) + " from " + flow.sender.ip.text(), raw, "command");
        }
        return done(message);
    }
    // "/A00ID" model 6, hardware 1, version 3, 3 and 2, check 2, CR.
    if (words.size() < 24 || words.substr(4, 2) != "ID") return done(message);
    for (std::size_t i = 6; i < 21; ++i) {
        if (text.bytes[i] < 0x20 || text.bytes[i] > 0x7e) return done(message);
    }
    const auto part = [&](std::size_t at, std::size_t length) {
        return Slice{text.bytes.subspan(at, length), text.offset + at};
    };
    claims.stated(Field::model, part(6, 6), "model");
    claims.stated(Field::hardware, part(12, 1), "hardware");
    std::string version(words.substr(13, 3));
    version.append(".").append(words.substr(16, 3)).append(".").append(words.substr(19, 2));
    claims.stated(Field::firmware, version, part(13, 8), "os_version");
    return done(message);
}

constexpr ExampleMessage told[] = {
    {From::Client, "0700650008002f3030494445440d", {}},
    {From::Server, "0700650018002f413030494434395835373041303033303031303231350d", {}},
    {From::Client, "0700650009002f303043434532420d", {}},
};
constexpr std::string_view told_claims[] = {"server model=49X570", "server hardware=A", "server firmware=003.001.02",
                                            "server remote_observed=pcom reset from 192.0.2.10"};
constexpr ExampleMessage reads[] = {
    {From::Client, "0700650008002f3030524346350d", {}},
};
constexpr Example examples[] = {
    {"a controller is identified and reset", Layer::Tcp, 20256, told, told_claims},
    {"reading a clock says nothing", Layer::Tcp, 20256, reads, {}},
};
constexpr std::uint16_t ports[] = {20256};

}  // namespace

Decoder pcom() {
    Decoder decoder;
    decoder.name = "pcom";
    decoder.title = "Unitronics PCOM";
    decoder.spec = "Unitronics, PCOM protocol; the ID answer as nerva reads it";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("?? ?? 65 00", "?? ?? 66 00");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
