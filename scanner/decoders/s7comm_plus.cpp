// S7comm-plus: how the engineering tool and panels speak to Siemens S7-1200 and S7-1500 controllers. The protocol is not
// documented and mostly protected; when a session is made the controller still shows order number and firmware in clear. Where
// the session itself is not encrypted (before TLS), a stop, a start and a write show who sends them.
//
//   |TPKT 03 00 length 2|02 F0 80|72|version|length 2|opcode 31, 32, 33|0000|function 2| ... |72|version|0000|
//   version 3: behind the length |size of digest 1|digest|
//   request:   |31|0000|function 2|0000|number 2|session 4|flags 1|object 4|items, addresses, values|
#include <string>

#include "decoders/cotp.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

// RFC 1006 and ISO 8073 data around the protocol id 0x72, a version (1, 2, 3, FE) and a length that fits.
bool is_plus(const ByteCursor& message, std::size_t& size) {
    if (message.left() < 11 || message.peek() != 3 || message.peek(1) != 0) return false;
    size = message.peek_be16(2);
    if (size < 11 || message.peek(4) != 2 || (message.peek(5) & 0xf0) != 0xf0 || message.peek(7) != 0x72) return false;
    const std::uint8_t version = message.peek(8);
    if ((version < 1 || version > 3) && version != 0xfe) return false;
    const std::size_t inside = message.peek_be16(9);
    return inside + 11 <= size || (message.peek(6) & 0x80) == 0;
}

bool recognise(ByteCursor message, const Flow&) {
    std::size_t size = 0;
    // The transport's own connect packets say nothing; the first data decides.
    while (message.left() >= 7 && message.peek() == 3 && message.peek(1) == 0 &&
           ((message.peek(5) & 0xf0) == 0xe0 || (message.peek(5) & 0xf0) == 0xd0)) {
        const std::size_t connect = message.peek_be16(2);
        if (connect < 7 || connect > message.left()) return false;
        message.skip(connect);
    }
    return is_plus(message, size);
}

bool is_version(char c) { return (c >= '0' && c <= '9') || c == '.'; }

// ServerSessionVersion as every tool that reads it finds it: "1;6ES7 ...;V4.2", order number and firmware.
void session_version(const Slice& raw, Claims& claims) {
    const std::string_view text = raw.text();
    for (const std::string_view family : {";6ES7 ", ";6AG1 ", ";6AV2 "}) {
        const std::size_t at = text.find(family);
        if (at == std::string_view::npos || at == 0 || text[at - 1] < '0' || text[at - 1] > '9') continue;
        const std::size_t end = text.find(';', at + 1);
        // "6ES7 ddd-dddddd-dddd" is 19 characters, with letters at its end a few more.
        if (end == std::string_view::npos || end - at < 18 || end - at > 24) continue;
        const std::string_view order = text.substr(at + 1, end - at - 1);
        for (const char c : order) {
            if (c < 0x20 || c > 0x7e) return;
        }
        claims.stated(Field::model, order, Slice{raw.bytes.subspan(at + 1, order.size()), raw.offset + at + 1},
                      "session_version");
        if (end + 2 >= text.size() || text[end + 1] != 'V') return;
        std::size_t stop = end + 2;
        while (stop < text.size() && stop < end + 16 && is_version(text[stop])) ++stop;
        if (stop == end + 2) return;
        claims.stated(Field::firmware, text.substr(end + 1, stop - end - 1),
                      Slice{raw.bytes.subspan(end + 1, stop - end - 1), raw.offset + end + 1}, "session_version");
        return;
    }
}

// Numbers of seven bits a byte, the highest first; all but the last byte have the upper bit set.
std::uint32_t seven_bits(ByteCursor& data) {
    std::uint32_t value = 0;
    for (int left = 5; left > 0; --left) {
        const std::uint8_t byte = data.u8();
        value = value << 7 | (byte & 0x7fU);
        if ((byte & 0x80) == 0) break;
    }
    return value;
}

// As S7CommPlusDriver and the Python package s7commplus (public projects) write them, functions as icsnpp-s7comm and Snort name
// them: SetVariable (04F2) of object 52, the unit that executes, attribute 2167, the state that it shall have, a number (type
// 8): 1 is stop, 3 run. SetMultiVariables (0542) with no object, but addresses, writes variables; with one it sets up the
// session.
std::string command(ByteCursor body) {
    constexpr std::uint32_t execution_unit = 52;
    constexpr std::uint32_t wanted_state = 2167;
    body.skip(8);
    const std::uint8_t version = body.u8();
    body.skip(2);
    if (version == 0xfe) return {};
    if (version == 3) body.skip(body.u8());
    if (body.u8() != 0x31 || body.be16() != 0) return {};
    const std::uint16_t function = body.be16();
    if (body.be16() != 0) return {};
    body.skip(2 + 4 + 1);
    const std::uint32_t object = body.be32();
    const std::uint32_t items = seven_bits(body);
    if (!body.ok() || items == 0) return {};
    if (function == 0x0542 && object == 0) {
        // An address has at least four numbers: check sum, area, how many follow, one of them.
        return seven_bits(body) >= items && body.ok() ? "write" : std::string();
    }
    if (function != 0x04f2 || object != execution_unit || items != 1 || seven_bits(body) != wanted_state) return {};
    const bool number = body.u8() == 0 && body.u8() == 8;
    const std::uint8_t state = body.u8();
    if (!body.ok() || !number) return {};
    return state == 1 ? "PLC stop" : state == 3 ? "PLC start" : "operating state";
}

// The client names in the called selector what it is: engineering station or operator panel ("-OTH" is anything else).
void connection(const Slice& called, Claims& claims) {
    if (called.text() == "SIMATIC-ROOT-ES") {
        claims.stated(Field::role, "s7 connection as programming device", called, "tsap");
    } else if (called.text() == "SIMATIC-ROOT-HMI") {
        claims.stated(Field::role, "s7 connection as operator panel", called, "tsap");
    }
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (message.left() < 7) return need(7);
    if (message.peek() != 3 || message.peek(1) != 0) return not_this();
    const std::size_t size = message.peek_be16(2);
    if (size < 7) return not_this();
    if (message.left() < size) return need(size);
    if ((message.peek(5) & 0xf0) == 0xe0 && !flow.from_server()) connection(cotp_called(message), claims);
    std::size_t again = 0;
    const bool plus = is_plus(message, again);
    const Slice raw = message.bytes(size);
    if (plus && flow.from_server()) session_version(raw, claims);
    if (plus && !flow.from_server()) {
        Reading reading;
        const std::string what = command(whole(raw, reading));
        if (!what.empty()) {
            claims.about(flow.receiver)
                .stated(Field::remote_observed, "s7comm_plus " + what + " from " + flow.sender.ip.text(), raw, "request");
        }
    }
    return done(message);
}

constexpr ExampleMessage session[] = {
    {From::Client, "0300001611e00000000100c1020600c2020600c0010a", {}},
    {From::Server, "0300001611d00000000100c1020600c2020600c0010a", {}},
    {From::Client, "0300002802f0807201001931000004ca000000000000000000000000000000000000000072010000", {}},
    {From::Server,
     "0300004102f0807201003232000004ca000000000000000000151e313b36455337203939392d39455839392d305842303b56342e"
     "322e3100000000000072010000",
     {}},
};
constexpr std::string_view session_claims[] = {"server model=6ES7 999-9EX99-0XB0", "server firmware=V4.2.1"};
constexpr ExampleMessage panel[] = {
    {From::Client, "030000241fe00000000100c1020600c21053494d415449432d524f4f542d484d49c0010a", {}},
    {From::Client, "0300002002f08072020011310000054c00000000000000000000000072020000", {}},
};
constexpr std::string_view panel_claims[] = {"client role=s7 connection as operator panel"};
constexpr ExampleMessage station[] = {
    {From::Client, "030000231ee00000000100c1020600c20f53494d415449432d524f4f542d4553c0010a", {}},
    {From::Client, "0300002002f08072020011310000054c00000000000000000000000072020000", {}},
};
constexpr std::string_view station_claims[] = {"client role=s7 connection as programming device"};
// Stopped and started, a variable written, once behind a digest.
constexpr ExampleMessage commanded[] = {
    {From::Client,
     "0300002f02f08072020020 31000004f20000000300000701 34 00000034 01 9077 000801 000000000000 0000 72020000",
     {}},
    {From::Client,
     "0300002f02f08072020020 31000004f20000000400000701 34 00000034 01 9077 000803 000000000000 0000 72020000",
     {}},
    {From::Client,
     "0300003502f08072010026 3100000542000000050000070134 00000000 01 04 00 8a8e80807b 01 09 01 000205 00 00000000 00 72010000",
     {}},
    {From::Client,
     "0300005602f08072030047 20 0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20"
     "3100000542000000050000070134 00000000 01 04 00 8a8e80807b 01 09 01 000205 00 00000000 00 72030000",
     {}},
};
constexpr std::string_view commanded_claims[] = {"server remote_observed=s7comm_plus PLC stop from 192.0.2.10",
                                                 "server remote_observed=s7comm_plus PLC start from 192.0.2.10",
                                                 "server remote_observed=s7comm_plus write from 192.0.2.10"};
// A session is set up and logs in, which sets what is its own; variables are read; a controller's answer to a write.
constexpr ExampleMessage read_only[] = {
    {From::Client,
     "0300002f02f08072020020 31000005420000000300000701 34 00000701 01 01 8232 01 001700 00000000 0000 72020000",
     {}},
    {From::Client,
     "0300002f02f08072020020 31000004f20000000400000701 34 00000701 01 8e36 000801 000000000000 0000 72020000",
     {}},
    {From::Client,
     "0300002f02f08072020020 31000004f20000000400000701 34 00000034 01 9078 000801 000000000000 0000 72020000",
     {}},
    {From::Client,
     "0300002f02f08072020020 310000054c0000000500000701 34 00000000 01 04 00 8a8e80807b 01 09 000000 00 72020000",
     {}},
    {From::Server, "0300002202f08072020013 3200000542000000050000070134 0000000000 72020000", {}},
};
constexpr ExampleMessage request[] = {
    {From::Client, "0300002002f08072020011310000054c00000000000000000000000072020000", {}},
};
constexpr Example examples[] = {
    {"a session shows order number and firmware", Layer::Tcp, 102, session, session_claims},
    {"an operator panel says what it is", Layer::Tcp, 102, panel, panel_claims},
    {"an engineering station says what it is", Layer::Tcp, 102, station, station_claims},
    {"a controller is stopped, started and written to", Layer::Tcp, 102, commanded, commanded_claims},
    {"what a session sets of itself, and what is read, are no commands", Layer::Tcp, 102, read_only, {}},
    {"a request says nothing", Layer::Tcp, 102, request, {}},
};
constexpr std::uint16_t ports[] = {102};

}  // namespace

Decoder s7comm_plus() {
    Decoder decoder;
    decoder.name = "s7comm_plus";
    decoder.title = "S7comm-plus";
    decoder.spec =
        "No public specification; the frame as Wireshark plug-ins and captures show it, commands as S7CommPlusDriver "
        "and s7commplus write them";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("03 00");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
