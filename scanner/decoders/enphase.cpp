// Enphase: the gateway (Envoy, IQ Gateway) of microinverters and batteries tells whoever asks over HTTP its serial number, part
// number and software, without a login.
//
//   GET /info, /info.xml      <envoy_info> ... <device><sn>122000000042</sn><pn>800-00000-r01</pn><software>D8.3.1</software>
//                             ... </device> ... <package name="..."><pn>...</pn> ... </envoy_info>
#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/http_api.h"

namespace herkomst::decoders {

namespace {

// No specification is public; the path and the document as pyenphase reads them.
std::uint8_t asked_for(std::string_view method, std::string_view target) {
    if (method != "GET") return 0;
    const std::string_view path = http_path(target);
    return path == "/info" || path == "/info.xml" ? 1 : 0;
}

// A root of that name, and a device with a serial number of twelve digits; the packages that come behind it have numbers of
// their own.
bool answer(std::uint8_t, std::string_view body, const Slice& place, Claims& claims) {
    const std::size_t root = body.find("<envoy_info");
    const std::size_t device = body.find("<device>");
    const std::size_t end = body.find("</device>");
    if (root == std::string_view::npos || device == std::string_view::npos || end == std::string_view::npos) return false;
    if (root > device || device > end) return false;
    const auto own = [&](std::string_view element) -> std::string_view {
        const std::string open = "<" + std::string(element) + ">";
        const std::string_view inner = body.substr(device, end - device);
        const std::size_t at = inner.find(open);
        if (at == std::string_view::npos) return {};
        const std::string_view value = inner.substr(at + open.size());
        return trimmed(value.substr(0, value.find('<')));
    };
    const std::string_view serial = own("sn");
    if (serial.size() < 10 || serial.size() > 12 || serial.find_first_not_of("0123456789") != std::string_view::npos)
        return false;
    claims.matched(Field::brand, "Enphase", place, "info");
    claims.stated(Field::serial, serial, place, "info");
    claims.stated(Field::model, own("pn"), place, "info");
    claims.stated(Field::firmware, own("software"), place, "info");
    return true;
}

constexpr HttpApi api = {asked_for, answer};

constexpr ExampleMessage gateway[] = {
    {From::Client, {}, "GET /info HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<?xml version='1.0' encoding='UTF-8'?>\n<envoy_info>\n"
     "  <time>1700000000</time>\n  <device>\n    <sn>122000000042</sn>\n    <pn>800-00000-r01</pn>\n"
     "    <software>D8.3.1</software>\n    <imeter>true</imeter>\n  </device>\n"
     "  <package name='app'>\n    <pn>500-00002-r01</pn>\n    <version>08.03.01</version>\n  </package>\n</envoy_info>\n"}};
constexpr std::string_view gateway_claims[] = {"server brand=Enphase", "server serial=122000000042",
                                               "server model=800-00000-r01", "server firmware=D8.3.1"};
constexpr ExampleMessage other[] = {
    {From::Client, {}, "GET /info HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nServer: ExampleWeb/1\r\nContent-Length: 42\r\n\r\n<info><device><sn>42</sn></device></info>\r\n"}};
constexpr Example examples[] = {
    {"a gateway tells what it is, in a body that ends with the connection", Layer::Tcp, 80, gateway, gateway_claims},
    {"another server's page of that name", Layer::Tcp, 80, other, {}},
};

}  // namespace

Decoder enphase() {
    Decoder decoder = http_api_decoder<api>();
    decoder.name = "enphase";
    decoder.title = "Enphase gateway information";
    decoder.spec = "unpublished; as pyenphase reads it (public project)";
    decoder.starts = Starts("'GET /inf'");
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
