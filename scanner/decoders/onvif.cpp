// ONVIF: cameras, recorders and encoders of most makers answer the same questions over HTTP. The answer to who they are
// (GetDeviceInformation, in the clear and mostly after a login) names maker, model, firmware and serial number; restarts,
// factory defaults and new firmware are ordered the same way, and that is seen.
//
//   POST /onvif/device_service       <s:Envelope>...<tds:GetDeviceInformation/>
//   <tds:GetDeviceInformationResponse><tds:Manufacturer>...</tds:Manufacturer><tds:Model>...<tds:FirmwareVersion>...
//   <tds:SerialNumber>...<tds:HardwareId>...
//
// Who signs in, and with what, stands in the head of the envelope and is not read.
#include <algorithm>
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/http_api.h"
#include "decoders/xml_text.h"

namespace herkomst::decoders {

namespace {

// ONVIF Core Specification 22.12 section 5.1: the device service is under this path; other services where it says.
std::uint8_t asked_for(std::string_view method, std::string_view target) {
    return method == "POST" && http_path(target).starts_with("/onvif/") ? 1 : 0;
}

// The same, section 8.4.1 (GetDeviceInformation); the name space of the device service; SOAP 1.2.
bool answer(std::uint8_t, std::string_view body, const Slice& place, Claims& claims) {
    if (body.find("Envelope") == std::string_view::npos || body.find("www.onvif.org/ver") == std::string_view::npos)
        return false;
    // Some devices answer with every name space that there is.
    const XmlText found = xml_element({bytes_in(body), 0}, "GetDeviceInformationResponse");
    if (!found.found) return true;
    const auto say = [&](Field field, std::string_view element, std::string_view what) {
        const XmlText text = xml_element({bytes_in(body), 0}, element, found.next);
        if (text.found && text.text.size() <= 128)
            claims.stated(field, xml_plain(text.text.text()), place_of(place, text.text.text()), what);
    };
    say(Field::brand, "Manufacturer", "manufacturer");
    say(Field::model, "Model", "model");
    say(Field::firmware, "FirmwareVersion", "firmware");
    say(Field::serial, "SerialNumber", "serial");
    say(Field::hardware, "HardwareId", "hardware");
    return true;
}

constexpr HttpApi api = {asked_for, answer};

constexpr std::size_t longest_request = 16 * 1024;

// Sections 8.2 and 8.4: what restarts a device, sets its addresses or replaces its firmware.
void order(ByteCursor message, const Flow& flow, const Claims& claims) {
    constexpr std::string_view orders[] = {"SystemReboot", "SetSystemFactoryDefault", "UpgradeSystemFirmware",
                                           "StartFirmwareUpgrade", "SetNetworkInterfaces"};
    const Slice all = message.rest();
    const XmlText body = xml_element(all, "Body");
    if (!body.found) return;
    for (const std::string_view name : orders) {
        const XmlText found = xml_element(all, name, body.next);
        if (!found.found) continue;
        const Slice witness{all.bytes.subspan(found.next - 1, 1), all.offset + found.next - 1};
        claims.about(flow.receiver)
            .stated(Field::remote_observed, "onvif " + std::string(name) + " from " + flow.sender.ip.text(), witness, "order");
        return;
    }
}

std::size_t content_length(const HttpHead& head) {
    std::size_t size = 0;
    for (const char c : head.field("Content-Length").text()) {
        if (c < '0' || c > '9' || size > longest_request) return longest_request + 1;
        size = size * 10 + static_cast<std::size_t>(c - '0');
    }
    return size;
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    ByteCursor ahead = message;
    const HttpHead head = flow.from_opener ? read_http_head(ahead) : HttpHead{};
    if (head.kind == HttpHead::Kind::Request && asked_for(head.method, head.target) != 0) {
        const std::size_t size = content_length(head);
        const bool whole_one = size <= longest_request && ahead.left() >= size;
        if (size <= longest_request && !whole_one && !flow.ended) return need(message.left() - ahead.left() + size);
        if (whole_one) order(ahead.take(size), flow, claims);
    }
    return observe_http_api(message, flow, claims, api);
}

constexpr ExampleMessage named[] = {
    {From::Client,
     {},
     "POST /onvif/device_service HTTP/1.1\r\nHost: 192.0.2.20\r\nContent-Length: 214\r\n\r\n"
     "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Header><Username>wilhelmina</Username></s:Header>"
     "<s:Body><GetDeviceInformation xmlns=\"http://www.onvif.org/ver10/device/wsdl\"/></s:Body></s:Envelope>"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\nContent-Length: 414\r\n\r\n"
     "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:tds=\"http://www.onvif.org/ver10/device/wsdl\">"
     "<s:Body><tds:GetDeviceInformationResponse><tds:Manufacturer>Example Cams</tds:Manufacturer><tds:Model>EC-7</tds:Model>"
     "<tds:FirmwareVersion>2.4</tds:FirmwareVersion><tds:SerialNumber>EC0042</tds:SerialNumber>"
     "<tds:HardwareId>EB-1</tds:HardwareId></tds:GetDeviceInformationResponse></s:Body></s:Envelope>"},
    {From::Client,
     {},
     "POST /onvif/device_service HTTP/1.1\r\nHost: 192.0.2.20\r\nContent-Length: 154\r\n\r\n"
     "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\">"
     "<s:Body><SystemReboot xmlns=\"http://www.onvif.org/ver10/device/wsdl\"/></s:Body></s:Envelope>"}};
constexpr std::string_view named_claims[] = {
    "server brand=Example Cams", "server model=EC-7",    "server firmware=2.4",
    "server serial=EC0042",      "server hardware=EB-1", "server remote_observed=onvif SystemReboot from 192.0.2.10"};
constexpr ExampleMessage refused[] = {
    {From::Client, {}, "POST /onvif/device_service HTTP/1.1\r\nHost: 192.0.2.20\r\nContent-Length: 3\r\n\r\n<a>"},
    {From::Server,
     {},
     "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"Example Cam\", nonce=\"7\"\r\nContent-Length: 0\r\n\r\n"}};
constexpr Example examples[] = {
    {"a camera says what it is, and is restarted; who asks is not kept", Layer::Tcp, 80, named, named_claims},
    {"a path alone says nothing", Layer::Tcp, 80, refused, {}},
};

}  // namespace

Decoder onvif() {
    Decoder decoder = http_api_decoder<api>();
    decoder.name = "onvif";
    decoder.title = "ONVIF device service";
    decoder.spec = "ONVIF Core Specification 22.12 section 8";
    decoder.starts = Starts("'POST /on'");
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
