// Modbus Read Device Identification: the one question that Modbus has for "who are you". Nothing but reads, no register is
// touched.
//
//   |transaction 2|protocol 2 = 0|length 2 = 5|unit 1|2B|0E|code|object|      code 1: basic (who, what, revision), 2: regular,
//                                                                             3: what the maker adds, from 80 on
//
// More than the basic is asked of whoever says that he has it. Huawei's loggers and dongles list what is behind them in 87 and
// on, whatever they say.
//
// The unit is the one that is known from evidence or the scope file. Nothing known: 255, which native Modbus/TCP devices answer
// to; a gateway says that nobody stands there (exception 0A or 0B), and then unit 1 is asked once. No unit is ever searched
// for.
#include <array>

#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr std::size_t basic = 0;
constexpr std::size_t regular = 1;
constexpr std::size_t extended = 2;

constexpr std::uint8_t read_device_identification = 0x2b;
constexpr std::uint8_t acknowledged = 0x05;  // "it takes long": as good as busy
constexpr std::uint8_t busy = 0x06;
constexpr std::uint8_t no_path = 0x0a;
constexpr std::uint8_t no_answer_from_target = 0x0b;

constexpr Hole holes[] = {hole::number("transaction", 2), hole::number("unit", 1, 1, 255), hole::number("object", 1, 0, 0x7f)};
constexpr Hole extended_holes[] = {hole::number("transaction", 2), hole::number("unit", 1, 1, 255),
                                   hole::number("object", 1, 0x80, 0xff)};
constexpr Request requests[] = {
    {"basic identification", "{transaction} 0000 0005 {unit} 2b 0e 01 {object}", {}, holes},
    {"regular identification", "{transaction} 0000 0005 {unit} 2b 0e 02 {object}", {}, holes},
    {"extended identification", "{transaction} 0000 0005 {unit} 2b 0e 03 {object}", {}, extended_holes},
};

struct Notes {
    std::uint16_t transaction;
    std::uint8_t unit;  // asked
    std::uint8_t object;
    bool named;  // it has identified itself
    bool waited;
    bool huawei;
    std::uint8_t conformity;  // the highest that it said
};

Step ask_for(Talk& talk, std::size_t request, std::uint8_t object) {
    auto& notes = talk.notes<Notes>();
    notes.object = object;
    notes.transaction = static_cast<std::uint16_t>(talk.target->token + talk.sent);
    return ask(request).with("transaction", notes.transaction).with("unit", notes.unit).with("object", object);
}

// MODBUS Messaging on TCP/IP V1.0b section 3.1.3: the length counts from the unit on, a data unit has at most 254 bytes.
Whole whole(ByteCursor stream, const Talk&) {
    if (stream.left() < 8) return more();
    stream.skip(2);
    const std::uint16_t protocol = stream.be16();
    const std::uint16_t length = stream.be16();
    if (protocol != 0 || length < 3 || length > 254) return other_protocol();
    return stream.left() < length ? more() : message(std::size_t{6} + length);
}

// MODBUS Application Protocol V1.1b3 section 6.21.
Step next(Talk& talk) {
    auto& notes = talk.notes<Notes>();
    if (talk.begins()) {
        notes.unit = static_cast<std::uint8_t>(talk.target->unit_known ? talk.target->unit : 255);
        return ask_for(talk, basic, 0);
    }
    Reading reading;
    ByteCursor reply(talk.reply, reading);
    const std::uint16_t transaction = reply.be16();
    reply.skip(4);
    const std::uint8_t unit = reply.u8();
    const std::uint8_t function = reply.u8();
    // A late answer to somebody else's question: what was asked may still come.
    if (transaction != notes.transaction || unit != notes.unit) return listen();
    if (function == (read_device_identification | 0x80)) {
        const std::uint8_t why = reply.u8();
        if ((why == busy || why == acknowledged) && !notes.waited) {
            notes.waited = true;
            return again();
        }
        const bool nobody = why == no_path || why == no_answer_from_target;
        if (nobody && !talk.target->unit_known && notes.unit == 255) {
            notes.unit = 1;
            return ask_for(talk, basic, 0);
        }
        if (talk.request == regular && notes.huawei) return ask_for(talk, extended, 0x87);
        return end(notes.named ? ProbeOutcome::Answered : ProbeOutcome::Declined);
    }
    if (function != read_device_identification) return end(ProbeOutcome::OtherProtocol);
    reply.skip(2);
    const std::uint8_t conformity = reply.u8();
    const std::uint8_t more_follows = reply.u8();
    const std::uint8_t next_object = reply.u8();
    if (!reply.ok()) return end(ProbeOutcome::OtherProtocol);
    notes.named = talk.answered = true;
    // Objects come in order: a server that sends back where we were would lead us in a circle.
    if (more_follows == 0xff && next_object > notes.object && (next_object < 0x80) == (talk.request != extended))
        return ask_for(talk, talk.request, next_object);
    if ((conformity & 0x7f) > notes.conformity) notes.conformity = conformity & 0x7f;
    // |objects|0|length|name: the vendor's comes first.
    if (talk.request == basic && reply.u8() != 0 && reply.u8() == 0 && reply.u8() == 6)
        notes.huawei = reply.starts_with("HUAWEI");
    if (talk.request == basic && notes.conformity >= 2) return ask_for(talk, regular, 3);
    // Solar Inverter Modbus Interface Definitions, "querying a device list".
    if (talk.request != extended && notes.huawei) return ask_for(talk, extended, 0x87);
    if (talk.request == regular && notes.conformity >= 3) return ask_for(talk, extended, 0x80);
    return end();
}

// ---- examples ----

constexpr Turn names_itself_turns[] = {
    {"1234 0000 0005 ff 2b0e0100",
     {},
     "1234 0000 0028 ff 2b0e01 01 00 00 03"
     "00 0d 4578616d706c6520576f726b73"  // Example Works
     "01 08 45582d3532302d41"            // EX-520-A
     "02 05 56322e3130",                 // V2.10
     {}},
};
constexpr std::string_view names_itself_claims[] = {"server brand=Example Works", "server firmware=V2.10",
                                                    "server model=EX-520-A", "server product=EX-520-A",
                                                    "server role=modbus server"};
constexpr Turn gateway_turns[] = {
    {"1234 0000 0005 ff 2b0e0100", {}, "1234 0000 0003 ff ab 0b", {}},
    {"1235 0000 0005 01 2b0e0100",
     {},
     "1235 0000 001e 01 2b0e01 02 00 00 02"
     "00 0d 4578616d706c6520576f726b73"  // Example Works
     "01 05 45582d3131",                 // EX-11
     {}},
    {"1236 0000 0005 01 2b0e0203", {}, "1236 0000 0011 01 2b0e02 02 00 00 01 05 07 45582d31312f44", {}},  // EX-11/D
};
constexpr std::string_view gateway_claims[] = {"server role=modbus server", "server[modbus/502/1] brand=Example Works",
                                               "server[modbus/502/1] model=EX-11", "server[modbus/502/1] model=EX-11/D",
                                               "server[modbus/502/1] product=EX-11"};
// The vendor's own objects in two replies.
constexpr Turn extended_turns[] = {
    {"1234 0000 0005 ff 2b0e0100", {}, "1234 0000 0017 ff 2b0e01 83 00 00 01 00 0d 4578616d706c6520576f726b73", {}},
    {"1235 0000 0005 ff 2b0e0203", {}, "1235 0000 000f ff 2b0e02 83 00 00 01 05 05 45582d3131", {}},
    {"1236 0000 0005 ff 2b0e0380", {}, "1236 0000 000f ff 2b0e03 83 ff 81 01 80 05 68616c6c37", {}},
    {"1237 0000 0005 ff 2b0e0381", {}, "1237 0000 000f ff 2b0e03 83 00 00 01 81 05 726f772034", {}},
};
constexpr std::string_view extended_claims[] = {"server brand=Example Works", "server model=EX-11",
                                                "server role=modbus server"};
// A logger and one inverter behind it.
constexpr Turn huawei_turns[] = {
    {"1234 0000 0005 ff 2b0e0100", {}, "1234 0000 0010 ff 2b0e01 01 00 00 01 00 06 485541574549", {}},
    {"1235 0000 0005 ff 2b0e0387",
     {},
     "1235 0000 003f ff 2b0e03 03 00 00 02 87 01 01"
     "88 30 313d53554e323030302d455831304b3b323d56312e303b343d455830303030303034323b353d313b363d303b383d3030",
     {}},
};
constexpr std::string_view huawei_claims[] = {"server brand=HUAWEI", "server role=modbus server"};
constexpr Turn busy_turns[] = {
    {"1234 0000 0005 ff 2b0e0100", {}, "1234 0000 0003 ff ab 06", {}},
    {"1234 0000 0005 ff 2b0e0100", {}, "1234 0000 0003 ff ab 06", {}},
};
constexpr Turn declines_turns[] = {{"1234 0000 0005 ff 2b0e0100", {}, "1234 0000 0003 ff ab 01", {}}};
constexpr std::string_view declines_claims[] = {"server role=modbus server"};
constexpr Turn other_turns[] = {{"1234 0000 0005 ff 2b0e0100", {}, {}, "HTTP/1.1 400 Bad Request\r\n\r\n"}};
constexpr Turn silent_turns[] = {{"1234 0000 0005 03 2b0e0100", {}, {}, {}}};

constexpr Transcript transcripts[] = {
    {"a device names itself", Origin::Documented, "MODBUS Application Protocol V1.1b3 section 6.21", names_itself_turns,
     names_itself_claims},
    {"a gateway has nobody at 255: unit 1 is asked once", Origin::Documented,
     "MODBUS Application Protocol V1.1b3 section 7, exception 0B", gateway_turns, gateway_claims},
    {"a device that has more of its own says it", Origin::Documented, "MODBUS Application Protocol V1.1b3 section 6.21",
     extended_turns, extended_claims},
    {"a logger lists what is behind it", Origin::Project, "huawei-solar-lib, a public project", huawei_turns, huawei_claims},
    {"a busy device is asked once more, later", Origin::Documented,
     "MODBUS Application Protocol V1.1b3 section 7, exception 06", busy_turns, declines_claims, ProbeOutcome::Declined},
    {"a server without the function says so, and is not asked more", Origin::Server, "libmodbus 3.1.6", declines_turns,
     declines_claims, ProbeOutcome::Declined},
    {"a web server on the port", Origin::Server, "nginx 1.22.1", other_turns, {}, ProbeOutcome::OtherProtocol},
    {"nobody answers for a unit that the scope file names",
     Origin::Server,
     "node modbus-serial 8.0.25",
     silent_turns,
     {},
     ProbeOutcome::Silent,
     502,
     3},
};

constexpr std::uint16_t ports[] = {502};

}  // namespace

Probe modbus() {
    Probe probe;
    probe.name = "modbus";
    probe.title = "Modbus Read Device Identification";
    probe.spec = "MODBUS Application Protocol V1.1b3 section 6.21; MODBUS Messaging on TCP/IP V1.0b";
    probe.why_safe =
        "Function 43/14 only reads the names a device gives itself; what minds is the connection, as many servers take one or "
        "a "
        "few: so nobody is asked while another client is seen there";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Tcp;
    probe.family = Family::Ot;
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.whole = whole;
    probe.decoder = "modbus";
    probe.few_sessions = true;
    probe.each = Probe::Each::Unit;
    probe.limits.requests = 8;
    probe.limits.bytes = 4096;
    probe.limits.answer = std::chrono::seconds(5);
    probe.limits.whole = std::chrono::seconds(30);
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
