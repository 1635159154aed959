// IEC 60870-5-104: control centres and the substations, pumping stations and generators they watch and switch. Nobody names
// himself in it; who asks for data to flow is the controlling station, and commands show who switches what. Values are not
// kept. Several stations may answer behind one address: each is known by its common address.
//
//   |68|length|control 4| of I frames: |type|number|cause 2|common address 2| objects ...
#include <algorithm>
#include <array>
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
        // Parameters of measured values, and when they count.
        case 110:
            return "P_ME_NA_1";
        case 111:
            return "P_ME_NB_1";
        case 112:
            return "P_ME_NC_1";
        case 113:
            return "P_AC_NA_1";
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

// IEC 60870-5-101 7.2.6.30: a file is selected, asked for or deleted with 122; 4 in the lower half of its last byte deletes it.
// 7.4.11: who has a file to give says that it is ready with 120. Fetching a file out of a station is reading.
std::string_view file_command(std::uint8_t type, const Slice& raw, bool controlling) {
    if (!controlling) return {};
    if (type == 120) return "F_FR_NA_1";
    // |68|length|control 4|type|number|cause 2|address 2|object 3|name of file 2|section|qualifier|
    if (type == 122 && raw.size() >= 19 && (raw.bytes[18] & 0x0f) == 4) return "F_SC_NA_1 delete";
    return {};
}

// A station behind the address: its common address. 0xFFFF (and 0xFF of the shorter form) is every station.
Claims station(const Claims& host, std::uint16_t port, const Slice& raw) {
    const unsigned address = static_cast<unsigned>(raw.bytes[10] | (raw.bytes[11] << 8));
    if (address == 0 || address == 0xffff) return host;
    return host.part("iec104/" + std::to_string(port) + "/" + std::to_string(address));
}

struct Notes {
    bool told[2];           // that the sender of this side controls or is controlled
    std::uint8_t controls;  // 1 the opener, 2 the other
    std::uint8_t count;
    std::array<std::uint16_t, 64> stations;  // that have spoken
};

void role(bool controls, const Slice& witness, Flow& flow, Claims& claims) {
    bool& told = flow.state->notes<Notes>().told[flow.from_opener ? 0 : 1];
    if (told) return;
    told = true;
    flow.state->notes<Notes>().controls = flow.from_opener == controls ? 1 : 2;
    constexpr std::string_view names[] = {"iec104 controlled station", "iec104 controlling station"};
    claims.about(flow.sender).stated(Field::role, names[controls ? 1 : 0], witness, "role");
    claims.about(flow.receiver).stated(Field::role, names[controls ? 0 : 1], witness, "role");
}

// Which stations there are shows what they send: more than one makes each a device of its own.
void spoke(const Slice& raw, Flow& flow, Claims& claims) {
    Notes& notes = flow.state->notes<Notes>();
    const auto address = static_cast<std::uint16_t>(raw.bytes[10] | (raw.bytes[11] << 8));
    const auto end = notes.stations.begin() + notes.count;
    if (notes.count == notes.stations.size() || std::find(notes.stations.begin(), end, address) != end) return;
    notes.stations[notes.count++] = address;
    Claims one = station(claims, flow.sender.port, raw);
    if (one.subject() != claims.subject()) one.stated(Field::role, "iec104 controlled station", raw, "common_address");
}

// This side has been told to control: files go both ways.
bool controlling(Flow& flow) { return flow.state->notes<Notes>().controls == (flow.from_opener ? 1 : 2); }

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
        const std::string_view file = file_command(type, raw, controlling(flow));
        if (!file.empty() && !negative && !test) {
            station(claims.about(flow.receiver), flow.receiver.port, raw)
                .stated(Field::remote_observed, "iec104 " + std::string(file) + " from " + flow.sender.ip.text(), raw, "file");
        }
        const std::string_view command = command_named(type);
        if (is_monitored(type)) {
            role(false, raw, flow, claims);
            spoke(raw, flow, claims);
        } else if ((!command.empty() || (type >= 100 && type <= 103)) && (cause == 6 || cause == 8)) {
            // Activation and deactivation go one way, their confirmations the other.
            role(true, raw, flow, claims);
            if (!command.empty() && !test && !negative && cause == 6) {
                station(claims.about(flow.receiver), flow.receiver.port, raw)
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
                                                 "server[iec104/2404/5] role=iec104 controlled station",
                                                 "server[iec104/2404/5] remote_observed=iec104 C_SC_NA_1 from "
                                                 "192.0.2.10"};
constexpr ExampleMessage test[] = {{From::Server, "68 04 43 00 00 00", {}}, {From::Client, "68 04 83 00 00 00", {}}};
// Two stations behind one address: a parameter for one, a switch of the other; a file taken from one (no command) and one
// deleted; a file sent to it; the interrogation of all is no command.
constexpr ExampleMessage stations[] = {{From::Client, "68 04 07 00 00 00", {}},
                                       {From::Client, "68 0e 00 00 00 00 64 01 06 00 ffff 000000 14", {}},
                                       {From::Client, "68 12 02 00 00 00 70 01 06 00 0700 650000 0000803f 01", {}},
                                       {From::Server, "68 12 00 00 04 00 70 01 07 00 0700 650000 0000803f 01", {}},
                                       {From::Server, "68 0e 02 00 04 00 01 01 03 00 0a00 010000 01", {}},
                                       {From::Client, "68 0e 04 00 02 00 2d 01 06 00 0900 640000 01", {}},
                                       {From::Client, "68 11 06 00 02 00 7a 01 0d 00 0900 000000 0100 00 01", {}},
                                       {From::Server, "68 13 02 00 08 00 78 01 0d 00 0900 000000 0100 100000 00", {}},
                                       {From::Client, "68 11 08 00 04 00 7a 01 0d 00 0900 000000 0100 00 04", {}},
                                       {From::Client, "68 13 0a 00 04 00 78 01 0d 00 0900 000000 0200 100000 00", {}}};
constexpr std::string_view stations_claims[] = {"client role=iec104 controlling station",
                                                "server role=iec104 controlled station",
                                                "server[iec104/2404/7] remote_observed=iec104 P_ME_NC_1 from 192.0.2.10",
                                                "server[iec104/2404/10] role=iec104 controlled station",
                                                "server[iec104/2404/9] remote_observed=iec104 C_SC_NA_1 from 192.0.2.10",
                                                "server[iec104/2404/9] remote_observed=iec104 F_SC_NA_1 delete from 192.0.2.10",
                                                "server[iec104/2404/9] remote_observed=iec104 F_FR_NA_1 from 192.0.2.10"};
constexpr Example examples[] = {
    {"a station is started and a switch closed", Layer::Tcp, 2404, switching, switching_claims},
    {"two stations behind one address, and files", Layer::Tcp, 2404, stations, stations_claims},
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
