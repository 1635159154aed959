// DHCP: the first words of a device on a network, broadcast, so that every listener hears them: its own name, the make of its
// DHCP client (vendor class), for customer premises equipment OUI, serial number and product class, for PROFINET the name of
// station. The subject is the client's hardware address, which also stands in relayed messages; what a server assigns ties it
// to an IP address.
//
//   |op|htype|hlen|hops|xid 4|secs 2|flags 2|ciaddr 4|yiaddr 4|siaddr 4|giaddr 4|chaddr 16|
//   |sname 64|file 128|63825363|options ...|
//   option: |code|length|value ...|, 0 is padding, 255 the end
#include <algorithm>

#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/station_names.h"

namespace herkomst::decoders {

namespace {

enum Operation : std::uint8_t { FromClient = 1, FromServer = 2 };
enum MessageType : std::uint8_t { Request = 3, Ack = 5, Inform = 8 };

// RFC 2131 section 2, figure 1; RFC 1700: hardware type 1 is Ethernet with 6 bytes; RFC 2131 section 3: the magic cookie.
bool recognise(ByteCursor message, const Flow&) {
    const std::uint8_t operation = message.u8();
    const std::uint8_t hardware = message.u8();
    const std::uint8_t hardware_length = message.u8();
    const std::uint8_t hops = message.u8();
    message.skip(232);
    const bool cookie = message.be32() == 0x63825363;
    return cookie && (operation == FromClient || operation == FromServer) && hardware != 0 && hardware_length <= 16 &&
           hops <= 16;
}

struct Option {
    std::uint8_t code = 0;
    Slice first;        // where it stands
    std::string value;  // RFC 3396: split options are one value
};
using Options = std::vector<Option>;

// RFC 2132 section 2; RFC 2131 section 4.1: the last option is always 255. An area without it was cut: it fails the message.
void read_options(ByteCursor area, Options& options) {
    constexpr std::size_t most = 128;
    while (area.ok() && options.size() < most) {
        const std::uint8_t code = area.u8();
        if (code == 0) continue;
        if (code == 255) return;
        const Slice value = area.bytes(area.u8());
        const auto known = std::find_if(options.begin(), options.end(), [&](const Option& o) { return o.code == code; });
        if (known == options.end()) {
            options.push_back({code, value, std::string(value.text())});
        } else {
            known->value += value.text();
        }
    }
}

const Option* find(const Options& options, std::uint8_t code) {
    const auto at = std::find_if(options.begin(), options.end(), [&](const Option& o) { return o.code == code; });
    return at == options.end() ? nullptr : &*at;
}

// RFC 4702 section 2: flags, two result codes, then the name: plain text, or in DNS form when flag E (4) is set.
std::string full_name(const std::string& value) {
    Reading reading;
    ByteCursor option(bytes_in(value), reading);
    const std::uint8_t flags = option.u8();
    option.skip(2);
    std::string name;
    if ((flags & 4) == 0) {
        name = option.rest().text();
    } else {
        while (!option.done()) {
            const std::uint8_t length = option.u8();
            if (length == 0) break;
            if (length > 63) return {};
            if (!name.empty()) name += '.';
            name += option.bytes(length).text();
        }
    }
    if (!reading.ok) return {};
    while (!name.empty() && (name.back() == '.' || name.back() == '\0')) name.pop_back();
    return name;
}

// Numbers under which consortia, not makers, register what their members send: Broadband Forum, CableLabs.
bool names_a_maker(std::uint32_t enterprise) { return enterprise != 0 && enterprise != 3561 && enterprise != 4491; }

// RFC 3925 section 3: per enterprise a number 4, a length 1 and the class as that vendor defines it.
void vendor_classes(const Option& option, Claims& claims) {
    Reading reading;
    ByteCursor value(bytes_in(option.value), reading);
    while (!value.done()) {
        const std::uint32_t enterprise = value.be32();
        ByteCursor data = value.take(value.u8());
        if (!reading.ok) return;
        if (names_a_maker(enterprise)) {
            claims.stated(Field::vendor_id, "pen:" + std::to_string(enterprise), option.first, "vi_vendor_class");
        }
        const Slice text = data.rest();
        if (text.size() >= 2 && printable_ascii(text.text())) {
            claims.stated(Field::vendor_class, text.text(), option.first, "vi_vendor_class");
        }
    }
}

// RFC 3925 section 4; TR-069 Amendment 6 Annex F 2.5: enterprise 3561, suboptions of the device 1 OUI, 2 serial number, 3
// product class; of the gateway that answers it 4, 5, 6.
void vendor_information(const Option& option, std::uint8_t first, Claims claims) {
    Reading reading;
    ByteCursor value(bytes_in(option.value), reading);
    while (!value.done()) {
        const std::uint32_t enterprise = value.be32();
        ByteCursor data = value.take(value.u8());
        if (!reading.ok) return;
        if (names_a_maker(enterprise)) {
            claims.stated(Field::vendor_id, "pen:" + std::to_string(enterprise), option.first, "vi_vendor_information");
        }
        if (enterprise != 3561) continue;
        std::string_view oui;
        std::string_view serial;
        while (!data.done()) {
            const std::uint8_t code = data.u8();
            const std::string_view text = data.bytes(data.u8()).text();
            if (!reading.ok) return;
            if (code == first) oui = text;
            if (code == first + 1) serial = text;
            if (code == first + 2) claims.stated(Field::product, text, option.first, "tr069_product_class");
        }
        claims.stated(Field::serial, serial, option.first, "tr069_serial");
        if (oui.size() == 6 && unhex(oui).size() == 3 && !serial.empty()) {
            claims.stated(Field::unique_id, "tr069:" + std::string(oui) + "-" + std::string(serial), option.first,
                          "tr069_device");
        }
    }
}

// RFC 2132 9.14: type 0 is followed by anything. PROFINET devices put their name of station there (IEC 61158-6-10 4.12);
// Cisco's clients put "cisco-MAC-port", which is none.
void client_id(const Option& option, Claims& claims) {
    const std::string_view text = std::string_view(option.value).substr(1);
    if (option.value[0] != 0 || text.size() < 2 || text.substr(0, 6) == "cisco-" || !is_name_of_station(text)) return;
    claims.stated(Field::station_name, text, option.first, "client_id");
}

// RFC 2132 9.8: what a client wants to know, in the order that its program has: "dhcp:1,3,6,12".
std::string asked_for(const std::string& value) {
    std::string text = "dhcp:";
    for (const std::uint8_t code : bytes_in(value).first(std::min<std::size_t>(value.size(), 48))) {
        if (text.back() != ':') text += ',';
        text += std::to_string(code);
    }
    return text;
}

void from_client(const Options& options, Claims& claims) {
    for (const Option& option : options) {
        if (option.value.empty()) continue;
        switch (option.code) {
            case 12:
                claims.stated(Field::hostname, option.value, option.first, "hostname");
                break;
            case 55:
                claims.hinted(Field::stack, asked_for(option.value), option.first, "parameters");
                break;
            case 60:
                claims.stated(Field::vendor_class, option.value, option.first, "vendor_class");
                break;
            case 61:
                client_id(option, claims);
                break;
            case 81: {
                const std::string name = full_name(option.value);
                const bool qualified = name.find('.') != std::string::npos;
                claims.stated(qualified ? Field::dns_name : Field::hostname, name, option.first, "fqdn");
                break;
            }
            case 124:
                vendor_classes(option, claims);
                break;
            case 125:
                vendor_information(option, 1, claims);
                break;
            default:
                break;
        }
    }
}

IpAddress address_of(const Slice& four) { return four.size() == 4 ? IpAddress::v4(four.bytes.data()) : IpAddress(); }

// A server names itself in option 54 (RFC 2132 9.7); a message from a relay to the client comes from somebody else.
void from_server(const Options& options, const Flow& flow, bool relayed, Claims& claims) {
    Endpoint server = flow.sender.subject();
    const Option* id = find(options, 54);
    const Option* type = find(options, 53);
    if (id == nullptr || type == nullptr || id->value.size() != 4) return;
    const IpAddress ip = IpAddress::v4(bytes_in(id->value).data());
    if (!ip.known() || ip.unspecified() || ip.multicast()) return;
    if (ip != server.ip) {
        server = {};
        server.ip = ip;
        if (!relayed) server.vlan = flow.sender.vlan;
    }
    Claims about_server = claims.about(server);
    about_server.stated(Field::service, "dhcp", id->first, "server_id");
    if (const Option* information = find(options, 125)) vendor_information(*information, 4, about_server);
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    const std::uint8_t operation = message.u8();
    const std::uint8_t hardware = message.u8();
    const std::uint8_t hardware_length = message.u8();
    message.skip(9);
    const Slice client_address = message.bytes(4);
    const Slice your_address = message.bytes(4);
    message.skip(4);
    const bool relayed = message.be32() != 0;
    const Slice chaddr = message.bytes(16);
    ByteCursor server_name = message.take(64);
    ByteCursor boot_file = message.take(128);
    message.skip(4);

    Options options;
    read_options(message, options);
    if (!message.ok()) return done();
    // RFC 2132 9.3: 1 the file field holds options, 2 the server name field, 3 both, the file first.
    const Option* overload = find(options, 52);
    const unsigned fields = overload != nullptr && overload->value.size() == 1 ? bytes_in(overload->value)[0] : 0U;
    if (fields <= 3 && (fields & 1) != 0) read_options(boot_file, options);
    if (fields <= 3 && (fields & 2) != 0) read_options(server_name, options);

    Endpoint client;
    // Behind a relay is another VLAN than this one.
    if (!relayed) client.vlan = flow.sender.vlan;
    if (hardware == 1 && hardware_length == 6) {
        for (std::size_t i = 0; i < 6; ++i) client.mac.bytes[i] = chaddr.bytes[i];
    }
    Claims about_client = claims.about(client);
    const Option* type = find(options, 53);
    const std::uint8_t kind = type != nullptr && type->value.size() == 1 ? bytes_in(type->value)[0] : std::uint8_t{0};
    const auto holds = [&](const Slice& witness, std::string_view what) {
        const IpAddress ip = address_of(witness);
        if (!ip.unspecified() && !ip.multicast()) about_client.stated(Field::address, ip.text(), witness, what);
    };
    if (operation == FromClient) {
        // RFC 2131 section 4.3.6: only a client that can answer ARP for the address fills it in.
        if (kind == Request || kind == Inform) holds(client_address, "client_address");
        from_client(options, about_client);
    } else {
        if (kind == Ack) holds(your_address, "lease");
        from_server(options, flow, relayed, claims);
    }
    return done();
}

constexpr ExampleMessage discover[] = {
    {From::Client,
     "01010600 12345678 0000 0000 00000000 00000000 00000000 00000000 00005e005333 00000000000000000000"
     "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "63825363 "
     "35 01 01 "
     "3d 0a 00696f2d6e6f64652d37 "
     "0c 04 70756d70 "
     "0c 02 2d37 "
     "3c 0a 756468637020312e3330 "
     "4d 08 736f6d65626f6479 "
     "51 18 00000070756d702d372e706c616e742e6578616d706c652e "
     "7c 0a 00007ed9056162633132 "
     "7d 18 00000de91301063030303035450204533132330303424f58 "
     "00 ff",
     {}}};
constexpr std::string_view discover_claims[] = {
    "mac:00:00:5e:00:53:33 station_name=io-node-7",
    "mac:00:00:5e:00:53:33 hostname=pump-7",
    "mac:00:00:5e:00:53:33 vendor_class=udhcp 1.30",
    "mac:00:00:5e:00:53:33 dns_name=pump-7.plant.example",
    "mac:00:00:5e:00:53:33 vendor_id=pen:32473",
    "mac:00:00:5e:00:53:33 vendor_class=abc12",
    "mac:00:00:5e:00:53:33 serial=S123",
    "mac:00:00:5e:00:53:33 product=BOX",
    "mac:00:00:5e:00:53:33 unique_id=tr069:00005E-S123",
};
constexpr ExampleMessage ack[] = {
    {From::Server,
     "02010600 12345678 0000 0000 00000000 c0000237 00000000 00000000 00005e005333 00000000000000000000"
     "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "63825363 "
     "35 01 05 "
     "36 04 c0000214 "
     "0c 05 676976656e "
     "ff",
     {}}};
constexpr std::string_view ack_claims[] = {"mac:00:00:5e:00:53:33 address=192.0.2.55", "server service=dhcp"};
constexpr ExampleMessage overloaded[] = {
    {From::Client,
     "01010600 12345678 0000 0000 00000000 00000000 00000000 00000000 00005e005333 00000000000000000000"
     "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "00000000000000000000000000000000 0c046469736bff00000000000000000000000000000000000000000000000000"
     "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "63825363 "
     "35 01 01 34 01 01 ff",
     {}}};
constexpr std::string_view overloaded_claims[] = {"mac:00:00:5e:00:53:33 hostname=disk"};
constexpr ExampleMessage cisco[] = {
    {From::Client,
     "01010600 12345678 0000 0000 00000000 00000000 00000000 00000000 00005e005333 00000000000000000000"
     "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "63825363 "
     "35 01 01 "
     "3d 1b 00636973636f2d303030302e356530302e353333332d4574302f30 "
     "37 04 0103060f "
     "ff",
     {}}};
constexpr std::string_view cisco_claims[] = {"mac:00:00:5e:00:53:33 stack=dhcp:1,3,6,15"};
constexpr ExampleMessage again[] = {discover[0], discover[0]};
constexpr Example examples[] = {
    {"a device asks for an address", Layer::Udp, 67, discover, discover_claims},
    {"a server gives one", Layer::Udp, 67, ack, ack_claims},
    {"options in the boot file field", Layer::Udp, 67, overloaded, overloaded_claims},
    {"a client id that is an address and a port names nobody", Layer::Udp, 67, cisco, cisco_claims},
    {"nobody answers, it asks again", Layer::Udp, 67, again, discover_claims},
};
constexpr std::uint16_t ports[] = {67, 68};

}  // namespace

Decoder dhcp() {
    Decoder decoder;
    decoder.name = "dhcp";
    decoder.title = "DHCP";
    decoder.spec = "RFC 2131; RFC 2132; RFC 3396; RFC 3925; RFC 4702; TR-069 Amendment 6 Annex F";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("01", "02");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
