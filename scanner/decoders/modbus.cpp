// Modbus/TCP: the field bus of meters, inverters, drives and PLCs. A server names itself when asked (Read Device
// Identification, Report Server ID), and in registers laid out by SunSpec; writes show who controls it. Nothing is
// authenticated. A unit other than 0 and 255 is a device behind the address: a gateway's child or a logical device.
//
//   |transaction 2|protocol 2 = 0|length 2|unit 1|function 1|data ...     length counts from the unit on
//   serial framing through a transparent gateway: |unit 1|function 1|data ...|CRC 2|
//   Read Device Identification, reply: |2B|0E|code|conformity|more|next|count| object id, length, text ...
#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "core/hash.h"
#include "decoders/decoder.h"
#include "decoders/modbus_maps.h"
#include "decoders/sunspec.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t header_size = 6;

struct Notes {
    bool turned;  // joined in mid-conversation, and the first guess of who serves was wrong
    bool paired;  // a request and its reply have been seen
    bool serial;  // serial framing: what answers stands behind a transparent gateway
    bool framed;  // ... is decided
    modbus_maps::Units known;
    std::uint8_t oldest;
    std::uint8_t walked;  // so many of the walks are used
    std::array<sunspec::Walk, 12> walks;
};

// One application data unit: what follows the header, exactly as long as the header says.
struct Unit {
    std::uint16_t transaction = 0;
    std::uint8_t unit = 0;
    std::uint8_t function = 0;
    ByteCursor data;  // after the function code
};

constexpr unsigned request = 1;
constexpr unsigned reply = 2;

// Which way a function's data can travel, by its shape alone (MODBUS Application Protocol V1.1b3, clause 6); 0: it is not
// Modbus. `odd` functions (user-defined, Schneider's 0x5A) have no shape to check.
unsigned shape(const Unit& adu, bool& odd) {
    const ByteCursor& data = adu.data;
    const std::size_t n = data.left();
    const auto either = [](bool is_request, bool is_reply) { return (is_request ? request : 0U) | (is_reply ? reply : 0U); };
    const bool counted = n >= 1 && data.peek() == n - 1;
    const std::uint16_t quantity = data.peek_be16(2);
    odd = false;
    if ((adu.function & 0x80) != 0) {
        // Clause 7: an exception is one code, 1 to 11.
        const unsigned function = adu.function & 0x7fU;
        const bool known = (function >= 1 && function <= 24) || function == 0x2b || function == 0x5a;
        return known && n == 1 && data.peek() >= 1 && data.peek() <= 11 ? reply : 0U;
    }
    switch (adu.function) {
        case 1:
        case 2:
            return either(n == 4 && quantity >= 1 && quantity <= 2000, counted && n >= 2);
        case 3:
        case 4:
            return either(n == 4 && quantity >= 1 && quantity <= 125, counted && n >= 3 && data.peek() % 2 == 0);
        case 5:
            return n == 4 && (quantity == 0 || quantity == 0xff00) ? request | reply : 0U;
        case 6:
            return n == 4 ? request | reply : 0U;
        case 7:
            return either(n == 0, n == 1);
        case 8:
            return n >= 4 && n % 2 == 0 && data.peek_be16() <= 20 ? request | reply : 0U;
        case 11:
            return either(n == 0, n == 4);
        case 12:
        case 17:
            return either(n == 0, counted && n >= 2);
        case 15:
            return either(n >= 6 && data.peek(4) == n - 5 && data.peek(4) == (quantity + 7) / 8, n == 4 && quantity >= 1);
        case 16:
            return either(n >= 7 && data.peek(4) == n - 5 && data.peek(4) == 2 * quantity,
                          n == 4 && quantity >= 1 && quantity <= 125);
        case 20:
        case 21:
            return counted && n >= 3 ? request | reply : 0U;
        case 22:
            return n == 6 ? request | reply : 0U;
        case 23:
            return either(n >= 11 && data.peek(8) == n - 9 && data.peek(8) == 2 * data.peek_be16(6),
                          counted && n >= 3 && data.peek() % 2 == 0);
        case 24:
            return either(n == 2, n >= 4 && data.peek_be16() == n - 2);
        case 0x2b: {
            // Clause 6.19: MEI 0x0D is CANopen; 6.21: MEI 0x0E, code 1 to 4, conformity 1 to 3 with or without 0x80.
            if (data.peek() == 0x0d) return n >= 2 ? request | reply : 0U;
            const bool code = data.peek() == 0x0e && data.peek(1) >= 1 && data.peek(1) <= 4;
            const unsigned conformity = data.peek(2) & 0x7fU;
            const bool more = data.peek(3) == 0 || data.peek(3) == 0xff;
            return either(code && n == 3, code && n >= 6 && conformity >= 1 && conformity <= 3 && more);
        }
        case 0x5a:
            odd = true;
            return n >= 2 ? request | reply : 0U;
        default:
            // Clause 5: 65 to 72 and 100 to 110 are free for makers.
            odd = true;
            return (adu.function >= 65 && adu.function <= 72) || (adu.function >= 100 && adu.function <= 110) ? request | reply
                                                                                                              : 0U;
    }
}

// The next unit of the window; false when it is not whole or no Modbus header.
bool next_unit(ByteCursor& message, Unit& adu) {
    if (message.left() < header_size + 2 || message.peek_be16(2) != 0) return false;
    const std::uint16_t length = message.peek_be16(4);
    if (length < 2 || length > message.left() - header_size) return false;
    adu.transaction = message.be16();
    message.skip(4);
    adu.data = message.take(length);
    adu.unit = adu.data.u8();
    adu.function = adu.data.u8();
    return true;
}

// MODBUS over Serial Line V1.02 section 2.5.1: unit, function, data and CRC, without a length: the shape of each function gives
// the sizes that are possible, and the CRC tells which of them it is. Functions of no fixed shape (0x2B) must fill the window.
bool next_serial_unit(ByteCursor& message, Unit& adu) {
    const std::size_t n = message.left();
    const std::uint8_t unit = message.peek();
    const std::uint8_t function = message.peek(1);
    if (n < 4 || unit == 0 || unit > 247) return false;
    std::array<std::size_t, 2> sizes{};
    if ((function & 0x80) != 0) {
        sizes = {5, 0};
    } else if (function >= 1 && function <= 4) {
        sizes = {8, std::size_t{5} + message.peek(2)};
    } else if (function == 5 || function == 6) {
        sizes = {8, 0};
    } else if (function == 15 || function == 16) {
        sizes = {8, std::size_t{9} + message.peek(6)};
    } else if (function == 17) {
        sizes = {4, std::size_t{5} + message.peek(2)};
    } else if (function == 0x2b && n <= 256) {
        sizes = {n, 0};
    }
    for (const std::size_t size : sizes) {
        if (size < 4 || size > n) continue;
        ByteCursor after = message;
        const Slice frame = after.bytes(size);
        const auto crc = static_cast<std::uint16_t>(frame.bytes[size - 2] | (frame.bytes[size - 1] << 8));
        if (crc16_modbus(frame.bytes.first(size - 2)) != crc) continue;
        adu.transaction = 0;
        adu.unit = message.u8();
        adu.function = message.u8();
        adu.data = message.take(size - 4);
        message.skip(2);
        return true;
    }
    return false;
}

// Emerson's ROC Plus ends in the same CRC: |unit|group|unit|group|opcode|length|data|CRC|. What fills that shape is left to it.
bool like_roc_plus(const ByteCursor& message) {
    return message.left() >= 8 && std::size_t{message.peek(5)} + 8 == message.left() && message.peek(4) > 1;
}

bool recognise_serial(ByteCursor message) {
    if (like_roc_plus(message)) return false;
    const ByteCursor none = message.take(0);
    std::size_t units = 0;
    while (!message.done()) {
        Unit adu{0, 0, 0, none};
        bool odd = false;
        if (!next_serial_unit(message, adu) || shape(adu, odd) == 0 || odd) return false;
        ++units;
    }
    return units > 0;
}

// Messaging on TCP/IP V1.0b 3.1.3: protocol identifier 0; the length holds exactly one unit of 2 to 254 bytes; the function's
// own counts agree with it. Every whole unit of the window must, and a started one must begin like one.
bool recognise_tcp(ByteCursor message, const Flow& flow) {
    const ByteCursor none = message.take(0);
    std::size_t units = 0;
    while (!message.done()) {
        Unit adu{0, 0, 0, none};
        if (!next_unit(message, adu)) break;
        bool odd = false;
        if (adu.data.left() > 252 || shape(adu, odd) == 0 || (odd && !flow.on_port(502))) return false;
        ++units;
    }
    const bool starts_another =
        message.done() || (message.peek_be16(2) == 0 && (message.left() < header_size || message.peek_be16(4) >= 2) &&
                           message.peek_be16(4) <= 254);
    return units > 0 && starts_another;
}

bool recognise(ByteCursor message, const Flow& flow) { return recognise_tcp(message, flow) || recognise_serial(message); }

// Printable runs of at least three characters, joined by a blank.
std::string printable_runs(const Slice& slice) {
    std::string text;
    std::string run;
    const auto end_run = [&] {
        if (run.size() >= 3) text += (text.empty() ? "" : " ") + run;
        run.clear();
    };
    for (const char c : slice.text()) {
        if (c >= 0x20 && c < 0x7f) {
            run += c;
        } else {
            end_run();
        }
    }
    end_run();
    return text;
}

// Clause 6.21. Objects 3 (a URL) and 6 (the user's own name for the application) are left alone.
// Servers answer more objects than were asked for, so what comes counts and not the request.
void device_identification(ByteCursor data, modbus_maps::Units& known, std::uint8_t unit, Claims claims, const Claims& server,
                           std::uint16_t port) {
    data.skip(3);
    const bool more_follows = data.u8() != 0;
    data.skip(1);
    Slice product_code;
    bool model_named = false;
    for (int left = data.u8(); left > 0 && data.ok(); --left) {
        const std::uint8_t object = data.u8();
        const Slice text = data.bytes(data.u8());
        switch (object) {
            case 0:
                claims.stated(Field::brand, text, "vendor_name");
                modbus_maps::observe_name(known, unit, text.text());
                break;
            case 1:
                claims.stated(Field::product, text, "product_code");
                product_code = text;
                break;
            case 2:
                claims.stated(Field::firmware, text, "revision");
                break;
            case 4:
                claims.stated(Field::product, text, "product_name");
                break;
            case 5:
                claims.stated(Field::model, text, "model_name");
                model_named = !text.empty();
                break;
            default:
                break;
        }
        // Huawei's loggers list the devices behind them from 0x88 on, as "1=model;2=software;4=serial;5=unit;...".
        if (object >= 0x88 && text.text().substr(0, 2) == "1=") {
            std::string_view rest = text.text();
            std::string_view values[6];
            for (int items = 0; items < 16 && !rest.empty(); ++items) {
                const std::string_view item = rest.substr(0, rest.find(';'));
                rest.remove_prefix(item.size() == rest.size() ? item.size() : item.size() + 1);
                if (item.size() > 2 && item[1] == '=' && item[0] >= '1' && item[0] <= '5')
                    values[item[0] - '0'] = item.substr(2);
            }
            const bool itself = values[5].empty() || values[5] == "0";
            Claims device = itself ? server : server.part("modbus/" + std::to_string(port) + "/" + std::string(values[5]));
            device.stated(Field::model, values[1], text, "device_list");
            std::uint8_t listed = 0;
            const auto [end, error] = std::from_chars(values[5].data(), values[5].data() + values[5].size(), listed);
            if (error == std::errc() && listed != 0) modbus_maps::observe_model(known, listed, values[1]);
            device.stated(Field::firmware, values[2], text, "device_list");
            device.stated(Field::serial, values[4], text, "device_list");
        }
    }
    if (!model_named && !more_follows && data.ok()) claims.stated(Field::model, product_code, "product_code");
}

sunspec::Walk* known_walk(Notes& notes, std::uint8_t unit) {
    for (std::size_t i = 0; i < notes.walked; ++i) {
        if (notes.walks[i].unit == unit) return &notes.walks[i];
    }
    return nullptr;
}

sunspec::Walk& walk_of(Notes& notes, std::uint8_t unit) {
    if (sunspec::Walk* const known = known_walk(notes, unit); known != nullptr) return *known;
    sunspec::Walk& walk = notes.walks[notes.oldest];
    notes.oldest = static_cast<std::uint8_t>((notes.oldest + 1U) % notes.walks.size());
    notes.walked = static_cast<std::uint8_t>(std::min<std::size_t>(notes.walked + 1U, notes.walks.size()));
    walk = {};
    walk.unit = unit;
    return walk;
}

// What must be known of a request to read its reply.
std::uint64_t question(const Unit& adu) {
    const std::uint64_t start = adu.data.peek_be16();
    const std::uint64_t quantity = adu.data.peek_be16(2);
    switch (adu.function) {
        case 3:
        case 4:
        case 16:
            return (start << 16) | quantity;
        case 6:
        case 22:
            return (start << 16) | 1U;
        case 23:
            return (std::uint64_t{adu.data.peek_be16(4)} << 48) | (std::uint64_t{adu.data.peek_be16(6)} << 32) | (start << 16) |
                   quantity;
        case 0x5a:
            return adu.data.peek(1);
        default:
            return 0;
    }
}

// A register of the unit's SunSpec chain is that and nothing else, whatever its maker has at that number in other devices. What
// a register means that nobody described is not known; that it was set is a hint.
void written_registers(Notes& notes, std::uint8_t unit, std::uint16_t start, std::uint16_t quantity, const Slice& witness,
                       const Party& client, const Claims& device) {
    const sunspec::Walk& walk = walk_of(notes, unit);
    const std::string actor = client.ip.text();
    if (!sunspec::holds(walk, start)) {
        modbus_maps::observe_write(notes.known, unit, start, quantity, witness, actor, device);
        if (!modbus_maps::knows_controls(notes.known, unit)) {
            Claims claims = device;
            claims.hinted(Field::remote_observed, "modbus write from " + actor, witness, "write");
        }
    }
    sunspec::observe_write(walk, start, quantity, witness, actor, device);
}

// "modbus/502/3", without an allocation: every reply has one.
class UnitName {
  public:
    UnitName(bool serial, std::uint16_t port, std::uint8_t unit) {
        put(serial ? std::string_view("modbus_rtu/") : std::string_view("modbus/"));
        put(port);
        put(std::string_view("/"));
        put(unit);
    }
    [[nodiscard]] std::string_view text() const { return {text_.data(), size_}; }

  private:
    void put(std::string_view word) { size_ += word.copy(text_.data() + size_, text_.size() - size_); }
    void put(unsigned number) {
        const char* const end = std::to_chars(text_.data() + size_, text_.data() + text_.size(), number).ptr;
        size_ = static_cast<std::size_t>(end - text_.data());
    }
    std::array<char, 24> text_{};  // the longest is "modbus_rtu/65535/255"
    std::size_t size_ = 0;
};

// Most of what is polled on a plant are measured values, which say nothing of who made the device: seen at a glance.
bool says_nothing(const Unit& adu, std::uint64_t asked, bool was_asked, Notes& notes) {
    if (adu.function != 3 && adu.function != 4) return false;
    ByteCursor data = adu.data;
    const ByteCursor registers = data.take(data.u8());
    const auto start = static_cast<std::uint16_t>(asked >> 16);
    const auto quantity = static_cast<std::uint16_t>(asked);
    return !was_asked || registers.left() != std::size_t{2} * quantity ||
           (!modbus_maps::may_tell(start, quantity) && !sunspec::may_tell(known_walk(notes, adu.unit), start, registers));
}

void observe_reply(const Unit& adu, std::uint64_t asked, bool was_asked, Notes& notes, const Party& client, const Party& server,
                   const Claims& claims) {
    if (says_nothing(adu, asked, was_asked, notes)) return;
    const Claims host = claims.about(server);
    const bool is_host = !notes.serial && (adu.unit == 0 || adu.unit == 255);
    Claims unit = is_host ? host : host.part(UnitName(notes.serial, server.port, adu.unit).text());
    const auto start = static_cast<std::uint16_t>(asked >> 16);
    const auto quantity = static_cast<std::uint16_t>(asked);
    ByteCursor data = adu.data;
    switch (adu.function) {
        case 3:
        case 4:
        case 23: {
            ByteCursor registers = data.take(data.u8());
            if (!was_asked) return;
            if (registers.left() == std::size_t{2} * quantity) {
                modbus_maps::observe_read(notes.known, adu.unit, adu.function, start, registers, unit);
                const std::string_view maker = sunspec::observe_read(walk_of(notes, adu.unit), start, registers, unit);
                modbus_maps::observe_name(notes.known, adu.unit, maker);
            }
            if (adu.function == 23) {
                const auto written = static_cast<std::uint16_t>(asked >> 48);
                const auto count = static_cast<std::uint16_t>(asked >> 32);
                written_registers(notes, adu.unit, written, count, registers.rest(), client, unit);
            }
            return;
        }
        case 5:
        case 15:
            // Clauses 6.5 and 6.11: a coil is an output.
            if (was_asked) {
                unit.stated(Field::remote_observed, "modbus write coil from " + client.ip.text(), data.rest(), "write");
            }
            return;
        case 6:
        case 16:
        case 22:
            if (was_asked) {
                written_registers(notes, adu.unit, start, quantity, data.rest(), client, unit);
            }
            return;
        case 17: {
            // Clause 6.13: the layout after the count is the maker's own.
            const Slice answer = data.bytes(data.u8());
            unit.stated(Field::description, printable_runs(answer), answer, "report_server_id");
            return;
        }
        case 0x2b:
            if (data.peek() == 0x0e) device_identification(data, notes.known, adu.unit, unit, host, server.port);
            return;
        case 0x5a: {
            // Schneider's own protocol: the reply to request 2 (identity) is FE, 22 bytes, and the counted name of the CPU.
            if (!was_asked || asked != 2 || data.peek(1) != 0xfe || data.left() < 26) return;
            data.skip(24);
            const Slice name = data.bytes(data.u8());
            if (data.ok() && printable_runs(name).size() == name.size()) unit.stated(Field::product, name, "umas.identity");
            return;
        }
        default:
            return;
    }
}

// Schneider's own protocol, in function 0x5A: |session|request|. It is not published; as public dissectors of it read it. 0x33
// to 0x35 fetch the program: that is reading.
std::string_view umas_command(std::uint8_t request_code) {
    switch (request_code) {
        case 0x10:  // the controller is reserved for who programs it
            return "umas reservation";
        case 0x23:
        case 0x25:
            return "umas write";
        case 0x30:
            return "umas download";
        case 0x40:
            return "umas start";
        case 0x41:
            return "umas stop";
        default:
            return {};
    }
}

// Messaging on TCP/IP V1.0b 4.2: the reply repeats transaction, unit and function.
std::uint32_t pair_key(std::uint16_t transaction, std::uint8_t unit, std::uint8_t function) {
    return (std::uint32_t{transaction} << 16) | (std::uint32_t{unit} << 8) | (function & 0x7fU);
}

// Registers that are read and read again are nearly all that a plant says, and say nothing of who made the device: told at a
// glance, with the outcome of the long way. 0: the message is for that.
std::size_t poll(ByteCursor message, const Flow& flow, Notes& notes) {
    const Bytes bytes = ByteCursor(message).rest().bytes;
    if (bytes.size() < 11) return 0;
    const auto at = [&](std::size_t i) { return static_cast<unsigned>(bytes[i] << 8 | bytes[i + 1]); };
    const std::size_t size = header_size + at(4);
    if (at(2) != 0 || bytes.size() < size || (bytes[7] != 3 && bytes[7] != 4)) return 0;
    const std::uint32_t key = pair_key(static_cast<std::uint16_t>(at(0)), bytes[6], bytes[7]);
    if (flow.from_server() == notes.turned) {
        const unsigned quantity = size == 12 ? at(10) : 0;
        if (quantity == 0 || quantity > 125) return 0;
        flow.state->ask(key, std::uint64_t{at(8)} << 16 | quantity);
        return size;
    }
    const std::size_t count = bytes[8];
    if (!notes.paired || size != 9 + count || count < 2 || count % 2 != 0) return 0;
    std::uint64_t asked = 0;
    if (!flow.state->asked(key, asked)) return size;
    if (count == 2 * static_cast<std::size_t>(asked & 0xffffU)) {
        const auto start = static_cast<std::uint16_t>(asked >> 16);
        message.skip(9);
        if (modbus_maps::may_tell(start, count / 2) ||
            sunspec::may_tell(known_walk(notes, bytes[6]), start, message.take(count)))
            return 0;
    }
    flow.state->answered(key, asked);
    return size;
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    Notes& notes = flow.state->notes<Notes>();
    if (!notes.framed) {
        notes.framed = true;
        notes.serial = !recognise_tcp(message, flow) && recognise_serial(message);
    }
    if (!notes.serial) {
        if (const std::size_t passed = poll(message, flow, notes); passed != 0) return done(passed);
    }
    Unit adu{0, 0, 0, message.take(0)};
    if (notes.serial) {
        if (!next_serial_unit(message, adu)) return message.left() < 256 && !flow.ended ? need(message.left() + 1) : not_this();
    } else {
        if (message.left() < header_size + 2) return need(header_size + 2);
        const std::uint16_t length = message.peek_be16(4);
        // Schneider's function 0x5A runs past the 254 bytes of the specification.
        if (message.peek_be16(2) != 0 || length < 2 || length > 2048) return not_this();
        if (message.left() < header_size + length) return need(header_size + length);
        if (!next_unit(message, adu)) return not_this();
    }
    Reading reading;
    adu.data = whole(adu.data.rest(), reading);
    bool odd = false;
    const unsigned way = shape(adu, odd);
    bool from_server = flow.from_server() != notes.turned;
    if (!flow.opening_seen && way == (from_server ? request : reply)) {
        notes.turned = !notes.turned;
        from_server = !from_server;
    }
    const Party& server = from_server ? flow.sender : flow.receiver;
    const Party& client = from_server ? flow.receiver : flow.sender;
    const std::uint32_t key = pair_key(adu.transaction, adu.unit, adu.function);
    if (!from_server) {
        if ((way & request) != 0) flow.state->ask(key, question(adu));
        if (const std::string_view what = adu.function == 0x5a ? umas_command(adu.data.peek(1)) : std::string_view();
            !what.empty()) {
            const Slice witness = ByteCursor(adu.data).rest();
            claims.about(server).stated(Field::remote_observed, std::string(what) + " from " + client.ip.text(), witness,
                                        "umas.control");
        }
        return done(message);
    }
    std::uint64_t asked = 0;
    const bool was_asked = flow.state->answered(key, asked);
    if ((way & reply) == 0) return done(message);
    if (was_asked && !notes.paired) {
        notes.paired = true;
        const Slice witness = ByteCursor(adu.data).rest();
        claims.about(server).matched(Field::role, "modbus server", witness, "pair");
        claims.about(client).matched(Field::role, "modbus client", witness, "pair");
    }
    observe_reply(adu, asked, was_asked, notes, client, server, claims);
    return done(message);
}

constexpr ExampleMessage identification[] = {{From::Client, "0001 0000 0005 ff 2b0e0100", {}},
                                             {From::Server,
                                              "0001 0000 0028 ff 2b0e0181000003"
                                              "00 0d 4578616d706c6520576f726b73"  // Example Works
                                              "01 08 45582d3532302d41"            // EX-520-A
                                              "02 05 56322e3134",                 // V2.14
                                              {}}};
constexpr std::string_view identification_claims[] = {"server role=modbus server",  "client role=modbus client",
                                                      "server brand=Example Works", "server product=EX-520-A",
                                                      "server model=EX-520-A",      "server firmware=V2.14"};
constexpr ExampleMessage regular[] = {{From::Client, "0007 0000 0005 03 2b0e0200", {}},
                                      {From::Server,
                                       "0007 0000 002d 03 2b0e0282ff0403"
                                       "00 0d 4578616d706c6520576f726b73"       // Example Works
                                       "01 03 353230"                           // 520
                                       "03 0f 7777772e6578616d706c652e6e6574",  // www.example.net
                                       {}},
                                      {From::Client, "0008 0000 0005 03 2b0e0204", {}},
                                      {From::Server,
                                       "0008 0000 0034 03 2b0e0282000003"
                                       "04 0d 4578616d706c65206472697665"         // Example drive
                                       "05 09 45582d3532302f3330"                 // EX-520/30
                                       "06 10 70756d70206f66206120706572736f6e",  // pump of a person
                                       {}}};
constexpr std::string_view regular_claims[] = {"server role=modbus server",
                                               "client role=modbus client",
                                               "server[modbus/502/3] brand=Example Works",
                                               "server[modbus/502/3] product=520",
                                               "server[modbus/502/3] product=Example drive",
                                               "server[modbus/502/3] model=EX-520/30"};
constexpr ExampleMessage server_id[] = {{From::Client, "0002 0000 0002 0a 11", {}},
                                        {From::Server, "0002 0000 0010 0a 11 0d 12 00 ff 4558414d504c455f3230", {}}};
constexpr std::string_view server_id_claims[] = {"server role=modbus server", "client role=modbus client",
                                                 "server[modbus/502/10] description=EXAMPLE_20"};
constexpr ExampleMessage registers[] = {{From::Client, "0003 0000 0006 01 03 0000 000a 0004 0000 0006 01 06 0010 0001", {}}};
constexpr ExampleMessage refused[] = {{From::Client, "0009 0000 0006 01 03 9c40 0002", {}},
                                      {From::Server, "0009 0000 0003 01 83 02", {}}};
constexpr std::string_view pair_claims[] = {"server role=modbus server", "client role=modbus client"};
// An inverter on unit 1: "SunS", common model and inverter header in one read; nameplate, then the header and the body of
// model 123, then the end; a disconnect that the unit accepts.
constexpr ExampleMessage inverter[] = {{From::Client, "0001 0000 0006 01 03 9c40 0048", {}},
                                       {From::Server,
                                        "0001 0000 0093 01 03 90 53756e53 0001 0042"
                                        "4578616d706c6520536f6c6172000000 00000000000000000000000000000000"  // Example Solar
                                        "53552d31304b00000000000000000000 00000000000000000000000000000000"  // SU-10K
                                        "00000000000000000000000000000000"
                                        "312e322e330000000000000000000000"                                   // 1.2.3
                                        "45583030303034320000000000000000 00000000000000000000000000000000"  // EX000042
                                        "0001 8000 0067 0032",
                                        {}},
                                       {From::Client, "0002 0000 0006 01 03 9cba 0005", {}},
                                       {From::Server, "0002 0000 000d 01 03 0a 0078 001a 0004 03e8 0001", {}},
                                       {From::Client, "0003 0000 0006 01 03 9cd6 0002", {}},
                                       {From::Server, "0003 0000 0007 01 03 04 007b 0018", {}},
                                       {From::Client, "0004 0000 0006 01 03 9cd6 0006", {}},
                                       {From::Server, "0004 0000 000f 01 03 0c 007b 0018 0000 0000 0001 ffff", {}},
                                       {From::Client, "0005 0000 0006 01 03 9cf0 0002", {}},
                                       {From::Server, "0005 0000 0007 01 03 04 ffff 0000", {}},
                                       {From::Client, "0006 0000 0006 01 06 9cda 0000", {}},
                                       {From::Server, "0006 0000 0006 01 06 9cda 0000", {}}};
constexpr std::string_view inverter_claims[] = {
    "server role=modbus server",
    "client role=modbus client",
    "server[modbus/502/1] brand=Example Solar",
    "server[modbus/502/1] model=SU-10K",
    "server[modbus/502/1] firmware=1.2.3",
    "server[modbus/502/1] serial=EX000042",
    "server[modbus/502/1] category=solar_inverter",
    "server[modbus/502/1] rated_power=10000",
    "server[modbus/502/1] remote_exposed=sunspec 123 connect/disconnect",
    "server[modbus/502/1] remote_observed=modbus write 123.Conn from 192.0.2.10",
};
// A meter behind a transparent gateway, asked in serial framing.
constexpr ExampleMessage serial[] = {{From::Client, "052b0e010081b7", {}},
                                     {From::Server, "052b0e0101000001000d4578616d706c6520576f726b738270", {}}};
constexpr std::string_view serial_claims[] = {"server role=modbus server", "client role=modbus client",
                                              "server[modbus_rtu/8899/5] brand=Example Works"};
// An inverter whose maker's own registers name it, and a write to one that stops it.
constexpr ExampleMessage registers_of_maker[] = {
    {From::Client, "000100000006010375300019", {}},
    {From::Server,
     "00010000003501033253554e323030302d455831304b00000000000000000000000000000000004558303030303030303034"
     "320000000000000000",
     {}},
    {From::Client, "00020000000601069d090000", {}},
    {From::Server, "00020000000601069d090000", {}}};
constexpr std::string_view registers_of_maker_claims[] = {
    "server role=modbus server",
    "client role=modbus client",
    "server[modbus/502/1] brand=Huawei",
    "server[modbus/502/1] category=solar_inverter",
    "server[modbus/502/1] model=SUN2000-EX10K",
    "server[modbus/502/1] serial=EX0000000042",
    "server[modbus/502/1] remote_observed=modbus write shutdown from 192.0.2.10",
};
// A nameplate where Sungrow's map has it, and its type code; then the unit is stopped and its battery set to discharge.
constexpr ExampleMessage sungrow[] = {{From::Client, "0001 0000 0006 01 04 137d 000a", {}},
                                      {From::Server, "0001 0000 0017 01 04 14 4131323334353637383930 000000000000000000", {}},
                                      {From::Client, "0002 0000 0006 01 04 1387 0002", {}},
                                      {From::Server, "0002 0000 0007 01 04 04 2c06 044c", {}},
                                      {From::Client, "0003 0000 0006 01 06 138d 00ce", {}},
                                      {From::Server, "0003 0000 0006 01 06 138d 00ce", {}},
                                      {From::Client, "0004 0000 000b 01 10 32fa 0002 04 00bb 1388", {}},
                                      {From::Server, "0004 0000 0006 01 10 32fa 0002", {}}};
constexpr std::string_view sungrow_claims[] = {
    "server role=modbus server",
    "client role=modbus client",
    "server[modbus/502/1] serial=A1234567890",
    "server[modbus/502/1] brand=Sungrow",
    "server[modbus/502/1] category=solar_inverter",
    "server[modbus/502/1] model=SG110CX",
    "server[modbus/502/1] rated_power=110000",
    "server[modbus/502/1] remote_observed=modbus write start/stop from 192.0.2.10",
    "server[modbus/502/1] remote_observed=modbus write battery power from 192.0.2.10"};
// A plate of Deye's map for three phases: not whose brand it is, but whose work; and a write that turns it off.
constexpr ExampleMessage deye[] = {{From::Client, "0001 0000 0006 01 03 0000 0008", {}},
                                   {From::Server, "0001 0000 0013 01 03 10 0500 0001 0104 32333031393837363534", {}},
                                   {From::Client, "0002 0000 0009 01 10 0050 0001 02 0000", {}},
                                   {From::Server, "0002 0000 0006 01 10 0050 0001", {}},
                                   {From::Client, "0003 0000 0006 01 06 002b 0002", {}},
                                   {From::Server, "0003 0000 0006 01 06 002b 0002", {}}};
constexpr std::string_view deye_claims[] = {"server role=modbus server", "client role=modbus client",
                                            "server[modbus/502/1] serial=2301987654", "server[modbus/502/1] stack_maker=Deye",
                                            "server[modbus/502/1] remote_observed=modbus write on/off from 192.0.2.10"};
// An inverter that SunSpec names: a register of its maker's own is a control, one of the chain is SunSpec's.
constexpr ExampleMessage solaredge[] = {{From::Client, "0001 0000 0006 01 03 9c40 0048", {}},
                                        {From::Server,
                                         "0001 0000 0093 01 03 90 53756e53 0001 0042"
                                         "536f6c61724564676520000000000000 00000000000000000000000000000000"  // SolarEdge
                                         "53452d45583130000000000000000000 00000000000000000000000000000000"  // SE-EX10
                                         "00000000000000000000000000000000"
                                         "00000000000000000000000000000000"
                                         "37453132333435360000000000000000 00000000000000000000000000000000"  // 7E123456
                                         "0001 8000 0067 0032",
                                         {}},
                                        {From::Client, "0002 0000 0006 01 06 e004 0004", {}},
                                        {From::Server, "0002 0000 0006 01 06 e004 0004", {}}};
constexpr std::string_view solaredge_claims[] = {
    "server role=modbus server",
    "client role=modbus client",
    "server[modbus/502/1] brand=SolarEdge",
    "server[modbus/502/1] model=SE-EX10",
    "server[modbus/502/1] serial=7E123456",
    "server[modbus/502/1] category=solar_inverter",
    "server[modbus/502/1] remote_observed=modbus write storage control from 192.0.2.10",
};
// A battery system that lists a modem and its interface: the MAC that 11 names has the address which 12 names and which it is
// asked at; the phone number and PIN that 18 holds are read by the client, not here. It may be disconnected, and is.
constexpr ExampleMessage battery[] = {{From::Client, "0001 0000 0006 01 03 9c40 0048", {}},
                                      {From::Server,
                                       "0001 0000 0093 01 03 90 53756e53 0001 0042"
                                       "4578616d706c6520536f6c6172000000 00000000000000000000000000000000"  // Example Solar
                                       "42532d31300000000000000000000000 00000000000000000000000000000000"  // BS-10
                                       "00000000000000000000000000000000"
                                       "00000000000000000000000000000000"
                                       "00000000000000000000000000000000 00000000000000000000000000000000"
                                       "0001 8000 000b 000d",
                                       {}},
                                      {From::Client, "0002 0000 0006 01 03 9c88 000f", {}},
                                      {From::Server,
                                       "0002 0000 0021 01 03 1e 0064 0001 0001 0000 0000 5e00 5314 6574683000000000"
                                       "0000 0000 000c 0062",
                                       {}},
                                      {From::Client, "0003 0000 0006 01 03 9c95 0013", {}},
                                      {From::Server,
                                       "0003 0000 0029 01 03 26 000c 0062 6574683000000000 0001 0000 0000 0000 0000"
                                       "3139322e302e322e3230000000000000",  // 192.0.2.20
                                       {}},
                                      {From::Client, "0004 0000 0006 01 03 9cf9 0018", {}},
                                      {From::Server,
                                       "0004 0000 0033 01 03 30 0012 0016 776c303000000000 00000000 696e7465726e6574"
                                       "2b3030303030303030303030 303030300000000000000000",
                                       {}},
                                      {From::Client, "0005 0000 0006 01 03 9d11 0002", {}},
                                      {From::Server, "0005 0000 0007 01 03 04 0322 003e", {}},
                                      {From::Client, "0006 0000 0006 01 03 9d51 0002", {}},
                                      {From::Server, "0006 0000 0007 01 03 04 ffff 0000", {}},
                                      {From::Client, "0007 0000 0006 01 06 9d43 0002", {}},
                                      {From::Server, "0007 0000 0006 01 06 9d43 0002", {}}};
constexpr std::string_view battery_claims[] = {
    "server role=modbus server",
    "client role=modbus client",
    "server[modbus/502/1] brand=Example Solar",
    "server[modbus/502/1] model=BS-10",
    "server-mac address=192.0.2.20",
    "server[modbus/502/1] cellular=sunspec 18 cellular link",
    "server[modbus/502/1] category=battery",
    "server[modbus/502/1] remote_exposed=sunspec 802 battery connect/disconnect",
    "server[modbus/502/1] remote_exposed=sunspec 802 inverter start/stop",
    "server[modbus/502/1] remote_observed=modbus write 802.SetOp from 192.0.2.10",
};
constexpr ExampleMessage stops[] = {{From::Client, "0001 0000 0006 00 5a 12 41 ff 00", {}}};
constexpr std::string_view stops_claims[] = {"server remote_observed=umas stop from 192.0.2.10"};
// A reservation of a Modicon controller, a variable set, a program read (no command) and one loaded.
constexpr ExampleMessage programmed[] = {{From::Client, "0001 0000 0009 00 5a 00 10 00000000 00", {}},
                                         {From::Client, "0002 0000 0006 00 5a 01 23 0000", {}},
                                         {From::Client, "0003 0000 0006 00 5a 01 33 0001", {}},
                                         {From::Client, "0004 0000 0006 00 5a 01 30 0001", {}}};
constexpr std::string_view programmed_claims[] = {"server remote_observed=umas reservation from 192.0.2.10",
                                                  "server remote_observed=umas write from 192.0.2.10",
                                                  "server remote_observed=umas download from 192.0.2.10"};
// Coils of one unit, registers of another, whose meaning nobody described; a refused write and a read are no commands.
constexpr ExampleMessage set[] = {
    {From::Client, "0001 0000 0006 01 05 0003 ff00", {}},       {From::Server, "0001 0000 0006 01 05 0003 ff00", {}},
    {From::Client, "0002 0000 0008 02 0f 0000 0008 01 ff", {}}, {From::Server, "0002 0000 0006 02 0f 0000 0008", {}},
    {From::Client, "0003 0000 0006 03 06 0064 0001", {}},       {From::Server, "0003 0000 0006 03 06 0064 0001", {}},
    {From::Client, "0004 0000 0006 04 06 0064 0001", {}},       {From::Server, "0004 0000 0003 04 86 02", {}},
    {From::Client, "0005 0000 0006 05 01 0000 0008", {}},       {From::Server, "0005 0000 0004 05 01 01 ff", {}}};
constexpr std::string_view set_claims[] = {"server role=modbus server", "client role=modbus client",
                                           "server[modbus/502/1] remote_observed=modbus write coil from 192.0.2.10",
                                           "server[modbus/502/2] remote_observed=modbus write coil from 192.0.2.10",
                                           "server[modbus/502/3] remote_observed=modbus write from 192.0.2.10"};
constexpr Example examples[] = {
    {"basic device identification of the host itself", Layer::Tcp, 502, identification, identification_claims},
    {"regular device identification in two replies", Layer::Tcp, 502, regular, regular_claims},
    {"report server id of a unit behind a gateway", Layer::Tcp, 502, server_id, server_id_claims},
    {"requests say nothing about anybody", Layer::Tcp, 1502, registers, {}},
    {"a Modicon controller is stopped", Layer::Tcp, 502, stops, stops_claims},
    {"a Modicon controller is reserved, written to and loaded", Layer::Tcp, 502, programmed, programmed_claims},
    {"outputs are switched, and registers set that nobody described", Layer::Tcp, 502, set, set_claims},
    {"an exception only shows who serves", Layer::Tcp, 5020, refused, pair_claims},
    {"a SunSpec inverter is read and disconnected", Layer::Tcp, 502, inverter, inverter_claims},
    {"serial framing through a transparent gateway", Layer::Tcp, 8899, serial, serial_claims},
    {"an inverter named by its maker's registers is stopped", Layer::Tcp, 502, registers_of_maker, registers_of_maker_claims},
    {"a nameplate and a type code name an inverter, which is stopped", Layer::Tcp, 502, sungrow, sungrow_claims},
    {"a nameplate alone: a write to its map's control register", Layer::Tcp, 502, deye, deye_claims},
    {"a battery with a modem, disconnected", Layer::Tcp, 502, battery, battery_claims},
    {"a control register of the maker whom SunSpec names", Layer::Tcp, 502, solaredge, solaredge_claims},
};
constexpr std::uint16_t ports[] = {502, 1502, 503, 504, 505, 5020, 6607, 4196, 8234, 8899};

}  // namespace

Decoder modbus() {
    Decoder decoder;
    decoder.name = "modbus";
    decoder.title = "Modbus/TCP with SunSpec";
    decoder.spec = "MODBUS Application Protocol V1.1b3; MODBUS Messaging on TCP/IP V1.0b; SunSpec Information Model Reference";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("?? ?? 00 00 00 ?? ?? ??", "?? 0? ?? ??", "?? 1? ?? ??", "?? 2b ?? ??", "?? 8? ?? ??",
                            "?? 9? ?? ??", "?? ab ?? ??", "?? da ?? ??");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
