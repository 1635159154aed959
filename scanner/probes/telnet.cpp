// Telnet: what a device prints before it asks who is there. Nothing is sent, no option is agreed to; the connection is closed
// after a pause.
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

Step next(Talk& talk) {
    if (talk.begins()) return listen();
    return end();
}

// ---- examples ----

constexpr Turn getty_turns[] = {
    {{}, {}, "fffd18 fffd20 fffd23 fffb03 0d0a 4578616d706c654c6f6767657220322e31 0d0a 70756d702d37206c6f67696e3a20", {}},
};
constexpr std::string_view getty_claims[] = {"server banner=ExampleLogger 2.1", "server hostname=pump-7"};

constexpr Transcript transcripts[] = {
    {"a banner and a prompt", Origin::Documented, "RFC 854", getty_turns, getty_claims},
};
constexpr std::uint16_t ports[] = {23};

}  // namespace

Probe telnet() {
    Probe probe;
    probe.name = "telnet";
    probe.title = "Telnet banner";
    probe.spec = "RFC 854; RFC 855";
    probe.why_safe = "Nothing is sent: the server speaks first; never where a plant protocol holds the port";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Tcp;
    probe.family = Family::It;
    probe.decoder = "telnet";
    probe.ports = ports;
    probe.next = next;
    probe.limits.requests = 0;
    probe.limits.bytes = 16'384;
    probe.limits.quiet = std::chrono::seconds(2);
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
