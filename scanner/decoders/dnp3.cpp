// DNP3: masters and outstations of electricity and water networks. An outstation can describe itself with the device attributes
// of object group 0 (maker, model, versions, serial number, where it stands). Operate and restart show who controls it. Several
// outstations may answer behind one address: each is known by its link address.
//
//   |05 64|length|control|to 2|from 2|check 2| then blocks of sixteen bytes, each with a check of 2     little-endian
//   user data: |transport|control|function|[indications 2]| objects: |group|variation|qualifier|range| ...
#include <array>
#include <string>
#include <string_view>

#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t header_size = 10;
constexpr std::size_t fragment_max = 960;

// IEEE 1815-2012 9.2.4.3: polynomial 0x3D65 reflected, complemented.
std::uint16_t check_of(const ByteCursor& data, std::size_t at, std::size_t size) {
    std::uint16_t check = 0;
    for (std::size_t i = 0; i < size; ++i) {
        check = static_cast<std::uint16_t>(check ^ data.peek(at + i));
        for (int bit = 0; bit < 8; ++bit)
            check = static_cast<std::uint16_t>((check & 1) != 0 ? (check >> 1) ^ 0xa6bc : check >> 1);
    }
    return static_cast<std::uint16_t>(~check);
}

// 9.2.4: start bytes, a length of at least 5, and the check of the header.
bool plausible(const ByteCursor& message, std::size_t& size) {
    if (message.left() < header_size || message.peek_be16() != 0x0564 || message.peek(2) < 5) return false;
    if (check_of(message, 0, 8) != message.peek_le16(8)) return false;
    const std::size_t data = message.peek(2) - 5U;
    size = header_size + data + 2 * ((data + 15) / 16);
    return true;
}

bool recognise(ByteCursor message, const Flow&) {
    std::size_t size = 0;
    return plausible(message, size);
}

// An application fragment that comes in several frames.
struct Notes {
    bool told[2];
    bool collecting;
    std::uint16_t from;
    std::uint16_t to;
    std::uint16_t size;
    std::array<std::uint8_t, fragment_max> bytes;
};

// 11.3.1 and annex A (group 0): what an outstation is, and what it is called. The blocks with their checks in between are
// copied, so the frame is the witness.
void attribute(std::uint8_t variation, std::string_view text, const Slice& witness, Claims& device) {
    switch (variation) {
        case 252:
            device.stated(Field::brand, text, witness, "manufacturer");
            break;
        case 250:
            device.stated(Field::product, text, witness, "product_name");
            device.stated(Field::model, text, witness, "product_name");
            break;
        case 248:
            device.stated(Field::serial, text, witness, "serial_number");
            break;
        case 243:
            device.stated(Field::hardware, text, witness, "hardware_version");
            break;
        case 242:
            device.stated(Field::firmware, text, witness, "software_version");
            break;
        case 247:
            device.stated(Field::station_name, text, witness, "device_name");
            break;
        case 246:
            // The number or code that its user gave it.
            device.stated(Field::description, "id " + std::string(text), witness, "user_id");
            break;
        case 249:
            device.stated(Field::description, "DNP3 subset " + std::string(text), witness, "subset");
            break;
        case 245:
            device.stated(Field::location, text, witness, "location");
            break;
        default:
            break;
    }
}

// IEEE 1815-2012 4.4: functions of a master that change what an outstation does. Select only prepares. Freezing counters,
// classes and time run a network; so do 20 and 21, with which every master that starts lets outstations report unasked or not.
std::string_view control_named(std::uint8_t function) {
    switch (function) {
        case 4:
            return "Operate";
        case 5:
        case 6:
            return "Direct Operate";
        case 13:
            return "Cold Restart";
        case 14:
            return "Warm Restart";
        case 15:
            return "Initialize Data";
        case 16:
            return "Initialize Application";
        case 17:
            return "Start Application";
        case 18:
            return "Stop Application";
        case 19:
            return "Save Configuration";
        case 27:
            return "Delete File";
        case 31:
            return "Activate Configuration";
        default:
            return {};
    }
}

Claims outstation(const Claims& host, std::uint16_t port, std::uint16_t address) {
    // 9.2.4.1.6: the addresses from 0xFFF0 on are nobody's own.
    return address >= 0xfff0 ? host : host.part("dnp3/" + std::to_string(port) + "/" + std::to_string(address));
}

// A write that is not a master's daily one: the time (groups 50 and 51) and the restart indication (group 80, index 7) are set
// without anybody wanting anything. What is written is not looked at.
bool writes(ByteCursor objects) {
    const std::uint8_t group = objects.u8();
    objects.skip(1);
    if (!objects.ok() || group == 50 || group == 51) return false;
    const std::uint8_t qualifier = objects.u8();
    return group != 80 || !objects.ok() || qualifier != 0 || objects.u8() != 7 || objects.u8() != 7;
}

// Annex A, group 70 variation 3: |name's offset 2|its size 2|created 6|permissions 2|key 4|size 4|mode 2|...; mode 1 reads, 2
// writes, 3 appends.
bool opens_to_write(ByteCursor objects) {
    const bool file_command = objects.u8() == 70 && objects.u8() == 3 && objects.u8() == 0x5b;
    objects.skip(3 + 20);
    const std::uint16_t mode = objects.le16();
    return file_command && objects.ok() && (mode == 2 || mode == 3);
}

// 4.2: |control|function|, answers with two bytes of indications; then objects, of which only the attributes are read.
void fragment(ByteCursor data, std::uint16_t to, std::uint16_t from, const Slice& witness, const Flow& flow,
              const Claims& claims) {
    data.skip(1);
    const std::uint8_t function = data.u8();
    if (!data.ok()) return;
    std::string_view control = control_named(function);
    if (function == 2 && writes(data)) control = "Write";
    if (function == 25 && opens_to_write(data)) control = "Write File";
    if (!control.empty()) {
        outstation(claims.about(flow.receiver), flow.receiver.port, to)
            .stated(Field::remote_observed, "dnp3 " + std::string(control) + " from " + flow.sender.ip.text(), witness,
                    "control");
        return;
    }
    if (function != 129 && function != 130) return;
    data.skip(2);
    Claims device = outstation(claims.about(flow.sender), flow.sender.port, from);
    // Each turn consumes an object header.
    while (data.left() >= 3 && data.u8() == 0) {
        const std::uint8_t variation = data.u8();
        const std::uint8_t qualifier = data.u8();
        unsigned items = 1;
        if (qualifier == 0x00) {
            const unsigned start = data.u8();
            const unsigned stop = data.u8();
            if (stop < start) return;
            items = stop - start + 1;
        } else if (qualifier == 0x01) {
            const unsigned start = data.le16();
            const unsigned stop = data.le16();
            if (stop < start) return;
            items = stop - start + 1;
        } else if (qualifier == 0x17) {
            items = data.u8();
        } else {
            return;
        }
        for (; items > 0 && data.ok(); --items) {
            if (qualifier == 0x17) data.skip(1);
            // 11.3.1: |type|length|value|; 1 is text.
            const std::uint8_t type = data.u8();
            const Slice value = data.bytes(data.u8());
            if (data.ok() && type == 1) attribute(variation, value.text(), witness, device);
        }
    }
}

void role(bool master, const Slice& witness, Flow& flow, Claims& claims) {
    bool& told = flow.state->notes<Notes>().told[flow.from_opener ? 0 : 1];
    if (told) return;
    told = true;
    claims.about(flow.sender).stated(Field::role, master ? "dnp3 master" : "dnp3 outstation", witness, "direction");
}

void observe_frame(const Slice& raw, Flow& flow, Claims& claims) {
    Reading reading;
    ByteCursor frame = whole(raw, reading);
    Notes& notes = flow.state->notes<Notes>();
    frame.skip(2);
    std::size_t left = frame.u8() - 5U;
    const std::uint8_t control = frame.u8();
    const std::uint16_t to = frame.le16();
    const std::uint16_t from = frame.le16();
    frame.skip(2);
    // 9.2.4.1.3: the highest bit is set by the master.
    role((control & 0x80) != 0, raw, flow, claims);
    // User data (3, 4) of the primary.
    const unsigned function = control & 0x0fU;
    if ((control & 0x40) == 0 || (function != 3 && function != 4) || left < 3) return;
    std::array<std::uint8_t, 250> data{};
    std::size_t size = 0;
    while (left > 0) {
        const std::size_t block = left < 16 ? left : 16;
        if (check_of(frame, 0, block) != frame.peek_le16(block)) return;
        for (const std::uint8_t byte : frame.bytes(block).bytes) data[size++] = byte;
        frame.skip(2);
        left -= block;
    }
    // 8.2: first 0x40, last 0x80.
    const bool first = (data[0] & 0x40) != 0;
    const bool last = (data[0] & 0x80) != 0;
    const Bytes part(data.data() + 1, size - 1);
    if (first && last) {
        Reading copy;
        notes.collecting = false;
        fragment(ByteCursor(part, copy), to, from, raw, flow, claims);
        return;
    }
    if (first) {
        notes.collecting = true;
        notes.from = from;
        notes.to = to;
        notes.size = 0;
    }
    if (!notes.collecting || notes.from != from || notes.to != to) return;
    if (part.size() > fragment_max - notes.size) {
        notes.collecting = false;
        return;
    }
    for (const std::uint8_t byte : part) notes.bytes[notes.size++] = byte;
    if (!last) return;
    notes.collecting = false;
    Reading copy;
    fragment(ByteCursor(Bytes(notes.bytes.data(), notes.size), copy), to, from, raw, flow, claims);
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    const bool stream = flow.layer == Layer::Tcp;
    if (stream && message.left() < header_size) return need(header_size);
    std::size_t size = 0;
    if (!plausible(message, size)) return not_this();
    do {
        if (message.left() < size) return stream ? need(size) : done();
        observe_frame(message.bytes(size), flow, claims);
    } while (!stream && plausible(message, size));
    return done(message);
}

constexpr ExampleMessage attributes[] = {
    {From::Client, "05640dc40a00010075bac0c00100fe00000016bf", {}},
    {From::Server,
     "0564424401000a00cf11c0c081000000fc000000010e4578616d06ab706c652052656c61797300fa00000001fe330645582d3730"
     "3000f8000000010552302ee130343200f20000000103312e34f720",
     {}},
    {From::Server,
     "05641a4401000a00af5d41c181000000f5000000010c53746174b6a0696f6e204f9baf0564114401000a002354826f737400f300"
     "0000010142f4be",
     {}},
    {From::Client, "05641ac40a0001008a1cc1c2050c012801000000030164000000617c6400000000005b", {}},
};
constexpr ExampleMessage link[] = {
    {From::Client, "056405c90a000100feda", {}},
};
constexpr std::string_view attributes_claims[] = {"client role=dnp3 master",
                                                  "server role=dnp3 outstation",
                                                  "server[dnp3/20000/10] brand=Example Relays",
                                                  "server[dnp3/20000/10] product=EX-700",
                                                  "server[dnp3/20000/10] model=EX-700",
                                                  "server[dnp3/20000/10] serial=R0042",
                                                  "server[dnp3/20000/10] firmware=1.4",
                                                  "server[dnp3/20000/10] location=Station Oost",
                                                  "server[dnp3/20000/10] hardware=B",
                                                  "server[dnp3/20000/10] remote_observed=dnp3 Direct Operate from 192.0.2.10"};
constexpr std::string_view link_claims[] = {"client role=dnp3 master"};
// The restart indication, the time and unsolicited reports are set (no commands); a dead band is; a file is opened to read it
// (no command) and to write it.
constexpr ExampleMessage writing[] = {
    {From::Client, "05640ec40a0001002529c0c0025001000707002c49", {}},
    {From::Client, "056412c40a0001005686c1c10232010701000000000000e372", {}},
    {From::Client, "05640fc40a000100c29cc2c202220100020264005db8", {}},
    {From::Client,
     "05642ec40a000100a7d8c3c31946035b0120001a000600000000f05a0000000000000000000000000001000047e604010065"
     "782e636667d81c",
     {}},
    {From::Client,
     "05642ec40a000100a7d8c4c41946035b0120001a0006000000001cb0000000000000000000000000000200008fcc04010065"
     "782e636667d81c",
     {}},
    {From::Client, "05640bc40a000100acd1c5c5153c0206cfcc", {}},
};
constexpr std::string_view writing_claims[] = {"client role=dnp3 master",
                                               "server[dnp3/20000/10] remote_observed=dnp3 Write from 192.0.2.10",
                                               "server[dnp3/20000/10] remote_observed=dnp3 Write File from 192.0.2.10"};
constexpr Example examples[] = {
    {"device attributes, also in two frames, and a command", Layer::Tcp, 20000, attributes, attributes_claims},
    {"what is written that a master does not write every day", Layer::Tcp, 20000, writing, writing_claims},
    {"asking for the state of the link shows who asks", Layer::Udp, 20000, link, link_claims},
};
constexpr std::uint16_t ports[] = {20000};

}  // namespace

Decoder dnp3() {
    Decoder decoder;
    decoder.name = "dnp3";
    decoder.title = "DNP3";
    decoder.spec = "IEEE 1815-2012 clauses 4, 8, 9, 11 and annex A";
    decoder.layers = Layer::Udp | Layer::Tcp;
    decoder.ports = ports;
    decoder.starts = Starts("05 64");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
