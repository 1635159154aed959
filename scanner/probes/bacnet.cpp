// BACnet/IP ReadProperty of the device object: who made it, which model and version, its name and serial number. The object is
// asked for by the instance that the device has told before, else by the one that stands for "whoever you are" (4194303); a
// device that does not know that one is asked Who-Is, and by its own instance then. One property per question, as the simplest
// devices have it.
//
// Its I-Am may go to everybody on the link, and some devices send all answers to port 47808: so that is ours where it is free.
//
//   |81|0A|length 2|01|04|00 05|invoke|0C|0C object 4|19 property|            81 0A: unicast; 01 04: a reply is expected
#include "probes/bacnet_asks.h"
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Hole property_holes[] = {hole::number("invoke", 1), hole::number("object", 4, 0x02000000, 0x023fffff),
                                   hole::number("property", 1, 0x0c, 0x79)};
constexpr Hole serial_holes[] = {hole::number("invoke", 1), hole::number("object", 4, 0x02000000, 0x023fffff)};
constexpr Request requests[] = {
    {"property", "810a 0011 0104 0005 {invoke} 0c 0c {object} 19 {property}", {}, property_holes},
    {"serial number", "810a 0012 0104 0005 {invoke} 0c 0c {object} 1a 0174", {}, serial_holes},
    {"Who-Is", "810a 0008 0100 1008", {}, {}, true},
};

Step next(Talk& talk) { return bacnet_asks::properties(talk, true); }

// ---- examples ----

constexpr Turn device_turns[] = {
    {"810a 0011 0104 0005 34 0c 0c 023fffff 19 4b", {}, "810a 0017 0100 3034 0c 0c 020004d2 19 4b 3e c4 020004d2 3f", {}},
    {"810a 0011 0104 0005 35 0c 0c 020004d2 19 78", {}, "810a 0015 0100 3035 0c 0c 020004d2 19 78 3e 22 0104 3f", {}},
    {"810a 0011 0104 0005 36 0c 0c 020004d2 19 79",
     {},
     "810a 0022 0100 3036 0c 0c 020004d2 19 79 3e 750e 00 4578616d706c6520576f726b73 3f",  // Example Works
     {}},
    {"810a 0011 0104 0005 37 0c 0c 020004d2 19 46",
     {},
     "810a 001b 0100 3037 0c 0c 020004d2 19 46 3e 7507 00 45582d353230 3f",  // EX-520
     {}},
    {"810a 0011 0104 0005 38 0c 0c 020004d2 19 2c", {}, "810a 0017 0100 3038 0c 0c 020004d2 19 2c 3e 74 00 322e31 3f", {}},
    {"810a 0011 0104 0005 39 0c 0c 020004d2 19 0c",
     {},
     "810a 001a 0100 3039 0c 0c 020004d2 19 0c 3e 7506 00 312e302e37 3f",  // 1.0.7
     {}},
    {"810a 0011 0104 0005 3a 0c 0c 020004d2 19 4d",
     {},
     "810a 001b 0100 303a 0c 0c 020004d2 19 4d 3e 7507 00 4148552d3031 3f",  // AHU-01
     {}},
    {"810a 0012 0104 0005 3b 0c 0c 020004d2 1a 0174", {}, "810a 000d 0100 503b 0c 91 02 91 20", {}},
};
constexpr std::string_view device_claims[] = {
    "server brand=Example Works", "server device_instance=1234", "server firmware=2.1",         "server hostname=AHU-01",
    "server model=EX-520",        "server software=1.0.7",       "server vendor_id=bacnet:260",
};
constexpr Turn own_instance_turns[] = {
    {"810a 0011 0104 0005 34 0c 0c 023fffff 19 4b", {}, "810a 000d 0100 5034 0c 91 01 91 1f", {}},
    {"810a 0008 0100 1008", {}, "810b 0014 0100 1000 c4 02000007 22 01e0 91 03 21 2a", {}},
    {"810a 0011 0104 0005 36 0c 0c 02000007 19 78", {}, "810a 0009 0100 60 36 09", {}},
};
constexpr std::string_view own_instance_claims[] = {"server device_instance=7", "server vendor_id=bacnet:42"};
// The instance is known from before: it is asked for at once.
constexpr Turn known_turns[] = {
    {"810a 0011 0104 0005 34 0c 0c 02000007 19 4b", {}, "810a 0017 0100 3034 0c 0c 02000007 19 4b 3e c4 02000007 3f", {}},
    {"810a 0011 0104 0005 35 0c 0c 02000007 19 78", {}, "810a 0009 0100 60 35 09", {}},
};
constexpr std::string_view known_claims[] = {"server device_instance=7"};
// A router's devices say I-Am, too: theirs is not its own.
constexpr Turn router_turns[] = {
    {"810a 0011 0104 0005 34 0c 0c 023fffff 19 4b", {}, "810a 000d 0100 5034 0c 91 01 91 1f", {}},
    {"810a 0008 0100 1008", {}, "810b 0019 0108 04b0 01 07 1000 c4 0200004d 22 05c4 91 03 22 0104", {}},
    {{}, {}, {}, {}},
};
constexpr std::string_view router_claims[] = {"server[bacnet/1200:7] device_instance=77",
                                              "server[bacnet/1200:7] vendor_id=bacnet:260"};
constexpr Turn other_turns[] = {{"810a 0011 0104 0005 34 0c 0c 023fffff 19 4b", {}, "8000 0000", {}}};
constexpr Turn silent_turns[] = {{"810a 0011 0104 0005 34 0c 0c 023fffff 19 4b", {}, {}, {}}};

constexpr Transcript transcripts[] = {
    {"a device tells its properties one by one", Origin::Server, "@bacnet-js/client 3.3.2 with properties of our own",
     device_turns, device_claims},
    {"a device that only knows its own instance", Origin::Documented, "ANSI/ASHRAE Standard 135-2020, clauses 15.5 and 16.10",
     own_instance_turns, own_instance_claims},
    {"a device whose instance is known",
     Origin::Documented,
     "ANSI/ASHRAE Standard 135-2020, clause 15.5",
     known_turns,
     known_claims,
     ProbeOutcome::Answered,
     0,
     0,
     0,
     {},
     0x1234,
     false,
     {},
     {},
     7},
    {"who only says no and lets Who-Is pass has declined; it is no offence", Origin::Documented,
     "ANSI/ASHRAE Standard 135-2020, clauses 6.2 and 16.10", router_turns, router_claims, ProbeOutcome::Declined},
    {"something else on the port", Origin::Documented, "RFC 1035 section 4.1.1", other_turns, {}, ProbeOutcome::OtherProtocol},
    {"a device that does not know the wildcard and keeps silent",
     Origin::Documented,
     "ANSI/ASHRAE Standard 135-2020, clause 15.5",
     silent_turns,
     {},
     ProbeOutcome::Silent},
};
constexpr std::uint16_t ports[] = {47808};

}  // namespace

Probe bacnet() {
    Probe probe = bacnet_asks::of_devices();
    probe.name = "bacnet";
    probe.title = "BACnet properties of the device object";
    probe.why_safe = "ReadProperty only reads, one property and one datagram at a time; nothing is subscribed to or registered";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
