// Shelly: relays, plugs and energy meters that switch loads. Whoever asks over HTTP is told type, firmware and MAC address,
// with or without a password set; the same device takes commands there and from the maker's cloud. Commands that come there are
// seen; what the second generation is told in bodies or over its WebSocket is not read.
//
//   GET /shelly                        {"type":"SHPLG-S","mac":"00005E005314","auth":false,"fw":"2023.../v1.14.0-..."}
//   GET /shelly, /rpc/Shelly.GetDeviceInfo     {"name":...,"id":"shellyplus1-...","mac":"...","model":"SNSW-001X16EU","gen":2,
//                                               "fw_id":"...","ver":"1.0.8","app":"Plus1","auth_en":false}
//   GET /relay/0?turn=on               {"ison":true,...}
//   GET or POST /rpc/Switch.Set        {"was_on":false}
//
// The name that the owner gave is not kept.
#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/http_api.h"
#include "decoders/json_reader.h"

namespace herkomst::decoders {

namespace {

enum Asked : std::uint8_t { Nothing = 0, DeviceInfo, Turn, Set };

// "/relay/0": a kind of output and the number of one.
bool is_output(std::string_view path, std::string_view kind) {
    return path.starts_with(kind) && path.size() == kind.size() + 1 && path.back() >= '0' && path.back() <= '9';
}

// What stands behind "NAME=" in a query.
std::string_view asked_of(std::string_view target, std::string_view name) {
    for (std::size_t at = target.find('?'); at != std::string_view::npos; at = target.find('&')) {
        target.remove_prefix(at + 1);
        if (!target.starts_with(name) || target.size() <= name.size() || target[name.size()] != '=') continue;
        target.remove_prefix(name.size() + 1);
        return target.substr(0, target.find('&'));
    }
    return {};
}

// Shelly API of both generations: one path that all have, and the same as a call of the second. The outputs are switched as
// OpenEMS and evcc (public projects) do it.
std::uint8_t asked_for(std::string_view method, std::string_view target) {
    const std::string_view path = http_path(target);
    if (path == "/rpc/Switch.Set" && (method == "GET" || method == "POST")) return Set;
    if (method != "GET") return Nothing;
    if (path == "/shelly" || path == "/rpc/Shelly.GetDeviceInfo") return DeviceInfo;
    const std::string_view turn = asked_of(target, "turn");
    const bool switched = turn == "on" || turn == "off" || turn == "toggle";
    return switched && is_output(path, "/relay/") ? Turn : Nothing;
}

std::string_view order(std::uint8_t asked) { return asked == Turn || asked == Set ? "shelly switch" : ""; }

// A MAC without separators, and the names that its generation has for type and firmware.
bool answer(std::uint8_t asked, std::string_view body, const Slice& place, Claims& claims) {
    const JsonScalars json = read_json(body);
    if (asked != DeviceInfo) {
        // Whether it is on now, or was.
        const std::string_view on = json.at(asked == Turn ? "ison" : "was_on");
        return json.whole && (on == "true" || on == "false");
    }
    const std::string_view mac_text = json.string_at("mac");
    const std::optional<Mac> mac = Mac::parse(mac_text);
    const bool later = !json.at("gen").empty();
    const std::string_view model = json.string_at(later ? "model" : "type");
    const std::string_view firmware = json.string_at(later ? "ver" : "fw");
    const std::string_view protected_by = json.at(later ? "auth_en" : "auth");
    if (!json.whole || mac_text.size() != 12 || !mac || model.empty() || firmware.empty() || protected_by.empty()) return false;
    claims.matched(Field::brand, "Shelly", place, "device_info");
    claims.stated(Field::model, model, place, "device_info");
    claims.stated(Field::firmware, firmware, place, "device_info");
    claims.stated(Field::product, json.string_at("app"), place, "device_info");
    Endpoint station = claims.subject();
    if (!mac->known() || mac->group() || !station.ip.known()) return true;
    const std::string ip = station.ip.text();
    station.mac = *mac;
    station.ip = {};
    claims.about(station).stated(Field::address, ip, place, "device_info");
    return true;
}

constexpr HttpApi api = {asked_for, answer, order};

constexpr ExampleMessage second[] = {
    {From::Client, {}, "GET /shelly HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nServer: ShellyHTTP/1.0.0\r\nContent-Type: application/json\r\nContent-Length: 185\r\n\r\n"
     "{\"name\":\"Wilhelmina\",\"id\":\"shellyex1-00005e005314\",\"mac\":\"00005E005314\",\"slot\":0,\"model\":\"EXSW-001\","
     "\"gen\":2,\"fw_id\":\"20230101-000000/1.0.8-g0\",\"ver\":\"1.0.8\",\"app\":\"Ex1\",\"auth_en\":false}"}};
constexpr std::string_view second_claims[] = {"server brand=Shelly",           "server model=EXSW-001",
                                              "server firmware=1.0.8",         "server product=Ex1",
                                              "server-mac address=192.0.2.20", "server software=ShellyHTTP/1.0.0"};
constexpr ExampleMessage first[] = {
    {From::Client, {}, "GET /shelly HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 96\r\n\r\n"
     "{\"type\":\"EXPLG-S\",\"mac\":\"00005E005314\",\"auth\":true,\"fw\":\"20230101-000000/v1.14.0-g0\",\"longid\":1}"}};
constexpr std::string_view first_claims[] = {"server brand=Shelly", "server model=EXPLG-S",
                                             "server firmware=20230101-000000/v1.14.0-g0", "server-mac address=192.0.2.20"};
constexpr ExampleMessage switched[] = {{From::Client, {}, "GET /relay/0?turn=off HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
                                       {From::Server,
                                        {},
                                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 49\r\n\r\n"
                                        "{\"ison\":false,\"has_timer\":false,\"source\":\"http\"} "}};
constexpr ExampleMessage switched_later[] = {
    {From::Client, {}, "GET /rpc/Switch.Set?id=0&on=true HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server, {}, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"},
    {From::Client, {}, "GET /rpc/Switch.Set?id=0&on=true HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server, {}, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"was_on\":false}"}};
constexpr std::string_view switched_claims[] = {"server remote_observed=shelly switch from 192.0.2.10"};
constexpr ExampleMessage not_switched[] = {
    {From::Client, {}, "GET /relay/0?turn=on HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server, {}, "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"turn\":\"left\"}"}};
constexpr ExampleMessage refused[] = {
    {From::Client, {}, "GET /rpc/Switch.Set?id=0&on=true HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server, {}, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"}};
constexpr ExampleMessage other[] = {
    {From::Client, {}, "GET /shelly HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server, {}, "HTTP/1.1 200 OK\r\nContent-Length: 34\r\n\r\n{\"type\":\"poem\",\"author\":\"Shelley\"} "}};
constexpr Example examples[] = {
    {"a relay of the second generation; the owner's name for it is not kept", Layer::Tcp, 80, second, second_claims},
    {"a plug of the first generation", Layer::Tcp, 80, first, first_claims},
    {"another server's page of that name", Layer::Tcp, 80, other, {}},
    {"a relay of the first generation is switched", Layer::Tcp, 80, switched, switched_claims},
    {"one of the second, which asks for a password first", Layer::Tcp, 80, switched_later, switched_claims},
    {"another server's page of the name of a relay", Layer::Tcp, 80, not_switched, {}},
    {"an order that is refused", Layer::Tcp, 80, refused, {}},
};

}  // namespace

Decoder shelly() {
    Decoder decoder = http_api_decoder<api>();
    decoder.name = "shelly";
    decoder.title = "Shelly device information";
    decoder.spec = "Shelly API, first and second generation, as aioshelly, OpenEMS and evcc speak them";
    decoder.starts = Starts("'GET /she'", "'GET /rpc'", "'POST /rp'", "'GET /rel'");
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
