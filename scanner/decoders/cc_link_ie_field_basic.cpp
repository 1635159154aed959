// CC-Link IE Field Basic: Mitsubishi Electric's (and the CC-Link Partner Association's) field bus over ordinary UDP. With every
// answer in the cycle a slave tells maker (the association's register), model and version; a search for nodes brings MAC and
// address too.
//
//   cycle: |5000|00 FF FF03 00|length 2|0000|0E70 0000|version 2|0000|offset 2|zeros 14| ...
//   answer: |D000|00 FF FF03 00|length 2|0000|version 2|end 2|offset 2|zeros 14|maker 2|00 00|model 4|version 2| ...
//   search, answer: |D400|serial 2|0000|00 FF FF03 00|length 2|end 2|MAC 6|4|address 4|own MAC 6|4|own address 4| ...
//   little-endian, MACs reversed
#include <string>

#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

enum class Kind : std::uint8_t { None, Cycle, Answer, Found };

bool zeros(const ByteCursor& message, std::size_t at, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        if (message.peek(at + i) != 0) return false;
    }
    return true;
}
// The way to the module is always the own station's.
bool own_station(const ByteCursor& message, std::size_t at) {
    return message.peek_be16(at) == 0x00ff && message.peek_be16(at + 2) == 0xff03 && message.peek(at + 4) == 0;
}

// BAP-C2008 (CLPA), as the association's sample and rt-labs' c-link lay it out: constant bytes, a length that fills the
// datagram, version 1 or 2, an offset of 36 (40 in answers),
// fourteen zeros; in a search the sizes of four addresses, the last of them FFFFFFFF.
Kind kind_of(const ByteCursor& message) {
    const std::uint16_t head = message.peek_be16();
    if (head == 0x5000 || head == 0xd000) {
        const bool request = head == 0x5000;
        const std::size_t cyclic = request ? 15 : 11;
        const std::uint16_t version = message.peek_le16(cyclic);
        if (message.left() < cyclic + 40 || !own_station(message, 2) ||
            message.peek_le16(7) + std::size_t{9} != message.left()) {
            return Kind::None;
        }
        const std::uint16_t offset = message.peek_le16(cyclic + 4);
        const bool fits = message.peek_le16(9) == 0 && (version == 1 || version == 2) && offset == (request ? 36 : 40) &&
                          zeros(message, cyclic + 6, 14);
        if (!fits) return Kind::None;
        if (!request) return zeros(message, cyclic + 22, 2) ? Kind::Answer : Kind::None;
        return message.peek_le16(11) == 0x0e70 && message.peek_le16(13) == 0 && zeros(message, cyclic + 2, 2) ? Kind::Cycle
                                                                                                              : Kind::None;
    }
    if (head == 0xd400 && message.left() >= 60 && zeros(message, 4, 2) && own_station(message, 6)) {
        const bool fits = message.peek_le16(11) + std::size_t{13} == message.left() && zeros(message, 13, 2);
        const std::size_t name = message.peek(15 + 30);
        const std::size_t target = 15 + 31 + name + 8;
        return fits && message.peek(21) == 4 && message.peek(32) == 4 && name <= 64 && message.peek(target) == 4 &&
                       message.peek_be16(target + 1) == 0xffff && message.peek_be16(target + 3) == 0xffff
                   ? Kind::Found
                   : Kind::None;
    }
    return Kind::None;
}

bool recognise(ByteCursor message, const Flow&) { return kind_of(message) != Kind::None; }

struct Notes {
    std::uint32_t cycles[2];
};

void model(ByteCursor& data, bool padded, Claims& device) {
    const ByteCursor begin = data;
    const std::uint16_t vendor = data.le16();
    const Slice maker = data.since(begin);
    if (padded) data.skip(2);
    const std::uint32_t code = data.le32();
    const ByteCursor before = data;
    const std::uint16_t version = data.le16();
    if (!data.ok() || vendor == 0 || vendor == 0xffff) return;
    const std::string id = "cclink:" + std::to_string(vendor);
    device.stated(Field::vendor_id, id, maker, "vendor_code");
    device.stated(Field::device_type, id + "/" + std::to_string(code), data.since(begin), "model_code");
    if (version != 0) device.stated(Field::firmware, std::to_string(version), data.since(before), "equipment_version");
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    const Kind kind = kind_of(message);
    Claims sender = claims.about(flow.sender);
    const bool now = flow.state->notes<Notes>().cycles[flow.from_opener ? 0 : 1]++ % 256 == 0;
    switch (kind) {
        case Kind::None:
            return not_this();
        case Kind::Cycle:
            // Several hundred a second: one in 256 is enough to know that it goes on.
            if (now) sender.stated(Field::role, "cc-link ie field basic master", message.bytes(15), "cycle");
            break;
        case Kind::Answer:
            if (!now) break;
            sender.stated(Field::role, "cc-link ie field basic slave", ByteCursor(message).bytes(11), "cycle");
            message.skip(31);
            model(message, true, sender);
            break;
        case Kind::Found: {
            message.skip(15 + 11);
            const Slice raw = message.bytes(6);
            message.skip(1);
            const Slice address = message.bytes(4);
            message.skip(8);
            message.skip(message.u8());
            Endpoint station;
            station.vlan = flow.sender.vlan;
            for (std::size_t i = 0; i < 6; ++i) station.mac.bytes[i] = raw.bytes[5 - i];
            const std::uint8_t bytes[] = {address.bytes[3], address.bytes[2], address.bytes[1], address.bytes[0]};
            const IpAddress ip = IpAddress::v4(bytes);
            if (station.mac.known() && !station.mac.group() && !station.mac.locally_administered() && !ip.unspecified() &&
                !ip.multicast()) {
                claims.about(station).stated(Field::address, ip.text(), address, "node_search");
            }
            model(message, false, sender);
            break;
        }
    }
    return done();
}

constexpr ExampleMessage cycle[] = {
    {From::Client,
     "500000ffff030086000000700e000001000000240000000000000000000000000000000100000000000000000000000a0200c001"
     "000700f40103000100010001000000140200c0000000000000000000000000000000000000000000000000000000000000000000"
     "000000000000000000000000000000000000000000000000000000000000000000000000000000",
     {}},
    {From::Server,
     "d00000ffff03007a0000000100000028000000000000000000000000000000341200004d00000003000000010000000000000001"
     "00070000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "000000000000000000000000000000000000000000000000000000",
     {}},
};
constexpr std::string_view cycle_claims[] = {"client role=cc-link ie field basic master",
                                             "server role=cc-link ie field basic slave", "server vendor_id=cclink:4660",
                                             "server device_type=cclink:4660/77", "server firmware=3"};
constexpr ExampleMessage found[] = {
    {From::Server,
     "d4000900000000ffff0300350000000a53005e0000040a0200c01453005e000004140200c000ffffffffffffff0034124d000000"
     "030004ffffffffffff00000bf001",
     {}},
};
constexpr std::string_view found_claims[] = {"server-mac address=192.0.2.20", "server vendor_id=cclink:4660",
                                             "server device_type=cclink:4660/77", "server firmware=3"};
constexpr Example examples[] = {
    {"a slave answers in the cycle", Layer::Udp, 61450, cycle, cycle_claims},
    {"a node is found", Layer::Udp, 61451, found, found_claims},
};
constexpr std::uint16_t ports[] = {61450, 61451};

}  // namespace

Decoder cc_link_ie_field_basic() {
    Decoder decoder;
    decoder.name = "cc_link_ie_field_basic";
    decoder.title = "CC-Link IE Field Basic";
    decoder.spec = "CLPA BAP-C2008ENG-001; SLMP BAP-C2006ENG (node search)";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("50 00", "d0 00", "d4 00");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    decoder.specialises = "melsec";
    return decoder;
}

}  // namespace herkomst::decoders
