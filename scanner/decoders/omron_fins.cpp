// FINS: Omron's controllers (CP, CJ, CS, NJ/NX). The controller data that a tool reads hold model and version. Run, stop,
// forced bits and writes show who controls it; what is written is not kept. The same frame travels in UDP, and in TCP behind a
// header of its own.
//
//   TCP: |"FINS"|length 4|command 4|error 4| frame
//   frame: |flags|00|gateways|to: net, node, unit|from: net, node, unit|id|command 2| ... answer: |end code 2| ...
//   0501, answer: |model 20|version 20| ...
#include <string>

#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t tcp_header = 16;

struct Frame {
    bool answer = false;
    std::uint8_t network = 0;  // of the sender
    std::uint8_t node = 0;
    std::uint8_t to_network = 0;  // of the receiver
    std::uint8_t to_node = 0;
    std::uint16_t command = 0;
    ByteCursor data;
};

// W342 clause 5-1: the command codes.
bool is_command(std::uint16_t command) {
    static constexpr std::uint16_t known[] = {
        0x0101, 0x0102, 0x0103, 0x0104, 0x0105, 0x0201, 0x0202, 0x0203, 0x0220, 0x0221, 0x0304, 0x0305, 0x0306, 0x0307,
        0x0308, 0x0401, 0x0402, 0x0403, 0x0501, 0x0502, 0x0601, 0x0620, 0x0701, 0x0702, 0x0801, 0x0802, 0x0803, 0x0920,
        0x0c01, 0x0c02, 0x0c03, 0x2101, 0x2102, 0x2103, 0x2140, 0x2141, 0x2201, 0x2202, 0x2203, 0x2204, 0x2205, 0x2206,
        0x2207, 0x2208, 0x2209, 0x220a, 0x220b, 0x220c, 0x220f, 0x2210, 0x2211, 0x2215, 0x2220, 0x2301, 0x2302, 0x230a};
    for (const std::uint16_t each : known) {
        if (each == command) return true;
    }
    return false;
}

// W342 clause 3-3: bit 7 of the flags is 1, bit 6 answer, bit 0 no answer wanted, the others 0; reserved 0; at most eight
// gateways; networks 0 to 127.
bool read_frame(ByteCursor data, Frame& frame) {
    const std::uint8_t flags = data.u8();
    const std::uint8_t reserved = data.u8();
    const std::uint8_t gateways = data.u8();
    frame.to_network = data.u8();
    frame.to_node = data.u8();
    data.skip(1);
    frame.network = data.u8();
    frame.node = data.u8();
    data.skip(2);
    frame.command = data.be16();
    frame.answer = (flags & 0x40) != 0;
    const bool head =
        (flags & 0xbe) == 0x80 && reserved == 0 && gateways <= 8 && frame.to_network < 0x80 && frame.network < 0x80;
    if (!data.ok() || !head || !is_command(frame.command) || data.left() > 2048) return false;
    if (frame.answer && data.left() < 2) return false;
    frame.data = data;
    return true;
}

// W421 clause 7-4: command 0 and 1 exchange node numbers, 2 carries a frame, 3 says what went wrong, 6 confirms.
bool tcp_head(const ByteCursor& message, std::size_t& size) {
    if (message.left() < tcp_header || !message.starts_with("FINS")) return false;
    size = std::size_t{8} + message.peek_be16(6);
    const std::uint16_t command = message.peek_be16(10);
    return message.peek_be16(4) == 0 && message.peek_be16(8) == 0 && command <= 6 && size >= tcp_header && size <= 4096;
}

bool recognise(ByteCursor message, const Flow& flow) {
    if (flow.layer == Layer::Tcp) {
        std::size_t size = 0;
        return tcp_head(message, size);
    }
    Frame frame{false, 0, 0, 0, 0, 0, message};
    // In UDP the frame is all there is: 2 gateways (7 in newer units) are what every sender starts with.
    return message.peek(2) <= 8 && read_frame(message, frame);
}

// W342 clause 5-1: what changes memory, parameters, program, files, mode or forced bits. Reading, clocks, messages and error
// logs are not among them.
std::string_view control_named(std::uint16_t command) {
    switch (command) {
        case 0x0102:
            return "memory write";
        case 0x0103:
            return "memory fill";
        case 0x0105:
            return "memory transfer";
        case 0x0202:
            return "parameter write";
        case 0x0203:
            return "parameter clear";
        case 0x0221:
            return "data link table write";
        case 0x0304:
            return "program protect";
        case 0x0305:
            return "program protect clear";
        case 0x0307:
            return "program write";
        case 0x0308:
            return "program clear";
        case 0x0401:
            return "run";
        case 0x0402:
            return "stop";
        case 0x0403:
            return "reset";
        case 0x2203:
            return "file write";
        case 0x2204:
            return "memory card format";
        case 0x2205:
            return "file delete";
        case 0x2211:
            return "file memory write";
        case 0x2301:
            return "forced set/reset";
        case 0x2302:
            return "forced set/reset cancel";
        default:
            return {};
    }
}

// A network other than the local one is behind the unit that is spoken to.
Claims unit_at(const Claims& host, std::uint8_t network, std::uint8_t node) {
    return network == 0 ? host : host.part("fins/" + std::to_string(network) + "." + std::to_string(node));
}

void observe_frame(ByteCursor body, const Flow& flow, Claims& claims) {
    const Slice witness = ByteCursor(body).rest();
    Frame frame{false, 0, 0, 0, 0, 0, body};
    if (!read_frame(body, frame)) return;
    ByteCursor data = frame.data;
    if (!frame.answer) {
        const std::string_view what = control_named(frame.command);
        if (what.empty() || flow.from_server()) return;
        // Node 255 is every unit of a network: of one behind the receiver that names nobody.
        if (flow.receiver.ip.multicast() || (frame.to_network != 0 && frame.to_node == 0xff)) return;
        unit_at(claims.about(flow.receiver), frame.to_network, frame.to_node)
            .stated(Field::remote_observed, "omron_fins " + std::string(what) + " from " + flow.sender.ip.text(), witness,
                    "command");
        return;
    }
    // W342 clause 5-1-3: the first byte of the end code is 0 where it was done; the second may hold warnings.
    const std::uint16_t code = data.be16();
    if (frame.command != 0x0501 || (code >> 8) != 0 || data.left() < 40) return;
    const Slice model = data.bytes(20);
    const Slice version = data.bytes(20);
    if (!data.ok()) return;
    Claims device = unit_at(claims.about(flow.sender), frame.network, frame.node);
    device.stated(Field::model, model.text().substr(0, model.text().find('\0')), model, "model");
    device.stated(Field::firmware, version.text().substr(0, version.text().find('\0')), version, "version");
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (flow.layer == Layer::Udp) {
        Frame frame{false, 0, 0, 0, 0, 0, message};
        if (!read_frame(message, frame)) return not_this();
        observe_frame(message, flow, claims);
        return done();
    }
    if (message.left() < tcp_header) return need(tcp_header);
    std::size_t size = 0;
    if (!tcp_head(message, size)) return not_this();
    if (message.left() < size) return need(size);
    const Slice raw = message.bytes(size);
    Reading reading;
    ByteCursor body = whole(raw, reading);
    body.skip(8);
    const std::uint32_t command = body.be32();
    body.skip(4);
    if (command == 2 && !body.done()) observe_frame(body, flow, claims);
    return done(message);
}

constexpr ExampleMessage over_tcp[] = {
    {From::Client, "46494e53 0000000c 00000000 00000000 00000000", {}},
    {From::Server, "46494e53 00000010 00000001 00000000 0000000a 00000014", {}},
    {From::Client, "46494e53 00000015 00000002 00000000 | 80 00 02 001400 000a00 01 0501 00", {}},
    {From::Server,
     "46494e53 0000003e 00000002 00000000 | c0 00 02 000a00 001400 01 0501 0000"
     "43502d4558323044522d410000000000 00000000 | 30312e3034000000 000000000000000000000000",
     {}},
    {From::Client, "46494e53 00000014 00000002 00000000 | 80 00 02 001400 000a00 02 0402", {}}};
constexpr std::string_view over_tcp_claims[] = {"server model=CP-EX20DR-A", "server firmware=01.04",
                                                "server remote_observed=omron_fins stop from 192.0.2.10"};
constexpr ExampleMessage behind[] = {{From::Client, "80 00 02 030100 000a00 07 0501", {}},
                                     {From::Server,
                                      "c1 00 02 000a00 030100 07 0501 0000"
                                      "434a2d4558000000000000000000000000000000 30322e3100000000000000000000000000000000",
                                      {}}};
constexpr std::string_view behind_claims[] = {"server[fins/3.1] model=CJ-EX", "server[fins/3.1] firmware=02.1"};
constexpr ExampleMessage reads[] = {{From::Client, "80 00 02 001400 000a00 07 0101 82 000a00 0002", {}},
                                    {From::Server, "c0 00 02 000a00 001400 07 0101 0000 00010002", {}}};
// A bit of memory is written, of the unit that is asked and of one on network 3; a reset; and to all, which names nobody.
constexpr ExampleMessage writes[] = {{From::Client, "80 00 02 001400 000a00 07 0102 82 000a00 0001 00ab", {}},
                                     {From::Server, "c0 00 02 000a00 001400 07 0102 0000", {}},
                                     {From::Client, "80 00 02 030100 000a00 08 0102 82 000a00 0001 00ab", {}},
                                     {From::Client, "80 00 02 001400 000a00 09 0403", {}},
                                     {From::Client, "80 00 02 03ff00 000a00 0a 0402", {}}};
constexpr std::string_view writes_claims[] = {"server remote_observed=omron_fins memory write from 192.0.2.10",
                                              "server[fins/3.1] remote_observed=omron_fins memory write from 192.0.2.10",
                                              "server remote_observed=omron_fins reset from 192.0.2.10"};
constexpr Example examples[] = {
    {"controller data, then a stop", Layer::Tcp, 9600, over_tcp, over_tcp_claims},
    {"a controller on a network behind another", Layer::Udp, 9600, behind, behind_claims},
    {"memory is written, also behind a network, and a unit reset", Layer::Udp, 9600, writes, writes_claims},
    {"reading memory says nothing", Layer::Udp, 9600, reads, {}},
};
constexpr std::uint16_t ports[] = {9600};

}  // namespace

Decoder omron_fins() {
    Decoder decoder;
    decoder.name = "omron_fins";
    decoder.title = "Omron FINS";
    decoder.spec = "Omron W342 (FINS commands), W421 clause 7 (FINS/TCP)";
    decoder.layers = Layer::Udp | Layer::Tcp;
    decoder.ports = ports;
    decoder.starts = Starts("'FINS'", "8? 00 0?", "c? 00 0?");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
