// SNMP version 1, for agents that know no other: description, object id, name and place, in one question. The community is one
// that the scope file names; none is ever guessed. In version 1 a value that is not there spoils the whole answer, so nothing
// else is asked.
//
//   |30 length|02 01 00|04 length community|A0 GET|02 04 request|02 01 00|02 01 00|30 length {30 {06 oid} 05 00} ...|
#include "probes/snmp_asks.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {
    {"system",
     "30 {size} 020100 04 {community-size} {community} a046 0204 {request} 020100 020100 "
     "3038300c06082b060102010101000500300c06082b060102010102000500300c06082b060102010105000500300c06082b060102010106000500",
     {},
     snmp_asks::holes},
};

// ---- examples ----

constexpr Turn agent_turns[] = {
    {"305402010004076578616d706c65a0460204000012340201000201003038300c06082b060102010101000500300c06082b06"
     "0102010102000500300c06082b060102010105000500300c06082b060102010106000500",
     {},
     "307e02010004076578616d706c65a270020212340201000201003064302406082b0601020101010004184578616d706c6520"
     "53776974636820382c20465720322e31301606082b06010201010200060a2b0601040181fd590108301006082b0601020101"
     "0500040473772d38301206082b06010201010600040668616c6c2032",
     {}},
};
constexpr std::string_view agent_claims[] = {
    "server description=Example Switch 8, FW 2.1",
    "server device_type=1.3.6.1.4.1.32473.1.8",
    "server hostname=sw-8",
    "server location=hall 2",
    "server vendor_id=pen:32473",
};
constexpr Turn silent_turns[] = {
    {"305402010004076578616d706c65a0460204000012340201000201003038300c06082b060102010101000500300c06082b06"
     "0102010102000500300c06082b060102010105000500300c06082b060102010106000500",
     {},
     {},
     {}}};

constexpr Transcript transcripts[] = {
    {"an agent tells what it is", Origin::Server, "net-snmp 3.29.2 with values of our own", agent_turns, agent_claims,
     ProbeOutcome::Answered, 0, 0, 0, "example"},
    {"an agent with another community keeps silent",
     Origin::Documented,
     "RFC 3584 section 5.2.1",
     silent_turns,
     {},
     ProbeOutcome::Silent,
     0,
     0,
     0,
     "example"},
    {"without a community nothing is asked", Origin::Documented, "RFC 3584 section 5.2.1", {}, {}, ProbeOutcome::Gated},
};
constexpr std::uint16_t ports[] = {161};

}  // namespace

Probe snmp_v1() {
    Probe probe = snmp_asks::of_communities();
    probe.name = "snmp_v1";
    probe.title = "SNMP version 1: system";
    probe.spec = "RFC 1157; RFC 3418";
    probe.why_safe = "GET only reads; one datagram with four values";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = snmp_asks::in_order<0, 1>;
    probe.limits.requests = 1;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
