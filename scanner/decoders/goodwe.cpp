// GoodWe inverters on the local network (UDP 8899): they answer anybody with model, serial number and firmware, and take
// register writes the same way, without authentication. GoodWe hardware is also sold under other names.
//
//   older   |AA 55|C0 7F|control 2|length 1|payload ...|sum 2|        answer: |AA 55|7F C0|...; the sum is that of all bytes
//   before newer   Modbus RTU: |unit F7 or 7F|function|...|CRC 2|            answer: |AA 55| and a Modbus RTU answer
//
// The layout is not published by its maker. It is the one that goodwe (a public Python library) speaks.
#include <string>

#include "core/hash.h"
#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

bool sum_agrees(const Slice& slice) {
    if (slice.size() < 9) return false;
    unsigned sum = 0;
    for (const std::uint8_t byte : slice.bytes.first(slice.size() - 2)) sum += byte;
    const unsigned said = (unsigned{slice.bytes[slice.size() - 2]} << 8) | slice.bytes[slice.size() - 1];
    return (sum & 0xffff) == said;
}

bool crc_agrees(const Slice& slice) {
    if (slice.size() < 5) return false;
    const auto said = static_cast<std::uint16_t>(slice.bytes[slice.size() - 2] | (slice.bytes[slice.size() - 1] << 8));
    return crc16_modbus(slice.bytes.first(slice.size() - 2)) == said;
}

bool known_unit(std::uint8_t unit) { return unit == 0xf7 || unit == 0x7f; }

enum class Kind { None, OldRequest, OldAnswer, Request, Answer };

// Which of the four it is, whole and with its checksum right.
Kind kind_of(ByteCursor message) {
    const ByteCursor start = message;
    const std::size_t size = message.left();
    const Slice all = message.rest();
    if (start.peek_be16() == 0xaa55) {
        const std::uint16_t way = start.peek_be16(2);
        if (way == 0xc07f || way == 0x7fc0) {
            if (size != std::size_t{9} + start.peek(6) || !sum_agrees(all)) return Kind::None;
            return way == 0xc07f ? Kind::OldRequest : Kind::OldAnswer;
        }
        // MODBUS over Serial Line V1.02: unit, function, count, that many bytes, CRC; or an echo of a write.
        if (!known_unit(start.peek(2)) || size < 7) return Kind::None;
        const std::uint8_t function = start.peek(3);
        const bool read = function == 3 && size == std::size_t{7} + start.peek(4);
        const bool written = (function == 6 || function == 16) && size == 10;
        const bool refused = (function & 0x80) != 0 && size == 7;
        if (!read && !written && !refused) return Kind::None;
        return crc_agrees({all.bytes.subspan(2), all.offset + 2}) ? Kind::Answer : Kind::None;
    }
    if (!known_unit(start.peek())) return Kind::None;
    const std::uint8_t function = start.peek(1);
    const bool read = function == 3 && size == 8 && start.peek_be16(4) >= 1 && start.peek_be16(4) <= 125;
    const bool write_one = function == 6 && size == 8;
    const bool write_more = function == 16 && size == std::size_t{9} + start.peek(6) && start.peek(6) == 2 * start.peek_be16(4);
    if (!read && !write_one && !write_more) return Kind::None;
    return crc_agrees(all) ? Kind::Request : Kind::None;
}

bool recognise(ByteCursor message, const Flow&) { return kind_of(message) != Kind::None; }

void text_at(ByteCursor data, std::size_t at, std::size_t size, Field field, std::string_view what, Claims& claims) {
    if (data.left() < at + size) return;
    data.skip(at);
    const Slice slice = data.bytes(size);
    const std::string_view text = trimmed(slice.text().substr(0, slice.text().find('\0')));
    if (text.size() >= 3 && printable_ascii(text)) claims.stated(field, text, slice, what);
}

// What an older inverter confirms to have done: control 3 executes, 2 writes a register; functions with bit 7 set are answers.
// Setting the clock (function 2) is no command. As openwatt and goodwe (public projects) speak it.
std::string older_command(std::uint8_t control, std::uint8_t function) {
    if (control == 2) return "goodwe register write";
    if (control != 3 || function == 0x82) return {};
    switch (function) {
        case 0x9b:
            return "goodwe start";
        case 0x9c:
            return "goodwe stop";
        case 0x9d:
            return "goodwe grid disconnect";
        case 0x9e:
            return "goodwe power limit";
        default:
            return "goodwe execute";
    }
}

// Read requests wait for their answer: datagrams are not numbered, one is in flight.
// GoodWe builds for others too (General Electric's GEP and GEH speak the same, says the library): its own models are GW...
void own_brand(ByteCursor payload, std::size_t at, Claims& claims) {
    payload.skip(at);
    const Slice letters = payload.bytes(2);
    if (letters.text() == "GW") claims.matched(Field::brand, "GoodWe", letters, "model");
}

constexpr std::uint32_t pending = 1;

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    const Kind kind = kind_of(message);
    const std::uint8_t unit = message.peek();
    switch (kind) {
        case Kind::None:
            return not_this();
        case Kind::OldRequest:
            return done();
        case Kind::Request:
            if (message.peek(1) == 3) {
                flow.state->ask(
                    pending, (std::uint64_t{unit} << 32) | (std::uint64_t{message.peek_be16(2)} << 16) | message.peek_be16(4));
            }
            return done();
        case Kind::OldAnswer: {
            claims.matched(Field::stack_maker, "GoodWe", ByteCursor(message).bytes(4), "frame");
            // 0x06 confirms, 0x15 refuses.
            if (const std::string what = older_command(message.peek(4), message.peek(5));
                !what.empty() && message.peek(6) != 0 && message.peek(7) == 0x06) {
                claims.stated(Field::remote_observed, what + " from " + flow.receiver.ip.text(), ByteCursor(message).rest(),
                              "execute");
                return done();
            }
            // Control 01 82: device information.
            if (message.peek_be16(4) != 0x0182) return done();
            message.skip(6);
            ByteCursor payload = message.take(message.u8());
            text_at(payload, 0, 5, Field::firmware, "information", claims);
            text_at(payload, 5, 10, Field::model, "information", claims);
            own_brand(payload, 5, claims);
            text_at(payload, 31, 16, Field::serial, "information", claims);
            return done();
        }
        case Kind::Answer:
            break;
    }
    claims.matched(Field::stack_maker, "GoodWe", ByteCursor(message).bytes(3), "frame");
    std::uint64_t asked = 0;
    const std::uint8_t function = message.peek(3);
    if (function == 6 || function == 16) {
        const Slice witness = ByteCursor(message).rest();
        claims.stated(Field::remote_observed, "goodwe register write from " + flow.receiver.ip.text(), witness, "write");
        return done();
    }
    if (function != 3 || !flow.state->answered(pending, asked)) return done();
    message.skip(4);
    ByteCursor registers = message.take(message.u8());
    const auto start = static_cast<std::uint16_t>(asked >> 16);
    const auto quantity = static_cast<std::uint16_t>(asked);
    if (registers.left() != std::size_t{2} * quantity) return done();
    // Where the device information of the two families begins: protocol version, rated power, ..., serial number, model.
    const bool hybrid = (asked >> 32) == 0xf7 && start == 35000;
    const bool grid = (asked >> 32) == 0x7f && start == 30001;
    if (!hybrid && !grid) return done();
    text_at(registers, 6, 16, Field::serial, "information", claims);
    text_at(registers, 22, 10, Field::model, "information", claims);
    own_brand(registers, 22, claims);
    if (hybrid && registers.left() >= 4) {
        ByteCursor power = registers;
        power.skip(2);
        const Slice witness = power.bytes(2);
        const unsigned watts = (unsigned{witness.bytes[0]} << 8) | witness.bytes[1];
        if (watts != 0 && watts != 0xffff) claims.stated(Field::rated_power, std::to_string(watts), witness, "information");
        text_at(registers, 42, 12, Field::firmware, "information", claims);
    }
    return done();
}

constexpr std::string_view older_asked = "aa55c07f0102000241";
constexpr std::string_view older_answer =
    "aa557fc001824530322e30354757353034382d45532000000000000000000000000000000000455835303438455355303030"
    "30303432000000003431302d30323034312d31300000000000000c47";
constexpr std::string_view asked = "f70388b800213ac1";
constexpr std::string_view answer =
    "aa55f70342000127100000455831304b4554553030303030303432455831304b2d4554202000000000000000000000303430"
    "32392d30342d53313130323034312d31302d5330306a6c";
constexpr std::string_view write = "f706b9ed00002835";
constexpr std::string_view written = "aa55f706b9ed00002835";
constexpr std::string_view asked_grid = "7f03753100280409";
constexpr std::string_view answer_grid =
    "aa557f0350000000000000455830304b4454553030303030303037455831304b2d4454000000000000000000000000000000"
    "0000000000000000000000000000000000000000000000000000000000000000000000f14b";
constexpr ExampleMessage older[] = {{From::Client, older_asked, {}}, {From::Server, older_answer, {}}};
constexpr std::string_view older_claims[] = {"server stack_maker=GoodWe", "server firmware=02.05", "server model=GW5048-ES",
                                             "server brand=GoodWe", "server serial=EX5048ESU0000042"};
constexpr ExampleMessage hybrid[] = {
    {From::Client, asked, {}}, {From::Server, answer, {}}, {From::Client, write, {}}, {From::Server, written, {}}};
constexpr std::string_view hybrid_claims[] = {
    "server stack_maker=GoodWe",    "server serial=EX10KETU00000042",
    "server model=EX10K-ET",        "server rated_power=10000",
    "server firmware=04029-04-S11", "server remote_observed=goodwe register write from 192.0.2.10",
};
constexpr ExampleMessage grid[] = {{From::Client, asked_grid, {}}, {From::Server, answer_grid, {}}};
constexpr std::string_view grid_claims[] = {"server stack_maker=GoodWe", "server serial=EX00KDTU00000007",
                                            "server model=EX10K-DT"};
constexpr ExampleMessage unanswered[] = {{From::Client, asked, {}}};
// Stopped, its mode set, a start that it refuses, a register written; its clock set (no command).
constexpr ExampleMessage executed[] = {
    {From::Client, "aa55c07f031c00025d", {}},
    {From::Server, "aa557fc0039c010602e4", {}},
    {From::Client, "aa55c07f03590101029c", {}},
    {From::Server, "aa557fc003d901060321", {}},
    {From::Client, "aa55c07f031b00025c", {}},
    {From::Server, "aa557fc0039b011502f2", {}},
    {From::Client, "aa55c07f023905056001000102e5", {}},
    {From::Server, "aa557fc002b901060300", {}},
    {From::Client, "aa55c07f0302061801010000000263", {}},
    {From::Server, "aa557fc00382010602ca", {}},
};
constexpr std::string_view executed_claims[] = {
    "server stack_maker=GoodWe", "server remote_observed=goodwe stop from 192.0.2.10",
    "server remote_observed=goodwe execute from 192.0.2.10", "server remote_observed=goodwe register write from 192.0.2.10"};
constexpr Example examples[] = {
    {"an older inverter tells what it is", Layer::Udp, 8899, older, older_claims},
    {"a hybrid inverter tells what it is and is written to", Layer::Udp, 8899, hybrid, hybrid_claims},
    {"an older inverter does as it is told", Layer::Udp, 8899, executed, executed_claims},
    {"a grid-tied inverter", Layer::Udp, 8899, grid, grid_claims},
    {"a question names nobody", Layer::Udp, 8899, unanswered, {}},
};
constexpr std::uint16_t ports[] = {8899};

}  // namespace

Decoder goodwe() {
    Decoder decoder;
    decoder.name = "goodwe";
    decoder.title = "GoodWe local";
    decoder.spec = "unpublished; as spoken by goodwe (public Python library); MODBUS over Serial Line V1.02";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("aa 55", "?? 03 ?? ?? ?? ?? ?? ??", "?? 06 ?? ?? ?? ?? ?? ??", "?? 10 ?? ?? ?? ?? ?? ??");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
