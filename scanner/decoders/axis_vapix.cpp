// Axis: cameras, door stations and speakers list their parameters over HTTP; the group Brand tells brand, product and type.
// Where a camera lets anybody look at its picture it tells anybody; most newer ones want an account.
//
//   GET /axis-cgi/param.cgi?action=list&group=root.Brand      root.Brand.Brand=AXIS
//                                                             root.Brand.ProdFullName=AXIS P0000 Network Camera
//                                                             root.Brand.ProdNbr=P0000      root.Brand.ProdType=Network Camera
#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/http_api.h"

namespace herkomst::decoders {

namespace {

// VAPIX, parameter management: action=list, a group by name.
std::uint8_t asked_for(std::string_view method, std::string_view target) {
    if (method != "GET" || http_path(target) != "/axis-cgi/param.cgi") return 0;
    return target.find("action=list") != std::string_view::npos && target.find("Brand") != std::string_view::npos ? 1 : 0;
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

bool answer(std::uint8_t, std::string_view body, const Slice& place, Claims& claims) {
    const std::string_view brand = value_of(body, "Brand.Brand");
    const std::string_view product = value_of(body, "Brand.ProdFullName");
    const std::string_view model = value_of(body, "Brand.ProdNbr");
    if (brand.empty() || product.empty() || model.empty() || brand.size() > 64 || product.size() > 128 || model.size() > 64)
        return false;
    claims.stated(Field::brand, brand, place, "brand");
    claims.stated(Field::product, product, place, "brand");
    claims.stated(Field::model, model, place, "brand");
    claims.stated(Field::device_type, value_of(body, "Brand.ProdType"), place, "brand");
    return true;
}

constexpr HttpApi api = {asked_for, answer};

constexpr ExampleMessage camera[] = {
    {From::Client, {}, "GET /axis-cgi/param.cgi?action=list&group=root.Brand HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nroot.Brand.Brand=AXIS\r\n"
     "root.Brand.ProdFullName=AXIS P0000 Network Camera\r\nroot.Brand.ProdNbr=P0000\r\nroot.Brand.ProdShortName=AXIS P0000\r\n"
     "root.Brand.ProdType=Network Camera\r\nroot.Brand.WebURL=http://www.example.com/\r\n"}};
constexpr std::string_view camera_claims[] = {"server brand=AXIS", "server product=AXIS P0000 Network Camera",
                                              "server model=P0000", "server device_type=Network Camera"};
constexpr ExampleMessage other[] = {
    {From::Client, {}, "GET /axis-cgi/param.cgi?action=list&group=root.Brand HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server, {}, "HTTP/1.1 200 OK\r\nContent-Length: 39\r\n\r\n# Error: Error -1 getting param in grou"}};
constexpr Example examples[] = {
    {"a camera at which anybody may look", Layer::Tcp, 80, camera, camera_claims},
    {"a server that has no such group", Layer::Tcp, 80, other, {}},
};

}  // namespace

Decoder axis_vapix() {
    Decoder decoder = http_api_decoder<api>();
    decoder.name = "axis_vapix";
    decoder.title = "Axis VAPIX parameters";
    decoder.spec = "VAPIX, parameter management: param.cgi, action list, group Brand";
    decoder.starts = Starts("'GET /axi'");
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
