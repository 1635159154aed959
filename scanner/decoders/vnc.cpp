// VNC (RFB): the version a server speaks; not which program it is, except Apple's (003.889) and RealVNC's (004.001, 005.000).
// That a screen can be reached over the network is itself worth knowing: the service is seen. The desktop's name, which may be
// a person's, and the screen are not read.
//
//   |"RFB 003.008" LF| from the server, the same from the client, then security types
#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t for_good = SIZE_MAX / 2;
constexpr std::size_t version_size = 12;

constexpr std::uint8_t messages_watched = 24;

struct Notes {
    bool said[2];
    std::uint8_t watched[2];  // messages after the version
};

// RFC 6143 section 7.1.1: "RFB ", three digits, a point, three digits, LF; versions are 003.003 to 003.008, or another
// program's own.
bool recognise(ByteCursor message, const Flow&) {
    if (!message.starts_with("RFB ")) return false;
    const std::string_view text = message.bytes(version_size).text();
    if (text.size() != version_size || text[7] != '.' || text[11] != '\n') return false;
    for (const std::size_t i : {4U, 5U, 6U, 8U, 9U, 10U}) {
        if (text[i] < '0' || text[i] > '9') return false;
    }
    return text[4] == '0' && text[5] == '0' && text[6] >= '3' && text[6] <= '5';
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    Notes& notes = flow.state->notes<Notes>();
    bool& said = notes.said[flow.from_opener ? 1 : 0];
    // With VeNCrypt TLS begins after a few bytes of negotiation; tls reads its certificate.
    if (said && message.peek() == 0x16 && message.peek(1) == 3) return not_this();
    if (said) return ++notes.watched[flow.from_opener ? 1 : 0] > messages_watched ? done(for_good) : done();
    ByteCursor head = message;
    const Slice version = head.bytes(version_size);
    if (!head.ok()) return done();
    if (!recognise(message, flow)) return not_this();
    said = true;
    if (flow.from_server())
        claims.stated(Field::software, "RFB " + std::string(version.text().substr(4, 7)), version, "version");
    return done(version_size);
}

constexpr ExampleMessage session[] = {
    {From::Server, {}, "RFB 003.008\n"},
    {From::Client, {}, "RFB 003.008\n"},
    {From::Server, "0102", {}},
    {From::Server, "0780 0438 20180001 00ff 00ff 00ff 100800 000000 0000000a 77696c68656c6d696e61", {}}};
constexpr std::string_view session_claims[] = {"server software=RFB 003.008"};
constexpr ExampleMessage client[] = {{From::Client, {}, "RFB 003.003\n"}};
constexpr Example examples[] = {
    {"a server; its desktop's name is not kept", Layer::Tcp, 5900, session, session_claims},
    {"a client alone says nothing", Layer::Tcp, 5900, client, {}},
};
constexpr std::uint16_t ports[] = {5900, 5901, 5800};

}  // namespace

Decoder vnc() {
    Decoder decoder;
    decoder.name = "vnc";
    decoder.title = "VNC (RFB)";
    decoder.spec = "RFC 6143 section 7.1.1";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("'RFB 00'");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
