// Redis: what a server answers to INFO names its version and its system. Keys and values are skipped unread.
//
//   request |"*2" CRLF "$4" CRLF "INFO" CRLF ...|; answer |"$3000" CRLF "# Server" CRLF "redis_version:6.0.16" CRLF ...|
#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t for_good = SIZE_MAX / 2;
constexpr std::size_t info_start = 4096;

struct Notes {
    bool told;
};

// The digits after a mark, up to CRLF; false when it is no such line.
bool count_line(ByteCursor& at, char mark, std::size_t& count) {
    if (at.u8() != static_cast<std::uint8_t>(mark)) return false;
    const std::string_view line = at.line().text();
    count = 0;
    if (line.empty() || line.size() > 6) return false;
    for (const char c : line) {
        if (c < '0' || c > '9') return false;
        count = count * 10 + static_cast<std::size_t>(c - '0');
    }
    return true;
}

// RESP (redis.io, protocol specification): an array of one to sixteen texts, the first being a command of letters as long as it
// says; or a text that begins as the answer to INFO does.
bool recognise(ByteCursor message, const Flow&) {
    std::size_t count = 0;
    std::size_t size = 0;
    if (message.peek() == '$') {
        return count_line(message, '$', size) && size > 32 && message.starts_with("# Server\r\nredis_version:");
    }
    if (message.peek() != '*' || !count_line(message, '*', count) || count < 1 || count > 16) return false;
    if (!count_line(message, '$', size) || size < 3 || size > 12) return false;
    const std::string_view command = message.bytes(size).text();
    for (const char c : command) {
        if ((c | 0x20) < 'a' || (c | 0x20) > 'z') return false;
    }
    return message.be16() == 0x0d0a;
}

void info(const Slice& text, Claims& claims) {
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t end = text.text().find('\n', at);
        if (end == std::string_view::npos) break;  // a line that is not whole says nothing
        const std::string_view line = trimmed(text.text().substr(at, end - at));
        const std::size_t colon = line.find(':');
        const Slice place{text.bytes.subspan(at, line.size()), text.offset + at};
        if (colon != std::string_view::npos) {
            const std::string value(line.substr(colon + 1));
            if (line.substr(0, colon) == "redis_version") claims.stated(Field::software, "Redis " + value, place, "info");
            if (line.substr(0, colon) == "os") claims.stated(Field::os, value, place, "info");
        }
        at = end + 1;
    }
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    Notes& notes = flow.state->notes<Notes>();
    if (flow.from_opener || notes.told) return done(for_good);
    const std::size_t there = message.left();
    std::size_t size = 0;
    ByteCursor ahead = message;
    if (message.peek() == '$' && there < 40 && !flow.ended) return need(40);
    if (message.peek() != '$' || !recognise(message, flow)) return done();
    count_line(ahead, '$', size);
    const std::size_t enough = size < info_start ? size : info_start;
    if (ahead.left() < enough && !flow.ended) return need(there + enough);
    info(ahead.bytes(enough < ahead.left() ? enough : ahead.left()), claims);
    notes.told = true;
    return done(for_good);
}

constexpr ExampleMessage asked[] = {
    {From::Client, {}, "*1\r\n$4\r\nINFO\r\n"},
    {From::Server, {}, "$70\r\n# Server\r\nredis_version:6.0.16\r\nos:Linux 5.10 x86_64\r\nport:6379\r\nx\r\n\r\n"}};
constexpr std::string_view asked_claims[] = {"server software=Redis 6.0.16", "server os=Linux 5.10 x86_64"};
constexpr ExampleMessage secret[] = {{From::Client, {}, "*2\r\n$4\r\nAUTH\r\n$10\r\nwilhelmina\r\n"},
                                     {From::Server, {}, "+OK\r\n"}};
constexpr Example examples[] = {
    {"a server is asked for its state", Layer::Tcp, 6379, asked, asked_claims},
    {"a log-in says nothing", Layer::Tcp, 6379, secret, {}},
};
constexpr std::uint16_t ports[] = {6379};

}  // namespace

Decoder redis() {
    Decoder decoder;
    decoder.name = "redis";
    decoder.title = "Redis";
    decoder.spec = "RESP, the Redis serialization protocol; INFO";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("'$'", "'*'");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
