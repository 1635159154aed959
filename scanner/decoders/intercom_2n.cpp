// 2N: intercoms and access units tell whoever asks over HTTP what they are; that function is open whatever rights are set. The
// name that the owner gave is not kept.
//
//   GET /api/system/info   {"success":true,"result":{"devType":"...","variant":"2N IP Verso","serialNumber":"00-0000-0005",
//                           "macAddr":"7C-1E-B3-..","hwVersion":"570v1","swVersion":"2.35.0.45.6",...}}
#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/http_api.h"
#include "decoders/json_reader.h"

namespace herkomst::decoders {

namespace {

// HTTP API manual for 2N devices, section 5.1.1.
std::uint8_t asked_for(std::string_view method, std::string_view target) {
    return (method == "GET" || method == "POST") && http_path(target) == "/api/system/info" ? 1 : 0;
}

// The same: many programs have a page of that name, but not these members, nor a MAC in this form.
bool answer(std::uint8_t, std::string_view body, const Slice& place, Claims& claims) {
    const JsonScalars json = read_json(body);
    const std::string_view model = json.string_at("result/variant");
    const std::string_view serial = json.string_at("result/serialNumber");
    const std::string_view firmware = json.string_at("result/swVersion");
    const std::string_view hardware = json.string_at("result/hwVersion");
    const std::optional<Mac> mac = Mac::parse(json.string_at("result/macAddr"));
    const bool success = json.at("success") == "true";
    if (!json.whole || !success || model.empty() || serial.empty() || firmware.empty() || hardware.empty() || !mac)
        return false;
    if (starts_with_ignoring_case(model, "2N ")) claims.matched(Field::brand, "2N", place, "system_info");
    claims.stated(Field::model, model, place, "system_info");
    claims.stated(Field::serial, serial, place, "system_info");
    claims.stated(Field::firmware, firmware, place, "system_info");
    claims.stated(Field::hardware, hardware, place, "system_info");
    Endpoint station = claims.subject();
    if (!mac->known() || mac->group() || !station.ip.known()) return true;
    const std::string ip = station.ip.text();
    station.mac = *mac;
    station.ip = {};
    claims.about(station).stated(Field::address, ip, place, "system_info");
    return true;
}

constexpr HttpApi api = {asked_for, answer};

constexpr ExampleMessage intercom[] = {
    {From::Client, {}, "GET /api/system/info HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 236\r\n\r\n"
     "{\"success\":true,\"result\":{\"devType\":\"2-14-0-0\",\"variant\":\"2N IP Example\",\"variantId\":14,\"customerId\":0,"
     "\"serialNumber\":\"00-0000-0042\",\"macAddr\":\"00-00-5E-00-53-14\",\"hwVersion\":\"570v1\",\"swVersion\":\"2.35.0.45."
     "6\","
     "\"deviceName\":\"Wilhelmina\"}}"}};
constexpr std::string_view intercom_claims[] = {
    "server brand=2N",       "server model=2N IP Example",   "server serial=00-0000-0042", "server firmware=2.35.0.45.6",
    "server hardware=570v1", "server-mac address=192.0.2.20"};
constexpr ExampleMessage other[] = {
    {From::Client, {}, "GET /api/system/info HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Length: 52\r\n\r\n{\"success\":true,\"result\":{\"variant\":\"2N of a kind\"}}"}};
constexpr Example examples[] = {
    {"an intercom; the owner's name for it is not kept", Layer::Tcp, 80, intercom, intercom_claims},
    {"another server's page of that name", Layer::Tcp, 80, other, {}},
};

}  // namespace

Decoder intercom_2n() {
    Decoder decoder = http_api_decoder<api>();
    decoder.name = "intercom_2n";
    decoder.title = "2N device information";
    decoder.spec = "HTTP API manual for 2N devices, section 5.1.1 api system info";
    decoder.starts = Starts("'GET /api'", "'POST /ap'");
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
