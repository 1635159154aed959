// ECHONET Lite: Japanese home energy devices (heat pumps, batteries, solar, chargers, meters) on UDP 3610. Every message says
// of which class the object is that speaks; answers about property 0x8A carry the maker's number, 0x8C the product code, 0x8D
// the serial number.
//
//   |10|81|transaction 2|from object 3|to object 3|service 1|n 1| property 1, length 1, value ...|
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

// ECHONET Lite Specification part 2 clause 3.2: header 10 81, object class group 0x00 to 0x0f, service 5x, 6x or 7x, the
// counted properties fill the message.
bool recognise(ByteCursor message, const Flow&) {
    if (message.left() < 14 || message.be16() != 0x1081) return false;
    message.skip(2);
    const std::uint8_t from_group = message.u8();
    message.skip(2);
    const std::uint8_t to_group = message.u8();
    message.skip(2);
    const std::uint8_t service = message.u8();
    const bool known = (service >= 0x50 && service <= 0x53) || service == 0x5e || (service >= 0x60 && service <= 0x63) ||
                       service == 0x6e || (service >= 0x71 && service <= 0x74) || service == 0x7a || service == 0x7e;
    if (!known || from_group > 0x0f || to_group > 0x0f) return false;
    for (int left = message.u8(); left > 0 && message.ok(); --left) {
        if (message.u8() < 0x80) return false;
        message.skip(message.u8());
    }
    return message.ok() && message.done();
}

// APPENDIX "Detailed Requirements for ECHONET Device Objects", release N.
std::string_view category_of(std::uint8_t group, std::uint8_t type) {
    if (group == 0x01 && type == 0x30) return "hvac";            // home air conditioner
    if (group == 0x02 && type == 0x6b) return "heat_pump";       // electric water heater
    if (group == 0x02 && type == 0x79) return "solar_inverter";  // household solar power generation
    if (group == 0x02 && type == 0x7d) return "battery";         // storage battery
    if (group == 0x02 && (type == 0x7e || type == 0xa1)) return "ev_charger";
    if (group == 0x02 && (type == 0x88 || type == 0x87)) return "energy_meter";
    return {};
}

// Services: 0x60 and 0x61 write a property (SetI, SetC); 0x71 confirms; 0x72, 0x73 and 0x74 carry values.
Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    message.skip(4);
    const ByteCursor from_at = message;
    const std::uint8_t group = message.u8();
    const std::uint8_t type = message.u8();
    message.skip(1);
    const Slice from = message.since(from_at);
    message.skip(3);
    const std::uint8_t service = message.u8();
    if (service == 0x60 || service == 0x61) {
        if (!flow.receiver.ip.multicast())
            claims.about(flow.receiver)
                .stated(Field::remote_observed, "echonet property write from " + flow.sender.ip.text(), from, "set");
        return done();
    }
    // Clause 4.2.3.3: 52 answers in part; what was refused stands there with length 0 and no value.
    if ((service < 0x72 || service > 0x74) && service != 0x52) return done();
    claims.matched(Field::category, category_of(group, type), from, "object");
    for (int left = message.u8(); left > 0 && message.ok(); --left) {
        const std::uint8_t property = message.u8();
        const Slice value = message.bytes(message.u8());
        if (property == 0x8a && value.size() == 3) {
            std::uint32_t maker = 0;
            for (const std::uint8_t byte : value.bytes) maker = (maker << 8) | byte;
            if (maker != 0 && maker != 0xffffff)
                claims.stated(Field::vendor_id, "echonet:" + std::to_string(maker), value, "8a");
        }
        const std::string_view text = value.text().substr(0, value.text().find('\0'));
        if (property == 0x8c && printable_ascii(text)) claims.stated(Field::model, text, value, "8c");
        if (property == 0x8d && printable_ascii(text)) claims.stated(Field::serial, text, value, "8d");
    }
    return done();
}

constexpr ExampleMessage asked_and_answered[] = {
    {From::Client, "1081 0001 05ff01 013001 62 03 8a00 8c00 8d00", {}},
    {From::Server, "1081 0001 013001 05ff01 72 03 8a03fffffe 8c0c 45582d414331320000000000 8d0c 455830303030343200000000", {}},
    {From::Client, "1081 0002 05ff01 013001 61 01 80 01 31", {}},
    {From::Server, "1081 0002 013001 05ff01 71 01 80 00", {}}};
constexpr std::string_view answered_claims[] = {
    "server category=hvac",
    "server vendor_id=echonet:16777214",
    "server model=EX-AC12",
    "server serial=EX000042",
    "server remote_observed=echonet property write from 192.0.2.10",
};
constexpr ExampleMessage partly[] = {{From::Server, "1081 0003 0ef001 05ff01 52 03 8a03fffffe 8c00 8d00", {}}};
constexpr std::string_view partly_claims[] = {"server vendor_id=echonet:16777214"};
constexpr ExampleMessage asked[] = {{From::Client, "1081 0001 05ff01 0ef001 62 01 d600", {}}};
constexpr Example examples[] = {
    {"an air conditioner tells what it is and is switched", Layer::Udp, 3610, asked_and_answered, answered_claims},
    {"a node that has only some of what was asked", Layer::Udp, 3610, partly, partly_claims},
    {"a question names nobody", Layer::Udp, 3610, asked, {}},
};
constexpr std::uint16_t ports[] = {3610};

}  // namespace

Decoder echonet_lite() {
    Decoder decoder;
    decoder.name = "echonet_lite";
    decoder.title = "ECHONET Lite";
    decoder.spec = "ECHONET Lite Specification part 2 clause 3; APPENDIX: device objects";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("10 81");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
