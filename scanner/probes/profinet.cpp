// PROFINET DCP Identify: every station on the link says its name, type, maker and address. One frame to the group address of
// DCP, with a delay that spreads the answers; nothing is set, no lamp is made to blink.
//
//   |FE FE|05|00|xid 4|delay 2, of 10 ms|length 4|FF FF 0000 all|    padded to the shortest frame
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Hole holes[] = {hole::number("token", 4)};
constexpr Request requests[] = {
    {"Identify all",
     "fefe 05 00 {token} 0080 0004 ffff 0000 000000000000000000000000000000000000000000000000000000000000",
     {},
     holes},
};

// ---- examples ----

constexpr Turn stations_turns[] = {
    {"fefe 05 00 00001234 0080 0004 ffff 0000 000000000000000000000000000000000000000000000000000000000000",
     {},
     "feff 05 01 00001234 0000 0044 | 02 05 0004 0000 0202"
     "02 01 0009 0000 45582d494f2038 00 | 02 02 0006 0000 696f2d37 | 02 03 0006 0000 02f0 0107 | 02 04 0004 0000 01 00"
     "01 02 000e 0001 c0000214 ffffff00 c0000201",
     {}},
};
constexpr std::string_view stations_claims[] = {
    "server-mac address=192.0.2.20",     "server-mac device_type=profinet:752/263", "server-mac mgmt_ip=192.0.2.20",
    "server-mac product=EX-IO 8",        "server-mac role=profinet io-device",      "server-mac station_name=io-7",
    "server-mac vendor_id=profinet:752",
};

constexpr Transcript transcripts[] = {
    {"an I/O device tells its name and maker", Origin::Documented,
     "PROFINET: Application Layer protocol for decentralized periphery (IEC 61158-6-10) section 4.3", stations_turns,
     stations_claims},
};

}  // namespace

Probe profinet() {
    Probe probe;
    probe.name = "profinet";
    probe.title = "PROFINET DCP Identify";
    probe.spec = "PROFINET: Application Layer protocol for decentralized periphery (IEC 61158-6-10) section 4.3";
    probe.why_safe =
        "Identify is what every engineering tool sends first; it goes besides cyclic traffic at low priority, and a delay of "
        "up "
        "to 1.28 s spreads the answers";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Link;
    probe.family = Family::Ot;
    probe.ethertype = 0x8892;
    probe.requests = requests;
    probe.decoder = "profinet";
    probe.group.mac = "01:0e:cf:00:00:00";
    probe.only_group = true;
    probe.limits.requests = 1;
    probe.limits.bytes = 65'536;
    probe.limits.answer = std::chrono::seconds(3);
    probe.limits.collect = std::chrono::seconds(4);
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
