// SIP: telephones, gateways and exchanges name their program in User-Agent and Server, often with model and firmware. Who calls
// whom stands in most other fields: no name, number or address of a person is kept, and no description of a call.
//
//   request  METHOD SP uri SP SIP/2.0 CRLF  *(name ":" value CRLF) CRLF [body]
//   response SIP/2.0 SP status SP reason CRLF  *(name ":" value CRLF) CRLF [body]
#include <array>

#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/text_lines.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t longest_head = 16 * 1024;
constexpr std::size_t lines_max = 128;

// RFC 3261 sections 7.1 and 7.2: a method of RFC 3261 or its extensions and a URI with scheme, or the version and a status,
// each with "SIP/2.0" in its place; section 20: the next line is a field.
bool is_request_line(std::string_view line) {
    constexpr std::array<std::string_view, 14> methods = {"INVITE",   "ACK",   "BYE",       "CANCEL", "OPTIONS",
                                                          "REGISTER", "PRACK", "SUBSCRIBE", "NOTIFY", "PUBLISH",
                                                          "INFO",     "REFER", "MESSAGE",   "UPDATE"};
    const std::string_view method = first_word(line);
    bool known = false;
    for (const std::string_view each : methods) known = known || each == method;
    if (!known || line.size() < method.size() + 12 || line.substr(line.size() - 8) != " SIP/2.0") return false;
    const std::string_view uri = line.substr(method.size() + 1);
    return starts_with_ignoring_case(uri, "sip:") || starts_with_ignoring_case(uri, "sips:") ||
           starts_with_ignoring_case(uri, "tel:");
}

bool is_status_line(std::string_view line) {
    return line.substr(0, 8) == "SIP/2.0 " && reply_code(line.substr(8, 4)) + (line.substr(8, 1) == "6" ? 600U : 0U) != 0;
}

bool is_field(std::string_view line) {
    const std::size_t colon = line.find(':');
    return colon != std::string_view::npos && colon > 0 && colon < 48 && is_text(line);
}

bool recognise(ByteCursor message, const Flow&) {
    const char first = static_cast<char>(message.peek());
    if (first < 'A' || first > 'Z' || !has_text_line(message)) return false;
    const std::string_view line = message.line().text();
    if (!is_text(line) || (!is_request_line(line) && !is_status_line(line))) return false;
    return is_field(message.line().text()) && message.ok();
}

// The value of a field line, without blanks around it.
Slice value_of(const Slice& line) {
    const std::size_t colon = line.text().find(':');
    const std::string_view value = trimmed(line.text().substr(colon + 1));
    const auto begin = static_cast<std::size_t>(value.data() - line.text().data());
    return value.empty() ? Slice{} : Slice{line.bytes.subspan(begin, value.size()), line.offset + begin};
}

std::size_t number_of(const Slice& value) {
    std::size_t number = 0;
    for (const char c : value.text()) {
        if (c < '0' || c > '9' || number > 1'000'000) return 0;
        number = number * 10 + static_cast<std::size_t>(c - '0');
    }
    return number;
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    const std::size_t start = message.offset();
    // RFC 5626 section 4.4.1: empty lines keep a connection open.
    if (message.peek() == '\r' || message.peek() == '\n' || message.peek() == 0) return done(1);
    if (!recognise(message, flow)) {
        const bool more =
            flow.layer == Layer::Tcp && !flow.ended && !has_text_line(message) && message.left() < longest_text_line;
        return more ? need(message.left() + 1) : not_this();
    }
    const std::string_view head = message.text_ahead().substr(0, longest_head);
    if (flow.layer == Layer::Tcp && head.find("\r\n\r\n") == std::string_view::npos &&
        head.find("\n\n") == std::string_view::npos) {
        if (head.size() >= longest_head) return not_this();
        if (!flow.ended) return need(message.left() + 1);
    }
    const std::string_view start_line = message.line().text();
    const bool request = start_line.substr(0, 4) != "SIP/";
    std::size_t body = 0;
    unsigned hops = 0;
    Slice program;
    Slice sequence;
    std::string_view what;
    for (std::size_t lines = 0; lines < lines_max; ++lines) {
        if (message.text_ahead().find('\n') == std::string_view::npos) break;  // cut: what is not whole says nothing
        const Slice line = message.line();
        if (line.empty()) break;
        if (!is_field(line.text())) continue;
        const std::string_view name = trimmed(line.text().substr(0, line.text().find(':')));
        const Slice value = value_of(line);
        if (value.empty()) continue;
        if (equal_ignoring_case(name, "User-Agent") || equal_ignoring_case(name, "Server")) {
            program = value;
            what = equal_ignoring_case(name, "Server") ? "server" : "user_agent";
        }
        if (equal_ignoring_case(name, "Via") || equal_ignoring_case(name, "v")) ++hops;
        if (equal_ignoring_case(name, "CSeq")) sequence = value;
        if (equal_ignoring_case(name, "Content-Length") || equal_ignoring_case(name, "l")) body = number_of(value);
    }
    // RFC 3261 sections 16.6 and 18.2: a proxy sends others' messages on as they are. A request that came over one hop is its
    // sender's own; so are provisional answers of the next hop (100) and what registrars and the like answer. Else the name is
    // a hint.
    const std::string_view asked = after_first_word(sequence.text());
    const bool own = request ? hops == 1 : start_line.substr(8, 3) == "100" || asked == "REGISTER" || asked == "OPTIONS";
    if (own) {
        claims.stated(Field::software, program.text(), program, what);
    } else {
        claims.hinted(Field::software, program.text(), program, what);
    }
    return flow.layer == Layer::Tcp ? done(message.offset() - start + body) : done();
}

constexpr ExampleMessage calling[] = {
    {From::Client,
     {},
     "REGISTER sip:pbx.plant.example SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK7\r\nFrom: \"Wilhelmina\" "
     "<sip:wilhelmina@plant.example>;tag=7\r\nTo: <sip:+31612345678@plant.example>\r\nCall-ID: "
     "7@192.0.2.10\r\nCSeq: 1 REGISTER\r\nContact: <sip:wilhelmina@192.0.2.10>\r\nAuthorization: Digest "
     "username=\"wilhelmina\"\r\nUser-Agent: ExamplePhone T-7 2.80.0.1\r\nContent-Length: 0\r\n\r\n"},
    {From::Server,
     {},
     "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.10:5060\r\nFrom: <sip:wilhelmina@plant.example>;tag=7\r\nTo: "
     "<sip:wilhelmina@plant.example>\r\nCSeq: 1 REGISTER\r\nServer: ExamplePBX 13.1\r\nl: 0\r\n\r\n"}};
constexpr std::string_view calling_claims[] = {"client software=ExamplePhone T-7 2.80.0.1", "server software=ExamplePBX 13.1"};
constexpr ExampleMessage stream[] = {{From::Client,
                                      {},
                                      "OPTIONS sip:door7 SIP/2.0\r\nVia: SIP/2.0/TCP 192.0.2.10\r\nUser-Agent: "
                                      "ExampleDoor\r\nContent-Length: 12\r\n\r\nUser-Agent:xOPTIONS sip:door7 "
                                      "SIP/2.0\r\nCSeq: 2 OPTIONS\r\n\r\n"}};
constexpr std::string_view stream_claims[] = {"client software=ExampleDoor"};
constexpr ExampleMessage silent[] = {
    {From::Client, {}, "BYE sip:wilhelmina@192.0.2.20 SIP/2.0\r\nCSeq: 2 BYE\r\nUser-Agent: \r\n\r\n"}};
constexpr Example examples[] = {
    {"a telephone registers; nobody's name or number is kept", Layer::Udp, 5060, calling, calling_claims},
    {"two messages in a stream, the first with a body", Layer::Tcp, 5060, stream, stream_claims},
    {"a message that names no program", Layer::Udp, 5060, silent, {}},
};
constexpr std::uint16_t ports[] = {5060};

}  // namespace

Decoder sip() {
    Decoder decoder;
    decoder.name = "sip";
    decoder.title = "SIP";
    decoder.spec = "RFC 3261";
    decoder.layers = Layer::Udp | Layer::Tcp;
    decoder.ports = ports;
    decoder.starts = Starts("4?", "5?");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
