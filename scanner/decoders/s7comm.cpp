// S7 communication: Siemens SIMATIC S7-300/400/1200/1500 and what is compatible with them. The system status lists 0x0011 and
// 0x001C hold order number, firmware, serial number, station name and module type, in clear. Nothing is authenticated: whoever
// reaches the port can stop the controller, and a stop, start, write, force or download that was sent shows who does.
//
//   TPKT |03|00|length 2| COTP |02|F0|end, number| S7 |32|kind|0000|reference 2|parameters 2|data 2|[error 2]| parameters, data
//   list reply, data: |FF|09|length 2|list 2|index 2|record size 2|records 2| records ...
//
// The same port carries S7comm-plus (0x72) and MMS, which are not this protocol.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "decoders/cotp.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

enum class Kind : std::uint8_t { Job = 1, Ack = 2, AckData = 3, UserData = 7 };

// A list that comes in several messages.
struct Notes {
    static constexpr std::size_t most = 1000;
    std::uint16_t size;
    std::uint8_t number;  // data unit reference of its messages
    bool collecting;
    std::array<std::uint8_t, most> bytes;
};

// Protocol id 0x32, a known kind, redundancy id 0, and lengths that fill the message (no specification is public; as
// Wireshark's packet-s7comm.c reads it).
bool is_s7(const ByteCursor& payload, bool whole) {
    if (payload.left() < 10 || payload.peek() != 0x32 || payload.peek_be16(2) != 0) return false;
    const std::uint8_t kind = payload.peek(1);
    if (kind != 1 && kind != 2 && kind != 3 && kind != 7) return false;
    const std::size_t header = kind == 2 || kind == 3 ? 12 : 10;
    const std::size_t size = header + payload.peek_be16(6) + payload.peek_be16(8);
    return whole ? size == payload.left() : size > payload.left();
}

bool recognise(ByteCursor message, const Flow&) {
    return cotp_carries(message, [](const CotpPacket& packet) { return is_s7(packet.payload, packet.last); });
}

// "V3.2.6" of a version record: 'V', major, minor, patch.
std::string version(std::uint16_t high, std::uint16_t low) {
    if ((high >> 8) != 'V') return {};
    std::string text(1, 'V');
    text.append(std::to_string(high & 0xff)).append(".").append(std::to_string(low >> 8)).append(".");
    return text.append(std::to_string(low & 0xff));
}

// List xy11, module identification: |index 2|order number 20|type 2|version 2|release 2|
void module_identification(ByteCursor record, const Slice& witness, Claims& claims) {
    const std::uint16_t index = record.be16();
    const Slice order = record.bytes(20);
    record.skip(2);
    const std::uint16_t high = record.be16();
    const std::uint16_t low = record.be16();
    if (!record.ok()) return;
    switch (index) {
        case 1:
            claims.stated(Field::model, order.text(), witness, "order_number");
            break;
        case 6:
            if (high >= 1 && high < 100) claims.stated(Field::hardware, std::to_string(high), witness, "hardware");
            break;
        case 7:
            claims.stated(Field::firmware, version(high, low), witness, "firmware");
            break;
        default:
            break;
    }
}

// List xy1C, component identification: |index 2|text 32|. Text 3 (plant) is the user's own and stays out.
void component_identification(ByteCursor record, const Slice& witness, Claims& claims) {
    const std::uint16_t index = record.be16();
    const Slice slice = record.bytes(32);
    if (!record.ok()) return;
    const std::string_view text = slice.text().substr(0, slice.text().find('\0'));
    switch (index) {
        case 1:
            claims.stated(Field::station_name, text, witness, "station_name");
            break;
        case 2:  // a name the user may choose
            claims.stated(Field::description, text, witness, "module_name");
            break;
        case 4:
            claims.stated(Field::description, text, witness, "copyright");
            break;
        case 5:
            claims.stated(Field::serial, text, witness, "serial");
            break;
        case 7:
            claims.stated(Field::product, text, witness, "module_type");
            break;
        case 8:
            if (!text.empty()) claims.part("s7/memory-card").stated(Field::serial, text, witness, "memory_card");
            break;
        case 9: {
            // The manufacturer id of the identification and maintenance data (PROFIBUS order 3.502), which PROFINET shares.
            const unsigned id = static_cast<unsigned>(slice.bytes[0] << 8) | slice.bytes[1];
            if (id != 0 && id < 0xff00) {
                claims.stated(Field::vendor_id, "profinet:" + std::to_string(id), witness, "manufacturer_id");
            }
            break;
        }
        case 11:
            claims.stated(Field::location, text, witness, "location");
            break;
        default:
            break;
    }
}

void status_list(ByteCursor list, const Slice& witness, Claims& claims) {
    const std::uint16_t id = list.be16();
    list.skip(2);
    const std::uint16_t record_size = list.be16();
    const std::uint16_t records = list.be16();
    // The upper four bits are the class of module: 0 is a CPU.
    const bool modules = (id & 0xf0ff) == 0x0011 && record_size == 28;
    const bool components = (id & 0xf0ff) == 0x001c && record_size == 34;
    if (!modules && !components) return;
    for (int left = records; left > 0 && list.left() >= record_size; --left) {
        const ByteCursor record = list.take(record_size);
        if (modules) {
            module_identification(record, witness, claims);
        } else {
            component_identification(record, witness, claims);
        }
    }
}

// Reply of the CPU functions: |00 01 12|08|12|84|01 read list|sequence|data unit|more follows|error 2|
void user_data(ByteCursor parameters, ByteCursor data, const Slice& witness, Notes& notes, Claims& claims) {
    const bool head = parameters.be24() == 0x000112 && parameters.u8() == 8 && parameters.u8() == 0x12;
    const bool read_list = parameters.u8() == 0x84 && parameters.u8() == 1;
    if (!head || !read_list) return;
    parameters.skip(1);
    const std::uint8_t number = parameters.u8();
    const bool more = parameters.u8() != 0;
    // An error carries no list: |0A|00|0000|.
    if (parameters.be16() != 0 || data.peek() != 0xff || data.peek(1) != 9) {
        notes.collecting = false;
        return;
    }
    data.skip(2);
    ByteCursor list = data.take(data.be16());
    if (!list.ok()) return;
    const bool continues = notes.collecting && number != 0 && number == notes.number;
    if (!more && !continues) {
        notes.collecting = false;
        status_list(list, witness, claims);
        return;
    }
    if (!continues) {
        notes.collecting = true;
        notes.number = number;
        notes.size = 0;
    }
    const Slice part = list.rest();
    if (part.size() > Notes::most - notes.size) {
        notes.collecting = false;
        return;
    }
    std::copy(part.bytes.begin(), part.bytes.end(), notes.bytes.begin() + notes.size);
    notes.size = static_cast<std::uint16_t>(notes.size + part.size());
    if (more) return;
    notes.collecting = false;
    Reading reading;
    status_list(ByteCursor(Bytes(notes.bytes.data(), notes.size), reading), witness, claims);
}

// Jobs that change what the controller does: 0x29 stop, 0x28 program invocation, 0x05 write, 0x1A a download begins. What is
// written is not looked at. 0x1D to 0x1F fetch a program out of it: that is reading.
void job(ByteCursor parameters, const Slice& witness, const Flow& flow, Claims& claims) {
    std::string what;
    switch (parameters.u8()) {
        case 0x29:
            what = "PLC stop";
            break;
        case 0x28: {
            // |six zeros|FD|argument length 2|argument|name length|name|
            parameters.skip(7);
            parameters.skip(parameters.be16());
            const std::string_view name = parameters.take(parameters.u8()).text_ahead();
            if (name == "P_PROGRAM") {
                what = "PLC start";
            } else if (name == "_INSE" || name == "_DELE" || name == "_GARB" || name == "_MODU") {
                what = "PI service " + std::string(name);
            }
            break;
        }
        case 0x05:
            what = "write";
            break;
        case 0x1a:
            what = "download";
            break;
        default:
            break;
    }
    if (what.empty() || !parameters.ok()) return;
    what = "s7comm " + what + " from " + flow.sender.ip.text();
    claims.about(flow.receiver).stated(Field::remote_observed, what, witness, "job");
}

// 0x1B and 0x1C: in a download the controller itself asks for block after block, and says when it has them.
void fetching(ByteCursor parameters, const Slice& witness, const Flow& flow, Claims& claims) {
    const std::uint8_t function = parameters.u8();
    if (function != 0x1b && function != 0x1c) return;
    claims.stated(Field::remote_observed, "s7comm download from " + flow.receiver.ip.text(), witness, "job");
}

// Programmer commands (group 1 of the user data), a request: |00 01 12 04 11 41|function|sequence|. Of its functions four make
// the controller do something else; the others show it, or make its lamp blink.
void programmer(ByteCursor parameters, const Slice& witness, const Flow& flow, Claims& claims) {
    if (parameters.be24() != 0x000112 || parameters.be24() != 0x041141) return;
    std::string what;
    switch (parameters.u8()) {
        case 0x08:
            what = "modify variable";
            break;
        case 0x09:
            what = "force";
            break;
        case 0x0b:
            what = "exit hold";
            break;
        case 0x0c:
            what = "memory reset";
            break;
        default:
            return;
    }
    if (!parameters.ok()) return;
    what = "s7comm " + what + " from " + flow.sender.ip.text();
    claims.about(flow.receiver).stated(Field::remote_observed, what, witness, "programmer");
}

void observe_message(ByteCursor s7, const Slice& witness, Flow& flow, Claims& claims) {
    s7.skip(1);
    const auto kind = static_cast<Kind>(s7.u8());
    s7.skip(4);
    const std::uint16_t parameters_size = s7.be16();
    const std::uint16_t data_size = s7.be16();
    if (kind == Kind::Ack || kind == Kind::AckData) s7.skip(2);
    const ByteCursor parameters = s7.take(parameters_size);
    const ByteCursor data = s7.take(data_size);
    if (!s7.ok()) return;
    if (kind == Kind::UserData && parameters.left() == 12) {
        user_data(parameters, data, witness, flow.state->notes<Notes>(), claims);
    } else if (kind == Kind::UserData && parameters.left() == 8 && !flow.from_server()) {
        programmer(parameters, witness, flow, claims);
    } else if (kind == Kind::Job && !parameters.done()) {
        if (flow.from_server()) {
            fetching(parameters, witness, flow, claims);
        } else {
            job(parameters, witness, flow, claims);
        }
    }
}

// The first byte of the called selector is the kind of connection (SIMATIC NET, TSAP): 1 a programming device's, 2 an operator
// panel's, 3 any other. Libraries that people build on open theirs as 1 too: it is how the client presents itself, no more.
void connection(const Slice& called, Claims& claims) {
    if (called.size() != 2) return;
    const std::uint8_t kind = called.bytes[0];
    if (kind == 1) claims.stated(Field::role, "s7 connection as programming device", called, "tsap");
    if (kind == 2) claims.stated(Field::role, "s7 connection as operator panel", called, "tsap");
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    const ByteCursor begin = message;
    CotpPacket packet{0, 0, false, message.take(0)};
    const auto short_of = [&] { return need(begin.left() >= 7 ? std::max<std::size_t>(packet.size, 7) : 7); };
    CotpFraming framing = next_cotp(message, packet);
    if (framing == CotpFraming::Short) return short_of();
    if (framing == CotpFraming::Bad) return not_this();
    if (packet.code == 0xe0 && !flow.from_server()) connection(cotp_called(begin), claims);
    if (packet.code != 0xf0 || packet.payload.done()) return done(message);
    if (packet.last) {
        const Slice payload = packet.payload.rest();
        Reading reading;
        const ByteCursor s7 = whole(payload, reading);
        if (is_s7(s7, true)) observe_message(s7, payload, flow, claims);
        return done(message);
    }
    // ISO 8073 13.7: a message in several packets, the last one marked.
    if (!is_s7(packet.payload, false)) return done(message);
    std::vector<std::uint8_t> joined;
    for (;;) {
        const Slice part = packet.payload.rest();
        if (joined.size() + part.size() > 8192) return done(message);
        joined.insert(joined.end(), part.bytes.begin(), part.bytes.end());
        if (packet.last) break;
        framing = next_cotp(message, packet);
        if (framing == CotpFraming::Short) return need(begin.left() + 7);
        if (framing == CotpFraming::Bad || packet.code != 0xf0) return not_this();
    }
    Reading reading;
    const ByteCursor s7(joined, reading);
    if (is_s7(s7, true)) observe_message(s7, message.since(begin), flow, claims);
    return done(message);
}

constexpr std::string_view setup = "0300 0019 02f080 3201 0000 0001 0008 0000 f000 0001 0001 00f0";
constexpr std::string_view connect = "0300 0016 11e0 0000 0001 00 c1020100 c2020102 c0010a";
constexpr ExampleMessage module_list[] = {
    {From::Client, connect, {}},
    {From::Server, "0300 0016 11d0 0001 0002 00 c1020100 c2020102 c0010a", {}},
    {From::Client, setup, {}},
    {From::Server, "0300 001b 02f080 3203 0000 0001 0008 0000 0000 f000 0001 0001 00f0", {}},
    {From::Client, "0300 0021 02f080 3207 0000 0002 0008 0008 00011204 11440100 ff090004 00110000", {}},
    {From::Server,
     "0300007d02f080320700000005000c0060000112081284010100000000ff09005c00110000001c0003000136455337203939392d"
     "39455839392d304142302000c000020001000636455337203939392d39455839392d304142302000c00002000100072020202020"
     "20202020202020202020202020202000c056030206",
     {}}};
constexpr std::string_view module_claims[] = {"client role=s7 connection as programming device",
                                              "server model=6ES7 999-9EX99-0AB0", "server hardware=2",
                                              "server firmware=V3.2.6"};
constexpr ExampleMessage panel[] = {{From::Client, "0300 0016 11e0 0000 0001 00 c1020100 c2020202 c0010a", {}},
                                    {From::Server, "0300 0016 11d0 0001 0002 00 c1020100 c2020202 c0010a", {}},
                                    {From::Client, setup, {}}};
constexpr std::string_view panel_claims[] = {"client role=s7 connection as operator panel"};
constexpr ExampleMessage other[] = {{From::Client, "0300 0016 11e0 0000 0001 00 c1020100 c2020302 c0010a", {}},
                                    {From::Client, setup, {}}};
constexpr ExampleMessage requests[] = {
    {From::Client, setup, {}},
    {From::Client, "0300 0007 02f000 0300 0021 02f080 3207 0000 0002 0008 0008 00011204 11440100 ff090004 001c0000", {}}};
constexpr ExampleMessage stop[] = {
    {From::Client, setup, {}},
    {From::Client, "0300 0021 02f080 3201 0000 0003 0010 0000 29 0000000000 09 505f50524f4752414d", {}},
    {From::Client, "0300 0025 02f080 3201 0000 0004 0014 0000 28 000000000000 fd 0000 09 505f50524f4752414d", {}}};
constexpr std::string_view stop_claims[] = {"server remote_observed=s7comm PLC stop from 192.0.2.10",
                                            "server remote_observed=s7comm PLC start from 192.0.2.10"};
// A word of a data block is written; a block is read out of the controller, which is no command; one is sent to it.
constexpr ExampleMessage written[] = {
    {From::Client, setup, {}},
    {From::Client, "0300 0025 02f080 320100000005000e00060501120a100200020001840000000004001012ab", {}},
    {From::Server, "0300 0016 02f080 320300000005000200010000 0501 ff", {}},
    {From::Client, "0300 0023 02f080 320100000006001200001d00000000000000095f3041303030303141", {}},
    {From::Server, "0300 0023 02f080 320100000007001200001b00000000000000095f3041303030303150", {}}};
constexpr std::string_view written_claims[] = {"server remote_observed=s7comm write from 192.0.2.10",
                                               "server remote_observed=s7comm download from 192.0.2.10"};
// A variable is modified, one forced, the memory reset; watching variables and blinking are no commands, nor is a list read.
constexpr ExampleMessage tested[] = {{From::Client, setup, {}},
                                     {From::Client, "0300 001d 02f080 3207 0000 0003 0008 0004 0001120411410801 ff090000", {}},
                                     {From::Client, "0300 001d 02f080 3207 0000 0004 0008 0004 0001120411410902 ff090000", {}},
                                     {From::Client, "0300 001d 02f080 3207 0000 0005 0008 0004 0001120411410c03 0a000000", {}},
                                     {From::Client, "0300 001d 02f080 3207 0000 0006 0008 0004 0001120411410204 ff090000", {}},
                                     {From::Client, "0300 001d 02f080 3207 0000 0007 0008 0004 0001120411411605 ff090000", {}},
                                     {From::Client, "0300 001d 02f080 3207 0000 0008 0008 0004 0001120411430806 0a000000", {}},
                                     {From::Client, "0300 001d 02f080 3207 0000 0009 0008 0004 0001120811810807 0a000000", {}}};
constexpr std::string_view tested_claims[] = {"server remote_observed=s7comm modify variable from 192.0.2.10",
                                              "server remote_observed=s7comm force from 192.0.2.10",
                                              "server remote_observed=s7comm memory reset from 192.0.2.10"};
// Station name, serial, module type, memory card and manufacturer in two messages; the second record is cut in the middle.
constexpr ExampleMessage component_list[] = {
    {From::Client, setup, {}},
    {From::Server,
     "0300005d02f080320700000005000c0040000112081284010106010000ff09003c001c00000022000500014578616d706c652073"
     "746174696f6e00000000000000000000000000000000000005532045582d3030303034320000000000",
     {}},
    {From::Server,
     "0300009702f080320700000005000c007a000112081284010106000000ff09007600000000000000000000000000000000000743"
     "5055203939392d39204558000000000000000000000000000000000000000000084d4d4320303030303030324100000000000000"
     "000000000000000000000000000009002af60000010000000000000000000000000000000000000000000000000000",
     {}}};
constexpr std::string_view component_claims[] = {"server station_name=Example station", "server serial=S EX-000042",
                                                 "server product=CPU 999-9 EX", "server[s7/memory-card] serial=MMC 0000002A",
                                                 "server vendor_id=profinet:42"};
// The setup in two transport packets.
constexpr ExampleMessage split_setup[] = {{From::Client, "0300 0013 02f000 3201 0000 0001 0008 0000 f000", {}},
                                          {From::Client, "0300 000d 02f080 0001 0001 00f0", {}}};
constexpr ExampleMessage module_called[] = {{From::Client, setup, {}},
                                            {From::Server,
                                             "0300004b02f080320700000005000c002e000112081284010100000000ff09002a001c00020022000"
                                             "100024558206d6f64756c652037000000000000000000000000000000000000000000",
                                             {}}};
constexpr std::string_view module_called_claims[] = {"server description=EX module 7"};
constexpr Example examples[] = {
    {"module identification after connect and setup", Layer::Tcp, 102, module_list, module_claims},
    {"component identification in two messages", Layer::Tcp, 102, component_list, component_claims},
    {"a module's name in its project", Layer::Tcp, 102, module_called, module_called_claims},
    {"setup and a question say nothing", Layer::Tcp, 102, requests, {}},
    {"a setup in two transport packets", Layer::Tcp, 102, split_setup, {}},
    {"a connection of the kind that operator panels open", Layer::Tcp, 102, panel, panel_claims},
    {"a connection of any other kind", Layer::Tcp, 102, other, {}},
    {"a controller is stopped and started", Layer::Tcp, 102, stop, stop_claims},
    {"variables are modified and forced, the memory reset; watching and blinking are no commands", Layer::Tcp, 102, tested,
     tested_claims},
    {"a controller is written to and loaded; fetching its program is no command", Layer::Tcp, 102, written, written_claims},
};
constexpr std::uint16_t ports[] = {102};

}  // namespace

Decoder s7comm() {
    Decoder decoder;
    decoder.name = "s7comm";
    decoder.title = "S7 communication";
    decoder.spec =
        "RFC 1006; ISO 8073; SIMATIC System Software for S7-300/400, System and Standard Functions, chapter 33 (SSL); header "
        "and commands as Wireshark's packet-s7comm.c and icsnpp-s7comm read them";
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
