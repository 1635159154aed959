// IMAP: the server's greeting, often its program. Who logs in and all mail are not kept.
//
//   server |* OK text CRLF|; client |tag VERB ... CRLF|; after STARTTLS and "tag OK" it is TLS
#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/mail_dialogue.h"
#include "decoders/text_lines.h"

namespace herkomst::decoders {

namespace {

std::string_view verb_of(std::string_view line) { return first_word(after_first_word(line)); }

// RFC 9051 sections 7.1.1, 6.1 and 6.2: an untagged OK or PREAUTH whose text says IMAP; or a tag of letters and digits, a verb
// that is said before anybody logs in, and nothing behind it.
bool recognise(ByteCursor message, const Flow& flow) {
    if (!has_text_line(message)) return false;
    const std::string_view line = message.line().text();
    if (!is_text(line)) return false;
    if (!flow.from_opener) {
        const bool greeting = line.substr(0, 5) == "* OK " || line.substr(0, 10) == "* PREAUTH ";
        return greeting && contains_ignoring_case(line, "imap");
    }
    const std::string_view tag = first_word(line);
    if (tag.empty() || tag.size() > 12) return false;
    for (const char c : tag) {
        if (!((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))) return false;
    }
    const std::string_view rest = after_first_word(line);
    return equal_ignoring_case(rest, "CAPABILITY") || equal_ignoring_case(rest, "STARTTLS");
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    MailNotes& notes = flow.state->notes<MailNotes>();
    if (notes.encrypted) return not_this();
    if (notes.off && (flow.from_opener || notes.logged_in)) return done(rest_of_stream);
    const auto [line, consumed, there] = next_mail_line(message);
    if (!there) return without_line(message, flow);
    const std::string_view text = line.text();
    if (!is_text(text)) return not_this();
    if (flow.from_opener) {
        const std::string_view verb = verb_of(text);
        if (equal_ignoring_case(verb, "STARTTLS")) notes.wished = true;
        if (equal_ignoring_case(verb, "LOGIN") || equal_ignoring_case(verb, "AUTHENTICATE")) notes.off = true;
        return done(consumed);
    }
    // RFC 9051 section 6.2.2: the challenge of a log-in, which names the server.
    if (notes.off) {
        log_in_answer(line, notes, claims);
        return done(consumed);
    }
    if (!notes.greeted && text.substr(0, 5) == "* OK ") {
        notes.greeted = true;
        std::string_view greeting = trimmed(text.substr(5));
        // A list of capabilities in brackets may come first.
        if (!greeting.empty() && greeting.front() == '[') {
            const std::size_t end = greeting.find(']');
            greeting = end == std::string_view::npos ? std::string_view() : trimmed(greeting.substr(end + 1));
        }
        if (flow.opening_seen || contains_ignoring_case(text, "imap"))
            claims.stated(Field::banner, greeting, part_of(line, greeting), "greeting");
    } else if (notes.wished && text.substr(0, 2) != "* " && equal_ignoring_case(verb_of(text), "OK")) {
        notes.encrypted = true;
    }
    return done(consumed);
}

constexpr ExampleMessage session[] = {{From::Server, {}, "* OK [CAPABILITY IMAP4rev1 STARTTLS] ExampleMail 2.3 ready.\r\n"},
                                      {From::Client, {}, "a1 LOGIN wilhelmina geheim\r\n"},
                                      {From::Server, {}, "a1 OK wilhelmina logged in\r\n"}};
constexpr std::string_view session_claims[] = {"server banner=ExampleMail 2.3 ready."};
constexpr ExampleMessage silent[] = {{From::Client, {}, "a1 STARTTLS\r\n"}, {From::Server, {}, "a1 OK begin\r\n"}};
constexpr Example examples[] = {
    {"a server greets; who logs in is not kept", Layer::Tcp, 143, session, session_claims},
    {"encryption begins", Layer::Tcp, 143, silent, {}},
};
constexpr std::uint16_t ports[] = {143};

}  // namespace

Decoder imap() {
    Decoder decoder;
    decoder.name = "imap";
    decoder.title = "IMAP greeting";
    decoder.spec = "RFC 9051";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("'* '", "3?", "4?", "5?", "6?", "7?");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
