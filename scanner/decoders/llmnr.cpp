// LLMNR: a machine that is asked for by its name answers with its own address, so the name is its own. Questions are what
// somebody looks for, and are not kept.
//
//   the bytes of DNS (dns_message.h) on port 5355: "pump-7" A -> 192.0.2.20
#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/dns_message.h"

namespace herkomst::decoders {

namespace {

constexpr std::uint16_t port_number = 5355;

// RFC 4795 section 2.1.1: opcode 0, one question (also in answers), reserved bits 0; the port parts it from DNS.
bool recognise(ByteCursor message, const Flow& flow) {
    if (!flow.on_port(port_number)) return false;
    const std::uint16_t flags = message.peek_be16(2);
    return (flags & 0x78f0) == 0 && message.peek_be16(4) == 1 && dns_wire::is_message(message, 0xffff);
}

// RFC 4795 section 2.3: who answers is authoritative for the name. Only an answer with the sender's own address counts.
Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    const ByteCursor whole = message;
    const dns_wire::Message opened = dns_wire::open(whole);
    if (!opened.response() || opened.rcode() != 0) return done();
    for (const dns_wire::Record& record : opened.records) {
        if (dns_wire::address_in(record) != flow.sender.ip) continue;
        ByteCursor owner = record.owner;
        const ByteCursor start = owner;
        const dns_wire::Name name = dns_wire::read_name(whole, owner);
        claims.stated(name.text.find('.') == std::string::npos ? Field::hostname : Field::dns_name, name.text,
                      owner.since(start), "answer");
        break;
    }
    return done();
}

constexpr ExampleMessage asked[] = {
    {From::Client, "1234 0000 0001 0000 0000 0000 | 0670756d702d37 00 0001 0001", {}},
    {From::Server, "1234 8000 0001 0001 0000 0000 | 0670756d702d37 00 0001 0001 | c00c 0001 0001 0000001e 0004 c0000214", {}}};
constexpr std::string_view asked_claims[] = {"server hostname=pump-7"};
constexpr ExampleMessage question[] = {
    {From::Client, "1235 0000 0001 0000 0000 0000 | 0a77696c68656c6d696e61 00 001c 0001", {}}};
constexpr ExampleMessage other[] = {
    {From::Server, "1236 8000 0001 0001 0000 0000 | 0670756d702d37 00 0001 0001 | c00c 0001 0001 0000001e 0004 c0000263", {}}};
constexpr Example examples[] = {
    {"a name is asked for and its owner answers", Layer::Udp, port_number, asked, asked_claims},
    {"a question is somebody's search and says nothing", Layer::Udp, port_number, question, {}},
    {"an answer with another's address", Layer::Udp, port_number, other, {}},
};
constexpr std::uint16_t ports[] = {port_number};
constexpr std::string_view alike[] = {"dns", "mdns"};

}  // namespace

Decoder llmnr() {
    Decoder decoder;
    decoder.name = "llmnr";
    decoder.title = "LLMNR";
    decoder.spec = "RFC 4795";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    decoder.shares_wire_with = alike;
    return decoder;
}

}  // namespace herkomst::decoders
