// WIZnet: its serial-to-Ethernet modules, which sit in devices of others, are found and set up by short commands (UDP 50001).
// An answer names the module and its firmware; without a password, which is only a word to search by, anybody can write
// settings.
//
//   MA address 6 CRLF PW word CRLF then command CRLF ..., or, in an answer and to set something, command value CRLF ...
#include <array>
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::uint16_t device_port = 50001;
constexpr auto commands = std::to_array<std::string_view>(
    {"MC", "VR", "MN", "ST", "UN", "UI", "OP", "IM", "LI", "SM", "GW", "DS", "LP", "RH", "RP", "BR", "DB",
     "PR", "SB", "FL", "PT", "PS", "PD", "IT", "CP", "NP", "SP", "DG", "KA", "KI", "KE", "RI", "DD", "PO",
     "PI", "PP", "DX", "DP", "DI", "DW", "DH", "TE", "SS", "SC", "TR", "EC", "SV", "RT", "FR", "EX", "FW",
     "CA", "CB", "CC", "CD", "GA", "GB", "GC", "GD", "QS", "QO", "QH", "QP", "QL", "RV", "RA", "RE", "RR",
     "EN", "RS", "EB", "ED", "EP", "ES", "EF", "E0", "E1", "NT", "NS", "ND", "AB"});

bool is_command(std::string_view word) {
    for (const std::string_view known : commands) {
        if (word == known) return true;
    }
    return false;
}

struct Said {
    Slice mac;
    Slice product;
    Slice firmware;
    std::size_t values = 0;
    bool restarts = false;
    bool good = false;
};

// One line up to CRLF, taken; empty and `ok` false when there is none.
struct Line {
    Slice text;
    bool ok = false;
};
Line next_line(ByteCursor& at) {
    const std::size_t end = at.text_ahead().find("\r\n");
    if (end == std::string_view::npos || end > 128) return {};
    const Slice text = at.bytes(end);
    at.skip(2);
    return {text, true};
}

// WIZ750SR Command Manual, "Ethernet Command Frame Format", and WIZnet's own tool: an address between "MA" and CRLF, a line
// "PW", and at least one command of the list, each in a line of its own, to the end.
Said read(ByteCursor message) {
    Said out;
    if (message.be16() != 0x4d41) return out;
    out.mac = message.bytes(6);
    if (message.be16() != 0x0d0a) return out;
    const Line word = next_line(message);
    if (!word.ok || !word.text.text().starts_with("PW")) return out;
    std::size_t count = 0;
    while (!message.done() && message.peek() != 0) {
        const Line line = next_line(message);
        const std::string_view text = line.text.text();
        if (!line.ok || !is_command(text.substr(0, 2))) return out;
        ++count;
        const Slice value{line.text.bytes.subspan(2), line.text.offset + 2};
        if (!value.empty()) ++out.values;
        if (text.starts_with("MN")) out.product = value;
        if (text.starts_with("VR")) out.firmware = value;
        if (text == "RT" || text == "SV" || text == "FR" || text.starts_with("FW")) out.restarts = true;
    }
    out.good = message.ok() && count != 0;
    return out;
}

bool recognise(ByteCursor message, const Flow&) { return read(message).good; }

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    const Said said = read(message);
    if (!said.good) return not_this();
    Endpoint station;
    station.vlan = flow.sender.vlan;
    for (std::size_t i = 0; i < 6; ++i) station.mac.bytes[i] = said.mac.bytes[i];
    const bool one = station.mac.known() && !station.mac.group();
    if (flow.sender.port == device_port) {
        // An answer has the values that were asked for.
        if (said.values == 0) return done();
        claims.matched(Field::module_maker, "WIZnet", said.product.empty() ? said.mac : said.product, "answer");
        claims.stated(Field::product, said.product, "answer");
        claims.stated(Field::firmware, said.firmware, "answer");
        if (one && flow.sender.ip.known())
            claims.about(station).stated(Field::address, flow.sender.ip.text(), said.mac, "answer");
        return done();
    }
    if (one && (said.values != 0 || said.restarts)) {
        claims.about(station).stated(Field::remote_observed, "wiznet settings from " + flow.sender.ip.text(), said.mac,
                                     "request");
    }
    return done();
}

constexpr ExampleMessage search[] = {
    {From::Client, "4d41 ffffffffffff 0d0a 5057 20 0d0a | 4d43 0d0a | 5652 0d0a | 4d4e 0d0a", {}},
    {From::Server,
     "4d41 00005e005314 0d0a 5057 20 0d0a | 4d43 30303a30303a35453a30303a35333a3134 0d0a | 5652 312e322e30 0d0a "
     "| 4d4e 57495a373530 5352 0d0a",
     {}},
    {From::Client,
     "4d41 00005e005314 0d0a 5057 77696c68656c6d 0d0a | 4c49 3139322e302e322e3231 0d0a | 5356 0d0a | 5254 0d0a",
     {}}};
constexpr std::string_view search_claims[] = {"server module_maker=WIZnet", "server product=WIZ750SR", "server firmware=1.2.0",
                                              "server-mac address=192.0.2.20",
                                              "server-mac remote_observed=wiznet settings from 192.0.2.10"};
constexpr ExampleMessage question[] = {search[0]};
constexpr Example examples[] = {{"a module is found and set up anew", Layer::Udp, device_port, search, search_claims},
                                {"a search that nobody answers says nothing", Layer::Udp, device_port, question, {}}};
constexpr std::uint16_t ports[] = {device_port};

}  // namespace

Decoder wiznet() {
    Decoder decoder;
    decoder.name = "wiznet";
    decoder.title = "WIZnet module search";
    decoder.spec = "WIZnet, WIZ750SR Command Manual";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("'MA'");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
