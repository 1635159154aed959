// MongoDB: the answer to buildInfo holds the server's version, the answer to hello of a member of a replica set its own
// address. Clients' documents are not read.
//
//   |length 4|request 4|answers 4|code 4| little endian; code 2013: |flags 4|00|document|; code 1: |flags 4|cursor 8|0 4|1
//   4|document| document (BSON): |length 4|type 1|name 00|value| ... |00|
#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t longest_read = 16 * 1024;
enum Code : std::uint32_t { OldReply = 1, OldQuery = 2004, Compressed = 2012, Message = 2013 };

// MongoDB wire protocol: length of the message, a code, and a body of its form: for 2013 flags of which 0, 1 and 16 are known
// and a section of kind 0 whose document is as long as the message; for 2004 a collection that ends in ".$cmd"; for 1 one
// document. The document ends with a zero.
bool recognise(ByteCursor message, const Flow&) {
    const std::size_t length = message.le32();
    message.skip(8);
    const std::uint32_t code = message.le32();
    if (length < 21 || length > 48'000'000) return false;
    if (code == Message) {
        const std::uint32_t flags = message.le32();
        const std::size_t checksum = (flags & 1) != 0 ? 4 : 0;
        if ((flags & ~0x10003U) != 0 || message.u8() != 0) return false;
        const std::size_t document = message.le32();
        return message.ok() && document >= 5 && document + 21 + checksum <= length;
    }
    if (code == OldQuery) {
        message.skip(4);
        const Slice name = message.until(0);
        return message.ok() && name.size() > 5 && name.size() < 128 && name.text().substr(name.size() - 5) == ".$cmd";
    }
    if (code != OldReply || length < 41) return false;
    message.skip(16);
    const bool one = message.le32() == 1;
    return one && message.le32() == length - 36 && message.ok();
}

// bsonspec.org 1.1: the size of a value by its type; unknown types end the reading.
bool skip_value(ByteCursor& at, std::uint8_t type) {
    switch (type) {
        case 0x01:
        case 0x09:
        case 0x11:
        case 0x12:
            at.skip(8);
            return at.ok();
        case 0x02:
            at.skip(at.le32());
            return at.ok();
        case 0x03:
        case 0x04: {
            const std::uint32_t size = at.le32();
            if (size < 5) return false;
            at.skip(size - std::size_t{4});
            return at.ok();
        }
        case 0x05:
            at.skip(at.le32() + std::size_t{1});
            return at.ok();
        case 0x07:
            at.skip(12);
            return at.ok();
        case 0x08:
            at.skip(1);
            return at.ok();
        case 0x0a:
            return at.ok();
        case 0x10:
            at.skip(4);
            return at.ok();
        case 0x13:
            at.skip(16);
            return at.ok();
        default:
            return false;
    }
}

// Only a document with a gitVersion is the answer to buildInfo.
void build_info(ByteCursor document, Claims& claims) {
    document.skip(4);
    Slice version;
    bool of_build = false;
    for (unsigned elements = 0; elements < 256 && !document.done(); ++elements) {
        const std::uint8_t type = document.u8();
        if (type == 0) break;
        const Slice name = document.until(0);
        if (type == 0x02 && name.text() == "version") {
            const std::uint32_t size = document.le32();
            version = document.bytes(size);
            if (!document.ok()) return;
            continue;
        }
        if (name.text() == "gitVersion") of_build = true;
        if (!skip_value(document, type)) return;
    }
    if (!of_build || version.empty() || !document.ok()) return;
    const std::string_view text = version.text().substr(0, version.text().find('\0'));
    if (printable_ascii(text)) claims.stated(Field::software, "MongoDB " + std::string(text), version, "build_info");
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    ByteCursor head = message;
    const std::size_t length = head.le32();
    head.skip(8);
    const std::uint32_t code = head.le32();
    if (!head.ok()) return done();
    const bool known = code == OldReply || code == Message || code == Compressed || (code >= 2001 && code <= 2011);
    if (length < 16 || length > 48'000'000 || !known) return not_this();
    if (flow.from_opener || length > longest_read || (code != Message && code != OldReply)) return done(length);
    if (message.left() < length) return flow.ended ? done() : need(length);
    if (!recognise(message, flow)) return done(length);
    Reading reading;
    ByteCursor body = whole(message.bytes(length), reading);
    body.skip(code == Message ? 21 : 36);
    build_info(body, claims);
    return done(length);
}

constexpr ExampleMessage build[] = {{From::Client,
                                     "380000000700000000000000dd070000000000000023000000106275696c64496e666f000100000002246462"
                                     "000600000061646d696e0000",
                                     {}},
                                    {From::Server,
                                     "820000000800000007000000dd07000000000000006d0000000276657273696f6e0007000000342e342e3239"
                                     "000267697456657273696f6e00110000003031323334353637383961626364656600036f70656e73736c0014"
                                     "0000000272756e6e696e67000200000078000010626974730040000000016f6b00000000000000f03f00",
                                     {}}};
constexpr std::string_view build_claims[] = {"server software=MongoDB 4.4.29"};
constexpr ExampleMessage other[] = {{From::Client,
                                     "4d0000000700000000000000dd070000000000000038000000107361736c5374617274000100000002757365"
                                     "72000b00000077696c68656c6d696e610002246462000600000061646d696e0000",
                                     {}},
                                    {From::Server,
                                     "4a0000000800000007000000dd0700000000000000350000000869735772697461626c655072696d61727900"
                                     "010276657273696f6e0003000000783100016f6b00000000000000f03f00",
                                     {}}};
constexpr Example examples[] = {
    {"a server is asked for its build", Layer::Tcp, 27017, build, build_claims},
    {"a log-in and a document with a version of something else", Layer::Tcp, 27017, other, {}},
};
constexpr std::uint16_t ports[] = {27017};

}  // namespace

Decoder mongodb() {
    Decoder decoder;
    decoder.name = "mongodb";
    decoder.title = "MongoDB";
    decoder.spec = "MongoDB wire protocol; BSON 1.1";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("?? ?? ?? 0? ?? ?? ?? ??");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
