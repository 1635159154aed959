// SADP: Hikvision's search protocol (UDP 37020, multicast 239.255.255.250). Cameras and recorders answer anybody with model,
// serial number, firmware and address; so do those that Hikvision builds for other brands. Answers are multicast: one search
// shows all.
//
//   <?xml ...><Probe><Uuid>...</Uuid><Types>inquiry</Types></Probe>
//   <?xml ...><ProbeMatch><Uuid>...</Uuid><Types>inquiry</Types><DeviceDescription>DS-...</DeviceDescription><DeviceSN>...
//
// The layout is not published by its maker. It is described in nmap and in several public projects.
#include <algorithm>
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/xml_text.h"

namespace herkomst::decoders {

namespace {

// No specification is public; as UniversalScanner reads it (julienblitte, Hikvision.cs): three elements that each message
// has, in XML.
bool recognise(ByteCursor message, const Flow&) {
    const std::string_view text = message.text_ahead();
    if (text.size() > 4096 || !text.starts_with("<?xml")) return false;
    const std::string_view start = text.substr(0, 256);
    const bool probe = start.find("<Probe>") != std::string_view::npos || start.find("<ProbeMatch>") != std::string_view::npos;
    return probe && start.find("<Uuid>") != std::string_view::npos && text.find("<Types>") != std::string_view::npos;
}

Slice element(const Slice& all, std::string_view name) { return xml_element(all, name).text; }

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    const Slice all = message.rest();
    if (all.text().find("<ProbeMatch>") == std::string_view::npos) return done();
    const Slice model = element(all, "DeviceDescription");
    const Slice serial = element(all, "DeviceSN");
    if (model.empty() && serial.empty()) return done();
    claims.matched(Field::stack_maker, "Hikvision", model.empty() ? serial : model, "answer");
    claims.stated(Field::model, model, "DeviceDescription");
    claims.stated(Field::serial, serial, "DeviceSN");
    claims.stated(Field::firmware, element(all, "SoftwareVersion"), "SoftwareVersion");
    const Slice type = element(all, "DeviceType");
    if (!type.empty() && type.size() <= 10 && type.text().find_first_not_of("0123456789") == std::string_view::npos)
        claims.stated(Field::device_type, "hikvision:" + std::string(type.text()), type, "DeviceType");
    // Whom it was made for, where that is a name ("N/A", a number: nobody).
    const Slice oem = element(all, "OEMInfo");
    const bool letters = std::count_if(oem.text().begin(), oem.text().end(),
                                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }) >= 3;
    if (letters && !equal_ignoring_case(oem.text(), "none")) claims.hinted(Field::brand, oem.text(), oem, "OEMInfo");
    // Hikvision's own type numbers begin so; whoever it builds for has others.
    if (model.text().starts_with("DS-") || model.text().starts_with("iDS-"))
        claims.matched(Field::brand, "Hikvision", model, "DeviceDescription");
    const Slice address = element(all, "IPv4Address");
    const std::optional<Mac> mac = Mac::parse(element(all, "MAC").text());
    const std::optional<IpAddress> ip = IpAddress::parse(address.text());
    if (mac && mac->known() && !mac->group() && ip && *ip == flow.sender.ip) {
        Endpoint station = flow.sender.station();
        station.mac = *mac;
        claims.about(station).stated(Field::address, ip->text(), address, "IPv4Address");
    }
    return done();
}

constexpr ExampleMessage search[] = {
    {From::Client,
     {},
     "<?xml version=\"1.0\" "
     "encoding=\"utf-8\"?><Probe><Uuid>00000000-0000-0000-0000-0000000000AA</Uuid><Types>inquiry</Types></Probe>"},
    {From::Server,
     {},
     "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<ProbeMatch>\r\n<Uuid>00000000-0000-0000-0000-0000000000AA</Uuid>\r\n"
     "<Types>inquiry</Types>\r\n<DeviceType>1</DeviceType>\r\n<DeviceDescription>DS-EX2042-I</DeviceDescription>\r\n"
     "<DeviceSN>DS-EX2042-I20200101AAWR000000042</DeviceSN>\r\n<CommandPort>8000</CommandPort>\r\n"
     "<MAC>00-00-5e-00-53-14</MAC>\r\n<IPv4Address>192.0.2.20</IPv4Address>\r\n"
     "<SoftwareVersion>V5.5.0build 200101</SoftwareVersion>\r\n<Activated>true</Activated>\r\n</ProbeMatch>"}};
constexpr std::string_view search_claims[] = {
    "server stack_maker=Hikvision",       "server model=DS-EX2042-I", "server serial=DS-EX2042-I20200101AAWR000000042",
    "server firmware=V5.5.0build 200101", "server brand=Hikvision",   "server-mac address=192.0.2.20",
    "server device_type=hikvision:1"};
constexpr ExampleMessage other_brand[] = {
    {From::Server,
     {},
     "<?xml "
     "version=\"1.0\"?><ProbeMatch><Uuid>A</Uuid><Types>inquiry</"
     "Types><DeviceDescription>EX-NVR8</DeviceDescription><OEMInfo>Example Sight</OEMInfo></ProbeMatch>"}};
constexpr std::string_view other_brand_claims[] = {"server stack_maker=Hikvision", "server model=EX-NVR8",
                                                   "server brand=Example Sight"};
constexpr ExampleMessage asked[] = {
    {From::Client, {}, "<?xml version=\"1.0\"?><Probe><Uuid>B</Uuid><Types>inquiry</Types></Probe>"}};
constexpr Example examples[] = {
    {"a camera answers a search", Layer::Udp, 37020, search, search_claims},
    {"a recorder with another brand's type number", Layer::Udp, 37020, other_brand, other_brand_claims},
    {"a search names nobody", Layer::Udp, 37020, asked, {}},
};
constexpr std::uint16_t ports[] = {37020};

}  // namespace

Decoder sadp() {
    Decoder decoder;
    decoder.name = "sadp";
    decoder.title = "Hikvision SADP";
    decoder.spec = "unpublished; as UniversalScanner reads it (public project)";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("'<?xml'");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
