// BACnet/SC: BACnet through a hub, in a WebSocket in TLS, which is seen here where TLS was taken off, as in the records of our
// own probes. The hub carries what a whole building says, often to a cloud; what is said is not read.
//
//   GET ... Upgrade: websocket CRLF Sec-WebSocket-Protocol: hub.bsc.bacnet.org (or dc.bsc.bacnet.org, between two nodes)
#include "decoders/decoder.h"
#include "decoders/http_message.h"
#include "decoders/websocket.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t for_good = SIZE_MAX / 2;
constexpr std::string_view to_hub = "hub.bsc.bacnet.org", direct = "dc.bsc.bacnet.org";

struct Notes {
    bool upgraded[2];
};

// ASHRAE 135-2020 annex AB.7.1: a WebSocket of one of two sub-protocols.
bool is_secure_connect(const HttpHead& head) { return upgrades_to(head, to_hub) || upgrades_to(head, direct); }

bool recognise(ByteCursor message, const Flow&) {
    return looks_like_http(message) && is_secure_connect(read_http_head(message));
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    bool& upgraded = flow.state->notes<Notes>().upgraded[flow.from_opener ? 1 : 0];
    if (upgraded) return done(for_good);
    const std::size_t there = message.left();
    const std::size_t start = message.offset();
    const Slice all = ByteCursor(message).rest();
    const HttpHead head = read_http_head(message);
    if (head.kind == HttpHead::Kind::Incomplete && !flow.ended) return need(there + 1);
    if (!is_secure_connect(head)) return not_this();
    upgraded = true;
    observe_http_head(head, claims);
    const Slice line{all.bytes.first(message.offset() - start), all.offset};
    const bool hub = !flow.from_opener && upgrades_to(head, to_hub);
    claims.stated(Field::role, hub ? "bacnet/sc hub" : "bacnet/sc node", line, "upgrade");
    return done(message.offset() - start);
}

constexpr ExampleMessage opened[] = {
    {From::Client,
     {},
     "GET / HTTP/1.1\r\nHost: 192.0.2.20\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: "
     "AAECAwQFBgcICQoLDA0ODw==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: hub.bsc.bacnet.org\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
     "AAECAwQFBgcICQoLDA0ODxAREhM=\r\nSec-WebSocket-Protocol: hub.bsc.bacnet.org\r\n\r\n"}};
constexpr std::string_view opened_claims[] = {"client role=bacnet/sc node", "server role=bacnet/sc hub"};
constexpr ExampleMessage direct_opened[] = {
    {From::Client,
     {},
     "GET / HTTP/1.1\r\nHost: 192.0.2.20\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: "
     "AAECAwQFBgcICQoLDA0ODw==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: dc.bsc.bacnet.org\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
     "AAECAwQFBgcICQoLDA0ODxAREhM=\r\nSec-WebSocket-Protocol: dc.bsc.bacnet.org\r\n\r\n"}};
constexpr std::string_view direct_claims[] = {"client role=bacnet/sc node", "server role=bacnet/sc node"};
constexpr Example examples[] = {
    {"a controller joins its hub", Layer::Tcp, 443, opened, opened_claims},
    {"two nodes speak without their hub: neither is one", Layer::Tcp, 443, direct_opened, direct_claims}};

}  // namespace

Decoder bacnet_sc() {
    Decoder decoder;
    decoder.name = "bacnet_sc";
    decoder.title = "BACnet/SC";
    decoder.spec = "ASHRAE 135-2020 annex AB; RFC 6455";
    decoder.layers = only(Layer::Tcp);
    decoder.starts = Starts("'GET '", "'HTTP/1.'");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    decoder.specialises = "http";
    return decoder;
}

}  // namespace herkomst::decoders
