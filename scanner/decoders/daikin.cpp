// Daikin: the network adaptors of Daikin's air conditioners and heat pumps answer a broadcast question (UDP 30050) in plain
// text, with firmware and region, and the same over HTTP; there they also take commands, without authentication on the local
// network, and who sends one is seen.
//
//   DAIKIN_UDP/common/basic_info        ret=OK,type=aircon,reg=eu,...,ver=1_14_68,rev=...,pow=1,...,mac=...,adp_kind=...
//   GET /common/basic_info              the same, with the owner's account in it, which is not kept
//   GET /aircon/get_model_info          ret=OK,model=0AB9,type=N,...
//   GET or POST /aircon/set_control_info?pow=1&mode=4&...          ret=OK,adv=
//
// The layout is not published by its maker. It is the one that pydaikin and daikin-control (public projects) speak.
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/http_api.h"

namespace herkomst::decoders {

namespace {

constexpr std::string_view question = "DAIKIN_UDP/common/basic_info";

// As pydaikin (public project) reads: an answer begins with success and a type and has the three names that every adaptor
// gives.
bool is_basic_info(std::string_view text) {
    return text.starts_with("ret=OK,type=") && text.find(",ver=") != std::string_view::npos &&
           text.find(",mac=") != std::string_view::npos && text.find(",adp_kind=") != std::string_view::npos;
}

// The value of a name in "a=b,c=d".
std::string_view value_of(std::string_view all, std::string_view name) {
    for (const std::string_view item : split(all, ',')) {
        const std::size_t equals = item.find('=');
        if (equals != std::string_view::npos && item.substr(0, equals) == name) return item.substr(equals + 1);
    }
    return {};
}

// The name that the owner gave the room is not kept.
void basic_info(std::string_view text, const Slice& place, Claims& claims) {
    const std::string_view type = value_of(text, "type");
    claims.matched(Field::brand, "Daikin", place_of(place, type), "basic_info");
    claims.matched(Field::category, "hvac", place_of(place, type), "basic_info");
    const std::string_view firmware = value_of(text, "ver");
    std::string version(firmware);
    for (char& c : version) c = c == '_' ? '.' : c;
    claims.stated(Field::firmware, version, place_of(place, firmware), "basic_info");
    const std::string_view mac_text = value_of(text, "mac");
    const std::optional<Mac> mac = Mac::parse(mac_text);
    Endpoint station = claims.subject();
    if (!mac || !mac->known() || mac->group() || !station.ip.known()) return;
    const std::string ip = station.ip.text();
    station.mac = *mac;
    station.ip = {};
    claims.about(station).stated(Field::address, ip, place_of(place, mac_text), "basic_info");
}

enum Asked : std::uint8_t { Nothing = 0, BasicInfo, ModelInfo, Set, Others = HttpApi::only_within };

std::uint8_t asked_for(std::string_view method, std::string_view target) {
    const std::string_view path = http_path(target);
    const bool sets = path == "/aircon/set_control_info" || path == "/aircon/set_special_mode";
    if (sets && (method == "GET" || method == "POST")) return Set;
    if (method == "GET" && path == "/common/basic_info") return BasicInfo;
    if (method == "GET" && path == "/aircon/get_model_info") return ModelInfo;
    return path.starts_with("/aircon/") || path.starts_with("/common/") ? Others : Nothing;
}

std::string_view order(std::uint8_t asked) { return asked == Set ? "daikin set" : ""; }

bool answer(std::uint8_t asked, std::string_view body, const Slice& place, Claims& claims) {
    const std::string_view text = trimmed(body);
    if (asked == BasicInfo) {
        if (!is_basic_info(text)) return false;
        basic_info(text, place, claims);
        return true;
    }
    // Refusals are "ret=PARAM NG"; a model that is none is "NOTSUPPORT".
    if (!text.starts_with("ret=OK")) return false;
    if (asked == Set) return true;
    const std::string_view model = value_of(text, "model");
    if (model.empty() || value_of(text, "type").empty()) return false;
    if (model != "NOTSUPPORT") claims.stated(Field::model, model, place_of(place, model), "model_info");
    return true;
}

constexpr HttpApi api = {asked_for, answer, order};

// As pydaikin asks: the question word for word.
bool recognise(ByteCursor message, const Flow& flow) {
    if (flow.layer == Layer::Tcp) return recognise_http_api(message, flow, api);
    const std::string_view text = message.text_ahead();
    if (text.size() > 2048) return false;
    if (text.starts_with(question)) return text.size() <= question.size() + 2;
    return is_basic_info(text);
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (flow.layer == Layer::Tcp) return observe_http_api(message, flow, claims, api);
    if (!recognise(message, flow)) return not_this();
    const Slice all = message.rest();
    if (all.text().starts_with("ret=OK")) basic_info(all.text(), all, claims);
    return done();
}

constexpr ExampleMessage asked_and_answered[] = {
    {From::Client, {}, "DAIKIN_UDP/common/basic_info"},
    {From::Server,
     {},
     "ret=OK,type=aircon,reg=eu,dst=1,ver=1_14_68,rev=C3FF8A6,pow=1,err=0,location=0,name=%72%6f%6f%6d,icon=0,method=home only,"
     "port=30050,id=,pw=,lpw_flag=0,adp_kind=3,pv=3.20,cpv=3,mac=00005E005314,ssid=,adp_mode=run"}};
constexpr std::string_view answered_claims[] = {"server brand=Daikin", "server category=hvac", "server firmware=1.14.68",
                                                "server-mac address=192.0.2.20"};
constexpr ExampleMessage asked[] = {{From::Client, {}, "DAIKIN_UDP/common/basic_info"}};
constexpr ExampleMessage over_http[] = {
    {From::Client, {}, "GET /common/basic_info HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 106\r\n\r\n"
     "ret=OK,type=aircon,reg=eu,ver=1_2_54,pow=0,name=%57,id=wilhelmina,pw=secret00,adp_kind=3,mac=00005E005314 "},
    {From::Client, {}, "GET /aircon/get_model_info HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server, {}, "HTTP/1.1 200 OK\r\nContent-Length: 27\r\n\r\nret=OK,model=0EX9,type=N,pv"},
    {From::Client, {}, "GET /aircon/set_control_info?pow=0&mode=4 HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server, {}, "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nret=OK,adv="}};
constexpr std::string_view over_http_claims[] = {"server brand=Daikin",    "server category=hvac",
                                                 "server firmware=1.2.54", "server-mac address=192.0.2.20",
                                                 "server model=0EX9",      "server remote_observed=daikin set from 192.0.2.10"};
constexpr ExampleMessage not_set[] = {
    {From::Client, {}, "GET /aircon/set_control_info?pow=9 HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server, {}, "HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\nret=PARAM NG,msg=no"}};
constexpr ExampleMessage other_page[] = {{From::Client, {}, "GET /common/basic_info HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
                                         {From::Server, {}, "HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n<html>hello</html"}};
constexpr Example examples[] = {
    {"an adaptor answers", Layer::Udp, 30050, asked_and_answered, answered_claims},
    {"the question names nobody", Layer::Udp, 30050, asked, {}},
    {"the same over HTTP, where it is set; the owner's account is not kept", Layer::Tcp, 80, over_http, over_http_claims},
    {"what it refuses was not set", Layer::Tcp, 80, not_set, {}},
    {"another server's page of that path", Layer::Tcp, 80, other_page, {}},
};
constexpr std::uint16_t ports[] = {30050, 30000, 80};

}  // namespace

Decoder daikin() {
    Decoder decoder;
    decoder.name = "daikin";
    decoder.title = "Daikin adaptors";
    decoder.spec = "unpublished; as spoken by pydaikin and daikin-control (public projects)";
    decoder.layers = Layer::Udp | Layer::Tcp;
    decoder.ports = ports;
    decoder.starts = Starts("'DAIKIN_U'", "'ret=OK,t'", "'GET /com'", "'GET /air'", "'POST /ai'");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.specialises = "http";
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
