// SHIP: how EEBUS devices (inverters, heat pumps, charging stations, a home's energy management, the grid operator's control
// box) speak to each other: a WebSocket in TLS, which is seen here where TLS was taken off, as in the records of our own
// probes. Who is the server offers itself to be managed; what is said is not read.
//
//   GET /ship/ HTTP/1.1 CRLF Upgrade: websocket CRLF Sec-WebSocket-Protocol: ship CRLF ... answered by 101 with the same
#include "decoders/decoder.h"
#include "decoders/http_message.h"
#include "decoders/websocket.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t for_good = SIZE_MAX / 2;

struct Notes {
    bool upgraded[2];
};

// EEBUS TS SHIP 1.0.1 section 10.2: a WebSocket of the sub-protocol "ship" (the path is whatever mDNS said, mostly /ship/).
bool recognise(ByteCursor message, const Flow&) {
    return looks_like_http(message) && upgrades_to(read_http_head(message), "ship");
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    bool& upgraded = flow.state->notes<Notes>().upgraded[flow.from_opener ? 1 : 0];
    if (upgraded) return done(for_good);
    const std::size_t there = message.left();
    const std::size_t start = message.offset();
    const Slice all = ByteCursor(message).rest();
    const HttpHead head = read_http_head(message);
    if (head.kind == HttpHead::Kind::Incomplete && !flow.ended) return need(there + 1);
    if (!upgrades_to(head, "ship")) return not_this();
    upgraded = true;
    observe_http_head(head, claims);
    const Slice line{all.bytes.first(message.offset() - start), all.offset};
    claims.stated(Field::role, flow.from_opener ? "eebus client" : "eebus server", line, "upgrade");
    return done(message.offset() - start);
}

constexpr ExampleMessage opened[] = {
    {From::Client,
     {},
     "GET /ship/ HTTP/1.1\r\nHost: 192.0.2.20:4712\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: "
     "AAECAwQFBgcICQoLDA0ODw==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ship\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
     "AAECAwQFBgcICQoLDA0ODxAREhM=\r\nSec-WebSocket-Protocol: ship\r\n\r\n"}};
constexpr std::string_view opened_claims[] = {"client role=eebus client", "server role=eebus server"};
constexpr ExampleMessage asked[] = {
    {From::Client,
     {},
     "GET /ship/ HTTP/1.1\r\nHost: 192.0.2.20:4712\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: "
     "AAECAwQFBgcICQoLDA0ODw==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ship\r\n\r\n"}};
constexpr std::string_view asked_claims[] = {"client role=eebus client"};
constexpr Example examples[] = {
    {"a manager opens the way to a heat pump", Layer::Tcp, 4712, opened, opened_claims},
    {"a way that was asked for and not opened shows no server", Layer::Tcp, 4712, asked, asked_claims}};
constexpr std::uint16_t ports[] = {4711, 4712};

}  // namespace

Decoder ship() {
    Decoder decoder;
    decoder.name = "ship";
    decoder.title = "EEBUS SHIP";
    decoder.spec = "EEBUS TS SHIP 1.0.1 section 10; RFC 6455";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("'GET '", "'HTTP/1.'");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    decoder.specialises = "http";
    return decoder;
}

}  // namespace herkomst::decoders
