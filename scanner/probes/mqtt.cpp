// MQTT: is there a broker, and does it let anybody in. A connection without account, with a random name and a session that is
// forgotten, and the farewell. Nothing is subscribed to and nothing published; a name that a client already has would throw
// that client out, so it is a new one each time.
//
//   |10|length|0004 "MQTT"|04|02 clean session|003C|size 2|name|        answer |20 02|00|code|        |E0 00| disconnect
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr std::size_t connect = 0;
constexpr std::size_t disconnect = 1;

// MQTT 3.1.1 sections 3.1 and 3.14.
constexpr Hole holes[] = {hole::length("size", 1), hole::length("name-size", 2, "token"), hole::text("token", 16, "0-9a-f")};
constexpr Request requests[] = {
    {"CONNECT", "10 {size} 0004 4d515454 04 02 003c {name-size} {token}", {}, holes},
    {"DISCONNECT", "e000", {}, {}},
};

// Section 3.2: four bytes; a broker of version 5 may answer with properties behind them.
Whole whole(ByteCursor stream, const Talk&) {
    if (stream.left() > 0 && stream.peek() != 0x20) return other_protocol();
    if (stream.left() < 2) return more();
    const std::size_t size = stream.peek(1);
    if (size < 2 || size > 127) return other_protocol();
    return stream.left() < 2 + size ? more() : message(2 + size);
}

// Section 3.2.2.3: 0 accepted, 1 to 5 refused.
Step next(Talk& talk) {
    if (talk.begins()) return ask(connect);
    Reading reading;
    return end(ByteCursor(talk.reply, reading).peek(3) == 0 ? ProbeOutcome::Answered : ProbeOutcome::Declined);
}

Step goodbye(Talk&) { return ask(disconnect); }

// ---- examples ----

constexpr Turn open_turns[] = {
    {"101c00044d5154540402003c001033343132303030303030303030303030", {}, "20020000", {}},
    {"e000", {}, {}, {}},
};
constexpr Turn closed_turns[] = {
    {"101c00044d5154540402003c001033343132303030303030303030303030", {}, "20020005", {}},
    {"e000", {}, {}, {}},
};

constexpr Transcript transcripts[] = {
    {"a broker that lets anybody in", Origin::Server, "mosquitto 2.0.11", open_turns, {}},
    {"a broker that wants an account",
     Origin::Documented,
     "MQTT 3.1.1 section 3.2.2.3, code 5",
     closed_turns,
     {},
     ProbeOutcome::Declined},
};
constexpr std::uint16_t ports[] = {1883};

}  // namespace

Probe mqtt() {
    Probe probe;
    probe.name = "mqtt";
    probe.title = "MQTT: is there a broker, does it want an account";
    probe.spec = "MQTT 3.1.1 sections 3.1, 3.2 and 3.14";
    probe.why_safe =
        "A session without account, subscription or message, under a random name that displaces nobody, and closed at once";
    probe.safety = Safety::OpenSession;
    probe.transport = Transport::Tcp;
    probe.family = Family::It;
    probe.decoder = "mqtt";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.goodbye = goodbye;
    probe.whole = whole;
    probe.limits.requests = 1;
    probe.limits.bytes = 1024;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
