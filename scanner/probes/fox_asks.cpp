#include "probes/fox_asks.h"

namespace herkomst::fox_asks {

namespace {

constexpr Request requests[] = {{"hello", {}, "fox a 1 -1 fox hello\n{\nfox.version=s:1.0\nid=i:1\n};;\n", {}}};

// No specification is public; a message is text up to "};;" on a line of its own.
Whole whole(ByteCursor stream, const Talk&) {
    const std::string_view text = stream.text_ahead();
    constexpr std::string_view start = "fox ";
    if (!start.starts_with(text.substr(0, start.size()))) return other_protocol();
    const std::size_t stop = text.find("\n};;\n");
    return stop == std::string_view::npos ? more() : message(stop + 5);
}

Step next(Talk& talk) {
    if (talk.begins()) return ask(0);
    Reading reading;
    const std::string_view text = ByteCursor(talk.reply, reading).text_ahead();
    return end(text.find(" fox hello\n") < 32 ? ProbeOutcome::Answered : ProbeOutcome::Declined);
}

// ---- examples ----

constexpr Turn station_turns[] = {
    {{},
     "fox a 1 -1 fox hello\n{\nfox.version=s:1.0\nid=i:1\n};;\n",
     {},
     "fox a 0 -1 fox hello\n{\nfox.version=s:1.0\nid=i:2\nhostName=s:192.0.2.20\napp.name=s:Station\n"
     "app.version=s:3.8.38\nos.name=s:QNX\nos.version=s:6.4.1\nstation.name=s:Example_Hall\n"
     "hostId=s:Qnx-EXAM-0000-0000-0002\nbrandId=s:ExampleBrand\n};;\n"},
};
constexpr std::string_view station_claims[] = {
    "server brand=ExampleBrand",        "server os=QNX 6.4.1",
    "server product=Niagara Station",   "server software=Niagara Station 3.8.38",
    "server station_name=Example_Hall", "server unique_id=niagara:Qnx-EXAM-0000-0000-0002",
};
constexpr Turn rejected_turns[] = {
    {{}, "fox a 1 -1 fox hello\n{\nfox.version=s:1.0\nid=i:1\n};;\n", {}, "fox a 0 -1 fox rejected\n{\nreason=s:busy\n};;\n"},
};

constexpr Transcript transcripts[] = {
    {"a station greets back", Origin::Project, "as nmap's fox-info reads it, a public project", station_turns, station_claims},
    {"a station that is busy",
     Origin::Project,
     "as nmap's fox-info meets it, a public project",
     rejected_turns,
     {},
     ProbeOutcome::Declined},
};

}  // namespace

Probe of_greeting() {
    Probe probe;
    probe.spec = "no specification is public; as nmap's fox-info sends and reads it, a public project";
    probe.why_safe = "The greeting is what a workbench says first; the connection is closed before any login";
    probe.safety = Safety::AskIdentity;
    probe.family = Family::Building;
    probe.decoder = "fox";
    probe.requests = requests;
    probe.next = next;
    probe.whole = whole;
    probe.limits.requests = 1;
    probe.limits.bytes = 16'384;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::fox_asks
