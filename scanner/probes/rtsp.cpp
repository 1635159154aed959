// RTSP: cameras and recorders name their program when they are asked what they can. Streams, which need a password, are not
// asked for.
//
//   OPTIONS rtsp://host:554/ RTSP/1.0        RTSP/1.0 200 OK, Server: ..., Public: ...
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Hole holes[] = {hole::text("host", 64, hole::host_letters), hole::text("port", 5, "0-9")};
constexpr Request requests[] = {
    {"options", {}, "OPTIONS rtsp://{host}:{port}/ RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: herkomst\r\n\r\n", holes},
};

// RFC 2326 section 7: as HTTP; section 4.4: without a Content-Length there is no body.
Whole whole(ByteCursor stream, const Talk&) {
    const std::string_view text = stream.text_ahead();
    constexpr std::string_view start = "RTSP/";
    if (!start.starts_with(text.substr(0, start.size()))) return other_protocol();
    const std::size_t stop = text.find("\r\n\r\n");
    return stop == std::string_view::npos ? more() : message(stop + 4);
}

Step next(Talk& talk) { return talk.begins() ? ask(0) : end(); }

// ---- examples ----

constexpr std::string_view asked = "OPTIONS rtsp://192.0.2.20:554/ RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: herkomst\r\n\r\n";
constexpr Turn camera_turns[] = {
    {{}, asked, {}, "RTSP/1.0 200 OK\r\nCSeq: 1\r\nServer: ExampleCam/2.4\r\nPublic: OPTIONS, DESCRIBE, SETUP, PLAY\r\n\r\n"},
};
constexpr std::string_view camera_claims[] = {"server software=ExampleCam/2.4"};
constexpr Turn closed_turns[] = {
    {{},
     asked,
     {},
     "RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\nWWW-Authenticate: Digest realm=\"Example Cam 7\", nonce=\"7\"\r\n\r\n"},
};
constexpr std::string_view closed_claims[] = {"server realm=Example Cam 7"};

constexpr Transcript transcripts[] = {
    {"a camera tells what it can", Origin::Documented, "RFC 2326 section 10.1", camera_turns, camera_claims},
    {"a camera that wants a password first", Origin::Documented, "RFC 2326 section 7; RFC 2617", closed_turns, closed_claims},
};
constexpr std::uint16_t ports[] = {554, 8554};

}  // namespace

Probe rtsp() {
    Probe probe;
    probe.name = "rtsp";
    probe.title = "RTSP server of a camera";
    probe.spec = "RFC 2326 sections 6.1, 7, 10.1 and 12.17";
    probe.why_safe = "A question about methods that players put first; no stream is set up and no password tried";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Tcp;
    probe.family = Family::Camera;
    probe.decoder = "rtsp";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.whole = whole;
    probe.limits.requests = 1;
    probe.limits.bytes = 8192;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
