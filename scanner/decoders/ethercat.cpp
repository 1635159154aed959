// EtherCAT: a master sends frames round a ring of slaves (drives, terminals), which read and write in passing; they have no
// addresses on the network. What a slave is stands in its memory (slave information interface): maker (EtherCAT Technology
// Group's register), product, revision, serial number; a master reads it at start. The subject of such a claim is the slave's
// station address behind the master. A frame comes back with the local bit set in its source address.
//
//   |length 11 bits, 0, type 4 bits| datagrams: |command|index|station 2|offset 2|length 11 bits, flags|event 2|data|counter 2|
//   little-endian; memory access at offset 0502: |control 2|word address 4|data 4 or 8|
#include <array>
#include <string>

#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

struct Datagram {
    std::uint8_t command = 0;
    std::uint8_t index = 0;
    std::uint16_t station = 0;
    std::uint16_t offset = 0;
    bool more = false;
    Slice data;
    std::uint16_t counter = 0;  // how many slaves took part
};

// ETG.1000.4 clause 5.4.1.2: commands 0 to 14; the highest bit of the length says that another datagram follows.
Datagram next_datagram(ByteCursor& frame) {
    Datagram datagram;
    datagram.command = frame.u8();
    datagram.index = frame.u8();
    datagram.station = frame.le16();
    datagram.offset = frame.le16();
    const std::uint16_t length = frame.le16();
    frame.skip(2);
    datagram.more = (length & 0x8000) != 0;
    datagram.data = frame.bytes(length & 0x7ffU);
    datagram.counter = frame.le16();
    if (datagram.command > 14 || (length & 0x3800) != 0) frame.fail();
    return datagram;
}

// ETG.1000.3 clause 4.6: type 1 carries datagrams, which fill the length of the frame.
bool open_frame(ByteCursor& message) {
    const std::uint16_t head = message.le16();
    const std::size_t length = head & 0x7ffU;
    if ((head >> 11) != 0x02 || length < 12 || length > message.left()) return false;
    message = message.take(length);
    return message.ok();
}

bool recognise(ByteCursor message, const Flow& flow) {
    if (flow.ethertype != 0x88a4 || !open_frame(message)) return false;
    bool more = true;
    while (more && message.ok()) more = next_datagram(message).more;
    return message.ok() && message.done();
}

// Where in its memory each slave was last asked, and what is known of it.
struct Slave {
    std::uint16_t station;
    bool used;
    bool asked;
    bool wide;  // it reads eight bytes at a time
    std::uint32_t word;
    std::uint32_t vendor;
};
struct Notes {
    std::uint32_t seen;
    std::uint8_t oldest;
    std::array<Slave, 48> slaves;

    Slave& of(std::uint16_t station) {
        for (Slave& slave : slaves) {
            if (slave.used && slave.station == station) return slave;
        }
        Slave& slave = slaves[oldest];
        oldest = static_cast<std::uint8_t>((oldest + 1U) % slaves.size());
        slave = {station, true, false, false, 0, 0};
        return slave;
    }
};

// ETG.1000.6 table 16: word 8 vendor id, 10 product code, 12 revision, 14 serial number, each of two words.
void identity(std::uint32_t word, std::uint32_t value, const Slice& witness, Slave& slave, Claims& claims) {
    if (value == 0 || value == 0xffffffff) return;
    switch (word) {
        case 8:
            slave.vendor = value;
            claims.stated(Field::vendor_id, "ethercat:" + std::to_string(value), witness, "vendor_id");
            break;
        case 10:
            if (slave.vendor != 0) {
                claims.stated(Field::device_type, "ethercat:" + std::to_string(slave.vendor) + "/" + std::to_string(value),
                              witness, "product_code");
            }
            break;
        case 12:
            claims.stated(Field::hardware, std::to_string(value >> 16) + "." + std::to_string(value & 0xffff), witness,
                          "revision");
            break;
        case 14:
            claims.stated(Field::serial, std::to_string(value), witness, "serial_number");
            break;
        default:
            break;
    }
}

// ETG.1000.6 clause 5.6 (mailbox, CANopen over EtherCAT): |length 2|address 2|channel|type 3|service 3 in the upper bits 2|
// |command|index 2|subindex| and a number, or a length of four bytes and a text. Object 1018 is the identity, 1008 the name.
void mailbox(const Datagram& datagram, Reading& reading, Notes& notes, const Claims& master) {
    constexpr std::uint8_t read = 4, number = 0x43, text = 0x41;
    if (datagram.command != read || datagram.counter != 1 || datagram.offset < 0x1000 || datagram.data.size() < 16) return;
    ByteCursor data = whole(datagram.data, reading);
    const std::size_t length = data.le16();
    data.skip(3);
    const std::uint8_t type = data.u8() & 0x0f;
    if (type != 3 || length < 10 || length > data.left()) return;
    ByteCursor answer = data.take(length);
    const std::uint16_t service = answer.le16() >> 12;
    const std::uint8_t command = answer.u8();
    const std::uint16_t index = answer.le16();
    const std::uint8_t part_of = answer.u8();
    if (service != 3) return;
    Claims part = master.part("ethercat/" + std::to_string(datagram.station));
    if (command == number && index == 0x1018 && part_of >= 1 && part_of <= 4) {
        const ByteCursor before = answer;
        const std::uint32_t value = answer.le32();
        identity(6U + 2U * part_of, value, answer.since(before), notes.of(datagram.station), part);
    } else if (command == text && part_of == 0) {
        const std::uint32_t size = answer.le32();
        if (size > answer.left()) return;
        const Slice name = answer.bytes(size);
        if (index == 0x1008) part.stated(Field::product, name, "device_name");
        if (index == 0x1009) part.stated(Field::hardware, name, "hardware_version");
        if (index == 0x100a) part.stated(Field::firmware, name, "software_version");
    }
}

// ETG.1000.4 clause 6.4: control and status at 0502, the word's address at 0504, what was read at 0508.
void memory(const Datagram& datagram, Reading& reading, Notes& notes, const Claims& master) {
    constexpr std::uint8_t read = 4, write = 5;
    if (datagram.offset < 0x0502 || datagram.offset > 0x0508) return;
    ByteCursor data = whole(datagram.data, reading);
    if (datagram.command == write && datagram.offset == 0x0502 && data.left() >= 6) {
        const bool reads = ((data.le16() >> 8) & 0x07) == 1;
        Slave& slave = notes.of(datagram.station);
        slave.asked = reads;
        slave.word = data.le32();
    } else if (datagram.command == read && datagram.counter == 1) {
        Slave& slave = notes.of(datagram.station);
        if (datagram.offset == 0x0502 && data.left() >= 2) {
            const std::uint16_t status = data.le16();
            slave.wide = (status & 0x0040) != 0;
            // Busy or failed (bits 11 to 15): nothing was read.
            if ((status & 0xf800) != 0 || data.left() < 8) return;
            slave.word = data.le32();
            slave.asked = true;
        } else if (datagram.offset != 0x0508) {
            return;
        }
        if (!slave.asked || data.left() < 4) return;
        slave.asked = false;
        Claims part = master.part("ethercat/" + std::to_string(datagram.station));
        const std::uint32_t first = data.le32();
        identity(slave.word, first, datagram.data, slave, part);
        if (slave.wide && data.left() >= 4) identity(slave.word + 2, data.le32(), datagram.data, slave, part);
    }
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    open_frame(message);
    Notes& notes = flow.state->notes<Notes>();
    Endpoint station = flow.sender.station();
    const bool returned = station.mac.locally_administered();
    station.mac.bytes[0] = static_cast<std::uint8_t>(station.mac.bytes[0] & ~2U);
    Claims master = claims.about(station);
    if (notes.seen++ % 1024 == 0 && !returned) {
        master.stated(Field::role, "ethercat master", ByteCursor(message).bytes(2), "frame");
    }
    bool more = true;
    while (more) {
        const Datagram datagram = next_datagram(message);
        more = datagram.more;
        Reading reading;
        memory(datagram, reading, notes, master);
        mailbox(datagram, reading, notes, master);
    }
    return done();
}

// The master asks slave 1001 for words 8 and on; when it is ready (eight bytes at a time) the answer comes round.
constexpr ExampleMessage identifies[] = {
    {From::Client, "1210 | 05 01 e903 0205 0600 0000 | 0001 08000000 | 0000", {}},
    {From::Client, "0e10 | 04 02 e903 0205 0200 0000 | 4000 | 0100", {}},
    {From::Client, "1410 | 04 02 e903 0805 0800 0000 | f0020000 07010000 | 0100", {}},
    {From::Client, "1610 | 04 03 e903 0205 0a00 0000 | 0000 0e000000 2a0f0000 | 0100", {}}};
constexpr std::string_view identifies_claims[] = {"client role=ethercat master", "client[ethercat/1001] vendor_id=ethercat:752",
                                                  "client[ethercat/1001] device_type=ethercat:752/263",
                                                  "client[ethercat/1001] serial=3882"};
constexpr ExampleMessage objects[] = {
    {From::Client, "2c100409ea038010200000000a0000000013003043181001f0020000000000000000000000000000000000000100", {}},
    {From::Client, "2c10040aea038010200000000a000000001300304318100208010000000000000000000000000000000000000100", {}},
    {From::Client, "2c10040bea0380102000000010000000001300304108100006000000455835313031000000000000000000000100", {}},
};
constexpr std::string_view objects_claims[] = {"client role=ethercat master", "client[ethercat/1002] vendor_id=ethercat:752",
                                               "client[ethercat/1002] device_type=ethercat:752/264",
                                               "client[ethercat/1002] product=EX5101"};
constexpr ExampleMessage cyclic[] = {{From::Server, "0e10 | 0c 01 0000 0001 0200 0000 | 0000 | 0300 | 00000000", {}}};
constexpr std::string_view cyclic_claims[] = {"server role=ethercat master"};
constexpr Example examples[] = {
    {"the master reads who a slave is", Layer::Link, 0x88a4, identifies, identifies_claims},
    {"the master reads objects of a slave", Layer::Link, 0x88a4, objects, objects_claims},
    {"process data names the master alone", Layer::Link, 0x88a4, cyclic, cyclic_claims},
};
constexpr std::uint16_t ethertypes[] = {0x88a4};

}  // namespace

Decoder ethercat() {
    Decoder decoder;
    decoder.name = "ethercat";
    decoder.title = "EtherCAT";
    decoder.spec = "ETG.1000.3, ETG.1000.4, ETG.1000.6 (IEC 61158-3/-4/-6 type 12)";
    decoder.layers = only(Layer::Link);
    decoder.ports = ethertypes;
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
