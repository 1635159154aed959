// PROFINET IO, context management: a controller opens the connection to its devices and reads their records over remote
// procedure calls in UDP. The object that is called carries maker and kind of the device; the request names the controller with
// its own object, station name and MAC. Record AFF0 holds order number, serial number and revisions; the endpoint mapper's
// answer holds type, order number and firmware in one line.
//
//   |04|type|flags 2|data representation 3|..|object 16|interface 16|activity 16|...|operation 2 at 68|...|length 2 at 74|...|
//   80 bytes object: DEA00000-6C97-11D1-8271-iiiiddddvvvv (instance, device, maker) body: |status or maximum 4|length 4|count
//   4|offset 4|count 4| blocks: |type 2|length 2|version 2| ...   big-endian
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t header_size = 80;

bool is_little(const ByteCursor& message) { return (message.peek(4) & 0xf0) == 0x10; }

// A UUID's first three numbers are in the byte order of the call.
bool is_uuid(const ByteCursor& message, std::size_t at, std::uint32_t first, std::uint16_t second, std::uint16_t third) {
    const bool little = is_little(message);
    const auto two = [&](std::size_t from) { return little ? message.peek_le16(from) : message.peek_be16(from); };
    const std::uint32_t four = little ? static_cast<std::uint32_t>(two(at + 2)) << 16 | two(at)
                                      : static_cast<std::uint32_t>(two(at)) << 16 | two(at + 2);
    return four == first && two(at + 4) == second && two(at + 6) == third;
}

// IEC 61158-6-10 4.10.3: objects and interfaces of PROFINET are DEA0000n-6C97-11D1-8271-...
bool is_object(const ByteCursor& message, std::size_t at) {
    return is_uuid(message, at, 0xdea00000, 0x6c97, 0x11d1) && message.peek_be16(at + 8) == 0x8271;
}
bool is_interface(const ByteCursor& message, std::size_t at) {
    for (const std::uint32_t n : {1U, 2U, 3U, 4U}) {
        if (is_uuid(message, at, 0xdea00000 | n, 0x6c97, 0x11d1)) return message.peek_be16(at + 8) == 0x8271;
    }
    return false;
}
// DCE 1.1 RPC appendix O: the endpoint mapper's interface, E1AF8308-5D1F-11C9-91A4-08002B14A0FA.
bool is_mapper(const ByteCursor& message, std::size_t at) {
    return is_uuid(message, at, 0xe1af8308, 0x5d1f, 0x11c9) && message.peek_be16(at + 8) == 0x91a4;
}

// DCE 1.1 RPC clause 12.5.2: connectionless version 4, type 0 to 10, data representation, the length of the body.
bool plausible(const ByteCursor& message) {
    if (message.left() < header_size || message.peek() != 4 || message.peek(1) > 10) return false;
    const std::uint8_t order = message.peek(4);
    const std::size_t length = is_little(message) ? message.peek_le16(74) : message.peek_be16(74);
    return (order & 0xef) == 0 && message.peek(5) == 0 && length <= message.left() - header_size &&
           ((is_interface(message, 24) && is_object(message, 8)) || is_mapper(message, 24));
}

bool recognise(ByteCursor message, const Flow&) { return plausible(message); }

// The last six bytes of an object: instance, device, maker.
void object_ids(ByteCursor tail, const Slice& witness, Claims& claims) {
    tail.skip(2);
    const std::uint16_t device = tail.be16();
    const std::uint16_t vendor = tail.be16();
    if (!tail.ok() || vendor == 0 || vendor == 0xffff) return;
    const std::string maker = "profinet:" + std::to_string(vendor);
    claims.stated(Field::vendor_id, maker, witness, "object");
    claims.stated(Field::device_type, maker + "/" + std::to_string(device), witness, "object");
}

// ARBlockReq, 5.2.5.1: |0101|length|version|type 2|AR 16|key 2|MAC 6|object 16|properties 4|time 2|port 2|name length 2|name|
void initiator(ByteCursor block, const Flow& flow, const Claims& claims) {
    block.skip(2 + 2 + 16 + 2);
    const Slice mac = block.bytes(6);
    block.skip(10);
    const Slice ids = block.bytes(6);
    block.skip(4 + 2 + 2);
    const Slice name = block.bytes(block.be16());
    if (!block.ok()) return;
    Claims controller = claims.about(flow.sender);
    Reading reading;
    object_ids(whole(ids, reading), ids, controller);
    controller.stated(Field::station_name, name, "initiator");
    controller.stated(Field::role, "profinet io-controller", name, "initiator");
    Endpoint station;
    station.vlan = flow.sender.vlan;
    for (std::size_t i = 0; i < 6; ++i) station.mac.bytes[i] = mac.bytes[i];
    if (station.mac.known() && !station.mac.group() && !station.mac.locally_administered() && flow.sender.ip.known()) {
        claims.about(station).stated(Field::address, flow.sender.ip.text(), mac, "initiator");
    }
}

// I&M0, 5.2.7.3 (PROFIBUS Profile Guidelines part 1): |maker 2|order 20|serial 16|hardware 2|prefix|software 3| ...
void identification(ByteCursor block, Claims& claims) {
    block.skip(2);
    const ByteCursor begin = block;
    const std::uint16_t vendor = block.be16();
    const Slice maker = block.since(begin);
    const Slice order = block.bytes(20);
    const Slice serial = block.bytes(16);
    const ByteCursor before_hardware = block;
    const std::uint16_t hardware = block.be16();
    const Slice hardware_slice = block.since(before_hardware);
    const Slice software = block.bytes(4);
    if (!block.ok()) return;
    if (vendor != 0 && vendor < 0xff00) claims.stated(Field::vendor_id, "profinet:" + std::to_string(vendor), maker, "im0");
    claims.stated(Field::model, order, "im0");
    claims.stated(Field::serial, serial, "im0");
    if (hardware != 0 && hardware != 0xffff) claims.stated(Field::hardware, std::to_string(hardware), hardware_slice, "im0");
    const char prefix = static_cast<char>(software.bytes[0]);
    if (prefix == 'V' || prefix == 'R') {
        claims.stated(Field::firmware,
                      std::string(1, prefix) + std::to_string(software.bytes[1]) + "." + std::to_string(software.bytes[2]) +
                          "." + std::to_string(software.bytes[3]),
                      software, "im0");
    }
}

// IODReadResHeader, 5.2.6: |8009|length|version|sequence 2|AR 16|API 4|slot 2|subslot 2|padding 2|index 2|length 4|...
void blocks(ByteCursor body, bool request, const Flow& flow, Claims& claims) {
    std::uint16_t slot = 0;
    bool read = false;
    // Each turn consumes a block's head.
    while (body.left() >= 6) {
        const std::uint16_t type = body.be16();
        ByteCursor block = body.take(body.be16());
        if (!body.ok()) return;
        if (request && type == 0x0101) {
            initiator(block, flow, claims);
            return;
        }
        if (request) return;
        if (type == 0x8009) {
            block.skip(2 + 2 + 16 + 4);
            slot = block.be16();
            block.skip(2 + 2);
            read = block.be16() == 0xaff0;
        } else if (type == 0x0020 && read) {
            // Slot 0 is the interface itself; other slots hold modules.
            Claims device =
                slot == 0 ? claims.about(flow.sender) : claims.about(flow.sender).part("profinet/slot-" + std::to_string(slot));
            identification(block, device);
            return;
        } else if (!read) {
            return;
        }
    }
}

// ept_lookup, answer: |handle 20|entries 4|maximum 4|offset 4|entries 4|object 16|tower 4|offset 4|length 4|annotation 64|. The
// annotation, 4.10.3.2.4: |type 25| |order number 20| |hardware 5| |prefix 1|software 3x3|
void mapper_answer(ByteCursor body, Claims& claims) {
    body.skip(20 + 4 + 12 + 10);
    const Slice ids = body.bytes(6);
    body.skip(4 + 4 + 4);
    const Slice line = body.bytes(63);
    if (!body.ok() || !printable_ascii(line.text()) || line.bytes[25] != ' ' || line.bytes[46] != ' ' || line.bytes[52] != ' ')
        return;
    Reading reading;
    object_ids(whole(ids, reading), ids, claims);
    const auto part = [&](std::size_t at, std::size_t size) { return Slice{line.bytes.subspan(at, size), line.offset + at}; };
    claims.stated(Field::product, part(0, 25), "annotation");
    claims.stated(Field::model, part(26, 20), "annotation");
    claims.stated(Field::hardware, part(47, 5), "annotation");
    std::string version(trimmed(part(53, 1).text()));
    for (std::size_t i = 0; i < 3; ++i) version.append(i == 0 ? "" : ".").append(trimmed(part(54 + 3 * i, 3).text()));
    claims.stated(Field::firmware, version, part(53, 10), "annotation");
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!plausible(message)) return not_this();
    const bool little = is_little(message);
    const bool mapper = is_mapper(message, 24);
    const std::uint8_t type = message.peek(1);
    const std::size_t length = little ? message.peek_le16(74) : message.peek_be16(74);
    const bool device = is_uuid(message, 24, 0xdea00001, 0x6c97, 0x11d1);
    // Fragments after the first start in the middle of something.
    const std::uint16_t fragment = little ? message.peek_le16(76) : message.peek_be16(76);
    constexpr std::uint8_t request = 0, answer = 2;
    message.skip(18);
    const Slice ids = message.bytes(6);
    message.skip(header_size - 24);
    ByteCursor body = message.take(length);
    if (fragment != 0 || (type != request && type != answer)) return done();
    Claims sender = claims.about(flow.sender);
    if (mapper) {
        if (type == answer) mapper_answer(body, sender);
        return done();
    }
    // Only the object of a call to the device (interface 1) that the device itself answers is its own word.
    if (device && type == answer) {
        Reading reading;
        object_ids(whole(ids, reading), ids, sender);
        sender.stated(Field::role, "profinet io-device", ids, "object");
    }
    const std::uint32_t status = body.be32();
    if (type == answer && status != 0) return done();
    body.skip(16);
    blocks(body, type == request, flow, claims);
    return done();
}

constexpr ExampleMessage connection[] = {
    {From::Client,
     "0400200000000000dea000006c9711d182710001010702f0dea000016c9711d1827100a02442df7d000102030405060708090a0b"
     "0c0d0e0f0000000100000001000000000000ffffffff005900000000000000004500000000100000000000004500000001010041"
     "0100000100000000000000000000000000000000000100005e00530adea000006c9711d182710001020102f10000000000648892"
     "000b6578616d706c652d706c63",
     {}},
    {From::Server,
     "04020200100000000000a0de976cd11182710001010702f00100a0de976cd111827100a02442df7d000102030405060708090a0b"
     "0c0d0e0f0100000001000000000000000000ffffffff320000000000000000001e00000000100000000000001e0000008101001a"
     "0100000000000000000000000000000000000000000000000000",
     {}},
    {From::Server,
     "04020200100000000000a0de976cd11182710001010702f00100a0de976cd111827100a02442df7d000102030405060708090a0b"
     "0c0d0e0f0100000001000000000000000200ffffffff920000000000000000007e00000000100000000000007e00000080090038"
     "010000010000000000000000000000000000000000000000000000010000aff00000003c00000000000000000000000000000000"
     "000000000020003e010002f04558203135352d3620504e202020202020202020532045582d303034322020202020202000035604"
     "020100000000000000000000000000000000",
     {}},
    {From::Server,
     "04020200100000000000a0de976cd11182710001010702f00100a0de976cd111827100a02442df7d000102030405060708090a0b"
     "0c0d0e0f0100000001000000000000000200ffffffff920000000000000000007e00000000100000000000007e00000080090038"
     "010000010000000000000000000000000000000000000000000200010000aff00000003c00000000000000000000000000000000"
     "000000000020003e010002f04558203135352d3620504e202020202020202020532045582d303034322020202020202000035604"
     "020100000000000000000000000000000000",
     {}},
};
constexpr ExampleMessage lookup[] = {
    {From::Client,
     "0400200010000000000000000000000000000000000000000883afe11f5dc91191a408002b14a0fa000102030405060708090a0b"
     "0c0d0e0f0100000001000000000000000200ffffffff4c0000000000000000000000000000000000000000000000000000000000"
     "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
     {}},
    {From::Server,
     "0402020010000000000000000000000000000000000000000883afe11f5dc91191a408002b14a0fa000102030405060708090a0b"
     "0c0d0e0f0100000001000000000000000200ffffffff800000000000000000000000000000000000000000000000000001000000"
     "0100000000000000010000000000a0de976cd11182710001010702f000000000000000004000000045582d504c43203135202020"
     "20202020202020202020202020204558203637322d35444330312020202020202020202020202032205620203220203120203700",
     {}},
};
constexpr ExampleMessage release[] = {
    {From::Client,
     "04002000100000000000a0de976cd11182710001010702f00100a0de976cd111827100a02442df7d000102030405060708090a0b"
     "0c0d0e0f0100000001000000000000000100ffffffff34000000000000000000200000000010000000000000200000000114001c"
     "01000000000000000000000000000000000000000000000000000000",
     {}},
};
constexpr std::string_view connection_claims[] = {"client vendor_id=profinet:753",
                                                  "client device_type=profinet:753/513",
                                                  "client station_name=example-plc",
                                                  "client role=profinet io-controller",
                                                  "client-mac address=192.0.2.10",
                                                  "server vendor_id=profinet:752",
                                                  "server device_type=profinet:752/263",
                                                  "server role=profinet io-device",
                                                  "server model=EX 155-6 PN",
                                                  "server serial=S EX-0042",
                                                  "server hardware=3",
                                                  "server firmware=V4.2.1",
                                                  "server[profinet/slot-2] vendor_id=profinet:752",
                                                  "server[profinet/slot-2] model=EX 155-6 PN",
                                                  "server[profinet/slot-2] serial=S EX-0042",
                                                  "server[profinet/slot-2] hardware=3",
                                                  "server[profinet/slot-2] firmware=V4.2.1"};
constexpr std::string_view lookup_claims[] = {"server vendor_id=profinet:752",
                                              "server device_type=profinet:752/263",
                                              "server product=EX-PLC 15",
                                              "server model=EX 672-5DC01",
                                              "server hardware=2",
                                              "server firmware=V2.1.7"};
constexpr Example examples[] = {
    {"a controller connects and reads who is there", Layer::Udp, 34964, connection, connection_claims},
    {"the endpoint mapper's annotation", Layer::Udp, 34964, lookup, lookup_claims},
    {"a release says nothing", Layer::Udp, 34964, release, {}},
};
constexpr std::uint16_t ports[] = {34964};

}  // namespace

Decoder profinet_io() {
    Decoder decoder;
    decoder.name = "profinet_io";
    decoder.title = "PROFINET IO (context management)";
    decoder.spec = "IEC 61158-6-10 clauses 4.10 and 5.2; DCE 1.1 RPC clause 12";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("04 0?");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
