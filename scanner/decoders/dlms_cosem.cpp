// DLMS/COSEM: electricity, gas, water and heat meters. The logical device name and the system title start with the three
// letters under which the FLAG association knows the maker; a meter's number and firmware are objects with fixed names. Opening
// or closing a meter's switch, setting an object, running a script and loading firmware are commands. Meters of older kinds
// know their objects by short names, which only the meter's own list explains: there a write is seen, not what it is for. What
// is encrypted stays so.
//
//   wrapper: |0001|from 2|to 2|length 2| APDU      HDLC: |7E|A length 11 bits|to|from|control|check 2|E6 E6/E7 00| APDU |check
//   2|7E GET: C0 01 |invoke|class 2|object 6|attribute|selection|   answer: C4 01 |invoke|00| data AARE: 61 length |A1
//   context|A2 result| ... |A4 system title| ...
//   short names: write 06 |count|02 name 2| ... |count| data      answer: 0D |count|00, or 01 and why not| ...
#include <array>
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/der.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t wrapper_size = 8;

// IEC 62056-5-3 clause 9.4 (choice tags): opening and closing, reading, writing, calling, pushed data, and the encrypted ones.
bool is_apdu(std::uint8_t tag) {
    switch (tag) {
        case 0x01:
        case 0x05:
        case 0x06:
        case 0x08:
        case 0x0c:
        case 0x0d:
        case 0x0e:
        case 0x0f:
        case 0x60:
        case 0x61:
        case 0x62:
        case 0x63:
        case 0xc0:
        case 0xc1:
        case 0xc2:
        case 0xc3:
        case 0xc4:
        case 0xc5:
        case 0xc7:
        case 0xc8:
        case 0xc9:
        case 0xcb:
        case 0xcc:
        case 0xcd:
        case 0xcf:
        case 0xd8:
        case 0xd9:
        case 0xdb:
        case 0xdd:
            return true;
        default:
            return false;
    }
}

// Short names, as OpenMUC's cosem.asn and Gurux's program have them: a variable's name (2), one with a selection (4), and
// blocks.
bool is_access(std::uint8_t choice) { return choice == 2 || (choice >= 4 && choice <= 7); }

// The first bytes of the APDU fit its tag: GET, SET and ACTION have a kind of 1 to 3 (5, 7) and their answers too; association
// elements a length.
bool fits(const ByteCursor& apdu, std::size_t length) {
    const std::uint8_t tag = apdu.peek();
    const std::uint8_t kind = apdu.peek(1);
    if (!is_apdu(tag)) return false;
    if (tag >= 0xc0 && tag <= 0xc7 && tag != 0xc2) return kind >= 1 && kind <= 7;
    if (tag == 0x05 || tag == 0x06) return kind >= 1 && kind <= 0x7f && length >= 5 && is_access(apdu.peek(2));
    if (tag == 0x0c || tag == 0x0d) return kind >= 1 && kind <= 0x7f && length >= 3 && apdu.peek(2) <= 2;
    if (tag >= 0x60 && tag <= 0x63) return kind <= 0x82 && (kind >= 0x80 || std::size_t{2} + kind <= length);
    return length >= 2;
}

// IEC 62056-47 clause 4: version 1, two ports, none of them 0, of which one is a client's (1 to 0x7F) and the other a
// logical device's.
bool wrapped(const ByteCursor& message, std::size_t& size) {
    if (message.left() < wrapper_size + 2 || message.peek_be16() != 1) return false;
    const std::uint16_t from = message.peek_be16(2);
    const std::uint16_t to = message.peek_be16(4);
    const std::size_t length = message.peek_be16(6);
    size = wrapper_size + length;
    ByteCursor apdu = message;
    apdu.skip(wrapper_size);
    return length >= 2 && from >= 1 && to >= 1 && from < 0x4000 && to < 0x4000 && (from <= 0x7f || to <= 0x7f) &&
           fits(apdu, length);
}

// ISO/IEC 13239 annex A: 16-bit check, polynomial 0x8408, complemented.
std::uint16_t check_of(const ByteCursor& data, std::size_t at, std::size_t size) {
    std::uint16_t check = 0xffff;
    for (std::size_t i = 0; i < size; ++i) {
        check = static_cast<std::uint16_t>(check ^ data.peek(at + i));
        for (int bit = 0; bit < 8; ++bit)
            check = static_cast<std::uint16_t>((check & 1) != 0 ? (check >> 1) ^ 0x8408 : check >> 1);
    }
    return static_cast<std::uint16_t>(~check);
}

// IEC 62056-46 clause 6.4: frame type 3 (1010), a length between the flags, and the check of the whole.
bool framed(const ByteCursor& message, std::size_t& size) {
    if (message.left() < 9 || message.peek() != 0x7e || (message.peek(1) & 0xf0) != 0xa0) return false;
    const std::size_t length = message.peek_be16(1) & 0x7ffU;
    size = length + 2;
    return length >= 7 && length <= 2047;
}

bool framed_wholly(const ByteCursor& message, std::size_t size) {
    return message.left() >= size && message.peek(size - 1) == 0x7e &&
           check_of(message, 1, size - 4) == message.peek_le16(size - 3);
}

bool recognise(ByteCursor message, const Flow&) {
    std::size_t size = 0;
    if (framed(message, size)) return framed_wholly(message, size);
    if (!wrapped(message, size)) return false;
    if (message.left() < size) return false;
    message.skip(size);
    return message.done() || wrapped(message, size) || message.left() < wrapper_size + 2;
}

// The FLAG association's letters (IEC 62056-21 annex; list kept by the DLMS User Association).
bool letters(const Slice& name) {
    if (name.size() < 3) return false;
    for (std::size_t i = 0; i < 3; ++i) {
        if (name.bytes[i] < 'A' || name.bytes[i] > 'Z') return false;
    }
    return true;
}

// EN 13757-3 clause 5.5: as a number, five bits a letter.
void maker(const Slice& name, Claims& claims) {
    const unsigned number = (name.bytes[0] - 64U) * 1024U + (name.bytes[1] - 64U) * 32U + name.bytes[2] - 64U;
    claims.stated(Field::vendor_id, "flag:" + std::to_string(number), name, "maker");
}

// IEC 62056-5-3 clause 4.3.4: three letters and five bytes.
void system_title(const Slice& title, Claims& claims) {
    if (title.size() != 8 || !letters(title)) return;
    maker(title, claims);
    claims.stated(Field::unique_id, "dlms:" + hex(title.bytes.data(), 8), title, "system_title");
}

enum class Object : std::uint8_t { Other, LogicalName, Serial, Firmware };

// IEC 62056-6-1 clause 6: 0-0:42.0.0 logical device name, 0-0:96.1.0 device number, x-0:0.2.0 active firmware; class 1 (or 3),
// attribute 2.
Object object_of(std::uint16_t kind, const Slice& name, std::uint8_t attribute) {
    if (kind != 1 || attribute != 2 || name.size() != 6) return Object::Other;
    const auto& b = name.bytes;
    if (b[0] == 0 && b[1] == 0 && b[2] == 42 && b[3] == 0 && b[4] == 0) return Object::LogicalName;
    if (b[0] == 0 && b[1] == 0 && b[2] == 96 && b[3] == 1 && b[4] == 0) return Object::Serial;
    if ((b[0] == 0 || b[0] == 1) && b[1] == 0 && b[2] == 0 && b[3] == 2 && b[4] == 0) return Object::Firmware;
    return Object::Other;
}

void answered(Object object, ByteCursor data, Claims& claims) {
    // Octet string 09 or visible string 0A with a length of one byte.
    const std::uint8_t type = data.u8();
    if (type != 0x09 && type != 0x0a) return;
    const std::uint8_t size = data.u8();
    if (size > 0x7f) return;
    const Slice text = data.bytes(size);
    if (!data.ok() || text.empty() || !printable_ascii(trimmed(text.text().substr(0, text.text().find('\0'))))) return;
    switch (object) {
        case Object::LogicalName:
            if (!letters(text)) return;
            maker(text, claims);
            claims.stated(Field::station_name, text, "logical_device_name");
            break;
        case Object::Serial:
            claims.stated(Field::serial, text, "device_number");
            break;
        case Object::Firmware:
            claims.stated(Field::firmware, text, "active_firmware");
            break;
        case Object::Other:
            break;
    }
}

// ACSE (ISO/IEC 15953): [4] of the answer (61) is the title of who answers. The asking one's, [6] of the request, is what a
// head-end or a hand-held reader was given: three letters of its program's maker, or of the meter that it reads.
void association(ByteCursor apdu, Claims& claims) {
    const std::uint8_t tag = apdu.peek();
    if (tag != 0x61) return;
    DerItem acse = next_der(apdu, tag);
    constexpr std::uint8_t wanted = 0xa4;
    for (int left = 16; left > 0 && apdu.ok() && !acse.content.done(); --left) {
        DerItem item = next_der(acse.content);
        if (item.tag != wanted) continue;
        const Slice title = next_der(item.content, der::octet_string).content.rest();
        if (apdu.ok()) system_title(title, claims);
    }
}

// IEC 62056-6-2: the methods that make a meter do something. Class 70 (clause 4.5.8) is the disconnect control; 18 the image
// transfer, which loads and activates firmware; 9 the script table.
std::string_view called(std::uint16_t object_class, std::uint8_t method) {
    if (object_class == 70 && method == 1) return "remote disconnect";
    if (object_class == 70 && method == 2) return "remote reconnect";
    if (object_class == 18 && method == 1) return "firmware transfer";
    if (object_class == 18 && method == 4) return "firmware activation";
    if (object_class == 9 && method == 1) return "script";
    return {};
}

constexpr std::uint32_t set_key = 0x100;
constexpr std::uint32_t short_key = 0x200;

// Short names: the answer to a write has no number, it is the one to the last. The association is at FA00, as both have it:
// what is written there is how a client logs in.
void written(ByteCursor apdu, FlowState& state) {
    std::uint64_t earlier = 0;
    state.answered(short_key, earlier);
    bool other = false;
    for (int left = apdu.u8(); left > 0; --left) {
        if (apdu.u8() != 2) return;
        other = (apdu.be16() & 0xff00) != 0xfa00 || other;
    }
    if (other && apdu.ok()) state.ask(short_key, 1);
}

bool accepted(ByteCursor apdu) {
    for (int left = apdu.u8(); left > 0 && apdu.ok(); --left) {
        const std::uint8_t result = apdu.u8();
        if (result == 0) return apdu.ok();
        apdu.skip(result == 1 ? 1 : 2);
    }
    return false;
}

void observe_apdu(ByteCursor apdu, const Slice& witness, Flow& flow, Claims& claims) {
    const std::uint8_t tag = apdu.peek();
    if (tag == 0x60 || tag == 0x61) {
        association(apdu, claims);
        return;
    }
    apdu.skip(1);
    if (tag == 0xdb) {
        // General ciphering names its sender before what is encrypted. Who asks is no meter, as above.
        if (flow.from_server()) system_title(apdu.bytes(apdu.u8()), claims);
        return;
    }
    if (tag == 0x06) {
        written(apdu, *flow.state);
        return;
    }
    if (tag == 0x0d) {
        // A clock is set like anything else.
        std::uint64_t what = 0;
        if (flow.state->answered(short_key, what) && accepted(apdu))
            claims.hinted(Field::remote_observed, "dlms write from " + flow.receiver.ip.text(), witness, "write");
        return;
    }
    const std::uint8_t kind = apdu.u8();
    const std::uint8_t invoke = apdu.u8();
    if (tag == 0xc0 && kind == 1) {
        const std::uint16_t object_class = apdu.be16();
        const Slice name = apdu.bytes(6);
        const Object object = object_of(object_class, name, apdu.u8());
        if (apdu.ok() && object != Object::Other) flow.state->ask(invoke & 0x0fU, static_cast<std::uint64_t>(object));
    } else if (tag == 0xc4 && kind == 1) {
        std::uint64_t what = 0;
        const bool asked = flow.state->answered(invoke & 0x0fU, what);
        if (asked && apdu.u8() == 0) answered(static_cast<Object>(what), apdu, claims);
    } else if ((tag == 0xc1 && kind == 1) || (tag == 0xc3 && kind == 1)) {
        const std::uint16_t object_class = apdu.be16();
        apdu.skip(6);
        const std::uint8_t member = apdu.u8();
        if (!apdu.ok()) return;
        if (tag == 0xc1) {
            // A set is done when the meter says so. Class 8 is the clock.
            if (object_class != 8) flow.state->ask(set_key | (invoke & 0x0fU), 1);
            return;
        }
        const std::string_view what = called(object_class, member);
        if (what.empty()) return;
        claims.about(flow.receiver)
            .stated(Field::remote_observed, "dlms " + std::string(what) + " from " + flow.sender.ip.text(), witness,
                    object_class == 70 ? "disconnect_control" : "action");
    } else if (tag == 0xc5 && kind == 1) {
        std::uint64_t what = 0;
        if (flow.state->answered(set_key | (invoke & 0x0fU), what) && apdu.u8() == 0 && apdu.ok())
            claims.stated(Field::remote_observed, "dlms set from " + flow.receiver.ip.text(), witness, "set");
    }
}

// |7E|A length|to|from|control|check 2| ... |check 2|7E|; an address ends with the byte whose lowest bit is 1.
void observe_frame(ByteCursor frame, const Slice& witness, Flow& flow, Claims& claims) {
    const std::size_t length = frame.be24() & 0x7ffU;
    ByteCursor inside = frame.take(length - 4);
    for (int address = 0; address < 2; ++address) {
        for (int left = 4; left > 0; --left) {
            if ((inside.u8() & 1) != 0) break;
        }
    }
    const std::uint8_t control = inside.u8();
    // Information frames alone carry an APDU, behind the logical link's three bytes.
    if ((control & 1) != 0) return;
    inside.skip(2);
    if (inside.u8() != 0xe6 || (inside.u8() & 0xfe) != 0xe6 || inside.u8() != 0 || !inside.ok()) return;
    if (fits(inside, inside.left())) observe_apdu(inside, witness, flow, claims);
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    const bool stream = flow.layer == Layer::Tcp;
    if (stream && message.left() < wrapper_size + 2) return need(wrapper_size + 2);
    std::size_t size = 0;
    const bool hdlc = framed(message, size);
    if (!hdlc && !wrapped(message, size)) return not_this();
    if (message.left() < size) return stream ? need(size) : not_this();
    if (hdlc && !framed_wholly(message, size)) return not_this();
    const Slice raw = message.bytes(size);
    Reading reading;
    ByteCursor body = whole(raw, reading);
    if (hdlc) {
        observe_frame(body, raw, flow, claims);
    } else {
        body.skip(wrapper_size);
        observe_apdu(body, raw, flow, claims);
    }
    return done(message);
}

constexpr ExampleMessage meter[] = {
    {From::Client, "000100100001001f601da109060760857405080101be10040e01000000065f1f0400007016ffff", {}},
    {From::Server, "00010001001000256123a109060760857405080103a203020100a305a103020100a40a040845584d0102030405", {}},
    {From::Client, "000100100001000dc001c1000100002a0000ff0200", {}},
    {From::Server, "0001000100100014c401c100090e45584d3730303030303030303432", {}},
    {From::Client, "000100100001000dc001c200010000600100ff0200", {}},
    {From::Server, "000100010010000ec401c20009083730303030303432", {}},
    {From::Client, "000100100001000dc001c300010100000200ff0200", {}},
    {From::Server, "000100010010000ac401c3000a0456312e37", {}},
    {From::Client, "000100100001000dc301c40046000060030aff0100", {}},
};
constexpr ExampleMessage serial_line[] = {
    {From::Server, "7ea01521033049cae6e700c401c100090345584d51ec7e", {}},
    {From::Server,
     "7ea03221020352bbc8e6e7006123a109060760857405080103a203020100a305a103020100a40a040845584d010203040508197e",
     {}},
};
// A register is set, and once refused; the clock is set (no command); firmware is activated, a script run; another method.
constexpr ExampleMessage commanded[] = {
    {From::Client, "000100100001001f601da109060760857405080101be10040e01000000065f1f0400007016ffff", {}},
    {From::Client, "0001001000010010c101c1000301001f0400ff0200120064", {}},
    {From::Server, "0001000100100004c501c100", {}},
    {From::Client, "0001001000010010c101c2000301001f0400ff0200120064", {}},
    {From::Server, "0001000100100004c501c203", {}},
    {From::Client, "000100100001000fc101c300080000010000ff02000900", {}},
    {From::Server, "0001000100100004c501c300", {}},
    {From::Client, "000100100001000dc301c4001200002c0000ff0400", {}},
    {From::Client, "0001001000010010c301c5000900000a006aff0101120001", {}},
    {From::Client, "000100100001000dc301c6000f0000280000ff0100", {}},
};
constexpr std::string_view commanded_claims[] = {"server remote_observed=dlms set from 192.0.2.10",
                                                 "server remote_observed=dlms firmware activation from 192.0.2.10",
                                                 "server remote_observed=dlms script from 192.0.2.10"};
// Read and written by short names, and a write that is refused; then a login, which is written to the association.
constexpr ExampleMessage short_names[] = {
    {From::Client, "0001001000010005 05 01 02 2ee8", {}},
    {From::Server, "0001000100100006 0c 01 00 12 0064", {}},
    {From::Client, "0001001000010009 06 01 02 2ee8 01 12 0064", {}},
    {From::Server, "0001000100100003 0d 01 00", {}},
};
constexpr std::string_view short_names_claims[] = {"server remote_observed=dlms write from 192.0.2.10"};
constexpr ExampleMessage refused[] = {
    {From::Client, "0001001000010009 06 01 02 2ee8 01 12 0064", {}},
    {From::Server, "0001000100100004 0d 01 01 03", {}},
    {From::Client, "000100100001000c 06 01 02 fa38 01 09 04 01020304", {}},
    {From::Server, "0001000100100003 0d 01 00", {}},
};
constexpr ExampleMessage head_end[] = {
    {From::Client, "000100100001000e 600c a60a040848444e0102030405", {}},
    {From::Client, "0001001000010011 db0848444e0102030405 06 2000000001aa", {}},
};
constexpr ExampleMessage energy[] = {
    {From::Client, "000100100001000dc001c100030100010800ff0200", {}},
    {From::Server, "0001000100100009c401c1000600000102", {}},
};
constexpr std::string_view meter_claims[] = {"server vendor_id=flag:5901",
                                             "server unique_id=dlms:45584d0102030405",
                                             "server station_name=EXM70000000042",
                                             "server serial=70000042",
                                             "server firmware=V1.7",
                                             "server remote_observed=dlms remote disconnect from 192.0.2.10"};
constexpr std::string_view serial_line_claims[] = {"server vendor_id=flag:5901", "server unique_id=dlms:45584d0102030405"};
constexpr Example examples[] = {
    {"a meter is read and its switch opened", Layer::Tcp, 4059, meter, meter_claims},
    {"an association over a serial line's frames", Layer::Tcp, 4060, serial_line, serial_line_claims},
    {"a meter is set and told to act", Layer::Tcp, 4059, commanded, commanded_claims},
    {"a meter with short names is written to", Layer::Tcp, 4059, short_names, short_names_claims},
    {"a write that is refused, and a login, are no commands", Layer::Tcp, 4059, refused, {}},
    {"the title of who asks, in an association and before what is ciphered, names nobody", Layer::Tcp, 4059, head_end, {}},
    {"reading energy says nothing", Layer::Udp, 4059, energy, {}},
};
constexpr std::uint16_t ports[] = {4059};

}  // namespace

Decoder dlms_cosem() {
    Decoder decoder;
    decoder.name = "dlms_cosem";
    decoder.title = "DLMS/COSEM";
    decoder.spec = "IEC 62056-5-3, -6-1, -6-2, -46 and -47; short names as in OpenMUC's cosem.asn";
    decoder.layers = Layer::Udp | Layer::Tcp;
    decoder.ports = ports;
    decoder.starts = Starts("7e a?", "00 01");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
