// POP3: the server's greeting, often its program and version. The stamp in angle brackets, who logs in and all mail are not
// kept.
//
//   server |+OK text CRLF|; client |VERB argument CRLF|; after STLS and +OK it is TLS
#include <array>

#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/mail_dialogue.h"
#include "decoders/text_lines.h"

namespace herkomst::decoders {

namespace {

// RFC 1939 sections 3 and 4, RFC 2595 section 4: "+OK" and a text that says POP or holds a stamp "<...@...>"; or a verb of this
// protocol with as many words as it takes; CRLF.
bool recognise(ByteCursor message, const Flow& flow) {
    if (!has_text_line(message)) return false;
    const std::string_view line = message.line().text();
    if (!is_text(line)) return false;
    if (flow.from_opener) {
        const std::string_view verb = first_word(line);
        const std::string_view argument = after_first_word(line);
        if (equal_ignoring_case(verb, "CAPA") || equal_ignoring_case(verb, "STLS")) return argument.empty();
        return equal_ignoring_case(verb, "USER") && !argument.empty() && argument.find(' ') == std::string_view::npos;
    }
    if (line.substr(0, 3) != "+OK" || (line.size() > 3 && line[3] != ' ')) return false;
    const std::size_t open = line.find('<');
    const std::size_t mark = line.find('@', open == std::string_view::npos ? line.size() : open);
    const bool stamp = mark != std::string_view::npos && line.find('>', mark) != std::string_view::npos;
    return contains_ignoring_case(line, "pop") || stamp;
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    MailNotes& notes = flow.state->notes<MailNotes>();
    if (notes.encrypted) return not_this();
    if (notes.off && (flow.from_opener || notes.logged_in)) return done(rest_of_stream);
    const auto [line, consumed, there] = next_mail_line(message);
    if (!there) return without_line(message, flow);
    const std::string_view text = line.text();
    if (flow.from_opener) {
        if (!is_text(text)) return not_this();
        const std::string_view verb = first_word(text);
        if (equal_ignoring_case(verb, "STLS")) notes.wished = true;
        // From the password on there is only mail.
        if (equal_ignoring_case(verb, "PASS") || equal_ignoring_case(verb, "APOP") || equal_ignoring_case(verb, "AUTH"))
            notes.off = true;
        return done(consumed);
    }
    // RFC 5034 section 4: the challenge of a log-in, which names the server.
    if (notes.off) {
        log_in_answer(line, notes, claims);
        return done(consumed);
    }
    const bool good = text.substr(0, 3) == "+OK";
    if (!notes.greeted) {
        if (!good) return text.substr(0, 4) == "-ERR" ? done(consumed) : not_this();
        notes.greeted = true;
        const std::string_view greeting = trimmed(text.substr(3));
        // Whether a server's first words were its greeting is known when the connection was seen to open, or when it says so:
        // other lines have accounts in them.
        const std::size_t stamp = greeting.find('<');
        const bool ready = contains_ignoring_case(greeting, "pop") && contains_ignoring_case(greeting, "ready");
        if (flow.opening_seen || stamp != std::string_view::npos || ready) {
            const std::string_view said = trimmed(greeting.substr(0, stamp));
            claims.stated(Field::banner, said, part_of(line, said), "greeting");
        }
    } else if (notes.wished && good) {
        notes.encrypted = true;
    }
    return done(consumed);
}

constexpr ExampleMessage session[] = {{From::Server, {}, "+OK ExamplePOP 7.2 ready <7@plant.example>\r\n"},
                                      {From::Client, {}, "USER wilhelmina\r\n"},
                                      {From::Server, {}, "+OK wilhelmina is welcome here\r\n"},
                                      {From::Client, {}, "PASS geheim\r\n"}};
constexpr std::string_view session_claims[] = {"server banner=ExamplePOP 7.2 ready"};
constexpr ExampleMessage silent[] = {{From::Client, {}, "STLS\r\n"}, {From::Server, {}, "-ERR not now\r\n"}};
constexpr Example examples[] = {
    {"a server greets; who logs in is not kept", Layer::Tcp, 110, session, session_claims},
    {"encryption is wished for and refused", Layer::Tcp, 110, silent, {}},
};
constexpr std::uint16_t ports[] = {110};
constexpr std::string_view alike[] = {"ftp"};

}  // namespace

Decoder pop3() {
    Decoder decoder;
    decoder.name = "pop3";
    decoder.title = "POP3 greeting";
    decoder.spec = "RFC 1939; RFC 2595";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("'+OK'", "i'capa'", "i'stls'", "i'user'");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    decoder.shares_wire_with = alike;
    return decoder;
}

}  // namespace herkomst::decoders
