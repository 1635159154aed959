// Syslog: the head of each message names the host that it is from. A relay sends others' messages on, so the name is a hint for
// the sender. Texts, where people are named, are not read.
//
//   <priority>1 time host program ...   or   <priority>Mmm dd hh:mm:ss host program: ...
#include <array>

#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/text_lines.h"

namespace herkomst::decoders {

namespace {

bool digits(std::string_view text) {
    for (const char c : text) {
        if (c < '0' || c > '9') return false;
    }
    return !text.empty();
}

// "Mmm dd hh:mm:ss " with a blank or a digit before the day (RFC 3164 section 4.1.2).
bool is_old_time(std::string_view text) {
    constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (text.size() < 16) return false;
    bool known = false;
    for (const std::string_view month : months) known = known || month == text.substr(0, 3);
    return known && text[3] == ' ' && (text[4] == ' ' || digits(text.substr(4, 1))) && digits(text.substr(5, 1)) &&
           text[6] == ' ' && digits(text.substr(7, 2)) && text[9] == ':' && text[12] == ':' && digits(text.substr(13, 2)) &&
           text[15] == ' ';
}

// The host's word in the head; `found` when this is a syslog message at all.
struct Head {
    bool found = false;
    std::string_view host;
};

Head read_head(std::string_view text) {
    Head head;
    const std::size_t close = text.find('>');
    if (text.empty() || text.front() != '<' || close == std::string_view::npos || close < 2 || close > 4) return head;
    if (!digits(text.substr(1, close - 1))) return head;
    unsigned priority = 0;
    for (const char c : text.substr(1, close - 1)) priority = priority * 10 + static_cast<unsigned>(c - '0');
    if (priority > 191) return head;
    text.remove_prefix(close + 1);
    if (text.substr(0, 2) == "1 ") {
        text.remove_prefix(2);
        const std::string_view time = first_word(text);
        const bool dated = time == "-" || (time.size() >= 20 && time[4] == '-' && time[7] == '-' && time[10] == 'T');
        if (!dated) return head;
        head.found = true;
        head.host = first_word(after_first_word(text));
    } else if (is_old_time(text)) {
        head.found = true;
        text.remove_prefix(16);
        // Without a host the next word is the program's, which ends in a colon or has a number in brackets.
        const std::string_view word = first_word(text);
        if (word.size() < text.size() && word.find_first_of(":[") == std::string_view::npos) head.host = word;
    }
    return head;
}

// RFC 5424 section 6, RFC 3164 section 4.1: a priority up to 191 in angle brackets, then version 1 and a time, or a time of the
// old form.
bool recognise(ByteCursor message, const Flow&) {
    return message.peek() == '<' && read_head(message.text_ahead().substr(0, 512)).found;
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (message.peek() == '<' && !recognise(message, flow)) return done();  // devices leave out what they do not know
    if (message.peek() != '<') return not_this();
    const Slice all = message.rest();
    const Head head = read_head(all.text().substr(0, 512));
    if (!is_host_word(head.host)) return done();
    // A word that ends with the message may have been cut.
    const auto begin = static_cast<std::size_t>(head.host.data() - all.text().data());
    if (begin + head.host.size() >= all.size()) return done();
    claims.hinted(Field::hostname, head.host, Slice{all.bytes.subspan(begin, head.host.size()), all.offset + begin}, "host");
    return done();
}

constexpr ExampleMessage old[] = {
    {From::Client, {}, "<38>Oct  7 22:14:15 pump-7 sshd[42]: Accepted password for wilhelmina from 192.0.2.10"}};
constexpr std::string_view old_claims[] = {"client hostname=pump-7"};
constexpr ExampleMessage newer[] = {
    {From::Client, {}, "<165>1 2026-10-11T22:14:15.003Z rtu7.plant.example app - ID47 - wilhelmina@example.org was here"}};
constexpr std::string_view newer_claims[] = {"client hostname=rtu7.plant.example"};
constexpr ExampleMessage nameless[] = {{From::Client, {}, "<13>Oct 17 22:14:15 logger: wilhelmina"}};
constexpr Example examples[] = {
    {"the old form; who logged in is not kept", Layer::Udp, 514, old, old_claims},
    {"the new form", Layer::Udp, 514, newer, newer_claims},
    {"without a host", Layer::Udp, 514, nameless, {}},
};
constexpr std::uint16_t ports[] = {514};

}  // namespace

Decoder syslog() {
    Decoder decoder;
    decoder.name = "syslog";
    decoder.title = "Syslog";
    decoder.spec = "RFC 5424; RFC 3164";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("'<'");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
