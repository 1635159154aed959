// CAPWAP: access points look for their controller and tell it, before anything is encrypted, who made them, model, serial
// number and versions (UDP 5246); the controller answers with its own name and versions. Whoever controls it sets all of them.
//
//   |00|lengths and flags 3|fragment 4|[radio 7..]|type 4|sequence 1|length 2|0| then |type 2|length 2|...|: 1 controller, 4
//   its name, 28 place, 38 board: maker 4, |kind 2|length 2|...|, 39 versions: maker 4, |kind 2|length 2|...|, 45 name
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

enum Message : std::uint32_t {
    DiscoveryRequest = 1,
    DiscoveryResponse,
    JoinRequest,
    JoinResponse,
    PrimaryRequest = 19,
    PrimaryResponse
};
enum Element : std::uint16_t { Controller = 1, ControllerName = 4, Location = 28, Board = 38, Versions = 39, PointName = 45 };

struct Head {
    std::uint32_t type = 0;
    ByteCursor elements;
    bool good = false;
};

// RFC 5415 sections 4.1, 4.3 and 4.5.1: version and type 0 (not within DTLS), a header length in words, no fragment, no
// keep-alive; a message of the base protocol, whose length counts from behind the sequence number and is the rest.
Head read_head(ByteCursor& message) {
    Head out{0, message, false};
    const std::uint8_t preamble = message.u8();
    const std::uint8_t second = message.u8();
    message.skip(1);
    const std::uint8_t flags = message.u8();
    message.skip(2);
    const std::uint16_t place = message.be16();
    const std::size_t words = second >> 3;
    if (preamble != 0 || words < 2 || words > 7 || (flags & 0x8f) != 0 || place != 0) return out;
    message.skip((words - 2) * 4);
    out.type = message.be32();
    message.skip(1);
    const std::size_t length = message.be16();
    const std::uint8_t none = message.u8();
    if (!message.ok() || out.type == 0 || out.type > 26 || length != message.left() + 3 || none != 0) return out;
    out.elements = message;
    out.good = true;
    return out;
}

// Section 4.6: elements fill the message.
bool recognise(ByteCursor message, const Flow&) {
    Head head = read_head(message);
    if (!head.good || head.elements.done()) return false;
    while (!head.elements.done()) {
        const std::uint16_t type = head.elements.be16();
        if (type == 0) return false;
        head.elements.skip(head.elements.be16());
    }
    return head.elements.ok();
}

// Vendors are named by enterprise numbers. Cisco's give their OUI, 00-40-96, and a zero in its place (as actube, a public
// project, speaks with them).
void vendor(std::uint32_t number, const Slice& place, Claims& claims) {
    constexpr std::uint32_t largest_enterprise = 0xfffff;
    constexpr std::uint32_t cisco = 0x00409600;
    if (number == cisco) claims.matched(Field::brand, "Cisco", place, "vendor");
    if (number != 0 && number <= largest_enterprise)
        claims.stated(Field::vendor_id, "pen:" + std::to_string(number), place, "vendor");
}

// Section 4.6.40: vendor, then kind, length and value: 0 model, 1 serial number.
void board(ByteCursor at, Claims& claims) {
    const Slice place = ByteCursor(at).bytes(4);
    vendor(at.be32(), place, claims);
    while (!at.done()) {
        const std::uint16_t kind = at.be16();
        const Slice value = at.bytes(at.be16());
        if (kind == 0) claims.stated(Field::model, value, "board");
        if (kind == 1) claims.stated(Field::serial, value, "board");
    }
}

// A text, or, as Cisco's send it, four numbers.
std::string version(const Slice& value) {
    if (value.size() != 4 || printable_ascii(value.text())) return std::string(value.text());
    std::string out;
    for (const std::uint8_t byte : value.bytes) out += (out.empty() ? "" : ".") + std::to_string(byte);
    return out;
}

// Sections 4.6.1 and 4.6.41: vendor, kind, length and value.
void versions(ByteCursor at, std::uint16_t hardware, std::uint16_t software, Claims& claims) {
    while (!at.done()) {
        const Slice place = ByteCursor(at).bytes(4);
        const std::uint32_t number = at.be32();
        const std::uint16_t kind = at.be16();
        const Slice value = at.bytes(at.be16());
        if (kind == software) vendor(number, place, claims);
        if (kind == hardware) claims.stated(Field::hardware, version(value), value, "hardware");
        if (kind == software) claims.stated(Field::firmware, version(value), value, "software");
    }
}

void element(std::uint16_t type, const Slice& value, Claims& claims) {
    Reading own;
    ByteCursor at = whole(value, own);
    switch (type) {
        case Board:
            board(at, claims);
            break;
        case Versions:
            at.skip(2);
            // Three bytes for each way to encrypt.
            at.skip(at.u8() * std::size_t{3});
            versions(at, 0, 1, claims);
            break;
        case Controller:
            at.skip(12);
            versions(at, 4, 5, claims);
            break;
        case PointName:
        case ControllerName:
            claims.stated(Field::hostname, value, "name");
            break;
        case Location:
            claims.stated(Field::location, value, "location");
            break;
        default:
            break;
    }
}

// Section 4.5.1.1: who asks is an access point, who answers a controller; of others it says nothing.
Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    const Slice witness = ByteCursor(message).bytes(4);
    Head head = read_head(message);
    const bool point = head.type == DiscoveryRequest || head.type == JoinRequest || head.type == PrimaryRequest;
    const bool controller = head.type == DiscoveryResponse || head.type == JoinResponse || head.type == PrimaryResponse;
    if (!point && !controller) return done();
    claims.stated(Field::role, point ? "capwap access point" : "capwap controller", witness, "message");
    while (!head.elements.done()) {
        const std::uint16_t type = head.elements.be16();
        const Slice value = head.elements.bytes(head.elements.be16());
        const bool of_controller = type == Controller || type == ControllerName;
        if (of_controller == controller) element(type, value, claims);
    }
    return done();
}

constexpr ExampleMessage found[] = {
    {From::Client,
     "00 10 02 00 00000000 | 00000001 01 006b 00 | 0014 0001 00 | 0026 0024 00007ed9 0000 0006 455841502d37 "
     "0001 0008 4558303030303432 0004 0006 00005e00530a | 0027 001d 02 02 01 010001 00007ed9 0000 0002 4131 "
     "00007ed9 0001 0005 382e352e31 | 002d 0006 68616c6c2d33 | 001c 000c 48616c6c20332c2065617374",
     {}},
    {From::Server,
     "00 10 02 00 00000000 | 00000002 01 0045 00 | 0001 0024 0003 0064 0002 0010 04 01 00 02 00007ed9 0004 0002 4332 "
     "00007ed9 0005 0006 382e31302e32 | 0004 000c 636f6e74726f6c6c65722d31 | 000a 0006 c0000214 0000",
     {}}};
constexpr std::string_view found_claims[] = {
    "client role=capwap access point", "client vendor_id=pen:32473",   "client model=EXAP-7",
    "client serial=EX000042",          "client hardware=A1",           "client firmware=8.5.1",
    "client hostname=hall-3",          "client location=Hall 3, east", "server role=capwap controller",
    "server vendor_id=pen:32473",      "server hardware=C2",           "server firmware=8.10.2",
    "server hostname=controller-1"};
// With a radio's address in the header, and numbers for versions.
constexpr ExampleMessage numbers[] = {
    {From::Client,
     "00 20 02 10 00000000 06 00005e00530a 00 | 00000003 02 0030 00 | 0026 0013 00409600 0000 0006 455841502d38 0001 0001 58 "
     "| 0027 0012 02 02 01 000001 00409600 0001 0004 110e0007",
     {}}};
constexpr std::string_view numbers_claims[] = {"client role=capwap access point", "client brand=Cisco", "client model=EXAP-8",
                                               "client serial=X", "client firmware=17.14.0.7"};
constexpr ExampleMessage echo[] = {{From::Client, "00 10 02 00 00000000 | 0000000d 07 0007 00 | 0033 0000", {}}};
constexpr Example examples[] = {
    {"an access point finds its controller", Layer::Udp, 5246, found, found_claims},
    {"a longer header, and a maker that counts otherwise", Layer::Udp, 5246, numbers, numbers_claims},
    {"what is said later names nobody", Layer::Udp, 5246, echo, {}},
};
constexpr std::uint16_t ports[] = {5246};

}  // namespace

Decoder capwap() {
    Decoder decoder;
    decoder.name = "capwap";
    decoder.title = "CAPWAP";
    decoder.spec = "RFC 5415 sections 4.1, 4.3, 4.5 and 4.6";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("00 1? ?? ?? ?? ?? 00 00", "00 2? ?? ?? ?? ?? 00 00", "00 3? ?? ?? ?? ?? 00 00");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
