// RADIUS: a switch or access point asks a server whether somebody may in, and names itself; machines that ask to be let in are
// named by their accounts. Of people only the realm is kept, and no password, number or session.
//
//   |code|id|length 2|authenticator 16| then |type|length|value ...|; 1 account, 4 and 95 address, 31 station, 32 name of the
//   asker
#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/machine_account.h"

namespace herkomst::decoders {

namespace {

enum Code : std::uint8_t {
    AccessRequest = 1,
    Accept = 2,
    Reject = 3,
    AccountingRequest = 4,
    AccountingAnswer = 5,
    Challenge = 11
};
enum Type : std::uint8_t { UserName = 1, NasAddress = 4, CallingStation = 31, NasIdentifier = 32, NasAddress6 = 95 };

struct Notes {
    bool named;  // who asks was told, or several ask
};

// RFC 2865 sections 3 and 5, RFC 2866 section 3: one of six codes, a length that is the datagram's, attributes of at least two
// bytes that fill it exactly, no type 0; a request has at least one.
bool recognise(ByteCursor message, const Flow&) {
    const std::size_t size = message.left();
    const std::uint8_t code = message.u8();
    message.skip(1);
    const std::size_t length = message.be16();
    message.skip(16);
    if ((code < AccessRequest || code > AccountingAnswer) && code != Challenge) return false;
    if (length != size || length < 20 || length > 4096) return false;
    unsigned count = 0;
    bool named = false;
    while (!message.done()) {
        const std::uint8_t type = message.u8();
        const std::size_t whole = message.u8();
        if (type == 0 || whole < 2) return false;
        message.skip(whole - 2);
        named = named || type == NasAddress || type == NasIdentifier || type == NasAddress6;
        ++count;
    }
    const bool request = code == AccessRequest || code == AccountingRequest;
    return message.ok() && (request ? named : count > 0);
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    const std::uint8_t code = message.u8();
    message.skip(19);
    if (code != AccessRequest && code != AccountingRequest) return done();
    Slice account;
    Slice station;
    Slice asker;
    bool others = false;
    while (!message.done()) {
        const std::uint8_t type = message.u8();
        const Slice value = message.bytes(message.u8() - std::size_t{2});
        if (type == UserName) account = value;
        if (type == CallingStation) station = value;
        if (type == NasIdentifier) asker = value;
        // RFC 2865 section 5.4, RFC 3162 section 2.1: of who asks. A proxy sends others' requests on.
        if (type == NasAddress && value.size() == 4) others = others || IpAddress::v4(value.bytes.data()) != flow.sender.ip;
        if (type == NasAddress6 && value.size() == 16) others = others || IpAddress::v6(value.bytes.data()) != flow.sender.ip;
    }
    // RFC 2865 section 5.32: what who asks is called, not surely who sent it. It is called one thing: what else is said in the
    // same flow is another's, or damaged.
    Notes& notes = flow.state->notes<Notes>();
    if (!others && !notes.named && is_host_word(asker.text())) {
        notes.named = true;
        claims.hinted(Field::hostname, asker.text(), asker, "nas_identifier");
    }
    const LogIn who = read_log_in(account.text());
    const std::optional<Mac> mac = Mac::parse(station.text().substr(0, 17));
    if (!mac || !mac->known() || mac->group()) return done();
    Endpoint supplicant;
    supplicant.mac = *mac;
    Claims machine = claims.about(supplicant);
    const auto part = [&](std::string_view text) {
        const auto begin = static_cast<std::size_t>(text.data() - account.text().data());
        return Slice{account.bytes.subspan(begin, text.size()), account.offset + begin};
    };
    if (!who.machine.empty()) machine.stated(Field::hostname, part(who.machine), "account");
    if (!who.realm.empty()) machine.stated(Field::realm, part(who.realm), "account");
    return done();
}

constexpr ExampleMessage machine[] = {
    {From::Client,
     "01070051000102030405060708090a0b0c0d0e0f011a686f73742f70756d70372e706c616e742e6578616d70"
     "6c650406c000020a1f1330302d30302d35452d30302d35332d3737200a7377697463682d37",
     {}},
    {From::Server, "02070020000102030405060708090a0b0c0d0e0f010c77696c68656c6d696e61", {}}};
constexpr std::string_view machine_claims[] = {"client hostname=switch-7",
                                               "mac:00:00:5e:00:53:77 hostname=pump7.plant.example"};
constexpr ExampleMessage proxied[] = {
    {From::Client, "04070024000102030405060708090a0b0c0d0e0f0406c0000263200a7377697463682d38", {}},
    {From::Client, "04080024000102030405060708090a0b0c0d0e0f0406c000020a200a7377697463682d37", {}},
    {From::Client, "0409001e000102030405060708090a0b0c0d0e0f200a7377697463682d35", {}}};
constexpr std::string_view proxied_claims[] = {"client hostname=switch-7"};
constexpr ExampleMessage person[] = {{From::Client,
                                      "01070056000102030405060708090a0b0c0d0e0f011a77696c68656c6d696e6140706c616e742e6578616d70"
                                      "6c650212000000000000000000000000000000000406c000020a1f10303030302e356530302e35333737",
                                      {}}};
constexpr std::string_view person_claims[] = {"mac:00:00:5e:00:53:77 realm=plant.example"};
constexpr ExampleMessage silent[] = {{From::Client,
                                      "04070032000102030405060708090a0b0c0d0e0f010c77696c68656c6d696e610406c000020a1f0c30363132"
                                      "333435363738",
                                      {}}};
constexpr Example examples[] = {
    {"a machine wants in", Layer::Udp, 1812, machine, machine_claims},
    {"a person wants in: only the realm is kept", Layer::Udp, 1812, person, person_claims},
    {"a request of another's, and a second name", Layer::Udp, 1813, proxied, proxied_claims},
    {"an account and a telephone are nobody's business", Layer::Udp, 1813, silent, {}},
};
constexpr std::uint16_t ports[] = {1645, 1646, 1812, 1813};

}  // namespace

Decoder radius() {
    Decoder decoder;
    decoder.name = "radius";
    decoder.title = "RADIUS";
    decoder.spec = "RFC 2865; RFC 2866; RFC 3162; RFC 3580";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("0?");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
