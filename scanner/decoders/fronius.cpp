// Fronius Solar API: inverters and data managers of Fronius tell whoever asks over HTTP what they are, and which inverters,
// batteries and meters of other makers hang on them.
//
//   GET /solar_api/v1/GetLoggerInfo.cgi      {"Body": {"LoggerInfo": {"ProductID", "UniqueID", "HWVersion", "SWVersion", ...}},
//   "Head"} GET .../GetInverterInfo.cgi              {"Body": {"Data": {"1": {"DT": 123, "UniqueID": "...", ...}}}, "Head"} GET
//   .../GetMeterRealtimeData.cgi, GetStorageRealtimeData.cgi    ... {"Details": {"Manufacturer", "Model", "Serial"}} ...
//
// The names that owners give (CustomName) and what is measured are not kept.
#include <algorithm>
#include <array>

#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/http_api.h"
#include "decoders/json_reader.h"

namespace herkomst::decoders {

namespace {

enum Asked : std::uint8_t { Nothing = 0, Other, Version, Logger, Inverter, Meter, Storage };

struct Call {
    std::string_view start;
    Asked asked;
};
// Fronius Solar API V1 (42,0410,2012), sections 3.7 to 3.13.
constexpr auto calls = std::to_array<Call>({{"getapiversion.cgi", Version},
                                            {"getloggerinfo.cgi", Logger},
                                            {"getinverterinfo.cgi", Inverter},
                                            {"getmeterrealtimedata.cgi", Meter},
                                            {"getstoragerealtimedata.cgi", Storage}});

// The same, section 2.4: a request for a path below /solar_api/.
std::uint8_t asked_for(std::string_view method, std::string_view target) {
    if (method != "GET" || !starts_with_ignoring_case(target, "/solar_api/")) return Nothing;
    const std::string path = lower(http_path(target));
    const std::string_view last = std::string_view(path).substr(path.rfind('/') + 1);
    for (const Call& call : calls) {
        if (last == call.start) return call.asked;
    }
    return Other;
}

void logger(const JsonScalars& json, const Slice& place, Claims& claims) {
    const auto said = [&](std::string_view key) { return json.string_at("Body/LoggerInfo/" + std::string(key)); };
    claims.stated(Field::product, said("ProductID"), place, "logger");
    if (starts_with_ignoring_case(said("ProductID"), "fronius-")) claims.matched(Field::brand, "Fronius", place, "logger");
    claims.stated(Field::hardware, said("HWVersion"), place, "logger");
    claims.stated(Field::firmware, said("SWVersion"), place, "logger");
    if (const std::string_view id = said("UniqueID"); !id.empty())
        claims.stated(Field::unique_id, "fronius:" + std::string(id), place, "logger");
}

// "Body/Data/1/DT" to "1" and "DT"; without a number in it the only one is meant.
struct Where {
    std::string device;
    std::string key;
};
Where where(std::string_view path) {
    Where out;
    if (!path.starts_with("Body/Data/")) return out;
    path.remove_prefix(10);
    const std::string_view first = path.substr(0, path.find('/'));
    if (!first.empty() && first.size() <= 3 && first.find_first_not_of("0123456789") == std::string_view::npos) {
        out.device = first;
        path.remove_prefix(std::min(first.size() + 1, path.size()));
    }
    out.key = path;
    return out;
}

// Section 3.9: one inverter is the device that answers, of several each is a part.
void inverters(const JsonScalars& json, const Slice& place, const Claims& claims) {
    std::size_t count = 0;
    for (const JsonScalar& scalar : json.all) count += where(scalar.path).key == "DT" ? 1 : 0;
    for (const JsonScalar& scalar : json.all) {
        const Where at = where(scalar.path);
        if (at.key != "DT" && at.key != "UniqueID") continue;
        Claims device = count == 1 ? claims : claims.part("fronius/inverter-" + at.device);
        if (at.key == "DT") device.stated(Field::device_type, "fronius:" + scalar.text, place, "inverter");
        // Short ones are a number on the ring that connects the inverters.
        if (at.key == "UniqueID" && scalar.is_string && scalar.text.size() >= 8)
            device.stated(Field::serial, scalar.text, place, "inverter");
    }
}

// Sections 3.12 and 3.13: what is connected is told with its own maker.
void connected(const JsonScalars& json, std::string_view kind, const Slice& place, const Claims& claims) {
    for (const JsonScalar& scalar : json.all) {
        const Where at = where(scalar.path);
        const std::size_t details = at.key.find("Details/");
        if (details == std::string::npos || (details != 0 && at.key[details - 1] != '/')) continue;
        const std::string key = at.key.substr(details + 8);
        Claims device = claims.part("fronius/" + std::string(kind) + "-" + (at.device.empty() ? "0" : at.device));
        if (key == "Manufacturer") device.stated(Field::brand, scalar.text, place, std::string(kind));
        if (key == "Model") device.stated(Field::model, scalar.text, place, std::string(kind));
        if (key == "Serial") device.stated(Field::serial, scalar.text, place, std::string(kind));
    }
}

// Programs that stand in for an inverter (meters, converters, home automation) answer these paths too, so that chargers and
// batteries of Fronius follow them: whoever answers is a hint, a card that calls itself Fronius's is more.
//
// Section 2.5: every response has Head/Status/Code and, but for the version, Body.
bool answer(std::uint8_t asked, std::string_view body, const Slice& place, Claims& claims) {
    const JsonScalars json = read_json(body);
    // Section 2.3: {"APIVersion":1,"BaseURL":"/solar_api/v1/"}
    if (asked == Version && json.whole && !json.at("APIVersion").empty() &&
        json.string_at("BaseURL").starts_with("/solar_api/")) {
        claims.hinted(Field::brand, "Fronius", place, "solar_api");
        return true;
    }
    const std::string_view code = json.at("Head/Status/Code");
    if (!json.whole || code != "0") return json.whole && !code.empty();
    claims.hinted(Field::brand, "Fronius", place, "solar_api");
    if (asked == Logger) logger(json, place, claims);
    if (asked == Inverter) inverters(json, place, claims);
    if (asked == Meter) connected(json, "meter", place, claims);
    if (asked == Storage) connected(json, "storage", place, claims);
    return true;
}

constexpr HttpApi api = {asked_for, answer};

constexpr ExampleMessage manager[] = {
    {From::Client, {}, "GET /solar_api/v1/GetLoggerInfo.cgi HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 176\r\n\r\n"
     "{\"Body\":{\"LoggerInfo\":{\"ProductID\":\"example-card\",\"UniqueID\":\"240.53\",\"HWVersion\":\"2.4X\",\"SWVersion\":"
     "\"3.0.0-1\"}},\"Head\":{\"RequestArguments\":{},\"Status\":{\"Code\":0,\"Reason\":\"\"}}}"},
    {From::Client, {}, "GET /solar_api/v1/GetInverterInfo.cgi HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
     "7c\r\n{\"Body\":{\"Data\":{\"1\":{\"CustomName\":\"Wilhelmina\",\"DT\":123,\"UniqueID\":\"476\"},\"2\":{\"DT\":99,"
     "\"UniqueID\":"
     "\"00005E0053\"}}},\"Head\":{\"\r\n20\r\nStatus\":{\"Code\":0,\"Reason\":\"\"}}}\r\n0\r\n\r\n"},
    {From::Client, {}, "GET /solar_api/v1/GetStorageRealtimeData.cgi?Scope=System HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Length: 180\r\n\r\n"
     "{\"Body\":{\"Data\":{\"0\":{\"Controller\":{\"Details\":{\"Manufacturer\":\"Example "
     "Batteries\",\"Model\":\"EB-10\",\"Serial\":"
     "\"E0001234\"},\"StateOfCharge_Relative\":51}}}},\"Head\":{\"Status\":{\"Code\":0}}}"}};
constexpr std::string_view manager_claims[] = {"server brand=Fronius",
                                               "server product=example-card",
                                               "server hardware=2.4X",
                                               "server firmware=3.0.0-1",
                                               "server unique_id=fronius:240.53",
                                               "server[fronius/inverter-1] device_type=fronius:123",
                                               "server[fronius/inverter-2] device_type=fronius:99",
                                               "server[fronius/inverter-2] serial=00005E0053",
                                               "server[fronius/storage-0] brand=Example Batteries",
                                               "server[fronius/storage-0] model=EB-10",
                                               "server[fronius/storage-0] serial=E0001234"};
constexpr ExampleMessage version[] = {
    {From::Client, {}, "GET /solar_api/GetAPIVersion.cgi HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"APIVersion\":1,\"BaseURL\":\"/solar_api/v1/\"}"}};
constexpr std::string_view version_claims[] = {"server brand=Fronius"};
constexpr ExampleMessage refused[] = {
    {From::Client, {}, "GET /solar_api/GetAPIVersion.cgi HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: example/1\r\n\r\n"},
    {From::Server, {}, "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}"}};
constexpr std::string_view refused_claims[] = {"client software=example/1"};
constexpr Example examples[] = {
    {"a data manager, its inverters and a battery of another maker; names of people are not kept", Layer::Tcp, 80, manager,
     manager_claims},
    {"which version it speaks, in a body that ends with the connection", Layer::Tcp, 80, version, version_claims},
    {"whoever does not answer is not named", Layer::Tcp, 80, refused, refused_claims},
};
constexpr std::uint16_t ports[] = {80, 8080};

}  // namespace

Decoder fronius() {
    Decoder decoder = http_api_decoder<api>();
    decoder.name = "fronius";
    decoder.title = "Fronius Solar API";
    decoder.spec = "Fronius Solar API V1 (42,0410,2012)";
    decoder.ports = ports;
    decoder.starts = Starts("'GET /' i'sol'");
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
