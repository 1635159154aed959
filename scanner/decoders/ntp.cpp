// NTP: who answers with a time is a time server, and the best of them say which clock they are tied to.
//
//   |leap 2 bits, version 3 bits, mode 3 bits|stratum|poll|precision|root delay 4|root dispersion 4|reference 4|four times of
//   8|...
#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

enum Mode : std::uint8_t { Active = 1, Passive = 2, Client = 3, Server = 4, Broadcast = 5 };

// RFC 5905 section 7.3: 48 bytes, or with a key number and digest or extension fields a multiple of four; version 1 to 4, five
// modes; stratum up to 16, delay and dispersion below 64 s, poll up to 2^17 s, and from a server a precision below a second
// and a time that it says it is. Clients (RFC 4330) may leave everything but the first byte out.
bool recognise(ByteCursor message, const Flow&) {
    const std::size_t size = message.left();
    if (size < 48 || size % 4 != 0 || size > 1024) return false;
    const std::uint8_t head = message.u8();
    const unsigned version = (head >> 3) & 7U;
    const unsigned mode = head & 7U;
    if (version < 1 || version > 4 || mode < Active || mode > Broadcast) return false;
    const std::uint8_t stratum = message.u8();
    const std::uint8_t poll = message.u8();
    const std::uint8_t precision = message.u8();
    const std::uint32_t delay = message.be32();
    const std::uint32_t dispersion = message.be32();
    if (stratum > 16 || poll > 17 || delay >= 0x00400000 || dispersion >= 0x00400000) return false;
    message.skip(28);
    const std::uint32_t seconds = message.be32();
    if (mode != Client) return precision >= 0xe0 && stratum > 0 && seconds != 0;
    return (precision == 0 || precision >= 0xe0) && (seconds != 0 || (stratum == 0 && size == 48 && version >= 3));
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    const unsigned mode = message.u8() & 7U;
    const Slice stratum = message.bytes(1);
    message.skip(10);
    const Slice reference = message.bytes(4);
    // Who has no time itself (16) serves none. Servers of equal rank ask one another in modes 1 and 2.
    if (mode == Client || stratum.bytes[0] == 0 || stratum.bytes[0] >= 16) return done();
    claims.stated(Field::role, "time server", stratum, "mode");
    // RFC 5905 section 7.3, figure 12: of the first stratum the reference is a clock's name in letters.
    const std::string name = clean(reference.text(), 4);
    if (stratum.bytes[0] == 1 && name.size() >= 3 && printable_ascii(name)) {
        claims.stated(Field::description, "NTP reference clock " + name, reference, "reference");
    }
    return done();
}

constexpr ExampleMessage clock[] = {
    {From::Client,
     "23 00 06 00 00000000 00000000 00000000 0000000000000000 0000000000000000 0000000000000000 e8c0ffee00000000",
     {}},
    {From::Server,
     "24 01 06 e9 00000000 00000010 47505300 e8c0ffe000000000 e8c0ffee00000000 e8c0ffee10000000 e8c0ffee20000000",
     {}}};
constexpr std::string_view clock_claims[] = {"server role=time server", "server description=NTP reference clock GPS"};
constexpr ExampleMessage asking[] = {
    {From::Client,
     "1b 00 00 00 00000000 00000000 00000000 0000000000000000 0000000000000000 0000000000000000 0000000000000000",
     {}}};
constexpr Example examples[] = {
    {"a server with a clock of its own", Layer::Udp, 123, clock, clock_claims},
    {"who asks says nothing", Layer::Udp, 123, asking, {}},
};
constexpr std::uint16_t ports[] = {123};

}  // namespace

Decoder ntp() {
    Decoder decoder;
    decoder.name = "ntp";
    decoder.title = "NTP";
    decoder.spec = "RFC 5905; RFC 4330";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("?? 0? ?? ?? ?? ?? ?? ??", "?? 1? ?? ?? ?? ?? ?? ??");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
