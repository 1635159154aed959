// GoodWe's own cloud protocol: an inverter keeps a TCP session to the maker's server (port 20001) and names itself in every
// report. The report is encrypted with a key that is the same in all of them; it holds measurements, and is not read.
//
//   |"POSTGW"|length 4|type 2|0|0|serial number 16|start value 16|time 6|report ...|CRC 2|      big-endian; length counts all
//                                                                                 but 13 bytes
// The layout is not published by its maker. It is the one that bridges to that server speak.
#include "core/hash.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t not_counted = 13;
constexpr std::size_t least = 54;  // without a report
constexpr std::size_t most = 4096;

std::size_t size_of(const ByteCursor& message) {
    const std::size_t length = std::size_t{message.peek_be16(6)} << 16 | message.peek_be16(8);
    return length + not_counted;
}

// Sixteen capital letters and digits.
bool is_serial(std::string_view text) {
    for (const char c : text) {
        if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))) return false;
    }
    return text.size() == 16;
}

// No specification is public; as goodwe_local_SEMS_bridge (public project) sends it: the word, a length, two zeros, a serial
// number of sixteen signs, the checksum of Modbus over all before it.
bool recognise(ByteCursor message, const Flow&) {
    if (message.left() < least || !message.starts_with("POSTGW")) return false;
    const std::size_t size = size_of(message);
    if (size < least || size > most || size > message.left() || message.peek_be16(12) != 0) return false;
    const Slice covered = message.bytes(size - 2);
    return is_serial(covered.text().substr(14, 16)) && crc16_modbus(covered.bytes) == message.peek_be16();
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    const std::size_t there = message.left();
    if (!message.starts_with("POSTGW")) {
        // The server's answers have another word in front; what they say is not known.
        return flow.from_opener ? not_this() : done();
    }
    if (there < least && !flow.ended) return need(least);
    const std::size_t size = size_of(message);
    if (size < least || size > most) return not_this();
    if (there < size && !flow.ended) return need(size);
    if (!recognise(message, flow)) return not_this();
    message.skip(14);
    const Slice serial = message.bytes(16);
    // Others sell what it builds, and it reports to the same servers.
    claims.matched(Field::stack_maker, "GoodWe", serial, "report");
    claims.stated(Field::serial, serial, "report");
    claims.hinted(Field::category, "solar_inverter", serial, "report");
    return done(size);
}

constexpr ExampleMessage reports[] = {
    {From::Client,
     "504f53544757 | 00000039 | 0104 0000 | 3530303045585430 3030573030303031 | 1a0b1b0a1e0000000000000000000000 |"
     "1a0b1b0a1e00 | 00112233445566778899aabbccddeeff | fa82",
     {}},
    {From::Server, "00", {}}};
constexpr std::string_view reports_claims[] = {"client stack_maker=GoodWe", "client serial=5000EXT000W00001",
                                               "client category=solar_inverter"};
// The same with another checksum behind it.
constexpr ExampleMessage damaged[] = {
    reports[0],
    {From::Client,
     "504f53544757 | 00000039 | 0104 0000 | 3530303045585430 3030573030303032 | 1a0b1b0a1e0000000000000000000000 |"
     "1a0b1b0a1e00 | 00112233445566778899aabbccddeeff | fa82",
     {}}};
constexpr Example examples[] = {
    {"an inverter reports to its maker", Layer::Tcp, 20001, reports, reports_claims},
    {"a report with a wrong checksum says nothing", Layer::Tcp, 20001, damaged, reports_claims},
};
constexpr std::uint16_t ports[] = {20001};

}  // namespace

Decoder goodwe_cloud() {
    Decoder decoder;
    decoder.name = "goodwe_cloud";
    decoder.title = "GoodWe cloud";
    decoder.spec = "unpublished; as goodwe_local_SEMS_bridge (public project) sends it";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("'POSTGW'");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
