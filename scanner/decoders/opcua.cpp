// OPC UA, binary: the interface of controllers, machines and plant software. Server and client introduce themselves with an
// application description (application URI, product URI, name) and, on a secured channel, with a certificate; a server's build
// information names the maker and version of its program. What is written and called in clear shows who controls what. What an
// answer offers of security and logins is kept as the habit that it is.
//
//   |"HEL" "ACK" "OPN" "MSG" "CLO" "ERR"|chunk F C A|length 4|channel 4|...     little-endian; strings: length 4 (-1 none),
//   text OPN: |policy|certificate|thumbprint|sequence 4|request 4|body    MSG: |token 4|sequence 4|request 4|body body: type id
//   of four bytes |01|namespace 0|number 2|, header, fields
#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "core/text.h"
#include "decoders/certificate.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t message_max = std::size_t{60} << 10;

// Part 6, numeric identifiers of the binary encodings (Opc.Ua.NodeIds).
constexpr std::uint16_t find_servers_response = 425, get_endpoints_response = 431, register_server_request = 437,
                        create_session_request = 461, create_session_response = 464, read_request = 631, read_response = 634,
                        history_read_response = 667, write_request = 673, call_request = 712, build_info = 340,
                        server_status = 864;

enum class Type : std::uint8_t { None, Hello, Acknowledge, Error, Reverse, Open, Message, Close };

Type type_of(const ByteCursor& message) {
    static constexpr struct {
        std::string_view word;
        Type type;
    } words[] = {{"HEL", Type::Hello}, {"ACK", Type::Acknowledge}, {"ERR", Type::Error}, {"RHE", Type::Reverse},
                 {"OPN", Type::Open},  {"MSG", Type::Message},     {"CLO", Type::Close}};
    const std::uint8_t chunk = message.peek(3);
    for (const auto& known : words) {
        if (!message.starts_with(known.word)) continue;
        const bool several = known.type == Type::Message;
        return chunk == 'F' || (several && (chunk == 'C' || chunk == 'A')) ? known.type : Type::None;
    }
    return Type::None;
}

std::size_t length_of(const ByteCursor& message) {
    return message.peek_le16(4) | static_cast<std::size_t>(message.peek_le16(6)) << 16;
}

// Part 6 clause 7.1.2: the message type, the chunk and a length that holds what this type must hold.
bool plausible(const ByteCursor& message) {
    const std::size_t length = length_of(message);
    switch (type_of(message)) {
        case Type::Hello: {
            const std::size_t url = message.peek_le16(28);
            return length >= 32 && length <= 32 + 4096 && message.peek_le16(30) == (url == 0xffff ? 0xffff : 0) &&
                   length == 32 + (url == 0xffff ? 0 : url);
        }
        case Type::Acknowledge:
            return length == 28;
        case Type::Error:
            return length >= 16 && length <= 16 + 4096;
        case Type::Reverse:
            return length >= 16 && length <= 16 + 8192;
        case Type::Open:
            return length >= 40 && length <= (std::size_t{1} << 16);
        case Type::Message:
            return length >= 24 && length <= (std::size_t{1} << 24);
        case Type::Close:
            return length >= 24 && length <= 1024;
        case Type::None:
            break;
    }
    return false;
}

// Joined in the middle of a session, the message must be whole, start a type id, and what follows must be a message again.
bool recognise(ByteCursor message, const Flow&) {
    if (message.left() < 16 || !plausible(message)) return false;
    const std::size_t length = length_of(message);
    switch (type_of(message)) {
        case Type::Hello:
            // Part 6 clause 7.1.2.3: version 0, buffers of at least 8192 (1024 with elliptic curves) bytes.
            return message.left() >= 32 && message.peek_le16(8) == 0 && message.peek_le16(10) == 0 &&
                   (message.peek_le16(12) >= 1024 || message.peek_le16(14) != 0);
        case Type::Acknowledge:
            return message.left() >= 28 && message.peek_le16(8) == 0 && message.peek_le16(10) == 0 &&
                   (message.peek_le16(12) >= 1024 || message.peek_le16(14) != 0);
        case Type::Reverse:
            return message.peek_le16(10) == 0;
        case Type::Open: {
            message.skip(12);
            const std::uint32_t size = message.le32();
            return size < 256 && message.starts_with("http://opcfoundation.org/UA/SecurityPolicy#");
        }
        case Type::Error:
            return message.peek(11) == 0x80 && message.left() == length;  // 7.1.2.5: a bad status code
        case Type::Message:
        case Type::Close: {
            if (message.left() < length || length < 28) return false;
            const bool type_id = message.peek(24) == 1 && message.peek(25) == 0;
            ByteCursor next = message;
            next.skip(length);
            return next.done() ? type_id : next.left() >= 8 && plausible(next);
        }
        case Type::None:
            break;
    }
    return false;
}

// ---- Part 6 clause 5.2: the built-in types ----

Slice string(ByteCursor& data) {
    const std::uint32_t size = data.le32();
    return size == 0xffffffff ? Slice{} : data.bytes(size);
}

struct NodeId {
    bool numeric = false;  // in namespace 0
    std::uint32_t number = 0;
};

NodeId node_id(ByteCursor& data) {
    NodeId id;
    const std::uint8_t encoding = data.u8();
    std::uint16_t space = 0;
    switch (encoding & 0x3f) {
        case 0:
            id.number = data.u8();
            id.numeric = true;
            break;
        case 1:
            space = data.u8();
            id.number = data.le16();
            id.numeric = true;
            break;
        case 2:
            space = data.le16();
            id.number = data.le32();
            id.numeric = true;
            break;
        case 3:
        case 5:
            data.skip(2);
            string(data);
            break;
        case 4:
            data.skip(18);
            break;
        default:
            data.fail();
            break;
    }
    if (space != 0) id.numeric = false;
    if ((encoding & 0x80) != 0) string(data);
    if ((encoding & 0x40) != 0) data.skip(4);
    return id;
}

Slice localized_text(ByteCursor& data) {
    const std::uint8_t mask = data.u8();
    if ((mask & 1) != 0) string(data);
    return (mask & 2) != 0 ? string(data) : Slice{};
}

void diagnostic(ByteCursor& data) {
    for (int depth = 0; depth < 8; ++depth) {
        const std::uint8_t mask = data.u8();
        for (const unsigned bit : {1U, 2U, 4U, 8U}) {
            if ((mask & bit) != 0) data.skip(4);
        }
        if ((mask & 16) != 0) string(data);
        if ((mask & 32) != 0) data.skip(4);
        if ((mask & 64) == 0) return;
    }
    data.fail();
}

// Arrays count their items in four bytes; -1 is none. Every item is at least a byte.
std::uint32_t count(ByteCursor& data) {
    const std::uint32_t items = data.le32();
    if (items == 0xffffffff) return 0;
    if (items > data.left()) data.fail();
    return data.ok() ? items : 0;
}

void strings(ByteCursor& data) {
    for (std::uint32_t left = count(data); left > 0 && data.ok(); --left) string(data);
}

struct Extension {
    NodeId type;
    Slice body;
};
Extension extension(ByteCursor& data) {
    Extension object;
    object.type = node_id(data);
    const std::uint8_t encoding = data.u8();
    if (encoding == 1 || encoding == 2) object.body = string(data);
    return object;
}

// Part 4 clauses 7.33 and 7.34.
std::uint32_t request_header(ByteCursor& data) {
    node_id(data);
    data.skip(8);
    const std::uint32_t handle = data.le32();
    data.skip(4);
    string(data);
    data.skip(4);
    extension(data);
    return handle;
}
struct Answer {
    std::uint32_t handle = 0;
    bool good = false;
};
Answer response_header(ByteCursor& data) {
    Answer answer;
    data.skip(8);
    answer.handle = data.le32();
    answer.good = (data.le32() >> 30) == 0;
    diagnostic(data);
    strings(data);
    extension(data);
    return answer;
}

// ---- what is said ----

// A message of several chunks is read from a copy: then the whole message is the witness.
struct Sayer {
    Claims& claims;
    const Slice* whole;

    [[nodiscard]] const Slice& witness(const Slice& text) const { return whole != nullptr ? *whole : text; }
    void stated(Field field, const Slice& text, std::string_view what) {
        claims.stated(field, text.text(), witness(text), what);
    }
};

// Part 4 clause 7.2. A product URI that is missing is not made up.
struct Application {
    Slice uri;
    Slice product;
    Slice name;
};
Application application(ByteCursor& data) {
    Application found;
    found.uri = string(data);
    found.product = string(data);
    found.name = localized_text(data);
    if (data.le32() > 3) data.fail();
    string(data);
    string(data);
    strings(data);
    return found;
}

void claim_application(const Application& found, Sayer& sayer) {
    sayer.stated(Field::application_uri, found.uri, "application_uri");
    sayer.stated(Field::product, found.product, "product_uri");
    sayer.stated(Field::description, found.name, "application_name");
}

// The sender's own certificate; those that certify it may follow.
void claim_certificate(const Slice& raw, Sayer& sayer) {
    if (raw.empty()) return;
    Reading reading;
    ByteCursor der = whole(raw, reading);
    const CertificateNames names = read_certificate(der);
    if (!der.ok()) return;
    sayer.claims.stated(Field::certificate, names.text(), sayer.witness(raw), "certificate");
    for (const Slice& name : names.dns_names) {
        sayer.claims.stated(Field::dns_name, lower(name.text()), sayer.witness(name), "san.dns");
    }
    for (const Slice& uri : names.uris) sayer.stated(Field::application_uri, uri, "san.uri");
}

// What the server offers, once each, in the order of the numbers: ways to secure messages, and to say who one is.
struct Offered {
    std::set<std::string> security;
    std::set<std::string> users;
};

// MessageSecurityMode and UserTokenType as the foundation's node set numbers them; a policy's name is what follows the hash.
std::string security_of(std::uint32_t mode, std::string_view policy) {
    policy.remove_prefix(std::min(policy.find('#') + 1, policy.size()));
    if (mode < 1 || mode > 3 || policy.empty() || policy.size() > 40 || !printable_ascii(policy)) return {};
    if (mode == 1) return "none";
    return (mode == 2 ? "sign-" : "encrypt-") + std::string(policy);
}
std::string_view user_of(std::uint32_t type) {
    constexpr std::string_view names[] = {"anonymous", "username", "certificate", "issued"};
    return type < std::size(names) ? names[type] : std::string_view();
}

// Part 4 clause 7.14: all endpoints of an answer are the server's; its certificate stands in each.
void endpoints(ByteCursor& data, Sayer& sayer) {
    Offered offered;
    Slice first;
    const std::uint32_t items = count(data);
    for (std::uint32_t i = 0; i < items && data.ok(); ++i) {
        string(data);
        const Application server = application(data);
        const Slice certificate = string(data);
        const std::uint32_t mode = data.le32();
        const Slice policy = string(data);
        for (std::uint32_t left = count(data); left > 0 && data.ok(); --left) {
            string(data);
            if (const std::string_view user = user_of(data.le32()); !user.empty()) offered.users.emplace(user);
            string(data);
            string(data);
            string(data);
        }
        string(data);
        data.skip(1);
        if (!data.ok()) continue;
        if (std::string one = security_of(mode, policy.text()); !one.empty() && offered.security.size() < 16)
            offered.security.insert(std::move(one));
        if (i > 0) continue;
        first = policy;
        claim_application(server, sayer);
        claim_certificate(certificate, sayer);
    }
    if (!data.ok() || offered.security.empty()) return;
    std::string text;
    for (const std::string& one : offered.security) text.append(text.empty() ? "" : ",").append(one);
    text += ";";
    for (const std::string& one : offered.users) text.append(text.back() == ';' ? "" : ",").append(one);
    sayer.claims.hinted(Field::stack, "opcua-endpoints:" + text, sayer.witness(first), "endpoints");
}

// Part 5 clause 12.4. The maker of the server's program: in a controller that is the controller's maker, on a PC it is not the
// PC's.
void claim_build(ByteCursor& data, Sayer& sayer) {
    const Slice product_uri = string(data);
    const Slice maker = string(data);
    const Slice product = string(data);
    const Slice version = string(data);
    if (!data.ok()) return;
    sayer.stated(Field::product, product, "build_info");
    sayer.claims.hinted(Field::brand, maker.text(), sayer.witness(maker), "manufacturer_name");
    sayer.stated(Field::software, version, "software_version");
    if (product.empty()) sayer.stated(Field::product, product_uri, "build_info");
}

// What a ReadRequest asked for, up to eight of the build information's nodes (Opc.Ua.NodeIds): place in the request and node.
struct Wanted {
    std::uint32_t handle;
    std::array<std::uint16_t, 16> node;  // by place; 0: something else
    std::uint8_t count;
};
struct Notes {
    bool secured;
    std::uint8_t oldest;
    std::array<Wanted, 8> wanted;
};

constexpr std::uint16_t node_server_status = 2256, node_product_name = 2261, node_manufacturer = 2263,
                        node_software_version = 2264;

// Part 4 clause 5.10.2: |max age 8|timestamps 4|nodes: node id, attribute 4, range, encoding (namespace 2, name)|
void read_asked(std::uint32_t request, ByteCursor& data, Notes& notes) {
    data.skip(12);
    Wanted wanted{request, {}, 0};
    bool any = false;
    const std::uint32_t items = count(data);
    for (std::uint32_t i = 0; i < items && i < wanted.node.size() && data.ok(); ++i) {
        const NodeId id = node_id(data);
        const std::uint32_t attribute = data.le32();
        string(data);
        data.skip(2);
        string(data);
        if (id.numeric && attribute == 13 && id.number >= node_server_status && id.number <= node_software_version) {
            wanted.node[i] = static_cast<std::uint16_t>(id.number);
            any = true;
        }
        ++wanted.count;
    }
    if (!data.ok() || !any) return;
    notes.wanted[notes.oldest] = wanted;
    notes.oldest = static_cast<std::uint8_t>((notes.oldest + 1U) % notes.wanted.size());
}

void claim_value(std::uint16_t node, std::uint8_t type, ByteCursor& data, Sayer& sayer) {
    if (type == 12) {
        const Slice text = string(data);
        if (!data.ok()) return;
        if (node == node_product_name) sayer.stated(Field::product, text, "build_info");
        if (node == node_software_version) sayer.stated(Field::software, text, "software_version");
        if (node == node_manufacturer) {
            sayer.claims.hinted(Field::brand, text.text(), sayer.witness(text), "manufacturer_name");
        }
    } else if (type == 22) {
        const Extension object = extension(data);
        if (!data.ok() || !object.type.numeric) return;
        Reading reading;
        ByteCursor body = whole(object.body, reading);
        if (object.type.number == server_status) {
            body.skip(20);
            claim_build(body, sayer);
        } else if (object.type.number == build_info) {
            claim_build(body, sayer);
        }
    }
}

// Part 6 clause 5.2.2.16: scalars of a known size, text and objects; anything else ends the reading of the answer.
bool skip_value(std::uint8_t type, ByteCursor& data) {
    static constexpr std::array<std::uint8_t, 15> sizes = {0, 1, 1, 1, 2, 2, 4, 4, 8, 8, 4, 8, 0, 8, 16};
    if (type == 12 || type == 15 || type == 16) {
        string(data);
    } else if (type < sizes.size()) {
        data.skip(sizes[type]);
    } else if (type == 17 || type == 18) {
        node_id(data);
    } else if (type == 19) {
        data.skip(4);
    } else if (type == 20) {
        data.skip(2);
        string(data);
    } else if (type == 21) {
        localized_text(data);
    } else if (type == 22) {
        extension(data);
    } else {
        return false;
    }
    return data.ok();
}

void read_answered(std::uint32_t request, ByteCursor& data, Notes& notes, Sayer& sayer) {
    const auto asked = std::find_if(notes.wanted.begin(), notes.wanted.end(),
                                    [&](const Wanted& wanted) { return wanted.count != 0 && wanted.handle == request; });
    if (asked == notes.wanted.end()) return;
    const Wanted wanted = *asked;
    asked->count = 0;
    const std::uint32_t items = count(data);
    for (std::uint32_t i = 0; i < items && i < wanted.count && data.ok(); ++i) {
        // Clause 5.2.2.17: |mask|value|status 4|time 8|time 8|fractions 2, 2|
        const std::uint8_t mask = data.u8();
        if ((mask & 1) != 0) {
            const std::uint8_t encoding = data.u8();
            const std::uint8_t type = encoding & 0x3f;
            if ((encoding & 0xc0) != 0) {
                for (std::uint32_t left = count(data); left > 0; --left) {
                    if (!skip_value(type, data)) return;
                }
                if ((encoding & 0x40) != 0) {
                    for (std::uint32_t left = count(data); left > 0 && data.ok(); --left) data.skip(4);
                }
            } else {
                ByteCursor value = data;
                if (!skip_value(type, data)) return;
                if (wanted.node[i] != 0) claim_value(wanted.node[i], type, value, sayer);
            }
        }
        if ((mask & 2) != 0) data.skip(4);
        if ((mask & 4) != 0) data.skip(8);
        if ((mask & 16) != 0) data.skip(2);
        if ((mask & 8) != 0) data.skip(8);
        if ((mask & 32) != 0) data.skip(2);
    }
}

// Writing is control where it writes a value (attribute 13); values are not looked at.
bool writes_value(ByteCursor& data) {
    if (count(data) == 0) return false;
    node_id(data);
    return data.le32() == 13 && data.ok();
}

void observe_body(std::uint32_t request, ByteCursor body, const Slice& witness, Flow& flow, Sayer sayer) {
    if (body.u8() != 1 || body.u8() != 0) return;
    Notes& notes = flow.state->notes<Notes>();
    const std::uint16_t type = body.le16();
    switch (type) {
        case create_session_request: {
            request_header(body);
            const Application client = application(body);
            string(body);
            string(body);
            string(body);
            string(body);
            const Slice certificate = string(body);
            if (!body.ok()) return;
            claim_application(client, sayer);
            claim_certificate(certificate, sayer);
            break;
        }
        case create_session_response:
            if (!response_header(body).good) return;
            node_id(body);
            node_id(body);
            body.skip(8);
            string(body);
            string(body);
            endpoints(body, sayer);
            break;
        case get_endpoints_response:
            if (response_header(body).good) endpoints(body, sayer);
            break;
        case find_servers_response: {
            // A discovery server answers for others; who lists one server alone is that server.
            if (!response_header(body).good || count(body) != 1) return;
            const Application server = application(body);
            if (body.ok()) claim_application(server, sayer);
            break;
        }
        case register_server_request: {
            request_header(body);
            const Slice uri = string(body);
            const Slice product = string(body);
            if (!body.ok()) return;
            sayer.stated(Field::application_uri, uri, "registers");
            sayer.stated(Field::product, product, "registers");
            break;
        }
        case read_request:
            request_header(body);
            read_asked(request, body, notes);
            break;
        case read_response:
            if (response_header(body).good) read_answered(request, body, notes, sayer);
            break;
        case history_read_response: {
            // Part 4 clause 5.10.3: results, each with a status first, of which the two highest bits are zero when it is good.
            if (!response_header(body).good || count(body) == 0 || body.le32() >> 30 != 0 || !body.ok()) return;
            sayer.claims.stated(Field::role, "opc ua history server", witness, "history_read");
            break;
        }
        case write_request:
        case call_request: {
            request_header(body);
            const bool acts = type == call_request ? count(body) > 0 : writes_value(body);
            if (!acts || !body.ok() || flow.from_server()) return;
            Claims server = sayer.claims.about(flow.receiver);
            server.stated(Field::remote_observed,
                          std::string(type == call_request ? "opcua Call" : "opcua Write") + " from " + flow.sender.ip.text(),
                          witness, "control");
            break;
        }
        default:
            break;
    }
}

// Part 6 clause 6.7.2.3.
void open_channel(ByteCursor body, Flow& flow, Claims& claims) {
    body.skip(12);
    const Slice policy = string(body);
    const Slice certificate = string(body);
    if (!body.ok()) return;
    flow.state->notes<Notes>().secured = !policy.text().ends_with("#None");
    Sayer sayer{claims, nullptr};
    claim_certificate(certificate, sayer);
}

// "opc.tcp://host:4840/path": the client knows the server by this name.
void hello(ByteCursor body, Claims& claims) {
    body.skip(28);
    std::string_view url = string(body).text();
    if (!body.ok() || !url.starts_with("opc.tcp://")) return;
    url.remove_prefix(10);
    const std::string_view host = url.substr(0, url.find_first_of(":/"));
    if (!host.empty() && host.front() != '[' && !IpAddress::parse(host)) claims.addressed_as(host);
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    const ByteCursor begin = message;
    if (message.left() < 8) return need(8);
    if (!plausible(message) && message.left() >= 32) return not_this();
    const Type type = type_of(message);
    const std::size_t length = length_of(message);
    if (type == Type::None || length < 8) return not_this();
    if (length > message_max) return done(length);
    if (message.left() < length) return need(length);
    if (!plausible(message)) return not_this();
    const Slice raw = message.bytes(length);
    Reading reading;
    ByteCursor body = whole(raw, reading);
    switch (type) {
        case Type::Hello:
            hello(body, claims);
            return done(message);
        case Type::Open:
            open_channel(body, flow, claims);
            return done(message);
        case Type::Message:
            break;
        default:
            return done(message);
    }
    if (raw.bytes[3] == 'F') {
        body.skip(20);
        const std::uint32_t request = body.le32();
        observe_body(request, body, raw, flow, {claims, nullptr});
        return done(message);
    }
    if (raw.bytes[3] == 'A') return done(message);
    // A message in chunks (6.7.3), whose parts follow one another; with a signature behind each they do not join.
    if (flow.state->notes<Notes>().secured) return done(message);
    std::vector<std::uint8_t> joined(raw.bytes.begin() + 24, raw.bytes.end());
    for (;;) {
        if (message.left() < 8) {
            if (begin.left() + 8 > message_max) return done(length);
            return need(begin.left() + 8 - message.left());
        }
        const std::size_t next = length_of(message);
        if (type_of(message) != Type::Message || !plausible(message)) return done(length);
        const std::size_t until_here = message.offset() - begin.offset();
        if (until_here + next > message_max) return done(length);
        if (message.left() < next) return need(until_here + next);
        const bool last = message.peek(3) == 'F';
        const bool aborted = message.peek(3) == 'A';
        const Slice part = message.bytes(next);
        joined.insert(joined.end(), part.bytes.begin() + 24, part.bytes.end());
        if (aborted) return done(message);
        if (last) break;
    }
    const Slice witness = message.since(begin);
    Reading copy;
    ByteCursor request = whole(raw, reading);
    request.skip(20);
    observe_body(request.le32(), ByteCursor(joined, copy), witness, flow, {claims, &witness});
    return done(message);
}

constexpr ExampleMessage session[] = {
    {From::Client,
     "48454c46390000000000000000000100000001000000000000000000190000006f70632e7463703a2f2f3139322e302e322e3230"
     "3a34383430",
     {}},
    {From::Server, "41434b461c0000000000000000000100000001000000000000000000", {}},
    {From::Client,
     "4f504e4684000000070000002f000000687474703a2f2f6f7063666f756e646174696f6e2e6f72672f55412f5365637572697479"
     "506f6c696379234e6f6e65ffffffffffffffff01000000010000000100be01000000000000000000000100000000000000ffffff"
     "ff88130000000000000000000000000001000000ffffffff60ea0000",
     {}},
    {From::Server,
     "4d534746f9000000070000000100000034000000020000000100af010000000000000000010000000000000000ffffffff000000"
     "01000000190000006f70632e7463703a2f2f3139322e302e322e32303a343834301700000075726e3a706c63313a6578616d706c"
     "653a7365727665721200000075726e3a6578616d706c653a7365727665720205000000504c43203100000000ffffffffffffffff"
     "ffffffffffffffff010000002f000000687474703a2f2f6f7063666f756e646174696f6e2e6f72672f55412f5365637572697479"
     "506f6c696379234e6f6e6501000000010000006100000000ffffffffffffffffffffffffffffffff00",
     {}},
    {From::Client,
     "4d534746b3000000070000000100000035000000030000000100cd01000000000000000000000100000000000000ffffffff8813"
     "00000000001600000075726e3a686d69313a6578616d706c653a70616e656c1100000075726e3a6578616d706c653a70616e656c"
     "0001000000ffffffffffffffffffffffffffffffff190000006f70632e7463703a2f2f3139322e302e322e32303a343834300100"
     "000073ffffffffffffffff000000000000000000000000",
     {}},
    {From::Client,
     "4d5347467f0000000700000001000000360000000400000001007702000000000000000000000100000000000000ffffffff8813"
     "0000000000000000000000000003000000030000000100d3080d000000ffffffff0000ffffffff0100d4080d000000ffffffff00"
     "00ffffffff0100d8080d000000ffffffff0000ffffffff",
     {}},
    {From::Server,
     "4d534746ad0000000700000001000000360000000400000001007a020000000000000000010000000000000000ffffffff000000"
     "03000000010600000000011601005401014c0000001200000075726e3a6578616d706c653a736572766572100000004578616d70"
     "6c6520436f6e74726f6c730700000045582d313530300600000056322e392e3401000000370000000000000000050c0600000056"
     "322e392e340000000000000000ffffffff",
     {}},
    {From::Client,
     "4d5347464c000000070000000100000037000000050000000100a102000000000000000000000100000000000000ffffffff8813"
     "000000000001000000010210000d000000ffffffff010101",
     {}},
};
constexpr ExampleMessage chunks[] = {
    {From::Client,
     "48454c46390000000000000000000100000001000000000000000000190000006f70632e7463703a2f2f3139322e302e322e3230"
     "3a34383430",
     {}},
    {From::Server, "41434b461c0000000000000000000100000001000000000000000000", {}},
    {From::Server,
     "4d53474340000000070000000100000038000000060000000100a9010000000000000000010000000000000000ffffffff000000"
     "010000001700000075726e3a4d5347465b00000007000000010000003800000006000000706c63313a6578616d706c653a736572"
     "7665721200000075726e3a6578616d706c653a7365727665720205000000504c43203100000000ffffffffffffffffffffffff",
     {}},
};
constexpr ExampleMessage nothing[] = {
    {From::Client,
     "48454c46390000000000000000000100000001000000000000000000190000006f70632e7463703a2f2f3139322e302e322e3230"
     "3a34383430",
     {}},
    {From::Server, "41434b461c0000000000000000000100000001000000000000000000", {}},
};
constexpr std::string_view session_claims[] = {"server application_uri=urn:plc1:example:server",
                                               "server product=urn:example:server",
                                               "server description=PLC 1",
                                               "server stack=opcua-endpoints:none;anonymous",
                                               "client application_uri=urn:hmi1:example:panel",
                                               "client product=urn:example:panel",
                                               "server product=EX-1500",
                                               "server brand=Example Controls",
                                               "server software=V2.9.4",
                                               "server remote_observed=opcua Write from 192.0.2.10"};
constexpr std::string_view chunks_claims[] = {"server application_uri=urn:plc1:example:server",
                                              "server product=urn:example:server", "server description=PLC 1"};
constexpr ExampleMessage history[] = {
    {From::Client,
     "48454c46390000000000000000000100000001000000000000000000190000006f70632e7463703a2f2f3139322e302e322e3230"
     "3a34383430",
     {}},
    {From::Server,
     "4d534746510000000700000001000000390000000700000001009b020000000000000000010000000000000000ffffffff000000"
     "0100000000000000ffffffff01009202010400000000000000ffffffff",
     {}}};
constexpr std::string_view history_claims[] = {"server role=opc ua history server"};
constexpr ExampleMessage no_history[] = {
    {From::Client,
     "48454c46390000000000000000000100000001000000000000000000190000006f70632e7463703a2f2f3139322e302e322e3230"
     "3a34383430",
     {}},
    {From::Server,
     "4d534746470000000700000001000000390000000700000001009b020000000000000000010000000000000000ffffffff000000"
     "0100000000003880ffffffff000000ffffffff",
     {}}};
constexpr Example examples[] = {
    {"a server tells what was", Layer::Tcp, 4840, history, history_claims},
    {"a server that keeps nothing is no historian", Layer::Tcp, 4840, no_history, {}},
    {"endpoints, a session, build information, a write", Layer::Tcp, 4840, session, session_claims},
    {"a server lists itself in two chunks", Layer::Tcp, 4840, chunks, chunks_claims},
    {"a greeting says nothing about anybody", Layer::Tcp, 4840, nothing, {}},
};
constexpr std::uint16_t ports[] = {4840, 4841, 48010, 48020, 49320, 53530, 62541};

}  // namespace

Decoder opcua() {
    Decoder decoder;
    decoder.name = "opcua";
    decoder.title = "OPC UA (binary)";
    decoder.spec = "OPC UA (IEC 62541) Parts 4, 5 and 6";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("'HEL'", "'ACK'", "'ERR'", "'RHE'", "'OPN'", "'MSG'", "'CLO'");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
