// Hi-Flying radio modules (and the inverter loggers built on them) answer a search on UDP 48899 with address, MAC and a name;
// on Solarman loggers that name is the logger's serial number. The module's name tells who built the radio, not who built the
// device.
//
//   WIFIKIT-214028-READ  or  HF-A11ASSISTHREAD        192.0.2.20,00005E005314,2700000001
//
// Hi-Flying, "HF-A11 Low Power WiFi Module User Manual", section "Search"; and as spoken by pysolarmanv5 (public project).
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

bool is_question(std::string_view text) { return text == "WIFIKIT-214028-READ" || text == "HF-A11ASSISTHREAD"; }

struct Answer {
    std::optional<IpAddress> ip;
    std::optional<Mac> mac;
    std::string_view name;
    bool whole = false;
};

// As pysolarmanv5 (public project) reads it: an IPv4 address, twelve hexadecimal digits and a name, between commas.
Answer read_answer(std::string_view text) {
    Answer answer;
    if (text.size() > 64 || !printable_ascii(text)) return answer;
    const std::vector<std::string_view> items = split(text, ',');
    if (items.size() != 3 || items[1].size() != 12) return answer;
    answer.ip = IpAddress::parse(items[0]);
    answer.mac = Mac::parse(items[1]);
    answer.name = items[2];
    answer.whole = answer.ip && answer.ip->version == 4 && answer.mac && answer.mac->known() && !answer.mac->group();
    return answer;
}

bool recognise(ByteCursor message, const Flow& flow) {
    const std::string_view text = message.text_ahead();
    if (is_question(text)) return true;
    if (text.size() < 20 || text.size() > 64 || !flow.on_port(48899)) return false;
    const Answer answer = read_answer(text);
    return answer.whole && *answer.ip == flow.sender.ip;
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    const Slice all = message.rest();
    const Answer answer = read_answer(all.text());
    if (!answer.whole) return done();
    claims.matched(Field::module_maker, "Hi-Flying", all, "answer");
    Endpoint station = flow.sender.station();
    station.mac = *answer.mac;
    claims.about(station).stated(Field::address, answer.ip->text(), all, "answer");
    // Ten digits are the number printed on a logger; else it is a name, which the owner may have given.
    bool digits = answer.name.size() == 10;
    for (const char c : answer.name) digits = digits && c >= '0' && c <= '9';
    if (digits) claims.stated(Field::serial, answer.name, all, "answer");
    return done();
}

constexpr ExampleMessage search[] = {{From::Client, {}, "WIFIKIT-214028-READ"},
                                     {From::Server, {}, "192.0.2.20,00005E005314,2700000001"}};
constexpr std::string_view search_claims[] = {"server module_maker=Hi-Flying", "server-mac address=192.0.2.20",
                                              "server serial=2700000001"};
constexpr ExampleMessage named[] = {{From::Server, {}, "192.0.2.20,00005E005314,Solar-WiFi000"}};
constexpr std::string_view named_claims[] = {"server module_maker=Hi-Flying", "server-mac address=192.0.2.20"};
constexpr ExampleMessage asked[] = {{From::Client, {}, "HF-A11ASSISTHREAD"}};
constexpr Example examples[] = {
    {"a logger answers with its serial number", Layer::Udp, 48899, search, search_claims},
    {"a module with a name", Layer::Udp, 48899, named, named_claims},
    {"a search names nobody", Layer::Udp, 48899, asked, {}},
};
constexpr std::uint16_t ports[] = {48899};

}  // namespace

Decoder hiflying() {
    Decoder decoder;
    decoder.name = "hiflying";
    decoder.title = "Hi-Flying module search";
    decoder.spec = "Hi-Flying HF-A11 user manual; as spoken by pysolarmanv5 (public project)";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
