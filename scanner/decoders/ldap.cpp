// LDAP: a directory says of itself, to whoever asks, which host it is, for which domain, and which product of whom. Who binds,
// and what is searched for and found, is not kept.
//
//   30 len |02 message id|operation|; 60 bind, 61 its answer (may hold an NTLM challenge), 63 search, 64 an entry, 65 the end
//   entry: |04 name|30 {30 {04 attribute, 31 {04 value ...}} ...}|; the entry without a name is the directory itself
#include "core/text.h"
#include "decoders/ber.h"
#include "decoders/decoder.h"
#include "decoders/dns_message.h"
#include "decoders/ntlm.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t longest_message = 32 * 1024;

bool is_operation(std::uint8_t tag) {
    constexpr std::uint8_t known[] = {0x60, 0x61, 0x42, 0x63, 0x64, 0x65, 0x73, 0x66, 0x67, 0x68,
                                      0x69, 0x4a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0x50, 0x77, 0x78};
    for (const std::uint8_t each : known) {
        if (each == tag) return true;
    }
    return false;
}

// RFC 4511 section 4.1.1: a sequence of a number and an operation, both within it; a bind (4.2) has version 2 or 3, a search
// (4.5.1) a base and a scope, and an answer (4.1.9) a result code.
bool recognise(ByteCursor message, const Flow& flow) {
    if (message.u8() != 0x30) return false;
    const std::size_t length = ber_length(message);
    if (length < 7 || length > 1'000'000) return false;
    if (flow.layer == Layer::Udp && length != message.left()) return false;
    if (message.u8() != 0x02) return false;
    const std::size_t number = message.u8();
    if (number < 1 || number > 4) return false;
    message.skip(number);
    const std::uint8_t operation = message.u8();
    if (!is_operation(operation)) return false;
    const std::size_t inner = ber_length(message);
    if (inner > length) return false;
    if (operation == 0x60) return message.be16() == 0x0201 && (message.peek() == 2 || message.peek() == 3);
    if (operation == 0x63) {
        if (message.u8() != 0x04) return false;
        const std::size_t base = ber_length(message);
        if (base > inner) return false;
        message.skip(base);
        return message.be16() == 0x0a01 && message.u8() <= 3;
    }
    if (operation == 0x64) return message.peek() == 0x04;
    return (operation == 0x61 || operation == 0x65) && message.be16() == 0x0a01;
}

// "DC=plant,DC=example" (RFC 2247 section 2) as the domain "plant.example"; empty for other names.
std::string domain_of(std::string_view name) {
    std::string domain;
    for (const std::string_view part : split(name, ',')) {
        const std::string_view piece = trimmed(part);
        if (!starts_with_ignoring_case(piece, "dc=")) return {};
        if (!domain.empty()) domain += '.';
        domain += piece.substr(3);
    }
    return domain;
}

// MS-ADTS section 6.3.1.9: a domain controller's answer to who looks for one: 0017, 22 bytes, then names as in DNS: forest,
// domain, host, and the domain and host in their short form. The account that stands behind them is not read.
void netlogon(ByteCursor value, Claims& claims) {
    const ByteCursor start = value;
    if (value.le16() != 0x17) return;
    value.skip(22);
    const auto next = [&](Slice& place) {
        const ByteCursor before = value;
        const dns_wire::Name name = dns_wire::read_name(start, value);
        place = value.since(before);
        return name.text;
    };
    Slice place;
    next(place);
    const std::string domain = next(place);
    const Slice domain_at = place;
    const std::string host = next(place);
    const Slice host_at = place;
    next(place);
    std::string computer = next(place);
    if (!value.ok()) return;
    if (computer.substr(0, 2) == "\\\\") computer.erase(0, 2);
    claims.stated(Field::realm, domain, domain_at, "netlogon");
    claims.stated(Field::dns_name, host, host_at, "netlogon");
    claims.stated(Field::hostname, computer, place, "netlogon");
    claims.stated(Field::role, "domain-controller", domain_at, "netlogon");
}

// RFC 4512 section 5.1, RFC 3045 (vendor), MS-ADTS section 3.1.1.3.2 (dnsHostName, defaultNamingContext).
void attribute(std::string_view name, const Slice& value, Claims& claims) {
    if (equal_ignoring_case(name, "dnsHostName")) claims.stated(Field::dns_name, value, "dns_host_name");
    if (equal_ignoring_case(name, "vendorName")) claims.stated(Field::stack_maker, value, "vendor_name");
    if (equal_ignoring_case(name, "vendorVersion")) claims.stated(Field::software, value, "vendor_version");
    if (equal_ignoring_case(name, "defaultNamingContext")) {
        claims.stated(Field::realm, domain_of(value.text()), value, "default_naming_context");
    }
}

void entry(ByteCursor operation, Claims& claims) {
    BerItem name = next_ber(operation);
    if (name.tag != 0x04 || !name.content.done()) return;
    BerItem list = next_ber(operation);
    while (list.tag == 0x30 && !list.content.done()) {
        BerItem one = next_ber(list.content);
        BerItem type = next_ber(one.content);
        BerItem values = next_ber(one.content);
        if (type.tag != 0x04 || values.tag != 0x31 || values.content.done()) continue;
        BerItem value = next_ber(values.content);
        if (value.tag != 0x04) continue;
        const std::string_view called = type.content.rest().text();
        if (equal_ignoring_case(called, "netlogon")) {
            Reading reading;
            netlogon(whole(value.content.rest(), reading), claims);
        } else {
            attribute(called, value.content.rest(), claims);
        }
    }
}

void whole_message(ByteCursor message, Claims& claims) {
    BerItem outer = next_ber(message);
    next_ber(outer.content);
    BerItem operation = next_ber(outer.content);
    if (!message.ok()) return;
    if (operation.tag == 0x64) entry(operation.content, claims);
    if (operation.tag == 0x61) observe_ntlm_challenge(find_ntlm_challenge(operation.content), nullptr, claims);
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    ByteCursor head = message;
    const std::uint8_t tag = head.u8();
    const std::size_t length = ber_length(head);
    if (!head.ok()) return done();
    if (tag != 0x30) return not_this();  // after StartTLS, or with SASL's own framing
    const std::size_t total = head.offset() - message.offset() + length;
    if (flow.from_opener || length > longest_message) return length > 1'000'000'000 ? not_this() : done(total);
    if (message.left() < total) return flow.ended || flow.layer == Layer::Udp ? done() : need(total);
    Reading reading;
    whole_message(whole(message.bytes(total), reading), claims);
    return done(total);
}

constexpr ExampleMessage directory[] = {
    {From::Client,
     "301f020101601a020103040d636e3d77696c68656c6d696e61800667656865696d3025020102632004000a01"
     "000a0100020100020100010100870b6f626a656374436c6173733000",
     {}},
    {From::Server,
     "307e0201026479040030753022040b646e73486f73744e616d65311304116463312e706c616e742e6578616d"
     "706c65302d041464656661756c744e616d696e67436f6e746578743115041344433d706c616e742c44433d65"
     "78616d706c653020040d76656e646f7256657273696f6e310f040d4578616d706c65445320312e34300c0201"
     "0265070a010004000400303b02010364360416636e3d77696c68656c6d696e612c64633d706c616e74301c30"
     "1a040b646e73486f73744e616d65310b0409782e6578616d706c65",
     {}}};
constexpr std::string_view directory_claims[] = {"server dns_name=dc1.plant.example", "server realm=plant.example",
                                                 "server software=ExampleDS 1.4"};
constexpr ExampleMessage challenge[] = {
    {From::Server,
     "3081be0201016181b80a010e040004008781ae4e544c4d53535000020000000a000a0038000000158289e201"
     "0203040506070800000000000000006c006c00420000000a007c4f0000000f50004c0041004e00540002000a"
     "0050004c0041004e0054000100060044004300310004001a0070006c0061006e0074002e006500780061006d"
     "0070006c006500030022006400630031002e0070006c0061006e0074002e006500780061006d0070006c0065"
     "0007000800000000000000000000000000",
     {}}};
constexpr std::string_view challenge_claims[] = {"server hostname=DC1", "server dns_name=dc1.plant.example",
                                                 "server realm=plant.example", "server os=Windows 10.0.20348"};
constexpr ExampleMessage asking[] = {{From::Client, "301f020101601a020103040d636e3d77696c68656c6d696e61800667656865696d", {}}};
constexpr ExampleMessage controller[] = {
    {From::Client, "3025020107632004000a01000a0100020100020100010100870178300a04084e65746c6f676f6e", {}},
    {From::Server,
     "306602010764610400305d305b04084e65746c6f676f6e314f044d17000000fdf30000000000000000000000"
     "0000000000000005706c616e74076578616d706c6500c01803646331c01805504c414e540003444331000a77"
     "696c68656c6d696e6100045369746500",
     {}}};
constexpr std::string_view controller_claims[] = {"server realm=plant.example", "server dns_name=dc1.plant.example",
                                                  "server hostname=DC1", "server role=domain-controller"};
constexpr Example examples[] = {
    {"a domain controller is looked for and answers; the account in it is not read", Layer::Udp, 389, controller,
     controller_claims},
    {"a directory presents itself; people in it are not kept", Layer::Tcp, 389, directory, directory_claims},
    {"an NTLM challenge", Layer::Tcp, 389, challenge, challenge_claims},
    {"who binds is not kept", Layer::Tcp, 389, asking, {}},
};
constexpr std::uint16_t ports[] = {389, 3268};
constexpr std::string_view alike[] = {"snmp"};

}  // namespace

Decoder ldap() {
    Decoder decoder;
    decoder.name = "ldap";
    decoder.title = "LDAP";
    decoder.spec = "RFC 4511; RFC 4512; RFC 3045; MS-ADTS section 3.1.1.3.2";
    decoder.layers = Layer::Udp | Layer::Tcp;
    decoder.ports = ports;
    decoder.starts = Starts("30");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    decoder.shares_wire_with = alike;
    return decoder;
}

}  // namespace herkomst::decoders
