// Telnet: what a server prints before it asks who is there: a banner, on many devices with product and version, and often the
// host's name in the prompt. Nothing behind the prompt is read, so no account and no session.
//
//   |FF FB..FE option| ... negotiation among the text; |FF FA option ... FF F0|
#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/text_lines.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t for_good = SIZE_MAX / 2;
constexpr std::size_t longest_banner = 2048;

struct Notes {
    bool told;
};

bool is_option(std::uint8_t option) { return option <= 49 || option == 138 || option == 139 || option == 140; }

// RFC 854 "TELNET COMMAND STRUCTURE", RFC 855 and the options that IANA lists: a stream that begins with two negotiations, each
// of FF, one of four verbs and a known option.
bool recognise(ByteCursor message, const Flow&) {
    for (unsigned i = 0; i < 2; ++i) {
        if (message.u8() != 0xff) return false;
        const std::uint8_t verb = message.u8();
        if (verb < 0xfb || verb > 0xfe || !is_option(message.u8())) return false;
    }
    return message.ok();
}

// The text without commands, terminal sequences and zeros; CR alone or LF end a line. Reads no more than `most` characters.
std::string text_of(ByteCursor& message, std::size_t most) {
    std::string text;
    while (!message.done() && text.size() < most) {
        const std::uint8_t c = message.u8();
        if (c == 0xff) {
            const std::uint8_t verb = message.u8();
            if (verb >= 0xfb && verb <= 0xfe) message.skip(message.done() ? 0 : 1);
            if (verb != 0xfa) continue;
            while (!message.done() && !(message.peek() == 0xff && message.peek(1) == 0xf0)) message.skip(1);
            if (!message.done()) message.skip(2);
            continue;
        }
        if (c == 0x1b) {  // ECMA-48: CSI up to its final byte; others are two bytes
            if (message.peek() != '[') {
                if (!message.done()) message.skip(1);
                continue;
            }
            while (!message.done()) {
                const std::uint8_t in = message.u8();
                if (in >= 0x40 && in <= 0x7e && in != '[') break;
            }
            continue;
        }
        if (c == '\r' || c == '\n') {
            text.push_back('\n');
        } else if (c >= 0x20 || c == '\t') {
            text.push_back(static_cast<char>(c));
        }
    }
    return text;
}

// Where the line begins that asks who is there; npos when nobody asked yet.
std::size_t prompt_at(const std::string& text) {
    const std::string folded_text = lower(text);
    std::size_t first = std::string::npos;
    for (const std::string_view word : {"login:", "username:", "user name:", "user:", "password:", "account:", "login as:"}) {
        first = std::min(first, folded_text.find(word));
    }
    if (first == std::string::npos) return first;
    const std::size_t line = text.rfind('\n', first);
    return line == std::string::npos ? 0 : line + 1;
}

// "ExampleOS/arm (pump7) (ttyp1)": getty's default on the BSDs: system, host name, terminal.
bool system_and_name(std::string_view line, std::string& system, std::string& name) {
    const std::size_t open = line.find(" (");
    const std::size_t close = line.find(") (tty", open == std::string_view::npos ? line.size() : open);
    if (open == std::string_view::npos || close == std::string_view::npos || line.back() != ')') return false;
    system = line.substr(0, open);
    name = line.substr(open + 2, close - open - 2);
    return system.find(' ') == std::string::npos && system.find('/') != std::string::npos && is_host_word(name);
}

bool is_asking(std::string_view word) {
    for (const std::string_view each : {"enter", "your", "user", "please", "admin", "device", "system", "console", "remote",
                                        "telnet", "switch", "router", "gateway", "operator", "local", "account", "name"}) {
        if (equal_ignoring_case(word, each)) return true;
    }
    return false;
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    Notes& notes = flow.state->notes<Notes>();
    if (flow.from_opener || notes.told) return done(for_good);
    const ByteCursor start = message;
    const std::size_t waiting = message.left();
    const std::string text = text_of(message, longest_banner);
    const std::size_t end = prompt_at(text);
    if (end == std::string::npos) {
        // Without a question nobody knows where the banner ends and somebody's session begins.
        if (waiting >= longest_banner || flow.ended) {
            notes.told = true;
            return done(for_good);
        }
        return need(waiting + 1);
    }
    notes.told = true;
    // The witness begins with the text, not with the negotiation before it, which often came in frames of its own. It ends
    // where the question does: what somebody typed may stand behind it.
    const std::size_t colon = text.find(':', end);
    ByteCursor first = start;
    text_of(first, text.find_first_not_of("\n\t ") + 1);
    ByteCursor from = start;
    from.skip(first.offset() - start.offset() - 1);
    ByteCursor shown = start;
    text_of(shown, colon == std::string::npos ? end : colon + 1);
    const Slice witness = shown.since(from);
    const std::string banner = clean(std::string_view(text).substr(0, end), 512);
    claims.stated(Field::banner, banner, witness, "banner");
    const std::string_view prompt = std::string_view(text).substr(end);
    // getty's prompt on Linux and others: the host's name and "login:". A word that asks is no name.
    const std::size_t blank = prompt.find(" login:");
    std::string system;
    std::string name;
    if (system_and_name(banner, system, name)) {
        claims.matched(Field::os, system, witness, "banner");
        claims.matched(Field::hostname, name, witness, "banner");
    } else if (blank != std::string_view::npos && is_host_word(prompt.substr(0, blank)) &&
               !is_asking(prompt.substr(0, blank))) {
        claims.matched(Field::hostname, prompt.substr(0, blank), witness, "prompt");
    }
    return done(for_good);
}

constexpr ExampleMessage getty[] = {
    {From::Server, "fffd18 fffd20 fffd23", {}},
    {From::Client, "fffb18 fffc20", {}},
    {From::Server, "fffb03 0d0a 4578616d706c654c6f6767657220322e31 0d0a 70756d702d37206c6f67696e3a20", {}},
    {From::Client, {}, "wilhelmina\r\n"},
    {From::Server, {}, "wilhelmina\r\nPassword: "}};
constexpr std::string_view getty_claims[] = {"server banner=ExampleLogger 2.1", "server hostname=pump-7"};
constexpr ExampleMessage bsd[] = {{From::Server, "fffd25 fffb01", {}},
                                  {From::Server, {}, "\r\nExampleOS/arm (pump7) (ttyp1)\r\n\r\nlogin: "}};
constexpr std::string_view bsd_claims[] = {"server banner=ExampleOS/arm (pump7) (ttyp1)", "server os=ExampleOS/arm",
                                           "server hostname=pump7"};
constexpr ExampleMessage session[] = {{From::Server, "fffb01 fffb03 77696c68656c6d696e61 40 70756d7037 3a7e24 20", {}}};
constexpr Example examples[] = {
    {"a banner and a prompt; who answers is not kept", Layer::Tcp, 23, getty, getty_claims},
    {"getty of the BSDs", Layer::Tcp, 23, bsd, bsd_claims},
    {"a session that nobody had to log in to says nothing", Layer::Tcp, 23, session, {}},
};
constexpr std::uint16_t ports[] = {23};

}  // namespace

Decoder telnet() {
    Decoder decoder;
    decoder.name = "telnet";
    decoder.title = "Telnet banner";
    decoder.spec = "RFC 854; RFC 855";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("ff f?");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
