// SSH: the server identifies itself before anybody says anything. Nothing is sent; the connection is closed after that line.
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

Step next(Talk& talk) {
    if (talk.begins()) return listen();
    return end();
}

// RFC 4253 section 4.2: lines may come before the identification, which begins with "SSH-".
Whole whole(ByteCursor stream, const Talk&) {
    const std::string_view text = stream.text_ahead();
    std::size_t at = 0;
    for (unsigned lines = 0; lines < 32; ++lines) {
        const std::size_t stop = text.find('\n', at);
        if (stop == std::string_view::npos) return text.size() - at > 1024 ? other_protocol() : more();
        if (text.substr(at).starts_with("SSH-")) return message(stop + 1);
        at = stop + 1;
    }
    return other_protocol();
}

// ---- examples ----

constexpr Turn server_turns[] = {{{}, {}, {}, "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"}};
constexpr std::string_view server_claims[] = {"server banner=SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3",
                                              "server software=OpenSSH_9.2p1 Debian-2+deb12u3"};

constexpr Transcript transcripts[] = {
    {"a server identifies itself", Origin::Server, "OpenSSH 9.2p1", server_turns, server_claims},
};
constexpr std::uint16_t ports[] = {22};

}  // namespace

Probe ssh() {
    Probe probe;
    probe.name = "ssh";
    probe.title = "SSH identification";
    probe.spec = "RFC 4253 section 4.2";
    probe.why_safe = "Nothing is sent: the server speaks first";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Tcp;
    probe.family = Family::It;
    probe.decoder = "ssh";
    probe.ports = ports;
    probe.next = next;
    probe.whole = whole;
    probe.limits.requests = 0;
    probe.limits.bytes = 16'384;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
