// DNS: which name stands for which address, so that a later conversation with that address has a name. It claims nothing about
// anybody: what a client asks for is its user's business, and what a server answers is about others.
//
//   |id 2|flags 2|questions 2|answers 2|authority 2|additional 2|name, type 2, class 2|name, type 2, class 2, ttl 4, length 2,
//   data| over TCP each message has its length 2 in front
#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/dns_message.h"

namespace herkomst::decoders {

namespace {

using dns_wire::Name;
using dns_wire::Record;

constexpr std::uint16_t port_number = 53;
constexpr std::uint16_t every_class_bit = 0xffff;

// RFC 1035 4.1, with one question at most as every server of today; port 53 parts it from mDNS and LLMNR, which are the same
// bytes.
bool recognise(ByteCursor message, const Flow& flow) {
    if (!flow.on_port(port_number)) return false;
    if (flow.layer == Layer::Tcp) {
        // RFC 1035 4.2.2. The rest may be in later segments: then the header and the question must do.
        const std::uint16_t length = message.be16();
        if (length < 12) return false;
        if (message.left() < length) {
            const std::uint16_t flags = message.peek_be16(2);
            const bool plain = (flags & 0x7840) == 0 && message.peek_be16(4) == 1 && message.peek_be16(6) <= 4096;
            ByteCursor at = message;
            at.skip(12);
            dns_wire::skip_name(message, at);
            const std::uint16_t type = at.be16();
            return plain && type != 0 && at.be16() == 1;
        }
        message = message.take(length);
    }
    return message.peek_be16(4) <= 1 && dns_wire::is_message(message, every_class_bit);
}

// RFC 1034 3.6.2: an alias leads to its canonical name; the addresses at the end of the chain belong to the name that was
// asked.
void resolve(const ByteCursor& whole, Claims& claims) {
    const dns_wire::Message message = dns_wire::open(whole);
    if (!whole.ok() || !message.response() || message.opcode() != 0 || message.rcode() != 0 || message.questions != 1) return;
    ByteCursor question = whole;
    question.skip(12);
    const ByteCursor name_begins = question;
    const std::string asked = lower(dns_wire::read_name(whole, question).text);
    const Slice witness = question.since(name_begins);
    std::vector<std::string> names{asked};
    constexpr std::size_t longest_chain = 16;
    // Servers give aliases in any order.
    for (bool grown = true; grown && names.size() < longest_chain;) {
        grown = false;
        for (const Record& record : message.records) {
            if (record.section != dns_wire::Section::Answer || record.type != dns_wire::Cname) continue;
            ByteCursor owner = record.owner;
            ByteCursor data = record.data;
            if (lower(dns_wire::read_name(whole, owner).text) != names.back()) continue;
            names.push_back(lower(dns_wire::read_name(whole, data).text));
            grown = true;
            break;
        }
    }
    for (const Record& record : message.records) {
        if (record.section != dns_wire::Section::Answer) continue;
        const IpAddress ip = dns_wire::address_in(record);
        if (!ip.known() || ip.unspecified()) continue;
        ByteCursor owner = record.owner;
        const std::string name = lower(dns_wire::read_name(whole, owner).text);
        if (name == names.back()) claims.resolved(asked, ip, witness);
    }
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (flow.layer != Layer::Tcp) {
        if (!recognise(message, flow)) return not_this();
        resolve(message, claims);
        return done();
    }
    const std::uint16_t length = message.be16();
    if (!message.ok() || message.left() < length) return need(std::size_t{2} + length);
    const ByteCursor whole = message.take(length);
    if (!dns_wire::is_message(whole, every_class_bit)) return not_this();
    resolve(whole, claims);
    return done(message);
}

// "www.example.org" is an alias of "web.example.net", which is at 198.51.100.7.
constexpr ExampleMessage lookup[] = {
    {From::Client, "1a2b0100000100000000000003777777076578616d706c65036f72670000010001", {}},
    {From::Server,
     "1a2b8180000100020000000103777777076578616d706c65036f72670000010001c00c000500010000003c0011037765"
     "62076578616d706c65036e657400c02d000100010000003c0004c633640700002904d0000000000000",
     {}}};
// The same over TCP, two answers in one stream.
constexpr ExampleMessage stream[] = {
    {From::Client, "00211a2b0100000100000000000003777777076578616d706c65036f72670000010001", {}},
    {From::Server,
     "00591a2b8180000100020000000103777777076578616d706c65036f72670000010001c00c000500010000003c001103"
     "776562076578616d706c65036e657400c02d000100010000003c0004c633640700002904d00000000000000030000781"
     "800001000100000000076578616d706c65036f72670000100001c00c001000010000003c000706736563726574",
     {}}};
constexpr Example examples[] = {
    {"a name and its address", Layer::Udp, port_number, lookup, {}},
    {"the same over TCP, then a text", Layer::Tcp, port_number, stream, {}},
};
constexpr std::uint16_t ports[] = {port_number};
constexpr std::string_view look_alikes[] = {"mdns"};

}  // namespace

Decoder dns() {
    Decoder decoder;
    decoder.name = "dns";
    decoder.title = "DNS";
    decoder.spec = "RFC 1034; RFC 1035; RFC 6891; RFC 7766";
    decoder.layers = Layer::Udp | Layer::Tcp;
    decoder.ports = ports;
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    decoder.shares_wire_with = look_alikes;
    return decoder;
}

}  // namespace herkomst::decoders
