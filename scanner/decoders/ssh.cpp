// SSH: both sides say in clear which program they are before anything is encrypted, often down to the patch of the
// distribution. On routers, loggers and gateways that is the vendor's own stack or the age of the one it was built from.
//
//   |"SSH-"|protocol version|"-"|software version|[" " comments]| CR LF
//
// Then each offers its algorithms, in the order in which its program prefers them, which tells program and age even where the
// line above was changed:
//
//   |length 4|padding length 1|20|cookie 16|10 x (length 4, names)|first packet follows 1|0 4|padding|
//
// Everything after that (key exchange, then ciphertext) is skipped unread.
#include <array>
#include <string>

#include "core/hash.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t longest_identification = 255;
constexpr std::size_t longest_preamble = 1024;
constexpr std::size_t for_good = SIZE_MAX / 2;

struct Notes {
    bool identified[2];
    bool finished[2];
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
    Slice software;            // software version and comments
    std::size_t line_end = 1;  // bytes behind it
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
    result.line_end = line_start.offset() - result.whole.offset - result.whole.size();
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

// RFC 4253 section 6 and 7.1. Of the ten lists the first counts, and those of the sender's own direction: key exchange,
// ciphers, checksums, compression (as in HASSH by Salesforce, but with the first 12 digits of SHA-256).
bool observe_offer(ByteCursor packet, const Flow& flow, Claims& claims) {
    const ByteCursor start = packet;
    packet.skip(4);
    const std::uint8_t padding = packet.u8();
    const std::uint8_t type = packet.u8();
    packet.skip(16);
    if (!packet.ok() || padding < 4 || type != 20) return false;
    std::array<Slice, 10> lists;
    for (Slice& list : lists) {
        list = packet.bytes(packet.be32());
        if (!packet.ok() || !printable(list)) return false;
    }
    if (lists[0].empty()) return false;
    std::string text(lists[0].text());
    const std::size_t own = flow.from_opener ? 0 : 1;
    for (const std::size_t of_client : {2U, 4U, 6U}) text.append(";").append(lists[of_client + own].text());
    const std::string side = flow.from_opener ? "client:" : "server:";
    claims.hinted(Field::stack, "ssh-" + side + sha256(text).substr(0, 12), packet.since(start), "kexinit");
    return true;
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    Notes& notes = flow.state->notes<Notes>();
    const int side = flow.from_opener ? 1 : 0;
    bool& identified = notes.identified[side];
    if (notes.finished[side]) return done(for_good);
    if (identified) {
        constexpr std::size_t longest_offer = 16384;
        const std::size_t size = std::size_t{message.peek_be16(0)} << 16 | message.peek_be16(2);
        if (message.left() < 6 && !flow.ended) return need(6);
        notes.finished[side] = true;
        if (message.left() < 6 || size < 32 || size > longest_offer || message.peek(5) != 20) return done(for_good);
        if (message.left() < size + 4 && !flow.ended) {
            notes.finished[side] = false;
            return need(size + 4);
        }
        if (message.left() < size + 4) return done(for_good);
        Reading reading;
        observe_offer(whole(message.bytes(size + 4), reading), flow, claims);
        return done(for_good);
    }
    const Identification said = find_identification(message, flow);
    if (!said.found) {
        if (message.left() <= longest_preamble + longest_identification && !flow.ended) return need(message.left() + 1);
        notes.finished[side] = true;
        return done(for_good);
    }
    identified = true;
    claims.stated(Field::software, said.software, "software");
    claims.stated(Field::banner, said.whole, "identification");
    return done(said.whole.offset + said.whole.size() + said.line_end);
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
constexpr std::string_view offer =
    "000000d40914000102030405060708090a0b0c0d0e0f0000002f637572766532353531392d7368613235362c646966666965"
    "2d68656c6c6d616e2d67726f757031342d7368613235360000000b7373682d656432353531390000000a6165733132382d63"
    "7472000000156165733235362d6374722c6165733132382d6374720000000d686d61632d736861322d3235360000000d686d"
    "61632d736861322d353132000000046e6f6e65000000156e6f6e652c7a6c6962406f70656e7373682e636f6d000000000000"
    "00000000000000000000000000000000";
constexpr ExampleMessage offers[] = {{From::Client, {}, "SSH-2.0-Example_3\r\n"},
                                     {From::Server, {}, "SSH-2.0-Example_4\n"},
                                     {From::Server, offer, {}},
                                     {From::Client, offer, {}}};
constexpr std::string_view offers_claims[] = {
    "client software=Example_3",       "client banner=SSH-2.0-Example_3",      "server software=Example_4",
    "server banner=SSH-2.0-Example_4", "server stack=ssh-server:aabc87076cbf", "client stack=ssh-client:0068570324d4"};
constexpr Example examples[] = {
    {"what both sides offer, each for its own direction", Layer::Tcp, 22, offers, offers_claims},
    {"both sides identify themselves; an offer that is cut off is not read", Layer::Tcp, 22, both, both_claims},
    {"text before the identification, version 1.99, LF alone", Layer::Tcp, 2222, old_router, old_router_claims},
    {"a side whose identification was not captured claims nothing", Layer::Tcp, 22, cut, cut_claims},
};
constexpr std::uint16_t ports[] = {22, 2222, 8022};

}  // namespace

Decoder ssh() {
    Decoder decoder;
    decoder.name = "ssh";
    decoder.title = "SSH identification and offer";
    decoder.spec = "RFC 4253 section 4.2 and 7.1";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
