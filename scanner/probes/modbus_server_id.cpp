// Modbus Report Server ID: what a server without Device Identification calls itself, in bytes of the maker's own making. The
// specification has it for serial lines only, and some servers keep silent or stumble, so it is asked only where the scope file
// names this probe.
//
//   |transaction 2|protocol 2 = 0|length 2 = 2|unit 1|11|
#include "probes/modbus_reads.h"

namespace herkomst::probes {

namespace {

constexpr Hole holes[] = {hole::number("transaction", 2), hole::number("unit", 1, 1, 255)};
constexpr Request requests[] = {{"server id", "{transaction} 0000 0002 {unit} 11", {}, holes}};

// MODBUS Application Protocol V1.1b3 section 6.13. Nothing known of a unit: 255, as in modbus.
Step next(Talk& talk) {
    const std::uint64_t transaction = talk.target->token & 0xffff;
    const std::uint64_t unit = talk.target->unit_known ? talk.target->unit & 0xff : 255;
    if (talk.begins()) return ask(0).with("transaction", transaction).with("unit", unit);
    Reading reading;
    ByteCursor reply(talk.reply, reading);
    const bool ours = reply.be16() == transaction;
    reply.skip(4);
    const bool this_unit = reply.u8() == unit;
    if (!ours || !this_unit) return listen();
    const std::uint8_t function = reply.u8();
    if (function == 0x11) return end();
    return end(function == 0x91 ? ProbeOutcome::Declined : ProbeOutcome::OtherProtocol);
}

// ---- examples ----

constexpr Turn names_turns[] = {
    {"1234 0000 0002 ff 11", {}, "1234 0000 000d ff 11 0a b4 ff 4c4d42332e312e36", {}},  // LMB3.1.6
};
constexpr std::string_view names_claims[] = {"server description=LMB3.1.6", "server role=modbus server"};
constexpr Turn declines_turns[] = {{"1234 0000 0002 07 11", {}, "1234 0000 0003 07 91 01", {}}};
constexpr std::string_view declines_claims[] = {"server role=modbus server"};
constexpr Turn silent_turns[] = {{"1234 0000 0002 ff 11", {}, {}, {}}};

constexpr Transcript transcripts[] = {
    {"a server tells its id", Origin::Server, "libmodbus 3.1.6", names_turns, names_claims},
    {"a server without the function says so", Origin::Documented, "MODBUS Application Protocol V1.1b3 section 7, exception 01",
     declines_turns, declines_claims, ProbeOutcome::Declined, 502, 7},
    {"a server that keeps silent is left alone",
     Origin::Server,
     "modbus-serial 8.0.25",
     silent_turns,
     {},
     ProbeOutcome::Silent},
};
constexpr std::uint16_t ports[] = {502};

}  // namespace

Probe modbus_server_id() {
    Probe probe;
    probe.name = "modbus_server_id";
    probe.title = "Modbus Report Server ID";
    probe.spec = "MODBUS Application Protocol V1.1b3 section 6.13";
    probe.why_safe =
        "Function 17 only reads, but is meant for serial lines: it is asked only where the scope file names this probe";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Tcp;
    probe.family = Family::Ot;
    probe.decoder = "modbus";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.whole = modbus_reads::whole;
    probe.few_sessions = true;
    probe.only_named = true;
    probe.each = Probe::Each::Unit;
    probe.limits.requests = 1;
    probe.limits.bytes = 4096;
    probe.limits.answer = std::chrono::seconds(5);
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
