// SMTP: the server greets with its own name and usually its program. Senders, recipients and messages are skipped unread; a
// mail address in a greeting is taken out.
//
//   server |220 name text CRLF|; client |EHLO name CRLF|; after STARTTLS and 220 it is TLS
#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/mail_dialogue.h"
#include "decoders/ntlm.h"
#include "decoders/text_lines.h"

namespace herkomst::decoders {

namespace {

struct Notes {
    GreetingNotes greeting;
    bool wished;  // STARTTLS was said
    bool encrypted;
    bool off;  // what follows is a message, or a log-in
};

// RFC 5321 sections 4.2 and 4.1.1.1: code 220, a name, text that says SMTP, CRLF; or HELO, EHLO or (RFC 2033) LHLO with one
// word.
bool recognise(ByteCursor message, const Flow& flow) {
    if (!has_text_line(message)) return false;
    const std::string_view line = message.line().text();
    if (!is_text(line)) return false;
    const std::string_view word = after_first_word(line);
    if (flow.from_opener) {
        const std::string_view verb = first_word(line);
        const bool hello =
            equal_ignoring_case(verb, "EHLO") || equal_ignoring_case(verb, "HELO") || equal_ignoring_case(verb, "LHLO");
        return hello && !word.empty() && word.find(' ') == std::string_view::npos;
    }
    return reply_code(line) == 220 && contains_ignoring_case(line, "smtp") && !contains_ignoring_case(line, "ftp");
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    Notes& notes = flow.state->notes<Notes>();
    if (notes.encrypted) return not_this();
    if (flow.from_opener && notes.off) return done(rest_of_stream);
    const auto [line, consumed, there] = next_mail_line(message);
    if (!there) {
        const bool message_text = flow.from_opener && message.left() >= longest_text_line;
        return message_text ? done(rest_of_stream) : without_line(message, flow);
    }
    const std::string_view text = line.text();
    if (flow.from_opener) {
        if (!is_text(text)) return not_this();
        const std::string_view verb = first_word(text);
        if (equal_ignoring_case(verb, "STARTTLS")) notes.wished = true;
        if (equal_ignoring_case(verb, "AUTH") || equal_ignoring_case(verb, "MAIL")) notes.off = true;
        return done(consumed);
    }
    const unsigned code = reply_code(text);
    if (code == 0) return not_this();
    // RFC 4954 section 4 with MS-SMTPNTLM section 2.2: the challenge of a log-in names the server.
    if (code == 334) observe_ntlm_token(part_of(line, reply_text(text)), claims);
    if (!notes.greeting.done) {
        const bool first_line = notes.greeting.lines == 0;
        notes.greeting.done = code != 220 || text.size() < 4 || text[3] == ' ' || ++notes.greeting.lines >= 16;
        if (code == 220) add_line(notes.greeting, reply_text(text));
        if (code == 220 && notes.greeting.done) {
            const std::string_view all(notes.greeting.text, notes.greeting.size);
            claims.stated(Field::banner, all, line, "greeting");
        }
        // RFC 5321 section 4.2: the first word of the greeting is the server's own name. Some put a notice in front of it.
        const std::string_view name = first_word(reply_text(text));
        const bool greets = code == 220 && first_line && (notes.greeting.done || contains_ignoring_case(text, "smtp"));
        if (greets && is_host_word(name) && name.find('.') < name.size() - 1) {
            claims.stated(Field::dns_name, name, part_of(line, name), "greeting");
        }
    } else if (code == 220 && notes.wished) {
        notes.encrypted = true;
    }
    return done(consumed);
}

constexpr ExampleMessage session[] = {{From::Server, {}, "220 mail.plant.example ESMTP ExampleMTA 3.4 ask jan@example.org\r\n"},
                                      {From::Client, {}, "EHLO wilhelmina-laptop\r\nMAIL FROM:<wilhelmina@example.org>\r\n"},
                                      {From::Server, {}, "250-mail.plant.example Hello wilhelmina-laptop\r\n250 8BITMIME\r\n"}};
constexpr std::string_view session_claims[] = {"server banner=mail.plant.example ESMTP ExampleMTA 3.4 ask",
                                               "server dns_name=mail.plant.example"};
constexpr ExampleMessage notice[] = {
    {From::Server, {}, "220-mail.plant.example ESMTP ExampleMTA 3.4\r\n220-No advertising here,\r\n220 please.\r\n"}};
constexpr std::string_view notice_claims[] = {
    "server banner=mail.plant.example ESMTP ExampleMTA 3.4 | No advertising here, | please.",
    "server dns_name=mail.plant.example"};
constexpr ExampleMessage challenge[] = {
    {From::Client, {}, "EHLO x\r\nAUTH NTLM\r\n"},
    {From::Server,
     {},
     "334 "
     "TlRMTVNTUAACAAAACgAKADgAAAAVgoniAQIDBAUGBwgAAAAAAAAAAHQAdABCAAAACgB8TwAAAA9QAEwAQQBOAFQAAgAKAFAATABB"
     "AE4AVAABAAoATQBBAEkATAAxAAQAGgBwAGwAYQBuAHQALgBlAHgAYQBtAHAAbABlAAMAJgBtAGEAaQBsADEALgBwAGwAYQBuAHQA"
     "LgBlAHgAYQBtAHAAbABlAAcACAAAAAAAAAAAAAAAAAA="
     "\r\n"}};
constexpr std::string_view challenge_claims[] = {"server hostname=MAIL1", "server dns_name=mail1.plant.example",
                                                 "server realm=plant.example", "server os=Windows 10.0.20348"};
constexpr ExampleMessage silent[] = {{From::Client, {}, "EHLO [192.0.2.10]\r\nSTARTTLS\r\n"}};
constexpr Example examples[] = {
    {"an NTLM challenge names the server", Layer::Tcp, 25, challenge, challenge_claims},
    {"a server greets; sender and client are not kept", Layer::Tcp, 25, session, session_claims},
    {"a greeting of several lines", Layer::Tcp, 25, notice, notice_claims},
    {"a client alone says nothing", Layer::Tcp, 587, silent, {}},
};
constexpr std::uint16_t ports[] = {25, 587};

}  // namespace

Decoder smtp() {
    Decoder decoder;
    decoder.name = "smtp";
    decoder.title = "SMTP greeting";
    decoder.spec = "RFC 5321; RFC 3207";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("'220'", "i'ehlo'", "i'helo'", "i'lhlo'");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
