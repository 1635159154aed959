// SIP: telephones, door stations and exchanges name their program, often with model and firmware, when they are asked what
// they can. Nobody is called and nobody registers; who asks is "anonymous" (RFC 3323 section 4.1).
//
//   OPTIONS sip:host SIP/2.0, Via, From, To, Call-ID, CSeq        SIP/2.0 200 OK, Server: ..., Allow: ...
#include <string>

#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Hole holes[] = {hole::text("host", 64, hole::host_letters),
                          hole::text("me", 64, hole::host_letters),
                          hole::text("port", 5, "0-9"),
                          hole::text("branch", 8, "0-9a-f"),
                          hole::text("tag", 8, "0-9a-f"),
                          hole::text("whom", 64, hole::host_letters),
                          hole::text("call", 16, "0-9a-f")};
// RFC 3261 section 8.1.1: the fields that every request has; RFC 3581 section 3: the answer comes back to where it was sent
// from.
constexpr Request requests[] = {
    {"options",
     {},
     "OPTIONS sip:{host} SIP/2.0\r\nVia: SIP/2.0/UDP {me}:{port};branch=z9hG4bK{branch};rport\r\nMax-Forwards: 70\r\n"
     "From: \"Anonymous\" <sip:anonymous@anonymous.invalid>;tag={tag}\r\nTo: <sip:{whom}>\r\nCall-ID: {call}\r\n"
     "CSeq: 1 OPTIONS\r\nAccept: application/sdp\r\nContent-Length: 0\r\n\r\n",
     holes},
};

std::string digits(std::uint64_t number) {
    std::string out;
    for (; out.size() < 16; number >>= 8) {
        out += "0123456789abcdef"[number >> 4 & 15];
        out += "0123456789abcdef"[number & 15];
    }
    return out;
}

Step next(Talk& talk) {
    if (talk.begins()) {
        const Target& target = *talk.target;
        const std::string token = digits(target.token);
        const std::string me = target.my_ip.version == 6 ? "[" + target.my_ip.text() + "]" : target.my_ip.text();
        return ask(0)
            .with("me", me)
            .with("port", std::to_string(target.my_port))
            .with("branch", token.substr(0, 8))
            .with("tag", token.substr(8))
            .with("whom", target.host)
            .with("call", token);
    }
    Reading reading;
    const std::string_view text = ByteCursor(talk.reply, reading).text_ahead();
    if (!text.starts_with("SIP/2.0 ") || text.size() < 11) return end(ProbeOutcome::OtherProtocol);
    // Section 7.2: 1xx are on the way.
    return text[8] == '1' ? listen() : end();
}

// ---- examples ----

constexpr std::string_view asked =
    "OPTIONS sip:192.0.2.20 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.10:40000;branch=z9hG4bK34120000;rport\r\nMax-Forwards: 70\r\n"
    "From: \"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=00000000\r\nTo: <sip:192.0.2.20>\r\nCall-ID: "
    "3412000000000000\r\n"
    "CSeq: 1 OPTIONS\r\nAccept: application/sdp\r\nContent-Length: 0\r\n\r\n";
constexpr Turn door_turns[] = {
    {{},
     asked,
     {},
     "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.10:40000;branch=z9hG4bK34120000;rport=40000\r\nFrom: \"Anonymous\" "
     "<sip:anonymous@anonymous.invalid>;tag=00000000\r\nTo: <sip:192.0.2.20>;tag=7\r\nCall-ID: 3412000000000000\r\nCSeq: 1 "
     "OPTIONS\r\nServer: ExampleDoor 7.2\r\nAllow: INVITE, ACK, OPTIONS\r\nContent-Length: 0\r\n\r\n"},
};
constexpr std::string_view door_claims[] = {"server software=ExampleDoor 7.2"};
constexpr Turn other_turns[] = {{{}, asked, {}, "RTSP/1.0 400 Bad Request\r\n\r\n"}};

constexpr Transcript transcripts[] = {
    {"a door station tells what it can", Origin::Documented, "RFC 3261 section 11.2", door_turns, door_claims},
    {"something else on the port", Origin::Documented, "RFC 2326 section 7", other_turns, {}, ProbeOutcome::OtherProtocol},
};
constexpr std::uint16_t ports[] = {5060};

}  // namespace

Probe sip() {
    Probe probe;
    probe.name = "sip";
    probe.title = "SIP telephone, door station or exchange";
    probe.spec = "RFC 3261 sections 8.1.1 and 11; RFC 3581";
    probe.why_safe = "The question about methods that exchanges send all the time to see who is there; nothing rings";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Udp;
    probe.family = Family::It;
    probe.decoder = "sip";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.limits.requests = 1;
    probe.limits.bytes = 8192;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
