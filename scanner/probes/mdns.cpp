// Multicast DNS, asked directly: which services a device has, and of those that are known to tell who it is (below, no others)
// their instances, whose answers bring the TXT record with brand, model and firmware along. A service that the device has not
// named is never asked for, so every question after the first has an answer.
//
//   |number 2|0000|1 question|0|0|0|"_services" "_dns-sd" "_udp" "local" 0|000C PTR|8001 IN, answer to me alone|
#include <array>
#include <string>

#include "probes/probe.h"

namespace herkomst::probes {

namespace {

// RFC 6762 sections 5.5 and 6.7: a question to one device, from another port than 5353, is answered to that port with its
// number.
constexpr Hole holes[] = {hole::number("transaction", 2)};
constexpr Request requests[] = {
    {"services",
     "{transaction} 0000 0001 0000 0000 0000 095f7365727669636573075f646e732d7364045f756470056c6f63616c00 000c 8001",
     {},
     holes},
    {"_ship._tcp", "{transaction} 0000 0001 0000 0000 0000 055f73686970045f746370056c6f63616c00 000c 8001", {}, holes},
    {"_enphase-envoy._tcp",
     "{transaction} 0000 0001 0000 0000 0000 0e5f656e70686173652d656e766f79045f746370056c6f63616c00 000c 8001",
     {},
     holes},
    {"_shelly._tcp", "{transaction} 0000 0001 0000 0000 0000 075f7368656c6c79045f746370056c6f63616c00 000c 8001", {}, holes},
    {"_hap._tcp", "{transaction} 0000 0001 0000 0000 0000 045f686170045f746370056c6f63616c00 000c 8001", {}, holes},
    {"_matter._tcp", "{transaction} 0000 0001 0000 0000 0000 075f6d6174746572045f746370056c6f63616c00 000c 8001", {}, holes},
    {"_matterc._udp", "{transaction} 0000 0001 0000 0000 0000 085f6d617474657263045f756470056c6f63616c00 000c 8001", {}, holes},
    {"_esphomelib._tcp",
     "{transaction} 0000 0001 0000 0000 0000 0b5f657370686f6d656c6962045f746370056c6f63616c00 000c 8001",
     {},
     holes},
    {"_axis-video._tcp",
     "{transaction} 0000 0001 0000 0000 0000 0b5f617869732d766964656f045f746370056c6f63616c00 000c 8001",
     {},
     holes},
    {"_opcua-tcp._tcp",
     "{transaction} 0000 0001 0000 0000 0000 0a5f6f706375612d746370045f746370056c6f63616c00 000c 8001",
     {},
     holes},
    {"_modbus._tcp", "{transaction} 0000 0001 0000 0000 0000 075f6d6f64627573045f746370056c6f63616c00 000c 8001", {}, holes},
    {"_easylink._tcp",
     "{transaction} 0000 0001 0000 0000 0000 095f656173796c696e6b045f746370056c6f63616c00 000c 8001",
     {},
     holes},
    {"_device-info._tcp",
     "{transaction} 0000 0001 0000 0000 0000 0c5f6465766963652d696e666f045f746370056c6f63616c00 000c 8001",
     {},
     holes},
    {"_ipp._tcp", "{transaction} 0000 0001 0000 0000 0000 045f697070045f746370056c6f63616c00 000c 8001", {}, holes},
    {"_printer._tcp", "{transaction} 0000 0001 0000 0000 0000 085f7072696e746572045f746370056c6f63616c00 000c 8001", {}, holes},
    {"_googlecast._tcp",
     "{transaction} 0000 0001 0000 0000 0000 0b5f676f6f676c6563617374045f746370056c6f63616c00 000c 8001",
     {},
     holes},
    {"_workstation._tcp",
     "{transaction} 0000 0001 0000 0000 0000 0c5f776f726b73746174696f6e045f746370056c6f63616c00 000c 8001",
     {},
     holes},
};
// The same, as they stand in an answer; those that say most come first.
constexpr std::array<std::string_view, 16> services = {
    "_ship",      "_enphase-envoy", "_shelly",   "_hap",         "_matter", "_matterc", "_esphomelib", "_axis-video",
    "_opcua-tcp", "_modbus",        "_easylink", "_device-info", "_ipp",    "_printer", "_googlecast", "_workstation"};
constexpr std::size_t questions = 7;

struct Notes {
    std::uint32_t named;
    std::uint32_t asked;
};

// RFC 1035 section 3.1: a label has its length in front. Names may go on with a pointer, so only the label is looked for.
bool names(std::string_view answer, std::string_view label) {
    return answer.find(static_cast<char>(label.size()) + std::string(label)) != std::string_view::npos;
}

// RFC 6763 section 9: the answer lists types of services.
Step next(Talk& talk) {
    if (talk.begins()) return ask(0);
    Reading reading;
    const ByteCursor reply(talk.reply, reading);
    const bool answer = reply.left() >= 12 && (reply.peek(2) & 0xf8) == 0x80;
    if (!answer || reply.peek_be16() != (talk.target->token & 0xffff))
        return talk.sent > 1 ? listen() : end(ProbeOutcome::OtherProtocol);
    talk.answered = true;
    auto& notes = talk.notes<Notes>();
    const std::string_view text = reply.text_ahead();
    for (std::size_t i = 0; i < services.size(); ++i) {
        if (talk.request == 0 && names(text, services[i])) notes.named |= 1U << i;
    }
    if (talk.request != 0 && !names(text, services[talk.request - 1])) return listen();
    for (std::size_t i = 0; i < services.size() && talk.sent < questions; ++i) {
        if ((notes.named & ~notes.asked & (1U << i)) == 0) continue;
        notes.asked |= 1U << i;
        return ask(i + 1);
    }
    return end();
}

// ---- examples ----

constexpr Turn boiler_turns[] = {
    {"123400000001000000000000095f7365727669636573075f646e732d7364045f756470056c6f63616c00000c8001",
     {},
     "123484000001000400000000095f7365727669636573075f646e732d7364045f756470056c6f63616c00000c8001c00c000c0001000000"
     "0a00140c5f776f726b73746174696f6e045f746370c023c00c000c00010000000a000f0c5f6465766963652d696e666fc047c00c000c00"
     "010000000a0008055f68747470c047c00c000c00010000000a0008055f73686970c047",
     {}},
    {"123400000001000000000000055f73686970045f746370056c6f63616c00000c8001",
     {},
     "123484000001000500000000055f73686970045f746370056c6f63616c00000c8001c00c000c00010000000a000b08426f696c65722037"
     "c00cc02e001000010000000a003509747874766572733d310769643d45582d370b6272616e643d45786d706c086d6f64656c3d42370d74"
     "7970653d4865617450756d70c02e002100010000000a001000000000126807626f696c657237c017c08c001c00010000000a001020010d"
     "b8000000000000000000000020c08c000100010000000a0004c0000214",
     {}},
    {"1234000000010000000000000c5f6465766963652d696e666f045f746370056c6f63616c00000c8001",
     {},
     "1234840000010005000000000c5f6465766963652d696e666f045f746370056c6f63616c00000c8001c00c000c00010000000a000b0842"
     "6f696c65722037c00cc035001000010000000a000e0d6d6f64656c3d42372d32303230c035002100010000000a00100000000000000762"
     "6f696c657237c01ec06c001c00010000000a001020010db8000000000000000000000020c06c000100010000000a0004c0000214",
     {}},
    {"1234000000010000000000000c5f776f726b73746174696f6e045f746370056c6f63616c00000c8001",
     {},
     "1234840000010005000000000c5f776f726b73746174696f6e045f746370056c6f63616c00000c8001c00c000c00010000000a001e1b62"
     "6f696c657237205b30303a30303a35653a30303a35333a31345dc00cc035001000010000000a000100c035002100010000000a00100000"
     "0000000907626f696c657237c01ec072001c00010000000a001020010db8000000000000000000000020c072000100010000000a0004c0"
     "000214",
     {}},
};
constexpr std::string_view boiler_claims[] = {"server brand=Exmpl",   "server device_type=ship:HeatPump",
                                              "server model=B7-2020", "server hostname=boiler7.local",
                                              "server model=B7",      "server unique_id=ship:EX-7"};
constexpr Turn web_turns[] = {
    {"123400000001000000000000095f7365727669636573075f646e732d7364045f756470056c6f63616c00000c8001",
     {},
     "123484000001000100000000095f7365727669636573075f646e732d7364045f756470056c6f63616c00000c8001095f7365"
     "727669636573075f646e732d7364045f756470056c6f63616c00000c00010000000a0012055f68747470045f746370056c6f"
     "63616c00",
     {}},
};

constexpr Transcript transcripts[] = {
    {"a heat pump names its services and tells of the one that says who it is", Origin::Server,
     "avahi 0.8 with services of our own", boiler_turns, boiler_claims},
    {"a device without a service that tells anything is asked no more",
     Origin::Documented,
     "RFC 6763 section 9",
     web_turns,
     {}},
};
constexpr std::uint16_t ports[] = {5353};

}  // namespace

Probe mdns() {
    Probe probe;
    probe.name = "mdns";
    probe.title = "Services by multicast DNS, and those that tell who it is";
    probe.spec = "RFC 6762; RFC 6763";
    probe.why_safe = "Questions for what devices announce by themselves, to one device, at most seven";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Udp;
    probe.family = Family::It;
    probe.decoder = "mdns";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.group.v4 = "224.0.0.251";
    probe.group.v6 = "ff02::fb";
    probe.limits.requests = questions;
    probe.limits.bytes = 32'768;
    probe.limits.answer = std::chrono::seconds(2);
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
