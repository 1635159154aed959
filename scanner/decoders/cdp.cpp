// CDP: what Cisco gear, and gear of others that speaks it (telephones, MikroTik, HPE), says of itself to its neighbour,
// unasked: name, platform, the text of its software version, its addresses. One-way and on the link: the subject is the sending
// MAC.
//
// FDP is the same from switches of Foundry (Brocade, Ruckus): other OUI, and only the first six fields.
//
//   |LLC AA AA 03|SNAP 00000C 2000 or 00E052 2000|version|time to live|checksum 2| then |type 2|length 2, header included|value
//   ...|
#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::uint32_t cisco = 0x00000c, foundry = 0x00e052;

struct Tlv {
    std::uint16_t type = 0;
    ByteCursor value;
};

// A length below its own header would stand still: it fails the message.
Tlv next_tlv(ByteCursor& message) {
    const std::uint16_t type = message.be16();
    const std::uint16_t whole = message.be16();
    if (whole < 4) message.fail();
    return {type, message.take(whole < 4 ? 0 : whole - std::size_t{4})};
}

// Cisco, "Cisco Discovery Protocol" packet format: SNAP with Cisco's OUI and protocol 0x2000, version 1 or 2, then TLVs whose
// first one is known. The checksum is no criterion: of a message of odd length it is computed in two ways in the field (the
// last byte sign-extended by older IOS), and forwarding equipment pads frames.
bool recognise(ByteCursor message, const Flow& flow) {
    if (flow.ethertype != 0) return false;
    const bool llc = message.be24() == 0xaaaa03;
    const std::uint32_t oui = message.be24();
    const bool snap = llc && (oui == cisco || oui == foundry) && message.be16() == 0x2000;
    const std::uint8_t version = message.u8();
    const std::uint8_t time_to_live = message.u8();
    message.skip(2);
    if (!snap || version < 1 || version > 2 || time_to_live == 0) return false;
    const Tlv first = next_tlv(message);
    return first.type >= 1 && first.type <= 0x1f && !first.value.done();
}

// "NAME(FOC1234ABCD)": CatOS and NX-OS append the chassis serial, three letters and eight characters.
void device_id(const Slice& value, Claims& claims) {
    const std::string_view text = value.text();
    const std::size_t open = text.find('(');
    if (open != std::string_view::npos && open > 0 && text.size() == open + 13 && text.back() == ')') {
        const std::string_view serial = text.substr(open + 1, 11);
        bool fits = true;
        for (std::size_t i = 0; i < serial.size(); ++i) {
            const bool letter = serial[i] >= 'A' && serial[i] <= 'Z';
            const bool digit = serial[i] >= '0' && serial[i] <= '9';
            fits = fits && (letter || (digit && i >= 3));
        }
        if (fits) {
            claims.stated(Field::hostname, text.substr(0, open), value, "device_id");
            claims.stated(Field::serial, serial, value, "device_id");
            return;
        }
    }
    claims.stated(Field::hostname, value, "device_id");
}

// "Cisco IOS Software, 2800 Software (C2800NM-...), Version 12.4(24)T, RELEASE SOFTWARE (fc1)" and lines after it: the software
// is the first line up to its version, the version stands by itself too.
void software_version(const Slice& value, Claims& claims) {
    claims.stated(Field::description, value, "software_version");
    constexpr std::string_view mark = "Version ";
    const std::string_view text = value.text();
    const std::size_t at = text.find(mark);
    if (at == std::string_view::npos) return;
    const std::size_t begin = at + mark.size();
    std::size_t end = begin;
    while (end < text.size() && text[end] > ' ' && text[end] != ',' && text[end] != ';') ++end;
    if (end == begin || end - begin > 48) return;
    claims.stated(Field::firmware, text.substr(begin, end - begin), value, "software_version");
    claims.stated(Field::software, text.substr(0, end), value, "software_version");
}

// number 4, then per address: protocol type 1 (1 NLPID, 2 802.2), protocol length 1, protocol, address length 2, address.
// Layer-two switches without an address say 0.0.0.0: that is kept as what they say.
void addresses(ByteCursor value, Claims& claims) {
    for (std::uint32_t left = value.be32(); left > 0 && !value.done(); --left) {
        value.skip(1);
        const Slice protocol = value.bytes(value.u8());
        const Slice raw = value.bytes(value.be16());
        IpAddress ip;
        if (raw.size() == 4 && protocol.size() == 1 && protocol.bytes[0] == 0xcc) ip = IpAddress::v4(raw.bytes.data());
        if (raw.size() == 16 && protocol.size() == 8) ip = IpAddress::v6(raw.bytes.data());
        if (ip.known() && !ip.multicast()) claims.stated(Field::mgmt_ip, ip.text(), raw, "address");
    }
}

void capabilities(ByteCursor value, Claims& claims) {
    static constexpr struct {
        std::uint32_t bit;
        std::string_view role;
    } roles[] = {{0x01, "router"},  {0x02, "bridge"},   {0x08, "bridge"},
                 {0x10, "station"}, {0x40, "repeater"}, {0x80, "telephone"}};
    const Slice raw = value.bytes(4);
    if (raw.empty()) return;
    const std::uint8_t low = raw.bytes[3];
    std::string_view last;
    for (const auto& known : roles) {
        if ((low & known.bit) == 0 || known.role == last) continue;
        claims.stated(Field::role, known.role, raw, "capabilities");
        last = known.role;
    }
}

// FDP says it in a word.
void capability_word(const Slice& value, Claims& claims) {
    if (value.text() == "Router") claims.stated(Field::role, "router", value, "capabilities");
    if (value.text() == "Switch") claims.stated(Field::role, "bridge", value, "capabilities");
}

// The serial number is text in the field; anything else under that number is not taken for one.
void serial(const Slice& value, Claims& claims) {
    if (value.size() >= 4 && value.size() <= 32 && printable_ascii(value.text())) claims.stated(Field::serial, value, "serial");
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    Claims sender = claims.about(flow.sender.station());
    message.skip(3);
    const bool words = message.be24() == foundry;
    message.skip(6);
    while (message.left() >= 4) {
        // Frames come padded with zeros to the minimum of Ethernet.
        if (message.peek_be16() == 0 && message.peek_be16(2) == 0) break;
        Tlv tlv = next_tlv(message);
        switch (tlv.type) {
            case 0x01:
                device_id(tlv.value.rest(), sender);
                break;
            case 0x02:
            case 0x16:
                addresses(tlv.value, sender);
                break;
            case 0x04:
                if (words) {
                    capability_word(tlv.value.rest(), sender);
                } else {
                    capabilities(tlv.value, sender);
                }
                break;
            case 0x05:
                software_version(tlv.value.rest(), sender);
                break;
            case 0x06:
                sender.stated(Field::model, tlv.value.rest(), "platform");
                break;
            case 0x14:
                sender.stated(Field::hostname, tlv.value.rest(), "system_name");
                break;
            case 0x1001:
                serial(tlv.value.rest(), sender);
                break;
            default:
                break;
        }
    }
    return done();
}

constexpr ExampleMessage router[] = {
    {From::Client,
     "aaaa03 00000c 2000 | 02 b4 0000 | 0001 0006 7231"                  // "r1"
     "0005 001c 49 4f53 2c 2056657273696f6e 20 31322e34283129542c 2052"  // "IOS, Version 12.4(1)T, R"
     "0006 000e 4578616d706c652039 39"                                   // "Example 99"
     "0002 0011 00000001 01 01 cc 0004 0a000001"                         // 10.0.0.1
     "0004 0008 00000009 | 0003 0008 45743030 | 1001 000c 4142433132333435",
     {}}};
constexpr std::string_view router_claims[] = {
    "client hostname=r1",       "client description=IOS, Version 12.4(1)T, R",
    "client firmware=12.4(1)T", "client software=IOS, Version 12.4(1)T",
    "client model=Example 99",  "client mgmt_ip=10.0.0.1",
    "client role=router",       "client role=bridge",
    "client serial=ABC12345",
};
constexpr ExampleMessage with_serial[] = {{From::Client,
                                           "aaaa03 00000c 2000 | 02 b4 0000 | 0001 0013 7331 28414243 3132333435363738 29"
                                           "0014 0006 7331 | 0000 0000 0000 0000",
                                           {}}};
constexpr std::string_view with_serial_claims[] = {"client hostname=s1", "client serial=ABC12345678"};
constexpr ExampleMessage port_only[] = {{From::Client, "aaaa03 00000c 2000 | 01 b4 1234 | 0003 0008 45743030", {}}};
constexpr ExampleMessage foundry_switch[] = {
    {From::Client,
     "aaaa03 00e052 2000 | 01 b4 0000 | 0001 0007 737738 | 0002 0011 00000001 01 01 cc 0004 c0000214 | 0004 000a 537769746368 "
     "| 0006 000e 4578616d706c652034 38",
     {}}};
constexpr std::string_view foundry_switch_claims[] = {"client hostname=sw8", "client mgmt_ip=192.0.2.20", "client role=bridge",
                                                      "client model=Example 48"};
constexpr Example examples[] = {
    {"a switch of Foundry", Layer::Link, 0, foundry_switch, foundry_switch_claims},
    {"a router", Layer::Link, 0, router, router_claims},
    {"a switch that appends its serial to its name", Layer::Link, 0, with_serial, with_serial_claims},
    {"a port says nothing of the device", Layer::Link, 0, port_only, {}},
};
constexpr std::uint16_t ethertypes[] = {0};

}  // namespace

Decoder cdp() {
    Decoder decoder;
    decoder.name = "cdp";
    decoder.title = "CDP, FDP";
    decoder.spec = "Cisco Discovery Protocol versions 1 and 2 (Cisco, Frame formats); FDP as Wireshark and lldpd read it";
    decoder.layers = only(Layer::Link);
    decoder.ports = ethertypes;
    decoder.starts = Starts("aa aa 03 00 00 0c 20 00", "aa aa 03 00 e0 52 20 00");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
