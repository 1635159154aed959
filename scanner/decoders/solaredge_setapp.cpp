// SolarEdge inverters that are set up by telephone (SetApp) serve their status to that program, and where the interface is
// open, to whoever asks over HTTP: a protocol buffer whose first field is the serial number.
//
//   GET /web/v1/status      |0A|length|"7F000042-1A"|12 length ...| ...
//
// What is measured, and how the owner is connected, is not read.
#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/http_api.h"

namespace herkomst::decoders {

namespace {

std::uint8_t asked_for(std::string_view method, std::string_view target) {
    return method == "GET" && http_path(target) == "/web/v1/status" ? 1 : 0;
}

// Eight hexadecimal digits, a hyphen, and two of a check, as on the type plate: "7F000042-1A".
bool is_serial(std::string_view text) {
    if (text.size() != 11 || text[8] != '-') return false;
    for (const char c : text) {
        const bool digit = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
        if (!digit && c != '-') return false;
    }
    return text.find('-') == 8;
}

// No specification is public; as solaredge_setapp (public project) reads it: field 1 of the status is a text (tag 0A), the
// serial number; field 2 (tag 12) follows.
bool answer(std::uint8_t, std::string_view body, const Slice& place, Claims& claims) {
    constexpr std::size_t size = 11;
    if (body.size() < 2 + size + 2 || body[0] != '\x0a' || body[1] != static_cast<char>(size) || body[2 + size] != '\x12')
        return false;
    if (!is_serial(body.substr(2, size))) return false;
    claims.matched(Field::brand, "SolarEdge", place, "status");
    claims.stated(Field::serial, body.substr(2, size), place, "status");
    return true;
}

constexpr HttpApi api = {asked_for, answer};

constexpr ExampleMessage inverter[] = {
    {From::Client, {}, "GET /web/v1/status HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: 17\r\n\r\n\n\x0b"
     "7F000042-1A\x12\x02\x08\x01"}};
constexpr ExampleMessage other[] = {
    {From::Client, {}, "GET /web/v1/status HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server, {}, "HTTP/1.1 200 OK\r\nServer: ExampleWeb/1\r\nContent-Length: 2\r\n\r\n{}"}};
constexpr std::string_view inverter_claims[] = {"server brand=SolarEdge", "server serial=7F000042-1A"};
constexpr Example examples[] = {
    {"an inverter tells its serial number", Layer::Tcp, 80, inverter, inverter_claims},
    {"another server's page of that name", Layer::Tcp, 80, other, {}},
};

}  // namespace

Decoder solaredge_setapp() {
    Decoder decoder = http_api_decoder<api>();
    decoder.name = "solaredge_setapp";
    decoder.title = "SolarEdge SetApp status";
    decoder.spec = "unpublished; as solaredge_setapp reads it (public project)";
    decoder.starts = Starts("'GET /web'");
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
