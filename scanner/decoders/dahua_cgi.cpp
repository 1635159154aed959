// Dahua's interface over HTTP: its cameras and recorders, and those that it builds for other brands, tell programs type, serial
// number and hardware, in the clear, mostly after a login; and restart when they are told to, which is seen.
//
//   GET /cgi-bin/magicBox.cgi?action=getSystemInfo      deviceType=IPC-... CRLF hardwareVersion=1.00 CRLF serialNumber=... CRLF
//   ... GET /cgi-bin/magicBox.cgi?action=getSoftwareVersion   version=2.800.0000000.1.R,build:... GET
//   /cgi-bin/magicBox.cgi?action=getDeviceClass       class=NVR
#include <algorithm>
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/http_api.h"

namespace herkomst::decoders {

namespace {

enum Asked : std::uint8_t { Nothing = 0, SystemInfo, Version, Class, Order, Others = HttpApi::only_within };

// No specification is public any more; the path and its words as public programs ask for them.
std::uint8_t asked_for(std::string_view method, std::string_view target) {
    constexpr std::string_view path = "/cgi-bin/magicBox.cgi?action=";
    if (method != "GET" || !target.starts_with("/cgi-bin/")) return Nothing;
    if (!target.starts_with(path)) return Others;
    const std::string_view action = target.substr(path.size(), target.find('&') - path.size());
    if (action == "getSystemInfo") return SystemInfo;
    if (action == "getSoftwareVersion") return Version;
    if (action == "getDeviceClass") return Class;
    return action == "reboot" || action == "shutdown" ? Order : Others;
}

// "name=value" lines; the value, empty when there is none of that name.
std::string_view value_of(std::string_view body, std::string_view name) {
    for (const std::string_view line : split(body, '\n')) {
        if (line.starts_with(name) && line.size() > name.size() && line[name.size()] == '=')
            return trimmed(line.substr(name.size() + 1));
    }
    return {};
}

std::string_view category_of(std::string_view kind) {
    if (kind == "IPC" || kind == "SD") return "camera";
    if (kind == "NVR" || kind == "HCVR" || kind == "XVR" || kind == "DVR") return "nvr";
    return {};
}

bool answer(std::uint8_t asked, std::string_view body, const Slice& place, Claims& claims) {
    if (asked == Order) return trimmed(body) == "OK";
    const auto is_dahua = [&] { claims.matched(Field::stack_maker, "Dahua", place, "interface"); };
    if (asked == Version) {
        const std::string_view version = value_of(body, "version");
        if (version.empty() || version.find(",build:") == std::string_view::npos) return false;
        is_dahua();
        const std::string_view number = version.substr(0, version.find(','));
        claims.stated(Field::firmware, number, place_of(place, number), "version");
        return true;
    }
    if (asked == Class) {
        const std::string_view category = category_of(value_of(body, "class"));
        if (category.empty()) return false;
        claims.matched(Field::category, category, place, "class");
        return true;
    }
    const std::string_view serial = value_of(body, "serialNumber");
    const std::string_view type = value_of(body, "deviceType");
    const std::string_view hardware = value_of(body, "hardwareVersion");
    if (serial.empty() || hardware.empty() || serial.size() > 32 || type.size() > 64) return false;
    is_dahua();
    // Some say a number in place of a type, and the type as what updates are for.
    const bool number = !type.empty() && type.find_first_not_of("0123456789") == std::string_view::npos;
    const std::string_view model = number ? value_of(body, "updateSerial") : type;
    claims.stated(Field::model, model, place_of(place, model), "type");
    claims.stated(Field::serial, serial, place_of(place, serial), "serial");
    claims.stated(Field::hardware, hardware, place_of(place, hardware), "hardware");
    return true;
}

constexpr HttpApi api = {asked_for, answer};

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    ByteCursor ahead = message;
    if (flow.from_opener && message.starts_with("GET /cgi-bin/magicBox.cgi")) {
        const HttpHead head = read_http_head(ahead);
        if (head.kind == HttpHead::Kind::Request && asked_for(head.method, head.target) == Order) {
            const std::string_view action = head.target.substr(head.target.find('=') + 1);
            const std::string order(action.substr(0, action.find('&')));
            claims.about(flow.receiver)
                .stated(Field::remote_observed, "dahua " + order + " from " + flow.sender.ip.text(),
                        ByteCursor(message).bytes(4), "order");
        }
    }
    return observe_http_api(message, flow, claims, api);
}

constexpr ExampleMessage camera[] = {
    {From::Client, {}, "GET /cgi-bin/magicBox.cgi?action=getSystemInfo HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 134\r\n\r\n"
     "appAutoStart=true\r\ndeviceType=IPC-EX9999\r\nhardwareVersion=1.00\r\nprocessor=EX1\r\nserialNumber=EX00046PAA00000\r\n"
     "updateSerial=IPC-EX9990\r\n"},
    {From::Client, {}, "GET /cgi-bin/magicBox.cgi?action=getDeviceClass HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server, {}, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 11\r\n\r\nclass=IPC\r\n"},
    {From::Client, {}, "GET /cgi-bin/magicBox.cgi?action=getSoftwareVersion HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 39\r\n\r\nversion=2.800.00.1.R,build:2020-01-01\r\n"},
    {From::Client, {}, "GET /cgi-bin/magicBox.cgi?action=reboot HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"}};
constexpr std::string_view camera_claims[] = {"server stack_maker=Dahua",
                                              "server model=IPC-EX9999",
                                              "server serial=EX00046PAA00000",
                                              "server hardware=1.00",
                                              "server category=camera",
                                              "server firmware=2.800.00.1.R",
                                              "server remote_observed=dahua reboot from 192.0.2.10"};
constexpr ExampleMessage other[] = {
    {From::Client, {}, "GET /cgi-bin/magicBox.cgi?action=getSystemInfo HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server, {}, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 19\r\n\r\ndeviceType=router\r\n"}};
constexpr Example examples[] = {
    {"a camera tells what it is, and is restarted", Layer::Tcp, 80, camera, camera_claims},
    {"another server's page of that path", Layer::Tcp, 80, other, {}},
};

}  // namespace

Decoder dahua_cgi() {
    Decoder decoder = http_api_decoder<api>();
    decoder.name = "dahua_cgi";
    decoder.title = "Dahua device information over HTTP";
    decoder.spec = "unpublished; as public programs read it";
    decoder.starts = Starts("'GET /cgi'");
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
