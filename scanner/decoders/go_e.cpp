// go-e: the chargers of the maker, once their owner has opened the interface, tell whoever asks over HTTP what they are; the
// same interface sets them (/api/set).
//
//   GET /api/status?filter=fwv,sse,typ,oem,var      {"fwv":"60.2","sse":"012345","typ":"go-eCharger","oem":"go-e","var":22}
//
// The names that owners give to charger and cards, and what is measured, are not kept.
#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/http_api.h"
#include "decoders/json_reader.h"

namespace herkomst::decoders {

namespace {

// go-eCharger API v2, "HTTP Api".
std::uint8_t asked_for(std::string_view method, std::string_view target) {
    return method == "GET" && http_path(target) == "/api/status" ? 1 : 0;
}

// The same, "API Keys": firmware, serial number and type are constants of a charger; others' pages of that name have no such
// keys.
bool answer(std::uint8_t, std::string_view body, const Slice& place, Claims& claims) {
    const JsonScalars json = read_json(body);
    const std::string_view serial = json.string_at("sse");
    const std::string_view firmware = json.string_at("fwv");
    const std::string_view type = json.string_at("typ");
    if (!json.whole || serial.empty() || firmware.empty() || type.empty()) return false;
    claims.stated(Field::brand, json.string_at("oem"), place, "status");
    claims.stated(Field::model, type, place, "status");
    claims.stated(Field::serial, serial, place, "status");
    claims.stated(Field::firmware, firmware, place, "status");
    claims.matched(Field::category, "ev_charger", place, "status");
    // "11: 11kW/16A, 22: 22kW/32A"
    if (json.at("var") == "11") claims.stated(Field::rated_power, "11000", place, "status");
    if (json.at("var") == "22") claims.stated(Field::rated_power, "22000", place, "status");
    return true;
}

constexpr HttpApi api = {asked_for, answer};

constexpr ExampleMessage charger[] = {
    {From::Client, {}, "GET /api/status?filter=fwv,sse,typ,oem,var,fna HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 91\r\n\r\n"
     "{\"fwv\":\"60.2\",\"sse\":\"000042\",\"typ\":\"go-eCharger\",\"oem\":\"go-e\",\"var\":22,\"fna\":\"Wilhelmina\"}    "}};
constexpr std::string_view charger_claims[] = {"server brand=go-e",          "server model=go-eCharger",
                                               "server serial=000042",       "server firmware=60.2",
                                               "server category=ev_charger", "server rated_power=22000"};
constexpr ExampleMessage other[] = {
    {From::Client, {}, "GET /api/status HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server, {}, "HTTP/1.1 200 OK\r\nContent-Length: 28\r\n\r\n{\"status\":\"ok\",\"fwv\":\"1.0\"}  "}};
constexpr Example examples[] = {
    {"a charger; the owner's name for it is not kept", Layer::Tcp, 80, charger, charger_claims},
    {"another server's page of that name", Layer::Tcp, 80, other, {}},
};

}  // namespace

Decoder go_e() {
    Decoder decoder = http_api_decoder<api>();
    decoder.name = "go_e";
    decoder.title = "go-e charger status";
    decoder.spec = "go-eCharger API v2 (goecharger/go-eCharger-API-v2)";
    decoder.starts = Starts("'GET /api'");
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
