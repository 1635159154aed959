// PROFINET on Ethernet: the field bus of controllers and their distributed inputs and outputs. Whoever is asked with DCP (the
// discovery and configuration protocol) tells maker (PROFIBUS & PROFINET International's register), kind of device, type and
// name of station, role and IP address. Nothing is authenticated: the same protocol renames a device, gives it another address
// or resets it. Cyclic data and clock messages of the same EtherType show who takes part.
//
//   |frame id 2|service 1|type 1|xid 4|delay 2|length 2| blocks: |option|suboption|length 2|info 2|value ...|pad to even|
//   cyclic: |frame id 2|data 40-1440|cycle 2|data status 1|transfer status 0|
#include <string>

#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

// IEC 61158-6-10 table 16 (FrameID).
enum class Kind : std::uint8_t { None, Discovery, Cyclic, Alarm, Clock };

// 4.3.1.3: hello and identify are asked by multicast, get and set of one device; type 1 is an answer, 5 says unsupported.
bool is_discovery(std::uint16_t frame_id, ByteCursor frame) {
    const std::uint8_t service = frame.u8();
    const std::uint8_t type = frame.u8();
    frame.skip(6);
    const std::size_t length = frame.be16();
    if (!frame.ok() || length > frame.left() || length > 1416) return false;
    bool fits = false;
    switch (frame_id) {
        case 0xfefc:
            fits = service == 6 && type == 0;
            break;
        case 0xfefd:
            fits = (service == 3 || service == 4) && (type == 0 || type == 1 || type == 5);
            break;
        case 0xfefe:
            fits = service == 5 && type == 0 && length >= 4;
            break;
        default:
            fits = service == 5 && (type == 1 || type == 5);
            break;
    }
    if (!fits) return false;
    // Blocks fill the data; a get request is a list of option and suboption alone.
    if (service == 3 && type == 0) return length % 2 == 0;
    ByteCursor blocks = frame.take(length);
    while (!blocks.done()) {
        blocks.skip(2);
        const std::size_t size = blocks.be16();
        blocks.skip(size);
        if (size % 2 != 0 && !blocks.done()) blocks.skip(1);
    }
    return blocks.ok();
}

// IEC 61158-6-10 4.4: twelve bytes of padding, sequence, then type-length-value until the end; delay requests and answers
// have the delay between.
bool is_clock(std::uint16_t frame_id, ByteCursor frame) {
    const bool announce = frame_id == 0xff00 || frame_id == 0xff01;
    const bool delay = frame_id >= 0xff40 && frame_id <= 0xff43;
    if (!announce && !delay) return false;
    for (int i = 0; i < 12; ++i) {
        if (frame.u8() != 0) return false;
    }
    frame.skip(announce ? 4 : 8);
    int elements = 0;
    while (frame.ok() && elements < 8) {
        const std::uint16_t head = frame.be16();
        if (head == 0) return frame.ok() && elements > 0;
        frame.skip(head & 0x1ffU);
        ++elements;
    }
    return false;
}

Kind kind_of(ByteCursor frame) {
    const std::uint16_t frame_id = frame.be16();
    if (frame_id >= 0xfefc && frame_id <= 0xfeff) return is_discovery(frame_id, frame) ? Kind::Discovery : Kind::None;
    if ((frame_id >= 0x0100 && frame_id <= 0x0fff) || (frame_id >= 0x8000 && frame_id <= 0xfbff)) {
        // 4.7: 40 to 1440 bytes, then the status: reserved bits and transfer status are 0.
        const std::size_t size = frame.left();
        if (size < 44 || size > 1444) return Kind::None;
        const std::uint8_t data_status = frame.peek(size - 2);
        return frame.peek(size - 1) == 0 && (data_status & 0x48) == 0 ? Kind::Cyclic : Kind::None;
    }
    if (frame_id == 0xfc01 || frame_id == 0xfe01) {
        // 4.7.2: |to 2|from 2|version 1, type 1-4|flags|sequences 4|length 2|
        frame.skip(4);
        const std::uint8_t type = frame.u8();
        frame.skip(5);
        const std::size_t length = frame.be16();
        const bool known = (type >> 4) == 1 && (type & 0x0f) >= 1 && (type & 0x0f) <= 4;
        return frame.ok() && known && length <= frame.left() ? Kind::Alarm : Kind::None;
    }
    return is_clock(frame_id, frame) ? Kind::Clock : Kind::None;
}

bool recognise(ByteCursor message, const Flow& flow) { return flow.ethertype == 0x8892 && kind_of(message) != Kind::None; }

// 4.3.1.4.19 DeviceRole.
void roles(const Slice& value, Claims& device) {
    static constexpr struct {
        std::uint8_t bit;
        std::string_view role;
    } known[] = {
        {1, "profinet io-device"}, {2, "profinet io-controller"}, {4, "profinet multidevice"}, {8, "profinet io-supervisor"}};
    for (const auto& each : known) {
        if ((value.bytes[0] & each.bit) != 0) device.stated(Field::role, each.role, value, "device_role");
    }
}

// 4.3.1.4: what the sender says of itself. Info of the address: 0 none, 1 set, 2 from DHCP; 0x80 on in conflict with somebody.
void block(std::uint8_t option, std::uint8_t suboption, std::uint16_t info, ByteCursor value, Claims& device) {
    const Slice raw = ByteCursor(value).rest();
    if (option == 1 && suboption == 2 && raw.size() == 12) {
        const IpAddress ip = IpAddress::v4(raw.bytes.data());
        if (ip.unspecified() || ip.multicast()) return;
        device.stated(Field::mgmt_ip, ip.text(), raw, "ip_parameter");
        if (info == 1 || info == 2) device.stated(Field::address, ip.text(), raw, "ip_parameter");
    } else if (option == 2 && suboption == 1) {
        device.stated(Field::product, raw, "type_of_station");
    } else if (option == 2 && suboption == 2) {
        device.stated(Field::station_name, raw, "name_of_station");
    } else if (option == 2 && suboption == 3 && raw.size() == 4) {
        const std::uint16_t vendor = value.be16();
        const std::uint16_t kind = value.be16();
        if (vendor == 0 || vendor == 0xffff) return;
        const std::string maker = "profinet:" + std::to_string(vendor);
        device.stated(Field::vendor_id, maker, raw, "device_id");
        device.stated(Field::device_type, maker + "/" + std::to_string(kind), raw, "device_id");
    } else if (option == 2 && suboption == 8 && raw.size() == 4) {
        // Which of another vendor's devices it is as well. Which of the two built it, the block does not say: no maker.
        const std::uint16_t vendor = value.be16();
        const std::uint16_t kind = value.be16();
        if (vendor == 0 || vendor == 0xffff) return;
        device.stated(Field::device_type, "profinet-oem:" + std::to_string(vendor) + "/" + std::to_string(kind), raw,
                      "oem_device_id");
    } else if (option == 2 && suboption == 4 && raw.size() == 2) {
        roles(raw, device);
    }
}

// A request to set something: only what takes a device away from its controller or stops it counts as control. Blinking and
// the brackets around a transaction do not; the new name and address are not kept.
void set_request(ByteCursor blocks, const Flow& flow, const Claims& claims) {
    Claims target = claims.about(flow.receiver.station());
    while (!blocks.done()) {
        const ByteCursor begin = blocks;
        const std::uint8_t option = blocks.u8();
        const std::uint8_t suboption = blocks.u8();
        const std::size_t size = blocks.be16();
        blocks.skip(size);
        const Slice witness = blocks.since(begin);
        if (size % 2 != 0 && !blocks.done()) blocks.skip(1);
        std::string_view what;
        if (option == 1 && (suboption == 2 || suboption == 3)) what = "Set IP address";
        if (option == 2 && suboption == 2) what = "Set name of station";
        if (option == 5 && suboption == 5) what = "Reset to factory settings";
        if (option == 5 && suboption == 6) what = "Reset to factory settings";
        if (what.empty() || !blocks.ok()) continue;
        target.stated(Field::remote_observed, "profinet DCP " + std::string(what) + " from " + flow.sender.mac.text(), witness,
                      "set");
    }
}

void discovery(ByteCursor frame, const Flow& flow, Claims& claims) {
    const std::uint16_t frame_id = frame.be16();
    const std::uint8_t service = frame.u8();
    const std::uint8_t type = frame.u8();
    frame.skip(6);
    ByteCursor blocks = frame.take(frame.be16());
    if (service == 4 && type == 0) {
        set_request(blocks, flow, claims);
        return;
    }
    const bool about_itself = frame_id == 0xfefc || ((service == 3 || service == 5) && type == 1);
    if (!about_itself) return;
    Claims device = claims.about(flow.sender.station());
    while (!blocks.done()) {
        const std::uint8_t option = blocks.u8();
        const std::uint8_t suboption = blocks.u8();
        const std::size_t size = blocks.be16();
        ByteCursor value = blocks.take(size);
        if (size % 2 != 0 && !blocks.done()) blocks.skip(1);
        if (size < 2) continue;
        const std::uint16_t info = value.be16();
        block(option, suboption, info, value, device);
    }
}

struct Notes {
    std::uint32_t cyclic[2];
};

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    switch (kind_of(message)) {
        case Kind::None:
            return not_this();
        case Kind::Discovery:
            discovery(message, flow, claims);
            break;
        case Kind::Cyclic:
            // Up to 4000 a second: one in 1024 is enough to know that it goes on.
            if (flow.state->notes<Notes>().cyclic[flow.from_opener ? 0 : 1]++ % 1024 == 0) {
                Claims sender = claims.about(flow.sender.station());
                sender.stated(Field::role, "profinet cyclic producer", message.bytes(2), "cyclic");
            }
            break;
        case Kind::Alarm:
        case Kind::Clock:
            break;
    }
    return done();
}

// An I/O station answers a question of an engineering station: name "io-7", type "EX-IO 8", ids 0x02f0 and 0x0107.
constexpr ExampleMessage identify[] = {
    {From::Client, "fefe 05 00 00000101 0001 0004 | ff ff 0000 | 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000", {}},
    {From::Server,
     "feff 05 01 00000101 0000 0044 | 02 05 0004 0000 0202"
     "02 01 0009 0000 45582d494f2038 00 | 02 02 0006 0000 696f2d37 | 02 03 0006 0000 02f0 0107 | 02 04 0004 0000 01 00"
     "01 02 000e 0001 c0000214 ffffff00 c0000201",
     {}}};
constexpr std::string_view identify_claims[] = {"server product=EX-IO 8",         "server station_name=io-7",
                                                "server vendor_id=profinet:752",  "server device_type=profinet:752/263",
                                                "server role=profinet io-device", "server mgmt_ip=192.0.2.20",
                                                "server address=192.0.2.20"};
constexpr ExampleMessage set[] = {
    {From::Client, "fefd 04 00 00000102 0000 0016 | 02 02 0006 0000 696f2d38 | 05 06 0002 0000 | 05 02 0002 0000", {}},
    {From::Server, "fefd 04 01 00000102 0000 0008 | 05 04 0003 0202 00 00", {}}};
constexpr std::string_view set_claims[] = {
    "server remote_observed=profinet DCP Set name of station from 00:00:5e:00:53:0a",
    "server remote_observed=profinet DCP Reset to factory settings from 00:00:5e:00:53:0a"};
constexpr ExampleMessage twice[] = {
    {From::Server, "feff 05 01 00000103 0000 0014 | 02 03 0006 0000 02f0 0107 | 02 08 0006 0000 02f1 0203", {}}};
constexpr std::string_view twice_claims[] = {"server vendor_id=profinet:752", "server device_type=profinet:752/263",
                                             "server device_type=profinet-oem:753/515"};
constexpr ExampleMessage cyclic[] = {
    {From::Server, "8001 80808080808080808080808080808080808080808080808080808080808080808080808080808080 1234 35 00", {}},
    {From::Server, "fe01 0001 0002 11 01 ffff fffe 0002 0000", {}}};
constexpr std::string_view cyclic_claims[] = {"server role=profinet cyclic producer"};
constexpr ExampleMessage clock[] = {
    {From::Client, "ff40 000000000000000000000000 0007 0000 00000000 0c06 00005e005301 0000 00000000", {}}};
constexpr Example examples[] = {
    {"an I/O station is identified", Layer::Link, 0x8892, identify, identify_claims},
    {"an I/O station is renamed and reset", Layer::Link, 0x8892, set, set_claims},
    {"a station that is another vendor's device too", Layer::Link, 0x8892, twice, twice_claims},
    {"cyclic data and an alarm", Layer::Link, 0x8892, cyclic, cyclic_claims},
    {"a measurement of line delay says nothing", Layer::Link, 0x8892, clock, {}},
};
constexpr std::uint16_t ethertypes[] = {0x8892};

}  // namespace

Decoder profinet() {
    Decoder decoder;
    decoder.name = "profinet";
    decoder.title = "PROFINET DCP, RT, PTCP";
    decoder.spec = "IEC 61158-6-10 clauses 4.3 (DCP), 4.4 (PTCP), 4.7 (RT)";
    decoder.layers = only(Layer::Link);
    decoder.ports = ethertypes;
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
