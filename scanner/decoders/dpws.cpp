// DPWS (Windows: WSD): printers, scanners, projectors and medical devices that announced themselves over WS-Discovery are asked
// over HTTP (mostly TCP 5357) for their metadata: maker, model, firmware and serial number. Computers that share files answer
// too, with the name of the program that answers for them; that is no device's, and is left out. So is the name that somebody
// gave to the device.
//
//   POST /00000000-0000-0000-0000-00005e005314     <soap:Envelope>...<wsa:Action>http://.../transfer/Get</wsa:Action>
//   <wsx:Metadata> <wsdp:ThisDevice><wsdp:FirmwareVersion>... <wsdp:ThisModel><wsdp:Manufacturer>...<wsdp:ModelName>...
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/http_api.h"
#include "decoders/xml_text.h"

namespace herkomst::decoders {

namespace {

// Devices Profile for Web Services (February 2006) section 5, DPWS 1.1 section 4: the address is what the device announced.
// Those of Windows are a UUID (RFC 4122 section 3), those of printers begin so.
std::uint8_t asked_for(std::string_view method, std::string_view target) {
    std::string_view path = http_path(target);
    if (method != "POST" || !path.starts_with('/')) return 0;
    path.remove_prefix(1);
    if (path.ends_with('/')) path.remove_suffix(1);
    if (starts_with_ignoring_case(path, "wsd")) return 1;
    if (path.size() != 36) return 0;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const char c = static_cast<char>(path[i] | 0x20);
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? path[i] != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return 0;
    }
    return 1;
}

// The same, sections 5.1 and 5.2 (1.1: 4.1 and 4.2): an envelope with metadata, in one of the two name spaces.
bool answer(std::uint8_t, std::string_view body, const Slice& place, Claims& claims) {
    const bool space = body.find("schemas.xmlsoap.org/ws/2006/02/devprof") != std::string_view::npos ||
                       body.find("docs.oasis-open.org/ws-dd/ns/dpws/2009/01") != std::string_view::npos;
    const Slice document{bytes_in(body), 0};
    if (!space || !has_xml_element(document, "Metadata")) return false;
    if (body.find(":Computer") != std::string_view::npos) return true;
    const auto say = [&](Field field, std::string_view part, std::string_view element, std::string_view what) {
        const XmlText within = xml_element(document, part);
        const XmlText text = xml_element(document, element, within.next);
        if (within.found && text.found && text.text.size() <= 128)
            claims.stated(field, xml_plain(text.text.text()), place_of(place, text.text.text()), what);
    };
    say(Field::brand, "ThisModel", "Manufacturer", "manufacturer");
    say(Field::model, "ThisModel", "ModelName", "model_name");
    say(Field::product, "ThisModel", "ModelNumber", "model_number");
    say(Field::firmware, "ThisDevice", "FirmwareVersion", "firmware");
    say(Field::serial, "ThisDevice", "SerialNumber", "serial");
    return true;
}

constexpr HttpApi api = {asked_for, answer};

constexpr ExampleMessage printer[] = {
    {From::Client,
     {},
     "POST /00000000-0000-0000-0000-00005e005314 HTTP/1.1\r\nHost: 192.0.2.20:5357\r\nContent-Length: 7\r\n\r\n<soap/>"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\nContent-Length: 540\r\n\r\n"
     "<soap:Envelope xmlns:wsdp=\"http://schemas.xmlsoap.org/ws/2006/02/devprof\"><soap:Body><wsx:Metadata>"
     "<wsx:MetadataSection><wsdp:ThisDevice><wsdp:FriendlyName>Printer of Wilhelmina</wsdp:FriendlyName>"
     "<wsdp:FirmwareVersion>4.2</wsdp:FirmwareVersion><wsdp:SerialNumber>EP0042</wsdp:SerialNumber></wsdp:ThisDevice>"
     "</wsx:MetadataSection><wsx:MetadataSection><wsdp:ThisModel><wsdp:Manufacturer>Example Print</wsdp:Manufacturer>"
     "<wsdp:ModelName>EP-100</wsdp:ModelName></wsdp:ThisModel></wsx:MetadataSection></wsx:Metadata></soap:Body>"
     "</soap:Envelope>"}};
constexpr std::string_view printer_claims[] = {"server brand=Example Print", "server model=EP-100", "server firmware=4.2",
                                               "server serial=EP0042"};
constexpr ExampleMessage computer[] = {
    {From::Client,
     {},
     "POST /00000000-0000-0000-0000-00005e005315/ HTTP/1.1\r\nHost: 192.0.2.20:5357\r\nContent-Length: 7\r\n\r\n<soap/>"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\nContent-Length: 321\r\n\r\n"
     "<soap:Envelope xmlns:wsdp=\"http://schemas.xmlsoap.org/ws/2006/02/devprof\"><soap:Body><wsx:Metadata>"
     "<wsdp:ThisModel><wsdp:Manufacturer>Program</wsdp:Manufacturer><wsdp:ModelName>Program</wsdp:ModelName>"
     "</wsdp:ThisModel><wsdp:Host><wsdp:Types>pub:Computer</wsdp:Types></wsdp:Host></wsx:Metadata></soap:Body></"
     "soap:Envelope>"}};
constexpr Example examples[] = {
    {"a printer's metadata, without the name that somebody gave it", Layer::Tcp, 5357, printer, printer_claims},
    {"a computer answers by a program: no maker of it", Layer::Tcp, 5357, computer, {}},
};
constexpr std::uint16_t ports[] = {5357};

}  // namespace

Decoder dpws() {
    Decoder decoder = http_api_decoder<api>();
    decoder.name = "dpws";
    decoder.title = "DPWS (WSD) metadata";
    decoder.spec = "Devices Profile for Web Services (2006) section 5; OASIS DPWS 1.1 section 4";
    decoder.ports = ports;
    decoder.starts = Starts("'POST /'");
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
