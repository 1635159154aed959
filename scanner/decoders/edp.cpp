// EDP: switches of Extreme Networks tell their neighbours name and software version. Others can speak it, too (a machine with
// lldpd does, with an invented version), so it names nobody's maker.
//
//   |LLC AA AA 03|SNAP 00E02B 00BB|1|0|length 2|check 2|sequence 2|0 2|MAC 6| then |99|type 1|length 2, header included|...
//   1 name; 2 slot 2, port 2, chassis 2, 0 6, version 4, connections 16; 5 VLAN; 0 the end
#include <string>

#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t snap_size = 8, header_size = 16;
constexpr std::uint8_t marker = 0x99;
enum Type : std::uint8_t { End = 0, Display = 1, Info = 2 };
constexpr std::uint32_t invented = 0x07060463;  // lldpd, edp.c: what it says where it has no such version

// RFC 1071.
bool checks(Bytes bytes) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) sum += static_cast<std::uint32_t>(bytes[i]) << (i % 2 == 0 ? 8 : 0);
    while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
    return sum == 0xffff;
}

// No public specification; as Wireshark and lldpd read it: SNAP with Extreme's OUI, version 1, a length within the frame whose
// bytes sum up with their check, a MAC as identity, marked fields.
bool recognise(ByteCursor message, const Flow& flow) {
    if (flow.ethertype != 0 || message.be24() != 0xaaaa03 || message.be24() != 0x00e02b || message.be16() != 0x00bb)
        return false;
    const std::size_t length = message.peek_be16(2);
    if (message.peek_be16() != 0x0100 || length < header_size + 4 || length > message.left()) return false;
    const Slice all = message.bytes(length);
    return all.bytes[8] == 0 && all.bytes[9] == 0 && all.bytes[header_size] == marker && checks(all.bytes);
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    message.skip(snap_size);
    ByteCursor fields = message.take(message.peek_be16(2));
    fields.skip(header_size);
    Claims station = claims.about(flow.sender.station());
    while (fields.left() >= 4 && fields.u8() == marker) {
        const std::uint8_t type = fields.u8();
        const std::size_t length = fields.be16();
        if (type == End || length < 4 || length - 4 > fields.left()) break;
        Slice value = fields.bytes(length - 4);
        if (type == Display) {
            // What follows the zero is left over from something longer.
            const std::size_t end = value.text().find('\0');
            if (end != std::string_view::npos) value.bytes = value.bytes.first(end);
            station.stated(Field::hostname, value, "display");
        }
        if (type == Info && value.size() >= 16) {
            const Slice version{value.bytes.subspan(12, 4), value.offset + 12};
            Reading own;
            ByteCursor at = whole(version, own);
            if (ByteCursor(at).be32() == invented) continue;
            std::string text = std::to_string(at.u8());
            for (int i = 0; i < 3; ++i) text += "." + std::to_string(at.u8());
            station.stated(Field::firmware, text, version, "version");
        }
    }
    return done();
}

constexpr ExampleMessage switches[] = {
    {From::Client,
     "aaaa03 00e02b 00bb | 01 00 0042 bde5 0007 0000 00005e005314 | 99 01 000a 737731 00 ffff | 99 02 0024 0000 0004 0000 "
     "000000000000 1f020108 00000000000000000000000000000000 | 99 00 0004",
     {}}};
constexpr std::string_view switches_claims[] = {"client hostname=sw1", "client firmware=31.2.1.8"};
constexpr ExampleMessage other[] = {
    {From::Client,
     "aaaa03 00e02b 00bb | 01 00 0038 1013 0008 0000 00005e005314 | 99 02 0024 0000 0004 0000 000000000000 07060463 "
     "00000000000000000000000000000000 | 99 00 0004",
     {}}};
constexpr Example examples[] = {
    {"a switch presents itself", Layer::Link, 0, switches, switches_claims},
    {"a machine that speaks it without being one", Layer::Link, 0, other, {}},
};
constexpr std::uint16_t ethertypes[] = {0};

}  // namespace

Decoder edp() {
    Decoder decoder;
    decoder.name = "edp";
    decoder.title = "Extreme discovery (EDP)";
    decoder.spec = "No public specification; as Wireshark and lldpd read it";
    decoder.layers = only(Layer::Link);
    decoder.ports = ethertypes;
    decoder.starts = Starts("aa aa 03 00 e0 2b 00 bb");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
