// HART-IP: maker, kind, revisions and number of a field instrument or gateway (command 0), and the long name that the plant
// gave it (command 20). A session of twenty seconds, two reads, and the session is closed. Instruments behind a gateway are not
// listed.
//
//   |01|00|00|00|sequence 2|length 2|01 primary master|00004E20 ms|          initiate
//   |01|00|03|00|sequence 2|length 2|02 80 00 00 82|                         command 0, short address 0
//   |01|00|03|00|sequence 2|length 2|82 address 5|14|00|exclusive or|        command 20
#include <string>

#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr std::size_t initiate = 0;
constexpr std::size_t identity = 1;
constexpr std::size_t long_tag = 2;
constexpr std::size_t close = 3;

constexpr Hole tag_holes[] = {hole::octets("address", 5), hole::number("check", 1)};
constexpr Request requests[] = {
    {"session", "01 00 00 00 0001 000d 01 00004e20", {}, {}},
    {"command 0, identity", "01 00 03 00 0002 000d 02 80 00 00 82", {}, {}},
    {"command 20, long tag", "01 00 03 00 0003 0011 82 {address} 14 00 {check}", {}, tag_holes},
    {"close", "01 00 01 00 0004 0008", {}, {}},
};

struct Notes {
    bool open;
    bool named;
};

// FCG TS20085 section 7: version 1, type 1 answers, the message, a status; then a HART frame.
Step next(Talk& talk) {
    auto& notes = talk.notes<Notes>();
    if (talk.begins()) return ask(initiate);
    Reading reading;
    ByteCursor reply(talk.reply, reading);
    const std::uint8_t version = reply.u8();
    const std::uint8_t type = reply.u8();
    const std::uint8_t message_id = reply.u8();
    const std::uint8_t status = reply.u8();
    reply.skip(4);
    if (!reply.ok() || version != 1) return end(ProbeOutcome::OtherProtocol);
    // What is published (a burst) is not an answer.
    if (type != 1) return listen();
    if (talk.request == initiate) {
        if (message_id != 0 || status != 0) return end(ProbeOutcome::Declined);
        notes.open = true;
        return ask(identity);
    }
    if (message_id != 3) return listen();
    if (talk.request == long_tag) return end();
    // HCF_SPEC-127 command 0: |06|80|00|count|code, status|FE|kind 2|...; the number is at 9 behind the status.
    ByteCursor frame = reply;
    frame.skip(frame.peek() == 0x86 ? 6 : 2);
    const std::uint8_t command = frame.u8();
    frame.skip(1);
    const std::uint8_t code = frame.u8();
    frame.skip(1);
    if (!frame.ok() || command != 0 || code != 0 || frame.u8() != 0xfe) return end(ProbeOutcome::Declined);
    notes.named = talk.answered = true;
    const std::uint16_t kind = frame.be16();
    frame.skip(6);
    const std::uint32_t number = frame.be24();
    if (!frame.ok()) return end();
    std::string address;
    address.push_back(static_cast<char>(0x80 | ((kind >> 8) & 0x3f)));
    address.push_back(static_cast<char>(kind & 0xff));
    for (int shift = 16; shift >= 0; shift -= 8) address.push_back(static_cast<char>((number >> shift) & 0xff));
    unsigned check = 0x82U ^ 0x14U;
    for (const char each : address) check ^= static_cast<std::uint8_t>(each);
    return ask(long_tag).with("address", address).with("check", check & 0xff);
}

Step goodbye(Talk& talk) { return talk.notes<Notes>().open ? ask(close) : end(); }

// ---- examples ----

constexpr Turn instrument_turns[] = {
    {"01 00 00 00 0001 000d 01 00004e20", {}, "01 01 00 00 0001 000d 01 00004e20", {}},
    {"01 00 03 00 0002 000d 02 80 00 00 82",
     {},
     "0101030000020025068000180000fee2f10507030c100000abcd050500010000e200e20108",
     {}},
    {"010003000003001182a2f100abcd1400a3",
     {},
     "010103000003003386a2f100abcd1422000046542d3030343220636f6f6c696e670000000000000000000000000000000000"
     "f3",
     {}},
    {"01 00 01 00 0004 0008", {}, {}, {}},
};
constexpr std::string_view instrument_claims[] = {
    "server device_type=hart:58097",       "server firmware=12",        "server hardware=2", "server serial=0x00abcd",
    "server station_name=FT-0042 cooling", "server vendor_id=hart:226",
};
// 8: no session is free.
constexpr Turn full_turns[] = {{"01 00 00 00 0001 000d 01 00004e20", {}, "01 01 00 08 0001 0008", {}}};
constexpr Turn other_turns[] = {{"01 00 00 00 0001 000d 01 00004e20", {}, "80820001 0000000000", {}}};

constexpr Transcript transcripts[] = {
    {"an instrument tells what it is and what it is called", Origin::Documented, "FCG TS20085; HCF_SPEC-127 commands 0 and 20",
     instrument_turns, instrument_claims},
    {"no session is free", Origin::Documented, "FCG TS20085 section 7.2", full_turns, {}, ProbeOutcome::Declined},
    {"something else on the port", Origin::Documented, "RFC 1035 section 4.1.1", other_turns, {}, ProbeOutcome::OtherProtocol},
};
constexpr std::uint16_t ports[] = {5094};

}  // namespace

Probe hart_ip() {
    Probe probe;
    probe.name = "hart_ip";
    probe.title = "HART-IP identity";
    probe.spec = "FCG TS20085 (HART-IP); HCF_SPEC-081; HCF_SPEC-127 commands 0 and 20";
    probe.why_safe = "Commands 0 and 20 are universal and only read; sessions are few, so it is one, and it is closed";
    probe.safety = Safety::OpenSession;
    probe.transport = Transport::Udp;
    probe.family = Family::Ot;
    probe.decoder = "hart_ip";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.goodbye = goodbye;
    probe.few_sessions = true;
    probe.limits.requests = 3;
    probe.limits.bytes = 8192;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
