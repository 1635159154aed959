// LLDP: what a port's owner says of itself to its neighbour, unasked. The system description usually holds maker, model and
// firmware in one line; the MED inventory has them in fields of their own, with the serial number. One-way and on the link,
// so the subject is the MAC that sent it.
//
//   |type 7 bits, length 9 bits|value ...| repeated: chassis id, port id, time to live, then the optional ones, then 0000
#include "decoders/decoder.h"
#include "decoders/station_names.h"

namespace herkomst::decoders {

namespace {

struct Tlv {
    unsigned type = 0;
    ByteCursor value;
};

// IEEE 802.1AB-2016 8.4.1
Tlv next_tlv(ByteCursor& message) {
    const std::uint16_t head = message.be16();
    return {static_cast<unsigned>(head >> 9), message.take(head & 0x1ffU)};
}

// IEEE 802.1AB-2016 8.2: chassis id, port id and time to live come first, in this order. Subtypes 1-7 of
// both: 8.5.2.2, 8.5.3.2.
bool recognise(ByteCursor message, const Flow& flow) {
    if (flow.ethertype != 0x88cc) return false;
    Tlv chassis = next_tlv(message);
    Tlv port = next_tlv(message);
    Tlv time_to_live = next_tlv(message);
    const auto subtype = [](ByteCursor& value) {
        const std::uint8_t kind = value.peek();
        return value.left() >= 2 && kind >= 1 && kind <= 7;
    };
    return chassis.type == 1 && subtype(chassis.value) && port.type == 2 && subtype(port.value) && time_to_live.type == 3 &&
           time_to_live.value.left() >= 2;
}

// "PROFINET": the interface names its station in chassis id and port id (IEC 61158-6-10 4.11).
struct Station {
    Slice chassis;  // locally assigned text
    Slice port;
    bool profinet = false;
};

// The address of an IANA address family (1 IPv4, 2 IPv6); unknown for others.
IpAddress ip_of(std::uint8_t family, const Slice& address) {
    if (family == 1 && address.size() == 4) return IpAddress::v4(address.bytes.data());
    if (family == 2 && address.size() == 16) return IpAddress::v6(address.bytes.data());
    return {};
}

// IEEE 802.1AB-2016 8.5.2
void chassis_id(ByteCursor value, const Claims& about_sender, Station& station) {
    Claims claims = about_sender;
    const std::uint8_t subtype = value.u8();
    if (subtype == 4 && value.left() == 6) {
        const Slice raw = value.rest();
        Mac mac;
        for (std::size_t i = 0; i < 6; ++i) mac.bytes[i] = raw.bytes[i];
        // All ports of a device say the same chassis; an address that somebody made up may stand in several devices.
        if (mac.known() && !mac.group() && !mac.locally_administered()) {
            claims.stated(Field::unique_id, "lldp-chassis:" + mac.text(), raw, "chassis_id");
        }
    } else if (subtype == 5) {
        const std::uint8_t family = value.u8();
        const Slice raw = value.rest();
        const IpAddress ip = ip_of(family, raw);
        if (ip.known() && !ip.unspecified() && !ip.multicast()) claims.stated(Field::address, ip.text(), raw, "chassis_id");
    } else if (subtype == 7) {
        station.chassis = value.rest();
    }
}

// IEEE 802.1AB-2016 table 8-4; only what is switched on counts.
void capabilities(ByteCursor value, Claims& claims) {
    static constexpr struct {
        std::uint16_t bit;
        std::string_view role;
    } roles[] = {{1U << 1, "repeater"}, {1U << 2, "bridge"},    {1U << 3, "wlan-access-point"},
                 {1U << 4, "router"},   {1U << 5, "telephone"}, {1U << 6, "cable-modem"},
                 {1U << 7, "station"}};
    value.be16();
    const Slice raw = value.bytes(2);
    if (raw.empty()) return;
    const unsigned enabled = static_cast<unsigned>(raw.bytes[0] << 8) | raw.bytes[1];
    for (const auto& known : roles) {
        if ((enabled & known.bit) != 0) claims.stated(Field::role, known.role, raw, "capabilities");
    }
}

// IEEE 802.1AB-2016 8.5.9. Siemens SCALANCE switches without an address say 0.0.0.0: that is kept as what they say.
void management_address(ByteCursor value, Claims& claims) {
    ByteCursor address = value.take(value.u8());
    const std::uint8_t family = address.u8();
    const Slice raw = address.rest();
    const IpAddress ip = ip_of(family, raw);
    if (ip.known() && !ip.multicast()) claims.stated(Field::mgmt_ip, ip.text(), raw, "management_address");
}

// IEEE 802.1AB-2016 8.6; ANSI/TIA-1057 10.2.6 inventory. The asset id (11) is the owner's number and location (3) a place.
void organisation(ByteCursor value, Claims& claims, Station& station) {
    const std::uint32_t oui = value.be24();
    const std::uint8_t subtype = value.u8();
    if (oui == 0x000ecf) station.profinet = true;
    if (oui != 0x0012bb) return;
    const Slice text = value.rest();
    switch (subtype) {
        case 5:
            claims.stated(Field::hardware, text, "med_hardware");
            break;
        case 6:
            claims.stated(Field::firmware, text, "med_firmware");
            break;
        case 7:
            claims.stated(Field::software, text, "med_software");
            break;
        case 8:
            claims.stated(Field::serial, text, "med_serial");
            break;
        case 9:
            claims.stated(Field::brand, text, "med_manufacturer");
            break;
        case 10:
            claims.stated(Field::model, text, "med_model");
            break;
        default:
            break;
    }
}

// IEC 61158-6-10 4.11.2: the port id is "port-001.name", and then the name is certain; or it is "port-001" and the chassis id
// is the name.
void name_of_station(const Station& station, Claims& claims) {
    if (!station.profinet || station.port.text().substr(0, 5) != "port-") return;
    const std::size_t dot = station.port.text().find('.');
    if (dot != std::string_view::npos) {
        const std::string_view name = station.port.text().substr(dot + 1);
        if (is_name_of_station(name)) claims.stated(Field::station_name, name, station.port, "port_id");
    } else if (is_name_of_station(station.chassis.text())) {
        claims.stated(Field::station_name, station.chassis, "chassis_id");
    }
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    Claims sender = claims.about(flow.sender.station());
    Station station;
    while (!message.done()) {
        Tlv tlv = next_tlv(message);
        if (tlv.type == 0) break;
        switch (tlv.type) {
            case 1:
                chassis_id(tlv.value, sender, station);
                break;
            case 2:
                // 8.5.3.2: 5 interface name, 7 locally assigned; what a port is called describes no device by itself.
                if (tlv.value.u8() >= 5) station.port = tlv.value.rest();
                break;
            case 5:
                sender.stated(Field::hostname, tlv.value.rest(), "system_name");
                break;
            case 6:
                sender.stated(Field::description, tlv.value.rest(), "system_description");
                break;
            case 7:
                capabilities(tlv.value, sender);
                break;
            case 8:
                management_address(tlv.value, sender);
                break;
            case 127:
                organisation(tlv.value, sender, station);
                break;
            default:
                break;
        }
    }
    name_of_station(station, sender);
    return done();
}

constexpr ExampleMessage switch_frame[] = {{From::Client,
                                            "0207 04 00005e005301"                  // chassis id: MAC
                                            "0406 05 65746830 31"                   // port id "eth01"
                                            "0602 0078"                             // time to live 120 s
                                            "0a03 737731"                           // "sw1"
                                            "0c0f 45786d706c65205357203120763230"   // "Exmple SW 1 v20"
                                            "0e04 0014 0004"                        // bridge enabled
                                            "100c 05 01 0a000001 02 00000001 00 |"  // 10.0.0.1
                                            "fe07 0012bb 05 413031 | fe07 0012bb 06 312e32 | fe07 0012bb 07 322e30"
                                            "fe08 0012bb 08 53313233 | fe0a 0012bb 09 45786d706c65 | fe07 0012bb 0a 533158"
                                            "fe07 0012bb 0b 415353 | 0000 0000000000",
                                            {}}};
constexpr std::string_view switch_claims[] = {
    "client unique_id=lldp-chassis:00:00:5e:00:53:01",
    "client hostname=sw1",
    "client description=Exmple SW 1 v20",
    "client role=bridge",
    "client mgmt_ip=10.0.0.1",
    "client hardware=A01",
    "client firmware=1.2",
    "client software=2.0",
    "client serial=S123",
    "client brand=Exmple",
    "client model=S1X",
};
constexpr ExampleMessage station_frame[] = {
    {From::Client, "0207 07 696f2d6e6f31 | 0409 07 706f72742d303031 | 0602 0014 | fe08 000ecf 02 00000000 | 0000", {}}};
constexpr std::string_view station_claims[] = {"client station_name=io-no1"};
constexpr ExampleMessage port_frame[] = {
    {From::Client, "0203 07 5820 | 040c 07 706f72742d3030312e6137 | 0602 0014 | fe08 000ecf 02 00000000 | 0000", {}}};
constexpr std::string_view port_claims[] = {"client station_name=a7"};
constexpr ExampleMessage leaving_frame[] = {
    {From::Client, "0207 04 020000000001 | 0407 03 020000000001 | 0602 0000 | 0000", {}}};
constexpr Example examples[] = {
    {"a switch with MED inventory", Layer::Link, 0x88cc, switch_frame, switch_claims},
    {"a PROFINET station that is its chassis", Layer::Link, 0x88cc, station_frame, station_claims},
    {"a PROFINET station named in its port", Layer::Link, 0x88cc, port_frame, port_claims},
    {"a neighbour that leaves, with made-up addresses", Layer::Link, 0x88cc, leaving_frame, {}},
};
constexpr std::uint16_t ethertypes[] = {0x88cc};

}  // namespace

Decoder lldp() {
    Decoder decoder;
    decoder.name = "lldp";
    decoder.title = "LLDP, LLDP-MED";
    decoder.spec = "IEEE 802.1AB-2016; ANSI/TIA-1057; IEC 61158-6-10 clause 4.11 (PROFINET)";
    decoder.layers = only(Layer::Link);
    decoder.ports = ethertypes;
    decoder.starts = Starts("02", "03");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
