// VAPIX: Axis' cameras, encoders, loudspeakers and door stations answer programs over HTTP; older ones, and where anybody may
// look at the picture, tell anybody what they are. Other makers copied the page of parameters, so there the brand is what it
// says. Restarts, factory defaults, new firmware, outputs and parameters are ordered the same way; who does is seen, once the
// device has done it.
//
//   GET /axis-cgi/param.cgi?action=list&group=root.Brand      root.Brand.Brand=AXIS
//                                                             root.Brand.ProdFullName=AXIS P0000 Network Camera
//                                                             root.Brand.ProdNbr=P0000      root.Brand.ProdType=Network Camera
//   POST /axis-cgi/basicdeviceinfo.cgi
//   {"apiVersion":"1.0","data":{"propertyList":{"Brand":"AXIS","ProdNbr":"...","ProdType":"Network Camera",
//     "SerialNumber":"ACCC8E...","Version":"9.50.1"}}}
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/http_api.h"
#include "decoders/json_reader.h"

namespace herkomst::decoders {

namespace {

enum Asked : std::uint8_t {
    Nothing = 0,
    BasicInfo,
    Brand,
    Restart,
    Defaults,
    Firmware,
    Update,
    Output,
    Others = HttpApi::only_within
};

// VAPIX Library, "Basic device information"; "Parameter management": action=list, a group by name (Axis).
std::uint8_t asked_for(std::string_view method, std::string_view target) {
    const std::string_view path = http_path(target);
    const bool asks = method == "POST" || method == "GET";
    if (asks && path == "/axis-cgi/basicdeviceinfo.cgi") return BasicInfo;
    if (method == "GET" && path == "/axis-cgi/param.cgi" && target.find("action=list") != std::string_view::npos &&
        target.find("Brand") != std::string_view::npos) {
        return Brand;
    }
    // The same, "System settings", "Parameter management", "I/O port"; as axis and node-red-contrib-axis-com (public projects)
    // ask.
    if (asks && path == "/axis-cgi/restart.cgi") return Restart;
    if (asks && (path == "/axis-cgi/factorydefault.cgi" || path == "/axis-cgi/hardfactorydefault.cgi")) return Defaults;
    if (method == "POST" && path == "/axis-cgi/firmwareupgrade.cgi") return Firmware;
    if (asks && path == "/axis-cgi/param.cgi" && target.find("action=update") != std::string_view::npos) return Update;
    if (asks && path == "/axis-cgi/io/port.cgi" && target.find("action=") != std::string_view::npos) return Output;
    return path.starts_with("/axis-cgi/") ? Others : Nothing;
}

std::string_view order(std::uint8_t asked) {
    switch (asked) {
        case Restart:
            return "vapix restart";
        case Defaults:
            return "vapix factory default";
        case Firmware:
            return "vapix firmware upgrade";
        case Update:
            return "vapix parameter update";
        case Output:
            return "vapix output";
        default:
            return {};
    }
}

// Of a whole line: what was cut off tells nothing.
std::string_view value_of(std::string_view body, std::string_view name) {
    for (std::size_t stop = body.find('\n'); stop != std::string_view::npos; stop = body.find('\n')) {
        std::string_view line = trimmed(body.substr(0, stop));
        body.remove_prefix(stop + 1);
        if (line.starts_with("root.")) line.remove_prefix(5);
        if (line.size() > name.size() && line.starts_with(name) && line[name.size()] == '=')
            return trimmed(line.substr(name.size() + 1));
    }
    return {};
}

bool brand_group(std::string_view body, const Slice& place, Claims& claims) {
    const std::string_view brand = value_of(body, "Brand.Brand");
    const std::string_view product = value_of(body, "Brand.ProdFullName");
    const std::string_view model = value_of(body, "Brand.ProdNbr");
    if (brand.empty() || product.empty() || model.empty() || brand.size() > 64 || product.size() > 128 || model.size() > 64)
        return false;
    const std::string_view type = value_of(body, "Brand.ProdType");
    claims.stated(Field::brand, brand, place_of(place, brand), "brand");
    claims.stated(Field::product, product, place_of(place, product), "brand");
    claims.stated(Field::model, model, place_of(place, model), "brand");
    claims.stated(Field::device_type, type, place_of(place, type), "brand");
    return true;
}

// The same: the version of the interface, and properties with number and serial number; the latter is the address of its
// network card.
bool answer(std::uint8_t asked, std::string_view body, const Slice& place, Claims& claims) {
    if (asked == Brand) return brand_group(body, place, claims);
    // "OK", or a page on which it says what it does; "# Error: ..." (also as "# Request failed: ...") is a refusal.
    if (asked == Update) return trimmed(body) == "OK";
    if (!order(asked).empty()) return !trimmed(body).starts_with("#") && body.find("rror") == std::string_view::npos;
    const JsonScalars said = read_json(body);
    if (!said.whole || said.string_at("apiVersion").empty()) return false;
    const auto own = [&](std::string_view name) { return said.string_at("data/propertyList/" + std::string(name)); };
    const std::string_view model = own("ProdNbr");
    const std::string_view serial = own("SerialNumber");
    // Errors, and answers that list some of them.
    if (model.empty() || serial.size() != 12 || unhex(serial).size() != 6) return true;
    if (const std::string_view brand = own("Brand"); !brand.empty()) {
        claims.stated(Field::brand, brand, place_of(place, brand), "brand");
    } else {
        claims.hinted(Field::brand, "Axis", place, "basic_device_info");
    }
    claims.stated(Field::model, model, place, "number");
    claims.stated(Field::product, own("ProdFullName"), place, "full_name");
    claims.stated(Field::serial, serial, place, "serial");
    claims.stated(Field::firmware, own("Version"), place, "version");
    if (own("ProdType") == "Network Camera") claims.matched(Field::category, "camera", place, "type");
    return true;
}

constexpr HttpApi api = {asked_for, answer, order};

constexpr ExampleMessage camera[] = {
    {From::Client,
     {},
     "POST /axis-cgi/basicdeviceinfo.cgi HTTP/1.1\r\nHost: 192.0.2.20\r\nContent-Length: 60\r\n\r\n{\"apiVersion\":\"1.0\","
     "\"method\":\"getAllUnrestrictedProperties\"}"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 205\r\n\r\n"
     "{\"apiVersion\":\"1.0\",\"data\":{\"propertyList\":{\"Brand\":\"AXIS\",\"ProdFullName\":\"AXIS P9999-EX Network Camera\","
     "\"ProdNbr\":\"P9999-EX\",\"ProdType\":\"Network Camera\",\"SerialNumber\":\"00005E005314\",\"Version\":\"9.99.1\"}}}"}};
constexpr std::string_view camera_claims[] = {
    "server brand=AXIS",          "server model=P9999-EX",  "server product=AXIS P9999-EX Network Camera",
    "server serial=00005E005314", "server firmware=9.99.1", "server category=camera"};
constexpr ExampleMessage other[] = {
    {From::Client, {}, "GET /axis-cgi/basicdeviceinfo.cgi HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 37\r\n\r\n<html>every path has this page</html>"}};
constexpr ExampleMessage open_camera[] = {
    {From::Client, {}, "GET /axis-cgi/param.cgi?action=list&group=root.Brand HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nroot.Brand.Brand=AXIS\r\n"
     "root.Brand.ProdFullName=AXIS P0000 Network Camera\r\nroot.Brand.ProdNbr=P0000\r\nroot.Brand.ProdShortName=AXIS P0000\r\n"
     "root.Brand.ProdType=Network Camera\r\nroot.Brand.WebURL=http://www.example.com/\r\n"}};
constexpr std::string_view open_camera_claims[] = {"server brand=AXIS", "server product=AXIS P0000 Network Camera",
                                                   "server model=P0000", "server device_type=Network Camera"};
constexpr ExampleMessage no_group[] = {
    {From::Client, {}, "GET /axis-cgi/param.cgi?action=list&group=root.Brand HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server, {}, "HTTP/1.1 200 OK\r\nContent-Length: 39\r\n\r\n# Error: Error -1 getting param in grou"}};
constexpr ExampleMessage ordered[] = {
    {From::Client, {}, "GET /axis-cgi/restart.cgi HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server, {}, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"},
    {From::Client, {}, "GET /axis-cgi/restart.cgi HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server, {}, "HTTP/1.1 200 OK\r\nContent-Length: 43\r\n\r\n<html><body>Restarting now.</body></html>\r\n"},
    {From::Client, {}, "GET /axis-cgi/param.cgi?action=update&Network.SSH.Enabled=yes HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server, {}, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nOK\r\n"},
    {From::Client, {}, "GET /axis-cgi/io/port.cgi?action=1%3A%2F HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server, {}, "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"}};
constexpr std::string_view ordered_claims[] = {"server remote_observed=vapix restart from 192.0.2.10",
                                               "server remote_observed=vapix parameter update from 192.0.2.10",
                                               "server remote_observed=vapix output from 192.0.2.10"};
constexpr ExampleMessage not_ordered[] = {
    {From::Client, {}, "GET /axis-cgi/param.cgi?action=update&Network.SSH.Enabled=yes HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server, {}, "HTTP/1.1 200 OK\r\nContent-Length: 24\r\n\r\n# Error: Error setting p"}};
constexpr ExampleMessage forbidden[] = {{From::Client, {}, "GET /axis-cgi/restart.cgi HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
                                        {From::Server, {}, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"}};
constexpr Example examples[] = {
    {"a camera tells what it is", Layer::Tcp, 80, camera, camera_claims},
    {"another server's page of that path", Layer::Tcp, 80, other, {}},
    {"a camera at which anybody may look", Layer::Tcp, 80, open_camera, open_camera_claims},
    {"a server that has no such group", Layer::Tcp, 80, no_group, {}},
    {"a camera is restarted after a login, its parameters changed, an output switched", Layer::Tcp, 80, ordered,
     ordered_claims},
    {"a parameter that it does not change", Layer::Tcp, 80, not_ordered, {}},
    {"a restart that it refuses", Layer::Tcp, 80, forbidden, {}},
};

}  // namespace

Decoder vapix() {
    Decoder decoder = http_api_decoder<api>();
    decoder.name = "vapix";
    decoder.title = "Axis VAPIX device information and parameters";
    decoder.spec = "Axis, VAPIX Library: Basic device information 1.3, Parameter management (param.cgi)";
    decoder.starts = Starts("'POST /ax'", "'GET /axi'");
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
