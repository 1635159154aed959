// Lantronix' search: serial device servers and the modules inside other makers' devices (XPort, UDS) answer a query with their
// type and MAC. Each carries a serial line into the network.
//
//   |000000|F6|      answer: |000000|F7|4|type 3|... firmware image of 16 in all| ... |MAC 6|
#include <algorithm>
#include <string>

#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

// Lantronix, port 77FE: F6 asks for the firmware's head, F7 answers with 30 bytes that end with a MAC of Lantronix (00-20-4A,
// 00-80-A3).
bool is_answer(const ByteCursor& message) {
    if (message.left() != 30 || message.peek_be16() != 0 || message.peek_be16(2) != 0x00f7) return false;
    const std::uint16_t first = message.peek_be16(24);
    const std::uint8_t third = message.peek(26);
    return (first == 0x0020 && third == 0x4a) || (first == 0x0080 && third == 0xa3);
}
bool is_query(const ByteCursor& message, const Flow& flow) {
    return message.left() == 4 && message.peek_be16() == 0 && message.peek_be16(2) == 0x00f6 && flow.on_port(30718);
}

bool recognise(ByteCursor message, const Flow& flow) { return is_answer(message) || is_query(message, flow); }

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (is_query(message, flow)) return done();
    if (!is_answer(message)) return not_this();
    // The image's name, "X5" and the like: letters and digits, filled up with zeros.
    message.skip(8);
    const Slice type = message.bytes(3);
    message.skip(13);
    const std::string_view name = type.text().substr(0, type.text().find('\0'));
    const bool named = name.size() >= 2 && std::all_of(name.begin(), name.end(),
                                                       [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
    if (named) claims.stated(Field::device_type, "lantronix:" + std::string(name), type, "discovery");
    const Slice raw = message.bytes(6);
    Endpoint station;
    station.vlan = flow.sender.vlan;
    for (std::size_t i = 0; i < 6; ++i) station.mac.bytes[i] = raw.bytes[i];
    claims.about(station).stated(Field::address, flow.sender.ip.text(), raw, "discovery");
    claims.stated(Field::role, "serial device server", raw, "discovery");
    return done();
}

constexpr ExampleMessage found[] = {
    {From::Client, "000000f6", {}},
    {From::Server, "000000f70102030405060708090a0b0c0d0e0f101112131400204a000042", {}},
};
constexpr std::string_view found_claims[] = {"mac:00:20:4a:00:00:42 address=192.0.2.20", "server role=serial device server"};
constexpr ExampleMessage typed[] = {
    {From::Client, "000000f6", {}},
    {From::Server, "000000f7 00000000 583500 00 0000000000000000 00000000 00204a000043", {}},
};
constexpr std::string_view typed_claims[] = {"server device_type=lantronix:X5", "mac:00:20:4a:00:00:43 address=192.0.2.20",
                                             "server role=serial device server"};
constexpr ExampleMessage asks[] = {
    {From::Client, "000000f6", {}},
};
constexpr Example examples[] = {
    {"a device server is found", Layer::Udp, 30718, found, found_claims},
    {"a device server names its type", Layer::Udp, 30718, typed, typed_claims},
    {"a query says nothing", Layer::Udp, 30718, asks, {}},
};
constexpr std::uint16_t ports[] = {30718};

}  // namespace

Decoder lantronix() {
    Decoder decoder;
    decoder.name = "lantronix";
    decoder.title = "Lantronix search";
    decoder.spec = "Lantronix, query port 77FE";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("00 00 00 f6", "00 00 00 f7");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
