// ROC Plus: Emerson's ROC800 and FloBoss flow computers at gas and oil wells and stations. Its
// configuration tells the type of unit; commands that set parameters show who controls it. User names and passwords of a login
// are not read.
//
//   |unit|group|from unit|from group|opcode|length|data ...|check 2|     check little-endian
#include <string>

#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t header_size = 6;

// ROC Plus Protocol Specifications Manual, clause 2: the opcodes.
bool is_opcode(std::uint8_t opcode) {
    static constexpr std::uint8_t known[] = {6,   7,   8,   10,  11,  17,  24,  50,  100, 105, 108, 118, 119, 120, 121, 122,
                                             135, 136, 137, 138, 139, 166, 167, 180, 181, 203, 205, 206, 224, 225, 255};
    for (const std::uint8_t each : known) {
        if (each == opcode) return true;
    }
    return false;
}

// A known opcode, two addresses that are not the same, and the CRC-16 (0xA001 from 0xFFFF) over the whole.
bool plausible(const ByteCursor& message, std::size_t& size) {
    if (message.left() < header_size) return false;
    size = header_size + message.peek(5) + 2;
    return is_opcode(message.peek(4)) && message.peek_be16(0) != message.peek_be16(2);
}
bool check_fits(const ByteCursor& message, std::size_t size) {
    unsigned check = 0xffff;
    for (std::size_t i = 0; i + 2 < size; ++i) {
        check ^= message.peek(i);
        for (int bit = 0; bit < 8; ++bit) check = (check & 1) != 0 ? (check >> 1) ^ 0xa001 : check >> 1;
    }
    return check == message.peek_le16(size - 2);
}

// Sixteen bits of check are little: what follows must be such a message too, or nothing.
bool recognise(ByteCursor message, const Flow& flow) {
    std::size_t size = 0;
    if (!plausible(message, size) || message.left() < size || !check_fits(message, size)) return false;
    message.skip(size);
    if (message.done()) return true;
    return flow.layer == Layer::Tcp && (message.left() < header_size || plausible(message, size));
}

std::string_view control_named(std::uint8_t opcode) {
    switch (opcode) {
        case 8:
            return "set clock";
        case 11:
            return "write configurable opcode";
        case 166:
        case 181:
            return "write parameters";
        default:
            return {};
    }
}

// Opcode 6, answer: |mode|port 2|security|slots|revision|series|reserved 11|type| ... (manual, table 2-2; ICSNPP-ROC-Plus).
std::string_view product_named(std::uint8_t type) {
    switch (type) {
        case 1:
        case 3:
            return "ROC300";
        case 2:
            return "FloBoss 407";
        case 4:
            return "FloBoss 503";
        case 5:
            return "FloBoss 504";
        case 6:
            return "ROC800";
        case 11:
            return "DL8000";
        default:
            return {};
    }
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    const bool stream = flow.layer == Layer::Tcp;
    if (stream && message.left() < header_size) return need(header_size);
    std::size_t size = 0;
    if (!plausible(message, size)) return not_this();
    if (message.left() < size) return stream ? need(size) : not_this();
    if (!check_fits(message, size)) return not_this();
    const Slice raw = message.bytes(size);
    if (raw.bytes[4] == 6 && raw.bytes[5] >= 19 && flow.from_server()) {
        const Slice type{raw.bytes.subspan(header_size + 18, 1), raw.offset + header_size + 18};
        claims.about(flow.sender).stated(Field::product, product_named(type.bytes[0]), type, "type_of_roc");
    }
    const std::string_view what = control_named(raw.bytes[4]);
    if (!what.empty() && raw.bytes[5] > 0 && !flow.from_server()) {
        claims.about(flow.receiver)
            .stated(Field::remote_observed, "roc_plus " + std::string(what) + " from " + flow.sender.ip.text(), raw, "opcode");
    }
    return done(message);
}

constexpr ExampleMessage writes[] = {
    {From::Server, "03010102061d01000200020101000000000000000000000006000000000000000000004b11", {}},
    {From::Client, "0102030107002bbe", {}},
    {From::Server, "03010102070800000000000000008ae2", {}},
    {From::Client, "01020301a6055b0001000544bf", {}},
};
constexpr ExampleMessage asks[] = {
    {From::Client, "0102030106002a2e", {}},
};
constexpr std::string_view writes_claims[] = {"server product=ROC800",
                                              "server remote_observed=roc_plus write parameters from 192.0.2.10"};
constexpr Example examples[] = {
    {"the type of unit, the clock, and a parameter written", Layer::Tcp, 4000, writes, writes_claims},
    {"asking for the configuration says nothing", Layer::Udp, 4000, asks, {}},
};
constexpr std::uint16_t ports[] = {4000};

}  // namespace

Decoder roc_plus() {
    Decoder decoder;
    decoder.name = "roc_plus";
    decoder.title = "ROC Plus (Emerson)";
    decoder.spec = "ROC Plus Protocol Specifications Manual (Emerson), clause 2; as ICSNPP-ROC-Plus (CISA) reads it";
    decoder.layers = Layer::Udp | Layer::Tcp;
    decoder.ports = ports;
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
