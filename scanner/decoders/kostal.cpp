// KOSTAL: PIKO IQ and PLENTICORE inverters serve their own page, and programs in the house, by an interface over HTTP that also
// sets them (PUT of the same settings). Anybody is told the version; serial number and product come to whoever is logged in, in
// the clear too.
//
//   GET /api/v1/info/version     {"name":"PUCK RESTful API","sw_version":"01.26.09454","api_version":"0.2.0","hostname":"scb"}
//   GET /api/v1/settings/devices:local/Properties:SerialNo,...      [{"id":"Properties:SerialNo","value":"..."},...]
//   POST /api/v1/settings                      [{"moduleid":"devices:local","settings":[{"id":...,"value":...},...]},...]
//
// What is measured, and every setting but the type plate's, is not kept; log-ins are not read.
#include <algorithm>
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/http_api.h"
#include "decoders/json_reader.h"

namespace herkomst::decoders {

namespace {

enum Asked : std::uint8_t { Nothing = 0, Version, LogIn, Settings, Others = HttpApi::only_within };

// No specification is public; the paths as pykoplenti, golrackpi and the plugins for Venus OS ask for them (public projects).
std::uint8_t asked_for(std::string_view method, std::string_view target) {
    constexpr std::string_view root = "/api/v1/";
    const std::string_view path = http_path(target);
    if (!path.starts_with(root)) return Nothing;
    const std::string_view what = path.substr(root.size());
    if (method == "GET" && what == "info/version") return Version;
    if (method == "POST" && what == "auth/start") return LogIn;
    if (method == "GET" && what.starts_with("settings/devices:local/")) return Settings;
    if (method == "POST" && what == "settings") return Settings;
    return Others;
}

// The same: a name that all of them give to the interface. The name of the host is "scb" until somebody gives another.
bool version(const JsonScalars& json, const Slice& place, Claims& claims) {
    const std::string_view firmware = json.string_at("sw_version");
    if (json.string_at("name") != "PUCK RESTful API" || firmware.empty() || json.string_at("api_version").empty()) return false;
    claims.matched(Field::brand, "KOSTAL", place, "interface");
    claims.matched(Field::category, "solar_inverter", place, "version");
    claims.stated(Field::firmware, firmware, place, "version");
    if (const std::string_view host = json.string_at("hostname"); host != "scb")
        claims.stated(Field::hostname, host, place, "version");
    return true;
}

// The same: pairs of id and value, alone or below their module; a product's name has two parts.
bool settings(const JsonScalars& json, const Slice& place, Claims& claims) {
    std::string_view pair;
    std::string_view id;
    std::string_view value;
    std::string_view serial;
    std::string_view product;
    std::string_view variant;
    for (const JsonScalar& scalar : json.all) {
        const std::string_view path = scalar.path;
        const std::size_t slash = std::min(path.rfind('/'), path.size());
        if (path.substr(0, slash) != pair) id = value = {};
        pair = path.substr(0, slash);
        if (path.substr(slash) == "/id") id = scalar.text;
        if (path.substr(slash) == "/value") value = scalar.text;
        if (id == "Properties:SerialNo") serial = value;
        if (id == "Branding:ProductName1") product = value;
        if (id == "Branding:ProductName2") variant = value;
    }
    if (serial.empty() && product.empty()) return false;
    claims.matched(Field::brand, "KOSTAL", place, "interface");
    claims.stated(Field::serial, serial, place, "settings");
    if (!product.empty()) {
        const std::string model = std::string(product) + " " + std::string(variant);
        claims.stated(Field::model, trimmed(model), place, "settings");
    }
    return true;
}

bool answer(std::uint8_t asked, std::string_view body, const Slice& place, Claims& claims) {
    const JsonScalars json = read_json(body);
    if (!json.whole) return false;
    if (asked == Version) return version(json, place, claims);
    if (asked == Settings) return settings(json, place, claims);
    // RFC 5802 with the numbers of this interface; they are nobody's business.
    return !json.string_at("transactionId").empty() && !json.string_at("nonce").empty() && !json.at("rounds").empty();
}

constexpr HttpApi api = {asked_for, answer};

constexpr ExampleMessage page[] = {
    {From::Client, {}, "GET /api/v1/info/version HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n"
     "{\"sw_version\":\"01.99.00042\",\"name\":\"PUCK RESTful API\",\"api_version\":\"0.2.0\",\"hostname\":\"roof-east\"}"},
    {From::Client,
     {},
     "GET /api/v1/settings/devices:local/Properties:SerialNo,Branding:ProductName1 HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 105\r\n\r\n"
     "[{\"value\":\"90000EX00042\",\"id\":\"Properties:SerialNo\"},{\"id\":\"Branding:ProductName1\",\"value\":\"PLENTICORE\"}"
     "]"}};
constexpr std::string_view page_claims[] = {"server brand=KOSTAL",         "server category=solar_inverter",
                                            "server firmware=01.99.00042", "server hostname=roof-east",
                                            "server serial=90000EX00042",  "server model=PLENTICORE"};
constexpr ExampleMessage logged_in[] = {
    {From::Client,
     {},
     "POST /api/v1/auth/start HTTP/1.1\r\nHost: 192.0.2.20\r\nContent-Length: 48\r\n\r\n"
     "{\"username\":\"wilhelmina\",\"nonce\":\"AAECAwQFBgcI\"}"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Length: 80\r\n\r\n"
     "{\"nonce\":\"AAECAwQFBgcI\",\"transactionId\":\"AQID\",\"salt\":\"AQIDBA==\",\"rounds\":29000}"},
    {From::Client,
     {},
     "POST /api/v1/auth/finish HTTP/1.1\r\nHost: 192.0.2.20\r\nContent-Length: 2\r\n\r\n{}"
     "POST /api/v1/settings HTTP/1.1\r\nHost: 192.0.2.20\r\nContent-Length: 2\r\n\r\n[]"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
     "HTTP/1.1 200 OK\r\nContent-Length: 227\r\n\r\n"
     "[{\"moduleid\":\"devices:local\",\"settings\":[{\"id\":\"Properties:SerialNo\",\"value\":\"90000EX00042\"},"
     "{\"id\":\"Branding:ProductName1\",\"value\":\"PLENTICORE\"},{\"id\":\"Branding:ProductName2\",\"value\":\"plus 10\"}]},"
     "{\"moduleid\":\"x\",\"settings\":[]}]"}};
constexpr std::string_view logged_in_claims[] = {"server brand=KOSTAL", "server serial=90000EX00042",
                                                 "server model=PLENTICORE plus 10"};
constexpr ExampleMessage other[] = {
    {From::Client, {}, "GET /api/v1/info/version HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server, {}, "HTTP/1.1 200 OK\r\nContent-Length: 45\r\n\r\n{\"name\":\"Example API\",\"sw_version\":\"01.00.1\"}"}};
constexpr Example examples[] = {
    {"an inverter tells its version, and its serial number", Layer::Tcp, 80, page, page_claims},
    {"product and serial number to who is logged in; who that is, is not kept", Layer::Tcp, 80, logged_in, logged_in_claims},
    {"another server's page of that name", Layer::Tcp, 80, other, {}},
};

}  // namespace

Decoder kostal() {
    Decoder decoder = http_api_decoder<api>();
    decoder.name = "kostal";
    decoder.title = "KOSTAL inverter interface";
    decoder.spec = "unpublished; as pykoplenti and invafetch read it (public projects)";
    decoder.starts = Starts("'GET /api'", "'POST /ap'");
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
