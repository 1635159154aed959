// FTP: the server greets with a text of its own, on many controllers and loggers the name of their stack. Who logs in, and
// which files are asked for, is not kept; only the greeting is read.
//
//   server |220-text CRLF ...|220 text CRLF|; client |VERB argument CRLF|
#include <array>

#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/text_lines.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t for_good = SIZE_MAX / 2;
constexpr std::uint16_t lines_max = 400;

struct Notes {
    GreetingNotes greeting;
    std::uint16_t lines;
    bool encrypted;  // AUTH was accepted: TLS follows
};

// RFC 959 sections 4.1 and 5.3.1, RFC 2389 and RFC 4217 section 4: a verb, an argument of one word where the verb wants one,
// CRLF.
bool is_command(std::string_view line) {
    const std::string_view verb = first_word(line);
    const std::string_view argument = after_first_word(line);
    if (equal_ignoring_case(verb, "USER")) return !argument.empty() && argument.find(' ') == std::string_view::npos;
    if (equal_ignoring_case(verb, "AUTH")) return equal_ignoring_case(argument, "TLS") || equal_ignoring_case(argument, "SSL");
    constexpr std::array<std::string_view, 5> alone = {"FEAT", "SYST", "PASV", "EPSV", "PWD"};
    for (const std::string_view known : alone) {
        if (equal_ignoring_case(verb, known)) return argument.empty();
    }
    return verb == "TYPE" && (argument == "A" || argument == "I");
}

// RFC 959 section 4.2: code 220, a blank or hyphen, text, CRLF; that it is FTP and not mail must stand in the text or be seen
// in what the client says.
bool recognise(ByteCursor message, const Flow& flow) {
    if (!has_text_line(message)) return false;
    const std::string_view line = message.line().text();
    if (!is_text(line)) return false;
    if (flow.from_opener) return is_command(line);
    return reply_code(line) == 220 && contains_ignoring_case(line, "ftp") && !contains_ignoring_case(line, "smtp");
}

Verdict from_server(std::string_view text, const Slice& line, Notes& notes, Claims& claims) {
    const unsigned code = reply_code(text);
    if (!notes.greeting.done) {
        // Within a greeting lines may come without a code.
        if (code == 0 && notes.greeting.lines == 0) return not_this();
        if (code != 0 && code != 220 && code != 120 && notes.greeting.lines == 0) {
            notes.greeting.done = true;
        } else if (code != 120) {
            add_line(notes.greeting, code == 220 ? reply_text(text) : trimmed(text));
            const bool last = code == 220 && (text.size() < 4 || text[3] == ' ');
            if (++notes.greeting.lines >= 32 || last) {
                notes.greeting.done = true;
                claims.stated(Field::banner, std::string_view(notes.greeting.text, notes.greeting.size), line, "greeting");
            }
        }
    }
    if (code == 234) notes.encrypted = true;
    return done();
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    Notes& notes = flow.state->notes<Notes>();
    if (notes.encrypted) return not_this();
    if (notes.lines >= lines_max) return done(for_good);
    if (!has_text_line(message)) {
        if (message.left() >= longest_text_line) return not_this();
        return flow.ended ? done() : need(message.left() + 1);
    }
    const std::size_t before = message.offset();
    const Slice line = message.line();
    ++notes.lines;
    // Telnet commands may stand in front of an abort (RFC 959 section 4.1.3).
    if (!is_text(line.text()) && line.bytes[0] != 0xff) return not_this();
    if (flow.from_server()) {
        const Verdict verdict = from_server(line.text(), line, notes, claims);
        if (verdict.kind == Verdict::Kind::NotThis) return verdict;
    }
    return done(message.offset() - before);
}

constexpr ExampleMessage session[] = {
    {From::Server, {}, "220-Pump station 7\r\n Ask jan@example.org\r\n220 ExampleFTP 1.2 ready.\r\n"},
    {From::Client, {}, "USER wilhelmina\r\n"},
    {From::Server, {}, "331 Password for wilhelmina\r\n"},
    {From::Client, {}, "PASS geheim\r\n"},
    {From::Server, {}, "230 Welcome wilhelmina\r\n"}};
constexpr std::string_view session_claims[] = {"server banner=Pump station 7 | Ask | ExampleFTP 1.2 ready."};
constexpr ExampleMessage silent[] = {{From::Client, {}, "AUTH TLS\r\n"}, {From::Server, {}, "234 AUTH TLS successful\r\n"}};
constexpr ExampleMessage plain[] = {{From::Server, {}, "220 (ExFTPd 2.3.5)\r\n"}};
constexpr std::string_view plain_claims[] = {"server banner=(ExFTPd 2.3.5)"};
constexpr Example examples[] = {
    {"a greeting of several lines; who logs in is not kept", Layer::Tcp, 21, session, session_claims},
    {"encryption begins before anything was said", Layer::Tcp, 21, silent, {}},
    {"a greeting of one line", Layer::Tcp, 2121, plain, plain_claims},
};
constexpr std::uint16_t ports[] = {21};
constexpr std::string_view alike[] = {"pop3"};

}  // namespace

Decoder ftp() {
    Decoder decoder;
    decoder.name = "ftp";
    decoder.title = "FTP greeting";
    decoder.spec = "RFC 959; RFC 4217";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("'220'", "i'user'", "i'auth'", "i'feat'", "i'syst'", "i'pasv'", "i'epsv'", "i'pwd'", "'TYPE'");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    decoder.shares_wire_with = alike;
    return decoder;
}

}  // namespace herkomst::decoders
