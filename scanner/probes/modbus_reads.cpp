#include "probes/modbus_reads.h"

namespace herkomst::modbus_reads {

namespace {

constexpr std::uint8_t illegal_address = 0x02;
constexpr std::uint8_t acknowledged = 0x05;  // "it takes long": as good as busy
constexpr std::uint8_t busy = 0x06;
constexpr std::uint16_t end_model = 0xffff;

struct Notes {
    std::uint16_t transaction;
    std::uint16_t base;    // of "SunS"
    std::uint16_t at;      // of the header that was asked for
    std::uint16_t model;   // of the last header
    std::uint16_t length;  // of its points
    std::uint8_t unit;
    bool points;  // asked for, not a header
    bool answered;
    bool waited;  // once in an exchange
};

Step numbered(Step step, Talk& talk) {
    auto& notes = talk.notes<Notes>();
    notes.transaction = static_cast<std::uint16_t>(talk.target->token + talk.sent);
    return std::move(step).with("transaction", notes.transaction).with("unit", notes.unit);
}

void choose_unit(Talk& talk, std::uint8_t unit) {
    talk.notes<Notes>().unit = talk.target->unit_known ? static_cast<std::uint8_t>(talk.target->unit) : unit;
}

struct Answer {
    enum class Kind : std::uint8_t { Registers, Refusal, Others, NotModbus } kind = Kind::NotModbus;
    std::uint8_t why = 0;
    ByteCursor registers;
};

// MODBUS Application Protocol V1.1b3 sections 6.3, 6.4 and 7.
Answer answer_of(const Talk& talk, const Notes& notes, Reading& reading) {
    ByteCursor reply(talk.reply, reading);
    Answer answer{Answer::Kind::NotModbus, 0, reply};
    const std::uint16_t transaction = reply.be16();
    reply.skip(4);
    const std::uint8_t unit = reply.u8();
    const std::uint8_t function = reply.u8();
    if (!reply.ok()) return answer;
    if (transaction != notes.transaction || unit != notes.unit) {
        answer.kind = Answer::Kind::Others;
    } else if (function == 0x83 || function == 0x84) {
        answer.kind = Answer::Kind::Refusal;
        answer.why = reply.u8();
    } else if (function == 3 || function == 4) {
        const std::uint8_t bytes = reply.u8();
        if (bytes != 0 && bytes % 2 == 0 && reply.left() >= bytes) {
            answer.kind = Answer::Kind::Registers;
            answer.registers = reply.take(bytes);
        }
    }
    return answer;
}

// The device says that it is busy: once, and only once, it is asked the same later.
bool may_wait(const Answer& answer, Notes& notes) {
    if (answer.kind != Answer::Kind::Refusal || notes.waited || (answer.why != busy && answer.why != acknowledged))
        return false;
    notes.waited = true;
    return true;
}

Step ask_header(Talk& talk) {
    auto& notes = talk.notes<Notes>();
    notes.points = false;
    return numbered(ask(3), talk).with("address", notes.at);
}

// How many registers, header and all, hold the points that say who it is, how much it can do, and what can switch it. SunSpec
// models 1 (names), 120 and 702 (ratings), 123, 124, 703, 704 and 715 (controls); of others the header is enough.
std::uint16_t registers_wanted(std::uint16_t model) {
    switch (model) {
        case 1:
            return 66;
        case 120:
            return 5;
        case 123:
            return 10;
        case 124:
            return 6;
        case 702:
            return 46;
        case 703:
            return 3;
        case 704:
            return 16;
        case 715:
            return 9;
        default:
            return 0;
    }
}

Step on_header(Talk& talk, ByteCursor registers) {
    auto& notes = talk.notes<Notes>();
    notes.model = registers.be16();
    notes.length = registers.be16();
    const bool first = notes.at == notes.base + 2;
    if (!registers.ok() || notes.model == end_model || notes.length == 0 || notes.length > 1000) return end();
    if (first && (notes.model != 1 || (notes.length != 65 && notes.length != 66))) return end();
    const std::uint16_t wanted = registers_wanted(notes.model);
    if (wanted != 0 && wanted <= notes.length + 2) {
        notes.points = true;
        return numbered(ask(4), talk).with("address", notes.at).with("registers", wanted);
    }
    const unsigned following = notes.at + 2U + notes.length;
    if (following > 65'000) return end();
    notes.at = static_cast<std::uint16_t>(following);
    return ask_header(talk);
}

// A place where "SunS" was looked for: it stands there, or the next one is tried.
Step on_marker(Talk& talk, const Answer& answer) {
    auto& notes = talk.notes<Notes>();
    constexpr std::uint16_t places[] = {40'000, 50'000, 0};
    if (answer.kind == Answer::Kind::Registers) {
        ByteCursor registers = answer.registers;
        if (registers.be32() == 0x53756e53 && registers.ok()) {
            notes.base = places[talk.request];
            notes.at = static_cast<std::uint16_t>(notes.base + 2);
            notes.answered = talk.answered = true;
            return ask_header(talk);
        }
    } else if (answer.why != illegal_address) {
        return end(ProbeOutcome::Declined);
    }
    if (talk.request == 2) return end(ProbeOutcome::Declined);
    return numbered(ask(talk.request + 1), talk);
}

}  // namespace

Whole whole(ByteCursor stream, const Talk&) {
    if (stream.left() < 8) return more();
    stream.skip(2);
    const std::uint16_t protocol = stream.be16();
    const std::uint16_t length = stream.be16();
    if (protocol != 0 || length < 3 || length > 254) return other_protocol();
    return stream.left() < length ? more() : message(std::size_t{6} + length);
}

Step in_order(Talk& talk, std::size_t requests, std::uint8_t unit) {
    auto& notes = talk.notes<Notes>();
    if (talk.begins()) {
        choose_unit(talk, unit);
        return numbered(ask(0), talk);
    }
    Reading reading;
    const Answer answer = answer_of(talk, notes, reading);
    if (may_wait(answer, notes)) return again();
    switch (answer.kind) {
        case Answer::Kind::Others:
            return listen();
        case Answer::Kind::NotModbus:
            return end(ProbeOutcome::OtherProtocol);
        case Answer::Kind::Refusal:
            if (!notes.answered) return end(ProbeOutcome::Declined);
            if (answer.why != illegal_address) return end();
            break;
        case Answer::Kind::Registers:
            notes.answered = talk.answered = true;
            break;
    }
    return talk.request + 1 < requests ? numbered(ask(talk.request + 1), talk) : end();
}

Step sunspec_walk(Talk& talk, std::uint8_t unit) {
    auto& notes = talk.notes<Notes>();
    if (talk.begins()) {
        choose_unit(talk, unit);
        return numbered(ask(0), talk);
    }
    Reading reading;
    const Answer answer = answer_of(talk, notes, reading);
    if (may_wait(answer, notes)) return again();
    if (answer.kind == Answer::Kind::Others) return listen();
    if (answer.kind == Answer::Kind::NotModbus) return end(ProbeOutcome::OtherProtocol);
    if (talk.request < 3) return on_marker(talk, answer);
    if (answer.kind == Answer::Kind::Refusal) return end();
    if (!notes.points) return on_header(talk, answer.registers);
    const unsigned following = notes.at + 2U + notes.length;
    if (following > 65'000) return end();
    notes.at = static_cast<std::uint16_t>(following);
    return ask_header(talk);
}

Probe of_registers() {
    Probe probe;
    probe.safety = Safety::ReadMany;
    probe.transport = Transport::Tcp;
    probe.family = Family::Energy;
    probe.whole = whole;
    probe.decoder = "modbus";
    probe.few_sessions = true;
    probe.each = Probe::Each::Unit;
    probe.limits.bytes = 4096;
    probe.limits.answer = std::chrono::seconds(5);
    probe.limits.whole = std::chrono::seconds(30);
    return probe;
}

Probe of_sunspec() {
    Probe probe = of_registers();
    probe.requests = sunspec_requests;
    probe.limits.requests = 48;
    probe.limits.bytes = 16'384;
    probe.limits.whole = std::chrono::minutes(2);
    return probe;
}

}  // namespace herkomst::modbus_reads
