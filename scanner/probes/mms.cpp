// MMS Identify: the question of IEC 61850 devices for "who are you": maker, model, revision. An association is set up, one
// question asked, and the transport disconnected.
//
//   |03 00|length 2|11 E0 connection request|
//   |03 00|length 2|02 F0 80|0D session|31 presentation|60 association|A8 initiate|
//   |03 00|length 2|02 F0 80|01 00 01 00|61 ...|A0 05 02 01 01 82 00 identify|
#include <string>

#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr std::size_t connect = 0;
constexpr std::size_t initiate = 1;
constexpr std::size_t identify = 2;
constexpr std::size_t disconnect = 3;

constexpr Hole disconnect_holes[] = {hole::octets("their-reference", 2)};
constexpr Request requests[] = {
    {"connection", "0300 0016 11 e0 0000 0001 00 c1020000 c2020001 c0010a", {}, {}},
    // ISO 8327 connect, ISO 8823 contexts 1 (association) and 3 (MMS), ISO 8650 association, ISO 9506-2 initiate.
    {"association",
     "030000a302f0800d9a0506130100160102140200023302000134020001c184318181a003800101a27a810400000001820400"
     "000001a423300f0201010604520100013004060251013010020103060528ca22020130040602510161473045020101a04060"
     "3ea107060528ca220203be33283106025101020103a028a826800300fde8810101820101830105a416800101810305f10082"
     "0c03ee1c00000408000079ef18",
     {},
     {}},
    {"Identify", "0300 001b 02f080 01000100 61 0e 30 0c 020103 a007 a005 020101 8200", {}, {}},
    {"disconnect", "0300 000b 06 80 {their-reference} 0001 00", {}, disconnect_holes},
};

struct Notes {
    std::uint8_t their_reference[2];
    bool connected;
};

// RFC 1006 section 6.
Whole whole(ByteCursor stream, const Talk&) {
    if (stream.left() < 4) return stream.left() > 0 && stream.peek() != 3 ? other_protocol() : more();
    const std::uint16_t length = stream.peek_be16(2);
    if (stream.peek_be16() != 0x0300 || length < 7 || length > 8192) return other_protocol();
    return stream.left() < length ? more() : message(length);
}

// ISO 8073 section 13; ISO 8327 section 8: 0E accepts, 0C refuses; then ISO 9506-2: A1 answers, A2 is an error.
Step next(Talk& talk) {
    auto& notes = talk.notes<Notes>();
    if (talk.begins()) return ask(connect);
    Reading reading;
    ByteCursor reply(talk.reply, reading);
    reply.skip(5);
    const std::uint8_t kind = reply.u8();
    if (talk.request == connect) {
        if ((kind & 0xf0) != 0xd0) return end(kind == 0x80 ? ProbeOutcome::Declined : ProbeOutcome::OtherProtocol);
        reply.skip(2);
        notes.their_reference[0] = reply.u8();
        notes.their_reference[1] = reply.u8();
        notes.connected = true;
        return ask(initiate);
    }
    if (kind != 0xf0) return end(ProbeOutcome::Declined);
    reply.skip(1);
    const std::uint8_t session = reply.u8();
    if (talk.request == initiate) return session == 0x0e ? ask(identify) : end(ProbeOutcome::Declined);
    // |01 00 01 00|61 length|30 length|02 01 03|A0 length|A1|
    const std::string_view text = reply.text_ahead();
    constexpr std::string_view context{"\x02\x01\x03\xa0", 4};
    const std::size_t at = text.find(context);
    const bool answer = at != std::string_view::npos && at + 5 < text.size() && static_cast<std::uint8_t>(text[at + 5]) == 0xa1;
    return end(answer ? ProbeOutcome::Answered : ProbeOutcome::Declined);
}

Step goodbye(Talk& talk) {
    const auto& notes = talk.notes<Notes>();
    if (!notes.connected) return end();
    const std::string theirs{static_cast<char>(notes.their_reference[0]), static_cast<char>(notes.their_reference[1])};
    return ask(disconnect).with("their-reference", theirs);
}

// ---- examples ----

constexpr Turn relay_turns[] = {
    {"0300 0016 11 e0 0000 0001 00 c1020000 c2020001 c0010a", {}, "0300 0016 11 d0 0001 0003 00 c1020000 c2020001 c0010a", {}},
    {"030000a302f0800d9a0506130100160102140200023302000134020001c184318181a003800101a27a810400000001820400"
     "000001a423300f0201010604520100013004060251013010020103060528ca22020130040602510161473045020101a04060"
     "3ea107060528ca220203be33283106025101020103a028a826800300fde8810101820101830105a416800101810305f10082"
     "0c03ee1c00000408000079ef18",
     {},
     "0300009302f0800e8a05061301001601021402000234020001c1783176a003800101a26f830400000001a512300780010081"
     "02510130078001008102510161533051020101a04c614aa107060528ca220203a203020100a305a103020100be3328310602"
     "5101020103a028a926800300fde8810101820101830105a416800101810305f100820c03ee1c00000408000079ef18",
     {}},
    {"0300 001b 02f080 01000100 61 0e 30 0c 020103 a007 a005 020101 8200",
     {},
     "0300 0039 02f080 01000100 61 2c 30 2a 020103 a025 a123 020101 a21e"
     "800e 4578616d706c652052656c617973"  // Example Relays
     "8106 45582d373030 8204 312e3432",   // EX-700, 1.42
     {}},
    {"0300 000b 06 80 0003 0001 00", {}, {}, {}},
};
constexpr std::string_view relay_claims[] = {"server brand=Example Relays", "server firmware=1.42", "server model=EX-700",
                                             "server product=EX-700"};
constexpr Turn refused_turns[] = {
    {"0300 0016 11 e0 0000 0001 00 c1020000 c2020001 c0010a", {}, "0300 000b 06 80 0001 0000 02", {}}};
// A SIMATIC controller on the port knows the transport, and closes when the session is not its own.
constexpr Turn closes_turns[] = {
    {"0300 0016 11 e0 0000 0001 00 c1020000 c2020001 c0010a", {}, "0300 0016 11 d0 0001 0003 00 c1020000 c2020001 c0010a", {}},
    {"030000a302f0800d9a0506130100160102140200023302000134020001c184318181a003800101a27a810400000001820400"
     "000001a423300f0201010604520100013004060251013010020103060528ca22020130040602510161473045020101a04060"
     "3ea107060528ca220203be33283106025101020103a028a826800300fde8810101820101830105a416800101810305f10082"
     "0c03ee1c00000408000079ef18",
     {},
     {},
     {},
     true},
};

constexpr Transcript transcripts[] = {
    {"a relay tells maker, model and revision", Origin::Documented, "ISO 9506-2, Identify; ISO 8327, ISO 8823, ISO 8650",
     relay_turns, relay_claims},
    {"the transport refuses", Origin::Documented, "ISO 8073 section 13.5", refused_turns, {}, ProbeOutcome::Declined},
    {"a server that does not know the session closes",
     Origin::Documented,
     "ISO 8327 section 7",
     closes_turns,
     {},
     ProbeOutcome::Closed},
};
constexpr std::uint16_t ports[] = {102};

}  // namespace

Probe mms() {
    Probe probe;
    probe.name = "mms";
    probe.title = "MMS Identify";
    probe.spec = "ISO 9506-2 (Identify); RFC 1006; ISO 8073; ISO 8327; ISO 8823; ISO 8650";
    probe.why_safe = "Identify only reads three texts; associations are few (5 to 10), so it is one, and it is given back";
    probe.safety = Safety::OpenSession;
    probe.transport = Transport::Tcp;
    probe.family = Family::Ot;
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.goodbye = goodbye;
    probe.whole = whole;
    probe.decoder = "mms";
    probe.few_sessions = true;
    probe.limits.requests = 3;
    probe.limits.bytes = 16'384;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
