// BACnet Who-Is to everybody on a link, for the instances that the scope file names: every device of the range says I-Am. It
// stays on the link (no DNET): routers pass it to no MS/TP bus. Answers go to everybody, or to port 47808.
//
//   |81|0B|length 2|01|00|10 08|09 low|1B high|            the numbers as short as they can be: clause 20.2.4
#include "probes/group_asks.h"
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr std::uint64_t instances_max = 4'194'303;

constexpr Hole holes_11[] = {hole::number("low", 1, 0, 0xff), hole::number("high", 1, 0, 0xff)};
constexpr Hole holes_12[] = {hole::number("low", 1, 0, 0xff), hole::number("high", 2, 0x100, 0xffff)};
constexpr Hole holes_13[] = {hole::number("low", 1, 0, 0xff), hole::number("high", 3, 0x10000, instances_max)};
constexpr Hole holes_22[] = {hole::number("low", 2, 0x100, 0xffff), hole::number("high", 2, 0x100, 0xffff)};
constexpr Hole holes_23[] = {hole::number("low", 2, 0x100, 0xffff), hole::number("high", 3, 0x10000, instances_max)};
constexpr Hole holes_33[] = {hole::number("low", 3, 0x10000, instances_max), hole::number("high", 3, 0x10000, instances_max)};
constexpr Request requests[] = {
    {"Who-Is", "810b 000c 0100 1008 09 {low} 19 {high}", {}, holes_11},
    {"Who-Is", "810b 000d 0100 1008 09 {low} 1a {high}", {}, holes_12},
    {"Who-Is", "810b 000e 0100 1008 09 {low} 1b {high}", {}, holes_13},
    {"Who-Is", "810b 000e 0100 1008 0a {low} 1a {high}", {}, holes_22},
    {"Who-Is", "810b 000f 0100 1008 0a {low} 1b {high}", {}, holes_23},
    {"Who-Is", "810b 0010 0100 1008 0b {low} 1b {high}", {}, holes_33},
};

// Clause 16.10.
Step next(Talk& talk) {
    if (!talk.begins()) return end();
    const std::uint64_t low = talk.target->low;
    const std::uint64_t high = talk.target->high < instances_max ? talk.target->high : instances_max;
    const std::size_t low_size = low <= 0xff ? 0 : low <= 0xffff ? 1 : 2;
    const std::size_t high_size = high <= 0xff ? 0 : high <= 0xffff ? 1 : 2;
    if (low > high) return end(ProbeOutcome::OutOfScope);
    constexpr std::size_t of_size[3][3] = {{0, 1, 2}, {0, 3, 4}, {0, 0, 5}};
    return ask(of_size[low_size][high_size]).with("low", low).with("high", high);
}

// ---- examples ----

constexpr Turn two_turns[] = {
    {"810b 000e 0100 1008 09 00 1b 3fffff", {}, "810b 0015 0100 1000 c4 020004d2 22 05c4 91 03 22 0104", {}},
    {{}, {}, "810b 0019 0108 04b0 01 07 1000 c4 0200004d 22 05c4 91 03 22 0104", {}},
};
constexpr std::string_view two_claims[] = {
    "server device_instance=1234",
    "server vendor_id=bacnet:260",
    "server[bacnet/1200:7] device_instance=77",
    "server[bacnet/1200:7] vendor_id=bacnet:260",
};

constexpr Transcript transcripts[] = {
    {"a router and a device behind it", Origin::Documented, "ANSI/ASHRAE Standard 135-2020, clauses 16.10 and 6.2", two_turns,
     two_claims},
};
constexpr std::uint16_t ports[] = {47808};

}  // namespace

Probe bacnet_who_is() {
    Probe probe = group_asks::of_group("broadcast");
    probe.name = "bacnet_who_is";
    probe.title = "BACnet Who-Is";
    probe.spec = "ANSI/ASHRAE Standard 135-2020, clause 16.10 and annex J";
    probe.why_safe = "Who-Is is made for discovery; the range keeps the number of answers down, and no router passes it on";
    probe.family = Family::Building;
    probe.ports = ports;
    probe.local_port = 47808;
    probe.requests = requests;
    probe.next = next;
    probe.decoder = "bacnet";
    probe.limits.answer = std::chrono::seconds(5);
    probe.limits.collect = std::chrono::seconds(5);
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
