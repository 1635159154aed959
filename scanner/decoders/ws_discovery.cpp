// WS-Discovery: cameras (ONVIF), printers and Windows machines announce themselves and answer probes. ONVIF devices state
// hardware, place and sometimes manufacturer in their scopes; everybody states an identifier that stays.
//
//   <Envelope><Header><Action>.../discovery/Hello|ProbeMatches|ResolveMatches</Action></Header><Body>...
//     <EndpointReference><Address>urn:uuid:...</Address></EndpointReference><Types>dn:NetworkVideoTransmitter</Types>
//     <Scopes>onvif://www.onvif.org/name/... onvif://www.onvif.org/hardware/...</Scopes>
#include <algorithm>

#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/xml_text.h"

namespace herkomst::decoders {

namespace {

// WS-Discovery 1.1 (OASIS) section 4 and appendix C, and the draft of April 2005: an XML envelope, one of the two name spaces,
// an action of that name space.
bool recognise(ByteCursor message, const Flow&) {
    // Some cameras put a byte order mark or blanks in front.
    std::string_view text = message.text_ahead();
    if (text.substr(0, 3) == "\xef\xbb\xbf") text.remove_prefix(3);
    text = trimmed(text.substr(0, 4096));
    if (text.empty() || text.front() != '<') return false;
    const bool envelope = text.find("Envelope") != std::string_view::npos;
    const bool space = text.find("schemas.xmlsoap.org/ws/2005/04/discovery") != std::string_view::npos ||
                       text.find("docs.oasis-open.org/ws-dd/ns/discovery/2009/01") != std::string_view::npos;
    return envelope && space && text.find("Action") != std::string_view::npos;
}

// ONVIF Core Specification 22.12 section 7.3.2.2: "onvif://www.onvif.org/<category>/<value>", percent-encoded. `value` stays
// empty where it is another category.
bool scope_of(std::string_view one, std::string_view category, std::string& value) {
    constexpr std::string_view start = "onvif://www.onvif.org/";
    if (!starts_with_ignoring_case(one, start)) return false;
    one.remove_prefix(start.size());
    const std::size_t slash = one.find('/');
    if (slash == std::string_view::npos || !equal_ignoring_case(one.substr(0, slash), category)) return false;
    value = percent_decoded(one.substr(slash + 1));
    return true;
}

// The name is the owner's to give ("Bedroom of ..."), and people's names for their things are not kept. As delivered many
// cameras are called by maker and model: then it is a product's name.
bool named_by_maker(std::string_view name, std::string_view hardware, std::string_view manufacturer) {
    constexpr std::string_view makers[] = {"AXIS",      "Amcrest",   "Avigilon", "Bosch",     "Dahua",   "Hanwha",
                                           "HIKVISION", "Hikvision", "Mobotix",  "Panasonic", "Pelco",   "Reolink",
                                           "SAMSUNG",   "Sony",      "TP-Link",  "Tiandy",    "UNIVIEW", "VIVOTEK"};
    if (hardware.size() < 3 && manufacturer.empty()) return false;
    if (name == hardware || (!manufacturer.empty() && name == manufacturer)) return true;
    const std::size_t blank = name.find_first_of(" _");
    const std::string_view first = name.substr(0, blank);
    const bool maker = std::find(std::begin(makers), std::end(makers), first) != std::end(makers) ||
                       (!manufacturer.empty() && equal_ignoring_case(first, manufacturer));
    return maker && blank != std::string_view::npos && hardware.size() >= 3 && name.substr(blank + 1) == hardware;
}

// Words in a text, each with its place.
template <class See>
void each_word(const Slice& text, See see) {
    std::size_t at = 0;
    const std::string_view all = text.text();
    while (at < all.size()) {
        const std::size_t begin = all.find_first_not_of(" \t\r\n", at);
        if (begin == std::string_view::npos) return;
        at = std::min(all.find_first_of(" \t\r\n", begin), all.size());
        see(Slice{text.bytes.subspan(begin, at - begin), text.offset + begin});
    }
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    const Slice all = message.rest();
    const std::string action = xml_plain(xml_element(all, "Action").text.text());
    const std::string_view verb = std::string_view(action).substr(action.rfind('/') + 1);
    if (verb != "Hello" && verb != "ProbeMatches" && verb != "ResolveMatches") return done();
    // The header may hold addresses too (ReplyTo, To); the sender's stands in its endpoint reference, within the body.
    const XmlText body = xml_element(all, "Body");
    const XmlText reference = xml_element(all, "EndpointReference", body.next);
    const XmlText address = xml_element(all, "Address", reference.next);
    const std::string id = lower(xml_plain(address.text.text()));
    if (reference.found && id.starts_with("urn:uuid:")) claims.stated(Field::unique_id, id.substr(4), address.text, "address");
    const XmlText types = xml_element(all, "Types", body.next);
    if (types.found) {
        unsigned count = 0;
        each_word(types.text, [&](const Slice& word) {
            const std::string_view name = word.text().substr(word.text().find(':') + 1);
            if (name != "Device" && ++count <= 8) claims.stated(Field::device_type, name, word, "type");
            // ONVIF Core Specification section 7.3.2.1: what sends video over the network. Mostly a camera; some recorders say
            // it of what they pass on.
            if (name == "NetworkVideoTransmitter") claims.hinted(Field::category, "camera", word, "type");
        });
    }
    const XmlText scopes = xml_element(all, "Scopes", body.next);
    if (!scopes.found) return done();
    std::string hardware;
    std::string manufacturer;
    Slice named;
    unsigned count = 0;
    each_word(scopes.text, [&](const Slice& word) {
        if (++count > 32) return;
        const std::string one = xml_plain(word.text());
        std::string value;
        if (scope_of(one, "name", value)) named = word;
        if (scope_of(one, "hardware", value)) {
            claims.stated(Field::model, value, word, "scope_hardware");
            hardware = value;
        } else if (scope_of(one, "manufacturer", value)) {
            claims.stated(Field::brand, value, word, "scope_manufacturer");
            manufacturer = value;
        } else if (scope_of(one, "location", value)) {
            claims.stated(Field::location, value, word, "scope_location");
        }
    });
    if (std::string name; scope_of(xml_plain(named.text()), "name", name) && named_by_maker(name, hardware, manufacturer))
        claims.stated(Field::product, name, named, "scope_name");
    return done();
}

constexpr ExampleMessage camera[] = {
    {From::Server,
     {},
     "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" "
     "xmlns:d=\"http://schemas.xmlsoap.org/ws/2005/04/discovery\"><s:Header><a:Action>"
     "http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</a:Action><a:To>urn:7</a:To></s:Header><s:Body>"
     "<d:ProbeMatches><d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:00000000-0000-0000-0000-00005E005314</a:Address>"
     "</a:EndpointReference><d:Types>dn:NetworkVideoTransmitter tds:Device</d:Types><d:Scopes>"
     "onvif://www.onvif.org/type/ptz onvif://www.onvif.org/name/Example%20EC-7 onvif://www.onvif.org/hardware/EC-7 "
     "onvif://www.onvif.org/manufacturer/Example "
     "onvif://www.onvif.org/location/gate</d:Scopes><d:XAddrs>http://wilhelmina@192.0.2.20/onvif</d:XAddrs>"
     "</d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>"}};
constexpr std::string_view camera_claims[] = {"server unique_id=uuid:00000000-0000-0000-0000-00005e005314",
                                              "server device_type=NetworkVideoTransmitter",
                                              "server category=camera",
                                              "server model=EC-7",
                                              "server brand=Example",
                                              "server product=Example EC-7",
                                              "server location=gate"};
// What its owner calls it is not kept.
constexpr ExampleMessage called[] = {
    {From::Client,
     {},
     "<Envelope xmlns:d=\"http://schemas.xmlsoap.org/ws/2005/04/discovery\"><Header><Action>"
     "http://schemas.xmlsoap.org/ws/2005/04/discovery/Hello</Action></Header><Body><Hello><Scopes>"
     "onvif://www.onvif.org/name/Bedroom%20Wilhelmina onvif://www.onvif.org/hardware/EC-7</Scopes></Hello></Body></Envelope>"}};
constexpr std::string_view called_claims[] = {"client model=EC-7"};
constexpr ExampleMessage probe[] = {
    {From::Client,
     {},
     "<Envelope xmlns:d=\"http://schemas.xmlsoap.org/ws/2005/04/discovery\"><Header><Action>"
     "http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</Action></Header><Body><Probe><Types>dn:Device</Types></Probe>"
     "</Body></Envelope>"}};
constexpr Example examples[] = {
    {"a camera answers a probe", Layer::Udp, 3702, camera, camera_claims},
    {"what people call a camera is not kept", Layer::Udp, 3702, called, called_claims},
    {"a probe says nothing", Layer::Udp, 3702, probe, {}},
};
constexpr std::uint16_t ports[] = {3702};

}  // namespace

Decoder ws_discovery() {
    Decoder decoder;
    decoder.name = "ws_discovery";
    decoder.title = "WS-Discovery, ONVIF";
    decoder.spec = "WS-Discovery 1.1 (OASIS); ONVIF Core Specification 22.12 section 7.3";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("ef bb bf", "'<'", "20", "0?");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
