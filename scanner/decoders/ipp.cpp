// IPP: a printer that is asked what it is answers with maker, model, firmware, serial number and place. Who prints what is not
// kept.
//
//   over HTTP, application/ipp: |version 2|operation or status 2|request 4| then |group tag| or |value tag|name length 2|name|
//   value length 2|value|; a name of no length is one more value of the attribute before; 03 ends
#include <algorithm>

#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/http_message.h"
#include "decoders/text_lines.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t longest_body = 48 * 1024;

std::size_t content_length(const HttpHead& head) {
    std::size_t length = 0;
    for (const char c : head.field("Content-Length").text()) {
        if (c < '0' || c > '9' || length > 1'000'000'000) return 0;
        length = length * 10 + static_cast<std::size_t>(c - '0');
    }
    return length;
}

// RFC 8010 section 4: a POST whose content is application/ipp; section 3.1: its body, as soon as that is there, begins with
// version 1 or 2 and the group of operation attributes.
bool recognise(ByteCursor message, const Flow& flow) {
    if (!flow.from_opener || !message.starts_with("POST ") || !looks_like_http(message)) return false;
    const HttpHead head = read_http_head(message);
    if (head.kind != HttpHead::Kind::Request || head.fields.empty()) return false;
    if (!equal_ignoring_case(head.field("Content-Type").text(), "application/ipp")) return false;
    return message.left() < 9 || head.has_token("Transfer-Encoding", "chunked") ||
           ((message.peek() == 1 || message.peek() == 2) && message.peek(8) == 1);
}

// "MFG:Example;MDL:P-7;SN:123;" (IEEE 1284 section 7.6, PWG 5107.2).
void device_id(const Slice& text, Claims& claims) {
    for (const std::string_view part : split(text.text(), ';')) {
        const std::size_t colon = part.find(':');
        if (colon == std::string_view::npos) continue;
        const std::string_view key = trimmed(part.substr(0, colon));
        const std::string_view value = trimmed(part.substr(colon + 1));
        const Slice place = part_of(text, value);
        if (equal_ignoring_case(key, "MFG") || equal_ignoring_case(key, "MANUFACTURER"))
            claims.stated(Field::brand, value, place, "device_id");
        if (equal_ignoring_case(key, "MDL") || equal_ignoring_case(key, "MODEL"))
            claims.stated(Field::model, value, place, "device_id");
        if (equal_ignoring_case(key, "SN") || equal_ignoring_case(key, "SERN"))
            claims.stated(Field::serial, value, place, "device_id");
    }
}

// RFC 8011 section 5.4, PWG 5100.13
void attribute(std::string_view name, const Slice& value, Claims& claims) {
    if (name == "printer-make-and-model") claims.stated(Field::product, value, "make_and_model");
    if (name == "printer-firmware-string-version") claims.stated(Field::firmware, value, "firmware");
    if (name == "printer-location") claims.stated(Field::location, value, "location");
    if (name == "printer-device-id") device_id(value, claims);
    if (name == "printer-uuid" && value.text().substr(0, 9) == "urn:uuid:") {
        claims.stated(Field::unique_id, lower(value.text().substr(4)), value, "uuid");
    }
}

// CUPS (and what speaks as it does) shares printers of others below /printers/ and /classes/, and lists several in one answer:
// then the attributes are those of another machine than the one that answers, or of one without a network.
bool is_shared(ByteCursor body) {
    body.skip(8);
    int printers = 0;
    while (!body.done()) {
        const std::uint8_t tag = body.u8();
        if (tag == 3) break;
        if (tag < 0x10) {
            printers += tag == 4 ? 1 : 0;
            continue;
        }
        const std::string_view called = body.bytes(body.be16()).text();
        const std::string_view value = body.bytes(body.be16()).text();
        const bool uri = called == "printer-uri-supported" || called == "printer-more-info";
        if (uri && (value.find("/printers/") != std::string_view::npos || value.find("/classes/") != std::string_view::npos))
            return true;
    }
    return printers > 1;
}

void answer(ByteCursor body, bool shared, Claims& claims) {
    if (shared || is_shared(body)) return;
    body.skip(8);
    bool printer = false;
    std::string name;
    while (!body.done()) {
        const std::uint8_t tag = body.u8();
        if (tag == 3) return;
        if (tag < 0x10) {
            printer = tag == 4;  // RFC 8010 section 3.5.1
            continue;
        }
        const Slice called = body.bytes(body.be16());
        const Slice value = body.bytes(body.be16());
        if (!body.ok()) return;
        if (!called.empty()) name = called.text();
        if (printer && !called.empty() && tag >= 0x41 && is_text(value.text())) attribute(name, value, claims);
    }
}

struct Notes {
    bool shared;  // what was asked about last is a queue of a computer's
};

bool asks_shared(std::string_view target) {
    return target.find("/printers/") != std::string_view::npos || target.find("/classes/") != std::string_view::npos;
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    Notes& notes = flow.state->notes<Notes>();
    const std::size_t start = message.offset();
    const std::size_t there = message.left();
    const HttpHead head = read_http_head(message);
    if (head.kind == HttpHead::Kind::Incomplete && !flow.ended) return need(there + 1);
    if (head.kind != HttpHead::Kind::Request && head.kind != HttpHead::Kind::Response) return not_this();
    const std::size_t head_size = message.offset() - start;
    const bool ours = equal_ignoring_case(head.field("Content-Type").text(), "application/ipp");
    if (head.kind == HttpHead::Kind::Request && !ours) return not_this();
    observe_http_head(head, claims);
    if (head.kind == HttpHead::Kind::Request) notes.shared = asks_shared(head.target);
    if (head.kind == HttpHead::Kind::Response && head.status < 200) return done(head_size);
    // A chunk's size stands in front of the first one; what does not fit in it is not read.
    if (head.has_token("Transfer-Encoding", "chunked")) {
        const std::string_view body = message.text_ahead();
        const std::size_t end = body.find("\r\n0\r\n\r\n");
        if (end == std::string_view::npos) return message.left() < longest_body && !flow.ended ? need(there + 1) : done();
        if (head.kind == HttpHead::Kind::Response && ours) {
            message.line();
            Reading reading;
            answer(whole(message.bytes(std::min(end, message.left())), reading), notes.shared, claims);
        }
        return done(head_size + end + 7);
    }
    const std::size_t size = content_length(head);
    if (head.kind == HttpHead::Kind::Request || !ours || size > longest_body) return done(head_size + size);
    if (message.left() < size) return flow.ended ? done() : need(head_size + size);
    Reading reading;
    answer(whole(message.bytes(size), reading), notes.shared, claims);
    return done(head_size + size);
}

constexpr ExampleMessage asked[] = {{From::Client,
                                     "504f5354202f20485454502f312e310d0a486f73743a203139322e302e322e32303a3633310d0a436f6e7465"
                                     "6e742d547970653a206170706c69636174696f6e2f6970700d0a436f6e74656e742d4c656e6774683a203134"
                                     "300d0a0d0a0200000b0000000701470012617474726962757465732d6368617273657400057574662d384800"
                                     "1b617474726962757465732d6e61747572616c2d6c616e67756167650002656e45000b7072696e7465722d75"
                                     "726900116970703a2f2f3139322e302e322e32302f42001472657175657374696e672d757365722d6e616d65"
                                     "000a77696c68656c6d696e6103",
                                     {}},
                                    {From::Server,
                                     "485454502f312e3120323030204f4b0d0a5365727665723a204578616d706c654950502f312e300d0a436f6e"
                                     "74656e742d547970653a206170706c69636174696f6e2f6970700d0a436f6e74656e742d4c656e6774683a20"
                                     "3337320d0a0d0a020000000000000701470012617474726962757465732d6368617273657400057574662d38"
                                     "48001b617474726962757465732d6e61747572616c2d6c616e67756167650002656e044100167072696e7465"
                                     "722d6d616b652d616e642d6d6f64656c000b4578616d706c6520502d374100117072696e7465722d64657669"
                                     "63652d696400204d46473a4578616d706c653b4d444c3a502d373b534e3a41583730303132333b41001f7072"
                                     "696e7465722d6669726d776172652d737472696e672d76657273696f6e0003342e324100107072696e746572"
                                     "2d6c6f636174696f6e000668616c6c203341000c7072696e7465722d696e666f00155072696e746572206f66"
                                     "2077696c68656c6d696e6145000c7072696e7465722d75756964002d75726e3a757569643a30303030303030"
                                     "302d303030302d303030302d303030302d303030303545303035333134024200196a6f622d6f726967696e61"
                                     "74696e672d757365722d6e616d65000a77696c68656c6d696e6103",
                                     {}}};
constexpr std::string_view asked_claims[] = {
    "server software=ExampleIPP/1.0", "server product=Example P-7",
    "server brand=Example",           "server model=P-7",
    "server serial=AX700123",         "server firmware=4.2",
    "server location=hall 3",         "server unique_id=uuid:00000000-0000-0000-0000-00005e005314"};
constexpr ExampleMessage shared_one[] = {
    {From::Client,
     "504f5354202f7072696e746572732f68616c6c20485454502f312e310d0a486f73743a203139322e302e322e32303a36"
     "33310d0a436f6e74656e742d547970653a206170706c69636174696f6e2f6970700d0a436f6e74656e742d4c656e6774"
     "683a203134300d0a0d0a0200000b0000000701470012617474726962757465732d6368617273657400057574662d3848"
     "001b617474726962757465732d6e61747572616c2d6c616e67756167650002656e45000b7072696e7465722d75726900"
     "116970703a2f2f3139322e302e322e32302f42001472657175657374696e672d757365722d6e616d65000a77696c6865"
     "6c6d696e6103",
     {}},
    {From::Server,
     "485454502f312e3120323030204f4b0d0a5365727665723a204578616d706c654950502f312e300d0a436f6e74656e74"
     "2d547970653a206170706c69636174696f6e2f6970700d0a436f6e74656e742d4c656e6774683a203337320d0a0d0a02"
     "0000000000000701470012617474726962757465732d6368617273657400057574662d3848001b617474726962757465"
     "732d6e61747572616c2d6c616e67756167650002656e044100167072696e7465722d6d616b652d616e642d6d6f64656c"
     "000b4578616d706c6520502d374100117072696e7465722d6465766963652d696400204d46473a4578616d706c653b4d"
     "444c3a502d373b534e3a41583730303132333b41001f7072696e7465722d6669726d776172652d737472696e672d7665"
     "7273696f6e0003342e324100107072696e7465722d6c6f636174696f6e000668616c6c203341000c7072696e7465722d"
     "696e666f00155072696e746572206f662077696c68656c6d696e6145000c7072696e7465722d75756964002d75726e3a"
     "757569643a30303030303030302d303030302d303030302d303030302d303030303545303035333134024200196a6f62"
     "2d6f726967696e6174696e672d757365722d6e616d65000a77696c68656c6d696e6103",
     {}},
    {From::Client,
     "504f5354202f20485454502f312e310d0a486f73743a203139322e302e322e32303a3633310d0a436f6e74656e742d54"
     "7970653a206170706c69636174696f6e2f6970700d0a436f6e74656e742d4c656e6774683a203134300d0a0d0a020000"
     "0b0000000701470012617474726962757465732d6368617273657400057574662d3848001b617474726962757465732d"
     "6e61747572616c2d6c616e67756167650002656e45000b7072696e7465722d75726900116970703a2f2f3139322e302e"
     "322e32302f42001472657175657374696e672d757365722d6e616d65000a77696c68656c6d696e6103",
     {}},
    {From::Server,
     "485454502f312e3120323030204f4b0d0a5365727665723a204578616d706c654950502f312e300d0a436f6e74656e74"
     "2d547970653a206170706c69636174696f6e2f6970700d0a436f6e74656e742d4c656e6774683a203432380d0a0d0a02"
     "0000000000000701470012617474726962757465732d6368617273657400057574662d3848001b617474726962757465"
     "732d6e61747572616c2d6c616e67756167650002656e044500157072696e7465722d7572692d737570706f7274656400"
     "1e6970703a2f2f3139322e302e322e32302f7072696e746572732f68616c6c4100167072696e7465722d6d616b652d61"
     "6e642d6d6f64656c000b4578616d706c6520502d374100117072696e7465722d6465766963652d696400204d46473a45"
     "78616d706c653b4d444c3a502d373b534e3a41583730303132333b41001f7072696e7465722d6669726d776172652d73"
     "7472696e672d76657273696f6e0003342e324100107072696e7465722d6c6f636174696f6e000668616c6c203341000c"
     "7072696e7465722d696e666f00155072696e746572206f662077696c68656c6d696e6145000c7072696e7465722d7575"
     "6964002d75726e3a757569643a30303030303030302d303030302d303030302d303030302d3030303035453030353331"
     "34024200196a6f622d6f726967696e6174696e672d757365722d6e616d65000a77696c68656c6d696e6103",
     {}}};
constexpr std::string_view shared_claims[] = {"server software=ExampleIPP/1.0"};
constexpr ExampleMessage job[] = {{From::Client,
                                   "504f5354202f20485454502f312e310d0a486f73743a203139322e302e322e32303a3633310d0a436f6e7465"
                                   "6e742d547970653a206170706c69636174696f6e2f6970700d0a436f6e74656e742d4c656e6774683a203134"
                                   "300d0a0d0a0200000b0000000701470012617474726962757465732d6368617273657400057574662d384800"
                                   "1b617474726962757465732d6e61747572616c2d6c616e67756167650002656e45000b7072696e7465722d75"
                                   "726900116970703a2f2f3139322e302e322e32302f42001472657175657374696e672d757365722d6e616d65"
                                   "000a77696c68656c6d696e6103",
                                   {}}};
constexpr Example examples[] = {
    {"a printer says what it is; who prints is not kept", Layer::Tcp, 631, asked, asked_claims},
    {"a computer that shares a printer is not that printer", Layer::Tcp, 631, shared_one, shared_claims},
    {"who asks says nothing", Layer::Tcp, 631, job, {}},
};
constexpr std::uint16_t ports[] = {631};

}  // namespace

Decoder ipp() {
    Decoder decoder;
    decoder.name = "ipp";
    decoder.title = "IPP";
    decoder.spec = "RFC 8010; RFC 8011; PWG 5100.13";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("'POST '");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    decoder.specialises = "http";
    return decoder;
}

}  // namespace herkomst::decoders
