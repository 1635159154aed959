// DHCPv6: a client says its own name, the make of its client software (vendor class with the enterprise number of whoever
// defines it) and, when it is a cable modem or a customer's gateway, maker, model, serial number and firmware. Every message
// carries an identifier of its sender (DUID), which may again hold an enterprise number.
//
//   |type|transaction 3|options ...|            relayed: |12 or 13|hops|link address 16|peer address 16|options ...|
//   option: |code 2|length 2|value ...|
#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

enum Type : std::uint8_t {
    Advertise = 2,
    Reply = 7,
    Reconfigure = 10,
    InformationRequest = 11,
    RelayForward = 12,
    RelayReply = 13
};
enum Code : std::uint16_t {
    ClientId = 1,
    ServerId = 2,
    RelayMessage = 9,
    VendorClass = 16,
    VendorOptions = 17,
    ClientName = 39
};

struct Option {
    std::uint16_t code = 0;
    ByteCursor value;
};

Option next_option(ByteCursor& from) {
    const std::uint16_t code = from.be16();
    return {code, from.take(from.be16())};
}

// RFC 8415 section 11: 1 link-layer and time, 2 enterprise, 3 link-layer, 4 UUID; with what follows, at most 130 bytes.
bool is_duid(ByteCursor value) {
    const std::size_t size = value.left();
    const std::uint16_t type = value.be16();
    const std::size_t least = type == 1 ? 9 : type == 2 ? 7 : type == 3 ? 5 : 18;
    return type >= 1 && type <= 4 && size >= least && size <= 130;
}

// RFC 8415 sections 7.3, 8, 9 and 21.1: a known type; options that fill the message exactly; an identifier of the client or
// the server in its form, or (information requests may do without) an elapsed time of two bytes, or in relayed messages the
// message itself.
bool recognise(ByteCursor message, const Flow&) {
    const std::uint8_t type = message.u8();
    const bool relayed = type == RelayForward || type == RelayReply;
    if (type < 1 || type > RelayReply) return false;
    if (relayed && message.peek() > 32) return false;
    message.skip(relayed ? 33 : 3);
    bool identified = false;
    unsigned options = 0;
    while (!message.done()) {
        const Option option = next_option(message);
        if (option.code == 0 || option.code > 255 || !message.ok()) return false;
        if (option.code == ClientId || option.code == ServerId) {
            if (!is_duid(option.value)) return false;
            identified = true;
        }
        if (option.code == 8 && option.value.left() != 2) return false;
        if (option.code == 8 && type == InformationRequest) identified = true;
        if (option.code == RelayMessage && relayed) identified = option.value.left() >= 4;
        if (++options > 64) return false;
    }
    return identified;
}

// Numbers under which consortia, not makers, register what their members send: Broadband Forum, CableLabs.
bool names_a_maker(std::uint32_t enterprise) { return enterprise != 0 && enterprise != 3561 && enterprise != 4491; }

// RFC 8415 section 11.3
void duid(ByteCursor value, Claims& claims) {
    if (value.be16() != 2) return;
    const Slice number = value.bytes(4);
    if (number.size() != 4) return;
    Reading reading;
    const std::uint32_t enterprise = ByteCursor(number.bytes, reading).be32();
    if (names_a_maker(enterprise)) claims.stated(Field::vendor_id, "pen:" + std::to_string(enterprise), number, "duid");
}

// RFC 8415 section 21.16: enterprise number, then texts each with its length.
void vendor_class(ByteCursor value, Claims& claims) {
    const ByteCursor start = value;
    const std::uint32_t enterprise = value.be32();
    if (names_a_maker(enterprise)) {
        claims.stated(Field::vendor_id, "pen:" + std::to_string(enterprise), value.since(start), "vendor_class");
    }
    while (!value.done()) {
        const Slice text = value.bytes(value.be16());
        if (text.size() >= 2 && printable_ascii(text.text())) claims.stated(Field::vendor_class, text, "vendor_class");
    }
}

struct Naming {
    std::uint16_t code;
    Field field;
};
// CableLabs CL-SP-CANN-DHCP-Reg section 5.2 (enterprise 4491): of the device itself.
constexpr Naming cable[] = {
    {4, Field::serial}, {5, Field::hardware}, {6, Field::firmware}, {9, Field::model}, {10, Field::brand}};
// TR-069 Amendment 6 Annex F 2.5 (enterprise 3561)
constexpr Naming gateway[] = {{2, Field::serial}, {3, Field::product}};

// RFC 8415 section 21.17: enterprise number, then options of its own.
void vendor_options(ByteCursor value, Claims& claims) {
    const ByteCursor start = value;
    const std::uint32_t enterprise = value.be32();
    if (names_a_maker(enterprise)) {
        claims.stated(Field::vendor_id, "pen:" + std::to_string(enterprise), value.since(start), "vendor_options");
        return;
    }
    const std::span<const Naming> names = enterprise == 4491   ? std::span<const Naming>(cable)
                                          : enterprise == 3561 ? std::span<const Naming>(gateway)
                                                               : std::span<const Naming>();
    while (!names.empty() && !value.done()) {
        Option option = next_option(value);
        for (const Naming& naming : names) {
            if (naming.code != option.code) continue;
            const Slice text = option.value.rest();
            if (printable_ascii(text.text())) claims.stated(naming.field, text, "vendor_options");
        }
    }
}

// RFC 4704 section 4: flags, then labels; a name without the final empty label is not fully qualified.
void client_name(ByteCursor value, Claims& claims) {
    value.skip(1);
    const ByteCursor start = value;
    std::string name;
    while (!value.done()) {
        const std::uint8_t size = value.u8();
        if (size == 0) break;
        if (size > 63) return;
        if (!name.empty()) name += '.';
        name += value.bytes(size).text();
    }
    if (name.empty() || !value.ok()) return;
    const Slice witness = value.since(start);
    claims.stated(Field::hostname, name, witness, "fqdn");
    if (name.find('.') != std::string::npos) claims.stated(Field::dns_name, name, witness, "fqdn");
}

void from_client(ByteCursor message, Claims& claims) {
    while (!message.done()) {
        Option option = next_option(message);
        switch (option.code) {
            case ClientId:
                duid(option.value, claims);
                break;
            case VendorClass:
                vendor_class(option.value, claims);
                break;
            case VendorOptions:
                vendor_options(option.value, claims);
                break;
            case ClientName:
                client_name(option.value, claims);
                break;
            default:
                break;
        }
    }
}

void from_server(ByteCursor message, Claims& claims) {
    while (!message.done()) {
        Option option = next_option(message);
        if (option.code != ServerId) continue;
        const Slice id = option.value.rest();
        claims.stated(Field::service, "dhcpv6", id, "server_id");
    }
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    Claims speaker = claims;
    // RFC 8415 section 19: the message inside belongs to the peer address of the innermost relay.
    for (unsigned relays = 0; message.peek() == RelayForward && relays < 8; ++relays) {
        message.skip(18);
        const Slice peer = message.bytes(16);
        ByteCursor inner = message.take(0);
        while (!message.done()) {
            const Option option = next_option(message);
            if (option.code == RelayMessage) inner = option.value;
        }
        if (!message.ok() || peer.size() != 16 || inner.done()) return done();
        Endpoint client;
        client.ip = IpAddress::v6(peer.bytes.data());
        if (!client.ip.known() || client.ip.unspecified() || client.ip.multicast()) return done();
        speaker = claims.about(client);
        message = inner;
    }
    const std::uint8_t type = message.u8();
    message.skip(3);
    if (type == Advertise || type == Reply || type == Reconfigure) {
        from_server(message, speaker);
    } else if (type < RelayForward) {
        from_client(message, speaker);
    }
    return done();
}

constexpr ExampleMessage solicit[] = {{From::Client,
                                       "01 123456 | 0001 000a 0003 0001 00005e00530a | 0008 0002 0064 | 0006 0004 0017 0018 "
                                       "| 0010 000e 0000 7ed9 0008 657870 636c202e31 "  // 32473 (for documentation), "expcl .1"
                                       "| 0027 0010 00 05 6d65746572 07 6578616d706c65 00 "  // meter.example
                                       "| 000f 000c 000a 77696c68656c6d696e61",              // user class: somebody
                                       {}}};
constexpr std::string_view solicit_claims[] = {"client vendor_id=pen:32473", "client vendor_class=expcl .1",
                                               "client hostname=meter.example", "client dns_name=meter.example"};
constexpr ExampleMessage modem[] = {
    {From::Client,
     "01 123457 | 0001 000c 0002 00007ed9 010203040506 | 0010 0010 0000118b 000a 646f63736973332e3020 "
     "| 0011 0036 0000118b 0002 0003 45434d | 0004 0004 41373731 | 0005 0003 312e30 | 0006 0005 322e332e34 | 0009 0004 "
     "584d2d31 "
     "| 000a 0007 4578616d706c65",
     {}}};
constexpr std::string_view modem_claims[] = {"client vendor_id=pen:32473", "client vendor_class=docsis3.0",
                                             "client serial=A771",         "client hardware=1.0",
                                             "client firmware=2.3.4",      "client model=XM-1",
                                             "client brand=Example"};
constexpr ExampleMessage relayed[] = {
    {From::Client,
     "0c 00 20010db8000000000000000000000001 fe800000000000000000000000000007 "
     "| 0009 0025 01 123456 0001 000a 0003 0001 00005e00530a 0008 0002 0000 0027 0009 00 07 67617465776179",
     {}}};
constexpr std::string_view relayed_claims[] = {"ip:fe80::7 hostname=gateway"};
constexpr ExampleMessage reply[] = {
    {From::Server, "07 123456 | 0001 000a 0003 0001 00005e00530a | 0002 000a 0003 0001 00005e005314", {}}};
constexpr std::string_view reply_claims[] = {"server service=dhcpv6"};
constexpr ExampleMessage renew[] = {
    {From::Client, "05 123456 | 0001 000a 0003 0001 00005e00530a | 0002 000a 0003 0001 00005e005314 | 0008 0002 0000", {}}};
constexpr Example examples[] = {
    {"a client with vendor class and name; its user class is nobody's business", Layer::Udp, 547, solicit, solicit_claims},
    {"a cable modem", Layer::Udp, 547, modem, modem_claims},
    {"a relay forwards a client's message", Layer::Udp, 547, relayed, relayed_claims},
    {"a server answers", Layer::Udp, 547, reply, reply_claims},
    {"a renewal says nothing", Layer::Udp, 547, renew, {}},
};
constexpr std::uint16_t ports[] = {546, 547};

}  // namespace

Decoder dhcpv6() {
    Decoder decoder;
    decoder.name = "dhcpv6";
    decoder.title = "DHCPv6";
    decoder.spec = "RFC 8415; RFC 4704; CL-SP-CANN-DHCP-Reg; TR-069 Amendment 6 Annex F";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("0?");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
