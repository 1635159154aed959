// Synchrophasors (C37.118): phasor measurement units of transmission grids, and the concentrators that gather their streams. A
// configuration names each station and gives its number; a header frame is free text about the unit. What a concentrator passes
// on is of the units behind it. A command shows who asks.
//
//   |AA|type, version|size 2|id 2|second 4|fraction 4| ... |check 2|
//   configuration: |time base 4|units 2| per unit: |station 16|id 2|format 2|phasors 2|analogs 2|digital words 2|names ...|
#include <array>
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t frame_max = std::size_t{60} << 10;

enum class Kind : std::uint8_t {
    Data = 0,
    Header = 1,
    Configuration1 = 2,
    Configuration2 = 3,
    Command = 4,
    Configuration3 = 5
};

// IEEE C37.118.2-2011 annex B: CRC-CCITT from 0xFFFF, not reflected.
bool check_fits(const ByteCursor& frame, std::size_t size) {
    unsigned check = 0xffff;
    for (std::size_t i = 0; i + 2 < size; ++i) {
        check ^= static_cast<unsigned>(frame.peek(i)) << 8;
        for (int bit = 0; bit < 8; ++bit) check = (check & 0x8000) != 0 ? (check << 1) ^ 0x1021 : check << 1;
        check &= 0xffff;
    }
    return check == frame.peek_be16(size - 2);
}

// Clause 6.2: 0xAA, type 0 to 5 of version 1 or 2, a size that fits the type.
bool plausible(const ByteCursor& message, std::size_t& size) {
    if (message.left() < 16 || message.peek() != 0xaa) return false;
    const std::uint8_t type = message.peek(1) >> 4;
    const std::uint8_t version = message.peek(1) & 0x0f;
    size = message.peek_be16(2);
    if (type > 5 || version < 1 || version > 2) return false;
    switch (static_cast<Kind>(type)) {
        case Kind::Command:
            return size >= 18 && size <= 18 + 65518;
        case Kind::Header:
            return size >= 16;
        case Kind::Data:
            return size >= 18;
        default:
            return size >= 54;
    }
}

bool recognise(ByteCursor message, const Flow&) {
    std::size_t size = 0;
    return plausible(message, size) && message.left() >= size && check_fits(message, size);
}

struct Notes {
    std::uint32_t data[2];
};

// Clause 6.4, tables 8 and 9. A stream of one unit with the stream's own id is that unit.
void configuration(ByteCursor body, std::uint16_t stream, Claims& claims) {
    body.skip(4);
    const unsigned units = body.be16();
    for (unsigned left = units; left > 0 && body.ok(); --left) {
        const Slice station = body.bytes(16);
        const ByteCursor before = body;
        const std::uint16_t id = body.be16();
        const Slice number = body.since(before);
        body.skip(2);
        const std::size_t phasors = body.be16();
        const std::size_t analogs = body.be16();
        const std::size_t digitals = body.be16();
        body.skip(16 * (phasors + analogs + 16 * digitals) + 4 * (phasors + analogs + digitals) + 4);
        if (!body.ok()) return;
        Claims unit = units == 1 && id == stream ? claims : claims.part("synchrophasor/" + std::to_string(id));
        unit.stated(Field::station_name, station, "station");
        unit.stated(Field::description, "id code " + std::to_string(id), number, "id");
    }
}

// Clause 6.4.3 (version 2, configuration 3): names have a length; |station|id 2|global id 16| ...; only the first unit is read,
// the others stand behind parts of variable size.
void configuration3(ByteCursor body, std::uint16_t stream, Claims& claims) {
    // |continuation 2|time base 4|units 2|
    if (body.be16() != 0) return;
    body.skip(4);
    const unsigned units = body.be16();
    const Slice station = body.bytes(body.u8());
    const ByteCursor before = body;
    const std::uint16_t id = body.be16();
    const Slice number = body.since(before);
    if (!body.ok() || units == 0) return;
    Claims unit = units == 1 && id == stream ? claims : claims.part("synchrophasor/" + std::to_string(id));
    unit.stated(Field::station_name, station, "station");
    unit.stated(Field::description, "id code " + std::to_string(id), number, "id");
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    const bool stream = flow.layer == Layer::Tcp;
    if (stream && message.left() < 16) return need(16);
    std::size_t size = 0;
    if (!plausible(message, size)) return not_this();
    if (size > frame_max) return done(size);
    if (message.left() < size) return stream ? need(size) : not_this();
    const auto kind = static_cast<Kind>(message.peek(1) >> 4);
    Claims sender = claims.about(flow.sender);
    if (kind == Kind::Data) {
        // Up to 120 a second: one in 1024 is enough to know that it goes on.
        if (flow.state->notes<Notes>().data[flow.from_opener ? 0 : 1]++ % 1024 == 0) {
            if (!check_fits(message, size)) return not_this();
            sender.stated(Field::role, "synchrophasor source", message.bytes(size), "role");
            return done(message);
        }
        return done(size);
    }
    if (!check_fits(message, size)) return not_this();
    const Slice raw = message.bytes(size);
    Reading reading;
    ByteCursor body = whole(Slice{raw.bytes.first(size - 2), raw.offset}, reading);
    body.skip(4);
    const std::uint16_t id = body.be16();
    body.skip(8);
    switch (kind) {
        case Kind::Header: {
            const Slice text = body.rest();
            if (printable_ascii(trimmed(text.text()))) sender.stated(Field::description, text, "header");
            break;
        }
        case Kind::Configuration1:
        case Kind::Configuration2:
            sender.stated(Field::role, "synchrophasor source", raw, "role");
            configuration(body, id, sender);
            break;
        case Kind::Configuration3:
            sender.stated(Field::role, "synchrophasor source", raw, "role");
            configuration3(body, id, sender);
            break;
        case Kind::Command:
            sender.stated(Field::role, "synchrophasor client", raw, "role");
            break;
        case Kind::Data:
            break;
    }
    return done(message);
}

constexpr ExampleMessage one_unit[] = {
    {From::Client, "aa41001200075ef00000000000000005df0d", {}},
    {From::Server,
     "aa31004a00075ef0000000000000000f4240000145582053544154494f4e20312020202000070000000100000000564120202020"
     "2020202020202020202000000000000100010032f749",
     {}},
    {From::Server, "aa11002800075ef0000000000000504d55206f66206578616d706c652073746174696f6e2031c0dc", {}},
    {From::Server, "aa01002200075ef000000000000000000000000000000000000000000000000011d9", {}},
};
constexpr ExampleMessage concentrator[] = {
    {From::Server,
     "aa31007c00015ef0000000000000000f4240000245582053544154494f4e20372020202000070000000100000000564120202020"
     "20202020202020202020000000000001000145582053544154494f4e203820202020000800000001000000005641202020202020"
     "20202020202020200000000000010001003285e1",
     {}},
};
constexpr ExampleMessage longer_names[] = {
    {From::Server,
     "aa52006900095ef00000000000000000000f424000010c45582053544154494f4e20390009000000000000000000000000000000"
     "0000000001000000000256410000000000000000000000000000000000000000000000004d00000000000000000001000100320e"
     "cc",
     {}},
};
constexpr std::string_view one_unit_claims[] = {"client role=synchrophasor client", "server role=synchrophasor source",
                                                "server station_name=EX STATION 1", "server description=id code 7",
                                                "server description=PMU of example station 1"};
constexpr std::string_view concentrator_claims[] = {
    "server role=synchrophasor source", "server[synchrophasor/7] station_name=EX STATION 7",
    "server[synchrophasor/7] description=id code 7", "server[synchrophasor/8] station_name=EX STATION 8",
    "server[synchrophasor/8] description=id code 8"};
constexpr std::string_view longer_names_claims[] = {"server role=synchrophasor source", "server station_name=EX STATION 9",
                                                    "server description=id code 9"};
constexpr Example examples[] = {
    {"a unit is asked for its configuration", Layer::Tcp, 4712, one_unit, one_unit_claims},
    {"a concentrator passes two units on", Layer::Udp, 4713, concentrator, concentrator_claims},
    {"configuration 3", Layer::Udp, 4713, longer_names, longer_names_claims},
};
constexpr std::uint16_t ports[] = {4712, 4713};

}  // namespace

Decoder synchrophasor() {
    Decoder decoder;
    decoder.name = "synchrophasor";
    decoder.title = "Synchrophasor (C37.118)";
    decoder.spec = "IEEE C37.118.2-2011 clause 6 and annex B";
    decoder.layers = Layer::Udp | Layer::Tcp;
    decoder.ports = ports;
    decoder.starts = Starts("aa");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
