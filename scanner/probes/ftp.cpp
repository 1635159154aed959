// FTP: the greeting, which comes before anybody says anything, and nothing more. No user, no password.
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

Step next(Talk& talk) {
    if (talk.begins()) return listen();
    Reading reading;
    const ByteCursor reply(talk.reply, reading);
    return end(reply.starts_with("220") ? ProbeOutcome::Answered : ProbeOutcome::Declined);
}

// RFC 959 section 4.2: "220 text", or "220-text" and lines up to one that begins with "220 ".
Whole whole(ByteCursor stream, const Talk&) {
    const std::string_view text = stream.text_ahead();
    for (std::size_t i = 0; i < text.size() && i < 3; ++i)
        if (text[i] < '0' || text[i] > '9') return other_protocol();
    std::size_t at = 0;
    while (true) {
        const std::size_t stop = text.find('\n', at);
        if (stop == std::string_view::npos) return more();
        const std::string_view line = text.substr(at, stop - at);
        if (line.size() >= 4 && line.substr(0, 3) == text.substr(0, 3) && line[3] == ' ') return message(stop + 1);
        at = stop + 1;
    }
}

// ---- examples ----

constexpr Turn greeting_turns[] = {{{}, {}, {}, "220 (ExFTPd 2.3.5)\r\n"}};
constexpr std::string_view greeting_claims[] = {"server banner=(ExFTPd 2.3.5)"};
constexpr Turn busy_turns[] = {{{}, {}, {}, "421 Too many users.\r\n"}};

constexpr Transcript transcripts[] = {
    {"a server greets", Origin::Documented, "RFC 959 section 5.4", greeting_turns, greeting_claims},
    {"a server that is full", Origin::Documented, "RFC 959 section 4.2.1", busy_turns, {}, ProbeOutcome::Declined},
};
constexpr std::uint16_t ports[] = {21};

}  // namespace

Probe ftp() {
    Probe probe;
    probe.name = "ftp";
    probe.title = "FTP greeting";
    probe.spec = "RFC 959";
    probe.why_safe = "The server speaks first; nothing is sent";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Tcp;
    probe.family = Family::It;
    probe.decoder = "ftp";
    probe.ports = ports;
    probe.next = next;
    probe.whole = whole;
    probe.limits.requests = 0;
    probe.limits.bytes = 16'384;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
