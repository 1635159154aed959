// The inverter behind a Solarman logger: type and serial number of a Deye, Sunsynk or Sol-Ark, read through the logger's own
// port. A logger only answers whoever knows its serial number, so it is asked only when it has said it itself, in its answer
// to a search (hiflying) or in what was heard of it. The frame carries one Modbus request; function 3 only reads.
//
//   |A5|length 2|10 45|number 1, 00|logger 4|02 inverter|0000|times 12|01 03 0000 0008 440C|sum|15|       little-endian
#include <charconv>

#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Hole holes[] = {hole::number("transaction", 1), hole::little("logger", 4, 1, 0xfffffffe),
                          hole::checksum("sum", Check::Sum8, 1)};
constexpr Request requests[] = {
    {"type and serial number",
     "a5 1700 1045 {transaction} 00 {logger} 02 0000 000000000000000000000000 01 03 0000 0008 440c {sum} 15",
     {},
     holes},
};

// The layout is that of pysolarmanv5, a public project: everything but the payload are 13 bytes.
Whole whole(ByteCursor stream, const Talk&) {
    if (stream.left() > 0 && stream.peek() != 0xa5) return other_protocol();
    if (stream.left() < 3) return more();
    const std::size_t size = stream.peek_le16(1) + std::size_t{13};
    if (size > 2048) return other_protocol();
    return size <= stream.left() ? message(size) : more();
}

Step next(Talk& talk) {
    if (talk.begins()) {
        const std::string_view learnt = talk.target->learnt;
        std::uint64_t logger = 0;
        const auto [stop, error] = std::from_chars(learnt.data(), learnt.data() + learnt.size(), logger);
        const bool number = error == std::errc{} && stop == learnt.data() + learnt.size();
        if (!number || logger == 0 || logger > 0xfffffffe) return end(ProbeOutcome::Gated);
        return ask(0).with("logger", logger);
    }
    Reading reading;
    const ByteCursor reply(talk.reply, reading);
    // It reports by itself, too.
    if (reply.peek_le16(3) != 0x1510 || reply.peek(5) != (talk.target->token & 0xff)) return listen();
    const bool registers = reply.left() == 13 + 14 + 21 && reply.peek(11) == 2 && reply.peek(26) == 3;
    return end(registers ? ProbeOutcome::Answered : ProbeOutcome::Declined);
}

// ---- examples ----

constexpr std::string_view asked = "a5 1700 1045 34 00 01bbeea0 02 0000 000000000000000000000000 01 03 0000 0008 440c 48 15";
constexpr Turn inverter_turns[] = {
    {asked,
     {},
     "a5 2300 1015 34 01 01bbeea0 02 01 000000000000000000000000 01 03 10 00050001010432333031323334353637 4165 90 15",
     {}},
};
constexpr std::string_view inverter_claims[] = {"server category=datalogger", "server serial=2700000001",
                                                "server stack_maker=Solarman", "server[solarman/inverter] serial=2301234567",
                                                "server[solarman/inverter] stack_maker=Deye"};
// The inverter sleeps: the logger answers alone, with a code in place of registers.
constexpr Turn alone_turns[] = {{asked, {}, "a5 1000 1015 34 01 01bbeea0 02 01 000000000000000000000000 0500 bc 15", {}}};
constexpr std::string_view alone_claims[] = {"server category=datalogger", "server serial=2700000001",
                                             "server stack_maker=Solarman"};

constexpr Transcript transcripts[] = {
    {"an inverter tells its serial number through the logger",
     Origin::Project,
     "pysolarmanv5, a public project; registers as in ha-solarman, a public project",
     inverter_turns,
     inverter_claims,
     ProbeOutcome::Answered,
     0,
     0,
     0,
     {},
     0x1234,
     false,
     "2700000001"},
    {"an inverter that sleeps",
     Origin::Project,
     "pysolarmanv5, a public project",
     alone_turns,
     alone_claims,
     ProbeOutcome::Declined,
     0,
     0,
     0,
     {},
     0x1234,
     false,
     "2700000001"},
};
constexpr std::uint16_t ports[] = {8899};
constexpr std::string_view makers[] = {"deye", "sunsynk", "sol-ark"};
constexpr std::string_view methods[] = {"hiflying.", "solarman.logger"};

}  // namespace

Probe solarman() {
    Probe probe;
    probe.name = "solarman";
    probe.title = "Inverter behind a Solarman logger";
    probe.spec = "unpublished; as spoken by pysolarmanv5, registers as in ha-solarman (public projects)";
    probe.why_safe =
        "Function 3 only reads, eight registers once, on the port that local programs poll; never while another client is seen";
    probe.safety = Safety::ReadMany;
    probe.transport = Transport::Tcp;
    probe.family = Family::Energy;
    probe.decoder = "solarman";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.whole = whole;
    probe.few_sessions = true;
    probe.makers = makers;
    probe.learnt = {Field::serial, methods, false};
    probe.limits.requests = 1;
    probe.limits.bytes = 8192;
    probe.limits.answer = std::chrono::seconds(6);
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
