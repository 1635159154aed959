// SMA Speedwire: energy meters and inverters of SMA on the local network (UDP 9522, multicast 239.12.255.254). A meter
// multicasts its readings every second, with its serial number and firmware; inverters carry their serial number in every
// answer.
//
//   |"SMA" 00|0004|02A0|group 4|length 2|0010|protocol 2|...            big-endian; a discovery request has no protocol
//   its answer                  |"SMA" 00|0004|02A0|0000 0001|0002|0000|0001|tags: length 2, tag 2, value|
//   protocol 6069, meter        |SUSyID 2|serial 4|ticks 4|records: channel 1, index 1, type 1, tariff 1, value|
//   protocol 6081, the same     |longwords 1|control 1|SUSyID 2|serial 4|ticks 4|records|   a Home Manager to one receiver
//   protocol 6065, inverter     |longwords 1|control 1|to: SUSyID 2, serial 4|2|from: SUSyID 2, serial 4|...   little-endian
//
// SMA publishes the meter's protocol (Technical Information "SMA ENERGY METER, SMA HOME MANAGER 2.0: measured values and
// protocol"); the inverter's is the one that SBFspot (a public project) speaks.
#include <string>

#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::uint16_t meter = 0x6069;
constexpr std::uint16_t extended_meter = 0x6081;
constexpr std::uint16_t inverter = 0x6065;

// EMETER-Protokoll (SMA) and, for inverters, SBFspot (public project): signature, first tag and its length, and either the rest
// of a discovery request, a discovery's answer (a tag 0 of two bytes that are 1, as five public projects compare it) or a
// second tag of SMA Net 2 whose length agrees.
bool recognise(ByteCursor message, const Flow&) {
    const std::size_t size = message.left();
    if (!message.starts_with(std::string_view("SMA\0", 4))) return false;
    message.skip(4);
    if (message.be16() != 4 || message.be16() != 0x02a0 || size < 20) return false;
    message.skip(4);
    const std::uint16_t length = message.be16();
    const std::uint16_t tag = message.be16();
    if (tag == 0x0020 && length == 0) return true;
    const std::uint16_t protocol = message.be16();
    if (tag == 0 && length == 2) return protocol == 1;
    return tag == 0x0010 && length + std::size_t{16} <= size &&
           (protocol == meter || protocol == extended_meter || protocol == inverter);
}

// What the number of a kind of device stands for: 372 is a Home Manager, which measures and steers what the house consumes and
// feeds in (libspeedwire, a public project, lists them).
std::string_view category_of(std::uint16_t susy_id) { return susy_id == 372 ? "ems" : "energy_meter"; }

void observe_meter(ByteCursor body, Claims& claims) {
    const std::uint16_t susy_id = body.peek_be16();
    const Slice ids = body.bytes(6);
    if (!body.ok()) return;
    std::uint32_t serial = 0;
    for (const std::uint8_t byte : ids.bytes.subspan(2)) serial = (serial << 8) | byte;
    if (serial == 0 || serial == 0xffffffffU) return;
    // Energy Meter 1.0 and 2.0, Home Manager 2.0 (the same list). Programs send such readings too.
    if (susy_id == 270 || susy_id == 349 || susy_id == 372) {
        claims.matched(Field::brand, "SMA", ids, "frame");
    } else {
        claims.hinted(Field::brand, "SMA", ids, "frame");
    }
    claims.matched(Field::category, category_of(susy_id), ids, "frame");
    claims.stated(Field::serial, std::to_string(serial), ids, "meter");
    body.skip(4);
    // Records until what is left is too short: type 4 is a reading, 8 a counter, channel 144 the software version.
    while (body.left() >= 8) {
        const std::uint8_t channel = body.u8();
        body.skip(1);
        const std::uint8_t type = body.u8();
        body.skip(1);
        if (channel == 144) {
            const Slice version = body.bytes(4);
            std::string text;
            for (std::size_t i = 0; i < 3; ++i) text += std::to_string(version.bytes[i]) + ".";
            const char revision = static_cast<char>(version.bytes[3]);
            if (revision < 'A' || revision > 'Z') return;
            claims.stated(Field::firmware, text + revision, version, "meter");
            return;
        }
        if (type != 4 && type != 8) return;
        body.skip(type);
    }
}

// SUSyID 125 is what programs on a PC call themselves; theirs is no serial number of a device.
void observe_inverter(ByteCursor body, const Flow& flow, Claims& claims) {
    body.skip(2);
    const std::uint16_t to = body.le16();
    body.skip(6);
    const ByteCursor from_at = body;
    const std::uint16_t from = body.le16();
    const std::uint32_t serial = body.le32();
    const Slice ids = body.since(from_at);
    if (!body.ok() || from == 125 || from == 0 || from == 0xffff || serial == 0 || serial == 0xffffffffU) return;
    // A device answers somebody; who asks everybody may be a program with an id of its own.
    if (to == 0xffff || flow.receiver.ip.multicast()) return;
    claims.matched(Field::brand, "SMA", ids, "frame");
    claims.stated(Field::serial, std::to_string(serial), ids, "inverter");
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    message.skip(12);
    const std::uint16_t length = message.be16();
    const std::uint16_t tag = message.be16();
    if (tag == 0x0020) return done();
    if (tag == 0) {
        // The answer to a discovery request.
        claims.matched(Field::brand, "SMA", message.bytes(2), "discovery");
        return done();
    }
    if (length < 2) return done();
    ByteCursor body = message.take(length);
    const std::uint16_t protocol = body.be16();
    if (protocol == inverter) {
        observe_inverter(body, flow, claims);
    } else {
        if (protocol == extended_meter) body.skip(2);
        observe_meter(body, claims);
    }
    return done();
}

constexpr std::string_view discovery = "534d4100000402a0ffffffff0000002000000000";
constexpr std::string_view discovered = "534d4100000402a000000001000200000001 00040030c0000214 00000000";
constexpr std::string_view readings =
    "534d4100000402a000000001002800106069015db2d05e2a0000100000010400000001230001080000000000000001ab9000"
    "00000200145200000000";
constexpr std::string_view extended =
    "534d4100000402a000000001001e00106081"
    "4ea0 0174 b2d05e2b 00000000 00010400 00000123 90000000 02001452 00000000";
constexpr std::string_view asked =
    "534d4100000402a00000000100220010606509a0ffffffffffff00007d0015cd5b0700000000000000000000000000000000"
    "00000000";
constexpr std::string_view answered =
    "534d4100000402a00000000100220010606509a07d0015cd5b0700008a002a94357700000000000000000000000000000000"
    "00000000";
constexpr ExampleMessage found[] = {{From::Client, discovery, {}}, {From::Server, discovered, {}}};
constexpr std::string_view found_claims[] = {"server brand=SMA"};
constexpr ExampleMessage metered[] = {{From::Client, readings, {}}};
constexpr std::string_view metered_claims[] = {"client brand=SMA", "client category=energy_meter", "client serial=3000000042",
                                               "client firmware=2.0.20.R"};
constexpr ExampleMessage steered[] = {{From::Client, extended, {}}};
constexpr std::string_view steered_claims[] = {"client brand=SMA", "client category=ems", "client serial=3000000043",
                                               "client firmware=2.0.20.R"};
constexpr ExampleMessage polled[] = {{From::Client, asked, {}}, {From::Server, answered, {}}};
constexpr std::string_view polled_claims[] = {"server brand=SMA", "server serial=2000000042"};
constexpr ExampleMessage only_asked[] = {{From::Client, asked, {}}};
constexpr Example examples[] = {
    {"a device answers a discovery request", Layer::Udp, 9522, found, found_claims},
    {"a meter multicasts its readings", Layer::Udp, 9522, metered, metered_claims},
    {"a Home Manager sends them to one receiver, behind two bytes more", Layer::Udp, 9522, steered, steered_claims},
    {"an inverter answers a program", Layer::Udp, 9522, polled, polled_claims},
    {"what a program asks names nobody", Layer::Udp, 9522, only_asked, {}},
};
constexpr std::uint16_t ports[] = {9522};

}  // namespace

Decoder sma_speedwire() {
    Decoder decoder;
    decoder.name = "sma_speedwire";
    decoder.title = "SMA Speedwire";
    decoder.spec = "SMA Technical Information EMETER-Protokoll; inverters as spoken by SBFspot (public project)";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("'SMA' 00 00 04 02 a0");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
