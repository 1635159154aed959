// WAGO: the web pages of couplers and controllers show whoever asks, in a table, order number, firmware and MAC address.
//
//   GET /webserv/cplcfg/state.ssi    <td>Order number </td> <td> 750-841/000-000 </td> <td>Firmware revision </td> ...    (750)
//   GET /wbm/state.php               <td>Order Number</td> <td>0758-0874-0000-0110</td> ...                          (I/O-IPC)
#include "decoders/decoder.h"
#include "decoders/html_cells.h"
#include "decoders/http_api.h"

namespace herkomst::decoders {

namespace {

// No specification is public; the pages as the detection script of OpenVAS reads them (public project).
std::uint8_t asked_for(std::string_view method, std::string_view target) {
    if (method != "GET") return 0;
    const std::string_view path = http_path(target);
    return path == "/webserv/cplcfg/state.ssi" || path == "/wbm/state.php" ? 1 : 0;
}

bool only_of(std::string_view text, std::string_view allowed) {
    return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

// Three rows, each of its shape: an order number of digits, a version, a MAC address.
bool answer(std::uint8_t, std::string_view body, const Slice& place, Claims& claims) {
    const std::vector<std::string> cells = html_cells(body);
    const std::string_view order = beside(cells, "order number");
    const std::string_view firmware = beside(cells, "firmware revision");
    const std::optional<Mac> mac = Mac::parse(beside(cells, "mac address"));
    if (order.size() < 7 || order.size() > 24 || !only_of(order, "0123456789-/") || !only_of(firmware, "0123456789. ()") ||
        !mac)
        return false;
    claims.matched(Field::brand, "WAGO", place_of(place, order), "state");
    claims.stated(Field::model, order, place_of(place, order), "state");
    claims.stated(Field::firmware, firmware, place_of(place, firmware), "state");
    Endpoint station = claims.subject();
    if (!mac->known() || mac->group() || !station.ip.known()) return true;
    const std::string ip = station.ip.text();
    station.mac = *mac;
    station.ip = {};
    claims.about(station).stated(Field::address, ip, place_of(place, ip), "state");
    return true;
}

constexpr HttpApi api = {asked_for, answer};

constexpr ExampleMessage controller[] = {
    {From::Client, {}, "GET /webserv/cplcfg/state.ssi HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body><table>\r\n<tr><td>Order number </td>\r\n"
     "<td> 750-000/000-042 </td></tr>\r\n<tr><td>Mac address </td>\r\n<td> 00005E005314 </td></tr>\r\n"
     "<tr><td>Firmware revision </td>\r\n<td> 01.05.15 (07) </td></tr>\r\n</table></body></html>\r\n"}};
constexpr std::string_view controller_claims[] = {"server brand=WAGO", "server model=750-000/000-042",
                                                  "server firmware=01.05.15 (07)", "server-mac address=192.0.2.20"};
constexpr ExampleMessage computer[] = {
    {From::Client, {}, "GET /wbm/state.php HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><table><tr><td>Order Number</td>\n<td>0758-0000-0000-0042</td>"
     "</tr><tr><td>Firmware Revision</td>\n<td>01.02.30(09)</td></tr><tr><td>Mac Address</td>\n<td>00:00:5E:00:53:14</td></tr>"
     "</table></html>"}};
constexpr std::string_view computer_claims[] = {"server brand=WAGO", "server model=0758-0000-0000-0042",
                                                "server firmware=01.02.30(09)", "server-mac address=192.0.2.20"};
constexpr ExampleMessage other[] = {{From::Client, {}, "GET /webserv/cplcfg/state.ssi HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
                                    {From::Server,
                                     {},
                                     "HTTP/1.1 200 OK\r\nContent-Length: 75\r\n\r\n<table><td>Order "
                                     "number</td><td>42</td><td>of chips</td><td>2</td></table> "}};
constexpr Example examples[] = {
    {"a controller of the series 750", Layer::Tcp, 80, controller, controller_claims},
    {"an industrial computer", Layer::Tcp, 80, computer, computer_claims},
    {"another server's page of that name", Layer::Tcp, 80, other, {}},
};

}  // namespace

Decoder wago_web() {
    Decoder decoder = http_api_decoder<api>();
    decoder.name = "wago_web";
    decoder.title = "WAGO web pages";
    decoder.spec = "unpublished; as the detection script of OpenVAS reads them (public project)";
    decoder.starts = Starts("'GET /web'", "'GET /wbm'");
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
