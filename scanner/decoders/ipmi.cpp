// IPMI: a server's own controller, which answers while the server is off, and switches it (UDP 623). In the clear it tells its
// maker, product and firmware; who switches a server is seen where the session is not encrypted.
//
//   RMCP  |06|00|sequence|class: 06 presence, 07 IPMI|
//   IPMI  |authentication 1|sequence 4|session 4|[code 16]|length 1|to 1|function, unit 1|check 1|from 1|sequence 1|command
//   1|...|check 1| ASF   |000011be|type 1|tag 1|00|length 1|...|
#include <array>
#include <string>

#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

enum Function : std::uint8_t { Chassis = 0x00, Application = 0x06 };
enum Command : std::uint8_t { GetDeviceId = 0x01, ChassisControl = 0x02 };
constexpr std::uint8_t presence_ping = 0x80, presence_pong = 0x40;

struct Message {
    enum class Kind : std::uint8_t { None, Presence, Request, Response, Session } kind = Kind::None;
    std::uint8_t function = 0;
    std::uint8_t command = 0;
};

// The two's complement sum of what stands before it makes zero with it (IPMB protocol, section 2.1).
bool sums_to_zero(Bytes bytes) {
    unsigned sum = 0;
    for (const std::uint8_t byte : bytes) sum += byte;
    return (sum & 0xff) == 0;
}

// ASF 2.0 sections 3.2.2.3 and 3.2.4.3.
Message read_presence(ByteCursor message) {
    Message out;
    if (message.be32() != 4542) return out;
    const std::uint8_t type = message.u8();
    message.skip(1);
    const std::uint8_t reserved = message.u8();
    const std::uint8_t length = message.u8();
    const bool fits = (type == presence_ping && length == 0) || (type == presence_pong && length == 16);
    if (fits && reserved == 0 && length == message.left() && message.ok()) out.kind = Message::Kind::Presence;
    out.command = type;
    return out;
}

// IPMI 2.0 section 13.6, table 13-8: RMCP+ has a payload of a known type and its length; version 1.5 a message of two parts,
// each with its check.
Message read_ipmi(ByteCursor message) {
    Message out;
    const std::uint8_t authentication = message.u8();
    if (authentication == 6) {
        const std::uint8_t type = message.u8() & 0x3fU;
        const bool known = type <= 2 || (type >= 0x10 && type <= 0x15);
        message.skip(8);
        const std::size_t length = message.le16();
        if (known && type != 2 && length != 0 && length <= message.left() && message.ok()) out.kind = Message::Kind::Session;
        return out;
    }
    if (authentication > 5 || authentication == 3) return out;
    message.skip(8);
    if (authentication != 0) message.skip(16);
    const std::size_t length = message.u8();
    // Some add a byte so that the frame's size is none that an old network card dislikes (table 13-8).
    if (length < 7 || length > message.left() || message.left() - length > 1) return out;
    const Slice all = message.bytes(length);
    if (!message.ok() || !sums_to_zero(all.bytes.first(3)) || !sums_to_zero(all.bytes.subspan(3))) return out;
    out.function = all.bytes[1] >> 2;
    out.command = all.bytes[5];
    out.kind = (out.function & 1) != 0 ? Message::Kind::Response : Message::Kind::Request;
    return out;
}

// DSP0136 section 3.2.2.2: version 6, a reserved zero, a class; IPMI is never acknowledged (sequence 255).
Message read(const Slice& all, Reading& reading) {
    ByteCursor message = whole(all, reading);
    const std::uint8_t version = message.u8();
    const std::uint8_t reserved = message.u8();
    const std::uint8_t sequence = message.u8();
    const std::uint8_t kind = message.u8();
    if (version != 6 || reserved != 0 || !message.ok()) return {};
    if (kind == 6) return read_presence(message);
    return kind == 7 && sequence == 0xff ? read_ipmi(message) : Message();
}

Slice data_of(const Slice& all) {
    const std::size_t authenticated = all.bytes[4] == 0 ? 0 : 16;
    const std::size_t begin = 4 + 9 + authenticated + 1 + 6;
    const std::size_t length = all.bytes[4 + 9 + authenticated];
    return {all.bytes.subspan(begin, length - 7), all.offset + begin};
}

bool recognise(ByteCursor message, const Flow&) {
    Reading own;
    return read(message.rest(), own).kind != Message::Kind::None;
}

// IPMI 2.0 section 28.3.
std::string_view power(std::uint8_t what) {
    switch (what) {
        case 0:
            return "power off";
        case 1:
            return "power on";
        case 2:
            return "power cycle";
        case 3:
            return "hard reset";
        case 5:
            return "soft shutdown";
        default:
            return {};
    }
}

// IPMI 2.0 section 20.1; firmware is binary and BCD, the maker an enterprise number of 20 bits.
void device_id(const Slice& data, Claims& claims) {
    Reading own;
    ByteCursor at = whole(data, own);
    if (at.u8() != 0) return;
    at.skip(2);
    const ByteCursor before = at;
    const unsigned major = at.u8() & 0x7fU;
    const unsigned minor = at.u8();
    const Slice firmware = at.since(before);
    at.skip(2);
    const ByteCursor maker_at = at;
    const std::uint32_t maker = at.le24() & 0xfffffU;
    const std::uint16_t product = at.le16();
    const Slice maker_bytes = at.since(maker_at);
    if (!own.ok) return;
    const std::string low = std::to_string(minor >> 4) + std::to_string(minor & 15);
    if ((minor & 15) < 10 && minor >> 4 < 10)
        claims.stated(Field::firmware, std::to_string(major) + "." + low, firmware, "device_id");
    if (maker == 0 || maker == 0xfffff) return;
    claims.stated(Field::vendor_id, "pen:" + std::to_string(maker), maker_bytes, "device_id");
    claims.stated(Field::device_type, "ipmi:" + std::to_string(maker) + "/" + std::to_string(product), maker_bytes,
                  "device_id");
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    const Slice all = message.rest();
    Reading own;
    const Message said = read(all, own);
    switch (said.kind) {
        case Message::Kind::None:
            // An acknowledgement of RMCP.
            return all.size() == 4 && all.bytes[0] == 6 && (all.bytes[3] & 0x80) != 0 ? done() : not_this();
        case Message::Kind::Presence:
            if (said.command == presence_pong) claims.stated(Field::role, "ipmi controller", all, "presence");
            break;
        case Message::Kind::Response:
            claims.stated(Field::role, "ipmi controller", all, "response");
            if (said.function == Application + 1 && said.command == GetDeviceId) device_id(data_of(all), claims);
            break;
        case Message::Kind::Request:
            if (said.function == Chassis && said.command == ChassisControl) {
                const Slice data = data_of(all);
                const std::string_view what = data.empty() ? std::string_view() : power(data.bytes[0] & 15U);
                if (!what.empty())
                    claims.about(flow.receiver)
                        .stated(Field::remote_observed, "ipmi " + std::string(what) + " from " + flow.sender.ip.text(), data,
                                "chassis_control");
            }
            break;
        case Message::Kind::Session:
            break;
    }
    return done();
}

constexpr ExampleMessage asked[] = {
    {From::Client, "0600ff06 000011be 80 01 00 00", {}},
    {From::Server, "0600ff06 000011be 40 01 00 10 000011be 00000000 81 00 000000000000", {}},
    {From::Client, "0600ff07 00 00000000 00000000 07 | 20 18 c8 81 04 01 7a", {}},
    {From::Server, "0600ff07 00 00000000 00000000 13 | 81 1c 63 20 04 01 00 | 20 01 02 65 02 bf d97e00 0100 | 3a", {}},
    {From::Client, "0600ff07 00 01000000 04030201 08 | 20 00 e0 81 08 02 00 75", {}}};
constexpr std::string_view asked_claims[] = {"server role=ipmi controller", "server firmware=2.65",
                                             "server vendor_id=pen:32473", "server device_type=ipmi:32473/1",
                                             "server remote_observed=ipmi power off from 192.0.2.10"};
constexpr ExampleMessage encrypted[] = {{From::Client,
                                         "0600ff07 06 10 00000000 00000000 2000 | "
                                         "0100 0000 a1a2a3a4 00000008 01000000 01000008 01000000 02000008 01000000",
                                         {}}};
constexpr Example examples[] = {
    {"a server's controller is found, tells what it is, and switches the server off", Layer::Udp, 623, asked, asked_claims},
    {"a session is opened", Layer::Udp, 623, encrypted, {}},
};
constexpr std::uint16_t ports[] = {623};

}  // namespace

Decoder ipmi() {
    Decoder decoder;
    decoder.name = "ipmi";
    decoder.title = "IPMI, RMCP";
    decoder.spec = "IPMI 2.0 sections 13, 20.1 and 28.3; ASF 2.0 (DSP0136) section 3.2";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("06 00 ?? 06", "06 00 ff 07");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
