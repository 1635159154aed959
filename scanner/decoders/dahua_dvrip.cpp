// Dahua's own protocol for cameras and recorders (TCP 37777, also of the brands that Dahua builds for): whoever opens a session
// is told with which realm to sign in, and in older devices that is the serial number; serial number, firmware and model can be
// asked for. Behind the sign-in, JSON: restarts, settings and passwords are ordered so, and that is seen.
//
//   |A0 01|0 ...|05 02 01 01 00 00 A1 AA|     ask for the realm       |B0|..|..|..|length 2|...| "Realm:Login to ..." CRLF ...
//   |A4 00 00 00|0 4|what 4|0 20|             ask: 7 serial, 8 firmware, 11 model     |B4|..|..|..|length 2|...| text, zeros
//   |F6 00 00 00|length 4|...| JSON           heads are 32 bytes, numbers little-endian
//
// The layout is not published by its maker. It is the one that DahuaConsole and the scanners of Metasploit speak. User names
// and signatures, which follow A0 05, are not read.
#include <algorithm>
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/json_reader.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t head_size = 32;
constexpr std::size_t longest_text = 4096;

enum class Asked : std::uint8_t { Nothing = 0, Serial = 7, Firmware = 8, Model = 11 };
struct Notes {
    Asked asked;
};

bool all_zero(const ByteCursor& message, std::size_t from, std::size_t to) {
    for (std::size_t at = from; at < to; ++at) {
        if (message.peek(at) != 0) return false;
    }
    return true;
}

// As DahuaConsole sends it: the word in front, twenty zeros, the words at the end.
bool asks_realm(const ByteCursor& message) {
    return message.peek_be16() == 0xa001 && all_zero(message, 2, 24) && message.peek(24) == 5 && message.peek(25) == 2 &&
           message.peek_be16(28) == 0 && message.peek_be16(30) == 0xa1aa;
}

// As Metasploit's dahua_dvr_auth_bypass sends it: nothing but the word in front and what is asked.
bool asks(const ByteCursor& message) {
    return message.peek() == 0xa4 && all_zero(message, 1, 8) && message.peek(8) != 0 && all_zero(message, 9, head_size);
}

bool has_realm(const ByteCursor& message, std::size_t size) {
    const std::string_view text = message.text_ahead().substr(head_size, size);
    return message.peek() == 0xb0 && text.starts_with("Realm:") && text.find("\r\nRandom:") != std::string_view::npos;
}

// Only the first message has to show whose it is: the question for the realm, a question, or the answer with a realm.
bool recognise(ByteCursor message, const Flow& flow) {
    if (message.left() < head_size) return false;
    const std::size_t size = message.peek_le16(4);
    if (flow.from_opener) return asks_realm(message) || asks(message);
    return size <= longest_text && has_realm(message, size);
}

// Four to seven signs, P, two letters, three to six signs; 14 or 15 together. Newer firmware has a digest in its place.
bool is_serial(std::string_view text) {
    if (text.size() < 14 || text.size() > 15) return false;
    const auto letter = [&](std::size_t at) { return text[at] >= 'A' && text[at] <= 'Z'; };
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!letter(i) && !(text[i] >= '0' && text[i] <= '9')) return false;
    }
    for (std::size_t at = 4; at <= 7; ++at) {
        const std::size_t behind = text.size() - at - 3;
        if (text[at] == 'P' && letter(at + 1) && letter(at + 2) && behind >= 3 && behind <= 6) return true;
    }
    return false;
}

Slice text_of(const Slice& body) {
    const std::size_t end = std::min(body.text().find('\0'), body.size());
    return {body.bytes.first(end), body.offset};
}

void answer(std::uint8_t kind, const Slice& body, Asked asked, Claims& claims) {
    if (kind == 0xb0 && body.text().starts_with("Realm:")) {
        claims.matched(Field::stack_maker, "Dahua", Slice{body.bytes.first(6), body.offset}, "realm");
        constexpr std::string_view start = "Realm:Login to ";
        if (!body.text().starts_with(start)) return;
        const std::size_t end = std::min(body.text().find('\r'), body.size());
        const Slice realm{body.bytes.subspan(start.size(), end - start.size()), body.offset + start.size()};
        if (is_serial(realm.text())) claims.stated(Field::serial, realm, "realm");
        return;
    }
    const Slice text = text_of(body);
    if (kind != 0xb4 || text.size() < 3 || text.size() > 64 || !printable_ascii(text.text())) return;
    claims.matched(Field::stack_maker, "Dahua", text, "answer");
    if (asked == Asked::Serial) claims.stated(Field::serial, text, "serial");
    if (asked == Asked::Firmware) claims.stated(Field::firmware, text, "firmware");
    if (asked == Asked::Model) claims.stated(Field::model, text, "model");
}

// The calls of DahuaConsole that restart a device or set something in it.
void call(const Slice& body, const Flow& flow, const Claims& claims) {
    const JsonScalars said = read_json(body.text());
    const std::string_view method = said.string_at("method");
    constexpr std::string_view orders[] = {"magicBox.reboot", "magicBox.shutdown", "configManager.setConfig",
                                           "configManager.restore", "userManager.modifyPassword"};
    for (const std::string_view order : orders) {
        if (method != order) continue;
        claims.about(flow.receiver)
            .stated(Field::remote_observed, "dahua " + std::string(order) + " from " + flow.sender.ip.text(),
                    Slice{body.bytes.first(1), body.offset}, "call");
    }
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    const std::size_t there = message.left();
    if (there < head_size) return flow.ended ? done() : need(head_size);
    Notes& notes = flow.state->notes<Notes>();
    const std::uint8_t kind = message.peek();
    if (flow.from_opener && asks(message)) {
        notes.asked = static_cast<Asked>(message.peek(8));
        return done(head_size);
    }
    if (asks_realm(message)) return done(head_size);
    // A sign-in and its answer have a length of four bytes; that of answers is one of two, and other things follow.
    const std::size_t size =
        kind == 0xb0 || kind == 0xb4 ? message.peek_le16(4) : message.peek_le16(4) | std::size_t{message.peek_le16(6)} << 16;
    const bool known = kind == 0xa0 || kind == 0xb0 || kind == 0xb4 || kind == 0xf6;
    // Pictures and what is not known here: passed over, as far as the head says.
    if (!known || size > longest_text) return size > 16 * 1024 * 1024 ? not_this() : done(head_size + size);
    if (there < head_size + size && !flow.ended) return need(head_size + size);
    message.skip(head_size);
    const Slice body = message.bytes(std::min(size, message.left()));
    if (!flow.from_opener && body.size() == size) answer(kind, body, notes.asked, claims);
    if (!flow.from_opener) notes.asked = Asked::Nothing;
    if (flow.from_opener && kind == 0xf6) call(body, flow, claims);
    return done(head_size + size);
}

constexpr std::string_view asked_realm = "a0010000 00000000 00000000 00000000 00000000 00000000 05020101 0000a1aa";
// "Realm:Login to EX00045PAA00000", "Random:1234567890" and blank lines
constexpr std::string_view told_realm =
    "b0000058 35000000 00000000 00000000 00000000 00000000 00000000 00000000"
    "5265616c6d3a4c6f67696e20746f20455830303034355041413030303030 0d0a"
    "52616e646f6d3a31323334353637383930 0d0a 0d0a";
constexpr ExampleMessage opened[] = {
    {From::Client, asked_realm, {}},
    {From::Server, told_realm, {}},
    // a sign-in: user name and signature, which are not kept
    {From::Client, "a0050000 0e000000 00000000 00000000 00000000 00000000 05020008 0000a1aa 77696c68656c6d696e6126263030", {}},
    {From::Client, "a4000000 00000000 08000000 00000000 00000000 00000000 00000000 00000000", {}},
    {From::Server,
     "b4000058 10000000 08000000 00000000 00000000 00000000 00000000 00000000 322e3830302e30302e312e5200000000",
     {}},
    {From::Client, "a4000000 00000000 0b000000 00000000 00000000 00000000 00000000 00000000", {}},
    {From::Server, "b4000058 0c000000 0b000000 00000000 00000000 00000000 00000000 00000000 4950432d4558323200000000", {}},
    // {"method":"magicBox.reboot","id":3}
    {From::Client,
     "f6000000 23000000 03000000 00000000 23000000 00000000 01000000 00000000"
     "7b226d6574686f64223a226d61676963426f782e7265626f6f74222c226964223a337d",
     {}}};
constexpr std::string_view opened_claims[] = {"server stack_maker=Dahua", "server serial=EX00045PAA00000",
                                              "server firmware=2.800.00.1.R", "server model=IPC-EX22",
                                              "server remote_observed=dahua magicBox.reboot from 192.0.2.10"};
// "Realm:Login to 0123456789ABCDEF": a digest is no serial number
constexpr ExampleMessage newer[] = {{From::Client, asked_realm, {}},
                                    {From::Server,
                                     "b0000058 30000000 00000000 00000000 00000000 00000000 00000000 00000000"
                                     "5265616c6d3a4c6f67696e20746f2030313233343536373839414243444546 0d0a"
                                     "52616e646f6d3a313233343536 0d0a",
                                     {}}};
constexpr std::string_view newer_claims[] = {"server stack_maker=Dahua"};
constexpr ExampleMessage only_asked[] = {{From::Client, asked_realm, {}}};
constexpr Example examples[] = {
    {"a camera is opened, asked and restarted", Layer::Tcp, 37777, opened, opened_claims},
    {"a newer one does not tell its serial number", Layer::Tcp, 37777, newer, newer_claims},
    {"a question names nobody", Layer::Tcp, 37777, only_asked, {}},
};
constexpr std::uint16_t ports[] = {37777};

}  // namespace

Decoder dahua_dvrip() {
    Decoder decoder;
    decoder.name = "dahua_dvrip";
    decoder.title = "Dahua DVRIP";
    decoder.spec = "unpublished; as DahuaConsole and Metasploit speak it (public projects)";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("a0 01 00 00 00 00 00 00", "a4 00 00 00 00 00 00 00", "b0");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
