// Oracle's listener: a refused connection answers with the listener's version; a client says which host it runs on. The service
// asked for, the program and the account are not kept.
//
//   |length 2|checksum 2|type 1|flags 1|checksum 2|; type 1 connect, with "(DESCRIPTION=...)" at an offset; 4 refuse
//   refuse: |reason|reason|length 2|"(DESCRIPTION=(TMP=)(VSNNUM=318767104)(ERR=12514)...)"|
#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t for_good = SIZE_MAX / 2;
enum Type : std::uint8_t { Connect = 1, Accept = 2, Refuse = 4, Redirect = 5, Data = 6, Resend = 11 };

// Oracle Net Services (TNS) header as tcpdump and Wireshark's packet-tns.c describe it: length of the packet, no checksums,
// type. A connection begins with a connect packet: version 300 to 319, compatible with at most that, a size of at least 512,
// and data that stand where the offset says; those begin with "(".
bool recognise(ByteCursor message, const Flow&) {
    const ByteCursor start = message;
    const std::size_t length = message.be16();
    const std::uint16_t checksum = message.be16();
    const std::uint8_t type = message.u8();
    message.skip(1);
    const std::uint16_t header_checksum = message.be16();
    if (checksum != 0 || header_checksum != 0 || length < 8) return false;
    if (type == Refuse) {
        message.skip(2);
        const std::size_t size = message.be16();
        return size + 12 == length && message.starts_with("(DESCRIPTION=");
    }
    if (type != Connect) return false;
    const std::uint16_t version = message.be16();
    const std::uint16_t compatible = message.be16();
    message.skip(2);
    const std::uint16_t session = message.be16();
    message.skip(8);
    const std::uint16_t size = message.be16();
    const std::uint16_t offset = message.be16();
    if (version < 300 || version > 330 || compatible > version || session < 512 || offset < 28) return false;
    if (size + std::size_t{offset} > length) return offset == length;  // the data come in a packet of their own
    ByteCursor data = start;
    data.skip(offset);
    return data.peek() == '(';
}

// "(NAME=value)": where the value stands, else none.
Slice value_of(const Slice& text, std::string_view name) {
    const std::string folded_text = lower(text.text());
    const std::string wanted = "(" + lower(name) + "=";
    const std::size_t at = folded_text.find(wanted);
    if (at == std::string::npos) return {};
    const std::size_t begin = at + wanted.size();
    const std::size_t end = folded_text.find_first_of("()", begin);
    if (end == std::string::npos || end == begin) return {};
    return {text.bytes.subspan(begin, end - begin), text.offset + begin};
}

// VSNNUM: 8, 4, 8, 4 and 8 bits up to version 12; since 18 these are 8, 8, 4, 8 and 4.
std::string version_text(std::uint32_t v) {
    const unsigned major = v >> 24;
    const auto part = [&](unsigned shift, unsigned bits) { return "." + std::to_string(v >> shift & ((1U << bits) - 1)); };
    if (major >= 18) return std::to_string(major) + part(16, 8) + part(12, 4) + part(4, 8) + part(0, 4);
    return std::to_string(major) + part(20, 4) + part(12, 8) + part(8, 4) + part(0, 8);
}

void refused(const Slice& text, Claims& claims) {
    const Slice number = value_of(text, "VSNNUM");
    std::uint64_t value = 0;
    for (const char c : number.text()) {
        if (c < '0' || c > '9' || value > 0xffffffffU) return;
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
    }
    if (value < 0x07000000 || value > 0xffffffffU) return;
    claims.stated(Field::software, "Oracle TNS listener " + version_text(static_cast<std::uint32_t>(value)), number, "vsnnum");
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    const ByteCursor start = message;
    const std::size_t length = message.be16();
    message.skip(2);
    const std::uint8_t type = message.u8();
    message.skip(3);
    if (!message.ok()) return done();
    // Since 12.2 packets count their length in four bytes, the first two being the high ones: those carry data.
    if (length < 8 || type == Data || type == Accept) return done(for_good);
    if (length > 8192) return not_this();
    if (start.left() < length) return flow.ended ? done() : need(length);
    ByteCursor packet = message.take(length - 8);
    if (type == Refuse) {
        packet.skip(2);
        refused(packet.bytes(packet.be16()), claims);
    } else if (type == Connect && flow.from_opener) {
        // The inner (CID=(PROGRAM=...)(HOST=...)(USER=...)) is about the client, an outer HOST about the address it dials.
        const Slice all = packet.rest();
        const std::size_t client = lower(all.text()).find("(cid=");
        if (client != std::string::npos) {
            const Slice own{all.bytes.subspan(client), all.offset + client};
            const Slice host = value_of(own, "HOST");
            const bool real = !equal_ignoring_case(host.text(), "__jdbc__") && !equal_ignoring_case(host.text(), "localhost");
            if (real) claims.stated(Field::hostname, host, "cid_host");
        }
    }
    return done(length);
}

constexpr ExampleMessage refused_one[] = {
    {From::Client,
     "00b70000010000000138012c000008007fff7f08000000010095002200000000000028444553435249505449"
     "4f4e3d28434f4e4e4543545f444154413d28534552564943455f4e414d453d706c616e7429284349443d2850"
     "524f4752414d3d686973742928484f53543d686d69332928555345523d77696c68656c6d696e612929292841"
     "4444524553533d2850524f544f434f4c3d5443502928484f53543d3139322e302e322e32302928504f52543d"
     "31353231292929",
     {}},
    {From::Server,
     "00670000040000002200005b284445534352495054494f4e3d28544d503d292856534e4e554d3d3138363634"
     "3732393629284552523d313235313429284552524f525f535441434b3d284552524f523d28434f44453d3132"
     "3531342928454d46493d3429292929",
     {}}};
constexpr std::string_view refused_claims[] = {"client hostname=hmi3", "server software=Oracle TNS listener 11.2.0.3.0"};
constexpr ExampleMessage resent[] = {{From::Client,
                                      "00b30000010000000138012c000008007fff7f08000000010091002200000000000028444553435249505449"
                                      "4f4e3d28434f4e4e4543545f444154413d28534552564943455f4e414d453d706c616e7429284349443d2850"
                                      "524f4752414d3d686973742928484f53543d2928555345523d77696c68656c6d696e61292929284144445245"
                                      "53533d2850524f544f434f4c3d5443502928484f53543d3139322e302e322e32302928504f52543d31353231"
                                      "292929",
                                      {}},
                                     {From::Server, "000800000b000000", {}}};
constexpr Example examples[] = {
    {"a refused connection; the account is not kept", Layer::Tcp, 1521, refused_one, refused_claims},
    {"a client without a name, asked to repeat itself", Layer::Tcp, 1521, resent, {}},
};
constexpr std::uint16_t ports[] = {1521, 1526};

}  // namespace

Decoder oracle() {
    Decoder decoder;
    decoder.name = "oracle";
    decoder.title = "Oracle TNS";
    decoder.spec = "Oracle Net Services, TNS packet formats (Wireshark packet-tns.c)";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("?? ?? 00 00 01 ?? 00 00", "?? ?? 00 00 04 ?? 00 00");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
