// RTSP: cameras and recorders name their program in Server, their model often in the realm of the password they want; players
// name theirs in User-Agent. Paths and descriptions of streams are not kept.
//
//   request  METHOD SP uri SP RTSP/1.0 CRLF  *(name ":" value CRLF) CRLF [body]
//   response RTSP/1.0 SP status SP reason CRLF  *(name ":" value CRLF) CRLF [body];   "$" channel length 2: media among it
#include <array>

#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/text_lines.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t longest_head = 16 * 1024;
constexpr std::size_t lines_max = 64;

// RFC 2326 sections 6 and 7 (RFC 7826 for 2.0): method, URI and version, or version and status; section 12: a CSeq in every
// message.
bool is_start(std::string_view line) {
    if (line.substr(0, 7) == "RTSP/1." || line.substr(0, 7) == "RTSP/2.")
        return line.size() > 12 && line[8] == ' ' && reply_code(line.substr(9, 4)) != 0;
    constexpr std::array<std::string_view, 11> methods = {"DESCRIBE", "ANNOUNCE",      "GET_PARAMETER", "OPTIONS",
                                                          "PAUSE",    "PLAY",          "RECORD",        "REDIRECT",
                                                          "SETUP",    "SET_PARAMETER", "TEARDOWN"};
    const std::string_view method = first_word(line);
    bool known = false;
    for (const std::string_view each : methods) known = known || each == method;
    if (!known || line.size() < method.size() + 11) return false;
    const std::string_view version = line.substr(line.size() - 9);
    return version == " RTSP/1.0" || version == " RTSP/2.0";
}

bool recognise(ByteCursor message, const Flow&) {
    const char first = static_cast<char>(message.peek());
    if (first < 'A' || first > 'Z' || !has_text_line(message)) return false;
    const std::string_view line = message.line().text();
    if (!is_text(line) || !is_start(line)) return false;
    const std::string_view next = message.line().text();
    return message.ok() && is_text(next) && next.find(':') != std::string_view::npos;
}

Slice value_of(const Slice& line) {
    const std::size_t colon = line.text().find(':');
    const std::string_view value = trimmed(line.text().substr(colon + 1));
    const auto begin = static_cast<std::size_t>(value.data() - line.text().data());
    return value.empty() ? Slice{} : Slice{line.bytes.subspan(begin, value.size()), line.offset + begin};
}

// realm="..." of a challenge (RFC 7616 section 3.3).
Slice realm_of(const Slice& challenge) {
    const std::size_t at = lower(challenge.text()).find("realm=\"");
    if (at == std::string::npos) return {};
    const std::size_t begin = at + 7;
    const std::size_t end = challenge.text().find('"', begin);
    if (end == std::string_view::npos) return {};
    return {challenge.bytes.subspan(begin, end - begin), challenge.offset + begin};
}

std::size_t number_of(const Slice& value) {
    std::size_t number = 0;
    for (const char c : value.text()) {
        if (c < '0' || c > '9' || number > 10'000'000) return 0;
        number = number * 10 + static_cast<std::size_t>(c - '0');
    }
    return number;
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    const std::size_t start = message.offset();
    if (message.peek() == '$') {  // RFC 2326 section 10.12
        message.skip(2);
        const std::size_t size = message.be16();
        return done(size + 4);
    }
    if (message.peek() == '\r' || message.peek() == '\n') return done(1);
    if (!recognise(message, flow)) {
        const bool more = !flow.ended && !has_text_line(message) && message.left() < longest_text_line;
        return more ? need(message.left() + 1) : not_this();
    }
    const std::string_view head = message.text_ahead().substr(0, longest_head);
    if (head.find("\r\n\r\n") == std::string_view::npos && head.find("\n\n") == std::string_view::npos) {
        if (head.size() >= longest_head) return not_this();
        if (!flow.ended) return need(message.left() + 1);
    }
    message.line();
    std::size_t body = 0;
    for (std::size_t lines = 0; lines < lines_max; ++lines) {
        if (message.text_ahead().find('\n') == std::string_view::npos) break;
        const Slice line = message.line();
        if (line.empty()) break;
        const std::size_t colon = line.text().find(':');
        if (colon == std::string_view::npos || !is_text(line.text())) continue;
        const std::string_view name = trimmed(line.text().substr(0, colon));
        const Slice value = value_of(line);
        if (value.empty()) continue;
        if (equal_ignoring_case(name, "Server")) claims.stated(Field::software, value, "server");
        if (equal_ignoring_case(name, "User-Agent")) claims.stated(Field::software, value, "user_agent");
        if (equal_ignoring_case(name, "WWW-Authenticate")) claims.stated(Field::realm, realm_of(value), "realm");
        if (equal_ignoring_case(name, "Content-Length")) body = number_of(value);
    }
    return done(message.offset() - start + body);
}

constexpr ExampleMessage camera[] = {
    {From::Client,
     {},
     "DESCRIBE rtsp://wilhelmina:geheim@192.0.2.20/gate RTSP/1.0\r\nCSeq: 2\r\nUser-Agent: ExamplePlayer/3.0\r\n\r\n"},
    {From::Server,
     {},
     "RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\nServer: ExampleCam/2.4\r\nWWW-Authenticate: Digest realm=\"Example Cam "
     "7\", nonce=\"7\"\r\nContent-Length: 4\r\n\r\nv=0\n"}};
constexpr std::string_view camera_claims[] = {"client software=ExamplePlayer/3.0", "server software=ExampleCam/2.4",
                                              "server realm=Example Cam 7"};
constexpr ExampleMessage silent[] = {{From::Client, {}, "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n"}};
constexpr Example examples[] = {
    {"a camera wants a password; who has one is not kept", Layer::Tcp, 554, camera, camera_claims},
    {"a question says nothing", Layer::Tcp, 554, silent, {}},
};
constexpr std::uint16_t ports[] = {554, 8554};

}  // namespace

Decoder rtsp() {
    Decoder decoder;
    decoder.name = "rtsp";
    decoder.title = "RTSP";
    decoder.spec = "RFC 2326; RFC 7826";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("4?", "5?");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
