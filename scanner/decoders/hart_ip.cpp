// HART-IP: field instruments (pressure, flow, level, valves) and the gateways in front of them. Command 0 tells maker
// (FieldComm Group's register), kind, revisions and number of the instrument, commands 13 and 20 what the plant calls it; a
// gateway lists the instruments behind it with command 84. A frame with a long address is of the instrument that it names.
//
//   |version 1|type 1|id 1|status 1|sequence 2|length 2| pass-through: a HART frame
//   HART frame: |delimiter|address 1 or 5|[expansion]|command|count|[response code, status] data ...|check, exclusive or|
#include <array>
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t header_size = 8;

// A HART frame (HCF_SPEC-081 clause 5): 1 burst, 2 request, 6 answer; the address is long where the highest bit says so.
struct Frame {
    std::uint8_t kind = 0;
    std::uint8_t polling = 0;  // short address
    bool long_address = false;
    std::uint16_t type = 0;  // 14 bits of the expanded device type
    std::uint32_t number = 0;
    std::uint8_t command = 0;
    ByteCursor data;
};

bool read_frame(ByteCursor body, Frame& frame) {
    std::uint8_t check = 0;
    for (std::size_t i = 0; i < body.left(); ++i) check = static_cast<std::uint8_t>(check ^ body.peek(i));
    if (check != 0 || body.left() < 5) return false;
    const std::uint8_t delimiter = body.u8();
    frame.kind = delimiter & 7;
    frame.long_address = (delimiter & 0x80) != 0;
    if (frame.kind != 1 && frame.kind != 2 && frame.kind != 6) return false;
    if (frame.long_address) {
        frame.type = body.be16() & 0x3fff;
        frame.number = body.be24();
    } else {
        frame.polling = body.u8() & 0x3f;
    }
    body.skip((delimiter >> 5) & 3U);
    frame.command = body.u8();
    frame.data = body.take(body.u8());
    return body.ok() && body.left() == 1;
}

// HCF_SPEC-085 clause 6: version 1 or 2; request, answer, publication or refusal; initiate 0 (five bytes), close 1 and keep
// alive 2 (none), pass-through 3, in version 2 also 4 and 5.
bool plausible(const ByteCursor& message, std::size_t& size) {
    if (message.left() < header_size) return false;
    const std::uint8_t version = message.peek();
    const std::uint8_t type = message.peek(1);
    const std::uint8_t id = message.peek(2);
    size = message.peek_be16(6);
    if ((version != 1 && version != 2) || (type > 2 && type != 15)) return false;
    if (type == 0 && message.peek(3) != 0) return false;
    switch (id) {
        case 0:
            return version == 1 ? size == 13 : size >= 13 && size <= 1024;
        case 1:
        case 2:
            return size == 8;
        case 3:
            return size >= 13 && size <= 300;
        case 4:
        case 5:
            return version == 2 && size > 8 && size <= 4096;
        default:
            return false;
    }
}

bool recognise(ByteCursor message, const Flow& flow) {
    std::size_t size = 0;
    if (!plausible(message, size) || message.left() < size) return false;
    if (flow.layer == Layer::Udp && message.left() != size) return false;
    const std::uint8_t id = message.peek(2);
    ByteCursor body = message.take(size);
    if (!message.done() && !plausible(message, size) && message.left() >= header_size) return false;
    body.skip(header_size);
    // Initiate: the master is 0 or 1.
    if (id == 0) return body.peek() <= 1;
    if (id != 3) return true;
    Frame frame{0, 0, false, 0, 0, 0, body};
    return read_frame(body, frame);
}

struct Notes {
    bool known;  // which instrument the server itself is
    std::uint16_t type;
    std::uint32_t number;
};

std::string id_text(std::uint32_t type, std::uint32_t number) {
    const std::uint8_t bytes[] = {static_cast<std::uint8_t>(type >> 8), static_cast<std::uint8_t>(type),
                                  static_cast<std::uint8_t>(number >> 16), static_cast<std::uint8_t>(number >> 8),
                                  static_cast<std::uint8_t>(number)};
    return hex(bytes, 2) + "-" + hex(bytes + 2, 3);
}

// HCF_SPEC-151 clause 6.2, "packed ASCII": four characters of six bits in three bytes.
std::string packed_text(const Slice& packed) {
    std::string text;
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const std::uint8_t byte : packed.bytes) {
        bits = (bits << 8) | byte;
        held += 8;
        while (held >= 6) {
            held -= 6;
            const unsigned c = (bits >> held) & 0x3fU;
            text += static_cast<char>(c < 0x20 ? c + 0x40 : c);
        }
    }
    return text;
}

// HCF_SPEC-127 command 0: |254|type 2|preambles|universal revision|device revision|software|hardware, signalling|flags|number
// 3| from revision 6 on: |preambles|variables|changes 2|status|, from 7 on: |maker 2|label 2|profile|. Before 7 the maker is
// the first byte of the type, before 6 type is maker and kind of one byte each.
struct Identity {
    std::uint16_t type = 0;
    std::uint8_t revision = 0;
    std::uint8_t software = 0;
    std::uint8_t hardware = 0;
    std::uint32_t number = 0;
    std::uint16_t maker = 0;
};
bool read_identity(ByteCursor data, Identity& identity) {
    if (data.u8() != 254) return false;
    identity.type = data.be16();
    data.skip(1);
    const std::uint8_t universal = data.u8();
    identity.revision = data.u8();
    identity.software = data.u8();
    identity.hardware = data.u8() >> 3;
    data.skip(1);
    identity.number = data.be24();
    identity.maker = identity.type >> 8;
    if (!data.ok() || universal < 5 || universal > 10) return false;
    if (universal >= 7 && data.left() >= 10) {
        data.skip(5);
        identity.maker = data.be16();
    }
    return data.ok();
}

void claim_identity(const Identity& identity, const Slice& witness, Claims& claims) {
    const std::string maker = std::to_string(identity.maker);
    claims.stated(Field::vendor_id, "hart:" + maker, witness, "identity");
    claims.stated(Field::device_type, "hart:" + std::to_string(identity.type), witness, "identity");
    const std::uint8_t number[] = {static_cast<std::uint8_t>(identity.number >> 16),
                                   static_cast<std::uint8_t>(identity.number >> 8), static_cast<std::uint8_t>(identity.number)};
    if (identity.number != 0) claims.stated(Field::serial, "0x" + hex(number, 3), witness, "identity");
    claims.stated(Field::firmware, std::to_string(identity.software), witness, "identity");
    claims.stated(Field::hardware, std::to_string(identity.hardware), witness, "identity");
}

// Command 84 of a gateway: |index 2|card|channel|maker 2|type 2|number 3|revision|long tag 32|
void sub_device(ByteCursor data, const Slice& witness, const Claims& claims) {
    const std::uint16_t index = data.be16();
    data.skip(2);
    const std::uint16_t maker = data.be16();
    const std::uint16_t type = data.be16();
    const std::uint32_t number = data.be24();
    data.skip(1);
    const Slice tag = data.bytes(32);
    if (!data.ok() || index == 0 || number == 0) return;
    Claims part = claims.part("hart/" + id_text(type & 0x3fffU, number));
    part.stated(Field::vendor_id, "hart:" + std::to_string(maker), witness, "sub_device");
    part.stated(Field::device_type, "hart:" + std::to_string(type), witness, "sub_device");
    part.stated(Field::station_name, tag.text(), witness, "sub_device");
}

// HCF_SPEC-151: commands that take an instrument out of service. Values are not read.
std::string_view control_named(std::uint8_t command) {
    switch (command) {
        case 40:
            return "fixed current mode";
        case 42:
            return "device reset";
        case 79:
            return "write device variable";
        default:
            return {};
    }
}

void pass_through(ByteCursor body, Flow& flow, const Claims& claims) {
    const Slice witness = ByteCursor(body).rest();
    Frame frame{0, 0, false, 0, 0, 0, body};
    if (!read_frame(body, frame)) return;
    Notes& notes = flow.state->notes<Notes>();
    ByteCursor data = frame.data;
    Claims server = frame.kind == 2 ? claims.about(flow.receiver) : claims.about(flow.sender);
    const bool its_own =
        frame.long_address ? notes.known && notes.type == frame.type && notes.number == frame.number : frame.polling == 0;
    const std::string step = frame.long_address ? id_text(frame.type, frame.number) : "poll-" + std::to_string(frame.polling);
    if (frame.kind == 2) {
        const std::string_view what = control_named(frame.command);
        if (what.empty()) return;
        Claims target = its_own ? server : server.part("hart/" + step);
        target.stated(Field::remote_observed, "hart_ip " + std::string(what) + " from " + flow.sender.ip.text(), witness,
                      "control");
        return;
    }
    // A response code with the highest bit is about the line (and no data follow); 1 to 63 say that it was not done.
    const std::uint8_t code = data.u8();
    data.skip(1);
    if (!data.ok() || (code != 0 && (code < 96 || code > 127) && (code < 8 || code > 15))) return;
    if (frame.command == 0 || frame.command == 11 || frame.command == 21) {
        Identity identity;
        const Slice raw = ByteCursor(data).rest();
        if (!read_identity(data, identity)) return;
        if (!frame.long_address && frame.polling == 0) {
            notes = {true, static_cast<std::uint16_t>(identity.type & 0x3fff), identity.number};
            claim_identity(identity, raw, server);
            return;
        }
        Claims device = its_own ? server : server.part("hart/" + step);
        claim_identity(identity, raw, device);
        return;
    }
    Claims device = its_own ? server : server.part("hart/" + step);
    if ((frame.command == 20 || frame.command == 22) && data.left() >= 32) {
        device.stated(Field::station_name, data.bytes(32), "long_tag");
    } else if (frame.command == 13 && data.left() >= 21) {
        const Slice tag = data.bytes(6);
        device.stated(Field::station_name, packed_text(tag), tag, "tag");
        const Slice descriptor = data.bytes(12);
        device.stated(Field::description, packed_text(descriptor), descriptor, "descriptor");
    } else if (frame.command == 84) {
        sub_device(data, ByteCursor(data).rest(), server);
    }
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    const bool stream = flow.layer == Layer::Tcp;
    if (stream && message.left() < header_size) return need(header_size);
    std::size_t size = 0;
    if (!plausible(message, size)) return not_this();
    if (message.left() < size) return stream ? need(size) : not_this();
    const Slice raw = message.bytes(size);
    Reading reading;
    ByteCursor body = whole(raw, reading);
    body.skip(2);
    const std::uint8_t id = body.u8();
    body.skip(5);
    if (id == 3) pass_through(body, flow, claims);
    return done(message);
}

constexpr ExampleMessage instrument[] = {
    {From::Client, "010000000001000d0100004e20", {}},
    {From::Server, "010100000002000d0100004e20", {}},
    {From::Client, "010003000003000d0280000082", {}},
    {From::Server, "0101030000040025068000180000fee2f10507030c100000abcd050500010000e200e20108", {}},
    {From::Server,
     "010103000005003386a2f100abcd1422000046542d3030343220636f6f6c696e670000000000000000000000000000000000f3",
     {}},
    {From::Server, "010103000006002886a2f100abcd0d170000194b70c34ca00cf3cc24e1e030f3d082082001017873", {}},
    {From::Server,
     "010103000007003386a2f20007771422000054542d37000000000000000000000000000000000000000000000000000000008a",
     {}},
    {From::Server,
     "010103000008003f86a2f100abcd542e0000000100010026e2f30008880750542d38000000000000000000000000000000000000"
     "0000000000000000000068",
     {}},
    {From::Client, "010003000009001182a2f100abcd2a009d", {}},
};
constexpr ExampleMessage keep_alive[] = {
    {From::Client, "01000200000a0008", {}},
    {From::Server, "01010200000b0008", {}},
};
constexpr std::string_view instrument_claims[] = {"server vendor_id=hart:226",
                                                  "server device_type=hart:58097",
                                                  "server serial=0x00abcd",
                                                  "server firmware=12",
                                                  "server hardware=2",
                                                  "server station_name=FT-0042 cooling",
                                                  "server station_name=FT-0042",
                                                  "server description=COOLING LOOP",
                                                  "server[hart/22f2-000777] station_name=TT-7",
                                                  "server[hart/22f3-000888] vendor_id=hart:38",
                                                  "server[hart/22f3-000888] device_type=hart:58099",
                                                  "server[hart/22f3-000888] station_name=PT-8",
                                                  "server remote_observed=hart_ip device reset from 192.0.2.10"};
constexpr Example examples[] = {
    {"an instrument, its tags, two behind it, a reset", Layer::Tcp, 5094, instrument, instrument_claims},
    {"keeping a session alive says nothing", Layer::Udp, 5094, keep_alive, {}},
};
constexpr std::uint16_t ports[] = {5094};

}  // namespace

Decoder hart_ip() {
    Decoder decoder;
    decoder.name = "hart_ip";
    decoder.title = "HART-IP";
    decoder.spec = "HCF_SPEC-085 (HART-IP), HCF_SPEC-081, -127 and -151 (frames and commands)";
    decoder.layers = Layer::Udp | Layer::Tcp;
    decoder.ports = ports;
    decoder.starts = Starts("01 0? 0? ?? ?? ?? ?? ??", "02 0? 0? ?? ?? ?? ?? ??");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
