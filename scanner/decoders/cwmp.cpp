// CWMP (TR-069): a router or gateway reports to the server that manages it: maker, OUI, product class, serial number, hardware
// and software. That report is itself the channel through which it can be changed, restarted and replaced; such orders are seen
// here too, and the knock by which the server asks for a report out of turn. Of all parameters only the versions are read.
//
//   device -> server, over HTTP:  POST ...
//   <cwmp:Inform><DeviceId>...</DeviceId>...<ParameterValueStruct><Name>...SoftwareVersion</Name> server -> device, in answers:
//   <cwmp:Reboot>, <cwmp:SetParameterValues>, <cwmp:Download> ...
//   server -> device, to its own port:  GET ... with a digest, answered without a body
#include <array>

#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/http_message.h"
#include "decoders/xml_text.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t longest_body = 48 * 1024;
constexpr std::string_view name_space = "urn:dslforum-org:cwmp-1-";

std::size_t content_length(const HttpHead& head) {
    std::size_t length = 0;
    for (const char c : head.field("Content-Length").text()) {
        if (c < '0' || c > '9' || length > 10'000'000) return 0;
        length = length * 10 + static_cast<std::size_t>(c - '0');
    }
    return length;
}

constexpr std::uint16_t connection_requests = 7547;  // IANA "cwmp"

// What a flow is: the device's session with its server, or the server's knock at the device's door.
struct Notes {
    bool knock;       // a GET that may be a connection request
    bool authorised;  // with a digest
};

// TR-069 Amendment 6 section 3.2.2: the server asks for a session by a GET without a body at an address that the device told
// it; the device wants a digest.
bool is_connection_request(const HttpHead& head, const Flow& flow) {
    return flow.receiver.port == connection_requests && head.kind == HttpHead::Kind::Request && head.method == "GET" &&
           content_length(head) == 0 && !head.has_token("Transfer-Encoding", "chunked");
}

// TR-069 Amendment 6 sections 3.4.1 and 3.5: a POST with a SOAPAction and XML; and in its body, as soon as that is there, the
// name space of CWMP.
bool recognise(ByteCursor message, const Flow& flow) {
    const bool knock = flow.receiver.port == connection_requests && message.starts_with("GET ");
    if (!flow.from_opener || (!knock && !message.starts_with("POST ")) || !looks_like_http(message)) return false;
    const HttpHead head = read_http_head(message);
    if (knock) return is_connection_request(head, flow);
    if (head.kind != HttpHead::Kind::Request || head.fields.empty()) return false;
    const bool soap = contains_ignoring_case(head.fields.text(), "SOAPAction:");
    const bool xml = contains_ignoring_case(head.field("Content-Type").text(), "xml");
    if (!soap || !xml || content_length(head) == 0) return false;
    const std::string_view body = message.text_ahead();
    return body.size() < content_length(head) || body.find(name_space) != std::string_view::npos;
}

void inform(const Slice& body, const Flow& flow, Claims& claims) {
    const XmlText device = xml_element(body, "DeviceId");
    if (!device.found) return;
    const auto say = [&](Field field, std::string_view element, std::string_view what) {
        const XmlText text = xml_element(body, element, device.next);
        if (text.found && text.text.size() <= 256) claims.stated(field, xml_plain(text.text.text()), text.text, what);
        return text;
    };
    say(Field::brand, "Manufacturer", "manufacturer");
    say(Field::product, "ProductClass", "product_class");
    const XmlText serial = say(Field::serial, "SerialNumber", "serial");
    const XmlText oui = xml_element(body, "OUI", device.next);
    const std::string prefix = xml_plain(oui.text.text());
    if (oui.found && serial.found && prefix.size() == 6 && unhex(prefix).size() == 3) {
        claims.stated(Field::unique_id, "tr069:" + prefix + "-" + xml_plain(serial.text.text()), serial.text, "device_id");
    }
    const Slice place{body.bytes.subspan(device.next, 1), body.offset + device.next};
    claims.stated(Field::remote_exposed, "cwmp management by " + flow.receiver.ip.text(), place, "inform");
    std::size_t at = device.next;
    for (unsigned values = 0; values < 64; ++values) {
        const XmlText name = xml_element(body, "Name", at);
        const XmlText value = xml_element(body, "Value", name.next);
        if (!name.found || !value.found) return;
        at = value.next;
        // TR-181 and TR-098: Device. or InternetGatewayDevice., then DeviceInfo.
        const std::string_view parameter = trimmed(name.text.text());
        const auto is = [&](std::string_view wanted) {
            return parameter.size() > wanted.size() && parameter.substr(parameter.size() - wanted.size()) == wanted;
        };
        const std::string text = xml_plain(value.text.text());
        if (text.size() > 128) continue;
        if (is(".DeviceInfo.SoftwareVersion")) claims.stated(Field::firmware, text, value.text, "software_version");
        if (is(".DeviceInfo.HardwareVersion")) claims.stated(Field::hardware, text, value.text, "hardware_version");
        if (is(".DeviceInfo.ModelName")) claims.stated(Field::model, text, value.text, "model_name");
    }
}

// TR-069 Amendment 6 section A.3 and A.4: what changes, restarts or replaces something.
void order(const Slice& body, const Flow& flow, const Claims& claims) {
    constexpr auto orders =
        std::to_array<std::string_view>({"SetParameterValues", "Reboot", "FactoryReset", "Download", "ScheduleDownload",
                                         "Upload", "AddObject", "DeleteObject", "SetVouchers", "ChangeDUState"});
    for (const std::string_view name : orders) {
        const XmlText found = xml_element(body, name);
        if (!found.found) continue;
        const Slice place{body.bytes.subspan(found.next - 1, 1), body.offset + found.next - 1};
        Claims device = claims.about(flow.receiver);
        device.stated(Field::remote_observed, "cwmp " + std::string(name) + " from " + flow.sender.ip.text(), place, "order");
        return;
    }
}

// TR-069 Amendment 6 section 3.2.2.2: "200 (OK)" or "204 (No Content)" without a body is the device's consent, 401 its wish for
// a digest. Without a digest a port and an empty answer speak for it, which hints. False: it is something else.
bool observe_answer(const HttpHead& head, std::size_t size, const Slice& witness, const Flow& flow, Notes& notes,
                    Claims& claims) {
    const bool digest = head.field("WWW-Authenticate").text().starts_with("Digest ");
    if (head.status == 401) return digest || notes.authorised;
    if (head.status != 200 && head.status != 204) return head.status >= 400;
    // Without a length a body may follow until the end of the stream.
    const bool empty = head.status == 204 || (size == 0 && !head.field("Content-Length").text().empty());
    if (!empty) return false;
    const std::string said = "cwmp connection request from " + flow.receiver.ip.text();
    if (notes.authorised) {
        claims.matched(Field::remote_observed, said, witness, "connection_request");
    } else {
        claims.hinted(Field::remote_observed, said, witness, "connection_request");
    }
    notes.knock = false;
    return true;
}

// RFC 9112 section 7.1: everything up to the last chunk, with the sizes among it; 0 when that is not there yet.
std::size_t chunked_size(std::string_view body) {
    const std::size_t end = body.substr(0, 3) == "0\r\n" ? 0 : body.find("\r\n0\r\n\r\n");
    return end == std::string_view::npos ? 0 : body.substr(0, 3) == "0\r\n" ? 5 : end + 7;
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    auto& notes = flow.state->notes<Notes>();
    const ByteCursor begin = message;
    const std::size_t start = message.offset();
    const std::size_t there = message.left();
    const HttpHead head = read_http_head(message);
    if (head.kind == HttpHead::Kind::Incomplete && !flow.ended) return need(there + 1);
    if (head.kind != HttpHead::Kind::Request && head.kind != HttpHead::Kind::Response) return not_this();
    const std::size_t head_size = message.offset() - start;
    std::size_t size = content_length(head);
    const bool chunked = head.has_token("Transfer-Encoding", "chunked");
    if (flow.from_opener && is_connection_request(head, flow)) {
        notes.knock = true;
        notes.authorised = head.field("Authorization").text().starts_with("Digest ");
    } else if (notes.knock && head.kind == HttpHead::Kind::Response &&
               !observe_answer(head, chunked ? 1 : size, message.since(begin), flow, notes, claims)) {
        return not_this();
    }
    observe_http_head(head, claims);
    if (chunked) {
        size = chunked_size(message.text_ahead());
        if (size == 0 && message.left() < longest_body && !flow.ended) return need(there + 1);
        if (size == 0) return done();
    }
    if (size > longest_body) return done(head_size + size);
    if (message.left() < size) return flow.ended ? done() : need(head_size + size);
    const Slice body = message.bytes(size);
    const bool cwmp = body.text().find(name_space) != std::string_view::npos;
    // Another service behind the same kind of head: http reads it.
    if (!cwmp && head.kind == HttpHead::Kind::Request && size != 0) return not_this();
    if (cwmp && head.kind == HttpHead::Kind::Request && has_xml_element(body, "Inform")) inform(body, flow, claims);
    if (cwmp && head.kind == HttpHead::Kind::Response) order(body, flow, claims);
    return done(head_size + size);
}

constexpr ExampleMessage session[] = {
    {From::Client,
     {},
     "POST /acs HTTP/1.1\r\nHost: acs.example\r\nSOAPAction: \"\"\r\nContent-Type: text/xml\r\nContent-Length: 944\r\n\r\n"
     "<soap:Envelope xmlns:cwmp=\"urn:dslforum-org:cwmp-1-2\"><soap:Body><cwmp:Inform><DeviceId><Manufacturer>Example "
     "&amp; Co</Manufacturer><OUI>00005E</OUI><ProductClass>GW-7</ProductClass><SerialNumber>S1234567</SerialNumber></DeviceId>"
     "<Event><EventStruct><EventCode>2 PERIODIC</EventCode></EventStruct></Event><ParameterList><ParameterValueStruct><Name>"
     "InternetGatewayDevice.DeviceInfo.SoftwareVersion</Name><Value "
     "xsi:type=\"xsd:string\">3.1.4</Value></ParameterValueStruct>"
     "<ParameterValueStruct><Name>InternetGatewayDevice.DeviceInfo.HardwareVersion</Name><Value>B</Value></"
     "ParameterValueStruct>"
     "<ParameterValueStruct><Name>InternetGatewayDevice.ManagementServer.Username</Name><Value>wilhelmina</Value>"
     "</ParameterValueStruct><ParameterValueStruct><Name>InternetGatewayDevice.ManagementServer.ConnectionRequestURL</Name>"
     "<Value>http://192.0.2.10:7547/wilhelmina</Value></ParameterValueStruct></ParameterList></cwmp:Inform></soap:Body>"
     "</soap:Envelope>"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nServer: ExampleACS/2\r\nContent-Length: 166\r\n\r\n<soap:Envelope "
     "xmlns:cwmp=\"urn:dslforum-org:cwmp-1-2\"><soap:Body><cwmp:InformResponse><MaxEnvelopes>1</MaxEnvelopes>"
     "</cwmp:InformResponse></soap:Body></soap:Envelope>"},
    {From::Client, {}, "POST /acs HTTP/1.1\r\nHost: acs.example\r\nContent-Length: 0\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n92\r\n<soap:Envelope "
     "xmlns:cwmp=\"urn:dslforum-org:cwmp-1-2\"><soap:Body><cwmp:Reboot><CommandKey>7</CommandKey></cwmp:Reboot>"
     "</soap:Body></soap:Envelope>\r\n0\r\n\r\n"}};
constexpr std::string_view session_claims[] = {"client brand=Example & Co",
                                               "client product=GW-7",
                                               "client serial=S1234567",
                                               "client unique_id=tr069:00005E-S1234567",
                                               "client remote_exposed=cwmp management by 192.0.2.20",
                                               "client firmware=3.1.4",
                                               "client hardware=B",
                                               "server software=ExampleACS/2",
                                               "client remote_observed=cwmp Reboot from 192.0.2.20"};
constexpr ExampleMessage silent[] = {
    {From::Client,
     {},
     "POST / HTTP/1.1\r\nSOAPAction: \"\"\r\nContent-Type: text/xml\r\nContent-Length: 74\r\n\r\n<soap:Envelope "
     "xmlns:cwmp=\"urn:dslforum-org:cwmp-1-0\"><b/></soap:Envelope>"}};
constexpr ExampleMessage backup[] = {
    {From::Client,
     {},
     "POST /acs HTTP/1.1\r\nHost: acs.example\r\nSOAPAction: \"\"\r\nContent-Type: text/xml\r\nContent-Length: 74\r\n\r\n"
     "<soap:Envelope xmlns:cwmp=\"urn:dslforum-org:cwmp-1-0\"><b/></soap:Envelope>"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Length: 158\r\n\r\n<soap:Envelope xmlns:cwmp=\"urn:dslforum-org:cwmp-1-0\"><soap:Body>"
     "<cwmp:Upload><FileType>1 Vendor Configuration File</FileType></cwmp:Upload></soap:Body></soap:Envelope>"}};
constexpr std::string_view backup_claims[] = {"client remote_observed=cwmp Upload from 192.0.2.20"};
constexpr ExampleMessage knock[] = {
    {From::Client, {}, "GET /7b1c HTTP/1.1\r\nHost: 192.0.2.20:7547\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"gateway\", nonce=\"1\", qop=\"auth\"\r\n"
     "Content-Length: 0\r\n\r\n"},
    {From::Client,
     {},
     "GET /7b1c HTTP/1.1\r\nHost: 192.0.2.20:7547\r\nAuthorization: Digest username=\"wilhelmina\", realm=\"gateway\"\r\n\r\n"},
    {From::Server, {}, "HTTP/1.1 204 No Content\r\nServer: ExampleCPE/1\r\n\r\n"}};
constexpr std::string_view knock_claims[] = {
    "server realm=gateway", "server remote_observed=cwmp connection request from 192.0.2.10", "server software=ExampleCPE/1"};
constexpr Example examples[] = {
    {"a gateway reports and is restarted; accounts and addresses are not kept", Layer::Tcp, 7547, session, session_claims},
    {"a server fetches a file of the device's", Layer::Tcp, 7547, backup, backup_claims},
    {"a server asks for a session; account and path are not kept", Layer::Tcp, 7547, knock, knock_claims},
    {"a message without a report", Layer::Tcp, 80, silent, {}},
};
constexpr std::uint16_t ports[] = {80, 443, 7547, 8080, 9090};

}  // namespace

Decoder cwmp() {
    Decoder decoder;
    decoder.name = "cwmp";
    decoder.title = "CWMP (TR-069)";
    decoder.spec = "TR-069 Amendment 6";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("'POST '", "'GET '");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    decoder.specialises = "http";
    return decoder;
}

}  // namespace herkomst::decoders
