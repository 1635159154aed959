// ECHONET Lite: the node profile of Japanese home energy devices (heat pumps, batteries, solar, chargers) tells maker, product
// code and serial number. Answers go to port 3610, so it is asked from there.
//
//   |10|81|number 2|05FF01 a controller|0EF001 the node|62 get|3|8A 00|8C 00|8D 00|
#include "probes/group_asks.h"
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Hole holes[] = {hole::number("transaction", 2)};
constexpr Request requests[] = {
    {"maker, product and serial number", "1081 {transaction} 05ff01 0ef001 62 03 8a00 8c00 8d00", {}, holes},
};

Step next(Talk& talk) {
    if (talk.begins()) return ask(0);
    Reading reading;
    // Part 2 clauses 3.2.5 and 4.2.3.3: 72, or 52 where it has not all of them; those stand there without a value.
    ByteCursor reply(talk.reply, reading);
    const bool ours = reply.be16() == 0x1081 && reply.be16() == (talk.target->token & 0xffff);
    reply.skip(6);
    const std::uint8_t service = reply.u8();
    if (!reply.ok()) return end(ProbeOutcome::OtherProtocol);
    return ours && (service == 0x72 || service == 0x52) ? end() : listen();
}

// ---- examples ----

constexpr Turn device_turns[] = {
    {"1081 1234 05ff01 0ef001 62 03 8a00 8c00 8d00",
     {},
     "1081 1234 0ef001 05ff01 72 03 8a03fffffe 8c0c 45582d414331320000000000 8d0c 455830303030343200000000",
     {}},
};
constexpr Turn partly_turns[] = {
    {"1081 1234 05ff01 0ef001 62 03 8a00 8c00 8d00", {}, "1081 1234 0ef001 05ff01 52 03 8a03fffffe 8c00 8d00", {}},
};
constexpr std::string_view partly_claims[] = {"server vendor_id=echonet:16777214"};
constexpr std::string_view device_claims[] = {"server model=EX-AC12", "server serial=EX000042",
                                              "server vendor_id=echonet:16777214"};

constexpr Transcript transcripts[] = {
    {"a node tells what it is", Origin::Documented, "ECHONET Lite Specification part 2 clause 3.2", device_turns,
     device_claims},
    {"a node that has only some of them", Origin::Documented, "ECHONET Lite Specification part 2 clause 4.2.3.3", partly_turns,
     partly_claims},
};
constexpr std::uint16_t ports[] = {3610};

}  // namespace

Probe echonet_lite() {
    Probe probe = group_asks::of_group("224.0.23.0");
    probe.name = "echonet_lite";
    probe.title = "ECHONET Lite: maker, product and serial number";
    probe.spec = "ECHONET Lite Specification part 2 clauses 3.2 and 6.11";
    probe.why_safe = "A get of three properties that only tell; sets are another service";
    probe.family = Family::Energy;
    probe.decoder = "echonet_lite";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.local_port = 3610;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
