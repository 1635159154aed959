// SSDP (UPnP discovery): a device announces what kind of device it is, which system and stack it runs, a UUID that stays with
// it, and where its description (maker, model, serial number) can be read. Read from announcements and answers; a search tells
// only which program searches.
//
//   NOTIFY * HTTP/1.1 | HTTP/1.1 200 OK | M-SEARCH * HTTP/1.1, then "Name: value" lines, then an empty line
#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

enum class Kind : std::uint8_t { Nothing, Notify, Answer, Search };

// UPnP Device Architecture 2.0, 1.1.2: start lines. Some devices write "HTTP/1.0" in answers.
Kind kind_of(std::string_view start) {
    if (starts_with_ignoring_case(start, "NOTIFY * HTTP/1.")) return Kind::Notify;
    if (starts_with_ignoring_case(start, "M-SEARCH * HTTP/1.")) return Kind::Search;
    if (start.size() >= 12 && starts_with_ignoring_case(start, "HTTP/1.") && start.substr(8, 4) == " 200") return Kind::Answer;
    return Kind::Nothing;
}

struct Header {
    std::string_view name;
    Slice value;
};

constexpr std::size_t most_headers = 64;

// False at the empty line, at the end, and where there is no name.
bool next_header(ByteCursor& message, Header& header) {
    if (message.done()) return false;
    Slice line = message.line();
    const std::string_view text = line.text();
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    header.name = trimmed(text.substr(0, colon));
    const std::string_view value = trimmed(text.substr(colon + 1));
    const auto skipped = static_cast<std::size_t>(value.data() - text.data());
    header.value = {line.bytes.subspan(value.empty() ? line.size() : skipped, value.size()), line.offset + skipped};
    return true;
}

// 1.2.2, 1.3.2, 1.3.3: what each kind must carry: NT and NTS; MAN "ssdp:discover"; ST and USN.
bool recognise(ByteCursor message, const Flow&) {
    const Kind kind = kind_of(message.text_ahead().substr(0, 32));
    if (kind == Kind::Nothing) return false;
    message.line();
    unsigned seen = 0;
    Header header;
    for (std::size_t left = most_headers; left > 0 && next_header(message, header); --left) {
        const std::string_view value = header.value.text();
        if (equal_ignoring_case(header.name, kind == Kind::Answer ? "ST" : "NT")) seen |= 1U;
        if (kind == Kind::Notify && equal_ignoring_case(header.name, "NTS") && starts_with_ignoring_case(value, "ssdp:"))
            seen |= 2U;
        if (kind == Kind::Answer && equal_ignoring_case(header.name, "USN")) seen |= 2U;
        if (equal_ignoring_case(header.name, "MAN") && contains_ignoring_case(value, "ssdp:discover")) seen |= 3U;
    }
    return seen == 3U;
}

// 1.1.4: "uuid:...", alone or followed by "::urn...". The ones that stacks come with (zeros, 12345678-...) identify nobody.
std::string_view uuid_of(std::string_view usn) {
    if (!starts_with_ignoring_case(usn, "uuid:")) return {};
    const std::string_view whole = usn.substr(0, usn.find("::", 5));
    const std::string_view uuid = whole.substr(5);
    const bool default_value = uuid.find_first_not_of("0-") == std::string_view::npos || uuid.substr(0, 9) == "12345678-";
    return uuid.size() >= 8 && uuid.size() <= 64 && !default_value ? whole : std::string_view();
}

// An address of the sender's own description: another host's is no business of this one. The query is left out.
bool own(std::string_view url, const Flow& flow) {
    const std::size_t scheme = url.find("://");
    if (scheme == std::string_view::npos) return false;
    std::string_view host = url.substr(scheme + 3);
    host = host.substr(0, host.find('/'));
    if (host.find('@') != std::string_view::npos) return false;
    if (!host.empty() && host.front() == '[') {
        host = host.substr(1, host.find(']') - 1);
        host = host.substr(0, host.find('%'));
    } else {
        host = host.substr(0, host.find(':'));
    }
    const auto ip = IpAddress::parse(host);
    return ip && *ip == flow.sender.ip;
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    const Kind kind = kind_of(message.text_ahead().substr(0, 32));
    if (kind == Kind::Nothing) return not_this();
    message.line();
    Header header;
    for (std::size_t left = most_headers; left > 0 && next_header(message, header); --left) {
        const std::string_view value = header.value.text();
        if (kind == Kind::Search) {
            if (equal_ignoring_case(header.name, "USER-AGENT")) claims.stated(Field::software, header.value, "user_agent");
            continue;
        }
        if (equal_ignoring_case(header.name, "SERVER")) {
            claims.stated(Field::software, header.value, "server");
            claims.stated(Field::banner, header.value, "server");
        } else if (equal_ignoring_case(header.name, "USN")) {
            claims.stated(Field::unique_id, lower(uuid_of(value)), header.value, "usn");
        } else if (equal_ignoring_case(header.name, kind == Kind::Notify ? "NT" : "ST")) {
            if (starts_with_ignoring_case(value, "urn:")) claims.stated(Field::service, header.value, "type");
        } else if (equal_ignoring_case(header.name, "LOCATION") && own(value, flow)) {
            // What follows a question mark changes from one answer to the next; that something does, stays to be seen: without
            // it, the place is another.
            claims.stated(Field::location,
                          value.substr(0, value.find('?') + (value.find('?') != std::string_view::npos ? 1 : 0)), header.value,
                          "location");
        }
    }
    return done();
}

constexpr ExampleMessage notify[] = {
    {From::Client,
     {},
     "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nCACHE-CONTROL: max-age=1800\r\n"
     "LOCATION: http://192.0.2.10:8080/desc.xml?t=1\r\nNT: urn:schemas-upnp-org:device:Basic:1\r\n"
     "NTS: ssdp:alive\r\nSERVER: Linux/6.1 UPnP/1.0 Example/1.2\r\n"
     "USN: uuid:2F402F80-DA50-11E1-9B23-00005E005301::urn:schemas-upnp-org:device:Basic:1\r\n\r\n"}};
constexpr std::string_view notify_claims[] = {
    "client location=http://192.0.2.10:8080/desc.xml?",
    "client service=urn:schemas-upnp-org:device:Basic:1",
    "client software=Linux/6.1 UPnP/1.0 Example/1.2",
    "client banner=Linux/6.1 UPnP/1.0 Example/1.2",
    "client unique_id=uuid:2f402f80-da50-11e1-9b23-00005e005301",
};
constexpr ExampleMessage answer[] = {
    {From::Client,
     {},
     "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 2\r\nST: ssdp:all\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nEXT:\r\nLOCATION: http://192.0.2.99/other.xml\r\nST: upnp:rootdevice\r\n"
     "Server: Example UPnP/1.1\r\nUSN: uuid:00000000-0000-0000-0000-000000000000::upnp:rootdevice\r\n\r\n"}};
constexpr std::string_view answer_claims[] = {
    "server software=Example UPnP/1.1",
    "server banner=Example UPnP/1.1",
};
constexpr ExampleMessage search[] = {
    {From::Client,
     {},
     "M-SEARCH * HTTP/1.1\r\nMAN: \"ssdp:discover\"\r\nST: upnp:rootdevice\r\nMX: 1\r\nHOST: 239.255.255.250:1900\r\n\r\n"}};
constexpr Example examples[] = {
    {"a device announces itself", Layer::Udp, 1900, notify, notify_claims},
    {"an answer, whose location is on another host and whose UUID is nobody's", Layer::Udp, 1900, answer, answer_claims},
    {"a search says nothing", Layer::Udp, 1900, search, {}},
};
constexpr std::uint16_t ports[] = {1900};

}  // namespace

Decoder ssdp() {
    Decoder decoder;
    decoder.name = "ssdp";
    decoder.title = "SSDP (UPnP discovery)";
    decoder.spec = "UPnP Device Architecture 2.0 section 1";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("i'notify *'", "i'm-search'", "i'http/1.'");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
