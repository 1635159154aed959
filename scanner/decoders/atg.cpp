// ATG: tank gauges of filling stations and fuel depots (Veeder-Root TLS and what is compatible). The report that answers a
// question is headed by the station's name; the system revision report holds the firmware. There is no password as delivered,
// and commands with S change the gauge.
//
//   |01|I20100| CR LF      answer: |01|I20100| CR LF date LF LF header ... LF report ... |03|
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t report_max = 8192;

// Veeder-Root 576013-635, "Command format": SOH, I to ask and S to set (small letters for the computer's format), three digits
// of function, two of the device.
bool is_command(std::string_view text) {
    if (text.size() < 7 || text[0] != '\x01') return false;
    if (text[1] != 'I' && text[1] != 'S' && text[1] != 'i' && text[1] != 's') return false;
    for (std::size_t i = 2; i < 7; ++i) {
        const bool digit = text[i] >= '0' && text[i] <= '9';
        const bool letter = i < 5 && text[i] >= 'A' && text[i] <= 'F';
        if (!digit && !letter) return false;
    }
    return true;
}

bool recognise(ByteCursor message, const Flow&) {
    const std::string_view text = message.text_ahead();
    if (!is_command(text)) return false;
    // A question ends here; setting, and an answer, go on in printable text.
    const std::string_view rest = text.substr(7, 64);
    for (const char c : rest) {
        if ((c < 0x20 || c > 0x7e) && c != '\r' && c != '\n' && c != '\x03') return false;
    }
    return text.size() > 7;
}

// The date of the first line: digits, and a month or strokes.
bool is_date(std::string_view line) {
    std::size_t digits = 0;
    for (const char c : line) digits += c >= '0' && c <= '9' ? 1 : 0;
    return digits >= 6 && line.size() <= 40 && line.find(':') != std::string_view::npos;
}

void report(ByteCursor text, std::string_view function, Claims& claims) {
    int place = 0;
    while (!text.done()) {
        const Slice line = text.line();
        const std::string_view words = trimmed(line.text());
        if (!text.ok()) return;
        if (words.empty()) continue;
        if (place == 0) {
            if (!is_date(words)) return;
        } else if (place == 1 && function == "201") {
            // 576013-635, "station header": what the owner wrote over the reports. Its other lines are an address.
            if (words.find("INVENTORY") == std::string_view::npos) claims.stated(Field::location, line, "station_header");
            return;
        } else if (function == "902" && words.starts_with("VERSION ")) {
            claims.stated(Field::firmware, words.substr(8), line, "version");
        } else if (function == "902" && words.starts_with("SOFTWARE# ")) {
            claims.stated(Field::software, words.substr(10), line, "software_number");
        }
        ++place;
    }
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    const std::string_view text = message.text_ahead();
    if (!flow.from_server()) {
        if (!is_command(text)) return text.size() < 7 && text.starts_with('\x01') ? need(7) : not_this();
        const bool sets = text[1] == 'S' || text[1] == 's';
        const std::size_t stop = text.find('\n');
        const Slice command = message.bytes(7);
        if (sets) {
            claims.about(flow.receiver)
                .stated(Field::remote_observed, "atg set " + std::string(text.substr(2, 3)) + " from " + flow.sender.ip.text(),
                        command, "set");
        }
        return done(stop == std::string_view::npos ? text.size() : stop + 1);
    }
    const std::size_t close = text.find('\x03');
    if (close == std::string_view::npos && !flow.ended && text.size() < report_max) return need(text.size() + 1);
    claims.stated(Field::role, "automatic tank gauge", ByteCursor(message).bytes(7), "report");
    ByteCursor body = message.take(close == std::string_view::npos ? text.size() : close);
    if (!message.done()) message.skip(1);
    // The echo of the command, with SOH or (seen in the field) a line feed before it.
    const std::string_view all = body.text_ahead();
    const std::size_t line = all.find('\n', 2);
    if (all.size() < 7 || line == std::string_view::npos || (all[1] != 'I' && all[1] != 'i')) return done(message);
    const std::string_view function = all.substr(2, 3);
    body.skip(line + 1);
    // A last line without an end is not read.
    const std::size_t last = body.text_ahead().rfind('\n');
    if (last != std::string_view::npos) report(body.take(last + 1), function, claims);
    return done(message);
}

constexpr ExampleMessage reports[] = {
    {From::Client, {}, "\x01I20100\r\n"},
    {From::Server,
     {},
     "\x01I20100\r\nNOV 21, 2026  9:14 AM\r\n\r\nEXAMPLE FUELS\r\n1 SAMPLE ROAD\r\n\r\nIN-TANK INVENTORY\r\n\r\n\x03"},
    {From::Client, {}, "\x01I90200\r\n"},
    {From::Server,
     {},
     "\x01I90200\r\nNOV 21, 2026  9:15 AM\r\n\r\nSOFTWARE REVISION LEVEL\r\nVERSION 999.02\r\nSOFTWARE# "
     "000000-100-C\r\n\r\n\x03"},
    {From::Client, {}, "\x01S60201REGULAR\r\n"}};
constexpr std::string_view reports_claims[] = {"server role=automatic tank gauge", "server location=EXAMPLE FUELS",
                                               "server firmware=999.02", "server software=000000-100-C",
                                               "server remote_observed=atg set 602 from 192.0.2.10"};
constexpr ExampleMessage asks[] = {{From::Client, {}, "\x01I20100\r\n"}};
constexpr Example examples[] = {
    {"inventory, revision, and a tank's name set", Layer::Tcp, 10001, reports, reports_claims},
    {"a question without an answer says nothing", Layer::Tcp, 10001, asks, {}},
};
constexpr std::uint16_t ports[] = {10001};

}  // namespace

Decoder atg() {
    Decoder decoder;
    decoder.name = "atg";
    decoder.title = "Tank gauge (Veeder-Root TLS)";
    decoder.spec = "Veeder-Root 576013-635 (serial interface manual)";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("01 i'i' ?? ?? ?? ?? ??", "01 i's' ?? ?? ?? ?? ??");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
