// Solarman V5: the data loggers of IGEN Tech, sold in and with inverters of many brands, talk to a cloud with it (TCP 10000),
// and to whoever asks on the local network (TCP 8899). Every message carries the logger's serial number; the first ones its
// firmware and that of the inverter behind it. Whoever is at the other end can read and write the inverter's registers: that is
// seen here.
//
//   |A5|length 2|control 2|sequence 2|logger serial 4|payload ...|checksum 1|15|       little-endian; length counts the payload
//   payload of a command: |02|sensor 2|times 12|Modbus RTU request|        of its answer: |02|01|times 12|Modbus RTU answer|
//
// The layout is not published by its maker. It is the one that pysolarmanv5 and tsun-gen3-proxy (public projects) speak.
#include <array>
#include <string>

#include "core/hash.h"
#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/modbus_maps.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t around_payload = 13;  // everything but the payload
constexpr std::size_t header_size = 11;
constexpr std::uint16_t longest_payload = 2048;

constexpr std::uint16_t device_information = 0x4110;
constexpr std::uint16_t data = 0x4210;
constexpr std::uint16_t command = 0x4510;

// The kinds of message; an answer has 0x30 less in its high byte.
bool known_control(std::uint16_t control) {
    switch (control) {
        case device_information:
        case data:
        case 0x4310:  // network information
        case command:
        case 0x4710:  // heartbeat
        case 0x4810:  // end of a report
        case 0x1110:
        case 0x1210:
        case 0x1310:
        case 0x1510:
        case 0x1710:
        case 0x1810:
            return true;
        default:
            return false;
    }
}

std::uint8_t sum_of(const Slice& slice) {
    unsigned sum = 0;
    for (const std::uint8_t byte : slice.bytes) sum += byte;
    return static_cast<std::uint8_t>(sum & 0xff);
}

bool starts_like_one(const ByteCursor& message) {
    return message.peek() == 0xa5 && message.peek_le16(1) >= 1 && message.peek_le16(1) <= longest_payload &&
           known_control(message.peek_le16(3));
}

// One whole message at the front of the window: start, stop, known control, length and checksum agree.
// As pysolarmanv5 and tsun-gen3-proxy (public projects) read it: the start, a length that is there, 0x15 at the end, and before
// it the sum of everything between.
bool whole_message(ByteCursor message) {
    if (message.left() < around_payload || !starts_like_one(message)) return false;
    const std::size_t length = message.peek_le16(1);
    if (message.left() < around_payload + length) return false;
    if (message.peek(header_size + length + 1) != 0x15) return false;
    message.skip(1);
    return sum_of(message.bytes(header_size - 1 + length)) == message.peek();
}

bool recognise(ByteCursor message, const Flow&) { return whole_message(message); }

// Texts are padded with NUL. What is not all printable is no text: other loggers may hold other things there.
void text_at(ByteCursor payload, std::size_t at, std::size_t size, Field field, std::string_view what, Claims& claims) {
    if (payload.left() < at + size) return;
    payload.skip(at);
    const Slice slice = payload.bytes(size);
    const std::string_view text = slice.text().substr(0, slice.text().find('\0'));
    if (text.size() >= 4 && printable_ascii(text)) claims.stated(field, text, slice, what);
}

// MODBUS over Serial Line V1.02 section 6.2.2: a request that writes (functions 5, 6, 15, 16), with its checksum right. Loggers
// are seen to add two zero bytes after it.
bool writes(const Slice& rtu) {
    if (rtu.size() < 8) return false;
    const std::uint8_t function = rtu.bytes[1];
    if (function != 5 && function != 6 && function != 15 && function != 16) return false;
    std::size_t size = 8;
    if (function == 15 || function == 16) size = std::size_t{9} + rtu.bytes[6];
    if (rtu.size() < size) return false;
    const auto said = static_cast<std::uint16_t>(rtu.bytes[size - 2] | (rtu.bytes[size - 1] << 8));
    return crc16_modbus(rtu.bytes.first(size - 2)) == said;
}

// The read that the last command carried, and what is known of the units behind the logger.
struct Notes {
    modbus_maps::Units known;
    std::uint16_t start;
    std::uint16_t registers;
    std::uint8_t unit;
    std::uint8_t function;  // 0: none
};

// MODBUS Application Protocol V1.1b3 sections 6.3 and 6.4: |unit|function|start 2|registers 2|CRC 2|.
void remember_read(Notes& notes, const Slice& rtu) {
    notes.function = 0;
    if (rtu.size() < 8 || (rtu.bytes[1] != 3 && rtu.bytes[1] != 4)) return;
    const auto said = static_cast<std::uint16_t>(rtu.bytes[6] | (rtu.bytes[7] << 8));
    if (crc16_modbus(rtu.bytes.first(6)) != said) return;
    notes.unit = rtu.bytes[0];
    notes.function = rtu.bytes[1];
    notes.start = static_cast<std::uint16_t>((rtu.bytes[2] << 8) | rtu.bytes[3]);
    notes.registers = static_cast<std::uint16_t>((rtu.bytes[4] << 8) | rtu.bytes[5]);
}

// |unit|function|bytes|registers ...|CRC 2|: the registers, when it answers that read and the checksum is right.
void observe_registers(Notes& notes, ByteCursor rtu, const Claims& inverter) {
    ByteCursor checked = rtu;
    const std::size_t bytes = std::size_t{notes.registers} * 2;
    if (notes.function == 0 || rtu.u8() != notes.unit || rtu.u8() != notes.function || rtu.u8() != bytes) return;
    const ByteCursor registers = rtu.take(bytes);
    const std::uint16_t said = rtu.le16();
    if (!rtu.ok() || crc16_modbus(checked.bytes(3 + bytes).bytes) != said) return;
    modbus_maps::observe_read(notes.known, notes.unit, notes.function, notes.start, registers, inverter);
    notes.function = 0;
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (message.left() < header_size) return starts_like_one(message) || message.left() < 5 ? need(header_size) : not_this();
    if (!starts_like_one(message)) return not_this();
    const std::size_t size = around_payload + message.peek_le16(1);
    if (message.left() < size) return need(size);
    if (!whole_message(message)) return not_this();
    message.skip(1);
    const std::uint16_t length = message.le16();
    const std::uint16_t control = message.le16();
    message.skip(2);
    const ByteCursor serial_at = message;
    const std::uint32_t serial = message.le32();
    const Slice serial_bytes = message.since(serial_at);
    ByteCursor payload = message.take(length);
    const ByteCursor rest = payload;
    message.skip(2);

    // A logger sends everything but commands, and is sent commands and answers. What others take it for is no word of its own:
    // whoever asks at the wrong address, or asks nobody, has a number in his question, too.
    const bool from_logger = (control >= 0x4000 && control != command) || control == 0x1510;
    const Party& party = from_logger ? flow.sender : flow.receiver;
    const Party& other = from_logger ? flow.receiver : flow.sender;
    Claims logger = claims.about(party);
    if (from_logger) {
        // 0 and all ones stand for a logger whose number is not known yet.
        if (serial != 0 && serial != 0xffffffffU) logger.stated(Field::serial, std::to_string(serial), serial_bytes, "logger");
        logger.matched(Field::stack_maker, "Solarman", serial_bytes, "frame");
        logger.matched(Field::category, "datalogger", serial_bytes, "frame");
    }
    if (control == device_information) {
        text_at(rest, 0x1e - header_size, 40, Field::hardware, "chip", logger);
        text_at(rest, 0x64 - header_size, 40, Field::firmware, "firmware", logger);
    } else if (control == data && rest.peek() == 0x01) {
        Claims inverter = logger.part("solarman/inverter");
        text_at(rest, 0x20 - header_size, 16, Field::serial, "inverter", inverter);
    } else if (control == 0x1510 && payload.left() > 14 && payload.peek() == 0x02) {
        payload.skip(14);
        observe_registers(flow.state->notes<Notes>(), payload, logger.part("solarman/inverter"));
    } else if (control == command && payload.left() > 15) {
        const std::uint8_t kind = payload.u8();
        payload.skip(14);
        const Slice asked = payload.rest();
        if (kind == 0x02) remember_read(flow.state->notes<Notes>(), asked);
        if (kind == 0x02 && writes(asked)) {
            logger.part("solarman/inverter")
                .stated(Field::remote_observed, "solarman modbus write from " + other.ip.text(), asked, "command");
        } else if (kind == 0x01) {
            // A command of the module's own console: it can set where the logger reports, and start an update.
            logger.stated(Field::remote_observed, "solarman console command from " + other.ip.text(), asked, "command");
        }
    }
    return done(message);
}

constexpr std::string_view device =
    "a5d4001041010001bbeea0020000000000000000000000000000000000004558414d504c452d434849505f322e3130000000"
    "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "45584657355f31375f303030315f312e30350000000000000000000000000000000000000000000000000000000000000000"
    "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "00000000000000000000000000000000000000000000006815";
constexpr std::string_view report =
    "a560001042020001bbeea0010000000000000000000000000000000000000000455830303030303030303030303034320000"
    "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "000000000000004215";
constexpr std::string_view write = "a517001045030001bbeea00200000000000000000000000000000106002b000278036a15";
constexpr std::string_view console = "a516001045040001bbeea001000000000000000000000000000041542b5645520d7415";
constexpr std::string_view read = "a517001045050000000000020000000000000000000000000000010300000008440ccf15";
constexpr std::string_view answer = "a515001015050001bbeea00201000000000000000000000000010302000179849015";
constexpr ExampleMessage cloud[] = {
    {From::Client, device, {}}, {From::Client, report, {}}, {From::Server, write, {}}, {From::Server, console, {}}};
constexpr std::string_view cloud_claims[] = {
    "client serial=2700000001",
    "client stack_maker=Solarman",
    "client category=datalogger",
    "client hardware=EXAMPLE-CHIP_2.10",
    "client firmware=EXFW5_17_0001_1.05",
    "client[solarman/inverter] serial=EX00000000000042",
    "client[solarman/inverter] remote_observed=solarman modbus write from 192.0.2.20",
    "client remote_observed=solarman console command from 192.0.2.20",
};
constexpr ExampleMessage local[] = {{From::Client, read, {}}, {From::Server, answer, {}}};
constexpr std::string_view local_claims[] = {"server serial=2700000001", "server stack_maker=Solarman",
                                             "server category=datalogger"};
constexpr std::string_view read_plate = "a517001045340001bbeea0020000000000000000000000000000010300000008440c4815";
constexpr std::string_view plate =
    "a523001015340101bbeea002010000000000000000000000000103100005000101043233303132333435363741659015";
constexpr ExampleMessage plate_read[] = {{From::Client, read_plate, {}}, {From::Server, plate, {}}};
constexpr ExampleMessage alone[] = {{From::Client, read_plate, {}}};
constexpr std::string_view plate_claims[] = {"server serial=2700000001", "server stack_maker=Solarman",
                                             "server category=datalogger", "server[solarman/inverter] serial=2301234567",
                                             "server[solarman/inverter] stack_maker=Deye"};
constexpr ExampleMessage unasked[] = {{From::Server, plate, {}}};
constexpr Example examples[] = {
    {"a local program reads type and serial number of the inverter", Layer::Tcp, 8899, plate_read, plate_claims},
    {"registers that nobody was seen to ask for name no inverter", Layer::Tcp, 8899, unasked, local_claims},
    {"a logger reports to its cloud, which writes a register and sends a console command", Layer::Tcp, 10000, cloud,
     cloud_claims},
    {"a local program reads registers", Layer::Tcp, 8899, local, local_claims},
    {"a question that nobody answers names no logger", Layer::Tcp, 8899, alone, {}},
};
constexpr std::uint16_t ports[] = {10000, 8899};

}  // namespace

Decoder solarman() {
    Decoder decoder;
    decoder.name = "solarman";
    decoder.title = "Solarman V5";
    decoder.spec = "unpublished; as spoken by pysolarmanv5 and tsun-gen3-proxy (public projects)";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("a5");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
