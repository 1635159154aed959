// SIMATIC: the web server of a CPU S7-1200 or S7-1500 shows on its page of identification, to whoever may see it, order number,
// serial number and firmware. The name of the station is the owner's and is not kept.
//
//   GET /Portal/Portal.mwsl?PriNav=Ident    <td class="static_field">Order number:</td>
//                                           <td class="output_field_long">6ES7 214-1AG31-0XB0</td> ...
#include <algorithm>
#include <array>

#include "decoders/decoder.h"
#include "decoders/html_cells.h"
#include "decoders/http_api.h"

namespace herkomst::decoders {

namespace {

// No specification is public; the page as s7com and the detection script of OpenVAS read it (public projects).
std::uint8_t asked_for(std::string_view method, std::string_view target) {
    return method == "GET" && target.starts_with("/Portal/Portal.mwsl?PriNav=Ident") ? 1 : 0;
}

// The words of the page's language: English and German are known.
std::string_view of_any(const std::vector<std::string>& cells, const std::array<std::string_view, 3>& labels) {
    for (const std::string_view label : labels) {
        const std::string_view value = label.empty() ? std::string_view() : beside(cells, label);
        if (!value.empty()) return value;
    }
    return {};
}

bool digit(char c) { return c >= '0' && c <= '9'; }
bool capital(char c) { return c >= 'A' && c <= 'Z'; }

// "6ES7 214-1AG31-0XB0": a six, two letters, a digit, a blank, digits.
bool order_number(std::string_view text) {
    if (text.size() < 14 || text.size() > 24 || text[0] != '6' || !capital(text[1]) || !capital(text[2]) || !digit(text[3]))
        return false;
    return text[4] == ' ' && digit(text[5]) &&
           std::ranges::all_of(text.substr(5), [](char c) { return digit(c) || capital(c) || c == '-' || c == ' '; });
}

// "V 03.00.02", "V4.2.1"
bool version(std::string_view text) {
    return text.size() >= 4 && text.size() <= 16 && text.front() == 'V' &&
           text.substr(1).find_first_not_of("0123456789. ") == std::string_view::npos;
}

// The maker's mark, an order number of his shape, a version.
bool answer(std::uint8_t, std::string_view body, const Slice& place, Claims& claims) {
    const bool marked =
        body.find("alt=\"Siemens\"") != std::string_view::npos || body.find("S7Web.css") != std::string_view::npos;
    const std::vector<std::string> cells = html_cells(body);
    const std::string_view order = of_any(cells, {"order number", "article number", "bestellnummer"});
    const std::string_view firmware = of_any(cells, {"firmware", "firmware version", ""});
    const std::string_view serial = of_any(cells, {"serial number", "seriennummer", ""});
    if (!marked || !order_number(order) || !version(firmware)) return false;
    claims.matched(Field::brand, "Siemens", place_of(place, order), "identification");
    claims.stated(Field::model, order, place_of(place, order), "identification");
    claims.stated(Field::firmware, firmware, place_of(place, firmware), "identification");
    if (serial.size() >= 6 && serial.size() <= 24)
        claims.stated(Field::serial, serial, place_of(place, serial), "identification");
    return true;
}

constexpr HttpApi api = {asked_for, answer};

constexpr ExampleMessage controller[] = {
    {From::Client, {}, "GET /Portal/Portal.mwsl?PriNav=Ident HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><head><title>SIMATIC&nbsp;1200&nbsp;Wilhelmina</title></head>"
     "<img src=\"/x.gif\" alt=\"Siemens\"><table><tr><td class=\"static_field\">Serial number:</td>\n"
     "<td class=\"output_field_long\">S C-EX0000000042</td></tr><tr><td class=\"static_field\">Order number:</td>\n"
     "<td class=\"output_field_long\">6ES7 200-0EX00-0XB0</td></tr><tr><td class=\"static_field\">Firmware:</td>\n"
     "<td class=\"output_field_long\">V&nbsp;03.00.02</td></tr></table></html>"}};
constexpr std::string_view controller_claims[] = {"server brand=Siemens", "server model=6ES7 200-0EX00-0XB0",
                                                  "server firmware=V 03.00.02", "server serial=S C-EX0000000042"};
constexpr ExampleMessage german[] = {
    {From::Client, {}, "GET /Portal/Portal.mwsl?PriNav=Ident HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><link href=\"/S7Web.css\"><table class=\"s7webtable\"><tr>"
     "<td><div>Bestellnummer:</div></td><td><span>6ES7 "
     "500-0EX00-0AB0</span></td></tr><tr><td>Firmware:</td><td>V2.8.1</td></tr>"
     "</table></html>"}};
constexpr std::string_view german_claims[] = {"server brand=Siemens", "server model=6ES7 500-0EX00-0AB0",
                                              "server firmware=V2.8.1"};
constexpr ExampleMessage other[] = {
    {From::Client, {}, "GET /Portal/Portal.mwsl?PriNav=Ident HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Length: 82\r\n\r\n<img alt=\"Siemens\"><td>Order number:</td><td>to be "
     "had</td><td>Firmware:</td>"
     "     "}};
constexpr Example examples[] = {
    {"a controller in English; the station's name is not kept", Layer::Tcp, 80, controller, controller_claims},
    {"a controller in German, without a serial number", Layer::Tcp, 80, german, german_claims},
    {"another server's page of that name", Layer::Tcp, 80, other, {}},
};

}  // namespace

Decoder simatic_web() {
    Decoder decoder = http_api_decoder<api>();
    decoder.name = "simatic_web";
    decoder.title = "SIMATIC S7 web server";
    decoder.spec = "unpublished; as s7com and the detection script of OpenVAS read it (public projects)";
    decoder.starts = Starts("'GET /Por'");
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
