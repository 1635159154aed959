// ISAPI: Hikvision's cameras and recorders, and those that it builds for other brands, answer programs over HTTP with model,
// serial number, firmware and kind; in the clear, mostly after a login. Restarts and new firmware are ordered the same way, and
// that is seen. The name that somebody gave the device is not kept.
//
//   GET /ISAPI/System/deviceInfo
//   <DeviceInfo xmlns="http://www.hikvision.com/ver20/XMLSchema"><deviceName>...<model>DS-...</model><serialNumber>...
//     <macAddress>...<firmwareVersion>V5.5.0</firmwareVersion><deviceType>IPCamera</deviceType>
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/http_api.h"
#include "decoders/xml_text.h"

namespace herkomst::decoders {

namespace {

enum Asked : std::uint8_t { Nothing = 0, DeviceInfo, Order, Others = HttpApi::only_within };

bool is_order(std::string_view path) {
    return path == "/ISAPI/System/reboot" || path == "/ISAPI/System/factoryReset" || path == "/ISAPI/System/updateFirmware";
}

// No specification is public; the paths as many public programs ask for them.
std::uint8_t asked_for(std::string_view method, std::string_view target) {
    const std::string_view path = http_path(target);
    if (!path.starts_with("/ISAPI/")) return Nothing;
    if (method == "GET" && path == "/ISAPI/System/deviceInfo") return DeviceInfo;
    if (method == "PUT" && is_order(path)) return Order;
    return Others;
}

std::string_view category_of(std::string_view type) {
    if (type == "IPCamera" || type == "IPDome" || type == "IPZoom") return "camera";
    if (type == "NVR" || type == "DVR") return "nvr";
    return {};
}

// An element DeviceInfo with model and firmware in it. To an order the answer is a status, in XML too.
bool answer(std::uint8_t asked, std::string_view body, const Slice& place, Claims& claims) {
    const Slice document{bytes_in(body), 0};
    if (asked == Order) return has_xml_element(document, "ResponseStatus");
    const XmlText root = xml_element(document, "DeviceInfo");
    const auto own = [&](std::string_view name) {
        const XmlText text = xml_element(document, name, root.next);
        return text.found && text.text.size() <= 128 ? xml_plain(text.text.text()) : std::string();
    };
    const std::string model = own("model");
    const std::string firmware = own("firmwareVersion");
    if (!root.found || model.empty() || firmware.empty()) return false;
    const auto serial = own("serialNumber");
    claims.matched(Field::stack_maker, "Hikvision", place_of(place, model), "device_info");
    if (model.starts_with("DS-") || model.starts_with("iDS-"))
        claims.matched(Field::brand, "Hikvision", place_of(place, model), "device_info");
    claims.stated(Field::model, model, place_of(place, model), "model");
    claims.stated(Field::serial, serial, place_of(place, serial), "serial");
    claims.stated(Field::firmware, firmware, place_of(place, firmware), "firmware");
    claims.matched(Field::category, category_of(own("deviceType")), place_of(place, model), "device_type");
    return true;
}

constexpr HttpApi api = {asked_for, answer};

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    ByteCursor ahead = message;
    if (flow.from_opener && message.starts_with("PUT ")) {
        const HttpHead head = read_http_head(ahead);
        const std::string_view path = http_path(head.target);
        if (head.kind == HttpHead::Kind::Request && is_order(path)) {
            const Slice witness = ByteCursor(message).bytes(4);
            claims.about(flow.receiver)
                .stated(Field::remote_observed,
                        "isapi " + std::string(path.substr(path.rfind('/') + 1)) + " from " + flow.sender.ip.text(), witness,
                        "order");
        }
    }
    return observe_http_api(message, flow, claims, api);
}

constexpr ExampleMessage camera[] = {
    {From::Client, {}, "GET /ISAPI/System/deviceInfo HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: 338\r\n\r\n"
     "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DeviceInfo version=\"2.0\" "
     "xmlns=\"http://www.hikvision.com/ver20/XMLSchema\">\n<deviceName>Gate of Wilhelmina</deviceName>\n"
     "<model>DS-EX2042-I</model>\n<serialNumber>DS-EX2042-I20200101AAWR000000042</serialNumber>\n"
     "<firmwareVersion>V5.5.0</firmwareVersion>\n<deviceType>IPCamera</deviceType>\n</DeviceInfo>\n"},
    {From::Client, {}, "PUT /ISAPI/System/reboot HTTP/1.1\r\nHost: 192.0.2.20\r\nContent-Length: 0\r\n\r\n"}};
constexpr std::string_view camera_claims[] = {"server stack_maker=Hikvision",
                                              "server brand=Hikvision",
                                              "server model=DS-EX2042-I",
                                              "server serial=DS-EX2042-I20200101AAWR000000042",
                                              "server firmware=V5.5.0",
                                              "server category=camera",
                                              "server remote_observed=isapi reboot from 192.0.2.10"};
constexpr ExampleMessage refused[] = {{From::Client, {}, "GET /ISAPI/System/deviceInfo HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
                                      {From::Server, {}, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"}};
constexpr Example examples[] = {
    {"a camera tells what it is, and is restarted; its given name is not kept", Layer::Tcp, 80, camera, camera_claims},
    {"a path alone says nothing", Layer::Tcp, 80, refused, {}},
};

}  // namespace

Decoder isapi() {
    Decoder decoder = http_api_decoder<api>();
    decoder.name = "isapi";
    decoder.title = "Hikvision ISAPI";
    decoder.spec = "unpublished; as public programs read it";
    decoder.starts = Starts("'GET /ISA'", "'PUT /ISA'");
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
