// SSH: both sides say in clear which program they are before anything is encrypted, often down to the patch of the
// distribution. On routers, loggers and gateways that is the vendor's own stack or the age of the one it was built from.
//
//   |"SSH-"|protocol version|"-"|software version|[" " comments]| CR LF
//
// Everything after that line (key exchange, then ciphertext) is skipped unread.
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t longest_identification = 255;
constexpr std::size_t longest_preamble = 1024;
constexpr std::size_t for_good = SIZE_MAX / 2;

struct Notes {
    bool identified[2];
};

bool printable(const Slice& line) {
    for (const std::uint8_t c : line.bytes) {
        if (c < 0x20 || c > 0x7e) return false;
    }
    return true;
}

struct Identification {
    bool found = false;
    Slice whole;
    Slice software;  // software version and comments
};

// RFC 4253 section 4.2: "SSH-protoversion-softwareversion SP comments CR LF", at most 255 characters with the line end; the
// version is 2.0, or 1.99 for a server that speaks 1.x too (section 5.1). Software version: printable US-ASCII without blank
// and minus; several vendors do put a minus there (seen: "Cisco-1.25", "libssh-0.7.2"). Old ones end the line with LF alone.
Identification identification(ByteCursor line_start) {
    Identification result;
    if (!line_start.starts_with("SSH-")) return result;
    const std::string_view ahead = line_start.text_ahead().substr(0, longest_identification);
    if (ahead.find('\n') == std::string_view::npos) return result;
    result.whole = line_start.line();
    const std::string_view text = result.whole.text();
    if (!printable(result.whole)) return result;
    const std::size_t minus = text.find('-', 4);
    if (minus == std::string_view::npos || minus + 1 >= text.size() || text[minus + 1] == ' ') return result;
    const std::string_view version = text.substr(4, minus - 4);
    const bool known_version = version == "2.0" || version == "1.99" || version == "1.5" || version == "1.3";
    if (!known_version) return result;
    result.software = {result.whole.bytes.subspan(minus + 1), result.whole.offset + minus + 1};
    result.found = true;
    return result;
}

// RFC 4253 section 4.2: the server may send other lines of text before its own; they must not begin with "SSH-".
Identification find_identification(ByteCursor message, const Flow& flow) {
    const std::size_t start = message.offset();
    while (!message.done() && message.offset() - start < longest_preamble) {
        if (message.starts_with("SSH-")) return identification(message);
        if (!flow.from_server()) break;
        const std::string_view ahead = message.text_ahead().substr(0, longest_preamble);
        if (ahead.find('\n') == std::string_view::npos) break;
        if (!printable(message.line())) break;
    }
    return {};
}

bool recognise(ByteCursor message, const Flow& flow) { return find_identification(message, flow).found; }

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    Notes& notes = flow.state->notes<Notes>();
    bool& identified = notes.identified[flow.from_opener ? 1 : 0];
    if (identified) return done(for_good);
    const Identification said = find_identification(message, flow);
    if (!said.found) {
        if (message.left() <= longest_preamble + longest_identification && !flow.ended) return need(message.left() + 1);
        return done(for_good);
    }
    identified = true;
    claims.stated(Field::software, said.software, "software");
    claims.stated(Field::banner, said.whole, "identification");
    return done(for_good);
}

constexpr ExampleMessage both[] = {{From::Server, {}, "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"},
                                   {From::Client, {}, "SSH-2.0-PuTTY_Release_0.79\r\n"},
                                   {From::Client, "000005dc0414 00112233445566778899aabbccddeeff", {}}};
constexpr std::string_view both_claims[] = {"server software=OpenSSH_9.2p1 Debian-2+deb12u3",
                                            "server banner=SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3",
                                            "client software=PuTTY_Release_0.79", "client banner=SSH-2.0-PuTTY_Release_0.79"};
constexpr ExampleMessage old_router[] = {
    {From::Server, {}, "Maintenance access of pump station 7.\r\nAll use is logged.\r\nSSH-1.99-Example-1.25\n"}};
constexpr std::string_view old_router_claims[] = {"server software=Example-1.25", "server banner=SSH-1.99-Example-1.25"};
constexpr ExampleMessage cut[] = {{From::Client, {}, "SSH-2.0-dropbear_2022.83\r\n"},
                                  {From::Server, "0000014c0814 5c1f00d2a9be0b1c4d5e6f7081920a3b", {}}};
constexpr std::string_view cut_claims[] = {"client software=dropbear_2022.83", "client banner=SSH-2.0-dropbear_2022.83"};
constexpr Example examples[] = {
    {"both sides identify themselves; the key exchange is not read", Layer::Tcp, 22, both, both_claims},
    {"text before the identification, version 1.99, LF alone", Layer::Tcp, 2222, old_router, old_router_claims},
    {"a side whose identification was not captured claims nothing", Layer::Tcp, 22, cut, cut_claims},
};
constexpr std::uint16_t ports[] = {22, 2222, 8022};

}  // namespace

Decoder ssh() {
    Decoder decoder;
    decoder.name = "ssh";
    decoder.title = "SSH identification";
    decoder.spec = "RFC 4253 section 4.2";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
