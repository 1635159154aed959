// Remote desktop: that a screen can be reached is itself worth knowing; the certificate that follows names the host (tls reads
// it). Without TLS the client says its own machine's name. The cookie of the first packet holds an account and is never kept.
//
//   |03 00|length 2|header length|E0 or D0|...|"Cookie: mstshash=..." CRLF|type|flags|0800|protocols 4|
//   later, in a conference request: |01C0|length 2|version 4|width 2|height 2|depth 2|03AA|layout 4|build 4|client name 32|
#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/ntlm.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t for_good = SIZE_MAX / 2;

struct Notes {
    bool asked;
    bool answered;
    bool encrypted;
    bool named;
};

// MS-RDPBCGR sections 2.2.1.1 and 2.2.1.2: TPKT version 3 with its length, an X.224 connection request or confirm whose length
// fits in it, and a negotiation of 8 bytes with known protocols, or (older clients) the cookie.
bool is_negotiation(ByteCursor message, bool request) {
    if (message.be16() != 0x0300) return false;
    const std::size_t length = message.be16();
    const std::size_t header = message.u8();
    if (length < 11 || length > 512 || header + 5 != length) return false;
    if (message.u8() != (request ? 0xe0 : 0xd0)) return false;
    message.skip(5);
    ByteCursor rest = message.take(length - 11);
    const bool cookie = rest.starts_with("Cookie: msts");
    if (cookie) rest.line();
    if (rest.done()) return cookie && request;
    const std::uint8_t type = rest.u8();
    rest.skip(1);
    const std::uint16_t size = rest.le16();
    const std::uint32_t protocols = rest.le32();
    const bool kind = request ? type == 1 : type == 2 || type == 3;
    return kind && size == 8 && protocols <= 0x1f && rest.ok();
}

// MS-RDPBCGR sections 2.2.1.1 and 2.2.1.2
bool recognise(ByteCursor message, const Flow&) {
    if (message.peek() != 3 || message.peek(1) != 0) return false;
    const std::uint8_t kind = message.peek(5);
    return (kind == 0xe0 || kind == 0xd0) && is_negotiation(message, kind == 0xe0);
}

// MS-RDPBCGR section 2.2.1.3.2: client core data, found by its header, version and the value that always stands there.
void core_data(const Slice& packet, Claims& claims) {
    const std::string_view text = packet.text();
    const std::size_t at = text.find(std::string_view("\x01\xc0", 2));
    if (at == std::string_view::npos || at + 56 > packet.size()) return;
    Reading reading;
    ByteCursor core(packet.bytes.subspan(at), reading);
    core.skip(2);
    const std::size_t length = core.le16();
    const std::uint32_t version = core.le32();
    core.skip(6);
    const std::uint16_t sequence = core.le16();
    core.skip(8);
    if (length < 128 || (version & 0xfffffff0U) != 0x00080000U || sequence != 0xaa03) return;
    const Slice raw{packet.bytes.subspan(at + 24, 32), packet.offset + at + 24};
    const std::string name = utf16_text(raw);
    claims.stated(Field::hostname, name.substr(0, name.find('\0')), raw, "client_name");
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    Notes& notes = flow.state->notes<Notes>();
    // After the answer TLS begins, unless the old encryption was chosen.
    if (notes.encrypted) return message.peek() == 0x16 ? not_this() : done(for_good);
    ByteCursor head = message;
    const std::uint8_t version = head.u8();
    head.skip(1);
    const std::size_t length = head.be16();
    if (!head.ok()) return done();
    if (version != 3 || length < 7) return notes.asked || notes.answered ? done(for_good) : not_this();
    if (message.left() < length) return flow.ended ? done() : need(length);
    const Slice packet = message.bytes(length);
    const std::uint8_t kind = packet.bytes[5];
    if (flow.from_opener) {
        if (kind == 0xe0) {
            notes.asked = true;
        } else if (!notes.named && kind == 0xf0) {
            notes.named = true;
            core_data(packet, claims);
        }
        return done(length);
    }
    if (kind == 0xd0) {
        notes.answered = true;
        // Selected protocol: 0 is the old encryption, all others begin with TLS.
        notes.encrypted = length >= 19 && packet.bytes[11] == 2 && packet.bytes[15] != 0;
        return done(length);
    }
    return done(for_good);
}

constexpr ExampleMessage plain[] = {{From::Client,
                                     "030000302be00000000000436f6f6b69653a206d737473686173683d77696c68656c6d696e610d0a01000800"
                                     "00000000",
                                     {}},
                                    {From::Server, "0300000b06d00000123400", {}},
                                    {From::Client,
                                     "0300011002f0807f658201940000000000000000000000000000000000000000000000000000000000000000"
                                     "00000000000000004475636101c0d800040008008007380401ca03aa09040000614a000048004d0049003300"
                                     "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
                                     "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
                                     "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
                                     "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
                                     "0000000000000000",
                                     {}}};
constexpr std::string_view plain_claims[] = {"client hostname=HMI3"};
constexpr ExampleMessage encrypted[] = {{From::Client, "030000130ee00000000000010008000b000000", {}},
                                        {From::Server, "030000130ed00000123400021f080002000000", {}}};
constexpr Example examples[] = {
    {"without TLS the client names its machine; the account in the cookie is not kept", Layer::Tcp, 3389, plain, plain_claims},
    {"TLS is agreed on", Layer::Tcp, 3389, encrypted, {}},
};
constexpr std::uint16_t ports[] = {3389};

}  // namespace

Decoder rdp() {
    Decoder decoder;
    decoder.name = "rdp";
    decoder.title = "Remote desktop (RDP)";
    decoder.spec = "MS-RDPBCGR section 2.2.1";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("03 00");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
