// Fox: Tridium's Niagara, the building-automation framework that many makers sell under their own brand. Station and
// workbench greet each other in text, before anybody logs in: host, application and version, operating system, Java machine,
// the licence's host id and the brand.
//
//   fox a 0 -1 fox hello LF { LF key=type:value LF ... };; LF      types: s text, i number, o object, b bytes
#include <algorithm>
#include <optional>
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t hello_max = 8192;

// No specification is public; the head as in every capture and in nmap's fox-info: "fox", how ("a"), number, reply number,
// channel, verb.
bool is_head(std::string_view text) {
    if (!text.starts_with("fox a ")) return false;
    text.remove_prefix(6);
    std::size_t digits = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
    if (digits == 0 || digits > 9) return false;
    text.remove_prefix(digits);
    if (!text.starts_with(" -1 fox ")) return false;
    text.remove_prefix(8);
    const std::size_t line = text.find('\n');
    if (line == std::string_view::npos || line > 32) return false;
    return text.substr(line + 1).starts_with("{\n");
}

bool recognise(ByteCursor message, const Flow&) { return is_head(message.text_ahead()); }

void pair(std::string_view line, const Slice& witness, Claims& claims, std::string& app, std::string& os, std::string& brand,
          bool& appliance) {
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos || line.substr(equals + 1, 2) != "s:") return;
    const std::string_view key = line.substr(0, equals);
    const std::string_view value = line.substr(equals + 3);
    if (key == "hostName") {
        if (!IpAddress::parse(value)) claims.stated(Field::hostname, value, witness, "host_name");
    } else if (key == "hostAddress") {
        const std::optional<IpAddress> ip = IpAddress::parse(value);
        if (ip && !ip->unspecified() && !ip->loopback()) claims.stated(Field::mgmt_ip, ip->text(), witness, "host_address");
    } else if (key == "app.name") {
        app = "Niagara " + std::string(value);
        claims.stated(Field::product, app, witness, "app_name");
    } else if (key == "app.version") {
        claims.stated(Field::software, (app.empty() ? "Niagara" : app) + " " + std::string(value), witness, "app_version");
    } else if (key == "os.name") {
        os = value;
    } else if (key == "os.version") {
        if (!os.empty()) claims.stated(Field::os, os + " " + std::string(value), witness, "os");
    } else if (key == "station.name") {
        claims.stated(Field::station_name, value, witness, "station_name");
    } else if (key == "hostId") {
        // "Qnx-..." is a controller of the Niagara family, "Win-..." a program on a PC.
        appliance = value.starts_with("Qnx-");
        claims.stated(Field::unique_id, "niagara:" + std::string(value), witness, "host_id");
    } else if (key == "brandId") {
        brand = value;
    }
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    const std::string_view text = message.text_ahead();
    if (!is_head(text)) {
        // A head that has not come whole; what follows the greeting is not read.
        constexpr std::string_view begins = "fox a ";
        const bool may_be = text.substr(0, begins.size()) == begins.substr(0, std::min(begins.size(), text.size()));
        if (may_be && text.size() < 64 && text.find("\n{\n") == std::string_view::npos && !flow.ended)
            return need(text.size() + 1);
        return flow.state->notes<std::uint8_t>() != 0 ? done(message.left()) : not_this();
    }
    flow.state->notes<std::uint8_t>() = 1;
    if (text.substr(0, text.find('\n')).find(" fox hello") == std::string_view::npos) return done(message.left());
    const std::size_t end = text.find("\n};;\n");
    if (end == std::string_view::npos) {
        if (flow.ended || text.size() > hello_max) return done(message.left());
        return need(text.size() + 1);
    }
    ByteCursor hello = message.take(end + 1);
    message.skip(4);
    hello.line();
    hello.line();
    std::string app, os, brand;
    bool appliance = false;
    Slice brand_line;
    while (!hello.done()) {
        const Slice line = hello.line();
        pair(line.text(), line, claims, app, os, brand, appliance);
        if (line.text().starts_with("brandId=")) brand_line = line;
    }
    // The brand that the program was sold under is the device's where the program comes in a device.
    if (appliance) {
        claims.stated(Field::brand, brand, brand_line, "brand");
    } else {
        claims.hinted(Field::brand, brand, brand_line, "brand");
    }
    return done(message);
}

constexpr ExampleMessage greeting[] = {
    {From::Client,
     {},
     "fox a 1 -1 fox hello\n{\nfox.version=s:1.0\nid=i:1\nhostName=s:ws-example\nhostAddress=s:192.0.2.10\n"
     "app.name=s:Workbench\napp.version=s:3.8.1\nos.name=s:Windows 7\nos.version=s:6.1\n"
     "hostId=s:Win-EXAM-PLE0-0000-0001\nbrandId=s:ExampleBrand\n};;\n"},
    {From::Server,
     {},
     "fox a 0 -1 fox hello\n{\nfox.version=s:1.0\nid=i:2\nhostName=s:192.0.2.20\napp.name=s:Station\n"
     "app.version=s:3.8.38\nos.name=s:QNX\nos.version=s:6.4.1\nstation.name=s:Example_Hall\n"
     "hostId=s:Qnx-EXAM-0000-0000-0002\nbrandId=s:ExampleBrand\nsysInfo=o:bog 10[<bog\n></bog>\n]\n};;\n"},
    {From::Client, {}, "fox a 1 -1 fox challenge\n{\nmethod=s:digest-md5\n};;\n"}};
constexpr std::string_view greeting_claims[] = {"client hostname=ws-example",
                                                "client mgmt_ip=192.0.2.10",
                                                "client product=Niagara Workbench",
                                                "client software=Niagara Workbench 3.8.1",
                                                "client os=Windows 7 6.1",
                                                "client unique_id=niagara:Win-EXAM-PLE0-0000-0001",
                                                "client brand=ExampleBrand",
                                                "server product=Niagara Station",
                                                "server software=Niagara Station 3.8.38",
                                                "server os=QNX 6.4.1",
                                                "server station_name=Example_Hall",
                                                "server unique_id=niagara:Qnx-EXAM-0000-0000-0002",
                                                "server brand=ExampleBrand"};
constexpr ExampleMessage rejected[] = {{From::Server, {}, "fox a 0 -1 fox rejected\n{\nreason=s:busy\n};;\n"}};
constexpr Example examples[] = {
    {"workbench and station greet each other", Layer::Tcp, 1911, greeting, greeting_claims},
    {"a refusal says nothing", Layer::Tcp, 1911, rejected, {}},
};
constexpr std::uint16_t ports[] = {1911, 3011};

}  // namespace

Decoder fox() {
    Decoder decoder;
    decoder.name = "fox";
    decoder.title = "Niagara Fox";
    decoder.spec = "No public specification; the greeting as Tridium's stations send it and nmap's fox-info reads it";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("'fox a '");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
