// go-e: the chargers of the maker, once their owner has opened the interface, tell whoever asks over HTTP what they are; the
// same interface sets them, and who does is seen.
//
//   GET /api/status?filter=fwv,sse,typ,oem,var      {"fwv":"60.2","sse":"012345","typ":"go-eCharger","oem":"go-e","var":22}
//   GET /api/set?frc=1&amp=16      {"frc":true,"amp":true}
//
// The names that owners give to charger and cards, and what is measured, are not kept.
#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/http_api.h"
#include "decoders/json_reader.h"

namespace herkomst::decoders {

namespace {

enum Asked : std::uint8_t { Nothing = 0, Status, Set };

// A key of the interface in a query: three letters.
bool is_key(std::string_view query) {
    const std::string_view key = query.substr(0, query.find('='));
    return key.size() == 3 && key.size() < query.size() &&
           key.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string_view::npos;
}

// go-eCharger API v2, "HTTP Api".
std::uint8_t asked_for(std::string_view method, std::string_view target) {
    if (method != "GET") return Nothing;
    if (http_path(target) == "/api/status") return Status;
    constexpr std::string_view set = "/api/set?";
    return target.starts_with(set) && is_key(target.substr(set.size())) ? Set : Nothing;
}

std::string_view order(std::uint8_t asked) { return asked == Set ? "go_e set" : ""; }

// "The HTTP response should contain a value for each api key in the json object, true for success, or a string error message":
// one of them was set, and there is nothing else.
bool was_set(std::string_view body) {
    const JsonScalars json = read_json(body);
    bool any = false;
    for (const JsonScalar& scalar : json.all) {
        if (scalar.path.size() != 3) return false;
        any = any || scalar.text == "true";
    }
    return json.whole && any;
}

// The same, "API Keys": firmware, serial number and type are constants of a charger; others' pages of that name have no such
// keys.
bool answer(std::uint8_t asked, std::string_view body, const Slice& place, Claims& claims) {
    if (asked == Set) return was_set(body);
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

constexpr HttpApi api = {asked_for, answer, order};

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
constexpr ExampleMessage set[] = {
    {From::Client, {}, "GET /api/set?frc=1&amp=16 HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 23\r\n\r\n{\"frc\":true,\"amp\":true}"}};
constexpr std::string_view set_claims[] = {"server remote_observed=go_e set from 192.0.2.10"};
constexpr ExampleMessage not_set[] = {
    {From::Client, {}, "GET /api/set?amp=99 HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server, {}, "HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n{\"amp\":\"value too large\"}"}};
constexpr ExampleMessage another[] = {{From::Client, {}, "GET /api/set?lat=51.5 HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
                                      {From::Server, {}, "HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{\"success\":true}"}};
constexpr Example examples[] = {
    {"a charger; the owner's name for it is not kept", Layer::Tcp, 80, charger, charger_claims},
    {"another server's page of that name", Layer::Tcp, 80, other, {}},
    {"a charger is set", Layer::Tcp, 80, set, set_claims},
    {"what it refuses was not set", Layer::Tcp, 80, not_set, {}},
    {"another server's answer to such a request", Layer::Tcp, 80, another, {}},
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
