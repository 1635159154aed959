// TriStation: how the safety controllers of Triconex (Schneider Electric) are programmed (UDP 1502). They guard people; whoever
// speaks this to them can change or stop what guards them, and nothing authenticates it. Never to be asked, only listened to.
//
//   |type 1|channel 1|length 2 LE|to or from 1|connection 1|command 1|count 1|0 2|sum 2|length 2 LE|...|check 2 LE|
//   types 1 connect, 2 connected, 3 and 4 end it, 5 command, 6 ping, 7 to 11 refusals
#include <array>
#include <span>
#include <string>

#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

enum Type : std::uint8_t { Connect = 1, Connected = 2, Command = 5, LastType = 11 };
constexpr std::uint8_t first_answer = 100;

struct Act {
    std::uint8_t command;
    std::string_view what;
};
constexpr auto acts = std::to_array<Act>({{0, "download all"},
                                          {1, "download change"},
                                          {16, "set point values"},
                                          {20, "run program"},
                                          {21, "halt program"},
                                          {22, "pause program"},
                                          {27, "set I/O point values"},
                                          {38, "disable output voter diagnostics"},
                                          {55, "download program"},
                                          {56, "download function"},
                                          {59, "download program"},
                                          {80, "go to download mode"}});

struct Message {
    std::uint8_t type = 0;
    std::uint8_t command = 0;
    bool good = false;
};

// CRC-16 (0xA001, from 0) over all that stands before it.
std::uint16_t check_of(Bytes bytes) {
    unsigned check = 0;
    for (const std::uint8_t byte : bytes) {
        check ^= byte;
        for (int bit = 0; bit < 8; ++bit) check = (check & 1) != 0 ? (check >> 1) ^ 0xa001 : check >> 1;
    }
    return static_cast<std::uint16_t>(check);
}

// No public specification. As three public dissectors read it (FireEye, Nozomi Networks, nDPI): a known type, channel 0, a
// length that is all but six bytes, for a command the same length again; the check was worked out from a public capture.
Message read(ByteCursor message) {
    Message out;
    const std::size_t size = message.left();
    if (size < 6 || size > 1500) return out;
    const Slice all = ByteCursor(message).bytes(size - 2);
    out.type = message.u8();
    const std::uint8_t channel = message.u8();
    const std::uint16_t length = message.le16();
    if (out.type == 0 || out.type > LastType || channel != 0 || length + std::size_t{6} != size) return out;
    ByteCursor body = message.take(length);
    if (out.type == Command) {
        if (length < 10 || body.u8() > 1) return out;
        body.skip(1);
        out.command = body.u8();
        body.skip(5);
        if (body.le16() != length) return out;
    }
    out.good = message.le16() == check_of(all.bytes) && message.ok();
    return out;
}

bool recognise(ByteCursor message, const Flow&) { return read(message).good; }

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    const Message said = read(message);
    if (!said.good) return not_this();
    const Slice all = message.rest();
    const bool answers = said.type == Connected || (said.type == Command && said.command >= first_answer);
    const bool asks = said.type == Connect || (said.type == Command && said.command < first_answer);
    if (answers) {
        claims.stated(Field::role, "tristation safety controller", all, "answer");
        claims.matched(Field::category, "safety_plc", all, "answer");
        claims.matched(Field::brand, "Triconex", all, "answer");
    }
    if (asks) claims.stated(Field::role, "tristation engineering station", all, "request");
    if (said.type != Command) return done();
    for (const Act& act : acts) {
        if (act.command != said.command) continue;
        claims.about(flow.receiver)
            .stated(Field::remote_observed, "tristation " + std::string(act.what) + " from " + flow.sender.ip.text(), all,
                    "command");
    }
    return done();
}

constexpr ExampleMessage session[] = {{From::Client, "0100 0000 01fc", {}},
                                      {From::Server, "0200 0000 01b8", {}},
                                      {From::Client, "0500 0a00 0000 1301 0000 2800 0a00 43c4", {}},
                                      {From::Server, "0500 1200 0001 6c01 0000 9a00 1200 0001020304050607 ee44", {}},
                                      {From::Client, "0500 0a00 0000 1502 0000 2b00 0a00 f0aa", {}}};
constexpr std::string_view session_claims[] = {
    "client role=tristation engineering station", "server role=tristation safety controller", "server category=safety_plc",
    "server brand=Triconex", "server remote_observed=tristation halt program from 192.0.2.10"};
constexpr ExampleMessage connected[] = {session[0], session[1]};
constexpr Example examples[] = {
    {"a safety controller is asked for its state and halted", Layer::Udp, 1502, session, session_claims},
    {"a connection without a command controls nothing", Layer::Udp, 1502, connected, std::span(session_claims).first(4)}};
constexpr std::uint16_t ports[] = {1502};

}  // namespace

Decoder tristation() {
    Decoder decoder;
    decoder.name = "tristation";
    decoder.title = "TriStation (Triconex)";
    decoder.spec = "No public specification; as public dissectors (FireEye, Nozomi Networks, nDPI) read it";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("0? 00");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
