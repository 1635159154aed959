// ANSI C12.22: electricity meters of North America and the head-ends that read them. A node's application title is its own
// number in the network; where a message is in clear, table 1 names maker, model, versions and serial number.
//
//   60 length | A2 called title | [A4 called id] | [A6 calling title] | [A8 calling id] | [AC key] | BE 28 81 EPSEM
//   EPSEM: |control|[class 4]| services: |length|service ...|     read 30 table 2; answer 00 count 2 data check
#include <string>

#include "decoders/decoder.h"
#include "decoders/der.h"

namespace herkomst::decoders {

namespace {

// ANSI C12.22-2012 clause 5.3.4: the ACSE elements and the bytes of the service, if they are in clear.
struct Message {
    Slice calling_title;
    std::uint32_t called_id = 0;
    std::uint32_t calling_id = 0;
    bool called = false;
    bool calling = false;
    bool clear = false;
    Slice services;
};

std::uint32_t number(ByteCursor content) {
    content = next_der(content, der::integer).content;
    std::uint32_t value = 0;
    while (!content.done()) value = (value << 8) | content.u8();
    return value;
}

bool read(ByteCursor data, Message& message, std::size_t& size) {
    if (data.peek() != 0x60) return false;
    DerItem acse = next_der(data, 0x60);
    size = acse.whole.size();
    int titles = 0;
    bool information = false;
    std::uint8_t before = 0;
    while (acse.content.ok() && !acse.content.done()) {
        const DerItem item = next_der(acse.content);
        // The elements stand in the order of their tags.
        if (item.tag <= before) return false;
        before = item.tag;
        switch (item.tag) {
            case 0xa1:
                break;
            case 0xa2:
                ++titles;
                break;
            case 0xa4:
                message.called_id = number(item.content);
                message.called = true;
                break;
            case 0xa6:
                message.calling_title = ByteCursor(item.content).rest();
                ++titles;
                break;
            case 0xa5:
            case 0xa7:
            case 0x8b:
            case 0xac:
                break;
            case 0xa8:
                message.calling_id = number(item.content);
                message.calling = true;
                break;
            case 0xbe: {
                ByteCursor inside = item.content;
                DerItem external = next_der(inside, 0x28);
                DerItem octets = next_der(external.content, 0x81);
                const std::uint8_t control = octets.content.u8();
                // Bit 7 is 1; bits 3 and 2 are the security: none, authenticated, encrypted.
                if ((control & 0x80) == 0 || (control & 0x0c) == 0x0c) return false;
                if ((control & 0x10) != 0) octets.content.skip(4);
                message.clear = (control & 0x0c) == 0;
                message.services = octets.content.rest();
                information = true;
                break;
            }
            default:
                return false;
        }
    }
    return acse.content.ok() && titles > 0 && information && message.calling;
}

bool recognise(ByteCursor data, const Flow& flow) {
    Message message;
    std::size_t size = 0;
    if (!read(data, message, size)) return false;
    return flow.layer == Layer::Tcp || data.left() == size;
}

// ANSI C12.19 table 1: |maker 4|model 8|hardware version, revision|firmware version, revision|serial number 16|
void table1(ByteCursor data, Claims& claims) {
    const Slice maker = data.bytes(4);
    const Slice model = data.bytes(8);
    const ByteCursor versions = data;
    const unsigned hardware = data.u8();
    const unsigned hardware_revision = data.u8();
    const unsigned firmware = data.u8();
    const unsigned firmware_revision = data.u8();
    const Slice version = data.since(versions);
    const Slice serial = data.bytes(16);
    if (!data.ok()) return;
    claims.stated(Field::brand, maker, "table_1");
    claims.stated(Field::model, model, "table_1");
    claims.stated(Field::hardware, std::to_string(hardware) + "." + std::to_string(hardware_revision), version, "table_1");
    claims.stated(Field::firmware, std::to_string(firmware) + "." + std::to_string(firmware_revision), version, "table_1");
    claims.stated(Field::serial, serial, "table_1");
}

// A title is an object identifier, absolute (06) or under the C12.22 arc (80).
void title(const Slice& raw, Claims& claims) {
    Reading reading;
    ByteCursor data = whole(raw, reading);
    const DerItem item = next_der(data);
    if (!data.ok()) return;
    const Slice bytes = ByteCursor(item.content).rest();
    if (item.tag == der::object_identifier) {
        const std::string oid = der_oid(bytes);
        if (!oid.empty()) claims.stated(Field::unique_id, "c1222:" + oid, raw, "title");
    }
}

constexpr std::uint64_t asked_table1 = 1;

Verdict observe(ByteCursor data, Flow& flow, Claims& claims) {
    if (data.left() < 2) return need(2);
    Message message;
    std::size_t size = 0;
    // The length of the whole first: one byte, or one or two behind 81 or 82.
    if (data.peek() != 0x60) return not_this();
    const std::uint8_t first = data.peek(1);
    size = 2U + first;
    if (first == 0x81) size = 3U + data.peek(2);
    if (first == 0x82) size = 4U + data.peek_be16(2);
    if (first > 0x82 || first == 0x80) return not_this();
    if (flow.layer == Layer::Tcp && (data.left() < 4 || data.left() < size)) return need(data.left() < 4 ? 4 : size);
    if (data.left() < size) return not_this();
    const Slice raw = data.bytes(size);
    Reading reading;
    if (!read(whole(raw, reading), message, size)) return not_this();
    if (!message.calling_title.empty()) title(message.calling_title, claims);
    if (!message.clear) return done(data);
    Reading again;
    ByteCursor services = whole(message.services, again);
    const std::size_t length = services.u8();
    if (length == 0 || length >= 0x80 || length > services.left()) return done(data);
    ByteCursor service = services.take(length);
    const std::uint8_t code = service.u8();
    if (code == 0x30 && service.left() == 2 && service.be16() == 1) {
        flow.state->ask(message.calling_id, asked_table1);
    } else if (code == 0 && message.called) {
        std::uint64_t what = 0;
        if (!flow.state->answered(message.called_id, what) || what != asked_table1) return done(data);
        const std::uint16_t count = service.be16();
        if (count >= 32) table1(service.take(count), claims);
    }
    return done(data);
}

constexpr ExampleMessage reading[] = {
    {From::Client, "602ea20d060b2b060104018285638e7f02a60d060b2b060104018285638e7f01a803020105be09280781058003300001", {}},
    {From::Server,
     "6054a20d060b2b060104018285638e7f01a403020105a60d060b2b060104018285638e7f02a803020109be2a2828812680240000"
     "2045584d5045582d4d31202020020103073030303030303030303030303030343255",
     {}},
};
constexpr ExampleMessage nobody[] = {
    {From::Client, "601ca20480027b01a60480027b02a803020107be09280781058865f1e271", {}},
};
constexpr std::string_view reading_claims[] = {"client unique_id=c1222:1.3.6.1.4.1.33507.1919.1",
                                               "server unique_id=c1222:1.3.6.1.4.1.33507.1919.2",
                                               "server brand=EXMP",
                                               "server model=EX-M1",
                                               "server hardware=2.1",
                                               "server firmware=3.7",
                                               "server serial=0000000000000042"};
constexpr Example examples[] = {
    {"table 1 of a meter is read in clear", Layer::Tcp, 1153, reading, reading_claims},
    {"an encrypted message between short titles says nothing", Layer::Udp, 1153, nobody, {}},
};
constexpr std::uint16_t ports[] = {1153};

}  // namespace

Decoder c1222() {
    Decoder decoder;
    decoder.name = "c1222";
    decoder.title = "ANSI C12.22";
    decoder.spec = "ANSI C12.22-2012 clause 5.3; ANSI C12.19 table 1";
    decoder.layers = Layer::Udp | Layer::Tcp;
    decoder.ports = ports;
    decoder.starts = Starts("60");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
