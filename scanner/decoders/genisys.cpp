// Genisys: railway signalling between an office and its field units (Union Switch & Signal, now Alstom; others speak it too).
// It names nobody; who polls is the office, and control data show who sets signals.
//
//   |F1-FE message|unit|data ...|check 2|F6|     F1 (acknowledge) without a check; F0 escapes what is above
//   EF
#include <array>
#include <string>

#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t message_max = 512;
constexpr std::uint8_t acknowledge = 0xf1, field_data = 0xf2, field_check = 0xf3, common_control = 0xf9, poll = 0xfb,
                       control_data = 0xfc, end = 0xf6, escape = 0xf0;

bool from_office(std::uint8_t head) { return head >= common_control; }
bool is_head(std::uint8_t head) {
    return head == acknowledge || head == field_data || head == field_check || from_office(head);
}

// As ICSNPP-Genisys and Wireshark read it: a head, a unit that is not 0, the end; the check is a CRC-16
// (0xA001) from 0xFFFF over everything before it, escapes resolved.
bool read(const ByteCursor& message, std::size_t& size) {
    const std::uint8_t head = message.peek();
    if (!is_head(head)) return false;
    std::array<std::uint8_t, message_max> plain{};
    std::size_t length = 0;
    size = 0;
    for (std::size_t i = 0; i < message.left() && length < plain.size(); ++i) {
        std::uint8_t byte = message.peek(i);
        if (i > 0 && byte == end) {
            size = i + 1;
            break;
        }
        if (i > 0 && byte == escape) {
            ++i;
            if (message.peek(i) > 0x0f) return false;
            byte = static_cast<std::uint8_t>(0xf0 | message.peek(i));
        } else if (i > 0 && byte >= 0xf0) {
            return false;
        }
        plain[length++] = byte;
    }
    if (size == 0) return length < plain.size();  // its end has not come
    if (length < 2 || (plain[1] == 0 && head != common_control)) return false;
    if ((head == acknowledge || head == poll) && length == 2) return true;
    if (length < 4) return false;
    unsigned check = 0xffff;
    for (std::size_t i = 0; i + 2 < length; ++i) {
        check ^= plain[i];
        for (int bit = 0; bit < 8; ++bit) check = (check & 1) != 0 ? (check >> 1) ^ 0xa001 : check >> 1;
    }
    return (check & 0xff) == plain[length - 2] && (check >> 8) == plain[length - 1];
}

// An acknowledgement, and a poll in the mode without checks, do not decide.
bool recognise(ByteCursor message, const Flow&) {
    std::size_t size = 0;
    return message.peek() != acknowledge && read(message, size) && size > 3;
}

struct Notes {
    bool told[2];
};

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (message.done()) return need(1);
    std::size_t size = 0;
    if (!read(message, size)) return not_this();
    if (size == 0) return flow.ended ? done() : need(message.left() + 1);
    const Slice raw = message.bytes(size);
    const std::uint8_t head = raw.bytes[0];
    bool& told = flow.state->notes<Notes>().told[flow.from_opener ? 0 : 1];
    if (!told && head != acknowledge) {
        told = true;
        claims.about(flow.sender)
            .stated(Field::role, from_office(head) ? "genisys office" : "genisys field unit", raw, "message");
        claims.about(flow.receiver)
            .stated(Field::role, from_office(head) ? "genisys field unit" : "genisys office", raw, "message");
    }
    if (head == control_data) {
        claims.about(flow.receiver)
            .stated(Field::remote_observed, "genisys control data from " + flow.sender.ip.text(), raw, "control");
    }
    return done(message);
}

constexpr ExampleMessage polls[] = {
    {From::Client, "fb018340f6", {}},
    {From::Server, "f101f6", {}},
    {From::Client, "fc0102f006e092f6", {}},
    {From::Server, "f2010304626ff6", {}},
};
constexpr std::string_view polls_claims[] = {"client role=genisys office", "server role=genisys field unit",
                                             "server remote_observed=genisys control data from 192.0.2.10"};
constexpr ExampleMessage quiet[] = {{From::Client, "fb018340f6", {}}, {From::Server, "f101f6", {}}};
constexpr std::string_view quiet_claims[] = {"client role=genisys office", "server role=genisys field unit"};
constexpr Example examples[] = {
    {"a poll that is only acknowledged controls nothing", Layer::Tcp, 10001, quiet, quiet_claims},
    {"an office polls and controls a field unit", Layer::Tcp, 10001, polls, polls_claims},
};
constexpr std::uint16_t ports[] = {10001};

}  // namespace

Decoder genisys() {
    Decoder decoder;
    decoder.name = "genisys";
    decoder.title = "Genisys (railway signalling)";
    decoder.spec = "No public specification; as ICSNPP-Genisys (CISA) and Wireshark read it";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("f?");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
