// Midea: air conditioners and heat pumps of Midea, also sold under many other names, answer a discovery broadcast (UDP 6445 and
// 20086) with serial number, type and address. The answer is wrapped in a key that all of them share.
//
//   |5A 5A|1|1|length 2|...|device id 6 at 20|...|wrapped ...|hash 16|        little-endian; the wrapped part begins at 40
//   newer: |83 70|6|the same|16|
//   wrapped: |address 4, reversed|port 2|2|serial 32|n 1|name n: "net_ac_1234"|
//
// The layout is not published by its maker. It is the one that msmart-ng (a public project) speaks.
#include <string>

#include "core/cipher.h"
#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::string_view discovery_key("\x6a\x92\xef\x40\x6b\xad\x2f\x03\x59\xba\xad\x99\x41\x71\xea\x6d", 16);
constexpr std::size_t before_wrapped = 40;
constexpr std::size_t hash_size = 16;

// The older frame, taken out of the newer one where there is one; empty when it is neither. The length must agree.
ByteCursor older_frame(ByteCursor message) {
    if (message.peek_be16() == 0x8370) {
        if (message.left() < 8 + 16) return message.take(0);
        message.skip(8);
        message = message.take(message.left() - 16);
    }
    const bool fits = message.left() >= 56 && message.left() <= 1024 && message.peek_be16() == 0x5a5a &&
                      (message.peek(2) == 0x01 || message.peek(2) == 0x00) && message.peek_le16(4) == message.left();
    return fits ? message : message.take(0);
}

bool recognise(ByteCursor message, const Flow&) { return !older_frame(message).done(); }

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    ByteCursor frame = older_frame(message);
    if (frame.done()) return not_this();
    const ByteCursor from = frame;
    frame.skip(before_wrapped);
    if (frame.left() <= hash_size) return done();
    const Slice wrapped = frame.bytes(frame.left() - hash_size);
    // As msmart-ng (public project) speaks it: a request is 72 bytes with a fixed text; only an answer unwraps to an address, a
    // serial number and a name.
    const std::string clear = aes128_ecb_decrypted(wrapped.bytes, discovery_key);
    if (clear.size() < 42) return done();
    const std::string_view serial(clear.data() + 8, 32);
    const auto length = static_cast<std::uint8_t>(clear[40]);
    if (length < 6 || clear.size() < std::size_t{41} + length) return done();
    const std::string_view name(clear.data() + 41, length);
    if (!printable_ascii(trimmed(serial)) || !name.starts_with("net_") || name.size() < 7 || name[6] != '_') return done();
    claims.matched(Field::stack_maker, "Midea", wrapped, "discovery");
    claims.stated(Field::serial, trimmed(serial), wrapped, "discovery");
    claims.stated(Field::device_type, "midea:0x" + std::string(name.substr(4, 2)), wrapped, "discovery");
    // The types as msmart-ng and midea_ac_lan (public projects) have them.
    if (name.substr(4, 2) == "ac" || name.substr(4, 2) == "cc") claims.matched(Field::category, "hvac", wrapped, "type");
    if (name.substr(4, 2) == "c3") claims.matched(Field::category, "heat_pump", wrapped, "type");
    // What apps and cloud know the device by: six bytes, the lowest first.
    ByteCursor number = from;
    number.skip(20);
    const Slice id = number.bytes(6);
    std::uint64_t value = 0;
    for (std::size_t i = 6; i > 0; --i) value = value << 8 | id.bytes[i - 1];
    if (value != 0) claims.stated(Field::unique_id, "midea:" + std::to_string(value), id, "discovery");
    (void)flow;
    return done();
}

constexpr std::string_view asked =
    "5a5a011148009200000000000000000000000000000000000000000000000000000000000000000011111111111111111111"
    "11111111111111111111111111111111111111111111";
constexpr std::string_view answered =
    "5a5a011178007a800000000000000000000000002a00000000000000000000000000000000000000936b98906ae0365c3c27"
    "7be0313a3b8d564a12afa50108cce24086803d599f610b20062286ed00f7430b67a356dccd470e4ceea350b2dc0f6b3b204b"
    "f43c873044444444444444444444444444444444";
constexpr std::string_view answered_newer =
    "83700088206f00005a5a011178007a800000000000000000000000002a00000000000000000000000000000000000000936b"
    "98906ae0365c3c277be0313a3b8d564a12afa50108cce24086803d599f610b20062286ed00f7430b67a356dccd470e4ceea3"
    "50b2dc0f6b3b204bf43c87304444444444444444444444444444444455555555555555555555555555555555";
constexpr ExampleMessage older[] = {{From::Client, asked, {}}, {From::Server, answered, {}}};
constexpr std::string_view claims_of_one[] = {"server stack_maker=Midea", "server serial=000000P0000000Q1EXAMPLE000420000",
                                              "server device_type=midea:0xac", "server category=hvac",
                                              "server unique_id=midea:42"};
constexpr ExampleMessage newer[] = {{From::Server, answered_newer, {}}};
constexpr ExampleMessage only_asked[] = {{From::Client, asked, {}}};
constexpr Example examples[] = {
    {"an air conditioner answers a search", Layer::Udp, 6445, older, claims_of_one},
    {"an answer in the newer frame", Layer::Udp, 6445, newer, claims_of_one},
    {"a search names nobody", Layer::Udp, 6445, only_asked, {}},
};
constexpr std::uint16_t ports[] = {6445, 20086};

}  // namespace

Decoder midea() {
    Decoder decoder;
    decoder.name = "midea";
    decoder.title = "Midea discovery";
    decoder.spec = "unpublished; as spoken by msmart-ng and midea_ac_lan (public projects)";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("5a 5a", "83 70");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
