// KEBA's UDP interface of its charging stations (port 7090, both ways): reports that name product, serial number and firmware,
// and commands in plain text that limit or stop charging. Nothing is authenticated.
//
//   command  "report 1", "ena 0", "curr 16000", "stop 04AB..."          answer  "TCH-OK :done" or JSON {"ID":"1","Product":...}
//
// KEBA, "KeContact P20 / P30: UDP Programmers Guide". What follows a command (a current, an RFID tag) is not kept.
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/json_reader.h"

namespace herkomst::decoders {

namespace {

// Programmers Guide, section "UDP commands": those that act. "start" and "stop" carry a tag, "curr" a current.
constexpr std::string_view acting[] = {"ena", "curr", "currtime", "setenergy", "start", "stop", "unlock", "output", "failsafe"};

// The word that acts; empty when the text is no such command. Arguments are digits, or the tag's hexadecimal digits.
std::string_view acting_word(std::string_view text) {
    text = trimmed(text);
    const std::string_view word = text.substr(0, text.find(' '));
    for (const std::string_view known : acting) {
        if (word != known) continue;
        for (const char c : text.substr(word.size())) {
            const bool hexadecimal = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
            if (!hexadecimal && c != ' ') return {};
        }
        return word;
    }
    return {};
}

// Programmers Guide, sections "report 1" to "report 1xx": 1 what it is, 2 and 3 state and readings, 100 to 130 past sessions.
bool is_report_number(std::string_view id) {
    if (id.size() == 3 && id[0] == '1') return id[1] >= '0' && id[1] <= '9' && id[2] >= '0' && id[2] <= '9';
    return id.size() == 1 && id[0] >= '1' && id[0] <= '3';
}

// The same: "KC-P30-..."; those that are sold under a car maker's name begin with that ("BMW-10-...").
bool is_product(std::string_view product) { return product.starts_with("KC-") || product.starts_with("BMW-"); }

// All on KEBA's port: a command, whose sender and receiver use it both; an answer; or a report with the three members that each
// has.
bool recognise(ByteCursor message, const Flow& flow) {
    const std::string_view text = message.text_ahead();
    if (text.size() > 2048 || !flow.on_port(7090)) return false;
    const bool both_ports = flow.sender.port == 7090 && flow.receiver.port == 7090;
    if (text.starts_with("{") || text.starts_with("\n{") || text.starts_with("\r\n{"))
        return text.find("\"ID\"") != std::string_view::npos && text.find("\"Serial\"") != std::string_view::npos &&
               (text.find("\"Product\"") != std::string_view::npos || text.find("\"Sec\"") != std::string_view::npos);
    if (text.size() > 64) return false;
    if (text.starts_with("TCH-OK :done") || text.starts_with("TCH-ERR")) return true;
    const std::string_view request = trimmed(text);
    const bool report = request.starts_with("report ") && request.size() <= 10;
    return report || (both_ports && !acting_word(text).empty());
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    // What has been recognised by a report is KEBA's from any port.
    if (!recognise(message, flow) && (!flow.on_port(7090) || acting_word(message.text_ahead()).empty())) return not_this();
    const Slice all = message.rest();
    const std::string_view text = trimmed(all.text());
    if (text.starts_with("{")) {
        const JsonScalars report = read_json(text);
        const std::string_view product = report.at("Product");
        if (!report.whole || !is_report_number(report.at("ID")) || (!product.empty() && !is_product(product))) return done();
        claims.stated(Field::serial, report.at("Serial"), all, "report");
        if (!product.empty()) {
            // The same stations are sold as BMW's, whose products say so; public projects (keba-kecontact, evcc) know both.
            claims.matched(Field::brand, product.starts_with("KC-") ? "KEBA" : "BMW", all, "report");
            claims.matched(Field::stack_maker, "KEBA", all, "report");
            claims.matched(Field::category, "ev_charger", all, "report");
            claims.stated(Field::model, product, all, "report");
            claims.stated(Field::firmware, report.at("Firmware"), all, "report");
        }
        return done();
    }
    const std::string_view word = acting_word(text);
    if (!word.empty()) {
        claims.about(flow.receiver)
            .stated(Field::remote_observed, "keba " + std::string(word) + " from " + flow.sender.ip.text(), all, "command");
    }
    return done();
}

constexpr ExampleMessage switched[] = {
    {From::Client, {}, "report 2"}, {From::Client, {}, "ena 0"}, {From::Server, {}, "TCH-OK :done\n"}};
constexpr std::string_view switched_claims[] = {"server remote_observed=keba ena from 192.0.2.10"};
constexpr ExampleMessage asked[] = {
    {From::Client, {}, "report 1"},
    {From::Server,
     {},
     "{\n\"ID\": \"1\",\n\"Product\": \"KC-EX30-EC240122-E0R\",\n\"Serial\": \"00000042\",\n\"Firmware\":\"EX30 v 3.10.1\",\n"
     "\"COM-module\": 0,\n\"Backend\": 0,\n\"Sec\": 5321\n}\n"}};
constexpr std::string_view asked_claims[] = {"server serial=00000042",
                                             "server brand=KEBA",
                                             "server stack_maker=KEBA",
                                             "server category=ev_charger",
                                             "server model=KC-EX30-EC240122-E0R",
                                             "server firmware=EX30 v 3.10.1"};
constexpr ExampleMessage other_brand[] = {
    {From::Server,
     {},
     "{\n\"ID\": \"1\",\n\"Product\": \"BMW-EX-EC240522-E1R\",\n\"Serial\": \"00000043\",\n\"Firmware\":\"EX30 v 3.10.1\",\n"
     "\"Sec\": 5321\n}\n"}};
constexpr std::string_view other_brand_claims[] = {"server serial=00000043",           "server brand=BMW",
                                                   "server stack_maker=KEBA",          "server category=ev_charger",
                                                   "server model=BMW-EX-EC240522-E1R", "server firmware=EX30 v 3.10.1"};
constexpr ExampleMessage reading[] = {
    {From::Server,
     {},
     "{\n\"ID\": \"3\",\n\"U1\": 230,\n\"P\": 0,\n\"E total\": 100,\n\"Serial\": \"00000042\",\n\"Sec\": 1\n}"}};
constexpr std::string_view reading_claims[] = {"server serial=00000042"};
constexpr ExampleMessage stranger[] = {
    {From::Server,
     {},
     "{\"ID\": \"1\", \"Product\": \"Weather station\", \"Serial\": \"00000042\", \"Firmware\": \"1.0\", \"Sec\": 1}"},
    {From::Server, {}, "{\"ID\": \"roof\", \"Serial\": \"00000042\", \"Sec\": 1}"}};
constexpr ExampleMessage acknowledged[] = {{From::Server, {}, "TCH-OK :done\n"}};
constexpr Example examples[] = {
    {"a charging station is switched off", Layer::Udp, 7090, switched, switched_claims},
    {"a charging station tells what it is", Layer::Udp, 7090, asked, asked_claims},
    {"one that is sold under another name", Layer::Udp, 7090, other_brand, other_brand_claims},
    {"a report of readings", Layer::Udp, 7090, reading, reading_claims},
    {"another device's report on the same port names nobody", Layer::Udp, 7090, stranger, {}},
    {"an acknowledgement names nobody", Layer::Udp, 7090, acknowledged, {}},
};
constexpr std::uint16_t ports[] = {7090};

}  // namespace

Decoder keba_udp() {
    Decoder decoder;
    decoder.name = "keba_udp";
    decoder.title = "KEBA UDP interface";
    decoder.spec = "KEBA, KeContact P20/P30 UDP Programmers Guide; as spoken by evcc (public project)";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
