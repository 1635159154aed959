// MMS: the language of IEC 61850 relays, bay controllers, gateways and of control centres among themselves (ICCP). The answer
// to Identify holds maker, model and revision; the names of its domains are the relay's name with the instance's; the physical
// name plate has serial number and firmware. A write to a control object is a switching command; programs are loaded, started
// and stopped, and files sent and deleted, by services of their own.
//
//   |TPKT 03 00 length 2| COTP 02 F0 80 | session 01 00 01 00 | presentation 61 | 30 | 02 context | A0 | MMS: A0 request, A1
//   answer or, opening, session 0D or 0E with everything above inside.
// The same port carries S7comm (0x32), which is not this protocol.
#include <array>
#include <string>
#include <vector>

#include "decoders/cotp.h"
#include "decoders/decoder.h"
#include "decoders/der.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t message_max = 16384;

// ISO 8327 clause 8: give tokens and data transfer, both empty; then ISO 8823 user data with a context number.
bool is_data(const ByteCursor& payload) {
    if (payload.left() < 12 || payload.peek_be16() != 0x0100 || payload.peek_be16(2) != 0x0100 || payload.peek(4) != 0x61) {
        return false;
    }
    const std::size_t head = (payload.peek(5) & 0x80) != 0 ? std::size_t{6} + (payload.peek(5) & 0x0fU) : 6U;
    return payload.peek(head) == 0x30;
}

// Connect and accept (0D, 0E) name the application: object identifier 1.0.9506.2 (MMS) stands among the contexts.
bool is_opening(const ByteCursor& payload) {
    if (payload.peek() != 0x0d && payload.peek() != 0x0e) return false;
    const std::string_view text = payload.text_ahead();
    return text.substr(0, 512).find(std::string_view("\x28\xca\x22\x02", 4)) != std::string_view::npos;
}

bool recognise(ByteCursor message, const Flow&) {
    return cotp_carries(message,
                        [](const CotpPacket& packet) { return is_opening(packet.payload) || is_data(packet.payload); });
}

// What a request asked: the service in the low byte, and of up to six variables which part of the name plate.
enum class Service : std::uint8_t { Other, DomainNames, Read };
constexpr std::size_t variables_max = 6;
enum class Plate : std::uint8_t { Other, Vendor, Hardware, Software, Serial, Model, Location, Physical, Logical };

// IEC 61850-7-3 clause 7.9 (DPL and LPL), in the names of IEC 61850-8-1 clause 7.3: "LPHD1$DC$PhyNam$vendor". The maker of a
// logical node is the relay's; its other names are the engineer's.
Plate plate_of(std::string_view item) {
    if (item.ends_with("$DC$NamPlt$vendor")) return Plate::Vendor;
    if (item.ends_with("$DC$NamPlt")) return Plate::Logical;
    if (item.find("LPHD") == std::string_view::npos) return Plate::Other;
    if (item.ends_with("$DC$PhyNam")) return Plate::Physical;
    const std::size_t plate = item.find("$DC$PhyNam$");
    if (plate == std::string_view::npos) return Plate::Other;
    const std::string_view part = item.substr(plate + 11);
    if (part == "vendor") return Plate::Vendor;
    if (part == "hwRev") return Plate::Hardware;
    if (part == "swRev") return Plate::Software;
    if (part == "serNum") return Plate::Serial;
    if (part == "model") return Plate::Model;
    if (part == "location") return Plate::Location;
    return Plate::Other;
}

// ISO 9506-2 ObjectName: [1] domain-specific |1A domain|1A item|, [0] of the whole server, [2] of the association.
struct Name {
    Slice domain;
    Slice item;
};
Name object_name(ByteCursor& data) {
    Name name;
    DerItem item = next_der(data);
    if (item.tag == 0xa1) {
        name.domain = next_der(item.content, 0x1a).content.rest();
        name.item = next_der(item.content, 0x1a).content.rest();
    } else {
        name.item = item.content.rest();
    }
    return name;
}

// variableAccessSpecification: [0] list of |30| A0 name |...|.
std::array<Slice, variables_max> variables(ByteCursor& spec, std::size_t& count) {
    std::array<Slice, variables_max> names;
    count = 0;
    DerItem list = next_der(spec);
    if (list.tag != 0xa0) return names;
    while (!list.content.done() && count < names.size()) {
        DerItem each = next_der(list.content, 0x30);
        DerItem variable = next_der(each.content);
        if (variable.tag != 0xa0) return names;
        names[count++] = object_name(variable.content).item;
    }
    return names;
}

// ISO 9506-2 ConfirmedServiceRequest: of the services that change a device, its programs (domains, program invocations) or its
// files. Their tag is the byte BF or 9F and then the number.
std::string_view order_of(std::uint8_t service) {
    switch (service) {
        case 26:
            return "initiateDownloadSequence";
        case 34:
            return "loadDomainContent";
        case 36:
            return "deleteDomain";
        case 38:
            return "createProgramInvocation";
        case 39:
            return "deleteProgramInvocation";
        case 40:
            return "start";
        case 41:
            return "stop";
        case 42:
            return "resume";
        case 43:
            return "reset";
        case 44:
            return "kill";
        case 46:
            return "obtainFile";
        case 75:
            return "fileRename";
        case 76:
            return "fileDelete";
        default:
            return {};
    }
}

void request(ByteCursor pdu, const Slice& witness, Flow& flow, const Claims& claims) {
    const ByteCursor id = next_der(pdu, der::integer).content;
    std::uint32_t invoke = 0;
    for (std::size_t i = 0; i < id.left() && i < 4; ++i) invoke = (invoke << 8) | id.peek(i);
    // ITU-T X.690 section 8.1.2.4: a number above 30 stands in bytes of its own; no reader of ours needs what is in them.
    if (pdu.peek() == 0xbf || pdu.peek() == 0x9f) {
        const std::string_view order = order_of(pdu.peek(1));
        if (!order.empty() && pdu.ok())
            claims.about(flow.receiver)
                .stated(Field::remote_observed, "mms " + std::string(order) + " from " + flow.sender.ip.text(), witness,
                        "order");
        return;
    }
    DerItem service = next_der(pdu);
    if (!pdu.ok()) return;
    std::uint64_t what = 0;
    if (service.tag == 0xa1) {
        // GetNameList: [0] class: [0] basic, 9 is a domain; [1] scope: [0] the server.
        DerItem object_class = next_der(service.content, 0xa0);
        const DerItem basic = next_der(object_class.content);
        if (basic.tag == 0x80 && basic.content.left() == 1 && basic.content.peek() == 9) {
            what = static_cast<std::uint64_t>(Service::DomainNames);
        }
    } else if (service.tag == 0xa4) {
        // Read: [0] with specification, [1] specification.
        if (service.content.peek() == 0x80) next_der(service.content);
        DerItem spec = next_der(service.content, 0xa1);
        std::size_t count = 0;
        const auto names = variables(spec.content, count);
        bool any = false;
        what = static_cast<std::uint64_t>(Service::Read);
        for (std::size_t i = 0; i < count; ++i) {
            const Plate plate = plate_of(names[i].text());
            any = any || plate != Plate::Other;
            what |= static_cast<std::uint64_t>(plate) << (8 * (i + 1));
        }
        if (!any) what = 0;
    } else if (service.tag == 0xa5) {
        // Write: the specification alone; the data are not looked at. IEC 61850-8-1 clause 20: $CO$ is control.
        std::size_t count = 0;
        const auto names = variables(service.content, count);
        for (std::size_t i = 0; i < count && pdu.ok(); ++i) {
            const std::string_view item = names[i].text();
            if (item.find("$CO$") == std::string_view::npos) continue;
            const std::string_view last = item.substr(item.rfind('$') + 1);
            if (last != "Oper" && last != "SBOw" && last != "Cancel") continue;
            claims.about(flow.receiver)
                .stated(Field::remote_observed, "mms " + std::string(last) + " from " + flow.sender.ip.text(), witness,
                        "control");
        }
    }
    if (what != 0 && pdu.ok()) flow.state->ask(invoke, what);
}

struct Sayer {
    Claims& claims;
    const Slice* whole;
    void stated(Field field, const Slice& text, std::string_view what) {
        claims.stated(field, text.text(), whole != nullptr ? *whole : text, what);
    }
};

// A text, or the whole plate: the maker comes first; all six parts of a physical one have their places, fewer have not.
void name_plate(DerItem value, Plate plate, Sayer& sayer) {
    static constexpr std::array<Field, 7> fields = {Field::brand,  Field::brand, Field::hardware, Field::firmware,
                                                    Field::serial, Field::model, Field::location};
    if (plate == Plate::Other) return;
    if (plate < Plate::Physical) {
        if (value.tag == 0x8a) {
            sayer.stated(fields[static_cast<std::size_t>(plate)], ByteCursor(value.content).rest(), "name_plate");
        }
        return;
    }
    if (value.tag != 0xa2) return;
    std::array<Slice, 7> texts;
    std::size_t count = 0;
    while (!value.content.done() && count < texts.size()) {
        const DerItem part = next_der(value.content);
        if (part.tag != 0x8a) break;
        texts[count++] = ByteCursor(part.content).rest();
    }
    if (!value.content.ok() || count == 0) return;
    sayer.stated(Field::brand, texts[0], "name_plate");
    if (plate != Plate::Physical || count != 6) return;
    for (std::size_t i = 1; i < 6; ++i) sayer.stated(fields[i + 1], texts[i], "name_plate");
}

void answer(ByteCursor pdu, Flow& flow, Sayer sayer) {
    const ByteCursor id = next_der(pdu, der::integer).content;
    std::uint32_t invoke = 0;
    for (std::size_t i = 0; i < id.left() && i < 4; ++i) invoke = (invoke << 8) | id.peek(i);
    DerItem service = next_der(pdu);
    if (!pdu.ok()) return;
    std::uint64_t what = 0;
    const bool asked = flow.state->answered(invoke, what);
    ByteCursor& data = service.content;
    if (service.tag == 0xa2) {
        // ISO 9506-2 Identify-Response: [0] vendor, [1] model, [2] revision.
        const Slice vendor = next_der(data, 0x80).content.rest();
        const Slice model = next_der(data, 0x81).content.rest();
        const Slice revision = next_der(data, 0x82).content.rest();
        if (!data.ok()) return;
        sayer.stated(Field::brand, vendor, "identify");
        sayer.stated(Field::model, model, "identify");
        sayer.stated(Field::product, model, "identify");
        sayer.stated(Field::firmware, revision, "identify");
    } else if (service.tag == 0xa1 && asked && (what & 0xff) == static_cast<std::uint64_t>(Service::DomainNames)) {
        // A domain is a logical device: the relay's name and the instance's. What all of them start with is a hint of the
        // first.
        DerItem names = next_der(data, 0xa0);
        const Slice list = names.whole;
        std::string_view shared;
        bool first = true;
        for (int left = 64; left > 0 && !names.content.done(); --left) {
            const std::string_view name = next_der(names.content, 0x1a).content.rest().text();
            if (first) shared = name;
            first = false;
            std::size_t same = 0;
            while (same < shared.size() && same < name.size() && shared[same] == name[same]) ++same;
            shared = shared.substr(0, same);
        }
        if (!data.ok() || shared.size() < 3) return;
        sayer.claims.hinted(Field::station_name, shared, sayer.whole != nullptr ? *sayer.whole : list, "domain_names");
    } else if (service.tag == 0xa4 && asked && (what & 0xff) == static_cast<std::uint64_t>(Service::Read)) {
        // Read: [1] list of results: [0] failure, or data, of which 8A is text.
        DerItem results = next_der(data);
        if (results.tag == 0xa0) results = next_der(data);
        if (results.tag != 0xa1) return;
        for (std::size_t i = 0; i < variables_max && !results.content.done(); ++i) {
            name_plate(next_der(results.content), static_cast<Plate>((what >> (8 * (i + 1))) & 0xff), sayer);
        }
    }
}

// 61 | 30 | 02 context | A0 | MMS. BER with indefinite lengths is left alone.
void observe_data(ByteCursor payload, const Slice& witness, const Slice* copied_from, Flow& flow, Claims& claims) {
    payload.skip(4);
    DerItem user_data = next_der(payload, 0x61);
    DerItem list = next_der(user_data.content, der::sequence);
    while (list.content.ok() && list.content.peek() != der::integer && !list.content.done()) next_der(list.content);
    next_der(list.content, der::integer);
    DerItem value = next_der(list.content, 0xa0);
    DerItem pdu = next_der(value.content);
    if (!payload.ok()) return;
    if (pdu.tag == 0xa0) {
        request(pdu.content, witness, flow, claims);
    } else if (pdu.tag == 0xa1) {
        answer(pdu.content, flow, {claims, copied_from});
    }
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    const ByteCursor begin = message;
    CotpPacket packet{0, 0, false, message.take(0)};
    CotpFraming framing = next_cotp(message, packet);
    if (framing == CotpFraming::Short) return need(begin.left() >= 7 && packet.size > 7 ? packet.size : begin.left() + 1);
    if (framing == CotpFraming::Bad) return not_this();
    if (packet.code != 0xf0 || packet.payload.done()) return done(message);
    if (packet.last) {
        const Slice payload = packet.payload.rest();
        Reading reading;
        const ByteCursor data = whole(payload, reading);
        if (is_data(data)) observe_data(data, payload, nullptr, flow, claims);
        return done(message);
    }
    // ISO 8073 13.7: a message in several packets, the last one marked.
    if (!is_data(packet.payload)) return done(message);
    std::vector<std::uint8_t> joined;
    for (;;) {
        const Slice part = packet.payload.rest();
        if (joined.size() + part.size() > message_max) return done(message);
        joined.insert(joined.end(), part.bytes.begin(), part.bytes.end());
        if (packet.last) break;
        framing = next_cotp(message, packet);
        if (framing == CotpFraming::Short) return flow.ended ? done(begin.left()) : need(begin.left() + 1);
        if (framing == CotpFraming::Bad || packet.code != 0xf0) return not_this();
    }
    Reading reading;
    const Slice witness = message.since(begin);
    observe_data(ByteCursor(joined, reading), witness, &witness, flow, claims);
    return done(message);
}

constexpr ExampleMessage relay[] = {
    {From::Client, "0300001611e00000000100c1020001c2020001c0010a", {}},
    {From::Server, "0300001611d00000000100c1020001c2020001c0010a", {}},
    {From::Client,
     "0300003b02f0800d32c130312ea003800101a227a411300f02010106045201000130040602510161123010020101a00b6009a107"
     "060528ca220203",
     {}},
    {From::Client, "0300002402f0800100010061173015020103a010a00e020101a109a003800109a1028000", {}},
    {From::Server,
     "0300003302f0800100010061263024020103a01fa11d020101a118a0131a07455851314c44301a084558513150524f54810100",
     {}},
    {From::Client, "0300001b02f08001000100610e300c020103a007a0050201028200", {}},
    {From::Server,
     "0300002502f00001000100612b3029020103a024a122020102a21d800e4578616d706c65200300001a02f08052656c6179738106"
     "45582d3730308203312e34",
     {}},
    {From::Client,
     "0300008e02f08001000100618180307e020103a079a077020103a472a170a06e3025a023a1211a07455851314c44301a164c5048"
     "4431244443245068794e616d247365724e756d301fa01da11b1a07455851314c44301a104c4c4e30244443244e616d506c742464"
     "3024a022a1201a07455851314c44301a154c50484431244443245068794e616d247377526576",
     {}},
    {From::Server, "0300002e02f080010001006121301f020103a01aa118020103a413a1118a05523030343280010a8a05312e342e32", {}},
    {From::Client,
     "0300004602f0800100010061393037020103a032a030020104a52ba0223020a01ea11c1a07455851314c44301a11435357493124"
     "434f24506f73244f706572a005a203830101",
     {}},
};
constexpr ExampleMessage values[] = {
    {From::Client,
     "0300003d02f080010001006130302e020103a029a027020101a422a120a01e301ca01aa1181a07455851314c44301a0d4d4d5855"
     "31244d5824546f7457",
     {}},
};
constexpr std::string_view relay_claims[] = {"server station_name=EXQ1", "server brand=Example Relays",
                                             "server model=EX-700",      "server product=EX-700",
                                             "server firmware=1.4",      "server serial=R0042",
                                             "server firmware=1.4.2",    "server remote_observed=mms Oper from 192.0.2.10"};
constexpr ExampleMessage plates[] = {
    {From::Client,
     "0300005e02f080010001006151304f020103a04aa048020103a443a141a03f301ea01ca11a1a07455851314c44301a0f4c504844"
     "31244443245068794e616d301da01ba1191a07455851314c44301a0e4c4c4e30244443244e616d506c74",
     {}},
    {From::Server,
     "0300007602f0800100010061693067020103a062a160020103a45ba159a2308a0e4578616d706c652052656c6179738a01428a05"
     "312e342e328a0552303034328a0645582d3730308a054261792033a2258a0e4578616d706c652052656c6179738a03392e398a0e"
     "4c44206f6620736f6d65626f6479",
     {}},
};
constexpr std::string_view plates_claims[] = {"server brand=Example Relays", "server hardware=B",   "server firmware=1.4.2",
                                              "server serial=R0042",         "server model=EX-700", "server location=Bay 3"};
constexpr ExampleMessage orders[] = {
    {From::Client, "0300002802f08001000100611b3019020103a014a012020101bf480ca0071905612e636667810100", {}},
    {From::Client, "0300002302f0800100010061163014020103a00fa00d020102bf290780054558504931", {}},
    {From::Client, "0300002302f0800100010061163014020103a00fa00d020103bf4c071905612e636667", {}},
};
constexpr std::string_view orders_claims[] = {"server remote_observed=mms stop from 192.0.2.10",
                                              "server remote_observed=mms fileDelete from 192.0.2.10"};
constexpr Example examples[] = {
    {"a file is opened, which orders nothing; a program is stopped; a file is deleted", Layer::Tcp, 102, orders, orders_claims},
    {"whole name plates, of the device and of a node", Layer::Tcp, 102, plates, plates_claims},
    {"a relay is identified, read and switched", Layer::Tcp, 102, relay, relay_claims},
    {"reading values says nothing", Layer::Tcp, 102, values, {}},
};
constexpr std::uint16_t ports[] = {102};

}  // namespace

Decoder mms() {
    Decoder decoder;
    decoder.name = "mms";
    decoder.title = "MMS (IEC 61850)";
    decoder.spec = "ISO 9506-2; IEC 61850-8-1:2011; RFC 1006, ISO 8073, 8327 and 8823";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("03 00");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
