// CoAP: sensors and meters; where they register with a management server (LwM2M, resource directory) they name themselves.
// Relays of Shelly tell what they are in an option of their own (CoIoT), OCF devices in the answer to /oic/p, and in the links
// of
// /.well-known/core some servers tell what they are for. Other paths, and payloads, are not kept.
//
//   |version 2 bits, type 2, token length 4|code|message 2|token|option ...|FF payload|; option: |delta 4, length 4|more|value|
#include <optional>

#include "core/text.h"
#include "decoders/cbor_text.h"
#include "decoders/decoder.h"
#include "decoders/text_lines.h"

namespace herkomst::decoders {

namespace {

enum Number : std::uint16_t { UriHost = 3, UriPath = 11, ContentFormat = 12, UriQuery = 15, ShellyDevice = 3332 };
constexpr std::uint8_t shelly_status = 0x1e;

struct Option {
    std::uint32_t number = 0;
    Slice value;
    bool valid = false;
};

// RFC 7252 section 3.1: a nibble of 13 or 14 means one or two bytes more, 15 is for the payload alone.
std::uint32_t extended(ByteCursor& at, unsigned nibble) {
    if (nibble == 13) return at.u8() + 13U;
    if (nibble == 14) return at.be16() + 269U;
    return nibble;
}

Option next_option(ByteCursor& at, std::uint32_t before) {
    Option option;
    const std::uint8_t head = at.u8();
    if (head >> 4 == 15 || (head & 15) == 15) return option;
    option.number = before + extended(at, head >> 4);
    option.value = at.bytes(extended(at, head & 15U));
    option.valid = at.ok();
    return option;
}

// RFC 7252 sections 3 and 12.2, with RFC 7641, 7959, 7967, 8516, 8613, 8768, 9175: the options that there are.
bool is_known(std::uint32_t number) {
    switch (number) {
        case 1:
        case 3:
        case 4:
        case 5:
        case 6:
        case 7:
        case 8:
        case 9:
        case 11:
        case 12:
        case 14:
        case 15:
        case 16:
        case 17:
        case 19:
        case 20:
        case 23:
        case 27:
        case 28:
        case 31:
        case 35:
        case 39:
        case 60:
        case 252:
        case 258:
        case 292:
        case ShellyDevice:
        case 3412:
        case 3420:
            return true;
        default:
            return false;
    }
}

bool is_code(std::uint8_t code) {
    if ((code >= 1 && code <= 7) || code == shelly_status) return true;
    if (code == 0x41 || code == 0x42 || code == 0x43 || code == 0x44 || code == 0x45 || code == 0x5f) return true;
    return (code >= 0x80 && code <= 0x9d) || (code >= 0xa0 && code <= 0xa8);
}

bool is_request(std::uint8_t code) { return code < 8 || code == shelly_status; }

// Shelly, "CoIoT for Shelly devices", section "CoIoT mandatory CoAP options": kind '#' id '#' version.
struct Shelly {
    Slice kind;
    Slice id;
    bool good = false;
};
Shelly read_shelly(const Slice& value) {
    Shelly out;
    const std::string_view text = value.text();
    const std::size_t first = text.find('#');
    const std::size_t second = first == std::string_view::npos ? first : text.find('#', first + 1);
    if (second == std::string_view::npos || second + 2 != text.size() || !text.starts_with("SH")) return out;
    out.kind = {value.bytes.first(first), value.offset};
    out.id = {value.bytes.subspan(first + 1, second - first - 1), value.offset + first + 1};
    const bool hexadecimal = out.id.text().find_first_not_of("0123456789ABCDEF") == std::string_view::npos;
    out.good = printable_ascii(out.kind.text()) && hexadecimal && out.id.size() >= 6 && out.id.size() <= 12 &&
               text.back() > '0' && text.back() <= '9';
    return out;
}

// RFC 7252 section 3: version 1, a token of at most 8, a code of its registry, known options of sizes that they may have, in
// order, and a payload only behind its mark. A request says where to, in text; an answer has an option or a payload. Shelly's
// report of its state has a code of its own (0.30) and says who reports.
bool recognise(ByteCursor message, const Flow&) {
    const std::uint8_t head = message.u8();
    const std::uint8_t code = message.u8();
    message.skip(2);
    const std::size_t token = head & 15U;
    if (head >> 6 != 1 || token > 8 || !is_code(code)) return false;
    message.skip(token);
    std::uint32_t number = 0;
    bool addressed = false;
    bool typed = false;
    bool named = code != shelly_status;
    while (!message.done()) {
        if (message.peek() == 0xff) {
            message.skip(1);
            if (message.done()) return false;
            if (is_request(code)) return addressed && named;
            return typed;
        }
        const Option option = next_option(message, number);
        if (!option.valid || !is_known(option.number) || option.value.size() > 1034) return false;
        number = option.number;
        if (number == UriPath || number == UriHost || number == UriQuery) {
            if (!is_request(code) || !printable_ascii(option.value.text())) return false;
            addressed = addressed || (number != UriHost && !option.value.empty());
        }
        if (number == ContentFormat) typed = option.value.size() <= 2;
        if (number == ShellyDevice) named = read_shelly(option.value).good;
    }
    return message.ok() && is_request(code) && addressed && named;
}

// In a report or in an answer.
void shelly(ByteCursor message, const Flow& flow, Claims& claims) {
    const std::size_t token = message.u8() & 15U;
    message.skip(3 + token);
    std::uint32_t number = 0;
    while (!message.done() && message.peek() != 0xff && number < ShellyDevice) {
        const Option option = next_option(message, number);
        if (!option.valid) return;
        number = option.number;
        if (number != ShellyDevice) continue;
        const Shelly device = read_shelly(option.value);
        if (!device.good) return;
        claims.matched(Field::brand, "Shelly", option.value, "coiot");
        claims.stated(Field::model, device.kind, "coiot");
        const std::optional<Mac> mac = device.id.size() == 12 ? Mac::parse(device.id.text()) : std::nullopt;
        Endpoint station;
        station.vlan = flow.sender.vlan;
        if (mac && mac->known() && !mac->group()) station.mac = *mac;
        if (station.mac.known() && flow.sender.ip.known())
            claims.about(station).stated(Field::address, flow.sender.ip.text(), device.id, "coiot");
    }
}

// OCF Core Specification 2.2 section 11.2 (oic.wk.p): a map with the maker's name and the platform's number. The device's own
// name (/oic/d, "n") is a person's choice.
void platform(const Slice& payload, Claims& claims) {
    Reading aside;
    ByteCursor at = whole(payload, aside);
    Slice maker;
    Slice model;
    Slice firmware;
    Slice hardware;
    bool numbered = false;
    const bool good = each_cbor_text(at, [&](std::string_view key, const Slice& text) {
        if (key == "mnmn") maker = text;
        if (key == "mnmo") model = text;
        if (key == "mnfv") firmware = text;
        if (key == "mnhw") hardware = text;
        numbered = numbered || (key == "pi" && text.size() == 36);
    });
    if (!good || maker.empty() || !numbered) return;
    claims.stated(Field::brand, maker, "platform");
    claims.stated(Field::model, model, "platform");
    claims.stated(Field::firmware, firmware, "platform");
    claims.stated(Field::hardware, hardware, "platform");
}

// RFC 6690 section 2: <path>;rt="..."; of the types those that say what a server is for (RFC 9176 section 9.3; LwM2M 1.1 Core
// section 6.2.1).
void links(const Slice& payload, Claims& claims) {
    const std::string_view text = payload.text();
    if (!text.starts_with('<')) return;
    struct Link {
        std::string_view type;
        std::string_view role;
    };
    constexpr Link known[] = {{"rt=\"core.rd\"", "coap resource directory"}, {"rt=\"oma.lwm2m\"", "lwm2m client"}};
    for (const Link& link : known) {
        const std::size_t at = text.find(link.type);
        if (at == std::string_view::npos) continue;
        claims.stated(Field::role, link.role, Slice{payload.bytes.subspan(at, link.type.size()), payload.offset + at}, "links");
    }
}

// RFC 7252 section 12.3 and its registry: 40 links, 60 CBOR, 10000 that of OCF. What comes in blocks (RFC 7959) is not put
// together.
void content(ByteCursor message, Claims& claims) {
    const std::size_t token = message.u8() & 15U;
    message.skip(3 + token);
    std::uint32_t number = 0;
    std::uint32_t format = 0;
    while (!message.done() && message.peek() != 0xff) {
        const Option option = next_option(message, number);
        if (!option.valid) return;
        number = option.number;
        if (number != ContentFormat) continue;
        for (const std::uint8_t byte : option.value.bytes) format = format << 8 | byte;
    }
    if (message.done()) return;
    message.skip(1);
    if (format == 40) links(message.rest(), claims);
    if (format == 60 || format == 10000) platform(message.rest(), claims);
}

// LwM2M 1.1 Transport section 6.4.1, RFC 9176 section 5: POST /rd?ep=name. A name of a SIM's subscriber is left out.
Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    const bool short_one = message.left() == 4 && message.peek() >> 4 >= 4 && message.peek() >> 4 <= 7 && message.peek(1) == 0;
    if (short_one) return done();  // an empty acknowledgement or reset
    Reading aside;
    const Slice all = ByteCursor(message).rest();
    shelly(whole(all, aside), flow, claims);
    if (!recognise(message, flow)) {
        const bool shaped = message.peek() >> 6 == 1 && (message.peek() & 15) <= 8 && is_code(message.peek(1));
        return shaped ? done() : not_this();
    }
    if (message.peek(1) == 0x45) {
        Reading own;
        content(whole(all, own), claims);
    }
    const std::size_t token = message.u8() & 15U;
    const std::uint8_t code = message.u8();
    message.skip(2 + token);
    if (code != 2) return done();
    std::uint32_t number = 0;
    unsigned segments = 0;
    bool directory = false;
    while (!message.done() && message.peek() != 0xff) {
        const Option option = next_option(message, number);
        if (!option.valid) break;
        number = option.number;
        if (number == UriPath) directory = segments++ == 0 && option.value.text() == "rd";
        if (number != UriQuery || !directory || option.value.text().substr(0, 3) != "ep=") continue;
        const Slice name{option.value.bytes.subspan(3), option.value.offset + 3};
        const bool subscriber = contains_ignoring_case(name.text(), "imsi") || contains_ignoring_case(name.text(), "msisdn");
        if (!subscriber) claims.stated(Field::client_id, name, "endpoint");
    }
    return done();
}

constexpr ExampleMessage registers[] = {
    {From::Client, "4402000701020304b2726411283a65703d6d657465722d37096c776d326d3d312e30", {}},
    {From::Server, "64 41 0007 01020304 | 82 7264 | 01 37", {}}};
constexpr std::string_view registers_claims[] = {"client client_id=meter-7"};
constexpr ExampleMessage asking[] = {{From::Client, "40010008ba77696c68656c6d696e61", {}}};
constexpr ExampleMessage reports[] = {
    {From::Client,
     "50 1e 0001 | b3 636974 | 01 73 | ed 0bec 08 534853572d31233030303035453030353330412332 | d2 43 9600 | 82 0102 | ff 7b7d",
     {}}};
constexpr std::string_view reports_claims[] = {"client brand=Shelly", "client model=SHSW-1", "client-mac address=192.0.2.10"};
constexpr ExampleMessage platforms[] = {
    // a map: rt, pi, mnmn "Example Home", mnmo "EH-9", mnfv "1.3"
    {From::Server,
     "624500080102c22710ffbf62727481686f69632e776b2e70627069782430303030303030302d303030302d303030302d30303030"
     "2d303030303565303035333134646d6e6d6e6c4578616d706c6520486f6d65646d6e6d6f6445482d39646d6e667663312e33ff",
     {}},
    // </rd>;rt="core.rd";ct=40,</t>;rt="temperature"
    {From::Server,
     "6145000907c128ff3c2f72643e3b72743d22636f72652e7264223b63743d34302c3c2f743e3b72743d2274656d70657261747572"
     "6522",
     {}}};
constexpr std::string_view platforms_claims[] = {"server brand=Example Home", "server model=EH-9", "server firmware=1.3",
                                                 "server role=coap resource directory"};
constexpr Example examples[] = {
    {"an OCF device tells its platform; a directory its links", Layer::Udp, 5683, platforms, platforms_claims},
    {"a relay reports its state", Layer::Udp, 5683, reports, reports_claims},
    {"a meter registers", Layer::Udp, 5683, registers, registers_claims},
    {"what somebody asks for is not kept", Layer::Udp, 5683, asking, {}},
};
constexpr std::uint16_t ports[] = {5683};

}  // namespace

Decoder coap() {
    Decoder decoder;
    decoder.name = "coap";
    decoder.title = "CoAP, LwM2M registration, OCF, Shelly CoIoT";
    decoder.spec =
        "RFC 7252; RFC 6690; RFC 9176; LwM2M 1.1 Transport section 6.4.1; OCF Core 2.2; CoIoT for Shelly devices 1.0";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("4? ?? ?? ??", "5? ?? ?? ??", "6? ?? ?? ??", "7? ?? ?? ??");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
