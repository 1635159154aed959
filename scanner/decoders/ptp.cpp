// PTP: the clocks of substations, drives and audio networks. The best clock says that it is the one; asked, a clock describes
// itself with maker, model, serial number and versions.
//
//   |profile, type 1|version 1|length 2|domain 1|minor 1|flags 2|correction 8|4|clock 8, port 2|sequence 2|control 1|interval
//   1| announce (11): |time 10|offset 2|0|priority 1|quality 4|priority 1|grandmaster 8|steps 2|source 1| management (13):
//   |clock 8, port 2|hops 2|action 1|0| then |type 2|length 2|id 2|...|
#include <algorithm>

#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::uint16_t ptp_frames = 0x88f7;
constexpr std::uint16_t event_port = 319, general_port = 320;
enum Type : std::uint8_t { Announce = 11, Management = 13 };
constexpr std::uint8_t response = 2;
constexpr std::uint16_t management_tlv = 1, clock_description = 1;

// IEEE 1588-2008 tables 18 and 25 to 37: how short a message of each type can be; 0: no type.
std::size_t least_of(std::uint8_t type) {
    switch (type) {
        case 0:
        case 1:
        case 8:
        case 12:
            return 44;
        case 2:
        case 3:
        case 9:
        case 10:
            return 54;
        case Announce:
            return 64;
        case Management:
            return 48;
        default:
            return 0;
    }
}

struct Head {
    std::uint8_t type = 0;
    Slice clock;
    ByteCursor body;
    bool good = false;
};

// IEEE 1588-2008 clause 13.3: version 2, a type and no less than it takes, the length of the whole (a frame may be padded), a
// control field that is 0 or the type's own, and a clock and port that are not 0. Over UDP it has two ports of its own (annexes
// D and E).
Head read_head(ByteCursor& message, const Flow& flow) {
    Head out{0, {}, message, false};
    const bool place =
        flow.layer == Layer::Link ? flow.ethertype == ptp_frames : flow.on_port(event_port) || flow.on_port(general_port);
    const std::size_t size = message.left();
    const std::uint8_t first = message.u8();
    const std::uint8_t version = message.u8();
    const std::size_t length = message.be16();
    out.type = first & 15U;
    const std::size_t least = least_of(out.type);
    if (!place || (version & 15) != 2 || version >> 4 > 2 || least == 0 || length < least || length > size) return out;
    if (flow.layer == Layer::Udp && size - length > 2) return out;  // a checksum's room (annexes D and E)
    out.body = message.take(length - 4);
    out.body.skip(16);
    out.clock = out.body.bytes(8);
    const std::uint16_t port = out.body.be16();
    out.body.skip(2);
    const std::uint8_t control = out.body.u8();
    out.body.skip(1);
    const bool clock = std::any_of(out.clock.bytes.begin(), out.clock.bytes.end(), [](std::uint8_t b) { return b != 0; });
    out.good = message.ok() && clock && port != 0 && control <= 5;
    return out;
}

bool recognise(ByteCursor message, const Flow& flow) { return read_head(message, flow).good; }

// Clause 5.3.9: a length of one byte and the text.
Slice text_of(ByteCursor& from) { return from.bytes(from.u8()); }

// The n-th of the texts that ';' parts.
Slice part_of(const Slice& all, std::size_t n) {
    std::size_t begin = 0;
    for (; n > 0; --n) {
        const std::size_t next = all.text().find(';', begin);
        if (next == std::string_view::npos) return {};
        begin = next + 1;
    }
    const std::size_t end = std::min(all.text().find(';', begin), all.size());
    return {all.bytes.subspan(begin, end - begin), all.offset + begin};
}

// Clause 15.5.3.1.2: "maker;model;instance" and "hardware;firmware;software". What its owner wrote of it is left out.
void describe(ByteCursor body, Claims& claims) {
    body.skip(10 + 2);
    const std::uint8_t action = body.u8() & 15U;
    body.skip(1);
    if (action != response || body.be16() != management_tlv) return;
    ByteCursor description = body.take(body.be16());
    if (description.be16() != clock_description) return;
    description.skip(2);
    text_of(description);
    description.skip(description.be16());
    description.skip(2);
    description.skip(description.be16());
    description.skip(4);
    const Slice product = text_of(description);
    const Slice revision = text_of(description);
    if (!description.ok()) return;
    claims.stated(Field::brand, part_of(product, 0), "product");
    claims.stated(Field::model, part_of(product, 1), "product");
    claims.stated(Field::serial, part_of(product, 2), "product");
    claims.stated(Field::hardware, part_of(revision, 0), "revision");
    claims.stated(Field::firmware, part_of(revision, 1), "revision");
    claims.stated(Field::software, part_of(revision, 2), "revision");
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    Head head = read_head(message, flow);
    if (!head.good) return not_this();
    if (head.type == Announce) {
        head.body.skip(10 + 2 + 1 + 1 + 4 + 1);
        const Slice best = head.body.bytes(8);
        const std::uint16_t steps = head.body.be16();
        // Clause 7.6.2.4, table 5: classes up to 52 keep time of their own; who sends its own clock is the best one.
        if (head.body.ok() && steps == 0 && best.text() == head.clock.text())
            claims.stated(Field::role, "ptp grandmaster", best, "announce");
    }
    if (head.type == Management) {
        Reading own;
        const Slice body = head.body.rest();
        describe(whole(body, own), claims);
    }
    return done();
}

constexpr ExampleMessage best[] = {
    {From::Server,
     "0b 02 0040 00 00 0000 0000000000000000 00000000 00005efffe005314 0001 0001 05 01 | 00000000000000000000 0025 00 80 06 21 "
     "4e5d "
     "80 00005efffe005314 0000 20",
     {}},
    {From::Client,
     "01 02 002c 00 00 0000 0000000000000000 00000000 00005efffe00530a 0001 0001 01 7f | 00000000000000000000",
     {}}};
constexpr std::string_view best_claims[] = {"server role=ptp grandmaster"};
constexpr ExampleMessage described[] = {
    {From::Server,
     "0d 02 0088 00 00 0000 0000000000000000 00000000 00005efffe005314 0001 0001 04 7f | 00005efffe00530a 0001 00 00 02 00"
     "| 0001 0054 0001 | 8000 | 0a 49454545203830322e33 | 0006 00005e005314 | 0001 0004 c0000214 | 00005e 00"
     "| 11 4578616d706c653b45434c2d313b3030 37 | 0d 312e303b322e312e333b342e35 | 0a 77696c68656c6d696e61 | 00005e000000",
     {}}};
constexpr std::string_view described_claims[] = {"server brand=Example", "server model=ECL-1",    "server serial=007",
                                                 "server hardware=1.0",  "server firmware=2.1.3", "server software=4.5"};
constexpr Example examples[] = {
    {"the best clock, and another that asks it", Layer::Link, ptp_frames, best, best_claims},
    {"a clock describes itself; what its owner wrote is left out", Layer::Udp, general_port, described, described_claims},
};
constexpr std::uint16_t ports[] = {ptp_frames, event_port, general_port};

}  // namespace

Decoder ptp() {
    Decoder decoder;
    decoder.name = "ptp";
    decoder.title = "PTP (IEEE 1588)";
    decoder.spec = "IEEE 1588-2008 clauses 13 and 15, annexes D to F";
    decoder.layers = Layer::Link | Layer::Udp;
    decoder.ports = ports;
    decoder.starts = Starts("?0 ?2", "?1 ?2", "?2 ?2", "?3 ?2", "?8 ?2", "?9 ?2", "?a ?2", "?b ?2", "?c ?2", "?d ?2");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
