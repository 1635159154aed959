// IEC 60870-5-104: control centres and the substations, pumping stations and generators they watch and switch. Nobody names
// himself in it; who asks for data to flow is the controlling station, and commands show who switches what. Values are not
// kept.
//
//   |68|length|control 4| of I frames: |type|number|cause 2|common address 2| objects ...
#include <string>

#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

// IEC 60870-5-101 7.2.1 and IEC 60870-5-104 clause 8: the types of a station's own data, of commands and of the system.
bool is_monitored(std::uint8_t type) { return (type >= 1 && type <= 21) || (type >= 30 && type <= 41) || type == 70; }
std::string_view command_named(std::uint8_t type) {
    switch (type) {
        case 45:
            return "C_SC_NA_1";
        case 46:
            return "C_DC_NA_1";
        case 47:
            return "C_RC_NA_1";
        case 48:
            return "C_SE_NA_1";
        case 49:
            return "C_SE_NB_1";
        case 50:
            return "C_SE_NC_1";
        case 51:
            return "C_BO_NA_1";
        case 58:
            return "C_SC_TA_1";
        case 59:
            return "C_DC_TA_1";
        case 60:
            return "C_RC_TA_1";
        case 61:
            return "C_SE_TA_1";
        case 62:
            return "C_SE_TB_1";
        case 63:
            return "C_SE_TC_1";
        case 64:
            return "C_BO_TA_1";
        case 105:
            return "C_RP_NA_1";
        default:
            return {};
    }
}
bool is_type(std::uint8_t type) {
    return is_monitored(type) || !command_named(type).empty() || (type >= 100 && type <= 107) || (type >= 110 && type <= 113) ||
           (type >= 120 && type <= 127);
}

// IEC 60870-5-104 clause 5: I, S and U formats by the lowest bits; S and U have a length of four and fixed zeros; an I frame
// carries a known type, a number of objects and a cause of transmission (IEC 60870-5-101 7.2.3: 1 to 47).
bool plausible(const ByteCursor& message, std::size_t& size) {
    if (message.left() < 6 || message.peek() != 0x68) return false;
    const std::size_t length = message.peek(1);
    size = 2 + length;
    const std::uint8_t first = message.peek(2);
    if ((first & 1) == 0) {
        if (length < 13 || length > 253 || (message.peek(4) & 1) != 0) return false;
        if (message.left() < 9) return false;
        const std::uint8_t cause = message.peek(8) & 0x3f;
        return is_type(message.peek(6)) && (message.peek(7) & 0x7f) != 0 && cause >= 1 && cause <= 47;
    }
    if (length != 4) return false;
    if ((first & 3) == 1) return first == 1 && message.peek(3) == 0 && (message.peek(4) & 1) == 0;
    const bool function = first == 0x07 || first == 0x0b || first == 0x13 || first == 0x23 || first == 0x43 || first == 0x83;
    return function && message.peek(3) == 0 && message.peek_be16(4) == 0;
}

bool recognise(ByteCursor message, const Flow&) {
    std::size_t frames = 0;
    while (!message.done()) {
        std::size_t size = 0;
        if (message.left() < 9 && frames > 0 && message.peek() == 0x68 && message.left() < std::size_t{2} + message.peek(1))
            break;
        if (!plausible(message, size)) return false;
        ++frames;
        if (message.left() < size) break;
        message.skip(size);
    }
    return frames > 0;
}

struct Notes {
    bool told[2];  // that the sender of this side controls or is controlled
};

void role(bool controlling, const Slice& witness, Flow& flow, Claims& claims) {
    bool& told = flow.state->notes<Notes>().told[flow.from_opener ? 0 : 1];
    if (told) return;
    told = true;
    constexpr std::string_view names[] = {"iec104 controlled station", "iec104 controlling station"};
    claims.about(flow.sender).stated(Field::role, names[controlling ? 1 : 0], witness, "role");
    claims.about(flow.receiver).stated(Field::role, names[controlling ? 0 : 1], witness, "role");
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (message.left() < 6) return need(6);
    if (message.left() < 9 && message.peek() == 0x68 && message.peek(1) >= 7) return need(9);
    std::size_t size = 0;
    if (!plausible(message, size)) return not_this();
    if (message.left() < size) return need(size);
    const Slice raw = message.bytes(size);
    const std::uint8_t first = raw.bytes[2];
    if (first == 0x07 || first == 0x13) {
        role(true, raw, flow, claims);
    } else if (first == 0x0b || first == 0x23) {
        role(false, raw, flow, claims);
    } else if ((first & 1) == 0) {
        const std::uint8_t type = raw.bytes[6];
        const std::uint8_t cause = raw.bytes[8] & 0x3f;
        const bool test = (raw.bytes[8] & 0x80) != 0;
        const bool negative = (raw.bytes[8] & 0x40) != 0;
        const std::string_view command = command_named(type);
        if (is_monitored(type)) {
            role(false, raw, flow, claims);
        } else if ((!command.empty() || (type >= 100 && type <= 103)) && (cause == 6 || cause == 8)) {
            // Activation and deactivation go one way, their confirmations the other.
            role(true, raw, flow, claims);
            if (!command.empty() && !test && !negative && cause == 6) {
                claims.about(flow.receiver)
                    .stated(Field::remote_observed, "iec104 " + std::string(command) + " from " + flow.sender.ip.text(), raw,
                            "command");
            }
        }
    }
    return done(message);
}

constexpr ExampleMessage switching[] = {{From::Client, "68 04 07 00 00 00", {}},
                                        {From::Server, "68 04 0b 00 00 00", {}},
                                        {From::Client, "68 0e 00 00 00 00 64 01 06 00 05 00 000000 14", {}},
                                        {From::Server, "68 0e 00 00 02 00 01 01 14 00 05 00 010000 01 | 68 04 01 00 02 00", {}},
                                        {From::Client, "68 0e 02 00 02 00 2d 01 06 00 05 00 100000 81", {}},
                                        {From::Server, "68 0e 02 00 04 00 2d 01 07 00 05 00 100000 81", {}}};
constexpr std::string_view switching_claims[] = {"client role=iec104 controlling station",
                                                 "server role=iec104 controlled station",
                                                 "server remote_observed=iec104 C_SC_NA_1 from 192.0.2.10"};
constexpr ExampleMessage test[] = {{From::Server, "68 04 43 00 00 00", {}}, {From::Client, "68 04 83 00 00 00", {}}};
constexpr Example examples[] = {
    {"a station is started and a switch closed", Layer::Tcp, 2404, switching, switching_claims},
    {"testing the line says nothing", Layer::Tcp, 2404, test, {}},
};
constexpr std::uint16_t ports[] = {2404};

}  // namespace

Decoder iec104() {
    Decoder decoder;
    decoder.name = "iec104";
    decoder.title = "IEC 60870-5-104";
    decoder.spec = "IEC 60870-5-104:2006 clauses 5 and 8; IEC 60870-5-101:2003 clause 7.2";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("68");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
