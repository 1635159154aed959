// BACnet devices in networks behind a router (MS/TP, ARCNET): the same properties of the device object as `bacnet` reads,
// passed on by the router. Asked are only stations that have said I-Am through it, in what was heard or earlier in the run, or
// that the scope file names; no network is searched, and nothing goes to all of it.
//
//   |81|0A|length 2|01|24|network 2|01|address|FF hops|00 05|invoke|0C|0C object 4|19 property|      01 24: to that station
#include "probes/bacnet_asks.h"
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

// Clause 6.2.2: network 65535 is all of them; clause 9.3: address 255 all of that network.
constexpr Hole property_holes[] = {hole::number("network", 2, 1, 65'534), hole::number("station", 1, 0, 254),
                                   hole::number("invoke", 1), hole::number("object", 4, 0x02000000, 0x023fffff),
                                   hole::number("property", 1, 0x0c, 0x79)};
constexpr Hole serial_holes[] = {hole::number("network", 2, 1, 65'534), hole::number("station", 1, 0, 254),
                                 hole::number("invoke", 1), hole::number("object", 4, 0x02000000, 0x023fffff)};
constexpr Request requests[] = {
    {"property", "810a 0016 0124 {network} 01 {station} ff 0005 {invoke} 0c 0c {object} 19 {property}", {}, property_holes},
    {"serial number", "810a 0017 0124 {network} 01 {station} ff 0005 {invoke} 0c 0c {object} 1a 0174", {}, serial_holes},
};

Step next(Talk& talk) {
    if (talk.begins() && !bacnet_asks::station_of(talk.target->station).known) return end(ProbeOutcome::Gated);
    return bacnet_asks::properties(talk, false);
}

// ---- examples ----

constexpr Turn station_turns[] = {
    {"810a 0016 0124 04b0 01 07 ff 0005 34 0c 0c 0200004d 19 4b",
     {},
     "810a 001b 0108 04b0 01 07 3034 0c 0c 0200004d 19 4b 3e c4 0200004d 3f",
     {}},
    {"810a 0016 0124 04b0 01 07 ff 0005 35 0c 0c 0200004d 19 78",
     {},
     "810a 0019 0108 04b0 01 07 3035 0c 0c 0200004d 19 78 3e 22 0104 3f",
     {}},
    {"810a 0016 0124 04b0 01 07 ff 0005 36 0c 0c 0200004d 19 79",
     {},
     "810a 0026 0108 04b0 01 07 3036 0c 0c 0200004d 19 79 3e 750e 00 4578616d706c6520576f726b73 3f",  // Example Works
     {}},
    {"810a 0016 0124 04b0 01 07 ff 0005 37 0c 0c 0200004d 19 46",
     {},
     "810a 001f 0108 04b0 01 07 3037 0c 0c 0200004d 19 46 3e 7507 00 45582d353231 3f",  // EX-521
     {}},
    {"810a 0016 0124 04b0 01 07 ff 0005 38 0c 0c 0200004d 19 2c", {}, "810a 0011 0108 04b0 01 07 5038 0c 91 02 91 20", {}},
    {"810a 0016 0124 04b0 01 07 ff 0005 39 0c 0c 0200004d 19 0c", {}, "810a 0011 0108 04b0 01 07 5039 0c 91 02 91 20", {}},
    {"810a 0016 0124 04b0 01 07 ff 0005 3a 0c 0c 0200004d 19 4d",
     {},
     "810a 001f 0108 04b0 01 07 303a 0c 0c 0200004d 19 4d 3e 7507 00 5641562d3037 3f",  // VAV-07
     {}},
    {"810a 0017 0124 04b0 01 07 ff 0005 3b 0c 0c 0200004d 1a 0174", {}, "810a 0011 0108 04b0 01 07 503b 0c 91 02 91 20", {}},
};
constexpr std::string_view station_claims[] = {"server[bacnet/1200:7] brand=Example Works",
                                               "server[bacnet/1200:7] device_instance=77",
                                               "server[bacnet/1200:7] hostname=VAV-07", "server[bacnet/1200:7] model=EX-521",
                                               "server[bacnet/1200:7] vendor_id=bacnet:260"};
// Clause 6.4.4, Reject-Message-To-Network: the router does not know the way.
constexpr Turn unknown_turns[] = {
    {"810a 0016 0124 04b0 01 07 ff 0005 34 0c 0c 023fffff 19 4b", {}, "810a 000a 0180 03 01 04b0", {}}};

constexpr Transcript transcripts[] = {
    {"a controller on MS/TP tells its properties",
     Origin::Documented,
     "ANSI/ASHRAE Standard 135-2020, clauses 6.2 and 15.5",
     station_turns,
     station_claims,
     ProbeOutcome::Answered,
     0,
     0,
     0,
     {},
     0x1234,
     false,
     {},
     "1200:7",
     77},
    {"the router knows no such network",
     Origin::Documented,
     "ANSI/ASHRAE Standard 135-2020, clause 6.4.4",
     unknown_turns,
     {},
     ProbeOutcome::Declined,
     0,
     0,
     0,
     {},
     0x1234,
     false,
     {},
     "1200:7"},
    {"no station is known: nothing is sent",
     Origin::Documented,
     "ANSI/ASHRAE Standard 135-2020, clause 6.2.2",
     {},
     {},
     ProbeOutcome::Gated},
};
constexpr std::uint16_t ports[] = {47808};

}  // namespace

Probe bacnet_routed() {
    Probe probe = bacnet_asks::of_devices();
    probe.name = "bacnet_routed";
    probe.title = "BACnet properties of devices behind a router";
    probe.why_safe =
        "ReadProperty only reads, at a gateway's pace; only stations that are known are asked, each by its own address, and "
        "the "
        "router passes the question to nobody else";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.each = Probe::Each::Station;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
