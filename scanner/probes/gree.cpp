// Gree's scan: air conditioners and heat pumps of the maker, under whatever brand, tell brand, model and firmware, wrapped in a
// key that all of them share.
#include "probes/group_asks.h"
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {{"scan", {}, "{\"t\":\"scan\"}", {}}};

Step next(Talk& talk) {
    if (talk.begins()) return ask(0);
    Reading reading;
    const std::string_view text = ByteCursor(talk.reply, reading).text_ahead();
    const bool pack = text.starts_with("{") && text.find("\"pack\"") != std::string_view::npos;
    return end(pack ? ProbeOutcome::Answered : ProbeOutcome::OtherProtocol);
}

// ---- examples ----

constexpr std::string_view answered =
    "{\"t\":\"pack\",\"i\":1,\"uid\":0,\"cid\":\"00005e005314\",\"tcid\":\"\",\"pack\":\"LP24Ek0OaYogxs3i"
    "QLjL4ET5Cn06nswP7PLJkCcfXZnHP5iqGvdKnnPsqk7fdn1H7dtSGAuZ5kwdBUjQrRkkAp3kXJg9tNalCbGK5Mo3YVk9Wp5ytFAp"
    "TGhc8wwJvKEVCT0RWc4y61A5IbzI899slafkbvlZaW6gPV2JcXA9vz5O6uYsA91vvBbWh89dS/HlUgEZnR87H5dIVewkCjMlC6n+"
    "/sB6g39ps/bszRb9no0KGUlIGOBHtzDW011f0e2Jt3in/MLciAcslmn/mn60qw==\"}";
constexpr Turn device_turns[] = {{{}, "{\"t\":\"scan\"}", {}, answered}};
constexpr std::string_view device_claims[] = {"server brand=gree", "server category=hvac", "server firmware=V1.1.13",
                                              "server model=EX-12", "server stack_maker=Gree"};

constexpr Transcript transcripts[] = {
    {"an air conditioner answers", Origin::Project, "greeclimate, a public project", device_turns, device_claims},
};
constexpr std::uint16_t ports[] = {7000};

}  // namespace

Probe gree() {
    Probe probe = group_asks::of_group("broadcast");
    probe.name = "gree";
    probe.title = "Scan for Gree air conditioners";
    probe.spec = "no specification is public; as greeclimate sends and reads it, a public project";
    probe.why_safe = "The scan that the maker's own program sends; commands need a key of the device";
    probe.family = Family::Energy;
    probe.decoder = "gree";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
