// BSAP: remote terminal units of Bristol (now Emerson) in water, oil and gas. It names nobody; who asks is a master, who
// answers a remote unit, and a write to its signals is control.
//
//   over IP    |header length 2 LE|messages 2|function 2|sequence 4|last heard 4|[more]|  then per message
//              |length 4|0c|sequence 4|application A0|node status|code|...|
//   serial     10 02 |address|serial number|to 1|sequence 2|from 1|node status|code ...| 10 03 |check 2 LE|
//              of a global message (address from 80): |address|serial number|to 2|from 2|control|to 1|...
#include <array>

#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::uint8_t data_base = 0xa0, extension = 0xa1, console = 0x03, escape = 0x10;
constexpr std::uint8_t write_from = 0x80, write_to = 0x8d;
constexpr std::size_t packet_max = 512;

enum class Says : std::uint8_t { Nothing, Request, Write, Reset, Answer };

// As ICSNPP-BSAP (CISA) reads it: a header of 14 or 22 bytes, then as many messages as it says; 6, 84 and 86 ask, 5 answers.
Says read_ip(ByteCursor message) {
    const std::uint16_t header = message.le16();
    const std::uint16_t messages = message.le16();
    const std::uint16_t function = message.le16();
    if ((header != 14 && header != 22) || messages == 0 || messages > 64) return Says::Nothing;
    const bool asks = function == 0x06 || function == 0x84 || function == 0x86;
    if (!asks && function != 0x05) return Says::Nothing;
    message.skip(header - std::size_t{6});
    const std::size_t left = message.left();
    const std::uint32_t length = message.le32();
    const std::uint8_t size = message.u8();
    message.skip(4);
    if (!message.ok() || size != 0x0c || length < 10 || length > left) return Says::Nothing;
    const std::uint8_t application = message.u8();
    if (!asks) return Says::Answer;
    message.skip(1);
    const std::uint8_t code = message.u8();
    if (!message.ok()) return Says::Nothing;
    if (application == data_base) return code >= write_from && code <= write_to ? Says::Write : Says::Request;
    return Says::Nothing;
}

// The check is CRC-16 (0x8408, from 0xFFFF) over what stands between the marks and the last byte of the end mark.
Says read_serial(ByteCursor message) {
    if (message.be16() != 0x1002 || message.left() < 12 || message.left() > packet_max) return Says::Nothing;
    std::array<std::uint8_t, packet_max> plain{};
    std::size_t size = 0;
    bool ended = false;
    while (!message.done()) {
        const std::uint8_t byte = message.u8();
        if (byte == escape) {
            const std::uint8_t next = message.u8();
            if (next == 0x03) {
                ended = true;
                break;
            }
            if (next != escape) return Says::Nothing;
        }
        plain[size++] = byte;
    }
    if (!ended || size < 8 || message.left() != 2) return Says::Nothing;
    unsigned check = 0xffff;
    const auto add = [&check](std::uint8_t byte) {
        check ^= byte;
        for (int bit = 0; bit < 8; ++bit) check = (check & 1) != 0 ? (check >> 1) ^ 0x8408 : check >> 1;
    };
    for (std::size_t i = 0; i < size; ++i) add(plain[i]);
    add(0x03);
    if (message.le16() != check) return Says::Nothing;
    const bool global = plain[0] >= 0x80;
    const std::size_t to = global ? 7 : 2;
    const std::size_t code = to + 5;
    if (code >= size) return Says::Nothing;
    const std::uint8_t target = plain[to];
    const std::uint8_t origin = plain[to + 3];
    if (target == console && (origin == data_base || origin == extension)) return Says::Answer;
    if (origin != console) return Says::Nothing;
    if (target == data_base) return plain[code] >= write_from && plain[code] <= write_to ? Says::Write : Says::Request;
    // Extension 0101 and 0102 reset the system and its diagnostics.
    if (target == extension && code + 1 < size && plain[code] <= 0x02 && plain[code + 1] == 0x01) return Says::Reset;
    return target == extension ? Says::Request : Says::Nothing;
}

// Nothing does not fail the message: a poll or an acknowledgement is as good.
Says read(const ByteCursor& message) {
    Reading reading;
    const ByteCursor here = message;
    const Slice all{ByteCursor(here).rest()};
    const Says serial = read_serial(whole(all, reading));
    if (serial != Says::Nothing) return serial;
    Reading again;
    return read_ip(whole(all, again));
}

bool recognise(ByteCursor message, const Flow&) { return read(message) != Says::Nothing; }

// |0e 00|00 00|00 00|, and on a serial line any frame between its marks.
bool is_acknowledgement(const ByteCursor& message) {
    const bool ip = (message.peek() == 14 || message.peek() == 22) && message.peek(1) == 0 && message.peek_be16(2) == 0 &&
                    message.peek(5) == 0;
    return ip || message.peek_be16(0) == 0x1002;
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    const Says says = read(message);
    if (says == Says::Nothing) return is_acknowledgement(message) ? done() : not_this();
    const Slice all = message.rest();
    const bool answers = says == Says::Answer;
    claims.stated(Field::role, answers ? "bsap remote unit" : "bsap master", all, "message");
    if (says == Says::Write || says == Says::Reset) {
        const std::string what = says == Says::Write ? "bsap write from " : "bsap reset from ";
        claims.about(flow.receiver).stated(Field::remote_observed, what + flow.sender.ip.text(), all, "control");
    }
    return done();
}

constexpr ExampleMessage serial[] = {{From::Client, "1002051010a001020300040150554d50372e52554e001003ddda", {}},
                                     {From::Server, "1002001010030102a0000001071003f7e7", {}},
                                     {From::Client, "10020511a002020300840150554d50372e52554e000110032954", {}},
                                     {From::Client, "100285120500000000a103020300010110034894", {}}};
constexpr ExampleMessage ip[] = {
    {From::Client, "0e00010006000900000008000000170000000c09000000a000040150554d50372e52554e00", {}},
    {From::Server, "0e000100050004000000090000000e0000000c040000000000010102", {}},
    {From::Client, "0e00000000000000000004000000", {}},
    {From::Client, "0e00010006000a00000004000000170000000c0a000000a000840150554d50372e52554e00", {}}};
constexpr std::string_view serial_claims[] = {"client role=bsap master", "server role=bsap remote unit",
                                              "server remote_observed=bsap write from 192.0.2.10",
                                              "server remote_observed=bsap reset from 192.0.2.10"};
constexpr std::string_view ip_claims[] = {"client role=bsap master", "server role=bsap remote unit",
                                          "server remote_observed=bsap write from 192.0.2.10"};
constexpr Example examples[] = {
    {"serial frames in datagrams: a signal is read and written by name, then the unit is reset", Layer::Udp, 1235, serial,
     serial_claims},
    {"BSAP over IP: read, acknowledged, written", Layer::Udp, 1234, ip, ip_claims},
};
constexpr std::uint16_t ports[] = {1234, 1235};

}  // namespace

Decoder bsap() {
    Decoder decoder;
    decoder.name = "bsap";
    decoder.title = "BSAP (Bristol remote units)";
    decoder.spec = "No public specification; as ICSNPP-BSAP (CISA) reads it";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("10 02", "0e 00 ?? 00 ?? 00", "16 00 ?? 00 ?? 00");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
