// HTTP/1: servers and clients name the program that speaks (Server, User-Agent), a password realm often names the very model,
// and a UPnP device description names maker, model and serial number in clear.
//
//   request   METHOD SP target SP HTTP/1.x CRLF  *(name ":" value CRLF)  CRLF  [body]
//   response  HTTP/1.x SP status SP reason CRLF  *(name ":" value CRLF)  CRLF  [body]
//   body      Content-Length bytes, or chunks |hex size CRLF|data|CRLF| ... |"0" CRLF|trailers|CRLF|, or up to the end
//
// Bodies are skipped unread, except the first 8 KiB of a front page (its title), the first 32 KiB of an XML document (a
// UPnP device description) and a favicon of at most 32 KiB, of which the MD5 sum is told: makers seldom draw a new one, and
// collections of fingerprints (Rapid7's favicons.xml) know the sums. What people visit stays out: no path, query, cookie or
// credential is kept, and a title only when the page asked for is a server's front door.
#include <algorithm>
#include <array>

#include "core/hash.h"
#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/http_message.h"
#include "decoders/tunnel.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t for_good = SIZE_MAX / 2;
constexpr std::size_t page_start = 8 * 1024;
constexpr std::size_t description_size = 32 * 1024;
constexpr std::size_t largest_icon = 32 * 1024;

enum class Look : std::uint8_t { No, Title, Description, Icon };
enum class Phase : std::uint8_t { Head, Body, Chunks };
enum Asked : std::uint8_t { Plain = 0, ForHead = 1, ForTunnel = 2, FrontPage = 4, Favicon = 8, OfAnother = 16 };

struct Side {
    std::uint64_t body_left;
    std::uint32_t looked_at;
    Phase phase;
    Look look;
};
// Requests wait for their responses in order (RFC 9112 section 9.3.2: pipelining); more than these and the link is lost.
struct Notes {
    Side sides[2];
    std::array<std::uint8_t, 32> asked;
    std::uint8_t first;
    std::uint8_t waiting;
    bool tunnel;
    bool order_told[2];
};

std::string_view path_of(std::string_view target) {
    const std::size_t scheme = target.find("://");
    if (scheme == std::string_view::npos || scheme > 5) return target;
    const std::size_t path = target.find('/', scheme + 3);
    return path == std::string_view::npos ? std::string_view("/") : target.substr(path);
}

// "/", "/index.html", "/web/login.cgi": a page that every visitor of the server gets to see, whatever they came for.
bool is_front_page(std::string_view target) {
    const std::string_view path = path_of(target);
    if (path.empty() || path.front() != '/' || path.find('?') != std::string_view::npos) return false;
    const auto depth = std::count(path.begin(), path.end(), '/');
    const std::string_view last = path.substr(path.rfind('/') + 1);
    const std::string_view stem = last.substr(0, last.find('.'));
    const auto is_stem = [&](std::string_view door) { return equal_ignoring_case(stem, door); };
    constexpr std::array<std::string_view, 6> doors = {"", "index", "default", "home", "main", "start"};
    constexpr std::array<std::string_view, 2> logins = {"login", "logon"};
    return (depth == 1 && std::any_of(doors.begin(), doors.end(), is_stem)) ||
           (depth <= 2 && std::any_of(logins.begin(), logins.end(), is_stem));
}

// RFC 9112 section 3.2.2: a whole address is what a proxy is asked for, unless it is the receiver's own. What comes back is
// another server's.
bool is_for_another(std::string_view target, const IpAddress& receiver) {
    const std::size_t scheme = target.find("://");
    if (scheme == std::string_view::npos || scheme > 5) return false;
    std::string_view host = target.substr(scheme + 3);
    host = host.substr(0, host.find_first_of("/?#"));
    if (host.starts_with('[')) {
        host = host.substr(1, host.find(']') - 1);
    } else {
        host = host.substr(0, host.find(':'));
    }
    const auto ip = IpAddress::parse(host);
    return !ip || *ip != receiver;
}

std::uint8_t asked_for(const HttpHead& request, const IpAddress& receiver) {
    if (is_for_another(request.target, receiver))
        return static_cast<std::uint8_t>(request.method == "HEAD" ? OfAnother | ForHead : OfAnother);
    if (request.method == "HEAD") return ForHead;
    if (request.method == "CONNECT") return ForTunnel;
    if (request.method == "GET" && path_of(request.target) == "/favicon.ico") return Favicon;
    return request.method == "GET" && is_front_page(request.target) ? FrontPage : Plain;
}

Look worth_a_look(const HttpHead& response, std::uint8_t asked) {
    if (response.status != 200 || (asked & OfAnother) != 0 || passed_on(response)) return Look::No;
    const std::string_view encoding = response.field("Content-Encoding").text();
    if (!encoding.empty() && !equal_ignoring_case(encoding, "identity")) return Look::No;
    const std::string_view type = response.field("Content-Type").text();
    // Some servers answer every path with a page.
    if ((asked & Favicon) != 0) return starts_with_ignoring_case(type, "text/") ? Look::No : Look::Icon;
    if (starts_with_ignoring_case(type, "text/xml") || starts_with_ignoring_case(type, "application/xml")) {
        return Look::Description;
    }
    return (asked & FrontPage) != 0 && starts_with_ignoring_case(type, "text/html") ? Look::Title : Look::No;
}

// RFC 9112 section 6.3. False when the value is no number: then nobody can say where the message ends.
bool content_length(std::string_view text, std::uint64_t& length) {
    length = 0;
    if (text.empty() || text.size() > 18) return false;
    for (const char c : text) {
        if (c < '0' || c > '9') return false;
        length = length * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return true;
}

std::string with_entities_read(std::string_view text) {
    struct Entity {
        std::string_view name;
        char character;
    };
    constexpr std::array<Entity, 8> entities = {{{"&amp;", '&'},
                                                 {"&lt;", '<'},
                                                 {"&gt;", '>'},
                                                 {"&quot;", '"'},
                                                 {"&apos;", '\''},
                                                 {"&#39;", '\''},
                                                 {"&#34;", '"'},
                                                 {"&nbsp;", ' '}}};
    std::string out;
    while (!text.empty()) {
        const auto entity = std::find_if(entities.begin(), entities.end(),
                                         [&](const Entity& e) { return text.substr(0, e.name.size()) == e.name; });
        if (entity == entities.end()) {
            out.push_back(text.front());
            text.remove_prefix(1);
        } else {
            out.push_back(entity->character);
            text.remove_prefix(entity->name.size());
        }
    }
    return out;
}

// The text of the first closed element of that name: `<name ...>text</name>`. Empty when there is none.
Slice element(const Slice& document, std::string_view folded_document, std::string_view name) {
    std::size_t at = 0;
    const std::string close = "</" + std::string(name);
    while ((at = folded_document.find('<', at)) != std::string_view::npos) {
        ++at;
        if (folded_document.substr(at, name.size()) != name) continue;
        const char after = at + name.size() < folded_document.size() ? folded_document[at + name.size()] : '\0';
        if (after != '>' && after != ' ' && after != '\t' && after != '\r' && after != '\n') continue;
        const std::size_t open_end = folded_document.find('>', at);
        if (open_end == std::string_view::npos || folded_document[open_end - 1] == '/') return {};
        const std::size_t end = folded_document.find(close, open_end);
        if (end == std::string_view::npos) return {};
        return {document.bytes.subspan(open_end + 1, end - open_end - 1), document.offset + open_end + 1};
    }
    return {};
}

void claim_element(Field field, const Slice& document, std::string_view folded, std::string_view name, std::string_view what,
                   Claims& claims) {
    const Slice text = element(document, folded, name);
    if (!text.empty() && text.size() <= 512) claims.stated(field, without_mail(with_entities_read(text.text())), text, what);
}

void hint_element(Field field, const Slice& document, std::string_view folded, std::string_view name, std::string_view what,
                  Claims& claims) {
    const Slice text = element(document, folded, name);
    if (!text.empty() && text.size() <= 512) claims.hinted(field, without_mail(with_entities_read(text.text())), text, what);
}

// Who answers with this is a program on whatever computer: it names itself and whoever wrote it. A media server is one (UPnP
// MediaServer:1 section 1.1) on a disk or a router too; of renderers these, the others are televisions and loudspeakers.
bool is_program(std::string_view type, std::string_view maker, std::string_view model) {
    if (type.find(":device:mediaserver:") != std::string_view::npos) return true;
    if (type.find(":device:mediarenderer:") == std::string_view::npos) return false;
    constexpr std::string_view programs[] = {"windows media player",
                                             "windows digital media renderer",
                                             "kodi",
                                             "xbmc",
                                             "gmediarender",
                                             "gmrender",
                                             "rygel",
                                             "bubbleupnp",
                                             "foobar2000",
                                             "upmpdcli",
                                             "vlc",
                                             "jellyfin"};
    return std::any_of(std::begin(programs), std::end(programs), [&](std::string_view program) {
        return model.find(program) != std::string_view::npos || maker.find(program) != std::string_view::npos;
    });
}

// Descriptions that home automation on any computer gives out as its own, so that loudspeakers with an assistant obey it: the
// bridge of Hue and the plugs of WeMo. They hint, and their number may be the same on every such computer.
bool is_often_imitated(std::string_view name_space, std::string_view model) {
    return name_space == "urn:belkin:device-1-0" || model.find("hue bridge") != std::string_view::npos;
}

// UPnP Device Architecture 2.0 section 2.3: <root xmlns="urn:schemas-upnp-org:device-1-0"> ... <device> ... . Embedded devices
// come in <deviceList> at the end and do not speak for the box. The friendly name is often a person's and is left out. WeMo
// has a name space of its own (seen in several public projects' answers and in what they take).
void observe_description(const Slice& all, Claims& claims) {
    const std::string folded_all = lower(all.text());
    const std::size_t root = folded_all.find("<root");
    constexpr std::string_view standard = "urn:schemas-upnp-org:device-1-0", wemo = "urn:belkin:device-1-0";
    const std::string_view used = folded_all.find(standard) != std::string::npos ? standard : wemo;
    const std::size_t name_space = folded_all.find(used);
    const std::size_t device = folded_all.find("<device>");
    if (root == std::string::npos || name_space == std::string::npos || device == std::string::npos) return;
    if (!(root < name_space && name_space < device)) return;
    const std::size_t end = std::min(folded_all.find("<devicelist", device), folded_all.size());
    const Slice own{all.bytes.subspan(device, end - device), all.offset + device};
    const std::string_view folded = std::string_view(folded_all).substr(device, end - device);
    const auto word = [&](std::string_view name) { return lower(element(own, folded, name).text()); };
    const std::string model = word("modelname");
    if (is_program(word("devicetype"), word("manufacturer"), model)) {
        claim_element(Field::software, own, folded, "modelname", "upnp.program", claims);
        return;
    }
    if (is_often_imitated(used, model)) {
        hint_element(Field::brand, own, folded, "manufacturer", "upnp.imitated", claims);
        hint_element(Field::model, own, folded, "modelname", "upnp.imitated", claims);
        return;
    }
    claim_element(Field::brand, own, folded, "manufacturer", "upnp.manufacturer", claims);
    claim_element(Field::model, own, folded, "modelname", "upnp.model-name", claims);
    claim_element(Field::product, own, folded, "modelnumber", "upnp.model-number", claims);
    claim_element(Field::product, own, folded, "modeldescription", "upnp.model-description", claims);
    claim_element(Field::serial, own, folded, "serialnumber", "upnp.serial", claims);
    claim_element(Field::unique_id, own, folded, "udn", "upnp.udn", claims);
}

// The sum covers all of it; an icon in chunks is passed over.
std::size_t observe_icon(const Slice& body, std::size_t body_size, bool ended, Claims& claims) {
    const bool to_the_end = body_size >= for_good;
    if (!to_the_end && body_size > largest_icon) return 0;
    if (body.size() > largest_icon || body.empty()) return 0;
    if (body.size() < body_size && !ended) return to_the_end ? body.size() + 1 : body_size;
    if (to_the_end || body.size() == body_size)
        claims.hinted(Field::banner, "favicon-md5:" + md5(body.text()), body, "favicon");
    return 0;
}

// Reads what the body's start says. `wanted` is how much of the body must be in the window first; 0 when there is enough.
std::size_t look_at(Look look, const Slice& body, std::size_t body_size, bool ended, Claims& claims) {
    if (look == Look::No) return 0;
    if (look == Look::Icon) return observe_icon(body, body_size, ended, claims);
    const std::size_t enough = std::min(body_size, look == Look::Title ? page_start : description_size);
    const Slice start{body.bytes.first(std::min(body.size(), enough)), body.offset};
    const std::string_view closing = look == Look::Title ? "</title" : "</root";
    const bool closed = contains_ignoring_case(start.text(), closing);
    if (!closed && start.size() < enough && !ended) return enough;
    if (look == Look::Description) {
        observe_description(start, claims);
    } else {
        const std::string folded = lower(start.text());
        claim_element(Field::banner, start, folded, "title", "title", claims);
    }
    return 0;
}

Verdict observe_body(ByteCursor message, const Flow& flow, Side& side, Claims& claims) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(side.body_left, for_good));
    ByteCursor ahead = message;
    const std::size_t wanted = look_at(side.look, ahead.bytes(std::min(size, ahead.left())), size, flow.ended, claims);
    if (wanted > 0) return need(wanted);
    side = Side{};
    return done(size);
}

// RFC 9112 section 7.1: chunk = chunk-size [chunk-ext] CRLF chunk-data CRLF; the last chunk has size 0, then trailer fields.
Verdict observe_chunk(ByteCursor message, const Flow& flow, Side& side, Claims& claims) {
    const std::string_view ahead = message.text_ahead();
    if (ahead.find('\n') == std::string_view::npos) {
        if (ahead.size() < 256 && !flow.ended) return need(ahead.size() + 1);
        side = Side{};
        return done();
    }
    const std::size_t start = message.offset();
    const std::string_view line = trimmed(message.line().text());
    std::size_t size = 0;
    std::size_t digits = 0;
    for (; digits < line.size() && digits < 8; ++digits) {
        const char c = line[digits];
        const int value = c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
        if (value < 0) break;
        size = size * 16 + static_cast<std::size_t>(value);
    }
    const bool shaped = digits > 0 && (digits == line.size() || line[digits] == ';' || line[digits] == ' ');
    if (!shaped) {
        side = Side{};
        return done();
    }
    if (size == 0) {
        for (int lines = 0; lines < 100; ++lines) {
            if (message.text_ahead().find('\n') == std::string_view::npos) {
                if (message.left() < longest_http_head && !flow.ended)
                    return need(message.offset() - start + message.left() + 1);
                break;
            }
            if (message.line().empty()) break;
        }
        side = Side{};
        return done(message.offset() - start);
    }
    const std::size_t header = message.offset() - start;
    const std::size_t wanted = look_at(side.look, message.bytes(std::min(size, message.left())), size, flow.ended, claims);
    if (wanted > 0) return need(header + wanted);
    side.looked_at += static_cast<std::uint32_t>(std::min<std::size_t>(size, description_size));
    if (side.looked_at >= (side.look == Look::Title ? page_start : description_size)) side.look = Look::No;
    return done(header + size + 2);
}

void expect_body(const HttpHead& head, bool may_last_to_the_end, Side& side) {
    std::uint64_t length = 0;
    if (head.has_token("Transfer-Encoding", "chunked")) {
        side.phase = Phase::Chunks;
    } else if (content_length(head.field("Content-Length").text(), length)) {
        side.phase = length > 0 ? Phase::Body : Phase::Head;
        side.body_left = length;
    } else if (may_last_to_the_end) {
        side.phase = Phase::Body;
        side.body_left = for_good;
    }
}

// RFC 9110 section 5.3 leaves the order of different fields free: it is that of the program. Told of each side's first head in
// a connection, of those fields alone that nearly every program sends, in the letters in which it sends them. The claim points
// at no bytes: the fields between may hold credentials.
constexpr std::array<std::string_view, 16> usual_fields = {"Accept",
                                                           "Accept-Encoding",
                                                           "Accept-Language",
                                                           "Accept-Ranges",
                                                           "Cache-Control",
                                                           "Connection",
                                                           "Content-Length",
                                                           "Content-Type",
                                                           "Date",
                                                           "ETag",
                                                           "Host",
                                                           "Last-Modified",
                                                           "Server",
                                                           "TE",
                                                           "Transfer-Encoding",
                                                           "User-Agent"};

void observe_order(const HttpHead& head, Claims& claims) {
    constexpr std::size_t fewest = 3;
    std::string text = head.kind == HttpHead::Kind::Request ? "http-request:" : "http-response:";
    std::size_t told = 0;
    std::string_view lines = head.fields.text();
    while (!lines.empty() && told < usual_fields.size()) {
        const std::string_view line = lines.substr(0, lines.find('\n'));
        lines.remove_prefix(std::min(line.size() + 1, lines.size()));
        const std::string_view name = line.substr(0, line.find(':'));
        const bool usual = std::any_of(usual_fields.begin(), usual_fields.end(),
                                       [&](std::string_view known) { return equal_ignoring_case(name, known); });
        if (!usual) continue;
        if (told++ != 0) text += ',';
        text += name;
    }
    if (told >= fewest) claims.hinted(Field::stack, text, {head.fields.bytes.first(0), head.fields.offset}, "order");
}

bool recognise(ByteCursor message, const Flow&) { return looks_like_http(message); }

// The same question in the midst of a reading, which a short answer must not fail.
bool starts_here(ByteCursor message) {
    Reading reading;
    return looks_like_http(whole(message.rest(), reading));
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    Notes& notes = flow.state->notes<Notes>();
    if (notes.tunnel) return not_this();
    Side& side = notes.sides[flow.from_opener ? 1 : 0];
    // After a loss the stream goes on at a head, whatever was due.
    if (side.phase != Phase::Head && !starts_here(message)) {
        if (side.phase == Phase::Body) return observe_body(message, flow, side, claims);
        return observe_chunk(message, flow, side, claims);
    }
    const ByteCursor start = message;
    const HttpHead head = read_http_head(message);
    if (head.kind == HttpHead::Kind::Incomplete && !flow.ended) return need(start.left() + 1);
    if (head.kind == HttpHead::Kind::NotHttp || head.kind == HttpHead::Kind::Incomplete) return not_this();
    // RFC 9110 section 15.5.8: with 407 the proxy speaks for itself.
    const bool response = head.kind == HttpHead::Kind::Response;
    const bool another = response && notes.waiting > 0 && (notes.asked[notes.first] & OfAnother) != 0 && head.status != 407;
    if (!another) observe_http_head(head, claims);
    // Who agrees to connect is the proxy, though it says by whom it went.
    const bool connects = response && notes.waiting > 0 && (notes.asked[notes.first] & ForTunnel) != 0 && head.status < 300;
    if (connects && passed_on(head)) {
        const Slice server = head.field("Server");
        claims.stated(Field::software, without_mail(server.text()), server, "server");
    }
    bool& told = notes.order_told[flow.from_opener ? 1 : 0];
    if (!told && !another && !passed_on(head)) {
        observe_order(head, claims);
        told = true;
    }
    side = Side{};
    if (head.kind == HttpHead::Kind::Request) {
        const std::size_t place = (notes.first + notes.waiting) % notes.asked.size();
        notes.asked[place] = asked_for(head, flow.receiver.ip);
        if (notes.waiting < notes.asked.size()) {
            ++notes.waiting;
        } else {
            notes.first = static_cast<std::uint8_t>((notes.first + 1) % notes.asked.size());
        }
        expect_body(head, false, side);
        return done(message);
    }
    if (head.status == 101) {  // RFC 9110 section 7.8: from here on it is another protocol
        notes.tunnel = true;
        return done(message);
    }
    if (head.status < 200) return done(message);
    std::uint8_t asked = Plain;
    if (notes.waiting > 0) {
        asked = notes.asked[notes.first];
        notes.first = static_cast<std::uint8_t>((notes.first + 1) % notes.asked.size());
        --notes.waiting;
    }
    if ((asked & ForTunnel) != 0 && head.status < 300) {  // RFC 9110 section 9.3.6
        notes.tunnel = true;
        opens_tunnel(*flow.state);
        return done(message);
    }
    const bool without_body = (asked & ForHead) != 0 || head.status == 204 || head.status == 304;
    if (!without_body) {
        side.look = worth_a_look(head, asked);
        expect_body(head, true, side);
        if (side.look == Look::Icon && side.phase == Phase::Chunks) side.look = Look::No;
    }
    return done(message);
}

constexpr ExampleMessage front_door[] = {
    {From::Client,
     {},
     "GET / HTTP/1.1\r\nHost: pump7.example:8080\r\nUser-Agent: ExampleBrowser/4.2 (jan@example.org)\r\n"
     "Authorization: Basic amFuOmdlaGVpbQ==\r\nCookie: visit=4711\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nServer: ExampleWeb/2.1\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 62\r\n\r\n"
     "<html><head><TITLE>\n Pump &amp; Valve 7\n</TITLE></head></html>"},
    {From::Client,
     {},
     "GET /patients/smith.html?night=1 HTTP/1.1\r\nHost: pump7.example\r\n\r\n"
     "HEAD /big HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\nGET /x HTTP/1.1\r\nHost: pump7.example\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
     "1c;note=x\r\n<title>Mrs Smith</title>\r\n\r\n\r\n0\r\nServer: never\r\n\r\n"
     "HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n"
     "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest qop=\"auth\", realm=\"EX-100 Controller\", nonce=\"0\"\r\n"
     "Content-Length: 0\r\n\r\n"}};
constexpr std::string_view front_door_claims[] = {
    "client software=ExampleBrowser/4.2 ()", "client software=ExampleBrowser/4.2",
    "server software=ExampleWeb/2.1",        "server banner=Pump & Valve 7",
    "server realm=EX-100 Controller",        "server stack=http-response:Server,Content-Type,Content-Length"};
constexpr ExampleMessage upnp[] = {
    {From::Client, {}, "GET /description.xml HTTP/1.0\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\n\r\n<?xml version=\"1.0\"?>\n"
     "<root xmlns=\"urn:schemas-upnp-org:device-1-0\"><specVersion><major>1</major><minor>0</minor></specVersion>\n"
     "<device><deviceType>urn:schemas-upnp-org:device:Basic:1</deviceType><friendlyName>Jan's gate</friendlyName>"
     "<manufacturer>Example Gateways</manufacturer><modelDescription>Energy gateway</modelDescription>"
     "<modelName>EG-1</modelName><modelNumber>EG-1/B</modelNumber><serialNumber>EG0001234</serialNumber>"
     "<UDN>uuid:00005e00-5314-0000-0000-000000000001</UDN><deviceList><device><modelName>inner</modelName></device>"
     "</deviceList></device></root>"}};
constexpr std::string_view upnp_claims[] = {
    "server brand=Example Gateways", "server model=EG-1",       "server product=EG-1/B",
    "server product=Energy gateway", "server serial=EG0001234", "server unique_id=uuid:00005e00-5314-0000-0000-000000000001"};
constexpr ExampleMessage media_server[] = {
    {From::Client, {}, "GET /rootDesc.xml HTTP/1.0\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\n\r\n"
     "<root xmlns=\"urn:schemas-upnp-org:device-1-0\"><device>"
     "<deviceType>urn:schemas-upnp-org:device:MediaServer:1</deviceType><manufacturer>Example Author</manufacturer>"
     "<modelName>Example Media Sharing</modelName><serialNumber>12345678</serialNumber>"
     "<UDN>uuid:00005e00-5314-0000-0000-000000000002</UDN></device></root>"}};
constexpr std::string_view media_server_claims[] = {"server software=Example Media Sharing"};
constexpr ExampleMessage imitated[] = {
    {From::Client, {}, "GET /description.xml HTTP/1.0\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 251\r\n\r\n"
     "<root xmlns=\"urn:schemas-upnp-org:device-1-0\"><device><manufacturer>Example Lamps</manufacturer>"
     "<modelName>Example hue bridge 2015</modelName><serialNumber>00005e005300</serialNumber>"
     "<UDN>uuid:00005e00-5314-0000-0000-000000000003</UDN></device></root>"},
    {From::Client, {}, "GET /setup.xml HTTP/1.0\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\n\r\n"
     "<root xmlns=\"urn:Belkin:device-1-0\"><device><manufacturer>Example Plugs</manufacturer>"
     "<modelName>Socket</modelName><serialNumber>E0001</serialNumber></device></root>"}};
constexpr std::string_view imitated_claims[] = {"server brand=Example Lamps", "server model=Example hue bridge 2015",
                                                "server brand=Example Plugs", "server model=Socket"};
// What a proxy passes on is another server's; its own refusal is its own.
constexpr ExampleMessage forwarded[] = {
    {From::Client,
     {},
     "GET http://camera.example/ HTTP/1.1\r\nHost: camera.example\r\n\r\n"
     "GET http://camera.example/ HTTP/1.1\r\nHost: camera.example\r\n\r\n"
     "GET / HTTP/1.1\r\nHost: camera.example\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 407 Proxy Authentication Required\r\nServer: example-proxy/1\r\nProxy-Authenticate: Basic realm=\"Plant "
     "proxy\"\r\nContent-Length: 0\r\n\r\n"
     "HTTP/1.1 200 OK\r\nServer: ExampleCam\r\nWWW-Authenticate: Basic realm=\"EX-CAM\"\r\nContent-Type: text/html\r\n"
     "Content-Length: 22\r\n\r\n<title>EX-CAM</title>\n"
     "HTTP/1.1 200 OK\r\nVia: 1.1 gate\r\nServer: ExampleCam\r\nContent-Type: text/html\r\n"
     "Content-Length: 22\r\n\r\n<title>EX-CAM</title>\n"}};
constexpr std::string_view forwarded_claims[] = {"server software=example-proxy/1", "server realm=Plant proxy"};
constexpr ExampleMessage passed[] = {
    {From::Client, {}, "GET /x HTTP/1.1\r\nHost: camera.example\r\nUser-Agent: behind/1.0\r\nVia: 1.1 gate\r\n\r\n"},
    {From::Server, {}, "HTTP/1.1 204 No Content\r\n\r\n"}};
constexpr ExampleMessage silent[] = {
    {From::Client,
     {},
     "POST /report HTTP/1.1\r\nHost: collector.example\r\nContent-Length: 24\r\n\r\nServer: not a header\r\n\r\n"},
    {From::Server, {}, "HTTP/1.1 204 No Content\r\nDate: Sat, 01 Jan 2000 00:00:00 GMT\r\n\r\n"}};
constexpr ExampleMessage tunnel[] = {
    {From::Client, {}, "CONNECT cloud.example:443 HTTP/1.1\r\nHost: cloud.example:443\r\nUser-Agent: ex-agent/1.0\r\n\r\n"},
    {From::Server, {}, "HTTP/1.1 200 Connection established\r\nVia: 1.1 proxy\r\nServer: gate-proxy\r\n\r\n"},
    {From::Client, {}, "GET / HTTP/1.1\r\nUser-Agent: inside\r\n\r\n"}};
constexpr std::string_view tunnel_claims[] = {"client software=ex-agent/1.0", "server software=gate-proxy"};
constexpr ExampleMessage icon[] = {
    {From::Client,
     {},
     "GET /favicon.ico HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\nGET /favicon.ico HTTP/1.1\r\nHost: 192.0.2.20\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: image/x-icon\r\nContent-Length: 3\r\n\r\nabc"
     "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\nabc"}};
// RFC 1321 appendix A.5
constexpr std::string_view icon_claims[] = {"server banner=favicon-md5:900150983cd24fb0d6963f7d28e17f72"};
constexpr Example examples[] = {
    {"an icon is told by its sum, a page in its place is not", Layer::Tcp, 80, icon, icon_claims},
    {"a front page, pipelined requests, HEAD, chunks and a realm", Layer::Tcp, 80, front_door, front_door_claims},
    {"a UPnP device description speaks for the outer device", Layer::Tcp, 49152, upnp, upnp_claims},
    {"no Server, no User-Agent: nothing about anybody", Layer::Tcp, 8080, silent, {}},
    {"a media server is a program, whoever made the computer", Layer::Tcp, 8200, media_server, media_server_claims},
    {"a description that others give out as theirs hints, without its number", Layer::Tcp, 80, imitated, imitated_claims},
    {"what a proxy passes on is not its own, a refusal is", Layer::Tcp, 3128, forwarded, forwarded_claims},
    {"a request that was passed on names no program of its sender", Layer::Tcp, 80, passed, {}},
    {"what goes through a CONNECT tunnel is not read", Layer::Tcp, 3128, tunnel, tunnel_claims},
};
constexpr std::uint16_t ports[] = {80, 8080, 8000, 8008, 8081, 8088, 8888, 3128, 5000, 7547, 49152};

}  // namespace

Decoder http() {
    Decoder decoder;
    decoder.name = "http";
    decoder.title = "HTTP/1";
    decoder.spec = "RFC 9110; RFC 9112; UPnP Device Architecture 2.0 section 2.3";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("4?", "5?");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
