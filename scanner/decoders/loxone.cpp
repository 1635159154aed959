// Loxone: a building's controller answers whoever asks by broadcast (UDP 7070, answer to 7071) with serial number, firmware and
// hardware. The name that its owner gave it is not kept.
//
//   question: 00        answer: LoxLIVE: NAME 192.0.2.20:80 504F........ 10.2.3.26 Prog:DATE TIME Type:0 HwId:A0000 IPv6:...
#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

bool only_of(std::string_view text, std::string_view allowed) {
    return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

struct Answer {
    Slice serial;
    Slice firmware;
    Slice hardware;
    bool good = false;
};

Slice part(const Slice& all, std::size_t at, std::size_t size) { return {all.bytes.subspan(at, size), all.offset + at}; }

// As several public clients read it: the word in front; before "Prog:", from the back, a version of four numbers and a serial
// number that is the address of its network card; an address with a port before that; "Type:" and "HwId:" behind.
Answer read_answer(ByteCursor message) {
    Answer out;
    const Slice all = message.rest();
    const std::string_view text = all.text();
    if (text.size() > 512 || !text.starts_with("LoxLIVE: ")) return out;
    const std::size_t program = text.find(" Prog:");
    if (program == std::string_view::npos || text.find(" Type:", program) == std::string_view::npos) return out;
    const std::size_t version = text.rfind(' ', program - 1);
    if (version == std::string_view::npos || version < 13 || text[version - 13] != ' ') return out;
    out.firmware = part(all, version + 1, program - version - 1);
    out.serial = part(all, version - 12, 12);
    const std::size_t address = text.rfind(' ', version - 14);
    if (address == std::string_view::npos) return out;
    const std::string_view host = text.substr(address + 1, version - 14 - address);
    const bool port = host.find(':') != std::string_view::npos && only_of(host, "0123456789.:");
    if (const std::size_t hardware = text.find(" HwId:", program); hardware != std::string_view::npos) {
        const std::size_t end = text.find(' ', hardware + 6);
        if (end != std::string_view::npos) out.hardware = part(all, hardware + 6, end - hardware - 6);
    }
    out.good = port && only_of(out.firmware.text(), "0123456789.") && only_of(out.serial.text(), "0123456789ABCDEF");
    return out;
}

bool recognise(ByteCursor message, const Flow&) { return read_answer(message).good; }

Verdict observe(ByteCursor message, Flow&, Claims& claims) {
    const Slice all = ByteCursor(message).rest();
    const Answer answer = read_answer(message);
    if (!answer.good) return all.size() == 1 ? done() : not_this();
    // What follows the word in front is the name that people gave the building.
    const Slice word = part(all, 0, 8);
    claims.matched(Field::brand, "Loxone", word, "answer");
    claims.matched(Field::category, "bms_building", word, "answer");
    claims.stated(Field::serial, answer.serial, "answer");
    claims.stated(Field::firmware, answer.firmware, "answer");
    claims.stated(Field::hardware, answer.hardware, "answer");
    return done();
}

constexpr ExampleMessage found[] = {
    {From::Server,
     {},
     "LoxLIVE: Huize Wilhelmina 192.0.2.20:80 504F00000001 10.2.3.26 Prog:2019-04-24 21:08:03 Type:0 HwId:A0000 "
     "IPv6:,0c000001:10020217/O"}};
constexpr std::string_view found_claims[] = {"server brand=Loxone", "server category=bms_building",
                                             "server serial=504F00000001", "server firmware=10.2.3.26",
                                             "server hardware=A0000"};
constexpr ExampleMessage older[] = {
    {From::Server, {}, "LoxLIVE: Example 192.0.2.20:80 504F00000002 5.49.1.16 Prog:2013-01-02 10:00:00 Type:0"},
    {From::Client, "00", {}}};
constexpr std::string_view older_claims[] = {"server brand=Loxone", "server category=bms_building",
                                             "server serial=504F00000002", "server firmware=5.49.1.16"};
constexpr Example examples[] = {
    {"a controller answers; its name is not kept", Layer::Udp, 7070, found, found_claims},
    {"an older one names no hardware; the next question says nothing", Layer::Udp, 7070, older, older_claims}};
constexpr std::uint16_t ports[] = {7070, 7071};

}  // namespace

Decoder loxone() {
    Decoder decoder;
    decoder.name = "loxone";
    decoder.title = "Loxone discovery";
    decoder.spec = "No public specification; as public clients read it";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("'LoxLIVE:'");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
