// BACnet/IP ReadProperty of the device object: who made it, which model and version, its name and serial number. The object is
// asked for by the instance that stands for "whoever you are" (4194303); a device that does not know it is asked Who-Is, and
// by its own instance then. One property per question, as the simplest devices have it.
//
//   |81|0A|length 2|01|04|00 05|invoke|0C|0C object 4|19 property|            81 0A: unicast; 01 04: a reply is expected
#include <array>

#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr std::size_t property = 0;
constexpr std::size_t serial = 1;
constexpr std::size_t who_is = 2;

constexpr std::uint32_t whoever = 0x023fffff;  // device 4194303

constexpr Hole property_holes[] = {hole::number("invoke", 1), hole::number("object", 4, 0x02000000, 0x023fffff),
                                   hole::number("property", 1, 0x0c, 0x79)};
constexpr Hole serial_holes[] = {hole::number("invoke", 1), hole::number("object", 4, 0x02000000, 0x023fffff)};
constexpr Request requests[] = {
    {"property", "810a 0011 0104 0005 {invoke} 0c 0c {object} 19 {property}", {}, property_holes},
    {"serial number", "810a 0012 0104 0005 {invoke} 0c 0c {object} 1a 0174", {}, serial_holes},
    {"Who-Is", "810a 0008 0100 1008", {}, {}},
};

// ASHRAE 135 clause 21: object-identifier, vendor-identifier, vendor-name, model-name, firmware-revision,
// application-software-version, object-name.
constexpr std::uint8_t properties[] = {0x4b, 0x78, 0x79, 0x46, 0x2c, 0x0c, 0x4d};

struct Notes {
    std::uint32_t object;
    std::uint8_t at;  // of properties; behind them the serial number
    std::uint8_t invoke;
    bool answered;
    bool who_was_asked;
};

Step ask_next(Talk& talk) {
    auto& notes = talk.notes<Notes>();
    notes.invoke = static_cast<std::uint8_t>(talk.target->token + talk.sent);
    if (notes.at < std::size(properties))
        return ask(property).with("invoke", notes.invoke).with("object", notes.object).with("property", properties[notes.at]);
    if (notes.at > std::size(properties)) return end();
    return ask(serial).with("invoke", notes.invoke).with("object", notes.object);
}

// Clause 6.2 and annex J: what stands behind the network layer; empty where it is no BACnet.
ByteCursor service_data(ByteCursor reply) {
    ByteCursor nothing = ByteCursor(reply).take(0);
    if (reply.u8() != 0x81) return nothing;
    const std::uint8_t function = reply.u8();
    reply.skip(2);
    if (function == 0x04) reply.skip(6);
    if (reply.u8() != 1) return nothing;
    const std::uint8_t control = reply.u8();
    if ((control & 0x80) != 0) return nothing;
    if ((control & 0x20) != 0) {
        reply.skip(2);
        reply.skip(reply.u8());
    }
    if ((control & 0x08) != 0) {
        reply.skip(2);
        reply.skip(reply.u8());
    }
    if ((control & 0x20) != 0) reply.skip(1);
    return reply;
}

// Clause 20.1: 3 complex acknowledgement, 5 error, 6 reject, 7 abort, 1 unconfirmed: I-Am is service 0.
Step next(Talk& talk) {
    auto& notes = talk.notes<Notes>();
    if (talk.begins()) {
        notes.object = whoever;
        return ask_next(talk);
    }
    Reading reading;
    ByteCursor data = service_data(ByteCursor(talk.reply, reading));
    if (data.done()) return notes.answered ? listen() : end(ProbeOutcome::OtherProtocol);
    const std::uint8_t type = data.u8() >> 4;
    if (type == 1) {
        if (data.u8() != 0 || data.u8() != 0xc4) return listen();
        const std::uint32_t object = data.be32();
        if (talk.request != who_is || !data.ok() || object >> 22 != 8 || object == whoever) return listen();
        notes.object = object;
        notes.answered = true;
        notes.at = 1;
        return ask_next(talk);
    }
    if (data.u8() != notes.invoke) return listen();
    if (type == 3) {
        data.skip(2);
        const std::uint32_t object = data.be32();
        notes.answered = true;
        if (data.ok() && object >> 22 == 8 && object != whoever) notes.object = object;
        ++notes.at;
        return ask_next(talk);
    }
    if (type != 5) return end(notes.answered ? ProbeOutcome::Answered : ProbeOutcome::Declined);
    if (!notes.answered && !notes.who_was_asked) {
        notes.who_was_asked = true;
        return ask(who_is);
    }
    // It has no such property; it may have the next.
    ++notes.at;
    return ask_next(talk);
}

// ---- examples ----

constexpr Turn device_turns[] = {
    {"810a 0011 0104 0005 34 0c 0c 023fffff 19 4b", {}, "810a 0017 0100 3034 0c 0c 020004d2 19 4b 3e c4 020004d2 3f", {}},
    {"810a 0011 0104 0005 35 0c 0c 020004d2 19 78", {}, "810a 0015 0100 3035 0c 0c 020004d2 19 78 3e 22 0104 3f", {}},
    {"810a 0011 0104 0005 36 0c 0c 020004d2 19 79",
     {},
     "810a 0022 0100 3036 0c 0c 020004d2 19 79 3e 750e 00 4578616d706c6520576f726b73 3f",  // Example Works
     {}},
    {"810a 0011 0104 0005 37 0c 0c 020004d2 19 46",
     {},
     "810a 001b 0100 3037 0c 0c 020004d2 19 46 3e 7507 00 45582d353230 3f",  // EX-520
     {}},
    {"810a 0011 0104 0005 38 0c 0c 020004d2 19 2c", {}, "810a 0017 0100 3038 0c 0c 020004d2 19 2c 3e 74 00 322e31 3f", {}},
    {"810a 0011 0104 0005 39 0c 0c 020004d2 19 0c",
     {},
     "810a 001a 0100 3039 0c 0c 020004d2 19 0c 3e 7506 00 312e302e37 3f",  // 1.0.7
     {}},
    {"810a 0011 0104 0005 3a 0c 0c 020004d2 19 4d",
     {},
     "810a 001b 0100 303a 0c 0c 020004d2 19 4d 3e 7507 00 4148552d3031 3f",  // AHU-01
     {}},
    {"810a 0012 0104 0005 3b 0c 0c 020004d2 1a 0174", {}, "810a 000d 0100 503b 0c 91 02 91 20", {}},
};
constexpr std::string_view device_claims[] = {
    "server brand=Example Works", "server device_instance=1234", "server firmware=2.1",         "server hostname=AHU-01",
    "server model=EX-520",        "server software=1.0.7",       "server vendor_id=bacnet:260",
};
constexpr Turn own_instance_turns[] = {
    {"810a 0011 0104 0005 34 0c 0c 023fffff 19 4b", {}, "810a 000d 0100 5034 0c 91 01 91 1f", {}},
    {"810a 0008 0100 1008", {}, "810b 0014 0100 1000 c4 02000007 22 01e0 91 03 21 2a", {}},
    {"810a 0011 0104 0005 36 0c 0c 02000007 19 78", {}, "810a 0009 0100 60 36 09", {}},
};
constexpr std::string_view own_instance_claims[] = {"server device_instance=7", "server vendor_id=bacnet:42"};
constexpr Turn other_turns[] = {{"810a 0011 0104 0005 34 0c 0c 023fffff 19 4b", {}, "8000 0000", {}}};
constexpr Turn silent_turns[] = {{"810a 0011 0104 0005 34 0c 0c 023fffff 19 4b", {}, {}, {}}};

constexpr Transcript transcripts[] = {
    {"a device tells its properties one by one", Origin::Server, "@bacnet-js/client 3.3.2 with properties of our own",
     device_turns, device_claims},
    {"a device that only knows its own instance", Origin::Documented, "ANSI/ASHRAE Standard 135-2020, clauses 15.5 and 16.10",
     own_instance_turns, own_instance_claims},
    {"something else on the port", Origin::Documented, "RFC 1035 section 4.1.1", other_turns, {}, ProbeOutcome::OtherProtocol},
    {"a device that does not know the wildcard and keeps silent",
     Origin::Documented,
     "ANSI/ASHRAE Standard 135-2020, clause 15.5",
     silent_turns,
     {},
     ProbeOutcome::Silent},
};
constexpr std::uint16_t ports[] = {47808};

}  // namespace

Probe bacnet() {
    Probe probe;
    probe.name = "bacnet";
    probe.title = "BACnet properties of the device object";
    probe.spec = "ANSI/ASHRAE Standard 135-2020, clauses 12.11, 15.5, 16.10 and annex J";
    probe.why_safe = "ReadProperty only reads, one property and one datagram at a time; nothing is subscribed to or registered";
    probe.safety = Safety::ReadMany;
    probe.transport = Transport::Udp;
    probe.family = Family::Building;
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.decoder = "bacnet";
    probe.limits.requests = 10;
    probe.limits.bytes = 16'384;
    probe.limits.whole = std::chrono::seconds(40);
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
