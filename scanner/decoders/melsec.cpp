// MELSEC: Mitsubishi Electric's controllers, spoken to with SLMP (the MC protocol) by panels and SCADA, in binary or in text,
// and with the engineering tool's own MELSOFT. Both tell the CPU's model. Remote run, stop and reset show who controls it.
//
//   SLMP: |5000|network|station|module 2|unit|length 2|timer 2|command 2|subcommand 2| ...   answer |D000| ... |end 2|data
//         |5400|serial 2|0000| ...                                                            answer |D400|serial 2|0000| ...
//         little-endian; in text each byte is two digits and numbers are big-endian: "500000FF03FF00" ...
//   MELSOFT: |57|..|11 11 07| ... |length 2 at 19|1C|form| ...   answer |D7|..|11 11 7F| ... |9C|form| ...
#include <string>

#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

struct Frame {
    bool answer = false;
    bool text = false;
    std::uint8_t network = 0;
    std::uint8_t station = 0;
    std::uint16_t serial = 0;  // 4E only
    std::uint16_t command = 0;
    std::size_t size = 0;
    std::size_t data = 0;  // where an answer's data begin
};

// SLMP reference manual (SH-080956) clause 5: the commands that a request may hold.
bool is_command(std::uint16_t command) {
    static constexpr std::uint16_t known[] = {0x0101, 0x0401, 0x1401, 0x0403, 0x1402, 0x0406, 0x1406, 0x0801, 0x0802, 0x0613,
                                              0x1613, 0x0601, 0x1601, 0x1001, 0x1002, 0x1003, 0x1005, 0x1006, 0x0619, 0x1617,
                                              0x1630, 0x1631, 0x1810, 0x1811, 0x1820, 0x1822, 0x1824, 0x1825, 0x1826, 0x1827,
                                              0x1828, 0x1829, 0x182a, 0x041c, 0x041a, 0x041b, 0x141a, 0x141b, 0x0e30};
    for (const std::uint16_t each : known) {
        if (each == command) return true;
    }
    return false;
}

// Digits of the text form, or bytes of the binary form, from a place on.
bool number(const ByteCursor& message, bool text, std::size_t at, std::size_t bytes, bool big, std::uint32_t& value) {
    value = 0;
    for (std::size_t i = 0; i < bytes; ++i) {
        if (!text) {
            const std::uint8_t byte = message.peek(at + (big ? i : bytes - 1 - i));
            value = (value << 8) | byte;
            continue;
        }
        for (std::size_t half = 0; half < 2; ++half) {
            const std::uint8_t c = message.peek(at + 2 * i + half);
            const bool digit = c >= '0' && c <= '9';
            if (!digit && (c < 'A' || c > 'F')) return false;
            value = (value << 4) | static_cast<unsigned>(digit ? c - '0' : c - 'A' + 10);
        }
    }
    return true;
}

// Clause 4: subheader, serial number of 4E with two zero bytes, the way to the module (0x03FF its own station, 0x03D0 to 0x03D3
// and 0x03E0 to 0x03E3 in redundant and multiple systems), the length of what follows, a known command or an end code.
bool slmp(const ByteCursor& message, Frame& frame) {
    const std::uint8_t first = message.peek();
    frame.text = first == '5' || first == 'D';
    const std::size_t unit = frame.text ? 2 : 1;
    std::uint32_t head = 0;
    if (!number(message, frame.text, 0, 2, true, head)) return false;
    const bool four = head == 0x5400 || head == 0xd400;
    if (!four && head != 0x5000 && head != 0xd000) return false;
    frame.answer = (head & 0x8000) != 0;
    std::size_t at = 2 * unit;
    if (four) {
        std::uint32_t serial = 0, zero = 0;
        if (!number(message, frame.text, at, 2, frame.text, serial) ||
            !number(message, frame.text, at + 2 * unit, 2, true, zero))
            return false;
        if (zero != 0) return false;
        frame.serial = static_cast<std::uint16_t>(serial);
        at += 4 * unit;
    }
    std::uint32_t network = 0, station = 0, module = 0, drop = 0, length = 0, next = 0, command = 0;
    const bool numbers = number(message, frame.text, at, 1, true, network) &&
                         number(message, frame.text, at + unit, 1, true, station) &&
                         number(message, frame.text, at + 2 * unit, 2, frame.text, module) &&
                         number(message, frame.text, at + 4 * unit, 1, true, drop) &&
                         number(message, frame.text, at + 5 * unit, 2, frame.text, length) &&
                         number(message, frame.text, at + 7 * unit, 2, frame.text, next);
    const bool known_module = module == 0x03ff || (module & 0xfffc) == 0x03d0 || (module & 0xfffc) == 0x03e0;
    if (!numbers || !known_module || network > 239 || drop > 31 || length < 2 * unit || length > 8192) return false;
    frame.network = static_cast<std::uint8_t>(network);
    frame.station = static_cast<std::uint8_t>(station);
    frame.size = at + 7 * unit + length;
    frame.data = at + 9 * unit;
    if (frame.answer) {
        // 0 is done; errors are 0x4000 on or 0xC000 on.
        frame.command = static_cast<std::uint16_t>(next);
        return next == 0 || (next >= 0x4000 && next < 0x5000) || next >= 0xc000;
    }
    if (length < 6 * unit || !number(message, frame.text, at + 9 * unit, 2, frame.text, command)) return false;
    frame.command = static_cast<std::uint16_t>(command);
    return is_command(frame.command);
}

// No specification is public; as GX Works sends it: 57 or D7, zeros, 11 11 and 07 or 7F, a length at 19 that fills the
// datagram, then 1C or 9C.
bool melsoft(const ByteCursor& message, std::size_t& size) {
    const std::uint8_t first = message.peek();
    if ((first != 0x57 && first != 0xd7) || message.left() < 33) return false;
    const bool answer = first == 0xd7;
    const bool head = message.peek_be16(2) == 0 && message.peek(4) == 0 && message.peek_be16(5) == 0x1111 &&
                      message.peek(7) == (answer ? 0x7f : 0x07);
    size = std::size_t{21} + message.peek_le16(19);
    return head && message.peek(21) == (answer ? 0x9c : 0x1c) && size >= 33 && size <= 4096;
}

bool recognise(ByteCursor message, const Flow&) {
    std::size_t size = 0;
    if (melsoft(message, size)) return message.left() == size;
    if (message.left() < 11) return false;
    Frame frame;
    return slmp(message, frame) && message.left() == frame.size;
}

bool is_model(std::string_view text) {
    if (text.size() < 3 || text[0] < 'A' || text[0] > 'Z') return false;
    for (const char c : text) {
        if (c < 0x20 || c > 0x7e) return false;
    }
    return true;
}

std::string_view control_named(std::uint16_t command) {
    switch (command) {
        case 0x1001:
            return "remote run";
        case 0x1002:
            return "remote stop";
        case 0x1003:
            return "remote pause";
        case 0x1005:
            return "remote latch clear";
        case 0x1006:
            return "remote reset";
        default:
            return {};
    }
}

// A network or station other than the connected one is behind it.
Claims reached(const Claims& host, const Frame& frame) {
    if (frame.network == 0 && (frame.station == 0xff || frame.station == 0)) return host;
    return host.part("melsec/" + std::to_string(frame.network) + "." + std::to_string(frame.station));
}

void observe_slmp(ByteCursor message, const Frame& frame, Flow& flow, const Claims& claims) {
    const Slice witness = ByteCursor(message).rest();
    if (!frame.answer) {
        flow.state->ask(frame.serial, frame.command);
        const std::string_view what = control_named(frame.command);
        if (what.empty()) return;
        reached(claims.about(flow.receiver), frame)
            .stated(Field::remote_observed, "melsec " + std::string(what) + " from " + flow.sender.ip.text(), witness,
                    "command");
        return;
    }
    std::uint64_t asked = 0;
    if (!flow.state->answered(frame.serial, asked) || asked != 0x0101 || frame.command != 0) return;
    // Clause 5.2, Read Type Name: |model 16|code 2|
    message.skip(frame.data);
    const Slice model = message.bytes(16);
    if (message.ok() && is_model(model.text()))
        reached(claims.about(flow.sender), frame).stated(Field::model, model, "type_name");
}

// The answer that holds the model, sixteen characters: form 0A has the length of its head at 23, then the command 0121; in form
// 08 the model stands at 42.
void observe_melsoft(ByteCursor message, Claims& claims) {
    if (message.peek() != 0xd7) return;
    const std::uint8_t form = message.peek(22);
    std::size_t at = 42;
    if (form == 0x0a) {
        at = std::size_t{23} + message.peek(23);
        if (message.peek_be16(at) != 0x0121) return;
        at += 6;
    } else if (form != 0x08) {
        return;
    }
    if (message.left() < at + 16) return;
    message.skip(at);
    const Slice model = message.bytes(16);
    const std::string_view text = model.text().substr(0, model.text().find('\0'));
    if (is_model(text)) claims.stated(Field::model, text, model, "melsoft");
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    const bool stream = flow.layer == Layer::Tcp;
    if (stream && message.left() < 33 && !flow.ended) {
        // The short answers of 3E are eleven bytes.
        Frame frame;
        if (message.left() < 11) return need(11);
        if (slmp(message, frame) && message.left() >= frame.size) {
            const Slice raw = message.bytes(frame.size);
            Reading reading;
            observe_slmp(whole(raw, reading), frame, flow, claims);
            return done(message);
        }
        return need(message.left() + 1);
    }
    std::size_t size = 0;
    if (melsoft(message, size)) {
        if (message.left() < size) return stream ? need(size) : not_this();
        const Slice raw = message.bytes(size);
        Reading reading;
        observe_melsoft(whole(raw, reading), claims);
        return done(message);
    }
    Frame frame;
    if (message.left() < 11 || !slmp(message, frame)) return not_this();
    if (message.left() < frame.size) return stream ? need(frame.size) : not_this();
    const Slice raw = message.bytes(frame.size);
    Reading reading;
    observe_slmp(whole(raw, reading), frame, flow, claims);
    return done(message);
}

constexpr ExampleMessage binary[] = {{From::Client, "5000 00 ff ff03 00 0600 1000 0101 0000", {}},
                                     {From::Server, "d000 00 ff ff03 00 1400 0000 | 51455855435055202020202020202020 6802", {}},
                                     {From::Client, "5000 00 ff ff03 00 0a00 1000 0210 0000 01000000", {}}};
constexpr std::string_view binary_claims[] = {"server model=QEXUCPU",
                                              "server remote_observed=melsec remote stop from 192.0.2.10"};
constexpr ExampleMessage as_text[] = {{From::Client,
                                       {},
                                       "5400123400000102"
                                       "03FF"
                                       "00"
                                       "000C"
                                       "0010"
                                       "0101"
                                       "0000"},
                                      {From::Server,
                                       {},
                                       "D400123400000102"
                                       "03FF"
                                       "00"
                                       "0018"
                                       "0000"
                                       "REXCPU          "
                                       "0268"}};
constexpr std::string_view as_text_claims[] = {"server[melsec/1.2] model=REXCPU"};
constexpr ExampleMessage tool[] = {
    {From::Client,
     "57010000001111070000ffff030000fe0300002000 1c0a1614 0000000000000000000000000000000000000000 0121010000000001",
     {}},
    {From::Server,
     "d70100000011117f000000a80300ffff0300003800 9c0a1814 00000000000000000000000000000000000000000000 012101000000"
     "4658452d33324d542f45530000000000 294a0008 00000000",
     {}}};
constexpr std::string_view tool_claims[] = {"server model=FXE-32MT/ES"};
constexpr ExampleMessage reads[] = {{From::Client, "5000 00 ff ff03 00 0c00 1000 0104 0000 640000 a8 0100", {}},
                                    {From::Server, "d000 00 ff ff03 00 0400 0000 1234", {}}};
constexpr Example examples[] = {
    {"type name and remote stop, in binary", Layer::Tcp, 5007, binary, binary_claims},
    {"type name of a station behind, in text", Layer::Tcp, 5002, as_text, as_text_claims},
    {"the engineering tool asks for the model", Layer::Udp, 5560, tool, tool_claims},
    {"reading a register says nothing", Layer::Udp, 5000, reads, {}},
};
constexpr std::uint16_t ports[] = {5000, 5001, 5002, 5006, 5007, 5008, 5010, 5560, 5561, 5562};

}  // namespace

Decoder melsec() {
    Decoder decoder;
    decoder.name = "melsec";
    decoder.title = "Mitsubishi SLMP, MELSOFT";
    decoder.spec = "Mitsubishi Electric SH-080956 (SLMP), SH-080008 (MC protocol); MELSOFT has no public specification";
    decoder.layers = Layer::Udp | Layer::Tcp;
    decoder.ports = ports;
    decoder.starts = Starts("57 ?? 00 00 00 11 11", "d7 ?? 00 00 00 11 11", "50 00", "54 00", "d0 00", "d4 00", "'5000'",
                            "'5400'", "'D000'", "'D400'");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
