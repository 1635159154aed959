// SOCKS: a client asks a proxy to connect on, without HTTP. Nothing in it names a maker; it says that what follows is another
// server's, and by which name the client called that.
//
//   version 5  |05|count 1|methods|   ->  |05|method|   [user name and password]   ->  |05|command|00|type|address|port 2|
//              ->  |05|reply|00|type|address|port 2|
//   version 4  |04|command|port 2|address 4|user ... 00|[name ... 00]|   ->  |00|reply|port 2|address 4|
//
// User names and passwords are passed over.
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/tunnel.h"

namespace herkomst::decoders {

namespace {

enum class Phase : std::uint8_t { Greeting, Login, Request, Asked, Carries };

struct Notes {
    Phase phase;
    bool connects;  // and does not wait for somebody (BIND) or carry datagrams
    bool four;
};

// RFC 1928 section 3: as many methods as the message says, of those that IANA has assigned (0 to 9), no end of them.
bool is_greeting(ByteCursor message) {
    if (message.u8() != 5) return false;
    const std::uint8_t count = message.u8();
    if (count == 0 || count > 10 || message.left() != count) return false;
    bool open = false;
    while (!message.done()) {
        const std::uint8_t method = message.u8();
        if (method > 9) return false;
        open = open || method == 0 || method == 1 || method == 2;
    }
    return open;
}

// SOCKS 4 (Lee, 1996): a command of two, a port, an address that is no group's, a user's name and at the very end a zero; 4A:
// an address 0.0.0.x, and a name behind it.
bool is_request_of_four(ByteCursor message) {
    if (message.left() < 9 || message.left() > 300 || message.u8() != 4) return false;
    const std::uint8_t command = message.u8();
    const std::uint16_t port = message.be16();
    const std::uint32_t address = message.be32();
    if ((command != 1 && command != 2) || port == 0 || (address >> 24) >= 224) return false;
    const std::string_view rest = message.text_ahead();
    const std::size_t end = rest.find('\0');
    if (end == std::string_view::npos) return false;
    const bool named = (address >> 8) == 0;
    const std::string_view name = rest.substr(end + 1);
    if (named ? name.size() < 2 || name.find('\0') != name.size() - 1 : !name.empty()) return false;
    return printable_ascii(rest.substr(0, end)) && (!named || printable_ascii(name.substr(0, name.size() - 1)));
}

// Only where the conversation begins, and its first message is there whole: neither version has a mark that parts it from noise
// in the midst.
bool recognise(ByteCursor message, const Flow& flow) {
    return flow.from_opener && (is_greeting(message) || is_request_of_four(message));
}

// RFC 1928 section 5; false when there is no such type.
bool read_address(ByteCursor& message, Slice& name) {
    const std::uint8_t type = message.u8();
    if (type != 1 && type != 3 && type != 4) return false;
    const Slice address = message.bytes(type == 1 ? 4U : type == 4 ? 16U : message.u8());
    if (type == 3) name = address;
    message.skip(2);
    return true;
}

Verdict of_client(ByteCursor message, Notes& notes, Claims& claims) {
    if (notes.phase == Phase::Greeting && is_greeting(message)) return done();
    if (notes.phase == Phase::Greeting && is_request_of_four(message)) {
        notes.four = true;
        notes.phase = Phase::Asked;
        message.skip(1);
        notes.connects = message.u8() == 1;
        message.skip(2);
        const bool named = (message.be32() >> 8) == 0;
        const std::string_view rest = message.text_ahead();
        const std::size_t name = rest.find('\0') + 1;
        if (!named) return done();
        message.skip(name);
        const Slice host = message.bytes(rest.size() - name - 1);
        claims.addressed_as(host.text(), host);
        return done();
    }
    if (notes.phase == Phase::Login) {
        // RFC 1929 section 2: |01|length 1|name|length 1|password|
        if (message.u8() != 1) return not_this();
        message.skip(message.u8());
        message.skip(message.u8());
        return done(message);
    }
    if (notes.phase != Phase::Request || message.u8() != 5) return not_this();
    // RFC 1928 section 4
    const std::uint8_t command = message.u8();
    Slice host;
    if (command == 0 || command > 3 || message.u8() != 0 || !read_address(message, host)) return not_this();
    if (message.ok()) {
        notes.phase = Phase::Asked;
        notes.connects = command == 1;
        if (!host.empty()) claims.addressed_as(host.text(), host);
    }
    return done(message);
}

void agreed(Notes& notes, Flow& flow) {
    notes.phase = Phase::Carries;
    opens_tunnel(*flow.state);
}

Verdict of_server(ByteCursor message, Notes& notes, Flow& flow) {
    if (notes.four) {
        if (notes.phase != Phase::Asked || message.u8() != 0) return not_this();
        const std::uint8_t reply = message.u8();
        message.skip(6);
        if (reply < 0x5a || reply > 0x5d) return not_this();
        if (message.ok() && reply == 0x5a && notes.connects) agreed(notes, flow);
        return done(message);
    }
    const std::uint8_t version = message.u8();
    const std::uint8_t answer = message.u8();
    if (notes.phase == Phase::Login) {
        if (version != 1) return not_this();
        if (message.ok() && answer == 0) notes.phase = Phase::Request;
        return done(message);
    }
    if (version != 5) return not_this();
    if (notes.phase == Phase::Greeting) {
        if (message.ok()) notes.phase = answer == 2 ? Phase::Login : Phase::Request;
        return done(message);
    }
    // RFC 1928 section 6
    Slice host;
    if (notes.phase != Phase::Asked || answer > 8 || message.u8() != 0 || !read_address(message, host)) return not_this();
    if (message.ok() && answer == 0 && notes.connects) agreed(notes, flow);
    return done(message);
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    Notes& notes = flow.state->notes<Notes>();
    if (notes.phase == Phase::Carries) return not_this();
    return flow.from_opener ? of_client(message, notes, claims) : of_server(message, notes, flow);
}

constexpr ExampleMessage five[] = {{From::Client, "05 02 00 02", {}},
                                   {From::Server, "05 02", {}},
                                   {From::Client, "01 0a 77696c68656c6d696e61 06 67656865696d", {}},
                                   {From::Server, "01 00", {}},
                                   {From::Client, "05 01 00 03 0d 636c6f75642e6578616d706c65 01bb", {}},
                                   {From::Server, "05 00 00 01 00000000 0000", {}}};
constexpr ExampleMessage four[] = {
    {From::Client, "04 01 01bb 00000001 77696c68656c6d696e6100 636c6f75642e6578616d706c6500", {}},
    {From::Server, "00 5a 0000 00000000", {}}};
constexpr Example examples[] = {
    {"version 5: who logs in is not kept, and nobody is named", Layer::Tcp, 1080, five, {}},
    {"version 4 with a name", Layer::Tcp, 1080, four, {}},
};
constexpr std::uint16_t ports[] = {1080};

}  // namespace

Decoder socks() {
    Decoder decoder;
    decoder.name = "socks";
    decoder.title = "SOCKS";
    decoder.spec = "RFC 1928; RFC 1929; SOCKS 4 and 4A (Lee)";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("05 0?", "04 01", "04 02");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
