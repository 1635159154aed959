// BACnet: heating, ventilation, lighting and access control of buildings. A device announces its number and its maker
// (ASHRAE's register of vendors) with I-Am, and its device object holds vendor, model, firmware and name for everyone to read.
// Routers speak for devices on other networks: the source network and address in the header name them, behind the router.
//
//   UDP:  |81|function|length 2| [origin 6, when forwarded] network layer      Ethernet: |82 82 03| network layer
//   network layer: |01|control| [to: network 2, length, address] [from: network 2, length, address] [hops] message
//   I-Am: |10 00| C4 object 4 | 22 APDU size 2 | 91 segmentation | 21 vendor |
//   ReadProperty answer: |30 invoke 0C| 0C object 4 | 19 property | 3E value 3F |
#include <array>
#include <cstdio>
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::uint32_t no_instance = 0x3fffff;  // 4194303: "any device", or one that has not been given a number
constexpr std::uint32_t device_object = 8;

// What stands around the message: who really sent it, and for whom.
struct Envelope {
    bool forwarded = false;
    bool to_all = false;  // broadcast by its function
    Slice origin;         // forwarded: address and port of the sender, as the broadcast manager saw it
    bool network_message = false;
    bool has_source = false;
    bool has_destination = false;
    std::uint16_t source_network = 0;
    std::uint16_t destination_network = 0;
    Slice source;
    Slice destination;
    ByteCursor message;
};

// Clause 6.2 (network layer): version 1, reserved bits 6 and 4 zero, a source that is neither broadcast nor without address.
bool read_network_layer(ByteCursor data, Envelope& envelope) {
    const std::uint8_t version = data.u8();
    const std::uint8_t control = data.u8();
    if (version != 1 || (control & 0x50) != 0) return false;
    envelope.network_message = (control & 0x80) != 0;
    if ((control & 0x20) != 0) {
        envelope.destination_network = data.be16();
        envelope.destination = data.bytes(data.u8());
        envelope.has_destination = true;
        if (envelope.destination_network == 0) return false;
    }
    if ((control & 0x08) != 0) {
        envelope.source_network = data.be16();
        envelope.source = data.bytes(data.u8());
        envelope.has_source = true;
        if (envelope.source_network == 0 || envelope.source_network == 0xffff || envelope.source.empty()) return false;
        if (envelope.source.size() > 7) return false;
    }
    if ((control & 0x20) != 0) data.skip(1);
    envelope.message = data;
    if (!data.ok() || data.done()) return false;
    // Clause 6.2.4: network messages up to 0x13, and 0x80 on for makers. Clause 20.1: eight kinds of APDU.
    return envelope.network_message ? (data.peek() <= 0x13 || data.peek() >= 0x80) : (data.peek() >> 4) <= 7;
}

constexpr std::string_view mstp_snap{"\xaa\xaa\x03\x00\x10\x90\x00\x01", 8};

enum class Carrier : std::uint8_t { None, NoNetworkLayer, NetworkLayer };

// Annex J.2: type 0x81, a function, the length of the whole datagram; or clause 7: the LLC address 0x82, unnumbered
// information.
Carrier open_envelope(ByteCursor message, const Flow& flow, Envelope& envelope) {
    if (flow.layer == Layer::Link && flow.ethertype == 0 && message.starts_with(mstp_snap)) {
        // |AA AA 03|00 10 90|00 01| as Cimetrics' adapter puts MS/TP on Ethernet, with the station's number as the last byte of
        // an invented MAC: |00 00 80|frame type|to|from|length 2|header check| data |data check 2|. Types 5 and 6 carry a
        // message, the others (0 to 4, 7: token, poll, test) keep the bus going.
        message.skip(mstp_snap.size() + 3);
        const std::uint8_t type = message.u8();
        message.skip(2);
        const std::uint16_t length = message.be16();
        message.skip(1);
        if (type > 7 || length > message.left()) return Carrier::None;
        if (type != 5 && type != 6) return Carrier::NoNetworkLayer;
        return read_network_layer(message.take(length), envelope) ? Carrier::NetworkLayer : Carrier::None;
    }
    if (flow.layer == Layer::Link) {
        const bool llc = flow.ethertype == 0 && message.u8() == 0x82 && message.u8() == 0x82 && message.u8() == 0x03;
        return llc && read_network_layer(message, envelope) ? Carrier::NetworkLayer : Carrier::None;
    }
    const std::size_t size = message.left();
    if (message.u8() != 0x81) return Carrier::None;
    const std::uint8_t function = message.u8();
    if (message.be16() != size) return Carrier::None;
    switch (function) {
        case 0x04:
            envelope.forwarded = true;
            envelope.to_all = true;
            envelope.origin = message.bytes(6);
            break;
        case 0x09:
        case 0x0b:
            envelope.to_all = true;
            break;
        case 0x0a:
            break;
        case 0x00:
        case 0x05:
            return size == 6 ? Carrier::NoNetworkLayer : Carrier::None;
        case 0x02:
        case 0x06:
            return size == 4 ? Carrier::NoNetworkLayer : Carrier::None;
        case 0x01:
        case 0x03:
        case 0x07:
        case 0x08:
            return (size - 4) % (function == 8 ? 6U : 10U) == 0 ? Carrier::NoNetworkLayer : Carrier::None;
        default:
            return Carrier::None;
    }
    return message.ok() && read_network_layer(message, envelope) ? Carrier::NetworkLayer : Carrier::None;
}

bool recognise(ByteCursor message, const Flow& flow) {
    Envelope envelope{false, false, {}, false, false, false, 0, 0, {}, {}, message};
    return open_envelope(message, flow, envelope) != Carrier::None;
}

// "1200:7" for the one-byte addresses of MS/TP and ARCNET, hexadecimal for the others.
std::string step_of(std::uint16_t network, const Slice& address) {
    std::string step = "bacnet/" + std::to_string(network) + ":";
    return step + (address.size() == 1 ? std::to_string(address.bytes[0]) : hex(address.bytes.data(), address.size()));
}

// A tag (clause 20.2.1) and the bytes of its value.
struct Tag {
    unsigned number = 0;
    bool context = false;
    bool opening = false;
    bool closing = false;
    ByteCursor value;

    [[nodiscard]] bool is_context(unsigned wanted) const { return context && !opening && !closing && number == wanted; }
    [[nodiscard]] bool opens(unsigned wanted) const { return opening && number == wanted; }
    [[nodiscard]] bool closes(unsigned wanted) const { return closing && number == wanted; }
};

Tag next_tag(ByteCursor& data) {
    Tag tag{0, false, false, false, data.take(0)};
    const std::uint8_t first = data.u8();
    tag.number = first >> 4;
    if (tag.number == 15) tag.number = data.u8();
    tag.context = (first & 0x08) != 0;
    const unsigned kind = first & 7U;
    if (tag.context && kind == 6) {
        tag.opening = true;
    } else if (tag.context && kind == 7) {
        tag.closing = true;
    } else if (tag.context || tag.number != 1) {  // an application boolean is in the tag itself
        std::size_t length = kind;
        if (kind == 5) {
            length = data.u8();
            if (length == 254) {
                length = data.be16();
            } else if (length == 255) {
                length = data.be32();
            }
        }
        tag.value = data.take(length);
    }
    return tag;
}

std::uint32_t unsigned_value(ByteCursor value) {
    if (value.left() > 4) return 0;
    std::uint32_t number = 0;
    while (!value.done()) number = (number << 8) | value.u8();
    return number;
}

// Clause 20.2.9: the first byte names the character set: 0 UTF-8, 3 UCS-4, 4 UCS-2, 5 Latin-1; 1 and 2 are code pages that are
// only read where they are plain ASCII.
std::string text_value(ByteCursor value) {
    const std::uint8_t character_set = value.u8();
    std::string text;
    const auto put = [&](std::uint32_t c) {
        if (c < 0x80) {
            text += static_cast<char>(c);
        } else if (c < 0x800) {
            text += static_cast<char>(0xc0 | (c >> 6));
            text += static_cast<char>(0x80 | (c & 0x3f));
        } else if (c < 0x10000 && (c < 0xd800 || c > 0xdfff)) {
            text += static_cast<char>(0xe0 | (c >> 12));
            text += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
            text += static_cast<char>(0x80 | (c & 0x3f));
        }
    };
    switch (character_set) {
        case 0:
            return std::string(value.rest().text());
        case 3:
            while (value.left() >= 4) put(value.be32());
            break;
        case 4:
            while (value.left() >= 2) put(value.be16());
            break;
        case 5:
            while (!value.done()) put(value.u8());
            break;
        default: {
            const std::string_view plain = value.rest().text();
            return printable_ascii(plain) ? std::string(plain) : std::string();
        }
    }
    return text;
}

struct Object {
    std::uint32_t type = 0;
    std::uint32_t instance = no_instance;
};

Object object_of(ByteCursor value) {
    if (value.left() != 4) return {};
    const std::uint32_t word = value.be32();
    return {word >> 22, word & no_instance};
}

void claim_instance(Claims& device, const Object& object, const Slice& witness, std::string_view what) {
    if (object.type != device_object || object.instance == no_instance) return;
    device.stated(Field::device_instance, std::to_string(object.instance), witness, what);
}

// One property of the device object (clause 12.11).
void property(std::uint32_t number, const Tag& tag, Claims& device) {
    if (tag.context) return;
    const Slice witness = ByteCursor(tag.value).rest();
    if (number == 120 && tag.number == 2) {
        device.stated(Field::vendor_id, "bacnet:" + std::to_string(unsigned_value(tag.value)), witness, "vendor_identifier");
        return;
    }
    if (tag.number != 7 || witness.empty()) return;
    const std::string text = text_value(tag.value);
    switch (number) {
        case 121:
            device.stated(Field::brand, text, witness, "vendor_name");
            break;
        case 70:
            device.stated(Field::model, text, witness, "model_name");
            break;
        case 44:
            device.stated(Field::firmware, text, witness, "firmware_revision");
            break;
        case 12:
            device.stated(Field::software, text, witness, "application_software_version");
            break;
        case 77:
            device.stated(Field::hostname, text, witness, "object_name");
            break;
        case 28:
            device.stated(Field::description, text, witness, "description");
            break;
        case 58:
            device.stated(Field::location, text, witness, "location");
            break;
        case 372:
            device.stated(Field::serial, text, witness, "serial_number");
            break;
        default:
            break;
    }
}

// Clause 15.5: |[0] object|[1] property|[2] index, optional|[3] value|
void read_property_answer(ByteCursor data, Claims& device) {
    const Tag id = next_tag(data);
    const Tag number = next_tag(data);
    const Tag value = next_tag(data);
    if (!data.ok() || !id.is_context(0) || !number.is_context(1) || !value.opens(3)) return;
    const Object object = object_of(id.value);
    if (object.type != device_object) return;
    const Tag first = next_tag(data);
    if (!data.ok()) return;
    claim_instance(device, object, ByteCursor(id.value).rest(), "read_property");
    property(unsigned_value(number.value), first, device);
}

// Clause 15.7: per object |[0] object|[1] open| per property |[2] number|[3] index, optional|[4] value or [5] error| close|
void read_properties_answer(ByteCursor data, Claims& device) {
    Object object;
    std::uint32_t number = 0;
    bool indexed = false;
    unsigned depth = 0;
    bool first_value = false;
    // Every turn consumes a tag.
    while (!data.done()) {
        const Tag tag = next_tag(data);
        if (!data.ok()) return;
        if (tag.closing) {
            if (depth == 0) return;
            --depth;
        } else if (tag.opening) {
            ++depth;
            first_value = depth == 2 && tag.number == 4;
        } else if (depth == 0 && tag.is_context(0)) {
            object = object_of(tag.value);
            claim_instance(device, object, ByteCursor(tag.value).rest(), "read_property");
        } else if (depth == 1 && tag.is_context(2)) {
            number = unsigned_value(tag.value);
            indexed = false;
        } else if (depth == 1 && tag.is_context(3)) {
            indexed = true;
        } else if (depth == 2 && first_value) {
            first_value = false;
            if (object.type == device_object && !indexed) property(number, tag, device);
        }
    }
}

// Clause 16.10.
void i_am(ByteCursor data, Claims& device) {
    const Tag id = next_tag(data);
    const Tag size = next_tag(data);
    const Tag segmentation = next_tag(data);
    const Tag vendor = next_tag(data);
    if (!data.ok() || id.context || id.number != 12 || size.number != 2 || segmentation.number != 9 || vendor.number != 2)
        return;
    const Object object = object_of(id.value);
    if (object.type != device_object) return;
    claim_instance(device, object, ByteCursor(id.value).rest(), "i_am");
    device.stated(Field::vendor_id, "bacnet:" + std::to_string(unsigned_value(vendor.value)), ByteCursor(vendor.value).rest(),
                  "i_am");
}

// Clause 16.3: a maker's own message names that maker first; others may have learned to speak it.
void private_transfer(ByteCursor data, Claims& device) {
    const Tag vendor = next_tag(data);
    const Tag service = next_tag(data);
    if (!data.ok() || !vendor.is_context(0) || !service.is_context(1)) return;
    device.hinted(Field::vendor_id, "bacnet:" + std::to_string(unsigned_value(vendor.value)), ByteCursor(vendor.value).rest(),
                  "private_transfer");
}

// What changes a device, by the number of the service (clause 21, BACnetConfirmedServiceChoice). Acknowledging alarms and
// setting the time are left out: they run a building, they do not change what a device does.
std::string_view command_named(std::uint8_t service) {
    switch (service) {
        case 7:
            return "AtomicWriteFile";
        case 8:
            return "AddListElement";
        case 9:
            return "RemoveListElement";
        case 10:
            return "CreateObject";
        case 11:
            return "DeleteObject";
        case 15:
            return "WriteProperty";
        case 16:
            return "WritePropertyMultiple";
        case 17:
            return "DeviceCommunicationControl";
        case 20:
            return "ReinitializeDevice";
        case 27:
            return "LifeSafetyOperation";
        default:
            return {};
    }
}

// Clauses 13 to 16; what is written, and the passwords these may carry, are not looked at. Clause 5.4: who is asked to confirm
// is one device; what was sent to all names nobody.
void control(std::uint8_t service, const Envelope& envelope, const Slice& witness, const Flow& flow, const Claims& sender,
             const Claims& claims) {
    const std::string_view command = command_named(service);
    if (command.empty() || envelope.to_all) return;
    const bool to_group = flow.receiver.ip.known() ? flow.receiver.ip.multicast() : flow.receiver.mac.group();
    if (to_group || envelope.destination_network == 0xffff) return;
    std::string what = "bacnet " + std::string(command) + " from ";
    const Endpoint& actor = sender.subject();
    what += actor.ip.known() ? actor.ip.text() : actor.mac.text();
    for (const std::string& step : actor.path) what += " " + step;
    Claims target = claims.about(flow.receiver);
    if (envelope.has_destination) {
        // Clause 6.2.2: no address is everybody on that network.
        if (envelope.destination.empty()) return;
        target = target.part(step_of(envelope.destination_network, envelope.destination));
    }
    target.stated(Field::remote_observed, what, witness, "control");
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    Envelope envelope{false, false, {}, false, false, false, 0, 0, {}, {}, message.take(0)};
    switch (open_envelope(message, flow, envelope)) {
        case Carrier::None:
            return not_this();
        case Carrier::NoNetworkLayer:
            return done();
        case Carrier::NetworkLayer:
            break;
    }
    Endpoint speaker = flow.sender.subject();
    if (envelope.forwarded) {
        speaker.mac = {};
        speaker.ip = IpAddress::v4(envelope.origin.bytes.data());
    }
    Claims device = claims.about(speaker);
    if (envelope.has_source) device = device.part(step_of(envelope.source_network, envelope.source));
    ByteCursor apdu = envelope.message;
    if (envelope.network_message) {
        // Clause 6.4.2, I-Am-Router-To-Network: the sender itself leads to the networks listed.
        if (apdu.peek() == 0x01) claims.about(speaker).stated(Field::role, "bacnet router", apdu.rest(), "i_am_router");
        return done();
    }
    const std::uint8_t first = apdu.u8();
    const bool segmented = (first & 0x08) != 0;
    switch (first >> 4) {
        case 0: {  // confirmed request
            apdu.skip(2);
            if (segmented) {
                const std::uint8_t sequence = apdu.u8();
                apdu.skip(1);
                if (sequence != 0) return done();
            }
            const std::uint8_t service = apdu.u8();
            control(service, envelope, apdu.rest(), flow, device, claims);
            break;
        }
        case 1: {  // unconfirmed request
            const std::uint8_t service = apdu.u8();
            if (service == 0) i_am(apdu, device);
            if (service == 4) private_transfer(apdu, device);
            break;
        }
        case 3: {  // answer with data
            apdu.skip(1);
            if (segmented) {
                const std::uint8_t sequence = apdu.u8();
                apdu.skip(1);
                if (sequence != 0) return done();
            }
            const std::uint8_t service = apdu.u8();
            // The first segment may end in the middle of a value: what stands before the cut is whole.
            Reading reading;
            ByteCursor data = whole(apdu.rest(), reading);
            if (service == 12) read_property_answer(data, device);
            if (service == 14) read_properties_answer(data, device);
            break;
        }
        default:
            break;
    }
    return done();
}

constexpr ExampleMessage announcement[] = {{From::Client, "810b000801001008", {}},
                                           {From::Server, "810b001401001000c4020004d22205c49103212a", {}}};
constexpr std::string_view announcement_claims[] = {"server device_instance=1234", "server vendor_id=bacnet:42"};
// A router passes on what device 7 of network 1200 says; a broadcast manager what 198.51.100.9 says.
constexpr ExampleMessage passed_on[] = {{From::Server, "810a0019010804b001071000c40200004d2205c49103220104", {}},
                                        {From::Server, "8104001bc6336409bac001001000c4020000092205c49103220104", {}}};
constexpr std::string_view passed_on_claims[] = {"server[bacnet/1200:7] device_instance=77",
                                                 "server[bacnet/1200:7] vendor_id=bacnet:260",
                                                 "ip:198.51.100.9 device_instance=9", "ip:198.51.100.9 vendor_id=bacnet:260"};
constexpr ExampleMessage properties[] = {
    {From::Client, "810a001101040005010c0c020004d21979", {}},
    {From::Server, "810a0022010030010c0c020004d219793e750e004578616d706c6520576f726b733f", {}},
    {From::Server,
     "810a0095010030020e0c020004d21e29794e750e004578616d706c6520576f726b734f29784e212a4f29464e750f0400"
     "450058002d00dc006e006900744f292c4e7400322e314f290c4e750600312e302e374f294d4e7507004148552d30314f"
     "2a01744e7507004558303034324f293a5e910291205f1f0c000000031e294d4e751100726f6f6d2074656d7065726174"
     "7572654f1f",
     {}}};
constexpr std::string_view properties_claims[] = {"server device_instance=1234",
                                                  "server brand=Example Works",
                                                  "server vendor_id=bacnet:42",
                                                  "server model=EX-\xc3\x9c"
                                                  "nit",
                                                  "server firmware=2.1",
                                                  "server software=1.0.7",
                                                  "server hostname=AHU-01",
                                                  "server serial=EX0042"};
constexpr ExampleMessage ethernet[] = {{From::Server, "82820301001000c4020000372205c49103212a", {}}};
constexpr std::string_view ethernet_claims[] = {"server device_instance=55", "server vendor_id=bacnet:42"};
constexpr ExampleMessage mstp[] = {
    {From::Server, "aaaa03 001090 0001 000080 00 01 72 0000 84", {}},
    {From::Server, "aaaa03 001090 0001 000080 06 ff 72 0010 9a 0100 1000 c402000038 2201e0 9103 212a 0000", {}}};
constexpr std::string_view mstp_claims[] = {"server device_instance=56", "server vendor_id=bacnet:42"};
constexpr ExampleMessage private_message[] = {{From::Server, "81 0b 0010 01 00 10 04 09 2a 19 03 2e 21 05 2f", {}}};
constexpr std::string_view private_claims[] = {"server vendor_id=bacnet:42"};
constexpr ExampleMessage restart[] = {{From::Client, "810a000c0104000503140901", {}},
                                      {From::Client, "810a0011012404b00105ff000504111901", {}}};
constexpr std::string_view restart_claims[] = {
    "server remote_observed=bacnet ReinitializeDevice from 192.0.2.10",
    "server[bacnet/1200:5] remote_observed=bacnet DeviceCommunicationControl from 192.0.2.10"};
constexpr ExampleMessage questions[] = {{From::Client, "81050006003c", {}},
                                        {From::Client, "810a001101040005010c0c020004d21979", {}},
                                        {From::Server, "810a000d010050010c91029120", {}},
                                        {From::Server, "810b001401001000c4023fffff2205c491032100", {}}};
constexpr std::string_view questions_claims[] = {"server vendor_id=bacnet:0"};
// A value of one point; several of a device behind a router, in the first of two segments; and to all, which names nobody.
constexpr ExampleMessage writes[] = {{From::Client, "810a001a01040005070f0c0080000119553e4441a000003f4908", {}},
                                     {From::Server, "810a0009010020070f", {}},
                                     {From::Client, "810a0021012404b00107ff0c75080010100c008000011e09552e44420000002f1f", {}},
                                     {From::Client, "810b001a01040005070f0c0080000119553e4441a000003f4908", {}}};
constexpr std::string_view writes_claims[] = {"server remote_observed=bacnet WriteProperty from 192.0.2.10",
                                              "server[bacnet/1200:7] remote_observed=bacnet WritePropertyMultiple from "
                                              "192.0.2.10"};
constexpr Example examples[] = {
    {"I-Am answers Who-Is", Layer::Udp, 47808, announcement, announcement_claims},
    {"I-Am through a router and through a broadcast manager", Layer::Udp, 47808, passed_on, passed_on_claims},
    {"properties of the device object, those of others left", Layer::Udp, 47808, properties, properties_claims},
    {"I-Am on Ethernet", Layer::Link, 0, ethernet, ethernet_claims},
    {"a token, then I-Am, of an MS/TP bus shown as Ethernet", Layer::Link, 0, mstp, mstp_claims},
    {"a maker's own message hints at the maker", Layer::Udp, 47808, private_message, private_claims},
    {"a restart of the device and silence for one behind it", Layer::Udp, 47809, restart, restart_claims},
    {"points are written; what is written is not kept", Layer::Udp, 47808, writes, writes_claims},
    {"a registration, a question and an error say nothing; a device without a number has none", Layer::Udp, 47808, questions,
     questions_claims},
};
constexpr std::uint16_t ports[] = {47808, 47809, 47810, 47811, 47812, 47813, 47814, 47815, 47816,
                                   47817, 47818, 47819, 47820, 47821, 47822, 47823, 0};

}  // namespace

Decoder bacnet() {
    Decoder decoder;
    decoder.name = "bacnet";
    decoder.title = "BACnet/IP and BACnet over Ethernet";
    decoder.spec = "ANSI/ASHRAE Standard 135-2020, clauses 6, 7, 12, 15, 16, 20, 21 and annex J";
    decoder.layers = Layer::Udp | Layer::Link;
    decoder.ports = ports;
    decoder.starts = Starts("81 ?? ?? ??", "82 82 03", "aa aa 03");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
