// Microsoft SQL Server: before the log-in both sides exchange versions; and the browser service tells whoever asks the host's
// name and the version of every instance. The log-in itself is not read.
//
//   packet |12 or 04|status|length 2|process 2|number|00|, then |option|offset 2|length 2| ... |FF|, then the options' values;
//   option 0: |major|minor|build 2|sub-build 2|
//   browser |05|length 2, little endian|"ServerName;...;InstanceName;...;IsClustered;...;Version;...;tcp;...;;"|
#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t for_good = SIZE_MAX / 2;
constexpr std::size_t packet_header = 8;

// MS-TDS section 2.2.6.5: the first option is VERSION, six bytes long, its value stands behind all options.
bool is_prelogin(ByteCursor message) {
    const std::uint8_t type = message.u8();
    const std::uint8_t status = message.u8();
    const std::size_t length = message.be16();
    message.skip(4);
    if ((type != 0x12 && type != 0x04) || status > 1 || length < 20 || length > 512) return false;
    const std::uint8_t option = message.u8();
    const std::size_t offset = message.be16();
    const std::size_t size = message.be16();
    return option == 0 && size == 6 && offset >= 6 && offset + size + packet_header <= length && message.ok();
}

// MC-SQLR section 2.2.5: 5, the length of the text, and the text with its first word.
bool is_browser(ByteCursor message) {
    if (message.u8() != 5) return false;
    const std::size_t length = message.le16();
    return length == message.left() && message.starts_with("ServerName;");
}

// MS-TDS sections 2.2.3.1 and 2.2.6.5; MC-SQLR section 2.2.5
bool recognise(ByteCursor message, const Flow& flow) {
    return flow.layer == Layer::Udp ? is_browser(message) : is_prelogin(message);
}

std::string version_text(const Slice& six) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned>(six.bytes[i]); };
    return std::to_string(byte(0)) + "." + std::to_string(byte(1)) + "." + std::to_string(byte(2) << 8 | byte(3));
}

Verdict prelogin(ByteCursor message, Flow& flow, Claims& claims) {
    if (!is_prelogin(message)) return done(for_good);
    ByteCursor head = message;
    const std::uint8_t type = head.u8();
    head.skip(1);
    const std::size_t length = head.be16();
    head.skip(4);
    if (message.left() < length && !flow.ended) return need(length);
    ByteCursor options = head;
    options.skip(1);
    const std::size_t offset = options.be16();
    head.skip(offset);
    const Slice version = head.bytes(6);
    // Drivers that know no version of their own send zeros; a client's version is its driver's.
    if (type == 0x04 && flow.from_server() && version.size() == 6 && version.bytes[0] != 0) {
        claims.stated(Field::software, "Microsoft SQL Server " + version_text(version), version, "prelogin");
    }
    return done(for_good);
}

Verdict browser(ByteCursor message, Claims& claims) {
    if (!is_browser(message)) return not_this();
    message.skip(3);
    std::string_view key;
    while (!message.done()) {
        const std::size_t end = message.text_ahead().find(';');
        const Slice word = end == std::string_view::npos ? message.rest() : message.bytes(end);
        if (!message.done()) message.skip(1);
        if (key == "ServerName") claims.stated(Field::hostname, word, "browser");
        if (key == "Version")
            claims.stated(Field::software, "Microsoft SQL Server " + std::string(word.text()), word, "browser");
        key = key.empty() ? word.text() : std::string_view();
    }
    return done();
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    return flow.layer == Layer::Udp ? browser(message, claims) : prelogin(message, flow, claims);
}

constexpr ExampleMessage before[] = {
    {From::Client, "12 01 001a 0000 00 00 | 00 000b 0006 | 01 0011 0001 | ff | 0b0000000000 | 02", {}},
    {From::Server, "04 01 001a 0000 01 00 | 00 000b 0006 | 01 0011 0001 | ff | 0f0007d00000 | 02", {}},
    {From::Client, "10 01 0020 0000 01 00 770069006c00680065006c006d0069006e006100", {}}};
constexpr std::string_view before_claims[] = {"server software=Microsoft SQL Server 15.0.2000"};
constexpr ExampleMessage listing[] = {
    {From::Server,
     "05 5200 5365727665724e616d653b484953544f523b496e7374616e63654e616d653b504c414e543b4973436c757374657265643b4e6f3b"
     "56657273696f6e3b31352e302e323030302e353b7463703b313433333b3b",
     {}}};
constexpr std::string_view listing_claims[] = {"server hostname=HISTOR", "server software=Microsoft SQL Server 15.0.2000.5"};
constexpr ExampleMessage asking[] = {
    {From::Client, "12 01 001a 0000 00 00 | 00 000b 0006 | 01 0011 0001 | ff | 000000000000 | 00", {}}};
constexpr Example examples[] = {
    {"versions before the log-in, which is not read", Layer::Tcp, 1433, before, before_claims},
    {"the browser service lists an instance", Layer::Udp, 1434, listing, listing_claims},
    {"a client alone says nothing", Layer::Tcp, 1433, asking, {}},
};
constexpr std::uint16_t ports[] = {1433, 1434};

}  // namespace

Decoder mssql() {
    Decoder decoder;
    decoder.name = "mssql";
    decoder.title = "Microsoft SQL Server";
    decoder.spec = "MS-TDS section 2.2.6.5; MC-SQLR section 2.2.5";
    decoder.layers = Layer::Tcp | Layer::Udp;
    decoder.ports = ports;
    decoder.starts = Starts("04 0?", "12 0?", "05 ?? ?? 'Serve'");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
