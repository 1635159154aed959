// 802.1X: who wants to be let into the network says an identity. A machine's account is kept as its name, of a person's only
// the realm is.
//
//   |version|type|length 2|, type 0: EAP |code|id|length 2|type|...|; code 2 (answer), type 1 (identity): text
#include "decoders/decoder.h"
#include "decoders/machine_account.h"

namespace herkomst::decoders {

namespace {

// IEEE 802.1X-2010 11.3: EtherType 888E, version 1 to 3, type 0 to 8, the body's length; RFC 3748 section 4: an EAP packet in
// it has a known code and the same length.
bool recognise(ByteCursor message, const Flow& flow) {
    if (flow.ethertype != 0x888e) return false;
    const std::uint8_t version = message.u8();
    const std::uint8_t type = message.u8();
    const std::size_t length = message.be16();
    if (version < 1 || version > 3 || type > 8 || length > message.left()) return false;
    if (type != 0) return type == 1 || type == 2 ? length == 0 : length > 0;
    const std::uint8_t code = message.u8();
    message.skip(1);
    return code >= 1 && code <= 4 && message.be16() == length;
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    message.skip(1);
    const std::uint8_t type = message.u8();
    ByteCursor packet = message.take(message.be16());
    if (type != 0) return done();
    const std::uint8_t code = packet.u8();
    packet.skip(3);
    if (code != 2 || packet.u8() != 1) return done();
    const Slice identity = packet.rest();
    const LogIn who = read_log_in(identity.text());
    Claims station = claims.about(flow.sender.station());
    // What is not kept is not pointed at either.
    const auto part = [&](std::string_view text) {
        const auto begin = static_cast<std::size_t>(text.data() - identity.text().data());
        return Slice{identity.bytes.subspan(begin, text.size()), identity.offset + begin};
    };
    if (!who.machine.empty()) station.stated(Field::hostname, part(who.machine), "identity");
    if (!who.realm.empty()) station.stated(Field::realm, part(who.realm), "identity");
    return done();
}

constexpr ExampleMessage machine[] = {
    {From::Client, "01 00 001d 02 01 001d 01 686f73742f70756d70372e706c616e742e6578616d706c65", {}}};
constexpr std::string_view machine_claims[] = {"client hostname=pump7.plant.example"};
constexpr ExampleMessage person[] = {
    {From::Client, "01 00 001d 02 01 001d 01 77696c68656c6d696e6140706c616e742e6578616d706c65", {}}};
constexpr std::string_view person_claims[] = {"client realm=plant.example"};
constexpr ExampleMessage start[] = {{From::Client, "01 01 0000", {}}};
constexpr Example examples[] = {
    {"a machine", Layer::Link, 0x888e, machine, machine_claims},
    {"a person", Layer::Link, 0x888e, person, person_claims},
    {"a start says nothing", Layer::Link, 0x888e, start, {}},
};
constexpr std::uint16_t ethertypes[] = {0x888e};

}  // namespace

Decoder eapol() {
    Decoder decoder;
    decoder.name = "eapol";
    decoder.title = "802.1X (EAPOL)";
    decoder.spec = "IEEE 802.1X-2010; RFC 3748";
    decoder.layers = only(Layer::Link);
    decoder.ports = ethertypes;
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
