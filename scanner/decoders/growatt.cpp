// Growatt's own cloud protocol: Shine data loggers keep a TCP session to the maker's server (port 5279), name themselves and
// the inverter in every report, and take register writes from there: that is seen here.
//
//   |sequence 2|00|protocol 2, 5 or 6|length 2|unit|type|body ...|[CRC 2]        big-endian; length counts from the unit on
//   body of protocols 5 and 6: exclusive-or with "Growatt" repeated; CRC-16 of Modbus over all before it, big-endian
//   body: |logger serial 10|[20 zero]|inverter serial 10|[20 zero]|...           the zeros in protocol 6 only
//
// The layout is not published by its maker. It is the one that grott (a public project) speaks.
#include <array>
#include <string>

#include "core/hash.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t header_size = 8;
constexpr std::string_view mask = "Growatt";

struct Header {
    std::uint8_t protocol = 0;
    std::uint8_t type = 0;
    std::size_t size = 0;  // of the whole message
};

bool known_type(std::uint8_t type) {
    constexpr std::uint8_t types[] = {0x03, 0x04, 0x05, 0x06, 0x10, 0x16, 0x18, 0x19, 0x1b, 0x20, 0x29, 0x50};
    for (const std::uint8_t known : types) {
        if (known == type) return true;
    }
    return false;
}

bool read_header(const ByteCursor& message, Header& header) {
    if (message.left() < header_size) return false;
    header.protocol = message.peek(3);
    header.type = message.peek(7);
    const std::uint16_t length = message.peek_be16(4);
    const bool checked = header.protocol == 5 || header.protocol == 6;
    if (message.peek(2) != 0 || !(checked || header.protocol == 2)) return false;
    if (length < 2 || length > 4096 || message.peek(6) != 1 || !known_type(header.type)) return false;
    header.size = std::size_t{6} + length + (checked ? 2 : 0);
    return true;
}

// Serial numbers are ten capital letters and digits.
bool is_serial(std::string_view text) {
    if (text.size() != 10) return false;
    for (const char c : text) {
        if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))) return false;
    }
    return true;
}

// Ten bytes of the body as they are meant; `at` counts from the start of the message.
std::array<char, 10> ten_at(const ByteCursor& message, std::size_t at, bool masked) {
    std::array<char, 10> text{};
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto key = static_cast<std::uint8_t>(mask[(at + i - header_size) % mask.size()]);
        text[i] = static_cast<char>(masked ? message.peek(at + i) ^ key : message.peek(at + i));
    }
    return text;
}

// As grott (public project) reads it: zero, protocol, unit and type are fixed; protocols 5 and 6 have a checksum; the plain one
// must hold a serial number where it belongs (an acknowledgement, which has none, is not recognised by itself).
bool recognise(ByteCursor message, const Flow&) {
    Header header;
    if (!read_header(message, header) || message.left() < header.size) return false;
    if (header.protocol == 2) {
        const std::array<char, 10> text = ten_at(message, header_size, false);
        return header.size >= header_size + 10 && is_serial({text.data(), text.size()});
    }
    const Slice covered = message.bytes(header.size - 2);
    return crc16_modbus(covered.bytes) == message.peek_be16();
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (message.left() < header_size) return need(header_size);
    Header header;
    if (!read_header(message, header)) return not_this();
    if (message.left() < header.size) return need(header.size);
    const ByteCursor start = message;
    if (header.protocol != 2) {
        ByteCursor covered = message.take(header.size - 2);
        if (crc16_modbus(covered.rest().bytes) != message.be16()) return not_this();
    } else {
        message.skip(header.size);
    }
    const bool masked = header.protocol != 2;
    const auto serial_at = [&](std::size_t at, std::array<char, 10>& text) -> std::string_view {
        if (header.size < at + text.size()) return {};
        text = ten_at(start, at, masked);
        const std::string_view serial(text.data(), text.size());
        return is_serial(serial) ? serial : std::string_view();
    };
    const auto slice_at = [&](std::size_t at) {
        ByteCursor cursor = start;
        cursor.skip(at);
        return cursor.bytes(10);
    };
    std::array<char, 10> text{};
    // The logger opens the session. What the server sends carries the logger's serial number too.
    Claims logger = claims.about(flow.client());
    const std::string_view serial = serial_at(header_size, text);
    if (serial.empty()) return done(message);
    logger.stated(Field::serial, serial, slice_at(header_size), "logger");
    logger.matched(Field::brand, "Growatt", slice_at(header_size), "frame");
    logger.matched(Field::category, "datalogger", slice_at(header_size), "frame");
    const bool report = header.type == 0x03 || header.type == 0x04 || header.type == 0x50;
    if (flow.from_opener && report) {
        const std::size_t at = header_size + (header.protocol == 6 ? 30U : 10U);
        std::array<char, 10> second{};
        const std::string_view inverter = serial_at(at, second);
        if (!inverter.empty()) {
            Claims part = logger.part("growatt/inverter");
            part.stated(Field::serial, inverter, slice_at(at), "inverter");
            part.matched(Field::brand, "Growatt", slice_at(at), "frame");
            part.matched(Field::category, "solar_inverter", slice_at(at), "frame");
        }
    }
    // Types 0x06 and 0x10 write registers of the inverter, 0x18 those of the logger.
    if (!flow.from_opener && (header.type == 0x06 || header.type == 0x10 || header.type == 0x18)) {
        const std::string actor = flow.sender.ip.text();
        if (header.type == 0x18) {
            logger.stated(Field::remote_observed, "growatt logger write from " + actor, slice_at(header_size), "write");
        } else {
            logger.part("growatt/inverter")
                .stated(Field::remote_observed, "growatt inverter write from " + actor, slice_at(header_size), "write");
        }
    }
    return done(message);
}

constexpr std::string_view report_6 =
    "0001000600420104022a234751444477425e7761747447726f7761747447726f7761747447722a2f28444477425f43537474"
    "47726f7761747447726f7761747447726f7760767743d2fa";
constexpr std::string_view ping = "0002000600200116022a234751444477425e7761747447726f7761747447726f776174744772881e";
constexpr std::string_view inverter_write =
    "0003000600240106022a234751444477425e7761747447726f7761747447726f7761747447726f77617404a2";
constexpr std::string_view logger_write =
    "0004000600250118022a234751444477425e7761747447726f7761747447726f7761747447726f68617541f6a3";
constexpr std::string_view report_2 = "00010002001a010445584c303030303030314558493030303030343200010203";
constexpr std::string_view acknowledged = "0001000600030104472cd8";
constexpr ExampleMessage session[] = {{From::Client, report_6, {}},
                                      {From::Server, acknowledged, {}},
                                      {From::Client, ping, {}},
                                      {From::Server, inverter_write, {}},
                                      {From::Server, logger_write, {}}};
constexpr std::string_view session_claims[] = {
    "client serial=EXL0000001",
    "client brand=Growatt",
    "client category=datalogger",
    "client[growatt/inverter] serial=EXI0000042",
    "client[growatt/inverter] brand=Growatt",
    "client[growatt/inverter] category=solar_inverter",
    "client[growatt/inverter] remote_observed=growatt inverter write from 192.0.2.20",
    "client remote_observed=growatt logger write from 192.0.2.20",
};
constexpr ExampleMessage plain[] = {{From::Client, report_2, {}}};
constexpr std::string_view plain_claims[] = {
    "client serial=EXL0000001",
    "client brand=Growatt",
    "client category=datalogger",
    "client[growatt/inverter] serial=EXI0000042",
    "client[growatt/inverter] brand=Growatt",
    "client[growatt/inverter] category=solar_inverter",
};
constexpr ExampleMessage only_acknowledged[] = {{From::Server, acknowledged, {}}};
constexpr Example examples[] = {
    {"a logger reports and is written to, and the inverter behind it", Layer::Tcp, 5279, session, session_claims},
    {"the older protocol, in clear", Layer::Tcp, 5279, plain, plain_claims},
    {"an acknowledgement names nobody", Layer::Tcp, 5279, only_acknowledged, {}},
};
constexpr std::uint16_t ports[] = {5279, 5280};

}  // namespace

Decoder growatt() {
    Decoder decoder;
    decoder.name = "growatt";
    decoder.title = "Growatt Shine";
    decoder.spec = "unpublished; as spoken by grott (public project)";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("?? ?? 00 0? ?? ?? 01 ??");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
