// Sungrow WiNet: the communication module of inverters, hybrid inverters and chargers serves its own page, and programs in the
// house, by JSON in a WebSocket (TCP 8082), without a login in older firmware. It lists what hangs on it with model and serial
// number, and takes settings there: that is seen here.
//
//   GET /ws/home/overview, Upgrade: websocket; then, in text frames:
//   {"lang":"en_us","token":"","service":"devicelist",...}
//   {"result_code":1,"result_msg":"success","result_data":{"service":"devicelist","list":[{"dev_id":1,"dev_type":35,
//     "dev_sn":"...","dev_model":"SH5.0RS",...}]}}
//
// Tokens and passwords are not read.
#include <algorithm>
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/http_message.h"
#include "decoders/json_reader.h"
#include "decoders/websocket.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t longest_payload = 16 * 1024;
constexpr std::size_t most_devices = 32;

struct Notes {
    bool upgraded[2];
};

// No specification is public; the path as sungrowlib, Optmybat and other public projects open it.
bool opens(const HttpHead& head) {
    if (!is_websocket_upgrade(head)) return false;
    return head.kind == HttpHead::Kind::Request && head.target == "/ws/home/overview";
}

bool recognise(ByteCursor message, const Flow& flow) {
    return flow.from_opener && looks_like_http(message) && opens(read_http_head(message));
}

// The names that WiNet itself gives its numbers ("/device/getType"), where the vocabulary has the thing.
std::string_view category_of(std::string_view type) {
    if (type == "1" || type == "21") return "solar_inverter";
    if (type == "35") return "hybrid_inverter";
    if (type == "18") return "energy_meter";
    if (type == "46") return "ev_charger";
    return {};
}

void devices(const JsonScalars& said, const Slice& witness, const Claims& claims) {
    for (std::size_t i = 0; i < most_devices; ++i) {
        const std::string at = "result_data/list/" + std::to_string(i) + "/";
        const std::string_view id = said.at(at + "dev_id");
        if (id.empty() || id.size() > 5 || id.find_first_not_of("0123456789") != std::string_view::npos) return;
        const std::string_view category = category_of(said.at(at + "dev_type"));
        Claims device = claims.part("winet/" + std::string(id));
        // Meters and batteries that hang on it are of others, too.
        if (category.ends_with("inverter")) device.matched(Field::brand, "Sungrow", witness, "devicelist");
        device.matched(Field::category, category, witness, "devicelist");
        device.stated(Field::model, said.string_at(at + "dev_model"), witness, "devicelist");
        device.stated(Field::serial, said.string_at(at + "dev_sn"), witness, "devicelist");
    }
}

void payload(const std::string& text, const Slice& witness, const Flow& flow, Claims& claims) {
    const JsonScalars said = read_json(text);
    if (flow.from_opener) {
        // "param" sets parameters, as Optmybat does.
        if (said.string_at("service") == "param")
            claims.about(flow.receiver)
                .stated(Field::remote_observed, "winet param from " + flow.sender.ip.text(), witness, "param");
        return;
    }
    if (said.at("result_code").empty() || said.string_at("result_msg").empty()) return;
    const std::string_view service = said.string_at("result_data/service");
    if (service.empty()) return;
    claims.matched(Field::brand, "Sungrow", witness, "service");
    claims.matched(Field::category, "datalogger", witness, "service");
    if (service == "devicelist" && said.whole) devices(said, witness, claims);
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    Notes& notes = flow.state->notes<Notes>();
    bool& upgraded = notes.upgraded[flow.from_opener ? 1 : 0];
    const std::size_t there = message.left();
    const std::size_t start = message.offset();
    if (!upgraded) {
        const HttpHead head = read_http_head(message);
        if (head.kind == HttpHead::Kind::Incomplete && !flow.ended) return need(there + 1);
        const bool answered = head.kind == HttpHead::Kind::Response && notes.upgraded[1] && is_websocket_upgrade(head);
        if (!answered && !(flow.from_opener && opens(head))) return not_this();
        upgraded = true;
        observe_http_head(head, claims);
        return done(message.offset() - start);
    }
    WebSocketFrame frame;
    if (!read_websocket_frame(message, frame)) return not_this();
    if (!message.ok()) return need(there + 1);
    const std::size_t size = message.offset() - start;
    // Messages in pieces, packed ones and long ones are passed over.
    const bool plain = frame.opcode == websocket::text_frame && frame.last && !frame.deflated;
    if (!plain || frame.length > longest_payload) return done(size + std::min<std::uint64_t>(frame.length, SIZE_MAX / 2));
    if (message.left() < frame.length) return flow.ended ? done() : need(size + frame.length);
    const Slice bytes = message.bytes(frame.length);
    std::string text;
    append_websocket_payload(bytes, frame, text);
    payload(text, bytes, flow, claims);
    return done(size + frame.length);
}

constexpr ExampleMessage lists[] = {
    {From::Client,
     {},
     "GET /ws/home/overview HTTP/1.1\r\nHost: 192.0.2.20:8082\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
     "Sec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==\r\nSec-WebSocket-Version: 13\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
     "Sec-WebSocket-Accept: AAECAwQFBgcICQoLDA0ODxAREhM=\r\n\r\n"},
    // {"lang":"en_us","token":"","service":"devicelist","type":"0"}
    {From::Client,
     "81bd01020304 |"
     "7a206f656f65213e23676d5b7471212823766c6f646c213e23202f2672677172686166263b206761776b60616d6b7070232e2170"
     "787266263b2033267c",
     {}},
    // {"result_code":1,"result_msg":"success","result_data":{"service":"devicelist","list":[{"id":1,"dev_id":1,"dev_
    //   type":35,"dev_sn":"B9900000042","dev_name":"roof","dev_model":"SH5.0RS","port_name":"COM1","list":[]},{"id":2,
    //   "dev_id":2,"dev_type":18,"dev_sn":"","dev_model":"EXM-3"}],"count":2}}
    {From::Server,
     "817e0122 |"
     "7b22726573756c745f636f6465223a312c22726573756c745f6d7367223a2273756363657373222c22726573756c745f64617461"
     "223a7b2273657276696365223a226465766963656c697374222c226c697374223a5b7b226964223a312c226465765f6964223a31"
     "2c226465765f74797065223a33352c226465765f736e223a224239393030303030303432222c226465765f6e616d65223a22726f"
     "6f66222c226465765f6d6f64656c223a225348352e305253222c22706f72745f6e616d65223a22434f4d31222c226c697374223a"
     "5b5d7d2c7b226964223a322c226465765f6964223a322c226465765f74797065223a31382c226465765f736e223a22222c226465"
     "765f6d6f64656c223a2245584d2d33227d5d2c22636f756e74223a327d7d",
     {}},
    // {"lang":"en_us","token":"t","service":"param","dev_type":"35","devid_array":["1"]}
    {From::Client,
     "81d201020304 |"
     "7a206f656f65213e23676d5b7471212823766c6f646c213e2376212823716676776b60612338217460706269232e216064745c70"
     "787266263b203031232e216064746a605e637176607b213e5a2032265c7f",
     {}}};
constexpr std::string_view lists_claims[] = {"server brand=Sungrow",
                                             "server category=datalogger",
                                             "server[winet/1] brand=Sungrow",
                                             "server[winet/1] category=hybrid_inverter",
                                             "server[winet/1] model=SH5.0RS",
                                             "server[winet/1] serial=B9900000042",
                                             "server[winet/2] category=energy_meter",
                                             "server[winet/2] model=EXM-3",
                                             "server remote_observed=winet param from 192.0.2.10"};
constexpr ExampleMessage other_page[] = {
    {From::Client,
     {},
     "GET /ws/home/overview HTTP/1.1\r\nHost: 192.0.2.20:8082\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
     "Sec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==\r\nSec-WebSocket-Version: 13\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
     "Sec-WebSocket-Accept: AAECAwQFBgcICQoLDA0ODxAREhM=\r\n\r\n"},
    {From::Server, "81 11 7b2268656c6c6f223a22776f726c64227d", {}}};
constexpr Example examples[] = {
    {"a module lists an inverter and a meter, and is set", Layer::Tcp, 8082, lists, lists_claims},
    {"another server's WebSocket of that path says nothing", Layer::Tcp, 8082, other_page, {}},
};
constexpr std::uint16_t ports[] = {8082};

}  // namespace

Decoder sungrow_winet() {
    Decoder decoder;
    decoder.name = "sungrow_winet";
    decoder.title = "Sungrow WiNet";
    decoder.spec = "unpublished; as sungrowlib and Optmybat speak it (public projects); RFC 6455";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("'GET /ws/'");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    decoder.specialises = "http";
    return decoder;
}

}  // namespace herkomst::decoders
