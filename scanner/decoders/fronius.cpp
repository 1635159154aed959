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
#include "decoders/http_message.h"
#include "decoders/json_reader.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t longest_body = 16 * 1024;

enum Asked : std::uint8_t { Other = 0, Logger, Inverter, Meter, Storage };

struct Notes {
    std::array<std::uint8_t, 16> asked;
    std::uint8_t first;
    std::uint8_t waiting;
};

struct Call {
    std::string_view start;
    Asked asked;
};
// Fronius Solar API V1 (42,0410,2012), sections 3.7 to 3.13.
constexpr auto calls = std::to_array<Call>({{"getloggerinfo.cgi", Logger},
                                            {"getinverterinfo.cgi", Inverter},
                                            {"getmeterrealtimedata.cgi", Meter},
                                            {"getstoragerealtimedata.cgi", Storage}});

bool is_api(std::string_view target) { return starts_with_ignoring_case(target, "/solar_api/"); }

Asked asked_for(std::string_view target) {
    const std::string path = lower(target.substr(0, target.find('?')));
    const std::string_view last = std::string_view(path).substr(path.rfind('/') + 1);
    for (const Call& call : calls) {
        if (last == call.start) return call.asked;
    }
    return Other;
}

// The same, section 2.4: a request for a path below /solar_api/.
bool recognise(ByteCursor message, const Flow& flow) {
    if (!flow.from_opener || !looks_like_http(message)) return false;
    const std::string_view text = message.text_ahead();
    return text.starts_with("GET ") && is_api(text.substr(4, text.find('\n')));
}

// RFC 9112 section 7.1: the chunks put together; false when the last one is not there.
bool join_chunks(std::string_view body, std::string& out, std::size_t& size) {
    size = 0;
    while (size < body.size()) {
        const std::size_t line = body.find("\r\n", size);
        if (line == std::string_view::npos || line == size || line - size > 8) return false;
        std::size_t length = 0;
        for (std::size_t i = size; i < line && body[i] != ';'; ++i) {
            const char c = static_cast<char>(body[i] | 0x20);
            const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
            if (digit < 0) return false;
            length = length * 16 + static_cast<std::size_t>(digit);
        }
        if (length > longest_body || line + 2 + length + 2 > body.size()) return false;
        out += body.substr(line + 2, length);
        size = line + 2 + length + 2;
        if (length == 0) return true;
    }
    return false;
}

void logger(const JsonScalars& json, const Slice& place, Claims& claims) {
    const auto said = [&](std::string_view key) { return json.string_at("Body/LoggerInfo/" + std::string(key)); };
    claims.stated(Field::product, said("ProductID"), place, "logger");
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

// Section 2.5: every response has Head/Status/Code and, but for the version, Body.
void answer(Asked asked, std::string_view body, const Slice& place, Claims& claims) {
    const JsonScalars json = read_json(body);
    if (!json.whole || json.at("Head/Status/Code") != "0") return;
    claims.matched(Field::brand, "Fronius", place, "solar_api");
    if (asked == Logger) logger(json, place, claims);
    if (asked == Inverter) inverters(json, place, claims);
    if (asked == Meter) connected(json, "meter", place, claims);
    if (asked == Storage) connected(json, "storage", place, claims);
}

std::size_t content_length(const HttpHead& head) {
    std::size_t size = 0;
    for (const char c : head.field("Content-Length").text()) {
        if (c < '0' || c > '9' || size > 1'000'000'000) return 0;
        size = size * 10 + static_cast<std::size_t>(c - '0');
    }
    return size;
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    Notes& notes = flow.state->notes<Notes>();
    const std::size_t start = message.offset();
    const std::size_t there = message.left();
    const HttpHead head = read_http_head(message);
    if (head.kind == HttpHead::Kind::Incomplete && !flow.ended) return need(there + 1);
    const std::size_t head_size = message.offset() - start;
    if (head.kind == HttpHead::Kind::Request) {
        // Another page of the same server: http reads it.
        if (head.method != "GET" || !is_api(head.target)) return not_this();
        observe_http_head(head, claims);
        if (notes.waiting < notes.asked.size()) {
            notes.asked[(notes.first + notes.waiting) % notes.asked.size()] = asked_for(head.target);
            ++notes.waiting;
        }
        return done(head_size);
    }
    if (head.kind != HttpHead::Kind::Response || notes.waiting == 0) return not_this();
    std::size_t size = content_length(head);
    std::string joined;
    const bool chunked = head.has_token("Transfer-Encoding", "chunked");
    if (chunked && !join_chunks(message.text_ahead(), joined, size)) {
        if (message.left() < longest_body && !flow.ended) return need(there + 1);
        return not_this();
    }
    if (size <= longest_body && message.left() < size && !flow.ended) return need(head_size + size);
    observe_http_head(head, claims);
    const Asked asked = static_cast<Asked>(notes.asked[notes.first]);
    notes.first = static_cast<std::uint8_t>((notes.first + 1) % notes.asked.size());
    --notes.waiting;
    if (size > longest_body || message.left() < size) return done(head_size + size);
    const Slice body = message.bytes(size);
    if (head.status == 200) answer(asked, chunked ? std::string_view(joined) : body.text(), body, claims);
    return done(head_size + size);
}

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
constexpr ExampleMessage refused[] = {
    {From::Client, {}, "GET /solar_api/GetAPIVersion.cgi HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: example/1\r\n\r\n"},
    {From::Server, {}, "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}"}};
constexpr std::string_view refused_claims[] = {"client software=example/1"};
constexpr Example examples[] = {
    {"a data manager, its inverters and a battery of another maker; names of people are not kept", Layer::Tcp, 80, manager,
     manager_claims},
    {"whoever does not answer is not named", Layer::Tcp, 80, refused, refused_claims},
};
constexpr std::uint16_t ports[] = {80, 8080};

}  // namespace

Decoder fronius() {
    Decoder decoder;
    decoder.name = "fronius";
    decoder.title = "Fronius Solar API";
    decoder.spec = "Fronius Solar API V1 (42,0410,2012)";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("'GET /' i'sol'");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    decoder.specialises = "http";
    return decoder;
}

}  // namespace herkomst::decoders
