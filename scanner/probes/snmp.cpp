// SNMP version 2c: what an agent says it is: description, object id, name and place; the first entry of its chassis table
// (maker, model, serial number, versions); and the names that UPS and printers have. Three questions, no walk: walks are what
// kills old cards. The community is one that the scope file names for this range; none is ever guessed.
//
//   |30 length|02 01 01|04 length community|A0 GET, A1 GETNEXT|02 04 request|02 01 00|02 01 00|30 length {30 {06 oid} 05 00}
//   ...|
#include <iterator>

#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Hole holes[] = {hole::length("size", 1), hole::length("community-size", 1, "community"),
                          hole::text("community", 32, "!-~"), hole::number("request", 4, 0, 0x7fffffff)};
constexpr Request requests[] = {
    {"system",
     "30 {size} 020101 04 {community-size} {community} a046 0204 {request} 020100 020100 "
     "3038300c06082b060102010101000500300c06082b060102010102000500300c06082b060102010105000500300c06082b060102010106000500",
     {},
     holes},
    {"chassis, first entry",
     "30 81 {size} 020101 04 {community-size} {community} a18185 0204 {request} 020100 020100 "
     "3077300f060b2b060102012f01010101050500300f060b2b060102012f01010101080500300f060b2b060102012f01010101090500300f060b2b06010"
     "2012f010101010a0500300f060b2b060102012f010101010b0500300f060b2b060102012f010101010c0500300f060b2b060102012f010101010d050"
     "0",
     {},
     holes},
    {"UPS and printer",
     "30 {size} 020101 04 {community-size} {community} a04f 0204 {request} 020100 020100 "
     "3041300e060a2b0601020121010101000500300e060a2b0601020121010102000500300e060a2b0601020121010103000500300f060b2b060102012b0"
     "5010111010500",
     {},
     holes},
};

// RFC 3416 section 3: |30 length|02 01 version|04 length community|A2 length|02 length request id|...
bool answers(const Talk& talk, std::uint32_t asked) {
    Reading reading;
    ByteCursor reply(talk.reply, reading);
    const auto length = [&reply] {
        const std::uint8_t first = reply.u8();
        return first < 0x80 ? std::size_t{first} : first == 0x81 ? std::size_t{reply.u8()} : std::size_t{reply.be16()};
    };
    if (reply.u8() != 0x30) return false;
    length();
    if (reply.be24() != 0x020101 || reply.u8() != 0x04) return false;
    reply.skip(length());
    if (reply.u8() != 0xa2) return false;
    length();
    if (reply.u8() != 0x02) return false;
    const std::size_t size = length();
    std::uint32_t request = 0;
    for (std::size_t i = 0; i < size && i < 5; ++i) request = (request << 8) | reply.u8();
    return reply.ok() && request == asked;
}

Step next(Talk& talk) {
    // Communities come from the scope file only; without one nothing is sent.
    if (talk.begins() && talk.target->community.empty()) return end(ProbeOutcome::Gated);
    if (talk.begins()) return ask(0).with("request", talk.target->token & 0x3fffffff);
    const auto asked = static_cast<std::uint32_t>((talk.target->token & 0x3fffffff) + talk.sent - 1);
    if (!answers(talk, asked)) return talk.sent > 1 ? listen() : end(ProbeOutcome::OtherProtocol);
    if (talk.request + 1 == std::size(requests)) return end();
    return ask(talk.request + 1).with("request", asked + 1);
}

// ---- examples ----

constexpr Turn agent_turns[] = {
    {"305402010104076578616d706c65a0460204000012340201000201003038300c06082b060102010101000500300c06082b06"
     "0102010102000500300c06082b060102010105000500300c06082b060102010106000500",
     {},
     "307e02010104076578616d706c65a270020212340201000201003064302406082b0601020101010004184578616d706c6520"
     "53776974636820382c20465720322e31301606082b06010201010200060a2b0601040181fd590108301006082b0601020101"
     "0500040473772d38301206082b06010201010600040668616c6c2032",
     {}},
    {"30819402010104076578616d706c65a181850204000012350201000201003077300f060b2b060102012f0101010105050030"
     "0f060b2b060102012f01010101080500300f060b2b060102012f01010101090500300f060b2b060102012f010101010a0500"
     "300f060b2b060102012f010101010b0500300f060b2b060102012f010101010c0500300f060b2b060102012f010101010d05"
     "00",
     {},
     "30819902010104076578616d706c65a2818a02021235020100020100307e3010060b2b060102012f01010105010201033010"
     "060b2b060102012f01010105010201033010060b2b060102012f01010105010201033010060b2b060102012f010101050102"
     "01033010060b2b060102012f01010105010201033010060b2b060102012f01010105010201033010060b2b060102012f0101"
     "010501020103",
     {}},
    {"305d02010104076578616d706c65a04f0204000012360201000201003041300e060a2b0601020121010101000500300e060a"
     "2b0601020121010102000500300e060a2b0601020121010103000500300f060b2b060102012b05010111010500",
     {},
     "305b02010104076578616d706c65a24d020212360201000201003041300e060a2b0601020121010101008000300e060a2b06"
     "01020121010102008000300e060a2b0601020121010103008000300f060b2b060102012b05010111018000",
     {}},
};
constexpr std::string_view agent_claims[] = {
    "server description=Example Switch 8, FW 2.1",
    "server device_type=1.3.6.1.4.1.32473.1.8",
    "server hostname=sw-8",
    "server location=hall 2",
    "server vendor_id=pen:32473",
};
constexpr Turn chassis_turns[] = {
    {"305402010104076578616d706c65a0460204000012340201000201003038300c06082b060102010101000500300c06082b06"
     "0102010102000500300c06082b060102010105000500300c06082b060102010106000500",
     {},
     "30818002010104076578616d706c65a2720204000012340201000201003064302406082b0601020101010004184578616d70"
     "6c652053776974636820382c20465720322e31301606082b06010201010200060a2b0601040181fd590108301006082b0601"
     "0201010500040473772d38301206082b06010201010600040668616c6c2032",
     {}},
    {"30819402010104076578616d706c65a181850204000012350201000201003077300f060b2b060102012f0101010105050030"
     "0f060b2b060102012f01010101080500300f060b2b060102012f01010101090500300f060b2b060102012f010101010a0500"
     "300f060b2b060102012f010101010b0500300f060b2b060102012f010101010c0500300f060b2b060102012f010101010d05"
     "00",
     {},
     "3081ae02010104076578616d706c65a2819f0204000012350201000201003081903011060c2b060102012f01010101050102"
     "01033011060c2b060102012f0101010108010401423013060c2b060102012f0101010109010403322e313013060c2b060102"
     "012f010101010a010403342e303012060c2b060102012f010101010b01040243373015060c2b060102012f010101010c0104"
     "0545786d706c3013060c2b060102012f010101010d010403535738",
     {}},
    {"305d02010104076578616d706c65a04f0204000012360201000201003041300e060a2b0601020121010101000500300e060a"
     "2b0601020121010102000500300e060a2b0601020121010103000500300f060b2b060102012b05010111010500",
     {},
     "305d02010104076578616d706c65a24f0204000012360201000201003041300e060a2b0601020121010101008000300e060a"
     "2b0601020121010102008000300e060a2b0601020121010103008000300f060b2b060102012b05010111018000",
     {}},
};
constexpr std::string_view chassis_claims[] = {
    "server brand=Exmpl",
    "server description=Example Switch 8, FW 2.1",
    "server device_type=1.3.6.1.4.1.32473.1.8",
    "server firmware=2.1",
    "server hardware=B",
    "server hostname=sw-8",
    "server location=hall 2",
    "server model=SW8",
    "server serial=C7",
    "server software=4.0",
    "server vendor_id=pen:32473",
};
constexpr Turn silent_turns[] = {
    {"305402010104076578616d706c65a0460204000012340201000201003038300c06082b060102010101000500300c06082b06"
     "0102010102000500300c06082b060102010105000500300c06082b060102010106000500",
     {},
     {},
     {}}};

constexpr Transcript transcripts[] = {
    {"an agent tells what it is", Origin::Server, "net-snmp 3.29.2 with values of our own", agent_turns, agent_claims,
     ProbeOutcome::Answered, 0, 0, 0, "example"},
    {"an agent with a chassis", Origin::Documented, "RFC 3418; RFC 6933 section 3", chassis_turns, chassis_claims,
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

Probe snmp() {
    Probe probe;
    probe.name = "snmp";
    probe.title = "SNMP version 2c: system, chassis, UPS";
    probe.spec = "RFC 3416; RFC 3418; RFC 6933; RFC 1628; RFC 3805";
    probe.why_safe = "GET and GETNEXT only read; three datagrams in all, each with a handful of values";
    probe.safety = Safety::ReadMany;
    probe.transport = Transport::Udp;
    probe.family = Family::Network;
    probe.decoder = "snmp";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.each = Probe::Each::Community;
    probe.limits.requests = 3;
    probe.limits.bytes = 16'384;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
